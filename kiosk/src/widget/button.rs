//! Keys to press, drawn by ourselves: large, with an accessible name and a ring when the keyboard is there.

use egui::accesskit::Role;
use egui::{Align2, Color32, FontId, Response, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, vec2};

use super::{measure, words};
use crate::theme::{self, Metrics};

/// Sizes that are tried for the text of a key, of its usual size.
const SCALES: [f32; 6] = [1.0, 0.92, 0.84, 0.76, 0.68, SMALLEST];
const SMALLEST: f32 = 0.6;
/// A word that fits no otherwise is set still smaller before it is broken: in double letters it is as large as usual ones.
const SMALLER: [f32; 3] = [0.55, 0.5, 0.45];

/// Between the text of a key and its note.
const NOTE_GAP: f32 = 6.0;

/// What kind of key it is; it decides the colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Leads on.
    Primary,
    /// One of several.
    Plain,
    /// Leads back or out.
    Quiet,
    /// Belongs to the simulation tray.
    Tray,
}

/// Whether a key can be pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readiness {
    /// It can.
    Ready,
    /// Not now.
    Closed,
    /// It can, and it is the one that is chosen.
    Chosen,
}

impl From<bool> for Readiness {
    /// Ready exactly when the condition holds.
    fn from(condition: bool) -> Self {
        if condition { Self::Ready } else { Self::Closed }
    }
}

/// A key.
#[derive(Debug, Clone)]
pub struct Button<'a> {
    text: &'a str,
    note: Option<&'a str>,
    name: Option<&'a str>,
    kind: Kind,
    readiness: Readiness,
    font: FontId,
    size: Vec2,
}

impl<'a> Button<'a> {
    /// A key with its text.
    pub const fn new(text: &'a str, kind: Kind, font: FontId, size: Vec2) -> Self {
        Self { text, note: None, name: None, kind, readiness: Readiness::Ready, font, size }
    }

    /// With a second line.
    #[must_use]
    pub fn note(self, note: &'a str) -> Self {
        Self { note: Some(note), ..self }
    }

    /// With an accessible name other than its text.
    #[must_use]
    pub fn named(self, name: &'a str) -> Self {
        Self { name: Some(name), ..self }
    }

    /// Whether it can be pressed.
    #[must_use]
    pub fn readiness(self, readiness: Readiness) -> Self {
        Self { readiness, ..self }
    }

    /// Draws it; true when it was pressed.
    pub fn show(self, ui: &mut Ui) -> bool {
        let sense = if self.readiness == Readiness::Closed { Sense::hover() } else { Sense::click() };
        let (rect, response) = ui.allocate_exact_size(self.size, sense);
        self.describe(&response);
        let colours = self.colours(ui, &response);
        let painter = ui.painter();
        painter.rect(rect, theme::RADIUS, colours.ground, colours.edge, StrokeKind::Inside);
        if self.readiness == Readiness::Chosen {
            // A bar besides the colour: never colour alone.
            let bar = rect.with_max_x(rect.left() + 12.0).shrink2(vec2(0.0, 10.0)).translate(vec2(8.0, 0.0));
            painter.rect_filled(bar, theme::RADIUS, theme::palette(ui).accent);
        }
        self.write(ui, rect.shrink2(vec2(10.0, 6.0)), colours.text);
        if response.gained_focus() {
            response.scroll_to_me(None);
        }
        if response.has_focus() {
            let ring = Stroke::new(5.0, theme::palette(ui).focus);
            ui.painter().rect_stroke(rect.expand(4.0), theme::RADIUS, ring, StrokeKind::Middle);
        }
        response.clicked()
    }

    fn describe(&self, response: &Response) {
        let name = match (self.name, self.note) {
            (Some(name), _) => name.to_owned(),
            (None, Some(note)) => format!("{} {note}", self.text),
            (None, None) => self.text.to_owned(),
        };
        let ready = self.readiness != Readiness::Closed;
        response.widget_info(|| match self.readiness {
            Readiness::Chosen => WidgetInfo::selected(Role::Button, ready, true, &name),
            Readiness::Ready | Readiness::Closed => WidgetInfo::labeled(Role::Button, ready, &name),
        });
    }

