//! Where the marks really are: found near where the projection puts them, then on from mark to mark.
//!
//! A projection from four finders misses lens distortion, curled paper and a wrong corner. So only marks that agree
//! with their neighbours count at first; every other one is looked for again where the marks around it point to.

use crate::median::median;
use crate::raster::Raster;
use crate::scramble::geometry::{BORDER, Geometry, MARK, PITCH};

use super::finders::likeness;
use super::projection::Projection;

/// How the paper differs from the projection, mark by mark.
#[derive(Debug, Clone)]
pub(super) struct Alignment {
    geometry: Geometry,
    marks: Vec<Mark>,
}

/// One mark: how far it lies from where it was expected, in modules.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mark {
    pub(super) dx: f64,
    pub(super) dy: f64,
    /// Correlation with the mark's pattern; 0 where it was not found.
    pub(super) likeness: f64,
}

/// Finds the marks; `None` if there are too few to trust any.
pub(super) fn align(raster: &Raster, projection: &Projection, geometry: Geometry) -> Option<Alignment> {
    let search = Search { raster, projection };
    let mut alignment = Alignment { geometry, marks: Vec::new() };
    alignment.marks =
        alignment.places().map(|(column, row)| search.mark(column, row, (Mark::default(), REACH))).collect();
    alignment.drop_outliers();
    if alignment.known() < LEAST_MARKS {
        return None;
    }
    for _ in 0..SWEEPS {
        let before = alignment.known();
        alignment.extend(&search);
        if alignment.known() == before {
            break;
        }
    }
    alignment.drop_outliers();
    alignment.fill();
    Some(alignment)
}

/// Modules a mark is looked for around its place at first.
const REACH: f64 = 3.0;
/// Modules by which a mark may differ from where its neighbours point.
const OUTLIER: f64 = 1.25;
/// Likeness at which a mark that agrees with its neighbours is believed.
const TRUSTED: f64 = 0.5;
/// Likeness at which a mark is believed just where its neighbours point.
const ACCEPTED: f64 = 0.35;
const LEAST_MARKS: usize = 12;
/// Enough to reach every mark from any corner of the largest field.
const SWEEPS: usize = 30;

impl Alignment {
    /// The field's size.
    pub(super) const fn geometry(&self) -> Geometry {
        self.geometry
    }

    /// The mark in a column and row, the nearest at the edge.
    pub(super) fn at(&self, column: usize, row: usize) -> Mark {
        let (column, row) = (column.min(self.geometry.columns()), row.min(self.geometry.rows()));
        self.marks.get(row * (self.geometry.columns() + 1) + column).copied().unwrap_or_default()
    }

    /// Columns and rows of all marks.
    pub(super) fn places(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let (columns, rows) = (self.geometry.columns(), self.geometry.rows());
        (0..=rows).flat_map(move |row| (0..=columns).map(move |column| (column, row)))
    }

    /// How many marks were found.
    pub(super) fn known(&self) -> usize {
        self.marks.iter().filter(|mark| mark.likeness > 0.0).count()
    }

    /// Forgets marks that are unlike their pattern or lie elsewhere than their neighbours point.
    fn drop_outliers(&mut self) {
        for mark in &mut self.marks {
            if mark.likeness < ACCEPTED {
                *mark = Mark::default();
            }
        }
        let kept = self.places().map(|(column, row)| {
            let mark = self.at(column, row);
            let supported = self
                .pointed_to((column, row), 2, 3)
                .is_some_and(|(x, y)| mark.likeness >= ACCEPTED && (mark.dx - x).hypot(mark.dy - y) < OUTLIER);
            if supported { mark } else { Mark::default() }
        });
        self.marks = kept.collect();
    }

    /// Looks for marks next to known ones, where those point to.
    fn extend(&mut self, search: &Search<'_>) {
        let extended = self.places().map(|(column, row)| {
            let mark = self.at(column, row);
            if mark.likeness > 0.0 {
                return mark;
            }
            let Some((dx, dy)) = self.pointed_to((column, row), 2, 3) else { return mark };
            let again = search.mark(column, row, (Mark { dx, dy, likeness: 0.0 }, OUTLIER));
            if again.likeness >= TRUSTED { again } else { mark }
        });
        self.marks = extended.collect();
    }

    /// Gives marks that were not found the place their neighbours point to.
    fn fill(&mut self) {
        let filled = self.places().map(|(column, row)| {
            let mark = self.at(column, row);
            if mark.likeness > 0.0 {
                return mark;
            }
            let pointed = [3, 6, 12, 64].into_iter().find_map(|reach| self.pointed_to((column, row), reach, 4));
            pointed.map_or(mark, |(dx, dy)| Mark { dx, dy, likeness: 0.0 })
        });
        self.marks = filled.collect();
    }

