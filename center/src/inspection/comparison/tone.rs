//! The greys of paper and ink on a presented page: what is blank here, what is solid.

use crate::inspection::plane::Plane;
use crate::raster::Raster;

/// The greys of paper and ink on a presented page.
pub(super) struct Tone {
    columns: usize,
    rows: usize,
    /// Grey of the paper with its ground pattern, tile by tile.
    papers: Vec<f32>,
    black: f32,
    page: f32,
}

impl Tone {
    /// Pixels of a tile's side.
    const TILE: usize = 64;

    pub(super) fn of(presented: &Raster, edges: &Plane) -> Self {
        const TILE: usize = Tone::TILE;
        let (columns, rows) = (presented.width().div_ceil(TILE), presented.height().div_ceil(TILE));
        let paper_of = |column: usize, row: usize| -> Option<f32> {
            let mut counts = [0_u32; 256];
            for y in row * TILE..((row + 1) * TILE).min(presented.height()) {
                let greys = presented.row(y).iter().enumerate().skip(column * TILE).take(TILE);
                greys.filter(|(x, _)| edges.get(2 * x, 2 * y) < 0.02).for_each(|(_, grey)| count(&mut counts, *grey));
            }
            median(&counts, 300)
        };
        let papers: Vec<Option<f32>> =
            (0..columns * rows).map(|tile| paper_of(tile % columns, tile / columns)).collect();
        let page = f32::from(presented.paper());
        let paper_near = |column: usize, row: usize| -> f32 {
            let near = |tile: &usize| (tile % columns).abs_diff(column) <= 1 && (tile / columns).abs_diff(row) <= 1;
            let known: Vec<f32> = (0..papers.len()).filter(near).filter_map(|tile| *papers.get(tile)?).collect();
            if known.is_empty() { page } else { known.iter().sum::<f32>() / known.len() as f32 }
        };
        let smooth = (0..columns * rows).map(|tile| paper_near(tile % columns, tile / columns)).collect();
        let mut solid = [0_u32; 256];
        for y in (0..presented.height()).step_by(2) {
            let greys = presented.row(y).iter().enumerate();
            greys.filter(|(x, _)| edges.get(2 * x, 2 * y) > 0.995).for_each(|(_, grey)| count(&mut solid, *grey));
        }
        let black = median(&solid, 100).unwrap_or(page * 0.25).min(page * 0.7);
        Self { columns, rows, papers: smooth, black, page }
    }

    /// Ink against the local paper and the page's black: 0 is the paper with its ground pattern, 1 is solid ink.
    pub(super) fn ink(&self, place: (f32, f32), grey: f32) -> f32 {
        let paper = self.paper_at(place);
        (paper - grey) / (paper - self.black).max(20.0)
    }

    fn paper_at(&self, (x, y): (f32, f32)) -> f32 {
        let place = |position: f32, count: usize| {
            let position = (position / Self::TILE as f32 - 0.5).clamp(0.0, (count - 1) as f32);
            (position as usize, (position as usize + 1).min(count - 1), position.fract())
        };
        let ((left, right, across), (top, bottom, down)) = (place(x, self.columns), place(y, self.rows));
        let at = |column: usize, row: usize| self.papers.get(row * self.columns + column).copied().unwrap_or(self.page);
        let upper = at(left, top) + (at(right, top) - at(left, top)) * across;
        let lower = at(left, bottom) + (at(right, bottom) - at(left, bottom)) * across;
        upper + (lower - upper) * down
    }
}

fn count(counts: &mut [u32; 256], grey: u8) {
    if let Some(count) = counts.get_mut(usize::from(grey)) {
        *count += 1;
    }
}

/// The median grey of a histogram; `None` of too few pixels.
fn median(counts: &[u32; 256], least: u32) -> Option<f32> {
    let total: u32 = counts.iter().sum();
    let mut left = total / 2;
    let found = (0_u8..=u8::MAX).zip(counts).find(|(_, count)| {
        let is_here = **count > left;
        left = left.saturating_sub(**count);
        is_here
    });
    found.filter(|_| total >= least).map(|(grey, _)| f32::from(grey))
}
