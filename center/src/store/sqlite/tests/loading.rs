//! A long load ends as if every line had been put in by itself, wherever it was broken off.

use shared::records::{CouponNumber, DoseRecord, PersonRecord, Record};

use super::*;
use crate::store::contract::console::dose;
use crate::store::contract::person;
use crate::store::loading::{Batch, Loading, Position};
use crate::store::{LineProblem, Persons as _};

/// A file that is long enough to be loaded without indexes.
const LONG: u64 = u64::MAX;

/// Numbers of persons with their check digits.
const NUMBERS: [&str; 4] = ["123456789018", "210987654320", "990000000019", "990000000027"];

fn named(number: &str, certificate: u8, name: &str) -> PersonRecord {
    let mut record = person(number, certificate);
    name.clone_into(&mut record.attributes.name);
    record
}

fn with_coupon(record: PersonRecord, coupon: &str) -> PersonRecord {
    let coupon = Some(CouponNumber::parse(coupon).unwrap());
    let dose = DoseRecord { coupon, ..dose(1, record.residence.clone()) };
    PersonRecord { doses: vec![dose], ..record }
}

/// Lines that name a person twice, a certificate twice and a coupon twice, in every order that matters.
fn lines() -> Vec<PersonRecord> {
    let [first, second, third, fourth] = NUMBERS;
    vec![
        with_coupon(named(first, 1, "第一"), "0000000001"),
        // The same number again, with another certificate.
        with_coupon(named(first, 2, "第一改"), "0000000001"),
        // The certificate that the second line took.
        named(second, 2, "第二"),
        // The coupon of the first line.
        with_coupon(named(third, 3, "第三"), "0000000001"),
        // The certificate that the first line had before the second came.
        named(fourth, 1, "第四"),
        // The second person without the certificate that stood in the way.
        named(second, 4, "第二改"),
    ]
}

fn open_to_load(folder: &TempDir) -> Arc<SqliteStore> {
    SqliteStore::open(opening(folder), Purpose::Load, instant(1)).unwrap()
}

fn batch(store: &SqliteStore, from: u64, records: Vec<PersonRecord>) -> Batch<<SqliteStore as Loading>::Row> {
    let line = from + records.len() as u64;
    let rows = (from + 1..)
        .zip(records)
        .map(|(line, record)| (line, store.prepare(Record::Person(Box::new(record))).unwrap().unwrap()))
        .collect();
    Batch { rows, problems: vec![], position: Position { bytes: line, line, records: line, digest: [7; 32] } }
}

/// What can be read of every person, and how often their records were changed.
fn contents(store: &SqliteStore) -> Vec<Option<(PersonRecord, u64)>> {
    let of = |number: &str| {
        let number = shared::domain::identifiers::MyNumber::parse(number).unwrap();
        let key = store.keys.pseudonyms.person(&number);
        let record = store.person(&key).unwrap()?;
        let found = store.read(|connection| persons::current(connection, &store.keys, &key)).unwrap()?;
        Some((record, found.version))
    };
    NUMBERS.into_iter().map(of).collect()
}

fn holdings(store: &SqliteStore) -> (i64, i64) {
    store
        .read(|connection| {
            let count = |table| connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0));
            Ok((count("holding")?, count("coupon")?))
        })
        .unwrap()
}

#[test]
fn a_long_load_ends_as_if_every_line_had_been_put_in_by_itself() {
    let [by_row, at_once] = [0, LONG].map(|bytes| {
        let folder = tempfile::tempdir().unwrap();
        let store = open_to_load(&folder);
        store.begin(bytes, instant(1)).unwrap();
        store.take(batch(&store, 0, lines()), instant(1)).unwrap();
        let problems = store.finish(instant(2)).unwrap();
        let head = store.verify().unwrap();
        assert_eq!(head.sequence, 2, "made, and loaded");
        (contents(&store), problems, holdings(&store))
    });
    assert!(by_row.0 == at_once.0, "the persons differ");
    assert_eq!(by_row.1, at_once.1);
    assert_eq!(by_row.2, at_once.2);
    let refused = [
        LineProblem::new(3, "the certificate belongs to another person"),
        LineProblem::new(4, "the coupon belongs to another person"),
    ];
    assert_eq!(at_once.1, refused);
    assert_eq!(
        at_once.0[0].as_ref().map(|(record, version)| (record.attributes.name.as_str(), *version)),
        Some(("第一改", 2))
    );
}

