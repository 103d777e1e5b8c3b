//! A print engine: halftone, exposure, edge gain and raggedness, mottle, banding, misfed swaths.
#![expect(clippy::excessive_nesting, reason = "a model of a surface is loops within loops")]

use std::sync::LazyLock;

use super::filter::error_function;
use super::picture::Picture;
use super::rasteriser::DOT_UM;
use super::texture::{Chance, Texture};

/// What a print engine does to a page.
#[derive(Debug, Clone, Copy)]
pub struct Printer {
    /// How far every edge of ink lies outside its place, µm.
    pub edge_gain_um: f64,
    /// Deviation of an edge from its straight line, µm.
    pub raggedness_um: f64,
    /// Length over which an edge wanders, µm.
    pub raggedness_length_um: f64,
    /// Unevenness of solid ink: deviation, part of full ink.
    pub mottle: f64,
    /// Bands across the page: amplitude, part of full ink.
    pub banding: f64,
    /// From one band to the next, mm.
    pub band_mm: f64,
    /// Deviation by which each swath lies aside, µm; 0 for engines without swaths.
    pub swath_jitter_um: f64,
    /// Height of a swath, mm.
    pub swath_mm: f64,
    /// Spots of ink beside where they belong, on a page.
    pub satellites: usize,
}

/// A printed sheet at 600 dots an inch, with whatever happened to it since.
#[derive(Clone)]
pub struct Sheet {
    /// Ink: 0 none, 255 full.
    pub ink: Picture,
    /// How far each row lies aside, mm: across, down.
    pub shifts: Vec<(f32, f32)>,
    /// How much light the paper of each row loses to a fold's shadow, 0 to 1.
    pub shadows: Vec<f32>,
    /// The rows along which it was folded, before the first or after the last where the fold lies beside a piece.
    pub folds: Vec<f64>,
    /// The other side, shining through: ink at an eighth of the resolution, and how strongly.
    pub behind: Option<(Picture, f32)>,
}

/// Where a piece of paper lies on the page it is cut from, in dots: what is strewn over a page falls on a piece as it
/// would fall there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// From the page's left edge to the piece's.
    pub left: usize,
    /// From the page's upper edge to the piece's.
    pub top: usize,
    /// Width and height of the page.
    pub page: (usize, usize),
}

impl Place {
    /// The whole page.
    pub const fn whole(page: &Picture) -> Self {
        Self { left: 0, top: 0, page: (page.width, page.height) }
    }
}

/// Smoothing by the exposure alone: the deviation of the filter 1-2-1, in dots.
const EXPOSURE: f64 = std::f64::consts::FRAC_1_SQRT_2;

/// What sampling between dots takes from an edge's wandering, measured.
const SAMPLING_LOSS: f64 = 1.17;

/// Dots that an edge may wander.
const REACH: usize = 3;

impl Printer {
    /// An office laser in good order.
    pub const GOOD: Self = Self {
        edge_gain_um: 6.0,
        raggedness_um: 8.0,
        raggedness_length_um: 45.0,
        mottle: 0.02,
        banding: 0.01,
        band_mm: 1.2,
        swath_jitter_um: 0.0,
        swath_mm: 0.0,
        satellites: 20,
    };

    /// A copier in a store.
    pub const TYPICAL: Self =
        Self { edge_gain_um: 12.0, raggedness_um: 13.0, mottle: 0.04, banding: 0.02, satellites: 120, ..Self::GOOD };

    /// The same at the end of its drum.
    pub const BAD: Self =
        Self { edge_gain_um: 22.0, raggedness_um: 20.0, mottle: 0.08, banding: 0.06, satellites: 500, ..Self::GOOD };

    /// An inkjet on plain paper: ink creeps along the fibres, each swath lies a little aside.
    pub const INKJET: Self = Self {
        edge_gain_um: 26.0,
        raggedness_um: 17.0,
        raggedness_length_um: 80.0,
        mottle: 0.06,
        banding: 0.05,
        band_mm: 5.4,
        swath_jitter_um: 18.0,
        swath_mm: 5.4,
        satellites: 900,
    };

    /// Prints a page of 600 dots an inch, 0 black.
    pub fn print(&self, page: &Picture, seed: u64) -> Sheet {
        self.print_piece(page, Place::whole(page), seed)
    }

    /// Prints a piece of a page of 600 dots an inch, 0 black.
    pub fn print_piece(&self, piece: &Picture, place: Place, seed: u64) -> Sheet {
        let dots = halftoned(piece);
        let mut chance = Chance::new(seed, 1);
        let wandered = self.wander(&dots, seed, &mut chance);
        let mut ink = self.grown(exposed(&wandered));
        self.weaken(&mut ink, &mut chance);
        for _ in 0..self.satellites {
            spot((&mut ink, place), &mut chance, (20.0, 60.0), 230);
        }
        let (shifts, shadows) = (self.swaths(ink.height, &mut chance), vec![0.0; ink.height]);
        Sheet { shifts, shadows, folds: Vec::new(), behind: None, ink }
    }

