//! The centre as an app calls it.

use std::io::Read as _;
use std::time::Duration;

use kiosk::session::fault::CenterTrouble;
use reqwest::blocking::{Client, RequestBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::domain::identifiers::{IdempotencyKey, MunicipalityCode};
use shared::proof::Digest;
use shared::wire::MAXIMUM_ANSWER_BYTES;
use shared::wire::app::{
    AppAnswer, AppHolderAnswer, AppIssuanceAnswer, AppIssuanceRequest, AppMunicipality, PROTOCOL_VERSION,
};
use shared::wire::challenge::{ChallengeAnswer, ChallengeRequest};
use shared::wire::holder::HolderRequest;
use shared::wire::problem::Problem;

use crate::Line;
use crate::fault::ClientFault;
use crate::identity;

/// The line to the centre.
pub(crate) struct Center {
    client: Client,
    base: String,
    /// What cards sign of this app.
    pub(crate) identity: Digest,
}

/// No answer takes longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often a request that may be repeated is sent.
const ATTEMPTS: u32 = 3;

impl Center {
    /// Prepares the line; nothing is sent yet.
    pub(crate) fn new(line: &Line) -> Result<Self, ClientFault> {
        // A second time is refused and changes nothing.
        drop(rustls::crypto::ring::default_provider().install_default());
        let identity = identity::open(&line.identity)?;
        let unusable = || ClientFault::File { path: line.authority.clone(), what: "a certificate (PEM) is expected" };
        let authority = std::fs::read(&line.authority).ok().ok_or_else(unusable)?;
        let authority = reqwest::Certificate::from_pem(&authority).ok().ok_or_else(unusable)?;
        let client = Client::builder()
            .no_proxy()
            .https_only(true)
            .tls_certs_only([authority])
            .identity(identity.tls)
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()
            .ok()
            .ok_or(CenterTrouble::Unreachable)?;
        Ok(Self { client, base: line.center.trim_end_matches('/').to_owned(), identity: identity.digest })
    }

    /// Versions and service; refuses a centre that speaks another version.
    pub(crate) fn show(&self) -> Result<AppAnswer, ClientFault> {
        let answer: AppAnswer = heard(self.client.get(format!("{}/v1/app", self.base)))?;
        if answer.protocol == PROTOCOL_VERSION { Ok(answer) } else { Err(ClientFault::Version(answer.protocol)) }
    }

    /// A municipality with its contact.
    pub(crate) fn municipality(&self, code: &MunicipalityCode) -> Result<AppMunicipality, ClientFault> {
        heard(self.client.get(format!("{}/v1/app/municipalities/{code}", self.base)))
    }

    /// A challenge for the card.
    pub(crate) fn challenge(&self, request: ChallengeRequest) -> Result<ChallengeAnswer, ClientFault> {
        heard(self.post("challenges", &request))
    }

    /// Proves the holder.
    pub(crate) fn prove(&self, request: &HolderRequest) -> Result<AppHolderAnswer, ClientFault> {
        heard(self.post("holders", request))
    }

    /// Fetches the codes; a line that breaks is tried again under the same key, which makes one certificate.
    pub(crate) fn issue(
        &self,
        key: &IdempotencyKey,
        request: &AppIssuanceRequest,
    ) -> Result<AppIssuanceAnswer, ClientFault> {
        let once = || heard(self.post("issuances", request).header("idempotency-key", key.as_str()));
        let mut attempt = once();
        for _ in 1..ATTEMPTS {
            match &attempt {
                Err(fault) if fault.exit_status() == UNREACHABLE => attempt = once(),
                _ => break,
            }
        }
        attempt
    }

    fn post(&self, call: &str, body: &impl Serialize) -> RequestBuilder {
        self.client.post(format!("{}/v1/app/{call}", self.base)).json(body)
    }
}

/// Exit status of whatever may be over in a moment.
const UNREACHABLE: u8 = 13;

fn heard<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, ClientFault> {
    let response = request
        .send()
        .map_err(|error| if error.is_timeout() { CenterTrouble::TimedOut } else { CenterTrouble::Unreachable })?;
    let succeeded = response.status().is_success();
    let body = bounded(response)?;
    let garbled = |_| ClientFault::from(CenterTrouble::Garbled);
    if succeeded {
        return serde_json::from_slice(&body).map_err(garbled);
    }
    let problem: Problem = serde_json::from_slice(&body).map_err(garbled)?;
    Err(problem.code.into())
}

fn bounded(response: Response) -> Result<Vec<u8>, CenterTrouble> {
    let mut body = Vec::new();
    let limit = MAXIMUM_ANSWER_BYTES as u64 + 1;
    response.take(limit).read_to_end(&mut body).ok().ok_or(CenterTrouble::Unreachable)?;
    if body.len() > MAXIMUM_ANSWER_BYTES { Err(CenterTrouble::Garbled) } else { Ok(body) }
}
