//! Readings over kanji: Japanese text broken into lines word by word, each word with its reading in half size above.
//!
//! The accessible name of such a text is the text alone, once.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use egui::accesskit::Role;
use egui::{Color32, FontId, Galley, Painter, Pos2, Response, Sense, Ui, Vec2, WidgetInfo, vec2};

/// The readings of the words on the screens.
const TABLE: &str = include_str!("../../text/readings.tsv");

static READINGS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t')).collect()
});

/// The longest word of the table, in characters.
static LONGEST: LazyLock<usize> =
    LazyLock::new(|| READINGS.keys().map(|word| word.chars().count()).max().unwrap_or_default());

/// A piece of a text that is not broken, with its reading where it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'t> {
    /// The characters.
    pub text: &'t str,
    /// What is read over them.
    pub reading: Option<&'static str>,
}

/// Takes a text apart: words of the table, single characters, and words of other letters whole.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let piece = if is_kanji(first) { word(rest) } else { plain(rest, first) };
        rest = rest.get(piece.text.len()..).unwrap_or_default();
        pieces.push(piece);
    }
    pieces
}

/// The longest word of the table that stands first; only its kanji are taken.
fn word(rest: &str) -> Piece<'_> {
    let ends: Vec<usize> = rest.char_indices().map(|(at, c)| at + c.len_utf8()).take(*LONGEST).collect();
    let found = ends.iter().rev().find_map(|end| {
        let word = rest.get(..*end)?;
        Some((word, *READINGS.get(word)?))
    });
    match found {
        Some((word, reading)) => {
            let kanji = word.find(|c| !is_kanji(c)).and_then(|end| word.get(..end)).unwrap_or(word);
            Piece { text: kanji, reading: Some(reading) }
        }
        None => Piece { text: ends.first().and_then(|end| rest.get(..*end)).unwrap_or(rest), reading: None },
    }
}

/// One character with what must not begin a line after it, or a whole word of other letters.
fn plain(rest: &str, first: char) -> Piece<'_> {
    let is_letter = |c: char| c.is_ascii_graphic();
    let mut end = first.len_utf8();
    for (at, c) in rest.char_indices().skip(1) {
        let belongs = (is_letter(first) && is_letter(c)) || "、。）」！？ーっゃゅょッャュョ：".contains(c);
        if !belongs {
            break;
        }
        end = at + c.len_utf8();
    }
    Piece { text: rest.get(..end).unwrap_or(rest), reading: None }
}

const fn is_kanji(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '々')
}

/// How a text lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// From the left.
    Left,
    /// Around the middle.
    Middle,
}

/// A text in its place.
#[derive(Debug)]
pub struct Set {
    size: Vec2,
    parts: Vec<(Pos2, Arc<Galley>)>,
}

impl Set {
    /// Lays a text into a width.
    pub fn new(painter: &Painter, text: &str, font: &FontId, (width, side): (f32, Side)) -> Self {
        let small = FontId::new(font.size * 0.46, font.family.clone());
        let lay =
            |text: &str, font: &FontId| painter.layout_no_wrap(text.to_owned(), font.clone(), Color32::PLACEHOLDER);
        let line_height = font.size * 1.72;
        let mut set = Self { size: Vec2::ZERO, parts: Vec::new() };
        let mut line: Vec<(f32, Arc<Galley>, Option<Arc<Galley>>)> = Vec::new();
        let mut filled = 0.0;
        for piece in pieces(text) {
            let base = lay(piece.text.trim_matches('\n'), font);
            let reading = piece.reading.map(|reading| lay(reading, &small));
            let wide = base.size().x.max(reading.as_ref().map_or(0.0, |reading| reading.size().x));
            if (filled + wide > width && !line.is_empty()) || piece.text == "\n" {
                set.take_line(std::mem::take(&mut line), (filled, width, side), (font.size, line_height));
                filled = 0.0;
            }
            filled += wide;
            line.push((wide, base, reading));
        }
        set.take_line(line, (filled, width, side), (font.size, line_height));
        set
    }

    fn take_line(
        &mut self,
        line: Vec<(f32, Arc<Galley>, Option<Arc<Galley>>)>,
        (filled, room, alignment): (f32, f32, Side),
        (size, tall): (f32, f32),
    ) {
        let mut x = match alignment {
            Side::Left => 0.0,
            Side::Middle => ((room - filled) / 2.0).max(0.0),
        };
        let baseline = self.size.y + tall;
        for (wide, base, reading) in line {
            self.parts.push((Pos2::new(x + (wide - base.size().x) / 2.0, baseline - size * 1.14), base));
            if let Some(reading) = reading {
                self.parts.push((Pos2::new(x + (wide - reading.size().x) / 2.0, baseline - size * 1.62), reading));
            }
            x += wide;
        }
        self.size = vec2(self.size.x.max(filled), baseline);
    }

    /// Its size.
    pub const fn size(&self) -> Vec2 {
        self.size
    }

    /// Paints it with its upper left corner there.
    pub fn paint(&self, painter: &Painter, at: Pos2, colour: Color32) {
        for (place, galley) in &self.parts {
            painter.galley(at + place.to_vec2(), Arc::clone(galley), colour);
        }
    }
}

/// A text as a label of its own, over the whole width.
pub fn label(ui: &mut Ui, text: &str, font: &FontId, colour: Color32) -> Response {
    let set = Set::new(ui.painter(), text, font, (ui.available_width(), Side::Left));
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), set.size().y), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    set.paint(ui.painter(), rect.min, colour);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_read_as_a_whole_and_its_endings_stay_outside() {
        let read = |text: &str| -> Vec<(String, String)> {
            pieces(text)
                .into_iter()
                .filter_map(|piece| Some((piece.text.to_owned(), piece.reading?.to_owned())))
                .collect()
        };
        let pair = |text: &str, reading: &str| (text.to_owned(), reading.to_owned());
        assert_eq!(read("証明書の発行"), [pair("証明書", "しょうめいしょ"), pair("発行", "はっこう")]);
        assert_eq!(read("お金を入れてください"), [pair("金", "かね"), pair("入", "い")]);
        assert_eq!(read("入力しました"), [pair("入力", "にゅうりょく")]);
        assert!(read("Português 1234").is_empty());
    }

    #[test]
    fn no_character_is_lost() {
        for text in ["接種証明書を発行します", "１通 120 円（税込）", "カード（ID 7）です。\n次", ""]
        {
            let joined: String = pieces(text).into_iter().map(|piece| piece.text).collect();
            assert_eq!(joined, text);
        }
    }

    #[test]
    fn every_kanji_of_the_japanese_screens_has_a_reading() {
        let words = include_str!("../../text/ja.ftl");
        let spoken = words.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = "));
        for (key, text) in spoken {
            for piece in pieces(text) {
                let bare = piece.text.chars().any(is_kanji) && piece.reading.is_none();
                assert!(!bare, "{key}: {} in {text}", piece.text);
            }
        }
    }

    #[test]
    fn no_reading_is_unused() {
        let words = include_str!("../../text/ja.ftl");
        assert_eq!(READINGS.keys().find(|word| !words.contains(**word)), None);
    }
}
