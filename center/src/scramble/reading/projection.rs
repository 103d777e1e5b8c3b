//! The projection from modules of the picture to positions on the scan.

#![expect(clippy::indexing_slicing, clippy::many_single_char_names, reason = "numeric code on matrices of fixed size")]

use crate::scramble::geometry::Geometry;

/// A plane seen in perspective: modules to pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Projection([f64; 9]);

impl Projection {
    /// The projection that maps four points to four others; `None` where three of them lie on a line.
    pub(super) fn between(from: &[(f64, f64); 4], to: &[(f64, f64); 4]) -> Option<Self> {
        let mut rows: Vec<Vec<f64>> = Vec::with_capacity(8);
        for (&(x, y), &(u, v)) in from.iter().zip(to) {
            rows.push(vec![x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y, u]);
            rows.push(vec![0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y, v]);
        }
        match solve(rows)?.as_slice() {
            &[a, b, c, d, e, f, g, h] => Some(Self([a, b, c, d, e, f, g, h, 1.0])),
            _ => None,
        }
    }

    /// Where a point of the picture lies on the scan.
    pub(super) fn apply(&self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d, e, f, g, h, i] = self.0;
        let w = g * x + h * y + i;
        ((a * x + b * y + c) / w, (d * x + e * y + f) / w)
    }

    /// The same onto a scan enlarged by a factor.
    pub(super) fn scaled(&self, factor: f64) -> Self {
        let [a, b, c, d, e, f, g, h, i] = self.0;
        Self([a * factor, b * factor, c * factor, d * factor, e * factor, f * factor, g, h, i])
    }

    /// Pixels of a module in the middle of the picture.
    pub(super) fn scale(&self, geometry: Geometry) -> f64 {
        let (x, y) = (geometry.width() as f64 / 2.0, geometry.height() as f64 / 2.0);
        let ((x0, y0), (x1, y1)) = (self.apply(x - 50.0, y), self.apply(x + 50.0, y));
        (x1 - x0).hypot(y1 - y0) / 100.0
    }
}

/// Solves linear equations, each row its coefficients and its right side (Gauss with pivoting).
pub(in crate::scramble) fn solve(mut rows: Vec<Vec<f64>>) -> Option<Vec<f64>> {
    let size = rows.len();
    for column in 0..size {
        let pivot = (column..size).max_by(|&a, &b| rows[a][column].abs().total_cmp(&rows[b][column].abs()))?;
        rows.swap(column, pivot);
        let (upper, lower) = rows.split_at_mut(column + 1);
        let lead = upper.last()?;
        if lead[column].abs() < 1e-12 {
            return None;
        }
        for row in lower {
            let factor = row[column] / lead[column];
            for (value, above) in row.iter_mut().zip(lead).skip(column) {
                *value -= factor * above;
            }
        }
    }
    let mut solution = vec![0.0; size];
    for index in (0..size).rev() {
        let row = &rows[index];
        let known: f64 = (index + 1..size).map(|other| row[other] * solution[other]).sum();
        solution[index] = (row[size] - known) / row[index];
    }
    solution.iter().all(|value| value.is_finite()).then_some(solution)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_projection_maps_its_points() {
        let geometry = Geometry::STANDARD;
        let to = [(10.0, 20.0), (900.0, 40.0), (870.0, 1200.0), (30.0, 1150.0)];
        let projection = Projection::between(&geometry.finder_centres(), &to).unwrap();
        for (&(x, y), (u, v)) in geometry.finder_centres().iter().zip(to) {
            let (a, b) = projection.apply(x, y);
            assert!((a - u).abs() < 1e-6 && (b - v).abs() < 1e-6);
        }
    }

    #[test]
    fn points_on_a_line_give_no_projection() {
        let line = [(0.0, 0.0), (1.0, 1.0), (2.0, 2.0), (3.0, 3.0)];
        assert!(Projection::between(&line, &Geometry::STANDARD.finder_centres()).is_none());
    }
}
