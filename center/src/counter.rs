//! Issue at a municipal counter: the same rules, codes and press as at a terminal, the clerk in the card's place.
//!
//! **Invariant**: the intent is durable before anything is made, the document is durable before it is handed out, and
//! the same form sent twice makes one certificate.

use jiff::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};
use shared::clock::japan;
use shared::domain::certificate::{Content, Form};
use shared::domain::fee::MAXIMUM_COPIES;
use shared::domain::identifiers::{CertificateId, IdempotencyKey, IssuanceId};
use shared::domain::passport::Passport;
use shared::proof::{HolderDigest, digest_of_parts};
use shared::records::{IssueChannel, PersonRecord};
use shared::wire::problem::ProblemCode;

use crate::certificate::evidence::Demand;
use crate::issuance::production::Order;
use crate::issuance::{ProductionError, Workshop};
use crate::secrets::PersonKey;
use crate::store::actor::{AccessError, Act, Actor, Purpose};
use crate::store::counter::{CounterIntent, CounterPlan};
use crate::store::{Store, StoreError};
use crate::vrs;

/// What a counter works with.
#[derive(Debug)]
pub struct Counter<'a> {
    /// Records.
    pub store: &'a dyn Store,
    /// Signs and draws.
    pub workshop: &'a dyn Workshop,
    /// Chance.
    pub random: &'a SystemRandom,
}

/// What a clerk asks for.
pub struct Application {
    /// Under which key the form was sent.
    pub key: IdempotencyKey,
    /// For whom.
    pub person: PersonKey,
    /// Which form.
    pub form: Form,
    /// How many copies are handed out.
    pub copies: u8,
    /// The passport as it was read.
    pub passport: Option<Passport>,
    /// Why.
    pub purpose: Purpose,
}

/// Why nothing is issued.
#[derive(Debug, thiserror::Error)]
pub enum CounterError {
    /// A rule says no.
    #[error("refused: {0}")]
    Refused(ProblemCode),
    /// The console may not, or the store failed.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Nothing could be produced.
    #[error(transparent)]
    Production(#[from] ProductionError),
}

impl From<StoreError> for CounterError {
    fn from(error: StoreError) -> Self {
        Self::Access(error.into())
    }
}

shared::hidden_debug!(Application);

impl Counter<'_> {
    /// Issues, or gives the issuance of a form that was sent before.
    pub fn issue(&self, actor: &Actor, ask: &Application, at: Timestamp) -> Result<IssuanceId, CounterError> {
        let intent = self.decide(actor, ask, at)?;
        // Refuse before anything is stored.
        draw_up(&intent, self.record(&intent)?.as_ref())?;
        let found = self.store.intend_at_counter(actor, &intent, &ask.purpose)?;
        let intent = match found {
            Some(found) if found.document.is_some() => return Ok(found.intent.issuance),
            Some(found) if found.intent.person != ask.person => {
                return Err(CounterError::Refused(ProblemCode::IdempotencyKeyReused));
            }
            Some(found) => found.intent,
            None => intent,
        };
        let record = self.record(&intent)?;
        let drawn_up = draw_up(&intent, record.as_ref())?;
        let record = record.as_ref().ok_or(CounterError::Refused(ProblemCode::NoRecord))?;
        let (demand, holder) = (Demand::from(&intent), holder(&intent.issuance));
        let (_, made) = Order { drawn_up, demand, record, holder }.produce(self.workshop, None, intent.at)?;
        self.store.complete_at_counter(actor, &intent, made.document, at)?;
        Ok(intent.issuance)
    }

    fn decide(&self, actor: &Actor, ask: &Application, at: Timestamp) -> Result<CounterIntent, CounterError> {
        if !(1..=MAXIMUM_COPIES).contains(&ask.copies) {
            return Err(CounterError::Refused(ProblemCode::CopiesOutOfRange));
        }
        Ok(CounterIntent {
            key: ask.key.clone(),
            person: ask.person,
            issuance: IssuanceId::from_random(self.random()?),
            certificate: CertificateId::from_number(u64::from_be_bytes(self.random()?)),
            at,
            plan: CounterPlan {
                municipality: actor.acting_for(Act::WorkWithRecords)?.clone(),
                form: ask.form,
                copies: ask.copies,
                passport: ask.passport.clone(),
                issued_on: japan(at).date(),
                channel: IssueChannel::Counter,
            },
        })
    }

    /// The person's record as it stands now.
    fn record(&self, intent: &CounterIntent) -> Result<Option<PersonRecord>, CounterError> {
        Ok(self.store.person(&intent.person)?)
    }

    fn random<const N: usize>(&self) -> Result<[u8; N], StoreError> {
        let mut bytes = [0; N];
        self.random.fill(&mut bytes).map_err(|ring::error::Unspecified| StoreError::Random)?;
        Ok(bytes)
    }
}

/// Draws the content up from the record, by the rules of the counter.
fn draw_up(intent: &CounterIntent, record: Option<&PersonRecord>) -> Result<Content, CounterError> {
    let plan = &intent.plan;
    let passport = plan.passport.as_ref();
    let wish = vrs::CounterWish { municipality: &plan.municipality, form: plan.form, passport };
    let entitlement = vrs::entitle_at_counter(record, wish, plan.issued_on).map_err(CounterError::Refused)?;
    Ok(entitlement.content(intent.certificate.clone(), plan.issued_on))
}

/// No card stands for the holder at a counter: the issuance does.
fn holder(issuance: &IssuanceId) -> HolderDigest {
    HolderDigest(digest_of_parts(b"konbini-certificate counter v1", &[issuance.as_str().as_bytes()]))
}
