//! The reader threads against scripted readers: pulled, exchanged, occupied, lost, never answering, foreign.

mod bench;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::RecvTimeoutError;

use shared::card::pin::PinStatus;

use self::bench::{Conduct, Counts, Gate, PACE, Place, Returning, Seen, proof, transaction, tries};
use super::*;
use crate::session::event::{CardAnswer, Event};

#[test]
fn a_card_proves_its_holder_and_is_reset() {
    let place = Place::with(vec![Ok(Conduct::Good)], vec![Presence::Present]);
    place.placed();
    place.ask(tries());
    assert!(matches!(place.event(), Event::Card { answer: CardAnswer::Tries(PinStatus::TriesLeft(3)), .. }));
    place.ask(proof());
    assert!(matches!(place.event(), Event::Card { answer: CardAnswer::Proven(_), .. }));
    assert_eq!((place.digits(), place.end()), (1, 1));
}

#[test]
fn each_way_a_card_fails_has_its_name_and_costs_no_second_try() {
    let faults = [
        CardFault::Removed,
        CardFault::ReaderLost,
        CardFault::ServiceStopped,
        CardFault::Reset,
        CardFault::Swapped,
        CardFault::Malformed,
    ];
    for fault in faults {
        for command in [2, 6, 9, 15] {
            let place = Place::with(vec![Ok(Conduct::Fails(command, fault))], vec![Presence::Present]);
            place.placed();
            place.ask(proof());
            assert_eq!(place.fault(), fault, "at {command}");
            place.ask(Request::Release);
            assert!(place.digits() <= 1);
            assert_eq!(place.end(), 1);
        }
    }
}

#[test]
fn empty_short_and_endless_answers_are_told_as_no_answers() {
    let too_long = vec![0; 64 * 1024 + 3];
    for answer in [vec![], vec![0x90], too_long] {
        for command in 0..6 {
            let place = Place::with(vec![Ok(Conduct::Answers(command, answer.clone()))], vec![Presence::Present]);
            place.placed();
            place.ask(proof());
            assert_eq!(place.fault(), CardFault::Malformed, "{} bytes at {command}", answer.len());
            assert!(place.digits() <= 1);
        }
    }
}

#[test]
fn a_card_pulled_in_the_middle_of_an_answer_is_told_as_removed() {
    let place = Place::seeing(vec![Ok(Conduct::Answers(0, Vec::new()))], Seen::UntilAnswered);
    place.ask(Request::Watch(transaction()));
    place.ask(tries());
    assert!(matches!(place.event(), Event::CardPlaced));
    assert_eq!(place.fault(), CardFault::Removed);
}

#[test]
fn another_kind_of_card_is_told_from_a_broken_one() {
    let place = Place::with(vec![Ok(Conduct::Foreign)], vec![Presence::Present]);
    place.placed();
    place.ask(tries());
    assert_eq!(place.fault(), CardFault::ForeignCard);
    assert_eq!(place.digits(), 0);
}

#[test]
fn whatever_happens_to_a_held_card_is_told_by_its_name() {
    let gone = |presence| {
        let place = Place::with(vec![Ok(Conduct::Good)], vec![Presence::Present, Presence::Present, presence]);
        place.placed();
        place.event()
    };
    assert!(matches!(gone(Presence::Absent), Event::CardRemoved));
    for fault in [CardFault::ServiceStopped, CardFault::ReaderLost, CardFault::Swapped] {
        let event = gone(Presence::Lost(fault));
        assert!(matches!(event, Event::CardLost(told) if told == fault), "{event:?}");
    }
}

#[test]
fn a_service_or_reader_that_comes_back_at_once_is_not_even_told() {
    for fault in [CardFault::ServiceStopped, CardFault::ReaderMissing, CardFault::ReaderUnknown, CardFault::Occupied] {
        let place = Place::with(vec![Err(fault), Err(fault), Ok(Conduct::Good)], vec![Presence::Present]);
        place.placed();
    }
}

#[test]
fn a_service_or_reader_that_stays_away_is_told_and_the_next_resident_finds_it_back() {
    let faults = [
        CardFault::ServiceStopped,
        CardFault::ReaderMissing,
        CardFault::ReaderUnknown,
        CardFault::ReaderLost,
        CardFault::Occupied,
        CardFault::Unreadable,
    ];
    for fault in faults {
        let counts = Arc::<Counts>::default();
        let is_back = Gate::default();
        let reader = Returning { fault, is_back: is_back.clone(), counts };
        let (post, inbox) = Post::new(Arc::new(|| {}));
        let manner = Manner { removal: Removal::Watched, wait: Wait::Endless };
        let (requests, thread) = supervisor::start(move || reader, manner, PACE, post).unwrap();
        let place = Place { requests: Some(requests), thread: Some(thread), inbox, counts: Arc::<Counts>::default() };
        place.ask(Request::Watch(transaction()));
        assert_eq!(place.fault(), fault);
        is_back.open();
        place.placed();
        place.end();
    }
}

