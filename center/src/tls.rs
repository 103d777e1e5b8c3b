//! TLS of the kiosk port: version 1.3 only, both sides with certificates, at the time of the passed-in clock.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::RootCertStore;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, UnixTime};
use rustls::server::{ServerConfig, WebPkiClientVerifier};
use rustls::time_provider::TimeProvider;
use shared::clock::Clock;

use crate::config::TlsSection;
use crate::secrets::{KeyError, read_pem};

/// Why the port cannot be secured.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be used.
    #[error("a TLS file cannot be used")]
    File(#[from] KeyError),
    /// The terminals' authority is not accepted.
    #[error("the authority of the terminals is not accepted")]
    Authority(#[source] rustls::server::VerifierBuilderError),
    /// Certificate and key are not accepted.
    #[error("the centre's certificate or key is not accepted")]
    Identity(#[source] rustls::Error),
}

/// Goes by the passed-in clock when certificates are checked.
#[derive(Debug)]
struct ClockTime(Arc<dyn Clock>);

impl TimeProvider for ClockTime {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.now().as_second()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

/// The port's configuration.
pub fn server_config(section: &TlsSection, clock: Arc<dyn Clock>) -> Result<Arc<ServerConfig>, TlsError> {
    let provider = Arc::new(default_provider());
    let mut roots = RootCertStore::empty();
    for certificate in certificates(&section.client_authority)? {
        roots.add(certificate).map_err(TlsError::Identity)?;
    }
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
        .build()
        .map_err(TlsError::Authority)?;
    let key = read_pem(&section.key, "a PKCS#8 key (PEM)")?.into_iter().next().map(pem::Pem::into_contents);
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.unwrap_or_default()));
    ServerConfig::builder_with_details(provider, Arc::new(ClockTime(clock)))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .and_then(|builder| {
            let chain = certificates(&section.certificate).ok().ok_or(rustls::Error::NoCertificatesPresented)?;
            builder.with_client_cert_verifier(verifier).with_single_cert(chain, key)
        })
        .map(Arc::new)
        .map_err(TlsError::Identity)
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, KeyError> {
    Ok(read_pem(path, "certificates (PEM)")?.into_iter().map(|block| block.into_contents().into()).collect())
}
