//! `/verify`: the page on which anybody has paper read back, and the answer to what they upload.
//!
//! **Invariant**: an upload lives in memory while it is worked on, and nowhere else: not in a file, a log or a store.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::extract::multipart::{Multipart, MultipartError, MultipartRejection};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use shared::wire::problem::ProblemCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Center;
use super::admission::blocking;
use super::refusal::{Answer, Refusal};
use crate::config::Config;
use crate::inspection::desk::Desk;
use crate::inspection::intake::apart::Drawing;
use crate::raster::Raster;

mod answer;

use answer::Verification;

/// Bytes of all files of one upload.
pub(super) const MAXIMUM_UPLOAD_BYTES: usize = 48 << 20;
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
pub struct Reception {
    config: Config,
    /// Opened by the first upload: a centre to which nobody uploads does not need it.
    desk: OnceLock<Desk>,
    drawing: Drawing,
    uploads: Arc<Semaphore>,
    turns: Arc<Semaphore>,
}

impl Reception {
    /// For a centre of this configuration. Uploads are read one after another on each second processor.
    pub fn new(config: &Config) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            config: config.clone(),
            desk: OnceLock::new(),
            // The running program, even after its file was replaced.
            drawing: Drawing::by(PathBuf::from("/proc/self/exe")),
            uploads: Arc::new(Semaphore::new(UPLOADS)),
            turns: Arc::new(Semaphore::new((processors / 2).max(1))),
        }
    }

    /// Its desk. It is made of the keys and typefaces that the workshop was made of at start.
    fn desk(&self) -> Answer<&Desk> {
        if let Some(desk) = self.desk.get() {
            return Ok(desk);
        }
        let opened = Desk::open(&self.config).map_err(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "the inspection desk cannot be opened");
            Refusal::from(ProblemCode::Internal)
        })?;
        Ok(self.desk.get_or_init(|| opened))
    }
}

/// What a browser may do with the page: its own script and style, pictures that came in the answer, nothing else.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
);

fn asset(media_type: &'static str, content: &'static str) -> impl IntoResponse {
    let text = |value| HeaderValue::from_static(value);
    let headers: [(HeaderName, HeaderValue); 3] = [
        (header::CONTENT_TYPE, text(media_type)),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, text("no-cache")),
    ];
    (headers, content)
}

/// The page.
pub(super) async fn page() -> impl IntoResponse {
    asset("text/html; charset=utf-8", include_str!("verify/page.html"))
}

/// Its script.
pub(super) async fn script() -> impl IntoResponse {
    asset("text/javascript; charset=utf-8", include_str!("verify/page.js"))
}

/// Its style.
pub(super) async fn style() -> impl IntoResponse {
    asset("text/css; charset=utf-8", include_str!("verify/page.css"))
}

/// Its sign in the browser's tab.
pub(super) async fn icon() -> impl IntoResponse {
    asset("image/svg+xml", include_str!("verify/icon.svg"))
}

/// Reads what was uploaded and says what it shows.
pub(super) async fn verify(
    State(center): State<Arc<Center>>,
    upload: Result<Multipart, MultipartRejection>,
) -> Answer<impl IntoResponse> {
    let place = Arc::clone(&center.reception.uploads).try_acquire_owned();
    let place = place.map_err(|_full| Refusal::from(ProblemCode::Busy))?;
    let upload = upload.map_err(|_no_form| {
        Refusal::from(ProblemCode::UnsupportedMediaType).detail("multipart/form-data with up to four files is expected")
    })?;
    let Ok(files) = tokio::time::timeout(ARRIVAL, receive(upload)).await else {
        return Err(Refusal::from(ProblemCode::MalformedRequest).detail("the files did not arrive in time"));
    };
    let files = files?;
    let waiting = tokio::time::timeout(TURN, Arc::clone(&center.reception.turns).acquire_owned());
    let Ok(Ok(turn)) = waiting.await else { return Err(ProblemCode::Busy.into()) };
    let verification = blocking(&center, move |center| work(center, files, (place, turn))).await??;
    Ok(([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(verification)))
}

/// Works on an upload. The places are held here: who hangs up does not free them before the work is done.
fn work(
    center: &Center,
    files: Vec<Vec<u8>>,
    places: (OwnedSemaphorePermit, OwnedSemaphorePermit),
) -> Answer<Verification> {
    let desk = center.reception.desk()?;
    let inspect = |pages: &[Raster]| desk.inspect(pages, center.store.as_ref());
    let verification = answer::verify(files, &center.reception.drawing, inspect);
    drop(places);
    Ok(verification?)
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
