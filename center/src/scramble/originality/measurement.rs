//! How much of what a scan shows of a strip follows from the strip: greys predicted from the modules around, and the rest.
//!
//! A printed module comes out as its neighbours make it: edges grow, light is smeared, and both are the same all over a
//! strip. So the grey at a place is predicted from the ink around it, by the weights that predict it best over the whole
//! strip. What remains is chance: ragged edges, dust, noise, and whatever a copier's scanner did not see.

use crate::document::bit_picture::BitPicture;
use crate::raster::Raster;

use super::super::reading::projection::solve;

/// A strip as it was drawn.
pub struct Strip {
    /// One bit a module.
    pub modules: BitPicture,
    /// Dots of 1/600 inch of a module.
    pub module: usize,
    /// Its upper left corner, in dots from that of the scramble picture.
    pub corner: (usize, usize),
}

/// What a scan shows of a strip.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Measurement {
    /// Part of the variance of the greys that does not follow from the strip, 0 to 1.
    pub(crate) unexplained: f64,
    /// The weight of a place's own ink among all: 1 if nothing were smeared.
    pub(crate) sharpness: f64,
    /// Greys between paper and ink, by the weights.
    pub(crate) contrast: f64,
    /// How far the scan lies from where the strip was expected, in dots.
    pub(crate) offset: (f64, f64),
}

/// Dots that a strip is looked for around its place.
const REACH: i32 = 16;

shared::hidden_debug!(Strip);

/// Measures a strip. `place` leads from dots of the scramble picture to pixels of the page; `near` is where a strip
/// beside this one was found.
pub(crate) fn measure(
    page: &Raster,
    strip: &Strip,
    place: &dyn Fn(f64, f64) -> (f64, f64),
    near: Option<(f64, f64)>,
) -> Option<Measurement> {
    let grid = Grid::of(strip);
    let look = Look { page, place, strip, step: grid.step };
    let smooth = grid.smoothed();
    let whole = Cut { left: 0, top: 0, right: grid.width, bottom: grid.height };
    let likeness = |cut: Cut, offset: (f64, f64)| look.likeness(&smooth, cut, offset);
    let start = near.unwrap_or_else(|| {
        let tries = (-REACH..=REACH).step_by(2).flat_map(|y| (-REACH..=REACH).step_by(2).map(move |x| (x, y)));
        let tries = tries.map(|(x, y)| (f64::from(x), f64::from(y)));
        tries.map(|at| (likeness(whole, at), at)).max_by(|a, b| a.0.total_cmp(&b.0)).map_or((0.0, 0.0), |best| best.1)
    });
    let offset = climb(start, &[2.0, 1.0, 0.5], |at| likeness(whole, at));
    let tiles: Vec<(f64, f64)> =
        grid.tiles().map(|tile| climb(offset, &[1.5, 0.7, 0.35, 0.2], |at| likeness(tile, at))).collect();
    let darkness = grid.map(|x, y| look.darkness((x, y), between(&tiles, &grid, (x, y))));
    Fit::of(&grid, &darkness)?.measurement(offset)
}

/// From a start to the likeliest place, by steps that grow smaller.
fn climb(start: (f64, f64), steps: &[f64], likeness: impl Fn((f64, f64)) -> f64) -> (f64, f64) {
    const TURNS: usize = 3;
    let directions = [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)];
    let moves = steps.iter().flat_map(|step| {
        std::iter::repeat_n(directions, TURNS).flatten().map(move |(x, y): (f64, f64)| (x * step, y * step))
    });
    let begin = (likeness(start), start);
    let best = moves.fold(begin, |best, (x, y)| {
        let next = (best.1.0 + x, best.1.1 + y);
        let found = likeness(next);
        if found > best.0 { (found, next) } else { best }
    });
    best.1
}

/// Tiles of a strip whose place is found each by itself: paper and carriages move by fractions of a module.
const TILES: (usize, usize) = (8, 2);

