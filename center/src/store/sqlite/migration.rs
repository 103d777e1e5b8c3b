//! From one version of the schema to the next, in one transaction each; a newer one than ours is refused.

use rusqlite::{Connection, params};
use shared::domain::identifiers::IssuanceId;

use super::issuances::open_plan;
use super::keys::{Keys, json};
use super::persons::{PERSON_INDEXES, PersonIndex, search_key};
use crate::secrets::PersonKey;
use crate::store::StoreError;

/// The version that this program writes.
pub(super) const SCHEMA_VERSION: i64 = 4;

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
    connection.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    Ok(())
}

fn to_version_4(connection: &Connection, keys: &Keys) -> Result<(), StoreError> {
    connection.execute_batch(include_str!("schema-4.sql"))?;
    let mut persons = connection.prepare("SELECT id, person_key, record FROM person ORDER BY id")?;
    let mut rows = persons.query([])?;
    while let Some(row) = rows.next()? {
        let (id, key, sealed): (i64, Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let key = PersonKey::from_bytes(&key).ok_or(StoreError::Unreadable("person key"))?;
        let record = keys.open_person(&key, &sealed)?;
        PersonIndex::of(keys, &record).add(connection, (id, &key))?;
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
        let key: Vec<u8> = row.get(0)?;
        let sealed: Vec<u8> = row.get(1)?;
        let key = PersonKey::from_bytes(&key).ok_or(StoreError::Unreadable("person key"))?;
        let record = keys.open_person(&key, &sealed)?;
        let search = search_key(keys, &record);
        let digest = keys.pseudonyms.tag(b"record", &json(&record, "person")?);
        connection
            .prepare_cached("UPDATE person SET search_key = ?2, digest = ?3 WHERE person_key = ?1")?
            .execute(params![key.as_bytes(), search, digest])?;
    }
    Ok(())
}
