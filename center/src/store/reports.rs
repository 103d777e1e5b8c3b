//! What reports are drawn up from: issues, settlements, municipalities taking part, and how My Number was used.

use jiff::Timestamp;
use shared::domain::certificate::Form;
use shared::domain::identifiers::{ChainId, MunicipalityCode};
use shared::records::{AccountId, IssueChannel};

use super::actor::{AccessError, Actor, CaseNumber, Reason};
use super::terms::Profile;
use crate::secrets::PersonKey;
use crate::vrs::openings::Service;

/// From an instant until before another.
pub type Period = (Timestamp, Timestamp);

/// Certificates of one channel and form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IssueCount {
    /// Where they were issued.
    pub channel: IssueChannel,
    /// The form.
    pub form: Form,
    /// How many: taken at terminals, made at counters and in the app.
    pub certificates: u64,
    /// How many copies of them; one each in the app.
    pub copies: u64,
}

/// Copies of one chain by what became of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainSettlement {
    /// Which chain.
    pub chain: ChainId,
    /// Its name.
    pub name: String,
    /// Paid and taken.
    pub taken: u64,
    /// Paid and given back.
    pub refunded: u64,
    /// Paid, and not known whether they were taken.
    pub unknown: u64,
}

/// A municipality that said or agreed to anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    /// Which.
    pub municipality: MunicipalityCode,
    /// What its consents open now.
    pub open: Vec<Service>,
    /// What it says of itself.
    pub profile: Profile,
}

/// One use of a person's record, from the audit chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberUse {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub account: AccountId,
    /// What was done.
    pub act: UseAct,
    /// Whose record; `None` where nobody was found, or where it was many.
    pub person: Option<PersonKey>,
    /// Why, where the act asks for a reason.
    pub reason: Option<Reason>,
    /// The office's case.
    pub case: Option<CaseNumber>,
}

/// What was done with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UseAct {
    /// It was looked at.
    Seen,
    /// It was looked for, and nobody was found.
    NotFound,
    /// It was changed.
    Changed,
    /// Records were brought in.
    Registered,
    /// Another municipality was asked.
    Inquired,
    /// The ledger left as a file.
    Exported,
    /// A certificate was issued at the counter.
    Issued,
}

/// Reports. A supervisor gets those of the own municipality, an operator those of the nation.
pub trait Reports: Send + Sync {
    /// Issues in a period, of the actor's municipality or of all.
    fn issues(&self, actor: &Actor, period: Period) -> Result<Vec<IssueCount>, AccessError>;
    /// Copies by chain, for the nation.
    fn settlement(&self, actor: &Actor, period: Period) -> Result<Vec<ChainSettlement>, AccessError>;
    /// Municipalities that said or agreed to anything, for the nation, in the order of their codes.
    fn participants(&self, actor: &Actor) -> Result<Vec<Participant>, AccessError>;
    /// Uses of records by the actor's municipality, newest first; at most [`MAXIMUM_USES`].
    fn number_uses(&self, actor: &Actor, period: Period) -> Result<Vec<NumberUse>, AccessError>;
}

/// Uses that one report shows.
pub const MAXIMUM_USES: usize = 2_000;
