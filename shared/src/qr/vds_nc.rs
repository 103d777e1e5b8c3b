//! The ICAO Visible Digital Seal for non-constrained environments, proof of vaccination (`icao.vacc` version 1).

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::public_key::PublicKey;
use super::{DecodeError, EncodeError, RESPONSIBLE_AUTHORITY, Signature, SigningFailed, canonical_json};
use crate::domain::certificate::{Content, PrintedDose, PrintedPassport};
use crate::domain::person::Sex;

/// The most bytes one symbol holds at level M: version 40, byte mode (ISO/IEC 18004 table 7).
pub const MAXIMUM_BYTES: usize = 2331;

/// The most characters of a name (Doc 9303-4 §4.2.2, positions 6 to 44).
pub const MAXIMUM_NAME: usize = 39;

const ISSUER: &str = "JPN";
const COVID_19: &str = "RA01.0";
const SIGNATURE_CHARACTERS: usize = 88;

/// The signed part.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    hdr: Header,
    /// What it says.
    pub msg: Message,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    t: String,
    v: u8,
    is: String,
}

/// What a seal says.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// The certificate's id.
    #[serde(rename = "uvci")]
    pub certificate: String,
    /// The person.
    #[serde(rename = "pid")]
    pub person: Person,
    /// The products, each with its doses.
    #[serde(rename = "ve")]
    pub products: Vec<VaccinatedProduct>,
}

/// The person, as the passport names them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Primary identifier, two spaces, secondary identifier; shortened by Doc 9303-4 §4.2.3.
    #[serde(rename = "n")]
    pub name: String,
    /// Date of birth.
    #[serde(rename = "dob")]
    pub birth_date: Date,
    /// `M`, `F` or `X`.
    pub sex: String,
    /// Passport number.
    #[serde(rename = "i")]
    pub passport: String,
}

/// A product.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VaccinatedProduct {
    /// ICD-11 extension code of the vaccine.
    #[serde(rename = "des")]
    pub vaccine: String,
    /// The product's name.
    #[serde(rename = "nam")]
    pub name: String,
    /// ICD-11 code of the disease.
    #[serde(rename = "dis")]
    pub disease: String,
    /// The doses.
    #[serde(rename = "vd")]
    pub doses: Vec<Dose>,
}

/// A dose.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dose {
    /// Day of vaccination.
    #[serde(rename = "dvc")]
    pub date: Date,
    /// Which dose, 1 to 99.
    #[serde(rename = "seq")]
    pub number: u8,
    /// Three-letter country.
    #[serde(rename = "ctr")]
    pub country: String,
    /// Responsible authority.
    #[serde(rename = "adm")]
    pub authority: String,
    /// Lot.
    pub lot: String,
}

crate::hidden_debug!(Seal, Message, Person, VaccinatedProduct, Dose);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    data: Seal,
    sig: EnvelopeSignature,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EnvelopeSignature {
    alg: String,
    cer: String,
    sigvl: String,
}

/// A barcode signer as readers trust it: its certificate (DER) and the key in it.
#[derive(Debug, Clone, Copy)]
pub struct Signer<'a> {
    /// The certificate.
    pub certificate: &'a [u8],
    /// Its key.
    pub key: PublicKey,
}

impl Seal {
    /// What the seal of a certificate says. `passport` is the content's own.
    pub fn compose(content: &Content, passport: &PrintedPassport) -> Result<Self, EncodeError> {
        let mut products: Vec<VaccinatedProduct> = Vec::new();
        for dose in &content.doses {
            let naming = dose.product.naming();
            match products.iter_mut().find(|product| product.name == naming.english) {
                Some(product) => product.doses.push(Dose::from(dose)),
                None => products.push(VaccinatedProduct {
                    vaccine: naming.icd_11.to_owned(),
                    name: naming.english.to_owned(),
                    disease: COVID_19.to_owned(),
                    doses: vec![Dose::from(dose)],
                }),
            }
        }
        let sex = match content.sex {
            Sex::Male => "M",
            Sex::Female => "F",
            Sex::NotApplicable => "X",
        };
        let person = Person {
            name: machine_readable_name(&passport.surname, &passport.given)?,
            birth_date: content.birth_date,
            sex: sex.to_owned(),
            passport: passport.number.as_str().to_owned(),
        };
        let seal = Self {
            hdr: Header { t: "icao.vacc".to_owned(), v: 1, is: ISSUER.to_owned() },
            msg: Message { certificate: content.certificate.as_str().to_owned(), person, products },
        };
        seal.check()?;
        Ok(seal)
    }

    /// Signs the seal and writes it with its signer's certificate. `sign` makes an ES256 signature with
    /// the certificate's key; it is not called for a seal that does not fit its symbol.
    pub fn encode(
        self,
        certificate: &[u8],
        sign: impl FnOnce(&[u8]) -> Result<Signature, SigningFailed>,
    ) -> Result<String, EncodeError> {
        self.check()?;
        let message = canonical(&self).ok_or(EncodeError::Size)?;
        let mut envelope = Envelope {
            data: self,
            sig: EnvelopeSignature {
                alg: "ES256".to_owned(),
                cer: URL_SAFE.encode(certificate),
                sigvl: "=".repeat(SIGNATURE_CHARACTERS),
            },
        };
        if canonical(&envelope).is_none_or(|text| text.len() > MAXIMUM_BYTES) {
            return Err(EncodeError::Size);
        }
        envelope.sig.sigvl = URL_SAFE.encode(sign(message.as_bytes())?);
        canonical(&envelope).ok_or(EncodeError::Size)
    }

