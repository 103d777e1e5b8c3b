//! From the open slot to the taken paper. After payment nothing but paper or money leaves a state.

use shared::domain::fee::Yen;
use shared::domain::identifiers::{CertificateId, IdempotencyKey, TransactionId};
use shared::wire::outcome::Outcome;

use super::bound_document::BoundDocument;
use super::context::{CardPlace, Context};
use super::effect::{Effect, Fact, Owner, PayOut, Purpose, Receipt, Record};
use super::event::{Event, PrintEnd, PrintProgress, PrinterAnswer};
use super::fault::{Fault, PaymentFault, PrinterFault};
use super::state::{State, Step};
use crate::coins::{Coins, Denomination, Settlement};

/// The slot is open.
#[derive(Debug)]
pub(super) struct Pay {
    pub(super) document: BoundDocument,
    pub(super) inserted: Coins,
    /// Why the money last inserted came back.
    pub(super) notice: Option<PaymentFault>,
}

/// What was sold; the document itself is with the printer.
#[derive(Debug, Clone)]
pub(super) struct Sale {
    pub(super) transaction: TransactionId,
    pub(super) key: IdempotencyKey,
    pub(super) certificate: CertificateId,
    pub(super) receipt: Receipt,
    inserted: Coins,
    settlement: Settlement,
}

/// The printer prints.
#[derive(Debug)]
pub(super) struct Printing {
    pub(super) sale: Sale,
    pub(super) progress: PrintProgress,
}

/// The printer was asked to stop and has not said yet whether it could.
#[derive(Debug)]
pub(super) struct CancelPrint {
    pub(super) sale: Sale,
}

/// The paper lies in the tray.
#[derive(Debug)]
pub(super) struct TakePaper {
    pub(super) sale: Sale,
}

/// The paper was left in the tray; staff takes it before anyone else is served.
#[derive(Debug)]
pub(super) struct PaperLeft {
    pub(super) sale: Sale,
}

/// All is done.
#[derive(Debug)]
pub(super) struct Thanks {
    pub(super) certificate: CertificateId,
    pub(super) receipt: Receipt,
}

/// It ended without paper.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) fault: Fault,
    /// The money that came back.
    pub(super) returned: Yen,
}

impl Pay {
    pub(super) fn request(&self) -> (TransactionId, IdempotencyKey) {
        (self.document.transaction().clone(), self.document.statement().idempotency_key.clone())
    }

    /// What is to pay.
    pub(super) const fn fee(&self) -> Yen {
        self.document.statement().fee
    }

    pub(super) fn on(self, event: &Event, context: &mut Context) -> Step {
        match event {
            Event::MoneyInserted(denomination) => self.inserted(*denomination, context),
            Event::MoneyRejected => {
                Step::enter(State::Pay(Self { notice: Some(PaymentFault::NotTaken), ..self }), Vec::new())
            }
            _ => Step::stay(State::Pay(self)),
        }
    }

    fn owner(&self) -> Owner {
        let (transaction, key) = self.request();
        Owner { transaction, key }
    }

    fn inserted(mut self, denomination: Denomination, context: &mut Context) -> Step {
        let coin = Coins::one(denomination);
        let Some(inserted) = self.inserted.plus(&coin) else {
            let back = give_back(Some(self.owner()), coin);
            return Step::enter(State::Pay(self), vec![back]);
        };
        if inserted.total() >= self.fee() {
            return if let Some(settlement) = Settlement::of(&context.hopper, &inserted, self.fee()) {
                self.paid(inserted, settlement, context)
            } else {
                self.notice = Some(PaymentFault::NoChange);
                let back = give_back(Some(self.owner()), coin);
                Step::enter(State::Pay(self), vec![back])
            };
        }
        let (transaction, key) = self.request();
        let record = Record { transaction, key, fact: Fact::Inserted { inserted: inserted.total() } };
        Step::enter(
            State::Pay(Self { inserted, notice: None, ..self }),
            vec![Effect::Recorded { record, then: Vec::new() }],
        )
    }

