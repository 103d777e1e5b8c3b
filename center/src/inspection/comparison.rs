//! The presented front against the drawn one, cell by cell: correlation where something stands, ink where nothing does.

use crate::raster::Raster;

use super::Item;
use super::alignment::{Aligned, Pattern};
use super::report::{Area, Difference};

/// Resolution at which fronts are compared.
pub(super) const DPI: f32 = 200.0;

/// Pixels of a cell: 1.5 × 2.3 mm, smaller than a digit of the smallest text, so that a changed stroke counts.
const CELL: (usize, usize) = (12, 18);
/// Pixels from one cell to the next: every stroke lies in the middle of some cell.
const STEP: (usize, usize) = (4, 6);
/// Pixels a cell may lie aside after the page as a whole was aligned.
const REACH: usize = 2;
/// A cell less like than this differs.
const LEAST_LIKENESS: f64 = 0.66;
/// Greys below the paper that count as ink where nothing was drawn.
const FOREIGN_INK: u8 = 90;
/// Pixels of foreign ink in a blank cell that make it differ: a stroke of 1 mm.
const FOREIGN_PIXELS: usize = 20;

/// A cell that differs.
#[derive(Debug, Clone, Copy)]
struct Cell {
    left: usize,
    top: usize,
    likeness: f64,
}

/// The places where the presented front differs from the drawn one.
pub(super) fn compare(drawn: &Raster, aligned: &Aligned, items: &[Item]) -> Vec<Difference> {
    let drawn = soft(drawn);
    let presented = soft(&aligned.laid_over());
    let paper = presented.paper();
    let mut differing = Vec::new();
    for top in (0..drawn.height().saturating_sub(CELL.1)).step_by(STEP.1) {
        for left in (0..drawn.width().saturating_sub(CELL.0)).step_by(STEP.0) {
            let likeness = match Pattern::of(&drawn, (left, top), CELL) {
                Some(pattern) => pattern.search(&presented, REACH).2,
                None if is_blank_around(&drawn, (left, top)) => blank_likeness(&presented, (left, top), paper),
                None => 1.0,
            };
            if likeness < LEAST_LIKENESS {
                differing.push(Cell { left, top, likeness });
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
fn is_blank_around(drawn: &Raster, (left, top): (usize, usize)) -> bool {
    const AROUND: usize = 2 * REACH;
    let corner = (left.saturating_sub(AROUND), top.saturating_sub(AROUND));
    let right = (left + CELL.0 + AROUND).min(drawn.width());
    let bottom = (top + CELL.1 + AROUND).min(drawn.height());
    Pattern::of(drawn, corner, (right - corner.0, bottom - corner.1)).is_none()
}

/// 1 for a cell without ink, 0 for one with foreign ink.
fn blank_likeness(presented: &Raster, (left, top): (usize, usize), paper: u8) -> f64 {
    let ink = (top..top + CELL.1)
        .filter_map(|y| presented.row(y).get(left..left + CELL.0))
        .flatten()
        .filter(|pixel| paper.saturating_sub(**pixel) > FOREIGN_INK)
        .count();
    if ink >= FOREIGN_PIXELS { 0.0 } else { 1.0 }
}

/// Cells that overlap, as one area in millimetres with the least likeness.
fn join(cells: Vec<Cell>) -> Vec<(Area, f64)> {
    let mut groups: Vec<Vec<Cell>> = Vec::new();
    for cell in cells {
        let touches = |other: &Cell| other.left.abs_diff(cell.left) <= CELL.0 && other.top.abs_diff(cell.top) <= CELL.1;
        let (touching, mut apart): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| group.iter().any(touches));
        apart.push(touching.into_iter().flatten().chain([cell]).collect());
        groups = apart;
    }
    let millimetres = |pixels: usize| (pixels as f64 * 254.0 / f64::from(DPI)).round() / 10.0;
    let bounds = |group: Vec<Cell>| {
        let left = group.iter().map(|cell| cell.left).min()?;
        let top = group.iter().map(|cell| cell.top).min()?;
        let right = group.iter().map(|cell| cell.left + CELL.0).max()?;
        let bottom = group.iter().map(|cell| cell.top + CELL.1).max()?;
        let likeness = group.iter().map(|cell| cell.likeness).fold(1.0, f64::min);
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
