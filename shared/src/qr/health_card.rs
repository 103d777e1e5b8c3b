//! The SMART Health Card (framework 1.4.0): a FHIR bundle, minified, deflated, signed, and written in digits.

use std::io::{Read as _, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::public_key::PublicKey;
use super::{DecodeError, EncodeError, ErrorCorrection, RESPONSIBLE_AUTHORITY, Signature, SigningFailed};
use crate::domain::certificate::Content;

/// The most characters of a signed card in one symbol of version 22 at level L.
pub const MAXIMUM_JWS: usize = 1195;

/// The most characters of a signed card in one symbol of version 22 at level M.
pub const MAXIMUM_JWS_AT_M: usize = 927;

/// The largest symbol version a card is printed in.
pub const MAXIMUM_VERSION: u8 = 22;

const PREFIX: &str = "shc:/";
const CARD_TYPE: &str = "https://smarthealth.cards#health-card";
const CVX: &str = "http://hl7.org/fhir/sid/cvx";
const SIGNATURE_CHARACTERS: usize = 86;
const MAXIMUM_PAYLOAD_BYTES: u64 = 16 * 1024;

/// What a health card says.
#[derive(Clone, PartialEq, Eq)]
pub struct HealthCard {
    /// Where the issuer publishes its keys: https, without a trailing slash.
    pub issuer: String,
    /// When it was issued, whole seconds.
    pub not_before: Timestamp,
    /// The name as the card gives it; on the overseas form the roman name follows.
    pub names: Vec<Name>,
    /// Date of birth.
    pub birth_date: Date,
    /// The doses in their order.
    pub immunizations: Vec<Immunization>,
}

/// A name in two parts.
#[derive(Clone, PartialEq, Eq)]
pub struct Name {
    /// Family name, a former name in brackets behind it.
    pub family: String,
    /// Given names; none if the name cannot be divided.
    pub given: Vec<String>,
}

/// One dose.
#[derive(Clone, PartialEq, Eq)]
pub struct Immunization {
    /// Product (CDC CVX).
    pub cvx: u16,
    /// Day of vaccination.
    pub date: Date,
    /// Lot.
    pub lot: String,
}

crate::hidden_debug!(HealthCard, Name, Immunization);

impl HealthCard {
    /// What the card of a certificate says.
    pub fn compose(content: &Content, issuer: &str, issued_at: Timestamp) -> Self {
        let roman = content.passport.as_ref().map(|passport| Name::new(&passport.surname, &passport.given, ' '));
        let (family, given) = content.name.split_once('\u{3000}').unwrap_or((&content.name, ""));
        Self {
            issuer: issuer.to_owned(),
            not_before: Timestamp::from_second(issued_at.as_second()).unwrap_or(issued_at),
            names: std::iter::once(Name::new(family, given, '\u{3000}')).chain(roman).collect(),
            birth_date: content.birth_date,
            immunizations: content
                .doses
                .iter()
                .map(|dose| Immunization { cvx: dose.product.naming().cvx, date: dose.date, lot: dose.lot.clone() })
                .collect(),
        }
    }

    /// Signs the card and writes it as `shc:/…`. `sign` makes an ES256 signature with the key whose
    /// thumbprint is `kid`; it is not called for a card that does not fit its symbol.
    pub fn encode(
        &self,
        kid: &str,
        sign: impl FnOnce(&[u8]) -> Result<Signature, SigningFailed>,
    ) -> Result<String, EncodeError> {
        self.check()?;
        let header = Header { zip: "DEF".to_owned(), alg: "ES256".to_owned(), kid: kid.to_owned() };
        let mut jws =
            format!("{}.{}", base64url_json(&header)?, URL_SAFE_NO_PAD.encode(deflate(&json(&self.claims())?)?));
        if jws.len() + 1 + SIGNATURE_CHARACTERS > MAXIMUM_JWS {
            return Err(EncodeError::Size);
        }
        let signature = sign(jws.as_bytes())?;
        jws.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut jws);
        Ok(numeric(&jws))
    }

    /// Reads a card and checks that one of these keys signed it.
    pub fn verify(text: &str, keys: &[PublicKey]) -> Result<Self, DecodeError> {
        let jws = characters(text).ok_or(DecodeError::Malformed)?;
        let (signed, signature) = jws.rsplit_once('.').ok_or(DecodeError::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(DecodeError::Malformed)?;
        let header: Header = from_json(&from_base64url(header)?)?;
        if header.zip != "DEF" || header.alg != "ES256" {
            return Err(DecodeError::Malformed);
        }
        let key = keys.iter().find(|key| key.thumbprint() == header.kid).ok_or(DecodeError::Signer)?;
        let signature: Signature = from_base64url(signature)?.try_into().ok().ok_or(DecodeError::Signature)?;
        key.verify(signed.as_bytes(), &signature)?;
        let claims: Claims = from_json(&inflate(&from_base64url(payload)?)?)?;
        Self::from_claims(claims).ok_or(DecodeError::Malformed)
    }

    fn check(&self) -> Result<(), EncodeError> {
        if !self.issuer.starts_with("https://") || self.issuer.ends_with('/') {
            return Err(EncodeError::Letters("issuer"));
        }
        if self.names.iter().any(|name| name.family.is_empty()) {
            return Err(EncodeError::Length("name"));
        }
        if self.immunizations.is_empty() {
            return Err(EncodeError::Length("doses"));
        }
        Ok(())
    }

    fn claims(&self) -> Claims {
        let name = |(index, name): (usize, &Name)| HumanName {
            usage: (index == 0).then(|| "usual".to_owned()),
            family: name.family.clone(),
            given: name.given.clone(),
        };
        let patient =
            Resource::Patient { name: self.names.iter().enumerate().map(name).collect(), birth_date: self.birth_date };
        let immunizations = self.immunizations.iter().map(|dose| Resource::Immunization {
            status: "completed".to_owned(),
            vaccine_code: VaccineCode { coding: [Coding { system: CVX.to_owned(), code: dose.cvx.to_string() }] },
            patient: Reference { reference: "resource:0".to_owned() },
            occurrence_date_time: dose.date,
            lot_number: dose.lot.clone(),
            performer: [Performer { actor: Actor { display: RESPONSIBLE_AUTHORITY.to_owned() } }],
        });
        let entry = std::iter::once(patient)
            .chain(immunizations)
            .enumerate()
            .map(|(index, resource)| Entry { full_url: format!("resource:{index}"), resource })
            .collect();
        Claims {
            iss: self.issuer.clone(),
            nbf: self.not_before.as_second(),
            vc: Credential {
                kind: [CARD_TYPE.to_owned()],
                credential_subject: Subject {
                    fhir_version: "4.0.1".to_owned(),
                    fhir_bundle: Bundle { resource_type: BundleType::Bundle, kind: "collection".to_owned(), entry },
                },
            },
        }
    }

    fn from_claims(claims: Claims) -> Option<Self> {
        let Credential { kind: [kind], credential_subject: subject } = claims.vc;
        if kind != CARD_TYPE || subject.fhir_version != "4.0.1" || subject.fhir_bundle.kind != "collection" {
            return None;
        }
        let mut resources = Vec::new();
        for (index, entry) in subject.fhir_bundle.entry.into_iter().enumerate() {
            if entry.full_url != format!("resource:{index}") {
                return None;
            }
            resources.push(entry.resource);
        }
        let mut resources = resources.into_iter();
        let Some(Resource::Patient { name, birth_date }) = resources.next() else { return None };
        Some(Self {
            issuer: claims.iss,
            not_before: Timestamp::from_second(claims.nbf).ok()?,
            names: name.into_iter().map(|name| Name { family: name.family, given: name.given }).collect(),
            birth_date,
            immunizations: resources.map(Resource::into_immunization).collect::<Option<_>>()?,
        })
    }
}

impl Name {
    fn new(family: &str, given: &str, separator: char) -> Self {
        let given = given.split(separator).filter(|part| !part.is_empty()).map(str::to_owned).collect();
        Self { family: family.to_owned(), given }
    }
}

/// The level at which a card is printed: M when it fits, else L.
pub const fn error_correction(text: &str) -> ErrorCorrection {
    let characters = text.len().saturating_sub(PREFIX.len()) / 2;
    if characters <= MAXIMUM_JWS_AT_M { ErrorCorrection::M } else { ErrorCorrection::L }
}

/// The signed form (JWS) inside a card's `shc:/…` text, as a `.smart-health-card` file carries it.
pub fn jws(text: &str) -> Option<String> {
    characters(text)
}

/// Writes each character as the two digits of its code less 45.
fn numeric(jws: &str) -> String {
    let mut text = String::with_capacity(PREFIX.len() + jws.len() * 2);
    text.push_str(PREFIX);
    for byte in jws.bytes() {
        let value = byte.saturating_sub(b'-');
        text.push(char::from(b'0' + value / 10));
        text.push(char::from(b'0' + value % 10));
    }
    text
}

fn characters(text: &str) -> Option<String> {
    let digits = text.strip_prefix(PREFIX)?.as_bytes();
    if digits.len() > MAXIMUM_JWS * 2 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let (pairs, rest) = digits.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    Some(pairs.iter().map(|[tens, ones]| char::from((tens - b'0') * 10 + (ones - b'0') + b'-')).collect())
}

fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, EncodeError> {
    serde_json::to_vec(value).map_err(|serde_json::Error { .. }| EncodeError::Size)
}

fn base64url_json<T: Serialize>(value: &T) -> Result<String, EncodeError> {
    Ok(URL_SAFE_NO_PAD.encode(json(value)?))
}

fn from_base64url(text: &str) -> Result<Vec<u8>, DecodeError> {
    URL_SAFE_NO_PAD.decode(text).ok().ok_or(DecodeError::Malformed)
}

fn from_json<T: for<'de> Deserialize<'de>>(json: &[u8]) -> Result<T, DecodeError> {
    serde_json::from_slice(json).ok().ok_or(DecodeError::Malformed)
}

fn deflate(bytes: &[u8]) -> Result<Vec<u8>, EncodeError> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).ok().ok_or(EncodeError::Size)
}

