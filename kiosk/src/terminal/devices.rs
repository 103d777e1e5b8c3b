//! The four device threads as the loop asks them: never waiting, a full queue is a failed device.

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError};
use std::thread::JoinHandle;

use super::watchdog::Worker;
use crate::coins::{Coins, acceptor};
use crate::printer::{Job, Ticket};
use crate::pulse::Pulse;
use crate::session::effect::{Effect, PayOut};
use crate::session::event::{CardAnswer, CenterAnswer, CenterFault, Event, PrintEnd, PrinterAnswer};
use crate::session::fault::{AcceptorFault, CardFault, CenterTrouble, PrinterFault};
use crate::{card_reader, center_client};

/// A device thread and the way to ask it.
#[derive(Debug)]
pub struct Device<R> {
    /// Requests.
    pub requests: SyncSender<R>,
    /// The thread.
    pub thread: JoinHandle<()>,
    /// What it shows of itself.
    pub pulse: Pulse,
    /// Whether it is still asked.
    reach: Reach,
}

/// Whether a device is still asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// It is.
    Open,
    /// Its thread ended or stands still.
    Lost,
}

impl<R> From<(SyncSender<R>, JoinHandle<()>, Pulse)> for Device<R> {
    fn from((requests, thread, pulse): (SyncSender<R>, JoinHandle<()>, Pulse)) -> Self {
        Self { requests, thread, pulse, reach: Reach::Open }
    }
}

/// A thread that never waits long has no pulse to watch.
impl<R> From<(SyncSender<R>, JoinHandle<()>)> for Device<R> {
    fn from((requests, thread): (SyncSender<R>, JoinHandle<()>)) -> Self {
        Self::from((requests, thread, Pulse::default()))
    }
}

/// What the watchdog sees of a thread.
#[derive(Debug)]
pub(super) struct ThreadState<'a> {
    pub(super) pulse: &'a Pulse,
    pub(super) has_ended: bool,
    pub(super) reach: Reach,
}

impl<R> Device<R> {
    fn state(&self) -> ThreadState<'_> {
        ThreadState { pulse: &self.pulse, has_ended: self.thread.is_finished(), reach: self.reach }
    }

    /// Asks nothing more; gives the thread, unless it is lost and would never end.
    fn hang_up(self) -> Option<JoinHandle<()>> {
        drop(self.requests);
        (self.reach == Reach::Open || self.thread.is_finished()).then_some(self.thread)
    }
}

/// The devices of a terminal.
#[derive(Debug)]
pub struct Devices {
    /// The card reader.
    pub card: Device<card_reader::Request>,
    /// The centre.
    pub center: Device<center_client::Request>,
    /// The printer.
    pub printer: Device<Job>,
    /// Coins and notes.
    pub money: Device<acceptor::Request>,
}

impl Devices {
    /// Asks nothing more; the threads end once they have done what they were asked. Lost ones are left behind.
    pub(super) fn hang_up(self) -> Vec<JoinHandle<()>> {
        let Self { card, center, printer, money } = self;
        [card.hang_up(), center.hang_up(), printer.hang_up(), money.hang_up()].into_iter().flatten().collect()
    }

