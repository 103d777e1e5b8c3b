//! Inquiries between municipalities and taking a person over, in SQLite.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, params};
use shared::clock::japan;
use shared::domain::identifiers::MunicipalityCode;
use shared::records::{MoveRecord, Restriction};

use super::SqliteStore;
use super::persons::held;
use super::search::Reach;
use super::terms::agreements;
use crate::audit::Event;
use crate::secrets::PersonKey;
use crate::store::actor::{AccessError, Act, Actor, Reason, visible};
use crate::store::ledger::{INQUIRY_VALID_SECONDS, Inquiry, Query, Sight};
use crate::vrs::inquiry::{Basis, decide};

/// Asks another municipality; the rule is decided here again, whatever the page showed.
///
/// A person under protective measures is found by nobody. Our own rule: it fails towards the counter.
pub(super) fn inquire(
    store: &SqliteStore,
    actor: &Actor,
    inquiry: &Inquiry,
    at: Timestamp,
) -> Result<Vec<Sight>, AccessError> {
    let municipality = actor.acting_for(Act::WorkWithRecords)?.clone();
    if inquiry.peer == municipality || matches!(inquiry.query, Query::Coupon(_)) {
        return Err(AccessError::Invalid("another municipality, and a number or attributes, are expected"));
    }
    let (own, peer) = store
        .read(|connection| Ok((agreements(connection, &municipality)?, agreements(connection, &inquiry.peer)?)))?;
    let basis = decide(&own, &peer, inquiry.consent).ok_or(AccessError::ConsentRequired)?;
    let found = store.search(&inquiry.query, &inquiry.peer, Reach::Inquiry)?;
    note(store, actor, (inquiry, basis), (&found, at))?;
    Ok(found
        .into_iter()
        .map(|sight| {
            let mut record = visible(&inquiry.peer, sight.record);
            record.doses.retain(|dose| dose.municipality == inquiry.peer);
            record.passport_issues.clear();
            record.address_number = None;
            Sight { record, ..sight }
        })
        .collect())
}

/// Stores who was asked about and on what ground: with the person's consent, that it was given.
fn note(
    store: &SqliteStore,
    actor: &Actor,
    (inquiry, basis): (&Inquiry, Basis),
    (found, at): (&[Sight], Timestamp),
) -> Result<(), AccessError> {
    let municipality = actor.acting_for(Act::WorkWithRecords)?.clone();
    let (account, peer, case) = (actor.account().clone(), inquiry.peer.clone(), inquiry.case.clone());
    let persons: Vec<PersonKey> = found.iter().map(|sight| sight.person).collect();
    store.writer.write(move |writing| {
        for person in &persons {
            let mut statement = writing.connection.prepare_cached(
                "INSERT INTO inquiry (person_key, municipality, peer, account, basis, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            let basis = match basis {
                Basis::Agreement => "agreement",
                Basis::Consent => "consent",
            };
            let (key, at) = (person.as_bytes(), at.as_millisecond());
            statement.execute(params![key, municipality.as_str(), peer.as_str(), account.as_str(), basis, at])?;
        }
        let event = Event::InquiryMade { account, municipality, peer, basis, case };
        if persons.is_empty() {
            writing.note(at, None, &event)?;
        }
        for person in persons {
            writing.note(at, Some(person), &event)?;
        }
        Ok(())
    })
}

/// Takes over a person whom the same municipality just inquired about.
pub(super) fn move_in(
    store: &SqliteStore,
    actor: &Actor,
    (person, peer): (&PersonKey, &MunicipalityCode),
    at: Timestamp,
) -> Result<u64, AccessError> {
    let municipality = actor.acting_for(Act::WorkWithRecords)?.clone();
    let asked: Option<i64> = store.read(|connection| {
        let mut statement = connection.prepare_cached(
            "SELECT at FROM inquiry WHERE person_key = ?1 AND municipality = ?2 AND peer = ?3
             ORDER BY at DESC LIMIT 1",
        )?;
        let row = params![person.as_bytes(), municipality.as_str(), peer.as_str()];
        Ok(statement.query_row(row, |row| row.get(0)).optional()?)
    })?;
    let valid = |asked: i64| at.as_millisecond() - asked <= INQUIRY_VALID_SECONDS * 1000;
    if !asked.is_some_and(valid) {
        return Err(AccessError::Missing);
    }
    let found = store.read(|connection| held(connection, &store.keys, (peer, person)))?.ok_or(AccessError::Missing)?;
    let mut after = found.record;
    if after.restrictions.contains(&Restriction::Protected) {
        return Err(AccessError::Missing);
    }
    let known = after.moves.iter().any(|entry| entry.from == *peer && entry.to == municipality);
    if after.residence == municipality && known {
        return Ok(found.version);
    }
    after.residence = municipality.clone();
    // The number was the former municipality's.
    after.address_number = None;
    after.moves.push(MoveRecord { on: japan(at).date(), from: peer.clone(), to: municipality });
    store.replace(actor, (found.version, after), (Reason::MovingIn, None), at)
}
