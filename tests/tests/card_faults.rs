//! What goes wrong with a card: every kind of fault at every exchange of the whole dialogue, the card in process, and
//! a sample of them through the real smart-card service.
//!
//! A fault may be harmless where nothing depends on what it spoils; then the certificate is printed. In every other
//! case the dialogue ends with the right refusal, before any money, within the time that a resident waits, and no try
//! is lost.
#![expect(clippy::expect_used, reason = "a test that cannot be set up fails with a sentence")]
#![expect(clippy::indexing_slicing, reason = "a missing part fails the test where it stands")]

use std::time::{Duration, Instant};

use fixtures::fault::{Fault, FaultyCard};
use fixtures::insertion::{InProcess, InsertedCard as _, NoAnswer, Sleeper};
use fixtures::software_card::{CardFile, SoftwareCard};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use serde_json::Value;
use shared::card::channel::Channel;
use shared::card::pin::PinStatus;
use shared::card::profile;
use shared::card::transport::{Cleared, Transport};
use shared::domain::certificate::ProofProfile;
use shared::wire::holder::HolderProof;
use tests::reader::{READER, ReaderService};
use tests::replay;
use tests::terminal::{Answer, Application, journal};
use tests::world::World;

/// Commands that one dialogue with the input-support application sends.
const EXCHANGES: u32 = 32;

/// A pulled card shows its screen within a second; the bound leaves room for a busy machine, and is far below any
/// time-out of the dialogue.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a kind of fault may come to.
struct Kind {
    what: &'static str,
    refusals: &'static [&'static str],
    /// Exchanges at which nothing depends on what is spoilt.
    harmless: &'static [u32],
}

/// No answer to be understood, or none that is an answer at all.
const UNREADABLE: &[&str] = &["card-unreadable", "card-answer-malformed"];

/// The centre refuses what the terminal cannot see through.
const UNREADABLE_OR_FORGED: &[&str] = &[
    "card-unreadable",
    "card-answer-malformed",
    "card-not-genuine",
    "holder-signature-invalid",
    "certificate-untrusted",
];

/// Exchanges whose answer has no data: there is no byte 3 that could be wrong.
const WITHOUT_DATA: &[u32] = &[1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 19, 23, 25, 26];

const KINDS: &[Kind] = &[
    Kind { what: "remove", refusals: &["card-removed"], harmless: &[] },
    Kind { what: "tear", refusals: &["card-removed"], harmless: &[] },
    // Before an application is selected there is nothing to forget.
    Kind { what: "reset", refusals: UNREADABLE, harmless: &[1, 4, 25] },
    Kind { what: "cut 0", refusals: UNREADABLE, harmless: &[] },
    Kind { what: "cut 1", refusals: UNREADABLE, harmless: &[] },
    Kind { what: "flip 3.0", refusals: UNREADABLE_OR_FORGED, harmless: WITHOUT_DATA },
    // Two tries are told where three are left.
    Kind { what: "flip -1.0", refusals: UNREADABLE, harmless: &[3, 6] },
    Kind { what: "status 6F00", refusals: UNREADABLE, harmless: &[] },
    Kind { what: "oversize 70000", refusals: UNREADABLE, harmless: &[] },
    Kind { what: "endless", refusals: UNREADABLE, harmless: &[] },
    // A bomb in answer to a SELECT that changes nothing.
    Kind { what: "bomb deep", refusals: UNREADABLE_OR_FORGED, harmless: &[4, 23] },
    Kind { what: "bomb long", refusals: UNREADABLE_OR_FORGED, harmless: &[4, 23] },
    Kind { what: "bomb many", refusals: UNREADABLE_OR_FORGED, harmless: &[4, 23] },
    Kind { what: "bomb indefinite", refusals: UNREADABLE_OR_FORGED, harmless: &[4, 23] },
];

/// hanako's card with one fault, under its own name, its counters fresh.
fn put_fault(world: &World, name: &str, fault: &str) -> String {
    let card = std::fs::read(world.path(&world.resident("hanako").card)).expect("hanako's card");
    let mut card: Value = serde_json::from_slice(&card).expect("JSON");
    card["faults"] = serde_json::json!([fault]);
    let path = format!("cards/{name}.card.json");
    std::fs::write(world.path(&path), card.to_string()).expect("the card is written");
    let state = world.path(format!("cards/{name}.card.state.json"));
    if state.exists() {
        std::fs::remove_file(state).expect("the counters are put back");
    }
    path
}

