//! The user-authentication authority: path, purpose, validity and revocation of a card's certificate (RFC 5280 §6).

use std::path::Path;

use jiff::Timestamp;
use shared::proof::{Digest, sha256};
use shared::wire::problem::ProblemCode;
use x509_parser::certificate::X509Certificate;
use x509_parser::der_parser::Oid;
use x509_parser::oid_registry as oid;
use x509_parser::prelude::FromDer as _;
use x509_parser::public_key::PublicKey;

use super::revocation::{RevocationError, Revocations};
use crate::config::TrustSection;
use crate::secrets::{KeyError, read_pem};

/// Trust anchors with their revocation list and the policy a certificate must name.
#[derive(Debug)]
pub struct Authority {
    /// One a generation of the authority; all share one name.
    anchors: Vec<Anchor>,
    policy: Oid<'static>,
    revocations: Revocations,
}

/// A self-signed certificate of the authority, DER, checked when it was read.
#[derive(Debug)]
struct Anchor(Vec<u8>);

/// A certificate that holds.
#[derive(Debug)]
pub struct ValidCertificate {
    /// PKCS#1 of its RSA key.
    pub public_key: Vec<u8>,
    /// SHA-256 of its DER.
    pub digest: Digest,
}

/// Why a certificate is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// Malformed, of another authority, or with an algorithm that is not accepted.
    #[error("the certificate is not of an accepted authority")]
    Untrusted,
    /// For another purpose: the signature certificate, an authority's, or one of another policy.
    #[error("the certificate is for another purpose")]
    WrongPurpose,
    /// Not valid yet.
    #[error("the certificate is not valid yet")]
    NotYetValid,
    /// No longer valid.
    #[error("the certificate has expired")]
    Expired,
    /// Revoked.
    #[error("the certificate is revoked")]
    Revoked,
    /// There is no revocation list that holds now.
    #[error("whether the certificate is revoked cannot be told")]
    RevocationUnknown(#[source] RevocationError),
}

impl CertificateError {
    /// What the terminal is told.
    pub const fn code(&self) -> ProblemCode {
        match self {
            Self::Untrusted => ProblemCode::CertificateUntrusted,
            Self::WrongPurpose => ProblemCode::CertificateWrongPurpose,
            Self::NotYetValid => ProblemCode::CertificateNotYetValid,
            Self::Expired => ProblemCode::CertificateExpired,
            Self::Revoked => ProblemCode::CertificateRevoked,
            Self::RevocationUnknown(_) => ProblemCode::RevocationUnavailable,
        }
    }
}

impl Authority {
    /// Reads the anchors and remembers where the revocation list lies.
    pub fn read(section: &TrustSection) -> Result<Self, KeyError> {
        const EXPECTED: &str = "self-signed RSA certificates of an authority (PEM)";
        let path = &section.authentication_authority;
        let unsuitable = |path: &Path, expected| KeyError::Unsuitable { path: path.to_owned(), expected };
        let anchors: Option<Vec<_>> =
            read_pem(path, EXPECTED)?.into_iter().map(|block| Anchor::check(block.into_contents())).collect();
        let anchors = anchors.ok_or_else(|| unsuitable(path, EXPECTED))?;
        let policy = policy_oid(&section.authentication_policy)
            .ok_or_else(|| unsuitable(Path::new("authentication_policy"), "an object identifier like 1.2.392"))?;
        Ok(Self { anchors, policy, revocations: Revocations::new(section.authentication_revocations.clone()) })
    }

    /// Verifies a user-authentication certificate at an instant.
    pub fn verify(&self, der: &[u8], now: Timestamp) -> Result<ValidCertificate, CertificateError> {
        let certificate = parse(der).ok_or(CertificateError::Untrusted)?;
        let anchor = self.issuer(&certificate, now).ok_or(CertificateError::Untrusted)?;
        if !self.is_for_authentication(&certificate).unwrap_or(false) {
            return Err(CertificateError::WrongPurpose);
        }
        let validity = certificate.validity();
        if now.as_second() < validity.not_before.timestamp() {
            return Err(CertificateError::NotYetValid);
        }
        if now.as_second() > validity.not_after.timestamp() {
            return Err(CertificateError::Expired);
        }
        let revoked = self
            .revocations
            .contains(certificate.raw_serial(), &anchor, now)
            .map_err(CertificateError::RevocationUnknown)?;
        if revoked {
            return Err(CertificateError::Revoked);
        }
        let public_key = certificate.public_key().subject_public_key.data.to_vec();
        Ok(ValidCertificate { public_key, digest: sha256(der) })
    }

