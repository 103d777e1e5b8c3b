//! Cassettes through the real programs: a session is recorded, redacted, served and promoted; each refusal by name.
#![expect(clippy::expect_used, reason = "a test that cannot be set up fails with a sentence")]

use std::fs;
use std::path::Path;

use tests::program;
use tests::terminal::Answer;
use tests::world::World;

/// Runs `kiosk cassette …`: exit status, standard output and what it logged.
fn cassette(world: &World, arguments: &[&str]) -> (i32, String) {
    let arguments = [&["cassette"], arguments].concat();
    let output = program::run(world.command("kiosk", &arguments).env_remove("CI"));
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[track_caller]
fn cassette_well(world: &World, arguments: &[&str]) -> String {
    let (status, said) = cassette(world, arguments);
    assert_eq!(status, 0, "{arguments:?}: {said}\n{}", world.log("kiosk"));
    said
}

/// `kiosk issue` with a card from here or there.
fn issue(world: &World, arguments: &[&str]) -> Answer {
    let usual = ["issue", "--config", "kiosk.toml", "--pin", "1234", "--coins", "100,50", "--out", "paper", "--json"];
    let output = program::run(world.command("kiosk", &[&usual, arguments].concat()).env_remove("CI"));
    Answer::read(output.status.code().unwrap_or(-1), &output.stdout)
}

fn record(world: &World, resident: &str, private: &[&str]) -> String {
    let card = world.resident(resident).card.clone();
    let out = format!("{resident}.apdu.jsonl");
    let arguments = ["record", "--card", &card, "--pin", "1234", "--out", &out];
    cassette_well(world, &[&arguments, private].concat());
    out
}

/// All bytes of a file as they are and as its hexadecimal members stand for.
fn bytes_of(path: &Path) -> Vec<Vec<u8>> {
    let text = fs::read_to_string(path).expect("a cassette");
    let digits = |line: &str| line.split("\"apdu\":\"").nth(1)?.split('"').next().map(ToOwned::to_owned);
    let parsed = |digits: String| fixtures::software_card::Hex::try_from(digits).map(|hex| hex.0);
    let decoded = text.lines().filter_map(digits).map(|digits| parsed(digits).expect("hexadecimal"));
    std::iter::once(text.clone().into_bytes()).chain(decoded).collect()
}

fn holds(haystacks: &[Vec<u8>], needle: &[u8]) -> bool {
    haystacks.iter().any(|bytes| bytes.windows(needle.len()).any(|window| window == needle))
}

#[test]
fn a_session_recorded_from_one_resident_issues_a_certificate_for_the_twin() {
    let world = World::new();
    let recording = record(&world, "hanako", &["--private"]);
    cassette_well(&world, &["redact", &recording, "--world", ".", "--out", "twin.apdu.jsonl", "--seed", "5"]);
    // A byte search finds what is there in the recording, and nothing of it in the twin's.
    let hanako = world.resident("hanako");
    let (family, given) = hanako.names.kanji.split_once('　').expect("two names");
    let address = world.record("hanako").attributes.address;
    let of_hanako = [hanako.my_number.as_bytes(), family.as_bytes(), given.as_bytes(), address.as_bytes(), b"19850412"];
    let (original, twin) = (bytes_of(&world.path(&recording)), bytes_of(&world.path("twin.apdu.jsonl")));
    for needle in of_hanako {
        assert!(holds(&original, needle));
        assert!(!holds(&twin, needle));
    }
    let promote = ["promote", "twin.apdu.jsonl", "--out", "twin.card.json", "--records", "twin.records.jsonl"];
    let said = cassette_well(&world, &promote);
    let passport = said.lines().find_map(|line| line.strip_prefix("passport: ")).expect("a passport").to_owned();
    for records in ["records.jsonl", "twin.records.jsonl"] {
        let (status, said) = world.center_command(&["load", "--config", "center.toml", records]);
        assert_eq!(status, 0, "{said}");
    }
    let center = world.center();
    // Served as it is: the carried key signs the fresh challenge.
    let served = issue(&world, &["--cassette", "twin.apdu.jsonl", "--form", "domestic"]);
    assert_eq!((served.status, &served.last()["outcome"]), (0, &"printed".into()), "{}", served.last());
    // Promoted: a card with counters, on which the whole dialogue runs.
    let promoted = issue(&world, &["--card", "twin.card.json", "--form", "overseas", "--passport", &passport]);
    assert_eq!((promoted.status, &promoted.last()["outcome"]), (0, &"printed".into()), "{}", promoted.last());
    // A recording without keys is a replay, and is refused as one.
    let replayed = record(&world, "taro", &[]);
    let refused = issue(&world, &["--cassette", &replayed, "--form", "domestic"]);
    assert_eq!(refused.refusal(), (12, "holder-signature-invalid"));
    center.stop();
    world.assert_audit_whole();
}

#[test]
fn a_card_is_held_against_a_cassette_and_the_first_difference_is_explained() {
    let world = World::new();
    let recording = record(&world, "hanako", &[]);
    let check = |card: &str, more: &[&str]| {
        cassette(&world, &[&["check", &recording, "--card", &world.resident(card).card], more].concat())
    };
    assert_eq!(check("hanako", &["--pin", "1234"]).0, 0);
    let (status, said) = check("taro", &["--pin", "1234"]);
    assert!(status == 10 && said.contains("exchange 9 (line 19): byte"), "{said}");
    let (status, said) = check("hanako", &[]);
    assert!(status == 10 && said.contains("9000 was recorded, 6982 came; a PIN was left out"), "{said}");
    // A wrong PIN is one try, and no second one.
    let (status, said) = check("hanako", &["--pin", "0000"]);
    assert!(status == 10 && said.contains("9000 was recorded, 63C2 came"), "{said}");
}

#[test]
fn a_private_recording_stays_at_its_desk() {
    let world = World::new();
    let recording = record(&world, "hanako", &["--private"]);
    for arguments in [
        ["cassette", "serve", &recording].as_slice(),
        &[
            "issue",
            "--config",
            "kiosk.toml",
            "--cassette",
            &recording,
            "--pin",
            "1234",
            "--form",
            "domestic",
            "--out",
            "paper",
        ],
    ] {
        let output = program::run(world.command("kiosk", arguments).env("CI", "true"));
        assert_ne!(output.status.code(), Some(0), "{arguments:?}");
    }
    assert!(world.log("kiosk").contains("the cassette is private"));
    let (status, _) = cassette(&world, &["promote", &recording, "--out", "hanako.copy.card.json"]);
    assert_eq!(status, 12);
    assert!(!world.path("hanako.copy.card.json").exists());
}

#[test]
fn a_foreign_authoritys_world_signs_nothing_again() {
    let world = World::new();
    let recording = record(&world, "hanako", &["--private"]);
    let elsewhere = "pki/jpki-authentication-ca.pem";
    fs::copy(world.path("pki/jpki-signature-ca.pem"), world.path(elsewhere)).expect("the certificate is replaced");
    let (status, _) = cassette(&world, &["redact", &recording, "--world", ".", "--out", "twin.apdu.jsonl"]);
    assert_eq!(status, 12);
    assert!(!world.path("twin.apdu.jsonl").exists());
}

#[test]
fn every_fault_at_every_exchange_ends_in_a_named_refusal() {
    let world = World::new();
    let recording = record(&world, "hanako", &["--keys"]);
    fs::create_dir(world.path("mutated")).expect("a folder");
    cassette_well(&world, &["mutate", &recording, "--out", "mutated"]);
    let mut outcomes = std::collections::BTreeMap::new();
    for entry in fs::read_dir(world.path("mutated")).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        let cassette = fixtures::cassette::Cassette::open(&path).expect("a mutated cassette is a cassette");
        let outcome = tests::replay::prove(cassette);
        let is_late = name.contains("delay");
        // What is late is right, and what is wrong is never a proof without a fault being seen, unless the centre
        // has to see it: a bit of a signed file.
        assert!(!is_late || outcome == "proven", "{name}: {outcome}");
        *outcomes.entry(outcome).or_insert(0_usize) += 1;
    }
    assert!(outcomes.values().sum::<usize>() > 300, "{outcomes:?}");
    assert!(outcomes.keys().all(|outcome| !outcome.is_empty()), "{outcomes:?}");
}

