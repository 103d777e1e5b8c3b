//! The loop between the session and its devices: carries out effects in order, brings back events.
//!
//! **Invariants**: nothing that a record announces is done before the record is durable; a record that
//! cannot be made durable brings back what was to follow it; no device is ever waited for in this loop.

mod attendance;
mod devices;
mod durability;
mod farewell;
mod watchdog;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use shared::clock::Clock;
use shared::domain::fee::Yen;
use shared::domain::identifiers::TransactionId;
use shared::wire::outcome::Outcome;

pub use self::devices::{Device, Devices};
use self::durability::{moves_money_or_paper, must_be_durable};
pub use self::watchdog::{Bounds, Worker};
use crate::config::StopAt;
use crate::journal::{Journal, JournalError, Standing};
use crate::message::Message;
use crate::printer::Ticket;
use crate::session::effect::{Effect, Fact, PayOut, Purpose, Record, Sound};
use crate::session::event::{Event, TimerId};
use crate::session::view::View;
use crate::session::{Limits, Session};
use crate::staff::office::Office;

/// Something worth telling whoever watches: no personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// A record was written.
    Recorded {
        /// The transaction.
        transaction: TransactionId,
        /// Where it stands.
        state: Standing,
    },
    /// The slot opened or closed.
    Slot(Slot),
    /// Money was given out.
    PaidOut {
        /// Why.
        purpose: Purpose,
        /// How much.
        amount: Yen,
    },
    /// A sound.
    Sound(Sound),
    /// The centre knows an end.
    OutcomeKnown {
        /// The transaction.
        transaction: TransactionId,
        /// The end.
        outcome: Outcome,
    },
}

/// The money slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// It takes money.
    Open,
    /// It does not.
    Shut,
}

/// Whether something happened while waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waited {
    /// At least one event was handled.
    Happened,
    /// None came.
    Nothing,
}

/// The most notes kept for a watcher that does not look.
const MAXIMUM_NOTES: usize = 256;

/// A terminal in operation.
#[derive(Debug)]
pub struct Terminal {
    session: Session,
    devices: Devices,
    journal: Journal,
    inbox: Receiver<Message>,
    clock: Arc<dyn Clock>,
    stop_at: Option<StopAt>,
    timer: Option<(TimerId, Instant)>,
    ticket: Arc<Ticket>,
    /// Orders to give money out that the device has not answered yet.
    pay_outs: VecDeque<PayOut>,
    bounds: Bounds,
    /// The staff's side, where there is one.
    office: Option<Office>,
    notes: VecDeque<Note>,
}