    /// What is seen of a thread.
    pub(super) fn state_of(&self, worker: Worker) -> ThreadState<'_> {
        match worker {
            Worker::Card => self.card.state(),
            Worker::Center => self.center.state(),
            Worker::Printer => self.printer.state(),
            Worker::Money => self.money.state(),
        }
    }

    /// Sets whether a device is still asked.
    pub(super) const fn mark(&mut self, worker: Worker, reach: Reach) {
        match worker {
            Worker::Card => self.card.reach = reach,
            Worker::Center => self.center.reach = reach,
            Worker::Printer => self.printer.reach = reach,
            Worker::Money => self.money.reach = reach,
        }
    }

    /// As if every thread had been at its request for so much longer.
    #[cfg(feature = "simulation")]
    pub(super) fn age(&self, by: std::time::Duration) {
        for worker in Worker::ALL {
            self.state_of(worker).pulse.age(by);
        }
    }

    /// Whether any thread is at a request.
    pub(super) fn is_any_at_work(&self) -> bool {
        Worker::ALL.into_iter().any(|worker| self.state_of(worker).pulse.since().is_some())
    }

    /// Whether a thread is lost.
    pub(super) fn misses_any(&self) -> bool {
        Worker::ALL.into_iter().any(|worker| self.state_of(worker).reach == Reach::Lost)
    }

    /// Asks the acceptor; gives the event of its failure where it cannot be asked.
    pub(super) fn ask_money(&self, effect: Effect) -> Option<Event> {
        let unreachable = Event::AcceptorFailed(AcceptorFault::Unreachable);
        match effect {
            Effect::AcceptMoney => (!send(&self.money, acceptor::Request::Open)).then_some(unreachable),
            Effect::RefuseMoney => (!send(&self.money, acceptor::Request::Shut)).then_some(unreachable),
            Effect::PayOut(order) => self.pay_out(order),
            _ => None,
        }
    }

    fn pay_out(&self, order: PayOut) -> Option<Event> {
        let given = Coins::default();
        (!send(&self.money, acceptor::Request::PayOut(order.clone()))).then_some(Event::PaidOut { order, given })
    }

    /// Asks the centre; gives the event of its failure where it cannot be asked.
    pub(super) fn ask_center(&self, effect: Effect) -> Option<Event> {
        let fault = || CenterFault::Trouble(CenterTrouble::Unreachable);
        let (request, failed) = match effect {
            Effect::Greet => (center_client::Request::Greet, Some(Event::Greeted(Err(fault())))),
            Effect::AskChallenge { transaction, request } => (
                center_client::Request::Challenge(transaction.clone(), request),
                Some(Event::Center { transaction, answer: CenterAnswer::Challenge(Err(fault())) }),
            ),
            Effect::AskHolder { transaction, request } => (
                center_client::Request::Holder(transaction.clone(), request),
                Some(Event::Center { transaction, answer: CenterAnswer::Holder(Err(fault())) }),
            ),
            Effect::CheckPassport { transaction, session, request } => (
                center_client::Request::Passport(transaction.clone(), session, request),
                Some(Event::Center { transaction, answer: CenterAnswer::Passport(Err(fault())) }),
            ),
            Effect::AskIssuance { transaction, key, request } => (
                center_client::Request::Issuance(transaction.clone(), key, request),
                Some(Event::Center { transaction, answer: CenterAnswer::Issuance(Err(fault())) }),
            ),
            Effect::ReportOutcome { transaction, key, outcome } => {
                (center_client::Request::Outcome(transaction, key, outcome), None)
            }
            _ => return None,
        };
        if send(&self.center, request) { None } else { failed }
    }

    /// Asks the card reader; gives the event of its failure where it cannot be asked.
    pub(super) fn ask_card(&self, effect: Effect) -> Option<Event> {
        let (request, transaction) = match effect {
            Effect::WatchCard { transaction } => (card_reader::Request::Watch(transaction.clone()), Some(transaction)),
            Effect::ReadTries { transaction, profile } => {
                (card_reader::Request::ReadTries(transaction.clone(), profile), Some(transaction))
            }
            Effect::Prove(effect) => {
                let transaction = effect.transaction.clone();
                (card_reader::Request::Prove(effect), Some(transaction))
            }
            Effect::ReleaseCard => (card_reader::Request::Release, None),
            _ => return None,
        };
        if send(&self.card, request) {
            return None;
        }
        transaction.map(|transaction| Event::Card { transaction, answer: CardAnswer::Failed(CardFault::Silent) })
    }

    /// Asks the printer; gives the event of its failure where it cannot be asked.
    pub(super) fn ask_printer(&self, effect: Effect, ticket: &mut Arc<Ticket>) -> Option<Event> {
        match effect {
            Effect::Print { document } => {
                let transaction = document.transaction().clone();
                *ticket = Arc::default();
                let job = Job::Certificate(document, Arc::clone(ticket));
                let answer = PrinterAnswer::Ended(PrintEnd::Failed(PrinterFault::Unusable));
                (!send(&self.printer, job)).then_some(Event::Printer { transaction, answer })
            }
            Effect::CancelPrint { .. } => {
                ticket.cancel();
                None
            }
            Effect::PrintReceipt(receipt) => {
                if !send(&self.printer, Job::Receipt(receipt)) {
                    tracing::error!("the receipt could not be printed");
                }
                None
            }
            _ => None,
        }
    }
}

/// Asks a device without waiting; a full queue means that it hangs.
fn send<R>(device: &Device<R>, request: R) -> bool {
    if device.reach == Reach::Lost {
        return false;
    }
    match device.requests.try_send(request) {
        Ok(()) => true,
        Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => false,
    }
}
