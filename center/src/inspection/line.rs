//! Lines across a page.

/// A line across the page, nearly level.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    /// Pixels from the upper edge, in the middle of the page.
    pub(super) at: f32,
    /// Pixels downwards for a pixel to the right.
    pub(super) slope: f32,
    /// Half of the page's width in pixels.
    pub(super) middle: f32,
}

impl Line {
    /// Pixels by which a place lies below it.
    pub(super) fn below(self, (x, y): (f32, f32)) -> f32 {
        y - self.height_at(x)
    }

    /// Pixels from the upper edge in a column.
    pub(super) fn height_at(self, x: f32) -> f32 {
        self.at + self.slope * (x - self.middle)
    }

    /// The row some pixels below it in a column; `None` outside the page.
    pub(super) fn row(self, x: usize, below: f32, height: usize) -> Option<usize> {
        let y = self.height_at(x as f32 + 0.5) + below;
        (y >= 0.0 && (y as usize) < height).then_some(y as usize)
    }
}
