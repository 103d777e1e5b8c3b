//! From a frame to the field's modules and back: LDPC, interleaver, repetition, mask.
//!
//! | step | rule |
//! |---|---|
//! | code | blocks of 512 bytes, each coded by itself |
//! | interleave | bit π(0) of every block in turn, then π(1) of every block, …; π is a fixed shuffle for each rate |
//! | repeat | the interleaved bits again and again until the field is full, each time begun [`rotation`] later |
//! | mask | a fixed pseudo-random sequence |
//!
//! So a burst takes as much from every block, and what it takes of one repetition lies elsewhere in the next.

mod generator;

use std::sync::OnceLock;

use labrador_ldpc::LDPCCode;

use super::bits::BitRow;
use super::label::Layout;
use super::sequence::Sequence;

/// Bytes of a frame in one code block, at every rate.
pub(super) const BLOCK_BYTES: usize = 512;

/// The rate of the code (CCSDS 131.0-B, the codes with 4096 bits of message).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rate {
    /// 1/2, `A`
    Half,
    /// 2/3, `B`
    TwoThirds,
    /// 4/5, `C`
    FourFifths,
}

/// A decoded frame.
pub(super) struct Decoded {
    /// Whole code blocks.
    pub(super) frame: Vec<u8>,
    /// Share of the field's modules that were read wrongly, before correction.
    pub(super) wrong_modules: f64,
}

impl Rate {
    pub(super) const STRONGEST_FIRST: [Self; 3] = [Self::Half, Self::TwoThirds, Self::FourFifths];

    pub(super) const fn letter(self) -> char {
        match self {
            Self::Half => 'A',
            Self::TwoThirds => 'B',
            Self::FourFifths => 'C',
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::STRONGEST_FIRST.into_iter().find(|rate| text.chars().eq([rate.letter()]))
    }

    /// Bits of a block after coding.
    pub(super) const fn block_bits(self) -> usize {
        self.code().n()
    }

    const fn code(self) -> LDPCCode {
        match self {
            Self::Half => LDPCCode::TM8192,
            Self::TwoThirds => LDPCCode::TM6144,
            Self::FourFifths => LDPCCode::TM5120,
        }
    }

    /// The fixed shuffle of a block's bits.
    fn shuffle(self) -> &'static [u32] {
        static SHUFFLES: [OnceLock<Vec<u32>>; 3] = [const { OnceLock::new() }; 3];
        let [half, two_thirds, four_fifths] = &SHUFFLES;
        let cell = match self {
            Self::Half => half,
            Self::TwoThirds => two_thirds,
            Self::FourFifths => four_fifths,
        };
        cell.get_or_init(|| {
            let mut places: Vec<u32> = (0..self.block_bits()).map(|place| place as u32).collect();
            Sequence::new(INTERLEAVER_SEED).shuffle(&mut places);
            places
        })
    }
}

/// The data modules in order, one bit each; ink is one.
pub(super) fn encode(frame: &[u8], layout: Layout) -> BitRow {
    let interleaved = interleave(&coded_blocks(frame, layout), layout.rate);
    let (capacity, length) = (layout.geometry.capacity(), interleaved.len());
    let mut modules = BitRow::with_room(capacity);
    for repetition in 0..capacity.div_ceil(length) {
        let start = rotation(repetition, length);
        let count = length.min(capacity - modules.len());
        let straight = count.min(length - start);
        modules.append(&interleaved, start, straight);
        modules.append(&interleaved, 0, count - straight);
    }
    let mut mask = Sequence::new(MASK_SEED);
    modules.invert_by(|| mask.next());
    modules
}

/// Where in the interleaved bits a repetition begins.
const fn rotation(repetition: usize, length: usize) -> usize {
    // The golden section: no two of a few repetitions begin near each other.
    (repetition * (length * 382 / 1000)) % length
}

fn coded_blocks(frame: &[u8], layout: Layout) -> Vec<BitRow> {
    let block = |number: usize| {
        let mut message = [0; BLOCK_BYTES];
        let part = frame.get(number * BLOCK_BYTES..).unwrap_or_default();
        message.iter_mut().zip(part).for_each(|(to, from)| *to = *from);
        let mut coded = BitRow::with_room(layout.rate.block_bits());
        for bytes in message.as_chunks::<8>().0 {
            coded.push(u64::from_be_bytes(*bytes), 64);
        }
        for word in generator::parity(layout.rate, &message) {
            coded.push(word, 64);
        }
        coded
    };
    (0..layout.blocks).map(block).collect()
}

