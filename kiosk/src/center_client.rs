//! The centre on its own thread: one TLS connection kept alive, one request at a time, each with an end.
//!
//! **Invariants**: only the configured authority is trusted, only this terminal's certificate is shown,
//! time comes from the terminal's clock; an answer has a largest size; only calls that may be repeated
//! are, with the same key, a bounded number of times; unreachable, busy and refused stay three things.

use std::fmt;
use std::io::{self, Read as _};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use reqwest::blocking::{Client, RequestBuilder, Response};
use reqwest::redirect::Policy;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, RootCertStore};
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::clock::Clock;
use shared::domain::identifiers::{HolderSessionId, IdempotencyKey, TransactionId};
use shared::proof::{Digest, sha256};
use shared::wire::challenge::ChallengeRequest;
use shared::wire::holder::HolderRequest;
use shared::wire::issuance::IssuanceRequest;
use shared::wire::outcome::{Outcome, OutcomeRequest};
use shared::wire::passport::PassportRequest;
use shared::wire::problem::{MEDIA_TYPE, Problem, ProblemCode};
use shared::wire::terminal::TerminalRequest;
use shared::wire::{MAXIMUM_ANSWER_BYTES, PROTOCOL_VERSION};
use x509_parser::prelude::{FromDer as _, SubjectPublicKeyInfo, X509Certificate};

use crate::config::{Config, Profile, StopAt};
use crate::message::{Message, Post};
use crate::session::event::{CenterAnswer, CenterFault, Event};
use crate::session::fault::CenterTrouble;

/// What the thread is asked to send.
#[derive(Debug)]
pub enum Request {
    /// `POST /v1/terminal`
    Greet,
    /// `POST /v1/challenges`
    Challenge(TransactionId, ChallengeRequest),
    /// `POST /v1/holders`
    Holder(TransactionId, Box<HolderRequest>),
    /// `POST /v1/holders/{session}/passport`
    Passport(TransactionId, HolderSessionId, PassportRequest),
    /// `POST /v1/issuances`
    Issuance(TransactionId, IdempotencyKey, IssuanceRequest),
    /// `PUT /v1/issuances/{key}/outcome`
    Outcome(TransactionId, IdempotencyKey, Outcome),
}

/// Why the line to the centre cannot be prepared.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// A file of the configuration cannot be used.
    #[error("{}: not a usable {what}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What it should be.
        what: &'static str,
    },
    /// The address is none.
    #[error("the centre's address is not https://HOST:PORT")]
    Address,
    /// The certificate and key do not fit, or the thread cannot start.
    #[error("the TLS client cannot be made")]
    Tls(#[source] rustls::Error),
    /// The HTTP client cannot be made.
    #[error("the HTTP client cannot be made")]
    Http(#[source] reqwest::Error),
    /// A test authority in production.
    #[error("{}: a test authority is refused by the profile production", path.display())]
    TestAuthority {
        /// The file.
        path: PathBuf,
    },
}

/// What the configuration says of keys and certificates, read once.
pub struct Identity {
    /// SHA-256 of the DER of this terminal's certificate.
    pub tls_identity: Digest,
    /// The centre's public key for bindings: the uncompressed P-256 point.
    pub binding_key: Vec<u8>,
    tls: Arc<ClientConfig>,
}

impl Identity {
    /// Reads the files.
    pub fn load(config: &Config, clock: Arc<dyn Clock>) -> Result<Self, LineError> {
        let authority = read_certificate(&config.center.authority)?;
        if config.profile == Profile::Production && is_test_authority(&authority) {
            return Err(LineError::TestAuthority { path: config.center.authority.clone() });
        }
        let mut roots = RootCertStore::empty();
        roots.add(authority).ok().ok_or_else(|| unusable(&config.center.authority, "authority certificate"))?;
        let certificate = read_certificate(&config.tls.certificate)?;
        let tls_identity = sha256(&certificate);
        let key = PrivateKeyDer::from_pem_file(&config.tls.key)
            .ok()
            .ok_or_else(|| unusable(&config.tls.key, "private key"))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut tls = ClientConfig::builder_with_details(provider, Arc::new(ClockTime(clock)))
            .with_protocol_versions(&[&rustls::version::TLS13])
            .map_err(LineError::Tls)?
            .with_root_certificates(roots)
            .with_client_auth_cert(vec![certificate], key)
            .map_err(LineError::Tls)?;
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        let binding_key = read_public_key(&config.center.binding_key)?;
        Ok(Self { tls_identity, binding_key, tls: Arc::new(tls) })
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(..)")
    }
}

fn unusable(path: &Path, what: &'static str) -> LineError {
    LineError::File { path: path.to_owned(), what }
}

fn read_certificate(path: &Path) -> Result<CertificateDer<'static>, LineError> {
    CertificateDer::from_pem_file(path).ok().ok_or_else(|| unusable(path, "certificate"))
}

