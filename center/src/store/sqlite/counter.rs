//! Issues at municipal counters in SQLite.

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use shared::domain::identifiers::{CertificateId, IdempotencyKey, IssuanceId};
use shared::proof::sha256;
use shared::records::{IssueChannel, PassportIssueRecord};

use super::approvals::consume;
use super::keys::Keys;
use super::persons::{self, Change, held};
use super::terms::{account as parse_account, instant};
use super::writer::Writing;
use super::{SqliteStore, issuances::form_name};
use crate::audit::{self, Event};
use crate::secrets::PersonKey;
use crate::store::StoreError;
use crate::store::actor::{AccessError, Act, Actor, CaseNumber, Changer, Purpose, Reason};
use crate::store::approvals::{ApprovalId, Matter};
use crate::store::counter::{CounterIntent, CounterIssue, CounterIssues, CounterPlan, FETCH_SECONDS};

impl CounterIssues for SqliteStore {
    fn intend_at_counter(
        &self,
        actor: &Actor,
        intent: &CounterIntent,
        purpose: &Purpose,
    ) -> Result<Option<CounterIssue>, AccessError> {
        let municipality = actor.acting_for(Act::WorkWithRecords)?.clone();
        if intent.plan.municipality != municipality {
            return Err(AccessError::Forbidden);
        }
        let plan = self.keys.seal_json(&place(&intent.issuance, "plan"), &intent.plan, "plan")?;
        let (keys, actor, intent, purpose) = (Arc::clone(&self.keys), actor.clone(), intent.clone(), purpose.clone());
        self.writer.write(move |writing| intend(writing, &keys, (&actor, &purpose), (&intent, &plan)))
    }

    fn complete_at_counter(
        &self,
        actor: &Actor,
        intent: &CounterIntent,
        document: Vec<u8>,
        at: Timestamp,
    ) -> Result<(), AccessError> {
        let municipality = actor.acting_for(Act::WorkWithRecords)?.clone();
        let digest = audit::encode(&sha256(&document));
        let sealed = self.keys.seal(&place(&intent.issuance, "document"), &document)?;
        let (keys, actor, intent) = (Arc::clone(&self.keys), actor.clone(), intent.clone());
        self.writer.write(move |writing| {
            let query = "UPDATE counter_issue SET document = ?3
                         WHERE issuance = ?1 AND municipality = ?2 AND document IS NULL";
            let mut statement = writing.connection.prepare_cached(query)?;
            if statement.execute(params![intent.issuance.as_str(), municipality.as_str(), sealed])? == 0 {
                // The same form, sent twice: the first document stays.
                return Ok(());
            }
            register_passport(writing, &keys, (&actor, &intent), at)?;
            let (account, issuance) = (actor.account().clone(), intent.issuance.clone());
            writing.note(at, Some(intent.person), &Event::CounterIssued { account, issuance, document: digest })?;
            Ok(())
        })
    }

    fn counter_issues(&self, actor: &Actor, person: &PersonKey) -> Result<Vec<CounterIssue>, AccessError> {
        let municipality = actor.acting_for(Act::WorkWithRecords)?;
        let issues = self.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "{SELECT} WHERE person_key = ?1 AND municipality = ?2 ORDER BY at DESC LIMIT 100"
            ))?;
            let mut rows = statement.query(params![person.as_bytes(), municipality.as_str()])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(CounterIssue { document: None, ..issue(&self.keys, row)? });
            }
            Ok(found)
        })?;
        Ok(issues)
    }

    fn counter_document(&self, actor: &Actor, issuance: &IssuanceId, at: Timestamp) -> Result<Vec<u8>, AccessError> {
        let municipality = actor.acting_for(Act::WorkWithRecords)?;
        let found = self.read(|connection| {
            let mut statement =
                connection.prepare_cached(&format!("{SELECT} WHERE issuance = ?1 AND municipality = ?2"))?;
            let by = [issuance.as_str(), municipality.as_str()];
            statement.query_row(by, |row| Ok(issue(&self.keys, row))).optional()?.transpose()
        })?;
        let fresh = |found: &CounterIssue| at.duration_since(found.intent.at).as_secs() <= FETCH_SECONDS;
        let found = found.filter(|found| found.by == *actor.account()).ok_or(AccessError::Missing)?;
        if !fresh(&found) {
            return Err(AccessError::NotApproved);
        }
        found.document.ok_or(AccessError::Missing)
    }

    fn reissue(&self, actor: &Actor, approval: &ApprovalId, at: Timestamp) -> Result<Vec<u8>, AccessError> {
        let municipality = actor.acting_for(Act::WorkWithRecords)?.clone();
        let (keys, actor, approval) = (Arc::clone(&self.keys), actor.clone(), approval.clone());
        self.writer.write(move |writing| {
            let used = consume(writing, &actor, &approval, at)?;
            let Matter::Reissue { issuance } = used.matter else { return Err(AccessError::NotApproved) };
            let mut statement =
                writing.connection.prepare_cached(&format!("{SELECT} WHERE issuance = ?1 AND municipality = ?2"))?;
            let by = [issuance.as_str(), municipality.as_str()];
            let found = statement.query_row(by, |row| Ok(issue(&keys, row))).optional()?.transpose()?;
            let query = "UPDATE counter_issue SET reissued_at = ?2 WHERE issuance = ?1";
            let row = params![issuance.as_str(), at.as_millisecond()];
            writing.connection.prepare_cached(query)?.execute(row)?;
            found.and_then(|found| found.document).ok_or(AccessError::Missing)
        })
    }
}

