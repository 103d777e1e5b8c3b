//! The dialogue with one resident after another: events in, effects out, time passed in, no I/O.
//!
//! ```text
//! menu ─ place card ─ kind ─ tries ─ PIN ─ challenge ─ proof ─ take card ─ municipality ─ form ─ passport
//!   └──── thanks ─ take paper ─ receipt ─ print ─ pay ─ preview ─ request ─ copies ──────────────────┘
//! ```
//!
//! **Invariants**: the session waits for nothing and knows no device; an answer that names another
//! dialogue changes nothing; until it is paid the resident may cancel and every time-out ends the whole
//! dialogue and gives the money back; after it is paid every state ends in paper or money; a document is
//! shown or printed only as a [`bound_document::BoundDocument`].

pub mod bound_document;
mod choose;
pub mod closure;
mod context;
pub mod effect;
pub mod event;
pub mod fault;
mod identify;
mod pay;
mod shown;
mod state;
pub mod view;

use std::mem;

use jiff::Timestamp;
use shared::domain::fee::Yen;
use shared::wire::outcome::Outcome;

pub use self::choose::Comparison;
use self::closure::Closure;
use self::context::{CardPlace, Context};
pub use self::context::{Limits, Random, Settings};
use self::effect::{Effect, Fact, Owner, PayOut, Purpose, Record};
use self::event::Event;
use self::fault::{AcceptorFault, CardFault, CenterTrouble, Fault, PaymentFault, PrinterFault};
pub use self::identify::PreviousPin;
use self::pay::Refused;
use self::state::{Arrival, Staffing, State, Step, Unsettled};
use crate::coins::Coins;

/// One terminal's dialogue.
#[derive(Debug)]
pub struct Session {
    state: State,
    context: Context,
}

impl Session {
    /// A terminal that has just been switched on, with the money in its hopper.
    pub fn new(settings: Settings, hopper: Coins, random: Random) -> Self {
        Self { state: State::Starting, context: Context::new(settings, hopper, random) }
    }

    /// Serves nobody: an earlier transaction is the staff's.
    #[must_use]
    pub fn needing_staff(mut self) -> Self {
        self.context.broken = Some(Fault::Unresolved);
        self
    }

    /// Serves nobody while this holds: staff had closed the terminal when it was switched off.
    #[must_use]
    pub const fn closed(mut self, closure: Option<Closure>) -> Self {
        self.context.closure = closure;
        self
    }

    /// The first effects.
    pub fn start(&mut self) -> Vec<Effect> {
        let step = State::restart(&self.context);
        self.state = step.state;
        step.effects
    }

    /// Takes one step. An event that means nothing in the present state changes nothing.
    pub fn handle(&mut self, event: Event, now: Timestamp) -> Vec<Effect> {
        if !self.concerns(&event) {
            return Vec::new();
        }
        self.context.now = now;
        match event {
            Event::CardPlaced => self.context.card = CardPlace::OnReader,
            Event::CardRemoved | Event::CardLost(_) => self.context.card = CardPlace::Away,
            _ => {}
        }
        // The placeholder is never seen: the next line puts a state in its place.
        let state = mem::replace(&mut self.state, State::Starting);
        let is_touch = is_touch(&event);
        let step = self.step(state, event);
        let mut effects = Vec::new();
        if step.arrival == Arrival::Entered || (is_touch && step.state.patience().is_somebodys()) {
            self.context.rings = 0;
            // The timer comes first: an effect that fails at once leads to a state with a timer of its own.
            effects.extend(self.context.arm(step.state.patience()));
        }
        self.state = step.state;
        effects.extend(step.effects);
        effects
    }

    /// Seconds until the dialogue ends by itself, where the resident is being warned.
    pub fn warning_seconds(&self) -> Option<u64> {
        (self.state.patience().is_somebodys() && self.context.rings > 0).then(|| context::WARNED.as_secs())
    }

