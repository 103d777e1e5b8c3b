//! A picture of one bit a pixel or module: what codes and the scramble field are drawn from.

/// Rows from top to bottom, eight pixels a byte, the leftmost in the highest bit. A set bit is ink.
///
/// Rows are padded to whole bytes with zero bits, as a PDF image wants them (ISO 32000-1 §8.9.5.2).
#[derive(Clone, PartialEq, Eq)]
pub struct BitPicture {
    width: usize,
    height: usize,
    bytes: Vec<u8>,
}

/// Bits that are written at once: wherever they begin in a byte, they end within a word.
pub const MAXIMUM_STRETCH: usize = 56;

impl BitPicture {
    /// A picture without ink.
    pub fn new(width: usize, height: usize) -> Self {
        Self { width, height, bytes: vec![0; width.div_ceil(8) * height] }
    }

    /// A picture from packed rows; `None` if their number is not that of the size.
    ///
    /// Bits of the padding are cleared.
    pub fn from_bytes(width: usize, height: usize, mut bytes: Vec<u8>) -> Option<Self> {
        let stride = width.div_ceil(8);
        if bytes.len() != stride.checked_mul(height)? {
            return None;
        }
        let padding = stride * 8 - width;
        if padding > 0 {
            for last in bytes.iter_mut().skip(stride - 1).step_by(stride) {
                *last &= 0xFF << padding;
            }
        }
        Some(Self { width, height, bytes })
    }

    /// Pixels in a row.
    pub const fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub const fn height(&self) -> usize {
        self.height
    }

    /// Bytes in a row.
    pub const fn stride(&self) -> usize {
        self.width.div_ceil(8)
    }

    /// All rows, packed.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// One row, packed; empty outside the picture.
    pub fn row(&self, y: usize) -> &[u8] {
        let stride = self.stride();
        self.bytes.get(y * stride..(y + 1) * stride).unwrap_or_default()
    }

    /// Whether there is ink; outside the picture there is none.
    pub fn get(&self, x: usize, y: usize) -> bool {
        x < self.width && self.row(y).get(x / 8).is_some_and(|byte| byte & (0x80 >> (x % 8)) != 0)
    }

    /// Puts ink or takes it away; outside the picture nothing happens.
    #[expect(clippy::fn_params_excessive_bools, reason = "the bit of a bit picture")]
    pub fn set(&mut self, x: usize, y: usize, ink: bool) {
        let index = y * self.stride() + x / 8;
        if x >= self.width {
            return;
        }
        if let Some(byte) = self.bytes.get_mut(index) {
            let bit = 0x80 >> (x % 8);
            if ink { *byte |= bit } else { *byte &= !bit }
        }
    }

    /// Adds ink from a place to the right, where the lowest `count` bits (at most [`MAXIMUM_STRETCH`]) are ones, the
    /// highest first.
    pub fn or_bits(&mut self, (x, y): (usize, usize), bits: u64, count: usize) {
        if count == 0 || count > MAXIMUM_STRETCH || x + count > self.width || y >= self.height {
            return;
        }
        let start = y * self.stride() + x / 8;
        let spread = (bits << (64 - count) >> (x % 8)).to_be_bytes();
        let end = (start + spread.len()).min(self.bytes.len());
        let bytes = self.bytes.get_mut(start..end).unwrap_or_default();
        bytes.iter_mut().zip(spread).for_each(|(byte, bits)| *byte |= bits);
    }

    /// Pixels with ink.
    pub fn ink(&self) -> usize {
        self.bytes.iter().map(|byte| byte.count_ones() as usize).sum()
    }
}

impl std::fmt::Debug for BitPicture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BitPicture({} x {})", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_leftmost_pixel_is_the_highest_bit_and_rows_are_padded() {
        let mut picture = BitPicture::new(10, 2);
        picture.set(0, 0, true);
        picture.set(9, 1, true);
        assert_eq!(picture.bytes(), [0x80, 0, 0, 0x40]);
        assert!(picture.get(9, 1) && !picture.get(8, 1));
        assert_eq!(picture.ink(), 2);
        picture.set(9, 1, false);
        assert_eq!(picture.row(1), [0, 0]);
    }

    #[test]
    fn outside_the_picture_is_no_ink_and_nothing_to_write() {
        let mut picture = BitPicture::new(10, 2);
        picture.set(10, 0, true);
        picture.set(0, 2, true);
        assert_eq!(picture, BitPicture::new(10, 2));
        assert!(!picture.get(10, 0) && !picture.get(0, 2));
    }

    #[test]
    fn a_stretch_of_bits_lands_where_single_ones_would() {
        for (x, count) in [(0, 1), (3, 56), (7, 9), (78, 2), (13, 27), (23, 56)] {
            let bits = 0x5E_A5C3_96F1_0BAD & ((1 << count) - 1);
            let (mut at_once, mut singly) = (BitPicture::new(80, 3), BitPicture::new(80, 3));
            at_once.or_bits((x, 2), bits, count);
            (0..count).for_each(|place| singly.set(x + place, 2, bits >> (count - 1 - place) & 1 == 1));
            assert!(at_once == singly, "{x} {count}");
        }
        let mut outside = BitPicture::new(40, 3);
        outside.or_bits((39, 0), 3, 2);
        outside.or_bits((0, 3), 3, 2);
        assert_eq!(outside.ink(), 0);
    }

    #[test]
    fn packed_rows_must_fit_the_size_and_lose_their_padding() {
        assert!(BitPicture::from_bytes(10, 2, vec![0; 3]).is_none());
        let picture = BitPicture::from_bytes(10, 2, vec![0xFF; 4]).unwrap();
        assert_eq!(picture.bytes(), [0xFF, 0xC0, 0xFF, 0xC0]);
        assert_eq!(BitPicture::from_bytes(0, 3, vec![]).unwrap().ink(), 0);
    }
}
