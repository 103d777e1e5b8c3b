//! Paper and receipt lie in the tray: taken by the resident, or left behind for the staff.

use egui::{Rect, Ui};
use shared::domain::identifiers::IssuanceId;

use super::{Beeping, Command, Foot, Stage};
use crate::session::effect::Receipt;
use crate::session::event::Event;
use crate::widget::illustration::{self, Drawing};
use crate::widget::pane;
use crate::widget::words::{self, Tone};

const SHARE: pane::Share = pane::Share { portrait: 0.42, landscape: 0.54 };

pub(super) fn take(ui: &mut Ui, area: Rect, stage: &Stage<'_>, receipt: &Receipt) -> Foot {
    let metrics = stage.metrics;
    let [words_area, picture] = pane::beside_picture(area, &metrics, SHARE);
    pane::within(ui, words_area, "words", |ui| {
        words::title(ui, &metrics, &stage.say("take-paper-title"));
        words::lead(ui, &metrics, &stage.speech.say_with("take-paper-text", &[("copies", receipt.copies.into())]));
        if receipt.change.0 > 0 {
            let change = stage.speech.say_with("take-paper-change", &[("change", receipt.change.0.into())]);
            words::notice(ui, &metrics, Tone::Plain, &[&change]);
        }
        alarm(ui, stage);
    });
    illustration::draw(ui, picture, Drawing::Paper);
    Foot::onward(stage.say("take-paper-taken"), Command::Tell(Event::PaperTaken))
}

pub(super) fn left(ui: &mut Ui, area: Rect, stage: &Stage<'_>, issuance: &IssuanceId) -> Foot {
    let metrics = stage.metrics;
    let [words_area, picture] = pane::beside_picture(area, &metrics, SHARE);
    pane::within(ui, words_area, "words", |ui| {
        words::title(ui, &metrics, &stage.say("paper-left-title"));
        words::notice(ui, &metrics, Tone::Refusal, &[&stage.say("paper-left-text")]);
        alarm(ui, stage);
        let number = stage.speech.say_with("paper-left-number", &[("issuance", issuance.as_str().into())]);
        words::note(ui, &metrics, &number);
    });
    illustration::draw(ui, picture, Drawing::Stopped);
    Foot::onward(stage.say("paper-left-staff"), Command::Tell(Event::PaperTaken))
}

fn alarm(ui: &mut Ui, stage: &Stage<'_>) {
    if stage.beeping == Beeping::Alarm {
        words::notice(ui, &stage.metrics, Tone::Caution, &[&stage.say("beep")]);
    }
}
