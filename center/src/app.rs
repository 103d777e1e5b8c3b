//! Issue through the phone app: the same rules and codes as at a terminal, no paper, no money.
//!
//! **Invariant**: the intent is durable before anything is made of it, the answer is durable before it leaves, and the
//! same request under the same key gives the same bytes.

use jiff::Timestamp;
use jiff::civil::Date;
use ring::rand::{SecureRandom, SystemRandom};
use shared::clock::japan;
use shared::domain::certificate::{Content, Form};
use shared::domain::identifiers::{CertificateId, IdempotencyKey, IssuanceId};
use shared::proof::{Digest, sha256};
use shared::records::PersonRecord;
use shared::wire::app::{AppIssuanceAnswer, AppIssuanceRequest};
use shared::wire::problem::ProblemCode;

use crate::certificate::evidence::Demand;
use crate::certificate::{ReviewError, SealedCertificate};
use crate::challenge::{AppIdentity, Challenges};
use crate::holder_session::{Applicant, HolderSessions};
use crate::issuance::production::Order;
use crate::signer::{self, SealError, SigningKeys};
use crate::store::app::{AppIntent, AppIssue, AppPlan, Intended};
use crate::store::terms::Terms;
use crate::store::{Store, StoreError};
use crate::vrs::EntitlementError;
use crate::vrs::app::{AppWish, entitle, passport_of};
use crate::vrs::mrz::{Zone, ZoneError};

mod codes;

/// What the apps' calls share: dialogues of their own, apart from the terminals', and the keys of the codes.
#[derive(Debug)]
pub struct AppChannel {
    /// Open challenges.
    pub challenges: Challenges<AppIdentity>,
    /// Open holder sessions.
    pub sessions: HolderSessions<AppIdentity>,
    keys: SigningKeys,
}

/// A request of an app.
pub struct Application<'a> {
    /// By its key.
    pub app: AppIdentity,
    /// Under which idempotency key.
    pub key: &'a IdempotencyKey,
    /// What it asks for.
    pub ask: &'a AppIssuanceRequest,
    /// Who holds the card; `None` where the session is over. A request that is known already needs none.
    pub applicant: Option<Applicant>,
}

shared::hidden_debug!(Application<'_>);

/// What issuing works with.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// Records.
    pub store: &'a dyn Store,
    /// Chance.
    pub random: &'a SystemRandom,
    /// Whether every character of a text could be printed, too: what a terminal refuses is refused here.
    pub is_drawable: &'a dyn Fn(&str) -> bool,
}

impl std::fmt::Debug for Means<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Means(..)")
    }
}