    /// Paid, then printing: change and paper leave only after both are durable.
    fn paid(self, inserted: Coins, settlement: Settlement, context: &mut Context) -> Step {
        let (transaction, key) = self.request();
        let statement = self.document.statement();
        let change = settlement.change.total();
        let receipt = Receipt {
            terminal: context.settings.terminal.clone(),
            transaction: transaction.clone(),
            issuance: statement.issuance.clone(),
            at: context.now,
            copies: statement.copies,
            fee: statement.fee,
            inserted: inserted.total(),
            change,
        };
        let certificate = statement.certificate.clone();
        let sale = Sale { transaction, key, certificate, receipt, inserted, settlement };
        context.hopper = settlement.hopper;
        let mut printing = Vec::new();
        if change > Yen(0) {
            printing.push(sale.pay_out(Purpose::Change, settlement.change));
            printing.push(sale.recorded(Fact::ChangeGiven, Vec::new()));
        }
        printing.push(Effect::Print { document: self.document });
        let printing = sale.recorded(Fact::Printing, printing);
        let paid = sale.recorded(Fact::Paid { inserted: inserted.total(), change }, vec![printing]);
        Step::enter(
            State::Printing(Printing { sale, progress: PrintProgress::default() }),
            vec![Effect::RefuseMoney, paid],
        )
    }
}

/// A coin that is not wanted comes back.
pub(super) const fn give_back(owner: Option<Owner>, coins: Coins) -> Effect {
    Effect::PayOut(PayOut { owner, purpose: Purpose::Returned, coins })
}

impl Sale {
    fn recorded(&self, fact: Fact, then: Vec<Effect>) -> Effect {
        let record = Record { transaction: self.transaction.clone(), key: self.key.clone(), fact };
        Effect::Recorded { record, then }
    }

    fn pay_out(&self, purpose: Purpose, coins: Coins) -> Effect {
        let owner = Owner { transaction: self.transaction.clone(), key: self.key.clone() };
        Effect::PayOut(PayOut { owner: Some(owner), purpose, coins })
    }

    fn report(&self, outcome: Outcome) -> Effect {
        Effect::ReportOutcome { transaction: self.transaction.clone(), key: self.key.clone(), outcome }
    }

    fn presented(self) -> Step {
        let receipt = Effect::PrintReceipt(self.receipt.clone());
        let presented = self.recorded(Fact::Presented, vec![receipt]);
        Step::enter(State::TakePaper(TakePaper { sale: self }), vec![presented])
    }

    /// Nothing came out and nothing will: the fee comes back.
    fn refunded(self, fault: PrinterFault, context: &mut Context) -> Step {
        let refund = self.settlement.refund;
        context.hopper = context.hopper.minus(&refund).unwrap_or_default();
        let pay_out = self.pay_out(Purpose::Refund, refund);
        let refunded =
            self.recorded(Fact::Refunded { amount: refund.total() }, vec![pay_out, self.report(Outcome::Refunded)]);
        let state = Refused { fault: Fault::Printer(fault), returned: refund.total() };
        Step::enter(State::Refused(state), vec![refunded])
    }

    /// The staff must look: nobody else is served before.
    fn unknown(self) -> Step {
        let unknown = self.recorded(Fact::Unknown, vec![self.report(Outcome::Unknown)]);
        Step::enter(State::OutOfOrder(Fault::Printer(PrinterFault::Unknown)), vec![unknown])
    }

    fn ended(self, end: PrintEnd, context: &mut Context) -> Step {
        match end {
            PrintEnd::Presented => self.presented(),
            PrintEnd::Failed(fault) => self.refunded(fault, context),
            PrintEnd::Unknown => self.unknown(),
        }
    }
}

