//! What requests carry: bodies of JSON only, bounded, complete in time, without unknown fields; values are never echoed.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse as _;
use serde::de::DeserializeOwned;
use shared::domain::identifiers::IdempotencyKey;
use shared::wire::problem::ProblemCode;

use super::refusal::{Answer, Refusal};

/// A JSON body.
#[derive(Debug)]
pub(super) struct JsonBody<T>(pub(super) T);

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media_type = content_type.and_then(|value| value.split(';').next()).map(str::trim);
        if !media_type.is_some_and(|media_type| media_type.eq_ignore_ascii_case("application/json")) {
            return Err(ProblemCode::UnsupportedMediaType.into());
        }
        let Ok(body) = tokio::time::timeout(PATIENCE, Bytes::from_request(request, state)).await else {
            return Err(Refusal::from(ProblemCode::MalformedRequest).detail("the body did not arrive in time"));
        };
        let body = body.map_err(|rejection| match rejection.into_response().status() {
            StatusCode::PAYLOAD_TOO_LARGE => Refusal::from(ProblemCode::RequestTooLarge),
            _ => Refusal::from(ProblemCode::MalformedRequest),
        })?;
        serde_json::from_slice(&body).map(Self).map_err(|error| malformed(&error))
    }
}

/// Where the body is wrong. The parser's own words may hold a value, so they stay here.
fn malformed(error: &serde_json::Error) -> Refusal {
    let kind = match error.classify() {
        serde_json::error::Category::Data => "a field is unknown, missing or of the wrong form",
        serde_json::error::Category::Syntax => "this is not JSON",
        serde_json::error::Category::Eof | serde_json::error::Category::Io => "the text ends too early",
    };
    let place = format!("line {} column {}: {kind}", error.line(), error.column());
    Refusal::from(ProblemCode::MalformedRequest).detail(place)
}

/// The header that carries the key.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// The one key of a request that issues.
pub(super) fn idempotency_key(headers: &HeaderMap) -> Answer<IdempotencyKey> {
    let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
    let key = match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok().and_then(|text| IdempotencyKey::parse(text).ok()),
        _ => None,
    };
    key.ok_or_else(|| {
        Refusal::from(ProblemCode::MalformedRequest).detail("one Idempotency-Key of 32 hexadecimal digits")
    })
}
