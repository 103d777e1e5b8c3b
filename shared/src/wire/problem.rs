//! The one error shape on the wire (RFC 9457), with a stable code for each failure.

use serde::{Deserialize, Serialize};

/// `Content-Type` of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// What went wrong. The names on the wire never change their meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemCode {
    /// The request is not well-formed.
    MalformedRequest,
    /// There is no such resource.
    NotFound,
    /// The resource does not take this method.
    MethodNotAllowed,
    /// The request is larger than allowed.
    RequestTooLarge,
    /// The request is not JSON.
    UnsupportedMediaType,
    /// The certificate belongs to no terminal in service.
    TerminalUnknown,
    /// The terminal's program is too old.
    TerminalOutdated,
    /// The terminal's clock is wrong.
    ClockSkew,
    /// Too many requests from this terminal.
    RateLimited,
    /// The centre is crowded at the moment.
    Busy,
    /// The record store cannot be used at the moment.
    StoreUnavailable,
    /// Issuing is stopped by the operator.
    ServiceStopped,
    /// The service is closed at this hour.
    OutOfHours,
    /// The centre made an error.
    Internal,
    /// The challenge is not valid here.
    ChallengeRefused,
    /// The card's data cannot be trusted.
    CardNotGenuine,
    /// The card's signature does not hold.
    HolderSignatureInvalid,
    /// The card's certificate is from an authority that is not accepted.
    CertificateUntrusted,
    /// The card's certificate has expired.
    CertificateExpired,
    /// The card's certificate is not valid yet.
    CertificateNotYetValid,
    /// The card's certificate is revoked.
    CertificateRevoked,
    /// The card's certificate is for another purpose.
    CertificateWrongPurpose,
    /// Whether the certificate is revoked cannot be told at the moment.
    RevocationUnavailable,
    /// The holder must prove themselves again.
    HolderSessionUnknown,
    /// There is no vaccination record for this person.
    NoRecord,
    /// The record is held for checking.
    RecordHeld,
    /// Certificates for this person are issued at the counter only.
    PersonProtected,
    /// The municipality does not take part.
    MunicipalityNotParticipating,
    /// The municipality has suspended issuing.
    MunicipalitySuspended,
    /// The municipality holds no dose of this person.
    MunicipalityWithoutRecord,
    /// The store chain does not take part.
    ChainNotParticipating,
    /// No passport is registered by an overseas certificate since 2022-07-21.
    PassportNotRegistered,
    /// The registered passport has expired.
    PassportExpired,
    /// The registered travel document is not a passport.
    TravelDocumentNotPassport,
    /// A dose was given in a clinical trial.
    TrialDose,
    /// The passport number differs from the registered one.
    PassportMismatch,
    /// The passport number was wrong too often.
    PassportAttemptsExceeded,
    /// The passport number must be confirmed first.
    PassportNotConfirmed,
    /// The number of copies is not allowed.
    CopiesOutOfRange,
    /// The certificate cannot be drawn without loss and is issued at the counter only.
    CertificateNotPrintable,
    /// The key was used for another request.
    IdempotencyKeyReused,
    /// The same request is being worked on.
    IssuanceInProgress,
    /// The issuance was withdrawn.
    IssuanceWithdrawn,
    /// Another outcome is recorded already.
    OutcomeConflict,
    /// The passport's machine-readable zone cannot be read as it was sent.
    PassportUnreadable,
    /// The passport belongs to somebody with another birth date than the holder.
    PassportOfAnotherPerson,
}

