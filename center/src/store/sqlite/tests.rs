//! The contract on SQLite, and what only a file on a disk can suffer.

use rusqlite::{Connection, OptionalExtension as _};
use tempfile::TempDir;

use super::*;
use crate::store::actor::Reason;
use crate::store::approvals::{Decision, Matter};
use crate::store::contract::console::{clerk, inquiry, purpose, stranger, supervisor, with_hanako};
use crate::store::contract::{self, PSEUDONYM_KEY, instant, intent, store_contract};
use crate::store::ledger::ConsentBox;
use crate::store::{AuditLog as _, Issuances as _, StopSwitch as _, SwitchPosition};

mod loading;
mod migrating;

fn opening(folder: &TempDir) -> Opening {
    Opening {
        path: folder.path().join("center.sqlite"),
        witness: folder.path().join("witness.json"),
        pseudonyms: Pseudonyms::new(&PSEUDONYM_KEY),
        vault: Vault::new(&[4; 32]),
    }
}

fn open(folder: &TempDir) -> Result<Arc<SqliteStore>, StoreError> {
    SqliteStore::open(opening(folder), Purpose::Serve, instant(0))
}

store_contract!({
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = open(&folder).unwrap();
    (store, folder)
});

/// A store with some entries, closed.
fn closed_store() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).unwrap();
    for number in 1..4 {
        store.intend(intent(number)).unwrap();
    }
    folder
}

fn tamper(folder: &TempDir, statement: &str) {
    let connection = Connection::open(folder.path().join("center.sqlite")).unwrap();
    connection.execute_batch(statement).unwrap();
}

