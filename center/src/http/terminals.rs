//! `POST /v1/terminal`: a terminal says what it is and learns whether it may serve.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use shared::domain::fee::FEE_PER_COPY;
use shared::wire::PROTOCOL_VERSION;
use shared::wire::problem::{Problem, ProblemCode};
use shared::wire::terminal::{CertificateOffer, ServiceState, TerminalAnswer, TerminalRequest};

use super::Center;
use super::admission::{Kiosk, blocking};
use super::body::JsonBody;
use super::refusal::Answer;
use crate::config::Build;
use crate::hours::Opening;

/// How far a terminal's clock may be off.
const MAXIMUM_SKEW_SECONDS: i64 = 30;

/// Introduces a terminal.
#[utoipa::path(
    post,
    path = "/v1/terminal",
    request_body = TerminalRequest,
    responses(
        (status = 200, body = TerminalAnswer),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn introduce(
    State(center): State<Arc<Center>>,
    Extension(kiosk): Extension<Kiosk>,
    JsonBody(request): JsonBody<TerminalRequest>,
) -> Answer<Json<TerminalAnswer>> {
    let now = center.clock.now();
    let refused = objection(&center, &request);
    center.limits.standing.note(&kiosk.caller.terminal, refused);
    if let Some(code) = refused {
        return Err(code.into());
    }
    let is_stopped = blocking(&center, |center| center.store.is_stopped()).await??;
    let service = match center.hours.at(now) {
        _ if is_stopped => ServiceState::Stopped,
        Opening::Open(until) => ServiceState::Open { until },
        Opening::Closed(opens) => ServiceState::Closed { opens },
    };
    let certificates = center.certificates.iter().map(|&(kind, profile)| CertificateOffer { kind, profile }).collect();
    Ok(Json(TerminalAnswer {
        terminal: kiosk.caller.terminal,
        chain: kiosk.chain,
        time: now,
        service,
        certificates,
        fee_per_copy: FEE_PER_COPY,
    }))
}

fn objection(center: &Center, request: &TerminalRequest) -> Option<ProblemCode> {
    let is_current = Build::parse(&request.build).is_some_and(|build| build >= center.minimum_build);
    if request.protocol != PROTOCOL_VERSION || !is_current {
        return Some(ProblemCode::TerminalOutdated);
    }
    let skew = request.time.duration_since(center.clock.now()).abs();
    (skew > jiff::SignedDuration::from_secs(MAXIMUM_SKEW_SECONDS)).then_some(ProblemCode::ClockSkew)
}
