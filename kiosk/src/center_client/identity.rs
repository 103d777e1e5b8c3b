//! The keys and certificates of the line to the centre: one authority trusted, one certificate shown.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, RootCertStore};
use shared::clock::Clock;
use shared::proof::{Digest, sha256};
use x509_parser::prelude::{FromDer as _, SubjectPublicKeyInfo, X509Certificate};

use crate::config::{Config, Profile};

/// Why the line to the centre cannot be prepared.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// A file of the configuration cannot be used.
    #[error("{}: not a usable {what}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What it should be.
        what: &'static str,
    },
    /// The address is none.
    #[error("the centre's address is not https://HOST:PORT")]
    Address,
    /// The certificate and key do not fit, or the thread cannot start.
    #[error("the TLS client cannot be made")]
    Tls(#[source] rustls::Error),
    /// The HTTP client cannot be made.
    #[error("the HTTP client cannot be made")]
    Http(#[source] reqwest::Error),
    /// A test authority in production.
    #[error("{}: a test authority is refused by the profile production", path.display())]
    TestAuthority {
        /// The file.
        path: PathBuf,
    },
}

/// What the configuration says of keys and certificates, read once.
pub struct Identity {
    /// SHA-256 of the DER of this terminal's certificate.
    pub tls_identity: Digest,
    /// The centre's public key for bindings: the uncompressed P-256 point.
    pub binding_key: Vec<u8>,
    tls: ClientConfig,
}

impl Identity {
    /// Reads the files.
    pub fn load(config: &Config, clock: Arc<dyn Clock>) -> Result<Self, LineError> {
        let authority = read_certificate(&config.center.authority)?;
        if config.profile == Profile::Production && is_test_authority(&authority) {
            return Err(LineError::TestAuthority { path: config.center.authority.clone() });
        }
        let mut roots = RootCertStore::empty();
        roots.add(authority).ok().ok_or_else(|| unusable(&config.center.authority, "authority certificate"))?;
        let certificate = read_certificate(&config.tls.certificate)?;
        let tls_identity = sha256(&certificate);
        let key = PrivateKeyDer::from_pem_file(&config.tls.key)
            .ok()
            .ok_or_else(|| unusable(&config.tls.key, "private key"))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut tls = ClientConfig::builder_with_details(provider, Arc::new(ClockTime(clock)))
            .with_protocol_versions(&[&rustls::version::TLS13])
            .map_err(LineError::Tls)?
            .with_root_certificates(roots)
            .with_client_auth_cert(vec![certificate], key)
            .map_err(LineError::Tls)?;
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        let binding_key = read_public_key(&config.center.binding_key)?;
        Ok(Self { tls_identity, binding_key, tls })
    }

    pub(super) fn tls(&self) -> ClientConfig {
        self.tls.clone()
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(..)")
    }
}

fn unusable(path: &Path, what: &'static str) -> LineError {
    LineError::File { path: path.to_owned(), what }
}

fn read_certificate(path: &Path) -> Result<CertificateDer<'static>, LineError> {
    CertificateDer::from_pem_file(path).ok().ok_or_else(|| unusable(path, "certificate"))
}

fn read_public_key(path: &Path) -> Result<Vec<u8>, LineError> {
    let failed = || unusable(path, "public key");
    let text = std::fs::read(path).ok().ok_or_else(failed)?;
    let block = pem::parse(text).ok().ok_or_else(failed)?;
    let (_, info) = SubjectPublicKeyInfo::from_der(block.contents()).ok().ok_or_else(failed)?;
    Ok(info.subject_public_key.data.into_owned())
}

/// Whether an authority belongs to a made-up world.
fn is_test_authority(certificate: &[u8]) -> bool {
    X509Certificate::from_der(certificate).is_ok_and(|(_, certificate)| {
        certificate
            .subject()
            .iter_organization()
            .any(|organization| organization.as_str().is_ok_and(|name| name.to_ascii_uppercase().contains("TEST")))
    })
}

/// The terminal's clock for the checks of certificates.
#[derive(Debug)]
struct ClockTime(Arc<dyn Clock>);

impl TimeProvider for ClockTime {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.now().as_second()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}
