//! QR codes on a scan, by `rqrr`: as it is, enlarged, blurred.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::raster::{Raster, Sums};

/// The first QR content that is wanted; the scan is looked at in several ways until there is one.
pub(crate) fn find<T>(raster: &Raster, wanted: impl Fn(&[u8]) -> Option<T>) -> Option<T> {
    let side = raster.width().max(raster.height());
    let first = |texts: Vec<Vec<u8>>| texts.iter().find_map(|text| wanted(text));
    first(texts(raster)).or_else(|| first(texts(&cleaned(&smoothed(raster))))).or_else(|| {
        let large = (side <= ENLARGED_SIDE).then(|| enlarged(raster))?;
        first(texts(&large)).or_else(|| first(texts(&cleaned(&smoothed(&large)))))
    })
}

/// The contents of every QR that can be read on a raster as it is.
pub(crate) fn texts(raster: &Raster) -> Vec<Vec<u8>> {
    // The decoder is foreign code on a hostile picture: its panic is a QR that cannot be read.
    catch_unwind(AssertUnwindSafe(|| detect(raster))).unwrap_or_default()
}

/// The longer side up to which a scan is enlarged.
const ENLARGED_SIDE: usize = 2500;

fn detect(raster: &Raster) -> Vec<Vec<u8>> {
    let mut prepared =
        rqrr::PreparedImage::prepare_from_greyscale(raster.width(), raster.height(), |x, y| raster.get(x, y));
    prepared
        .detect_grids()
        .iter()
        .filter_map(|grid| {
            let mut text = Vec::new();
            grid.decode_to(&mut text).is_ok().then_some(text)
        })
        .collect()
}

/// Black and white: the decoder's own threshold lies so near the paper's grey that noise passes for ink.
fn cleaned(raster: &Raster) -> Raster {
    let sums = Sums::of(raster);
    let half = (raster.width().max(raster.height()) / 40).max(8);
    Raster::from_pixels(raster.width(), raster.height(), |x, y| {
        if u32::from(raster.get(x, y)) * 100 < sums.mean(x, y, half) * 78 { 0 } else { u8::MAX }
    })
}

/// Twice as wide and high: modules of three pixels are too small for the decoder's whole-pixel geometry.
fn enlarged(raster: &Raster) -> Raster {
    Raster::from_pixels(raster.width() * 2, raster.height() * 2, |x, y| {
        raster.sample(x as f64 / 2.0 + 0.25, y as f64 / 2.0 + 0.25) as u8
    })
}

/// Each pixel with its neighbours: noise and screens vanish.
fn smoothed(raster: &Raster) -> Raster {
    Raster::from_pixels(raster.width(), raster.height(), |x, y| {
        let around = (0..9).map(|place| u32::from(raster.get((x + place % 3).max(1) - 1, (y + place / 3).max(1) - 1)));
        (around.sum::<u32>() / 9) as u8
    })
}
