//! Cassettes through the real programs: a session is recorded, redacted, served and promoted; each refusal by name.
#![expect(clippy::expect_used, reason = "a test that cannot be set up fails with a sentence")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use fixtures::cassette::{Cassette, Outcome};
use tests::reader::{READER, ReaderService};
use tests::terminal::Answer;
use tests::world::World;
use tests::{paper, program, shape};

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

/// All bytes of files as they are, and as their hexadecimal and base64 texts stand for.
fn bytes_of(world: &World, files: &[&str]) -> Vec<Vec<u8>> {
    use base64::Engine as _;
    let mut found = Vec::new();
    for file in files {
        let text = fs::read_to_string(world.path(file)).expect("a file");
        for word in text.split('"') {
            found.extend(fixtures::software_card::Hex::try_from(word.to_owned()).map(|hex| hex.0).ok());
            found.extend(base64::engine::general_purpose::STANDARD.decode(word).ok());
        }
        found.push(text.into_bytes());
    }
    found
}

fn holds(haystacks: &[Vec<u8>], needle: &[u8]) -> bool {
    haystacks.iter().any(|bytes| bytes.windows(needle.len()).any(|window| window == needle))
}

/// So many bytes in a row are nobody's by accident.
const RUN: usize = 16;

/// Every run of bytes that stands in the first and not in the second.
fn own_runs<'a>(of: &'a [Vec<u8>], everybodys: &'a [Vec<u8>]) -> BTreeSet<&'a [u8]> {
    let runs = |bytes: &'a [Vec<u8>]| bytes.iter().flat_map(|bytes| bytes.windows(RUN)).collect::<BTreeSet<_>>();
    &runs(of) - &runs(everybodys)
}

/// The answers of a recording, byte by byte.
fn answers(world: &World, file: &str) -> Vec<Vec<u8>> {
    let cassette = Cassette::open(&world.path(file)).expect("a cassette");
    let answer = |outcome: Outcome<'_>| match outcome {
        Outcome::Answer(answer) => answer.as_bytes().to_vec(),
        Outcome::Error(_) => Vec::new(),
    };
    cassette.exchanges().map(|exchange| answer(exchange.outcome)).collect()
}

const TWIN: &str = "twin.apdu.jsonl";
const TWIN_CARD: &str = "twin.card.json";
const TWIN_RECORDS: &str = "twin.records.jsonl";

/// The twin of hanako's private recording, promoted and known to the centre: the passport number to type. The seed
/// gives a twin whose certificate ends in another year than hanako's, so that no bytes are the same by chance.
fn twin_of_hanako(world: &World) -> String {
    let recording = record(world, "hanako", &["--private"]);
    cassette_well(world, &["redact", &recording, "--world", ".", "--out", TWIN, "--seed", "7"]);
    let said = cassette_well(world, &["promote", TWIN, "--out", TWIN_CARD, "--records", TWIN_RECORDS]);
    for records in ["records.jsonl", TWIN_RECORDS] {
        let (status, said) = world.center_command(&["load", "--config", "center.toml", records]);
        assert_eq!(status, 0, "{said}");
    }
    said.lines().find_map(|line| line.strip_prefix("passport: ")).expect("a passport").to_owned()
}