fn broken_chain(folder: &TempDir) -> ChainError {
    let store = SqliteStore::open(opening(folder), Purpose::Command, instant(9)).unwrap();
    match store.verify() {
        Err(StoreError::Chain(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_second_centre_on_the_same_store_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(&folder).unwrap();
    assert!(matches!(open(&folder), Err(StoreError::InUse)));
    let command = SqliteStore::open(opening(&folder), Purpose::Command, instant(1)).unwrap();
    command.switch(SwitchPosition::Stopped, "drill", instant(1)).unwrap();
    assert!(first.is_stopped().unwrap(), "another process's switch is seen at once");
    drop(first);
    assert!(open(&folder).is_ok());
}

#[test]
fn what_was_stored_is_there_after_a_restart() {
    let folder = closed_store();
    let store = open(&folder).unwrap();
    assert_eq!(store.verify().unwrap().sequence, 4);
    assert_eq!(Witness::read(&folder.path().join("witness.json")).unwrap().unwrap().sequence, 4);
}

#[test]
fn only_its_owner_reads_the_database() {
    let folder = closed_store();
    let mode = std::fs::metadata(folder.path().join("center.sqlite")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_newer_schema_is_refused() {
    let folder = closed_store();
    tamper(&folder, "PRAGMA user_version = 7");
    assert!(matches!(open(&folder), Err(StoreError::SchemaNewer { found: 7, known: 6 })));
}

#[test]
fn a_missing_database_is_refused_while_its_witness_exists() {
    let folder = closed_store();
    std::fs::remove_file(folder.path().join("center.sqlite")).unwrap();
    assert!(matches!(open(&folder), Err(StoreError::DatabaseMissing(4))));
}

#[test]
fn a_missing_witness_is_refused_while_its_database_exists() {
    let folder = closed_store();
    std::fs::remove_file(folder.path().join("witness.json")).unwrap();
    assert!(matches!(open(&folder), Err(StoreError::WitnessMissing)));
}

#[test]
fn yesterdays_backup_is_refused() {
    let folder = closed_store();
    let (database, backup) = (folder.path().join("center.sqlite"), folder.path().join("backup"));
    std::fs::copy(&database, &backup).unwrap();
    open(&folder).unwrap().intend(intent(9)).unwrap();
    for file in ["center.sqlite-wal", "center.sqlite-shm"] {
        drop(std::fs::remove_file(folder.path().join(file)));
    }
    std::fs::copy(&backup, &database).unwrap();
    assert!(matches!(open(&folder), Err(StoreError::Chain(ChainError::RolledBack(5)))));
}

#[test]
fn a_clock_that_stepped_backwards_is_refused() {
    let folder = closed_store();
    let earlier = SqliteStore::open(opening(&folder), Purpose::Serve, instant(-60));
    assert!(matches!(earlier, Err(StoreError::ClockBackwards)));
}

#[test]
fn an_altered_entry_is_found() {
    let folder = closed_store();
    tamper(&folder, "UPDATE audit SET event = replace(event, '0001', '0002') WHERE sequence = 3");
    assert_eq!(broken_chain(&folder), ChainError::Altered(3));
}

#[test]
fn a_missing_entry_is_found() {
    let folder = closed_store();
    tamper(&folder, "DELETE FROM audit WHERE sequence = 2");
    assert_eq!(broken_chain(&folder), ChainError::Missing(2));
}

#[test]
fn entries_that_changed_places_are_found() {
    let folder = closed_store();
    tamper(
        &folder,
        "UPDATE audit SET sequence = 99 WHERE sequence = 2; UPDATE audit SET sequence = 2 WHERE sequence = 3;
         UPDATE audit SET sequence = 3 WHERE sequence = 99",
    );
    assert_eq!(broken_chain(&folder), ChainError::Reordered(2));
}

#[test]
fn entries_cut_off_the_end_are_found() {
    let folder = closed_store();
    tamper(&folder, "DELETE FROM audit WHERE sequence = 4");
    assert!(matches!(open(&folder), Err(StoreError::Chain(ChainError::RolledBack(4)))));
}

#[test]
fn another_encryption_key_opens_nothing() {
    let folder = closed_store();
    let other = Opening { vault: Vault::new(&[5; 32]), ..opening(&folder) };
    let store = SqliteStore::open(other, Purpose::Serve, instant(1)).unwrap();
    let found = store.key_use(&intent(1).terminal, &intent(1).idempotency_key);
    assert!(matches!(found, Err(StoreError::Unreadable("plan"))));
}

#[test]
fn a_full_disk_leaves_nothing_half_done() {
    let folder = closed_store();
    let store = open(&folder).unwrap();
    store
        .writer
        .write(|writing| {
            // The limit stands in for a full disk: SQLite then answers SQLITE_FULL.
            writing.connection.pragma_update(None, "max_page_count", 1).map_err(StoreError::from)
        })
        .unwrap();
    store.intend(intent(7)).unwrap();
    let failed = store.complete(&intent(7), vec![0; 4_000_000], instant(2));
    assert!(matches!(failed, Err(StoreError::Database(_) | StoreError::NotCommitted)), "{failed:?}");
    let crate::store::KeyUse::Issuance(found) = store.key_use(&intent(7).terminal, &intent(7).idempotency_key).unwrap()
    else {
        panic!("the intent is stored")
    };
    assert_eq!(found.state, crate::store::IssuanceState::Intended);
    store.verify().unwrap();
}

#[test]
fn many_changes_at_once_are_all_durable() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).unwrap();
    std::thread::scope(|scope| {
        for number in 1..=40 {
            let store = &store;
            scope.spawn(move || store.intend(intent(number)).unwrap());
        }
    });
    assert_eq!(store.verify().unwrap().sequence, 41);
}

#[test]
fn the_ground_of_an_inquiry_stands_in_its_row_and_in_the_chain() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).unwrap();
    let console: Arc<dyn Store> = Arc::clone(&store) as Arc<dyn Store>;
    with_hanako(&console);
    console.inquire(&stranger(&console), &inquiry(ConsentBox::Ticked), instant(1)).unwrap();
    let ground = |query| {
        let found = store.read(|connection| Ok(connection.query_row(query, [], |row| row.get::<_, String>(0))?));
        found.unwrap()
    };
    let in_chain = "SELECT json_extract(event, '$.basis') FROM audit WHERE event LIKE '%basis%'";
    assert_eq!([ground("SELECT basis FROM inquiry"), ground(in_chain)], ["consent"; 2]);
}

#[test]
fn an_approval_that_the_asker_decided_is_good_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).unwrap();
    let console: Arc<dyn Store> = Arc::clone(&store) as Arc<dyn Store>;
    let first = clerk(&console);
    let id = console.request(&first, &Matter::Export, &purpose(Reason::Ledger), instant(1)).unwrap();
    console.decide(&supervisor(&console), &id, Decision::Grant, instant(2)).unwrap();
    // As only somebody who writes into the file could do it.
    tamper(&folder, "UPDATE approval SET decided_by = requested_by");
    let exported = console.export(&first, &id, instant(3), &mut |_| Ok(()));
    assert!(matches!(exported, Err(AccessError::NotApproved)), "{exported:?}");
}

