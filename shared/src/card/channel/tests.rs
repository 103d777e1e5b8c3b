//! The channel against a scripted card: limits, guard, and a card pulled at every command.

use std::collections::VecDeque;

use super::*;
use crate::card::transport::Cleared;
use crate::card::{input_support, jpki};

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the card was pulled")]
struct Pulled;

/// A card with one PIN and files of one element, that can be pulled before its n-th command.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "a card's state and one of its manners")]
struct FakeCard {
    tries: u8,
    verified: bool,
    selected: [u8; 2],
    commands: Vec<Vec<u8>>,
    pulled_at: Option<usize>,
    says_verified: bool,
}

const MAXIMUM_TRIES: u8 = 3;
const FILE: [u8; 300] = {
    let mut file = [7; 300];
    file[0] = 0x30;
    file[1] = 0x82;
    file[2] = 0x01;
    file[3] = 0x20;
    file
};

impl FakeCard {
    fn new(tries: u8) -> Self {
        Self { tries, ..Self::default() }
    }

    fn digits_sent(&self) -> usize {
        self.commands.iter().filter(|c| c.get(1) == Some(&0x20) && c.len() > 4).count()
    }

    fn verify(&mut self, digits: &[u8]) -> Vec<u8> {
        if self.tries == 0 {
            return vec![0x69, 0x84];
        }
        if digits == b"1234" {
            self.tries = MAXIMUM_TRIES;
            self.verified = true;
            return vec![0x90, 0x00];
        }
        self.tries -= 1;
        vec![0x63, 0xC0 | self.tries]
    }
}

impl Transport for FakeCard {
    type Error = Pulled;

    fn transmit(&mut self, command: Cleared<'_>) -> Result<Vec<u8>, Pulled> {
        let command = command.as_bytes();
        if self.pulled_at == Some(self.commands.len()) {
            return Err(Pulled);
        }
        self.commands.push(command.to_vec());
        Ok(match command {
            [0x00, 0xA4, 0x04, ..] => vec![0x90, 0x00],
            [0x00, 0xA4, 0x02, 0x0C, 2, high, low] => {
                self.selected = [*high, *low];
                vec![0x90, 0x00]
            }
            [0x00, 0x20, 0x00, 0x80] if self.says_verified => vec![0x90, 0x00],
            [0x00, 0x20, 0x00, 0x80] => vec![0x63, 0xC0 | self.tries],
            [0x00, 0x20, 0x00, 0x80, 4, digits @ ..] => self.verify(digits),
            [0x00, 0xB0, high, low, length] => {
                let offset = usize::from(u16::from_be_bytes([*high, *low]));
                let length = if *length == 0 { 256 } else { usize::from(*length) };
                let end = (offset + length).min(FILE.len());
                FILE.get(offset..end).map_or(vec![0x6B, 0x00], |data| [data, &[0x90, 0x00]].concat())
            }
            [0x80, 0x2A, ..] => [[1; 256].as_slice(), &[0x90, 0x00]].concat(),
            _ => vec![0x6D, 0x00],
        })
    }
}

/// A card that answers from a list and repeats the last answer for ever.
struct Scripted(VecDeque<Vec<u8>>);

impl Transport for Scripted {
    type Error = Pulled;

    fn transmit(&mut self, _: Cleared<'_>) -> Result<Vec<u8>, Pulled> {
        if self.0.len() > 1 { self.0.pop_front().ok_or(Pulled) } else { self.0.front().cloned().ok_or(Pulled) }
    }
}

#[expect(clippy::fn_params_excessive_bools, reason = "a PIN is right or wrong")]
fn pin(right: bool) -> Pin {
    Pin::parse(if right { "1234" } else { "0000" }).unwrap()
}

#[test]
fn a_file_is_read_to_the_end_of_its_element_and_no_further() {
    let mut channel = Channel::new(FakeCard::new(3));
    let element = channel.read_element([0x00, 0x0A]).unwrap();
    assert_eq!(element.as_slice(), &FILE[..0x120 + 4]);
}

