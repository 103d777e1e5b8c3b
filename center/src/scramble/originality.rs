//! The originality patch: strips of random modules below the picture, and whether a page is an original by them.
//!
//! The picture proves content and survives a copier; the patch is made not to. Its four strips have modules of 85, 127,
//! 169 and 254 µm. A page printed once shows the fine ones nearly as well as the coarse ones, as ragged as its printer
//! is. A copy was seen by a copier in between, which smears the finest and sharpens what is left of them, and was printed
//! twice, so that the fine strips are worse, and darker, than the coarse ones say. The score weighs them against each other:
//! it needs to know no printer.
//!
//! The modules follow from the key and the certificate, so that nobody can draw the patch of a certificate without having
//! had a paper of it. **Whoever restores every module of an original and prints it anew makes an original**: the patch
//! makes that laborious, not impossible.
//!
//! Weights and bounds come from simulated print engines; `docs/paper.md` says which, and what was measured on others.

mod measurement;

use shared::domain::identifiers::CertificateId;

use crate::document::bit_picture::BitPicture;
use crate::raster::Raster;

use super::keys::{OpeningKeys, ScrambleKeys, SecretKey};
use super::reading::{Place, Reading};
use super::sequence::Sequence;
use super::{MODULE_PIXELS, PICTURE_MODULES, QUIET_MODULES};
use measurement::Measurement;

pub use measurement::Strip;

/// Strips, the finest first.
const STRIPS: usize = 4;
/// Dots of a module of each strip.
const MODULES: [usize; STRIPS] = [2, 3, 4, 6];
/// Width and height of a strip in dots: 20 × 5 mm, whole modules of each.
const SIZE: (usize, usize) = (480, 120);
/// Dots from one strip to the next.
const GAP: usize = 24;
/// Dots from the upper edge of the picture to that of the strips: they follow its quiet zone.
const TOP: usize = (PICTURE_MODULES.1 + QUIET_MODULES) * MODULE_PIXELS + 8;
/// Dots from the left edge of the picture to the first strip: they stand in the middle.
const LEFT: usize = (PICTURE_MODULES.0 * MODULE_PIXELS - STRIPS * SIZE.0 - (STRIPS - 1) * GAP) / 2;

/// Whether a page is an original.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Originality {
    /// Printed once, with this score.
    Original(f64),
    /// Printed, scanned and printed again, with this score.
    Copy(f64),
    /// The score lies between both.
    Between(f64),
    /// There is no score.
    Untold(Untold),
}

/// Why there is no score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untold {
    /// No patch was found where it belongs.
    NotFound,
    /// The page was drawn from a file: nothing on it is left to chance.
    NotPaper,
    /// The scan has too few pixels for the finest strip.
    TooCoarse,
    /// The scan is black and white: a fax, or a copier's file.
    BlackAndWhite,
    /// Even the coarsest strip is smeared: a photo, or a scan out of focus.
    TooSmeared,
}

impl Originality {
    /// The score, if there is one.
    pub const fn score(self) -> Option<f64> {
        match self {
            Self::Original(score) | Self::Copy(score) | Self::Between(score) => Some(score),
            Self::Untold(_) => None,
        }
    }
}

impl Originality {
    /// Whether the page has no greys of paper and ink: it was drawn from a file, or is black and white.
    pub const fn is_of_no_greys(self) -> bool {
        matches!(self, Self::Untold(Untold::NotPaper | Untold::BlackAndWhite))
    }
}

/// The strips of a certificate, for whoever prints them.
pub fn strips(certificate: &CertificateId, keys: &ScrambleKeys) -> [Strip; STRIPS] {
    drawn(certificate, keys.secret())
}

/// Left, top, width and height of all strips in dots from the upper left corner of the picture.
pub const fn area() -> (usize, usize, usize, usize) {
    (LEFT, TOP, STRIPS * SIZE.0 + (STRIPS - 1) * GAP, SIZE.1)
}

/// Judges the page of a reading.
pub fn judge(page: &Raster, reading: &Reading, keys: &OpeningKeys) -> Originality {
    match score(page, reading, keys) {
        Ok(score) if score >= LEAST_OF_AN_ORIGINAL => Originality::Original(score),
        Ok(score) if score <= MOST_OF_A_COPY => Originality::Copy(score),
        Ok(score) => Originality::Between(score),
        Err(untold) => Originality::Untold(untold),
    }
}

/// How much better the fine strips came out than those of a copy would: above 0 for an original.
pub fn score(page: &Raster, reading: &Reading, keys: &OpeningKeys) -> Result<f64, Untold> {
    let secret = keys.secret(reading.label.key()).ok_or(Untold::NotFound)?;
    let place = reading.place();
    if place.dpi() < LEAST_DPI {
        return Err(Untold::TooCoarse);
    }
    if is_black_and_white(page) {
        return Err(Untold::BlackAndWhite);
    }
    if is_drawn(page, place) {
        return Err(Untold::NotPaper);
    }
    let strips = drawn(reading.label.certificate(), secret);
    score_of(measure(page, &strips, place).ok_or(Untold::NotFound)?)
}

/// Pixels an inch below which a module of the finest strip has less than one.
const LEAST_DPI: f64 = 270.0;
/// A page finer than this is made coarser first: the score is that of scans of 300 dpi.
const MOST_DPI: f64 = 450.0;
/// A coarsest strip of which more than this does not follow from its ink is not there.
const NOT_THERE: f64 = 0.7;
/// Grey levels, the commonest, and the percentage of pixels that they have where a page was drawn from a file: ink,
/// paper, and the edges between them, of which there are as many kinds as ways in which a module lies on the pixels.
/// Whatever passed a printer and a scanner has all levels between.
const DRAWN_LEVELS: (usize, usize) = (8, 90);
/// A coarsest strip less sharp than this was smeared by the camera, which hides what a copier did.
const LEAST_SHARPNESS: f64 = 0.2;

