//! What public keys alone tell of a paper: its printed codes, wherever they stand on a page, and who signed them.
//!
//! Anybody can hold these keys: the issuer publishes them. They say what the centre signed, for comparison with the text
//! beside the codes. What the centre's secret and its records are needed for cannot be told so: the front inside the
//! scramble picture, originality, and whether the certificate is still in force.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;
use shared::domain::vaccine::Product;
use shared::qr::health_card::HealthCard;
use shared::qr::public_key::{Jwks, PublicKey};
use shared::qr::vds_nc::{Seal, Signer};
use x509_parser::pem::Pem;

use crate::raster::Raster;
use crate::scramble::reading::qr;

use super::CodeKind;
use super::codes::kind_of;
use super::report::{self, Finding, FindingState, Words};

/// The keys that codes are verified with.
#[derive(Debug)]
pub struct PublicKeys {
    health_card: Vec<PublicKey>,
    barcode_signers: Vec<(Vec<u8>, PublicKey)>,
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum PublicKeysError {
    /// A file cannot be read.
    #[error("{0} cannot be read")]
    Read(PathBuf, #[source] io::Error),
    /// A file is no key set.
    #[error("{0} is no JSON Web Key Set of P-256 keys: take it from the issuer's /.well-known/jwks.json")]
    KeySet(PathBuf),
    /// A file is no certificate.
    #[error("{0} is no certificate of a P-256 key in PEM: take the barcode signer's")]
    Certificate(PathBuf),
}

/// What the codes of a paper showed.
#[derive(Debug, Serialize)]
pub struct CodesReport {
    /// Every code found is signed; one is not; or none was found.
    pub verdict: CodesVerdict,
    /// The codes, page by page.
    pub codes: Vec<SignedCode>,
    /// What could not be looked at.
    pub limits: Words,
}

/// What follows from all codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CodesVerdict {
    /// At least one code, and each is signed.
    Signed,
    /// A code is not signed by these keys.
    Forged,
    /// No code could be read.
    Unreadable,
}

/// A code and what it says.
#[derive(Serialize)]
pub struct SignedCode {
    /// The page, from 1.
    pub page: usize,
    /// Which code.
    pub kind: CodeKind,
    /// Whether it is signed.
    #[serde(flatten)]
    pub finding: Finding,
    /// What it says, line by line; nothing of a code that is not signed.
    pub says: Vec<String>,
}

// It says a name.
shared::hidden_debug!(SignedCode);

impl PublicKeys {
    /// From the issuer's key set and the certificates of barcode signers (PEM).
    pub fn read(key_set: &Path, signers: &[PathBuf]) -> Result<Self, PublicKeysError> {
        let bytes = |path: &Path| fs::read(path).map_err(|source| PublicKeysError::Read(path.to_owned(), source));
        let no_set = || PublicKeysError::KeySet(key_set.to_owned());
        let set: Jwks = serde_json::from_slice(&bytes(key_set)?).ok().ok_or_else(no_set)?;
        let health_card: Option<Vec<PublicKey>> = set.keys.iter().map(PublicKey::from_jwk).collect();
        let signer = |path: &PathBuf| {
            let file = bytes(path)?;
            signer_of(&file).ok_or_else(|| PublicKeysError::Certificate(path.clone()))
        };
        Ok(Self {
            health_card: health_card.ok_or_else(no_set)?,
            barcode_signers: signers.iter().map(signer).collect::<Result<_, _>>()?,
        })
    }

    /// Reads and verifies the codes on pages.
    pub fn verify(&self, pages: &[Raster]) -> CodesReport {
        let kinds = [CodeKind::HealthCard, CodeKind::VdsNc];
        let places = (1..).zip(pages).flat_map(|(number, page)| kinds.map(|kind| (number, page, kind)));
        let codes: Vec<SignedCode> =
            places.filter_map(|(number, page, kind)| self.code(number, &text_of(page, kind)?, kind)).collect();
        let verdict = if codes.is_empty() {
            CodesVerdict::Unreadable
        } else if codes.iter().all(|code| code.finding.state == FindingState::Holds) {
            CodesVerdict::Signed
        } else {
            CodesVerdict::Forged
        };
        CodesReport { verdict, codes, limits: report::PUBLIC_KEYS_ONLY }
    }

