//! Text on a screen: headings, sentences, notices, rows, each one accessible label.

use egui::accesskit::{Live, Role};
use egui::{
    Align2, Color32, FontFamily, FontId, Frame, Label, Margin, Pos2, Response, RichText, Sense, Shape, Stroke,
    StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use super::{measure, ruby};
use crate::theme::{self, Metrics, Readings};

/// Text with air between its lines: the typeface itself leaves none.
fn spaced(text: &str, font: FontId) -> RichText {
    let height = font.size * 1.35;
    RichText::new(text).font(font).line_height(Some(height))
}

/// Remembers, for the tests of every language, what found no room.
#[cfg(test)]
pub fn note_clipped(ui: &Ui, text: &str) {
    note_of_test(ui, clipped_id(), text);
}

/// Remembers, for the same tests, what must be turned to.
#[cfg(test)]
pub fn note_turned(ui: &Ui, part: &str) {
    note_of_test(ui, turned_id(), part);
}

/// Remembers, for the same tests, what was broken inside a word.
#[cfg(test)]
pub fn note_broken(ui: &Ui, text: &str) {
    note_of_test(ui, broken_id(), text);
}

/// Where it is remembered.
#[cfg(test)]
pub fn broken_id() -> egui::Id {
    egui::Id::unique("broken")
}

/// Nobody looks outside the tests.
#[cfg(not(test))]
pub const fn note_broken(_: &Ui, _: &str) {}

/// Nobody looks outside the tests.
#[cfg(not(test))]
pub const fn note_turned(_: &Ui, _: &str) {}

#[cfg(test)]
fn note_of_test(ui: &Ui, id: egui::Id, text: &str) {
    ui.data_mut(|data| data.get_temp_mut_or_default::<Vec<String>>(id).push(text.to_owned()));
}

/// Where it is remembered.
#[cfg(test)]
pub fn turned_id() -> egui::Id {
    egui::Id::unique("turned")
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
    let font_at = |scale: f32| FontId::new(font.size * scale, font.family.clone());
    let set = |scale: f32| ui.painter().layout_no_wrap(text.to_owned(), font_at(scale), theme::palette(ui).ink);
    let may_fit = |scale: &f32| measure::may_fit(ui, text, &font_at(*scale), width);
    let scales = [1.0, 0.9, 0.8, 0.7, 0.62].into_iter().filter(may_fit);
    scales.map(set).find(|galley| galley.size().x <= width).unwrap_or_else(|| {
        note_clipped(ui, text);
        set(0.62)
    })
}

/// Text in a place of its own, set smaller where it finds no room.
pub fn boxed(ui: &Ui, text: &str, font: &FontId, room: Vec2) -> std::sync::Arc<egui::Galley> {
    let font_at = |scale: f32| FontId::new(font.size * scale, font.family.clone());
    let set = |scale: f32| ui.painter().layout(text.to_owned(), font_at(scale), theme::palette(ui).ink, room.x);
    let may_fit = |scale: &f32| measure::least_height(ui, text, &font_at(*scale), room.x) <= room.y;
    let scales = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5].into_iter().filter(may_fit);
    scales.map(set).find(|galley| galley.size().y <= room.y).unwrap_or_else(|| {
        note_clipped(ui, text);
        set(0.5)
    })
}

/// A text of its own, with readings over its kanji where they are wanted.
fn line(ui: &mut Ui, metrics: &Metrics, text: &str, (font, colour): (FontId, Color32)) -> Response {
    match metrics.readings {
        Readings::Shown | Readings::Hidden => ruby::label(ui, text, (&font, metrics.readings), colour),
        Readings::Foreign => ui.add(Label::new(spaced(text, font).color(colour)).wrap()),
    }
}

/// The width of the longest word or phrase of a text.
pub fn widest(ui: &Ui, text: &str, font: &FontId) -> f32 {
    let wide = |word: String| measure::width(ui, &word, font);
    ruby::unbroken(text).into_iter().map(wide).fold(1.0, f32::max)
}

/// The largest letters in which no word of a heading must be broken.
fn heading_font(ui: &Ui, metrics: &Metrics, text: &str) -> FontId {
    let font = Metrics::bold_font(metrics.title);
    let widest = widest(ui, text, &font);
    // Readings may be wider than what they are over.
    let room = ui.available_width() * 0.96;
    FontId { size: font.size * (room / widest).clamp(0.6, 1.0), family: font.family }
}

