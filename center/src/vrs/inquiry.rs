//! Whether one municipality may ask another about a person who moved in: one rule for the page and for the server.

use serde::{Deserialize, Serialize};
use shared::records::TermsDocument;

use crate::store::ledger::ConsentBox;
use crate::store::terms::Agreements;

/// On what ground an inquiry is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Both municipalities agreed to the addition to the confirmation.
    Agreement,
    /// The person consents.
    Consent,
}

/// What the consent box looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoxState {
    /// Greyed: no municipality is chosen yet.
    Closed,
    /// Greyed: consent is not needed.
    NotNeeded,
    /// It can be ticked.
    Open,
}

/// What the inquiry button looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ButtonState {
    /// Greyed: no municipality is chosen yet.
    Closed,
    /// It can be pressed.
    Enabled(Basis),
    /// It cannot: consent is required.
    ConsentRequired,
}

/// Whether the person's consent is needed between these two.
pub fn needs_consent(own: &Agreements, peer: &Agreements) -> bool {
    !(own.cover(TermsDocument::ConfirmationAddition) && peer.cover(TermsDocument::ConfirmationAddition))
}

/// What box and button show; `peer` is absent where no municipality is chosen.
pub fn page_state(own: &Agreements, peer: Option<&Agreements>, consent: ConsentBox) -> (BoxState, ButtonState) {
    let Some(peer) = peer else { return (BoxState::Closed, ButtonState::Closed) };
    if !needs_consent(own, peer) {
        return (BoxState::NotNeeded, ButtonState::Enabled(Basis::Agreement));
    }
    match consent {
        ConsentBox::Ticked => (BoxState::Open, ButtonState::Enabled(Basis::Consent)),
        ConsentBox::Empty => (BoxState::Open, ButtonState::ConsentRequired),
    }
}

/// Whether the server lets the inquiry through, and on what ground.
pub fn decide(own: &Agreements, peer: &Agreements, consent: ConsentBox) -> Option<Basis> {
    match page_state(own, Some(peer), consent).1 {
        ButtonState::Enabled(basis) => Some(basis),
        ButtonState::Closed | ButtonState::ConsentRequired => None,
    }
}

#[cfg(test)]
mod tests {
    use shared::records::Agreement;

    use super::*;

    fn agreed(documents: &[TermsDocument]) -> Agreements {
        let agreement = |&document: &TermsDocument| Agreement { document, version: document.current_version() };
        Agreements { documents: documents.iter().map(agreement).collect(), suspended: false }
    }

    #[test]
    fn the_whole_table_of_the_notice() {
        let with = agreed(&[TermsDocument::Confirmation, TermsDocument::ConfirmationAddition]);
        let without = agreed(&[TermsDocument::Confirmation]);
        let ticked = ConsentBox::Ticked;
        let empty = ConsentBox::Empty;
        for own in [&with, &without] {
            for consent in [ticked, empty] {
                assert_eq!(page_state(own, None, consent), (BoxState::Closed, ButtonState::Closed));
            }
        }
        for consent in [ticked, empty] {
            let free = (BoxState::NotNeeded, ButtonState::Enabled(Basis::Agreement));
            assert_eq!(page_state(&with, Some(&with), consent), free);
        }
        for (own, peer) in [(&with, &without), (&without, &with), (&without, &without)] {
            assert_eq!(page_state(own, Some(peer), empty), (BoxState::Open, ButtonState::ConsentRequired));
            let allowed = (BoxState::Open, ButtonState::Enabled(Basis::Consent));
            assert_eq!(page_state(own, Some(peer), ticked), allowed);
            assert_eq!(decide(own, peer, empty), None);
            assert_eq!(decide(own, peer, ticked), Some(Basis::Consent));
        }
    }
}
