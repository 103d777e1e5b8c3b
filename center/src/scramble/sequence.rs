//! The fixed pseudo-random sequence behind masks, marks and the interleaver (`SplitMix64`). Part of the format.

use super::bits::BitRow;

/// `SplitMix64` (Steele, Lea, Flood 2014): 64 bits a step, the same everywhere and for ever.
#[derive(Debug, Clone)]
pub(super) struct Sequence(u64);

impl Sequence {
    /// Starts at a seed.
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub(super) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`, by multiplication of the upper half.
    pub(super) const fn below(&mut self, bound: usize) -> usize {
        ((self.next() as u128 * bound as u128) >> 64) as usize
    }

    /// Shuffles (Fisher–Yates, from the end).
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }

    /// At least so many bits, as [`Self::bits`] gives them.
    pub(super) fn row(mut self, bits: usize) -> BitRow {
        let mut row = BitRow::with_room(bits + 64);
        while row.len() < bits {
            row.push(self.next().reverse_bits(), 64);
        }
        row
    }

    /// Bits, the lowest of each step first.
    pub(super) fn bits(mut self) -> impl Iterator<Item = bool> {
        std::iter::repeat_with(move || self.next()).flat_map(|word| (0..64).map(move |place| word >> place & 1 == 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_the_bits_of_the_sequence() {
        let row = Sequence::new(5).row(150);
        assert!(Sequence::new(5).bits().take(150).enumerate().all(|(place, bit)| row.get(place) == bit));
        assert!(row.len() >= 150);
    }

    #[test]
    fn the_sequence_is_the_published_one() {
        // First outputs for the seed 1234567, as in the reference implementation's test vector.
        let mut sequence = Sequence::new(1_234_567);
        assert_eq!(sequence.next(), 6_457_827_717_110_365_317);
        assert_eq!(sequence.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn a_shuffle_keeps_every_item() {
        let mut items: Vec<usize> = (0..1000).collect();
        Sequence::new(3).shuffle(&mut items);
        assert!(items.iter().enumerate().filter(|(place, item)| place == *item).count() < 10);
        items.sort_unstable();
        assert!(items.into_iter().eq(0..1000));
    }
}
