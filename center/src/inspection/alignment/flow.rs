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

    pub(super) fn at(&self, x: f64, y: f64) -> (f64, f64) {
        let (x, y) = (x / Self::GRID as f64, y / Self::GRID as f64);
        let (column, row) = (x as usize, y as usize);
        let (across, down) = (x - column as f64, y - row as f64);
        let point = |column: usize, row: usize| {
            let last = self.columns.saturating_sub(1);
            self.displacements.get(row * self.columns + column.min(last)).copied().unwrap_or_default()
        };
        let between = |a: (f64, f64), b: (f64, f64), share: f64| (a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share);
        between(
            between(point(column, row), point(column + 1, row), across),
            between(point(column, row + 1), point(column + 1, row + 1), across),
            down,
        )
    }
}