    /// The dialogue's number, where there is one.
    pub const fn transaction(&self) -> Option<&shared::domain::identifiers::TransactionId> {
        self.state.transaction()
    }

    /// Whether the resident may cancel now.
    pub const fn can_be_cancelled(&self) -> bool {
        self.state.can_be_cancelled()
    }

    /// Why staff lets nobody be served, where that is so.
    pub const fn closure(&self) -> Option<Closure> {
        self.context.closure
    }

    /// The money in the hopper; what lies in the slot, not yet paid, is not part of it.
    pub const fn hopper(&self) -> &Coins {
        &self.context.hopper
    }

    /// An answer concerns only the dialogue that asked, a timer only the state that set it.
    fn concerns(&self, event: &Event) -> bool {
        match event {
            Event::Card { transaction, .. }
            | Event::Center { transaction, .. }
            | Event::Printer { transaction, .. } => self.state.transaction() == Some(transaction),
            Event::TimedOut(timer) => self.context.is_current(*timer),
            _ => true,
        }
    }

    fn step(&mut self, state: State, event: Event) -> Step {
        match event {
            Event::TimedOut(_) => self.timed_out(state),
            Event::Cancelled if state.can_be_cancelled() => end(&state, Fault::Cancelled, &mut self.context),
            Event::MoneyInserted(denomination) if !matches!(state, State::Pay(_)) => {
                Step { effects: vec![pay::give_back(None, Coins::one(denomination))], ..Step::stay(state) }
            }
            Event::AcceptorFailed(fault) => self.acceptor_failed(state, fault),
            Event::PaidOut { order, given } => self.paid_out(state, order, &given),
            Event::JournalFailed { undone } => self.journal_failed(state, undone),
            Event::CenterLost => self.center_lost(state),
            Event::PrinterLost => self.printer_lost(state),
            Event::StaffCame if state.admits_staff() => self.staff_came(&state),
            Event::CardLost(fault) if state.needs_card() => end(&state, Fault::Card(fault), &mut self.context),
            // Where the card is only waited for to be taken, it is gone.
            Event::CardLost(_) => self.on(state, Event::CardRemoved),
            event => self.on(state, event),
        }
    }

    fn on(&mut self, state: State, event: Event) -> Step {
        let context = &mut self.context;
        match state {
            State::Starting | State::Unavailable(_) => match event {
                Event::Greeted(answer) => identify::greeted(answer, context),
                _ => Step::stay(state),
            },
            State::Menu(menu) => match event {
                Event::Greeted(answer) => identify::greeted(answer, context),
                event => identify::menu(menu, &event, context),
            },
            State::PlaceCard(state) => state.on(&event, context),
            State::ChooseKind(state) => state.on(&event, context),
            State::ReadTries(state) => state.on(event, context),
            State::ConfirmLastTry(state) => state.on(&event, context),
            State::EnterPin(state) => state.on(event, context),
            State::Challenging(state) => state.on(event, context),
            State::Proving(state) => state.on(event, context),
            State::TakeCardAsking(state) => state.on(event, context),
            State::TakeCard(state) => state.on(&event),
            State::AskHolder(state) => state.on(event, context),
            State::ChooseMunicipality(state) => state.on(&event, context),
            State::ChooseForm(state) => state.on(&event),
            State::CheckPassport(state) => state.on(event, context),
            State::ChooseCopies(state) => state.on(&event, context),
            State::Requesting(state) => state.on(event, context),
            State::Preview(state) => state.on(&event),
            State::Pay(state) => state.on(&event, context),
            State::Printing(state) => state.on(&event, context),
            State::CancelPrint(state) => state.on(&event, context),
            State::TakePaper(state) => state.on(&event, context),
            State::PaperLeft(state) => state.on(&event, context),
            State::Thanks(_) => match event {
                Event::Acknowledged => pay::leave(context),
                _ => Step::stay(state),
            },
            State::Refused(state) => state.on(&event, context),
            State::CardLeft => identify::card_left(&event, context),
            State::Staffed(staffing) => self.staffed(staffing, &event),
            State::OutOfOrder(_) | State::OutOfService(_) => Step::stay(state),
        }
    }

