//! The guard against a card that obeys everything, under generated sequences of commands and PINs.

use proptest::prelude::*;

use super::*;
use crate::card::channel::Channel;

/// Where a VERIFY with digits went.
type Verified = (Option<[u8; 10]>, Option<[u8; 2]>, u8, bool);

/// A card that says yes to everything, has both applications, and keeps what it was sent.
#[expect(clippy::struct_excessive_bools, reason = "two facts that have nothing to do with each other")]
struct Obedient {
    application: Option<[u8; 10]>,
    file: Option<[u8; 2]>,
    tries: u8,
    /// Whether the tries of the selected file were told since it was selected or a VERIFY was sent.
    told: bool,
    /// Each VERIFY with digits: the application, the file, and whether the tries had been told.
    verified: Vec<Verified>,
    sent: Vec<Vec<u8>>,
    is_there: bool,
}

#[derive(Debug, thiserror::Error)]
#[error("the card was pulled")]
struct Pulled;

impl Obedient {
    const fn new(tries: u8) -> Self {
        Self {
            application: None,
            file: None,
            tries,
            told: false,
            verified: Vec::new(),
            sent: Vec::new(),
            is_there: true,
        }
    }

    fn refer(&mut self, reference: u8) {
        if reference & 0x1F != 0 {
            (self.file, self.told) = (Some([0, reference & 0x1F]), false);
        }
    }
}

impl Transport for Obedient {
    type Error = Pulled;

    fn transmit(&mut self, command: Cleared<'_>) -> Result<Vec<u8>, Pulled> {
        if !self.is_there {
            return Err(Pulled);
        }
        let command = command.as_bytes();
        self.sent.push(command.to_vec());
        match *command {
            [0x00, 0xA4, 0x04, _, 10, ref name @ ..] => {
                let known = [input_support::APPLICATION, jpki::APPLICATION];
                let Some(name) = known.into_iter().find(|known| name.starts_with(known)) else {
                    return Ok(vec![0x6A, 0x82]);
                };
                (self.application, self.file, self.told) = (Some(name), None, false);
            }
            [0x00, 0xA4, 0x02, _, 2, high, low] => (self.file, self.told) = (Some([high, low]), false),
            [0x00, 0x20, 0x00, reference] => {
                self.refer(reference);
                self.told = true;
                return Ok(vec![0x63, 0xC0 | self.tries]);
            }
            [0x00, 0x20, 0x00, reference, ..] => {
                self.refer(reference);
                self.verified.push((self.application, self.file, self.tries, self.told));
                self.told = false;
                self.tries = self.tries.saturating_sub(1);
                return Ok(vec![0x63, 0xC0 | self.tries]);
            }
            [0x00, 0xB0, first, ..] if first & 0x80 != 0 => self.refer(first),
            [0x00, 0xB2, _, reference, ..] => self.refer(reference >> 3),
            _ => {}
        }
        Ok(vec![0x90, 0x00])
    }
}

/// What somebody who only holds the guard might try.
#[derive(Debug, Clone)]
enum Act {
    Bytes(Vec<u8>),
    Verify(PinObject, bool),
    TypeThrough(PinObject, bool),
    Pull,
}

fn file() -> impl Strategy<Value = u8> {
    prop_oneof![Just(0x11), Just(0x12), Just(0x14), Just(0x17), Just(0x18), Just(0x1A), Just(0x1B), any::<u8>()]
}