#[test]
fn a_load_that_was_broken_off_goes_on_where_it_ended() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_to_load(&folder);
    store.begin(LONG, instant(1)).unwrap();
    store.take(batch(&store, 0, lines()[..2].to_vec()), instant(1)).unwrap();
    let mut refused = batch(&store, 2, vec![]);
    refused.problems.push(LineProblem::new(3, "a record is expected"));
    refused.position.line = 3;
    store.take(refused, instant(1)).unwrap();
    drop(store);
    let served = SqliteStore::open(opening(&folder), Purpose::Serve, instant(2));
    assert!(matches!(served, Err(StoreError::HalfLoaded)), "who is missing would look like somebody without a record");
    let store = open_to_load(&folder);
    assert_eq!(store.reached().unwrap().map(|reached| reached.line), Some(3));
    store.take(batch(&store, 3, lines()[4..5].to_vec()), instant(2)).unwrap();
    let problems = store.finish(instant(2)).unwrap();
    assert_eq!(problems, [LineProblem::new(3, "a record is expected")]);
    assert_eq!(contents(&store).iter().flatten().count(), 2);
    assert_eq!(store.reached().unwrap(), None);
    drop(store);
    assert!(open(&folder).is_ok());
}

#[test]
fn another_file_keeps_what_was_taken_of_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_to_load(&folder);
    store.begin(LONG, instant(1)).unwrap();
    store.take(batch(&store, 0, lines()[..1].to_vec()), instant(1)).unwrap();
    store.begin(LONG, instant(2)).unwrap();
    store.take(batch(&store, 0, lines()[4..].to_vec()), instant(2)).unwrap();
    let problems = store.finish(instant(3)).unwrap();
    assert_eq!(problems, [LineProblem::new(1, "the certificate belongs to another person")]);
    assert_eq!(contents(&store).iter().flatten().count(), 2);
}

#[test]
fn indexes_stay_while_a_centre_serves() {
    let folder = tempfile::tempdir().unwrap();
    let serving = open(&folder).unwrap();
    let store = open_to_load(&folder);
    store.begin(LONG, instant(1)).unwrap();
    store.take(batch(&store, 0, lines()), instant(1)).unwrap();
    assert!(!serving.read(super::super::loading::is_half_loaded).unwrap());
    store.finish(instant(2)).unwrap();
    assert!(contents(&serving)[0].is_some(), "the centre finds them at once");
}

/// How the file's own head says that it is written: 1 with a rollback journal, 2 with a write-ahead log.
fn write_version(folder: &TempDir) -> u8 {
    const PLACE: usize = 18;
    std::fs::read(opening(folder).path).unwrap()[PLACE]
}

#[test]
fn a_load_that_has_the_store_for_itself_writes_what_it_appends_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_to_load(&folder);
    store.begin(LONG, instant(1)).unwrap();
    store.take(batch(&store, 0, lines()), instant(1)).unwrap();
    assert_eq!(write_version(&folder), 1, "something turned the log on in the middle of the load");
    store.finish(instant(2)).unwrap();
    drop(store);
    drop(open(&folder).unwrap());
    assert_eq!(write_version(&folder), 2);
}

#[test]
fn whoever_comes_while_a_file_is_loaded_is_told_how_far_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_to_load(&folder);
    store.begin(LONG, instant(1)).unwrap();
    store.tell(&Position { bytes: 450, line: 12, records: 11, digest: [7; 32] }, 1000).unwrap();
    for purpose in [Purpose::Serve, Purpose::Load] {
        let refused = SqliteStore::open(opening(&folder), purpose, instant(1)).unwrap_err();
        assert!(matches!(refused, StoreError::Loading { records: 11, percent: 45 }), "{refused}");
        assert!(refused.to_string().contains("11 records so far, 45 %"), "{refused}");
    }
    store.finish(instant(2)).unwrap();
    drop(store);
    assert!(open(&folder).is_ok());
}

#[test]
fn a_second_load_is_refused_while_a_centre_serves_too() {
    let folder = tempfile::tempdir().unwrap();
    let _serving = open(&folder).unwrap();
    let _first = open_to_load(&folder);
    let second = SqliteStore::open(opening(&folder), Purpose::Load, instant(1));
    assert!(matches!(second, Err(StoreError::Loading { .. })), "its position would be taken for the first one's");
}