    /// Whether bytes are a certificate of the user-authentication profile, whoever signed them.
    pub fn is_of_profile(&self, der: &[u8]) -> bool {
        parse(der).is_some_and(|certificate| {
            has_accepted_algorithms(&certificate) && self.is_for_authentication(&certificate).unwrap_or(false)
        })
    }

    /// The anchor that signed the certificate and is valid now. Generations share a name: the key decides.
    fn issuer(&self, certificate: &X509Certificate<'_>, now: Timestamp) -> Option<X509Certificate<'_>> {
        if !has_accepted_algorithms(certificate) {
            return None;
        }
        self.anchors.iter().filter_map(|anchor| parse(&anchor.0)).find(|anchor| {
            let validity = anchor.validity();
            anchor.subject().as_raw() == certificate.issuer().as_raw()
                && (validity.not_before.timestamp()..=validity.not_after.timestamp()).contains(&now.as_second())
                && certificate.verify_signature(Some(anchor.public_key())).is_ok()
        })
    }

    /// Key usage, extended key usage, policy and constraints; `None` where an extension stands twice.
    fn is_for_authentication(&self, certificate: &X509Certificate<'_>) -> Option<bool> {
        let usage = certificate.key_usage().ok()??.value;
        let extended = certificate.extended_key_usage().ok()??.value;
        let constraints = certificate.basic_constraints().ok()?;
        let policies = certificate.get_extension_unique(&oid::OID_X509_EXT_CERTIFICATE_POLICIES).ok()??;
        let names_policy = match policies.parsed_extension() {
            x509_parser::extensions::ParsedExtension::CertificatePolicies(policies) => {
                policies.iter().any(|policy| policy.policy_id == self.policy)
            }
            _ => false,
        };
        let is_understood =
            certificate.extensions().iter().all(|extension| !extension.critical || UNDERSTOOD.contains(&extension.oid));
        Some(
            usage.digital_signature()
                && !usage.non_repudiation()
                && !usage.key_cert_sign()
                && extended.client_auth
                && names_policy
                && is_understood
                && !constraints.is_some_and(|constraints| constraints.value.ca),
        )
    }
}

/// Extensions that may be critical because they are looked at.
const UNDERSTOOD: [Oid<'static>; 4] = [
    oid::OID_X509_EXT_KEY_USAGE,
    oid::OID_X509_EXT_EXTENDED_KEY_USAGE,
    oid::OID_X509_EXT_CERTIFICATE_POLICIES,
    oid::OID_X509_EXT_BASIC_CONSTRAINTS,
];

/// The longest certificate that is looked at; real ones have about 1,600 bytes.
const MAXIMUM_BYTES: usize = 8 * 1024;

impl Anchor {
    fn check(der: Vec<u8>) -> Option<Self> {
        let certificate = parse(&der)?;
        let is_authority = certificate.basic_constraints().ok()??.value.ca;
        let usage = certificate.key_usage().ok()??.value;
        let holds = is_authority
            && usage.key_cert_sign()
            && usage.crl_sign()
            && has_accepted_algorithms(&certificate)
            && certificate.verify_signature(None).is_ok();
        holds.then_some(Self(der))
    }
}

fn parse(der: &[u8]) -> Option<X509Certificate<'_>> {
    if der.len() > MAXIMUM_BYTES {
        return None;
    }
    let (rest, certificate) = X509Certificate::from_der(der).ok()?;
    rest.is_empty().then_some(certificate)
}

/// RSA of at least 2,048 bits, signed with SHA-256, and both places name the same algorithm.
fn has_accepted_algorithms(certificate: &X509Certificate<'_>) -> bool {
    let algorithms = [&certificate.signature_algorithm, &certificate.tbs_certificate.signature];
    let is_strong = matches!(
        certificate.public_key().parsed(),
        Ok(PublicKey::RSA(key)) if key.key_size() >= 2048
    );
    is_strong && algorithms.into_iter().all(|algorithm| algorithm.algorithm == oid::OID_PKCS1_SHA256WITHRSA)
}

fn policy_oid(text: &str) -> Option<Oid<'static>> {
    let numbers: Result<Vec<u64>, _> = text.split('.').map(str::parse).collect();
    Oid::from(&numbers.ok()?).ok()
}
