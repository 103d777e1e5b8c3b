//! `POST /v1/challenges`: 32 random bytes for a card to sign, good once, briefly, at this terminal.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::certificate::{CertificateKind, ProofProfile};
use crate::domain::identifiers::ChallengeId;
use crate::hidden::Bytes;

/// Asks for a challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChallengeRequest {
    /// Which certificate is wanted; it decides the profile.
    pub kind: CertificateKind,
}

/// The challenge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChallengeAnswer {
    /// Its id.
    pub challenge: ChallengeId,
    /// 32 random bytes.
    pub nonce: Bytes,
    /// The proof to make with it.
    pub profile: ProofProfile,
    /// After this instant it is refused.
    #[schema(value_type = String, format = "date-time")]
    pub expires: Timestamp,
}