#[test]
fn what_is_no_cassette_is_refused_with_its_line() {
    let world = World::new();
    let recording = record(&world, "hanako", &[]);
    let text = fs::read_to_string(world.path(&recording)).expect("a cassette");
    let lines: Vec<&str> = text.lines().collect();
    let broken = [
        ("cut.apdu.jsonl", lines[..9].join("\n") + "\n", "cut off after line 9"),
        (
            "altered.apdu.jsonl",
            text.replacen("\"apdu\":\"9000\"", "\"apdu\":\"9001\"", 1),
            "line 4: the line was altered",
        ),
        ("newer.apdu.jsonl", text.replacen("\"version\":1", "\"version\":9", 1), "version 9"),
        (
            "moved.apdu.jsonl",
            [&lines[..4], &[lines[5], lines[4]], &lines[6..]].concat().join("\n") + "\n",
            "line 5: here stands",
        ),
    ];
    for (name, text, told) in broken {
        fs::write(world.path(name), text).expect("a file");
        assert_eq!(cassette(&world, &["show", name]).0, 2, "{name}");
        let log = world.log("kiosk");
        let last = log.lines().last().unwrap_or_default();
        assert!(last.contains(told), "{name}: {last}");
    }
    // Names that leave their folder, and a secret in a script.
    let card = world.resident("hanako").card.clone();
    let (status, _) = cassette(&world, &["record", "--card", &card, "--out", "no-cassette.json"]);
    assert_eq!(status, 12);
    fs::write(world.path("script"), "00A4040C0AD3921000310001010408\n00A4020C020011\n002000800431323334\n")
        .expect("a script");
    let (status, _) = cassette(&world, &["record", "--card", &card, "--script", "script", "--out", "s.apdu.jsonl"]);
    assert_eq!(status, 2);
    assert!(!world.path("s.apdu.jsonl").exists());
}
