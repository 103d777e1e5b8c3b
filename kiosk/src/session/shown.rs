//! What each state shows.

use shared::domain::fee::MAXIMUM_COPIES;
use shared::wire::terminal::ServiceState;

use super::Session;
use super::context::CardPlace;
use super::state::State;
use super::view::{CardReminder, View, Work};
use crate::staff::view::StaffView;

impl Session {
    /// What the screen shows.
    pub fn view(&self) -> View<'_> {
        match &self.state {
            State::Starting => View::Starting,
            State::Unavailable(fault) => View::Unavailable { fault: *fault },
            State::Menu(answer) => match answer.service {
                ServiceState::Open { .. } => View::Menu { fee_per_copy: answer.fee_per_copy },
                ServiceState::Closed { opens } => View::Closed { opens },
                ServiceState::Stopped => View::Stopped,
            },
            State::PaperLeft(state) => View::PaperLeft { issuance: &state.sale.receipt.issuance },
            State::Thanks(state) => View::Thanks { certificate: &state.certificate, receipt: &state.receipt },
            State::Refused(state) => View::Refused {
                fault: state.fault,
                returned: state.returned,
                card: match self.context.card {
                    CardPlace::OnReader => CardReminder::Take,
                    CardPlace::Away => CardReminder::Unneeded,
                },
            },
            State::CardLeft => View::CardLeft,
            State::OutOfOrder(fault) => View::OutOfOrder { fault: *fault },
            State::OutOfService(closure) => View::OutOfService { reason: closure.reason, opens: closure.until },
            // What staff sees is drawn by whoever keeps the staff's desk.
            State::Staffed(_) => View::Staff(StaffView::Door { notice: None }),
            state => view_of_dialogue(state),
        }
    }
}

/// The screens between the menu and the paper.
fn view_of_dialogue(state: &State) -> View<'_> {
    match state {
        State::ChooseKind(state) => View::ChooseKind { offers: &state.desk.offers },
        State::ReadTries(_) => View::Working(Work::ReadingTries),
        State::ConfirmLastTry(state) => {
            View::ConfirmLastTry { profile: state.pin.offer.profile, previous: state.pin.previous }
        }
        State::EnterPin(state) => View::EnterPin {
            profile: state.pin.offer.profile,
            tries_left: state.tries_left,
            previous: state.pin.previous,
        },
        State::Challenging(_) | State::Proving(_) => View::Working(Work::ProvingHolder),
        State::TakeCardAsking(_) | State::TakeCard(_) => View::TakeCard,
        State::AskHolder(_) => View::Working(Work::AskingRecords),
        State::ChooseMunicipality(state) => View::ChooseMunicipality { offers: &state.holder.municipalities },
        State::ChooseForm(state) => {
            View::ChooseForm { municipality: state.municipality(), forms: &state.offer.forms, notice: state.notice }
        }
        State::CheckPassport(state) if state.is_asking() => View::Working(Work::ComparingPassport),
        State::CheckPassport(state) => View::ConfirmPassport { masked: &state.masked, comparison: state.comparison },
        State::ChooseCopies(state) => {
            View::ChooseCopies { fee_per_copy: state.order.holder.claim.fee_per_copy, maximum: MAXIMUM_COPIES }
        }
        State::Requesting(_) => View::Working(Work::MakingCertificate),
        State::Preview(state) => View::Preview { document: &state.document },
        State::Pay(state) => View::Pay { fee: state.fee(), inserted: state.inserted.total(), notice: state.notice },
        State::Printing(state) => View::Working(Work::Printing(state.progress)),
        State::CancelPrint(_) => View::Working(Work::CancellingPrint),
        State::TakePaper(state) => View::TakePaper { receipt: &state.sale.receipt },
        State::PlaceCard(_) => View::PlaceCard,
        // The rest is drawn by the caller.
        State::Starting
        | State::Unavailable(_)
        | State::Menu(_)
        | State::PaperLeft(_)
        | State::Thanks(_)
        | State::Refused(_)
        | State::CardLeft
        | State::OutOfOrder(_)
        | State::OutOfService(_)
        | State::Staffed(_) => View::Starting,
    }
}
