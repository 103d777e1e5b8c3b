//! The authority's revocation list (RFC 5280 §5): a file that is read again whenever it changes. Fails closed.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use jiff::Timestamp;
use x509_parser::certificate::X509Certificate;
use x509_parser::oid_registry as oid;
use x509_parser::prelude::FromDer as _;
use x509_parser::revocation_list::CertificateRevocationList;

/// The list and what was read of it.
#[derive(Debug)]
pub struct Revocations {
    path: PathBuf,
    last: RwLock<Option<(Stamp, Arc<List>)>>,
}

/// Tells one state of the file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    modified: SystemTime,
    bytes: u64,
}

/// A list that an anchor signed.
#[derive(Debug)]
struct List {
    /// The public key it was verified with.
    signer: Vec<u8>,
    this_update: i64,
    next_update: i64,
    serials: HashSet<Vec<u8>>,
}

/// Why no list tells.
#[derive(Debug, thiserror::Error)]
pub enum RevocationError {
    /// The file cannot be read.
    #[error("the revocation list cannot be read")]
    Unreadable(#[source] std::io::Error),
    /// It is not a list, or not signed by the certificate's issuer.
    #[error("the revocation list is not the authority's")]
    Untrusted,
    /// It is not of today.
    #[error("the revocation list is out of date")]
    Stale,
}

impl Revocations {
    /// A list at this place.
    pub const fn new(path: PathBuf) -> Self {
        Self { path, last: RwLock::new(None) }
    }

    /// Whether a serial number of this issuer is on the list.
    pub fn contains(
        &self,
        serial: &[u8],
        issuer: &X509Certificate<'_>,
        now: Timestamp,
    ) -> Result<bool, RevocationError> {
        let list = self.list(issuer)?;
        if list.signer != issuer.public_key().raw {
            return Err(RevocationError::Untrusted);
        }
        if !(list.this_update..=list.next_update).contains(&now.as_second()) {
            return Err(RevocationError::Stale);
        }
        Ok(list.serials.contains(serial))
    }

    fn list(&self, issuer: &X509Certificate<'_>) -> Result<Arc<List>, RevocationError> {
        let metadata = std::fs::metadata(&self.path).map_err(RevocationError::Unreadable)?;
        let modified = metadata.modified().map_err(RevocationError::Unreadable)?;
        let stamp = Stamp { modified, bytes: metadata.len() };
        {
            let last = self.last.read().unwrap_or_else(PoisonError::into_inner);
            if let Some((_, list)) = last.as_ref().filter(|(known, _)| *known == stamp) {
                return Ok(Arc::clone(list));
            }
        }
        let bytes = std::fs::read(&self.path).map_err(RevocationError::Unreadable)?;
        let list = Arc::new(List::parse(&bytes, issuer).ok_or(RevocationError::Untrusted)?);
        *self.last.write().unwrap_or_else(PoisonError::into_inner) = Some((stamp, Arc::clone(&list)));
        Ok(list)
    }
}

impl List {
    fn parse(der: &[u8], issuer: &X509Certificate<'_>) -> Option<Self> {
        let (rest, list) = CertificateRevocationList::from_der(der).ok()?;
        let is_understood = list.extensions().iter().all(|extension| !extension.critical);
        let holds = rest.is_empty()
            && is_understood
            && list.issuer().as_raw() == issuer.subject().as_raw()
            && list.signature_algorithm.algorithm == oid::OID_PKCS1_SHA256WITHRSA
            && list.verify_signature(issuer.public_key()).is_ok();
        if !holds {
            return None;
        }
        Some(Self {
            signer: issuer.public_key().raw.to_vec(),
            this_update: list.last_update().timestamp(),
            next_update: list.next_update()?.timestamp(),
            serials: list.iter_revoked_certificates().map(|revoked| revoked.raw_serial().to_vec()).collect(),
        })
    }
}
