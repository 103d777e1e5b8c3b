//! A fax: a coarse scan, black and white, over a line that loses rows.

use super::picture::Picture;
use super::printing::Sheet;
use super::scanning::Scanner;
use super::texture::Chance;

/// A Group 3 machine at its fine resolution, 204 × 196 dots an inch (ITU-T T.4).
#[derive(Debug, Clone, Copy)]
pub struct Fax {
    /// How the sheet lies in it, and its optics.
    pub scanner: Scanner,
    /// Grey below which it is black; machines follow the paper, so that this is relative to it.
    pub threshold: f64,
    /// Rows of a page that arrive damaged and are replaced by the row before (T.4 §4.1.3).
    pub lost_rows: usize,
}

impl Fax {
    /// A machine in order.
    pub const FINE: Self = Self {
        scanner: Scanner { dpi: (204.0, 196.0), blur_um: 50.0, noise: 4.0, wobble_mm: 0.04, ..Scanner::FLATBED },
        threshold: 0.55,
        lost_rows: 3,
    };

    /// Sends a sheet.
    pub fn send(&self, sheet: &Sheet, seed: u64) -> Picture {
        let mut page = self.scanner.scan(sheet, seed);
        let (paper, ink) = self.scanner.greys;
        let threshold = (ink + (paper - ink) * self.threshold) as u8;
        page.pixels.iter_mut().for_each(|grey| *grey = if *grey < threshold { 0 } else { u8::MAX });
        let mut chance = Chance::new(seed, 20);
        for _ in 0..self.lost_rows {
            let row = 1 + chance.below(page.height - 1);
            page.pixels.copy_within((row - 1) * page.width..row * page.width, row * page.width);
        }
        page
    }
}
