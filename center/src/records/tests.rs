//! A whole file through the real store: which file is gone on with, and when it is given up.

use std::sync::Arc;

use jiff::Timestamp;
use shared::clock::ManualClock;
use tempfile::TempDir;

use super::*;
use crate::secrets::{Pseudonyms, Vault};
use crate::store::Persons as _;
use crate::store::contract::person;
use crate::store::sqlite::{Opening, Purpose, SqliteStore};
use shared::domain::identifiers::MyNumber;
use shared::records::PersonRecord;

const NOW: i64 = 1_664_758_800;

struct Bench {
    folder: TempDir,
    store: Arc<SqliteStore>,
    clock: ManualClock,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now = Timestamp::from_second(NOW).unwrap();
        let opening = Opening {
            path: folder.path().join("center.sqlite"),
            witness: folder.path().join("witness.json"),
            pseudonyms: Pseudonyms::new(&[3; 32]),
            vault: Vault::new(&[4; 32]),
        };
        let store = SqliteStore::open(opening, Purpose::Load, now).unwrap();
        Self { folder, store, clock: ManualClock::new(now) }
    }

    fn load(&self, text: &str) -> Result<Loaded, LoadError> {
        load(&self.file(text), self.store.as_ref(), &self.clock)
    }

    fn file(&self, text: &str) -> PathBuf {
        let path = self.folder.path().join("records.jsonl");
        std::fs::write(&path, text).unwrap();
        path
    }

    fn name_of(&self, number: &str) -> Option<String> {
        let key = Pseudonyms::new(&[3; 32]).person(&MyNumber::parse(number).unwrap());
        self.store.person(&key).unwrap().map(|record| record.attributes.name)
    }
}

const NUMBERS: [&str; 2] = ["123456789018", "210987654320"];

fn line(number: &str, name: &str) -> String {
    let record = PersonRecord { authentication_certificate: None, ..person(number, 1) };
    let mut line = serde_json::to_value(Record::Person(Box::new(record))).unwrap();
    line["attributes"]["name"] = name.into();
    format!("{line}\n")
}

#[test]
fn a_wrong_line_is_named_and_the_others_are_taken() {
    let bench = Bench::new();
    let [first, second] = NUMBERS.map(|number| line(number, "検査"));
    let text = format!("{first}\n{{}}\n{}\n{second}", line("123456789011", "検査").trim_end());
    let loaded = bench.load(&text).unwrap();
    let wrong = [
        LineProblem::new(3, "a record is expected"),
        LineProblem::new(4, "a My Number with its check digit is expected"),
    ];
    assert_eq!((loaded.records, loaded.problems.as_slice()), (4, &wrong[..]));
    assert!(NUMBERS.iter().all(|number| bench.name_of(number).is_some()));
}

#[test]
fn another_file_is_read_from_its_beginning() {
    let bench = Bench::new();
    let [first, second] = NUMBERS;
    let begun = line(first, "前");
    let position = {
        let mut lines = Lines::new(begun.as_bytes(), None);
        lines.next_chunk().unwrap().unwrap().end
    };
    let start = |bench: &Bench| {
        let now = bench.clock.now();
        bench.store.begin(begun.len() as u64, now).unwrap();
        bench.store.take(Batch { rows: Vec::new(), problems: Vec::new(), position }, now).unwrap();
    };
    start(&bench);
    bench.load(&format!("{begun}{}", line(second, "後"))).unwrap();
    assert_eq!(bench.name_of(first), None, "what was read before is not read again");
    assert_eq!(bench.name_of(second).as_deref(), Some("後"));
    start(&bench);
    // As long as the one that was begun, and another one.
    bench.load(&format!("{}{}", line(first, "別"), line(second, "後"))).unwrap();
    assert_eq!(bench.name_of(first).as_deref(), Some("別"));
    start(&bench);
    // Shorter than what was read of the one that was begun.
    assert!(bench.load("{}\n").is_ok_and(|loaded| loaded.problems.len() == 1));
}

#[test]
fn a_file_of_wrong_lines_is_given_up() {
    let bench = Bench::new();
    let wrong = "{}\n".repeat(usize::try_from(MAXIMUM_PROBLEMS).unwrap() + 1);
    assert!(matches!(bench.load(&wrong), Err(LoadError::TooManyProblems(_))));
    let bearable = "{}\n".repeat(usize::try_from(MAXIMUM_PROBLEMS).unwrap());
    let bench = Bench::new();
    assert_eq!(bench.load(&bearable).unwrap().problems.len() as u64, MAXIMUM_PROBLEMS);
}

#[test]
fn a_line_that_is_too_long_ends_the_load_with_its_number() {
    let bench = Bench::new();
    let [first, second] = NUMBERS.map(|number| line(number, "検査"));
    let text = format!("{first}{}\n{second}", "x".repeat(300 * 1024));
    assert!(matches!(bench.load(&text), Err(LoadError::LineTooLong(2))));
}