fn read_public_key(path: &Path) -> Result<Vec<u8>, LineError> {
    let failed = || unusable(path, "public key");
    let text = std::fs::read(path).ok().ok_or_else(failed)?;
    let block = pem::parse(text).ok().ok_or_else(failed)?;
    let (_, info) = SubjectPublicKeyInfo::from_der(block.contents()).ok().ok_or_else(failed)?;
    Ok(info.subject_public_key.data.into_owned())
}

/// Whether an authority belongs to a made-up world.
fn is_test_authority(certificate: &[u8]) -> bool {
    X509Certificate::from_der(certificate).is_ok_and(|(_, certificate)| {
        certificate
            .subject()
            .iter_organization()
            .any(|organization| organization.as_str().is_ok_and(|name| name.to_ascii_uppercase().contains("TEST")))
    })
}

/// The terminal's clock for the checks of certificates.
#[derive(Debug)]
struct ClockTime(Arc<dyn Clock>);

impl TimeProvider for ClockTime {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.now().as_second()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

/// Where the centre is.
#[derive(Debug, Clone)]
pub struct Place {
    url: Option<String>,
    announced: Option<PathBuf>,
    server_name: String,
}

impl Place {
    /// As configured.
    pub fn of(config: &Config) -> Self {
        Self {
            url: config.center.url.clone(),
            announced: config.center.announced.clone(),
            server_name: config.center.server_name.clone(),
        }
    }

    /// The present address. The centre announces a new one when it starts anew.
    fn address(&self) -> Result<Option<reqwest::Url>, LineError> {
        let text = match (&self.url, &self.announced) {
            (Some(url), _) => url.clone(),
            (None, Some(file)) => match announced_address(file) {
                Some(text) => text,
                // A centre that has not announced itself yet cannot be reached; that is no error here.
                None => return Ok(None),
            },
            (None, None) => return Err(LineError::Address),
        };
        let url = reqwest::Url::parse(&text).ok().filter(|url| url.scheme() == "https" && url.has_host());
        url.map(Some).ok_or(LineError::Address)
    }
}

fn announced_address(file: &Path) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Announcement {
        kiosk: String,
    }
    let announcement: Announcement = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
    Some(announcement.kiosk)
}

/// The line to the centre.
#[derive(Debug)]
pub struct CenterClient {
    identity: Identity,
    place: Place,
    clock: Arc<dyn Clock>,
    connected: Option<Connected>,
}

#[derive(Debug)]
struct Connected {
    base: reqwest::Url,
    http: Client,
}

/// Until a connection stands.
const CONNECT_LIMIT: Duration = Duration::from_secs(3);
/// Until an answer is there.
const ANSWER_LIMIT: Duration = Duration::from_secs(12);
/// An idle connection is kept for so long.
const KEEP_ALIVE: Duration = Duration::from_secs(60);
/// Before each repetition of a call that may be repeated.
const PAUSES: [Duration; 2] = [Duration::from_millis(150), Duration::from_millis(600)];
/// How often and how long a request that is being worked on is asked for again.
const IN_PROGRESS_ROUNDS: u32 = 40;
const IN_PROGRESS_PAUSE: Duration = Duration::from_millis(250);
/// The longest wait the centre may ask for before a repetition.
const MAXIMUM_RETRY_AFTER: Duration = Duration::from_secs(2);

/// Whether a call may be sent twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Repetition {
    /// Twice is as good as once.
    Safe,
    /// Only where the first certainly never left.
    Unsafe,
}

