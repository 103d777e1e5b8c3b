//! How to see, hear and type, over any screen; every choice takes effect at once.

use egui::{Rect, Ui, vec2};

use super::entry::Panel;
use super::{Command, Stage, panel};
use crate::comfort::{Choice, Contrast, KeyOrder, Pace, TextSize, Volume};
use crate::theme::{Metrics, Orientation};
use crate::widget::button::{Button, Kind, Readiness};
use crate::widget::words;

const WIDTH: panel::Width = panel::Width { share: 0.94, most: 1080.0 };

/// What a row is called, and its choices with their words.
type Row = (&'static str, &'static [(Choice, &'static str)]);

const ROWS: [Row; 5] = [
    (
        "comfort-text",
        &[
            (Choice::Text(TextSize::Usual), "comfort-text-usual"),
            (Choice::Text(TextSize::Large), "comfort-text-large"),
            (Choice::Text(TextSize::Double), "comfort-text-double"),
        ],
    ),
    (
        "comfort-contrast",
        &[
            (Choice::Contrast(Contrast::Usual), "comfort-contrast-usual"),
            (Choice::Contrast(Contrast::High), "comfort-contrast-high"),
        ],
    ),
    (
        "comfort-volume",
        &[
            (Choice::Volume(Volume::Off), "comfort-volume-off"),
            (Choice::Volume(Volume::Low), "comfort-volume-low"),
            (Choice::Volume(Volume::Usual), "comfort-volume-usual"),
            (Choice::Volume(Volume::High), "comfort-volume-high"),
        ],
    ),
    (
        "comfort-keypad",
        &[
            (Choice::Keypad(KeyOrder::Telephone), "comfort-keypad-telephone"),
            (Choice::Keypad(KeyOrder::Shuffled), "comfort-keypad-shuffled"),
        ],
    ),
    (
        "comfort-pace",
        &[(Choice::Pace(Pace::Usual), "comfort-pace-usual"), (Choice::Pace(Pace::Unhurried), "comfort-pace-unhurried")],
    ),
];

pub(super) fn draw(ui: &Ui, area: Rect, stage: &mut Stage<'_>) {
    let metrics = stage.metrics;
    panel::draw(ui, area, stage, ("comfort", WIDTH, Command::Show(Panel::Shut)), |ui, stage| {
        if metrics.orientation == Orientation::Portrait {
            words::title(ui, &metrics, &stage.say("comfort-title"));
        }
        ui.spacing_mut().item_spacing = vec2(metrics.gap, metrics.gap * 0.8);
        for row in &ROWS {
            self::row(ui, stage, row);
        }
        let text = stage.say("comfort-done");
        let size = vec2(ui.available_width(), metrics.action);
        if Button::new(&text, Kind::Primary, Metrics::bold_font(metrics.button), size).show(ui) {
            stage.commands.push(Command::Show(Panel::Shut));
        }
    });
}

fn row(ui: &mut Ui, stage: &mut Stage<'_>, (name, choices): &Row) {
    let metrics = stage.metrics;
    let name = stage.say(name);
    let height = metrics.touch.max(metrics.action * 0.8);
    // Beside the keys where it is wide, above them where it is high.
    let beside = match metrics.orientation {
        Orientation::Portrait => 0.0,
        Orientation::Landscape => ui.available_width() * 0.24,
    };
    if beside == 0.0 {
        words::strong(ui, &metrics, &name);
    }
    ui.horizontal(|ui| {
        if beside > 0.0 {
            words::cell(ui, &name, &Metrics::bold_font(metrics.body), vec2(beside, height));
        }
        let width = (ui.available_width() - metrics.gap * (choices.len() - 1) as f32) / choices.len() as f32;
        for (choice, word) in *choices {
            let text = stage.say(word);
            let said = stage
                .speech
                .say_with("comfort-option", &[("name", name.as_str().into()), ("choice", text.as_str().into())]);
            let readiness = if stage.comfort.has(*choice) { Readiness::Chosen } else { Readiness::Ready };
            let key = Button::new(&text, Kind::Plain, Metrics::font(metrics.body), vec2(width, height)).named(&said);
            if key.readiness(readiness).show(ui) {
                stage.commands.push(Command::Prefer(*choice));
            }
        }
    });
}
