//! Reading the scramble picture back from a scan: finders, marks, modules, code.

mod finders;
mod modules;
mod projection;
pub(crate) mod qr;
mod registration;

use crate::raster::Raster;

use super::code::{self, Decoded, Rate};
use super::envelope::parse_frame;
use super::geometry::Geometry;
use super::label::{Label, Layout, QrText};
use finders::Found;

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
    let geometry = Geometry::STANDARD;
    let coarse_factor = page.width().max(page.height()).div_ceil(COARSE_SIDE);
    let coarse = page.shrunk(coarse_factor);
    let found = finders::find(&coarse, geometry).ok_or(ReadError::NoPicture)?;
    let qr = read_qr(page, &coarse, &found, coarse_factor);

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
    let ratios = modules::ratios(fine, &projection, &alignment);
    let (label, ciphertext, wrong_modules) = decode(&ratios, qr.as_ref()).ok_or(ReadError::Undecodable)?;
    Ok(Reading { label, qr, ciphertext, wrong_modules })
}

/// The longer side of the picture in which finders are looked for, at most. An A4 page at 150 dpi has 1754.
const COARSE_SIDE: usize = 2400;
/// Pixels of a module below which a picture is not made smaller before its modules are sampled.
const FINE_MODULE: f64 = 2.6;
/// Code blocks tried without a QR: frames of up to 16 kB.
const BLIND_BLOCKS: usize = 32;

/// Looks for the QR around the picture, the picture itself painted over.
fn read_qr(page: &Raster, coarse: &Raster, found: &Found, coarse_factor: usize) -> Option<QrText> {
    let parse = |raster: Raster| {
        let upright = if found.is_mirrored { raster.mirrored() } else { raster };
        qr::find(&upright, |text| std::str::from_utf8(text).ok().and_then(QrText::parse))
    };
    let inside = |scale: f64| {
        let inverse = found.projection.scaled(scale).inverse(Geometry::STANDARD);
        move |x: usize, y: usize| inverse.is_some_and(|inverse| inverse.covers(x as f64, y as f64))
    };
    // In white, the paint would make the paper beside it look dark to the decoder.
    let blank = |raster: &Raster, covered: &dyn Fn(usize, usize) -> bool| {
        let paper = raster.paper();
        Raster::from_pixels(
            raster.width(),
            raster.height(),
            |x, y| if covered(x, y) { paper } else { raster.get(x, y) },
        )
    };
    parse(blank(coarse, &inside(1.0)))
        .or_else(|| (coarse_factor > 1).then(|| parse(blank(page, &inside(coarse_factor as f64)))).flatten())
}

/// Decodes by the QR's layout, or by trying the layouts a QR could have named.
fn decode(ratios: &[f32], qr: Option<&QrText>) -> Option<(Label, Vec<u8>, f64)> {
    let named = qr.map(|qr| qr.label().layout()).filter(|layout| layout.geometry == Geometry::STANDARD);
    let places = Geometry::STANDARD.interleaved();
    let take = |decoded: Decoded, layout: Layout| {
        let (label, ciphertext) = parse_frame(&decoded.frame)?;
        (label.layout() == layout).then_some((label, ciphertext, decoded.wrong_modules))
    };
    let attempt = |layout: Layout| code::decode(ratios, layout, &places).and_then(|decoded| take(decoded, layout));
    named.and_then(attempt).or_else(|| {
        (1..=BLIND_BLOCKS)
            .map(|blocks| Layout { geometry: Geometry::STANDARD, rate: Rate::Half, blocks })
            .filter(|layout| Some(*layout) != named)
            .filter(|layout| code::is_promising(ratios, *layout, &places))
            .find_map(attempt)
    })
}

#[cfg(test)]
mod tests;
