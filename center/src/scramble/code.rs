//! From a frame to the field's modules and back: LDPC, repetition, interleaver, mask.

use labrador_ldpc::LDPCCode;

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
}

/// The field, row by row: whether each module is ink. Marks are left without ink.
pub(super) fn encode(frame: &[u8], layout: Layout) -> Vec<bool> {
    let coded = coded_bits(frame, layout);
    let geometry = layout.geometry;
    let mut field = vec![false; geometry.field_width() * geometry.field_height()];
    let places = geometry.interleaved();
    for ((place, bit), mask) in places.iter().zip(coded.iter().cycle()).zip(mask()) {
        if let Some(module) = field.get_mut(*place as usize) {
            *module = bit ^ mask;
        }
    }
    field
}

/// Decodes from each module's log-likelihood ratio: positive is ink. `None` if a block cannot be corrected.
///
/// `places` is the geometry's interleaver, which costs too much to be made for each guess.
pub(super) fn decode(ratios: &[f32], layout: Layout, places: &[u32]) -> Option<Decoded> {
    let combined = combine(ratios, layout, places);
    let mut frame = Vec::with_capacity(layout.blocks * BLOCK_BYTES);
    for block in combined.chunks_exact(layout.rate.block_bits()) {
        frame.extend(decode_block(block, layout.rate, MAXIMUM_ITERATIONS)?);
    }
    let coded = coded_bits(&frame, layout);
    let wrong = places
        .iter()
        .zip(coded.iter().cycle())
        .zip(mask())
        .filter(|((place, bit), mask)| {
            ratios.get(**place as usize).is_none_or(|ratio| (*ratio > 0.0) != (**bit ^ *mask))
        })
        .count();
    Some(Decoded { frame, wrong_modules: wrong as f64 / places.len() as f64 })
}

/// Whether the first block decodes in a few iterations: a cheap look at a layout that is only guessed.
pub(super) fn is_promising(ratios: &[f32], layout: Layout, places: &[u32]) -> bool {
    combine(ratios, layout, places)
        .chunks_exact(layout.rate.block_bits())
        .next()
        .is_some_and(|block| decode_block(block, layout.rate, GUESSING_ITERATIONS).is_some())
}

/// Adds up the ratios of each coded bit over its repetitions, unmasked; positive is a zero bit, as the decoder wants.
fn combine(ratios: &[f32], layout: Layout, places: &[u32]) -> Vec<f32> {
    let mut combined = vec![0.0_f32; layout.coded_bits()];
    let length = combined.len();
    for ((index, place), mask) in places.iter().enumerate().zip(mask()) {
        let ratio = ratios.get(*place as usize).copied().unwrap_or_default();
        if let Some(sum) = combined.get_mut(index % length) {
            *sum += if mask { ratio } else { -ratio };
        }
    }
    combined
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

fn coded_bits(frame: &[u8], layout: Layout) -> Vec<bool> {
    let code = layout.rate.code();
    let mut bits = Vec::with_capacity(layout.coded_bits());
    let mut padded = frame.to_vec();
    padded.resize(layout.blocks * BLOCK_BYTES, 0);
    for block in padded.chunks_exact(BLOCK_BYTES) {
        let mut word = vec![0_u8; code.n() / 8];
        code.copy_encode(block, &mut word);
        bits.extend(word.iter().flat_map(|byte| (0..8).rev().map(move |place| byte >> place & 1 == 1)));
    }
    bits
}

const MAXIMUM_ITERATIONS: usize = 60;
const GUESSING_ITERATIONS: usize = 12;

fn mask() -> impl Iterator<Item = bool> {
    Sequence::new(0x4B53_0001_0000_0002).bits()
}

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

    fn ratios(field: &[bool]) -> Vec<f32> {
        field.iter().map(|&ink| if ink { 1.0 } else { -1.0 }).collect()
    }

    #[test]
    fn every_rate_decodes_what_it_encoded() {
        for bytes in [100, 1000, 3000, 3500] {
            let (layout, frame) = (layout(bytes), frame(bytes));
            let decoded = decode(&ratios(&encode(&frame, layout)), layout, &layout.geometry.interleaved()).unwrap();
            assert_eq!(decoded.frame[..bytes], frame);
            assert!(decoded.wrong_modules < 1e-9);
        }
    }

    #[test]
    fn a_frame_survives_a_third_of_the_field_lost_and_the_loss_is_counted() {
        let (layout, frame) = (layout(1000), frame(1000));
        let mut ratios = ratios(&encode(&frame, layout));
        let third = ratios.len() / 3;
        ratios[..third].fill(0.5);
        let decoded = decode(&ratios, layout, &layout.geometry.interleaved()).unwrap();
        assert_eq!(decoded.frame[..1000], frame);
        assert!((0.1..0.2).contains(&decoded.wrong_modules), "{}", decoded.wrong_modules);
    }

    #[test]
    fn noise_and_silence_decode_to_nothing() {
        let layout = layout(1000);
        let modules = layout.geometry.field_width() * layout.geometry.field_height();
        let noise: Vec<f32> = Sequence::new(9).bits().take(modules).map(|ink| if ink { 1.0 } else { -1.0 }).collect();
        assert!(decode(&noise, layout, &layout.geometry.interleaved()).is_none());
        assert!(decode(&vec![0.0; modules], layout, &layout.geometry.interleaved()).is_none());
        assert!(decode(&[], layout, &layout.geometry.interleaved()).is_none());
    }
}