fn interleave(blocks: &[BitRow], rate: Rate) -> BitRow {
    // The bits of one place in all blocks, side by side.
    let columns: Vec<Vec<u64>> = blocks.chunks(64).map(|some| side_by_side(some, rate.block_bits())).collect();
    let mut interleaved = BitRow::with_room(blocks.len() * rate.block_bits());
    for &place in rate.shuffle() {
        for (column, some) in columns.iter().zip(blocks.chunks(64)) {
            interleaved.push(column.get(place as usize).copied().unwrap_or_default(), some.len());
        }
    }
    interleaved
}

fn side_by_side(blocks: &[BitRow], length: usize) -> Vec<u64> {
    let mut columns = vec![0_u64; length];
    for block in blocks {
        for (word, places) in columns.chunks_mut(64).enumerate() {
            let bits = block.take(word * 64, 64);
            for (place, column) in places.iter_mut().enumerate() {
                *column = *column << 1 | bits >> (63 - place) & 1;
            }
        }
    }
    columns
}

/// What the data modules say, in order, the mask taken off: positive is a zero bit, as the decoder wants.
pub(super) struct Heard(Vec<f32>);

impl Heard {
    /// From each data module's log-likelihood ratio: positive is ink.
    pub(super) fn new(mut ratios: Vec<f32>) -> Self {
        let mut mask = Sequence::new(MASK_SEED);
        for modules in ratios.chunks_mut(64) {
            let mask = mask.next();
            let turn = |place: usize| (mask >> (63 - place) & 1) as f32 * 2.0 - 1.0;
            modules.iter_mut().enumerate().for_each(|(place, ratio)| *ratio *= turn(place));
        }
        Self(ratios)
    }

    /// Decodes. `None` if a block cannot be corrected.
    pub(super) fn decode(&self, layout: Layout) -> Option<Decoded> {
        let mut frame = Vec::with_capacity(layout.blocks * BLOCK_BYTES);
        for block in 0..layout.blocks {
            frame.extend(decode_block(&self.block(layout, block), layout.rate, MAXIMUM_ITERATIONS)?);
        }
        let modules = encode(&frame, layout);
        let mut mask = Sequence::new(MASK_SEED);
        let mut wrong = 0;
        for (group, heard) in self.0.chunks(64).enumerate() {
            let bits = modules.take(group * 64, 64) ^ mask.next();
            wrong += (0..heard.len())
                .zip(heard)
                .filter(|(place, ratio)| if bits >> (63 - place) & 1 == 1 { **ratio >= 0.0 } else { **ratio <= 0.0 })
                .count();
        }
        Some(Decoded { frame, wrong_modules: wrong as f64 / self.0.len().max(1) as f64 })
    }

    /// Whether the first block decodes in a few iterations: a cheap look at a layout that is only guessed.
    pub(super) fn is_promising(&self, layout: Layout) -> bool {
        decode_block(&self.block(layout, 0), layout.rate, GUESSING_ITERATIONS).is_some()
    }

    /// How well a repetition agrees with the one before it: about 0 for a wrong layout, 1 for a clean page.
    pub(super) fn agreement(&self, layout: Layout) -> f32 {
        /// Enough that chance stays below 0.03.
        const SAMPLES: usize = 20_000;
        let length = layout.coded_bits();
        let aside = rotation(1, length);
        let step = (length / SAMPLES).max(1);
        let (mut sum, mut count) = (0.0_f32, 0.0_f32);
        for place in (0..length).step_by(step) {
            let again = length + (place + length - aside) % length;
            let (Some(one), Some(other)) = (self.0.get(place), self.0.get(again)) else { continue };
            sum += one.clamp(-1.0, 1.0) * other.clamp(-1.0, 1.0);
            count += 1.0;
        }
        if count < SAMPLES as f32 / 20.0 { 0.0 } else { sum / count }
    }

    /// A block's coded bits, each summed up over its repetitions.
    fn block(&self, layout: Layout, block: usize) -> Vec<f32> {
        let (length, capacity) = (layout.coded_bits(), layout.geometry.capacity());
        let rotations: Vec<usize> =
            (0..capacity.div_ceil(length)).map(|repetition| rotation(repetition, length)).collect();
        let mut sums = vec![0.0_f32; layout.rate.block_bits()];
        for (turn, &place) in layout.rate.shuffle().iter().enumerate() {
            let interleaved = turn * layout.blocks + block;
            let sum: f32 = rotations
                .iter()
                .enumerate()
                .map(|(repetition, start)| {
                    let aside = (interleaved + length - start) % length;
                    self.0.get(repetition * length + aside).copied().unwrap_or_default()
                })
                .sum();
            if let Some(slot) = sums.get_mut(place as usize) {
                *slot = sum;
            }
        }
        sums
    }
}

