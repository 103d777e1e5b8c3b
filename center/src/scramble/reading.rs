//! Reading the scramble picture back from a scan: finders, marks, modules, code.

mod finders;
mod modules;
mod place;
pub(super) mod projection;
pub(crate) mod qr;
mod registration;

use crate::raster::Raster;

use super::MODULE_PIXELS;
use super::code::{Decoded, Heard, Rate};
use super::envelope::parse_frame;
use super::geometry::Geometry;
use super::label::{Label, Layout, QrText};
use finders::Found;
pub(super) use place::Place;
use projection::Projection;
use registration::Alignment;

/// What was read from a page: a ciphertext with its label, not yet opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The label inside the picture.
    pub label: Label,
    /// The QR beside it; `None` if none could be read.
    pub qr: Option<QrText>,
    /// The encrypted description.
    pub ciphertext: Vec<u8>,
    /// Share of modules that were read wrongly before correction.
    pub wrong_modules: f64,
    /// Where the picture lies on the page.
    pub(super) place: Place,
}

impl Reading {
    /// The whole back as it lies under its picture, so many dots of 1/600 inch a pixel; black beyond the scan.
    ///
    /// `corner` is where the picture's upper left corner belongs on the page, and `size` the page's, both in dots.
    pub fn laid_straight(&self, page: &Raster, corner: (u16, u16), size: (u16, u16), step: usize) -> Raster {
        let dot = self.place.dpi() / 600.0;
        let factor = ((step as f64 * dot) as usize).max(1);
        let coarse = page.shrunk(factor);
        let (width, height) = (coarse.width() as f64, coarse.height() as f64);
        let dots = |pixel: usize, corner: u16| (pixel as f64 + 0.5) * step as f64 - f64::from(corner);
        Raster::from_pixels(usize::from(size.0) / step, usize::from(size.1) / step, |x, y| {
            let (u, v) = self.place.on_page(dots(x, corner.0), dots(y, corner.1));
            let (u, v) = (u / factor as f64, v / factor as f64);
            let is_on_scan = (0.0..width).contains(&u) && (0.0..height).contains(&v);
            if is_on_scan { coarse.sample(u, v) as u8 } else { 0 }
        })
    }

    /// Where the picture lies on the page.
    pub(super) const fn place(&self) -> &Place {
        &self.place
    }
}

/// Why no picture could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// No three finders stand as a picture's do.
    #[error("no scramble picture was found")]
    NoPicture,
    /// The finders stand there, the marks between them were not found.
    #[error("the scramble picture could not be aligned")]
    NotAligned,
    /// More modules are wrong than the code corrects.
    #[error("the scramble picture could not be decoded")]
    Undecodable,
}

/// Reads the picture on a page: upright, on its side, on its head, or in a mirror; 150 to 600 dots an inch.
pub fn read(page: &Raster) -> Result<Reading, ReadError> {
    let coarse_factor = page.width().max(page.height()).div_ceil(COARSE_SIDE).max(1);
    let coarse = if coarse_factor == 1 { None } else { Some(page.shrunk(coarse_factor)) };
    let mut furthest = ReadError::NoPicture;
    for found in finders::find(coarse.as_ref().unwrap_or(page)) {
        match read_found(page, &found, coarse_factor) {
            Ok(reading) => return Ok(reading),
            Err(error) => furthest = error,
        }
    }
    Err(furthest)
}

/// The longer side of the picture in which finders are looked for, at most. An A4 page at 150 dpi has 1754.
const COARSE_SIDE: usize = 2400;
/// Pixels of a module below which a picture is not made smaller before its modules are sampled.
const FINE_MODULE: f64 = 2.6;

fn read_found(page: &Raster, found: &Found, coarse_factor: usize) -> Result<Reading, ReadError> {
    let geometry = found.geometry;
    let module = found.projection.scale(geometry) * coarse_factor as f64;
    let fine_factor = ((module / FINE_MODULE) as usize).max(1);
    let projection = found.projection.scaled(coarse_factor as f64 / fine_factor as f64);
    let shrunk;
    let fine = if fine_factor == 1 {
        page
    } else {
        shrunk = page.shrunk(fine_factor);
        &shrunk
    };
    let alignment = registration::align(fine, &projection, geometry).ok_or(ReadError::NotAligned)?;
    let heard = Heard::new(modules::ratios(fine, &projection, &alignment));
    let (label, ciphertext, wrong_modules) = decode(&heard, geometry).ok_or(ReadError::Undecodable)?;
    let qr = (geometry == Geometry::STANDARD).then(|| read_qr(fine, &projection, &alignment)).flatten();
    let place = Place::new(&projection.scaled(fine_factor as f64), &alignment);
    Ok(Reading { label, qr, ciphertext, wrong_modules, place })
}

/// Decodes by the layout whose repetitions agree, or by one of those that fill the field.
fn decode(heard: &Heard, geometry: Geometry) -> Option<(Label, Vec<u8>, f64)> {
    /// Agreement below which a layout is chance.
    const LEAST_AGREEMENT: f32 = 0.03;
    const ATTEMPTS: usize = 3;
    let agreeing = Layout::repeating(geometry).map(|layout| (heard.agreement(layout), layout));
    let mut agreeing: Vec<(f32, Layout)> = agreeing.filter(|(agreement, _)| *agreement > LEAST_AGREEMENT).collect();
    agreeing.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let filling = Rate::STRONGEST_FIRST
        .into_iter()
        .map(|rate| Layout::full(geometry, rate))
        .filter(|layout| heard.is_promising(*layout));
    let take = |decoded: Decoded, layout: Layout| {
        let (label, ciphertext) = parse_frame(&decoded.frame)?;
        (label.layout() == layout).then_some((label, ciphertext, decoded.wrong_modules))
    };
    agreeing
        .into_iter()
        .take(ATTEMPTS)
        .map(|(_, layout)| layout)
        .chain(filling)
        .find_map(|layout| heard.decode(layout).and_then(|decoded| take(decoded, layout)))
}

/// Straightens the strip below the picture, where its QR stands, and reads it.
///
/// The QR stands farther to the right than the picture reaches: the strip is as wide as the page.
fn read_qr(raster: &Raster, projection: &Projection, alignment: &Alignment) -> Option<QrText> {
    /// Pixels of the strip in a module of the picture; the QR's modules are twice as large.
    const FINENESS: f64 = 2.5;
    /// Millimetres below the picture in which the QR stands.
    const DEPTH_MM: f64 = 62.0;
    /// Millimetres beside the picture on either side.
    const ASIDE_MM: f64 = 24.0;
    let geometry = alignment.geometry();
    let modules = |millimetres: f64| millimetres / (MODULE_PIXELS as f64 * 25.4 / 600.0);
    let (depth, aside) = (modules(DEPTH_MM), modules(ASIDE_MM));
    let width = ((geometry.width() as f64 + 2.0 * aside) * FINENESS) as usize;
    let height = (depth * FINENESS) as usize;
    let last = alignment.at(geometry.columns(), geometry.rows());
    let strip = Raster::from_pixels(width, height, |x, y| {
        let (x, y) = ((x as f64 + 0.5) / FINENESS - aside, geometry.height() as f64 + (y as f64 + 0.5) / FINENESS);
        let (u, v) = projection.apply(x + last.dx, y + last.dy);
        raster.sample(u, v) as u8
    });
    qr::find(&strip, |text| std::str::from_utf8(text).ok().and_then(QrText::parse))
}

#[cfg(test)]
mod tests;
