//! The record file: what `center load` takes and worlds write. JSON, one object a line.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::identifiers::{CertificateId, ChainId, MunicipalityCode, TerminalId};
use crate::domain::passport::Passport;
use crate::domain::person::Attributes;
use crate::domain::vaccine::Product;
use crate::hidden::Bytes;

mod accounts;
mod coupon;
mod line;
mod terms;

pub use accounts::{AccountId, AccountRecord, Role};
pub use coupon::{AddressNumber, Coupon, CouponNumber};
pub use terms::{Agreement, TermsDocument};

/// One line.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "kebab-case")]
pub enum Record {
    /// A store chain.
    Chain(ChainRecord),
    /// A terminal.
    Terminal(TerminalRecord),
    /// A municipality's consents. One that is not named has agreed to nothing.
    Municipality(MunicipalityRecord),
    /// An account of the municipal console.
    Account(AccountRecord),
    /// A person with everything the record system holds of them.
    Person(Box<PersonRecord>),
}

/// A store chain.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainRecord {
    /// Its id.
    pub chain: ChainId,
    /// Its name.
    pub name: String,
    /// Whether it offers the vaccination certificate.
    pub participating: bool,
}

/// A terminal in service.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TerminalRecord {
    /// Its number.
    pub terminal: TerminalId,
    /// Its chain.
    pub chain: ChainId,
    /// SHA-256 of the DER of its TLS certificate.
    pub tls_identity: Bytes,
}

/// What a municipality agreed to.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MunicipalityRecord {
    /// The municipality.
    pub municipality: MunicipalityCode,
    /// The service it offers at terminals.
    pub kiosk: KioskConsent,
}

/// Whether a municipality's vaccination certificates are issued at terminals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KioskConsent {
    /// The service's own terms were agreed to.
    Agreed,
    /// They were not.
    NotAgreed,
    /// They were, and issuing is suspended.
    Suspended,
}

/// A person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonRecord {
    /// Twelve digits.
    pub my_number: String,
    /// The attributes on the resident register.
    pub attributes: Attributes,
    /// The municipality of residence now.
    pub residence: MunicipalityCode,
    /// The municipality's own number of the person (宛名番号).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_number: Option<AddressNumber>,
    /// Coupons that were sent to the person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coupons: Vec<Coupon>,
    /// Moves from one municipality to another, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<MoveRecord>,
    /// SHA-256 of the DER of the person's present user-authentication certificate.
    pub authentication_certificate: Option<Bytes>,
    /// What stands in the way of issuing at a terminal.
    #[serde(default)]
    pub restrictions: Vec<Restriction>,
    /// Doses.
    pub doses: Vec<DoseRecord>,
    /// Earlier issues with passport data.
    pub passport_issues: Vec<PassportIssueRecord>,
}

/// Why a record is not issued from at a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Restriction {
    /// The person is under protective measures (支援措置).
    Protected,
    /// The record is held for checking.
    Held,
}

/// One dose.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoseRecord {
    /// Which dose, from 1.
    pub number: u8,
    /// Day of vaccination.
    pub date: Date,
    /// Product; a former name is read as the present one.
    pub product: Product,
    /// Lot.
    pub lot: String,
    /// Place of vaccination, up to 30 characters.
    pub place: String,
    /// Doctor, up to 20 characters.
    pub doctor: String,
    /// The municipality on whose register the person stood.
    pub municipality: MunicipalityCode,
    /// Number of the coupon that was handed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupon: Option<CouponNumber>,
    /// Given in a clinical trial: not issuable at a terminal.
    pub trial: bool,
    /// When it was registered.
    pub registered_at: Timestamp,
}

/// A move that the new municipality recorded. Each dose stays with the municipality of residence at its time.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoveRecord {
    /// The day in Japan on which it was recorded.
    pub on: Date,
    /// From where.
    pub from: MunicipalityCode,
    /// To where.
    pub to: MunicipalityCode,
}

/// An earlier overseas issue.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PassportIssueRecord {
    /// Where it was made.
    pub channel: IssueChannel,
    /// The day in Japan.
    pub issued_on: Date,
    /// The passport data it was made with.
    pub passport: Passport,
    /// The certificate, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<CertificateId>,
}

/// Where an issue was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IssueChannel {
    /// A municipal counter.
    Counter,
    /// The phone app.
    App,
    /// A terminal.
    Kiosk,
}

crate::hidden_debug!(Record, PersonRecord, DoseRecord, MoveRecord, PassportIssueRecord);
