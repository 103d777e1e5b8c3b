//! Requests for approval in SQLite.

use jiff::Timestamp;
use ring::rand::SecureRandom as _;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use shared::domain::identifiers::{IssuanceId, MunicipalityCode};

use super::SqliteStore;
use super::persons::held;
use super::terms::{account as parse_account, instant};
use super::writer::Writing;
use crate::audit::Event;
use crate::secrets::PersonKey;
use crate::store::StoreError;
use crate::store::actor::{AccessError, Act, Actor, CaseNumber, Purpose, Reason};
use crate::store::approvals::{
    APPROVAL_VALID_SECONDS, Approval, ApprovalId, ApprovalState, Approvals, Decision, MAXIMUM_SHOWN, Matter,
};

impl Approvals for SqliteStore {
    fn request(
        &self,
        actor: &Actor,
        matter: &Matter,
        purpose: &Purpose,
        at: Timestamp,
    ) -> Result<ApprovalId, AccessError> {
        let municipality = actor.acting_for(Act::WorkWithRecords)?.clone();
        self.check_matter(actor, matter)?;
        let mut bits = [0; 16];
        self.keys.random.fill(&mut bits).map_err(|ring::error::Unspecified| StoreError::Random)?;
        let id = ApprovalId::from_random(bits);
        let (approval, account) = (id.clone(), actor.account().clone());
        let (matter, purpose) = (matter.clone(), purpose.clone());
        self.writer.write(move |writing| {
            let mut statement = writing.connection.prepare_cached(
                "INSERT INTO approval (approval, municipality, matter, person_key, issuance, requested_by, requested_at,
                                       reason, case_number, state)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'requested')",
            )?;
            let (person, issuance) = subject(&matter);
            statement.execute(params![
                approval.as_str(),
                municipality.as_str(),
                matter_name(&matter),
                person.map(PersonKey::as_bytes),
                issuance.map(IssuanceId::as_str),
                account.as_str(),
                at.as_millisecond(),
                purpose.reason.as_str(),
                purpose.case.as_ref().map(CaseNumber::as_str),
            ])?;
            let person = person.copied();
            writing.note(at, person, &Event::ApprovalRequested { account, approval, reason: purpose.reason })?;
            Ok::<_, AccessError>(())
        })?;
        Ok(id)
    }

    fn decide(&self, actor: &Actor, id: &ApprovalId, decision: Decision, at: Timestamp) -> Result<(), AccessError> {
        let municipality = actor.acting_for(Act::Approve)?.clone();
        let (account, approval) = (actor.account().clone(), id.clone());
        self.writer.write(move |writing| {
            let found = find(writing.connection, &approval, &municipality)?.ok_or(AccessError::Missing)?;
            if found.requested_by == account {
                return Err(AccessError::OwnRequest);
            }
            if found.state != ApprovalState::Requested || is_over(&found, at) {
                return Err(AccessError::Missing);
            }
            let granted = decision == Decision::Grant;
            let state = if granted { "granted" } else { "refused" };
            let query = "UPDATE approval SET state = ?2, decided_by = ?3 WHERE approval = ?1";
            writing.connection.prepare_cached(query)?.execute([approval.as_str(), state, account.as_str()])?;
            let person = subject(&found.matter).0.copied();
            writing.note(at, person, &Event::ApprovalDecided { account, approval, granted })?;
            Ok(())
        })
    }

    fn approvals(&self, actor: &Actor) -> Result<Vec<Approval>, AccessError> {
        let municipality = actor.acting_for(Act::WorkWithRecords)?;
        let found = self.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "{SELECT} WHERE municipality = ?1 ORDER BY requested_at DESC LIMIT {MAXIMUM_SHOWN}"
            ))?;
            let mut rows = statement.query([municipality.as_str()])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(approval(row)?);
            }
            Ok(found)
        })?;
        Ok(found)
    }
}

impl SqliteStore {
    /// The subject must be one that the actor may know of.
    fn check_matter(&self, actor: &Actor, matter: &Matter) -> Result<(), AccessError> {
        let municipality = actor.acting_for(Act::WorkWithRecords)?;
        let known = match matter {
            Matter::Export => true,
            Matter::Protect { person } | Matter::Unprotect { person } => {
                let found = self.read(|connection| held(connection, &self.keys, (municipality, person)))?;
                found.is_some_and(|found| found.record.residence == *municipality)
            }
            Matter::Reissue { issuance } => self.read(|connection| {
                let query = "SELECT 1 FROM counter_issue WHERE issuance = ?1 AND municipality = ?2";
                Ok(connection.prepare_cached(query)?.exists([issuance.as_str(), municipality.as_str()])?)
            })?,
        };
        if known { Ok(()) } else { Err(AccessError::Missing) }
    }
}

