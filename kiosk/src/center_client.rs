//! The centre on its own thread: one TLS connection kept alive, one request at a time, each with an end.
//!
//! **Invariants**: only the configured authority is trusted, only this terminal's certificate is shown,
//! time comes from the terminal's clock; an answer has a largest size; only calls that may be repeated
//! are, with the same key, a bounded number of times; unreachable, busy and refused stay three things.

mod answer;
mod identity;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use reqwest::blocking::{Client, RequestBuilder};
use reqwest::redirect::Policy;
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::clock::Clock;
use shared::domain::identifiers::{HolderSessionId, IdempotencyKey, TransactionId};
use shared::wire::PROTOCOL_VERSION;
use shared::wire::challenge::ChallengeRequest;
use shared::wire::holder::HolderRequest;
use shared::wire::issuance::IssuanceRequest;
use shared::wire::outcome::{Outcome, OutcomeRequest};
use shared::wire::passport::PassportRequest;
use shared::wire::problem::ProblemCode;
use shared::wire::terminal::TerminalRequest;
use zeroize::Zeroizing;

use self::answer::{Failure, Reach, Repetition, parse, read};
pub use self::identity::{Identity, LineError};
use crate::config::{Config, StopAt};
use crate::message::{Message, Post};
use crate::pulse::Pulse;
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

/// What a centre announced, where it did.
pub(crate) fn announced_address(file: &Path) -> Option<String> {
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
const KEEP_ALIVE: Duration = Duration::from_mins(1);
/// Before each repetition of a call that may be repeated.
const PAUSES: [Duration; 2] = [Duration::from_millis(150), Duration::from_millis(600)];
/// How often and how long a request that is being worked on is asked for again.
const IN_PROGRESS_ROUNDS: u32 = 40;
const IN_PROGRESS_PAUSE: Duration = Duration::from_millis(250);

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
    ) -> Result<Zeroizing<Vec<u8>>, CenterFault> {
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
    ) -> Result<Zeroizing<Vec<u8>>, Failure> {
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
            let connected = connect(&self.identity, &self.place.server_name, &address).map_err(|error| {
                tracing::error!(%error, "the line to the centre");
                Failure::unreachable(Reach::NeverLeft)
            })?;
            self.connected = Some(connected);
        }
        self.connected.as_ref().ok_or_else(|| Failure::unreachable(Reach::NeverLeft))
    }
}

fn connect(identity: &Identity, server_name: &str, address: &reqwest::Url) -> Result<Connected, LineError> {
    let mut base = address.clone();
    base.set_host(Some(server_name)).ok().ok_or(LineError::Address)?;
    let mut builder = Client::builder()
        .tls_backend_preconfigured(identity.tls())
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

/// The most requests that may wait.
const MAXIMUM_WAITING: usize = 64;

/// Starts the thread. It ends when the sender is dropped, after the requests that wait.
pub fn start(
    mut client: CenterClient,
    stop_at: Option<StopAt>,
    post: Post,
) -> io::Result<(SyncSender<Request>, JoinHandle<()>, Pulse)> {
    let (sender, receiver) = sync_channel(MAXIMUM_WAITING);
    let pulse = Pulse::default();
    let shown = pulse.clone();
    let run = move || {
        for request in receiver {
            shown.begin();
            serve(&mut client, stop_at, &post, request);
            shown.end();
        }
    };
    let thread = thread::Builder::new().name("center".to_owned()).spawn(run)?;
    Ok((sender, thread, pulse))
}

fn serve(client: &mut CenterClient, stop_at: Option<StopAt>, post: &Post, request: Request) {
    let (transaction, answer) = match request {
        Request::Greet => return post.event(Event::Greeted(client.greet())),
        Request::Outcome(transaction, key, outcome) => {
            if stop_at == Some(StopAt::BeforeOutcome) {
                std::process::abort();
            }
            return match client.report(&key, outcome) {
                Ok(()) => post.send(Message::OutcomeKnown { transaction, key, outcome }),
                // It stays unsettled in the journal and is told again.
                Err(fault) => tracing::warn!(%key, ?fault, "the outcome could not be told"),
            };
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
