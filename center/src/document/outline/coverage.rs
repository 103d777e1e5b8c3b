//! An outline as pixels: which part of each it covers.

use super::Outline;

/// Where an outline is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// Width and height of the picture in pixels.
    pub size: (usize, usize),
    /// Pixels from the left and from the top to where the baseline begins.
    pub origin: (f32, f32),
    /// Pixels of an em.
    pub em: f32,
}

impl Outline {
    /// Which part of each pixel it covers, row by row.
    pub fn coverage(&self, frame: Frame) -> Vec<f32> {
        let (width, height) = frame.size;
        let mut pixels = vec![0.0_f32; width * height];
        for (y, row) in pixels.chunks_exact_mut(width.max(1)).enumerate() {
            self.cover_row(row, y, frame);
        }
        pixels
    }

    fn cover_row(&self, row: &mut [f32], y: usize, frame: Frame) {
        /// Lines across a row of pixels on which the outline is looked at.
        const LINES: u8 = 2;
        let place = |ems: f32| (frame.origin.0 + ems * frame.em).clamp(0.0, frame.size.0 as f32);
        for line in 0..LINES {
            let below = frame.origin.1 - y as f32 - (f32::from(line) + 0.5) / f32::from(LINES);
            let crossings = self.crossings(below / frame.em);
            for [from, to] in crossings.as_chunks::<2>().0 {
                cover(row, (place(*from), place(*to)), 1.0 / f32::from(LINES));
            }
        }
    }
}

/// Adds a stretch to the pixels of a row.
fn cover(row: &mut [f32], (from, to): (f32, f32), weight: f32) {
    let first = from as usize;
    let count = (to.ceil() as usize).saturating_sub(first);
    for (x, pixel) in row.iter_mut().enumerate().skip(first).take(count) {
        let left = x as f32;
        *pixel += (to.min(left + 1.0) - from.max(left)).max(0.0) * weight;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::typeface::Font;
    use crate::document::typeface::tests::TYPEFACES;

    #[test]
    fn half_a_pixel_is_half_covered_and_the_whole_is_the_area_of_the_outline() {
        // 口 and a square that begins in the middle of a pixel.
        let square = Outline { rings: vec![vec![(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0)]] };
        let frame = Frame { size: (8, 6), origin: (1.5, 5.0), em: 4.0 };
        let pixels = square.coverage(frame);
        let row: Vec<f32> = pixels[2 * 8..3 * 8].to_vec();
        assert_eq!(row, [0.0, 0.5, 1.0, 1.0, 1.0, 0.5, 0.0, 0.0]);
        assert!((pixels.iter().sum::<f32>() - 16.0).abs() < 1e-4);
        let mouth = Outline::of(TYPEFACES.faces().unwrap().face(Font::Labels), '口').unwrap();
        let frame = Frame { size: (40, 40), origin: (4.0, 34.0), em: 32.0 };
        let pixels = mouth.coverage(frame);
        // A stroke on the left, nothing in the middle.
        assert!(pixels[20 * 40 + 20] < 0.01 && pixels[20 * 40..21 * 40].iter().any(|&part| part > 0.9));
    }
}
