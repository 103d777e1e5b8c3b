//! `PUT /v1/issuances/{key}/outcome`: what became of money and paper.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use shared::domain::identifiers::IdempotencyKey;
use shared::wire::outcome::OutcomeRequest;
use shared::wire::problem::{Problem, ProblemCode};

use super::Center;
use super::admission::{Kiosk, blocking};
use super::body::JsonBody;
use super::refusal::{Answer, Refusal};
use crate::store::Settlement;

/// Records the outcome. It may be repeated; it may be told at any hour.
#[utoipa::path(
    put,
    path = "/v1/issuances/{key}/outcome",
    params(("key" = String, Path, description = "The idempotency key of the issuance")),
    request_body = OutcomeRequest,
    responses(
        (status = 204, description = "Recorded"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn tell(
    State(center): State<Arc<Center>>,
    Extension(kiosk): Extension<Kiosk>,
    Path(key): Path<String>,
    JsonBody(request): JsonBody<OutcomeRequest>,
) -> Answer<StatusCode> {
    let key = IdempotencyKey::parse(&key).ok().ok_or_else(|| {
        Refusal::from(ProblemCode::MalformedRequest).detail("the key has 32 lower-case hexadecimal digits")
    })?;
    let settlement = blocking(&center, move |center| {
        center.store.settle(&kiosk.caller.terminal, &key, request.outcome, center.clock.now())
    })
    .await??;
    match settlement {
        Settlement::Recorded => Ok(StatusCode::NO_CONTENT),
        Settlement::Conflict => Err(ProblemCode::OutcomeConflict.into()),
    }
}
