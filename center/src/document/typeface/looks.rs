//! Characters that look alike: those that a forger would put in each other's place.
//!
//! Each character of a face is drawn once at sixteen by sixteen pixels and blurred; the pictures are compared, with the
//! character that was issued and with what is seen in its place. Letters and digits all count as alike, so few are they.

use ttf_parser::{Face, GlyphId};

use super::{Faces, Font};
use crate::document::outline::{Frame, Outline};

/// Pixels of a picture's side.
const SIDE: usize = 16;
/// Most characters that are given because they look like the one that was issued, and because they look like what is seen.
const MOST: usize = 40;
const MOST_SEEN: usize = 20;

/// The characters of a face as pictures. Made when first asked for, in half a second; 3 MB.
pub(super) struct Looks {
    glyphs: Vec<(GlyphId, Picture)>,
}

/// A character from afar: sixteen by sixteen pixels that show an em and a fifth, from a thirteenth of an em left of its
/// origin and an em above its baseline.
#[derive(Clone, Copy)]
pub struct Picture([u8; SIDE * SIDE]);

shared::hidden_debug!(Picture);

impl Looks {
    /// Kana and the kanji of the first block as far as a face of the common ones has them: rare ones are nobody's choice.
    pub(super) fn of(face: &Face<'_>, common: &Face<'_>) -> Self {
        let codes = (0x3041..=0x30FF).chain(0x4E00..=0x9FFF).filter_map(char::from_u32);
        let glyphs = codes.filter(|character| common.glyph_index(*character).is_some()).filter_map(|character| {
            let glyph = face.glyph_index(character)?;
            Some((glyph, Picture::of(&Outline::of_glyph(face, glyph)?)))
        });
        Self { glyphs: glyphs.collect() }
    }
}

impl Faces<'_> {
    /// The glyphs of the characters that look like one or like what is seen in its place, itself left out.
    ///
    /// For an ASCII character those are all letters and digits, for others kana and kanji: those that share most of its
    /// strokes, and those likest to what is seen.
    pub fn alike(&self, character: char, glyph: GlyphId, font: Font, seen: &Picture) -> Vec<GlyphId> {
        if character.is_ascii() {
            let others = ('0'..='z').filter(char::is_ascii_alphanumeric);
            let glyphs = others.filter_map(|other| self.face(font).glyph_index(other));
            return glyphs.filter(|other| *other != glyph).collect();
        }
        let Some(own) = Outline::of_glyph(self.face(font), glyph).map(|outline| Picture::of(&outline)) else {
            return Vec::new();
        };
        let others = || self.looks(font).glyphs.iter().filter(|(other, _)| *other != glyph);
        let likest = |picture: &Picture, count: usize, bound: u32| {
            let others = others().map(|(other, looks)| (picture.difference(looks), *other));
            let mut likest: Vec<(u32, GlyphId)> = others.filter(|(difference, _)| *difference < bound).collect();
            likest.sort_unstable_by_key(|(difference, glyph)| (*difference, glyph.0));
            likest.truncate(count);
            likest.into_iter().map(|(_, glyph)| glyph)
        };
        let mut alike: Vec<GlyphId> = likest(&own, MOST, own.ink() * 4 / 5).collect();
        for other in likest(seen, MOST_SEEN, u32::MAX) {
            if !alike.contains(&other) {
                alike.push(other);
            }
        }
        alike
    }
}

impl Picture {
    /// Its pixels of an em.
    pub const EM: f32 = SIDE as f32 / 1.2;
    /// Where the baseline begins on it, in its pixels.
    pub const ORIGIN: (f32, f32) = (1.0, Self::EM);

    /// An outline from afar.
    fn of(outline: &Outline) -> Self {
        let covered = outline.coverage(Frame { size: (SIDE, SIDE), origin: Self::ORIGIN, em: Self::EM });
        Self::from_pixels(|x, y| covered.get(y * SIDE + x).copied().unwrap_or_default())
    }

    /// From the ink of each pixel, 0 to 1; blurred, so that thin strokes a fraction of a pixel aside look the same.
    pub fn from_pixels(ink: impl Fn(usize, usize) -> f32) -> Self {
        let inks: Vec<f32> = (0..SIDE * SIDE).map(|place| ink(place % SIDE, place / SIDE)).collect();
        let at = |x: usize, y: usize| inks.get(y * SIDE + x).copied().unwrap_or_default();
        Self(std::array::from_fn(|place| {
            let (x, y) = (place % SIDE, place / SIDE);
            // Binomial weights of three by three.
            let row = |y: usize| {
                let (left, right) = (x.saturating_sub(1), (x + 1).min(SIDE - 1));
                at(left, y) + 2.0 * at(x, y) + at(right, y)
            };
            let blurred = (row(y.saturating_sub(1)) + 2.0 * row(y) + row((y + 1).min(SIDE - 1))) / 16.0;
            (blurred * 255.0) as u8
        }))
    }

    fn ink(&self) -> u32 {
        self.0.iter().map(|pixel| u32::from(*pixel)).sum()
    }

    fn difference(&self, other: &Self) -> u32 {
        self.0.iter().zip(&other.0).map(|(one, other)| u32::from(one.abs_diff(*other))).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::typeface::tests::TYPEFACES;

    #[test]
    fn kanji_that_share_their_strokes_are_alike_and_others_are_not() {
        let faces = TYPEFACES.faces().unwrap();
        for font in [Font::Names, Font::Text] {
            let glyph = |character| faces.face(font).glyph_index(character).unwrap();
            let blank = Picture::from_pixels(|_, _| 0.0);
            let alike = |one, other| faces.alike(one, glyph(one), font, &blank).contains(&glyph(other));
            let pairs = "大太 大犬 田由 木本 未末 土士 千干 早旱 子了 日目 日白 月目 山出 己已 渡濱";
            let missed: Vec<&str> = pairs
                .split(' ')
                .filter(|pair| {
                    let mut pair = pair.chars();
                    !alike(pair.next().unwrap(), pair.next().unwrap())
                })
                .collect();
            assert_eq!(missed, ["渡濱"], "{font:?}");
        }
    }

    #[test]
    fn what_is_seen_is_among_the_alike_however_unlike_it_is() {
        let faces = TYPEFACES.faces().unwrap();
        let glyph = |character| faces.face(Font::Text).glyph_index(character).unwrap();
        let picture = |character| Picture::of(&Outline::of_glyph(faces.face(Font::Text), glyph(character)).unwrap());
        let alike = |seen| faces.alike('年', glyph('年'), Font::Text, &picture(seen)).contains(&glyph('午'));
        assert!(alike('午') && !alike('年'));
    }

    #[test]
    fn digits_and_letters_are_alike_one_and_all() {
        let faces = TYPEFACES.faces().unwrap();
        let glyph = |character| faces.face(Font::Text).glyph_index(character).unwrap();
        let alike = faces.alike('7', glyph('7'), Font::Text, &Picture::from_pixels(|_, _| 0.0));
        assert_eq!(alike.len(), 61);
        assert!(alike.contains(&glyph('1')) && !alike.contains(&glyph('7')));
    }
}
