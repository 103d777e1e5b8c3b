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
    let keys_height = match metrics.orientation {
        Orientation::Portrait => metrics.key * 5.6,
        Orientation::Landscape => metrics.key * 3.5 + 24.0,
    };
    let (words_area, keys) = area.split_top_bottom_at_y((area.bottom() - keys_height).max(area.top()));
    let wide = pane::Share { portrait: 0.6, landscape: 0.56 };
    let [said, shown] = pane::divide(words_area, &metrics, wide);
    pane::within(ui, said, "words", |ui| {
        if metrics.orientation == Orientation::Portrait {
            words::title(ui, &metrics, &stage.say("passport-title"));
            words::note(ui, &metrics, &stage.say("passport-note"));
        } else {
            words::strong(ui, &metrics, &stage.say("passport-title"));
        }
        words::lead(ui, &metrics, &stage.speech.say_with("passport-text", &[("masked", masked.into())]));
        differed(ui, stage, comparison);
    });
    pane::within(ui, shown, "typed", |ui| {
        let typed = stage.entry.typed();
        let name = if typed.is_empty() {
            stage.say("passport-empty")
        } else {
            stage.speech.say_with("passport-typed", &[("text", typed.into())])
        };
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

fn differed(ui: &mut Ui, stage: &Stage<'_>, comparison: Comparison) {
    let sentence = match comparison {
        Comparison::Untyped | Comparison::Asking => return,
        Comparison::Differed(None) => stage.say("passport-differed"),
        Comparison::Differed(Some(count)) => {
            stage.speech.say_with("passport-differed-left", &[("count", count.into())])
        }
    };
    words::notice(ui, &stage.metrics, Tone::Refusal, &[&sentence]);
}
