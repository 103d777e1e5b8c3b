//! Readers and their service in every trouble, through the real service: each is told by its name, none hangs.
#![expect(clippy::match_wild_err_arm, reason = "whatever the error, the test has failed")]
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up fails with a sentence")]

use std::ffi::CString;
use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use kiosk::card_reader::pcsc::PcscReader;
use kiosk::card_reader::{self, Manner, Removal, Request, Wait};
use kiosk::message::{Message, Post};
use kiosk::session::effect::ProveEffect;
use kiosk::session::event::{CardAnswer, Event};
use kiosk::session::fault::CardFault;
use pcsc::{Context, Disposition, Error, Protocols, Scope, ShareMode};
use serde_json::Value;
use shared::card::pin::{Pin, PinStatus};
use shared::domain::certificate::ProofProfile;
use shared::domain::identifiers::TransactionId;
use tests::program;
use tests::reader::{ReaderService, reader_name};
use tests::virtual_card::{Conduct, VirtualCard, card_of};
use tests::world::World;

const PROFILE: ProofProfile = ProofProfile::InputSupport;

/// The reader threads as a terminal at a counter has them.
struct Desk {
    requests: Option<SyncSender<Request>>,
    thread: Option<JoinHandle<()>>,
    inbox: Receiver<Message>,
}

impl Desk {
    fn at(reader: Option<String>) -> Self {
        let manner = Manner { removal: Removal::Watched, wait: Wait::Endless };
        let (post, inbox) = Post::new(Arc::new(|| {}));
        let (requests, thread) = card_reader::start(move || PcscReader::new(reader), manner, post).expect("threads");
        Self { requests: Some(requests), thread: Some(thread), inbox }
    }

    fn ask(&self, request: Request) {
        self.requests.as_ref().expect("a desk at work").send(request).expect("the desk listens");
    }

    #[track_caller]
    fn event(&self, within: Duration) -> Event {
        match self.inbox.recv_timeout(within) {
            Ok(Message::Session(event)) => event,
            Ok(Message::OutcomeKnown { .. } | Message::Staff { .. }) => panic!("a reader says no such thing"),
            Err(_) => panic!("nothing came within {within:?}"),
        }
    }

    #[track_caller]
    fn watch(&self) {
        self.ask(Request::Watch(transaction()));
    }

    #[track_caller]
    fn placed(&self, within: Duration) {
        let event = self.event(within);
        assert!(matches!(event, Event::CardPlaced), "{event:?}");
    }

    #[track_caller]
    fn fault(&self, within: Duration) -> CardFault {
        match self.event(within) {
            Event::Card { answer: CardAnswer::Failed(fault), .. } | Event::CardLost(fault) => fault,
            Event::CardRemoved => CardFault::Removed,
            event => panic!("{event:?}"),
        }
    }

    #[track_caller]
    fn tries(&self) -> u8 {
        self.ask(Request::ReadTries(transaction(), PROFILE));
        loop {
            match self.event(Duration::from_secs(5)) {
                Event::Card { answer: CardAnswer::Tries(PinStatus::TriesLeft(tries)), .. } => return tries,
                // Left over from what was asked before.
                Event::CardPlaced | Event::CardRemoved => {}
                event => panic!("{event:?}"),
            }
        }
    }

    fn prove(&self, pin: &str) {
        let pin = Pin::parse(pin).expect("four digits");
        let transaction = transaction();
        self.ask(Request::Prove(ProveEffect {
            transaction,
            profile: PROFILE,
            pin,
            confirmed: None,
            transcript: [7; 32],
        }));
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.requests = None;
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the desk ends well");
        }
        if !std::thread::panicking() {
            let left = program::wait_for("the end of the reader's threads", 5, || {
                Some(threads("card")).filter(|left| *left == 0)
            });
            assert_eq!(left, 0);
        }
    }
}

fn transaction() -> TransactionId {
    TransactionId::from_random([1; 16])
}

/// Threads of this process whose name starts so. Every test here holds the reader alone, and so counts alone.
fn threads(name: &str) -> usize {
    let tasks = fs::read_dir("/proc/self/task").expect("this process").filter_map(Result::ok);
    tasks.filter(|task| fs::read_to_string(task.path().join("comm")).is_ok_and(|comm| comm.starts_with(name))).count()
}

/// A hang is longer. On an idle machine it is a fraction of a second, which the benchmark of the reader measures.
const SOON: Duration = Duration::from_secs(5);
const LATER: Duration = Duration::from_secs(10);

#[test]
fn of_two_readers_the_named_one_is_used_or_the_one_with_a_card() {
    let _service = ReaderService::hold();
    let world = World::new();
    let second = VirtualCard::put(1, card_of(&world, "hanako"), Conduct::Good);
    let desk = Desk::at(None);
    desk.watch();
    desk.placed(LATER);
    assert_eq!(desk.tries(), 3);
    assert!(second.commands() > 0);
    drop(desk);
    let first = VirtualCard::put(0, card_of(&world, "hanako"), Conduct::Good);
    let before = second.commands();
    let desk = Desk::at(Some(reader_name(0)));
    desk.watch();
    desk.placed(LATER);
    assert_eq!(desk.tries(), 3);
    assert!(first.commands() > 0 && second.commands() == before);
    // What happens in the other reader does not matter here.
    second.pull();
    assert_eq!(desk.tries(), 3);
}

