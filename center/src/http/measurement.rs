//! `GET /metrics`: figures in the Prometheus text form. No label names a person, a terminal or a key.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use shared::wire::problem::ProblemCode;

use super::Center;

/// The figures of this process.
#[derive(Clone)]
pub struct Measurements(Option<PrometheusHandle>);

impl std::fmt::Debug for Measurements {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Measurements(..)")
    }
}

/// Figures are kept once a process; centres in one process share them.
pub fn measurements() -> Measurements {
    static HANDLE: OnceLock<Measurements> = OnceLock::new();
    HANDLE.get_or_init(install).clone()
}

fn install() -> Measurements {
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(SECONDS.to_owned()), &BUCKETS)
        .map(PrometheusBuilder::build_recorder);
    let Ok(recorder) = recorder else { return Measurements(None) };
    let handle = recorder.handle();
    Measurements(metrics::set_global_recorder(recorder).is_ok().then_some(handle))
}

const REQUESTS: &str = "center_requests_total";
const SECONDS: &str = "center_request_seconds";

/// Upper bounds in seconds.
const BUCKETS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

/// Counts and times a request.
pub(super) async fn measure(State(center): State<Arc<Center>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let path = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let response = next.run(request).await;
    if center.measurements.0.is_some() {
        let outcome = response.extensions().get::<ProblemCode>().map_or("ok", |code| code.as_str());
        metrics::counter!(REQUESTS, "path" => path.clone(), "outcome" => outcome).increment(1);
        metrics::histogram!(SECONDS, "path" => path).record(started.elapsed().as_secs_f64());
    }
    response
}

/// The figures as text.
pub(super) async fn metrics(State(center): State<Arc<Center>>) -> impl IntoResponse {
    let text = center.measurements.0.as_ref().map(PrometheusHandle::render).unwrap_or_default();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text)
}