/// Why nothing is issued.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// A rule says no.
    #[error("refused: {0}")]
    Refused(ProblemCode),
    /// The zone cannot be read.
    #[error("the machine-readable zone cannot be read")]
    Zone(#[from] ZoneError),
    /// The store failed.
    #[error("the record store failed")]
    Store(#[from] StoreError),
    /// The certificate is not what the record says, or has a character that nothing draws.
    #[error("the certificate did not pass its review")]
    Review(#[source] ReviewError),
    /// The codes could not be made.
    #[error("the codes could not be made")]
    Seal(#[from] SealError),
    /// A code does not fit a symbol, or a picture of it could not be made.
    #[error("a code could not be drawn")]
    Undrawable,
}

impl AppError {
    /// What the app is told.
    pub const fn code(&self) -> ProblemCode {
        match self {
            Self::Refused(code) => *code,
            Self::Zone(_) => ProblemCode::PassportUnreadable,
            Self::Store(_) => ProblemCode::StoreUnavailable,
            Self::Review(ReviewError::Undrawable(_)) | Self::Seal(SealError::HealthCard(_) | SealError::VdsNc(_)) => {
                ProblemCode::CertificateNotPrintable
            }
            Self::Review(ReviewError::Differs(_)) | Self::Seal(_) | Self::Undrawable => ProblemCode::Internal,
        }
    }
}

impl From<EntitlementError> for AppError {
    fn from(error: EntitlementError) -> Self {
        match error {
            EntitlementError::Refused(code) => Self::Refused(code),
            EntitlementError::Store(error) => Self::Store(error),
        }
    }
}

impl AppChannel {
    /// A channel that signs with these keys.
    pub fn new(keys: SigningKeys) -> Self {
        Self { challenges: Challenges::default(), sessions: HolderSessions::default(), keys }
    }

    /// Whether the codes can carry this content. Nothing is signed.
    pub fn is_encodable(&self, content: &Content, at: Timestamp) -> bool {
        signer::fits(content, &self.keys, at)
    }

    /// Issues, or gives again what was issued under the same key: the answer's bytes.
    pub fn issue(&self, ask: &Application<'_>, means: Means<'_>, at: Timestamp) -> Result<Vec<u8>, AppError> {
        let intent = match means.store.app_issue(&ask.app.0, ask.key)? {
            Some(found) => return self.resume(ask, found, means, at),
            None => decide(ask, means, at)?,
        };
        // Refuse before anything is stored.
        let record = means.store.person(&intent.person)?;
        let content = draw_up(&intent, record.as_ref(), means.store, japan(at).date())?;
        if !self.is_encodable(&content, at) {
            return Err(AppError::Refused(ProblemCode::CertificateNotPrintable));
        }
        match means.store.intend_in_app(&intent)? {
            Intended::Stored => self.make(&intent, means, at),
            Intended::Used(found) => self.resume(ask, *found, means, at),
            Intended::TooMany => Err(AppError::Refused(ProblemCode::RateLimited)),
        }
    }

    /// Goes on with what a key was used for.
    fn resume(
        &self,
        ask: &Application<'_>,
        found: AppIssue,
        means: Means<'_>,
        at: Timestamp,
    ) -> Result<Vec<u8>, AppError> {
        if found.intent.request != request_digest(ask.ask) {
            return Err(AppError::Refused(ProblemCode::IdempotencyKeyReused));
        }
        match found.answer {
            Some(answer) => Ok(answer),
            None => self.make(&found.intent, means, at),
        }
    }

    /// Makes the certificate of a stored intent. Whether it may be made is asked again here, at use.
    fn make(&self, intent: &AppIntent, means: Means<'_>, at: Timestamp) -> Result<Vec<u8>, AppError> {
        let record = means.store.person(&intent.person)?;
        let drawn_up = draw_up(intent, record.as_ref(), means.store, japan(at).date())?;
        let record = record.as_ref().ok_or(AppError::Refused(ProblemCode::NoRecord))?;
        let order = Order { drawn_up, demand: Demand::from(intent), record, holder: intent.holder() };
        let (_, reviewed) = order.review(means.is_drawable).map_err(AppError::Review)?;
        let sealed = signer::seal(reviewed, &self.keys, intent.at, means.random)?;
        let answer = answer(intent, &sealed).ok_or(AppError::Undrawable)?;
        Ok(means.store.complete_in_app(intent, answer, at)?)
    }
}

/// Checks a new request and decides everything that makes its certificate.
fn decide(ask: &Application<'_>, means: Means<'_>, at: Timestamp) -> Result<AppIntent, AppError> {
    let applicant = ask.applicant.as_ref().ok_or(AppError::Refused(ProblemCode::HolderSessionUnknown))?;
    let attributes = applicant.person.attributes();
    let issued_on = japan(at).date();
    let passport = match (ask.ask.form, &ask.ask.zone) {
        (Form::Overseas, Some(zone)) => {
            let zone = Zone::parse(zone, issued_on)?;
            Some(passport_of(&zone, attributes).map_err(AppError::Refused)?)
        }
        (Form::Overseas | Form::Domestic, None) => None,
        (Form::Domestic, Some(_)) => return Err(AppError::Refused(ProblemCode::MalformedRequest)),
    };
    Ok(AppIntent {
        app: ask.app.0,
        key: ask.key.clone(),
        request: request_digest(ask.ask),
        person: applicant.person.person(),
        issuance: IssuanceId::from_random(random(means.random)?),
        certificate: CertificateId::from_number(u64::from_be_bytes(random(means.random)?)),
        at,
        plan: AppPlan {
            holder: applicant.person.holder().0,
            attributes: attributes.clone(),
            municipality: ask.ask.municipality.clone(),
            form: ask.ask.form,
            passport,
            issued_on,
        },
    })
}

/// Draws the content up from the record, by the app's rules.
fn draw_up(
    intent: &AppIntent,
    record: Option<&PersonRecord>,
    terms: &dyn Terms,
    today: Date,
) -> Result<Content, AppError> {
    let plan = &intent.plan;
    let wish = AppWish { municipality: &plan.municipality, form: plan.form, passport: plan.passport.as_ref() };
    let entitlement = entitle(record, &plan.attributes, wish, terms, today)?;
    Ok(entitlement.content(intent.certificate.clone(), plan.issued_on))
}

/// The answer's bytes; `None` where a code cannot be drawn.
fn answer(intent: &AppIntent, sealed: &SealedCertificate) -> Option<Vec<u8>> {
    let answer = AppIssuanceAnswer {
        issuance: intent.issuance.clone(),
        certificate: intent.certificate.clone(),
        content: sealed.content().clone(),
        codes: codes::drawn(&sealed.codes())?,
        health_card_file: codes::file(sealed.health_card())?.into(),
    };
    serde_json::to_vec(&answer).ok()
}

/// What decides whether a request is the same: its fields, however they were written.
fn request_digest(ask: &AppIssuanceRequest) -> Digest {
    // Only string keys and strings: serialising it cannot fail.
    sha256(&serde_json::to_vec(ask).unwrap_or_default())
}

fn random<const N: usize>(random: &SystemRandom) -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    random.fill(&mut bytes).map_err(|ring::error::Unspecified| StoreError::Random)?;
    Ok(bytes)
}
