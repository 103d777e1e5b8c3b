//! `POST /v1/app/issuances`: the codes of a certificate, without paper; an overseas one registers its passport.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use shared::wire::app::{AppIssuanceAnswer, AppIssuanceRequest};
use shared::wire::problem::Problem;

use crate::app::{AppError, Application, Means};
use crate::challenge::AppIdentity;
use crate::http::Center;
use crate::http::admission::{blocking, check_running};
use crate::http::body::{JsonBody, idempotency_key};
use crate::http::refusal::{Answer, Refusal};

/// Makes a certificate, or gives again what was made under the same key.
#[utoipa::path(
    post,
    path = "/v1/app/issuances",
    params(("Idempotency-Key" = String, Header, description = "32 lower-case hexadecimal digits")),
    request_body = AppIssuanceRequest,
    responses(
        (status = 200, body = AppIssuanceAnswer),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn issue(
    State(center): State<Arc<Center>>,
    Extension(app): Extension<AppIdentity>,
    headers: HeaderMap,
    JsonBody(request): JsonBody<AppIssuanceRequest>,
) -> Answer<Response> {
    let key = idempotency_key(&headers)?;
    let answer = blocking(&center, move |center| {
        check_running(center)?;
        let now = center.clock.now();
        let applicant = center.app.sessions.applicant(&request.session, &app, now);
        let workshop = center.issuer.workshop();
        let means = Means {
            store: center.store.as_ref(),
            random: &center.random,
            is_drawable: &|text| workshop.is_drawable(text),
        };
        let application = Application { app, key: &key, ask: &request, applicant };
        center.app.issue(&application, means, now).map_err(Refusal::from)
    })
    .await??;
    let mut response = Response::new(Body::from(answer));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

impl From<AppError> for Refusal {
    fn from(error: AppError) -> Self {
        let code = error.code();
        match error {
            AppError::Refused(code) => code.into(),
            // The rule that is broken, never what was sent.
            AppError::Zone(error) => Self::from(code).detail(error.to_string()),
            AppError::Store(error) => error.into(),
            failed => {
                tracing::error!(error = &failed as &dyn std::error::Error, %code, "an issue through the app failed");
                code.into()
            }
        }
    }
}
