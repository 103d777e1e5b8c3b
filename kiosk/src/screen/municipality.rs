//! Which municipality's certificate, by prefecture.

use egui::{Rect, Ui, vec2};
use shared::domain::identifiers::MunicipalityCode;
use shared::domain::municipality;
use shared::wire::holder::MunicipalityOffer;

use super::{Foot, Stage, halves};
use crate::session::event::Event;
use crate::text::Speech;
use crate::theme::Metrics;
use crate::widget::button::{Button, Kind};
use crate::widget::{pane, words};

pub(super) fn draw(ui: &mut Ui, area: Rect, stage: &mut Stage<'_>, offers: &[MunicipalityOffer]) -> Foot {
    let metrics = stage.metrics;
    let share = pane::Share { portrait: 0.24, landscape: 0.42 };
    let words = |ui: &mut Ui, stage: &mut Stage<'_>| {
        words::title(ui, &metrics, &stage.say("municipality-title"));
        words::note(ui, &metrics, &stage.say("municipality-text"));
    };
    halves::draw(ui, (area, share), stage, words, |ui, stage| {
        let mut heading = String::new();
        for offer in offers {
            let prefecture = municipality::find(&offer.municipality).and_then(municipality::Municipality::prefecture);
            let prefecture = prefecture.map_or_else(String::new, |place| stage.speech.place(place.name, place.reading));
            if prefecture != heading {
                words::strong(ui, &metrics, &prefecture);
                heading = prefecture;
            }
            let text = name(&stage.speech, &offer.municipality);
            let reading = municipality::find(&offer.municipality).map_or("", |municipality| municipality.reading);
            let size = vec2(ui.available_width(), metrics.option(1.15));
            let key = Button::new(&text, Kind::Plain, Metrics::bold_font(metrics.button), size).note(reading);
            if key.named(&text).show(ui) {
                stage.tell(Event::MunicipalityChosen(offer.municipality.clone()));
            }
        }
    });
    Foot::default()
}

/// A municipality by its name, or by its code where no name is known.
pub(super) fn name(speech: &Speech<'_>, code: &MunicipalityCode) -> String {
    match municipality::find(code) {
        Some(municipality) => speech.place(municipality.name, municipality.reading),
        None => speech.say_with("municipality-unknown", &[("code", code.as_str().into())]),
    }
}
