//! The presented front against the drawn one, cell by cell: correlation where something stands, ink where nothing does.

use crate::raster::Raster;

use super::Item;
use super::alignment::{Aligned, Pattern};
use super::report::{Area, Difference};

/// Resolution at which fronts are compared.
pub(super) const DPI: f32 = 200.0;

/// How closely a front can be compared.
struct Closeness {
    /// Pixels of a cell.
    cell: (usize, usize),
    /// How often both fronts are softened.
    softenings: usize,
    /// A cell less like than this differs.
    least_likeness: f64,
}

/// For scans of 200 dpi and more. Cells of 1.5 × 2.3 mm are smaller than a digit of the smallest text, so that a
/// changed stroke counts. Measured on documents through the channel of the tests: genuine 0.85, a 3 made an 8 0.72.
const CLOSE: Closeness = Closeness { cell: (12, 18), softenings: 1, least_likeness: 0.78 };
/// For coarser scans, on which small kanji are blots: another word is found, a changed stroke is not.
const COARSE: Closeness = Closeness { cell: (16, 24), softenings: 2, least_likeness: 0.5 };
/// Pixels from one cell to the next: every stroke lies in the middle of some cell.
const STEP: (usize, usize) = (4, 6);
/// Pixels a cell may lie aside after the page as a whole was aligned.
const REACH: usize = 2;
/// Greys below the paper that count as ink where nothing was drawn.
const FOREIGN_INK: u8 = 90;
/// Pixels of foreign ink in a blank cell that make it differ: a stroke of 1 mm.
const FOREIGN_PIXELS: usize = 20;

/// A cell, in pixels.
#[derive(Debug, Clone, Copy)]
struct Place {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

/// The places where the presented front differs from the drawn one.
pub(super) fn compare(drawn: &Raster, aligned: &Aligned, items: &[Item]) -> Vec<Difference> {
    let closeness = if aligned.is_coarse() { COARSE } else { CLOSE };
    let soften = |raster: Raster| (0..closeness.softenings).fold(raster, |raster, _| soft(&raster));
    let (drawn, presented) = (soften(drawn.clone()), soften(aligned.laid_over()));
    let (cell, paper) = (closeness.cell, presented.paper());
    let mut differing = Vec::new();
    for top in (0..drawn.height().saturating_sub(cell.1)).step_by(STEP.1) {
        for left in (0..drawn.width().saturating_sub(cell.0)).step_by(STEP.0) {
            let place = Place { left, top, width: cell.0, height: cell.1 };
            let likeness = match Pattern::of(&drawn, (left, top), cell) {
                Some(pattern) => pattern.search(&presented, REACH).2,
                None if is_blank_around(&drawn, place) => blank_likeness(&presented, place, paper),
                None => 1.0,
            };
            if likeness < closeness.least_likeness {
                differing.push((place, likeness));
            }
        }
    }
    join(differing).into_iter().map(|(area, likeness)| difference(area, likeness, items)).collect()
}

/// Each pixel with its neighbours: edges drawn and edges printed become alike, screens vanish.
fn soft(raster: &Raster) -> Raster {
    Raster::from_pixels(raster.width(), raster.height(), |x, y| {
        let sum: u32 =
            (0..9).map(|place| u32::from(raster.get((x + place % 3).max(1) - 1, (y + place / 3).max(1) - 1))).sum();
        (sum / 9) as u8
    })
}

/// Whether nothing was drawn so near that it could have been printed into the cell.
fn is_blank_around(drawn: &Raster, place: Place) -> bool {
    const AROUND: usize = 4 * REACH;
    let (left, top) = (place.left.saturating_sub(AROUND), place.top.saturating_sub(AROUND));
    let right = (place.left + place.width + AROUND).min(drawn.width());
    let bottom = (place.top + place.height + AROUND).min(drawn.height());
    Pattern::of(drawn, (left, top), (right - left, bottom - top)).is_none()
}

/// 1 for a cell without ink, 0 for one with foreign ink.
fn blank_likeness(presented: &Raster, place: Place, paper: u8) -> f64 {
    let ink = (place.top..place.top + place.height)
        .filter_map(|y| presented.row(y).get(place.left..place.left + place.width))
        .flatten()
        .filter(|pixel| paper.saturating_sub(**pixel) > FOREIGN_INK)
        .count();
    if ink >= FOREIGN_PIXELS { 0.0 } else { 1.0 }
}

/// Cells that overlap, as one area in millimetres with the least likeness.
fn join(cells: Vec<(Place, f64)>) -> Vec<(Area, f64)> {
    let mut groups: Vec<Vec<(Place, f64)>> = Vec::new();
    for cell in cells {
        let (place, _) = cell;
        let touches = |(other, _): &(Place, f64)| {
            other.left.abs_diff(place.left) <= place.width && other.top.abs_diff(place.top) <= place.height
        };
        let (touching, mut apart): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| group.iter().any(touches));
        apart.push(touching.into_iter().flatten().chain([cell]).collect());
        groups = apart;
    }
    let millimetres = |pixels: usize| (pixels as f64 * 254.0 / f64::from(DPI)).round() / 10.0;
    let bounds = |group: Vec<(Place, f64)>| {
        let left = group.iter().map(|(place, _)| place.left).min()?;
        let top = group.iter().map(|(place, _)| place.top).min()?;
        let right = group.iter().map(|(place, _)| place.left + place.width).max()?;
        let bottom = group.iter().map(|(place, _)| place.top + place.height).max()?;
        let likeness = group.iter().map(|(_, likeness)| *likeness).fold(1.0, f64::min);
        let area = Area {
            left_mm: millimetres(left),
            top_mm: millimetres(top),
            width_mm: millimetres(right - left),
            height_mm: millimetres(bottom - top),
        };
        Some((area, likeness))
    };
    groups.into_iter().filter_map(bounds).collect()
}

/// Names the text that covers most of an area.
fn difference(area: Area, likeness: f64, items: &[Item]) -> Difference {
    let issued = items
        .iter()
        .map(|item| (item.area.overlap(&area), item))
        .filter(|(overlap, _)| *overlap > 0.0)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, item)| item.text.clone());
    Difference { area, issued, likeness: (likeness * 100.0).round() / 100.0 }
}
