//! The days of a certificate that a verifier may learn, from its row and from the audit chain.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use shared::domain::identifiers::CertificateId;

use super::SqliteStore;
use super::terms::instant;
use crate::store::{CertificateHistory, StoreError};

impl SqliteStore {
    /// Read-only: when a certificate was issued, voided, and printed again.
    pub(super) fn history_of(&self, certificate: &CertificateId) -> Result<Option<CertificateHistory>, StoreError> {
        let query = "SELECT issuance, at FROM issuance WHERE certificate = ?1
                     UNION ALL SELECT issuance, at FROM counter_issue WHERE certificate = ?1
                     UNION ALL SELECT issuance, at FROM app_issue WHERE certificate = ?1";
        self.read(|connection| {
            let mut statement = connection.prepare_cached(query)?;
            let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?));
            let Some((issuance, at)) = statement.query_row([certificate.as_str()], row).optional()? else {
                return Ok(None);
            };
            Ok(Some(CertificateHistory {
                issued_at: instant(at)?,
                revoked_at: revoked_at(connection, &issuance, at)?,
                reissued_at: reissued_at(connection, &issuance)?,
            }))
        })
    }
}

/// When a terminal told an outcome by which the certificate is void.
fn revoked_at(connection: &Connection, issuance: &str, since: i64) -> Result<Option<Timestamp>, StoreError> {
    // Only a void certificate has such an entry: nothing is looked for in vain.
    let void = "SELECT 1 FROM issuance WHERE issuance = ?1 AND state IN ('cancelled', 'refunded')";
    if !connection.prepare_cached(void)?.exists([issuance])? {
        return Ok(None);
    }
    let query = "SELECT at FROM audit WHERE sequence >= ?1 AND json_extract(event, '$.event') = 'outcome-told'
                 AND json_extract(event, '$.issuance') = ?2
                 AND json_extract(event, '$.outcome') IN ('cancelled', 'refunded') ORDER BY sequence LIMIT 1";
    entry_at(connection, query, (issuance, since))
}

/// When the paper was last printed again at a counter.
fn reissued_at(connection: &Connection, issuance: &str) -> Result<Option<Timestamp>, StoreError> {
    let used = "SELECT approval, requested_at FROM approval
                WHERE matter = 'reissue' AND issuance = ?1 AND state = 'used' ORDER BY requested_at DESC LIMIT 1";
    let mut statement = connection.prepare_cached(used)?;
    let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?));
    let Some((approval, since)) = statement.query_row([issuance], row).optional()? else { return Ok(None) };
    let query = "SELECT at FROM audit WHERE sequence >= ?1 AND json_extract(event, '$.event') = 'approval-used'
                 AND json_extract(event, '$.approval') = ?2 ORDER BY sequence LIMIT 1";
    entry_at(connection, query, (&approval, since))
}

/// The time of the first entry for an id since an instant.
fn entry_at(connection: &Connection, query: &str, (id, since): (&str, i64)) -> Result<Option<Timestamp>, StoreError> {
    let first = first_since(connection, since)?;
    let at: Option<i64> =
        connection.prepare_cached(query)?.query_row(params![first, id], |row| row.get(0)).optional()?;
    at.map(instant).transpose()
}

/// The first entry of the audit chain that is not before an instant, by bisection: the chain's time never runs backwards.
fn first_since(connection: &Connection, since: i64) -> Result<i64, StoreError> {
    let ends = "SELECT coalesce(min(sequence), 0), coalesce(max(sequence), 0) FROM audit";
    let (mut low, mut high): (i64, i64) = connection.query_row(ends, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut statement = connection.prepare_cached("SELECT at FROM audit WHERE sequence = ?1")?;
    while low < high {
        let middle = low.midpoint(high);
        let at: i64 = statement.query_row([middle], |row| row.get(0))?;
        if at < since { low = middle + 1 } else { high = middle }
    }
    Ok(low)
}
