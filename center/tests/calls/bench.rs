//! A centre on a store of its own in a world made once, and a terminal that calls its router.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use center::certificate::ReviewedCertificate;
use center::config::Config;
use center::http::{Center, PeerIdentity, kiosk_router, public_router};
use center::issuance::{Made, Workshop, WorkshopError};
use center::serve::assemble;
use center::signer::SealError;
use fixtures::passport_zone::FictitiousPassport;
use fixtures::software_card::{CardFile, SoftwareCard};
use fixtures::world::{WorldOptions, build};
use jiff::Timestamp;
use rand_core::SeedableRng as _;
use serde_json::{Value, json};
use shared::card::channel::Channel;
use shared::card::pin::Pin;
use shared::card::profile;
use shared::clock::{Clock, ManualClock};
use shared::domain::certificate::{Content, ProofProfile};
use shared::domain::identifiers::{ChallengeId, TerminalId};
use shared::proof::{Digest, Transcript, sha256};
use shared::records::{PersonRecord, Record};
use shared::wire::holder::HolderProof;
use shared::wire::problem::Problem;
use tempfile::TempDir;
use tower::ServiceExt as _;

/// One world for all tests: nothing in it is written.
pub(crate) static WORLD: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    build(folder.path(), WorldOptions::default()).unwrap();
    folder
});

/// The world's time.
pub(crate) const NOON: &str = "2022-10-03T12:00:00+09:00";

/// A centre under test.
pub(crate) struct Bench {
    pub(crate) center: Arc<Center>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) press: Arc<Press>,
    pub(crate) store: TempDir,
}

/// A terminal, by its number and its certificate's digest.
#[derive(Clone)]
pub(crate) struct Kiosk {
    pub(crate) id: TerminalId,
    pub(crate) identity: Digest,
}

/// Draws nothing: the document is the content. Fails as often as it is told to.
#[derive(Debug, Default)]
pub(crate) struct Press {
    pub(crate) failures: AtomicUsize,
    pub(crate) made: AtomicUsize,
}

#[derive(Debug)]
struct SharedPress(Arc<Press>);

impl Workshop for SharedPress {
    fn is_drawable(&self, text: &str) -> bool {
        !text.contains('\u{FFFD}')
    }

    fn is_encodable(&self, content: &Content, _: Timestamp) -> bool {
        content.doses.len() < 8
    }

    fn jwks(&self) -> String {
        json!({ "keys": [] }).to_string()
    }

    fn make(
        &self,
        certificate: ReviewedCertificate,
        _: Option<&TerminalId>,
        _: Timestamp,
    ) -> Result<Made, WorkshopError> {
        let press = &self.0;
        let fails = press.failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if fails.is_ok() {
            return Err(WorkshopError::Seal(SealError::SignerExpired));
        }
        press.made.fetch_add(1, Ordering::SeqCst);
        let content = certificate.content();
        Ok(Made {
            document: serde_json::to_vec(content).unwrap(),
            holder: certificate.holder(),
            certificate: content.certificate.clone(),
        })
    }
}

/// The world's configuration with a store of its own.
pub(crate) fn config(store: &Path) -> Config {
    let mut config = Config::read(&WORLD.path().join("center.toml")).unwrap();
    config.store.path = store.join("center.sqlite");
    config.store.witness = store.join("witness.json");
    config.listen.announce = None;
    config.limits.requests_per_minute = 60_000.try_into().unwrap();
    config
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Self {
        let store = tempfile::tempdir().unwrap();
        let mut config = config(store.path());
        change(&mut config);
        let clock = Arc::new(ManualClock::new(NOON.parse().unwrap()));
        let press = Arc::new(Press::default());
        let dynamic: Arc<dyn Clock> = Arc::clone(&clock) as _;
        let center = assemble(&config, &dynamic, Box::new(SharedPress(Arc::clone(&press)))).unwrap();
        Self { center, clock, press, store }
    }

    /// The same store, as after a restart: sessions and challenges are gone.
    pub(crate) fn restart(self) -> Self {
        let Self { center, clock, press, store } = self;
        drop(center);
        let config = config(store.path());
        let dynamic: Arc<dyn Clock> = Arc::clone(&clock) as _;
        let center = assemble(&config, &dynamic, Box::new(SharedPress(Arc::clone(&press)))).unwrap();
        Self { center, clock, press, store }
    }

    pub(crate) fn at(&self, time: &str) {
        self.clock.set(time.parse().unwrap());
    }

    pub(crate) async fn send(&self, kiosk: &Kiosk, mut request: Request<Body>) -> Response {
        request.extensions_mut().insert(PeerIdentity(kiosk.identity));
        kiosk_router(Arc::clone(&self.center)).oneshot(request).await.unwrap()
    }

    pub(crate) async fn public(&self, path: &str) -> Response {
        let request = Request::get(path).body(Body::empty()).unwrap();
        public_router(Arc::clone(&self.center)).oneshot(request).await.unwrap()
    }

    pub(crate) async fn call(&self, kiosk: &Kiosk, method: &str, path: &str, body: Value) -> Result<Value, Problem> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        read(self.send(kiosk, request).await).await
    }

    pub(crate) async fn challenge(&self, kiosk: &Kiosk) -> Result<Value, Problem> {
        self.call(kiosk, "POST", "/v1/challenges", json!({ "kind": "vaccination" })).await
    }

    /// Puts a resident's card on the reader and proves the holder.
    pub(crate) async fn prove(&self, kiosk: &Kiosk, resident: &str) -> Result<Value, Problem> {
        let challenge = self.challenge(kiosk).await?;
        let proof = proof(kiosk, resident, &challenge);
        self.call(kiosk, "POST", "/v1/holders", request(&challenge, &proof)).await
    }

    pub(crate) async fn issue(&self, kiosk: &Kiosk, key: &str, body: &Value) -> Result<Value, Problem> {
        let request = Request::post("/v1/issuances")
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .body(Body::from(body.to_string()))
            .unwrap();
        read(self.send(kiosk, request).await).await
    }

    pub(crate) async fn tell(&self, kiosk: &Kiosk, key: &str, outcome: &str) -> Result<Value, Problem> {
        let path = format!("/v1/issuances/{key}/outcome");
        self.call(kiosk, "PUT", &path, json!({ "outcome": outcome })).await
    }
}

