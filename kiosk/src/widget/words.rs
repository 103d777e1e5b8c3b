//! Text on a screen: headings, sentences, notices, rows, each one accessible label.

use egui::accesskit::{Live, Role};
use egui::{Color32, FontId, Frame, Label, Margin, Response, RichText, Sense, Ui, Vec2, WidgetInfo, vec2};

use crate::theme::{self, Metrics, Readings};

/// Text with air between its lines: the typeface itself leaves none.
fn spaced(text: &str, font: FontId) -> RichText {
    let height = font.size * 1.35;
    RichText::new(text).font(font).line_height(Some(height))
}

/// Remembers, for the tests of every language, what found no room.
#[cfg(test)]
pub fn note_clipped(ui: &Ui, text: &str) {
    ui.data_mut(|data| data.get_temp_mut_or_default::<Vec<String>>(clipped_id()).push(text.to_owned()));
}

/// Nobody looks outside the tests.
#[cfg(not(test))]
pub const fn note_clipped(_: &Ui, _: &str) {}

/// Where it is remembered.
#[cfg(test)]
pub fn clipped_id() -> egui::Id {
    egui::Id::unique("clipped")
}

/// One line, set smaller where it finds no room.
pub fn fitted(ui: &Ui, text: &str, font: &FontId, width: f32) -> std::sync::Arc<egui::Galley> {
    let set = |scale: f32| {
        let font = FontId::new(font.size * scale, font.family.clone());
        ui.painter().layout_no_wrap(text.to_owned(), font, theme::INK)
    };
    [1.0, 0.9, 0.8, 0.7, 0.62].into_iter().map(set).find(|galley| galley.size().x <= width).unwrap_or_else(|| {
        note_clipped(ui, text);
        set(0.62)
    })
}

/// A text of its own, with readings over its kanji where they are wanted.
fn line(ui: &mut Ui, metrics: &Metrics, text: &str, (font, colour): (FontId, Color32)) -> Response {
    match metrics.readings {
        Readings::Shown => super::ruby::label(ui, text, &font, colour),
        Readings::Hidden => ui.add(Label::new(spaced(text, font).color(colour)).wrap()),
    }
}

/// A heading.
pub fn title(ui: &mut Ui, metrics: &Metrics, text: &str) {
    let response = line(ui, metrics, text, (Metrics::bold_font(metrics.title), theme::INK));
    // A label says its text as its value; a heading is read by its name.
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role(Role::Heading);
        node.set_label(text);
    });
    ui.add_space(metrics.gap * 0.4);
}

/// The sentence under a heading.
pub fn lead(ui: &mut Ui, metrics: &Metrics, text: &str) {
    line(ui, metrics, text, (Metrics::font(metrics.lead), theme::INK));
}

/// A bold line between things.
pub fn strong(ui: &mut Ui, metrics: &Metrics, text: &str) {
    line(ui, metrics, text, (Metrics::bold_font(metrics.lead), theme::INK));
}

/// A sentence of less weight.
pub fn note(ui: &mut Ui, metrics: &Metrics, text: &str) {
    line(ui, metrics, text, (Metrics::font(metrics.body), theme::INK_QUIET));
}

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Be careful.
    Caution,
    /// It did not go.
    Refusal,
    /// It went well.
    Well,
    /// A fact.
    Plain,
}

impl Tone {
    const fn colours(self) -> (Color32, Color32) {
        match self {
            Self::Caution => (theme::CAUTION, theme::ON_CAUTION),
            Self::Refusal => (theme::REFUSAL, theme::ON_REFUSAL),
            Self::Well => (theme::WELL, theme::ON_WELL),
            Self::Plain => (theme::SURFACE, theme::INK),
        }
    }
}

