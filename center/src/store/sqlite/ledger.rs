//! Records in SQLite as the console works with them: rights first, the audit entry second, then the answer.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension as _};
use shared::domain::identifiers::{MunicipalityCode, MyNumber};
use shared::records::{PersonRecord, Restriction};

use super::approvals::consume;
use super::issued::issued;
use super::keys::Keys;
use super::persons::{self, Change, Expectation, PersonRow, Put, current, held};
use super::search::{Reach, sight};
use super::terms::{changer, instant};
use super::writer::Writing;
use super::{SqliteStore, moving};
use crate::audit::Event;
use crate::secrets::PersonKey;
use crate::store::actor::{AccessError, Act, Actor, CaseNumber, Changer, Purpose, Reason, may_change, visible};
use crate::store::approvals::{ApprovalId, Matter};
use crate::store::ledger::{
    Correction, Figures, Inquiry, Issued, Ledger, Query, Registered, Registration, Revision, Sight,
};
use crate::store::{LineProblem, StoreError};
use crate::vrs::figures;
use crate::vrs::registration::merge;

impl Ledger for SqliteStore {
    fn find(&self, actor: &Actor, query: &Query, purpose: &Purpose, at: Timestamp) -> Result<Vec<Sight>, AccessError> {
        let municipality = actor.acting_for(Act::WorkWithRecords)?;
        let found = self.search(query, municipality, Reach::Own)?;
        self.note_looks(actor, municipality, (&found, purpose), at)?;
        Ok(found.into_iter().map(|sight| Sight { record: visible(municipality, sight.record), ..sight }).collect())
    }

    fn see(&self, actor: &Actor, person: &PersonKey, purpose: &Purpose, at: Timestamp) -> Result<Sight, AccessError> {
        let municipality = actor.acting_for(Act::WorkWithRecords)?;
        let found = self.read(|connection| held(connection, &self.keys, (municipality, person)))?;
        let sights: Vec<Sight> = found.into_iter().map(|found| sight(*person, found)).collect();
        self.note_looks(actor, municipality, (&sights, purpose), at)?;
        let sight = sights.into_iter().next().ok_or(AccessError::Missing)?;
        Ok(Sight { record: visible(municipality, sight.record), ..sight })
    }

    fn correct(&self, actor: &Actor, correction: &Correction<'_>, at: Timestamp) -> Result<u64, AccessError> {
        let municipality = actor.acting_for(Act::WorkWithRecords)?;
        let found = self.read(|connection| held(connection, &self.keys, (municipality, &correction.person)))?;
        let found = found.ok_or(AccessError::Missing)?;
        if found.version != correction.version {
            return Err(self.stale(&correction.person)?);
        }
        let mut after = found.record.clone();
        (correction.amend)(&mut after)?;
        if !may_change(municipality, &found.record, &after) {
            return Err(AccessError::Forbidden);
        }
        let reason = (correction.purpose.reason, correction.purpose.case.clone());
        self.replace(actor, (found.version, after), reason, at)
    }

    fn protect(&self, actor: &Actor, approval: &ApprovalId, at: Timestamp) -> Result<u64, AccessError> {
        let municipality = actor.acting_for(Act::WorkWithRecords)?.clone();
        let (keys, actor, approval) = (Arc::clone(&self.keys), actor.clone(), approval.clone());
        self.writer.write(move |writing| protect(writing, &keys, (&actor, &municipality), (&approval, at)))
    }

    fn history(&self, actor: &Actor, person: &PersonKey) -> Result<Vec<Revision>, AccessError> {
        let municipality = actor.acting_for(Act::WorkWithRecords)?;
        let found = self.read(|connection| held(connection, &self.keys, (municipality, person)))?;
        let found = found.ok_or(AccessError::Missing)?;
        let mut revisions = self.read(|connection| self.revisions(connection, person))?;
        if found.record.residence != *municipality {
            // Where the person does not live, only the own doses' history is shown.
            let doses = found.record.doses.iter().filter(|dose| dose.municipality == *municipality);
            let own: Vec<String> = doses.map(|dose| format!("dose {} ", dose.number)).collect();
            let is_own = |item: &str| own.iter().any(|beginning| item.starts_with(beginning));
            for revision in &mut revisions {
                revision.differences.retain(|difference| is_own(&difference.item));
            }
            revisions.retain(|revision| !revision.differences.is_empty());
        }
        Ok(revisions)
    }

    fn issued(&self, actor: &Actor, person: &PersonKey) -> Result<Vec<Issued>, AccessError> {
        let municipality = actor.acting_for(Act::WorkWithRecords)?;
        let found = self.read(|connection| held(connection, &self.keys, (municipality, person)))?;
        if found.is_none() {
            return Err(AccessError::Missing);
        }
        Ok(self.read(|connection| issued(connection, (municipality, person)))?)
    }

