//! Chance on paper: numbers and smooth random textures from a seed.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore as _, SeedableRng as _};

/// Numbers from a seed. The same seed gives the same page on every machine.
#[derive(Debug, Clone)]
pub struct Chance(ChaCha8Rng);

impl Chance {
    /// From a seed and what it is used for.
    pub fn new(seed: u64, purpose: u64) -> Self {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        chance.set_stream(purpose);
        Self(chance)
    }

    /// Between 0 and 1.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Evenly between two bounds.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A whole number below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.unit() * bound as f64) as usize
    }

    /// Normal, of deviation 1 (Box and Muller).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// Whether something of this probability happens.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }
}

/// A random texture of deviation 1, smooth over a given length; it repeats beyond its edge.
#[derive(Debug, Clone)]
pub struct Texture {
    values: Vec<f32>,
}

/// Pixels of a texture's side: prime, so that what repeats never meets the grid of what is printed.
const SIDE: usize = 1021;

impl Texture {
    /// Smooth over so many pixels (the deviation of the filter that makes it so).
    pub fn new(seed: u64, purpose: u64, smooth_over: f64) -> Self {
        let mut chance = Chance::new(seed, purpose);
        let mut values: Vec<f32> = (0..SIDE * SIDE).map(|_| chance.normal() as f32).collect();
        let reach = (smooth_over * 3.0).ceil() as usize;
        if reach > 0 {
            let weights: Vec<f32> = (0..=2 * reach)
                .map(|at| (-0.5 * ((at as f64 - reach as f64) / smooth_over).powi(2)).exp() as f32)
                .collect();
            values = smoothed_down(&smoothed_across(&values, &weights), &weights);
        }
        let deviation = (values.iter().map(|value| value * value).sum::<f32>() / values.len() as f32).sqrt();
        for value in &mut values {
            *value /= deviation.max(f32::MIN_POSITIVE);
        }
        Self { values }
    }

    /// The row of the texture for a row of a page, at an offset.
    pub fn row(&self, y: usize, offset: (usize, usize)) -> impl Iterator<Item = f32> + '_ {
        let top = (y + offset.1) % SIDE * SIDE;
        let row = self.values.get(top..top + SIDE).unwrap_or_default();
        row.iter().cycle().skip(offset.0 % SIDE).copied()
    }

    /// A copy of the texture's row, long enough for a page.
    pub fn fill_row(&self, y: usize, offset: (usize, usize), into: &mut [f32]) {
        let top = (y + offset.1) % SIDE * SIDE;
        let row = self.values.get(top..top + SIDE).unwrap_or_default();
        let mut start = offset.0 % SIDE;
        let mut at = 0;
        while at < into.len() {
            let length = (SIDE - start).min(into.len() - at);
            if let (Some(target), Some(source)) = (into.get_mut(at..at + length), row.get(start..start + length)) {
                target.copy_from_slice(source);
            }
            at += length;
            start = 0;
        }
    }
}

/// Filtered along each row, round and round.
fn smoothed_across(values: &[f32], weights: &[f32]) -> Vec<f32> {
    let reach = weights.len() / 2;
    let mut smooth = vec![0.0; values.len()];
    for (row, target) in values.chunks_exact(SIDE).zip(smooth.chunks_exact_mut(SIDE)) {
        let round: Vec<f32> = row.iter().cycle().skip(SIDE - reach).take(SIDE + 2 * reach).copied().collect();
        for (tap, weight) in weights.iter().enumerate() {
            add(target, round.get(tap..tap + SIDE).unwrap_or_default(), *weight);
        }
    }
    smooth
}

/// Filtered along each column, round and round.
fn smoothed_down(values: &[f32], weights: &[f32]) -> Vec<f32> {
    let reach = weights.len() / 2;
    let mut smooth = vec![0.0; values.len()];
    for (y, target) in smooth.chunks_exact_mut(SIDE).enumerate() {
        for (tap, weight) in weights.iter().enumerate() {
            let row = (y + SIDE + tap - reach) % SIDE * SIDE;
            add(target, values.get(row..row + SIDE).unwrap_or_default(), *weight);
        }
    }
    smooth
}

fn add(target: &mut [f32], row: &[f32], weight: f32) {
    for (sum, value) in target.iter_mut().zip(row) {
        *sum += weight * value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers_and_another_purpose_others() {
        let draw = |seed, purpose| Chance::new(seed, purpose).unit().to_bits();
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(1, 3));
        assert_ne!(draw(1, 2), draw(2, 2));
    }

    #[test]
    fn numbers_have_the_mean_and_deviation_they_claim() {
        let mut chance = Chance::new(5, 0);
        let drawn: Vec<f64> = (0..40_000).map(|_| chance.normal()).collect();
        let mean = drawn.iter().sum::<f64>() / 40_000.0;
        let variance = drawn.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 40_000.0;
        assert!(mean.abs() < 0.02 && (variance - 1.0).abs() < 0.03, "{mean} {variance}");
    }

    #[test]
    fn a_texture_is_as_smooth_as_was_asked() {
        let texture = Texture::new(9, 0, 2.0);
        let row: Vec<f32> = texture.row(3, (0, 0)).take(SIDE).collect();
        let product = |lag: usize| -> f32 {
            row.iter().zip(row.iter().skip(lag)).map(|(a, b)| a * b).sum::<f32>() / (SIDE - lag) as f32
        };
        // The correlation of white noise behind a normal filter of deviation s at a lag d: exp(-d²/4s²).
        let expected = (-4.0_f32 / 16.0).exp();
        assert!((product(2) / product(0) - expected).abs() < 0.15, "{}", product(2) / product(0));
    }
}