/// The offset at a place, between those of the tiles around it.
fn between(tiles: &[(f64, f64)], grid: &Grid, (x, y): (usize, usize)) -> (f64, f64) {
    let place = |at: usize, length: usize, count: usize| {
        let position = ((at as f64 + 0.5) / length as f64 * count as f64 - 0.5).clamp(0.0, (count - 1) as f64);
        (position as usize, (position as usize + 1).min(count - 1), position.fract())
    };
    let (left, right, across) = place(x, grid.width, TILES.0);
    let (above, below, down) = place(y, grid.height, TILES.1);
    let tile = |column: usize, row: usize| tiles.get(row * TILES.0 + column).copied().unwrap_or_default();
    let mix = |a: (f64, f64), b: (f64, f64), share: f64| (a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share);
    mix(mix(tile(left, above), tile(right, above), across), mix(tile(left, below), tile(right, below), across), down)
}

/// The ink of a strip on a grid of two or three dots.
struct Grid {
    width: usize,
    height: usize,
    /// Dots from one place to the next.
    step: usize,
    ink: Vec<f64>,
}

/// A rectangle of a grid.
#[derive(Debug, Clone, Copy)]
struct Cut {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

impl Grid {
    fn of(strip: &Strip) -> Self {
        let step = if strip.module > 3 { strip.module / 2 } else { strip.module };
        let along = |modules: usize| modules * strip.module / step;
        let (width, height) = (along(strip.modules.width()), along(strip.modules.height()));
        let is_ink = |x: usize, y: usize| strip.modules.get(x * step / strip.module, y * step / strip.module);
        let grid = Self { width, height, step, ink: Vec::new() };
        let ink = grid.map(|x, y| if is_ink(x, y) { 0.5 } else { -0.5 });
        Self { ink, ..grid }
    }

    fn map(&self, value: impl Fn(usize, usize) -> f64) -> Vec<f64> {
        (0..self.height).flat_map(|y| (0..self.width).map(move |x| (x, y))).map(|(x, y)| value(x, y)).collect()
    }

    /// The ink at a place moved by some steps; none outside.
    fn at(&self, (x, y): (usize, usize), (dx, dy): (isize, isize)) -> f64 {
        let (Some(x), Some(y)) = (x.checked_add_signed(dx), y.checked_add_signed(dy)) else { return 0.0 };
        if x < self.width { self.ink.get(y * self.width + x).copied().unwrap_or_default() } else { 0.0 }
    }

    /// As a scan smears it, to be found by.
    fn smoothed(&self) -> Vec<f64> {
        self.map(|x, y| {
            let around = (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| (dx, dy)));
            around.map(|aside| self.at((x, y), aside) * if aside == (0, 0) { 2.0 } else { 1.0 }).sum::<f64>() / 10.0
        })
    }

    fn tiles(&self) -> impl Iterator<Item = Cut> + use<> {
        let (width, height) = (self.width, self.height);
        (0..TILES.1).flat_map(move |row| {
            (0..TILES.0).map(move |column| Cut {
                left: column * width / TILES.0,
                top: row * height / TILES.1,
                right: (column + 1) * width / TILES.0,
                bottom: (row + 1) * height / TILES.1,
            })
        })
    }
}

/// A strip on a page.
struct Look<'a> {
    page: &'a Raster,
    place: &'a dyn Fn(f64, f64) -> (f64, f64),
    strip: &'a Strip,
    step: usize,
}

impl Look<'_> {
    fn darkness(&self, (x, y): (usize, usize), offset: (f64, f64)) -> f64 {
        let along = |corner: usize, at: usize, aside: f64| corner as f64 + (at as f64 + 0.5) * self.step as f64 + aside;
        let (u, v) = (self.place)(along(self.strip.corner.0, x, offset.0), along(self.strip.corner.1, y, offset.1));
        -f64::from(self.page.sample(u, v))
    }

    /// Correlation of the ink with what is seen there.
    fn likeness(&self, ink: &[f64], cut: Cut, offset: (f64, f64)) -> f64 {
        let width = self.strip.modules.width() * self.strip.module / self.step;
        let (mut count, mut sums, mut squares, mut product) = (0.0, (0.0, 0.0), (0.0, 0.0), 0.0);
        for y in cut.top..cut.bottom {
            let row = ink.iter().enumerate().skip(y * width + cut.left).take(cut.right - cut.left);
            for (at, ink) in row {
                let seen = self.darkness((at % width, y), offset);
                count += 1.0;
                sums = (sums.0 + ink, sums.1 + seen);
                squares = (squares.0 + ink * ink, squares.1 + seen * seen);
                product += ink * seen;
            }
        }
        let spread = |sum: f64, square: f64| (square - sum * sum / count).max(0.0);
        let scale = (spread(sums.0, squares.0) * spread(sums.1, squares.1)).sqrt();
        if scale > 1e-6 { (product - sums.0 * sums.1 / count) / scale } else { 0.0 }
    }
}

