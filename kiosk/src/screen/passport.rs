//! The passport number is typed once; it must be the registered one.

use egui::{Rect, Ui};

use super::entry::{PASSPORT_CHARACTERS, PASSPORT_LEAST};
use super::{Command, Foot, Stage};
use crate::session::Comparison;
use crate::theme::Orientation;
use crate::widget::button::Readiness;
use crate::widget::keypad::{self, Fill, Names};
use crate::widget::pane;
use crate::widget::words::{self, Tone};

pub(super) fn draw(ui: &mut Ui, area: Rect, stage: &mut Stage<'_>, masked: &str, comparison: Comparison) -> Foot {
    let metrics = stage.metrics;
    let fill = Fill { typed: stage.entry.typed().len(), limit: PASSPORT_CHARACTERS };
    let rows = keypad::letter_rows(&metrics);
    let keys_height = keypad::letters_height(&metrics) * rows + 10.0 * (rows - 1.0);
    let (words_area, keys) = area.split_top_bottom_at_y((area.bottom() - keys_height).max(area.top()));
    let wide = pane::Share { portrait: 0.66, landscape: 0.68 };
    let [said, shown] = pane::divide(words_area.with_max_y(words_area.bottom() - 8.0), &metrics, wide);
    pane::within(ui, said, "words", |ui| {
        let is_low = metrics.orientation == Orientation::Landscape;
        if is_low {
            words::strong(ui, &metrics, &stage.say("passport-title"));
        } else {
            words::title(ui, &metrics, &stage.say("passport-title"));
            words::note(ui, &metrics, &stage.say("passport-note"));
        }
        let registered = stage.speech.say_with("passport-text", &[("masked", masked.into())]);
        match differed(stage, comparison) {
            Some(sentence) => words::notice(ui, &metrics, Tone::Refusal, &[&sentence, &registered]),
            None => words::lead(ui, &metrics, &registered),
        }
    });
    let typed = stage.entry.typed();
    let name = if typed.is_empty() {
        stage.say("passport-empty")
    } else {
        stage.speech.say_with("passport-typed", &[("text", typed.into())])
    };
    pane::centred(ui, shown, shown.width(), |ui| {
        words::readout(ui, &metrics, &name, &format!("{typed:_<PASSPORT_CHARACTERS$}"));
    });
    let (erase, clear) = (stage.say("pin-erase"), stage.say("pin-clear"));
    let pressed = pane::centred(ui, keys, keys.width(), |ui| {
        keypad::letters(ui, &metrics, Names { erase: &erase, clear: &clear }, fill)
    });
    stage.commands.extend(pressed.into_iter().map(Command::Press));
    Foot::onward_when(Readiness::from(fill.typed >= PASSPORT_LEAST), stage.say("passport-ok"), Command::SubmitPassport)
        .with_back(&stage.speech)
}

/// What to say of the number last typed.
fn differed(stage: &Stage<'_>, comparison: Comparison) -> Option<String> {
    match comparison {
        Comparison::Untyped | Comparison::Asking => None,
        Comparison::Differed(None) => Some(stage.say("passport-differed")),
        Comparison::Differed(Some(count)) => {
            Some(stage.speech.say_with("passport-differed-left", &[("count", count.into())]))
        }
    }
}
