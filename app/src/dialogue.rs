//! What the app does, in order: versions, challenge, card, choice, codes, files.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use kiosk::session::fault::Fault;
use rand_core::{OsRng, RngCore as _};
use serde_json::{Value, json};
use shared::card::pin::{LastTryConfirmed, Pin};
use shared::domain::certificate::{CertificateKind, Form};
use shared::domain::identifiers::{IdempotencyKey, MunicipalityCode};
use shared::proof::AppTranscript;
use shared::wire::app::{
    AppAvailability, AppHolderAnswer, AppIssuanceAnswer, AppIssuanceRequest, AppMunicipalityOffer,
};
use shared::wire::challenge::ChallengeRequest;
use shared::wire::holder::HolderRequest;
use shared::wire::problem::ProblemCode;

use crate::calls::Center;
use crate::fault::ClientFault;
use crate::{Issue, Line, card};

/// Shows versions, the service, and a municipality.
pub(crate) fn show(line: &Line, municipality: Option<&MunicipalityCode>) -> Result<Value, ClientFault> {
    let center = Center::new(line)?;
    let mut shown = json!({
        "event": "shown",
        "app": env!("CARGO_PKG_VERSION"),
        "center": center.show()?,
    });
    if let (Some(code), Some(entries)) = (municipality, shown.as_object_mut()) {
        entries.insert("municipality".to_owned(), json!(center.municipality(code)?));
    }
    Ok(shown)
}

/// The whole dialogue.
pub(crate) fn issue(ask: &Issue) -> Result<Value, ClientFault> {
    let pin = Pin::parse(&ask.pin)
        .ok_or(ClientFault::Incomplete { code: "pin-malformed", message: "--pin takes four digits".to_owned() })?;
    let zone = ask.zone.as_deref().map(read_zone).transpose()?;
    let center = Center::new(&ask.line)?;
    center.show()?;
    let kind = CertificateKind::Vaccination;
    let challenge = center.challenge(ChallengeRequest { kind })?;
    let transcript = AppTranscript {
        profile: challenge.profile,
        challenge: &challenge.challenge,
        nonce: challenge.nonce.as_slice(),
        app: &center.identity,
    };
    let confirmed = ask.last_try.then(LastTryConfirmed::by_the_resident);
    let asked = card::Asked { profile: challenge.profile, transcript: transcript.digest(), pin, confirmed };
    let proof = card::prove(&ask.source, asked)?;
    let holder = center.prove(&HolderRequest { kind, challenge: challenge.challenge.clone(), proof })?;
    let form = Form::from(ask.form);
    let municipality = choose(&holder, ask.municipality.as_ref(), (form, zone.is_some()))?;
    let zone = zone.filter(|_| form == Form::Overseas);
    let request = AppIssuanceRequest { session: holder.session.clone(), municipality, form, zone };
    let answer = center.issue(&random_key()?, &request)?;
    let files = keep(&ask.out, &answer)?;
    Ok(json!({
        "event": "finished",
        "outcome": "issued",
        "issuance": answer.issuance,
        "certificate": answer.certificate,
        "folder": ask.out,
        "files": files,
    }))
}

/// The municipality that is named, or the only one; refuses what is not open there.
fn choose(
    holder: &AppHolderAnswer,
    named: Option<&MunicipalityCode>,
    (form, has_zone): (Form, bool),
) -> Result<MunicipalityCode, ClientFault> {
    let offers = holder.municipalities.as_slice();
    let offer = match (named, offers) {
        (Some(code), _) => offers.iter().find(|offer| offer.municipality.municipality == *code),
        (None, [only]) => Some(only),
        (None, several) => {
            let codes: Vec<_> = several.iter().map(|offer| offer.municipality.municipality.as_str()).collect();
            let message = format!("name one with --municipality: {}", codes.join(", "));
            return Err(ClientFault::Incomplete { code: "municipality-needed", message });
        }
    };
    let offer: &AppMunicipalityOffer = offer.ok_or(ProblemCode::MunicipalityWithoutRecord)?;
    let availability = offer.forms.iter().find(|offer| offer.form == form).map(|offer| &offer.availability);
    match availability {
        Some(AppAvailability::Open) => {}
        Some(AppAvailability::ZoneNeeded) if has_zone => {}
        Some(AppAvailability::ZoneNeeded) => {
            let message = "the overseas form needs the passport's machine-readable zone: --zone FILE".to_owned();
            return Err(ClientFault::Incomplete { code: "zone-needed", message });
        }
        Some(AppAvailability::Refused { code }) => return Err((*code).into()),
        None => return Err(ProblemCode::NoRecord.into()),
    }
    Ok(offer.municipality.municipality.clone())
}

fn read_zone(path: &Path) -> Result<String, ClientFault> {
    let unusable = |_| ClientFault::File { path: path.to_owned(), what: "two lines of text are expected" };
    fs::read_to_string(path).map_err(unusable)
}

fn random_key() -> Result<IdempotencyKey, ClientFault> {
    let mut bits = [0; 16];
    OsRng.try_fill_bytes(&mut bits).ok().ok_or(Fault::Random)?;
    Ok(IdempotencyKey::from_random(bits))
}

/// Writes the codes, readable by their owner alone; gives the files' names.
fn keep(folder: &Path, answer: &AppIssuanceAnswer) -> Result<Vec<String>, ClientFault> {
    let json = serde_json::to_vec_pretty(answer).unwrap_or_default();
    let mut files = vec![
        (format!("{}.json", answer.certificate), json),
        (format!("{}.smart-health-card", answer.certificate), answer.health_card_file.as_slice().to_vec()),
    ];
    for code in &answer.codes {
        let name = format!("{}.{}", answer.certificate, code.kind.as_str());
        files.push((format!("{name}.png"), code.png.as_slice().to_vec()));
        files.push((format!("{name}.svg"), code.svg.as_slice().to_vec()));
    }
    let unwritable = |_| ClientFault::File { path: folder.to_owned(), what: "the codes cannot be written there" };
    fs::create_dir_all(folder).map_err(unwritable)?;
    for (name, bytes) in &files {
        let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(folder.join(name));
        file.and_then(|mut file| file.write_all(bytes)).map_err(unwritable)?;
    }
    Ok(files.into_iter().map(|(name, _)| name).collect())
}
