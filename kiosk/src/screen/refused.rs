//! It ended without paper: why, what to do next, what came back.

use egui::{Rect, Ui};
use shared::domain::fee::Yen;

use super::{Command, Foot, Stage, fault};
use crate::session::event::Event;
use crate::session::fault::Fault;
use crate::session::view::CardReminder;
use crate::widget::illustration::{self, Drawing};
use crate::widget::pane;
use crate::widget::words::{self, Tone};

/// How it ended.
pub(super) struct Refusal {
    pub(super) fault: Fault,
    pub(super) returned: Yen,
    pub(super) card: CardReminder,
}

pub(super) fn draw(ui: &mut Ui, area: Rect, stage: &Stage<'_>, refusal: &Refusal) -> Foot {
    let metrics = stage.metrics;
    let is_wish = matches!(refusal.fault, Fault::Cancelled | Fault::Abandoned);
    let [words_area, picture] = pane::beside_picture(area, &metrics, pane::Share { portrait: 0.66, landscape: 0.66 });
    pane::within(ui, words_area, "words", |ui| {
        words::title(ui, &metrics, &stage.say(if is_wish { "refused-cancelled-title" } else { "refused-title" }));
        let sentence = fault::sentence(refusal.fault);
        let tone = if is_wish { Tone::Plain } else { Tone::Refusal };
        words::notice(ui, &metrics, tone, &[&stage.speech.say_sentence(&sentence)]);
        words::strong(ui, &metrics, &stage.say("advice-title"));
        words::lead(ui, &metrics, &stage.speech.advise(&sentence));
        if refusal.returned.0 > 0 {
            let text = stage.speech.say_with("refused-returned", &[("amount", refusal.returned.0.into())]);
            words::notice(ui, &metrics, Tone::Well, &[&text]);
        }
        if refusal.card == CardReminder::Take {
            words::notice(ui, &metrics, Tone::Caution, &[&stage.say("refused-card")]);
        }
        let code = stage.speech.say_with("refused-code", &[("code", refusal.fault.code().into())]);
        words::note(ui, &metrics, &code);
    });
    let drawing = match refusal.card {
        CardReminder::Take => Drawing::CardUp,
        CardReminder::Unneeded => Drawing::Stopped,
    };
    illustration::draw(ui, picture, drawing);
    Foot::onward(stage.say("close"), Command::Tell(Event::Acknowledged))
}