#[test]
fn a_card_that_never_comes_is_waited_for_only_so_long() {
    let manner = Manner { removal: Removal::Assumed, wait: Wait::AtMost(Duration::ZERO) };
    let nobody = Seen::Scripted([Presence::Absent].into());
    let place = Place::behaving(vec![Err(CardFault::CardMissing)], nobody, manner);
    place.ask(Request::Watch(transaction()));
    assert_eq!(place.fault(), CardFault::CardMissing);
    // A resident at the window may take as long as they like.
    let place = Place::with(vec![Err(CardFault::CardMissing)], vec![Presence::Absent]);
    place.ask(Request::Watch(transaction()));
    let nothing = place.inbox.recv_timeout(PACE.returning * 3);
    assert!(matches!(nothing, Err(RecvTimeoutError::Timeout)));
}

#[test]
fn a_service_that_never_answers_is_told_and_costs_no_try_when_it_does() {
    // Held up in front of the VERIFY: application, file, tries, then the digits would be fourth.
    let gate = Gate::default();
    let hangs = Conduct::Hangs(2, gate.clone());
    let place = Place::seeing(vec![Ok(hangs), Ok(Conduct::Good)], Seen::UntilOpen(gate.clone()));
    place.placed();
    place.ask(proof());
    assert_eq!(place.fault(), CardFault::Silent);
    // The next resident is told at once, and not kept waiting.
    place.ask(Request::Watch(transaction()));
    assert_eq!(place.fault(), CardFault::Silent);
    gate.open();
    // It answers: the digits stay where they are, the card is reset, the place serves again.
    while place.counts.resets.load(Ordering::SeqCst) == 0 {
        std::thread::yield_now();
    }
    assert_eq!(place.digits(), 0);
    place.ask(Request::Watch(transaction()));
    while !matches!(place.event(), Event::CardPlaced) {}
    place.end();
}

#[test]
fn a_service_that_never_answers_does_not_hold_up_the_end_of_the_program() {
    let gate = Gate::default();
    let place = Place::with(vec![Ok(Conduct::Hangs(0, gate.clone()))], vec![Presence::Present]);
    place.placed();
    place.ask(proof());
    let Place { requests, thread, inbox, counts } = place;
    drop(requests);
    thread.unwrap().join().unwrap();
    // The desk is still held up, and yet nobody can hear it any more.
    while inbox.recv_timeout(Duration::from_secs(10)).is_ok() {}
    assert!(matches!(inbox.recv_timeout(Duration::ZERO), Err(RecvTimeoutError::Disconnected)));
    gate.open();
    while counts.resets.load(Ordering::SeqCst) == 0 {
        std::thread::yield_now();
    }
    assert_eq!(counts.digits.load(Ordering::SeqCst), 0);
}

#[test]
fn a_cancelled_proof_sends_no_further_command() {
    let gate = Gate::default();
    let place = Place::with(vec![Ok(Conduct::Hangs(2, gate.clone()))], vec![Presence::Present]);
    place.placed();
    place.ask(proof());
    while place.counts.commands.load(Ordering::SeqCst) < 2 {
        std::thread::yield_now();
    }
    place.ask(Request::Release);
    // Time for the word to arrive while the card is still at its third command.
    std::thread::park_timeout(Duration::from_millis(50));
    gate.open();
    while place.counts.resets.load(Ordering::SeqCst) == 0 {
        std::thread::yield_now();
    }
    assert_eq!((place.digits(), place.counts.commands.load(Ordering::SeqCst)), (0, 3));
}

#[test]
fn a_reader_plugged_out_and_in_a_thousand_times_is_found_each_time_by_the_same_two_threads() {
    let connects = (0..1000).flat_map(|_| [Err(CardFault::ReaderLost), Ok(Conduct::Good)]).collect();
    let place = Place::with(connects, vec![Presence::Lost(CardFault::ReaderLost)]);
    for _ in 0..1000 {
        place.placed();
        assert_eq!(place.fault(), CardFault::ReaderLost);
    }
    // The supervisor joins its desk: when it has ended, both have.
    place.end();
}
