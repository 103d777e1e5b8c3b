//! `POST /v1/holders`: the proof of who stands at the terminal; the answer says what this person may have.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::problem::ProblemCode;
use crate::domain::certificate::{CertificateKind, Form, ProofProfile};
use crate::domain::identifiers::{ChallengeId, HolderSessionId, MunicipalityCode};
use crate::hidden::Bytes;

/// Asks for a holder session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HolderRequest {
    /// Which certificate is wanted.
    pub kind: CertificateKind,
    /// The challenge that is answered.
    pub challenge: ChallengeId,
    /// The proof.
    pub proof: HolderProof,
}

/// A proof, by profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "profile", rename_all = "kebab-case")]
pub enum HolderProof {
    /// By the input-support application.
    InputSupport(InputSupportProof),
    /// By the user-authentication certificate.
    AuthenticationCertificate(AuthenticationProof),
}

/// By hand: each proof is one object that allows no other field, the profile's name among its own. Derived, the name and
/// the proof would be two objects that forbid each other's fields.
impl PartialSchema for HolderProof {
    fn schema() -> RefOr<Schema> {
        let named = |proof: RefOr<Schema>, profile: &str| match proof {
            RefOr::T(Schema::Object(mut object)) => {
                let name = ObjectBuilder::new().schema_type(Type::String).enum_values(Some([profile]));
                object.properties.insert("profile".to_owned(), name.into());
                object.required.push("profile".to_owned());
                RefOr::T(Schema::Object(object))
            }
            other => other,
        };
        OneOfBuilder::new()
            .item(named(InputSupportProof::schema(), "input-support"))
            .item(named(AuthenticationProof::schema(), "authentication-certificate"))
            .into()
    }
}

impl ToSchema for HolderProof {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        InputSupportProof::schemas(schemas);
        AuthenticationProof::schemas(schemas);
    }
}

impl HolderProof {
    /// Which profile it is of.
    pub const fn profile(&self) -> ProofProfile {
        match self {
            Self::InputSupport(_) => ProofProfile::InputSupport,
            Self::AuthenticationCertificate(_) => ProofProfile::AuthenticationCertificate,
        }
    }
}

/// Files of the 券面事項入力補助 application as read after its PIN, and the card's answer to the challenge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InputSupportProof {
    /// EF 0001, all physical bytes with the filler: the number.
    pub number_file: Bytes,
    /// EF 0002: the four attributes.
    pub attributes_file: Bytes,
    /// EF 0003: digests of the two, signed.
    pub signature_file: Bytes,
    /// EF 0004: the CV certificate of the signer of EF 0003 and EF 0007.
    pub authority_certificate: Bytes,
    /// EF 0007: the card's own public key, signed.
    pub public_key_file: Bytes,
    /// Signature with the card's own key (IEF 0013, `80 2A 00 00`) over the transcript's digest.
    pub response: Bytes,
    /// EF 000A of the JPKI application, free to read: shows whether the card is still in force.
    pub authentication_certificate: Bytes,
}

/// The user-authentication certificate and the signature made with its key after its PIN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthenticationProof {
    /// EF 000A, DER without filler.
    pub certificate: Bytes,
    /// Signature (IEF 0017, `80 2A 00 80`) over the transcript's digest.
    pub response: Bytes,
}

/// Who stands there is known; this is what they may have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HolderAnswer {
    /// The session, bound to this terminal.
    pub session: HolderSessionId,
    /// After this instant it is refused.
    #[schema(value_type = String, format = "date-time")]
    pub expires: Timestamp,
    /// The municipalities that hold doses of this person, in order of their codes; never empty.
    pub municipalities: Vec<MunicipalityOffer>,
}

/// What one municipality's certificate can be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MunicipalityOffer {
    /// The municipality.
    pub municipality: MunicipalityCode,
    /// Both forms, each open or with the reason why not.
    pub forms: Vec<FormOffer>,
}

/// One form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FormOffer {
    /// The form.
    pub form: Form,
    /// Whether it can be had.
    pub availability: Availability,
}

/// Whether a form can be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "state", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Availability {
    /// Yes.
    Open,
    /// Yes, once the passport number was typed and matches.
    PassportNeeded {
        /// The registered number, all but its last three characters masked.
        masked: String,
    },
    /// No.
    Refused {
        /// Why.
        code: ProblemCode,
    },
}