#[test]
fn a_card_put_later_is_found_and_one_taken_or_exchanged_is_told() {
    let _service = ReaderService::hold();
    let world = World::new();
    let desk = Desk::at(None);
    desk.watch();
    let card = VirtualCard::put(0, card_of(&world, "hanako"), Conduct::Good);
    desk.placed(SOON * 2);
    card.pull();
    assert_eq!(desk.fault(SOON), CardFault::Removed);
    let card = VirtualCard::put(0, card_of(&world, "hanako"), Conduct::Good);
    desk.watch();
    desk.placed(LATER);
    card.pull();
    // Another person's card, before the service could have looked.
    let other = VirtualCard::put(0, card_of(&world, "taro"), Conduct::Good);
    let fault = desk.fault(SOON * 2);
    assert!(matches!(fault, CardFault::Removed | CardFault::Swapped), "{fault:?}");
    desk.prove("0000");
    assert_eq!(desk.fault(LATER), CardFault::Removed);
    assert_eq!(other.commands(), 0, "something was sent to the other person's card");
}

#[test]
fn a_card_that_was_read_counts_as_there_until_it_is_taken() {
    let _service = ReaderService::hold();
    let world = World::new();
    let card = VirtualCard::put(0, card_of(&world, "hanako"), Conduct::Good);
    let desk = Desk::at(None);
    desk.watch();
    desk.placed(LATER);
    desk.prove(&world.resident("hanako").pins.input_support);
    let event = desk.event(LATER);
    assert!(matches!(event, Event::Card { answer: CardAnswer::Proven(_), .. }), "{event:?}");
    desk.ask(Request::Release);
    // Reset and let go of, it still lies there.
    assert!(desk.inbox.recv_timeout(SOON).is_err());
    card.pull();
    assert_eq!(desk.fault(SOON), CardFault::Removed);
}

#[test]
fn a_service_that_dies_is_told_and_found_again_by_the_next_resident() {
    let mut service = ReaderService::hold();
    let world = World::new();
    let card = VirtualCard::put(0, card_of(&world, "hanako"), Conduct::Good);
    let desk = Desk::at(None);
    desk.watch();
    desk.placed(LATER);
    service.crash();
    assert_eq!(desk.fault(SOON), CardFault::ServiceStopped);
    card.pull();
    desk.ask(Request::Release);
    // Away for good: told after a few seconds, for it may come back.
    desk.watch();
    let fault = loop {
        match desk.fault(LATER) {
            CardFault::Removed => {}
            fault => break fault,
        }
    };
    assert_eq!(fault, CardFault::ServiceStopped);
    service.start_again();
    let _card = VirtualCard::put(0, card_of(&world, "hanako"), Conduct::Good);
    let began = Instant::now();
    desk.watch();
    desk.placed(LATER);
    assert!(began.elapsed() <= SOON * 3, "{:?}", began.elapsed());
    assert_eq!(desk.tries(), 3);
}

#[test]
fn a_card_in_another_programs_hands_is_told_and_ours_cannot_be_reset_by_another() {
    let _service = ReaderService::hold();
    let world = World::new();
    let _card = VirtualCard::put(0, card_of(&world, "hanako"), Conduct::Good);
    let other = Context::establish(Scope::User).expect("the service");
    let name = CString::new(reader_name(0)).expect("a name");
    let held = other.connect(&name, ShareMode::Exclusive, Protocols::ANY).expect("the card");
    let desk = Desk::at(None);
    desk.watch();
    assert_eq!(desk.fault(LATER), CardFault::Occupied);
    // Let go of in time, it is not even told.
    desk.watch();
    held.disconnect(Disposition::ResetCard).map_err(|(_, error)| error).expect("it is let go of");
    desk.placed(LATER);
    for mode in [ShareMode::Shared, ShareMode::Exclusive] {
        assert_eq!(other.connect(&name, mode, Protocols::ANY).err(), Some(Error::SharingViolation));
    }
    assert_eq!(desk.tries(), 3);
}

/// Answers of lengths that none has: to the question for the tries, and to the first READ BINARY behind the PIN.
#[test]
fn an_answer_of_a_length_that_none_has_ends_the_dialogue_and_spends_nothing() {
    let world = World::new();
    let pin = world.resident("hanako").pins.input_support.clone();
    for (at, length) in [(2, 1), (2, 50_000), (5, 1), (5, 3), (5, 258), (5, 50_000)] {
        let _service = ReaderService::hold();
        let card = VirtualCard::put(0, card_of(&world, "hanako"), Conduct::Answers(at, vec![0x61; length]));
        let desk = Desk::at(None);
        desk.watch();
        desk.placed(LATER);
        desk.prove(&pin);
        let fault = desk.fault(LATER);
        let is_told = matches!(fault, CardFault::Malformed | CardFault::Unreadable | CardFault::Removed);
        assert!(is_told, "{length} bytes at {at}: {fault:?}");
        drop(desk);
        card.pull();
    }
}

