//! Where a picture lies on a page, for what stands below it.

use crate::scramble::MODULE_PIXELS;
use crate::scramble::geometry::{BORDER, MARK, PITCH};

use super::projection::Projection;
use super::registration::Alignment;

/// The way from a picture to its page, exact at its lower edge.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::scramble) struct Place {
    projection: Projection,
    /// How far the lowest marks lie from where the projection puts them, in modules, from the left.
    lowest: Vec<(f64, f64)>,
    /// Pixels of a module.
    module: f64,
}

impl Place {
    /// By the projection onto the page and the marks found there.
    pub(super) fn new(projection: &Projection, alignment: &Alignment) -> Self {
        let geometry = alignment.geometry();
        let mark = |column| alignment.at(column, geometry.rows());
        let lowest = (0..=geometry.columns()).map(mark).map(|mark| (mark.dx, mark.dy)).collect();
        Self { projection: *projection, lowest, module: projection.scale(geometry) }
    }

    /// Pixels of the page in an inch, for the standard picture.
    pub(in crate::scramble) fn dpi(&self) -> f64 {
        self.module * 600.0 / MODULE_PIXELS as f64
    }

    /// Where dots of 1/600 inch from the upper left corner of the picture lie on the page.
    pub(in crate::scramble) fn on_page(&self, x: f64, y: f64) -> (f64, f64) {
        let (x, y) = (x / MODULE_PIXELS as f64, y / MODULE_PIXELS as f64);
        let position = ((x - BORDER as f64 - MARK as f64 / 2.0) / PITCH as f64)
            .clamp(0.0, self.lowest.len().saturating_sub(1) as f64);
        let mark = |column: usize| self.lowest.get(column).or(self.lowest.last()).copied().unwrap_or_default();
        let (left, right) = (mark(position as usize), mark(position as usize + 1));
        let share = position.fract();
        self.projection.apply(x + left.0 + (right.0 - left.0) * share, y + left.1 + (right.1 - left.1) * share)
    }

    /// A picture that lies on its page dot by dot.
    #[cfg(test)]
    pub(in crate::scramble) fn dot_by_dot() -> Self {
        let dots = MODULE_PIXELS as f64;
        let corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
        let projection = Projection::between(&corners, &corners.map(|(x, y)| (x * dots, y * dots))).unwrap();
        Self { projection, lowest: vec![(0.0, 0.0)], module: dots }
    }
}
