//! Issues through the phone app in SQLite.

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use shared::domain::identifiers::{CertificateId, IdempotencyKey, IssuanceId};
use shared::proof::{Digest, sha256};
use shared::records::{IssueChannel, PassportIssueRecord};

use super::SqliteStore;
use super::issuances::form_name;
use super::keys::Keys;
use super::persons::{self, Change};
use super::terms::instant;
use super::writer::Writing;
use crate::audit::{self, Event};
use crate::secrets::PersonKey;
use crate::store::StoreError;
use crate::store::actor::{Changer, Reason};
use crate::store::app::{AppIntent, AppIssue, AppIssues, AppPlan, DAY_SECONDS, Intended, MAXIMUM_A_DAY};

impl AppIssues for SqliteStore {
    fn app_issue(&self, app: &Digest, key: &IdempotencyKey) -> Result<Option<AppIssue>, StoreError> {
        self.read(|connection| find(connection, &self.keys, app, key))
    }

    fn intend_in_app(&self, intent: &AppIntent) -> Result<Intended, StoreError> {
        let plan = self.keys.seal_json(&place(&intent.issuance, "plan"), &intent.plan, "plan")?;
        let (keys, intent) = (Arc::clone(&self.keys), intent.clone());
        self.writer.write(move |writing| intend(writing, &keys, (&intent, &plan)))
    }

    fn complete_in_app(&self, intent: &AppIntent, answer: Vec<u8>, at: Timestamp) -> Result<Vec<u8>, StoreError> {
        let digest = audit::encode(&sha256(&answer));
        let sealed = self.keys.seal(&place(&intent.issuance, "answer"), &answer)?;
        let (keys, intent) = (Arc::clone(&self.keys), intent.clone());
        self.writer.write(move |writing| {
            let query = "UPDATE app_issue SET answer = ?2 WHERE issuance = ?1 AND answer IS NULL";
            let stored =
                writing.connection.prepare_cached(query)?.execute(params![intent.issuance.as_str(), sealed])?;
            if stored == 0 {
                let found = find(writing.connection, &keys, &intent.app, &intent.key)?;
                return found.and_then(|found| found.answer).ok_or(StoreError::Unreadable("answer"));
            }
            register_passport(writing, &keys, &intent, at)?;
            let issuance = intent.issuance.clone();
            writing.note(at, Some(intent.person), &Event::AppIssued { issuance, answer: digest })?;
            Ok(answer)
        })
    }
}

/// Stores an intent whose key is free, unless the person has had enough for a day.
fn intend(writing: &mut Writing<'_>, keys: &Keys, (intent, plan): (&AppIntent, &[u8])) -> Result<Intended, StoreError> {
    if let Some(found) = find(writing.connection, keys, &intent.app, &intent.key)? {
        return Ok(Intended::Used(Box::new(found)));
    }
    let since = intent.at.as_millisecond() - DAY_SECONDS * 1000;
    let query = "SELECT count(*) FROM app_issue WHERE person_key = ?1 AND at > ?2";
    let mut statement = writing.connection.prepare_cached(query)?;
    let issued: u32 = statement.query_row(params![intent.person.as_bytes(), since], |row| row.get(0))?;
    if issued >= MAXIMUM_A_DAY {
        return Ok(Intended::TooMany);
    }
    let mut statement = writing.connection.prepare_cached(
        "INSERT INTO app_issue (person_key, app, idempotency_key, request, issuance, certificate, municipality, at,
                                form, plan)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?;
    statement.execute(params![
        intent.person.as_bytes(),
        intent.app,
        intent.key.as_str(),
        intent.request,
        intent.issuance.as_str(),
        intent.certificate.as_str(),
        intent.plan.municipality.as_str(),
        intent.at.as_millisecond(),
        form_name(intent.plan.form),
        plan,
    ])?;
    let event = Event::AppIssueIntended { issuance: intent.issuance.clone(), certificate: intent.certificate.clone() };
    writing.note(intent.at, Some(intent.person), &event)?;
    Ok(Intended::Stored)
}

/// Puts the passport of an overseas form into the person's record.
fn register_passport(writing: &Writing<'_>, keys: &Keys, intent: &AppIntent, at: Timestamp) -> Result<(), StoreError> {
    let Some(passport) = &intent.plan.passport else { return Ok(()) };
    let issue = PassportIssueRecord {
        channel: IssueChannel::App,
        issued_on: intent.plan.issued_on,
        passport: passport.clone(),
        certificate: Some(intent.certificate.clone()),
    };
    let change = Change { at, by: Changer::Holder, reason: Some(Reason::Application), case: None };
    persons::register_passport(writing, keys, (&intent.person, issue), &change)?.map_err(|_rule| {
        // A record that was issued from keeps its rules when an issue is added.
        StoreError::Unreadable("person")
    })
}

fn find(
    connection: &Connection,
    keys: &Keys,
    app: &Digest,
    key: &IdempotencyKey,
) -> Result<Option<AppIssue>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT person_key, request, issuance, certificate, at, plan, answer FROM app_issue
         WHERE app = ?1 AND idempotency_key = ?2",
    )?;
    statement.query_row(params![app, key.as_str()], |row| Ok(issue(keys, row, (app, key)))).optional()?.transpose()
}

fn issue(keys: &Keys, row: &Row<'_>, (app, key): (&Digest, &IdempotencyKey)) -> Result<AppIssue, StoreError> {
    let unreadable = || StoreError::Unreadable("app issue");
    let person: Vec<u8> = row.get(0)?;
    let (issuance, certificate): (String, String) = (row.get(2)?, row.get(3)?);
    let issuance = IssuanceId::parse(&issuance).ok().ok_or_else(unreadable)?;
    let plan: Vec<u8> = row.get(5)?;
    let plan: AppPlan = keys.open_json(&place(&issuance, "plan"), &plan, "plan")?;
    let answer: Option<Vec<u8>> = row.get(6)?;
    let answer = answer.map(|sealed| {
        let opened = keys.vault.open(place(&issuance, "answer").as_bytes(), &sealed);
        opened.map(|bytes| bytes.to_vec()).ok().ok_or(StoreError::Unreadable("answer"))
    });
    let intent = AppIntent {
        app: *app,
        key: key.clone(),
        request: row.get(1)?,
        person: PersonKey::from_bytes(&person).ok_or_else(unreadable)?,
        certificate: CertificateId::parse(&certificate).ok().ok_or_else(unreadable)?,
        at: instant(row.get(4)?)?,
        issuance,
        plan,
    };
    Ok(AppIssue { intent, answer: answer.transpose()? })
}

/// Where an issue's encrypted part stands.
fn place(issuance: &IssuanceId, part: &str) -> String {
    format!("app-issue/{issuance}/{part}")
}
