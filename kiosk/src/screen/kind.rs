//! Which certificate, and by which PIN.

use egui::{Rect, Ui, vec2};
use shared::domain::certificate::{CertificateKind, ProofProfile};
use shared::wire::terminal::CertificateOffer;

use super::{Foot, Stage, halves};
use crate::session::event::Event;
use crate::theme::Metrics;
use crate::widget::button::{Button, Kind};
use crate::widget::{pane, words};

pub(super) fn draw(ui: &mut Ui, area: Rect, stage: &mut Stage<'_>, offers: &[CertificateOffer]) -> Foot {
    let metrics = stage.metrics;
    let share = pane::Share { portrait: 0.2, landscape: 0.36 };
    let words = |ui: &mut Ui, stage: &mut Stage<'_>| words::title(ui, &metrics, &stage.say("kind-title"));
    halves::draw(ui, (area, share), stage, words, |ui, stage| {
        for offer in offers {
            let text = match offer.kind {
                CertificateKind::Vaccination => stage.say("kind-vaccination"),
            };
            let note = match offer.profile {
                ProofProfile::InputSupport => stage.say("kind-pin-input-support"),
                ProofProfile::AuthenticationCertificate => stage.say("kind-pin-authentication"),
            };
            let size = vec2(ui.available_width(), metrics.option(1.4));
            let key = Button::new(&text, Kind::Plain, Metrics::bold_font(metrics.button), size).note(&note);
            if key.show(ui) {
                stage.tell(Event::KindChosen(offer.kind));
            }
        }
    });
    Foot::default()
}
