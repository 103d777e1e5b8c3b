//! From version 4: records were JSON, and hashes had their whole length.

use rusqlite::params;
use shared::domain::identifiers::MyNumber;
use shared::records::PersonRecord;

use super::*;
use crate::secrets::PersonKey;
use crate::store::Persons as _;
use crate::store::contract::console::dose;
use crate::store::contract::{instant, person};
use crate::store::loading::Loading as _;

/// What a load left that the former program broke off, or that it ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Left {
    Whole,
    HalfLoaded,
}

const NUMBERS: [&str; 2] = ["123456789018", "210987654320"];

fn keys() -> Keys {
    Keys { vault: Vault::new(&[4; 32]), pseudonyms: Pseudonyms::new(&PSEUDONYM_KEY), random: SystemRandom::new() }
}

fn key(keys: &Keys, record: &PersonRecord) -> PersonKey {
    keys.pseudonyms.person(&MyNumber::parse(&record.my_number).unwrap())
}

fn records() -> [PersonRecord; 2] {
    let mut first = person(NUMBERS[0], 1);
    first.doses = vec![dose(1, first.residence.clone())];
    first.doses[0].coupon = Some(shared::records::CouponNumber::parse("0000000001").unwrap());
    [first, person(NUMBERS[1], 2)]
}

/// A store as version 4 had it: the first person stored, the second only deferred where the load was broken off.
fn former(folder: &TempDir, left: Left) {
    let keys = keys();
    let [first, second] = records();
    let path = opening(folder).path;
    drop(open(folder).unwrap());
    std::fs::remove_file(&path).unwrap();
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch(SCHEMA).unwrap();
    for step in [include_str!("../schema-2.sql"), include_str!("../schema-3.sql"), include_str!("../schema-4.sql")] {
        connection.execute_batch(step).unwrap();
    }
    let sealed = |record| {
        let key = key(&keys, record);
        (*key.as_bytes(), keys.seal_json(&migration::former_place(&key), record, "person").unwrap())
    };
    let (key, record) = sealed(&first);
    connection.execute("INSERT INTO person VALUES (1, ?1, NULL, ?2, 3, x'00', x'00')", params![key, record]).unwrap();
    connection.execute("INSERT INTO holding VALUES ('131016', ?1, 1, 0)", params![key]).unwrap();
    // The first half is the tag of today.
    let tag = persons::coupon_key(&keys, &first.residence, "0000000001");
    let coupon = [tag, [0xEE; 16]].concat();
    connection.execute("INSERT INTO coupon VALUES (?1, 1)", params![coupon]).unwrap();
    match left {
        Left::Whole => connection.execute_batch(persons::PERSON_INDEXES).unwrap(),
        Left::HalfLoaded => {
            let (key, record) = sealed(&second);
            connection.execute("INSERT INTO deferred VALUES (2, ?1, ?2)", params![key, record]).unwrap();
            let load = "INSERT INTO load VALUES (1, 'bulk', 2, 2, 2, ?1)";
            connection.execute(load, params![[7_u8; 32]]).unwrap();
        }
    }
    connection.execute_batch("PRAGMA user_version = 4").unwrap();
    let store = Event::StoreMade { store: hex(&[1; 16]) };
    let head = chain::append(&connection, &Head::START, instant(0), None, &store).unwrap();
    connection.close().unwrap();
    Witness::from(head).write(&folder.path().join("witness.json")).unwrap();
}

fn indexes(store: &SqliteStore) -> i64 {
    let count = "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND tbl_name IN ('person','holding','coupon')";
    store.read(|connection| Ok(connection.query_row(count, [], |row| row.get(0))?)).unwrap()
}

#[test]
fn a_store_of_version_4_is_found_by_number_and_coupon_with_its_versions() {
    let folder = tempfile::tempdir().unwrap();
    former(&folder, Left::Whole);
    let store = open(&folder).unwrap();
    let [first, _] = records();
    let found = store.read(|connection| persons::current(connection, &store.keys, &key(&store.keys, &first)));
    let found = found.unwrap().unwrap();
    assert!(found.record == first);
    assert_eq!(found.version, 3);
    assert_eq!(indexes(&store), 5);
    let tag = persons::coupon_key(&store.keys, &first.residence, "0000000001");
    let owner: i64 = store
        .read(|connection| {
            Ok(connection.query_row("SELECT person FROM coupon WHERE coupon_key = ?1", [tag], |row| row.get(0))?)
        })
        .unwrap();
    assert_eq!(owner, 1);
    let query = crate::store::ledger::Query::Attributes {
        name: first.attributes.name.clone(),
        birth_date: first.attributes.birth_date,
        sex: first.attributes.sex,
    };
    assert_eq!(store.search(&query, &first.residence, search::Reach::Own).unwrap().len(), 1);
}

#[test]
fn a_load_that_the_former_program_broke_off_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    former(&folder, Left::HalfLoaded);
    let store = SqliteStore::open(opening(&folder), Purpose::Load, instant(1)).unwrap();
    assert_eq!(indexes(&store), 0, "they are built when the load ends");
    assert_eq!(store.reached().unwrap().map(|reached| reached.line), Some(2));
    assert_eq!(store.finish(instant(2)).unwrap(), []);
    assert_eq!(indexes(&store), 5);
    for record in records() {
        let found = store.person(&key(&store.keys, &record)).unwrap();
        assert!(found.is_some_and(|found| found == record));
    }
}