/// A heading; read out when it appears.
pub fn title(ui: &mut Ui, metrics: &Metrics, text: &str) {
    let font = heading_font(ui, metrics, text);
    let response = line(ui, metrics, text, (font, theme::palette(ui).ink));
    // A label says its text as its value; a heading is read by its name.
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role(Role::Heading);
        node.set_label(text);
        node.set_live(Live::Polite);
    });
    ui.add_space(metrics.gap * 0.4);
}

/// The sentence under a heading.
pub fn lead(ui: &mut Ui, metrics: &Metrics, text: &str) {
    line(ui, metrics, text, (Metrics::font(metrics.lead), theme::palette(ui).ink));
}

/// A bold line between things.
pub fn strong(ui: &mut Ui, metrics: &Metrics, text: &str) {
    line(ui, metrics, text, (Metrics::bold_font(metrics.lead), theme::palette(ui).ink));
}

/// A sentence of less weight.
pub fn note(ui: &mut Ui, metrics: &Metrics, text: &str) {
    line(ui, metrics, text, (Metrics::font(metrics.body), theme::palette(ui).ink_quiet));
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
    const fn colours(self, palette: &theme::Palette) -> (Color32, Color32) {
        match self {
            Self::Caution => (palette.caution, palette.on_caution),
            Self::Refusal => (palette.refusal, palette.on_refusal),
            Self::Well => (palette.well, palette.on_well),
            Self::Plain => (palette.surface, palette.ink),
        }
    }

    /// A sign besides the colour: never colour alone.
    fn sign(self, ui: &Ui, centre: Pos2, radius: f32, ink: Color32) {
        let painter = ui.painter();
        let stroke = Stroke::new(radius * 0.2, ink);
        let at = |x: f32, y: f32| centre + vec2(x, y) * radius;
        let line = |points: &[Pos2]| painter.add(Shape::line(points.to_vec(), stroke));
        let dot = |place: Pos2| painter.circle_filled(place, radius * 0.14, ink);
        if self == Self::Caution {
            line(&[at(0.0, -0.95), at(1.05, 0.85), at(-1.05, 0.85), at(0.0, -0.95), at(1.05, 0.85)]);
            line(&[at(0.0, -0.35), at(0.0, 0.2)]);
            dot(at(0.0, 0.54));
            return;
        }
        painter.circle_stroke(centre, radius, stroke);
        match self {
            Self::Caution => {}
            Self::Refusal => {
                line(&[at(-0.42, -0.42), at(0.42, 0.42)]);
                line(&[at(0.42, -0.42), at(-0.42, 0.42)]);
            }
            Self::Well => {
                line(&[at(-0.5, 0.02), at(-0.12, 0.42), at(0.5, -0.4)]);
            }
            Self::Plain => {
                dot(at(0.0, -0.46));
                line(&[at(0.0, -0.12), at(0.0, 0.52)]);
            }
        }
    }
}

/// Sentences on a ground of their own, with a sign at the side; read out when they appear.
pub fn notice(ui: &mut Ui, metrics: &Metrics, tone: Tone, sentences: &[&str]) {
    framed(ui, metrics, tone, |ui, ink| {
        for (place, sentence) in sentences.iter().enumerate() {
            let font = if place == 0 { Metrics::bold_font(metrics.lead) } else { Metrics::font(metrics.lead) };
            let response = line(ui, metrics, sentence, (font, ink));
            ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(Live::Polite));
        }
    });
}

/// A sentence that counts: shown as it is now, read out only when the spoken one changes.
pub fn counting(ui: &mut Ui, metrics: &Metrics, shown: &str, (spoken, live): (&str, Live)) {
    framed(ui, metrics, Tone::Caution, |ui, ink| {
        let response = line(ui, metrics, shown, (Metrics::bold_font(metrics.lead), ink));
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_role(Role::Alert);
            node.set_label(spoken);
            node.set_live(live);
        });
    });
}

fn framed(ui: &mut Ui, metrics: &Metrics, tone: Tone, contents: impl FnOnce(&mut Ui, Color32)) {
    let palette = theme::palette(ui);
    let (ground, ink) = tone.colours(palette);
    let radius = metrics.lead * 0.56;
    let side = metrics.gap * 0.7;
    let room = Margin { left: (side * 2.0 + radius * 2.0) as i8, ..Margin::same(side as i8) };
    let frame = Frame::new().fill(ground).corner_radius(theme::RADIUS).stroke(Stroke::new(palette.outline, ink));
    let shown = frame.inner_margin(room).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 2.0;
        contents(ui, ink);
    });
    let rect = shown.response.rect;
    let first_line = if metrics.readings == Readings::Shown { 1.05 } else { 0.68 };
    let centre = pos2(rect.left() + side * 0.9 + radius, rect.top() + side + metrics.lead * first_line);
    tone.sign(ui, centre, radius, ink);
}

