//! A long row of bits in words of 64, the first bit in the highest place of the first word.

use crate::document::bit_picture::{BitPicture, MAXIMUM_STRETCH};

/// Bits that are written once, from the front, and read in stretches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BitRow {
    words: Vec<u64>,
    length: usize,
}

impl BitRow {
    /// No bits, with room for some.
    pub(super) fn with_room(bits: usize) -> Self {
        // One word more than needed: a stretch may end in the middle of the last one.
        Self { words: Vec::with_capacity(bits / 64 + 2), length: 0 }
    }

    /// How many bits there are.
    pub(super) const fn len(&self) -> usize {
        self.length
    }

    /// Adds the lowest `count` bits of a word, the highest of them first. `count` is 1 to 64.
    pub(super) fn push(&mut self, bits: u64, count: usize) {
        let aligned = bits << (64 - count);
        let used = self.length % 64;
        match self.words.last_mut().filter(|_| used > 0) {
            Some(last) => {
                *last |= aligned >> used;
                if used + count > 64 {
                    self.words.push(aligned << (64 - used));
                }
            }
            None => self.words.push(aligned),
        }
        self.length += count;
    }

    /// Adds a stretch of another row.
    pub(super) fn append(&mut self, other: &Self, from: usize, count: usize) {
        let mut at = from;
        let end = (from + count).min(other.length);
        while at < end {
            let step = (end - at).min(64);
            self.push(other.take(at, step), step);
            at += step;
        }
    }

    /// Up to 64 bits from a place on, in the lowest places of a word; beyond the end they are zero.
    pub(super) fn take(&self, from: usize, count: usize) -> u64 {
        if count == 0 {
            return 0;
        }
        let (word, shift) = (from / 64, from % 64);
        let at = |index: usize| self.words.get(index).copied().unwrap_or_default();
        let joined = if shift == 0 { at(word) } else { at(word) << shift | at(word + 1) >> (64 - shift) };
        joined >> (64 - count.min(64))
    }

    /// Draws a stretch of bits from a place of a picture to the right.
    pub(super) fn draw(&self, (from, count): (usize, usize), picture: &mut BitPicture, (x, y): (usize, usize)) {
        for done in (0..count).step_by(MAXIMUM_STRETCH) {
            let step = (count - done).min(MAXIMUM_STRETCH);
            picture.or_bits((x + done, y), self.take(from + done, step), step);
        }
    }

    /// One bit; beyond the end it is zero.
    #[cfg(test)]
    pub(super) fn get(&self, place: usize) -> bool {
        self.words.get(place / 64).is_some_and(|word| word >> (63 - place % 64) & 1 == 1)
    }

    /// Inverts the bits where a word of the sequence has ones, the sequence beginning at the first bit.
    pub(super) fn invert_by(&mut self, mut sequence: impl FnMut() -> u64) {
        for word in &mut self.words {
            *word ^= sequence();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_taken_as_they_were_pushed() {
        let mut row = BitRow::with_room(300);
        let pieces = [(0b101, 3), (0, 7), (u64::MAX, 64), (0x1234_5678, 29), (1, 1), (0xDEAD_BEEF_0BAD_F00D, 64)];
        for (bits, count) in pieces {
            row.push(bits, count);
        }
        let mut at = 0;
        for (bits, count) in pieces {
            assert_eq!(row.take(at, count), bits, "{at}");
            at += count;
        }
        assert_eq!(row.len(), at);
        assert!(row.get(0) && !row.get(1) && row.get(2) && !row.get(at + 1));
        let mut part = BitRow::with_room(100);
        part.append(&row, 5, 130);
        assert_eq!((part.len(), part.take(69, 60)), (130, row.take(74, 60)));
    }
}
