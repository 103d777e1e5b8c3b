//! Whether the word 複写 shows in the ground, as it does on a copy.
//!
//! On an original the word and the ground around it are equally dark, as far as the terminal's pattern is calibrated to
//! its printer. A copier loses the fine dots of the ground and keeps the coarse ones of the word. Both are compared
//! within small parts of the page, so that shadows and folds weigh little, and where nothing else is printed.

use crate::document::back;
use crate::document::description::PAGE;
use crate::document::ground_pattern::CopyWord;
use crate::raster::Raster;
use crate::scramble::Reading;

use super::alignment::Aligned;
use super::comparison::DPI;
use super::report::{self, Finding};

/// Pixels of the drawn front in a cell: 0.5 mm, in which fine and coarse dots are their mean.
const CELL_PIXELS: usize = 4;
/// Dots of 1/600 inch in a cell.
const CELL_DOTS: usize = CELL_PIXELS * 600 / DPI as usize;
/// Cells around one that must be of its kind: the page may lie half a millimetre off.
const MARGIN: usize = 1;
/// Cells of the side of a part: 24 mm, which has enough of both kinds.
const PART: usize = 48;
/// Cells of each kind that a part must have.
const LEAST_CELLS: usize = 20;
/// Parts that a page must have.
const LEAST_PARTS: usize = 6;
/// Of the usual light in a part; what is darker, or lies beside what is, belongs to something printed.
const PRINTED: f32 = 0.8;
/// A part darker than this is not paper.
const LEAST_LIGHT: f32 = 90.0;

/// Below this contrast the word shows faintly.
const FAINT: f64 = -0.02;
/// Below this it stands out.
const SHOWN: f64 = -0.035;

/// What a contrast means; `None` where there is none.
pub(super) fn finding(contrast: Option<f64>) -> Finding {
    match contrast {
        None => Finding::unreadable(report::WORD_UNTOLD),
        Some(contrast) if contrast < SHOWN => Finding::fails(report::WORD_SHOWN),
        Some(contrast) if contrast < FAINT => Finding::unreadable(report::WORD_FAINT),
        Some(_) => Finding::holds(report::WORD_HIDDEN),
    }
}

/// The contrast on a presented front.
pub(super) fn on_front(word: &CopyWord, front: &Aligned) -> Option<f64> {
    contrast(word, &front.laid_over_coarsely(CELL_PIXELS))
}

/// The contrast on the back that a picture was read from: on its margins, and below the picture.
pub(super) fn on_back(word: &CopyWord, (page, reading): (&Raster, &Reading)) -> Option<f64> {
    contrast(word, &reading.laid_straight(page, back::field_corner(), PAGE, CELL_DOTS))
}

/// What a cell shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Ground,
    /// At an edge of the word.
    Edge,
}

/// Light of the word over that of the ground, less one (Weber): the median of the parts of a page of [`CELL_DOTS`] a
/// pixel. `None` where too little of it is ground with nothing on it.
fn contrast(word: &CopyWord, page: &Raster) -> Option<f64> {
    let (across, down) = (page.width().div_ceil(PART), page.height().div_ceil(PART));
    let parts = (0..down).flat_map(|row| (0..across).map(move |column| (column * PART, row * PART)));
    let mut contrasts: Vec<f32> = parts.filter_map(|corner| contrast_of_part(word, page, corner)).collect();
    contrasts.sort_by(f32::total_cmp);
    (contrasts.len() >= LEAST_PARTS).then(|| contrasts.get(contrasts.len() / 2).copied().map(f64::from)).flatten()
}

fn contrast_of_part(word: &CopyWord, page: &Raster, (left, top): (usize, usize)) -> Option<f32> {
    let (right, bottom) = ((left + PART).min(page.width()), (top + PART).min(page.height()));
    let cells = || (top..bottom).flat_map(|y| (left..right).map(move |x| (x, y)));
    let mut greys: Vec<u8> = cells().map(|(x, y)| page.get(x, y)).collect();
    greys.sort_unstable();
    let usual = f32::from(*greys.get(greys.len() / 2)?);
    if usual < LEAST_LIGHT {
        return None;
    }
    let around = |x: usize, y: usize, reach: usize| {
        let rows = y.saturating_sub(reach)..=(y + reach).min(page.height() - 1);
        rows.flat_map(move |v| (x.saturating_sub(reach)..=(x + reach).min(page.width() - 1)).map(move |u| (u, v)))
    };
    let is_free = |x: usize, y: usize| around(x, y, 1).all(|(u, v)| f32::from(page.get(u, v)) > usual * PRINTED);
    let kind = |x: usize, y: usize| {
        let covered =
            |(u, v): (usize, usize)| word.covers(u * CELL_DOTS + CELL_DOTS / 2, v * CELL_DOTS + CELL_DOTS / 2);
        let is_covered = covered((x, y));
        match (around(x, y, MARGIN).all(|cell| covered(cell) == is_covered), is_covered) {
            (true, true) => Kind::Word,
            (true, false) => Kind::Ground,
            (false, _) => Kind::Edge,
        }
    };
    let mut light = [(0.0_f32, 0_usize); 2];
    for (x, y) in cells().filter(|&(x, y)| is_free(x, y)) {
        let [of_word, of_ground] = &mut light;
        let (sum, count) = match kind(x, y) {
            Kind::Word => of_word,
            Kind::Ground => of_ground,
            Kind::Edge => continue,
        };
        *sum += f32::from(page.get(x, y));
        *count += 1;
    }
    let [of_word, of_ground] = light;
    let mean = |(sum, count): (f32, usize)| (count >= LEAST_CELLS).then(|| sum / count as f32);
    Some(mean(of_word)? / mean(of_ground)? - 1.0)
}
