//! The records as the console works with them: found, seen, corrected, registered, inquired about, exported.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shared::domain::certificate::Form;
use shared::domain::identifiers::{CertificateId, MunicipalityCode, MyNumber};
use shared::domain::person::Sex;
use shared::records::{CouponNumber, IssueChannel, PersonRecord};

use super::actor::{AccessError, Actor, CaseNumber, Changer, Purpose, Reason};
use super::approvals::ApprovalId;
use super::{CertificateStatus, StoreError};
use crate::secrets::PersonKey;

/// By what a person is looked for.
#[derive(Clone)]
pub enum Query {
    /// The number on the card.
    MyNumber(MyNumber),
    /// Name, birth date and sex together.
    Attributes {
        /// As written, with or without spaces.
        name: String,
        /// Date of birth.
        birth_date: Date,
        /// Sex.
        sex: Sex,
    },
    /// A coupon of the actor's municipality.
    Coupon(CouponNumber),
}

/// A person as an actor may see them.
#[derive(Clone)]
pub struct Sight {
    /// Which person.
    pub person: PersonKey,
    /// The record's version, to be given back with a correction.
    pub version: u64,
    /// What may be seen of the record.
    pub record: PersonRecord,
}

/// A change of a record that was seen in a certain version.
pub struct Correction<'a> {
    /// Whose.
    pub person: PersonKey,
    /// The version that was shown.
    pub version: u64,
    /// Makes the change, on the whole record.
    pub amend: &'a dyn Fn(&mut PersonRecord) -> Result<(), AccessError>,
    /// Why.
    pub purpose: Purpose,
}

/// One item before and after.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// Which item, for example `dose 2 lot`.
    pub item: String,
    /// Before; empty where there was none.
    pub before: String,
    /// After; empty where there is none.
    pub after: String,
}

/// A change as it stands in the history.
#[derive(Clone)]
pub struct Revision {
    /// The version that it made.
    pub version: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Changer,
    /// Why; `None` for an import.
    pub reason: Option<Reason>,
    /// The office's case.
    pub case: Option<CaseNumber>,
    /// What.
    pub differences: Vec<Difference>,
}

/// A certificate that was issued from a person's record, whoever issued it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// Where.
    pub channel: IssueChannel,
    /// When it was asked for.
    pub at: Timestamp,
    /// Its id.
    pub certificate: CertificateId,
    /// Which form.
    pub form: Form,
    /// How many copies; the app has none of paper, and counts as one.
    pub copies: u64,
    /// Whether it is in force.
    pub status: CertificateStatus,
}

/// Records of persons that a municipality brings in.
#[derive(Clone)]
pub struct Registration {
    /// The line it stands on.
    pub line: u64,
    /// The person with the doses that this municipality adds or replaces.
    pub record: PersonRecord,
}

/// What became of a registration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Registered {
    /// Persons that are new.
    pub added: u64,
    /// Persons whose records changed.
    pub changed: u64,
    /// Persons about whom everything was known already.
    pub unchanged: u64,
    /// Lines that were not taken after all, with the rule.
    pub problems: Vec<super::LineProblem>,
}

/// The consent box of an inquiry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentBox {
    /// The person consents.
    Ticked,
    /// Not asked, or not given.
    Empty,
}

/// A question to the municipality that a person came from.
#[derive(Clone)]
pub struct Inquiry {
    /// Which municipality is asked.
    pub peer: MunicipalityCode,
    /// About whom: by number, or by attributes.
    pub query: Query,
    /// Whether the person consents.
    pub consent: ConsentBox,
    /// The office's case.
    pub case: Option<CaseNumber>,
}

/// What is counted for a municipality. It is drawn from the records when it is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// Residents with a record.
    pub residents: u64,
    /// Persons by the number of the dose: the first entry counts first doses.
    pub by_dose: Vec<u64>,
    /// Doses by month, oldest first: `2021-06`.
    pub by_month: Vec<(String, u64)>,
    /// Doses by product, in the order of the products.
    pub by_product: Vec<(&'static str, u64)>,
    /// Persons by age group on the day, `0-9` to `90+`, and how many of them had two doses or more.
    pub by_age: Vec<(String, u64, u64)>,
    /// Records that are held.
    pub held: u64,
    /// Persons under protective measures.
    pub protected: u64,
}

/// The records as the console works with them.
///
/// Each look is noted in the audit chain with its reason before anything is told.
pub trait Ledger: Send + Sync {
    /// Finds persons that the actor's municipality knows.
    fn find(&self, actor: &Actor, query: &Query, purpose: &Purpose, at: Timestamp) -> Result<Vec<Sight>, AccessError>;
    /// Shows one person.
    fn see(&self, actor: &Actor, person: &PersonKey, purpose: &Purpose, at: Timestamp) -> Result<Sight, AccessError>;
    /// Corrects a record, and gives its new version.
    fn correct(&self, actor: &Actor, correction: &Correction<'_>, at: Timestamp) -> Result<u64, AccessError>;
    /// Begins or ends protective measures, by an approval that names the person.
    fn protect(&self, actor: &Actor, approval: &ApprovalId, at: Timestamp) -> Result<u64, AccessError>;
    /// The changes of a record, newest first; only what the actor may see of them.
    fn history(&self, actor: &Actor, person: &PersonKey) -> Result<Vec<Revision>, AccessError>;
    /// Certificates from the actor's municipality's record of a person, at terminals, the counter and by the app, newest
    /// first; at most [`MAXIMUM_ISSUED`].
    fn issued(&self, actor: &Actor, person: &PersonKey) -> Result<Vec<Issued>, AccessError>;
    /// Takes records of the actor's municipality, again and again without harm.
    fn register(&self, actor: &Actor, batch: Vec<Registration>, at: Timestamp) -> Result<Registered, AccessError>;
    /// Asks another municipality about a person who moved in.
    fn inquire(&self, actor: &Actor, inquiry: &Inquiry, at: Timestamp) -> Result<Vec<Sight>, AccessError>;
    /// Takes a person over who was inquired about, and gives the record's new version.
    fn move_in(
        &self,
        actor: &Actor,
        person: &PersonKey,
        peer: &MunicipalityCode,
        at: Timestamp,
    ) -> Result<u64, AccessError>;
    /// Gives every person of the actor's municipality to `visit`, by an approval, and says how many.
    fn export(
        &self,
        actor: &Actor,
        approval: &ApprovalId,
        at: Timestamp,
        visit: &mut dyn FnMut(&PersonRecord) -> Result<(), StoreError>,
    ) -> Result<u64, AccessError>;
    /// Counts for the actor's municipality.
    fn figures(&self, actor: &Actor, today: Date) -> Result<Figures, AccessError>;
}

/// The most persons that one search gives.
pub const MAXIMUM_FOUND: usize = 20;

/// The most certificates that a person's page shows.
pub const MAXIMUM_ISSUED: u32 = 100;

/// How long after an inquiry its person may be taken over.
pub const INQUIRY_VALID_SECONDS: i64 = 24 * 60 * 60;

shared::hidden_debug!(Query, Sight, Correction<'_>, Difference, Revision, Registration, Inquiry);
