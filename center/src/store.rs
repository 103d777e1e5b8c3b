//! What the centre keeps: one trait an aggregate, backends below. Blocking; callers bring their own threads.
//!
//! **Invariant**: only a backend knows SQL; every change that matters is in one transaction with its audit entry.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shared::domain::certificate::Form;
use shared::domain::identifiers::{CertificateId, ChainId, IdempotencyKey, IssuanceId, MunicipalityCode, TerminalId};
use shared::domain::passport::PassportNumber;
use shared::domain::person::Attributes;
use shared::proof::{Digest, HolderDigest};
use shared::records::{ChainRecord, KioskConsent, PersonRecord, Record};
use shared::wire::outcome::Outcome;

pub use self::history::CertificateHistory;
use crate::audit::{ChainError, Event, Head};
use crate::secrets::{CertificateKey, PersonKey};

pub mod accounts;
pub mod actor;
pub mod app;
pub mod approvals;
pub mod assessment;
pub mod board;
#[cfg(test)]
pub(crate) mod contract;
pub mod counter;
pub mod history;
pub mod ledger;
pub mod loading;
pub mod reports;
pub mod sqlite;
pub mod terms;

/// Why the store did not do what was asked. Nothing was half done.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another centre uses the store.
    #[error("another centre is running on this store")]
    InUse,
    /// A record file is being loaded.
    #[error(
        "a record file is being loaded into this store, {records} records so far, {percent} % of the file: wait until \
         `center load` has ended; if it was ended early, run it again with the same file, and it goes on from there"
    )]
    Loading {
        /// Lines that were read.
        records: u64,
        /// How much of the file that is; at a hundred, indexes are being built.
        percent: u64,
    },
    /// The database was made by a newer program.
    #[error("the store has schema version {found}, this program knows {known}")]
    SchemaNewer {
        /// The store's.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// The witness speaks of a database that is not there.
    #[error("the database is missing although the witness holds audit entry {0}")]
    DatabaseMissing(u64),
    /// The database is there and its witness is not.
    #[error("the witness is missing although the database exists")]
    WitnessMissing,
    /// The audit chain is broken.
    #[error("the audit chain does not hold")]
    Chain(#[source] ChainError),
    /// The clock shows less than the last entry.
    #[error("the clock stands before the last audit entry")]
    ClockBackwards,
    /// Too many changes wait.
    #[error("too many changes wait for the disk")]
    Crowded,
    /// The writer ended.
    #[error("the store is closed")]
    Closed,
    /// The disk is full, read-only or broken, or the database is damaged.
    #[error("the database cannot be used")]
    Database(#[source] sqlite::DatabaseError),
    /// A file beside the database cannot be used.
    #[error("a file of the store cannot be used")]
    File(#[source] std::io::Error),
    /// What is stored cannot be read: another key, or damaged.
    #[error("a stored {0} cannot be read")]
    Unreadable(&'static str),
    /// The whole transaction was given up because its commit failed.
    #[error("the change could not be made durable")]
    NotCommitted,
    /// No random bytes.
    #[error("the random generator failed")]
    Random,
    /// A long load into an empty store was broken off: whoever is missing would look as if they had no record.
    #[error("a record file is half loaded: run `center load` with the same file, which goes on where it ended")]
    HalfLoaded,
}

/// How far the clock may stand before the last audit entry, for clocks that are being set.
pub const CLOCK_TOLERANCE_SECONDS: i64 = 5;

/// A terminal in service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terminal {
    /// Its number.
    pub id: TerminalId,
    /// Its chain.
    pub chain: ChainId,
}

/// A line of the record file that was not taken. Only its number and the rule are told, never its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineProblem {
    /// From 1.
    pub line: u64,
    /// What is wrong: one of the fixed sentences of the rules.
    pub problem: Cow<'static, str>,
}

impl LineProblem {
    /// A line and the rule that it breaks.
    pub const fn new(line: u64, problem: &'static str) -> Self {
        Self { line, problem: Cow::Borrowed(problem) }
    }
}

/// What is decided about an issuance before anything is made. It holds everything to make it again alike.
///
/// `P` is the plan, or its encrypted form.
#[derive(Clone)]
pub struct Intent<P = Plan> {
    /// At which terminal.
    pub terminal: TerminalId,
    /// Under which key.
    pub idempotency_key: IdempotencyKey,
    /// SHA-256 of the request's body.
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
pub struct Plan {
    /// The digest of the holder who proved themselves.
    pub holder: Digest,
    /// Attributes as the card gave them.
    pub attributes: Attributes,
    /// Whose records.
    pub municipality: MunicipalityCode,
    /// Which form.
    pub form: Form,
    /// How many copies.
    pub copies: u8,
    /// The number that the resident typed and that matched.
    pub confirmed_passport: Option<PassportNumber>,
    /// Date of issue in Japan.
    pub issued_on: Date,
}

/// Where an issuance stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssuanceState {
    /// Intent stored, nothing made yet.
    Intended,
    /// Document stored.
    Prepared,
    /// The terminal told how it ended.
    Settled(Outcome),
}

/// An issuance as stored.
#[derive(Clone)]
pub struct Issuance {
    /// What was decided.
    pub intent: Intent,
    /// Where it stands.
    pub state: IssuanceState,
    /// The answer's bytes, once prepared.
    pub answer: Option<Vec<u8>>,
}

/// What is known of a terminal's key.
pub enum KeyUse {
    /// Nothing: free.
    Free,
    /// Withdrawn before any request with it arrived.
    Withdrawn,
    /// An issuance.
    Issuance(Box<Issuance>),
}

/// What became of an attempt to store an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completion {
    /// It is durable now.
    Stored,
    /// Another answer is durable already, or the issuance was withdrawn: this one must not leave.
    Superseded,
}

/// What became of an outcome that was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settlement {
    /// It is recorded, now or already before.
    Recorded,
    /// Another outcome is recorded.
    Conflict,
}