    fn register(&self, actor: &Actor, batch: Vec<Registration>, at: Timestamp) -> Result<Registered, AccessError> {
        let municipality = actor.acting_for(Act::WorkWithRecords)?.clone();
        let (keys, actor) = (Arc::clone(&self.keys), actor.clone());
        self.writer.write(move |writing| {
            let change = Change {
                at,
                by: Changer::Account(actor.account().clone()),
                reason: Some(Reason::Application),
                case: None,
            };
            let mut result = Registered::default();
            for Registration { line, record } in batch {
                let put = take(writing, &keys, (record, &municipality), &change)?;
                add_up(&mut result, line, put);
            }
            let account = actor.account().clone();
            let (added, changed) = (result.added, result.changed);
            writing.note(at, None, &Event::RecordsRegistered { account, municipality, added, changed })?;
            Ok(result)
        })
    }

    fn inquire(&self, actor: &Actor, inquiry: &Inquiry, at: Timestamp) -> Result<Vec<Sight>, AccessError> {
        moving::inquire(self, actor, inquiry, at)
    }

    fn move_in(
        &self,
        actor: &Actor,
        person: &PersonKey,
        peer: &MunicipalityCode,
        at: Timestamp,
    ) -> Result<u64, AccessError> {
        moving::move_in(self, actor, (person, peer), at)
    }

    fn export(
        &self,
        actor: &Actor,
        approval: &ApprovalId,
        at: Timestamp,
        visit: &mut dyn FnMut(&PersonRecord) -> Result<(), StoreError>,
    ) -> Result<u64, AccessError> {
        let municipality = actor.acting_for(Act::WorkWithRecords)?.clone();
        let (by, id, place) = (actor.clone(), approval.clone(), municipality.clone());
        self.writer.write(move |writing| {
            let used = consume(writing, &by, &id, at)?;
            if used.matter != Matter::Export {
                return Err(AccessError::NotApproved);
            }
            let event = Event::LedgerExported { account: by.account().clone(), municipality: place };
            writing.note(at, None, &event)?;
            Ok(())
        })?;
        let mut count = 0;
        self.each(&municipality, &mut |record| {
            count += 1;
            visit(&visible(&municipality, record))
        })?;
        Ok(count)
    }

    fn figures(&self, actor: &Actor, today: Date) -> Result<Figures, AccessError> {
        let municipality = actor.acting_for(Act::WorkWithRecords)?;
        // The stamp comes first: what changes meanwhile makes the figures out of date, not wrong for ever.
        let stamp = self.read(|connection| stamp(connection, municipality))?;
        if let Some(figures) = self.figures.known(municipality, (stamp, today)) {
            return Ok(figures);
        }
        let mut counter = figures::Counter::new(municipality, today);
        self.each(municipality, &mut |record| {
            counter.count(&record);
            Ok(())
        })?;
        Ok(self.figures.keep(municipality, (stamp, today), counter.figures()))
    }
}

/// Begins or ends protective measures by an approval.
fn protect(
    writing: &mut Writing<'_>,
    keys: &Keys,
    (actor, municipality): (&Actor, &MunicipalityCode),
    (approval, at): (&ApprovalId, Timestamp),
) -> Result<u64, AccessError> {
    let used = consume(writing, actor, approval, at)?;
    let (person, begins) = match used.matter {
        Matter::Protect { person } => (person, true),
        Matter::Unprotect { person } => (person, false),
        Matter::Export | Matter::Reissue { .. } => return Err(AccessError::NotApproved),
    };
    let found = current(writing.connection, keys, &person)?.ok_or(AccessError::Missing)?;
    if found.record.residence != *municipality {
        return Err(AccessError::Forbidden);
    }
    let mut after = found.record;
    after.restrictions.retain(|restriction| *restriction != Restriction::Protected);
    after.restrictions.extend(begins.then_some(Restriction::Protected));
    let row = PersonRow::new(keys, &after)?.map_err(AccessError::Invalid)?;
    let change =
        Change { at, by: Changer::Account(actor.account().clone()), reason: Some(used.reason), case: used.case };
    let version = match row.put(writing, keys, Expectation::Version(found.version), &change)? {
        Put::Changed(version) => version,
        Put::Unchanged | Put::Added | Put::Unexpected | Put::Refused(_) => found.version,
    };
    let account = actor.account().clone();
    let event = Event::RecordChanged { account, municipality: municipality.clone(), reason: used.reason, version };
    writing.note(at, Some(person), &event)?;
    Ok(version)
}

fn add_up(result: &mut Registered, line: u64, put: Put) {
    match put {
        Put::Added => result.added += 1,
        Put::Changed(_) => result.changed += 1,
        Put::Unchanged => result.unchanged += 1,
        Put::Refused(problem) => result.problems.push(LineProblem::new(line, problem)),
        Put::Unexpected => {
            result.problems.push(LineProblem::new(line, "the record was changed meanwhile"));
        }
    }
}