fn inflate(bytes: &[u8]) -> Result<Vec<u8>, DecodeError> {
    let mut inflated = Vec::new();
    let read = DeflateDecoder::new(bytes).take(MAXIMUM_PAYLOAD_BYTES + 1).read_to_end(&mut inflated);
    let whole = read.is_ok() && inflated.len() as u64 <= MAXIMUM_PAYLOAD_BYTES;
    whole.then_some(inflated).ok_or(DecodeError::Malformed)
}

#[derive(Serialize, Deserialize)]
struct Header {
    zip: String,
    alg: String,
    kid: String,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    nbf: i64,
    vc: Credential,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credential {
    #[serde(rename = "type")]
    kind: [String; 1],
    credential_subject: Subject,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Subject {
    fhir_version: String,
    fhir_bundle: Bundle,
}

#[derive(Serialize, Deserialize)]
struct Bundle {
    #[serde(rename = "resourceType")]
    resource_type: BundleType,
    #[serde(rename = "type")]
    kind: String,
    entry: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
enum BundleType {
    Bundle,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    full_url: String,
    resource: Resource,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "resourceType", rename_all_fields = "camelCase")]
enum Resource {
    Patient {
        name: Vec<HumanName>,
        birth_date: Date,
    },
    Immunization {
        status: String,
        vaccine_code: VaccineCode,
        patient: Reference,
        occurrence_date_time: Date,
        lot_number: String,
        performer: [Performer; 1],
    },
}

impl Resource {
    fn into_immunization(self) -> Option<Immunization> {
        let Self::Immunization { status, vaccine_code, patient, occurrence_date_time, lot_number, performer: _ } = self
        else {
            return None;
        };
        let VaccineCode { coding: [coding] } = vaccine_code;
        if status != "completed" || coding.system != CVX || patient.reference != "resource:0" {
            return None;
        }
        Some(Immunization { cvx: coding.code.parse().ok()?, date: occurrence_date_time, lot: lot_number })
    }
}

#[derive(Serialize, Deserialize)]
struct HumanName {
    #[serde(rename = "use", skip_serializing_if = "Option::is_none", default)]
    usage: Option<String>,
    family: String,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    given: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct VaccineCode {
    coding: [Coding; 1],
}

#[derive(Serialize, Deserialize)]
struct Coding {
    system: String,
    code: String,
}

#[derive(Serialize, Deserialize)]
struct Reference {
    reference: String,
}

#[derive(Serialize, Deserialize)]
struct Performer {
    actor: Actor,
}

#[derive(Serialize, Deserialize)]
struct Actor {
    display: String,
}

#[cfg(test)]
mod tests;
