//! The municipal console: server-rendered pages on a port of its own, with every right checked again by the store.
//!
//! **Invariant**: nothing personal stands in an address; persons travel in the bodies of forms alone.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{get, post};
use jiff::Timestamp;

use crate::http::Center;

mod accounts;
mod approvals;
mod assessment;
mod certificate;
mod chart;
mod csv_file;
mod export;
mod fault;
mod form;
mod guard;
mod guide;
mod login;
mod messages;
mod moving;
mod page;
mod password;
mod purpose;
mod records;
mod registration;
mod reports;
mod session;
mod status;
mod terms;
mod wording;

pub use page::menu_paths;
pub use password::{HashError, Password, PasswordError, hash};

/// What every page works with.
#[derive(Debug)]
pub struct Console {
    center: Arc<Center>,
    sessions: session::Sessions,
    guard: guard::LoginGuard,
    hashing: tokio::sync::Semaphore,
    staged: registration::Staged,
}

impl Console {
    /// A console of a centre.
    pub fn new(center: Arc<Center>) -> Self {
        Self {
            center,
            sessions: session::Sessions::default(),
            guard: guard::LoginGuard::default(),
            hashing: tokio::sync::Semaphore::new(MAXIMUM_HASHING),
            staged: registration::Staged::default(),
        }
    }

    fn now(&self) -> Timestamp {
        self.center.clock.now()
    }
}

/// Passwords that are hashed at once: each takes 19 MiB and a processor.
const MAXIMUM_HASHING: usize = 2;

/// The most bytes of a form; files that are registered have a limit of their own.
const MAXIMUM_FORM_BYTES: usize = 64 * 1024;

/// The pages.
pub fn router(console: Arc<Console>) -> Router {
    Router::new()
        .route("/", get(status::show))
        .route("/login", get(login::show).post(login::log_in))
        .route("/logout", post(login::log_out))
        .route("/password", get(login::show_password).post(login::change_password))
        .route("/status", get(status::show))
        .route("/registration", get(registration::show))
        .route(
            "/registration/file",
            post(registration::stage).layer(DefaultBodyLimit::max(registration::MAXIMUM_FILE_BYTES)),
        )
        .route("/registration/single", post(registration::stage_single))
        .route("/registration/confirm", post(registration::confirm))
        .route("/export", get(export::show))
        .route("/export/request", post(export::request))
        .route("/export/file", post(export::file))
        .route("/records", get(records::show))
        .route("/records/find", post(records::find))
        .route("/records/person", post(records::person))
        .route("/records/correct", post(records::correct))
        .route("/records/protect", post(records::request_protection))
        .route("/accounts", get(accounts::show))
        .route("/accounts/add", post(accounts::add))
        .route("/accounts/change", post(accounts::change))
        .route("/moving", get(moving::show))
        .route("/moving/inquire", post(moving::inquire))
        .route("/moving/take-over", post(moving::take_over))
        .route("/messages", get(messages::show).post(messages::write))
        .route("/certificate", get(certificate::show))
        .route("/certificate/find", post(certificate::find))
        .route("/certificate/issue", post(certificate::issue))
        .route("/certificate/document", post(certificate::document))
        .route("/certificate/reissue", post(certificate::request_reissue))
        .route("/terms", get(terms::show))
        .route("/terms/agree", post(terms::agree))
        .route("/terms/suspend", post(terms::suspend))
        .route("/terms/profile", post(terms::profile))
        .route("/approvals", get(approvals::show))
        .route("/approvals/decide", post(approvals::decide))
        .route("/approvals/use", post(approvals::use_up))
        .route("/reports", get(reports::show))
        .route("/reports/{name}", get(reports::file))
        .route("/assessment", get(assessment::show))
        .route("/assessment.pdf", get(assessment::document))
        .route("/assessment/sheet", post(assessment::save).layer(DefaultBodyLimit::max(assessment::MAXIMUM_FORM_BYTES)))
        .route("/guide", get(guide::show))
        .route("/favicon.ico", get(page::no_icon))
        .route("/static/console.css", get(page::style))
        .route("/static/moving.js", get(moving::script))
        .fallback(fault::not_found)
        .method_not_allowed_fallback(fault::not_found)
        .layer(DefaultBodyLimit::max(MAXIMUM_FORM_BYTES))
        .layer(from_fn(security_headers))
        .with_state(console)
}

/// What every answer says to the browser: nothing from elsewhere, nothing inline, nothing kept.
async fn security_headers(request: Request, next: Next) -> Response {
    const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; \
                          frame-ancestors 'none'; base-uri 'none'";
    let is_static = request.uri().path().starts_with("/static/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
        (header::CACHE_CONTROL, if is_static { "no-cache" } else { "no-store" }),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Runs blocking work on its own thread.
async fn blocking<T: Send + 'static>(
    console: &Arc<Console>,
    work: impl FnOnce(&Console) -> Result<T, fault::Fault> + Send + 'static,
) -> Result<T, fault::Fault> {
    let console = Arc::clone(console);
    tokio::task::spawn_blocking(move || work(&console)).await.unwrap_or_else(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "a page's work ended badly");
        Err(fault::Fault::Internal)
    })
}