    /// What was out of order stays so until staff says otherwise.
    fn staff_came(&mut self, state: &State) -> Step {
        if let State::OutOfOrder(fault) = state {
            self.context.broken.get_or_insert(*fault);
        }
        Step::enter(State::Staffed(Staffing::AtTheDoor), Vec::new())
    }

    fn staffed(&mut self, staffing: Staffing, event: &Event) -> Step {
        let context = &mut self.context;
        match (staffing, event) {
            (Staffing::AtTheDoor, Event::StaffAdmitted) => Step::enter(State::Staffed(Staffing::Admitted), Vec::new()),
            (Staffing::AtTheDoor, Event::Back) => State::restart(context),
            (Staffing::Admitted, Event::StaffSettled) => {
                context.settle();
                Step::stay(State::Staffed(staffing))
            }
            (Staffing::Admitted, Event::StaffLeft(closure)) => {
                context.try_anew();
                context.closure = *closure;
                State::restart(context)
            }
            _ => Step::stay(State::Staffed(staffing)),
        }
    }

    fn timed_out(&mut self, state: State) -> Step {
        if let Some(effects) = self.context.ring(state.patience()) {
            return Step { effects, ..Step::stay(state) };
        }
        let context = &mut self.context;
        match state {
            State::Menu(_) | State::Unavailable(_) => {
                // The state stays on the screen until the answer is there.
                let effects = [Some(Effect::Greet), context.arm(state.patience())].into_iter().flatten().collect();
                Step { effects, ..Step::stay(state) }
            }
            State::Thanks(_) | State::Refused(_) => pay::leave(context),
            // Looks whether it is time to open; staff that walked away leaves everything as it was.
            State::OutOfService(_) | State::Staffed(_) => State::restart(context),
            State::ReadTries(_) | State::Proving(_) => end(&state, Fault::Card(CardFault::Silent), context),
            State::Challenging(_) | State::AskHolder(_) | State::Requesting(_) => {
                end(&state, Fault::Center(CenterTrouble::TimedOut), context)
            }
            State::CheckPassport(ref check) if check.is_asking() => {
                end(&state, Fault::Center(CenterTrouble::TimedOut), context)
            }
            State::Printing(state) => state.overdue(),
            State::CancelPrint(state) => state.overdue(),
            State::TakePaper(state) => state.overdue(),
            state if state.can_be_cancelled() => end(&state, Fault::Abandoned, context),
            state => Step::stay(state),
        }
    }

    /// Money cannot move: what is inserted is given back as far as it goes, and nobody else is served.
    fn acceptor_failed(&mut self, state: State, fault: AcceptorFault) -> Step {
        let fault = Fault::Payment(PaymentFault::Acceptor(fault));
        self.context.broken.get_or_insert(fault);
        match state {
            State::Starting | State::Unavailable(_) | State::Menu(_) => State::restart(&self.context),
            state if state.can_be_cancelled() => end(&state, fault, &mut self.context),
            state => Step::stay(state),
        }
    }

    /// Whoever waits for the centre waits in vain.
    fn center_lost(&mut self, state: State) -> Step {
        let fault = Fault::Center(CenterTrouble::TimedOut);
        match state {
            State::Starting | State::Unavailable(_) | State::Menu(_) => {
                Step::enter(State::Unavailable(fault), Vec::new())
            }
            state if state.awaits_center() => end(&state, fault, &mut self.context),
            state => Step::stay(state),
        }
    }