impl Printing {
    pub(super) fn on(self, event: &Event, context: &mut Context) -> Step {
        match event {
            Event::Printer { answer: PrinterAnswer::Working(progress), .. } => {
                Step::stay(State::Printing(Self { progress: *progress, ..self }))
            }
            Event::Printer { answer: PrinterAnswer::Ended(end), .. } => self.sale.ended(*end, context),
            _ => Step::stay(State::Printing(self)),
        }
    }

    /// Nobody can say whether paper came out.
    pub(super) fn lost(self) -> Step {
        self.sale.unknown()
    }

    /// The printer is too slow: it is asked to stop, and says whether it could.
    pub(super) fn overdue(self) -> Step {
        let effect = Effect::CancelPrint { transaction: self.sale.transaction.clone() };
        Step::enter(State::CancelPrint(CancelPrint { sale: self.sale }), vec![effect])
    }

    /// The record before the print failed, so change and paper are still here: everything inserted comes back.
    pub(super) fn unrecorded(self, context: &mut Context) -> Step {
        let Sale { inserted, settlement, .. } = &self.sale;
        if let Some(hopper) = context.hopper.plus(&settlement.change).and_then(|hopper| hopper.minus(inserted)) {
            context.hopper = hopper;
        }
        let effects = vec![self.sale.pay_out(Purpose::Refund, *inserted), self.sale.report(Outcome::Refunded)];
        let returned = inserted.total();
        Step::enter(State::Refused(Refused { fault: Fault::Journal, returned }), effects)
    }
}

impl CancelPrint {
    pub(super) fn on(self, event: &Event, context: &mut Context) -> Step {
        match event {
            Event::Printer { answer: PrinterAnswer::Ended(end), .. } => self.sale.ended(*end, context),
            _ => Step::stay(State::CancelPrint(self)),
        }
    }

    /// The printer says nothing at all.
    pub(super) fn overdue(self) -> Step {
        self.sale.unknown()
    }
}

impl TakePaper {
    pub(super) fn on(self, event: &Event, context: &Context) -> Step {
        if !matches!(event, Event::PaperTaken) {
            return Step::stay(State::TakePaper(self));
        }
        let taken = self.sale.recorded(Fact::Taken, vec![self.sale.report(Outcome::Taken)]);
        if let Some(fault @ Fault::Payment(PaymentFault::Owed { .. })) = context.broken {
            return Step::enter(State::OutOfOrder(fault), vec![taken]);
        }
        let thanks = Thanks { certificate: self.sale.certificate, receipt: self.sale.receipt };
        Step::enter(State::Thanks(thanks), vec![taken])
    }

    /// The paper is left behind: no time-out throws it away, and nobody else is served over it.
    pub(super) fn overdue(self) -> Step {
        let unknown = self.sale.recorded(Fact::Unknown, vec![self.sale.report(Outcome::Unknown)]);
        Step::enter(State::PaperLeft(PaperLeft { sale: self.sale }), vec![unknown])
    }
}

impl PaperLeft {
    pub(super) fn on(self, event: &Event, context: &Context) -> Step {
        match event {
            Event::PaperTaken => {
                let retracted = self.sale.recorded(Fact::Retracted, Vec::new());
                let step = State::restart(context);
                Step { effects: std::iter::once(retracted).chain(step.effects).collect(), ..step }
            }
            _ => Step::stay(State::PaperLeft(self)),
        }
    }
}

impl Refused {
    pub(super) fn on(self, event: &Event, context: &Context) -> Step {
        match event {
            Event::Acknowledged => leave(context),
            _ => Step::stay(State::Refused(self)),
        }
    }
}

/// The last screen of a dialogue goes; a card that still lies there must be taken first.
pub(super) fn leave(context: &Context) -> Step {
    match context.card {
        CardPlace::Away => State::restart(context),
        CardPlace::OnReader => Step::enter(State::CardLeft, Vec::new()),
    }
}
