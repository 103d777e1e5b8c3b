//! Words beside a telephone keypad, with the places that its digits fill: masked at once.

use egui::{Rect, Ui};

use super::{Command, Stage};
use crate::theme::Orientation;
use crate::widget::keypad::{self, Fill, Names};
use crate::widget::pane;

/// Draws words and keypad; gives how much is typed.
pub(super) fn draw<'a>(
    ui: &mut Ui,
    area: Rect,
    stage: &mut Stage<'a>,
    limit: usize,
    words: impl FnOnce(&mut Ui, &mut Stage<'a>),
) -> Fill {
    let metrics = stage.metrics;
    let fill = Fill { typed: stage.entry.typed().len(), limit };
    let [words_area, keys] = match metrics.orientation {
        // Upright, the words get what the keys leave; little as that is in large letters, it is turned to.
        Orientation::Portrait => {
            let keys_height = keypad::telephone_height(&metrics) + metrics.gap;
            let (words, keys) = area.split_top_bottom_at_y(area.bottom() - keys_height);
            [words, keys]
        }
        Orientation::Landscape => pane::divide(area, &metrics, pane::WORDS_AND_KEYS),
    };
    let typed = stage.speech.say_with("pin-typed", &[("count", fill.typed.into())]);
    // A low panel has no room above the keys.
    let (above, words_area) = match metrics.orientation {
        Orientation::Portrait => (true, words_area),
        Orientation::Landscape => {
            let (words, places) = words_area.split_top_bottom_at_y(words_area.bottom() - metrics.figure * 1.6);
            pane::centred(ui, places, places.width(), |ui| keypad::masked(ui, &metrics, &typed, fill));
            (false, words)
        }
    };
    pane::within(ui, words_area, "words", |ui| words(ui, stage));
    let (erase, clear) = (stage.say("pin-erase"), stage.say("pin-clear"));
    let pressed = pane::centred(ui, keys, keypad::telephone_width(&metrics), |ui| {
        if above {
            keypad::masked(ui, &metrics, &typed, fill);
            ui.add_space(metrics.gap * 0.5);
        }
        let names = Names { erase: &erase, clear: &clear };
        keypad::telephone(ui, &metrics, (&stage.entry.digits(), names), fill)
    });
    stage.commands.extend(pressed.into_iter().map(Command::Press));
    fill
}