    /// Every edge where raggedness puts it: the page is drawn on a surface that is pulled hither and thither.
    fn wander(&self, dots: &Picture, seed: u64, chance: &mut Chance) -> Picture {
        if self.raggedness_um <= 0.0 {
            return dots.clone();
        }
        let smooth_over = self.raggedness_length_um / DOT_UM / 2.0;
        // The exposure smooths what wanders faster than its spot; the rest must wander so much more.
        let kept = (smooth_over.powi(2) / (smooth_over.powi(2) + EXPOSURE.powi(2))).powf(0.25);
        let strength = (self.raggedness_um / DOT_UM / kept * SAMPLING_LOSS) as f32;
        let texture = Texture::new(seed, 2, smooth_over);
        let offsets = [(chance.below(500), chance.below(500)), (500 + chance.below(500), 500 + chance.below(500))];
        let (width, height) = (dots.width, dots.height);
        let mut moved = dots.clone();
        let (mut across, mut down) = (vec![0.0_f32; width], vec![0.0_f32; width]);
        let is_plain = |y: usize, ink: u8| dots.row(y).iter().all(|&dot| dot == ink);
        let mut plain: Vec<bool> = (0..height).map(|y| is_plain(y, 0)).collect();
        plain.resize(height + REACH, true);
        for (y, row) in moved.pixels.chunks_exact_mut(width).enumerate() {
            let around = y.saturating_sub(REACH)..=y + REACH;
            if plain.get(around).is_some_and(|rows| rows.iter().all(|&is_plain| is_plain)) {
                continue;
            }
            texture.fill_row(y, offsets[0], &mut across);
            texture.fill_row(y, offsets[1], &mut down);
            for (x, (dot, (dx, dy))) in row.iter_mut().zip(across.iter().zip(&down)).enumerate() {
                let (u, v) = (x as f32 + 0.5 + dx * strength, y as f32 + 0.5 + dy * strength);
                if let Some(level) = dots.sample(u, v) {
                    *dot = (level + 0.5) as u8;
                }
            }
        }
        moved
    }

    /// Every edge as far outside as the ink grows.
    fn grown(&self, mut exposed: Picture) -> Picture {
        // A ragged edge grows more than a straight one, and shrinks a little where it should not grow: measured.
        let rough = (self.raggedness_um / 20.0).powi(2);
        let excess = rough * (0.28 * self.edge_gain_um - 1.7);
        let table = growth((self.edge_gain_um - excess) / DOT_UM);
        for level in &mut exposed.pixels {
            *level = table.get(usize::from(*level)).copied().unwrap_or_default();
        }
        exposed
    }

    /// Mottle and bands: solid ink that lets paper through.
    fn weaken(&self, ink: &mut Picture, chance: &mut Chance) {
        let texture = Texture::new(chance.below(1 << 30) as u64, 3, 3.0);
        let offset = (chance.below(1000), chance.below(1000));
        let period = self.band_mm * 1000.0 / DOT_UM;
        let phase = chance.between(0.0, std::f64::consts::TAU);
        let width = ink.width;
        let mut mottle = vec![0.0_f32; width];
        for (y, row) in ink.pixels.chunks_exact_mut(width).enumerate() {
            let band = self.banding * ((y as f64 / period * std::f64::consts::TAU + phase).sin() - 1.0);
            texture.fill_row(y, offset, &mut mottle);
            let (base, scale) = ((1.0 + band) as f32, self.mottle as f32);
            for (level, mottle) in row.iter_mut().zip(&mottle) {
                // Nothing is darker than full ink: mottle only takes away.
                *level = (f32::from(*level) * (base - mottle.abs() * scale)).clamp(0.0, 255.0) as u8;
            }
        }
    }

    fn swaths(&self, rows: usize, chance: &mut Chance) -> Vec<(f32, f32)> {
        let height = (self.swath_mm * 1000.0 / DOT_UM) as usize;
        let mut shifts = vec![(0.0, 0.0); rows];
        if height > 0 {
            for swath in shifts.chunks_mut(height) {
                let mut aside = || (chance.normal() * self.swath_jitter_um / 1000.0) as f32;
                let shift = (aside(), aside());
                swath.fill(shift);
            }
        }
        shifts
    }
}

impl Sheet {
    /// A sheet on which the ink lies exactly where it belongs.
    pub fn ideal(page: &Picture) -> Self {
        let ink = Picture { pixels: page.pixels.iter().map(|grey| u8::MAX - grey).collect(), ..page.clone() };
        let (shifts, shadows) = (vec![(0.0, 0.0); ink.height], vec![0.0; ink.height]);
        Self { shifts, shadows, folds: Vec::new(), behind: None, ink }
    }
}

impl std::fmt::Debug for Sheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sheet({:?})", self.ink)
    }
}

/// Ink or none for each dot: greys become a clustered screen of 106 lines an inch at 45°. 255 is ink.
fn halftoned(page: &Picture) -> Picture {
    let mut dots = page.clone();
    for (y, row) in dots.pixels.chunks_exact_mut(page.width).enumerate() {
        for (x, pixel) in row.iter_mut().enumerate() {
            *pixel = match *pixel {
                0 => u8::MAX,
                u8::MAX => 0,
                grey => screen_dot(x, y, grey),
            };
        }
    }
    dots
}

