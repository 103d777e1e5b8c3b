//! Blur: normal filters and apertures over pages of bytes.
#![expect(clippy::excessive_nesting, reason = "a model of a surface is loops within loops")]

use super::picture::Picture;

/// A one-dimensional filter; its weights add up to 256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kernel(Vec<u32>);

impl Kernel {
    /// The given deviation in pixels behind an aperture of the given width.
    pub fn new(deviation: f64, aperture: f64) -> Self {
        let reach = (deviation * 3.0 + aperture / 2.0).ceil().max(0.0) as i32;
        // Finely sampled: each weight is the integral over its pixel.
        let fine = 16;
        let aperture_steps = (aperture * f64::from(fine)).round().max(1.0) as i32;
        let weight_at = |place: i32| -> f64 {
            (0..aperture_steps)
                .map(|step| {
                    let aside = (f64::from(step) + 0.5) / f64::from(aperture_steps) - 0.5;
                    let distance = f64::from(place) + aside * aperture;
                    within_pixel(distance, deviation)
                })
                .sum()
        };
        let weights: Vec<f64> = (-reach..=reach).map(weight_at).collect();
        let total: f64 = weights.iter().sum();
        let mut rounded: Vec<u32> = weights.iter().map(|weight| (weight / total * 256.0).round() as u32).collect();
        let sum: u32 = rounded.iter().sum();
        if let Some(middle) = rounded.get_mut(reach as usize) {
            *middle = (*middle + 256).saturating_sub(sum);
        }
        Self(rounded)
    }

    /// Filtered along rows and columns.
    pub fn apply(&self, picture: &Picture) -> Picture {
        if self.0.len() < 2 {
            return picture.clone();
        }
        let mut across = picture.clone();
        for (row, target) in
            picture.pixels.chunks_exact(picture.width).zip(across.pixels.chunks_exact_mut(picture.width))
        {
            self.filter_row(row, target);
        }
        self.down(&across)
    }

    fn filter_row(&self, row: &[u8], target: &mut [u8]) {
        let reach = self.0.len() / 2;
        let (Some(&first), Some(&last)) = (row.first(), row.last()) else { return };
        let padded: Vec<u8> = std::iter::repeat_n(first, reach)
            .chain(row.iter().copied())
            .chain(std::iter::repeat_n(last, reach))
            .collect();
        let mut sums = vec![128_u32; row.len()];
        for (tap, weight) in self.0.iter().enumerate() {
            for (sum, &pixel) in sums.iter_mut().zip(padded.get(tap..).unwrap_or_default()) {
                *sum += weight * u32::from(pixel);
            }
        }
        target.iter_mut().zip(&sums).for_each(|(pixel, sum)| *pixel = (sum >> 8).min(255) as u8);
    }

    fn down(&self, picture: &Picture) -> Picture {
        let reach = self.0.len() / 2;
        let mut result = picture.clone();
        let mut sums = vec![0_u32; picture.width];
        for (y, target) in result.pixels.chunks_exact_mut(picture.width).enumerate() {
            sums.fill(128);
            for (tap, weight) in self.0.iter().enumerate() {
                let source = (y + tap).saturating_sub(reach).min(picture.height - 1);
                for (sum, &pixel) in sums.iter_mut().zip(picture.row(source)) {
                    *sum += weight * u32::from(pixel);
                }
            }
            target.iter_mut().zip(&sums).for_each(|(pixel, sum)| *pixel = (sum >> 8).min(255) as u8);
        }
        result
    }
}

/// The part of a normal distribution around 0 that lies within half a pixel of a distance.
fn within_pixel(distance: f64, deviation: f64) -> f64 {
    if deviation < 1e-6 {
        return if distance.abs() < 0.5 { 1.0 } else { 0.0 };
    }
    let below = |x: f64| 0.5 * (1.0 + error_function(x / deviation / std::f64::consts::SQRT_2));
    below(distance + 0.5) - below(distance - 0.5)
}

/// The error function to seven digits (Abramowitz and Stegun 7.1.26).
pub(crate) fn error_function(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.327_591_1 * x.abs());
    let series = ((((1.061_405_429 * t - 1.453_152_027) * t) + 1.421_413_741) * t - 0.284_496_736) * t + 0.254_829_592;
    (1.0 - series * t * (-x * x).exp()).copysign(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kernel_has_the_variance_that_was_asked_for() {
        for (deviation, aperture) in [(0.8, 1.0), (1.0, 2.0), (1.5, 4.0)] {
            let kernel = Kernel::new(deviation, aperture);
            assert_eq!(kernel.0.iter().sum::<u32>(), 256);
            let middle = (kernel.0.len() / 2) as f64;
            let variance: f64 =
                kernel.0.iter().enumerate().map(|(at, w)| (at as f64 - middle).powi(2) * f64::from(*w) / 256.0).sum();
            // The aperture and the pixel are each as wide as a box: a twelfth of the square.
            let asked = deviation.powi(2) + aperture.powi(2) / 12.0 + 1.0 / 12.0;
            assert!((variance / asked - 1.0).abs() < 0.12, "{deviation} {aperture}: {variance} for {asked}");
        }
    }

    #[test]
    fn what_is_plain_stays_plain() {
        let plain = Picture::plain(40, 30, 77);
        assert_eq!(Kernel::new(1.3, 2.0).apply(&plain), plain);
    }
}
