//! Certificates that were issued at a municipal counter or through the app, each made once.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shared::domain::certificate::Form;
use shared::domain::identifiers::{CertificateId, IdempotencyKey, IssuanceId, MunicipalityCode};
use shared::domain::passport::Passport;
use shared::records::{AccountId, IssueChannel};

use super::actor::{AccessError, Actor, Purpose};
use super::approvals::ApprovalId;
use crate::secrets::PersonKey;

/// What is decided about an issue before anything is made of it.
#[derive(Clone)]
pub struct CounterIntent {
    /// The key under which the form was sent: the same form sent twice makes one certificate.
    pub key: IdempotencyKey,
    /// Whose.
    pub person: PersonKey,
    /// The issuance.
    pub issuance: IssuanceId,
    /// The certificate's id.
    pub certificate: CertificateId,
    /// When.
    pub at: Timestamp,
    /// What is to be made.
    pub plan: CounterPlan,
}

/// What is to be made. Encrypted at rest.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CounterPlan {
    /// Whose records.
    pub municipality: MunicipalityCode,
    /// Which form.
    pub form: Form,
    /// How many copies are handed out.
    pub copies: u8,
    /// The passport as it was read; present exactly for the overseas form.
    pub passport: Option<Passport>,
    /// Date of issue in Japan.
    pub issued_on: Date,
    /// Where.
    pub channel: IssueChannel,
}

/// An issue as stored.
#[derive(Clone)]
pub struct CounterIssue {
    /// What was decided.
    pub intent: CounterIntent,
    /// Who issued.
    pub by: AccountId,
    /// The document, once made.
    pub document: Option<Vec<u8>>,
}

/// Issues at the counter.
pub trait CounterIssues: Send + Sync {
    /// Stores an intent; where its key was used already, gives what it was used for.
    fn intend_at_counter(
        &self,
        actor: &Actor,
        intent: &CounterIntent,
        purpose: &Purpose,
    ) -> Result<Option<CounterIssue>, AccessError>;
    /// Stores the document and registers the passport in the person's record, in one transaction.
    fn complete_at_counter(
        &self,
        actor: &Actor,
        intent: &CounterIntent,
        document: Vec<u8>,
        at: Timestamp,
    ) -> Result<(), AccessError>;
    /// What was issued to a person by the actor's municipality, newest first; without the documents.
    fn counter_issues(&self, actor: &Actor, person: &PersonKey) -> Result<Vec<CounterIssue>, AccessError>;
    /// The document of an issue that this account just made.
    fn counter_document(&self, actor: &Actor, issuance: &IssuanceId, at: Timestamp) -> Result<Vec<u8>, AccessError>;
    /// The document again, by an approval.
    fn reissue(&self, actor: &Actor, approval: &ApprovalId, at: Timestamp) -> Result<Vec<u8>, AccessError>;
}

/// How long the account that issued may fetch the document without an approval.
pub const FETCH_SECONDS: i64 = 10 * 60;

shared::hidden_debug!(CounterIntent, CounterPlan, CounterIssue);