#[test]
fn a_byte_search_finds_nothing_of_the_original_in_anything_made_of_its_recording() {
    let world = World::new();
    twin_of_hanako(&world);
    let original = bytes_of(&world, &["hanako.apdu.jsonl"]);
    let made = bytes_of(&world, &[TWIN, TWIN_CARD, TWIN_RECORDS]);
    let hanako = world.resident("hanako");
    let (family, given) = hanako.names.kanji.split_once('　').expect("two names");
    let address = world.record("hanako").attributes.address;
    for needle in [hanako.my_number.as_bytes(), family.as_bytes(), given.as_bytes(), address.as_bytes(), b"19850412"] {
        assert!(holds(&original, needle));
        assert!(!holds(&made, needle));
    }
    // Nor any key, signature or serial number: whatever hanako's card said, and neither taro's nor taro's twins say.
    let other = record(&world, "taro", &["--private"]);
    let hanakos = answers(&world, "hanako.apdu.jsonl");
    let mut everybodys = answers(&world, &other);
    for seed in ["1", "2", "3", "4"] {
        let (twin, card) = (format!("{seed}.apdu.jsonl"), format!("{seed}.card.json"));
        cassette_well(&world, &["redact", &other, "--world", ".", "--out", &twin, "--seed", seed]);
        cassette_well(&world, &["promote", &twin, "--out", &card]);
        everybodys.extend(bytes_of(&world, &[&card]));
    }
    let own = own_runs(&hanakos, &everybodys);
    assert!(own.len() > 1_000, "{}", own.len());
    let left = made.iter().flat_map(|bytes| bytes.windows(RUN)).find(|run| own.contains(run));
    assert_eq!(left, None, "a run of the original is left");
}

#[test]
fn a_session_recorded_from_one_resident_issues_a_certificate_for_the_twin() {
    let service = ReaderService::hold();
    let world = World::new();
    let passport = twin_of_hanako(&world);
    let twin = Cassette::open(&world.path(TWIN)).expect("a cassette").twin().expect("a twin").clone();
    let center = world.center();
    // Served as it is: the carried key signs the fresh challenge.
    let served = issue(&world, &["--cassette", TWIN, "--form", "domestic"]);
    // The same behind the real service, as a card on a reader.
    let mut serve = world.command("kiosk", &["cassette", "serve", TWIN]);
    serve.env_remove("CI");
    let on_reader = service.put(0, serve, &[]);
    let read = issue(&world, &["--reader", READER, "--form", "domestic"]);
    // A reader that is not there is told from one without a card.
    let (status, _) = cassette(&world, &["check", TWIN, "--reader", "No such reader"]);
    let log = world.log("kiosk");
    assert!(
        status == 10 && log.lines().last().is_some_and(|line| line.contains("no card reader of that name")),
        "{log}"
    );
    drop(on_reader);
    // Promoted: a card with counters, on which the whole dialogue runs.
    let promoted = issue(&world, &["--card", TWIN_CARD, "--form", "overseas", "--passport", &passport]);
    for (how, answer) in [("in process", served), ("on a reader", read), ("promoted", promoted)] {
        let printed = answer.printed(&world);
        let printed = printed.unwrap_or_else(|| panic!("{how}: {}\n{}", answer.last(), world.log("kiosk")));
        let text = paper::run_together(&paper::text(&printed.pdf, 1));
        assert!(text.contains(&paper::run_together(&twin.attributes.name)), "{how}: {text}");
    }
    // A recording without keys is a replay, and is refused as one.
    let replayed = record(&world, "taro", &[]);
    let refused = issue(&world, &["--cassette", &replayed, "--form", "domestic"]);
    assert_eq!(refused.refusal(), (12, "holder-signature-invalid"));
    center.stop();
    world.assert_audit_whole();
}

/// The lines that the published JSON Schema refuses, by a validator that nobody here wrote.
fn refused_by_schema(text: &str) -> Vec<usize> {
    let oracle = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracles/cassette_lines.py");
    let lines = tempfile::NamedTempFile::new().expect("a temporary file");
    fs::write(lines.path(), text).expect("the lines are written");
    // Debian's own interpreter: python3-jsonschema belongs to it.
    let mut command = Command::new("/usr/bin/python3");
    command.arg("-B").arg(oracle).arg(shape::top().join("docs/cassette.schema.json"));
    let output = program::run(command.stdin(lines.reopen().expect("the lines are read")));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let refused: Vec<usize> = said.lines().map(|line| line.parse().expect("a number")).collect();
    let is_consistent = output.status.code() == Some(i32::from(!refused.is_empty()));
    assert!(is_consistent, "{}", String::from_utf8_lossy(&output.stderr));
    refused
}

