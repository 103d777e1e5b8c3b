//! Grey pixels, as a rasteriser, a scanner or a camera gives them.
#![expect(clippy::many_single_char_names, reason = "coefficients as in the formula")]

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, GrayImage, ImageFormat};

/// Rows of grey pixels, 0 black, 255 white.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Row by row.
    pub pixels: Vec<u8>,
}

impl Picture {
    /// A picture of one grey.
    pub fn plain(width: usize, height: usize, grey: u8) -> Self {
        Self { width, height, pixels: vec![grey; width * height] }
    }

    /// A picture from a function of the pixel.
    pub fn from_pixels(width: usize, height: usize, mut pixel: impl FnMut(usize, usize) -> u8) -> Self {
        let mut pixels = Vec::with_capacity(width * height);
        for y in 0..height {
            pixels.extend((0..width).map(|x| pixel(x, y)));
        }
        Self { width, height, pixels }
    }

    /// A pixel; white outside.
    pub fn get(&self, x: usize, y: usize) -> u8 {
        if x < self.width { self.pixels.get(y * self.width + x).copied().unwrap_or(u8::MAX) } else { u8::MAX }
    }

    /// A row; empty outside.
    pub fn row(&self, y: usize) -> &[u8] {
        self.pixels.get(y * self.width..(y + 1) * self.width).unwrap_or_default()
    }

    /// The grey between the four nearest pixels; `None` beyond the edge. Pixel `i` reaches from `i` to `i + 1`.
    pub fn sample(&self, x: f32, y: f32) -> Option<f32> {
        let (x, y) = (x - 0.5, y - 0.5);
        if x < 0.0 || y < 0.0 {
            return None;
        }
        let (left, top) = (x as usize, y as usize);
        if left + 1 >= self.width || top + 1 >= self.height {
            return None;
        }
        let (across, down) = (x - left as f32, y - top as f32);
        let at = top * self.width + left;
        let upper = self.pixels.get(at..at + 2)?;
        let lower = self.pixels.get(at + self.width..at + self.width + 2)?;
        let [a, b] = [f32::from(*upper.first()?), f32::from(*upper.last()?)];
        let [c, d] = [f32::from(*lower.first()?), f32::from(*lower.last()?)];
        let (above, below) = (a + (b - a) * across, c + (d - c) * across);
        Some(above + (below - above) * down)
    }

    /// A part of the picture; what lies outside is white.
    #[must_use]
    pub fn part(&self, left: usize, top: usize, width: usize, height: usize) -> Self {
        Self::from_pixels(width, height, |x, y| self.get(left + x, top + y))
    }

    /// The mean grey of a part.
    pub fn mean(&self, left: usize, top: usize, width: usize, height: usize) -> f64 {
        let rows = (top..(top + height).min(self.height))
            .map(|y| self.row(y).get(left.min(self.width)..(left + width).min(self.width)).unwrap_or_default());
        let (sum, count) = rows.fold((0.0, 0_usize), |(sum, count), row| {
            (sum + row.iter().map(|&pixel| f64::from(pixel)).sum::<f64>(), count + row.len())
        });
        sum / count.max(1) as f64
    }

    /// As a PNG file.
    pub fn png(&self) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        self.image().write_to(&mut file, ImageFormat::Png).expect("a picture in memory becomes a PNG");
        file.into_inner()
    }

    /// As a JPEG file.
    pub fn jpeg(&self, quality: u8) -> Vec<u8> {
        let mut file = Vec::new();
        JpegEncoder::new_with_quality(&mut file, quality)
            .encode(&self.pixels, self.width as u32, self.height as u32, ExtendedColorType::L8)
            .expect("a picture in memory becomes a JPEG");
        file
    }

    /// Through a JPEG file and back.
    #[must_use]
    pub fn through_jpeg(&self, quality: u8) -> Self {
        Self::decode(&self.jpeg(quality))
    }

    /// From a file of any format that the `image` crate reads.
    pub fn decode(file: &[u8]) -> Self {
        image::load_from_memory(file).expect("a picture file").into_luma8().into()
    }

    fn image(&self) -> GrayImage {
        GrayImage::from_raw(self.width as u32, self.height as u32, self.pixels.clone())
            .expect("the pixels are as many as the size says")
    }
}

impl From<GrayImage> for Picture {
    fn from(image: GrayImage) -> Self {
        Self { width: image.width() as usize, height: image.height() as usize, pixels: image.into_raw() }
    }
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({} x {})", self.width, self.height)
    }
}
