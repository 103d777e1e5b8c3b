//! The certificates of a person from every channel, read from the channels' own tables.

use rusqlite::{Connection, Row, params};
use shared::domain::identifiers::{CertificateId, MunicipalityCode};
use shared::records::IssueChannel;

use super::issuances::parse_form;
use super::terms::instant;
use crate::secrets::PersonKey;
use crate::store::ledger::{Issued, MAXIMUM_ISSUED};
use crate::store::{CertificateStatus, IssuanceState, StoreError};

/// Certificates of one person from the records of one municipality, newest first.
pub(super) fn issued(
    connection: &Connection,
    (municipality, person): (&MunicipalityCode, &PersonKey),
) -> Result<Vec<Issued>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT 'kiosk', at, certificate, form, copies, state FROM issuance
         WHERE person_key = ?1 AND municipality = ?2
         UNION ALL
         SELECT 'counter', at, certificate, form, copies, iif(document IS NULL, 'intended', 'taken')
         FROM counter_issue WHERE person_key = ?1 AND municipality = ?2
         UNION ALL
         SELECT 'app', at, certificate, form, 1, iif(answer IS NULL, 'intended', 'taken')
         FROM app_issue WHERE person_key = ?1 AND municipality = ?2
         ORDER BY at DESC LIMIT ?3",
    )?;
    let mut rows = statement.query(params![person.as_bytes(), municipality.as_str(), MAXIMUM_ISSUED])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(issue(row)?);
    }
    Ok(found)
}

fn issue(row: &Row<'_>) -> Result<Issued, StoreError> {
    let (channel, certificate, form): (String, String, String) = (row.get(0)?, row.get(2)?, row.get(3)?);
    let state: String = row.get(5)?;
    Ok(Issued {
        channel: parse_channel(&channel),
        at: instant(row.get(1)?)?,
        certificate: CertificateId::parse(&certificate).ok().ok_or(StoreError::Unreadable("certificate"))?,
        form: parse_form(&form)?,
        copies: row.get::<_, i64>(4)?.cast_unsigned(),
        status: IssuanceState::parse(&state).map_or(CertificateStatus::Pending, IssuanceState::status),
    })
}

/// A channel by the name that a statement gave it.
pub(super) fn parse_channel(name: &str) -> IssueChannel {
    match name {
        "kiosk" => IssueChannel::Kiosk,
        "app" => IssueChannel::App,
        _ => IssueChannel::Counter,
    }
}