#[test]
fn every_line_that_is_written_is_as_the_published_schema_says_and_a_changed_one_is_not() {
    let world = World::new();
    let recording = record(&world, "hanako", &["--keys"]);
    cassette_well(&world, &["redact", &record(&world, "taro", &["--private"]), "--world", ".", "--out", TWIN]);
    fs::create_dir(world.path("mutated")).expect("a folder");
    for fault in ["@9 tear", "@9 cut 0", "@12 oversize 65536"] {
        cassette_well(&world, &["mutate", &recording, "--out", "mutated", "--fault", fault]);
        fs::rename(world.path("mutated/fault-1.apdu.jsonl"), world.path("fault.apdu.jsonl")).expect("renamed");
        let text = fs::read_to_string(world.path("fault.apdu.jsonl")).expect("a cassette");
        assert_eq!(refused_by_schema(&text), [0_usize; 0], "{fault}");
    }
    for file in [&recording, TWIN] {
        let text = fs::read_to_string(world.path(file)).expect("a cassette");
        assert_eq!(refused_by_schema(&text), [0_usize; 0], "{file}");
        // Another member, a member less, a kind that there is not, and a link too long, in every line.
        let every: Vec<usize> = (1..=text.lines().count()).collect();
        for (from, to) in [
            (",\"chain\":", ",\"more\":1,\"chain\":"),
            (",\"kind\":", ",\"sort\":"),
            ("\"kind\":\"", "\"kind\":\"x"),
            (",\"chain\":\"", ",\"chain\":\"0"),
        ] {
            assert_eq!(refused_by_schema(&text.replace(from, to)), every, "{from} to {to}");
        }
    }
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
        let cassette = Cassette::open(&path).expect("a mutated cassette is a cassette");
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

#[test]
fn files_without_end_or_a_gigabyte_long_are_refused_in_little_memory() {
    let world = World::new();
    let recording = record(&world, "hanako", &[]);
    let text = fs::read_to_string(world.path(&recording)).expect("a cassette");
    // A gigabyte that takes no room on the disk, behind a proper beginning.
    let beginning: String = text.lines().take(3).flat_map(|line| [line, "\n"]).collect();
    fs::write(world.path("long.apdu.jsonl"), beginning).expect("a file");
    let long = fs::OpenOptions::new().write(true).open(world.path("long.apdu.jsonl")).expect("the file");
    long.set_len(1 << 30).expect("a gigabyte");
    let card = world.resident("hanako").card.clone();
    for (arguments, told) in [
        (["show", "long.apdu.jsonl"].as_slice(), "longer than"),
        (&["promote", "long.apdu.jsonl", "--out", "long.card.json"], "longer than"),
        (&["check", "long.apdu.jsonl", "--card", &card], "longer than"),
        (&["import", "--from", "ledger", "long.apdu.jsonl", "--out", "imported.apdu.jsonl"], "longer than"),
        // Nobody knows its length, and it has no end.
        (&["show", "/dev/zero"], "this is no"),
        (&["import", "--from", "scriptor", "/dev/zero", "--out", "imported.apdu.jsonl"], "longer than"),
        (&["record", "--card", &card, "--script", "/dev/zero", "--out", "scripted.apdu.jsonl"], "file too large"),
        (&["record", "--card", "/dev/zero", "--out", "scripted.apdu.jsonl"], "larger than"),
    ] {
        // Who asks for more memory than this is told so, or ended.
        let command = world.command("kiosk", &[&["cassette"], arguments].concat());
        let mut bounded = Command::new("prlimit");
        bounded.arg("--as=1000000000").arg(command.get_program()).args(command.get_args());
        let output = program::run(bounded.current_dir(world.path(".")).env_remove("CI"));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let is_refused = matches!(output.status.code(), Some(2 | 10 | 70)) && said.contains(told);
        assert!(is_refused, "{arguments:?}: {} {said}", output.status);
    }
    for made in ["imported.apdu.jsonl", "scripted.apdu.jsonl", "long.card.json"] {
        assert!(!world.path(made).exists(), "{made}");
    }
}
