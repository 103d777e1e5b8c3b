//! Which language to read: every language by its own name, over any screen.

use egui::{Area, Frame, Id, Margin, Order, Rect, Sense, Ui, Vec2, vec2};

use super::{Command, Stage};
use crate::text::Language;
use crate::theme::{self, Metrics, Orientation};
use crate::widget::button::{Button, Kind, Readiness};
use crate::widget::words;

pub(super) fn draw(ui: &Ui, area: Rect, stage: &mut Stage<'_>) {
    let metrics = stage.metrics;
    Area::new(Id::unique("language veil")).order(Order::Middle).fixed_pos(area.min).show(ui.ctx(), |ui| {
        let (rect, response) = ui.allocate_exact_size(area.size(), Sense::click());
        ui.painter().rect_filled(rect, 0.0, theme::VEIL);
        if response.clicked() {
            stage.commands.push(Command::ShowLanguages(super::entry::Panel::Shut));
        }
    });
    let columns = match metrics.orientation {
        Orientation::Portrait => 2,
        Orientation::Landscape => 3,
    };
    let width = (area.width() * 0.86).min(980.0);
    Area::new(Id::unique("languages"))
        .order(Order::Foreground)
        .pivot(egui::Align2::CENTER_CENTER)
        .fixed_pos(area.center())
        .show(ui.ctx(), |ui| {
            let frame = Frame::new().fill(theme::GROUND).corner_radius(theme::RADIUS);
            frame.inner_margin(Margin::same((metrics.gap * 1.6) as i8)).show(ui, |ui| {
                ui.set_width(width);
                words::title(ui, &metrics, &stage.say("language-title"));
                keys(ui, stage, columns);
            });
        });
}

fn keys(ui: &mut Ui, stage: &mut Stage<'_>, columns: usize) {
    let metrics = stage.metrics;
    let gap = metrics.gap;
    ui.spacing_mut().item_spacing = vec2(gap, gap);
    let width = (ui.available_width() - gap * (columns - 1) as f32) / columns as f32;
    let size = vec2(width, metrics.action);
    for row in Language::ALL.chunks(columns) {
        ui.horizontal(|ui| row.iter().for_each(|language| key(ui, stage, *language, size)));
    }
}

fn key(ui: &mut Ui, stage: &mut Stage<'_>, language: Language, size: Vec2) {
    let chosen = language == stage.speech.language();
    let readiness = if chosen { Readiness::Chosen } else { Readiness::Ready };
    let key = Button::new(language.own_name(), Kind::Plain, Metrics::font(stage.metrics.button), size);
    if key.readiness(readiness).show(ui) {
        stage.commands.push(Command::Speak(language));
    }
}
