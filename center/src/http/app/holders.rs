//! `POST /v1/app/holders`: the proof of who holds the card; the answer says what this person may have in the app.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use shared::domain::certificate::Content;
use shared::proof::AppTranscript;
use shared::wire::app::AppHolderAnswer;
use shared::wire::holder::HolderRequest;
use shared::wire::problem::{Problem, ProblemCode};

use crate::audit::Event;
use crate::challenge::AppIdentity;
use crate::holder::{Asked, HolderError, VerifiedPerson};
use crate::http::Center;
use crate::http::admission::{blocking, check_running};
use crate::http::body::JsonBody;
use crate::http::refusal::{Answer, Refusal};
use crate::vrs;

/// Verifies a proof and opens a holder session.
#[utoipa::path(
    post,
    path = "/v1/app/holders",
    request_body = HolderRequest,
    responses(
        (status = 200, body = AppHolderAnswer),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn prove(
    State(center): State<Arc<Center>>,
    Extension(app): Extension<AppIdentity>,
    JsonBody(request): JsonBody<HolderRequest>,
) -> Answer<Json<AppHolderAnswer>> {
    blocking(&center, move |center| {
        check_running(center)?;
        let person = verify(center, app, &request)?;
        let now = center.clock.now();
        let record = center.store.person(&person.person())?;
        let is_encodable = |content: &Content| {
            center.issuer.workshop().is_drawable(&content.name) && center.app.is_encodable(content, now)
        };
        let (terms, today) = (center.store.as_ref(), center.clock.today());
        let municipalities = vrs::app::offers(record.as_ref(), person.attributes(), terms, today, &is_encodable)?;
        let (session, expires) = center.app.sessions.open(app, person, now, &center.random)?;
        Ok(Json(AppHolderAnswer { session, expires, municipalities }))
    })
    .await?
}

/// Takes the challenge, whatever comes of the proof, and verifies the proof over it.
fn verify(center: &Center, app: AppIdentity, request: &HolderRequest) -> Answer<VerifiedPerson> {
    let now = center.clock.now();
    let challenge = center.app.challenges.take(&request.challenge, &app, request.kind, now);
    let profile = request.proof.profile();
    let challenge = challenge.filter(|_| center.profile(request.kind) == Some(profile));
    let Some(challenge) = challenge else { return Err(audited(center, ProblemCode::ChallengeRefused)) };
    let transcript = AppTranscript { profile, challenge: &request.challenge, nonce: &challenge.nonce, app: &app.0 };
    let asked = Asked { message: &transcript.message(), nonce: &challenge.nonce };
    let verified = center.verifier.verify(&request.proof, asked, center.store.as_ref(), now);
    verified.map_err(|error| {
        if let HolderError::CardData(_) | HolderError::Mixed | HolderError::Signature = error {
            drop(audited(center, error.code()));
        }
        error.into()
    })
}

/// Notes in the audit chain that a proof was refused.
fn audited(center: &Center, code: ProblemCode) -> Refusal {
    let event = Event::AppProofRefused { code: code.as_str().to_owned() };
    match center.store.note(event, None, center.clock.now()) {
        Ok(()) => code.into(),
        Err(error) => error.into(),
    }
}
