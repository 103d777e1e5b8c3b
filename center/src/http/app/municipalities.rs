//! `GET /v1/app/municipalities/{code}`: whether a municipality issues through the app, and whom to ask there.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use shared::domain::identifiers::MunicipalityCode;
use shared::domain::municipality;
use shared::wire::app::AppMunicipality;
use shared::wire::problem::{Problem, ProblemCode};

use crate::http::Center;
use crate::http::admission::blocking;
use crate::http::refusal::Answer;
use crate::vrs;

/// Shows a municipality.
#[utoipa::path(
    get,
    path = "/v1/app/municipalities/{code}",
    params(("code" = String, Path, description = "Six digits")),
    responses(
        (status = 200, body = AppMunicipality),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn show(State(center): State<Arc<Center>>, Path(code): Path<String>) -> Answer<Json<AppMunicipality>> {
    let code = MunicipalityCode::parse(&code).ok().filter(|code| municipality::find(code).is_some());
    let code = code.ok_or(ProblemCode::NotFound)?;
    let shown = blocking(&center, move |center| vrs::app::municipality(&code, center.store.as_ref())).await??;
    Ok(Json(shown))
}