/// Uses an approval up inside a transaction: it was granted by another, to this actor, not too long ago.
pub(super) fn consume(
    writing: &mut Writing<'_>,
    actor: &Actor,
    id: &ApprovalId,
    at: Timestamp,
) -> Result<Approval, AccessError> {
    let municipality = actor.acting_for(Act::WorkWithRecords)?;
    let found = find(writing.connection, id, municipality)?.ok_or(AccessError::NotApproved)?;
    let granted = matches!(&found.state, ApprovalState::Granted(by) if by != actor.account());
    if !granted || found.requested_by != *actor.account() || is_over(&found, at) {
        return Err(AccessError::NotApproved);
    }
    let query = "UPDATE approval SET state = 'used' WHERE approval = ?1";
    writing.connection.prepare_cached(query)?.execute([id.as_str()])?;
    let event = Event::ApprovalUsed { account: actor.account().clone(), approval: id.clone() };
    writing.note(at, subject(&found.matter).0.copied(), &event)?;
    Ok(found)
}

fn is_over(approval: &Approval, at: Timestamp) -> bool {
    at.duration_since(approval.requested_at).as_secs() > APPROVAL_VALID_SECONDS
}

const SELECT: &str = "SELECT approval, matter, person_key, issuance, requested_by, requested_at, reason, case_number,
                             state, decided_by
                      FROM approval";

fn find(
    connection: &Connection,
    id: &ApprovalId,
    municipality: &MunicipalityCode,
) -> Result<Option<Approval>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{SELECT} WHERE approval = ?1 AND municipality = ?2"))?;
    let found = statement.query_row([id.as_str(), municipality.as_str()], |row| Ok(approval(row))).optional()?;
    found.transpose()
}

fn approval(row: &Row<'_>) -> Result<Approval, StoreError> {
    let unreadable = || StoreError::Unreadable("approval");
    let (id, matter): (String, String) = (row.get(0)?, row.get(1)?);
    let person: Option<Vec<u8>> = row.get(2)?;
    let person = person.and_then(|bytes| PersonKey::from_bytes(&bytes));
    let issuance: Option<String> = row.get(3)?;
    let issuance = issuance.and_then(|text| IssuanceId::parse(&text).ok());
    let requested_by: String = row.get(4)?;
    let reason: String = row.get(6)?;
    let case: Option<String> = row.get(7)?;
    let state: String = row.get(8)?;
    let decided_by: Option<String> = row.get(9)?;
    let decided_by = decided_by.map(|account| parse_account(&account)).transpose()?;
    Ok(Approval {
        id: ApprovalId::parse(&id).ok_or_else(unreadable)?,
        matter: parse_matter(&matter, person, issuance).ok_or_else(unreadable)?,
        requested_by: parse_account(&requested_by)?,
        requested_at: instant(row.get(5)?)?,
        reason: Reason::parse(&reason).ok_or_else(unreadable)?,
        case: case.as_deref().and_then(CaseNumber::parse),
        state: match (state.as_str(), decided_by) {
            ("requested", None) => ApprovalState::Requested,
            ("granted", Some(by)) => ApprovalState::Granted(by),
            ("refused", Some(by)) => ApprovalState::Refused(by),
            ("used", Some(by)) => ApprovalState::Used(by),
            _ => return Err(unreadable()),
        },
    })
}

const fn matter_name(matter: &Matter) -> &'static str {
    match matter {
        Matter::Export => "export",
        Matter::Reissue { .. } => "reissue",
        Matter::Protect { .. } => "protect",
        Matter::Unprotect { .. } => "unprotect",
    }
}

fn parse_matter(name: &str, person: Option<PersonKey>, issuance: Option<IssuanceId>) -> Option<Matter> {
    match name {
        "export" => Some(Matter::Export),
        "reissue" => Some(Matter::Reissue { issuance: issuance? }),
        "protect" => Some(Matter::Protect { person: person? }),
        "unprotect" => Some(Matter::Unprotect { person: person? }),
        _ => None,
    }
}

const fn subject(matter: &Matter) -> (Option<&PersonKey>, Option<&IssuanceId>) {
    match matter {
        Matter::Export => (None, None),
        Matter::Reissue { issuance } => (None, Some(issuance)),
        Matter::Protect { person } | Matter::Unprotect { person } => (Some(person), None),
    }
}