/// Places on each side whose ink reaches into one.
const SMEAR: isize = 2;
/// What a grey is predicted from: a plane and the ink around, and pairs of ink next to each other.
const PLANE: usize = 3;
const SINGLES: usize = 25;
const NEAR: usize = 9;
const PAIRS: usize = NEAR * (NEAR - 1) / 2;
const WEIGHTS: usize = PLANE + SINGLES + PAIRS;

/// The sums of a least-squares fit: the greys of a strip by its ink.
struct Fit {
    /// What is predicted from with itself, and in the last column with the greys.
    equations: Vec<Vec<f64>>,
    count: f64,
    sum: f64,
    squares: f64,
}

impl Fit {
    fn of(grid: &Grid, darkness: &[f64]) -> Option<Self> {
        let mut fit = Self { equations: vec![vec![0.0; WEIGHTS + 1]; WEIGHTS], count: 0.0, sum: 0.0, squares: 0.0 };
        let smear = SMEAR.unsigned_abs();
        let rows = smear..grid.height.saturating_sub(smear);
        let columns = smear..grid.width.saturating_sub(smear);
        for (x, y) in rows.flat_map(|y| columns.clone().map(move |x| (x, y))) {
            fit.add(&inputs(grid, (x, y)), *darkness.get(y * grid.width + x)?);
        }
        Some(fit)
    }

    fn add(&mut self, inputs: &[f64; WEIGHTS], seen: f64) {
        for (equation, input) in self.equations.iter_mut().zip(inputs) {
            let others = inputs.iter().chain([&seen]);
            equation.iter_mut().zip(others).for_each(|(sum, other)| *sum += input * other);
        }
        self.count += 1.0;
        self.sum += seen;
        self.squares += seen * seen;
    }

    fn measurement(mut self, offset: (f64, f64)) -> Option<Measurement> {
        let greys: Vec<f64> = self.equations.iter().filter_map(|equation| equation.last().copied()).collect();
        for (place, equation) in self.equations.iter_mut().enumerate() {
            // A ridge, so that what never varies does no harm.
            if let Some(diagonal) = equation.get_mut(place) {
                *diagonal += self.count * 1e-6;
            }
        }
        let weights = solve(self.equations)?;
        let explained: f64 = weights.iter().zip(&greys).map(|(weight, grey)| weight * grey).sum();
        let variance = self.squares - self.sum * self.sum / self.count;
        let singles = weights.get(PLANE..PLANE + SINGLES)?;
        let contrast: f64 = singles.iter().sum();
        let sharpness = singles.get(SINGLES / 2)? / contrast;
        let unexplained = ((self.squares - explained) / variance).clamp(0.0, 1.0);
        let is_finite = sharpness.is_finite() && unexplained.is_finite();
        is_finite.then_some(Measurement { unexplained, sharpness, contrast, offset })
    }
}

/// What a grey is predicted from.
fn inputs(grid: &Grid, (x, y): (usize, usize)) -> [f64; WEIGHTS] {
    let square = |half: isize| (-half..=half).flat_map(move |dy| (-half..=half).map(move |dx| (dx, dy)));
    let mut near = [0.0; NEAR];
    for (value, aside) in near.iter_mut().zip(square(1)) {
        *value = grid.at((x, y), aside);
    }
    let singles = square(SMEAR).map(|aside| grid.at((x, y), aside));
    let pairs = near.iter().enumerate().flat_map(|(one, a)| near.iter().skip(one + 1).map(move |b| a * b));
    let plane = [1.0, x as f64 / grid.width as f64 - 0.5, y as f64 / grid.height as f64 - 0.5];
    let mut inputs = [0.0; WEIGHTS];
    for (input, value) in inputs.iter_mut().zip(plane.into_iter().chain(singles).chain(pairs)) {
        *input = value;
    }
    inputs
}