impl ProblemCode {
    /// Every code.
    pub const ALL: [Self; 46] = [
        Self::MalformedRequest,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::RequestTooLarge,
        Self::UnsupportedMediaType,
        Self::TerminalUnknown,
        Self::TerminalOutdated,
        Self::ClockSkew,
        Self::RateLimited,
        Self::Busy,
        Self::StoreUnavailable,
        Self::ServiceStopped,
        Self::OutOfHours,
        Self::Internal,
        Self::ChallengeRefused,
        Self::CardNotGenuine,
        Self::HolderSignatureInvalid,
        Self::CertificateUntrusted,
        Self::CertificateExpired,
        Self::CertificateNotYetValid,
        Self::CertificateRevoked,
        Self::CertificateWrongPurpose,
        Self::RevocationUnavailable,
        Self::HolderSessionUnknown,
        Self::NoRecord,
        Self::RecordHeld,
        Self::PersonProtected,
        Self::MunicipalityNotParticipating,
        Self::MunicipalitySuspended,
        Self::MunicipalityWithoutRecord,
        Self::ChainNotParticipating,
        Self::PassportNotRegistered,
        Self::PassportExpired,
        Self::TravelDocumentNotPassport,
        Self::TrialDose,
        Self::PassportMismatch,
        Self::PassportAttemptsExceeded,
        Self::PassportNotConfirmed,
        Self::CopiesOutOfRange,
        Self::CertificateNotPrintable,
        Self::IdempotencyKeyReused,
        Self::IssuanceInProgress,
        Self::IssuanceWithdrawn,
        Self::OutcomeConflict,
        Self::PassportUnreadable,
        Self::PassportOfAnotherPerson,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MalformedRequest => "malformed-request",
            Self::NotFound => "not-found",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::RequestTooLarge => "request-too-large",
            Self::UnsupportedMediaType => "unsupported-media-type",
            Self::TerminalUnknown => "terminal-unknown",
            Self::TerminalOutdated => "terminal-outdated",
            Self::ClockSkew => "clock-skew",
            Self::RateLimited => "rate-limited",
            Self::Busy => "busy",
            Self::StoreUnavailable => "store-unavailable",
            Self::ServiceStopped => "service-stopped",
            Self::OutOfHours => "out-of-hours",
            Self::Internal => "internal",
            Self::ChallengeRefused => "challenge-refused",
            Self::CardNotGenuine => "card-not-genuine",
            Self::HolderSignatureInvalid => "holder-signature-invalid",
            Self::CertificateUntrusted => "certificate-untrusted",
            Self::CertificateExpired => "certificate-expired",
            Self::CertificateNotYetValid => "certificate-not-yet-valid",
            Self::CertificateRevoked => "certificate-revoked",
            Self::CertificateWrongPurpose => "certificate-wrong-purpose",
            Self::RevocationUnavailable => "revocation-unavailable",
            Self::HolderSessionUnknown => "holder-session-unknown",
            Self::NoRecord => "no-record",
            Self::RecordHeld => "record-held",
            Self::PersonProtected => "person-protected",
            Self::MunicipalityNotParticipating => "municipality-not-participating",
            Self::MunicipalitySuspended => "municipality-suspended",
            Self::MunicipalityWithoutRecord => "municipality-without-record",
            Self::ChainNotParticipating => "chain-not-participating",
            Self::PassportNotRegistered => "passport-not-registered",
            Self::PassportExpired => "passport-expired",
            Self::TravelDocumentNotPassport => "travel-document-not-passport",
            Self::TrialDose => "trial-dose",
            Self::PassportMismatch => "passport-mismatch",
            Self::PassportAttemptsExceeded => "passport-attempts-exceeded",
            Self::PassportNotConfirmed => "passport-not-confirmed",
            Self::CopiesOutOfRange => "copies-out-of-range",
            Self::CertificateNotPrintable => "certificate-not-printable",
            Self::IdempotencyKeyReused => "idempotency-key-reused",
            Self::IssuanceInProgress => "issuance-in-progress",
            Self::IssuanceWithdrawn => "issuance-withdrawn",
            Self::OutcomeConflict => "outcome-conflict",
            Self::PassportUnreadable => "passport-unreadable",
            Self::PassportOfAnotherPerson => "passport-of-another-person",
        }
    }

    /// The HTTP status (RFC 9110).
    pub const fn status(self) -> u16 {
        match self {
            Self::MalformedRequest | Self::CopiesOutOfRange => 400,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::RequestTooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::TerminalUnknown
            | Self::OutOfHours
            | Self::ChallengeRefused
            | Self::CardNotGenuine
            | Self::HolderSignatureInvalid
            | Self::CertificateUntrusted
            | Self::CertificateExpired
            | Self::CertificateNotYetValid
            | Self::CertificateRevoked
            | Self::CertificateWrongPurpose
            | Self::HolderSessionUnknown
            | Self::NoRecord
            | Self::RecordHeld
            | Self::PersonProtected
            | Self::MunicipalityNotParticipating
            | Self::MunicipalitySuspended
            | Self::MunicipalityWithoutRecord
            | Self::ChainNotParticipating
            | Self::PassportNotRegistered
            | Self::PassportExpired
            | Self::TravelDocumentNotPassport
            | Self::TrialDose
            | Self::PassportMismatch
            | Self::PassportAttemptsExceeded
            | Self::PassportNotConfirmed
            | Self::PassportOfAnotherPerson
            | Self::CertificateNotPrintable => 403,
            Self::TerminalOutdated => 426,
            Self::ClockSkew | Self::IssuanceInProgress | Self::IssuanceWithdrawn | Self::OutcomeConflict => 409,
            Self::RateLimited => 429,
            Self::Busy | Self::StoreUnavailable | Self::ServiceStopped | Self::RevocationUnavailable => 503,
            Self::Internal => 500,
            Self::IdempotencyKeyReused | Self::PassportUnreadable => 422,
        }
    }

    /// A short sentence for people who operate the system; residents read the terminal's own texts.
    pub const fn title(self) -> &'static str {
        match self {
            Self::MalformedRequest => "The request is not well-formed",
            Self::NotFound => "There is no such resource",
            Self::MethodNotAllowed => "The resource does not take this method",
            Self::RequestTooLarge => "The request is larger than allowed",
            Self::UnsupportedMediaType => "The request is not JSON",
            Self::TerminalUnknown => "The certificate belongs to no terminal in service",
            Self::TerminalOutdated => "The terminal's program is too old",
            Self::ClockSkew => "The terminal's clock is wrong",
            Self::RateLimited => "Too many requests from this terminal",
            Self::Busy => "The centre is crowded at the moment",
            Self::StoreUnavailable => "The record store cannot be used at the moment",
            Self::ServiceStopped => "Issuing is stopped by the operator",
            Self::OutOfHours => "The service is closed at this hour",
            Self::Internal => "The centre made an error",
            Self::ChallengeRefused => "The challenge is not valid here",
            Self::CardNotGenuine => "The card's data cannot be trusted",
            Self::HolderSignatureInvalid => "The card's signature does not hold",
            Self::CertificateUntrusted => "The card's certificate is from an authority that is not accepted",
            Self::CertificateExpired => "The card's certificate has expired",
            Self::CertificateNotYetValid => "The card's certificate is not valid yet",
            Self::CertificateRevoked => "The card's certificate is revoked",
            Self::CertificateWrongPurpose => "The card's certificate is for another purpose",
            Self::RevocationUnavailable => "Whether the certificate is revoked cannot be told at the moment",
            Self::HolderSessionUnknown => "The holder must prove themselves again",
            Self::NoRecord => "There is no vaccination record for this person",
            Self::RecordHeld => "The record is held for checking",
            Self::PersonProtected => "Certificates for this person are issued at the counter only",
            Self::MunicipalityNotParticipating => "The municipality does not take part",
            Self::MunicipalitySuspended => "The municipality has suspended issuing",
            Self::MunicipalityWithoutRecord => "The municipality holds no dose of this person",
            Self::ChainNotParticipating => "The store chain does not take part",
            Self::PassportNotRegistered => "No passport is registered by an overseas certificate since 2022-07-21",
            Self::PassportExpired => "The registered passport has expired",
            Self::TravelDocumentNotPassport => "The registered travel document is not a passport",
            Self::TrialDose => "A dose was given in a clinical trial and is certified at the counter only",
            Self::PassportMismatch => "The passport number differs from the registered one",
            Self::PassportAttemptsExceeded => "The passport number was wrong too often",
            Self::PassportNotConfirmed => "The passport number must be confirmed first",
            Self::CopiesOutOfRange => "The number of copies is not allowed",
            Self::CertificateNotPrintable => {
                "The certificate cannot be drawn without loss and is issued at the counter only"
            }
            Self::IdempotencyKeyReused => "The key was used for another request",
            Self::IssuanceInProgress => "The same request is being worked on",
            Self::IssuanceWithdrawn => "The issuance was withdrawn",
            Self::OutcomeConflict => "Another outcome is recorded already",
            Self::PassportUnreadable => "The passport's machine-readable zone cannot be read as it was sent",
            Self::PassportOfAnotherPerson => "The passport belongs to somebody with another birth date",
        }
    }
}

impl std::fmt::Display for ProblemCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A problem document. It never carries personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Problem {
    /// `/problems/CODE`, relative to the centre's public address.
    #[serde(rename = "type")]
    pub kind: String,
    /// [`ProblemCode::title`].
    pub title: String,
    /// [`ProblemCode::status`].
    pub status: u16,
    /// The stable code.
    pub code: ProblemCode,
    /// What to do, or which field is wrong; never a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// When to try again, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_seconds: Option<u32>,
    /// Tries left, for [`ProblemCode::PassportMismatch`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tries_left: Option<u8>,
}

impl From<ProblemCode> for Problem {
    fn from(code: ProblemCode) -> Self {
        Self {
            kind: format!("/problems/{code}"),
            title: code.title().to_owned(),
            status: code.status(),
            code,
            detail: None,
            retry_after_seconds: None,
            tries_left: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_on_the_wire_is_the_stable_name() {
        for code in ProblemCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }
}
