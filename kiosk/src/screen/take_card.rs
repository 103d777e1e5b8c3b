//! Asks to take the card, with an alarm that can be seen.

use egui::{Rect, Ui};

use super::{Beeping, Foot, Stage};
use crate::widget::illustration::{self, Drawing};
use crate::widget::pane;
use crate::widget::words::{self, Tone};

pub(super) fn draw(ui: &mut Ui, area: Rect, stage: &Stage<'_>, text: &str) -> Foot {
    let metrics = &stage.metrics;
    let [words_area, picture] = pane::beside_picture(area, metrics, pane::Share { portrait: 0.34, landscape: 0.48 });
    pane::within(ui, words_area, "words", |ui| {
        words::title(ui, metrics, &stage.say("take-card-title"));
        words::lead(ui, metrics, &stage.say(text));
        if stage.beeping == Beeping::Alarm {
            words::notice(ui, metrics, Tone::Caution, &[&stage.say("beep")]);
        }
    });
    illustration::draw(ui, picture, Drawing::CardUp);
    Foot::default()
}
