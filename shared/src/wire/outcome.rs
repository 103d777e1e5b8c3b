//! `PUT /v1/issuances/{idempotency key}/outcome`: what became of money and paper. Answers 204; may be repeated.
//!
//! A key that the centre has never seen is withdrawn by the call: a request that arrives late is then refused.

use serde::{Deserialize, Serialize};

/// How the transaction ended at the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// All copies were paid, printed and taken.
    Taken,
    /// Nothing was paid: cancelled, timed out or never received. The certificate is void.
    Cancelled,
    /// Paid and given back; nothing usable left the terminal. The certificate is void.
    Refunded,
    /// Paid; whether paper was taken is not known. Staff decides.
    Unknown,
}

/// Tells the outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OutcomeRequest {
    /// The outcome.
    pub outcome: Outcome,
}