/// What a verifier may learn of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateStatus {
    /// Issued and in force.
    InForce,
    /// Cancelled or refunded.
    Revoked,
    /// Being made or not paid yet.
    Pending,
}

/// A row of the yearly report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IssuanceCount {
    /// The form.
    pub form: Form,
    /// The state: `intended`, `prepared`, or the outcome.
    pub state: String,
    /// How many issuances.
    pub issuances: u64,
    /// How many copies they allow.
    pub copies: u64,
}

/// Chains, terminals and municipalities.
pub trait Registry: Send + Sync {
    /// The terminal with this TLS identity.
    fn terminal(&self, tls_identity: &Digest) -> Result<Option<Terminal>, StoreError>;
    /// A chain.
    fn chain(&self, chain: &ChainId) -> Result<Option<ChainRecord>, StoreError>;
    /// What a municipality agreed to; one that is not known agreed to nothing.
    fn consent(&self, municipality: &MunicipalityCode) -> Result<KioskConsent, StoreError>;
    /// How many municipalities take part.
    fn participating_municipalities(&self) -> Result<u64, StoreError>;
}

/// Persons with their doses and passport issues.
pub trait Persons: Send + Sync {
    /// A person by key.
    fn person(&self, key: &PersonKey) -> Result<Option<PersonRecord>, StoreError>;
    /// A person by their user-authentication certificate.
    fn person_with(&self, certificate: &CertificateKey) -> Result<Option<(PersonKey, PersonRecord)>, StoreError>;
}

/// Bringing a few records in; long files go through [`loading::Loading`].
pub trait Import: Send + Sync {
    /// Takes records, each replacing what it names; the numbers are their lines.
    fn import(&self, records: Vec<(u64, Record)>, at: Timestamp) -> Result<Vec<LineProblem>, StoreError>;
    /// Whether any file was ever loaded to its end.
    fn has_records(&self) -> Result<bool, StoreError>;
}

/// Issuances and their keys.
pub trait Issuances: Send + Sync {
    /// What is known of a key.
    fn key_use(&self, terminal: &TerminalId, key: &IdempotencyKey) -> Result<KeyUse, StoreError>;
    /// Stores an intent if its key is free; otherwise says what the key was used for.
    fn intend(&self, intent: Intent) -> Result<KeyUse, StoreError>;
    /// Stores the answer of an intent.
    fn complete(&self, intent: &Intent, answer: Vec<u8>, at: Timestamp) -> Result<Completion, StoreError>;
    /// Records an outcome, or withdraws a key that was never seen.
    fn settle(
        &self,
        terminal: &TerminalId,
        key: &IdempotencyKey,
        outcome: Outcome,
        at: Timestamp,
    ) -> Result<Settlement, StoreError>;
    /// The state of a certificate; `None` for an id that was never given.
    fn certificate_status(&self, certificate: &CertificateId) -> Result<Option<CertificateStatus>, StoreError>;
    /// When what became of a certificate; `None` for an id that was never given.
    fn certificate_history(&self, certificate: &CertificateId) -> Result<Option<CertificateHistory>, StoreError>;
    /// Issuances between two instants, by form and state.
    fn count(&self, from: Timestamp, until: Timestamp) -> Result<Vec<IssuanceCount>, StoreError>;
}

