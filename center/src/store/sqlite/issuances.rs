//! Issuances and their keys in SQLite.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use shared::domain::certificate::Form;
use shared::domain::identifiers::{CertificateId, IdempotencyKey, IssuanceId, TerminalId};
use shared::proof::sha256;
use shared::wire::outcome::Outcome;
use zeroize::Zeroizing;

use super::SqliteStore;
use super::writer::Writing;
use crate::audit::{self, Event};
use crate::secrets::{PersonKey, Vault};
use crate::store::{
    CertificateHistory, CertificateStatus, Completion, Intent, Issuance, IssuanceCount, IssuanceState, Issuances,
    KeyUse, Plan, Settlement, StoreError,
};

impl Issuances for SqliteStore {
    fn key_use(&self, terminal: &TerminalId, key: &IdempotencyKey) -> Result<KeyUse, StoreError> {
        let found = self.read(|connection| find(connection, terminal, key))?;
        self.open_key_use(found)
    }

    fn intend(&self, intent: Intent) -> Result<KeyUse, StoreError> {
        let json = serde_json::to_vec(&intent.plan).map(Zeroizing::new).ok().ok_or(StoreError::Unreadable("plan"))?;
        let plan = self.keys.seal(&place(&intent.issuance, "plan"), &json)?;
        let found = self.writer.write(move |writing| {
            match find(writing.connection, &intent.terminal, &intent.idempotency_key)? {
                Found::Nothing => insert(writing, &intent, &plan).map(|()| Found::Nothing),
                used => Ok(used),
            }
        })?;
        self.open_key_use(found)
    }

    fn complete(&self, intent: &Intent, answer: Vec<u8>, at: Timestamp) -> Result<Completion, StoreError> {
        let digest = audit::encode(&sha256(&answer));
        let answer = self.keys.seal(&place(&intent.issuance, "answer"), &answer)?;
        let (person, issuance) = (intent.person, intent.issuance.clone());
        self.writer.write(move |writing| {
            let query = "UPDATE issuance SET state = 'prepared' WHERE issuance = ?1 AND state = 'intended'";
            if writing.connection.prepare_cached(query)?.execute([issuance.as_str()])? == 0 {
                return Ok(Completion::Superseded);
            }
            let query = "INSERT INTO answer (person_key, issuance, answer) VALUES (?1, ?2, ?3)";
            let mut statement = writing.connection.prepare_cached(query)?;
            statement.execute(params![person.as_bytes(), issuance.as_str(), answer])?;
            writing.note(at, Some(person), &Event::IssuancePrepared { issuance, answer: digest })?;
            Ok(Completion::Stored)
        })
    }

    fn settle(
        &self,
        terminal: &TerminalId,
        key: &IdempotencyKey,
        outcome: Outcome,
        at: Timestamp,
    ) -> Result<Settlement, StoreError> {
        let (terminal, key) = (terminal.clone(), key.clone());
        self.writer.write(move |writing| match find(writing.connection, &terminal, &key)? {
            Found::Nothing => withdraw(writing, (terminal, key), outcome, at),
            Found::Withdrawn => Ok(withdrawal_of(outcome)),
            Found::Issuance(row) => settle(writing, &row, outcome, at),
        })
    }

    fn certificate_status(&self, certificate: &CertificateId) -> Result<Option<CertificateStatus>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT state FROM issuance WHERE certificate = ?1")?;
            let state: Option<String> = statement.query_row([certificate.as_str()], |row| row.get(0)).optional()?;
            let Some(state) = state else { return status_elsewhere(connection, certificate) };
            Ok(Some(parse_state(&state)?.status()))
        })
    }

    fn certificate_history(&self, certificate: &CertificateId) -> Result<Option<CertificateHistory>, StoreError> {
        self.history_of(certificate)
    }

    fn count(&self, from: Timestamp, until: Timestamp) -> Result<Vec<IssuanceCount>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare(
                "SELECT form, state, count(*), sum(copies) FROM issuance WHERE at >= ?1 AND at < ?2
                 GROUP BY form, state ORDER BY form, state",
            )?;
            let mut rows = statement.query([from.as_millisecond(), until.as_millisecond()])?;
            let mut counts = Vec::new();
            while let Some(row) = rows.next()? {
                let form: String = row.get(0)?;
                counts.push(IssuanceCount {
                    form: parse_form(&form)?,
                    state: row.get(1)?,
                    issuances: row.get::<_, i64>(2)?.cast_unsigned(),
                    copies: row.get::<_, i64>(3)?.cast_unsigned(),
                });
            }
            Ok(counts)
        })
    }
}

