//! What takes two persons: one asks with a reason, another decides, and the first may then do it once.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared::domain::identifiers::IssuanceId;
use shared::records::AccountId;

use super::actor::{AccessError, Actor, CaseNumber, Purpose, Reason};
use crate::secrets::PersonKey;

/// Names a request for approval: 32 lower-case hexadecimal digits, random.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ApprovalId(String);

impl ApprovalId {
    /// From 128 random bits.
    pub fn from_random(bits: [u8; 16]) -> Self {
        Self(shared::domain::identifiers::hex(&bits))
    }

    /// Parses the text form.
    pub fn parse(text: &str) -> Option<Self> {
        let valid = text.len() == 32 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        valid.then(|| Self(text.to_owned()))
    }

    /// The text form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is to be approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matter {
    /// The ledger of the whole municipality leaves as a file.
    Export,
    /// A certificate that was issued at the counter is printed again.
    Reissue {
        /// Which.
        issuance: IssuanceId,
    },
    /// Protective measures begin for a person.
    Protect {
        /// Whose.
        person: PersonKey,
    },
    /// Protective measures end for a person.
    Unprotect {
        /// Whose.
        person: PersonKey,
    },
}

/// Where a request stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApprovalState {
    /// Nobody decided yet.
    Requested,
    /// It may be done once by who asked.
    Granted(AccountId),
    /// It may not.
    Refused(AccountId),
    /// It was done.
    Used(AccountId),
}

/// A decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It may be done.
    Grant,
    /// It may not.
    Refuse,
}

/// A request.
#[derive(Debug, Clone)]
pub struct Approval {
    /// Its name.
    pub id: ApprovalId,
    /// What.
    pub matter: Matter,
    /// Who asked.
    pub requested_by: AccountId,
    /// When.
    pub requested_at: Timestamp,
    /// Why.
    pub reason: Reason,
    /// The office's case.
    pub case: Option<CaseNumber>,
    /// Where it stands.
    pub state: ApprovalState,
}

/// Requests for approval. Both persons belong to the municipality; the second is a supervisor.
pub trait Approvals: Send + Sync {
    /// Asks for approval.
    fn request(
        &self,
        actor: &Actor,
        matter: &Matter,
        purpose: &Purpose,
        at: Timestamp,
    ) -> Result<ApprovalId, AccessError>;
    /// Decides about what another asked for.
    fn decide(&self, actor: &Actor, id: &ApprovalId, decision: Decision, at: Timestamp) -> Result<(), AccessError>;
    /// Requests of the actor's municipality, newest first.
    fn approvals(&self, actor: &Actor) -> Result<Vec<Approval>, AccessError>;
}

/// How long after it was asked for a thing may be decided and done.
pub const APPROVAL_VALID_SECONDS: i64 = 24 * 60 * 60;

/// Requests that a page shows.
pub const MAXIMUM_SHOWN: usize = 50;
