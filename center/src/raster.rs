//! A page as grey pixels, and how positions on it are sampled.

use image::GrayImage;

/// Rows of grey pixels, 0 black, 255 white. Positions are continuous: pixel `i` reaches from `i` to `i + 1`.
#[derive(Clone, PartialEq, Eq)]
pub struct Raster {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Raster {
    /// From rows of pixels; `None` if their number is not that of the size.
    pub fn new(width: usize, height: usize, pixels: Vec<u8>) -> Option<Self> {
        let is_whole = width > 0 && height > 0 && width.checked_mul(height) == Some(pixels.len());
        is_whole.then_some(Self { width, height, pixels })
    }

    /// A raster from a function of the pixel.
    pub fn from_pixels(width: usize, height: usize, mut pixel: impl FnMut(usize, usize) -> u8) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        let mut pixels = Vec::with_capacity(width * height);
        for y in 0..height {
            pixels.extend((0..width).map(|x| pixel(x, y)));
        }
        Self { width, height, pixels }
    }

    /// A raster from functions of the column, one for each row: what a row has in common is found once.
    pub fn from_rows<F: FnMut(usize) -> u8>(width: usize, height: usize, row: impl Fn(usize) -> F) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        let mut pixels = Vec::with_capacity(width * height);
        for y in 0..height {
            pixels.extend((0..width).map(row(y)));
        }
        Self { width, height, pixels }
    }

    /// Pixels in a row.
    pub const fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub const fn height(&self) -> usize {
        self.height
    }

    /// A row; empty outside.
    pub fn row(&self, y: usize) -> &[u8] {
        self.pixels.get(y * self.width..(y + 1) * self.width).unwrap_or_default()
    }

    /// A pixel; white outside.
    pub fn get(&self, x: usize, y: usize) -> u8 {
        if x < self.width { self.pixels.get(y * self.width + x).copied().unwrap_or(u8::MAX) } else { u8::MAX }
    }

    /// The grey at a position between the four nearest pixels; beyond the edge as at the edge.
    pub fn sample(&self, x: f64, y: f64) -> f32 {
        let place = |position: f64, length: usize| {
            let position = (position - 0.5).clamp(0.0, (length - 1) as f64);
            let index = position as usize;
            (index, (index + 1).min(length - 1), (position - index as f64) as f32)
        };
        let (left, right, across) = place(x, self.width);
        let (top, bottom, down) = place(y, self.height);
        let at = |x: usize, y: usize| f32::from(self.pixels.get(y * self.width + x).copied().unwrap_or_default());
        let upper = at(left, top) + (at(right, top) - at(left, top)) * across;
        let lower = at(left, bottom) + (at(right, bottom) - at(left, bottom)) * across;
        upper + (lower - upper) * down
    }

    /// The grey of blank paper: that of most pixels, as three quarters of a page are blank.
    pub fn paper(&self) -> u8 {
        let mut counts = [0_usize; 256];
        for &pixel in &self.pixels {
            if let Some(count) = counts.get_mut(usize::from(pixel)) {
                *count += 1;
            }
        }
        let mut left = self.pixels.len() * 3 / 5;
        for (grey, count) in (0..=u8::MAX).zip(counts) {
            if count > left {
                return grey;
            }
            left -= count;
        }
        u8::MAX
    }

    /// Every `factor` × `factor` pixels averaged into one; pixels left over at the right and below are dropped.
    #[must_use]
    pub fn shrunk(&self, factor: usize) -> Self {
        let (width, height) = (self.width / factor.max(1), self.height / factor.max(1));
        if factor <= 1 || width == 0 || height == 0 {
            return self.clone();
        }
        let mut pixels = Vec::with_capacity(width * height);
        let mut sums = vec![0_u32; width];
        for y in 0..height {
            sums.fill(0);
            for row in y * factor..(y + 1) * factor {
                let groups = self.row(row).chunks_exact(factor);
                let groups = groups.map(|group| group.iter().map(|&pixel| u32::from(pixel)).sum::<u32>());
                sums.iter_mut().zip(groups).for_each(|(sum, group)| *sum += group);
            }
            let count = (factor * factor) as u32;
            pixels.extend(sums.iter().map(|sum| ((sum + count / 2) / count) as u8));
        }
        Self { width, height, pixels }
    }

    /// Turned a quarter to the right, so many times.
    #[must_use]
    pub fn turned(&self, quarters: usize) -> Self {
        let (w, h) = (self.width, self.height);
        match quarters % 4 {
            1 => Self::from_pixels(h, w, |x, y| self.get(y, h - 1 - x)),
            2 => Self::from_pixels(w, h, |x, y| self.get(w - 1 - x, h - 1 - y)),
            3 => Self::from_pixels(h, w, |x, y| self.get(w - 1 - y, x)),
            _ => self.clone(),
        }
    }

    /// Seen in a mirror: left and right exchanged.
    #[must_use]
    pub fn mirrored(&self) -> Self {
        Self::from_pixels(self.width, self.height, |x, y| self.get(self.width - 1 - x, y))
    }
}