#[test]
fn a_card_that_never_ends_its_answer_is_left() {
    let mut more = [9; 258];
    more[256..].copy_from_slice(&[0x61, 0x00]);
    for answer in [more.to_vec(), vec![0x61, 0x10]] {
        let mut channel = Channel::new(Scripted(VecDeque::from([answer])));
        assert!(matches!(channel.read_physical([0, 1], 17), Err(CardError::Endless { .. })));
    }
    let mut channel = Channel::new(Scripted(VecDeque::from([vec![0x6C, 0x05]])));
    assert!(matches!(channel.read_physical([0, 1], 17), Err(CardError::Refused { .. })));
}

/// Selects, then answers everything with the same bytes; keeps count.
struct Repeating {
    answer: Vec<u8>,
    commands: usize,
}

impl Transport for Repeating {
    type Error = Pulled;

    fn transmit(&mut self, command: Cleared<'_>) -> Result<Vec<u8>, Pulled> {
        self.commands += 1;
        Ok(if command.as_bytes()[1] == 0xA4 { vec![0x90, 0x00] } else { self.answer.clone() })
    }
}

#[test]
fn an_answer_of_any_length_is_data_and_a_status_word_or_malformed() {
    // An element of thirteen bytes, whatever stands behind it.
    let mut longest = vec![0x5A; MAXIMUM_ANSWER_BYTES + 4];
    longest[..2].copy_from_slice(&[0x30, 0x0B]);
    for length in 0..=longest.len() {
        let mut answer = longest[..length].to_vec();
        if let Some(status) = answer.last_chunk_mut() {
            *status = [0x90, 0x00];
        }
        let mut channel = Channel::new(Repeating { answer, commands: 0 });
        let read = channel.read_element([0, 1]);
        match length.checked_sub(2) {
            None => assert!(matches!(read, Err(CardError::Malformed { source: ResponseError::TooShort, .. }))),
            // Less than a header is no element, and what goes on with the wrong length is cut off.
            Some(0..13) => assert!(matches!(read, Err(CardError::File { id: 1, .. })), "{length} bytes"),
            Some(13..=MAXIMUM_ANSWER_BYTES) => assert_eq!(read.unwrap().as_slice(), &longest[..13], "{length} bytes"),
            Some(_) => assert!(matches!(read, Err(CardError::Malformed { source: ResponseError::TooLong, .. }))),
        }
        // SELECT, and at most as many commands as the element has bytes.
        assert!(channel.transport().commands <= 1 + 13, "{length} bytes");
    }
}

#[test]
fn a_file_that_claims_more_than_it_has_is_refused() {
    let select = vec![0x90, 0x00];
    let start = vec![0x30, 0x82, 0x10, 0x00, 1, 2, 0x90, 0x00];
    for then in [vec![0x90, 0x00], vec![0x6B, 0x00]] {
        let mut channel = Channel::new(Scripted(VecDeque::from([select.clone(), start.clone(), then])));
        assert!(channel.read_element([0, 1]).is_err());
    }
    let mut huge = vec![0x30, 0x82, 0xFF, 0xFF, 1, 2, 0x90, 0x00];
    let mut channel = Channel::new(Scripted(VecDeque::from([select, std::mem::take(&mut huge)])));
    assert!(matches!(channel.read_element([0, 1]), Err(CardError::File { .. })));
}

#[test]
fn no_digits_are_sent_while_the_tries_are_unknown() {
    let mut card = FakeCard::new(3);
    card.says_verified = true;
    let mut channel = Channel::new(card);
    input_support::select(&mut channel).unwrap();
    let outcome = channel.verify(PinObject::InputSupport, pin(true), Some(LastTryConfirmed::by_the_resident()));
    assert!(matches!(outcome, Err(CardError::Guard(GuardError::TriesUnknown))));
    assert_eq!(channel.into_transport().digits_sent(), 0);
}