fn decode_block(ratios: &[f32], rate: Rate, iterations: usize) -> Option<Vec<u8>> {
    let code = rate.code();
    let mut output = vec![0; code.output_len()];
    let mut working = vec![0.0_f32; code.decode_ms_working_len()];
    let mut working_u8 = vec![0; code.decode_ms_working_u8_len()];
    // An all-zero word satisfies every check: silence must not decode.
    if ratios.iter().all(|ratio| *ratio == 0.0) {
        return None;
    }
    let (found, _) = code.decode_ms(ratios, &mut output, &mut working, &mut working_u8, iterations);
    output.truncate(BLOCK_BYTES);
    found.then_some(output)
}

const MAXIMUM_ITERATIONS: usize = 60;
const GUESSING_ITERATIONS: usize = 12;
const INTERLEAVER_SEED: u64 = 0x4B53_0002_0000_0001;
const MASK_SEED: u64 = 0x4B53_0002_0000_0002;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scramble::geometry::Geometry;

    fn layout(bytes: usize) -> Layout {
        Layout::fitting(Geometry::new(6, 6).unwrap(), bytes).unwrap()
    }

    fn frame(bytes: usize) -> Vec<u8> {
        (0..bytes).map(|n| (n * 37 / 4) as u8).collect()
    }

    fn ratios(frame: &[u8], layout: Layout) -> Vec<f32> {
        let modules = encode(frame, layout);
        assert_eq!(modules.len(), layout.geometry.capacity());
        (0..modules.len()).map(|module| if modules.get(module) { 1.0 } else { -1.0 }).collect()
    }

    #[test]
    fn every_rate_decodes_what_it_encoded() {
        for bytes in [100, 1000, 3000, 3500] {
            let (layout, frame) = (layout(bytes), frame(bytes));
            let decoded = Heard::new(ratios(&frame, layout)).decode(layout).unwrap();
            assert_eq!(decoded.frame[..bytes], frame);
            assert!(decoded.wrong_modules < 1e-9);
        }
    }

    #[test]
    fn a_frame_survives_two_fifths_of_the_field_lost_in_any_direction_and_the_loss_is_counted() {
        let geometry = Geometry::STANDARD;
        for bytes in [1000, 3000, 4000, 6000] {
            let (layout, frame) = (Layout::fitting(geometry, bytes).unwrap(), frame(bytes));
            let whole = ratios(&frame, layout);
            for lost in [|x: usize, _: usize| x < 233, |_: usize, y: usize| y > 436] {
                let mut ratios = whole.clone();
                let places = geometry.stretches().flat_map(|(x, y, length)| (x..x + length).map(move |x| (x, y)));
                places.zip(&mut ratios).filter(|((x, y), _)| lost(*x, *y)).for_each(|(_, ratio)| *ratio = 0.5);
                let decoded = Heard::new(ratios).decode(layout).unwrap();
                assert_eq!(decoded.frame[..bytes], frame);
                assert!((0.15..0.25).contains(&decoded.wrong_modules), "{}", decoded.wrong_modules);
            }
        }
    }

    #[test]
    fn a_layout_is_told_from_others_by_its_repetitions() {
        let layout = Layout::fitting(Geometry::STANDARD, 3000).unwrap();
        let heard = Heard::new(ratios(&frame(3000), layout));
        for blocks in 1..=20 {
            let agreement = heard.agreement(Layout { blocks, ..layout });
            assert_eq!(agreement > 0.9, blocks == layout.blocks, "{blocks}: {agreement}");
            // A multiple of the right number agrees a little.
            assert!(!(0.4..=0.9).contains(&agreement), "{blocks}: {agreement}");
        }
    }

    #[test]
    fn noise_and_silence_decode_to_nothing() {
        let layout = layout(1000);
        let modules = layout.geometry.capacity();
        let noise = Sequence::new(9).bits().take(modules).map(|ink| if ink { 1.0 } else { -1.0 }).collect();
        assert!(Heard::new(noise).decode(layout).is_none());
        assert!(Heard::new(vec![0.0; modules]).decode(layout).is_none());
        assert!(Heard::new(Vec::new()).decode(layout).is_none());
    }
}