    fn write(&self, ui: &Ui, room: egui::Rect, colour: Color32) {
        let painter = ui.painter();
        let wrapped = |text: &str, font: FontId| {
            let mut job = egui::text::LayoutJob::simple(text.to_owned(), font, colour, room.width());
            job.halign = egui::Align::Center;
            painter.layout_job(job)
        };
        let set = |scale: f32| {
            let [font, note_font] = self.fonts(scale);
            let text = wrapped(self.text, font);
            let note = self.note.map(|note| wrapped(note, note_font.clone()));
            let height = text.size().y + note.as_ref().map_or(0.0, |note| note.size().y + NOTE_GAP);
            (text, note, height)
        };
        // A long word of some language is set smaller rather than cut, and rather than broken where that suffices.
        let is_whole = |height: f32, text: &egui::Galley| height <= room.height() && text.size().x <= room.width();
        let unbroken = room.width() / words::widest(ui, self.text, &self.font);
        let may_fit = |scale: &&f32| self.least_height(ui, **scale, room.width()) <= room.height();
        let fitting = |limit: f32| {
            let scales = SCALES.iter().filter(|scale| **scale <= limit).filter(may_fit);
            scales.map(|scale| set(*scale)).find(|(text, _, height)| is_whole(*height, text))
        };
        let smaller = || {
            let scales = SMALLER.iter().filter(|scale| **scale <= unbroken).filter(may_fit);
            scales.map(|scale| set(*scale)).find(|(text, _, height)| is_whole(*height, text))
        };
        let (text, note, height) =
            fitting(unbroken).or_else(smaller).or_else(|| broken(ui, self.text, fitting(1.0))).unwrap_or_else(|| {
                words::note_clipped(ui, self.text);
                set(SMALLEST)
            });
        let top = Align2::CENTER_CENTER.align_size_within_rect(vec2(0.0, height), room).center_top();
        let below = top + vec2(0.0, text.size().y + NOTE_GAP);
        painter.galley(top, text, colour);
        if let Some(note) = note {
            painter.galley(below, note, colour);
        }
    }

    /// Of its text and of its note, at a scale.
    fn fonts(&self, scale: f32) -> [FontId; 2] {
        let size = self.font.size * scale;
        [FontId::new(size, self.font.family.clone()), Metrics::font(size * 0.72)]
    }

    /// The least height of what is written on it, at a scale.
    fn least_height(&self, ui: &Ui, scale: f32, width: f32) -> f32 {
        let [font, note_font] = self.fonts(scale);
        let note = self.note.map_or(0.0, |note| measure::least_height(ui, note, &note_font, width) + NOTE_GAP);
        measure::least_height(ui, self.text, &font, width) + note
    }

    fn colours(&self, ui: &Ui, response: &Response) -> Colours {
        let pressed = response.is_pointer_button_down_on() || self.readiness == Readiness::Chosen;
        let key = |ground, text, edge| Colours { ground, text, edge };
        if self.readiness == Readiness::Closed && self.kind == Kind::Tray {
            return key(theme::TRAY, theme::ON_TRAY, Stroke::new(1.0, theme::TRAY_KEY));
        }
        let colours = theme::palette(ui);
        if self.readiness == Readiness::Closed {
            return key(colours.closed, colours.ink_closed, Stroke::new(2.0, colours.line));
        }
        match self.kind {
            Kind::Primary if pressed => key(colours.accent_pressed, colours.on_accent, Stroke::NONE),
            Kind::Primary => key(colours.accent, colours.on_accent, Stroke::NONE),
            Kind::Plain if pressed => key(colours.surface_pressed, colours.ink, Stroke::new(3.0, colours.accent)),
            Kind::Plain => key(colours.surface, colours.ink, theme::edge(ui)),
            Kind::Quiet if pressed => key(colours.surface_pressed, colours.accent, Stroke::new(2.0, colours.accent)),
            Kind::Quiet => key(colours.ground, colours.accent, Stroke::new(2.0, colours.accent)),
            Kind::Tray if pressed => {
                key(theme::palette::USUAL.accent, theme::ON_TRAY, Stroke::new(2.0, theme::ON_TRAY))
            }
            Kind::Tray => key(theme::TRAY_KEY, theme::ON_TRAY, Stroke::NONE),
        }
    }
}

/// What is broken inside a word is remembered for the tests.
fn broken<T>(ui: &Ui, text: &str, set: Option<T>) -> Option<T> {
    words::note_broken(ui, text);
    set
}

struct Colours {
    ground: Color32,
    text: Color32,
    edge: Stroke,
}
