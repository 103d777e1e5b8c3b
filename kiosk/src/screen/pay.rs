//! Money: the fee, what lies in the slot, what is still to pay.

use egui::{Rect, Ui};
use shared::domain::fee::Yen;

use super::{Foot, Stage, fault};
use crate::session::fault::PaymentFault;
use crate::widget::illustration::{self, Drawing};
use crate::widget::pane;
use crate::widget::words::{self, Tone};

/// What stands in the slot.
pub(super) struct Till {
    pub(super) fee: Yen,
    pub(super) inserted: Yen,
    pub(super) notice: Option<PaymentFault>,
}

pub(super) fn draw(ui: &mut Ui, area: Rect, stage: &Stage<'_>, till: &Till) -> Foot {
    let metrics = stage.metrics;
    let [words_area, picture] = pane::beside_picture(area, &metrics, pane::Share { portrait: 0.66, landscape: 0.66 });
    pane::within(ui, words_area, "words", |ui| {
        words::title(ui, &metrics, &stage.say("pay-title"));
        let rest = till.fee.minus(till.inserted).unwrap_or_default();
        for (key, amount) in [("pay-fee", till.fee), ("pay-inserted", till.inserted), ("pay-rest", rest)] {
            let value = stage.speech.say_with("pay-yen", &[("amount", amount.0.into())]);
            words::amount(ui, &metrics, &stage.say(key), &value);
        }
        ui.add_space(metrics.gap * 0.5);
        if let Some(fault) = till.notice {
            let sentence = fault::payment(fault);
            let said = [stage.speech.say_sentence(&sentence), stage.speech.advise(&sentence)];
            words::notice(ui, &metrics, Tone::Refusal, &[&said[0], &said[1]]);
        }
        words::note(ui, &metrics, &stage.say("pay-taken"));
        // Read before the first coin; a notice needs its place.
        if till.notice.is_none() {
            words::note(ui, &metrics, &stage.say("pay-note"));
        }
    });
    illustration::draw(ui, picture, Drawing::Coins);
    Foot::default()
}
