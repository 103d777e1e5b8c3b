//! The phone app's port: how its calls are let in, and `GET /v1/app`, which shows versions and whether issuing runs.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::{Json, Router};
use shared::wire::MAXIMUM_REQUEST_BYTES;
use shared::wire::app::{AppAnswer, AppService, PROTOCOL_VERSION};
use shared::wire::problem::{Problem, ProblemCode};
use shared::wire::terminal::CertificateOffer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::admission::{PeerAddress, PeerIdentity, blocking};
use super::refusal::{Answer, Refusal};
use super::{Center, measurement, refusal};
use crate::challenge::AppIdentity;

mod challenges;
mod holders;
mod issuances;
mod municipalities;

/// The calls of apps. Each request must carry a [`PeerIdentity`] and a [`PeerAddress`] among its extensions.
pub fn app_router(center: Arc<Center>) -> Router {
    let (router, _) = routes().with_state(Arc::clone(&center)).split_for_parts();
    router
        .fallback(refusal::not_found)
        .method_not_allowed_fallback(refusal::method_not_allowed)
        .layer(DefaultBodyLimit::max(MAXIMUM_REQUEST_BYTES))
        .layer(from_fn_with_state(Arc::clone(&center), admit))
        .layer(from_fn_with_state(center, measurement::measure))
}

/// The routes with their description.
pub(super) fn routes() -> OpenApiRouter<Arc<Center>> {
    OpenApiRouter::new()
        .routes(routes!(show))
        .routes(routes!(municipalities::show))
        .routes(routes!(challenges::open))
        .routes(routes!(holders::prove))
        .routes(routes!(issuances::issue))
}

/// Lets a request through with its [`AppIdentity`], or refuses it. Apps have places of their own, so that a crowd of
/// them never keeps a terminal out; identities cost nothing, so that it is addresses that are counted.
async fn admit(State(center): State<Arc<Center>>, mut request: Request, next: Next) -> Response {
    let Ok(_permit) = center.limits.app_requests.try_acquire() else {
        return Refusal::from(ProblemCode::Busy).into_response();
    };
    let extensions = request.extensions();
    let known = (extensions.get::<PeerIdentity>().copied(), extensions.get::<PeerAddress>().copied());
    let (Some(PeerIdentity(app)), Some(PeerAddress(address))) = known else {
        // The port always knows both.
        return Refusal::from(ProblemCode::Internal).into_response();
    };
    if !center.limits.app_rate.allows(&address) {
        return Refusal::from(ProblemCode::RateLimited).into_response();
    }
    request.extensions_mut().insert(AppIdentity(app));
    next.run(request).await
}

/// Shows versions, clock and whether certificates are issued.
#[utoipa::path(
    get,
    path = "/v1/app",
    responses(
        (status = 200, body = AppAnswer),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn show(State(center): State<Arc<Center>>) -> Answer<Json<AppAnswer>> {
    let is_stopped = blocking(&center, |center| center.store.is_stopped()).await??;
    let certificates = center.certificates.iter().map(|&(kind, profile)| CertificateOffer { kind, profile }).collect();
    Ok(Json(AppAnswer {
        protocol: PROTOCOL_VERSION,
        build: env!("CARGO_PKG_VERSION").to_owned(),
        time: center.clock.now(),
        service: if is_stopped { AppService::Stopped } else { AppService::Open },
        certificates,
    }))
}