/// A name at the left and its value, one below the other where both are long; one accessible label.
pub fn row(ui: &mut Ui, metrics: &Metrics, name: &str, value: &str) {
    let colours = theme::palette(ui);
    let width = ui.available_width();
    let column = width * 0.36;
    let lay = |text: &str, font, colour, room| ui.painter().layout(text.to_owned(), font, colour, room);
    let name_galley = lay(name, Metrics::font(metrics.body), colours.ink_quiet, column - 12.0);
    let value_galley = lay(value, Metrics::bold_font(metrics.lead), colours.ink, width - column);
    let height = name_galley.size().y.max(value_galley.size().y) + metrics.gap * 0.5;
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{name} {value}")));
    let centred = |size: Vec2| rect.center().y - size.y / 2.0;
    let name_at = pos2(rect.left(), centred(name_galley.size()));
    let value_at = pos2(rect.left() + column, centred(value_galley.size()));
    ui.painter().galley(name_at, name_galley, colours.ink_quiet);
    ui.painter().galley(value_at, value_galley, colours.ink);
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, colours.line));
}

/// A name in a place of its own beside what it names, set smaller where it finds no room.
pub fn cell(ui: &mut Ui, text: &str, font: &FontId, size: Vec2) {
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    let galley = boxed(ui, text, font, size);
    let at = Align2::LEFT_CENTER.align_size_within_rect(galley.size(), rect).min;
    ui.painter().galley(at, galley, theme::palette(ui).ink);
}

/// A name and an amount of money, large.
pub fn amount(ui: &mut Ui, metrics: &Metrics, name: &str, value: &str) {
    let colours = theme::palette(ui);
    let size = vec2(ui.available_width(), metrics.figure * 1.4);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{name} {value}")));
    let name = fitted(ui, name, &Metrics::font(metrics.lead), rect.width() * 0.42);
    let value = fitted(ui, value, &Metrics::bold_font(metrics.figure), rect.width() * 0.56);
    let painter = ui.painter();
    let left = Align2::LEFT_CENTER.align_size_within_rect(name.size(), rect).min;
    painter.galley_with_override_text_color(left, name, colours.ink_quiet);
    let right = Align2::RIGHT_CENTER.align_size_within_rect(value.size(), rect).min;
    painter.galley(right, value, colours.ink);
    painter.hline(rect.x_range(), rect.bottom(), Stroke::new(2.0, colours.line));
}

/// Text that is painted by ourselves, with the name a reader of the screen hears when it changes.
pub fn readout(ui: &mut Ui, metrics: &Metrics, name: &str, shown: &str) {
    let colours = theme::palette(ui);
    let size = vec2(ui.available_width(), metrics.figure * 1.5);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, name));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(Live::Polite));
    let painter = ui.painter();
    painter.rect(rect, theme::RADIUS, colours.surface, theme::edge(ui), StrokeKind::Inside);
    let font = FontId::new(metrics.figure, FontFamily::Monospace);
    let galley = fitted(ui, shown, &font, rect.width() - metrics.gap);
    painter.galley(Align2::CENTER_CENTER.align_size_within_rect(galley.size(), rect).min, galley, colours.ink);
}

/// How much of a work is done, as a bar with its sentence; one accessible label.
pub fn progress(ui: &mut Ui, metrics: &Metrics, sentence: &str, (done, whole): (u16, u16)) {
    lead(ui, metrics, sentence);
    let colours = theme::palette(ui);
    let share = f32::from(done) / f32::from(whole.max(1));
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), metrics.gap * 1.4), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, sentence));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_min_numeric_value(0.0);
        node.set_max_numeric_value(f64::from(whole));
        node.set_numeric_value(f64::from(done));
    });
    let painter = ui.painter();
    painter.rect(rect, theme::RADIUS, colours.surface, theme::edge(ui), StrokeKind::Inside);
    let filled = rect.with_max_x(rect.left() + rect.width() * share);
    painter.rect_filled(filled, theme::RADIUS, colours.accent);
}
