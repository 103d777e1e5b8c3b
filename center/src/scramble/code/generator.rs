//! The encoder's tables: eight rows of circulants added up beforehand, so that eight message bits cost one addition.

use std::sync::OnceLock;

use super::{BLOCK_BYTES, Rate};

/// For each group of eight rows of circulants, the sums of every subset of them.
struct Generator {
    /// Bits in a circulant's row.
    circulant: usize,
    /// Words of the parity.
    parity_words: usize,
    /// By group, then by subset, then the words of the sum.
    sums: Vec<u64>,
    groups: usize,
}

/// The parity of a block of message, the first bit in the highest place (CCSDS 131.0-B §7).
///
/// The same as the crate's own encoder, many times faster: a circulant's next row is the one before it rotated, so the
/// sum is rotated instead and each group of rows is added once for each of its rotations. A rotation by whole words costs
/// nothing, so that only 64 by single bits are left.
pub(super) fn parity(rate: Rate, message: &[u8; BLOCK_BYTES]) -> Vec<u64> {
    let generator = generator(rate);
    let words = generator.circulant / WORD;
    let subsets = generator.subsets(message);
    let mut parity = vec![0_u64; generator.parity_words];
    for bit in 0..WORD {
        for (group, subsets) in subsets.chunks_exact(generator.circulant).enumerate() {
            for (word, subset) in subsets.iter().skip(bit).step_by(WORD).enumerate() {
                add_turned(&mut parity, generator.sum(group, *subset), (words, words - 1 - word));
            }
        }
        parity.chunks_exact_mut(words).for_each(turn);
    }
    parity
}

/// Bits of a word.
const WORD: usize = 64;

/// Adds circulants of so many words, each turned to the front by whole words.
fn add_turned(parity: &mut [u64], sum: &[u64], (words, by): (usize, usize)) {
    for (parity, sum) in parity.chunks_exact_mut(words).zip(sum.chunks_exact(words)) {
        let (front, back) = sum.split_at(by);
        let (first, last) = parity.split_at_mut(words - by);
        first.iter_mut().zip(back).for_each(|(word, sum)| *word ^= sum);
        last.iter_mut().zip(front).for_each(|(word, sum)| *word ^= sum);
    }
}

/// Turns a circulant to the front by one bit.
fn turn(circulant: &mut [u64]) {
    let mut carry = circulant.first().map_or(0, |word| word >> (WORD - 1));
    for word in circulant.iter_mut().rev() {
        let next = *word >> (WORD - 1);
        *word = *word << 1 | carry;
        carry = next;
    }
}

fn generator(rate: Rate) -> &'static Generator {
    static GENERATORS: [OnceLock<Generator>; 3] = [const { OnceLock::new() }; 3];
    let [half, two_thirds, four_fifths] = &GENERATORS;
    let cell = match rate {
        Rate::Half => half,
        Rate::TwoThirds => two_thirds,
        Rate::FourFifths => four_fifths,
    };
    cell.get_or_init(|| Generator::new(rate))
}

impl Generator {
    /// For each group and each place in a circulant, the eight message bits that are a circulant apart, as a number; the
    /// first is the highest.
    fn subsets(&self, message: &[u8; BLOCK_BYTES]) -> Vec<u8> {
        let mut subsets = vec![0_u8; self.groups * self.circulant];
        let rows = message.chunks_exact(self.circulant / 8).enumerate();
        for (number, row) in rows {
            // Eight rows make a group.
            let subsets = subsets.chunks_exact_mut(self.circulant).nth(number / 8);
            let places = subsets.unwrap_or_default().as_chunks_mut::<8>().0;
            for (byte, eight) in row.iter().zip(places) {
                eight.iter_mut().zip((0..8).rev()).for_each(|(subset, bit)| *subset = *subset << 1 | byte >> bit & 1);
            }
        }
        subsets
    }

    fn sum(&self, group: usize, subset: u8) -> &[u64] {
        let start = (group * 256 + usize::from(subset)) * self.parity_words;
        self.sums.get(start..start + self.parity_words).unwrap_or_default()
    }

    fn new(rate: Rate) -> Self {
        let code = rate.code();
        let parity_words = (code.n() - code.k()) / 64;
        let rows: Vec<&[u64]> = code.compact_generator().chunks_exact(parity_words).collect();
        let mut sums = vec![0; rows.len() / 8 * 256 * parity_words];
        let subsets = rows.chunks_exact(8).flat_map(|group| (0..256_usize).map(move |subset| (group, subset)));
        for ((group, subset), sum) in subsets.zip(sums.chunks_exact_mut(parity_words)) {
            for (_, row) in group.iter().enumerate().filter(|(row, _)| subset >> (7 - row) & 1 == 1) {
                sum.iter_mut().zip(*row).for_each(|(sum, word)| *sum ^= word);
            }
        }
        Self { circulant: code.circulant_size(), parity_words, sums, groups: rows.len() / 8 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parity_is_that_of_the_crate() {
        for (number, rate) in Rate::STRONGEST_FIRST.into_iter().enumerate() {
            let message: [u8; BLOCK_BYTES] =
                std::array::from_fn(|place| (place * place * 31 + place * 7 + number) as u8);
            let code = rate.code();
            let mut expected = vec![0_u8; code.n() / 8];
            code.copy_encode(&message, &mut expected);
            let found: Vec<u8> = parity(rate, &message).into_iter().flat_map(u64::to_be_bytes).collect();
            assert!(found == expected[BLOCK_BYTES..], "{rate:?}");
        }
    }
}
