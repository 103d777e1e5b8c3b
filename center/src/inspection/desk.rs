//! The inspection desk of a configured centre: its keys, its press, its records.

use std::path::Path;

use ring::rand::SystemRandom;
use shared::domain::identifiers::CertificateId;

use crate::config::Config;
use crate::document::Press;
use crate::document::typeface::TypefaceError;
use crate::raster::Raster;
use crate::scramble::ScrambleKeys;
use crate::secrets::KeyError;
use crate::signer::{self, KeyFiles, SigningKeys};
use crate::store::{CertificateStatus, Issuances, StoreError};

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
    Codes(#[from] signer::KeyError),
    /// A typeface.
    #[error("a typeface cannot be read")]
    Typeface(#[from] TypefaceError),
}

impl Desk {
    /// Reads keys and typefaces.
    pub fn open(config: &Config) -> Result<Self, DeskError> {
        let signing = &config.signing;
        let read = |path: &Path| {
            std::fs::read(path)
                .map(zeroize::Zeroizing::new)
                .map_err(|source| KeyError::Unreadable { path: path.to_owned(), source })
        };
        let codes = SigningKeys::load(
            &KeyFiles {
                issuer: &signing.issuer,
                health_card_key: &read(&signing.health_card_key)?,
                barcode_signer: &read(&signing.barcode_signer)?,
                barcode_signer_key: &read(&signing.barcode_signer_key)?,
            },
            &SystemRandom::new(),
        )?;
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
        let inspection = Inspector { keys: &self.keys, drawing: &self.press, status: &status }.verify(pages);
        failure.into_inner().map_or(Ok(inspection), Err)
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
