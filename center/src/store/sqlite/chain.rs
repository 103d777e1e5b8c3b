//! The audit chain and the stop switch in SQLite.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use shared::domain::identifiers::hex;

use super::SqliteStore;
use crate::audit::witness::Witness;
use crate::audit::{self, ChainError, Entry, Event, Head};
use crate::secrets::PersonKey;
use crate::store::{AuditLog, StopSwitch, StoreError, SwitchPosition};

impl AuditLog for SqliteStore {
    fn note(&self, event: Event, person: Option<PersonKey>, at: Timestamp) -> Result<(), StoreError> {
        self.writer.write(move |writing| writing.note(at, person, &event))
    }

    fn head(&self) -> Result<Head, StoreError> {
        self.read(head)
    }

    fn verify(&self) -> Result<Head, StoreError> {
        let witness = Witness::read(&self.witness).map_err(StoreError::File)?;
        self.read(|connection| {
            let mut statement =
                connection.prepare("SELECT sequence, at, person_key, event, digest FROM audit ORDER BY sequence")?;
            let mut failure = None;
            let entries = statement.query_map([], entry)?.map_while(|row| match row {
                Ok(entry) => Some(entry),
                Err(error) => {
                    failure = Some(error);
                    None
                }
            });
            let verdict = audit::verify(entries);
            if let Some(error) = failure {
                return Err(error.into());
            }
            let head = verdict?;
            check_witnessed_entry(connection, witness.as_ref())?;
            Ok(head)
        })
    }
}

impl StopSwitch for SqliteStore {
    fn is_stopped(&self) -> Result<bool, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT stopped FROM stop_switch WHERE one = 1")?;
            Ok(statement.query_row([], |row| row.get(0)).optional()?.unwrap_or(false))
        })
    }

    fn switch(&self, to: SwitchPosition, reason: &str, at: Timestamp) -> Result<(), StoreError> {
        let reason = reason.to_owned();
        self.writer.write(move |writing| {
            let stopped = to == SwitchPosition::Stopped;
            writing.connection.execute(
                "INSERT INTO stop_switch (one, stopped, reason, at) VALUES (1, ?1, ?2, ?3)
                 ON CONFLICT (one) DO UPDATE SET stopped = ?1, reason = ?2, at = ?3",
                params![stopped, reason, at.as_millisecond()],
            )?;
            let event = if stopped { Event::Stopped { reason } } else { Event::Resumed { reason } };
            writing.note(at, None, &event)
        })
    }
}

/// The last entry's place and digest.
pub(super) fn head(connection: &Connection) -> Result<Head, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT sequence, at, person_key, event, digest FROM audit ORDER BY sequence DESC LIMIT 1")?;
    Ok(statement.query_row([], entry).optional()?.map_or(Head::START, |entry| entry.head()))
}

/// Adds an entry behind `head`.
///
/// An entry is never earlier than the one before it: the chain's time does not run backwards.
pub(super) fn append(
    connection: &Connection,
    head: &Head,
    at: Timestamp,
    person: Option<PersonKey>,
    event: &Event,
) -> Result<Head, StoreError> {
    let at = Timestamp::from_millisecond(at.max(head.at).as_millisecond()).unwrap_or(head.at);
    let entry = head.append(at, person, event);
    let mut statement = connection
        .prepare_cached("INSERT INTO audit (sequence, at, person_key, event, digest) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    statement.execute(params![
        entry.sequence.cast_signed(),
        entry.at.as_millisecond(),
        entry.person.as_ref().map(PersonKey::as_bytes),
        entry.event,
        entry.digest,
    ])?;
    Ok(entry.head())
}

/// Checks at opening that the database holds what the witness saw, and that the chain goes on from there.
pub(super) fn check_against_witness(connection: &Connection, witness: Option<&Witness>) -> Result<Head, StoreError> {
    check_witnessed_entry(connection, witness)?;
    let from = witness.map_or(0, |witness| witness.sequence);
    let mut statement = connection
        .prepare("SELECT sequence, at, person_key, event, digest FROM audit WHERE sequence >= ?1 ORDER BY sequence")?;
    let mut rows = statement.query([from.cast_signed()])?;
    let mut known: Option<Head> = (from == 0).then_some(Head::START);
    while let Some(row) = rows.next()? {
        let entry = entry(row)?;
        known = Some(match known {
            Some(head) => head.follow(&entry)?,
            None => entry.head(),
        });
    }
    Ok(known.unwrap_or(Head::START))
}

fn check_witnessed_entry(connection: &Connection, witness: Option<&Witness>) -> Result<(), StoreError> {
    let Some(witness) = witness.filter(|witness| witness.sequence > 0) else { return Ok(()) };
    let mut statement = connection.prepare("SELECT digest FROM audit WHERE sequence = ?1")?;
    let digest: Option<Vec<u8>> = statement.query_row([witness.sequence.cast_signed()], |row| row.get(0)).optional()?;
    if digest.is_some_and(|digest| hex(&digest) == witness.digest) {
        Ok(())
    } else {
        Err(ChainError::RolledBack(witness.sequence).into())
    }
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let person: Option<Vec<u8>> = row.get(2)?;
    Ok(Entry {
        sequence: row.get::<_, i64>(0)?.cast_unsigned(),
        at: Timestamp::from_millisecond(row.get(1)?).unwrap_or(Timestamp::MAX),
        person: person.and_then(|bytes| PersonKey::from_bytes(&bytes)),
        event: row.get(3)?,
        digest: row.get(4)?,
    })
}