/// Handed out at a counter or in the app: there it is in force as soon as it is made.
fn status_elsewhere(
    connection: &Connection,
    certificate: &CertificateId,
) -> Result<Option<CertificateStatus>, StoreError> {
    let query = "SELECT document IS NOT NULL FROM counter_issue WHERE certificate = ?1
                 UNION ALL SELECT answer IS NOT NULL FROM app_issue WHERE certificate = ?1";
    let mut statement = connection.prepare_cached(query)?;
    let made: Option<bool> = statement.query_row([certificate.as_str()], |row| row.get(0)).optional()?;
    Ok(made.map(|made| if made { CertificateStatus::InForce } else { CertificateStatus::Pending }))
}

/// What a key was used for, still encrypted.
enum Found {
    Nothing,
    Withdrawn,
    Issuance(Box<SealedRow>),
}

struct SealedRow {
    intent: Intent<Vec<u8>>,
    state: IssuanceState,
    answer: Option<Vec<u8>>,
}

impl SqliteStore {
    fn open_key_use(&self, found: Found) -> Result<KeyUse, StoreError> {
        let row = match found {
            Found::Nothing => return Ok(KeyUse::Free),
            Found::Withdrawn => return Ok(KeyUse::Withdrawn),
            Found::Issuance(row) => *row,
        };
        let SealedRow { intent: sealed, state, answer } = row;
        let Intent { terminal, idempotency_key, request, person, issuance, certificate, at, plan } = sealed;
        let plan = open_plan(&self.keys.vault, &issuance, &plan)?;
        let intent = Intent { terminal, idempotency_key, request, person, issuance, certificate, at, plan };
        let answer = answer.map(|sealed| {
            let opened = self.keys.vault.open(place(&intent.issuance, "answer").as_bytes(), &sealed);
            opened.map(|bytes| bytes.to_vec()).ok().ok_or(StoreError::Unreadable("answer"))
        });
        Ok(KeyUse::Issuance(Box::new(Issuance { answer: answer.transpose()?, intent, state })))
    }
}

/// Where an issuance's encrypted part stands.
fn place(issuance: &IssuanceId, part: &str) -> String {
    format!("issuance/{issuance}/{part}")
}

pub(super) fn open_plan(vault: &Vault, issuance: &IssuanceId, sealed: &[u8]) -> Result<Plan, StoreError> {
    let unreadable = StoreError::Unreadable("plan");
    let Ok(plain) = vault.open(place(issuance, "plan").as_bytes(), sealed) else { return Err(unreadable) };
    serde_json::from_slice(&plain).ok().ok_or(unreadable)
}

fn find(connection: &Connection, terminal: &TerminalId, key: &IdempotencyKey) -> Result<Found, StoreError> {
    let by_key = [terminal.as_str(), key.as_str()];
    let mut statement = connection.prepare_cached(
        "SELECT issuance.person_key, request, issuance.issuance, certificate, at, plan, state, answer
         FROM issuance LEFT JOIN answer ON answer.issuance = issuance.issuance
         WHERE terminal = ?1 AND idempotency_key = ?2",
    )?;
    let row = statement.query_row(by_key, |row| Ok(sealed_row(row, terminal, key))).optional()?;
    if let Some(row) = row {
        return Ok(Found::Issuance(Box::new(row?)));
    }
    let query = "SELECT 1 FROM withdrawn_key WHERE terminal = ?1 AND idempotency_key = ?2";
    let is_withdrawn = connection.prepare_cached(query)?.exists(by_key)?;
    Ok(if is_withdrawn { Found::Withdrawn } else { Found::Nothing })
}

