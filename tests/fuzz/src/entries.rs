//! The entry functions: bytes of anybody's choice into every reader of bytes, with what must hold whatever they are.
//!
//! The fuzz targets call them, and `tests/tests/corpora.rs` replays every kept input through the same functions.

use std::convert::Infallible;
use std::path::Path;

use fixtures::cassette::import::Format;
use fixtures::software_card::{CardFile, File, SoftwareCard};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::card::channel::Channel;
use shared::card::guard::Guard;
use shared::card::pin::{LastTryConfirmed, Pin};
use shared::card::response::Response;
use shared::card::tlv::{self, Header};
use shared::card::transport::{Cleared, Transport};
use shared::card::{input_support, jpki};
use shared::qr::health_card::HealthCard;
use shared::qr::public_key::PublicKey;
use shared::qr::vds_nc::{Seal, Signer};
use shared::records::Record;
use shared::wire::challenge::{ChallengeAnswer, ChallengeRequest};
use shared::wire::holder::{HolderAnswer, HolderRequest};
use shared::wire::issuance::{IssuanceAnswer, IssuanceRequest};
use shared::wire::outcome::OutcomeRequest;
use shared::wire::passport::PassportRequest;
use shared::wire::problem::Problem;
use shared::wire::terminal::{TerminalAnswer, TerminalRequest};

use crate::recordings;

/// A reader of bytes.
pub type Entry = fn(&Surroundings, &[u8]);

/// Every target by its name; a folder of seeds has the same name.
pub const TARGETS: [(&str, Entry); 15] = [
    ("tlv", |_, data| elements(data)),
    ("guard", |_, data| guard(data)),
    ("answer", |_, data| answers(data)),
    ("card_files", |_, data| card_files(data)),
    ("card_commands", card_commands),
    ("card_file", |_, data| card_file(data)),
    ("wire", |_, data| wire(data)),
    ("records", |_, data| records(data)),
    ("health_card", |_, data| health_card(data)),
    ("seal", |_, data| seal(data)),
    ("cassette", |_, data| recordings::cassette(data)),
    ("ledger", |_, data| recordings::import(Format::Ledger, data)),
    ("scriptor", |_, data| recordings::import(Format::Scriptor, data)),
    ("pcsc_spy", |_, data| recordings::import(Format::PcscSpy, data)),
    ("fault", |_, data| recordings::faults(data)),
];

/// What the readers of bytes stand in: a card of a fictitious world.
pub struct Surroundings {
    card: CardFile,
    /// Twelve digits that nobody may read without a PIN.
    number: Vec<u8>,
}

impl Surroundings {
    /// From a world's folder.
    pub fn open(folder: &Path) -> Self {
        let card = CardFile::open(&folder.join("cards/hanako.card.json")).expect("a card");
        let files = card.applications.iter().filter(|application| application.aid.0 == input_support::APPLICATION);
        let number = files
            .flat_map(|application| &application.files)
            .find_map(|file| match file {
                File::Data { id, bytes, .. } if id.0 == 0x0001 => bytes.as_slice().get(3..15).map(<[u8]>::to_vec),
                _ => None,
            })
            .expect("a number on the card");
        Self { card, number }
    }
}

/// BER-TLV: what is found lies inside what was given.
fn elements(data: &[u8]) {
    let Some((tag, bytes)) = data.split_first_chunk::<2>() else { return };
    let tag = u32::from(u16::from_be_bytes(*tag));
    if let Ok(header) = Header::read(bytes) {
        assert!(header.header_bytes >= 2 && header.header_bytes <= bytes.len());
        assert!(header.total_bytes() <= header.header_bytes + 0xFFFF);
    }
    for value in [tlv::first(bytes, tag), tlv::find(bytes, tag)].into_iter().flatten() {
        let inside = bytes.as_ptr_range();
        assert!(value.is_empty() || (inside.start <= value.as_ptr() && value.as_ptr_range().end <= inside.end));
    }
}