impl Terminal {
    /// Puts a terminal together; it does nothing before [`Terminal::start`].
    pub fn new(
        session: Session,
        devices: Devices,
        journal: Journal,
        inbox: Receiver<Message>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            session,
            devices,
            journal,
            inbox,
            clock,
            stop_at: None,
            timer: None,
            ticket: Arc::default(),
            pay_outs: VecDeque::new(),
            bounds: Bounds::of(Limits::USUAL.print),
            office: None,
            notes: VecDeque::new(),
        }
    }

    /// Sets where a test stops the program.
    pub const fn stop_at(&mut self, stop_at: Option<StopAt>) {
        self.stop_at = stop_at;
    }

    /// Starts the dialogue.
    pub fn start(&mut self) {
        let effects = self.session.start();
        self.carry_out(effects);
    }

    /// Tells the centre how a transaction ended that was found unsettled at the start.
    pub fn report(&mut self, effects: Vec<Effect>) {
        self.carry_out(effects);
    }

    /// What the screen shows.
    pub fn view(&self) -> View<'_> {
        match (self.session.view(), self.staffs_view()) {
            (View::Staff(_), Some(view)) => View::Staff(view),
            (view, _) => view,
        }
    }

    /// The session, to be looked at.
    pub const fn session(&self) -> &Session {
        &self.session
    }

    /// Its clock.
    pub fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// Where paper lies.
    pub fn tray(&self) -> &std::path::Path {
        self.journal.tray()
    }

    /// Handles one event of the resident.
    pub fn handle(&mut self, event: Event) {
        if matches!(event, Event::StaffCame) && self.office.is_none() {
            return;
        }
        if let Event::PaidOut { order, given } = &event {
            let Some(place) = self.pay_outs.iter().position(|pending| pending == order) else {
                // It was given up, and is owed by now: staff must know that it came after all.
                return tracing::error!(amount = given.total().0, "money that had been given up came out after all");
            };
            self.pay_outs.remove(place);
            self.note(Note::PaidOut { purpose: order.purpose, amount: given.total() });
        }
        self.tell_session(event);
    }

    fn tell_session(&mut self, event: Event) {
        let effects = self.session.handle(event, self.clock.now());
        self.carry_out(effects);
        self.follow_staff();
    }

    /// Handles everything that has come and every timer that has run out, without waiting.
    pub fn drain(&mut self) -> Waited {
        let mut waited = Waited::Nothing;
        while let Ok(message) = self.inbox.try_recv() {
            self.take(message);
            waited = Waited::Happened;
        }
        for looked in [self.ring(), self.watch()] {
            if looked == Waited::Happened {
                waited = Waited::Happened;
            }
        }
        waited
    }

    /// Waits for the next message or timer, at most so long, then handles everything that has come.
    pub fn wait(&mut self, limit: Duration) -> Waited {
        let deadline = Instant::now() + limit;
        loop {
            self.sync();
            let left = deadline.saturating_duration_since(Instant::now());
            let waited = self.wait_once(left);
            if waited == Waited::Happened || Instant::now() >= deadline {
                return waited;
            }
        }
    }

    /// Threads at work are looked at in between.
    fn wait_once(&mut self, limit: Duration) -> Waited {
        let until_timer = self.until_timer().unwrap_or(limit).min(limit);
        match self.inbox.recv_timeout(self.until_look().unwrap_or(limit).min(until_timer)) {
            Ok(message) => {
                self.take(message);
                self.drain();
                Waited::Happened
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => self.drain(),
        }
    }

    /// How long until the timer runs out, where one is set.
    pub fn until_timer(&self) -> Option<Duration> {
        self.timer.map(|(_, due)| due.saturating_duration_since(Instant::now()))
    }

    /// As if so much time had passed: the timer runs out earlier.
    #[cfg(feature = "simulation")]
    pub fn elapse(&mut self, by: Duration) {
        if let Some((_, due)) = &mut self.timer {
            *due = due.checked_sub(by).unwrap_or(*due);
        }
        self.devices.age(by);
    }

    /// What happened since the last call.
    pub fn take_notes(&mut self) -> impl Iterator<Item = Note> + '_ {
        self.notes.drain(..)
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Session(event) => self.handle(event),
            Message::Staff { visit, answer } => self.answer_staff(visit, answer),
            Message::OutcomeKnown { transaction, key, outcome } => {
                match self.journal.acknowledge(&transaction, &key, outcome, self.clock.now()) {
                    Ok(()) => self.note(Note::OutcomeKnown { transaction, outcome }),
                    // It is told again at the next start.
                    Err(error) => tracing::error!(%error, "the acknowledgement could not be journaled"),
                }
            }
        }
    }

    fn ring(&mut self) -> Waited {
        match self.timer {
            Some((timer, due)) if due <= Instant::now() => {
                self.timer = None;
                self.handle(Event::TimedOut(timer));
                Waited::Happened
            }
            Some(_) | None => Waited::Nothing,
        }
    }

    /// Carries out effects and whatever they lead to, in order.
    fn carry_out(&mut self, effects: Vec<Effect>) {
        let mut waiting: VecDeque<Effect> = effects.into();
        while let Some(effect) = waiting.pop_front() {
            if moves_money_or_paper(&effect) {
                self.sync();
            }
            match effect {
                Effect::Recorded { record, then } => match self.record(&record) {
                    Ok(()) => then.into_iter().rev().for_each(|effect| waiting.push_front(effect)),
                    Err(error) => {
                        tracing::error!(%error, "the journal failed");
                        let event = Event::JournalFailed { undone: then };
                        waiting.extend(self.session.handle(event, self.clock.now()));
                    }
                },
                effect => waiting.extend(self.act(effect)),
            }
        }
    }

    /// Makes everything recorded so far durable before anything else is done.
    fn sync(&mut self) {
        if let Err(error) = self.journal.sync() {
            tracing::error!(%error, "the journal could not be made durable");
        }
    }

    fn record(&mut self, record: &Record) -> Result<(), JournalError> {
        if matches!(record.fact, Fact::Requested { .. }) {
            self.stop_here(StopAt::BeforeRequest);
        }
        self.journal.append(record, self.clock.now())?;
        if must_be_durable(&record.fact) {
            self.journal.sync()?;
        }
        let (state, stop) = match &record.fact {
            Fact::Requested { .. } => (Standing::Requested, Some(StopAt::AfterRequested)),
            Fact::Received { .. } => (Standing::Received, Some(StopAt::AfterReceived)),
            Fact::Inserted { .. } => (Standing::Received, None),
            Fact::Paid { .. } => (Standing::Paid, Some(StopAt::AfterPaid)),
            Fact::Printing | Fact::ChangeGiven => (Standing::Printing, None),
            Fact::Presented => (Standing::Presented, Some(StopAt::AfterPresented)),
            Fact::Taken => (Standing::Taken, None),
            Fact::Refunded { .. } => (Standing::Refunded, None),
            Fact::Cancelled { .. } => (Standing::Cancelled, None),
            Fact::Unknown => (Standing::Unknown, None),
            Fact::Retracted => (Standing::Retracted, None),
            // These change no standing, or are written while no terminal runs.
            Fact::Owed { .. } | Fact::Resolved(_) => return Ok(()),
        };
        if let Some(stop) = stop {
            self.stop_here(stop);
        }
        self.note(Note::Recorded { transaction: record.transaction.clone(), state });
        Ok(())
    }

    /// Stops as a power cut would, where a test asks for it here.
    fn stop_here(&self, point: StopAt) {
        if self.stop_at == Some(point) {
            std::process::abort();
        }
    }

    /// Does one thing; what cannot be asked of a device comes back as its failure.
    fn act(&mut self, effect: Effect) -> Vec<Effect> {
        let failed = match effect {
            Effect::Greet
            | Effect::AskChallenge { .. }
            | Effect::AskHolder { .. }
            | Effect::CheckPassport { .. }
            | Effect::AskIssuance { .. }
            | Effect::ReportOutcome { .. } => self.devices.ask_center(effect),
            Effect::WatchCard { .. } | Effect::ReadTries { .. } | Effect::Prove(_) | Effect::ReleaseCard => {
                self.devices.ask_card(effect)
            }
            Effect::Print { .. } | Effect::CancelPrint { .. } | Effect::PrintReceipt(_) => {
                self.devices.ask_printer(effect, &mut self.ticket)
            }
            Effect::AcceptMoney | Effect::RefuseMoney | Effect::PayOut(_) => self.move_money(effect),
            Effect::Sound(sound) => self.noted(Note::Sound(sound)),
            Effect::StartTimer { timer, after } => {
                self.timer = Some((timer, Instant::now() + after));
                None
            }
            // Carried out by the caller.
            Effect::Recorded { .. } => None,
        };
        failed.map(|event| self.session.handle(event, self.clock.now())).unwrap_or_default()
    }

    fn move_money(&mut self, effect: Effect) -> Option<Event> {
        match &effect {
            Effect::AcceptMoney => self.note(Note::Slot(Slot::Open)),
            Effect::RefuseMoney => self.note(Note::Slot(Slot::Shut)),
            Effect::PayOut(order) => self.pay_outs.push_back(order.clone()),
            _ => {}
        }
        let failed = self.devices.ask_money(effect);
        if let Some(Event::PaidOut { .. }) = &failed {
            self.pay_outs.pop_back();
        }
        failed
    }

    fn noted(&mut self, note: Note) -> Option<Event> {
        self.note(note);
        None
    }

    fn note(&mut self, note: Note) {
        if self.notes.len() == MAXIMUM_NOTES {
            self.notes.pop_front();
        }
        self.notes.push_back(note);
    }
}
