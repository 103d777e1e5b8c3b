//! How a page lies beside its affine way: paper stretches, carriages wobble.

use std::ops::Range;

use crate::inspection::line::Line;
use crate::median::median;
use crate::raster::Raster;

use super::Pattern;

/// What remains after the affine way, in pixels of the drawn front: displacements on a grid, smooth over the page, or over
/// each strip of it between folds, beyond which paper lies elsewhere at once.
#[derive(Debug, Clone, Default)]
pub(super) struct Flow {
    columns: usize,
    /// The grid of each strip, from the top.
    strips: Vec<Vec<(f64, f64)>>,
    /// What lies between them, from the top.
    folds: Vec<Line>,
}

/// Displacements that were found, by points of the grid.
type Found = Vec<Option<(f64, f64)>>;

impl Flow {
    /// Pixels between the points of the grid.
    const GRID: usize = 50;

    /// Finds the blocks around each point again, to a fraction of a pixel, and takes the median of its neighbours: of a page
    /// that was folded, strip by strip.
    pub(super) fn between(drawn: &Raster, laid_over: &Raster, folds: &[Line]) -> Self {
        let mut folds = folds.to_vec();
        folds.sort_by(|one, other| one.at.total_cmp(&other.at));
        let columns = drawn.width() / Self::GRID + 1;
        let found = |between: Strip| found((drawn, laid_over), columns, between);
        let whole = smooth(&found(Strip::default()), columns, &[]);
        let strips = (0..=folds.len()).map(|strip| Strip {
            above: strip.checked_sub(1).and_then(|fold| folds.get(fold)).copied(),
            below: folds.get(strip).copied(),
        });
        let strips = if folds.is_empty() {
            vec![whole]
        } else {
            strips.map(|strip| smooth(&found(strip), columns, &whole)).collect()
        };
        Self { columns, strips, folds }
    }

    /// At a place.
    pub(super) fn at(&self, x: f64, y: f64) -> (f64, f64) {
        let (row, down) = place(y);
        let (column, across) = place(x);
        let strip = self.strip_at(x, y);
        let along = |column: usize| self.between_rows(strip, column, row, down);
        between(along(column), along(column + 1), across)
    }

    /// Along a whole row of pixels: every point of the grid above and below it is looked at once.
    pub(super) fn row(&self, y: f64) -> Row<'_> {
        let (row, down) = place(y);
        let points =
            |strip| (0..=self.columns).map(move |column| self.between_rows(strip, column, row, down)).collect();
        Row { flow: self, y, strips: (0..self.strips.len()).map(points).collect() }
    }

    /// The strip of a place, from the top.
    fn strip_at(&self, x: f64, y: f64) -> usize {
        self.folds.iter().filter(|fold| fold.below((x as f32, y as f32)) > 0.0).count()
    }

    /// At a part of the way from one row of the grid to the next.
    fn between_rows(&self, strip: usize, column: usize, row: usize, down: f64) -> (f64, f64) {
        between(self.point(strip, column, row), self.point(strip, column, row + 1), down)
    }

    fn point(&self, strip: usize, column: usize, row: usize) -> (f64, f64) {
        let last = self.columns.saturating_sub(1);
        let of_strip = self.strips.get(strip).and_then(|points| points.get(row * self.columns + column.min(last)));
        of_strip.copied().unwrap_or_default()
    }
}

/// Displacements along a row of pixels.
pub(super) struct Row<'a> {
    flow: &'a Flow,
    y: f64,
    /// At the grid's columns, for each strip.
    strips: Vec<Vec<(f64, f64)>>,
}

impl Row<'_> {
    /// At a place of the row.
    pub(super) fn at(&self, x: f64) -> (f64, f64) {
        let (column, across) = place(x);
        let points = self.strips.get(self.flow.strip_at(x, self.y));
        let point = |column: usize| points.and_then(|points| points.get(column)).copied().unwrap_or_default();
        between(point(column), point(column + 1), across)
    }
}

/// What lies between two folds, or a fold and the edge of the page.
#[derive(Debug, Clone, Copy, Default)]
struct Strip {
    above: Option<Line>,
    below: Option<Line>,
}

impl Strip {
    /// Which of these rows lie on it in a column, and well beside its folds.
    fn rows(self, x: usize, rows: Range<usize>) -> Range<usize> {
        /// Pixels of the widest crack, half of them, and of a line that is not quite the fold's.
        const BESIDE: f32 = 4.0;
        let height =
            |line: Option<Line>, beside: f32| line.map(|line| (line.height_at(x as f32) + beside).max(0.0) as usize);
        let from = height(self.above, BESIDE).map_or(rows.start, |above| above.max(rows.start));
        let to = height(self.below, -BESIDE).map_or(rows.end, |below| below.min(rows.end));
        from..to.max(from)
    }
}

