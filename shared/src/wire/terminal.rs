//! `POST /v1/terminal`: a terminal says what it is and learns whether it may serve.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::certificate::{CertificateKind, ProofProfile};
use crate::domain::fee::Yen;
use crate::domain::identifiers::{ChainId, TerminalId};

/// What the terminal says. The centre knows the terminal itself by its TLS certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TerminalRequest {
    /// [`super::PROTOCOL_VERSION`] as compiled in.
    pub protocol: u32,
    /// The program's version, `0.1.0`.
    pub build: String,
    /// The terminal's clock; more than thirty seconds off is refused.
    #[schema(value_type = String, format = "date-time")]
    pub time: Timestamp,
}

/// What the centre answers to a terminal that may serve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TerminalAnswer {
    /// The terminal by its certificate.
    pub terminal: TerminalId,
    /// The chain it stands in.
    pub chain: ChainId,
    /// The centre's clock.
    #[schema(value_type = String, format = "date-time")]
    pub time: Timestamp,
    /// Whether issuing is open now, and when it changes.
    pub service: ServiceState,
    /// What can be asked for, and by which proof.
    pub certificates: Vec<CertificateOffer>,
    /// What a copy costs.
    pub fee_per_copy: Yen,
}

/// Whether issuing is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "state", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ServiceState {
    /// Open until an instant.
    Open {
        /// When it closes.
        #[schema(value_type = String, format = "date-time")]
        until: Timestamp,
    },
    /// Outside the hours.
    Closed {
        /// When it opens next.
        #[schema(value_type = String, format = "date-time")]
        opens: Timestamp,
    },
    /// Stopped by the operator.
    Stopped,
}

/// A kind of certificate and the proof it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CertificateOffer {
    /// The kind.
    pub kind: CertificateKind,
    /// The proof.
    pub profile: ProofProfile,
}