fn drawn(certificate: &CertificateId, secret: &SecretKey) -> [Strip; STRIPS] {
    let seeds = secret.pattern_seeds(certificate.as_str().as_bytes());
    let mut left = LEFT;
    let mut next = seeds.into_iter().zip(MODULES).map(|(seed, module)| {
        let (width, height) = (SIZE.0 / module, SIZE.1 / module);
        let mut modules = BitPicture::new(width, height);
        let ink = Sequence::new(seed).row(width * height);
        (0..height).for_each(|y| ink.draw((y * width, width), &mut modules, (0, y)));
        let strip = Strip { modules, module, corner: (left, TOP) };
        left += SIZE.0 + GAP;
        strip
    });
    let nothing = || Strip { modules: BitPicture::new(0, 0), module: 1, corner: (0, 0) };
    std::array::from_fn(|_| next.next().unwrap_or_else(nothing))
}

/// The finest first. The coarsest is looked for, the others stand beside it.
fn measure(page: &Raster, strips: &[Strip; STRIPS], place: &Place) -> Option<[Measurement; STRIPS]> {
    let factor = (place.dpi() / MOST_DPI).ceil().max(1.0);
    let shrunk;
    let page = if factor > 1.0 {
        shrunk = page.shrunk(factor as usize);
        &shrunk
    } else {
        page
    };
    let on_page = |x: f64, y: f64| {
        let (u, v) = place.on_page(x, y);
        (u / factor, v / factor)
    };
    let [finest, fine, coarse, coarsest] = strips;
    let last = measurement::measure(page, coarsest, &on_page, None)?;
    let beside = |strip: &Strip| measurement::measure(page, strip, &on_page, Some(last.offset));
    Some([beside(finest)?, beside(fine)?, beside(coarse)?, last])
}

fn score_of(found: [Measurement; STRIPS]) -> Result<f64, Untold> {
    let [.., coarsest] = found;
    if coarsest.unexplained > NOT_THERE || coarsest.contrast <= 0.0 {
        return Err(Untold::NotFound);
    }
    if coarsest.sharpness < LEAST_SHARPNESS {
        return Err(Untold::TooSmeared);
    }
    let [finest, ..] = found;
    let odds = |part: f64| (part / (1.0 - part)).max(LEAST_ODDS).ln();
    // A finest strip that is no darker than the coarsest was not sharpened; how much paler it is says nothing more.
    let sharpened = (finest.contrast / coarsest.contrast).max(1.0).ln();
    Ok(FINEST * odds(finest.unexplained) + COARSEST * odds(coarsest.unexplained) + SHARPENED * sharpened + OFFSET)
}

/// Whether next to no pixel lies between black and white.
fn is_black_and_white(page: &Raster) -> bool {
    let greys = (0..page.height()).step_by(4).flat_map(|y| page.row(y));
    let (all, between) = greys
        .fold((0_usize, 0_usize), |(all, between), grey| (all + 1, between + usize::from((32..224).contains(grey))));
    between * 1000 < all
}

/// Whether the place of the strips has next to no grey but the commonest few.
fn is_drawn(page: &Raster, place: &Place) -> bool {
    let (left, top, width, height) = area();
    let [left, top, right, bottom] = [left, top, left + width, top + height].map(|dots| dots as f64);
    let corners = [(left, top), (right, top), (left, bottom), (right, bottom)].map(|(x, y)| place.on_page(x, y));
    let within = |values: [f64; 4], bound: usize| {
        let least = values.iter().copied().fold(f64::INFINITY, f64::min).max(0.0) as usize;
        let most = values.iter().copied().fold(0.0, f64::max) as usize;
        least..most.min(bound)
    };
    let columns = within(corners.map(|(x, _)| x), page.width());
    let mut counts = [0_usize; 256];
    for y in within(corners.map(|(_, y)| y), page.height()) {
        for grey in page.row(y).get(columns.clone()).unwrap_or_default() {
            if let Some(count) = counts.get_mut(usize::from(*grey)) {
                *count += 1;
            }
        }
    }
    counts.sort_unstable_by_key(|count| std::cmp::Reverse(*count));
    let (levels, percent) = DRAWN_LEVELS;
    let (few, all): (usize, usize) = (counts.iter().take(levels).sum(), counts.iter().sum());
    few * 100 >= all * percent
}

/// A score above which few copies lie: 5 of 83 by simulated engines of any kind.
const LEAST_OF_AN_ORIGINAL: f64 = 2.0;
/// A score below which few originals lie: none of 100 by simulated engines of any kind.
const MOST_OF_A_COPY: f64 = -0.5;
/// What the logarithms of the odds of chance, and of the finest strip's contrast over the coarsest's, weigh: Fisher's linear
/// discriminant between originals of the classes typical and bad and their copies.
const FINEST: f64 = -13.1;
const COARSEST: f64 = 8.04;
/// A copier sharpens, and the finest modules most.
const SHARPENED: f64 = -18.1;
/// Between the middles of originals and of copies.
const OFFSET: f64 = 13.0;
const LEAST_ODDS: f64 = 1e-4;

#[cfg(test)]
mod tests;
