//! A page as numbers of any range, and how it is blurred, thickened and made smaller.

use crate::raster::Raster;

/// Rows of numbers.
#[derive(Clone)]
pub(super) struct Plane {
    width: usize,
    height: usize,
    values: Vec<f32>,
}

shared::hidden_debug!(Plane);

impl Plane {
    /// Ink by pixel: 0 white, 1 the darkest there is. Black toner alone is not drawn as dark as a screen can be.
    pub(super) fn ink(raster: &Raster) -> Self {
        let greys = || (0..raster.height()).flat_map(|y| raster.row(y));
        let darkest = greys().copied().min().unwrap_or_default();
        let range = f32::from(u8::MAX - darkest).max(1.0);
        let values = greys().map(|grey| f32::from(u8::MAX - *grey) / range);
        Self { width: raster.width(), height: raster.height(), values: values.collect() }
    }

    /// Of numbers row by row, as many as there are pixels.
    pub(super) const fn of_values((width, height): (usize, usize), values: Vec<f32>) -> Self {
        Self { width, height, values }
    }

    /// A function of the pixel.
    pub(super) fn from_pixels(width: usize, height: usize, value: impl Fn(usize, usize) -> f32) -> Self {
        let mut values = Vec::with_capacity(width * height);
        for y in 0..height {
            values.extend((0..width).map(|x| value(x, y)));
        }
        Self { width, height, values }
    }

    pub(super) const fn width(&self) -> usize {
        self.width
    }

    pub(super) const fn height(&self) -> usize {
        self.height
    }

    /// A number; 0 outside.
    pub(super) fn get(&self, x: usize, y: usize) -> f32 {
        if x < self.width { self.values.get(y * self.width + x).copied().unwrap_or_default() } else { 0.0 }
    }

    /// A row; empty outside.
    pub(super) fn row(&self, y: usize) -> &[f32] {
        self.values.get(y * self.width..(y + 1) * self.width).unwrap_or_default()
    }

    /// So many pixels of a row from a place on; empty if they do not all lie on the page.
    pub(super) fn stretch(&self, (left, y): (usize, usize), length: usize) -> &[f32] {
        self.row(y).get(left..left + length).unwrap_or_default()
    }

    /// All numbers, row after row.
    pub(super) fn numbers(&self) -> &[f32] {
        &self.values
    }

    /// The same, one by one.
    pub(super) fn values(&self) -> impl Iterator<Item = f32> {
        self.values.iter().copied()
    }

    /// Each number with that of another plane of the same size.
    pub(super) fn zip(&self, other: &Self, joined: impl Fn(f32, f32) -> f32) -> Self {
        Self { values: self.values().zip(other.values()).map(|(one, other)| joined(one, other)).collect(), ..*self }
    }

    /// A rectangle; what lies outside is 0.
    pub(super) fn part(&self, (left, top): (usize, usize), (width, height): (usize, usize)) -> Self {
        Self::from_pixels(width, height, |x, y| self.get(left + x, top + y))
    }

    /// Each number changed by itself.
    pub(super) fn map(&self, change: impl Fn(f32) -> f32) -> Self {
        Self { values: self.values.iter().map(|value| change(*value)).collect(), ..*self }
    }

    /// Two by two averaged into one.
    pub(super) fn halved(&self) -> Self {
        let (width, height) = (self.width / 2, self.height / 2);
        let mut values = Vec::with_capacity(width * height);
        for y in 0..height {
            let pairs = |y: usize| self.row(y).as_chunks::<2>().0.iter().take(width).map(|[a, b]| a + b);
            values.extend(pairs(2 * y).zip(pairs(2 * y + 1)).map(|(upper, lower)| (upper + lower) / 4.0));
        }
        Self { width, height, values }
    }

    /// Blurred by a Gaussian of some pixels; what lies outside counts as the edge.
    pub(super) fn blurred(&self, deviation: f32) -> Self {
        if deviation < 0.15 {
            return self.clone();
        }
        let reach = (deviation * 3.0).ceil() as usize;
        let weight = |place: usize| (-0.5 * ((place as f32 - reach as f32) / deviation).powi(2)).exp();
        let weights: Vec<f32> = (0..=2 * reach).map(weight).collect();
        let total: f32 = weights.iter().sum();
        let weights: Vec<f32> = weights.into_iter().map(|weight| weight / total).collect();
        self.convolved_along_rows(&weights).convolved_along_columns(&weights)
    }

    fn convolved_along_rows(&self, weights: &[f32]) -> Self {
        let reach = weights.len() / 2;
        let mut values = Vec::with_capacity(self.values.len());
        let mut padded = Vec::with_capacity(self.width + 2 * reach);
        let mut sums = vec![0.0_f32; self.width];
        for y in 0..self.height {
            let row = self.row(y);
            let (first, last) = (row.first().copied().unwrap_or_default(), row.last().copied().unwrap_or_default());
            padded.clear();
            padded.resize(reach, first);
            padded.extend_from_slice(row);
            padded.resize(self.width + 2 * reach, last);
            sums.fill(0.0);
            // Weight by weight over the whole row: many pixels at a time.
            for (weight, from) in weights.iter().zip(padded.windows(self.width.max(1))) {
                sums.iter_mut().zip(from).for_each(|(sum, value)| *sum += value * weight);
            }
            values.extend_from_slice(&sums);
        }
        Self { values, ..*self }
    }

    fn convolved_along_columns(&self, weights: &[f32]) -> Self {
        let reach = weights.len() / 2;
        let mut values = Vec::with_capacity(self.values.len());
        let mut sums = vec![0.0_f32; self.width];
        for y in 0..self.height {
            sums.fill(0.0);
            for (place, weight) in weights.iter().enumerate() {
                let from = (y + place).saturating_sub(reach).min(self.height.saturating_sub(1));
                sums.iter_mut().zip(self.row(from)).for_each(|(sum, value)| *sum += value * weight);
            }
            values.extend_from_slice(&sums);
        }
        Self { values, ..*self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blur_keeps_the_sum_and_spreads_a_point() {
        let point = Plane::from_pixels(31, 31, |x, y| if (x, y) == (15, 15) { 1.0 } else { 0.0 });
        let blurred = point.blurred(2.0);
        let sum: f32 = (0..31).flat_map(|y| blurred.row(y)).sum();
        assert!((sum - 1.0).abs() < 1e-3);
        let middle = 1.0 / (2.0 * std::f32::consts::PI * 4.0);
        assert!((blurred.get(15, 15) - middle).abs() < 0.002 && blurred.get(15, 17) < blurred.get(15, 16));
    }

    #[test]
    fn solid_ink_is_one_however_dark_it_is_drawn() {
        let toner = Raster::from_pixels(3, 1, |x, _| [255, 145, 35][x]);
        let ink = Plane::ink(&toner);
        let close = |x: usize, expected: f32| (ink.get(x, 0) - expected).abs() < 1e-6;
        assert!(close(0, 0.0) && close(1, 0.5) && close(2, 1.0));
        let blank = Plane::ink(&Raster::from_pixels(2, 2, |_, _| 255));
        assert!(blank.row(0).iter().all(|ink| ink.abs() < 1e-6));
    }

    #[test]
    fn halving_averages() {
        let plane = Plane::from_pixels(5, 4, |x, y| (x + 10 * y) as f32);
        let half = plane.halved();
        assert_eq!((half.width(), half.height()), (2, 2));
        assert!((half.get(1, 1) - 27.5).abs() < 1e-5);
    }
}