#[test]
fn the_last_try_is_used_only_with_a_confirmation() {
    let mut channel = Channel::new(FakeCard::new(1));
    input_support::select(&mut channel).unwrap();
    let outcome = channel.verify(PinObject::InputSupport, pin(true), None);
    assert!(matches!(outcome, Err(CardError::Guard(GuardError::LastTryUnconfirmed))));
    let confirmed = Some(LastTryConfirmed::by_the_resident());
    assert_eq!(channel.verify(PinObject::InputSupport, pin(true), confirmed).unwrap(), PinVerdict::Right);
    assert_eq!(channel.into_transport().digits_sent(), 1);
}

/// What a person at the terminal can do with the PIN.
#[derive(Debug, Clone, Copy)]
enum Step {
    Right,
    Wrong,
    RightConfirmed,
    WrongConfirmed,
}

#[test]
fn every_sequence_of_six_pins_agrees_with_the_counter_model() {
    let steps = [Step::Right, Step::Wrong, Step::RightConfirmed, Step::WrongConfirmed];
    for start in 0..=MAXIMUM_TRIES {
        for number in 0..steps.len().pow(6) {
            let sequence = (0..6).map(|place| steps[number / steps.len().pow(place) % steps.len()]);
            follow(start, sequence);
        }
    }
}

fn follow(start: u8, sequence: impl Iterator<Item = Step>) {
    let mut channel = Channel::new(FakeCard::new(start));
    input_support::select(&mut channel).unwrap();
    let mut model = start;
    let mut sent = 0;
    for step in sequence {
        let right = matches!(step, Step::Right | Step::RightConfirmed);
        let confirms = matches!(step, Step::RightConfirmed | Step::WrongConfirmed);
        let confirmed = confirms.then(LastTryConfirmed::by_the_resident);
        let outcome = channel.verify(PinObject::InputSupport, pin(right), confirmed);
        match (model, confirms, right) {
            (0, ..) => assert!(matches!(outcome, Err(CardError::Guard(GuardError::Blocked)))),
            (1, false, _) => assert!(matches!(outcome, Err(CardError::Guard(GuardError::LastTryUnconfirmed)))),
            (_, _, true) => {
                (model, sent) = (MAXIMUM_TRIES, sent + 1);
                assert_eq!(outcome.unwrap(), PinVerdict::Right);
            }
            (_, _, false) => {
                (model, sent) = (model - 1, sent + 1);
                let expected = if model == 0 { PinVerdict::Blocked } else { PinVerdict::Wrong { tries_left: model } };
                assert_eq!(outcome.unwrap(), expected);
            }
        }
    }
    let card = channel.into_transport();
    assert_eq!((card.tries, card.digits_sent()), (model, sent));
}

#[test]
fn a_card_pulled_at_any_command_ends_the_proof_without_a_second_try() {
    let whole = run_pulled_at(None).1;
    assert!(whole > 15, "the proof takes {whole} commands");
    for command in 0..whole {
        let (outcome, _) = run_pulled_at(Some(command));
        assert!(matches!(outcome, Err(CardError::Transport(Pulled))), "pulled at command {command}");
    }
}

fn run_pulled_at(pulled_at: Option<usize>) -> (CardResult<(), FakeCard>, usize) {
    let mut card = FakeCard::new(3);
    card.pulled_at = pulled_at;
    let mut channel = Channel::new(card);
    let outcome = whole_proof(&mut channel);
    let card = channel.into_transport();
    assert!(card.digits_sent() <= 1);
    (outcome, card.commands.len())
}

fn whole_proof(channel: &mut Channel<FakeCard>) -> CardResult<(), FakeCard> {
    input_support::select(channel)?;
    input_support::pin_status(channel)?;
    input_support::verify_pin(channel, pin(true), None)?;
    input_support::prove(channel, &[1; 32])?;
    jpki::prove(channel, &[1; 32]).map(drop)
}
