//! `POST /v1/issuances`: makes the certificate, before any money is taken.
//!
//! The header `Idempotency-Key` carries an [`crate::domain::identifiers::IdempotencyKey`]. The same
//! key with the same body gives the same bytes again; with another body it is refused.

use serde::{Deserialize, Serialize};

use crate::binding::Binding;
use crate::domain::certificate::{Content, Form};
use crate::domain::identifiers::{HolderSessionId, MunicipalityCode};
use crate::hidden::Bytes;

/// Asks for a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssuanceRequest {
    /// Who.
    pub session: HolderSessionId,
    /// Whose records.
    pub municipality: MunicipalityCode,
    /// Which form.
    pub form: Form,
    /// How many copies, 1 to [`crate::domain::fee::MAXIMUM_COPIES`].
    pub copies: u8,
}

/// The certificate, bound to the request. Its id, fee and issuance stand in the binding's statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssuanceAnswer {
    /// Every printed item, to be shown before paying.
    pub content: Content,
    /// The two-page PDF.
    pub document: Bytes,
    /// What it is and whom it is for, signed.
    pub binding: Binding,
}
