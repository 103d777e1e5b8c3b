//! The PIN: tries left before typing, masked at once, and the last try confirmed.

use egui::{Rect, Ui};
use shared::domain::certificate::ProofProfile;

use super::entry::PIN_DIGITS;
use super::{Command, Foot, Stage, digits};
use crate::session::PreviousPin;
use crate::session::event::Event;
use crate::widget::button::Readiness;
use crate::widget::illustration::{self, Drawing};
use crate::widget::pane;
use crate::widget::words::{self, Tone};

/// What is asked.
pub(super) struct Asked {
    pub(super) profile: ProofProfile,
    pub(super) tries_left: u8,
    pub(super) previous: PreviousPin,
}

pub(super) fn draw(ui: &mut Ui, area: Rect, stage: &mut Stage<'_>, asked: &Asked) -> Foot {
    let fill = digits::draw(ui, area, stage, PIN_DIGITS, |ui, stage| {
        let metrics = stage.metrics;
        words::title(ui, &metrics, &stage.say("pin-title"));
        words::lead(ui, &metrics, &stage.say(profile_key(asked.profile)));
        ui.add_space(metrics.gap * 0.5);
        let count = [("count", asked.tries_left.into())];
        let (left, locked) =
            (stage.speech.say_with("pin-tries", &count), stage.speech.say_with("pin-tries-note", &count));
        match asked.previous {
            PreviousPin::Untyped => words::notice(ui, &metrics, Tone::Plain, &[&left, &locked]),
            PreviousPin::Wrong => {
                words::notice(ui, &metrics, Tone::Refusal, &[&stage.say("pin-wrong")]);
                words::notice(ui, &metrics, Tone::Caution, &[&left, &locked]);
            }
        }
    });
    Foot::onward_when(Readiness::from(fill.typed == PIN_DIGITS), stage.say("pin-ok"), Command::SubmitPin)
}

pub(super) fn last_try(
    ui: &mut Ui,
    area: Rect,
    stage: &Stage<'_>,
    (profile, previous): (ProofProfile, PreviousPin),
) -> Foot {
    let metrics = stage.metrics;
    let [words_area, picture] = pane::beside_picture(area, &metrics, pane::Share { portrait: 0.55, landscape: 0.6 });
    pane::within(ui, words_area, "words", |ui| {
        words::title(ui, &metrics, &stage.say("last-try-title"));
        words::lead(ui, &metrics, &stage.say(profile_key(profile)));
        ui.add_space(metrics.gap * 0.5);
        if previous == PreviousPin::Wrong {
            words::notice(ui, &metrics, Tone::Refusal, &[&stage.say("last-try-wrong")]);
        }
        words::notice(ui, &metrics, Tone::Caution, &[&stage.say("last-try-text")]);
    });
    illustration::draw(ui, picture, Drawing::Stopped);
    Foot::onward(stage.say("last-try-go-on"), Command::Tell(Event::LastTryConfirmed))
}

const fn profile_key(profile: ProofProfile) -> &'static str {
    match profile {
        ProofProfile::InputSupport => "pin-profile-input-support",
        ProofProfile::AuthenticationCertificate => "pin-profile-authentication",
    }
}