impl CenterClient {
    /// A line that is not connected yet.
    pub const fn new(identity: Identity, place: Place, clock: Arc<dyn Clock>) -> Self {
        Self { identity, place, clock, connected: None }
    }

    /// Asks whether this terminal may serve.
    pub fn greet(&mut self) -> Result<Box<shared::wire::terminal::TerminalAnswer>, CenterFault> {
        let clock = Arc::clone(&self.clock);
        self.post(Repetition::Safe, "/v1/terminal", || TerminalRequest {
            protocol: PROTOCOL_VERSION,
            build: env!("CARGO_PKG_VERSION").to_owned(),
            time: clock.now(),
        })
    }

    /// Tells an outcome; a conflict ends the telling, too, and is logged.
    pub fn report(&mut self, key: &IdempotencyKey, outcome: Outcome) -> Result<(), CenterFault> {
        let path = format!("/v1/issuances/{key}/outcome");
        let told = self.call(Repetition::Safe, &path, |http, url| http.put(url).json(&OutcomeRequest { outcome }));
        match told {
            Err(CenterFault::Problem(problem)) if problem.code == ProblemCode::OutcomeConflict => {
                tracing::error!(%key, ?outcome, "the centre holds another outcome");
                Ok(())
            }
            other => other.map(drop),
        }
    }

    fn issue(
        &mut self,
        key: &IdempotencyKey,
        request: &IssuanceRequest,
    ) -> Result<Box<shared::wire::issuance::IssuanceAnswer>, CenterFault> {
        for _ in 0..IN_PROGRESS_ROUNDS {
            let answer = self.call(Repetition::Safe, "/v1/issuances", |http, url| {
                http.post(url).header("Idempotency-Key", key.as_str()).json(request)
            });
            match answer {
                Err(CenterFault::Problem(problem)) if problem.code == ProblemCode::IssuanceInProgress => {
                    thread::sleep(IN_PROGRESS_PAUSE);
                }
                other => return other.and_then(|bytes| parse(&bytes)),
            }
        }
        Err(CenterFault::Trouble(CenterTrouble::TimedOut))
    }

    fn post<Q: Serialize, A: DeserializeOwned>(
        &mut self,
        repetition: Repetition,
        path: &str,
        request: impl Fn() -> Q,
    ) -> Result<A, CenterFault> {
        let bytes = self.call(repetition, path, |http, url| http.post(url).json(&request()))?;
        parse(&bytes)
    }

    fn call(
        &mut self,
        repetition: Repetition,
        path: &str,
        request: impl Fn(&Client, reqwest::Url) -> RequestBuilder,
    ) -> Result<zeroize::Zeroizing<Vec<u8>>, CenterFault> {
        let mut pauses = PAUSES.into_iter();
        loop {
            let failure = match self.attempt(path, &request) {
                Ok(bytes) => return Ok(bytes),
                Err(failure) => failure,
            };
            let Some(pause) = failure.pause(repetition).and_then(|asked| Some(asked.max(pauses.next()?))) else {
                return Err(failure.fault);
            };
            thread::sleep(pause);
        }
    }

    fn attempt(
        &mut self,
        path: &str,
        request: impl Fn(&Client, reqwest::Url) -> RequestBuilder,
    ) -> Result<zeroize::Zeroizing<Vec<u8>>, Failure> {
        let connected = self.connected()?;
        let url = connected.base.join(path).ok().ok_or(Failure::unreachable(Reach::NeverLeft))?;
        let sent = request(&connected.http, url).send();
        if let Err(error) = &sent
            && error.is_connect()
        {
            // The centre may have started anew elsewhere: the next attempt looks again.
            self.connected = None;
        }
        read(sent.map_err(|error| Failure::of(&error))?)
    }

    fn connected(&mut self) -> Result<&Connected, Failure> {
        if self.connected.is_none() {
            let address = self.place.address().map_err(|error| {
                tracing::error!(%error, "the centre's address");
                Failure::unreachable(Reach::NeverLeft)
            })?;
            let address = address.ok_or_else(|| Failure::unreachable(Reach::NeverLeft))?;
            let connected = connect(&self.identity, &self.place.server_name, address).map_err(|error| {
                tracing::error!(%error, "the line to the centre");
                Failure::unreachable(Reach::NeverLeft)
            })?;
            self.connected = Some(connected);
        }
        self.connected.as_ref().ok_or_else(|| Failure::unreachable(Reach::NeverLeft))
    }
}

