//! One struct a step of the dialogue; each holds only what that step knows.

use std::time::Duration;

use shared::domain::identifiers::{IdempotencyKey, TransactionId};
use shared::wire::terminal::TerminalAnswer;

use super::choose::{CheckPassport, ChooseCopies, ChooseForm, ChooseMunicipality, Preview, Requesting};
use super::closure::Closure;
use super::context::{Context, Patience};
use super::effect::Effect;
use super::fault::Fault;
use super::identify::{
    AskHolder, Challenging, ChooseKind, ConfirmLastTry, EnterPin, PlaceCard, Proving, ReadTries, TakeCard,
    TakeCardAsking,
};
use super::pay::{CancelPrint, PaperLeft, Pay, Printing, Refused, TakePaper, Thanks};
use crate::coins::Coins;

/// Where the dialogue stands.
#[derive(Debug)]
pub(super) enum State {
    Starting,
    Unavailable(Fault),
    Menu(Box<TerminalAnswer>),
    PlaceCard(PlaceCard),
    ChooseKind(ChooseKind),
    ReadTries(ReadTries),
    ConfirmLastTry(ConfirmLastTry),
    EnterPin(EnterPin),
    Challenging(Challenging),
    Proving(Proving),
    TakeCardAsking(TakeCardAsking),
    TakeCard(TakeCard),
    AskHolder(AskHolder),
    ChooseMunicipality(ChooseMunicipality),
    ChooseForm(ChooseForm),
    CheckPassport(CheckPassport),
    ChooseCopies(ChooseCopies),
    Requesting(Requesting),
    Preview(Preview),
    Pay(Pay),
    Printing(Printing),
    CancelPrint(CancelPrint),
    TakePaper(TakePaper),
    PaperLeft(PaperLeft),
    Thanks(Thanks),
    Refused(Refused),
    CardLeft,
    OutOfOrder(Fault),
    OutOfService(Closure),
    Staffed(Staffing),
}

/// How far staff has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Staffing {
    /// The code is asked for.
    AtTheDoor,
    /// It was right.
    Admitted,
}

/// Where an event led.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) state: State,
    pub(super) effects: Vec<Effect>,
    pub(super) arrival: Arrival,
}

/// Whether the state is new: then its timer starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrival {
    Entered,
    Stayed,
}

impl Step {
    pub(super) const fn enter(state: State, effects: Vec<Effect>) -> Self {
        Self { state, effects, arrival: Arrival::Entered }
    }

    pub(super) const fn stay(state: State) -> Self {
        Self { state, effects: Vec::new(), arrival: Arrival::Stayed }
    }
}

/// What must be undone when a dialogue ends before it was paid.
#[derive(Debug, Default)]
pub(super) struct Unsettled {
    pub(super) request: Option<(TransactionId, IdempotencyKey)>,
    pub(super) inserted: Coins,
}

/// The centre's client gives up well before this.
const CENTER_LIMIT: Duration = Duration::from_mins(1);
/// A card that is read needs about two seconds.
const CARD_LIMIT: Duration = Duration::from_secs(30);
/// The printer says at once whether it could still stop.
const CANCEL_LIMIT: Duration = Duration::from_secs(20);
/// Alarms before a card left behind ends the dialogue: one minute.
const CARD_ALARMS: u32 = 6;
/// Alarms before paper left behind is the staff's: three minutes.
const PAPER_ALARMS: u32 = 18;

impl State {
    /// The dialogue, where there is one.
    pub(super) const fn transaction(&self) -> Option<&TransactionId> {
        match self {
            Self::Starting
            | Self::Unavailable(_)
            | Self::Menu(_)
            | Self::PaperLeft(_)
            | Self::Thanks(_)
            | Self::Refused(_)
            | Self::CardLeft
            | Self::OutOfOrder(_)
            | Self::OutOfService(_)
            | Self::Staffed(_) => None,
            Self::PlaceCard(state) => Some(&state.desk.transaction),
            Self::ChooseKind(state) => Some(&state.desk.transaction),
            Self::ReadTries(state) => Some(&state.pin.desk.transaction),
            Self::ConfirmLastTry(state) => Some(&state.pin.desk.transaction),
            Self::EnterPin(state) => Some(&state.pin.desk.transaction),
            Self::Challenging(state) => Some(&state.pin.desk.transaction),
            Self::Proving(state) => Some(&state.pin.desk.transaction),
            Self::TakeCardAsking(state) => Some(&state.claim.transaction),
            Self::TakeCard(state) => Some(&state.holder.claim.transaction),
            Self::AskHolder(state) => Some(&state.claim.transaction),
            Self::ChooseMunicipality(state) => Some(&state.holder.claim.transaction),
            Self::ChooseForm(state) => Some(&state.holder.claim.transaction),
            Self::CheckPassport(state) => Some(&state.order.holder.claim.transaction),
            Self::ChooseCopies(state) => Some(&state.order.holder.claim.transaction),
            Self::Requesting(state) => Some(&state.order.holder.claim.transaction),
            Self::Preview(state) => Some(state.document.transaction()),
            Self::Pay(state) => Some(state.document.transaction()),
            Self::Printing(state) => Some(&state.sale.transaction),
            Self::CancelPrint(state) => Some(&state.sale.transaction),
            Self::TakePaper(state) => Some(&state.sale.transaction),
        }
    }