/// Stores an intent whose key is free; otherwise gives what this account used the key for.
fn intend(
    writing: &mut Writing<'_>,
    keys: &Keys,
    (actor, purpose): (&Actor, &Purpose),
    (intent, plan): (&CounterIntent, &[u8]),
) -> Result<Option<CounterIssue>, AccessError> {
    let municipality = &intent.plan.municipality;
    let by_key = [municipality.as_str(), intent.key.as_str()];
    let mut statement =
        writing.connection.prepare_cached(&format!("{SELECT} WHERE municipality = ?1 AND idempotency_key = ?2"))?;
    let found = statement.query_row(by_key, |row| Ok(issue(keys, row))).optional()?.transpose()?;
    if let Some(found) = found {
        return if found.by == *actor.account() { Ok(Some(found)) } else { Err(AccessError::Missing) };
    }
    if held(writing.connection, keys, (municipality, &intent.person))?.is_none() {
        return Err(AccessError::Missing);
    }
    insert(writing.connection, (intent, plan), (actor, purpose))?;
    let event = Event::CounterIssueIntended {
        account: actor.account().clone(),
        municipality: municipality.clone(),
        issuance: intent.issuance.clone(),
        certificate: intent.certificate.clone(),
        reason: purpose.reason,
    };
    writing.note(intent.at, Some(intent.person), &event)?;
    Ok(None)
}

/// Puts the passport of an overseas form into the person's record.
fn register_passport(
    writing: &Writing<'_>,
    keys: &Keys,
    (actor, intent): (&Actor, &CounterIntent),
    at: Timestamp,
) -> Result<(), AccessError> {
    let Some(passport) = &intent.plan.passport else { return Ok(()) };
    let issue = PassportIssueRecord {
        channel: intent.plan.channel,
        issued_on: intent.plan.issued_on,
        passport: passport.clone(),
        certificate: Some(intent.certificate.clone()),
    };
    let by = Changer::Account(actor.account().clone());
    let change = Change { at, by, reason: Some(Reason::Application), case: None };
    let registered = persons::register_passport(writing, keys, (&intent.person, issue), &change)?;
    registered.map_err(AccessError::Invalid)
}

fn insert(
    connection: &Connection,
    (intent, plan): (&CounterIntent, &[u8]),
    (actor, purpose): (&Actor, &Purpose),
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO counter_issue (person_key, municipality, idempotency_key, issuance, certificate, account, reason,
                                    case_number, at, channel, form, copies, plan)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?;
    statement.execute(params![
        intent.person.as_bytes(),
        intent.plan.municipality.as_str(),
        intent.key.as_str(),
        intent.issuance.as_str(),
        intent.certificate.as_str(),
        actor.account().as_str(),
        purpose.reason.as_str(),
        purpose.case.as_ref().map(CaseNumber::as_str),
        intent.at.as_millisecond(),
        channel_name(intent.plan.channel),
        form_name(intent.plan.form),
        intent.plan.copies,
        plan,
    ])?;
    Ok(())
}

const SELECT: &str = "SELECT person_key, idempotency_key, issuance, certificate, account, at, plan, document
                      FROM counter_issue";

fn issue(keys: &Keys, row: &Row<'_>) -> Result<CounterIssue, StoreError> {
    let unreadable = || StoreError::Unreadable("counter issue");
    let person: Vec<u8> = row.get(0)?;
    let (key, issuance): (String, String) = (row.get(1)?, row.get(2)?);
    let (certificate, account): (String, String) = (row.get(3)?, row.get(4)?);
    let plan: Vec<u8> = row.get(6)?;
    let document: Option<Vec<u8>> = row.get(7)?;
    let issuance = IssuanceId::parse(&issuance).ok().ok_or_else(unreadable)?;
    let plan: CounterPlan = keys.open_json(&place(&issuance, "plan"), &plan, "plan")?;
    let document = document.map(|sealed| {
        let opened = keys.vault.open(place(&issuance, "document").as_bytes(), &sealed);
        opened.map(|bytes| bytes.to_vec()).ok().ok_or(StoreError::Unreadable("document"))
    });
    let intent = CounterIntent {
        key: IdempotencyKey::parse(&key).ok().ok_or_else(unreadable)?,
        person: PersonKey::from_bytes(&person).ok_or_else(unreadable)?,
        certificate: CertificateId::parse(&certificate).ok().ok_or_else(unreadable)?,
        at: instant(row.get(5)?)?,
        issuance,
        plan,
    };
    Ok(CounterIssue { intent, by: parse_account(&account)?, document: document.transpose()? })
}

/// Where an issue's encrypted part stands.
fn place(issuance: &IssuanceId, part: &str) -> String {
    format!("counter-issue/{issuance}/{part}")
}

const fn channel_name(channel: IssueChannel) -> &'static str {
    match channel {
        IssueChannel::Counter => "counter",
        IssueChannel::App => "app",
        IssueChannel::Kiosk => "kiosk",
    }
}