/// The virtual reader waits for ever behind an answer of no bytes, and with it the service: only its end frees both.
#[test]
fn an_answer_of_no_bytes_is_told_as_silence_within_the_terminals_own_bound() {
    let mut service = ReaderService::hold();
    let world = World::new();
    let card = VirtualCard::put(0, card_of(&world, "hanako"), Conduct::Answers(5, Vec::new()));
    let desk = Desk::at(None);
    desk.watch();
    desk.placed(LATER);
    desk.prove(&world.resident("hanako").pins.input_support);
    assert_eq!(desk.fault(LATER * 2), CardFault::Silent);
    // The next resident is not kept waiting.
    desk.watch();
    assert_eq!(desk.fault(SOON), CardFault::Silent);
    service.crash();
    card.pull();
    service.start_again();
    let _next = VirtualCard::put(0, card_of(&world, "hanako"), Conduct::Good);
    program::wait_for("the desk to be back", 10, || {
        desk.watch();
        matches!(desk.event(LATER), Event::CardPlaced).then_some(())
    });
    assert_eq!(desk.tries(), 3);
}

#[test]
fn a_card_that_never_answers_is_told_and_holds_up_nothing_for_good() {
    let _service = ReaderService::hold();
    let world = World::new();
    let card = VirtualCard::put(0, card_of(&world, "hanako"), Conduct::Silent(5));
    let desk = Desk::at(None);
    desk.watch();
    desk.placed(LATER);
    assert_eq!(desk.tries(), 3);
    // Held up at the question for the tries, right before the VERIFY.
    desk.prove(&world.resident("hanako").pins.input_support);
    assert_eq!(desk.fault(Duration::from_secs(20)), CardFault::Silent);
    desk.watch();
    assert_eq!(desk.fault(SOON), CardFault::Silent);
    assert_eq!(threads("card-desk"), 1);
    let commands = card.commands();
    card.pull();
    let next = VirtualCard::put(0, card_of(&world, "hanako"), Conduct::Good);
    program::wait_for("the desk to be back", 10, || {
        desk.watch();
        matches!(desk.event(LATER), Event::CardPlaced).then_some(())
    });
    assert_eq!(desk.tries(), 3);
    assert!(commands <= 6 && next.commands() >= 3);
}

fn doctor(world: &World, arguments: &[&str]) -> (i32, Value) {
    let arguments = [&["readers", "--json"], arguments].concat();
    let output = program::run(&mut world.command("kiosk", &arguments));
    let json = serde_json::from_slice(&output.stdout).expect("one JSON object");
    (output.status.code().unwrap_or(-1), json)
}

#[test]
fn the_doctor_sees_both_readers_each_application_and_keeps_a_report_without_a_person() {
    let mut service = ReaderService::hold();
    let world = World::new();
    let (status, empty) = doctor(&world, &[]);
    assert_eq!((status, empty["service"].as_str()), (10, Some("running")));
    assert_eq!(empty["readers"].as_array().map(Vec::len), Some(2));
    assert!(
        empty["drivers"].as_array().is_some_and(|drivers| drivers.iter().any(|d| d["name"] == "ifd-ccid")),
        "{empty}"
    );
    let _card = VirtualCard::put(1, card_of(&world, "hanako"), Conduct::Good);
    let (status, found) = doctor(&world, &["--report", "run/readers.json"]);
    assert_eq!(status, 0, "{found}");
    let reader = &found["readers"][1];
    assert_eq!((reader["card"].as_str(), reader["token"].as_str()), (Some("present"), Some("JPKIAPICCTOKEN2")));
    let jpki = &reader["applications"][1];
    assert_eq!((jpki["name"].as_str(), jpki["secrets"][1]["tries_left"].as_u64()), (Some("jpki"), Some(5)));
    let kept = fs::read_to_string(world.path("run/readers.json")).expect("the report");
    let resident = world.resident("hanako");
    for personal in [&resident.my_number, &resident.names.kanji, &resident.pins.input_support] {
        assert!(!kept.contains(personal.as_str()), "the report holds {personal}");
    }
    service.crash();
    let (status, stopped) = doctor(&world, &[]);
    assert_eq!((status, stopped["service"].as_str()), (10, Some("stopped")));
    // For people: the advice is the last line, its Japanese before it.
    let said = program::run(Command::new(program::built("kiosk")).arg("readers"));
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        matches!(lines.as_slice(), [.., japanese, english] if japanese.contains("pcscd を起動") && english.contains("pcscd must run")),
        "{text}"
    );
    service.start_again();
}
