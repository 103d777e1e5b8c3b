//! A client of the kiosk port that may say anything, as a terminal or as nobody.

use std::fs;

use reqwest::blocking::{Client, RequestBuilder};
use serde_json::Value;
use shared::domain::identifiers::TerminalId;
use shared::proof::{Digest, sha256};

use crate::program;
use crate::world::{Center, World};

/// A caller with a client certificate of its own, or none.
#[derive(Debug, Clone)]
pub struct Caller {
    client: Client,
    base: String,
    tls_identity: Digest,
    terminal: Option<TerminalId>,
}

/// An answer: status and body.
#[derive(Debug, Clone)]
pub struct Said {
    /// The HTTP status.
    pub status: u16,
    /// The body as JSON, `null` where it is none.
    pub body: Value,
    /// The body's type.
    pub media_type: String,
}

impl Said {
    /// Status and stable code, to compare with.
    pub fn problem(&self) -> (u16, &str) {
        assert!(
            self.status < 400 || self.media_type.starts_with(shared::wire::problem::MEDIA_TYPE),
            "a failure that is no problem document: {self:?}"
        );
        (self.status, self.body.get("code").and_then(Value::as_str).unwrap_or("(no code)"))
    }
}

impl Caller {
    /// With the certificate and key of one of the world's terminals, `0001`.
    #[track_caller]
    pub fn terminal(world: &World, center: &Center, terminal: &str) -> Self {
        let mut caller = Self::with_certificate(world, center, &format!("kiosk-{terminal}"));
        caller.terminal = TerminalId::parse(terminal).ok();
        caller
    }

    /// With `pki/NAME.pem` and `pki/NAME.key`.
    #[track_caller]
    pub fn with_certificate(world: &World, center: &Center, name: &str) -> Self {
        let certificate = fs::read(world.path(format!("pki/{name}.pem"))).expect("a certificate");
        let key = fs::read(world.path(format!("pki/{name}.key"))).expect("a key");
        let identity = reqwest::Identity::from_pem(&[certificate.as_slice(), key.as_slice()].concat());
        let tls_identity = sha256(&der(&certificate));
        Self::build(world, center, Some(identity.expect("certificate and key belong together")), tls_identity)
    }

    /// Without a certificate.
    #[track_caller]
    pub fn anonymous(world: &World, center: &Center) -> Self {
        Self::build(world, center, None, [0; 32])
    }

    fn build(world: &World, center: &Center, identity: Option<reqwest::Identity>, tls_identity: Digest) -> Self {
        let authority = fs::read(world.path("pki/tls-ca.pem")).expect("the authority");
        let authority = reqwest::Certificate::from_pem(&authority).expect("the authority is a certificate");
        let builder = program::http_client().tls_certs_only([authority]);
        let builder = match identity {
            Some(identity) => builder.identity(identity),
            None => builder,
        };
        let client = builder.build().expect("a client");
        Self { client, base: center.kiosk.clone(), tls_identity, terminal: None }
    }

    /// SHA-256 of the caller's certificate.
    pub const fn tls_identity(&self) -> &Digest {
        &self.tls_identity
    }

    /// The terminal it calls as.
    pub fn id(&self) -> &TerminalId {
        self.terminal.as_ref().expect("this caller is a terminal")
    }

    /// Begins a request.
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = method.parse().expect("a method");
        self.client.request(method, format!("{}{path}", self.base))
    }

    /// Asks for an address with this caller's certificate or without; the status, where TLS let it through.
    pub fn reaches(&self, address: &str) -> Result<u16, reqwest::Error> {
        Ok(self.client.get(address).send()?.status().as_u16())
    }

    /// Posts JSON.
    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Said {
        heard(self.request("POST", path).json(body))
    }

    /// Posts bytes as JSON.
    #[track_caller]
    pub fn post_raw(&self, path: &str, body: impl Into<Vec<u8>>) -> Said {
        heard(self.request("POST", path).header("content-type", "application/json").body(body.into()))
    }
}

/// Sends a request; the connection must hold.
#[track_caller]
pub fn heard(request: RequestBuilder) -> Said {
    let response = request.send().expect("the centre answers");
    let status = response.status().as_u16();
    let media_type = response.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.to_owned();
    let body = response.bytes().expect("a whole answer");
    Said { status, body: serde_json::from_slice(&body).unwrap_or(Value::Null), media_type }
}

/// The DER of the first certificate in a PEM text.
fn der(pem: &[u8]) -> Vec<u8> {
    use base64::Engine as _;
    let text = String::from_utf8_lossy(pem);
    let body: String = text
        .lines()
        .skip_while(|line| !line.contains("BEGIN CERTIFICATE"))
        .skip(1)
        .take_while(|line| !line.contains("END CERTIFICATE"))
        .collect();
    base64::engine::general_purpose::STANDARD.decode(body).expect("PEM is base64")
}
