//! Devices of the bench that fail: a centre that is gone, a printer that ends otherwise, a hopper that lacks coins.

use shared::card::pin::PinStatus;
use shared::domain::certificate::Form;
use shared::domain::identifiers::{HolderSessionId, IdempotencyKey, TransactionId};
use shared::wire::holder::Availability;
use shared::wire::issuance::IssuanceRequest;
use shared::wire::problem::ProblemCode;

use super::answers::{challenge, holder_answer, issue, proof};
use super::{Bench, Stage, municipality};
use crate::coins::Coins;
use crate::session::effect::PayOut;
use crate::session::event::{
    CardAnswer, CenterAnswer, CenterFault, Event, PrintEnd, PrintProgress, PrinterAnswer, TimerId,
};
use crate::session::fault::{CardFault, CenterTrouble, PrinterFault};

/// The centre's answer that none came.
fn lost(name: &'static str, transaction: TransactionId) -> impl Fn() -> Event + 'static {
    move || {
        let trouble = || CenterFault::Trouble(CenterTrouble::Unreachable);
        let answer = match name {
            "Challenge" => CenterAnswer::Challenge(Err(trouble())),
            "Holder" => CenterAnswer::Holder(Err(trouble())),
            "Passport" => CenterAnswer::Passport(Err(trouble())),
            _ => CenterAnswer::Issuance(Err(trouble())),
        };
        Event::Center { transaction: transaction.clone(), answer }
    }
}

impl Bench {
    /// The centre is gone: what it was asked and will be asked fails.
    pub(in crate::session::tests) fn lose_centre(&mut self) {
        self.centre_is_gone = true;
        for name in ["Challenge", "Holder", "Passport", "Issuance"] {
            if self.pending.iter().any(|(pending, _)| *pending == name) {
                self.forget(name);
                let transaction = self.session.transaction().unwrap().clone();
                self.pend(name, lost(name, transaction));
            }
        }
    }

    /// Every print ends so from now on, the present one, too.
    pub(in crate::session::tests) fn end_prints(&mut self, end: PrintEnd) {
        self.printer_ends = Some(end);
        if self.is_printing() {
            self.forget("Printed");
            self.forget("Stopped");
            self.printer(end);
        }
    }

    /// Goes back to a holder whose overseas form is refused.
    pub(in crate::session::tests) fn refuse_overseas(&mut self) {
        *self = Self::with_hopper(Coins::FILLED);
        self.go_to(Stage::TakeCard);
        self.forget_answers();
        let refused = Availability::Refused { code: ProblemCode::PassportExpired };
        self.center(CenterAnswer::Holder(Ok(holder_answer(refused))));
        self.handle(Event::CardRemoved);
        self.handle(Event::MunicipalityChosen(municipality()));
    }

    /// One answer of every kind, for a dialogue that is not this one.
    pub(in crate::session::tests) fn foreign_answers(&self) -> Vec<Event> {
        let other = || TransactionId::from_random([0xFF; 16]);
        let request = IssuanceRequest {
            session: HolderSessionId::from_random([3; 16]),
            municipality: municipality(),
            form: Form::Domestic,
            copies: 1,
        };
        let issued = issue(&self.key, &IdempotencyKey::from_random([9; 16]), &request, None);
        let mut events: Vec<Event> = Vec::new();
        for answer in [
            CardAnswer::Tries(PinStatus::TriesLeft(3)),
            CardAnswer::Proven(Box::new(proof())),
            CardAnswer::PinWrong { tries_left: 1 },
            CardAnswer::PinBlocked,
            CardAnswer::Failed(CardFault::Unreadable),
        ] {
            events.push(Event::Card { transaction: other(), answer });
        }
        for answer in [
            CenterAnswer::Challenge(Ok(challenge(self.now))),
            CenterAnswer::Holder(Ok(holder_answer(Availability::Open))),
            CenterAnswer::Passport(Ok(())),
            CenterAnswer::Issuance(Ok(Box::new(issued))),
            CenterAnswer::Issuance(Err(CenterFault::Trouble(CenterTrouble::TimedOut))),
        ] {
            events.push(Event::Center { transaction: other(), answer });
        }
        for end in [PrintEnd::Presented, PrintEnd::Unknown, PrintEnd::Failed(PrinterFault::Jammed)] {
            events.push(Event::Printer { transaction: other(), answer: PrinterAnswer::Ended(end) });
        }
        let answer = PrinterAnswer::Working(PrintProgress { sides_done: 1, sides: 2, trouble: None });
        events.push(Event::Printer { transaction: other(), answer });
        events.push(Event::TimedOut(TimerId(u64::MAX)));
        events
    }

    /// The hopper gives what it really has.
    pub(super) fn pay_out(&mut self, order: PayOut) {
        let given = order.coins.without(&self.lacking);
        self.paid_out = self.paid_out.plus(given.total()).unwrap();
        self.owed = self.owed.plus(order.coins.total().minus(given.total()).unwrap()).unwrap();
        self.handle(Event::PaidOut { order, given });
    }

    /// What the centre will answer, unless it is gone.
    pub(super) fn pend_centre(
        &mut self,
        name: &'static str,
        transaction: TransactionId,
        answer: impl Fn() -> CenterAnswer + 'static,
    ) {
        if self.centre_is_gone {
            return self.pend(name, lost(name, transaction));
        }
        self.pend(name, move || Event::Center { transaction: transaction.clone(), answer: answer() });
    }

    pub(super) fn pend_print(&mut self, name: &'static str, transaction: TransactionId, end: PrintEnd) {
        if self.printer_is_silent {
            return;
        }
        let end = self.printer_ends.unwrap_or(end);
        self.pend(name, move || Event::Printer { transaction: transaction.clone(), answer: PrinterAnswer::Ended(end) });
    }
}
