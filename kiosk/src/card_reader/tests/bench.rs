//! Scripted readers and cards, and the reader threads with one of them, as a terminal has them.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Instant;

use shared::card::pin::Pin;
use shared::card::transport::Cleared;

use super::super::*;
use crate::message::Message;
use crate::session::event::{CardAnswer, Event};

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the card failed")]
pub(super) struct Failed(pub(super) CardFault);

/// How a card behaves from its n-th command on.
#[derive(Debug, Clone)]
pub(super) enum Conduct {
    Good,
    Fails(usize, CardFault),
    Answers(usize, Vec<u8>),
    /// Held up until the gate opens.
    Hangs(usize, Gate),
    Foreign,
}

/// A gate that a thread waits at, as at a service that does not answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Gate(pub(super) Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    pub(super) fn wait(&self) {
        let (open, changed) = &*self.0;
        drop(changed.wait_while(open.lock().unwrap(), |open| !*open).unwrap());
    }

    pub(super) fn is_open(&self) -> bool {
        *self.0.0.lock().unwrap()
    }

    pub(super) fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }
}

/// A card whose answers come from its command's first bytes.
#[derive(Debug)]
pub(super) struct FakeCard {
    conduct: Conduct,
    sent: usize,
    pub(super) counts: Arc<Counts>,
}

#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) digits: AtomicUsize,
    pub(super) commands: AtomicUsize,
    pub(super) resets: AtomicUsize,
}

impl Transport for FakeCard {
    type Error = Failed;

    fn transmit(&mut self, command: Cleared<'_>) -> Result<Vec<u8>, Failed> {
        let place = self.sent;
        self.sent += 1;
        match &self.conduct {
            Conduct::Fails(at, fault) if place >= *at => return Err(Failed(*fault)),
            Conduct::Answers(at, answer) if place == *at => {
                self.counts.commands.fetch_add(1, Ordering::SeqCst);
                return Ok(answer.clone());
            }
            Conduct::Hangs(at, gate) if place == *at => gate.wait(),
            _ => {}
        }
        self.counts.commands.fetch_add(1, Ordering::SeqCst);
        Ok(match command.as_bytes() {
            [0x00, 0xA4, 0x04, ..] if matches!(self.conduct, Conduct::Foreign) => vec![0x6A, 0x82],
            [0x00, 0xA4, ..] => vec![0x90, 0x00],
            [0x00, 0x20, 0x00, 0x80] => vec![0x63, 0xC3],
            [0x00, 0x20, ..] => {
                self.counts.digits.fetch_add(1, Ordering::SeqCst);
                vec![0x90, 0x00]
            }
            [0x00, 0xB0, 0, 0, 0x11] => [[0; 17].as_slice(), &[0x90, 0x00]].concat(),
            [0x00, 0xB0, ..] => [attributes().as_slice(), &[0x90, 0x00]].concat(),
            [0x80, 0x2A, ..] => [[1; 256].as_slice(), &[0x90, 0x00]].concat(),
            _ => vec![0x6D, 0x00],
        })
    }
}

pub(super) fn attributes() -> Vec<u8> {
    let mut body = Vec::new();
    for (tag, value) in [(0x22, "試験　花子"), (0x23, "東京都"), (0x24, "19800217"), (0x25, "2")] {
        body.extend([0xDF, tag, value.len() as u8]);
        body.extend(value.as_bytes());
    }
    [&[0xFF, 0x20, body.len() as u8], body.as_slice()].concat()
}

/// Whether a card is seen. How often a reader is asked before the next request comes is the machine's affair: what ends
/// by an event says by which.
pub(super) enum Seen {
    /// As a script says, then as the last line of it for ever.
    Scripted(VecDeque<Presence>),
    /// Until a gate opens.
    UntilOpen(Gate),
    /// Until it has answered a command.
    UntilAnswered,
}

/// A reader that connects as its script says, then as the last line of it for ever.
pub(super) struct FakeReader {
    connects: VecDeque<Result<Conduct, CardFault>>,
    seen: Seen,
    pub(super) counts: Arc<Counts>,
}

pub(super) fn next<T: Clone>(script: &mut VecDeque<T>) -> T {
    if script.len() > 1 { script.pop_front().unwrap() } else { script.front().unwrap().clone() }
}

impl Reader for FakeReader {
    type Card = FakeCard;

    fn connect(&mut self) -> Result<FakeCard, CardFault> {
        let conduct = next(&mut self.connects)?;
        Ok(FakeCard { conduct, sent: 0, counts: Arc::clone(&self.counts) })
    }