fn connect(identity: &Identity, server_name: &str, address: reqwest::Url) -> Result<Connected, LineError> {
    let mut base = address.clone();
    base.set_host(Some(server_name)).ok().ok_or(LineError::Address)?;
    let mut builder = Client::builder()
        .tls_backend_preconfigured((*identity.tls).clone())
        .https_only(true)
        .http1_only()
        .no_proxy()
        .redirect(Policy::none())
        .connect_timeout(CONNECT_LIMIT)
        .timeout(ANSWER_LIMIT)
        .pool_idle_timeout(KEEP_ALIVE)
        .tcp_nodelay(true);
    // The name in the certificate need not be the name in the address.
    if let Some(ip) = address.host_str().and_then(|host| host.trim_matches(['[', ']']).parse::<IpAddr>().ok()) {
        builder = builder.resolve(server_name, SocketAddr::new(ip, 0));
    }
    let http = builder.build().map_err(LineError::Http)?;
    Ok(Connected { base, http })
}

/// Whether the request may have arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    NeverLeft,
    PerhapsArrived,
    Answered,
}

struct Failure {
    fault: CenterFault,
    reach: Reach,
}

impl Failure {
    const fn unreachable(reach: Reach) -> Self {
        Self { fault: CenterFault::Trouble(CenterTrouble::Unreachable), reach }
    }

    fn of(error: &reqwest::Error) -> Self {
        // The error may name the address, which names no person.
        tracing::warn!(error = %Causes(error), "the centre cannot be reached");
        let reach = if error.is_connect() { Reach::NeverLeft } else { Reach::PerhapsArrived };
        let trouble = if error.is_timeout() && reach == Reach::PerhapsArrived {
            CenterTrouble::TimedOut
        } else {
            CenterTrouble::Unreachable
        };
        Self { fault: CenterFault::Trouble(trouble), reach }
    }

    /// How long to wait before a repetition; `None` where there must be none.
    fn pause(&self, repetition: Repetition) -> Option<Duration> {
        match (&self.fault, self.reach, repetition) {
            (CenterFault::Problem(problem), ..) => {
                let is_passing = matches!(problem.code, ProblemCode::Busy | ProblemCode::RateLimited);
                let asked = Duration::from_secs(u64::from(problem.retry_after_seconds.unwrap_or(0)));
                (is_passing && asked <= MAXIMUM_RETRY_AFTER).then_some(asked)
            }
            (CenterFault::Trouble(CenterTrouble::Garbled | CenterTrouble::TimedOut), ..)
            | (CenterFault::Trouble(CenterTrouble::Unreachable), Reach::Answered, _)
            | (CenterFault::Trouble(CenterTrouble::Unreachable), Reach::PerhapsArrived, Repetition::Unsafe) => None,
            (CenterFault::Trouble(CenterTrouble::Unreachable), Reach::NeverLeft, _)
            | (CenterFault::Trouble(CenterTrouble::Unreachable), Reach::PerhapsArrived, Repetition::Safe) => {
                Some(Duration::ZERO)
            }
        }
    }
}

/// An error with its causes in one line.
struct Causes<'a>(&'a dyn std::error::Error);

impl fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

fn garbled() -> Failure {
    Failure { fault: CenterFault::Trouble(CenterTrouble::Garbled), reach: Reach::Answered }
}

fn read(response: Response) -> Result<zeroize::Zeroizing<Vec<u8>>, Failure> {
    let status = response.status();
    let is_problem = response
        .headers()
        .get(reqwest::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with(MEDIA_TYPE));
    let expected = response.content_length().unwrap_or(0).min(MAXIMUM_ANSWER_BYTES as u64);
    let mut bytes = zeroize::Zeroizing::new(Vec::with_capacity(expected as usize + 1));
    response
        .take(MAXIMUM_ANSWER_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|_| Failure::unreachable(Reach::PerhapsArrived))?;
    if bytes.len() > MAXIMUM_ANSWER_BYTES {
        return Err(garbled());
    }
    if status.is_success() {
        return Ok(bytes);
    }
    let problem: Problem = serde_json::from_slice(&bytes).ok().filter(|_| is_problem).ok_or_else(garbled)?;
    Err(Failure { fault: CenterFault::Problem(Box::new(problem)), reach: Reach::Answered })
}

