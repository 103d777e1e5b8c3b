//! `/verify`: the page on which anybody has paper read back, and the answer to what they upload.
//!
//! **Invariant**: an upload lives in memory while it is worked on, and nowhere else: not in a file, a log or a store.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::multipart::{Multipart, MultipartError, MultipartRejection};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use shared::wire::problem::ProblemCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::admission::blocking;
use super::refusal::{Answer, Refusal};
use crate::inspection::intake::apart::Drawing;
use crate::inspection::public::PublicKeys;

mod answer;
mod inspecting;

use answer::Verification;
pub use inspecting::CenterDesk;
pub(super) use inspecting::Inspecting;

/// Bytes of all files of one upload.
const MAXIMUM_UPLOAD_BYTES: usize = 48 << 20;
/// Bytes of an upload with what a form puts around its files.
const UPLOAD_LIMIT: usize = MAXIMUM_UPLOAD_BYTES + (64 << 10);
/// Files of one upload: front and back, twice.
const MAXIMUM_FILES: usize = 4;
/// Uploads in memory at once.
const UPLOADS: usize = 8;
/// How long an upload may take to arrive.
const ARRIVAL: Duration = Duration::from_mins(1);
/// How long an upload waits for its turn.
const TURN: Duration = Duration::from_secs(40);

/// Where uploads are taken in. They get few places, so that issuing never waits for them.
#[derive(Debug)]
pub struct Reception<I> {
    inspecting: I,
    page: String,
    drawing: Drawing,
    uploads: Arc<Semaphore>,
    turns: Arc<Semaphore>,
}

impl Reception<CenterDesk> {
    /// A centre's: its desk knows everything.
    pub fn of_center(desk: CenterDesk) -> Self {
        reception(desk)
    }
}

impl Reception<PublicKeys> {
    /// Of somebody who has public keys: they know the printed codes.
    pub fn of_codes(keys: PublicKeys) -> Self {
        reception(keys)
    }
}

/// Uploads are read one after another on each second processor.
fn reception<I: Inspecting>(inspecting: I) -> Reception<I> {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Reception {
        inspecting,
        page: include_str!("verify/page.html").replacen(READS_EVERYTHING, I::READS, 1),
        // The running program, even after its file was replaced.
        drawing: Drawing::by(PathBuf::from("/proc/self/exe")),
        uploads: Arc::new(Semaphore::new(UPLOADS)),
        turns: Arc::new(Semaphore::new((processors / 2).max(1))),
    }
}

/// What the page says of its reader, as it stands in its file.
const READS_EVERYTHING: &str = "data-reads=\"everything\"";

/// The page, what belongs to it, and the answer to an upload.
pub(super) fn routes<I: Inspecting>(reception: Arc<Reception<I>>) -> Router {
    Router::new()
        .route("/verify", get(page::<I>).post(verify::<I>).layer(DefaultBodyLimit::max(UPLOAD_LIMIT)))
        .route("/verify/page.js", get(script))
        .route("/verify/page.css", get(style))
        .route("/verify/icon.svg", get(icon))
        .with_state(reception)
}

/// What a browser may do with the page: its own script and style, pictures that came in the answer, nothing else.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
);

fn asset<C: IntoResponse>(media_type: &'static str, content: C) -> impl IntoResponse + use<C> {
    let text = |value| HeaderValue::from_static(value);
    let headers: [(HeaderName, HeaderValue); 3] = [
        (header::CONTENT_TYPE, text(media_type)),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, text("no-cache")),
    ];
    (headers, content)
}

/// The page.
async fn page<I: Inspecting>(State(reception): State<Arc<Reception<I>>>) -> impl IntoResponse {
    asset("text/html; charset=utf-8", reception.page.clone())
}

/// Its script.
async fn script() -> impl IntoResponse {
    asset("text/javascript; charset=utf-8", include_str!("verify/page.js"))
}

/// Its style.
async fn style() -> impl IntoResponse {
    asset("text/css; charset=utf-8", include_str!("verify/page.css"))
}

/// Its sign in the browser's tab.
async fn icon() -> impl IntoResponse {
    asset("image/svg+xml", include_str!("verify/icon.svg"))
}

/// Reads what was uploaded and says what it shows.
async fn verify<I: Inspecting>(
    State(reception): State<Arc<Reception<I>>>,
    upload: Result<Multipart, MultipartRejection>,
) -> Answer<impl IntoResponse> {
    let place = Arc::clone(&reception.uploads).try_acquire_owned();
    let place = place.map_err(|_full| Refusal::from(ProblemCode::Busy))?;
    let upload = upload.map_err(|_no_form| {
        Refusal::from(ProblemCode::UnsupportedMediaType).detail("multipart/form-data with up to four files is expected")
    })?;
    let Ok(files) = tokio::time::timeout(ARRIVAL, receive(upload)).await else {
        return Err(Refusal::from(ProblemCode::MalformedRequest).detail("the files did not arrive in time"));
    };
    let files = files?;
    let waiting = tokio::time::timeout(TURN, Arc::clone(&reception.turns).acquire_owned());
    let Ok(Ok(turn)) = waiting.await else { return Err(ProblemCode::Busy.into()) };
    let verification = blocking(&reception, move |reception| work(reception, files, (place, turn))).await??;
    Ok(([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(verification)))
}

/// Works on an upload. The places are held here: who hangs up does not free them before the work is done.
fn work<I: Inspecting>(
    reception: &Reception<I>,
    files: Vec<Vec<u8>>,
    places: (OwnedSemaphorePermit, OwnedSemaphorePermit),
) -> Answer<Verification<I::Report>> {
    let verification = answer::verify(files, &reception.drawing, |pages| reception.inspecting.inspect(pages));
    drop(places);
    verification
}

/// The files of a form, whatever its fields are called. Their names are not looked at.
async fn receive(mut upload: Multipart) -> Answer<Vec<Vec<u8>>> {
    let mut files = Vec::new();
    while let Some(field) = upload.next_field().await.map_err(|error| broken(&error))? {
        if files.len() == MAXIMUM_FILES {
            return Err(Refusal::from(ProblemCode::MalformedRequest).detail("more than four files"));
        }
        let file = field.bytes().await.map_err(|error| broken(&error))?;
        // A browser sends an empty file for a field that nothing was chosen in.
        if !file.is_empty() {
            files.push(file.into());
        }
    }
    if files.is_empty() {
        return Err(Refusal::from(ProblemCode::MalformedRequest).detail("no file"));
    }
    Ok(files)
}

fn broken(error: &MultipartError) -> Refusal {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ProblemCode::RequestTooLarge.into(),
        _ => Refusal::from(ProblemCode::MalformedRequest).detail("the form is damaged"),
    }
}
