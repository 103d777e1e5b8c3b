//! How a page lies beside its affine way: paper stretches, carriages wobble.

use crate::median::median;
use crate::raster::Raster;

use super::Pattern;

/// What remains after the affine way, smooth over the page: displacements on a grid, in pixels of the drawn front.
#[derive(Debug, Clone, Default)]
pub(super) struct Flow {
    columns: usize,
    displacements: Vec<(f64, f64)>,
}

impl Flow {
    /// Pixels between the points of the grid.
    const GRID: usize = 50;

    /// Finds the blocks around each point again, to a fraction of a pixel, and takes the median of its neighbours.
    pub(super) fn between(drawn: &Raster, laid_over: &Raster) -> Self {
        /// Pixels of a block's side.
        const BLOCK: usize = 64;
        const REACH: usize = 3;
        let (columns, rows) = (drawn.width() / Self::GRID + 1, drawn.height() / Self::GRID + 1);
        let found: Vec<Option<(f64, f64)>> = (0..columns * rows)
            .map(|point| {
                let corner = |index: usize| (index * Self::GRID).checked_sub(BLOCK / 2);
                let corner = (corner(point % columns)?, corner(point / columns)?);
                let pattern = Pattern::of(drawn, corner, (BLOCK, BLOCK))?;
                let (dx, dy, likeness) = pattern.search_finely(laid_over, REACH);
                (likeness > 0.7).then_some((dx, dy))
            })
            .collect();
        let smooth = |point: usize| {
            let near = |other: &usize| {
                (other % columns).abs_diff(point % columns) <= 2 && (other / columns).abs_diff(point / columns) <= 2
            };
            let known: Vec<(f64, f64)> = (0..found.len()).filter(near).filter_map(|other| *found.get(other)?).collect();
            (median(known.iter().map(|known| known.0)), median(known.iter().map(|known| known.1)))
        };
        Self { columns, displacements: (0..found.len()).map(smooth).collect() }
    }

    /// At a place.
    pub(super) fn at(&self, x: f64, y: f64) -> (f64, f64) {
        let (row, down) = place(y);
        let (column, across) = place(x);
        let along = |column: usize| between(self.point(column, row), self.point(column, row + 1), down);
        between(along(column), along(column + 1), across)
    }

    /// Along a whole row of pixels: every point of the grid above and below it is looked at once.
    pub(super) fn row(&self, y: f64) -> Row {
        let (row, down) = place(y);
        let points =
            (0..=self.columns).map(|column| between(self.point(column, row), self.point(column, row + 1), down));
        Row(points.collect())
    }

    fn point(&self, column: usize, row: usize) -> (f64, f64) {
        let last = self.columns.saturating_sub(1);
        self.displacements.get(row * self.columns + column.min(last)).copied().unwrap_or_default()
    }
}

/// Displacements along a row of pixels.
pub(super) struct Row(Vec<(f64, f64)>);

impl Row {
    /// At a place of the row.
    pub(super) fn at(&self, x: f64) -> (f64, f64) {
        let (column, across) = place(x);
        let point = |column: usize| self.0.get(column).copied().unwrap_or_default();
        between(point(column), point(column + 1), across)
    }
}

/// The point of the grid before a place, and the part of the way to the next.
fn place(at: f64) -> (usize, f64) {
    let at = at / Flow::GRID as f64;
    (at as usize, at.fract())
}

fn between(one: (f64, f64), other: (f64, f64), share: f64) -> (f64, f64) {
    (one.0 + (other.0 - one.0) * share, one.1 + (other.1 - one.1) * share)
}
