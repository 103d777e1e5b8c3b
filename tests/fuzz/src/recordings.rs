//! The entry functions for recordings: cassettes, texts of other programs that are taken over, faults as text.

use std::fmt::Write as _;
use std::time::Duration;

use fixtures::cassette::export;
use fixtures::cassette::image::targets;
use fixtures::cassette::import::{Format, Imported};
use fixtures::cassette::player::Player;
use fixtures::cassette::promotion::{Secrets, promote};
use fixtures::cassette::words::{Values, describe};
use fixtures::cassette::{
    AnswerToReset, Cassette, Header, Origin, Outcome, Privacy, Protocol, ReaderName, ToolName, authority, is_showable,
};
use fixtures::fault::{Fault, FaultyCard};
use fixtures::insertion::{InsertedCard, NoAnswer, Sleeper};
use fixtures::software_card::SoftwareCard;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use ring::digest::{SHA256, digest};

/// With this first byte the input is events whose lines are still to be numbered and chained: chance finds no digest.
const UNSEALED: u8 = b'~';

/// A cassette: what is read is written again as it was, plays its own commands, and tells nothing that a screen obeys.
pub fn cassette(data: &[u8]) {
    let sealed = data.strip_prefix(&[UNSEALED]).map(seal);
    let Ok(cassette) = Cassette::read(sealed.as_deref().unwrap_or(data)) else { return };
    let written = cassette.to_lines().expect("what was read can be written");
    let again = Cassette::read(written.as_bytes()).expect("what was written can be read");
    assert!(again == cassette);
    masked(&cassette);
    told(&cassette);
    played(&cassette);
    handed_on(&cassette);
    made_a_card(&cassette);
}

/// Event lines (without number and chain) between a header and an end that fit.
fn seal(events: &[u8]) -> Vec<u8> {
    const HEADER: &str = r#""kind":"header","format":"konbini-certificate cassette","version":1,"privacy":"synthetic","origin":"recorded","atr":"3B00","reader":"r","protocol":"T=1","tool":"t","recorded_at":"2022-10-03T01:00:00Z"}"#;
    let events: Vec<&[u8]> = events.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    let commands = events.iter().filter(|line| line.windows(9).any(|window| window == b"\"command\"")).count();
    let end = format!(r#""kind":"end","events":{},"exchanges":{commands}}}"#, events.len());
    let lines = [HEADER.as_bytes()].into_iter().chain(events).chain([end.as_bytes()]);
    let (mut text, mut link) = (Vec::new(), vec![0; 32]);
    for (line, number) in lines.zip(1..) {
        let body = [format!("{{\"n\":{number},").as_bytes(), line.strip_suffix(b"}").unwrap_or(line)].concat();
        link = digest(&SHA256, &[link.as_slice(), &body].concat()).as_ref().to_vec();
        text.extend_from_slice(&body);
        text.extend_from_slice(format!(",\"chain\":\"{}\"}}\n", digits(&link)).as_bytes());
    }
    text
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a `String` cannot fail.
        _ = write!(text, "{byte:02x}");
        text
    })
}

/// No VERIFY carries anything but the mask and its lengths: Lc of up to three bytes, Le of up to two.
fn masked(cassette: &Cassette) {
    for exchange in cassette.exchanges().filter(|exchange| matches!(exchange.command.header(), [0x00, 0x20, ..])) {
        let command = exchange.command.as_bytes();
        let hidden = exchange.command.secret().map_or(0, |span| span.to - span.from);
        assert!(exchange.command.data().iter().all(|byte| *byte == b'*'), "{command:02X?}");
        assert!(command.len() - 4 - hidden <= 3 + 2, "{command:02X?}");
    }
}

/// Each exchange in words, in both languages, with its values.
fn told(cassette: &Cassette) {
    for (exchange, target) in targets(cassette) {
        let described = describe(&exchange, target, Values::Shown);
        for phrase in described.content.iter().chain([&described.command, &described.outcome]) {
            assert!([&phrase.en, &phrase.ja].into_iter().all(|text| text.chars().all(is_showable)), "{phrase:?}");
        }
    }
}

