//! `GET /issuer/.well-known/jwks.json`: the keys that verify health cards, readable from any web page.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use super::Center;

/// The key set.
pub(super) async fn jwks(State(center): State<Arc<Center>>) -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    (headers, center.jwks.clone())
}
