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
use shared::records::IssueChannel;
use shared::wire::problem::ProblemCode;

use crate::certificate::{Certificate, ReviewError};
use crate::issuance::{Workshop, WorkshopError};
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
    /// The certificate is not what the record says, or cannot be drawn.
    #[error("the certificate did not pass its review")]
    Review(#[source] ReviewError),
    /// It could not be signed or drawn.
    #[error("the certificate could not be made")]
    Workshop(#[from] WorkshopError),
    /// The document is another certificate's.
    #[error("the document that was drawn is not the one that was asked for")]
    Crossed,
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
        self.draw_up(&intent)?;
        let found = self.store.intend_at_counter(actor, &intent, &ask.purpose)?;
        let intent = match found {
            Some(found) if found.document.is_some() => return Ok(found.intent.issuance),
            Some(found) if found.intent.person != ask.person => {
                return Err(CounterError::Refused(ProblemCode::IdempotencyKeyReused));
            }
            Some(found) => found.intent,
            None => intent,
        };
        let holder = holder(&intent.issuance);
        let certificate = Certificate::new(self.draw_up(&intent)?, holder);
        let expected = self.draw_up(&intent)?;
        let reviewed =
            certificate.review(&expected, |text| self.workshop.is_drawable(text)).map_err(CounterError::Review)?;
        let made = self.workshop.make(reviewed, intent.at)?;
        if made.holder != holder || made.certificate != intent.certificate {
            return Err(CounterError::Crossed);
        }
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

    /// Draws the content up from a fresh reading of the store.
    fn draw_up(&self, intent: &CounterIntent) -> Result<Content, CounterError> {
        let plan = &intent.plan;
        let record = self.store.person(&intent.person)?;
        let passport = plan.passport.as_ref();
        let wish = vrs::CounterWish { municipality: &plan.municipality, form: plan.form, passport };
        let entitlement =
            vrs::entitle_at_counter(record.as_ref(), wish, plan.issued_on).map_err(CounterError::Refused)?;
        Ok(entitlement.content(intent.certificate.clone(), plan.issued_on))
    }

    fn random<const N: usize>(&self) -> Result<[u8; N], StoreError> {
        let mut bytes = [0; N];
        self.random.fill(&mut bytes).map_err(|ring::error::Unspecified| StoreError::Random)?;
        Ok(bytes)
    }
}

/// No card stands for the holder at a counter: the issuance does.
fn holder(issuance: &IssuanceId) -> HolderDigest {
    HolderDigest(digest_of_parts(b"konbini-certificate counter v1", &[issuance.as_str().as_bytes()]))
}
