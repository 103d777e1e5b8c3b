//! The reader thread against scripted cards: pulled at every command, foreign, silent, left behind.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Receiver;

use shared::card::pin::Pin;

use super::*;
use crate::message::Message;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the card was pulled")]
struct Pulled;

/// A card whose answers come from its command's first bytes, pulled before the n-th.
#[derive(Debug)]
struct FakeCard {
    pulled_at: usize,
    sent: usize,
    digits: Arc<AtomicUsize>,
    applications: Applications,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Applications {
    MyNumber,
    Foreign,
}

impl Transport for FakeCard {
    type Error = Pulled;

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Pulled> {
        if self.sent == self.pulled_at {
            return Err(Pulled);
        }
        self.sent += 1;
        Ok(match command {
            [0x00, 0xA4, 0x04, ..] if self.applications == Applications::Foreign => vec![0x6A, 0x82],
            [0x00, 0xA4, ..] => vec![0x90, 0x00],
            [0x00, 0x20, 0x00, 0x80] => vec![0x63, 0xC3],
            [0x00, 0x20, ..] => {
                self.digits.fetch_add(1, Ordering::SeqCst);
                vec![0x90, 0x00]
            }
            [0x00, 0xB0, 0, 0, 0x11] => [[0; 17].as_slice(), &[0x90, 0x00]].concat(),
            [0x00, 0xB0, ..] => [attributes().as_slice(), &[0x90, 0x00]].concat(),
            [0x80, 0x2A, ..] => [[1; 256].as_slice(), &[0x90, 0x00]].concat(),
            _ => vec![0x6D, 0x00],
        })
    }
}

fn attributes() -> Vec<u8> {
    let mut body = Vec::new();
    for (tag, value) in [(0x22, "試験　花子"), (0x23, "東京都"), (0x24, "19800217"), (0x25, "2")] {
        body.extend([0xDF, tag, value.len() as u8]);
        body.extend(value.as_bytes());
    }
    [&[0xFF, 0x20, body.len() as u8], body.as_slice()].concat()
}

struct FakeReader {
    pulled_at: usize,
    digits: Arc<AtomicUsize>,
    applications: Applications,
    resets: Arc<AtomicUsize>,
}

impl Reader for FakeReader {
    type Card = FakeCard;

    fn connect(&mut self) -> Result<FakeCard, CardFault> {
        let digits = Arc::clone(&self.digits);
        Ok(FakeCard { pulled_at: self.pulled_at, sent: 0, digits, applications: self.applications })
    }

    fn presence(&mut self) -> Presence {
        Presence::Present
    }

    fn release(&mut self, _: FakeCard) {
        self.resets.fetch_add(1, Ordering::SeqCst);
    }

    fn fault(_: &Pulled) -> CardFault {
        CardFault::Removed
    }
}

struct EmptyReader;

impl Reader for EmptyReader {
    type Card = FakeCard;

    fn connect(&mut self) -> Result<FakeCard, CardFault> {
        Err(CardFault::CardMissing)
    }

    fn presence(&mut self) -> Presence {
        Presence::Absent
    }

    fn release(&mut self, _: FakeCard) {}

    fn fault(_: &Pulled) -> CardFault {
        CardFault::Removed
    }
}

fn transaction() -> TransactionId {
    TransactionId::from_random([1; 16])
}

fn prove_request() -> Request {
    Request::Prove(ProveEffect {
        transaction: transaction(),
        profile: ProofProfile::InputSupport,
        pin: Pin::parse("1234").unwrap(),
        confirmed: None,
        transcript: [1; 32],
    })
}

/// Watches, asks for the tries and proves; gives every event, the digits sent and the resets.
fn whole_run(pulled_at: usize, applications: Applications) -> (Vec<Event>, usize, usize) {
    let (digits, resets) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let reader = FakeReader { pulled_at, digits: Arc::clone(&digits), applications, resets: Arc::clone(&resets) };
    let manner = Manner { removal: Removal::Assumed, wait: Wait::Endless };
    let (post, inbox) = Post::new(Arc::new(|| {}));
    let (requests, thread) = start(move || reader, manner, post).unwrap();
    for request in [
        Request::Watch(transaction()),
        Request::ReadTries(transaction(), ProofProfile::InputSupport),
        prove_request(),
        Request::Release,
    ] {
        requests.send(request).unwrap();
    }
    drop(requests);
    thread.join().unwrap();
    (events(&inbox), digits.load(Ordering::SeqCst), resets.load(Ordering::SeqCst))
}

fn events(inbox: &Receiver<Message>) -> Vec<Event> {
    inbox
        .iter()
        .filter_map(|message| match message {
            Message::Session(event) => Some(event),
            Message::OutcomeKnown { .. } => None,
        })
        .collect()
}

#[test]
fn a_card_proves_its_holder_and_is_reset() {
    let (events, digits, resets) = whole_run(usize::MAX, Applications::MyNumber);
    assert!(
        matches!(
            events.as_slice(),
            [
                Event::CardPlaced,
                Event::Card { answer: CardAnswer::Tries(_), .. },
                Event::Card { answer: CardAnswer::Proven(_), .. },
                Event::CardRemoved,
            ]
        ),
        "{events:?}"
    );
    assert_eq!((digits, resets), (1, 1));
}

#[test]
fn a_card_pulled_at_any_command_is_told_as_removed_and_costs_no_second_try() {
    let mut pulled = 0;
    for command in 0..40 {
        let (events, digits, resets) = whole_run(command, Applications::MyNumber);
        assert!(digits <= 1 && resets == 1, "pulled at {command}");
        let is_removed = events
            .iter()
            .any(|event| matches!(event, Event::Card { answer: CardAnswer::Failed(CardFault::Removed), .. }));
        let is_proven = events.iter().any(|event| matches!(event, Event::Card { answer: CardAnswer::Proven(_), .. }));
        assert_ne!(is_removed, is_proven, "pulled at {command}: {events:?}");
        pulled += usize::from(is_removed);
    }
    assert!(pulled > 15, "the proof takes {pulled} commands");
}

#[test]
fn another_kind_of_card_is_told_from_a_broken_one() {
    let (events, digits, _) = whole_run(usize::MAX, Applications::Foreign);
    assert!(
        events
            .iter()
            .any(|event| { matches!(event, Event::Card { answer: CardAnswer::Failed(CardFault::ForeignCard), .. }) })
    );
    assert_eq!(digits, 0);
}

#[test]
fn a_card_that_never_comes_is_waited_for_only_so_long() {
    let manner = Manner { removal: Removal::Assumed, wait: Wait::AtMost(Duration::ZERO) };
    let (post, inbox) = Post::new(Arc::new(|| {}));
    let (requests, thread) = start(|| EmptyReader, manner, post).unwrap();
    requests.send(Request::Watch(transaction())).unwrap();
    drop(requests);
    thread.join().unwrap();
    let events = events(&inbox);
    assert!(matches!(events.as_slice(), [Event::Card { answer: CardAnswer::Failed(CardFault::CardMissing), .. }]));
}
