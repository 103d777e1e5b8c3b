//! `POST /v1/challenges`: a challenge for a card.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use shared::wire::challenge::{ChallengeAnswer, ChallengeRequest};
use shared::wire::problem::{Problem, ProblemCode};

use super::Center;
use super::admission::{Kiosk, blocking, check_service};
use super::body::JsonBody;
use super::refusal::Answer;

/// Opens a challenge: good once, for a minute, at this terminal.
#[utoipa::path(
    post,
    path = "/v1/challenges",
    request_body = ChallengeRequest,
    responses(
        (status = 200, body = ChallengeAnswer),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn open(
    State(center): State<Arc<Center>>,
    Extension(kiosk): Extension<Kiosk>,
    JsonBody(request): JsonBody<ChallengeRequest>,
) -> Answer<Json<ChallengeAnswer>> {
    let profile = center.profile(request.kind).ok_or(ProblemCode::NotFound)?;
    let caller = kiosk.caller.clone();
    blocking(&center, move |center| check_service(center, &kiosk)).await??;
    let (challenge, opened) = center.challenges.open(caller, request.kind, center.clock.now(), &center.random)?;
    Ok(Json(ChallengeAnswer { challenge, nonce: opened.nonce.as_slice().into(), profile, expires: opened.expires }))
}
