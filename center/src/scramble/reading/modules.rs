//! From greys to how likely each module is ink: sampling, local normalisation, an equaliser trained on the marks.

#![expect(clippy::indexing_slicing, reason = "numeric code on fields whose sizes are fixed by the geometry")]

use crate::raster::Raster;
use crate::scramble::geometry::{BORDER, Geometry, MARK, PITCH};

use super::projection::{Projection, solve};
use super::registration::{Alignment, Mark};

/// One number a module of the field.
struct Field {
    width: usize,
    height: usize,
    values: Vec<f32>,
}

/// Log-likelihood ratios of the data modules in order; positive is ink.
pub(super) fn ratios(raster: &Raster, projection: &Projection, alignment: &Alignment) -> Vec<f32> {
    let darkness = normalise(&sample(raster, projection, alignment));
    let weights = train(&darkness, alignment);
    let equalised = equalise(&darkness, &weights);
    let weighed = weigh(&equalised, alignment);
    let stretches = alignment.geometry().stretches();
    stretches.flat_map(|(x, y, length)| &weighed.values[y * weighed.width + x..][..length]).copied().collect()
}

/// The mean grey of each module from four samples around its centre.
fn sample(raster: &Raster, projection: &Projection, alignment: &Alignment) -> Field {
    let geometry = alignment.geometry();
    let spread = if projection.scale(geometry) < 2.2 { 0.0 } else { 0.2 };
    let offsets: &[(f64, f64)] = if spread > 0.0 {
        &[(-spread, -spread), (spread, -spread), (-spread, spread), (spread, spread)]
    } else {
        &[(0.0, 0.0)]
    };
    let mut field = Field::new(geometry);
    for y in 0..field.height {
        let (row, down) = between(y);
        let mut marks = Corners::new(alignment, usize::MAX, row);
        for x in 0..field.width {
            let (column, across) = between(x);
            if marks.column != column {
                marks = Corners::new(alignment, column, row);
            }
            let (dx, dy) = marks.displacement(across, down);
            let (cx, cy) = ((BORDER + x) as f64 + 0.5 + dx, (BORDER + y) as f64 + 0.5 + dy);
            let sum: f32 = offsets
                .iter()
                .map(|(ox, oy)| {
                    let (u, v) = projection.apply(cx + ox, cy + oy);
                    raster.sample(u, v)
                })
                .sum();
            field.values[y * field.width + x] = sum / offsets.len() as f32;
        }
    }
    field
}

/// Between which two marks a module lies, and how far; modules at the edge lie slightly outside.
fn between(module: usize) -> (usize, f64) {
    let position = module as f64 + 0.5 - MARK as f64 / 2.0;
    let mark = (position.max(0.0) / PITCH as f64) as usize;
    (mark, position / PITCH as f64 - mark as f64)
}

/// The four marks around a stretch of modules.
struct Corners {
    column: usize,
    marks: [Mark; 4],
}

impl Corners {
    fn new(alignment: &Alignment, column: usize, row: usize) -> Self {
        let right = column.saturating_add(1);
        let marks = [(column, row), (right, row), (column, row + 1), (right, row + 1)];
        Self { column, marks: marks.map(|(column, row)| alignment.at(column, row)) }
    }

    fn displacement(&self, across: f64, down: f64) -> (f64, f64) {
        let weights = [(1.0 - across) * (1.0 - down), across * (1.0 - down), (1.0 - across) * down, across * down];
        self.marks
            .iter()
            .zip(weights)
            .fold((0.0, 0.0), |(x, y), (mark, weight)| (x + mark.dx * weight, y + mark.dy * weight))
    }
}

/// Darkness against the mean of the surroundings, in units of their spread.
fn normalise(field: &Field) -> Field {
    /// Modules on each side that count as surroundings.
    const HALF: usize = 15;
    /// Below this spread of greys there is nothing but noise.
    const LEAST_SPREAD: f64 = 8.0;
    let stride = field.width + 1;
    let mut sums = vec![(0.0_f64, 0.0_f64); stride * (field.height + 1)];
    for y in 0..field.height {
        let mut row = (0.0, 0.0);
        for x in 0..field.width {
            let value = f64::from(field.values[y * field.width + x]);
            row = (row.0 + value, row.1 + value * value);
            let above = sums[y * stride + x + 1];
            sums[(y + 1) * stride + x + 1] = (above.0 + row.0, above.1 + row.1);
        }
    }
    field.map(|x, y| {
        let (left, right) = (x.saturating_sub(HALF), (x + HALF + 1).min(field.width));
        let (top, bottom) = (y.saturating_sub(HALF), (y + HALF + 1).min(field.height));
        let corners = [(right, bottom, 1.0), (left, top, 1.0), (left, bottom, -1.0), (right, top, -1.0)];
        let (sum, squares) = corners.iter().fold((0.0, 0.0), |(a, b), &(x, y, sign)| {
            let (sum, squares) = sums[y * stride + x];
            (a + sign * sum, b + sign * squares)
        });
        let count = ((right - left) * (bottom - top)) as f64;
        let mean = sum / count;
        let spread = (squares / count - mean * mean).max(0.0).sqrt().max(LEAST_SPREAD);
        ((mean - f64::from(field.values[y * field.width + x])) / spread) as f32
    })
}

