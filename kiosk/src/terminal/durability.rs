//! What must survive a power cut before something else happens.

use crate::session::effect::{Effect, Fact};

/// Whether an effect must not happen before what was recorded so far survives a power cut.
pub(super) const fn moves_money_or_paper(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::AskIssuance { .. } | Effect::Print { .. } | Effect::PayOut(_) | Effect::ReportOutcome { .. }
    )
}

/// Whether an act follows that must not happen before the record survives a power cut.
///
/// The others become durable together before the next act, or before the terminal waits again.
pub(super) const fn must_be_durable(fact: &Fact) -> bool {
    match fact {
        Fact::Requested { .. }
        | Fact::Printing
        | Fact::Taken
        | Fact::Refunded { .. }
        | Fact::Cancelled { .. }
        | Fact::Owed { .. }
        | Fact::Retracted
        | Fact::Resolved(_)
        | Fact::Unknown => true,
        Fact::Received { .. } | Fact::Inserted { .. } | Fact::Paid { .. } | Fact::ChangeGiven | Fact::Presented => {
            false
        }
    }
}