/// Whether any secret of the card has fewer tries than a fresh one.
fn lost_a_try(world: &World, name: &str) -> bool {
    let Ok(state) = std::fs::read(world.path(format!("cards/{name}.card.state.json"))) else { return false };
    let state: Value = serde_json::from_slice(&state).expect("JSON");
    let secrets = state["secrets"].as_array().expect("secrets");
    secrets.iter().any(|secret| secret["id"] == "0011" && secret["tries_left"].as_u64() < Some(3))
}

/// Applies at a terminal with a faulty card; gives what is not as it should be.
fn judge(world: &World, terminal: &str, kind: &Kind, exchange: u32) -> Option<String> {
    let name = format!("faulty-{terminal}");
    let fault = format!("@{exchange} {}", kind.what);
    let card = put_fault(world, &name, &fault);
    let began = Instant::now();
    let answer = Application::domestic(world.resident("hanako")).at(terminal).with_card(&card).apply(world);
    let took = began.elapsed();
    let is_right = if kind.harmless.contains(&exchange) {
        answer.last()["outcome"] == "printed"
    } else {
        answer.code().is_some_and(|code| kind.refusals.contains(&code)) && took_nothing(&answer)
    };
    let is_good = is_right && took < PATIENCE && !lost_a_try(world, &name);
    (!is_good).then(|| format!("{fault}: {} {} after {took:?}", answer.status, answer.last()))
}

/// No money was taken, not even to be given back.
fn took_nothing(answer: &Answer) -> bool {
    answer.events.iter().all(|event| event["event"] != "paid-out" && event["state"] != "paid")
}

#[test]
fn every_fault_at_every_exchange_ends_with_the_right_refusal() {
    let world = World::new();
    world.configure("center.toml", "requests_per_minute = 600", "requests_per_minute = 60000");
    let center = world.center();
    let world = &world;
    let all: Vec<(&Kind, u32)> =
        KINDS.iter().flat_map(|kind| (1..=EXCHANGES).map(move |exchange| (kind, exchange))).collect();
    let (first, second) = all.split_at(all.len() / 2);
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let work = |terminal: &'static str, part: &'static str, faults: Vec<(&'static Kind, u32)>| {
            std::thread::Builder::new()
                .name(part.to_owned())
                .spawn_scoped(scope, move || {
                    faults.into_iter().filter_map(|(kind, at)| judge(world, terminal, kind, at)).collect::<Vec<_>>()
                })
                .expect("a thread")
        };
        let halves = [work("0001", "first-half", first.to_vec()), work("0002", "second-half", second.to_vec())];
        halves.into_iter().flat_map(|half| half.join().expect("no panic")).collect()
    });
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), all.len(), wrong.join("\n"));
    // What was never paid for stands in the journal as never paid for.
    for config in ["kiosk.toml", "kiosk-0002.toml"] {
        let refunded = journal(world, config).iter().filter(|record| record["state"] == "refunded").count();
        assert_eq!(refunded, 0, "{config}");
    }
    center.stop();
}

/// A card in process, counting what it is asked.
struct Counted {
    card: FaultyCard<SoftwareCard>,
    commands: u32,
    digits: u32,
}

impl Transport for Counted {
    type Error = NoAnswer;

    fn transmit(&mut self, command: Cleared<'_>) -> Result<Vec<u8>, NoAnswer> {
        let command = command.as_bytes();
        self.commands += 1;
        self.digits += u32::from(command.get(1) == Some(&0x20) && command.len() > 4);
        self.card.exchange(command)
    }
}

/// Late in name only.
struct Sleepless;

impl Sleeper for Sleepless {
    fn sleep(&mut self, _: Duration) {}
}

/// What a dialogue came to, how many commands it took, how often digits were sent, and the tries behind it.
struct End {
    proof: Option<HolderProof>,
    commands: u32,
    digits: u32,
    tries: PinStatus,
}

fn dialogue(file: &CardFile, profile: ProofProfile, fault: &str) -> End {
    let card = SoftwareCard::in_memory(file.clone(), ChaCha20Rng::seed_from_u64(1)).expect("a card");
    let faults = Fault::read_all(fault).expect("a fault");
    let card = FaultyCard::with_sleeper(card, faults, Sleepless);
    let mut channel = Channel::new(Counted { card, commands: 0, digits: 0 });
    let proof = replay::dialogue(&mut channel, profile).ok().flatten();
    let Counted { mut card, commands, digits } = channel.into_transport();
    card.insert();
    card.reset();
    let tries =
        profile::pin_status(&mut Channel::new(InProcess(card)), profile).expect("a card put down again is whole");
    End { proof, commands, digits, tries }
}

