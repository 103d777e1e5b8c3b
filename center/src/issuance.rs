//! The one procedure that issues: intent stored, certificate composed, reviewed, sealed, drawn, bound, stored, answered.
//!
//! **Invariant**: what decides the certificate is durable before anything is made of it, and the answer is durable
//! before it leaves. A crash anywhere between leaves an intent from which the same certificate is made.

use std::sync::Arc;

use jiff::civil::Date;
use ring::rand::{SecureRandom as _, SystemRandom};
use shared::binding::{Binding, Statement, content_digest, encode_digest};
use shared::clock::{Clock, japan};
use shared::domain::certificate::Content;
use shared::domain::fee::{FEE_PER_COPY, MAXIMUM_COPIES};
use shared::domain::identifiers::{CertificateId, IdempotencyKey, IssuanceId, TerminalId};
use shared::proof::{Digest, sha256};
use shared::records::PersonRecord;
use shared::wire::issuance::{IssuanceAnswer, IssuanceRequest};
use shared::wire::problem::ProblemCode;

use crate::audit::Event;
use crate::certificate::evidence::Demand;
use crate::config::FaultPoint;
use crate::holder_session::Applicant;
use crate::store::{Completion, Intent, Issuance, IssuanceState, KeyUse, Plan, Registry, Store, StoreError};
use crate::vrs::{self, EntitlementError, Wish};

mod binding_key;
mod fault;
pub mod production;
mod turns;
mod workshop;

pub use binding_key::BindingKey;
pub use fault::Faults;
use production::Order;
pub use production::ProductionError;
use turns::Turns;
pub use workshop::{Made, PrintShop, Workshop, WorkshopError};

/// Makes certificates.
#[derive(Debug)]
pub struct Issuer {
    clock: Arc<dyn Clock>,
    random: SystemRandom,
    store: Arc<dyn Store>,
    workshop: Box<dyn Workshop>,
    binding_key: BindingKey,
    faults: Faults,
    turns: Turns,
}

/// What an [`Issuer`] is made of.
#[derive(Debug)]
pub struct Parts {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Records, issuances, audit.
    pub store: Arc<dyn Store>,
    /// Signs and draws.
    pub workshop: Box<dyn Workshop>,
    /// Binds documents to holders and requests.
    pub binding_key: BindingKey,
    /// Where to stop.
    pub faults: Faults,
}

/// A terminal's request.
#[derive(Debug)]
pub struct Request<'a> {
    /// Which terminal.
    pub terminal: &'a TerminalId,
    /// Under which key.
    pub key: &'a IdempotencyKey,
    /// What it asks for.
    pub ask: &'a IssuanceRequest,
    /// Who stands there; `None` where the session is over. A request that is known already needs none.
    pub applicant: Option<Applicant>,
}

