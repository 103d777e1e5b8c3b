//! Words and what is chosen from: two parts of a screen, or one below the other in large letters.

use egui::{Rect, Ui};

use super::Stage;
use crate::comfort::TextSize;
use crate::widget::pane::{self, Share};

/// Draws the words, then the keys.
pub(super) fn draw<'a>(
    ui: &mut Ui,
    (area, share): (Rect, Share),
    stage: &mut Stage<'a>,
    words: impl FnOnce(&mut Ui, &mut Stage<'a>),
    keys: impl FnOnce(&mut Ui, &mut Stage<'a>),
) {
    if stage.metrics.text == TextSize::Usual {
        let [words_area, keys_area] = pane::divide(area, &stage.metrics, share);
        pane::within(ui, words_area, "words", |ui| words(ui, stage));
        pane::within(ui, keys_area, "keys", |ui| keys(ui, stage));
    } else {
        pane::within(ui, area, "words and keys", |ui| {
            words(ui, stage);
            ui.add_space(stage.metrics.gap);
            keys(ui, stage);
        });
    }
}