/// The audit chain.
pub trait AuditLog: Send + Sync {
    /// Adds an entry that belongs to no other change.
    fn note(&self, event: Event, person: Option<PersonKey>, at: Timestamp) -> Result<(), StoreError>;
    /// The chain's head.
    fn head(&self) -> Result<Head, StoreError>;
    /// Verifies the whole chain, and that it contains what the witness holds.
    fn verify(&self) -> Result<Head, StoreError>;
}

/// The switch that stops all issuing.
pub trait StopSwitch: Send + Sync {
    /// Whether issuing is stopped.
    fn is_stopped(&self) -> Result<bool, StoreError>;
    /// Moves the switch: `Stopped` or `Resumed`.
    fn switch(&self, to: SwitchPosition, reason: &str, at: Timestamp) -> Result<(), StoreError>;
}

/// A position of the switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SwitchPosition {
    /// Nothing is issued.
    Stopped,
    /// Issuing goes on.
    Running,
}

/// What the municipal console works with. Every method takes the [`actor::Actor`] who asks.
pub trait Console:
    ledger::Ledger
    + accounts::Accounts
    + approvals::Approvals
    + terms::Terms
    + assessment::Assessments
    + board::Board
    + counter::CounterIssues
    + reports::Reports
{
}

/// Everything together.
pub trait Store:
    Registry + Persons + Import + Issuances + app::AppIssues + AuditLog + StopSwitch + Console + std::fmt::Debug
{
}

impl Intent {
    /// Whom the certificate is for.
    pub const fn holder(&self) -> HolderDigest {
        HolderDigest(self.plan.holder)
    }
}

impl IssuanceState {
    /// The state once `outcome` was told; `None` where it contradicts what is recorded.
    ///
    /// Without a document nothing can have been printed; after money was given back nothing can be taken.
    pub fn settle(self, outcome: Outcome) -> Option<Self> {
        let allowed = match (self, outcome) {
            (Self::Prepared, _)
            | (Self::Intended, Outcome::Cancelled | Outcome::Refunded)
            | (Self::Settled(Outcome::Unknown), Outcome::Taken | Outcome::Refunded) => true,
            (Self::Intended, Outcome::Taken | Outcome::Unknown) => false,
            (Self::Settled(recorded), told) => recorded == told,
        };
        allowed.then_some(Self::Settled(outcome))
    }

    /// Whether the certificate may no longer be handed out or believed.
    pub const fn is_void(self) -> bool {
        matches!(self, Self::Settled(Outcome::Cancelled | Outcome::Refunded))
    }

    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Intended => "intended",
            Self::Prepared => "prepared",
            Self::Settled(Outcome::Taken) => "taken",
            Self::Settled(Outcome::Cancelled) => "cancelled",
            Self::Settled(Outcome::Refunded) => "refunded",
            Self::Settled(Outcome::Unknown) => "unknown",
        }
    }

    /// From what is stored.
    pub fn parse(text: &str) -> Option<Self> {
        let settled = [Outcome::Taken, Outcome::Cancelled, Outcome::Refunded, Outcome::Unknown].map(Self::Settled);
        [Self::Intended, Self::Prepared].into_iter().chain(settled).find(|state| state.as_str() == text)
    }

    /// What a verifier may learn.
    pub const fn status(self) -> CertificateStatus {
        match self {
            Self::Intended | Self::Prepared => CertificateStatus::Pending,
            Self::Settled(Outcome::Taken | Outcome::Unknown) => CertificateStatus::InForce,
            Self::Settled(Outcome::Cancelled | Outcome::Refunded) => CertificateStatus::Revoked,
        }
    }
}

shared::hidden_debug!(Intent, Plan, Issuance, KeyUse);
