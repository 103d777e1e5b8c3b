//! Where the marks really are: found near where the projection puts them, outliers replaced by their neighbours.

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
    let first = alignment.clone();
    let trusted = |mark: &Mark| mark.likeness >= TRUSTED;
    if first.marks.iter().filter(|mark| trusted(mark)).count() < LEAST_MARKS {
        return None;
    }
    let revised = alignment.places().map(|(column, row)| {
        let mark = first.at(column, row);
        let expected = first.neighbourhood(column, row);
        if mark.likeness >= TRUSTED && (mark.dx - expected.dx).hypot(mark.dy - expected.dy) < OUTLIER {
            return mark;
        }
        let again = search.mark(column, row, (expected, OUTLIER));
        if again.likeness >= ACCEPTED { again } else { expected }
    });
    alignment.marks = revised.collect();
    Some(alignment)
}

/// Modules a mark is looked for around its place at first.
const REACH: f64 = 3.0;
/// Modules by which a mark may differ from its neighbours.
const OUTLIER: f64 = 1.25;
const TRUSTED: f64 = 0.55;
const ACCEPTED: f64 = 0.4;
const LEAST_MARKS: usize = 12;

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

    /// The median of the trusted marks around one, from as near as three can be had.
    fn neighbourhood(&self, column: usize, row: usize) -> Mark {
        for reach in [2, 4, 8, 40] {
            let near: Vec<Mark> = self
                .places()
                .filter(|&(c, r)| c.abs_diff(column) <= reach && r.abs_diff(row) <= reach && (c, r) != (column, row))
                .map(|(c, r)| self.at(c, r))
                .filter(|mark| mark.likeness >= TRUSTED)
                .collect();
            if near.len() >= 3 {
                return Mark {
                    dx: median(near.iter().map(|mark| mark.dx).collect()),
                    dy: median(near.iter().map(|mark| mark.dy).collect()),
                    likeness: 0.0,
                };
            }
        }
        Mark::default()
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
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
