//! Where a reviewed certificate is signed and drawn.

use std::fmt::Debug;

use jiff::Timestamp;
use ring::rand::SystemRandom;
use shared::domain::identifiers::CertificateId;
use shared::proof::HolderDigest;

use crate::certificate::ReviewedCertificate;
use crate::signer::{self, SealError, SigningKeys};

/// Signs and draws. The issuer does not know how.
pub trait Workshop: Send + Sync + Debug {
    /// Whether every character of a text has a glyph.
    fn is_drawable(&self, text: &str) -> bool;

    /// The health card's public keys as JSON, to be published.
    fn jwks(&self) -> String;

    /// Signs the codes and draws the document.
    fn make(&self, certificate: ReviewedCertificate, at: Timestamp) -> Result<Made, WorkshopError>;
}

/// A drawn document.
#[derive(Clone)]
pub struct Made {
    /// The two-page PDF.
    pub document: Vec<u8>,
    /// Whom it is for, as it travelled with the certificate.
    pub holder: HolderDigest,
    /// Which certificate it is.
    pub certificate: CertificateId,
}

shared::hidden_debug!(Made);

/// Why nothing was made.
#[derive(Debug, thiserror::Error)]
pub enum WorkshopError {
    /// This content cannot be printed without loss; trying again does not help.
    #[error("the certificate cannot be printed without loss")]
    NotPrintable(#[source] SealError),
    /// Something is broken.
    #[error("the certificate could not be signed")]
    Failed(#[source] SealError),
}

/// The real workshop: signing keys and press.
#[derive(Debug)]
pub struct Press {
    keys: SigningKeys,
    random: SystemRandom,
}

impl Press {
    /// With these keys.
    pub fn new(keys: SigningKeys) -> Self {
        Self { keys, random: SystemRandom::new() }
    }
}

impl Workshop for Press {
    fn is_drawable(&self, _text: &str) -> bool {
        true
    }

    fn jwks(&self) -> String {
        // A key set has only strings: serialising it cannot fail.
        serde_json::to_string(&self.keys.jwks()).unwrap_or_default()
    }

    fn make(&self, certificate: ReviewedCertificate, at: Timestamp) -> Result<Made, WorkshopError> {
        let sealed = signer::seal(certificate, &self.keys, at, &self.random).map_err(|error| match error {
            SealError::HealthCard(_) | SealError::VdsNc(_) => WorkshopError::NotPrintable(error),
            SealError::SignerExpired | SealError::Unreadable(_) | SealError::Confused(_) => {
                WorkshopError::Failed(error)
            }
        })?;
        Ok(Made {
            document: PLACEHOLDER.to_vec(),
            holder: sealed.holder(),
            certificate: sealed.content().certificate.clone(),
        })
    }
}

/// Two empty pages.
const PLACEHOLDER: &[u8] = b"%PDF-1.7
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>> endobj
4 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>> endobj
trailer <</Size 5/Root 1 0 R>>
%%EOF
";
