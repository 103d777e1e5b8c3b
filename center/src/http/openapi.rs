//! `GET /openapi.json`: the description of the terminals' and the app's calls.

use axum::Json;
use utoipa::openapi::OpenApi;

/// The description, made from the handlers themselves.
pub(super) async fn openapi() -> Json<OpenApi> {
    let mut description = super::kiosk_routes().into_openapi();
    description.merge(super::app::routes().into_openapi());
    Json(description)
}