/// Modules on each side that blur into one.
const REACH: usize = 2;
const TAPS: usize = (2 * REACH + 1) * (2 * REACH + 1);
/// A mark as little like itself as this teaches nothing.
const TEACHING: f64 = 0.5;

/// The linear combination of a module's neighbourhood that comes nearest to +1 for ink and −1 for none on the marks.
fn train(darkness: &Field, alignment: &Alignment) -> Vec<f32> {
    let mut equations = vec![vec![0.0; TAPS + 2]; TAPS + 1];
    let mut lessons = 0.0;
    for (column, row) in alignment.places().filter(|&(c, r)| alignment.at(c, r).likeness > TEACHING) {
        for (module, ink) in Geometry::mark(column, row).into_iter().enumerate() {
            let (x, y) = (column * PITCH + module % MARK, row * PITCH + module / MARK);
            let mut inputs = [1.0; TAPS + 2];
            for (input, value) in inputs.iter_mut().zip(darkness.around(x, y)) {
                *input = f64::from(value);
            }
            inputs[TAPS + 1] = if ink { 1.0 } else { -1.0 };
            for (equation, input) in equations.iter_mut().zip(inputs) {
                equation.iter_mut().zip(inputs).for_each(|(sum, other)| *sum += input * other);
            }
            lessons += 1.0;
        }
    }
    // A ridge keeps the solution tame where the marks say little.
    for (index, equation) in equations.iter_mut().enumerate() {
        equation[index] += lessons * 0.01;
    }
    let plain = || (0..=TAPS).map(|tap| if tap == TAPS / 2 { 1.0 } else { 0.0 }).collect();
    if lessons < 20.0 * TAPS as f64 { plain() } else { solve(equations).unwrap_or_else(plain) }
        .into_iter()
        .map(|weight| weight as f32)
        .collect()
}

fn equalise(darkness: &Field, weights: &[f32]) -> Field {
    darkness.map(|x, y| {
        let sum: f32 = darkness.around(x, y).zip(weights).map(|(value, weight)| value * weight).sum();
        sum + weights[TAPS]
    })
}

/// Divides by the error measured at the marks around, so that a damaged part of the page has little to say.
fn weigh(equalised: &Field, alignment: &Alignment) -> Field {
    let geometry = alignment.geometry();
    let errors: Vec<f64> = alignment
        .places()
        .map(|(column, row)| {
            let pattern = Geometry::mark(column, row);
            let squares = pattern.iter().enumerate().map(|(module, &ink)| {
                let (x, y) = (column * PITCH + module % MARK, row * PITCH + module / MARK);
                let wanted = if ink { 1.0 } else { -1.0 };
                (f64::from(equalised.values[y * equalised.width + x]) - wanted).powi(2)
            });
            (squares.sum::<f64>() / pattern.len() as f64).clamp(0.02, 4.0)
        })
        .collect();
    let error = |column: usize, row: usize| {
        errors[row.min(geometry.rows()) * (geometry.columns() + 1) + column.min(geometry.columns())]
    };
    equalised.map(|x, y| {
        let ((column, across), (row, down)) = (between(x), between(y));
        let upper = error(column, row) * (1.0 - across) + error(column + 1, row) * across;
        let lower = error(column, row + 1) * (1.0 - across) + error(column + 1, row + 1) * across;
        let variance = (upper * (1.0 - down) + lower * down).max(0.02);
        (2.0 * f64::from(equalised.values[y * equalised.width + x]) / variance).clamp(-30.0, 30.0) as f32
    })
}

impl Field {
    fn new(geometry: Geometry) -> Self {
        let (width, height) = (geometry.field_width(), geometry.field_height());
        Self { width, height, values: vec![0.0; width * height] }
    }

    fn map(&self, value: impl Fn(usize, usize) -> f32) -> Self {
        let mut values = Vec::with_capacity(self.values.len());
        for y in 0..self.height {
            values.extend((0..self.width).map(|x| value(x, y)));
        }
        Self { width: self.width, height: self.height, values }
    }

    /// The values around a module, row by row; zero beyond the edge.
    fn around(&self, x: usize, y: usize) -> impl Iterator<Item = f32> {
        (0..TAPS).map(move |tap| {
            let (x, y) =
                ((x + tap % (2 * REACH + 1)).wrapping_sub(REACH), (y + tap / (2 * REACH + 1)).wrapping_sub(REACH));
            if x < self.width && y < self.height { self.values[y * self.width + x] } else { 0.0 }
        })
    }
}
