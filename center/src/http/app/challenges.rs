//! `POST /v1/app/challenges`: a challenge for the card at the phone, at every hour.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use shared::wire::challenge::{ChallengeAnswer, ChallengeRequest};
use shared::wire::problem::{Problem, ProblemCode};

use crate::challenge::AppIdentity;
use crate::http::Center;
use crate::http::admission::{blocking, check_running};
use crate::http::body::JsonBody;
use crate::http::refusal::Answer;

/// Opens a challenge: good once, for a minute, under this app's key.
#[utoipa::path(
    post,
    path = "/v1/app/challenges",
    request_body = ChallengeRequest,
    responses(
        (status = 200, body = ChallengeAnswer),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn open(
    State(center): State<Arc<Center>>,
    Extension(app): Extension<AppIdentity>,
    JsonBody(request): JsonBody<ChallengeRequest>,
) -> Answer<Json<ChallengeAnswer>> {
    let profile = center.profile(request.kind).ok_or(ProblemCode::NotFound)?;
    blocking(&center, check_running).await??;
    let (challenge, opened) = center.app.challenges.open(app, request.kind, center.clock.now(), &center.random)?;
    Ok(Json(ChallengeAnswer { challenge, nonce: opened.nonce.as_slice().into(), profile, expires: opened.expires }))
}