    /// Whether the resident may cancel: until it is paid.
    pub(super) const fn can_be_cancelled(&self) -> bool {
        match self {
            Self::Starting
            | Self::Unavailable(_)
            | Self::Menu(_)
            | Self::Printing(_)
            | Self::CancelPrint(_)
            | Self::TakePaper(_)
            | Self::PaperLeft(_)
            | Self::Thanks(_)
            | Self::Refused(_)
            | Self::CardLeft
            | Self::OutOfOrder(_)
            | Self::OutOfService(_)
            | Self::Staffed(_) => false,
            Self::PlaceCard(_)
            | Self::ChooseKind(_)
            | Self::ReadTries(_)
            | Self::ConfirmLastTry(_)
            | Self::EnterPin(_)
            | Self::Challenging(_)
            | Self::Proving(_)
            | Self::TakeCardAsking(_)
            | Self::TakeCard(_)
            | Self::AskHolder(_)
            | Self::ChooseMunicipality(_)
            | Self::ChooseForm(_)
            | Self::CheckPassport(_)
            | Self::ChooseCopies(_)
            | Self::Requesting(_)
            | Self::Preview(_)
            | Self::Pay(_) => true,
        }
    }

    /// Whether it goes on only with an answer of the centre.
    pub(super) const fn awaits_center(&self) -> bool {
        match self {
            Self::Challenging(_) | Self::TakeCardAsking(_) | Self::AskHolder(_) | Self::Requesting(_) => true,
            Self::CheckPassport(check) => check.is_asking(),
            _ => false,
        }
    }

    /// Whether staff may come: no resident is there, and nothing of one is.
    pub(super) const fn admits_staff(&self) -> bool {
        matches!(
            self,
            Self::Starting | Self::Unavailable(_) | Self::Menu(_) | Self::OutOfOrder(_) | Self::OutOfService(_)
        )
    }

    /// Whether nothing can go on without the card.
    pub(super) const fn needs_card(&self) -> bool {
        matches!(
            self,
            Self::PlaceCard(_)
                | Self::ChooseKind(_)
                | Self::ReadTries(_)
                | Self::ConfirmLastTry(_)
                | Self::EnterPin(_)
                | Self::Challenging(_)
                | Self::Proving(_)
        )
    }

    pub(super) const fn patience(&self) -> Patience {
        match self {
            Self::Starting | Self::OutOfOrder(_) => Patience::Endless,
            Self::CheckPassport(state) if state.is_asking() => Patience::Device(CENTER_LIMIT),
            Self::Unavailable(_) => Patience::Display(Duration::from_secs(10)),
            Self::Menu(_) | Self::OutOfService(_) => Patience::Display(Duration::from_mins(1)),
            // The receipt is read in this time.
            Self::Refused(_) | Self::Thanks(_) => Patience::Display(Duration::from_secs(30)),
            Self::Staffed(Staffing::Admitted) => Patience::Staff,
            Self::PlaceCard(_)
            | Self::ChooseKind(_)
            | Self::ConfirmLastTry(_)
            | Self::EnterPin(_)
            | Self::ChooseMunicipality(_)
            | Self::ChooseForm(_)
            | Self::ChooseCopies(_)
            | Self::Preview(_)
            | Self::Pay(_)
            | Self::CheckPassport(_)
            | Self::Staffed(Staffing::AtTheDoor) => Patience::Resident,
            Self::ReadTries(_) | Self::Proving(_) => Patience::Device(CARD_LIMIT),
            Self::Challenging(_) | Self::AskHolder(_) | Self::Requesting(_) => Patience::Device(CENTER_LIMIT),
            Self::TakeCardAsking(_) | Self::TakeCard(_) => Patience::Alarm(CARD_ALARMS),
            Self::Printing(_) => Patience::Printer,
            Self::CancelPrint(_) => Patience::Device(CANCEL_LIMIT),
            Self::TakePaper(_) => Patience::Alarm(PAPER_ALARMS),
            Self::PaperLeft(_) | Self::CardLeft => Patience::Alarm(u32::MAX),
        }
    }

    /// What the centre and the resident are owed when this state is left without payment.
    pub(super) fn unsettled(&self) -> Unsettled {
        let request = match self {
            Self::Requesting(state) => Some((state.order.holder.claim.transaction.clone(), state.key.clone())),
            Self::Preview(state) => Some(state.request()),
            Self::Pay(state) => Some(state.request()),
            _ => None,
        };
        let inserted = if let Self::Pay(state) = self { state.inserted } else { Coins::default() };
        Unsettled { request, inserted }
    }

    /// Back to the menu, or out of service as staff left it, or out of order where journal or money failed.
    pub(super) fn restart(context: &Context) -> Step {
        if let Some(closure) = context.closure.filter(|closure| closure.holds(context.now)) {
            return Step::enter(Self::OutOfService(closure), Vec::new());
        }
        if let Some(fault) = context.broken {
            return Step::enter(Self::OutOfOrder(fault), Vec::new());
        }
        Step::enter(Self::Starting, vec![Effect::Greet])
    }
}