/// Whether the screen has ink here at this grey.
pub(super) fn screen_dot(x: usize, y: usize, grey: u8) -> u8 {
    let rank = SCREEN.get(y % CELL * CELL + x % CELL).copied().unwrap_or_default();
    if rank < u8::MAX - grey { u8::MAX } else { 0 }
}

/// Dots of the screen's cell, which holds two clusters.
const CELL: usize = 8;

/// The order in which a cell's dots fill up, from the middle of each cluster outwards, as greys.
static SCREEN: LazyLock<Vec<u8>> = LazyLock::new(|| {
    // Two waves at ±45°; a slight slope decides between dots equally far from a middle.
    let wave = |along: usize| ((along % CELL) as f64 / CELL as f64 * std::f64::consts::TAU).cos();
    let spot = |place: usize| {
        let (x, y) = (place % CELL, place / CELL);
        wave(x + y) + wave(x + CELL - y) + 1e-3 * (x as f64 + 0.37 * y as f64)
    };
    let mut order: Vec<usize> = (0..CELL * CELL).collect();
    order.sort_by(|&one, &other| spot(other).total_cmp(&spot(one)));
    let mut ranks = vec![0; CELL * CELL];
    for (rank, place) in order.into_iter().enumerate() {
        if let Some(grey) = ranks.get_mut(place) {
            *grey = (rank * 255 / (CELL * CELL)) as u8;
        }
    }
    ranks
});

/// The light spot: 1-2-1 across and down.
fn exposed(dots: &Picture) -> Picture {
    let (width, height) = (dots.width, dots.height);
    let mut across = dots.clone();
    for (row, target) in dots.pixels.chunks_exact(width).zip(across.pixels.chunks_exact_mut(width)) {
        for (three, middle) in row.windows(3).zip(target.iter_mut().skip(1)) {
            let sum =
                three.iter().map(|&dot| u16::from(dot)).sum::<u16>() + three.get(1).map_or(0, |&dot| u16::from(dot));
            *middle = ((sum + 2) >> 2) as u8;
        }
    }
    let mut down = across.clone();
    for (y, target) in down.pixels.chunks_exact_mut(width).enumerate().skip(1).take(height.saturating_sub(2)) {
        let rows = across.row(y - 1).iter().zip(across.row(y)).zip(across.row(y + 1));
        for (dot, ((above, here), below)) in target.iter_mut().zip(rows) {
            *dot = ((u16::from(*above) + 2 * u16::from(*here) + u16::from(*below) + 2) >> 2) as u8;
        }
    }
    down
}

/// Which part of a dot is inked, from its exposure, where every edge of ink lies so many dots outside its place.
///
/// The exposure of a straight edge tells how far away it is (it is a normal distribution's sum); the displaced edge
/// inks the dot up to there.
fn growth(dots: f64) -> Vec<u8> {
    (0..=255)
        .map(|level: u8| match level {
            0 => 0,
            u8::MAX => u8::MAX,
            _ => ((distance_of(f64::from(level) / 255.0) + dots + 0.5).clamp(0.0, 1.0) * 255.0).round() as u8,
        })
        .collect()
}

/// How far inside the ink the middle of a dot of this exposure lies, in dots.
fn distance_of(exposure: f64) -> f64 {
    // The exposure of an edge that crosses the dot's middle is a half; dots are themselves boxes.
    let deviation = (EXPOSURE.powi(2) + 1.0 / 12.0).sqrt();
    let (mut low, mut high) = (-4.0, 4.0);
    for _ in 0..40 {
        let middle = f64::midpoint(low, high);
        let level = 0.5 * (1.0 + error_function(middle / deviation / std::f64::consts::SQRT_2));
        if level < exposure { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// A round spot of the given range of diameters in µm, anywhere on the page.
pub(super) fn spot((ink, place): (&mut Picture, Place), chance: &mut Chance, diameters_um: (f64, f64), level: u8) {
    let radius = chance.between(diameters_um.0, diameters_um.1) / DOT_UM / 2.0;
    let (x, y) = (chance.between(0.0, place.page.0 as f64), chance.between(0.0, place.page.1 as f64));
    let (x, y) = (x - place.left as f64, y - place.top as f64);
    let reach = radius.ceil() + 1.0;
    for row in (y - reach).max(0.0) as usize..((y + reach) as usize + 1).min(ink.height) {
        for column in (x - reach).max(0.0) as usize..((x + reach) as usize + 1).min(ink.width) {
            let distance = (column as f64 + 0.5 - x).hypot(row as f64 + 0.5 - y);
            let covered = (radius - distance + 0.5).clamp(0.0, 1.0);
            if let Some(pixel) = ink.pixels.get_mut(row * ink.width + column) {
                *pixel = (f64::from(*pixel) * (1.0 - covered) + f64::from(level) * covered) as u8;
            }
        }
    }
}
