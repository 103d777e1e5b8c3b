//! `POST /v1/holders/{session}/passport`: the resident types the number once; it must match.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use shared::domain::identifiers::HolderSessionId;
use shared::wire::passport::PassportRequest;
use shared::wire::problem::{Problem, ProblemCode};

use super::Center;
use super::admission::{Kiosk, blocking};
use super::body::JsonBody;
use super::refusal::{Answer, Refusal};
use crate::holder_session::Confirmation;
use crate::vrs;

/// Compares the typed number with the registered one.
#[utoipa::path(
    post,
    path = "/v1/holders/{session}/passport",
    params(("session" = String, Path, description = "The holder session")),
    request_body = PassportRequest,
    responses(
        (status = 204, description = "It matches"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn confirm(
    State(center): State<Arc<Center>>,
    Extension(kiosk): Extension<Kiosk>,
    Path(session): Path<String>,
    JsonBody(request): JsonBody<PassportRequest>,
) -> Answer<StatusCode> {
    let session = HolderSessionId::parse(&session).ok().ok_or(ProblemCode::HolderSessionUnknown)?;
    blocking(&center, move |center| {
        let now = center.clock.now();
        let applicant = center.sessions.applicant(&session, &kiosk.caller, now);
        let applicant = applicant.ok_or(ProblemCode::HolderSessionUnknown)?;
        let record = center.store.person(&applicant.person.person())?.ok_or(ProblemCode::NoRecord)?;
        let passport = vrs::registered_passport(&record, center.clock.today())?;
        let numbers = (&request.number, &passport.number);
        let confirmation = center.sessions.confirm_passport(&session, &kiosk.caller, numbers, now);
        match confirmation.ok_or(ProblemCode::HolderSessionUnknown)? {
            Confirmation::Confirmed => Ok(StatusCode::NO_CONTENT),
            Confirmation::Mismatch { tries_left } => {
                Err(Refusal::from(ProblemCode::PassportMismatch).tries_left(tries_left))
            }
            Confirmation::Exhausted => Err(ProblemCode::PassportAttemptsExceeded.into()),
        }
    })
    .await?
}