#[test]
fn no_personal_data_stands_in_the_file() {
    let folder = closed_store();
    let bytes = std::fs::read(folder.path().join("center.sqlite")).unwrap();
    let name = "検査".as_bytes();
    assert!(!bytes.windows(name.len()).any(|window| window == name));
}

/// An issuance as the first schema had it.
fn insert_issuance(connection: &Connection, keys: &Keys, intent: &crate::store::Intent) {
    let plan = keys.seal_json(&format!("issuance/{}/plan", intent.issuance), &intent.plan, "plan").unwrap();
    let insert =
        "INSERT INTO issuance (person_key, terminal, idempotency_key, request, issuance, certificate, at, form,
                                        copies, plan, state)
                  VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 'domestic', 1, ?7, 'intended')";
    let values = rusqlite::params![
        intent.person.as_bytes(),
        intent.terminal.as_str(),
        intent.idempotency_key.as_str(),
        intent.request,
        intent.issuance.as_str(),
        intent.certificate.as_str(),
        plan,
    ];
    connection.execute(insert, values).unwrap();
}

#[test]
fn a_store_of_the_first_schema_is_brought_up_with_its_persons_and_consents() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(&folder).unwrap());
    let keys =
        Keys { vault: Vault::new(&[4; 32]), pseudonyms: Pseudonyms::new(&PSEUDONYM_KEY), random: SystemRandom::new() };
    let person = contract::person("123456789018", 1);
    let key = keys.pseudonyms.person(&shared::domain::identifiers::MyNumber::parse(&person.my_number).unwrap());
    let sealed = keys.seal_json(&migration::former_place(&key), &person, "person").unwrap();
    let former = folder.path().join("former.sqlite");
    {
        let connection = Connection::open(&former).unwrap();
        connection.execute_batch(SCHEMA).unwrap();
        let insert = "INSERT INTO person (person_key, certificate_key, record) VALUES (?1, NULL, ?2)";
        connection.execute(insert, rusqlite::params![key.as_bytes(), sealed]).unwrap();
        insert_issuance(&connection, &keys, &intent(1));
        connection
            .execute_batch("INSERT INTO municipality VALUES ('131016', 'suspended'); PRAGMA user_version = 1")
            .unwrap();
        migration::migrate(&connection, &keys).unwrap();
        let found: Option<String> = connection
            .query_row("SELECT municipality FROM holding WHERE person_key = ?1", [key.as_bytes()], |row| row.get(0))
            .optional()
            .unwrap();
        assert_eq!(found.as_deref(), Some("131016"));
        let municipality = shared::domain::identifiers::MunicipalityCode::parse("131016").unwrap();
        let agreements = terms::agreements(&connection, &municipality).unwrap();
        assert!(agreements.suspended && agreements.documents.len() == 3);
        let found = persons::current(&connection, &keys, &key).unwrap().unwrap();
        assert!(found.record == person, "the record is another one");
        let row = persons::PersonRow::new(&keys, &person).unwrap().unwrap();
        let digest: Vec<u8> = connection.query_row("SELECT digest FROM person", [], |row| row.get(0)).unwrap();
        assert_eq!(digest, row.digest(), "loading it again will change nothing");
        let counted: String = connection.query_row("SELECT municipality FROM issuance", [], |row| row.get(0)).unwrap();
        assert_eq!(counted, intent(1).plan.municipality.as_str(), "reports count what was issued before");
        let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        assert_eq!(version, migration::SCHEMA_VERSION);
    }
}
