//! Keypads: digits laid out as on a telephone, and capitals with digits; both also from a hardware keyboard.

use egui::accesskit::{Live, Role};
use egui::{Event, FontId, Key, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::button::{Button, Kind, Readiness};
use crate::theme::{self, Metrics, Orientation};

/// What a key of a keypad means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    /// A character.
    Character(char),
    /// The last one goes.
    Erase,
    /// All go.
    Clear,
}

/// Words on the keys that take away.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// The last one goes.
    pub erase: &'a str,
    /// All go.
    pub clear: &'a str,
}

/// How much is typed; it decides which keys can be pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fill {
    /// Characters typed.
    pub typed: usize,
    /// The most.
    pub limit: usize,
}

/// Where the digits lie: nine from the top left, row by row, and the last below the middle.
pub type Digits = [char; 10];

/// As on a telephone.
pub const TELEPHONE: Digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'];

/// Every order of the digits is as likely as any other: the bits are taken as a number in mixed base.
pub fn shuffled(bits: [u8; 16]) -> Digits {
    let mut number = u128::from_le_bytes(bits);
    let mut digits = TELEPHONE;
    for last in (1..digits.len()).rev() {
        let choices = last as u128 + 1;
        digits.swap(last, (number % choices) as usize);
        number /= choices;
    }
    digits
}

/// The width of a telephone keypad.
pub fn telephone_width(metrics: &Metrics) -> f32 {
    telephone_key(metrics) * 3.0 + metrics.gap * 2.0
}

/// The height of a telephone keypad with the places above it that its digits fill.
pub fn telephone_height(metrics: &Metrics) -> f32 {
    metrics.key * 4.0 + metrics.gap * 4.0 + masked_height(metrics)
}

fn masked_height(metrics: &Metrics) -> f32 {
    metrics.figure * 1.5
}

fn telephone_key(metrics: &Metrics) -> f32 {
    metrics.key * 1.3
}

