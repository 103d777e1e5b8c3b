//! Where a reviewed certificate is signed and drawn.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, PoisonError};

use jiff::Timestamp;
use ring::rand::SystemRandom;
use shared::domain::calibration::Calibration;
use shared::domain::certificate::Content;
use shared::domain::identifiers::{CertificateId, TerminalId};
use shared::proof::HolderDigest;

use crate::certificate::ReviewedCertificate;
use crate::document::{DocumentError, Press};
use crate::signer::{self, SealError, SigningKeys};

/// Signs and draws. The issuer does not know how.
pub trait Workshop: Send + Sync + Debug {
    /// Whether every character of a text has a glyph.
    fn is_drawable(&self, text: &str) -> bool;

    /// Whether the printed codes can carry this content. Nothing is signed.
    fn is_encodable(&self, content: &Content, at: Timestamp) -> bool;

    /// The health card's public keys as JSON, to be published.
    fn jwks(&self) -> String;

    /// Signs the codes and draws the document, for the printer of a terminal where the workshop knows that printer, or
    /// for a typical one.
    fn make(
        &self,
        certificate: ReviewedCertificate,
        printer: Option<&TerminalId>,
        at: Timestamp,
    ) -> Result<Made, WorkshopError>;
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
    /// A code cannot carry this content; trying again does not help.
    #[error("the certificate does not fit its codes")]
    NotEncodable(#[source] SealError),
    /// The page cannot carry this content; trying again does not help.
    #[error("the certificate cannot be drawn without loss")]
    NotDrawable(#[source] DocumentError),
    /// Signing is broken.
    #[error("the certificate could not be signed")]
    Seal(#[source] SealError),
    /// Drawing is broken.
    #[error("the document could not be drawn")]
    Press(#[source] DocumentError),
}

/// The real workshop: signing keys and press.
#[derive(Debug)]
pub struct PrintShop {
    keys: SigningKeys,
    press: Press,
    calibrations: BTreeMap<TerminalId, Calibration>,
    random: SystemRandom,
    places: Places,
}

impl PrintShop {
    /// With these keys, this press and the calibrations of the terminals' printers; as many documents are drawn at once
    /// as there are processors.
    pub fn new(keys: SigningKeys, press: Press, calibrations: BTreeMap<TerminalId, Calibration>) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self { keys, press, calibrations, random: SystemRandom::new(), places: Places::new(processors) }
    }
}

impl Workshop for PrintShop {
    fn is_drawable(&self, text: &str) -> bool {
        self.press.is_drawable(text)
    }

    fn is_encodable(&self, content: &Content, at: Timestamp) -> bool {
        signer::fits(content, &self.keys, at)
    }

    fn jwks(&self) -> String {
        // A key set has only strings: serialising it cannot fail.
        serde_json::to_string(&self.keys.jwks()).unwrap_or_default()
    }

    fn make(
        &self,
        certificate: ReviewedCertificate,
        printer: Option<&TerminalId>,
        at: Timestamp,
    ) -> Result<Made, WorkshopError> {
        let calibration = printer.and_then(|terminal| self.calibrations.get(terminal)).copied().unwrap_or_default();
        let _place = self.places.take();
        let sealed = signer::seal(certificate, &self.keys, at, &self.random).map_err(|error| match error {
            SealError::HealthCard(_) | SealError::VdsNc(_) => WorkshopError::NotEncodable(error),
            SealError::SignerExpired | SealError::Unreadable(_) | SealError::Confused(_) => WorkshopError::Seal(error),
        })?;
        let document = self.press.render_for(&sealed, calibration).map_err(|error| match error {
            DocumentError::Front(_) | DocumentError::Typeface(_) | DocumentError::Scramble(_) => {
                WorkshopError::NotDrawable(error)
            }
            DocumentError::Back(_) | DocumentError::Draw(_) | DocumentError::Pdf(_) => WorkshopError::Press(error),
        })?;
        let (holder, certificate) = (document.holder(), document.certificate().clone());
        Ok(Made { document: document.into_bytes(), holder, certificate })
    }
}

/// Places to draw at; the others wait.
#[derive(Debug)]
struct Places {
    free: Mutex<usize>,
    changed: Condvar,
}

/// A place; given up when dropped.
struct Place<'a>(&'a Places);

impl Places {
    const fn new(count: usize) -> Self {
        Self { free: Mutex::new(count), changed: Condvar::new() }
    }

    fn take(&self) -> Place<'_> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = self.changed.wait_while(free, |free| *free == 0).unwrap_or_else(PoisonError::into_inner);
        *free -= 1;
        Place(self)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.changed.notify_one();
    }
}