/// Why nothing is issued.
#[derive(Debug, thiserror::Error)]
pub enum IssuanceError {
    /// A rule says no.
    #[error("refused: {0}")]
    Refused(ProblemCode),
    /// The store failed.
    #[error("the record store failed")]
    Store(#[from] StoreError),
    /// Nothing could be produced.
    #[error(transparent)]
    Production(#[from] ProductionError),
    /// The store knows no answer for an issuance that it says was answered.
    #[error("the issuance was answered and has no answer")]
    Unanswered,
    /// No random bytes, or no signature.
    #[error("the generator or the binding key failed")]
    Signing,
}

impl IssuanceError {
    /// What the terminal is told.
    pub const fn code(&self) -> ProblemCode {
        match self {
            Self::Refused(code) => *code,
            Self::Production(error) if error.is_final() => ProblemCode::CertificateNotPrintable,
            Self::Store(_) => ProblemCode::StoreUnavailable,
            Self::Production(_) | Self::Unanswered | Self::Signing => ProblemCode::Internal,
        }
    }
}

impl From<EntitlementError> for IssuanceError {
    fn from(error: EntitlementError) -> Self {
        match error {
            EntitlementError::Refused(code) => Self::Refused(code),
            EntitlementError::Store(error) => Self::Store(error),
        }
    }
}

/// Whether the service is open to this terminal, asked when it is needed.
pub type Admission<'a> = &'a dyn Fn() -> Result<(), IssuanceError>;

impl Issuer {
    /// An issuer.
    pub fn new(parts: Parts) -> Self {
        let Parts { clock, store, workshop, binding_key, faults } = parts;
        Self { clock, random: SystemRandom::new(), store, workshop, binding_key, faults, turns: Turns::default() }
    }

    /// Whether a certificate of this content can be drawn, and its codes can carry it. Nothing is made.
    pub fn is_printable(&self, content: &Content) -> bool {
        self.workshop.is_drawable(&content.name)
            && content.doses.iter().all(|dose| self.workshop.is_drawable(&dose.lot))
            && self.workshop.is_encodable(content, self.clock.now())
    }

    /// Issues, or gives again what was issued under the same key: the answer's bytes.
    pub fn issue(&self, request: &Request<'_>, admission: Admission<'_>) -> Result<Vec<u8>, IssuanceError> {
        let turn = self.turns.take(request.terminal, request.key);
        let _turn = turn.ok_or(IssuanceError::Refused(ProblemCode::IssuanceInProgress))?;
        match self.store.key_use(request.terminal, request.key)? {
            KeyUse::Free => {
                admission()?;
                let intent = self.decide(request)?;
                match self.store.intend(intent.clone())? {
                    KeyUse::Free => self.make(&intent, admission),
                    used => self.resume(request, used, admission),
                }
            }
            used => self.resume(request, used, admission),
        }
    }

    /// Where certificates are signed and drawn.
    pub fn workshop(&self) -> &dyn Workshop {
        self.workshop.as_ref()
    }

    /// The uncompressed point that terminals pin.
    pub fn binding_public_key(&self) -> &[u8] {
        self.binding_key.public_key()
    }

    /// Stops the process here, if it was configured to.
    pub fn reach(&self, point: FaultPoint) {
        self.faults.reach(point);
    }

    /// Checks a new request and decides everything that makes its certificate.
    fn decide(&self, request: &Request<'_>) -> Result<Intent, IssuanceError> {
        let ask = request.ask;
        let applicant = request.applicant.as_ref();
        let applicant = applicant.ok_or(IssuanceError::Refused(ProblemCode::HolderSessionUnknown))?;
        if !(1..=MAXIMUM_COPIES).contains(&ask.copies) {
            return Err(IssuanceError::Refused(ProblemCode::CopiesOutOfRange));
        }
        let at = self.clock.now();
        let intent = Intent {
            terminal: request.terminal.clone(),
            idempotency_key: request.key.clone(),
            request: request_digest(ask),
            person: applicant.person.person(),
            issuance: IssuanceId::from_random(self.random()?),
            certificate: CertificateId::from_number(u64::from_be_bytes(self.random()?)),
            at,
            plan: Plan {
                holder: applicant.person.holder().0,
                attributes: applicant.person.attributes().clone(),
                municipality: ask.municipality.clone(),
                form: ask.form,
                copies: ask.copies,
                confirmed_passport: applicant.confirmed_passport.clone(),
                issued_on: japan(at).date(),
            },
        };
        // Refuse before anything is stored.
        let record = self.record(&intent)?;
        let content = entitled(&intent, record.as_ref(), self.store.as_ref(), self.clock.today())?;
        if !self.is_printable(&content) {
            return Err(IssuanceError::Refused(ProblemCode::CertificateNotPrintable));
        }
        Ok(intent)
    }

    /// Goes on with what a key was used for.
    fn resume(&self, request: &Request<'_>, used: KeyUse, admission: Admission<'_>) -> Result<Vec<u8>, IssuanceError> {
        let found = match used {
            KeyUse::Issuance(found) => *found,
            KeyUse::Withdrawn | KeyUse::Free => return Err(IssuanceError::Refused(ProblemCode::IssuanceWithdrawn)),
        };
        if found.intent.request != request_digest(request.ask) {
            let event = Event::KeyReused { terminal: request.terminal.clone(), idempotency_key: request.key.clone() };
            self.store.note(event, Some(found.intent.person), self.clock.now())?;
            return Err(IssuanceError::Refused(ProblemCode::IdempotencyKeyReused));
        }
        match answer_of(found) {
            Ok(answer) => answer,
            Err(intent) => self.make(&intent, admission),
        }
    }

    /// Makes the certificate of a stored intent. Whether it may be made is asked again here, at use.
    fn make(&self, intent: &Intent, admission: Admission<'_>) -> Result<Vec<u8>, IssuanceError> {
        self.reach(FaultPoint::AfterIntent);
        match admission() {
            // What was begun within the hours is finished, unless it is long ago.
            Err(IssuanceError::Refused(ProblemCode::OutOfHours)) if self.is_recent(intent) => {}
            admitted => admitted?,
        }
        let record = self.record(intent)?;
        let drawn_up = entitled(intent, record.as_ref(), self.store.as_ref(), self.clock.today())?;
        let record = record.as_ref().ok_or(IssuanceError::Refused(ProblemCode::NoRecord))?;
        let order = Order { drawn_up, demand: Demand::from(intent), record, holder: intent.holder() };
        let (expected, made) = order.produce(self.workshop.as_ref(), Some(&intent.terminal), intent.at)?;
        self.reach(FaultPoint::AfterRender);
        let answer = self.bind(intent, expected, made.document)?;
        match self.store.complete(intent, answer.clone(), self.clock.now())? {
            Completion::Stored => {
                self.reach(FaultPoint::AfterOutcomeStored);
                Ok(answer)
            }
            Completion::Superseded => match self.store.key_use(&intent.terminal, &intent.idempotency_key)? {
                KeyUse::Issuance(found) => answer_of(*found).unwrap_or(Err(IssuanceError::Unanswered)),
                KeyUse::Withdrawn | KeyUse::Free => Err(IssuanceError::Refused(ProblemCode::IssuanceWithdrawn)),
            },
        }
    }

    /// The person's record as it stands now.
    fn record(&self, intent: &Intent) -> Result<Option<PersonRecord>, IssuanceError> {
        Ok(self.store.person(&intent.person)?)
    }

    /// Binds the document to holder and request; gives the answer's bytes.
    fn bind(&self, intent: &Intent, content: Content, document: Vec<u8>) -> Result<Vec<u8>, IssuanceError> {
        let plan = &intent.plan;
        let statement = Statement {
            terminal: intent.terminal.clone(),
            idempotency_key: intent.idempotency_key.clone(),
            issuance: intent.issuance.clone(),
            certificate: intent.certificate.clone(),
            form: plan.form,
            municipality: plan.municipality.clone(),
            copies: plan.copies,
            fee: FEE_PER_COPY.times(plan.copies).ok_or(IssuanceError::Signing)?,
            holder: encode_digest(&plan.holder),
            content: encode_digest(&content_digest(&content)),
            document: encode_digest(&sha256(&document)),
        };
        let signature = self.binding_key.sign(&statement, &self.random).ok_or(IssuanceError::Signing)?;
        let binding = Binding { statement, signature: signature.into() };
        let answer = IssuanceAnswer { content, document: document.into(), binding };
        serde_json::to_vec(&answer).ok().ok_or(IssuanceError::Signing)
    }

    fn is_recent(&self, intent: &Intent) -> bool {
        self.clock.now().duration_since(intent.at) <= jiff::SignedDuration::from_secs(GRACE_SECONDS)
    }

    fn random<const N: usize>(&self) -> Result<[u8; N], IssuanceError> {
        let mut bytes = [0; N];
        self.random.fill(&mut bytes).map_err(|ring::error::Unspecified| IssuanceError::Signing)?;
        Ok(bytes)
    }
}

/// Draws the content up from the record, by the rules of eligibility.
fn entitled(
    intent: &Intent,
    record: Option<&PersonRecord>,
    registry: &dyn Registry,
    today: Date,
) -> Result<Content, IssuanceError> {
    let plan = &intent.plan;
    let wish = Wish {
        municipality: &plan.municipality,
        form: plan.form,
        confirmed_passport: plan.confirmed_passport.as_ref(),
    };
    let entitlement = vrs::entitle(record, &plan.attributes, wish, registry, today)?;
    Ok(entitlement.content(intent.certificate.clone(), plan.issued_on))
}

/// How long after the intent the hours no longer matter. Our own limit.
const GRACE_SECONDS: i64 = 600;

/// What a stored issuance answers; its intent, where nothing was made of it yet.
fn answer_of(found: Issuance) -> Result<Result<Vec<u8>, IssuanceError>, Box<Intent>> {
    let Issuance { intent, state, answer } = found;
    match (state, answer) {
        (state, _) if state.is_void() => Ok(Err(IssuanceError::Refused(ProblemCode::IssuanceWithdrawn))),
        (IssuanceState::Intended, None) => Err(Box::new(intent)),
        (_, Some(answer)) => Ok(Ok(answer)),
        (_, None) => Ok(Err(IssuanceError::Store(StoreError::Unreadable("answer")))),
    }
}

/// What decides whether a request is the same: its fields, however they were written.
fn request_digest(ask: &IssuanceRequest) -> Digest {
    // Only string keys and whole numbers: serialising it cannot fail.
    sha256(&serde_json::to_vec(ask).unwrap_or_default())
}
