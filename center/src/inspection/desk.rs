//! The inspection desk of a configured centre: its keys, its press, its records.

use shared::clock::japan;
use shared::domain::identifiers::CertificateId;

use crate::config::Config;
use crate::document::Press;
use crate::document::typeface::TypefaceError;
use crate::raster::Raster;
use crate::scramble::ScrambleKeys;
use crate::secrets::KeyError;
use crate::signer::{self, SigningKeys};
use crate::store::{CertificateHistory, CertificateStatus, Issuances, StoreError};

use super::report::{Days, FindingState};
use super::{Inspection, InspectionKeys, Inspector, IssueStatus};

/// Everything paper is inspected with. Made once.
#[derive(Debug)]
pub struct Desk {
    keys: InspectionKeys,
    press: Press,
}

/// Why no paper can be inspected.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// A key file.
    #[error("a key cannot be read")]
    Key(#[from] KeyError),
    /// The keys of the printed codes.
    #[error("the keys of the printed codes cannot be used")]
    Codes(#[from] signer::ReadError),
    /// A typeface.
    #[error("a typeface cannot be read")]
    Typeface(#[from] TypefaceError),
}

impl Desk {
    /// Reads keys and typefaces.
    pub fn open(config: &Config) -> Result<Self, DeskError> {
        let signing = &config.signing;
        let codes = SigningKeys::read(signing)?;
        let scramble = ScrambleKeys::read(&signing.scramble_key, &signing.scramble_signer_key)?;
        let keys = InspectionKeys::new(scramble.opening(), &codes);
        Ok(Self { keys, press: Press::new(&config.fonts, scramble)? })
    }

    /// With a press and keys at hand.
    pub const fn new(keys: InspectionKeys, press: Press) -> Self {
        Self { keys, press }
    }

    /// Inspects the pages of one paper by the records of a store.
    pub fn inspect(&self, pages: &[Raster], records: &(impl Issuances + ?Sized)) -> Result<Inspection, StoreError> {
        let failure = std::cell::Cell::new(None);
        let status = |certificate: &CertificateId| match records.certificate_status(certificate) {
            Ok(status) => issue_status(status),
            Err(error) => {
                failure.set(Some(error));
                IssueStatus::Unknown
            }
        };
        let mut inspection = Inspector { keys: &self.keys, drawing: &self.press, status: &status }.verify(pages);
        if let Some(error) = failure.into_inner() {
            return Err(error);
        }
        // Whoever only writes a number on a paper does not learn its days.
        let report = &mut inspection.report;
        let certificate = report.certificate.as_ref().filter(|_| report.features.content.state == FindingState::Holds);
        let history = certificate.map(|certificate| records.certificate_history(certificate)).transpose()?.flatten();
        report.days = history.map(days);
        Ok(inspection)
    }
}

fn days(history: CertificateHistory) -> Days {
    let day = |instant| japan(instant).date();
    Days {
        issued: day(history.issued_at),
        revoked: history.revoked_at.map(day),
        reissued: history.reissued_at.map(day),
    }
}

const fn issue_status(status: Option<CertificateStatus>) -> IssueStatus {
    match status {
        Some(CertificateStatus::InForce) => IssueStatus::Issued,
        Some(CertificateStatus::Pending) => IssueStatus::Pending,
        Some(CertificateStatus::Revoked) => IssueStatus::Revoked,
        None => IssueStatus::Unknown,
    }
}

#[cfg(test)]
mod tests;
