//! Which form, with the reason where one cannot be had.

use egui::{Rect, Ui, vec2};
use shared::domain::certificate::Form;
use shared::domain::identifiers::MunicipalityCode;
use shared::wire::holder::{Availability, FormOffer};
use shared::wire::problem::ProblemCode;

use super::{Foot, Stage, fault, halves, municipality};
use crate::session::event::Event;
use crate::theme::Metrics;
use crate::widget::button::{Button, Kind, Readiness};
use crate::widget::pane;
use crate::widget::words::{self, Tone};

/// What there is to choose from.
pub(super) struct Choice<'a> {
    pub(super) municipality: &'a MunicipalityCode,
    pub(super) forms: &'a [FormOffer],
    pub(super) notice: Option<ProblemCode>,
}

pub(super) fn draw(ui: &mut Ui, area: Rect, stage: &mut Stage<'_>, choice: &Choice<'_>) -> Foot {
    let metrics = stage.metrics;
    let share = pane::Share { portrait: 0.22, landscape: 0.36 };
    let words = |ui: &mut Ui, stage: &mut Stage<'_>| {
        words::title(ui, &metrics, &stage.say("form-title"));
        let name = municipality::name(&stage.speech, choice.municipality);
        words::lead(ui, &metrics, &stage.speech.say_with("form-municipality", &[("name", name.into())]));
    };
    let closed = choice.forms.iter().any(|offer| refusal(offer).is_some());
    halves::draw(ui, (area, share), stage, words, |ui, stage| {
        for offer in choice.forms {
            option(ui, stage, offer);
        }
        // Said to the session, so that the session alone decides; the same words as beside the closed key.
        if let Some(code) = choice.notice.filter(|_| !closed) {
            reason(ui, stage, code);
        }
    });
    Foot::default().with_back(&stage.speech)
}

fn option(ui: &mut Ui, stage: &mut Stage<'_>, offer: &FormOffer) {
    let metrics = stage.metrics;
    let (text, note) = match offer.form {
        Form::Domestic => ("form-domestic", "form-domestic-text"),
        Form::Overseas => ("form-overseas", "form-overseas-text"),
    };
    let text = stage.say(text);
    let note = match &offer.availability {
        Availability::PassportNeeded { masked } => {
            stage.speech.say_with("form-passport-needed", &[("masked", masked.as_str().into())])
        }
        Availability::Open => stage.say(note),
        Availability::Refused { .. } => stage.say("form-closed"),
    };
    let size = vec2(ui.available_width(), metrics.option(1.3));
    let key = Button::new(&text, Kind::Plain, Metrics::bold_font(metrics.button), size).note(&note).named(&text);
    let refused = refusal(offer);
    if key.readiness(Readiness::from(refused.is_none())).show(ui) {
        stage.tell(Event::FormChosen(offer.form));
    }
    if let Some(code) = refused {
        reason(ui, stage, code);
    }
    ui.add_space(metrics.gap * 0.5);
}

const fn refusal(offer: &FormOffer) -> Option<ProblemCode> {
    match offer.availability {
        Availability::Refused { code } => Some(code),
        Availability::Open | Availability::PassportNeeded { .. } => None,
    }
}

fn reason(ui: &mut Ui, stage: &Stage<'_>, code: ProblemCode) {
    let sentence = fault::problem(code);
    let words = [stage.speech.say_sentence(&sentence), stage.speech.advise(&sentence)];
    words::notice(ui, &stage.metrics, Tone::Caution, &[&words[0], &words[1]]);
}