/// More commands than any card is worth: one answer may take 256 rounds.
const PATIENT: u32 = 300;

#[test]
fn every_fault_at_every_exchange_of_both_proofs_ends_by_itself_and_costs_no_try() {
    let world = World::new();
    let file = CardFile::open(&world.path(&world.resident("hanako").card)).expect("a card file");
    for profile in [ProofProfile::InputSupport, ProofProfile::AuthenticationCertificate] {
        let whole = dialogue(&file, profile, "");
        assert!(whole.proof.is_some() && whole.digits == 1);
        let more = ["delay 1500", "cut 3", "flip 0.7", "status 6982", "status 6984", "status 63C1", "status 6C01"];
        for what in KINDS.iter().map(|kind| kind.what).chain(more) {
            // What changes a bit or puts other bytes in place is for the centre to see.
            let is_seen_by_centre = what.starts_with("flip") || what.starts_with("bomb");
            for exchange in 1..=whole.commands {
                let end = dialogue(&file, profile, &format!("@{exchange} {what}"));
                let case = format!("{profile:?} @{exchange} {what}");
                let is_right = end.proof.is_none() || end.proof == whole.proof || is_seen_by_centre;
                assert!(is_right, "{case}: another proof came of it");
                assert!(end.digits <= 1 && end.commands <= whole.commands + PATIENT, "{case}");
                assert_eq!(end.tries, PinStatus::TriesLeft(3), "{case}");
                assert!(what != "delay 1500" || end.proof.is_some(), "{case}");
                assert!(!matches!(what, "remove" | "tear") || end.proof.is_none(), "{case}");
            }
        }
    }
}

#[test]
fn the_dialogue_takes_as_many_exchanges_as_are_tried() {
    let world = World::new();
    let center = world.center();
    let after = put_fault(&world, "faulty", &format!("@{} remove", EXCHANGES + 1));
    Application::domestic(world.resident("hanako")).with_card(&after).print(&world);
    // A card that only takes its time is waited for.
    let late = put_fault(&world, "faulty", "@* delay 5");
    Application::domestic(world.resident("hanako")).with_card(&late).print(&world);
    center.stop();
}

#[test]
fn special_cards_are_told_apart() {
    let world = World::new();
    let center = world.center();
    for (card, refusal) in [
        ("foreigner", (12, "no-record")),
        ("expired", (12, "certificate-expired")),
        ("blocked", (11, "pin-locked")),
        ("damaged-attributes", (10, "card-unreadable")),
        ("damaged-certificate", (12, "certificate-untrusted")),
        ("damaged-chip", (10, "card-unreadable")),
    ] {
        let path = format!("cards/{card}.card.json");
        let answer = Application::domestic(world.resident("hanako")).with_card(&path).apply(&world);
        assert_eq!(answer.refusal(), refusal, "{card}: {}", answer.last());
    }
    center.stop();
}

#[test]
fn a_sample_of_the_faults_comes_through_the_real_service_as_it_should() {
    let service = ReaderService::hold();
    let world = World::new();
    let center = world.center();
    for (fault, refusal) in [
        ("@7 remove", "card-removed"),
        ("@13 tear", "card-removed"),
        ("@9 reset", "card-unreadable"),
        ("@9 cut 1", "card-answer-malformed"),
        ("@11 flip -1.0", "card-unreadable"),
        ("@20 status 6F00", "card-unreadable"),
        ("@11 endless", "card-answer-malformed"),
        ("@11 bomb deep", "card-unreadable"),
        ("@24 flip 3.0", "holder-signature-invalid"),
    ] {
        let card = service.card_with(&world, "hanako", &["--fault", fault]);
        let began = Instant::now();
        let answer = Application::domestic(world.resident("hanako")).on_reader(READER).apply(&world);
        assert_eq!(answer.code(), Some(refusal), "{fault}: {}", answer.last());
        assert!(took_nothing(&answer) && began.elapsed() < PATIENCE, "{fault}");
        drop(card);
    }
    center.stop();
}

#[test]
fn a_card_through_the_air_takes_its_time_and_is_read() {
    let service = ReaderService::hold();
    let world = World::new();
    let center = world.center();
    let _card = service.card_with(&world, "hanako", &["--latency", "106"]);
    let began = Instant::now();
    Application::domestic(world.resident("hanako")).on_reader(READER).print(&world);
    // Some eight thousand bytes at 106 kbit/s and one signature: the model's sum, not a measurement.
    assert!(began.elapsed() > Duration::from_millis(600), "{:?}", began.elapsed());
    center.stop();
}