    /// What was paid may lie in the tray or not: staff looks. What was not paid comes back.
    fn printer_lost(&mut self, state: State) -> Step {
        let fault = Fault::Printer(PrinterFault::Unusable);
        self.context.broken.get_or_insert(fault);
        match state {
            State::Starting | State::Unavailable(_) | State::Menu(_) => State::restart(&self.context),
            State::Printing(printing) => printing.lost(),
            State::CancelPrint(cancelling) => cancelling.overdue(),
            state if state.can_be_cancelled() => end(&state, fault, &mut self.context),
            state => Step::stay(state),
        }
    }

    /// What did not leave is owed: durable, on the screen, and the staff's.
    fn paid_out(&mut self, state: State, order: PayOut, given: &Coins) -> Step {
        let owed = order.coins.total().minus(given.total()).unwrap_or_default();
        if owed == Yen(0) {
            return Step::stay(state);
        }
        self.context.broken = Some(Fault::Payment(PaymentFault::Owed { owed: self.context.owe(owed) }));
        let record = order.owner.map(|Owner { transaction, key }| {
            let record = Record { transaction, key, fact: Fact::Owed { amount: owed } };
            Effect::Recorded { record, then: Vec::new() }
        });
        let step = match state {
            // The card is asked for first where it still lies there.
            State::Refused(_) | State::Thanks(_) | State::Starting | State::Menu(_) | State::Unavailable(_) => {
                pay::leave(&self.context)
            }
            state => Step::stay(state),
        };
        Step { effects: record.into_iter().chain(step.effects).collect(), ..step }
    }

    /// What was to follow the record did not happen: money comes back, and nobody else is served.
    fn journal_failed(&mut self, state: State, undone: Vec<Effect>) -> Step {
        self.context.broken = Some(Fault::Journal);
        let context = &mut self.context;
        match state {
            State::Printing(printing) if holds_paper(&undone) => printing.unrecorded(context),
            state if state.can_be_cancelled() => end(&state, Fault::Journal, context),
            state => Step { effects: owed(undone), ..Step::stay(state) },
        }
    }
}

/// Ends a dialogue before it was paid: the card, the money and the centre's intent are all let go of.
fn end(state: &State, fault: Fault, context: &mut Context) -> Step {
    let Unsettled { request, inserted } = state.unsettled();
    let mut effects = Vec::new();
    if matches!(state, State::Pay(_)) {
        effects.push(Effect::RefuseMoney);
    }
    if context.card == CardPlace::OnReader || matches!(state, State::PlaceCard(_)) {
        effects.push(Effect::ReleaseCard);
    }
    let returned = inserted.total();
    if let Some((transaction, key)) = request {
        let mut then = Vec::new();
        if returned > Yen(0) {
            let owner = Some(Owner { transaction: transaction.clone(), key: key.clone() });
            then.push(Effect::PayOut(PayOut { owner, purpose: Purpose::Refund, coins: inserted }));
        }
        let outcome = Outcome::Cancelled;
        then.push(Effect::ReportOutcome { transaction: transaction.clone(), key: key.clone(), outcome });
        let record = Record { transaction, key, fact: Fact::Cancelled { returned } };
        effects.push(Effect::Recorded { record, then });
    }
    Step::enter(State::Refused(Refused { fault, returned }), effects)
}

/// Whether a document waits among the effects.
fn holds_paper(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| match effect {
        Effect::Print { .. } => true,
        Effect::Recorded { then, .. } => holds_paper(then),
        _ => false,
    })
}

/// What is owed even without a journal: money back, a receipt, and the truth to the centre.
fn owed(effects: Vec<Effect>) -> Vec<Effect> {
    effects
        .into_iter()
        .filter(|effect| matches!(effect, Effect::PayOut(_) | Effect::PrintReceipt(_) | Effect::ReportOutcome { .. }))
        .collect()
}

const fn is_touch(event: &Event) -> bool {
    matches!(event, Event::Touched | Event::PinEntered(_) | Event::MoneyInserted(_) | Event::Back)
}

#[cfg(test)]
mod tests;
