//! The instants of a certificate that a verifier may learn, from its own row.

use rusqlite::{OptionalExtension as _, Row};
use shared::domain::identifiers::CertificateId;

use super::SqliteStore;
use super::terms::instant;
use crate::store::{CertificateHistory, StoreError};

impl SqliteStore {
    /// Read-only: when a certificate was issued, revoked, and printed again.
    pub(super) fn history_of(&self, certificate: &CertificateId) -> Result<Option<CertificateHistory>, StoreError> {
        let query = "SELECT at, revoked_at, NULL FROM issuance WHERE certificate = ?1
                     UNION ALL SELECT at, NULL, reissued_at FROM counter_issue WHERE certificate = ?1
                     UNION ALL SELECT at, NULL, NULL FROM app_issue WHERE certificate = ?1";
        self.read(|connection| {
            let mut statement = connection.prepare_cached(query)?;
            statement.query_row([certificate.as_str()], |row| Ok(history(row))).optional()?.transpose()
        })
    }
}

fn history(row: &Row<'_>) -> Result<CertificateHistory, StoreError> {
    let (issued_at, revoked_at, reissued_at) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let later = |at: Option<i64>| at.map(instant).transpose();
    Ok(CertificateHistory {
        issued_at: instant(issued_at)?,
        revoked_at: later(revoked_at)?,
        reissued_at: later(reissued_at)?,
    })
}
