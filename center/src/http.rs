//! Three ports: calls of terminals, calls of the phone app, and what is public. One file a route; every failure is a problem.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Redirect;
use axum::routing::get;
use ring::rand::SystemRandom;
use shared::clock::Clock;
use shared::domain::certificate::{CertificateKind, ProofProfile};
use shared::domain::identifiers::TerminalId;
use shared::wire::MAXIMUM_REQUEST_BYTES;
use tokio::sync::Semaphore;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppChannel;
use crate::challenge::Challenges;
use crate::config::Build;
use crate::holder::Verifier;
use crate::holder_session::HolderSessions;
use crate::hours::Hours;
use crate::inspection::public::PublicKeys;
use crate::issuance::Issuer;
use crate::store::Store;

mod admission;
mod app;
mod body;
mod challenges;
mod error_book;
mod health;
mod holders;
mod issuances;
mod jwks;
mod measurement;
mod openapi;
mod outcomes;
mod page;
mod passports;
mod problems;
mod refusal;
mod terminals;
mod verify;

pub use admission::{PeerAddress, PeerIdentity, RateLimit, Standing};
pub use app::app_router;
pub use measurement::{Measurements, measurements};
pub(crate) use page::page;
pub use verify::{CenterDesk, Reception};

/// What every handler may use.
#[derive(Debug)]
pub struct Center {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub random: SystemRandom,
    /// Records, issuances, audit.
    pub store: Arc<dyn Store>,
    /// Open challenges.
    pub challenges: Challenges,
    /// Open holder sessions.
    pub sessions: HolderSessions,
    /// Verifies holders.
    pub verifier: Verifier,
    /// Makes certificates.
    pub issuer: Issuer,
    /// The phone app's dialogues and codes.
    pub app: AppChannel,
    /// Opening hours.
    pub hours: Hours,
    /// The oldest program that may serve.
    pub minimum_build: Build,
    /// What is issued, and by which proof.
    pub certificates: Vec<(CertificateKind, ProofProfile)>,
    /// The health card's public keys as JSON.
    pub jwks: String,
    /// What may be used.
    pub limits: Limits,
    /// The typeface of printed reports.
    pub report_typeface: PathBuf,
    /// Where paper is read back for everybody.
    pub reception: Arc<Reception<CenterDesk>>,
    /// Figures.
    pub measurements: Measurements,
}

/// What may be used.
#[derive(Debug)]
pub struct Limits {
    /// Of one terminal.
    pub rate: RateLimit<TerminalId>,
    /// Of all apps at one address.
    pub app_rate: RateLimit<IpAddr>,
    /// Terminals that were refused when they introduced themselves.
    pub standing: Standing,
    /// Requests of terminals worked on at once.
    pub requests: Semaphore,
    /// Requests of apps worked on at once: half as many, and no terminal waits for them.
    pub app_requests: Semaphore,
    /// Issuances worked on at once.
    pub issuances: Semaphore,
    /// Issuances that wait now.
    pub waiting: AtomicUsize,
    /// Issuances that may wait.
    pub maximum_waiting: usize,
    /// How long one may wait.
    pub patience: Duration,
}

impl Limits {
    /// From the configuration.
    pub fn new(section: &crate::config::LimitsSection) -> Self {
        Self {
            rate: RateLimit::per_minute(section.requests_per_minute),
            app_rate: RateLimit::per_minute(section.requests_per_minute),
            standing: Standing::default(),
            requests: Semaphore::new(section.concurrent_requests),
            app_requests: Semaphore::new(section.concurrent_requests.div_ceil(2)),
            issuances: Semaphore::new(section.concurrent_issuances),
            waiting: AtomicUsize::new(0),
            maximum_waiting: section.waiting_issuances,
            patience: Duration::from_millis(section.wait_milliseconds),
        }
    }
}

impl Center {
    /// The proof that a kind of certificate takes; `None` for one that is not issued here.
    pub fn profile(&self, kind: CertificateKind) -> Option<ProofProfile> {
        self.certificates.iter().find(|(known, _)| *known == kind).map(|(_, profile)| *profile)
    }
}

/// The calls of terminals. Each request must carry a [`PeerIdentity`] among its extensions.
pub fn kiosk_router(center: Arc<Center>) -> Router {
    let (router, _) = kiosk_routes().with_state(Arc::clone(&center)).split_for_parts();
    router
        .fallback(refusal::not_found)
        .method_not_allowed_fallback(refusal::method_not_allowed)
        .layer(DefaultBodyLimit::max(MAXIMUM_REQUEST_BYTES))
        .layer(from_fn_with_state(Arc::clone(&center), admission::admit))
        .layer(from_fn_with_state(center, measurement::measure))
}

/// What is public.
pub fn public_router(center: Arc<Center>) -> Router {
    let reception = verify::routes(Arc::clone(&center.reception));
    let router = Router::new()
        .route("/issuer/.well-known/jwks.json", get(jwks::jwks))
        .route("/openapi.json", get(openapi::openapi))
        .route("/health", get(health::health))
        .route("/metrics", get(measurement::metrics))
        .route("/errors", get(error_book::book))
        .route("/errors/{code}", get(error_book::entry))
        .route("/problems/{code}", get(problems::problem))
        .with_state(center);
    guarded(router.merge(reception))
}

/// The page that verifies printed codes with public keys, for everybody who hosts it.
pub fn codes_router(keys: PublicKeys) -> Router {
    let router = Router::new()
        .route("/", get(async || Redirect::permanent("/verify")))
        // The page's problems refer to these.
        .route("/problems/{code}", get(problems::problem));
    guarded(router.merge(verify::routes(Arc::new(Reception::of_codes(keys)))))
}

/// What holds for everything public.
fn guarded(router: Router) -> Router {
    router
        .fallback(refusal::not_found)
        .method_not_allowed_fallback(refusal::method_not_allowed)
        .layer(DefaultBodyLimit::max(MAXIMUM_REQUEST_BYTES))
        .layer(from_fn(refusal::security_headers))
}

#[derive(OpenApi)]
#[openapi(info(
    title = "Issuance centre",
    description = "Calls of terminals in convenience stores, over mutual TLS with certificates of the terminals' authority, and under /v1/app, on a port of their own, calls of the phone app, over mutual TLS with a certificate that the app makes itself. Every failure is an RFC 9457 problem with a stable code."
))]
struct Description;

fn kiosk_routes() -> OpenApiRouter<Arc<Center>> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(terminals::introduce))
        .routes(routes!(challenges::open))
        .routes(routes!(holders::prove))
        .routes(routes!(passports::confirm))
        .routes(routes!(issuances::issue))
        .routes(routes!(outcomes::tell))
}