impl From<GrayImage> for Raster {
    fn from(image: GrayImage) -> Self {
        let (width, height) = (image.width() as usize, image.height() as usize);
        Self::new(width, height, image.into_raw()).unwrap_or_else(|| Self::from_pixels(1, 1, |_, _| u8::MAX))
    }
}

impl std::fmt::Debug for Raster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Raster({} x {})", self.width, self.height)
    }
}

/// Sums over rectangles of a raster in constant time.
pub(crate) struct Sums {
    width: usize,
    height: usize,
    above_and_left: Vec<u64>,
}

impl Sums {
    /// Adds up a raster.
    pub(crate) fn of(raster: &Raster) -> Self {
        let stride = raster.width + 1;
        let mut sums = vec![0_u64; stride];
        sums.reserve(stride * raster.height);
        for y in 0..raster.height {
            let mut row = 0_u64;
            sums.push(0);
            for &pixel in raster.row(y) {
                row += u64::from(pixel);
                let above = sums.get(sums.len() - stride).copied().unwrap_or_default();
                sums.push(above + row);
            }
        }
        Self { width: raster.width, height: raster.height, above_and_left: sums }
    }

    /// The mean of the pixels within `half` of a pixel.
    pub(crate) fn mean(&self, x: usize, y: usize, half: usize) -> u32 {
        let (left, right) = (x.saturating_sub(half), (x + half + 1).min(self.width));
        let (top, bottom) = (y.saturating_sub(half), (y + half + 1).min(self.height));
        let at = |x: usize, y: usize| self.above_and_left.get(y * (self.width + 1) + x).copied().unwrap_or_default();
        let sum = at(right, bottom) + at(left, top) - at(left, bottom) - at(right, top);
        let count = ((right - left) * (bottom - top)) as u64;
        (sum / count.max(1)) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp() -> Raster {
        Raster::from_pixels(7, 5, |x, y| (x * 10 + y) as u8)
    }

    #[test]
    fn a_sample_lies_between_its_pixels() {
        assert!((ramp().sample(2.5, 3.5) - 23.0).abs() < 1e-4);
        assert!((ramp().sample(3.0, 3.5) - 28.0).abs() < 1e-4);
        assert!((ramp().sample(-9.0, 99.0) - 4.0).abs() < 1e-4);
    }

    #[test]
    fn four_quarter_turns_and_two_mirrors_change_nothing() {
        assert_eq!(ramp().turned(1).turned(3), ramp());
        assert_eq!(ramp().turned(2).turned(1).turned(1), ramp());
        assert_eq!(ramp().mirrored().mirrored(), ramp());
        assert_eq!(ramp().turned(1).get(4, 0), ramp().get(0, 0));
    }

    #[test]
    fn shrinking_averages_and_sums_give_means() {
        assert_eq!(ramp().shrunk(2).get(1, 1), 28);
        assert_eq!(Sums::of(&ramp()).mean(3, 2, 1), 32);
        assert_eq!(Sums::of(&ramp()).mean(0, 0, 1), 5);
    }
}
