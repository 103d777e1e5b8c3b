//! Signs the printed codes, and accepts only codes that say what the certificate says.

use std::path::Path;

use jiff::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use shared::domain::certificate::{Content, Form, PrintedPassport};
use shared::domain::person::Sex;
use shared::qr::health_card::{self, HealthCard};
use shared::qr::public_key::{Jwks, PublicKey};
use shared::qr::vds_nc::{self, Seal, Signer};
use shared::qr::{DecodeError, EncodeError, Signature, SigningFailed};
use x509_parser::prelude::{FromDer as _, X509Certificate};
use zeroize::Zeroizing;

use crate::certificate::{ReviewedCertificate, SealedCertificate};
use crate::config::SigningSection;
use crate::secrets;

/// Keys as read from their files, PEM or DER.
#[derive(Clone, Copy)]
pub struct KeyFiles<'a> {
    /// Where the health card's keys are published: https, without a trailing slash.
    pub issuer: &'a str,
    /// PKCS#8 of the health card's P-256 key.
    pub health_card_key: &'a [u8],
    /// The barcode signer's certificate (Doc 9303-12).
    pub barcode_signer: &'a [u8],
    /// PKCS#8 of the barcode signer's P-256 key.
    pub barcode_signer_key: &'a [u8],
}

/// What the centre signs the printed codes with.
pub struct SigningKeys {
    issuer: String,
    health_card: EcdsaKeyPair,
    health_card_public: PublicKey,
    barcode: EcdsaKeyPair,
    barcode_public: PublicKey,
    barcode_certificate: Vec<u8>,
    barcode_valid: (Timestamp, Timestamp),
}

/// Why the keys cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The issuer is not an https address without a trailing slash.
    #[error("the issuer is not an https address without a trailing slash")]
    Issuer,
    /// A file is not a PKCS#8 P-256 key.
    #[error("the {0} is not a PKCS#8 P-256 key")]
    Key(&'static str),
    /// The barcode signer's certificate cannot be read.
    #[error("the barcode signer's certificate cannot be read")]
    Certificate,
    /// The barcode signer's certificate is of another key.
    #[error("the barcode signer's certificate is of another key")]
    Mismatch,
}

