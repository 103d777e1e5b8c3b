//! The terminal cannot serve: for a while, or until staff came.

use egui::{Rect, Ui};

use super::{Foot, Stage, fault};
use crate::session::fault::Fault;
use crate::widget::illustration::{self, Drawing};
use crate::widget::pane;
use crate::widget::words::{self, Tone};

pub(super) fn draw(ui: &mut Ui, area: Rect, stage: &Stage<'_>, fault: Fault) -> Foot {
    show(ui, area, stage, fault, ["out-of-order-title", "out-of-order-text"])
}

pub(super) fn unavailable(ui: &mut Ui, area: Rect, stage: &Stage<'_>, fault: Fault) -> Foot {
    show(ui, area, stage, fault, ["unavailable-title", "unavailable-text"])
}

fn show(ui: &mut Ui, area: Rect, stage: &Stage<'_>, fault: Fault, [title, text]: [&str; 2]) -> Foot {
    let metrics = stage.metrics;
    let [words_area, picture] = pane::beside_picture(area, &metrics, pane::Share { portrait: 0.6, landscape: 0.64 });
    pane::within(ui, words_area, "words", |ui| {
        words::title(ui, &metrics, &stage.say(title));
        let sentence = fault::sentence(fault);
        words::notice(ui, &metrics, Tone::Refusal, &[&stage.speech.say_sentence(&sentence)]);
        words::lead(ui, &metrics, &stage.speech.advise(&sentence));
        words::note(ui, &metrics, &stage.say(text));
        let code = stage.speech.say_with("refused-code", &[("code", fault.code().into())]);
        words::note(ui, &metrics, &code);
    });
    illustration::draw(ui, picture, Drawing::Stopped);
    Foot::default()
}