fn parse<A: DeserializeOwned>(bytes: &[u8]) -> Result<A, CenterFault> {
    // What the parser says is not logged: it may quote the answer.
    serde_json::from_slice(bytes).ok().ok_or(CenterFault::Trouble(CenterTrouble::Garbled))
}

/// The most requests that may wait.
const MAXIMUM_WAITING: usize = 64;

/// Starts the thread. It ends when the sender is dropped, after the requests that wait.
pub fn start(
    mut client: CenterClient,
    stop_at: Option<StopAt>,
    post: Post,
) -> io::Result<(SyncSender<Request>, JoinHandle<()>)> {
    let (sender, receiver) = sync_channel(MAXIMUM_WAITING);
    let thread =
        thread::Builder::new().name("center".to_owned()).spawn(move || run(&mut client, stop_at, &post, &receiver))?;
    Ok((sender, thread))
}

fn run(client: &mut CenterClient, stop_at: Option<StopAt>, post: &Post, requests: &Receiver<Request>) {
    for request in requests {
        let (transaction, answer) = match request {
            Request::Greet => {
                post.event(Event::Greeted(client.greet()));
                continue;
            }
            Request::Outcome(transaction, key, outcome) => {
                if stop_at == Some(StopAt::BeforeOutcome) {
                    std::process::abort();
                }
                match client.report(&key, outcome) {
                    Ok(()) => post.send(Message::OutcomeKnown { transaction, key, outcome }),
                    // It stays unsettled in the journal and is told again.
                    Err(fault) => tracing::warn!(%key, ?fault, "the outcome could not be told"),
                }
                continue;
            }
            Request::Challenge(transaction, request) => {
                let answer = client.post(Repetition::Safe, "/v1/challenges", || request);
                (transaction, CenterAnswer::Challenge(answer))
            }
            Request::Holder(transaction, request) => {
                // A challenge is good once: a proof that may have arrived is not sent again.
                let answer = client.post(Repetition::Unsafe, "/v1/holders", || request.as_ref());
                (transaction, CenterAnswer::Holder(answer))
            }
            Request::Passport(transaction, session, request) => {
                // Every arrival counts as a try.
                let path = format!("/v1/holders/{session}/passport");
                let told = client.call(Repetition::Unsafe, &path, |http, url| http.post(url).json(&request));
                (transaction, CenterAnswer::Passport(told.map(drop)))
            }
            Request::Issuance(transaction, key, request) => {
                (transaction, CenterAnswer::Issuance(client.issue(&key, &request)))
            }
        };
        post.event(Event::Center { transaction, answer });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(code: ProblemCode, retry_after_seconds: Option<u32>) -> Failure {
        let problem = Problem { retry_after_seconds, ..Problem::from(code) };
        Failure { fault: CenterFault::Problem(Box::new(problem)), reach: Reach::Answered }
    }

    #[test]
    fn only_what_may_pass_soon_is_tried_again() {
        assert!(failure(ProblemCode::Busy, Some(1)).pause(Repetition::Unsafe).is_some());
        assert!(failure(ProblemCode::Busy, Some(60)).pause(Repetition::Safe).is_none());
        assert!(failure(ProblemCode::NoRecord, None).pause(Repetition::Safe).is_none());
    }

    #[test]
    fn a_call_that_counts_is_not_repeated_once_it_may_have_arrived() {
        assert!(Failure::unreachable(Reach::PerhapsArrived).pause(Repetition::Unsafe).is_none());
        assert!(Failure::unreachable(Reach::PerhapsArrived).pause(Repetition::Safe).is_some());
        assert!(Failure::unreachable(Reach::NeverLeft).pause(Repetition::Unsafe).is_some());
    }
}
