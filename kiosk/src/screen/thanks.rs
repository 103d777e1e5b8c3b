//! The end: the receipt, large enough to be read, and that nothing of the person stays here.

use egui::{Rect, Ui};
use shared::domain::fee::Yen;
use shared::domain::identifiers::CertificateId;

use super::{Command, Foot, Stage};
use crate::session::effect::Receipt;
use crate::session::event::Event;
use crate::widget::illustration::{self, Drawing};
use crate::widget::{pane, words};

pub(super) fn draw(ui: &mut Ui, area: Rect, stage: &Stage<'_>, certificate: &CertificateId, receipt: &Receipt) -> Foot {
    let metrics = stage.metrics;
    let [words_area, picture] = pane::beside_picture(area, &metrics, pane::Share { portrait: 0.72, landscape: 0.68 });
    pane::within(ui, words_area, "words", |ui| {
        words::title(ui, &metrics, &stage.say("thanks-title"));
        slip(ui, stage, certificate, receipt);
        words::note(ui, &metrics, &stage.say("thanks-wiped"));
    });
    illustration::draw(ui, picture, Drawing::Done);
    Foot::onward(stage.say("close"), Command::Tell(Event::Acknowledged))
}

/// What the printed receipt says, without the transaction: whoever asks has the number of the issuance.
fn slip(ui: &mut Ui, stage: &Stage<'_>, certificate: &CertificateId, receipt: &Receipt) {
    let metrics = stage.metrics;
    let yen = |amount: Yen| stage.speech.say_with("pay-yen", &[("amount", amount.0.into())]);
    words::amount(ui, &metrics, &stage.say("pay-fee"), &yen(receipt.fee));
    ui.spacing_mut().item_spacing.y = 0.0;
    let copies = stage.speech.say_with("copies-count", &[("count", receipt.copies.into())]);
    for (name, value) in [
        ("pay-inserted", yen(receipt.inserted)),
        ("receipt-change", yen(receipt.change)),
        ("preview-copies", copies),
        ("receipt-time", stage.moment(receipt.at)),
        ("preview-certificate", certificate.to_string()),
        ("receipt-number", receipt.issuance.to_string()),
    ] {
        words::row(ui, &metrics, &stage.say(name), &value);
    }
    ui.add_space(metrics.gap * 0.5);
}