/// Stores an intent under a key that was found free in this transaction.
fn insert(writing: &mut Writing<'_>, intent: &Intent, plan: &[u8]) -> Result<(), StoreError> {
    let mut statement = writing.connection.prepare_cached(
        "INSERT INTO issuance (person_key, terminal, idempotency_key, request, issuance, certificate, at,
                               form, copies, plan, state, municipality)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'intended', ?11)",
    )?;
    statement.execute(params![
        intent.person.as_bytes(),
        intent.terminal.as_str(),
        intent.idempotency_key.as_str(),
        intent.request,
        intent.issuance.as_str(),
        intent.certificate.as_str(),
        intent.at.as_millisecond(),
        form_name(intent.plan.form),
        intent.plan.copies,
        plan,
        intent.plan.municipality.as_str(),
    ])?;
    let event = Event::IssuanceIntended {
        terminal: intent.terminal.clone(),
        idempotency_key: intent.idempotency_key.clone(),
        issuance: intent.issuance.clone(),
        certificate: intent.certificate.clone(),
    };
    writing.note(intent.at, Some(intent.person), &event)
}

/// Withdraws a key that was never seen.
fn withdraw(
    writing: &mut Writing<'_>,
    (terminal, key): (TerminalId, IdempotencyKey),
    outcome: Outcome,
    at: Timestamp,
) -> Result<Settlement, StoreError> {
    let mut statement = writing
        .connection
        .prepare_cached("INSERT INTO withdrawn_key (terminal, idempotency_key, outcome, at) VALUES (?1, ?2, ?3, ?4)")?;
    let told = IssuanceState::Settled(outcome).as_str();
    statement.execute(params![terminal.as_str(), key.as_str(), told, at.as_millisecond()])?;
    writing.note(at, None, &Event::KeyWithdrawn { terminal, idempotency_key: key })?;
    Ok(withdrawal_of(outcome))
}

/// Nothing was ever made under a withdrawn key, so nothing can have been taken.
const fn withdrawal_of(outcome: Outcome) -> Settlement {
    match outcome {
        Outcome::Cancelled | Outcome::Refunded => Settlement::Recorded,
        Outcome::Taken | Outcome::Unknown => Settlement::Conflict,
    }
}

fn settle(
    writing: &mut Writing<'_>,
    row: &SealedRow,
    outcome: Outcome,
    at: Timestamp,
) -> Result<Settlement, StoreError> {
    let Some(state) = row.state.settle(outcome) else { return Ok(Settlement::Conflict) };
    if state != row.state {
        let issuance = row.intent.issuance.clone();
        let revoked_at = state.is_void().then_some(at.as_millisecond());
        let query = "UPDATE issuance SET state = ?2, revoked_at = ?3 WHERE issuance = ?1";
        writing.connection.prepare_cached(query)?.execute(params![issuance.as_str(), state.as_str(), revoked_at])?;
        writing.note(at, Some(row.intent.person), &Event::OutcomeTold { issuance, outcome })?;
    }
    Ok(Settlement::Recorded)
}

fn sealed_row(row: &Row<'_>, terminal: &TerminalId, key: &IdempotencyKey) -> Result<SealedRow, StoreError> {
    let unreadable = || StoreError::Unreadable("issuance");
    let person: Vec<u8> = row.get(0)?;
    let issuance: String = row.get(2)?;
    let certificate: String = row.get(3)?;
    let state: String = row.get(6)?;
    let intent = Intent {
        terminal: terminal.clone(),
        idempotency_key: key.clone(),
        request: row.get(1)?,
        person: PersonKey::from_bytes(&person).ok_or_else(unreadable)?,
        issuance: IssuanceId::parse(&issuance).ok().ok_or_else(unreadable)?,
        certificate: CertificateId::parse(&certificate).ok().ok_or_else(unreadable)?,
        at: Timestamp::from_millisecond(row.get(4)?).ok().ok_or_else(unreadable)?,
        plan: row.get(5)?,
    };
    Ok(SealedRow { intent, state: parse_state(&state)?, answer: row.get(7)? })
}

fn parse_state(text: &str) -> Result<IssuanceState, StoreError> {
    IssuanceState::parse(text).ok_or(StoreError::Unreadable("state"))
}

pub(super) fn parse_form(text: &str) -> Result<Form, StoreError> {
    let forms = [Form::Domestic, Form::Overseas];
    forms.into_iter().find(|form| form_name(*form) == text).ok_or(StoreError::Unreadable("form"))
}

pub(super) const fn form_name(form: Form) -> &'static str {
    match form {
        Form::Domestic => "domestic",
        Form::Overseas => "overseas",
    }
}