/// Why a certificate was not sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The content does not fit the health card.
    #[error("the health card cannot be made")]
    HealthCard(#[source] EncodeError),
    /// The content does not fit the VDS-NC.
    #[error("the VDS-NC cannot be made")]
    VdsNc(#[source] EncodeError),
    /// The barcode signer's certificate is not valid at the time of issue.
    #[error("the barcode signer's certificate is not valid now")]
    SignerExpired,
    /// A code that was made cannot be read back.
    #[error("a code that was made cannot be read back")]
    Unreadable(#[from] DecodeError),
    /// A code says something else than the certificate. Names the item, not its value.
    #[error("the {0} says something else than the certificate")]
    Confused(&'static str),
}

/// Why the keys of a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A file cannot be read.
    #[error("a key file cannot be read")]
    File(#[from] secrets::KeyError),
    /// What the files hold is not what is needed.
    #[error("the key files do not hold the keys of the printed codes")]
    Keys(#[from] KeyError),
}

impl SigningKeys {
    /// Reads the files that a configuration names.
    pub fn read(section: &SigningSection) -> Result<Self, ReadError> {
        let read = |path: &Path| {
            let file = std::fs::read(path).map(Zeroizing::new);
            file.map_err(|source| secrets::KeyError::Unreadable { path: path.to_owned(), source })
        };
        let files = KeyFiles {
            issuer: &section.issuer,
            health_card_key: &read(&section.health_card_key)?,
            barcode_signer: &read(&section.barcode_signer)?,
            barcode_signer_key: &read(&section.barcode_signer_key)?,
        };
        Ok(Self::load(&files, &SystemRandom::new())?)
    }

    /// Reads the keys and checks that key and certificate of the barcode signer belong together.
    pub fn load(files: &KeyFiles<'_>, rng: &dyn SecureRandom) -> Result<Self, KeyError> {
        if !files.issuer.starts_with("https://") || files.issuer.ends_with('/') {
            return Err(KeyError::Issuer);
        }
        let (health_card, health_card_public) =
            key_pair(files.health_card_key, rng).ok_or(KeyError::Key("health card's key"))?;
        let (barcode, barcode_public) =
            key_pair(files.barcode_signer_key, rng).ok_or(KeyError::Key("barcode signer's key"))?;
        let barcode_certificate = der(files.barcode_signer).ok_or(KeyError::Certificate)?;
        let barcode_valid = {
            let (rest, certificate) =
                X509Certificate::from_der(&barcode_certificate).ok().ok_or(KeyError::Certificate)?;
            if !rest.is_empty() {
                return Err(KeyError::Certificate);
            }
            if certificate.public_key().subject_public_key.data.as_ref() != barcode_public.point().as_slice() {
                return Err(KeyError::Mismatch);
            }
            validity(&certificate).ok_or(KeyError::Certificate)?
        };
        Ok(Self {
            issuer: files.issuer.to_owned(),
            health_card,
            health_card_public,
            barcode,
            barcode_public,
            barcode_certificate,
            barcode_valid,
        })
    }

    /// The health card's public keys, to be published under the issuer's `/.well-known/jwks.json`.
    pub fn jwks(&self) -> Jwks {
        Jwks { keys: vec![self.health_card_public.jwk()] }
    }

    /// The key readers check health cards with.
    pub const fn health_card_key(&self) -> PublicKey {
        self.health_card_public
    }

    /// The signer readers check VDS-NC with.
    pub fn barcode_signer(&self) -> Signer<'_> {
        Signer { certificate: &self.barcode_certificate, key: self.barcode_public }
    }

    /// Where the health card's keys are published.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }
}

shared::hidden_debug!(SigningKeys);

impl std::fmt::Debug for KeyFiles<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyFiles(..)")
    }
}

/// Signs the codes of a reviewed certificate. What was signed is decoded again and compared with the
/// certificate item by item: codes of another person or issue are refused, whatever confused them.
pub fn seal(
    certificate: ReviewedCertificate,
    keys: &SigningKeys,
    issued_at: Timestamp,
    rng: &dyn SecureRandom,
) -> Result<SealedCertificate, SealError> {
    let content = certificate.content();
    let health_card = HealthCard::compose(content, &keys.issuer, issued_at)
        .encode(&keys.health_card_public.thumbprint(), |message| sign(&keys.health_card, message, rng))
        .map_err(SealError::HealthCard)?;
    let vds_nc = match (content.form, &content.passport) {
        (Form::Domestic, None) => None,
        (Form::Overseas, Some(passport)) => {
            if issued_at < keys.barcode_valid.0 || issued_at > keys.barcode_valid.1 {
                return Err(SealError::SignerExpired);
            }
            let seal = Seal::compose(content, passport).map_err(SealError::VdsNc)?;
            let text = seal
                .encode(&keys.barcode_certificate, |message| sign(&keys.barcode, message, rng))
                .map_err(SealError::VdsNc)?;
            Some(text)
        }
        (Form::Domestic, Some(_)) | (Form::Overseas, None) => return Err(SealError::Confused("form")),
    };
    accept(content, &health_card, vds_nc.as_deref(), keys)?;
    Ok(certificate.seal(health_card, vds_nc))
}

/// Whether both codes can carry this content. Nothing is signed: the signing step is reached and declined.
pub fn fits(content: &Content, keys: &SigningKeys, at: Timestamp) -> bool {
    let decline = |_: &[u8]| Err(SigningFailed);
    let reached = |attempt: Result<String, EncodeError>| matches!(attempt, Err(EncodeError::Signing(_)));
    let card = HealthCard::compose(content, &keys.issuer, at);
    reached(card.encode(&keys.health_card_public.thumbprint(), decline))
        && content.passport.as_ref().is_none_or(|passport| {
            let seal = Seal::compose(content, passport);
            seal.is_ok_and(|seal| reached(seal.encode(&keys.barcode_certificate, decline)))
        })
}

/// Compares both codes, as a reader decodes them, with the content.
fn accept(content: &Content, health_card: &str, vds_nc: Option<&str>, keys: &SigningKeys) -> Result<(), SealError> {
    let card = HealthCard::verify(health_card, &[keys.health_card_public])?;
    if !health_card_says(&card, content, &keys.issuer) {
        return Err(SealError::Confused("health card"));
    }
    match (&content.passport, vds_nc) {
        (None, None) => Ok(()),
        (Some(passport), Some(text)) => {
            let seal = Seal::verify(text, &[keys.barcode_signer()])?;
            vds_nc_says(&seal, content, passport).then_some(()).ok_or(SealError::Confused("VDS-NC"))
        }
        (None, Some(_)) | (Some(_), None) => Err(SealError::Confused("form")),
    }
}

fn health_card_says(card: &HealthCard, content: &Content, issuer: &str) -> bool {
    let whole = |name: &health_card::Name| format!("{}{}", name.family, name.given.concat());
    let roman = content.passport.as_ref().map(|p| format!("{}{}", p.surname, p.given.replace(' ', "")));
    let names = std::iter::once(content.name.replace('\u{3000}', "")).chain(roman);
    card.issuer == issuer
        && card.names.iter().map(whole).eq(names)
        && card.birth_date == content.birth_date
        && card.immunizations.len() == content.doses.len()
        && card
            .immunizations
            .iter()
            .zip(&content.doses)
            .all(|(read, dose)| read.cvx == dose.product.naming().cvx && read.date == dose.date && read.lot == dose.lot)
}

fn vds_nc_says(seal: &Seal, content: &Content, passport: &PrintedPassport) -> bool {
    let person = &seal.msg.person;
    let sex = match content.sex {
        Sex::Male => "M",
        Sex::Female => "F",
        Sex::NotApplicable => "X",
    };
    let name = vds_nc::machine_readable_name(&passport.surname, &passport.given);
    let mut doses: Vec<_> =
        seal.msg.products.iter().flat_map(|product| product.doses.iter().map(move |dose| (product, dose))).collect();
    doses.sort_by_key(|(_, dose)| dose.number);
    seal.msg.certificate == content.certificate.as_str()
        && person.passport == passport.number.as_str()
        && person.birth_date == content.birth_date
        && person.sex == sex
        && name.is_ok_and(|name| name == person.name)
        && doses.len() == content.doses.len()
        && doses.iter().zip(&content.doses).all(|((product, read), dose)| {
            let naming = dose.product.naming();
            (product.name.as_str(), product.vaccine.as_str()) == (naming.english, naming.icd_11)
                && (read.number, read.date) == (dose.number, dose.date)
                && (read.lot.as_str(), read.country.as_str()) == (dose.lot.as_str(), dose.country.as_str())
        })
}

fn sign(key: &EcdsaKeyPair, message: &[u8], rng: &dyn SecureRandom) -> Result<Signature, SigningFailed> {
    let signature = key.sign(rng, message).map_err(|ring::error::Unspecified| SigningFailed)?;
    signature.as_ref().try_into().map_err(|std::array::TryFromSliceError { .. }| SigningFailed)
}

fn key_pair(file: &[u8], rng: &dyn SecureRandom) -> Option<(EcdsaKeyPair, PublicKey)> {
    let pkcs8 = Zeroizing::new(der(file)?);
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pkcs8, rng).ok()?;
    let public = PublicKey::parse(pair.public_key().as_ref())?;
    Some((pair, public))
}

/// The DER in a file that is PEM or DER.
fn der(file: &[u8]) -> Option<Vec<u8>> {
    if file.first() == Some(&0x30) {
        return Some(file.to_vec());
    }
    pem::parse(file).ok().map(pem::Pem::into_contents)
}

fn validity(certificate: &X509Certificate<'_>) -> Option<(Timestamp, Timestamp)> {
    let validity = certificate.validity();
    Some((
        Timestamp::from_second(validity.not_before.timestamp()).ok()?,
        Timestamp::from_second(validity.not_after.timestamp()).ok()?,
    ))
}

#[cfg(test)]
pub(crate) mod tests;