/// Sentences on a ground of their own, with a bar at the side; read out when they appear.
pub fn notice(ui: &mut Ui, metrics: &Metrics, tone: Tone, sentences: &[&str]) {
    let (ground, ink) = tone.colours();
    let room = Margin::symmetric((metrics.gap * 1.6) as i8, metrics.gap as i8);
    let shown = Frame::new().fill(ground).corner_radius(theme::RADIUS).inner_margin(room).show(ui, |ui| {
        ui.set_width(ui.available_width());
        for (place, sentence) in sentences.iter().enumerate() {
            let font = if place == 0 { Metrics::bold_font(metrics.lead) } else { Metrics::font(metrics.lead) };
            let response = line(ui, metrics, sentence, (font, ink));
            ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(Live::Polite));
        }
    });
    let rect = shown.response.rect;
    let bar = rect.with_max_x(rect.left() + 8.0).shrink2(vec2(0.0, 12.0)).translate(vec2(6.0, 0.0));
    ui.painter().rect_filled(bar, theme::RADIUS, ink);
}

/// A name at the left and its value, one below the other where both are long; one accessible label.
pub fn row(ui: &mut Ui, metrics: &Metrics, name: &str, value: &str) {
    let width = ui.available_width();
    let column = width * 0.36;
    let lay = |text: &str, font, colour, room| ui.painter().layout(text.to_owned(), font, colour, room);
    let name_galley = lay(name, Metrics::font(metrics.body), theme::INK_QUIET, column - 12.0);
    let value_galley = lay(value, Metrics::bold_font(metrics.lead), theme::INK, width - column);
    let height = name_galley.size().y.max(value_galley.size().y) + metrics.gap * 0.5;
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{name} {value}")));
    let centred = |size: Vec2| rect.center().y - size.y / 2.0;
    let name_at = egui::pos2(rect.left(), centred(name_galley.size()));
    let value_at = egui::pos2(rect.left() + column, centred(value_galley.size()));
    ui.painter().galley(name_at, name_galley, theme::INK_QUIET);
    ui.painter().galley(value_at, value_galley, theme::INK);
    ui.painter().hline(rect.x_range(), rect.bottom(), egui::Stroke::new(1.0, theme::LINE));
}

/// A name and an amount of money, large.
pub fn amount(ui: &mut Ui, metrics: &Metrics, name: &str, value: &str) {
    let size = vec2(ui.available_width(), metrics.figure * 1.7);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{name} {value}")));
    let name = fitted(ui, name, &Metrics::font(metrics.lead), rect.width() * 0.42);
    let value = fitted(ui, value, &Metrics::bold_font(metrics.figure), rect.width() * 0.56);
    let painter = ui.painter();
    let left = egui::Align2::LEFT_CENTER.align_size_within_rect(name.size(), rect).min;
    painter.galley_with_override_text_color(left, name, theme::INK_QUIET);
    let right = egui::Align2::RIGHT_CENTER.align_size_within_rect(value.size(), rect).min;
    painter.galley(right, value, theme::INK);
    painter.hline(rect.x_range(), rect.bottom(), egui::Stroke::new(2.0, theme::LINE));
}

/// Text that is painted by ourselves, with the name a reader of the screen hears when it changes.
pub fn readout(ui: &mut Ui, metrics: &Metrics, name: &str, shown: &str) {
    let size = vec2(ui.available_width(), metrics.figure * 1.5);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, name));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(Live::Polite));
    let painter = ui.painter();
    painter.rect(rect, theme::RADIUS, theme::SURFACE, theme::edge(), egui::StrokeKind::Inside);
    let font = FontId::new(metrics.figure, egui::FontFamily::Monospace);
    painter.text(rect.center(), egui::Align2::CENTER_CENTER, shown, font, theme::INK);
}

/// How much of a work is done, as a bar with its sentence; one accessible label.
pub fn progress(ui: &mut Ui, metrics: &Metrics, sentence: &str, (done, whole): (u16, u16)) {
    lead(ui, metrics, sentence);
    let share = f32::from(done) / f32::from(whole.max(1));
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), metrics.gap * 1.4), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, sentence));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_min_numeric_value(0.0);
        node.set_max_numeric_value(f64::from(whole));
        node.set_numeric_value(f64::from(done));
    });
    let painter = ui.painter();
    painter.rect(rect, theme::RADIUS, theme::SURFACE, theme::edge(), egui::StrokeKind::Inside);
    let filled = rect.with_max_x(rect.left() + rect.width() * share);
    painter.rect_filled(filled, theme::RADIUS, theme::INDIGO);
}
