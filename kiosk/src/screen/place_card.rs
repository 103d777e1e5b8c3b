//! Asks for the card.

use egui::{Rect, Ui};

use super::{Foot, Stage};
use crate::widget::illustration::{self, Drawing};
use crate::widget::{pane, words};

const SHARE: pane::Share = pane::Share { portrait: 0.34, landscape: 0.48 };

pub(super) fn draw(ui: &mut Ui, area: Rect, stage: &Stage<'_>) -> Foot {
    let [words_area, picture] = pane::beside_picture(area, &stage.metrics, SHARE);
    pane::within(ui, words_area, "words", |ui| {
        words::title(ui, &stage.metrics, &stage.say("place-card-title"));
        words::lead(ui, &stage.metrics, &stage.say("place-card-text"));
        words::note(ui, &stage.metrics, &stage.say("place-card-note"));
    });
    illustration::draw(ui, picture, Drawing::CardDown);
    Foot::default()
}
