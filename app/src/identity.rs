//! The app's own key, and the certificate that it makes for it: nobody vouches for it, TLS proves the key.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::str::FromStr as _;

use p256::ecdsa::{DerSignature, SigningKey};
use p256::pkcs8::{EncodePrivateKey as _, LineEnding};
use rand_core::OsRng;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use shared::proof::{Digest, sha256};
use x509_cert::builder::{Builder as _, CertificateBuilder, Profile};
use x509_cert::der::DateTime;
use x509_cert::der::EncodePem as _;
use x509_cert::der::asn1::{GeneralizedTime, UtcTime};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::SubjectPublicKeyInfoOwned;
use x509_cert::time::{Time, Validity};
use zeroize::Zeroizing;

use crate::fault::ClientFault;

/// The app's identity.
pub(crate) struct Identity {
    /// For the TLS client.
    pub(crate) tls: reqwest::Identity,
    /// What cards sign: SHA-256 of the certificate's DER.
    pub(crate) digest: Digest,
}

/// Reads the identity, making it where there is none.
pub(crate) fn open(path: &Path) -> Result<Identity, ClientFault> {
    let unusable = |what| ClientFault::File { path: path.to_owned(), what };
    let pem = match std::fs::read(path) {
        Ok(pem) => Zeroizing::new(pem),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let pem = make().ok_or(unusable("no key could be made"))?;
            let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
            let written = file.and_then(|mut file| file.write_all(&pem).and_then(|()| file.sync_all()));
            written.ok().ok_or_else(|| unusable("the app's key cannot be written"))?;
            pem
        }
        Err(_) => return Err(unusable("the app's key cannot be read")),
    };
    let certificate = CertificateDer::from_pem_slice(&pem);
    let certificate = certificate.ok().ok_or_else(|| unusable("a key and its certificate (PEM) are expected"))?;
    let tls = reqwest::Identity::from_pem(&pem);
    let tls = tls.ok().ok_or_else(|| unusable("a key and its certificate (PEM) are expected"))?;
    Ok(Identity { tls, digest: sha256(&certificate) })
}

/// A new key with its certificate, PEM.
fn make() -> Option<Zeroizing<Vec<u8>>> {
    let key = SigningKey::random(&mut OsRng);
    let public = SubjectPublicKeyInfoOwned::from_key(*key.verifying_key()).ok()?;
    let name = Name::from_str("CN=app").ok()?;
    // It says nothing of its own: it is good for as long as its key is.
    let begin = Time::UtcTime(UtcTime::from_date_time(DateTime::new(2020, 1, 1, 0, 0, 0).ok()?).ok()?);
    let end = GeneralizedTime::from_date_time(DateTime::new(9999, 12, 31, 23, 59, 59).ok()?);
    let validity = Validity { not_before: begin, not_after: Time::GeneralTime(end) };
    let profile = Profile::Leaf { issuer: name.clone(), enable_key_agreement: false, enable_key_encipherment: false };
    let serial = SerialNumber::from(1_u32);
    let certificate = CertificateBuilder::new(profile, serial, validity, name, public, &key).ok()?;
    let certificate = certificate.build::<DerSignature>().ok()?.to_pem(LineEnding::LF).ok()?;
    let key = key.to_pkcs8_pem(LineEnding::LF).ok()?;
    Some(Zeroizing::new([key.as_bytes(), certificate.as_bytes()].concat()))
}
