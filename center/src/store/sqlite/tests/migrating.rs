//! From version 4, where records were JSON and hashes had their whole length, and from version 5, where only the audit
//! chain told when a certificate was revoked or printed again.

use rusqlite::params;
use shared::domain::identifiers::MyNumber;
use shared::records::PersonRecord;
use shared::wire::outcome::Outcome;

use super::*;
use crate::secrets::PersonKey;
use crate::store::contract::console::{counter_intent, dose};
use crate::store::contract::{idempotency_key, instant, person, terminal};
use crate::store::loading::Loading as _;
use crate::store::{CertificateHistory, Persons as _};

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

/// Terminals' certificates 1 to 4: handed out, refunded after its end was unknown, cancelled, without an end. Counter's
/// certificate 11 was printed again twice, with an export in between; 12 never.
fn issue_and_revoke(store: &Arc<dyn Store>) {
    with_hanako(store);
    let settle =
        |number, outcome, at| store.settle(&terminal(), &idempotency_key(number), outcome, instant(at)).unwrap();
    for number in 1..=4 {
        store.intend(intent(number)).unwrap();
        store.complete(&intent(number), vec![1], instant(2)).unwrap();
    }
    settle(2, Outcome::Unknown, 3);
    settle(1, Outcome::Taken, 4);
    settle(2, Outcome::Refunded, 5);
    settle(3, Outcome::Cancelled, 6);
    let (first, second) = (clerk(store), supervisor(store));
    for number in [11, 12] {
        let intent = counter_intent(number);
        store.intend_at_counter(&first, &intent, &purpose(Reason::Application)).unwrap();
        store.complete_at_counter(&first, &intent, b"paper".to_vec(), instant(7)).unwrap();
    }
    let granted = |matter: &Matter, at| {
        let id = store.request(&first, matter, &purpose(Reason::Application), instant(at)).unwrap();
        store.decide(&second, &id, Decision::Grant, instant(at)).unwrap();
        id
    };
    let reissue = Matter::Reissue { issuance: counter_intent(11).issuance };
    store.reissue(&first, &granted(&reissue, 8), instant(9)).unwrap();
    store.export(&first, &granted(&Matter::Export, 10), instant(11), &mut |_| Ok(())).unwrap();
    store.reissue(&first, &granted(&reissue, 12), instant(13)).unwrap();
    // Granted, and never used.
    granted(&Matter::Reissue { issuance: counter_intent(12).issuance }, 14);
}

fn histories(store: &SqliteStore) -> Vec<(Option<Timestamp>, Option<Timestamp>)> {
    let certificates = (1..=4).map(|number| intent(number).certificate);
    let certificates = certificates.chain([11, 12].map(|number| counter_intent(number).certificate));
    certificates
        .map(|certificate| {
            let CertificateHistory { issued_at, revoked_at, reissued_at } =
                store.certificate_history(&certificate).unwrap().unwrap();
            assert_eq!(issued_at, instant(1));
            (revoked_at, reissued_at)
        })
        .collect()
}

#[test]
fn a_store_of_version_5_learns_the_instants_from_its_audit_chain() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).unwrap();
    issue_and_revoke(&(Arc::clone(&store) as Arc<dyn Store>));
    let known = histories(&store);
    drop(store);
    let former = "ALTER TABLE issuance DROP COLUMN revoked_at; ALTER TABLE counter_issue DROP COLUMN reissued_at;
                  PRAGMA user_version = 5";
    tamper(&folder, former);
    let at = |second| Some(instant(second));
    let expected = [(None, None), (at(5), None), (at(6), None), (None, None), (None, at(13)), (None, None)];
    let migrated = SqliteStore::open(opening(&folder), Purpose::Serve, instant(14)).unwrap();
    assert_eq!(histories(&migrated), expected);
    assert_eq!(known, expected, "as it was told when it was written");
}
