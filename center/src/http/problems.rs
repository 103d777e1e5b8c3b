//! `GET /problems/{code}`: what a problem's `type` points to.

use axum::Json;
use axum::extract::Path;
use serde::Serialize;
use shared::wire::problem::ProblemCode;

use super::refusal::Answer;

/// The description of a problem.
#[derive(Debug, Serialize)]
pub(super) struct Description {
    code: ProblemCode,
    title: &'static str,
    status: u16,
}

/// Describes a code.
pub(super) async fn problem(Path(code): Path<String>) -> Answer<Json<Description>> {
    let code = ProblemCode::ALL.into_iter().find(|known| known.as_str() == code).ok_or(ProblemCode::NotFound)?;
    Ok(Json(Description { code, title: code.title(), status: code.status() }))
}