/// The recorded commands, one after the other, and what was recorded of them.
fn played(cassette: &Cassette) {
    let has_keys = cassette.keys().next().is_some();
    let Ok(mut player) = Player::new(cassette.clone(), ChaCha20Rng::from_seed([5; 32])) else { return };
    for exchange in cassette.exchanges() {
        while player.is_taken() {
            player.lay_down();
        }
        match (player.play(exchange.command.as_bytes()), exchange.outcome) {
            (Ok(answer), Outcome::Answer(recorded)) => assert!(has_keys || answer == recorded.as_bytes()),
            (Err(error), Outcome::Error(code)) => assert_eq!(error.code(), code),
            (Ok(_), Outcome::Error(_)) => panic!("an answer came where none was recorded"),
            (Err(error), Outcome::Answer(_)) => panic!("its own command is refused: {error}"),
        }
    }
    assert!(player.is_finished());
}

/// What Ledger's text holds of it is taken over again.
fn handed_on(cassette: &Cassette) {
    let answered = |cassette: &Cassette| {
        cassette.exchanges().filter(|exchange| matches!(exchange.outcome, Outcome::Answer(_))).count()
    };
    let count = answered(cassette);
    drop(export::scriptor(cassette));
    let imported = Imported::read(Format::Ledger, export::ledger(cassette).as_bytes());
    match imported {
        Ok(imported) => assert_eq!(answered(&wrapped(imported)), count),
        Err(error) => assert_eq!(count, 0, "{error}"),
    }
}

/// Promoted, where it can be; then the card answers.
fn made_a_card(cassette: &Cassette) {
    drop(format!("{:?}", authority::standing(cassette)));
    let secrets = Secrets { pin: "1234".to_owned(), password: "ABC123".to_owned() };
    let Ok(promoted) = promote(cassette, &secrets) else { return };
    let Ok(mut card) = SoftwareCard::in_memory(promoted.card, ChaCha20Rng::from_seed([6; 32])) else { return };
    for exchange in cassette.exchanges() {
        assert!(card.answer(exchange.command.as_bytes()).len() >= 2);
    }
}

/// A text of another program: what is taken over is a cassette, and holds no PIN.
pub fn import(format: Format, data: &[u8]) {
    let Ok(imported) = Imported::read(format, data) else { return };
    let cassette = wrapped(imported);
    assert!(cassette.exchanges().next().is_some());
    masked(&cassette);
    let written = cassette.to_lines().expect("what was taken over can be written");
    assert!(Cassette::read(written.as_bytes()).expect("what was written can be read") == cassette);
}

fn wrapped(imported: Imported) -> Cassette {
    let header = Header {
        privacy: Privacy::Private,
        origin: Origin::Imported,
        answer_to_reset: imported.answer_to_reset.or_else(|| AnswerToReset::parse(&[0x3B, 0])).expect("one"),
        reader: imported.reader.unwrap_or_else(|| ReaderName::tamed(b"")),
        protocol: Protocol::Unknown,
        tool: ToolName::tamed(b"fuzz"),
        recorded_at: jiff::Timestamp::UNIX_EPOCH,
    };
    Cassette { header, events: imported.events }
}

/// Faults as text: what is read says the same when it is written, and a card with them stays a card.
pub fn faults(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let Ok(faults) = Fault::read_all(text) else { return };
    let written: Vec<String> = faults.iter().map(Fault::to_string).collect();
    assert_eq!(Fault::read_all(&written.join("\n")).as_ref(), Ok(&faults));
    let mut card = FaultyCard::with_sleeper(Echo, faults, Sleepless);
    for command in [[0x00, 0xA4, 0x02, 0x0C], [0x00, 0xB0, 0x00, 0x00], [0x00, 0xB0, 0x01, 0x00], [0x80, 0x2A, 0, 0x80]]
    {
        match card.exchange(&command) {
            Ok(answer) => assert!(answer.len() <= LONGEST),
            Err(NoAnswer::Removed) => card.insert(),
            Err(NoAnswer::Ended) => panic!("a fault is no end of a card"),
        }
    }
}

/// The longest answer that a fault makes, with its status word.
const LONGEST: usize = (1 << 20) + 2;

/// Answers every command with itself.
struct Echo;

impl InsertedCard for Echo {
    fn atr(&self) -> &[u8] {
        &[0x3B, 0x00]
    }

    fn power_off(&mut self) {}

    fn exchange(&mut self, command: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        Ok([command, &[0x90, 0x00]].concat())
    }
}

struct Sleepless;

impl Sleeper for Sleepless {
    fn sleep(&mut self, time: Duration) {
        assert!(time <= Duration::from_mins(10));
    }
}
