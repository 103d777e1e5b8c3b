//! Which language to read: every language by its own name, over any screen.

use egui::{Rect, Ui, Vec2, vec2};

use super::entry::Panel;
use super::{Command, Stage, panel};
use crate::text::Language;
use crate::theme::{Metrics, Orientation};
use crate::widget::button::{Button, Kind, Readiness};
use crate::widget::words;

const WIDTH: panel::Width = panel::Width { share: 0.86, most: 980.0 };

pub(super) fn draw(ui: &Ui, area: Rect, stage: &mut Stage<'_>) {
    let metrics = stage.metrics;
    let columns = match metrics.orientation {
        Orientation::Portrait => 2,
        Orientation::Landscape => 3,
    };
    panel::draw(ui, area, stage, ("languages", WIDTH, Command::Show(Panel::Shut)), |ui, stage| {
        words::title(ui, &metrics, &stage.say("language-title"));
        keys(ui, stage, columns);
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