/// A card that says yes and keeps what reached it.
#[derive(Default)]
struct Obedient {
    commands: Vec<Vec<u8>>,
}

impl Transport for Obedient {
    type Error = Infallible;

    fn transmit(&mut self, command: Cleared<'_>) -> Result<Vec<u8>, Infallible> {
        self.commands.push(command.as_bytes().to_vec());
        let asks_tries = command.as_bytes().get(1) == Some(&0x20);
        Ok(if asks_tries { vec![0x63, 0xC3] } else { vec![0x90, 0x00] })
    }
}

/// Commands: none that spends a try, changes a secret or signs for the holder passes the guard as bytes.
fn guard(data: &[u8]) {
    let mut card = Obedient::default();
    let mut guard = Guard::new(&mut card);
    for command in messages(data) {
        // A refusal is as good as an answer: what reached the card is looked at below.
        drop(guard.transmit(command));
    }
    for command in card.commands {
        match command.as_slice() {
            [0x00, 0x20, _, _, ..] => assert_eq!(command.len(), 4, "a VERIFY with data: {command:02X?}"),
            [0x00, 0xA4 | 0xB0 | 0xB2 | 0xC0 | 0xCA | 0x84, ..] => {}
            [0x80, 0x2A, 0x00, 0x00 | 0x80, 51, ..] => assert_eq!(command.len(), 5 + 51 + 1),
            _ => panic!("passed: {command:02X?}"),
        }
    }
}

/// Messages with a length of one byte before each; the most that a run looks at.
fn messages(mut data: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (&length, rest) = data.split_first()?;
        let (message, rest) = rest.split_at(usize::from(length).min(rest.len()));
        data = rest;
        Some(message)
    })
    .take(64)
}

/// A card that answers from a list, then pulls itself.
struct Scripted<'d> {
    answers: Vec<&'d [u8]>,
    rounds: usize,
    digits: usize,
}

#[derive(Debug, thiserror::Error)]
#[error("no more answers")]
struct Over;

impl Transport for Scripted<'_> {
    type Error = Over;

    fn transmit(&mut self, command: Cleared<'_>) -> Result<Vec<u8>, Over> {
        self.digits += usize::from(command.as_bytes().get(1) == Some(&0x20) && command.as_bytes().len() > 4);
        // The last answer is given again for ever: the channel must come to an end by itself.
        let answer = self.answers.get(self.rounds.min(self.answers.len().saturating_sub(1))).ok_or(Over)?;
        self.rounds += 1;
        assert!(self.rounds < 200_000, "the channel does not come to an end");
        Ok(answer.to_vec())
    }
}

/// Answers: of any length and meaning, to every step of both proofs; at most one VERIFY a PIN.
fn answers(data: &[u8]) {
    drop(Response::parse(data.to_vec()));
    for profile in 0..3 {
        let card = Scripted { answers: messages(data).collect(), rounds: 0, digits: 0 };
        let mut channel = Channel::new(card);
        let confirmed = Some(LastTryConfirmed::by_the_resident());
        let Some(pin) = Pin::parse("1234") else { return };
        match profile {
            0 => {
                drop(input_support::select(&mut channel));
                drop(input_support::verify_pin(&mut channel, pin, confirmed));
                drop(input_support::prove(&mut channel, &[7; 32]));
            }
            1 => {
                drop(jpki::select(&mut channel));
                drop(jpki::verify_pin(&mut channel, pin, confirmed));
                drop(jpki::prove(&mut channel, &[7; 32]));
            }
            _ => drop((jpki::token_label(&mut channel), jpki::signature_password_status(&mut channel))),
        }
        assert!(channel.into_transport().digits <= 1);
    }
}

/// Files of the card: whatever they hold, a number has a right check digit and a text is no empty one.
fn card_files(data: &[u8]) {
    drop(input_support::number(data));
    if let Ok(attributes) = input_support::attributes(data) {
        assert!(!attributes.name.is_empty() && !attributes.address.is_empty());
    }
}

