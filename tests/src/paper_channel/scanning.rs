//! A flatbed scanner: blur, aperture, skew, scale, wobble of the carriage, tone curve, noise.
#![expect(clippy::similar_names, reason = "the quantities have these names")]
#![expect(clippy::unused_self, reason = "one form for all questions")]

use super::filter::Kernel;
use super::picture::Picture;
use super::printing::Sheet;
use super::rasteriser::{DOT_UM, DPI};
use super::texture::{Chance, Texture};

/// How a sheet is scanned.
#[derive(Debug, Clone, Copy)]
pub struct Scanner {
    /// Pixels in an inch, across and down.
    pub dpi: (f64, f64),
    /// Deviation of the point spread of the optics, µm.
    pub blur_um: f64,
    /// How far the sheet lies turned, degrees, clockwise.
    pub skew_degrees: f64,
    /// Size of the picture over that of the sheet: a print fitted to the page has 0.94 to 0.97.
    pub scale: f64,
    /// How far the sheet lies aside, mm.
    pub offset_mm: (f64, f64),
    /// Amplitude by which the carriage wobbles along its way, mm.
    pub wobble_mm: f64,
    /// Length of a wobble, mm.
    pub wobble_length_mm: f64,
    /// Grey of paper and of full ink.
    pub greys: (f64, f64),
    /// Exponent of the tone curve; below 1 makes middle greys darker.
    pub gamma: f64,
    /// Deviation of noise, greys.
    pub noise: f64,
}

impl Scanner {
    /// A flatbed in order at 300 dots an inch.
    pub const FLATBED: Self = Self {
        dpi: (300.0, 300.0),
        blur_um: 35.0,
        skew_degrees: 0.0,
        scale: 1.0,
        offset_mm: (0.0, 0.0),
        wobble_mm: 0.02,
        wobble_length_mm: 35.0,
        greys: (243.0, 28.0),
        gamma: 1.0,
        noise: 2.5,
    };

    /// Scans a sheet of A4.
    pub fn scan(&self, sheet: &Sheet, seed: u64) -> Picture {
        let mut chance = Chance::new(seed, 10);
        let ways = Way::new(self, sheet, &mut chance);
        let light = self.seen(&sheet.ink);
        let width = (sheet.ink.width as f64 / DPI * self.dpi.0).round() as usize;
        let height = (sheet.ink.height as f64 / DPI * self.dpi.1).round() as usize;
        let noise = Texture::new(seed, 11, 0.0);
        let offset = (chance.below(1000), chance.below(1000));
        let curve = self.curve();
        let mut picture = Picture::plain(width, height, 0);
        let mut grain = vec![0.0_f32; width];
        for (v, row) in picture.pixels.chunks_exact_mut(width).enumerate() {
            noise.fill_row(v, offset, &mut grain);
            let strength = self.noise as f32;
            let mut place = ways.start(v);
            for (pixel, grain) in row.iter_mut().zip(&grain) {
                let seen = ways.seen(&light, sheet, place);
                let grey = curve.get(seen as usize).copied().unwrap_or_default() + grain * strength;
                *pixel = grey.round().clamp(0.0, 255.0) as u8;
                place = (place.0 + ways.across.0, place.1 + ways.across.1);
            }
        }
        picture
    }

    /// The sheet's ink as the optics blur it and a sensor's pixel averages it.
    fn seen(&self, ink: &Picture) -> Picture {
        let aperture = DPI / self.dpi.0.min(self.dpi.1) / self.scale;
        // The dots themselves, the weights' own pixels and the sampling between four pixels blur as well.
        let already = 1.0 / 12.0 + 1.0 / 12.0 + 1.0 / 6.0;
        let deviation = ((self.blur_um / DOT_UM).powi(2) - already).max(0.0).sqrt();
        Kernel::new(deviation, aperture).apply(ink)
    }

    /// Grey of each amount of ink.
    fn curve(&self) -> Vec<f32> {
        let (paper, ink) = self.greys;
        (0..=256)
            .map(|amount| {
                let light = (1.0 - f64::from(amount) / 255.0).max(0.0).powf(self.gamma);
                (ink + (paper - ink) * light) as f32
            })
            .collect()
    }
}

/// From a pixel of the scan to a dot of the sheet.
struct Way {
    origin: (f32, f32),
    across: (f32, f32),
    down: (f32, f32),
    /// How far each row of the scan lies aside, dots.
    wobble: Vec<(f32, f32)>,
}

impl Way {
    fn new(scanner: &Scanner, sheet: &Sheet, chance: &mut Chance) -> Self {
        let (sine, cosine) = scanner.skew_degrees.to_radians().sin_cos();
        let step = (DPI / scanner.dpi.0 / scanner.scale, DPI / scanner.dpi.1 / scanner.scale);
        let across = (cosine * step.0, -sine * step.0);
        let down = (sine * step.1, cosine * step.1);
        let middle = (sheet.ink.width as f64 / 2.0, sheet.ink.height as f64 / 2.0);
        let (columns, rows) = (middle.0 / DPI * scanner.dpi.0, middle.1 / DPI * scanner.dpi.1);
        let dots_per_mm = 1000.0 / DOT_UM;
        let origin = (
            middle.0 - columns * across.0 - rows * down.0 - scanner.offset_mm.0 * dots_per_mm,
            middle.1 - columns * across.1 - rows * down.1 - scanner.offset_mm.1 * dots_per_mm,
        );
        let phases = (chance.between(0.0, std::f64::consts::TAU), chance.between(0.0, std::f64::consts::TAU));
        let height = (rows * 2.0) as usize + 2;
        let wobble = (0..height)
            .map(|row| {
                let turns = row as f64 * 25.4 / scanner.dpi.1 / scanner.wobble_length_mm * std::f64::consts::TAU;
                let amplitude = scanner.wobble_mm * dots_per_mm;
                // Along its way a carriage stutters; across it only sways.
                let across = amplitude / 3.0 * (turns * 0.37 + phases.0).sin();
                (across as f32, (amplitude * (turns + phases.1).sin()) as f32)
            })
            .collect();
        let single = |(x, y): (f64, f64)| (x as f32, y as f32);
        Self { origin: single(origin), across: single(across), down: single(down), wobble }
    }

    /// Where a row of the scan begins on the sheet, dots.
    fn start(&self, row: usize) -> (f32, f32) {
        let aside = self.wobble.get(row).copied().unwrap_or_default();
        let along = row as f32 + 0.5;
        (
            self.origin.0 + self.down.0 * along + self.across.0 * 0.5 + aside.0,
            self.origin.1 + self.down.1 * along + self.across.1 * 0.5 + aside.1,
        )
    }

    /// The ink seen at a place of the sheet; none beside it.
    fn seen(&self, light: &Picture, sheet: &Sheet, (x, y): (f32, f32)) -> f32 {
        let row = (y.max(0.0) as usize).min(sheet.shifts.len() - 1);
        let shift = sheet.shifts.get(row).copied().unwrap_or_default();
        let dots_per_mm = (1000.0 / DOT_UM) as f32;
        let ink = light.sample(x - shift.0 * dots_per_mm, y - shift.1 * dots_per_mm).unwrap_or(0.0);
        let shadow = sheet.shadows.get(row).copied().unwrap_or_default();
        let mut dark = ink + (255.0 - ink) * shadow;
        if let Some((behind, strength)) = &sheet.behind {
            dark += (255.0 - dark) / 255.0 * behind.sample(x / 8.0, y / 8.0).unwrap_or(0.0) * strength;
        }
        dark.clamp(0.0, 255.0)
    }
}
