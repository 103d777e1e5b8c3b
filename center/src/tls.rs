//! TLS 1.3 of the terminals' and the apps' ports, both sides with certificates, at the time of the passed-in clock.
//!
//! A terminal's certificate comes from the authority of terminals. An app makes its own: nobody vouches for it, and
//! the handshake proves that whoever calls holds its key.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::ring::default_provider;
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{ServerConfig, WebPkiClientVerifier};
use rustls::time_provider::TimeProvider;
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, PeerIncompatible, RootCertStore, SignatureScheme,
};
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

/// The configuration of the terminals' port.
pub fn server_config(section: &TlsSection, clock: Arc<dyn Clock>) -> Result<Arc<ServerConfig>, TlsError> {
    let provider = Arc::new(default_provider());
    let mut roots = RootCertStore::empty();
    for certificate in certificates(&section.client_authority)? {
        roots.add(certificate).map_err(TlsError::Identity)?;
    }
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
        .build()
        .map_err(TlsError::Authority)?;
    secured(section, provider, verifier, clock)
}

/// The configuration of the apps' port: the same certificate, and clients with certificates of their own making.
pub fn app_config(section: &TlsSection, clock: Arc<dyn Clock>) -> Result<Arc<ServerConfig>, TlsError> {
    let provider = Arc::new(default_provider());
    let verifier = Arc::new(OwnKey(provider.signature_verification_algorithms));
    secured(section, provider, verifier, clock)
}

fn secured(
    section: &TlsSection,
    provider: Arc<CryptoProvider>,
    verifier: Arc<dyn ClientCertVerifier>,
    clock: Arc<dyn Clock>,
) -> Result<Arc<ServerConfig>, TlsError> {
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

/// Accepts every certificate of a small size, and asks only that its key signs the handshake.
#[derive(Debug)]
struct OwnKey(WebPkiSupportedAlgorithms);

/// The most bytes of an app's certificate.
const MAXIMUM_CERTIFICATE: usize = 4096;

impl ClientCertVerifier for OwnKey {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        // Names and dates in it are the app's own words, and whom it names as issuer is nobody: only the key counts.
        if end_entity.len() > MAXIMUM_CERTIFICATE {
            return Err(rustls::Error::InvalidCertificate(CertificateError::BadEncoding));
        }
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Err(PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig.into())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_schemes()
    }
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, KeyError> {
    Ok(read_pem(path, "certificates (PEM)")?.into_iter().map(|block| block.into_contents().into()).collect())
}
