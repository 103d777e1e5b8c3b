//! A failed request's answer: a problem document, and the headers that go with it.

use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use shared::wire::problem::{MEDIA_TYPE, Problem, ProblemCode};

use crate::challenge::ChallengeError;
use crate::holder::HolderError;
use crate::holder_session::SessionError;
use crate::issuance::IssuanceError;
use crate::store::StoreError;
use crate::vrs::EntitlementError;

/// A refusal on its way out.
#[derive(Debug)]
pub(super) struct Refusal(Box<Problem>);

/// What handlers answer.
pub(super) type Answer<T> = Result<T, Refusal>;

impl Refusal {
    /// Says what to do, or which field is wrong; never a value.
    pub(super) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// Says when to try again.
    pub(super) fn retry_after(mut self, seconds: u32) -> Self {
        self.0.retry_after_seconds = Some(seconds);
        self
    }

    /// Says how many tries are left.
    pub(super) fn tries_left(mut self, tries: u8) -> Self {
        self.0.tries_left = Some(tries);
        self
    }
}

impl From<ProblemCode> for Refusal {
    fn from(code: ProblemCode) -> Self {
        let refusal = Self(Box::new(code.into()));
        match code {
            ProblemCode::Busy | ProblemCode::RateLimited => refusal.retry_after(RETRY_SECONDS),
            ProblemCode::StoreUnavailable | ProblemCode::RevocationUnavailable => refusal.retry_after(OUTAGE_SECONDS),
            _ => refusal,
        }
    }
}

/// When to try again after a crowd.
const RETRY_SECONDS: u32 = 3;

/// When to try again after an outage.
const OUTAGE_SECONDS: u32 = 30;

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        let code = store_code(&error);
        tracing::error!(error = &error as &dyn std::error::Error, %code, "the store refused");
        code.into()
    }
}

/// What a terminal is told of the store's failures.
pub(crate) const fn store_code(error: &StoreError) -> ProblemCode {
    match error {
        StoreError::Crowded => ProblemCode::Busy,
        StoreError::ClockBackwards | StoreError::Chain(_) => ProblemCode::ServiceStopped,
        StoreError::Random | StoreError::Unreadable(_) => ProblemCode::Internal,
        StoreError::InUse
        | StoreError::Loading { .. }
        | StoreError::SchemaNewer { .. }
        | StoreError::DatabaseMissing(_)
        | StoreError::WitnessMissing
        | StoreError::Closed
        | StoreError::Database(_)
        | StoreError::File(_)
        | StoreError::HalfLoaded
        | StoreError::NotCommitted => ProblemCode::StoreUnavailable,
    }
}

impl From<ChallengeError> for Refusal {
    fn from(error: ChallengeError) -> Self {
        match error {
            ChallengeError::Crowded => ProblemCode::Busy.into(),
            ChallengeError::Random => ProblemCode::Internal.into(),
        }
    }
}

impl From<SessionError> for Refusal {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Crowded => ProblemCode::Busy.into(),
            SessionError::Random => ProblemCode::Internal.into(),
        }
    }
}

impl From<EntitlementError> for Refusal {
    fn from(error: EntitlementError) -> Self {
        match error {
            EntitlementError::Refused(code) => code.into(),
            EntitlementError::Store(error) => error.into(),
        }
    }
}

impl From<HolderError> for Refusal {
    fn from(error: HolderError) -> Self {
        let code = error.code();
        match error {
            HolderError::Store(error) => error.into(),
            refused => {
                tracing::warn!(error = &refused as &dyn std::error::Error, %code, "a proof was refused");
                code.into()
            }
        }
    }
}

impl From<IssuanceError> for Refusal {
    fn from(error: IssuanceError) -> Self {
        match error {
            IssuanceError::Refused(code) => code.into(),
            IssuanceError::Store(error) => error.into(),
            failed => {
                let code = failed.code();
                tracing::error!(error = &failed as &dyn std::error::Error, %code, "an issuance failed");
                code.into()
            }
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.0.retry_after_seconds;
        let code = self.0.code;
        let mut response = (status, Json(*self.0)).into_response();
        response.extensions_mut().insert(code);
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// No such resource.
pub(super) async fn not_found() -> Refusal {
    ProblemCode::NotFound.into()
}

/// The resource does not take this method.
pub(super) async fn method_not_allowed() -> Refusal {
    ProblemCode::MethodNotAllowed.into()
}

/// What every public answer says to browsers.
pub(super) async fn security_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    // A page with a policy of its own keeps it.
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"));
    response
}
