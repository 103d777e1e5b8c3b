//! A page as a picture of one bit a pixel, for pages that arrive finished: CCITT Group 4 (ITU-T T.6).
//!
//! **Invariant**: never a coding that replaces shapes by others that look alike, as JBIG2's symbol mode does: it swaps
//! digits. Group 4 gives back each pixel as it was.

use fax::decoder::{decode_g4, pels};
use fax::encoder::Encoder;
use fax::{Color, VecWriter};

use crate::document::bit_picture::BitPicture;

/// A page of one bit a pixel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BilevelPage {
    /// Pixels in an inch, 72 to 1200.
    pub resolution: u16,
    /// Ink.
    pub picture: BitPicture,
}

/// Why bytes are not a bilevel page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BilevelError {
    /// They are no bilevel page.
    #[error("the bytes are not a bilevel page")]
    Malformed,
    /// It is larger than a page may be.
    #[error("the bilevel page is too large")]
    TooLarge,
}

/// Pixels along a side, at most: A4 at 600 dpi.
const MAXIMUM_SIDE: usize = 7100;
const VERSION: u8 = 1;

impl BilevelPage {
    /// The page as bytes: 1, resolution, width, height (each two bytes), Group 4.
    pub fn to_bytes(&self) -> Result<Vec<u8>, BilevelError> {
        let (width, height) = (self.picture.width(), self.picture.height());
        if width == 0 || height == 0 || width > MAXIMUM_SIDE || height > MAXIMUM_SIDE {
            return Err(BilevelError::TooLarge);
        }
        let mut encoder = Encoder::new(VecWriter::new());
        for y in 0..height {
            let colors = (0..width).map(|x| if self.picture.get(x, y) { Color::Black } else { Color::White });
            let Ok(()) = encoder.encode_line(colors, width as u16);
        }
        let Ok(writer) = encoder.finish();
        let mut bytes = vec![VERSION];
        for number in [self.resolution, width as u16, height as u16] {
            bytes.extend(number.to_be_bytes());
        }
        bytes.extend(writer.finish());
        Ok(bytes)
    }

    /// Reads a page. Lines that are missing at the end are malformed, not white.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BilevelError> {
        let (&head, coded) = bytes.split_first_chunk::<7>().ok_or(BilevelError::Malformed)?;
        let (&version, numbers) = head.split_first().ok_or(BilevelError::Malformed)?;
        let [resolution, width, height] = match numbers.as_chunks::<2>().0 {
            &[resolution, width, height] if version == VERSION => [resolution, width, height].map(u16::from_be_bytes),
            _ => return Err(BilevelError::Malformed),
        };
        let size = (usize::from(width), usize::from(height));
        if size.0 > MAXIMUM_SIDE || size.1 > MAXIMUM_SIDE {
            return Err(BilevelError::TooLarge);
        }
        if !(72..=1200).contains(&resolution) || size.0 == 0 || size.1 == 0 {
            return Err(BilevelError::Malformed);
        }
        let mut picture = BitPicture::new(size.0, size.1);
        let mut lines = 0;
        // Without a height, the decoder stops at the end mark and adds nothing of its own.
        let decoded = decode_g4(coded.iter().copied(), width, None, |changes| {
            for (x, _) in pels(changes, width).enumerate().filter(|(_, color)| *color == Color::Black) {
                picture.set(x, lines, true);
            }
            lines += 1;
        });
        if decoded.is_none() || lines != size.1 {
            return Err(BilevelError::Malformed);
        }
        Ok(Self { resolution, picture })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> BilevelPage {
        let mut picture = BitPicture::new(413, 97);
        for (x, y) in (0..97).flat_map(|y| (0..413).map(move |x| (x, y))) {
            picture.set(x, y, (x / 3 + y / 2) % 7 == 0 || (x * y) % 61 == 5 || x == 412);
        }
        BilevelPage { resolution: 200, picture }
    }

    #[test]
    fn a_page_comes_back_pixel_for_pixel() {
        for page in [page(), BilevelPage { resolution: 600, picture: BitPicture::new(1, 1) }] {
            assert!(BilevelPage::from_bytes(&page.to_bytes().unwrap()).unwrap() == page);
        }
    }

    #[test]
    fn what_is_cut_off_or_claims_too_much_is_refused() {
        let bytes = page().to_bytes().unwrap();
        for length in [0, 6, 7, 20, bytes.len() / 2] {
            assert_eq!(BilevelPage::from_bytes(&bytes[..length]), Err(BilevelError::Malformed), "{length}");
        }
        let mut huge = bytes.clone();
        huge[3] = 0xFF;
        assert_eq!(BilevelPage::from_bytes(&huge), Err(BilevelError::TooLarge));
        let mut other = bytes;
        other[0] = 2;
        assert_eq!(BilevelPage::from_bytes(&other), Err(BilevelError::Malformed));
    }
}
