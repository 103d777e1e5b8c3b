//! Certificates that were issued through the phone app, each made once.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shared::domain::certificate::Form;
use shared::domain::identifiers::{CertificateId, IdempotencyKey, IssuanceId, MunicipalityCode};
use shared::domain::passport::Passport;
use shared::domain::person::Attributes;
use shared::proof::{Digest, HolderDigest};

use super::StoreError;
use crate::secrets::PersonKey;

/// What is decided about an issue before anything is made of it. `P` is the plan, or its encrypted form.
#[derive(Clone)]
pub struct AppIntent<P = AppPlan> {
    /// By which app: the digest of its certificate.
    pub app: Digest,
    /// Under which key.
    pub key: IdempotencyKey,
    /// SHA-256 of the request's fields.
    pub request: Digest,
    /// Whose.
    pub person: PersonKey,
    /// The issuance.
    pub issuance: IssuanceId,
    /// The certificate's id.
    pub certificate: CertificateId,
    /// When.
    pub at: Timestamp,
    /// What is to be made.
    pub plan: P,
}

/// What is to be made. Encrypted at rest.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppPlan {
    /// The digest of the holder who proved themselves.
    pub holder: Digest,
    /// Attributes as the card gave them.
    pub attributes: Attributes,
    /// Whose records.
    pub municipality: MunicipalityCode,
    /// Which form.
    pub form: Form,
    /// The passport as the app read it; present exactly for the overseas form.
    pub passport: Option<Passport>,
    /// Date of issue in Japan.
    pub issued_on: Date,
}

/// An issue as stored.
#[derive(Clone)]
pub struct AppIssue {
    /// What was decided.
    pub intent: AppIntent,
    /// The answer's bytes, once made.
    pub answer: Option<Vec<u8>>,
}

/// What became of an intent.
pub enum Intended {
    /// It is stored.
    Stored,
    /// The key was used already.
    Used(Box<AppIssue>),
    /// The person has had [`MAXIMUM_A_DAY`] within a day.
    TooMany,
}

/// Issues through the app.
pub trait AppIssues: Send + Sync {
    /// What an app's key was used for.
    fn app_issue(&self, app: &Digest, key: &IdempotencyKey) -> Result<Option<AppIssue>, StoreError>;
    /// Stores an intent whose key is free.
    fn intend_in_app(&self, intent: &AppIntent) -> Result<Intended, StoreError>;
    /// Stores the answer and registers the passport in the person's record, in one transaction. Gives the answer
    /// that is durable: another one, where another call of the same key came first.
    fn complete_in_app(&self, intent: &AppIntent, answer: Vec<u8>, at: Timestamp) -> Result<Vec<u8>, StoreError>;
}

/// Certificates that one person may have through the app within [`DAY_SECONDS`]. Our own bound: each overseas one adds
/// an entry to the record.
pub const MAXIMUM_A_DAY: u32 = 20;

/// The span of [`MAXIMUM_A_DAY`].
pub const DAY_SECONDS: i64 = 24 * 60 * 60;

impl AppIntent {
    /// Whom the certificate is for.
    pub const fn holder(&self) -> HolderDigest {
        HolderDigest(self.plan.holder)
    }
}

shared::hidden_debug!(AppIntent, AppPlan, AppIssue, Intended);