/// A body, or the problem; anything else that failed is a fault of the centre.
pub(crate) async fn read(response: Response) -> Result<Value, Problem> {
    let status = response.status();
    let media_type = response.headers().get("content-type").cloned();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    if status.is_success() {
        return Ok(if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() });
    }
    assert_eq!(media_type.unwrap(), "application/problem+json", "{status}");
    let problem: Problem = serde_json::from_slice(&body).unwrap();
    assert_eq!(StatusCode::from_u16(problem.status).unwrap(), status);
    Err(problem)
}

/// A terminal of the world.
pub(crate) fn kiosk(id: &str) -> Kiosk {
    let file = WORLD.path().join(format!("pki/kiosk-{id}.pem"));
    let certificate = pem_contents(&std::fs::read_to_string(file).unwrap());
    Kiosk { id: TerminalId::parse(id).unwrap(), identity: sha256(&certificate) }
}

fn pem_contents(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    let body: String = text.lines().filter(|line| !line.starts_with("-----")).collect();
    base64::engine::general_purpose::STANDARD.decode(body).unwrap()
}

pub(crate) fn card_path(resident: &str) -> PathBuf {
    WORLD.path().join(format!("cards/{resident}.card.json"))
}

fn channel(resident: &str) -> Channel<SoftwareCard> {
    let file = CardFile::open(&card_path(resident)).unwrap();
    let generator = rand_chacha::ChaCha20Rng::seed_from_u64(1);
    Channel::new(SoftwareCard::in_memory(file, generator).unwrap())
}

/// What the card signs and gives at this terminal for this challenge.
pub(crate) fn proof(kiosk: &Kiosk, resident: &str, challenge: &Value) -> HolderProof {
    let nonce: shared::hidden::Bytes = serde_json::from_value(challenge["nonce"].clone()).unwrap();
    let id = ChallengeId::parse(challenge["challenge"].as_str().unwrap()).unwrap();
    let profile: ProofProfile = serde_json::from_value(challenge["profile"].clone()).unwrap();
    let transcript = Transcript {
        profile,
        challenge: &id,
        nonce: nonce.as_slice(),
        terminal: &kiosk.id,
        tls_identity: &kiosk.identity,
    };
    prove(resident, profile, &transcript.digest())
}

/// What a resident's card gives after its PIN, and signs.
pub(crate) fn prove(resident: &str, profile: ProofProfile, transcript: &Digest) -> HolderProof {
    let mut channel = channel(resident);
    let pin = Pin::parse("1234").unwrap();
    profile::verify_pin(&mut channel, profile, pin, None).unwrap();
    profile::prove(&mut channel, profile, transcript).unwrap()
}

pub(crate) fn request(challenge: &Value, proof: &HolderProof) -> Value {
    json!({ "kind": "vaccination", "challenge": challenge["challenge"], "proof": proof })
}

/// An issuance request for a proven holder.
pub(crate) fn wish(holder: &Value, form: &str) -> Value {
    let municipality = &holder["municipalities"][0]["municipality"];
    json!({ "session": holder["session"], "municipality": municipality, "form": form, "copies": 1 })
}

/// A key of a terminal.
pub(crate) fn key(number: u8) -> String {
    format!("{number:032x}")
}

/// What the world's record file holds of a resident.
pub(crate) fn resident(id: &str) -> (PersonRecord, String) {
    let world: Value = serde_json::from_slice(&std::fs::read(WORLD.path().join("world.json")).unwrap()).unwrap();
    let found = world["residents"].as_array().unwrap().iter().find(|resident| resident["id"] == id).unwrap();
    let number = found["my_number"].as_str().unwrap().to_owned();
    let lines = std::fs::read_to_string(WORLD.path().join("records.jsonl")).unwrap();
    let persons = lines.lines().filter_map(|line| match serde_json::from_str(line).unwrap() {
        Record::Person(person) => Some(*person),
        Record::Chain(_) | Record::Terminal(_) | Record::Municipality(_) | Record::Account(_) => None,
    });
    (persons.into_iter().find(|person| person.my_number == number).unwrap(), number)
}

/// The zone of a passport that is valid for long.
pub(crate) fn zone(number: &str, birth_date: jiff::civil::Date) -> String {
    let expires = jiff::civil::date(2031, 1, 1);
    FictitiousPassport { surname: "TEST", given: "BENCH", number, birth_date, expires }.zone()
}