    fn presence(&mut self) -> Presence {
        let is_there = match &mut self.seen {
            Seen::Scripted(script) => return next(script),
            Seen::UntilOpen(gate) => !gate.is_open(),
            Seen::UntilAnswered => self.counts.commands.load(Ordering::SeqCst) == 0,
        };
        if is_there { Presence::Present } else { Presence::Absent }
    }

    fn release(&mut self, _: FakeCard) {
        self.counts.resets.fetch_add(1, Ordering::SeqCst);
    }

    fn fault(error: &Failed) -> CardFault {
        error.0
    }
}

/// Quick enough for tests, slow enough for a busy machine.
pub(super) const PACE: Pace = Pace {
    poll: Duration::from_millis(2),
    returning: Duration::from_millis(200),
    settling: Duration::from_millis(200),
    noticing: Duration::from_millis(20),
    limit: Duration::from_millis(400),
    farewell: Duration::from_millis(300),
};

/// The threads with a reader, as a terminal has them.
pub(super) struct Place {
    pub(super) requests: Option<SyncSender<Request>>,
    pub(super) thread: Option<JoinHandle<()>>,
    pub(super) inbox: Receiver<Message>,
    pub(super) counts: Arc<Counts>,
}

impl Place {
    pub(super) fn with(connects: Vec<Result<Conduct, CardFault>>, presence: Vec<Presence>) -> Self {
        Self::seeing(connects, Seen::Scripted(presence.into()))
    }

    pub(super) fn seeing(connects: Vec<Result<Conduct, CardFault>>, seen: Seen) -> Self {
        Self::behaving(connects, seen, Manner { removal: Removal::Watched, wait: Wait::Endless })
    }

    pub(super) fn behaving(connects: Vec<Result<Conduct, CardFault>>, seen: Seen, manner: Manner) -> Self {
        let counts = Arc::<Counts>::default();
        let reader = FakeReader { connects: connects.into(), seen, counts: Arc::clone(&counts) };
        let (post, inbox) = Post::new(Arc::new(|| {}));
        let (requests, thread) = supervisor::start(move || reader, manner, PACE, post).unwrap();
        Self { requests: Some(requests), thread: Some(thread), inbox, counts }
    }

    pub(super) fn ask(&self, request: Request) {
        self.requests.as_ref().unwrap().send(request).unwrap();
    }

    #[track_caller]
    pub(super) fn event(&self) -> Event {
        match self.inbox.recv_timeout(Duration::from_secs(10)).expect("an event comes") {
            Message::Session(event) => event,
            Message::OutcomeKnown { .. } | Message::Staff { .. } => panic!("a reader says no such thing"),
        }
    }

    #[track_caller]
    pub(super) fn placed(&self) {
        self.ask(Request::Watch(transaction()));
        let event = self.event();
        assert!(matches!(event, Event::CardPlaced), "{event:?}");
    }

    #[track_caller]
    pub(super) fn fault(&self) -> CardFault {
        match self.event() {
            Event::Card { answer: CardAnswer::Failed(fault), .. } | Event::CardLost(fault) => fault,
            event => panic!("{event:?}"),
        }
    }

    pub(super) fn digits(&self) -> usize {
        self.counts.digits.load(Ordering::SeqCst)
    }

    /// Ends the threads, which must not take long.
    pub(super) fn end(mut self) -> usize {
        let began = Instant::now();
        drop(self.requests.take());
        self.thread.take().unwrap().join().unwrap();
        assert!(began.elapsed() < Duration::from_secs(5));
        self.counts.resets.load(Ordering::SeqCst)
    }
}

pub(super) fn transaction() -> TransactionId {
    TransactionId::from_random([1; 16])
}

pub(super) fn tries() -> Request {
    Request::ReadTries(transaction(), ProofProfile::InputSupport)
}

pub(super) fn proof() -> Request {
    Request::Prove(ProveEffect {
        transaction: transaction(),
        profile: ProofProfile::InputSupport,
        pin: Pin::parse("1234").unwrap(),
        confirmed: None,
        transcript: [1; 32],
    })
}

/// A reader that fails until it is back.
pub(super) struct Returning {
    pub(super) fault: CardFault,
    pub(super) is_back: Gate,
    pub(super) counts: Arc<Counts>,
}

impl Reader for Returning {
    type Card = FakeCard;

    fn connect(&mut self) -> Result<FakeCard, CardFault> {
        let is_back = *self.is_back.0.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let card = FakeCard { conduct: Conduct::Good, sent: 0, counts: Arc::clone(&self.counts) };
        if is_back { Ok(card) } else { Err(self.fault) }
    }

    fn presence(&mut self) -> Presence {
        Presence::Present
    }

    fn release(&mut self, _: FakeCard) {}

    fn fault(error: &Failed) -> CardFault {
        error.0
    }
}
