//! `POST /v1/holders`: the proof of who stands at the terminal; the answer says what this person may have.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use shared::domain::certificate::Content;
use shared::proof::Transcript;
use shared::wire::holder::{HolderAnswer, HolderRequest};
use shared::wire::problem::{Problem, ProblemCode};

use super::Center;
use super::admission::{Kiosk, blocking, check_service};
use super::body::JsonBody;
use super::refusal::{Answer, Refusal};
use crate::audit::Event;
use crate::holder::{Asked, HolderError, VerifiedPerson};
use crate::vrs;

/// Verifies a proof and opens a holder session.
#[utoipa::path(
    post,
    path = "/v1/holders",
    request_body = HolderRequest,
    responses(
        (status = 200, body = HolderAnswer),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn prove(
    State(center): State<Arc<Center>>,
    Extension(kiosk): Extension<Kiosk>,
    JsonBody(request): JsonBody<HolderRequest>,
) -> Answer<Json<HolderAnswer>> {
    blocking(&center, move |center| {
        check_service(center, &kiosk)?;
        let person = verify(center, &kiosk, &request)?;
        let now = center.clock.now();
        let record = center.store.person(&person.person())?;
        let (registry, today) = (center.store.as_ref(), center.clock.today());
        let is_printable = |content: &Content| center.issuer.is_printable(content);
        let municipalities = vrs::offers(record.as_ref(), person.attributes(), registry, today, &is_printable)?;
        let (session, expires) = center.sessions.open(kiosk.caller, person, now, &center.random)?;
        Ok(Json(HolderAnswer { session, expires, municipalities }))
    })
    .await?
}

/// Takes the challenge, whatever comes of the proof, and verifies the proof over it.
fn verify(center: &Center, kiosk: &Kiosk, request: &HolderRequest) -> Answer<VerifiedPerson> {
    let now = center.clock.now();
    let challenge = center.challenges.take(&request.challenge, &kiosk.caller, request.kind, now);
    let profile = request.proof.profile();
    let challenge = challenge.filter(|_| center.profile(request.kind) == Some(profile));
    let Some(challenge) = challenge else {
        return Err(audited(center, kiosk, ProblemCode::ChallengeRefused));
    };
    let transcript = Transcript {
        profile,
        challenge: &request.challenge,
        nonce: &challenge.nonce,
        terminal: &kiosk.caller.terminal,
        tls_identity: &kiosk.caller.tls_identity,
    };
    let asked = Asked { message: &transcript.message(), nonce: &challenge.nonce };
    let verified = center.verifier.verify(&request.proof, asked, center.store.as_ref(), now);
    verified.map_err(|error| {
        if let HolderError::CardData(_) | HolderError::Mixed | HolderError::Signature = error {
            drop(audited(center, kiosk, error.code()));
        }
        error.into()
    })
}

/// Notes in the audit chain that a proof was refused.
fn audited(center: &Center, kiosk: &Kiosk, code: ProblemCode) -> Refusal {
    let event = Event::ProofRefused { terminal: kiosk.caller.terminal.clone(), code: code.as_str().to_owned() };
    match center.store.note(event, None, center.clock.now()) {
        Ok(()) => code.into(),
        Err(error) => error.into(),
    }
}
