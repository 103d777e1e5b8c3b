//! `GET /openapi.json`: the description of the terminals' calls.

use axum::Json;
use utoipa::openapi::OpenApi;

/// The description, made from the handlers themselves.
pub(super) async fn openapi() -> Json<OpenApi> {
    Json(super::kiosk_routes().into_openapi())
}
