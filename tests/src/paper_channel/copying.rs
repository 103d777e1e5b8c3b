//! A copier: a scan, what its mode makes of it, and another print.
#![expect(clippy::excessive_nesting, reason = "a model of a surface is loops within loops")]

use super::filter::Kernel;
use super::picture::Picture;
use super::printing::{Printer, Sheet, screen_dot};
use super::scanning::Scanner;

/// What a copier optimises for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Sharpened, then black or white.
    Text,
    /// Sharpened a little, then errors diffused (Floyd and Steinberg).
    Mixed,
    /// Softened, then screened.
    Photo,
}

/// Copies that are made of an original: what the copier is set to, and how many pixels an inch it scans.
pub const COPIES: [(&str, Mode, f64); 6] = [
    ("text 300", Mode::Text, 300.0),
    ("text 600", Mode::Text, 600.0),
    ("mixed 300", Mode::Mixed, 300.0),
    ("mixed 600", Mode::Mixed, 600.0),
    ("photo 300", Mode::Photo, 300.0),
    ("photo 600", Mode::Photo, 600.0),
];

/// A copier.
#[derive(Debug, Clone, Copy)]
pub struct Copier {
    /// Its scanner.
    pub scanner: Scanner,
    /// What it optimises for.
    pub mode: Mode,
    /// Its print engine.
    pub printer: Printer,
}

impl Copier {
    /// A copier in a store at this resolution.
    pub const fn store(dpi: f64, mode: Mode) -> Self {
        Self { scanner: Scanner { dpi: (dpi, dpi), ..Scanner::FLATBED }, mode, printer: Printer::TYPICAL }
    }

    /// Copies a sheet.
    pub fn copy(&self, sheet: &Sheet, seed: u64) -> Sheet {
        let scan = self.scanner.scan(sheet, seed ^ 0xC0_97);
        let fitted = fit(&scan, sheet.ink.width, sheet.ink.height);
        self.printer.print(&self.dots(&toned(&fitted, self.scanner.greys)), seed ^ 0xC0_98)
    }

    fn dots(&self, page: &Picture) -> Picture {
        match self.mode {
            Mode::Text => {
                let mut page = sharpened(page, 1.5, 2.0);
                page.pixels.iter_mut().for_each(|grey| *grey = if *grey < 150 { 0 } else { u8::MAX });
                page
            }
            Mode::Mixed => diffused(sharpened(page, 1.0, 2.0)),
            Mode::Photo => {
                let soft = Kernel::new(1.2, 1.0).apply(page);
                Picture::from_pixels(soft.width, soft.height, |x, y| 255 - screen_dot(x, y, soft.get(x, y)))
            }
        }
    }
}

/// At the print engine's resolution.
fn fit(scan: &Picture, width: usize, height: usize) -> Picture {
    let (across, down) = (scan.width as f32 / width as f32, scan.height as f32 / height as f32);
    Picture::from_pixels(width, height, |x, y| {
        scan.sample((x as f32 + 0.5) * across, (y as f32 + 0.5) * down).map_or(u8::MAX, |grey| grey.round() as u8)
    })
}

/// Paper becomes white and ink black: a copier suppresses the background.
fn toned(page: &Picture, (paper, ink): (f64, f64)) -> Picture {
    let tone: Vec<u8> =
        (0..256).map(|grey| ((f64::from(grey) - ink) / (paper * 0.96 - ink) * 255.0).clamp(0.0, 255.0) as u8).collect();
    let mut page = page.clone();
    page.pixels.iter_mut().for_each(|grey| *grey = tone.get(usize::from(*grey)).copied().unwrap_or(u8::MAX));
    page
}

/// What blur took away, added so many times.
fn sharpened(page: &Picture, amount: f32, deviation: f64) -> Picture {
    let soft = Kernel::new(deviation, 1.0).apply(page);
    let pixels = page
        .pixels
        .iter()
        .zip(&soft.pixels)
        .map(|(&sharp, &soft)| {
            let (sharp, soft) = (f32::from(sharp), f32::from(soft));
            (sharp + (sharp - soft) * amount).clamp(0.0, 255.0) as u8
        })
        .collect();
    Picture { pixels, ..*page }
}

/// Black or white, each pixel's error handed on to its neighbours.
fn diffused(mut page: Picture) -> Picture {
    let width = page.width;
    let (mut here, mut below) = (vec![0_i32; width + 2], vec![0_i32; width + 2]);
    for row in page.pixels.chunks_exact_mut(width) {
        for (x, pixel) in row.iter_mut().enumerate() {
            let wanted = i32::from(*pixel) + here.get(x + 1).copied().unwrap_or_default() / 16;
            *pixel = if wanted < 128 { 0 } else { u8::MAX };
            let error = wanted - i32::from(*pixel);
            for (line, at, part) in [(0, x + 2, 7), (1, x, 3), (1, x + 1, 5), (1, x + 2, 1)] {
                let line = if line == 0 { &mut here } else { &mut below };
                if let Some(sum) = line.get_mut(at) {
                    *sum += error * part;
                }
            }
        }
        std::mem::swap(&mut here, &mut below);
        below.fill(0);
    }
    page
}