fn command() -> impl Strategy<Value = Vec<u8>> {
    let names = [input_support::APPLICATION, jpki::APPLICATION, *b"another ap"];
    let select =
        prop::sample::select(names.to_vec()).prop_map(|name| [[0x00, 0xA4, 0x04, 0x0C, 10].as_slice(), &name].concat());
    let digits = prop::collection::vec(any::<u8>(), 0..20);
    prop_oneof![
        4 => select,
        4 => file().prop_map(|id| vec![0x00, 0xA4, 0x02, 0x0C, 2, 0, id]),
        4 => Just(vec![0x00, 0x20, 0x00, 0x80]),
        1 => file().prop_map(|id| vec![0x00, 0x20, 0x00, 0x80 | id]),
        1 => file().prop_map(|id| vec![0x00, 0xB0, 0x80 | id, 0, 0]),
        1 => file().prop_map(|id| vec![0x00, 0xB2, 1, id << 3 | 4, 0]),
        1 => (prop::sample::select(vec![0x20_u8, 0x24, 0x2C, 0x32, 0x2A, 0x21]), any::<[u8; 3]>(), digits).prop_map(
            |(instruction, [class, p1, p2], data)| {
                [[class & 0x9F, instruction, p1 & 1, p2, data.len() as u8].as_slice(), &data].concat()
            }
        ),
        1 => prop::collection::vec(any::<u8>(), 0..300),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    let object = || prop::sample::select(vec![PinObject::InputSupport, PinObject::UserAuthentication]);
    prop_oneof![
        12 => command().prop_map(Act::Bytes),
        4 => (object(), any::<bool>()).prop_map(|(object, confirmed)| Act::Verify(object, confirmed)),
        2 => (object(), any::<bool>()).prop_map(|(object, confirmed)| Act::TypeThrough(object, confirmed)),
        1 => Just(Act::Pull),
    ]
}

fn pin() -> Pin {
    Pin::parse("0000").unwrap()
}

/// Does everything; gives the card and how many PINs were typed.
fn carry_out(tries: u8, acts: Vec<Act>) -> (Obedient, usize) {
    let mut card = Obedient::new(tries);
    let mut typed = 0;
    let mut guard = Guard::new(&mut card);
    for act in acts {
        // Refusals and answers are both fine here: only what reached the card counts.
        match act {
            Act::Bytes(bytes) => drop(guard.transmit(&bytes)),
            Act::Verify(object, confirmed) => {
                typed += 1;
                drop(guard.verify(object, pin(), confirmed.then(LastTryConfirmed::by_the_resident)));
            }
            Act::TypeThrough(object, confirmed) => {
                typed += 1;
                let mut channel = Channel { guard };
                drop(channel.verify(object, pin(), confirmed.then(LastTryConfirmed::by_the_resident)));
                guard = channel.guard;
            }
            Act::Pull => {
                let card = guard.into_transport();
                card.is_there = !card.is_there;
                guard = Guard::new(card);
            }
        }
    }
    (card, typed)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn whatever_is_tried_only_the_two_pins_are_sent_each_once_with_its_tries_read(
        tries in 0_u8..=4,
        acts in prop::collection::vec(act(), 0..40),
    ) {
        let (card, typed) = carry_out(tries, acts);
        prop_assert!(card.verified.len() <= typed, "{} VERIFY for {typed} typed PINs", card.verified.len());
        for (application, file, tries, told) in card.verified {
            let ours = [(input_support::APPLICATION, [0x00, 0x11]), (jpki::APPLICATION, [0x00, 0x18])];
            prop_assert!(ours.iter().any(|(a, f)| application == Some(*a) && file == Some(*f)), "{application:?} {file:?}");
            prop_assert!(told && tries > 0, "tries {tries}, told {told}");
        }
        for command in card.sent {
            let [class, instruction, ..] = command[..] else { panic!("{command:?}") };
            let list = [0xA4, 0xB0, 0xB2, 0xCA, 0x84, 0xC0, 0x20];
            let may_pass = (class == 0 && list.contains(&instruction)) || (class, instruction) == (0x80, 0x2A);
            prop_assert!(may_pass, "{command:02X?}");
            prop_assert!(instruction != 0x20 || command.len() == 4 || command[..5] == [0, 0x20, 0, 0x80, 4]);
        }
    }
}

#[test]
fn the_generated_sequences_do_reach_the_card_with_a_pin() {
    let select = [[0x00, 0xA4, 0x04, 0x0C, 10].as_slice(), &input_support::APPLICATION].concat();
    let acts = || vec![Act::Bytes(select.clone()), Act::TypeThrough(PinObject::InputSupport, true)];
    assert_eq!(carry_out(3, acts()).0.verified.len(), 1);
    // The same digits to the other application's object do not leave: it is not selected.
    let other = vec![Act::Bytes(select.clone()), Act::TypeThrough(PinObject::UserAuthentication, true)];
    assert!(carry_out(3, other).0.verified.is_empty());
    assert!(carry_out(0, acts()).0.verified.is_empty());
}

#[test]
fn the_tries_must_be_read_again_before_every_verify() {
    let mut card = Obedient::new(4);
    let mut guard = Guard::new(&mut card);
    let select = [[0x00, 0xA4, 0x04, 0x0C, 10].as_slice(), &input_support::APPLICATION].concat();
    guard.transmit(&select).unwrap();
    guard.transmit(&[0x00, 0xA4, 0x02, 0x0C, 2, 0x00, 0x11]).unwrap();
    let refused = |outcome| matches!(outcome, Err(GuardedError::Refused(GuardError::TriesUnread)));
    assert!(refused(guard.verify(PinObject::InputSupport, pin(), None)));
    guard.transmit(&[0x00, 0x20, 0x00, 0x80]).unwrap();
    assert!(guard.verify(PinObject::InputSupport, pin(), None).is_ok());
    assert!(refused(guard.verify(PinObject::InputSupport, pin(), None)));
    assert_eq!(card.verified.len(), 1);
}

#[test]
fn the_signature_key_never_signs_and_ours_only_digests() {
    let mut card = Obedient::new(3);
    let mut guard = Guard::new(&mut card);
    let info = [SHA_256_DIGEST_INFO.as_slice(), &[7; 32]].concat();
    let sign = |key: u8, data: &[u8]| [&[0x80, 0x2A, 0x00, key, data.len() as u8], data, &[0]].concat();
    let select = |name: [u8; 10]| [[0x00, 0xA4, 0x04, 0x0C, 10].as_slice(), &name].concat();
    guard.transmit(&select(jpki::APPLICATION)).unwrap();
    for key in [0x00, 0x80, 0x9A, 0x97] {
        assert!(guard.transmit(&sign(key, &info)).is_err(), "{key:02X}");
    }
    guard.transmit(&[0x00, 0xA4, 0x02, 0x0C, 2, 0x00, 0x1A]).unwrap();
    assert!(guard.transmit(&sign(0x80, &info)).is_err());
    guard.transmit(&[0x00, 0xA4, 0x02, 0x0C, 2, 0x00, 0x17]).unwrap();
    assert!(guard.transmit(&sign(0x80, b"any bytes of somebody's choice, fifty-one of them..")).is_err());
    assert!(guard.transmit(&sign(0x80, &info)).is_ok());
}

#[test]
fn a_cut_leash_holds_everything_back() {
    let mut card = Obedient::new(3);
    let leash = Leash::default();
    let mut channel = Channel::on_leash(&mut card, leash.clone());
    input_support::select(&mut channel).unwrap();
    leash.cut();
    assert!(channel.verify(PinObject::InputSupport, pin(), None).is_err());
    assert_eq!(card.sent.len(), 1);
}