    fn code(&self, page: usize, text: &str, kind: CodeKind) -> Option<SignedCode> {
        let (says, signed, forged) = match kind {
            CodeKind::HealthCard => {
                let card = HealthCard::verify(text, &self.health_card).ok();
                (card.as_ref().map(card_lines), report::HEALTH_CARD_SIGNED, report::HEALTH_CARD_FORGED)
            }
            // Without a signer's certificate nothing can be said of it.
            CodeKind::VdsNc if self.barcode_signers.is_empty() => return None,
            CodeKind::VdsNc => {
                let signers = self.barcode_signers.iter();
                let signers: Vec<Signer<'_>> =
                    signers.map(|(certificate, key)| Signer { certificate, key: *key }).collect();
                let seal = Seal::verify(text, &signers).ok();
                (seal.as_ref().map(seal_lines), report::VDS_NC_SIGNED, report::VDS_NC_FORGED)
            }
        };
        let finding = if says.is_some() { Finding::holds(signed) } else { Finding::fails(forged) };
        Some(SignedCode { page, kind, finding, says: says.unwrap_or_default() })
    }
}

impl CodesReport {
    /// The exit status of `center verify`.
    pub const fn exit_status(&self) -> u8 {
        match self.verdict {
            CodesVerdict::Signed => 0,
            CodesVerdict::Forged => 20,
            CodesVerdict::Unreadable => 21,
        }
    }

    /// The verdict in a sentence that says what to do next.
    pub const fn summary(&self) -> Words {
        match self.verdict {
            CodesVerdict::Signed => report::CODES_SIGNED,
            CodesVerdict::Forged => report::CODES_FORGED,
            CodesVerdict::Unreadable => report::CODES_UNREADABLE,
        }
    }

    /// The report in sentences.
    pub fn lines(&self) -> Vec<String> {
        let words = |words: &Words| format!("{} / {}", words.japanese, words.english);
        let mut lines = vec![words(&self.summary())];
        for code in &self.codes {
            lines.push(words(&code.finding.words));
            lines.extend(code.says.iter().map(|line| format!("  {line}")));
        }
        lines.push(words(&self.limits));
        lines
    }
}

fn text_of(page: &Raster, kind: CodeKind) -> Option<String> {
    qr::find(page, |text| {
        let text = std::str::from_utf8(text).ok()?;
        (kind_of(text) == Some(kind)).then(|| text.to_owned())
    })
}

/// The certificate in a PEM file, and its key.
fn signer_of(file: &[u8]) -> Option<(Vec<u8>, PublicKey)> {
    let pem = Pem::iter_from_buffer(file).next()?.ok()?;
    let point = pem.parse_x509().ok()?.public_key().subject_public_key.data.to_vec();
    Some((pem.contents, PublicKey::parse(&point)?))
}

fn card_lines(card: &HealthCard) -> Vec<String> {
    let names = card.names.iter().map(|name| format!("{} {}", name.family, name.given.join(" ")));
    let doses = card.immunizations.iter().map(|dose| {
        let product = Product::of_cvx(dose.cvx).map(Product::naming);
        let name =
            product.map_or_else(|| format!("CVX {}", dose.cvx), |name| format!("{} {}", name.japanese, name.english));
        format!("{}  {name}  {}", dose.date, dose.lot)
    });
    names.chain([card.birth_date.to_string()]).chain(doses).collect()
}

fn seal_lines(seal: &Seal) -> Vec<String> {
    let person = &seal.msg.person;
    let who = [person.name.clone(), format!("{}  {}  {}", person.birth_date, person.sex, person.passport)];
    let doses = seal.msg.products.iter().flat_map(|product| {
        product.doses.iter().map(|dose| format!("{}  {}  {}  {}", dose.number, dose.date, product.name, dose.lot))
    });
    who.into_iter().chain(doses).collect()
}