    /// Reads a seal and checks that one of these signers made it.
    pub fn verify(text: &str, signers: &[Signer<'_>]) -> Result<Self, DecodeError> {
        if text.len() > MAXIMUM_BYTES {
            return Err(DecodeError::Malformed);
        }
        let envelope: Envelope = serde_json::from_str(text).ok().ok_or(DecodeError::Malformed)?;
        if envelope.sig.alg != "ES256" || envelope.data.check().is_err() {
            return Err(DecodeError::Malformed);
        }
        let certificate = URL_SAFE.decode(&envelope.sig.cer).ok().ok_or(DecodeError::Malformed)?;
        let signer = signers.iter().find(|s| s.certificate == certificate).ok_or(DecodeError::Signer)?;
        let signature = URL_SAFE.decode(&envelope.sig.sigvl).ok().ok_or(DecodeError::Malformed)?;
        let signature: Signature = signature.try_into().ok().ok_or(DecodeError::Signature)?;
        let message = canonical(&envelope.data).ok_or(DecodeError::Malformed)?;
        signer.key.verify(message.as_bytes(), &signature)?;
        Ok(envelope.data)
    }

    /// Every field within its length and its letters.
    fn check(&self) -> Result<(), EncodeError> {
        let Header { t, v, is } = &self.hdr;
        if (t.as_str(), *v, is.as_str()) != ("icao.vacc", 1, ISSUER) {
            return Err(EncodeError::Letters("header"));
        }
        let person = &self.msg.person;
        field("certificate id", &self.msg.certificate, 12)?;
        field("name", &person.name, MAXIMUM_NAME)?;
        field("sex", &person.sex, 1)?;
        field("passport number", &person.passport, 11)?;
        if self.msg.products.is_empty() {
            return Err(EncodeError::Length("doses"));
        }
        for product in &self.msg.products {
            field("vaccine", &product.vaccine, 6)?;
            field("product", &product.name, 99)?;
            field("disease", &product.disease, 6)?;
            if product.doses.is_empty() {
                return Err(EncodeError::Length("doses"));
            }
            for dose in &product.doses {
                field("country", &dose.country, 3)?;
                field("authority", &dose.authority, 20)?;
                field("lot", &dose.lot, 20)?;
            }
        }
        let numbers = || self.msg.products.iter().flat_map(|product| &product.doses).map(|dose| dose.number);
        let distinct: BTreeSet<u8> = numbers().collect();
        if distinct.len() != numbers().count() || !distinct.iter().all(|number| (1..=99).contains(number)) {
            return Err(EncodeError::Length("dose number"));
        }
        Ok(())
    }
}

impl From<&PrintedDose> for Dose {
    fn from(dose: &PrintedDose) -> Self {
        Self {
            date: dose.date,
            number: dose.number,
            country: dose.country.clone(),
            authority: RESPONSIBLE_AUTHORITY.to_owned(),
            lot: dose.lot.clone(),
        }
    }
}

/// The name as a machine-readable zone has it, with spaces for fillers.
///
/// Names that are too long are shortened as in the examples of Doc 9303-4 §4.2.3: the primary
/// identifier's last components become initials until a first letter of the secondary identifier fits;
/// the secondary identifier fills the rest; the last of the 39 positions is a letter.
pub fn machine_readable_name(surname: &str, given: &str) -> Result<String, EncodeError> {
    let (primary, secondary) = (components(surname)?, components(given)?);
    if primary.is_empty() {
        return Err(EncodeError::Length("name"));
    }
    if secondary.is_empty() {
        return Ok(cut(&primary, MAXIMUM_NAME));
    }
    let primary = initials_until(primary, MAXIMUM_NAME - 3);
    let rest = MAXIMUM_NAME - 2 - primary.len();
    Ok(format!("{primary}  {}", cut(&secondary, rest)))
}

/// Doc 9303-3 §4.6: a hyphen becomes a filler, an apostrophe is left out.
fn components(name: &str) -> Result<Vec<String>, EncodeError> {
    let letters: String = name.chars().filter(|&c| c != '\'').map(|c| if c == '-' { ' ' } else { c }).collect();
    if !letters.chars().all(|c| c == ' ' || c.is_ascii_uppercase()) {
        return Err(EncodeError::Letters("name"));
    }
    Ok(letters.split(' ').filter(|part| !part.is_empty()).map(str::to_owned).collect())
}

fn initials_until(mut components: Vec<String>, room: usize) -> String {
    for index in (1..components.len()).rev() {
        if components.join(" ").len() <= room {
            break;
        }
        if let Some(component) = components.get_mut(index) {
            component.truncate(1);
        }
    }
    cut(&components, room)
}

/// The first `room` characters, the last of them a letter: where it would be a space, the component
/// before it gives up a letter for the next one's initial.
fn cut(components: &[String], room: usize) -> String {
    let whole = components.join(" ");
    let Some(head) = whole.get(..room).filter(|_| whole.len() > room) else { return whole };
    let Some(before) = head.strip_suffix(' ') else { return head.to_owned() };
    let initial = whole.get(room..=room).unwrap_or_default();
    match before.get(..before.len().saturating_sub(1)) {
        Some(shorter) if !shorter.is_empty() && !shorter.ends_with(' ') => format!("{shorter} {initial}"),
        _ => before.to_owned(),
    }
}

fn field(item: &'static str, text: &str, maximum: usize) -> Result<(), EncodeError> {
    if text.is_empty() || text.len() > maximum {
        return Err(EncodeError::Length(item));
    }
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b" !@#$%&'*+/=?^_`{|}~.-".contains(&b);
    if text.bytes().all(allowed) { Ok(()) } else { Err(EncodeError::Letters(item)) }
}

fn canonical<T: Serialize>(value: &T) -> Option<String> {
    canonical_json::write(&serde_json::to_value(value).ok()?).ok()
}

#[cfg(test)]
mod tests;