    /// The displacement at a mark by the known ones within reach of it, itself left out: their median, moved on by
    /// the slope of a plane through them. `None` if they are too few.
    fn pointed_to(&self, (column, row): (usize, usize), reach: usize, least: usize) -> Option<(f64, f64)> {
        let (left, top) = (column.saturating_sub(reach), row.saturating_sub(reach));
        let (right, bottom) = ((column + reach).min(self.geometry.columns()), (row + reach).min(self.geometry.rows()));
        let mut near = Vec::new();
        for (c, r) in (top..=bottom).flat_map(|r| (left..=right).map(move |c| (c, r))) {
            let mark = self.at(c, r);
            if mark.likeness >= ACCEPTED && (c, r) != (column, row) {
                near.push((c as f64 - column as f64, r as f64 - row as f64, mark));
            }
        }
        if near.len() < least {
            return None;
        }
        let center = (median(near.iter().map(|n| n.2.dx)), median(near.iter().map(|n| n.2.dy)));
        near.retain(|(.., mark)| (mark.dx - center.0).hypot(mark.dy - center.1) < 2.0 * OUTLIER);
        if near.len() < least {
            return Some(center);
        }
        Some(plane(&near).unwrap_or(center))
    }
}

/// The value at the origin of least-squares planes through displacements.
fn plane(near: &[(f64, f64, Mark)]) -> Option<(f64, f64)> {
    /// Keeps the slope small where the marks lie on one side or in one row.
    const STIFFNESS: f64 = 2.0;
    let count = near.len() as f64;
    let mean = |of: &dyn Fn(&(f64, f64, Mark)) -> f64| near.iter().map(of).sum::<f64>() / count;
    let (mx, my) = (mean(&|n| n.0), mean(&|n| n.1));
    let (mu, mv) = (mean(&|n| n.2.dx), mean(&|n| n.2.dy));
    let sum = |of: &dyn Fn(f64, f64, Mark) -> f64| near.iter().map(|n| of(n.0 - mx, n.1 - my, n.2)).sum::<f64>();
    let (xx, xy, yy) = (sum(&|x, _, _| x * x) + STIFFNESS, sum(&|x, y, _| x * y), sum(&|_, y, _| y * y) + STIFFNESS);
    let determinant = xx * yy - xy * xy;
    let at_origin = |mean: f64, of: &dyn Fn(Mark) -> f64| {
        let (xv, yv) = (sum(&|x, _, m| x * (of(m) - mean)), sum(&|_, y, m| y * (of(m) - mean)));
        mean - mx * (xv * yy - yv * xy) / determinant - my * (yv * xx - xv * xy) / determinant
    };
    (determinant > 0.0).then(|| (at_origin(mu, &|m| m.dx), at_origin(mv, &|m| m.dy)))
}

struct Search<'a> {
    raster: &'a Raster,
    projection: &'a Projection,
}

impl Search<'_> {
    /// The best place of a mark around an expected one: half-module steps, then finer ones.
    fn mark(&self, column: usize, row: usize, (expected, reach): (Mark, f64)) -> Mark {
        let view = self.view(column, row);
        let mut best = Mark { likeness: -1.0, ..expected };
        let steps = (reach / 0.5) as i32;
        for down in -steps..=steps {
            for across in -steps..=steps {
                view.improve(&mut best, expected.dx + f64::from(across) * 0.5, expected.dy + f64::from(down) * 0.5);
            }
        }
        for step in [0.25, 0.125] {
            let from = best;
            for (across, down) in AROUND {
                view.improve(&mut best, from.dx + across * step, from.dy + down * step);
            }
        }
        best
    }

    fn view(&self, column: usize, row: usize) -> View<'_> {
        let half = MARK as f64 / 2.0;
        let (x, y) = ((BORDER + column * PITCH) as f64 + half, (BORDER + row * PITCH) as f64 + half);
        let origin = self.projection.apply(x, y);
        let step = |(x, y): (f64, f64)| {
            let (u, v) = self.projection.apply(x, y);
            ((u - origin.0) / 4.0, (v - origin.1) / 4.0)
        };
        View {
            raster: self.raster,
            origin,
            across: step((x + 4.0, y)),
            down: step((x, y + 4.0)),
            pattern: Geometry::mark(column, row),
        }
    }
}

const AROUND: [(f64, f64); 8] =
    [(-1.0, -1.0), (0.0, -1.0), (1.0, -1.0), (-1.0, 0.0), (1.0, 0.0), (-1.0, 1.0), (0.0, 1.0), (1.0, 1.0)];

/// The scan around one mark, in modules.
struct View<'a> {
    raster: &'a Raster,
    origin: (f64, f64),
    across: (f64, f64),
    down: (f64, f64),
    pattern: [bool; MARK * MARK],
}

impl View<'_> {
    fn improve(&self, best: &mut Mark, dx: f64, dy: f64) {
        let likeness = likeness(self.pattern.iter().enumerate().map(|(module, &ink)| {
            let x = dx + (module % MARK) as f64 - 3.0;
            let y = dy + (module / MARK) as f64 - 3.0;
            let grey = self.raster.sample(
                self.origin.0 + self.across.0 * x + self.down.0 * y,
                self.origin.1 + self.across.1 * x + self.down.1 * y,
            );
            (f64::from(grey), ink)
        }));
        if likeness > best.likeness {
            *best = Mark { dx, dy, likeness };
        }
    }
}
