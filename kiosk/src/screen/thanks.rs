//! The end: the certificate's number, the change, and that nothing stays here.

use egui::{Rect, Ui};
use shared::domain::identifiers::CertificateId;

use super::{Command, Foot, Stage};
use crate::session::effect::Receipt;
use crate::session::event::Event;
use crate::widget::illustration::{self, Drawing};
use crate::widget::pane;
use crate::widget::words::{self, Tone};

pub(super) fn draw(ui: &mut Ui, area: Rect, stage: &Stage<'_>, certificate: &CertificateId, receipt: &Receipt) -> Foot {
    let metrics = stage.metrics;
    let [words_area, picture] = pane::beside_picture(area, &metrics, pane::Share { portrait: 0.46, landscape: 0.56 });
    pane::within(ui, words_area, "words", |ui| {
        words::title(ui, &metrics, &stage.say("thanks-title"));
        words::lead(ui, &metrics, &stage.say("thanks-text"));
        let number = stage.speech.say_with("thanks-certificate", &[("certificate", certificate.as_str().into())]);
        words::notice(ui, &metrics, Tone::Well, &[&number]);
        if receipt.change.0 > 0 {
            words::lead(ui, &metrics, &stage.speech.say_with("thanks-change", &[("change", receipt.change.0.into())]));
        }
        words::note(ui, &metrics, &stage.say("thanks-wiped"));
    });
    illustration::draw(ui, picture, Drawing::Done);
    Foot::onward(stage.say("close"), Command::Tell(Event::Acknowledged))
}