/// The block around each point of the grid, as much of it as lies on a strip, found again.
fn found((drawn, laid_over): (&Raster, &Raster), columns: usize, strip: Strip) -> Found {
    /// Pixels of a block's side.
    const BLOCK: usize = 64;
    /// Rows of which it must have so many: a line of text.
    const LEAST_ROWS: usize = 20;
    /// Pixels around its place: a fold moves paper by some tenths of a millimetre.
    const REACH: usize = 5;
    const LEAST_LIKENESS: f64 = 0.7;
    let rows = drawn.height() / Flow::GRID + 1;
    let of_point = |point: usize| {
        let corner = |index: usize| (index * Flow::GRID).checked_sub(BLOCK / 2);
        let (left, top) = (corner(point % columns)?, corner(point / columns)?);
        let rows = strip.rows(left + BLOCK / 2, top..top + BLOCK);
        if rows.len() < LEAST_ROWS {
            return None;
        }
        let pattern = Pattern::of(drawn, (left, rows.start), (BLOCK, rows.len()))?;
        let (dx, dy, likeness) = pattern.search_finely(laid_over, REACH)?;
        (likeness > LEAST_LIKENESS).then_some((dx, dy))
    };
    (0..columns * rows).map(of_point).collect()
}

/// The median of each point and its neighbours, or those further away where nothing was found around; as `otherwise` where
/// nothing was found at all.
fn smooth(found: &Found, columns: usize, otherwise: &[(f64, f64)]) -> Vec<(f64, f64)> {
    /// Points to each side: one after the other is tried.
    const AROUND: [usize; 4] = [2, 4, 8, 16];
    let known_around = |point: usize, reach: usize| -> Vec<(f64, f64)> {
        let near = |other: &usize| {
            (other % columns).abs_diff(point % columns) <= reach && (other / columns).abs_diff(point / columns) <= reach
        };
        (0..found.len()).filter(near).filter_map(|other| *found.get(other)?).collect()
    };
    let of_point = |point: usize| {
        let known = AROUND.into_iter().map(|reach| known_around(point, reach)).find(|known| !known.is_empty());
        let of_known = |known: Vec<(f64, f64)>| {
            (median(known.iter().map(|known| known.0)), median(known.iter().map(|known| known.1)))
        };
        known.map_or_else(|| otherwise.get(point).copied().unwrap_or_default(), of_known)
    };
    (0..found.len()).map(of_point).collect()
}

/// The point of the grid before a place, and the part of the way to the next.
fn place(at: f64) -> (usize, f64) {
    let at = at / Flow::GRID as f64;
    (at as usize, at.fract())
}

fn between(one: (f64, f64), other: (f64, f64), share: f64) -> (f64, f64) {
    (one.0 + (other.0 - one.0) * share, one.1 + (other.1 - one.1) * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The row along which the page is folded.
    const FOLD: usize = 200;

    /// Blots of no shape all below the fold; above it some to the left, and to the right a rule alone.
    fn page(aside: impl Fn(usize) -> (usize, usize)) -> Raster {
        Raster::from_pixels(640, 400, |x, y| {
            // A page is seen from 8 pixels further up and left, so that none moves beyond the edge.
            let (right, down) = aside(y);
            let (x, y) = (x + 8 - right, y + 8 - down);
            let is_blot = (x / 5 * 7919 + y / 5 * 104_729 + x / 5 * (y / 5) * 31) % 97 < 30;
            let has_blots = y > FOLD + 12 || (x < 200 && (60..180).contains(&y));
            let is_rule = x >= 200 && (184..188).contains(&y);
            if (is_blot && has_blots) || is_rule { 20 } else { 240 }
        })
    }

    #[test]
    fn on_each_side_of_a_fold_paper_lies_where_that_side_lies() {
        let drawn = page(|_| (0, 0));
        let presented = page(|y| if y < FOLD { (0, 1) } else { (2, 4) });
        let fold = Line { at: FOLD as f32, slope: 0.0, middle: 320.0 };
        let flow = Flow::between(&drawn, &presented, &[fold]);
        for x in [60.0, 320.0, 600.0] {
            let is_at = |y: f64, wanted: (f64, f64)| {
                let (at, row) = (flow.at(x, y), flow.row(y).at(x));
                assert!((at.0 - wanted.0).hypot(at.1 - wanted.1) < 0.3, "{x} {y}: {at:?}");
                assert_eq!(at, row);
            };
            is_at(FOLD as f64 - 2.0, (0.0, 1.0));
            is_at(FOLD as f64 + 2.0, (2.0, 4.0));
        }
        // As one page it is smooth, and lies right on neither side.
        let whole = Flow::between(&drawn, &presented, &[]);
        let (above, below) = (whole.at(60.0, FOLD as f64 - 2.0), whole.at(60.0, FOLD as f64 + 2.0));
        assert!((above.1 - below.1).abs() < 0.5, "{above:?} {below:?}");
    }
}
