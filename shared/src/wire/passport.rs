//! `POST /v1/holders/{session}/passport`: the resident types the number once; it must match. Answers 204.

use serde::{Deserialize, Serialize};

use crate::domain::passport::PassportNumber;

/// The most tries a holder session has.
pub const MAXIMUM_ATTEMPTS: u8 = 3;

/// The number as typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PassportRequest {
    /// The number.
    pub number: PassportNumber,
}