/// Joins what a municipality registers with what is known, and stores it.
fn take(
    writing: &Writing<'_>,
    keys: &Keys,
    (record, municipality): (PersonRecord, &MunicipalityCode),
    change: &Change,
) -> Result<Put, StoreError> {
    let found = match MyNumber::parse(&record.my_number) {
        Ok(number) => current(writing.connection, keys, &keys.pseudonyms.person(&number))?,
        Err(_) => None,
    };
    // The record was read in this transaction: nobody can have changed it since.
    let expectation = found.as_ref().map_or(Expectation::Absent, |found| Expectation::Version(found.version));
    let merged = match merge(found.map(|found| found.record), record, municipality) {
        Ok(merged) => merged,
        Err(problem) => return Ok(Put::Refused(problem)),
    };
    match PersonRow::new(keys, &merged)? {
        Ok(row) => row.put(writing, keys, expectation, change),
        Err(problem) => Ok(Put::Refused(problem)),
    }
}

impl SqliteStore {
    fn note_looks(
        &self,
        actor: &Actor,
        municipality: &MunicipalityCode,
        (found, purpose): (&[Sight], &Purpose),
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let persons: Vec<PersonKey> = found.iter().map(|sight| sight.person).collect();
        let (account, municipality) = (actor.account().clone(), municipality.clone());
        let (reason, case) = (purpose.reason, purpose.case.clone());
        self.writer.write(move |writing| {
            if persons.is_empty() {
                return writing.note(at, None, &Event::NobodyFound { account, municipality, reason, case });
            }
            let event = Event::RecordSeen { account, municipality, reason, case };
            persons.into_iter().try_for_each(|person| writing.note(at, Some(person), &event))
        })
    }

    /// Puts a changed record in place of the version that was read.
    pub(super) fn replace(
        &self,
        actor: &Actor,
        (version, after): (u64, PersonRecord),
        (reason, case): (Reason, Option<CaseNumber>),
        at: Timestamp,
    ) -> Result<u64, AccessError> {
        let municipality = actor.acting_for(Act::WorkWithRecords)?.clone();
        let row = PersonRow::new(&self.keys, &after)?.map_err(AccessError::Invalid)?;
        let person = row.key;
        let (keys, account) = (Arc::clone(&self.keys), actor.account().clone());
        let put = self.writer.write(move |writing| {
            let change = Change { at, by: Changer::Account(account.clone()), reason: Some(reason), case };
            let put = row.put(writing, &keys, Expectation::Version(version), &change)?;
            if let Put::Changed(version) = put {
                let event = Event::RecordChanged { account, municipality, reason, version };
                writing.note(at, Some(person), &event)?;
            }
            Ok::<_, StoreError>(put)
        })?;
        match put {
            Put::Changed(version) => Ok(version),
            Put::Unchanged | Put::Added => Ok(version),
            Put::Unexpected => Err(self.stale(&person)?),
            Put::Refused(problem) => Err(AccessError::Invalid(problem)),
        }
    }

    /// Who changed a record last.
    fn stale(&self, person: &PersonKey) -> Result<AccessError, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT account, at FROM revision WHERE person_key = ?1 ORDER BY version DESC LIMIT 1",
            )?;
            let last: Option<(Option<String>, i64)> =
                statement.query_row([person.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            let (by, at) = last.unwrap_or((None, 0));
            Ok(AccessError::Stale { by: changer(by.as_deref())?, at: instant(at)? })
        })
    }

    fn revisions(&self, connection: &Connection, person: &PersonKey) -> Result<Vec<Revision>, StoreError> {
        let mut statement = connection.prepare_cached(
            "SELECT version, at, account, reason, case_number, differences FROM revision
             WHERE person_key = ?1 ORDER BY version DESC LIMIT 200",
        )?;
        let mut rows = statement.query([person.as_bytes()])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let version = row.get::<_, i64>(0)?.cast_unsigned();
            let reason: Option<String> = row.get(3)?;
            let case: Option<String> = row.get(4)?;
            let sealed: Vec<u8> = row.get(5)?;
            found.push(Revision {
                version,
                at: instant(row.get(1)?)?,
                by: changer(row.get::<_, Option<String>>(2)?.as_deref())?,
                reason: reason.as_deref().and_then(Reason::parse),
                case: case.as_deref().and_then(CaseNumber::parse),
                differences: self.keys.open_json(&persons::revision_place(person, version), &sealed, "revision")?,
            });
        }
        Ok(found)
    }

    /// Every person that a municipality knows, one at a time.
    fn each(
        &self,
        municipality: &MunicipalityCode,
        visit: &mut dyn FnMut(PersonRecord) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT person_key, record FROM person
                 WHERE id IN (SELECT person FROM holding WHERE municipality = ?1) ORDER BY id",
            )?;
            let mut rows = statement.query([municipality.as_str()])?;
            while let Some(row) = rows.next()? {
                let key: Vec<u8> = row.get(0)?;
                let sealed: Vec<u8> = row.get(1)?;
                let key = PersonKey::from_bytes(&key).ok_or(StoreError::Unreadable("person key"))?;
                visit(self.keys.open_person(&key, &sealed)?)?;
            }
            Ok(())
        })
    }
}

/// How often the persons of a municipality were changed.
fn stamp(connection: &Connection, municipality: &MunicipalityCode) -> Result<i64, StoreError> {
    let mut statement = connection.prepare_cached("SELECT number FROM stamp WHERE municipality = ?1")?;
    Ok(statement.query_row([municipality.as_str()], |row| row.get(0)).optional()?.unwrap_or(0))
}
