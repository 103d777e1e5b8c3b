//! Characters that look alike: those that a forger would put in each other's place.
//!
//! Each character of a face is drawn once at sixteen by sixteen pixels and blurred; the pictures are compared. Letters and
//! digits all count as alike, so few are they.

use ttf_parser::{Face, GlyphId};

use super::{Faces, Font};
use crate::document::outline::{Frame, Outline};

/// Pixels of a picture's side.
const SIDE: usize = 16;
/// Most characters that are given for one.
const MOST: usize = 60;

/// The characters of a face as pictures. Made when first asked for, in half a second; 3 MB.
pub(super) struct Looks {
    glyphs: Vec<(GlyphId, Picture)>,
}

type Picture = [u8; SIDE * SIDE];

impl Looks {
    /// Kana and the kanji of the first block as far as a face of the common ones has them: rare ones are nobody's choice.
    pub(super) fn of(face: &Face<'_>, common: &Face<'_>) -> Self {
        let codes = (0x3041..=0x30FF).chain(0x4E00..=0x9FFF).filter_map(char::from_u32);
        let glyphs = codes.filter(|character| common.glyph_index(*character).is_some()).filter_map(|character| {
            let glyph = face.glyph_index(character)?;
            Some((glyph, picture(&Outline::of_glyph(face, glyph)?)))
        });
        Self { glyphs: glyphs.collect() }
    }
}

impl Faces<'_> {
    /// The glyphs of the characters that look like one, the likest first, itself left out.
    ///
    /// For an ASCII character those are all letters and digits, for others kana and kanji that share most of its
    /// strokes.
    pub fn alike(&self, character: char, glyph: GlyphId, font: Font) -> Vec<GlyphId> {
        if character.is_ascii() {
            let others = ('0'..='z').filter(char::is_ascii_alphanumeric);
            let glyphs = others.filter_map(|other| self.face(font).glyph_index(other));
            return glyphs.filter(|other| *other != glyph).collect();
        }
        let Some(own) = Outline::of_glyph(self.face(font), glyph).map(|outline| picture(&outline)) else {
            return Vec::new();
        };
        let ink: u32 = own.iter().map(|pixel| u32::from(*pixel)).sum();
        let others = self.looks(font).glyphs.iter().filter(|(other, _)| *other != glyph);
        let mut alike: Vec<(u32, GlyphId)> = others
            .map(|(other, picture)| (difference(&own, picture), *other))
            .filter(|(difference, _)| *difference < ink * 4 / 5)
            .collect();
        alike.sort_unstable_by_key(|(difference, glyph)| (*difference, glyph.0));
        alike.truncate(MOST);
        alike.into_iter().map(|(_, glyph)| glyph).collect()
    }
}

fn difference(one: &Picture, other: &Picture) -> u32 {
    one.iter().zip(other).map(|(one, other)| u32::from(one.abs_diff(*other))).sum()
}

/// An outline from afar: thin strokes that lie elsewhere by a fraction of a pixel are to look the same.
fn picture(outline: &Outline) -> Picture {
    let em = SIDE as f32 / 1.2;
    let covered = outline.coverage(Frame { size: (SIDE, SIDE), origin: (1.0, em), em });
    let at = |x: usize, y: usize| covered.get(y * SIDE + x).copied().unwrap_or_default();
    std::array::from_fn(|place| {
        let (x, y) = (place % SIDE, place / SIDE);
        // Binomial weights of three by three.
        let row = |y: usize| {
            let (left, right) = (x.saturating_sub(1), (x + 1).min(SIDE - 1));
            at(left, y) + 2.0 * at(x, y) + at(right, y)
        };
        let blurred = (row(y.saturating_sub(1)) + 2.0 * row(y) + row((y + 1).min(SIDE - 1))) / 16.0;
        (blurred * 255.0) as u8
    })
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
            let alike = |one, other| faces.alike(one, glyph(one), font).contains(&glyph(other));
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
    fn digits_and_letters_are_alike_one_and_all() {
        let faces = TYPEFACES.faces().unwrap();
        let glyph = |character| faces.face(Font::Text).glyph_index(character).unwrap();
        let alike = faces.alike('7', glyph('7'), Font::Text);
        assert_eq!(alike.len(), 61);
        assert!(alike.contains(&glyph('1')) && !alike.contains(&glyph('7')));
    }
}