/// Digits in three columns.
pub fn telephone(ui: &mut Ui, metrics: &Metrics, keys: (&Digits, Names<'_>), fill: Fill) -> Vec<Press> {
    let (order, names) = keys;
    let [rows @ .., last] = order;
    let mut pressed = None;
    let size = vec2(telephone_key(metrics), metrics.key);
    ui.spacing_mut().item_spacing = vec2(metrics.gap, metrics.gap);
    let digits = Metrics::bold_font(metrics.figure);
    let word = |ui: &mut Ui, text: &str, press: Press| {
        let key = Button::new(text, Kind::Plain, Metrics::font(metrics.body), size);
        key.readiness(Readiness::from(fill.typed > 0)).show(ui).then_some(press)
    };
    for row in rows.chunks(3) {
        ui.horizontal(|ui| {
            for character in row {
                pressed = character_key(ui, *character, (&digits, size), fill).or(pressed);
            }
        });
    }
    ui.horizontal(|ui| {
        pressed = word(ui, names.clear, Press::Clear).or(pressed);
        pressed = character_key(ui, *last, (&digits, size), fill).or(pressed);
        pressed = word(ui, names.erase, Press::Erase).or(pressed);
    });
    pressed.into_iter().chain(typed(ui, |character| character.is_ascii_digit())).collect()
}

/// Capitals and digits, as many in a row as keep 20 mm.
pub fn letters(ui: &mut Ui, metrics: &Metrics, names: Names<'_>, fill: Fill) -> Vec<Press> {
    // The gaps are narrower than elsewhere, so that no key is.
    let (columns, gap) = (letter_columns(metrics), 10.0);
    let height = letters_height(metrics);
    let width = (ui.available_width() - gap * (columns - 1) as f32) / columns as f32;
    let size = vec2(width, height);
    let wide = vec2(width * 2.0 + gap, size.y);
    ui.spacing_mut().item_spacing = vec2(gap, gap);
    let mut pressed = None;
    let characters: Vec<char> = ('0'..='9').chain('A'..='Z').collect();
    // A key is filled, not crowded.
    let font = Metrics::bold_font((metrics.figure * 0.9).min(height * 0.6));
    let rows = characters.chunks(columns);
    let last = rows.len() - 1;
    for (place, row) in rows.enumerate() {
        ui.horizontal(|ui| {
            for character in row {
                pressed = character_key(ui, *character, (&font, size), fill).or(pressed);
            }
            if place == last {
                pressed = erasing_keys(ui, names, (&Metrics::font(metrics.body), wide), fill).or(pressed);
            }
        });
    }
    pressed.into_iter().chain(typed(ui, |character| character.is_ascii_alphanumeric())).collect()
}

const fn letter_columns(metrics: &Metrics) -> usize {
    match metrics.orientation {
        Orientation::Portrait => 8,
        Orientation::Landscape => 10,
    }
}

/// Rows of letters, the keys that take away among them.
pub const fn letter_rows(metrics: &Metrics) -> f32 {
    match metrics.orientation {
        Orientation::Portrait => 5.0,
        Orientation::Landscape => 4.0,
    }
}

/// The height of a key with a letter.
pub const fn letters_height(metrics: &Metrics) -> f32 {
    match metrics.orientation {
        Orientation::Portrait => metrics.touch.max(metrics.key * 0.88),
        Orientation::Landscape => metrics.touch,
    }
}

fn character_key(ui: &mut Ui, character: char, (font, size): (&FontId, Vec2), fill: Fill) -> Option<Press> {
    let text = character.to_string();
    let key = Button::new(&text, Kind::Plain, font.clone(), size);
    let is_pressed = key.readiness(Readiness::from(fill.typed < fill.limit)).show(ui);
    is_pressed.then_some(Press::Character(character))
}

fn erasing_keys(ui: &mut Ui, names: Names<'_>, (font, size): (&FontId, Vec2), fill: Fill) -> Option<Press> {
    let mut pressed = None;
    for (text, press) in [(names.clear, Press::Clear), (names.erase, Press::Erase)] {
        let key = Button::new(text, Kind::Plain, font.clone(), size);
        if key.readiness(Readiness::from(fill.typed > 0)).show(ui) {
            pressed = Some(press);
        }
    }
    pressed
}

/// Everything that the hardware keyboard says this frame, in order: a fast typist is ahead of the drawing.
fn typed(ui: &Ui, wanted: fn(char) -> bool) -> Vec<Press> {
    let presses = |event: &Event| match event {
        Event::Text(text) => {
            text.chars().filter(|c| wanted(*c)).map(|c| Press::Character(c.to_ascii_uppercase())).collect()
        }
        Event::Key { key: Key::Backspace, pressed: true, .. } => vec![Press::Erase],
        Event::Key { key: Key::Delete, pressed: true, .. } => vec![Press::Clear],
        _ => Vec::new(),
    };
    ui.input(|input| input.events.iter().flat_map(presses).collect())
}

/// Four places, filled at once by dots; the accessible name says only how many.
pub fn masked(ui: &mut Ui, metrics: &Metrics, name: &str, fill: Fill) {
    let size = vec2(ui.available_width(), masked_height(metrics));
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, name));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(Live::Polite));
    let colours = theme::palette(ui);
    let painter = ui.painter();
    painter.rect(rect, theme::RADIUS, colours.surface, theme::edge(ui), StrokeKind::Inside);
    let step = (metrics.figure * 1.25).min(rect.width() / fill.limit.max(1) as f32);
    let start = rect.center().x - step * (fill.limit as f32 - 1.0) / 2.0;
    for place in 0..fill.limit {
        let at = pos2(start + step * place as f32, rect.center().y);
        if place < fill.typed {
            painter.circle_filled(at, step * 0.21, colours.ink);
        } else {
            painter.circle_stroke(at, step * 0.16, Stroke::new(3.0, colours.edge));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_shuffled_keypad_has_every_digit_once_and_hardly_ever_lies_the_same_way() {
        let orders: BTreeSet<Digits> = (0..=u8::MAX).map(|byte| shuffled([byte; 16])).collect();
        assert!(orders.len() > 250, "{}", orders.len());
        for order in &orders {
            let digits: BTreeSet<char> = order.iter().copied().collect();
            assert_eq!(digits, TELEPHONE.into_iter().collect());
        }
        let firsts: BTreeSet<char> = orders.iter().map(|order| order[0]).collect();
        assert_eq!(firsts.len(), 10);
    }
}
