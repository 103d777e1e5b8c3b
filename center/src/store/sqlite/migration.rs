//! From one version of the schema to the next, in one transaction each; a newer one than ours is refused.

use rusqlite::{Connection, Row, params};
use shared::domain::identifiers::{IssuanceId, hex};
use shared::records::PersonRecord;

use super::issuances::open_plan;
use super::keys::{Keys, json};
use super::loading::is_half_loaded;
use super::persons::{PERSON_INDEXES, PersonIndex, encode, search_key};
use crate::secrets::PersonKey;
use crate::store::StoreError;

/// The version that this program writes.
pub(super) const SCHEMA_VERSION: i64 = 6;

/// Brings a database to [`SCHEMA_VERSION`].
pub(super) fn migrate(connection: &Connection, keys: &Keys) -> Result<(), StoreError> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match found {
        ..SCHEMA_VERSION => {
            connection.execute_batch("BEGIN IMMEDIATE")?;
            let migrated = lead_on(connection, keys);
            connection.execute_batch(if migrated.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
            migrated
        }
        SCHEMA_VERSION => Ok(()),
        _ => Err(StoreError::SchemaNewer { found, known: SCHEMA_VERSION }),
    }
}

/// Every step that is left, from the version that is found now: another process may have come first.
fn lead_on(connection: &Connection, keys: &Keys) -> Result<(), StoreError> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found < 2 {
        to_version_2(connection, keys)?;
    }
    if found < 3 {
        to_version_3(connection, keys)?;
    }
    if found < 4 {
        to_version_4(connection, keys)?;
    }
    if found < 5 {
        to_version_5(connection, keys)?;
    }
    if found < 6 {
        connection.execute_batch(include_str!("schema-6.sql"))?;
    }
    connection.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    Ok(())
}

fn to_version_5(connection: &Connection, keys: &Keys) -> Result<(), StoreError> {
    connection.execute_batch(include_str!("schema-5.sql"))?;
    let mut persons = connection.prepare("SELECT person_key, record, id, certificate_key, version FROM person")?;
    let mut encoded = connection.prepare(
        "INSERT INTO person_encoded (id, certificate_key, version, person_key, record, search_key, digest)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    let mut rows = persons.query([])?;
    while let Some(row) = rows.next()? {
        let (key, record) = former_person(keys, row)?;
        let (id, certificate, version): (i64, Option<Vec<u8>>, i64) = (row.get(2)?, row.get(3)?, row.get(4)?);
        let plain = encode(&record);
        let digest = keys.pseudonyms.tag(b"record", &plain);
        let (sealed, search) = (keys.seal_person(&key, &plain)?, search_key(keys, &record));
        encoded.execute(params![id, certificate, version, key.as_bytes(), sealed, search, digest])?;
    }
    connection.execute_batch("DROP TABLE person; ALTER TABLE person_encoded RENAME TO person;")?;
    let mut deferred = connection.prepare("SELECT person_key, record, line FROM deferred")?;
    let mut rows = deferred.query([])?;
    while let Some(row) = rows.next()? {
        let (key, record) = former_person(keys, row)?;
        let sealed = keys.seal_person(&key, &encode(&record))?;
        connection
            .prepare_cached("UPDATE deferred SET record = ?2 WHERE line = ?1")?
            .execute(params![row.get::<_, i64>(2)?, sealed])?;
    }
    // Those of the other tables are there; a load that is broken off has none, and builds them at its end.
    if !is_half_loaded(connection)? {
        connection.execute_batch(DROP_OTHER_INDEXES)?;
        connection.execute_batch(PERSON_INDEXES)?;
    }
    Ok(())
}

const DROP_OTHER_INDEXES: &str = "DROP INDEX holding_by_municipality; DROP INDEX coupon_by_key;";

/// The person of a row that begins with key and record, as they stood up to version 4: JSON.
fn former_person(keys: &Keys, row: &Row<'_>) -> Result<(PersonKey, PersonRecord), StoreError> {
    let (key, sealed): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
    let key = PersonKey::from_bytes(&key).ok_or(StoreError::Unreadable("person key"))?;
    let record = keys.open_json(&former_place(&key), &sealed, "person")?;
    Ok((key, record))
}

/// What a record was encrypted for, up to version 4.
pub(super) fn former_place(key: &PersonKey) -> String {
    format!("person/{}", hex(key.as_bytes()))
}

fn to_version_4(connection: &Connection, keys: &Keys) -> Result<(), StoreError> {
    connection.execute_batch(include_str!("schema-4.sql"))?;
    let mut persons = connection.prepare("SELECT person_key, record, id FROM person ORDER BY id")?;
    let mut rows = persons.query([])?;
    while let Some(row) = rows.next()? {
        let (key, record) = former_person(keys, row)?;
        PersonIndex::of(keys, &record).add(connection, (row.get(2)?, &key))?;
    }
    connection.execute_batch(PERSON_INDEXES)?;
    Ok(())
}

fn to_version_3(connection: &Connection, keys: &Keys) -> Result<(), StoreError> {
    connection.execute_batch(include_str!("schema-3.sql"))?;
    let mut issuances = connection.prepare("SELECT issuance, plan FROM issuance")?;
    let mut rows = issuances.query([])?;
    while let Some(row) = rows.next()? {
        let (issuance, plan): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let id = IssuanceId::parse(&issuance).ok().ok_or(StoreError::Unreadable("issuance"))?;
        let municipality = open_plan(&keys.vault, &id, &plan)?.municipality;
        connection
            .prepare_cached("UPDATE issuance SET municipality = ?2 WHERE issuance = ?1")?
            .execute([issuance.as_str(), municipality.as_str()])?;
    }
    Ok(())
}

fn to_version_2(connection: &Connection, keys: &Keys) -> Result<(), StoreError> {
    connection.execute_batch(include_str!("schema-2.sql"))?;
    let mut persons = connection.prepare("SELECT person_key, record FROM person")?;
    let mut rows = persons.query([])?;
    while let Some(row) = rows.next()? {
        let (key, record) = former_person(keys, row)?;
        let search = search_key(keys, &record);
        let digest = keys.pseudonyms.tag(b"record", &json(&record, "person")?);
        connection
            .prepare_cached("UPDATE person SET search_key = ?2, digest = ?3 WHERE person_key = ?1")?
            .execute(params![key.as_bytes(), search, digest])?;
    }
    Ok(())
}
