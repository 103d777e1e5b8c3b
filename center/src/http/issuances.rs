//! `POST /v1/issuances`: makes the certificate, before any money is taken.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use shared::wire::issuance::{IssuanceAnswer, IssuanceRequest};
use shared::wire::problem::{Problem, ProblemCode};
use tokio::sync::SemaphorePermit;

use super::Center;
use super::admission::{Kiosk, blocking, check_service};
use super::body::{JsonBody, idempotency_key};
use super::refusal::Answer;
use crate::config::FaultPoint;
use crate::issuance::Request;

/// Makes a certificate, or gives again what was made under the same key.
#[utoipa::path(
    post,
    path = "/v1/issuances",
    params(("Idempotency-Key" = String, Header, description = "32 lower-case hexadecimal digits")),
    request_body = IssuanceRequest,
    responses(
        (status = 200, body = IssuanceAnswer),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn issue(
    State(center): State<Arc<Center>>,
    Extension(kiosk): Extension<Kiosk>,
    headers: HeaderMap,
    JsonBody(request): JsonBody<IssuanceRequest>,
) -> Answer<Response> {
    let key = idempotency_key(&headers)?;
    let _turn = turn(&center).await?;
    let answer = blocking(&center, move |center| {
        let applicant = center.sessions.applicant(&request.session, &kiosk.caller, center.clock.now());
        let request = Request { terminal: &kiosk.caller.terminal, key: &key, ask: &request, applicant };
        center.issuer.issue(&request, &|| check_service(center, &kiosk))
    })
    .await??;
    center.issuer.reach(FaultPoint::BeforeAnswer);
    let mut response = Response::new(Body::from(answer));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

/// Waits for a turn, not longer than [`super::Limits::patience`] and not behind too many.
async fn turn(center: &Center) -> Answer<SemaphorePermit<'_>> {
    let limits = &center.limits;
    if let Ok(permit) = limits.issuances.try_acquire() {
        return Ok(permit);
    }
    let place = limits.waiting.fetch_add(1, Ordering::Relaxed);
    let _waiting = Waiting(&limits.waiting);
    if place >= limits.maximum_waiting {
        return Err(ProblemCode::Busy.into());
    }
    match tokio::time::timeout(limits.patience, limits.issuances.acquire()).await {
        Ok(Ok(permit)) => Ok(permit),
        Ok(Err(_)) | Err(_) => Err(ProblemCode::Busy.into()),
    }
}

/// One who waits; gives the place up when the caller goes away, too.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
