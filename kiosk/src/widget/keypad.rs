//! Keypads: digits laid out as on a telephone, and capitals with digits; both also from a hardware keyboard.

use egui::accesskit::{Live, Role};
use egui::{Event, Key, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

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

const DIGITS: [[char; 3]; 3] = [['1', '2', '3'], ['4', '5', '6'], ['7', '8', '9']];

/// The width of a telephone keypad.
pub fn telephone_width(metrics: &Metrics) -> f32 {
    telephone_key(metrics) * 3.0 + metrics.gap * 2.0
}

fn telephone_key(metrics: &Metrics) -> f32 {
    metrics.key * 1.3
}

/// Digits as on a telephone.
pub fn telephone(ui: &mut Ui, metrics: &Metrics, names: Names<'_>, fill: Fill) -> Option<Press> {
    let mut pressed = None;
    let size = vec2(telephone_key(metrics), metrics.key);
    ui.spacing_mut().item_spacing = vec2(metrics.gap, metrics.gap);
    let digit = |ui: &mut Ui, digit: char, pressed: &mut Option<Press>| {
        let text = digit.to_string();
        let key = Button::new(&text, Kind::Plain, Metrics::bold_font(metrics.figure), size);
        if key.readiness(Readiness::when(fill.typed < fill.limit)).show(ui) {
            *pressed = Some(Press::Character(digit));
        }
    };
    let word = |ui: &mut Ui, text: &str, press: Press, pressed: &mut Option<Press>| {
        let key = Button::new(text, Kind::Plain, Metrics::font(metrics.body), size);
        if key.readiness(Readiness::when(fill.typed > 0)).show(ui) {
            *pressed = Some(press);
        }
    };
    for row in DIGITS {
        ui.horizontal(|ui| {
            for character in row {
                digit(ui, character, &mut pressed);
            }
        });
    }
    ui.horizontal(|ui| {
        word(ui, names.clear, Press::Clear, &mut pressed);
        digit(ui, '0', &mut pressed);
        word(ui, names.erase, Press::Erase, &mut pressed);
    });
    pressed.or_else(|| typed(ui, |character| character.is_ascii_digit()))
}

/// Capitals and digits, as many in a row as keep 20 mm.
pub fn letters(ui: &mut Ui, metrics: &Metrics, names: Names<'_>, fill: Fill) -> Option<Press> {
    let (columns, gap) = match metrics.orientation {
        Orientation::Portrait => (8, 10.0),
        Orientation::Landscape => (10, 8.0),
    };
    let width = (ui.available_width() - gap * (columns - 1) as f32) / columns as f32;
    let size = vec2(width, metrics.key.min(116.0));
    let wide = vec2(width * 2.0 + gap, size.y);
    ui.spacing_mut().item_spacing = vec2(gap, gap);
    let mut pressed = None;
    let characters: Vec<char> = ('0'..='9').chain('A'..='Z').collect();
    let rows = characters.chunks(columns);
    let last = rows.len() - 1;
    for (place, row) in rows.enumerate() {
        ui.horizontal(|ui| {
            for character in row {
                let text = character.to_string();
                let key = Button::new(&text, Kind::Plain, Metrics::bold_font(metrics.figure * 0.9), size);
                if key.readiness(Readiness::when(fill.typed < fill.limit)).show(ui) {
                    pressed = Some(Press::Character(*character));
                }
            }
            if place == last {
                let erasing = Readiness::when(fill.typed > 0);
                for (text, press) in [(names.clear, Press::Clear), (names.erase, Press::Erase)] {
                    let key = Button::new(text, Kind::Plain, Metrics::font(metrics.body), wide);
                    if key.readiness(erasing).show(ui) {
                        pressed = Some(press);
                    }
                }
            }
        });
    }
    pressed.or_else(|| typed(ui, |character| character.is_ascii_alphanumeric()))
}

/// What the hardware keyboard says this frame: the first that counts.
fn typed(ui: &Ui, wanted: fn(char) -> bool) -> Option<Press> {
    ui.input(|input| {
        input.events.iter().find_map(|event| match event {
            Event::Text(text) => text.chars().find(|c| wanted(*c)).map(|c| Press::Character(c.to_ascii_uppercase())),
            Event::Key { key: Key::Backspace, pressed: true, .. } => Some(Press::Erase),
            Event::Key { key: Key::Delete, pressed: true, .. } => Some(Press::Clear),
            _ => None,
        })
    })
}

/// Four places, filled at once by dots; the accessible name says only how many.
pub fn masked(ui: &mut Ui, metrics: &Metrics, name: &str, fill: Fill) {
    let size = vec2(ui.available_width(), metrics.figure * 1.5);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, name));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(Live::Polite));
    let painter = ui.painter();
    painter.rect(rect, theme::RADIUS, theme::SURFACE, theme::edge(), StrokeKind::Inside);
    let step = metrics.figure * 1.25;
    let start = rect.center().x - step * (fill.limit as f32 - 1.0) / 2.0;
    for place in 0..fill.limit {
        let at = pos2(start + step * place as f32, rect.center().y);
        if place < fill.typed {
            painter.circle_filled(at, metrics.figure * 0.26, theme::INK);
        } else {
            painter.circle_stroke(at, metrics.figure * 0.2, Stroke::new(3.0, theme::EDGE));
        }
    }
}
