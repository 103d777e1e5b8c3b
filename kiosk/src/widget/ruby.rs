//! Readings over kanji: Japanese text broken into lines word by word, each word with its reading in half size above.
//!
//! The accessible name of such a text is the text alone, once.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use egui::accesskit::Role;
use egui::{Color32, FontId, Galley, Painter, Pos2, Response, Sense, Ui, Vec2, WidgetInfo, vec2};

use crate::theme::Readings;

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

/// Pieces between which a line is broken only where a phrase alone is too long: kanji and letters with the particles
/// and endings after them, as one reads aloud.
fn phrases<'t>(pieces: Vec<Piece<'t>>) -> Vec<Vec<Piece<'t>>> {
    let mut phrases: Vec<Vec<Piece<'t>>> = Vec::new();
    for piece in pieces {
        match phrases.last_mut() {
            Some(phrase) if !is_boundary(phrase, piece.text) => phrase.push(piece),
            Some(_) | None => phrases.push(vec![piece]),
        }
    }
    phrases
}

/// What of a text is not to be broken where it can be helped: phrases of Japanese, words of other languages. Chinese is
/// broken anywhere.
pub fn unbroken(text: &str) -> Vec<String> {
    let is_kana = |c: char| matches!(c, '\u{3041}'..='\u{30FF}');
    if text.contains(is_kana) {
        return phrases_of(text);
    }
    text.split_whitespace().filter(|word| !word.contains(is_kanji)).map(str::to_owned).collect()
}

fn phrases_of(text: &str) -> Vec<String> {
    phrases(pieces(text)).iter().map(|phrase| phrase.iter().map(|piece| piece.text).collect()).collect()
}

/// Whether a phrase has ended before the next piece begins.
fn is_boundary(phrase: &[Piece<'_>], next: &str) -> bool {
    let last = phrase.last().and_then(|piece| piece.text.chars().next_back());
    let (Some(last), Some(first)) = (last, next.chars().next()) else {
        return true;
    };
    // An honorific belongs to what follows.
    let is_prefix = matches!(phrase, [only] if matches!(only.text, "お" | "ご"));
    let ends = is_hiragana(last) && !is_prefix;
    let is_opening = matches!(first, '（' | '「');
    matches!(last, '、' | '。' | '！' | '？' | '：' | '・' | '\n')
        || last.is_whitespace()
        || first.is_whitespace()
        || is_opening
        || (ends && !is_hiragana(first))
}

const fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{309F}')
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

/// A piece with its width and its letters.
type Laid = (f32, Arc<Galley>, Option<Arc<Galley>>);

impl Set {
    /// Lays a text into a width.
    pub fn new(
        painter: &Painter,
        text: &str,
        (font, readings): (&FontId, Readings),
        (width, side): (f32, Side),
    ) -> Self {
        let small = FontId::new(font.size * 0.46, font.family.clone());
        let letters =
            |text: &str, font: &FontId| painter.layout_no_wrap(text.to_owned(), font.clone(), Color32::PLACEHOLDER);
        let lay = |piece: &Piece<'_>| -> Laid {
            let base = letters(piece.text.trim_matches('\n'), font);
            let reading = piece.reading.filter(|_| readings == Readings::Shown).map(|reading| letters(reading, &small));
            let wide = base.size().x.max(reading.as_ref().map_or(0.0, |reading| reading.size().x));
            (wide, base, reading)
        };
        let line_height = font.size * if readings == Readings::Shown { 1.72 } else { 1.42 };
        let mut setter = Setter { set: Self { size: Vec2::ZERO, parts: Vec::new() }, line: Vec::new(), filled: 0.0 };
        let measure = Measure { width, side, size: font.size, line_height };
        for phrase in phrases(pieces(text)) {
            let laid: Vec<Laid> = phrase.iter().map(lay).collect();
            let whole: f32 = laid.iter().map(|(wide, ..)| wide).sum();
            if whole <= width && setter.filled + whole > width {
                setter.end_line(&measure);
            }
            for (piece, laid) in phrase.iter().zip(laid) {
                setter.place(piece.text, laid, &measure);
            }
        }
        setter.take_line(&measure);
        setter.set
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

/// How lines are set.
struct Measure {
    width: f32,
    side: Side,
    size: f32,
    line_height: f32,
}

/// A text while it is being set.
struct Setter {
    set: Set,
    line: Vec<Laid>,
    filled: f32,
}

impl Setter {
    /// Sets a piece; air at the beginning of a line is none.
    fn place(&mut self, text: &str, laid: Laid, measure: &Measure) {
        if self.filled + laid.0 > measure.width {
            self.end_line(measure);
        }
        if text == "\n" {
            self.take_line(measure);
        }
        if !(text.trim().is_empty() && self.line.is_empty()) {
            self.filled += laid.0;
            self.line.push(laid);
        }
    }

    fn end_line(&mut self, measure: &Measure) {
        if !self.line.is_empty() {
            self.take_line(measure);
        }
    }

    fn take_line(&mut self, measure: &Measure) {
        let filled = std::mem::take(&mut self.filled);
        let mut x = match measure.side {
            Side::Left => 0.0,
            Side::Middle => ((measure.width - filled) / 2.0).max(0.0),
        };
        let baseline = self.set.size.y + measure.line_height;
        for (wide, base, reading) in self.line.drain(..) {
            let at = |galley: &Galley, above: f32| {
                Pos2::new(x + (wide - galley.size().x) / 2.0, baseline - measure.size * above)
            };
            self.set.parts.push((at(&base, 1.14), base));
            if let Some(reading) = reading {
                self.set.parts.push((at(&reading, 1.62), reading));
            }
            x += wide;
        }
        self.set.size = vec2(self.set.size.x.max(filled), baseline);
    }
}

/// A text as a label of its own, over the whole width.
pub fn label(ui: &mut Ui, text: &str, (font, readings): (&FontId, Readings), colour: Color32) -> Response {
    let set = Set::new(ui.painter(), text, (font, readings), (ui.available_width(), Side::Left));
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
    fn lines_are_broken_between_phrases() {
        assert_eq!(phrases_of("接種証明書を発行します"), ["接種証明書を", "発行します"]);
        assert_eq!(phrases_of("お金を入れてください"), ["お金を", "入れてください"]);
        assert_eq!(
            phrases_of("マイナンバーカードを台の上に置いて、はじめから"),
            ["マイナンバーカードを", "台の", "上に", "置いて、", "はじめから"]
        );
        assert_eq!(phrases_of("1通 120 円（税込）"), ["1通", " ", "120", " ", "円", "（税込）"]);
    }

    #[test]
    fn words_of_other_languages_are_kept_whole_and_chinese_is_not() {
        assert_eq!(unbroken("Apagar tudo"), ["Apagar", "tudo"]);
        assert_eq!(unbroken("言語 Language"), ["Language"]);
        assert!(unbroken("请选择语言").is_empty());
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