/// The card's command interpreter: any sequence, and nobody reads the number who has not presented a PIN.
fn card_commands(surroundings: &Surroundings, data: &[u8]) {
    let Some((&manner, data)) = data.split_first() else { return };
    let mut file = surroundings.card.clone();
    if !manner.is_multiple_of(16) {
        // Signing is slow; most runs go without keys.
        for application in &mut file.applications {
            application.files.retain(|file| !matches!(file, File::Key { .. }));
            application.default_key = None;
        }
    }
    let mut card = SoftwareCard::in_memory(file, ChaCha20Rng::from_seed([manner; 32])).expect("the world's card");
    let mut presented = false;
    let mut signatures = 0;
    for command in messages(data) {
        if command.is_empty() {
            card.power_off();
            presented = false;
            continue;
        }
        signatures += usize::from(matches!(command, [_, 0x2A | 0x88, ..]));
        if signatures > MAXIMUM_SIGNATURES {
            break;
        }
        let answer = card.answer(command);
        assert!(answer.len() >= 2 && answer.len() <= 2 + 65_536);
        presented |= command.get(1) == Some(&0x20) && command.len() > 4 && answer == [0x90, 0x00];
        let tells = answer.windows(surroundings.number.len()).any(|window| window == surroundings.number);
        assert!(presented || !tells || command.windows(12).any(|window| window == surroundings.number));
    }
}

/// The most signatures of a run: under a fuzzer one takes a tenth of a second.
const MAXIMUM_SIGNATURES: usize = 2;

/// Card files: what is read is written again as it was.
fn card_file(data: &[u8]) {
    let Ok(file) = CardFile::from_json(data) else { return };
    let written = file.to_json().expect("what was read can be written");
    assert!(CardFile::from_json(&written).is_ok_and(|again| again == file));
    if let Ok(mut card) = SoftwareCard::in_memory(file, ChaCha20Rng::from_seed([1; 32])) {
        assert!(card.answer(&[0x00, 0xB0, 0x00, 0x00, 0x00]).len() >= 2);
    }
}

/// Every message between terminal and centre: what is understood says the same when it is said again.
fn wire(data: &[u8]) {
    again::<TerminalRequest>(data);
    again::<TerminalAnswer>(data);
    again::<ChallengeRequest>(data);
    again::<ChallengeAnswer>(data);
    again::<HolderRequest>(data);
    again::<HolderAnswer>(data);
    again::<PassportRequest>(data);
    again::<IssuanceRequest>(data);
    again::<IssuanceAnswer>(data);
    again::<OutcomeRequest>(data);
    again::<Problem>(data);
}

/// Record files.
fn records(data: &[u8]) {
    for line in data.split(|byte| *byte == b'\n').take(64) {
        again::<Record>(line);
    }
}

fn again<T: DeserializeOwned + Serialize>(data: &[u8]) {
    let Ok(message) = serde_json::from_slice::<T>(data) else { return };
    let said = serde_json::to_vec(&message).expect("what was read can be written");
    let again: T = serde_json::from_slice(&said).expect("what was written can be read");
    assert_eq!(serde_json::to_vec(&again).expect("it can be written again"), said);
}

/// The code of a health card.
fn health_card(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    // No key of ours: nothing can be believed.
    assert!(HealthCard::verify(text, &keys()).is_err());
}

/// The code of a travel seal.
fn seal(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let signers: [Signer<'_>; 0] = [];
    assert!(Seal::verify(text, &signers).is_err());
}

fn keys() -> Vec<PublicKey> {
    // The generator of the curve (FIPS 186): a point whose key nobody used here.
    const GENERATOR: &str = "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
    let point: Vec<u8> = (0..GENERATOR.len() / 2)
        .filter_map(|place| u8::from_str_radix(GENERATOR.get(2 * place..2 * place + 2)?, 16).ok())
        .collect();
    PublicKey::parse(&point).into_iter().collect()
}
