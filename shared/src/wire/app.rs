//! The calls of the phone app, on a port of their own and at every hour of the day; JSON over TLS 1.3.
//!
//! | call | what |
//! |---|---|
//! | `GET /v1/app` | versions, clock, whether the service runs |
//! | `GET /v1/app/municipalities/{code}` | whether a municipality issues through the app, and whom to ask there |
//! | `POST /v1/app/challenges` | [`super::challenge`]: a challenge for the card at the phone |
//! | `POST /v1/app/holders` | the proof, as at a terminal; answers with what the holder may have |
//! | `POST /v1/app/issuances` | with `Idempotency-Key`; answers with the codes, without paper |
//!
//! No terminal's certificate stands behind these calls. The app makes a key of its own and a certificate for it
//! by itself, and shows that certificate to TLS as a client (RFC 8705 §2.2 has the idea): nobody vouches for it,
//! yet TLS proves at each connection that the same key calls. Challenge, holder session and idempotency key belong
//! to that certificate's digest, and the card signs the digest with the challenge ([`crate::proof::AppTranscript`]),
//! so that a proof that was listened to or relayed is worth nothing under another key. A phone loses its connection
//! often; unlike a value exported from one TLS connection (RFC 9266) the key outlives it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::problem::ProblemCode;
use super::terminal::CertificateOffer;
use crate::domain::certificate::{Content, Form};
use crate::domain::identifiers::{CertificateId, HolderSessionId, IssuanceId, MunicipalityCode};
use crate::hidden::Bytes;

/// The version of these calls. A centre that answers another is not understood.
pub const PROTOCOL_VERSION: u32 = 1;

/// What the app shows about the centre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppAnswer {
    /// [`PROTOCOL_VERSION`] of the centre.
    pub protocol: u32,
    /// The centre's program, `0.1.0`.
    pub build: String,
    /// The centre's clock.
    #[schema(value_type = String, format = "date-time")]
    pub time: Timestamp,
    /// Whether certificates are issued.
    pub service: AppService,
    /// What is issued, and by which proof.
    pub certificates: Vec<CertificateOffer>,
}

/// Whether certificates are issued through the app. It knows no closing hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AppService {
    /// They are.
    Open,
    /// The operator stopped all issuing.
    Stopped,
}

/// A municipality as the app shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppMunicipality {
    /// Its code.
    pub municipality: MunicipalityCode,
    /// Whether its consents open issue through the app.
    pub open: bool,
    /// Department and telephone, where the municipality named them.
    pub contact: Option<String>,
}

/// Who holds the card is known; this is what they may have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppHolderAnswer {
    /// The session, bound to the app's key.
    pub session: HolderSessionId,
    /// After this instant it is refused.
    #[schema(value_type = String, format = "date-time")]
    pub expires: Timestamp,
    /// The municipalities that hold doses of this person, in order of their codes; never empty.
    pub municipalities: Vec<AppMunicipalityOffer>,
}

/// What one municipality's certificate can be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppMunicipalityOffer {
    /// The municipality, with whom to ask.
    pub municipality: AppMunicipality,
    /// Both forms.
    pub forms: Vec<AppFormOffer>,
}

/// One form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppFormOffer {
    /// The form.
    pub form: Form,
    /// Whether it can be had.
    pub availability: AppAvailability,
}

/// Whether a form can be had in the app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "state", rename_all = "kebab-case", deny_unknown_fields)]
pub enum AppAvailability {
    /// Yes.
    Open,
    /// Yes, with the machine-readable zone of the holder's passport.
    ZoneNeeded,
    /// No.
    Refused {
        /// Why.
        code: ProblemCode,
    },
}

/// Asks for a certificate without paper.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppIssuanceRequest {
    /// Who.
    pub session: HolderSessionId,
    /// Whose records.
    pub municipality: MunicipalityCode,
    /// Which form.
    pub form: Form,
    /// The two lines of the passport's machine-readable zone (ICAO Doc 9303-4), exactly for the overseas form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
}

/// The certificate as a phone keeps it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppIssuanceAnswer {
    /// The issuance.
    pub issuance: IssuanceId,
    /// The certificate's id.
    pub certificate: CertificateId,
    /// Every item that the paper would carry.
    pub content: Content,
    /// The codes: the SMART Health Card, and the VDS-NC on the overseas form.
    pub codes: Vec<AppCode>,
    /// A `.smart-health-card` file (SMART Health Cards framework 1.4.0, "via file download").
    pub health_card_file: Bytes,
}

/// One code in the forms in which a phone shows or passes it on.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppCode {
    /// Which.
    pub kind: CodeKind,
    /// The text that its QR code holds.
    pub text: String,
    /// The QR code as a picture, its quiet zone included.
    pub png: Bytes,
    /// The same, to be drawn at any size.
    pub svg: Bytes,
}

/// Which code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CodeKind {
    /// SMART Health Card, `shc:/…`.
    SmartHealthCard,
    /// ICAO VDS-NC, JSON.
    VdsNc,
}

impl CodeKind {
    /// The name on the wire, also for files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SmartHealthCard => "smart-health-card",
            Self::VdsNc => "vds-nc",
        }
    }
}

crate::hidden_debug!(AppIssuanceRequest, AppIssuanceAnswer, AppCode);
