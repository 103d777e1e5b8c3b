//! The centre's short-lived knowledge of who stands at a terminal, or holds the card to a phone.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use ring::hmac;
use ring::rand::SecureRandom;
use shared::domain::identifiers::HolderSessionId;
use shared::domain::passport::PassportNumber;
use shared::wire::passport::MAXIMUM_ATTEMPTS;

use crate::challenge::{Caller, Party};
use crate::holder::VerifiedPerson;

/// How long a dialogue may take after the proof.
pub const LIFETIME: Duration = Duration::from_mins(15);

/// Sessions that may be open at once: one a terminal or app.
pub const MAXIMUM_OPEN: usize = 65_536;

/// How often sessions that ended are wiped.
const SWEEP_SECONDS: i64 = 60;

/// What an issuance needs of a session.
#[derive(Clone)]
pub struct Applicant {
    /// Who.
    pub person: VerifiedPerson,
    /// The passport number that was typed and matched.
    pub confirmed_passport: Option<PassportNumber>,
}

/// What became of a typed passport number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    /// It matched.
    Confirmed,
    /// It did not; so many tries are left.
    Mismatch {
        /// After this one.
        tries_left: u8,
    },
    /// There are no tries left.
    Exhausted,
}

/// Why no session is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// [`MAXIMUM_OPEN`] are open.
    #[error("too many holder sessions are open")]
    Crowded,
    /// No random bytes.
    #[error("the random generator failed")]
    Random,
}

/// The open sessions, by terminal or app: a new proof wipes what is left of the dialogue before.
pub struct HolderSessions<P: Party = Caller>(Mutex<Open<P>>);

struct Open<P: Party> {
    sessions: HashMap<P::Seat, Session<P>>,
    swept: Timestamp,
}

struct Session<P> {
    id: HolderSessionId,
    party: P,
    expires: Timestamp,
    attempts: u8,
    applicant: Applicant,
}

shared::hidden_debug!(Applicant);

impl<P: Party> std::fmt::Debug for HolderSessions<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HolderSessions(..)")
    }
}

impl<P: Party> Default for HolderSessions<P> {
    fn default() -> Self {
        Self(Mutex::new(Open { sessions: HashMap::new(), swept: Timestamp::default() }))
    }
}

impl<P: Party> HolderSessions<P> {
    /// Opens a session for a person who proved themselves to this party.
    pub fn open(
        &self,
        party: P,
        person: VerifiedPerson,
        now: Timestamp,
        random: &dyn SecureRandom,
    ) -> Result<(HolderSessionId, Timestamp), SessionError> {
        let mut bits = [0; 16];
        random.fill(&mut bits).map_err(|ring::error::Unspecified| SessionError::Random)?;
        let id = HolderSessionId::from_random(bits);
        let expires = now.saturating_add(LIFETIME).unwrap_or(now);
        let applicant = Applicant { person, confirmed_passport: None };
        let seat = party.seat();
        let session = Session { id: id.clone(), party, expires, attempts: 0, applicant };
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.sweep(now);
        if open.sessions.len() >= MAXIMUM_OPEN {
            return Err(SessionError::Crowded);
        }
        open.sessions.insert(seat, session);
        Ok((id, expires))
    }

    /// The applicant of a session of this party.
    pub fn applicant(&self, id: &HolderSessionId, party: &P, now: Timestamp) -> Option<Applicant> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.sweep(now);
        let session = open.sessions.get(&party.seat()).filter(|session| session.is(id, party, now));
        session.map(|session| session.applicant.clone())
    }

    /// Compares a typed passport number with the registered one, in constant time, and counts the attempt.
    pub fn confirm_passport(
        &self,
        id: &HolderSessionId,
        party: &P,
        (typed, registered): (&PassportNumber, &PassportNumber),
        now: Timestamp,
    ) -> Option<Confirmation> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let session = open.sessions.get_mut(&party.seat()).filter(|session| session.is(id, party, now))?;
        if session.attempts >= MAXIMUM_ATTEMPTS {
            return Some(Confirmation::Exhausted);
        }
        session.attempts += 1;
        if is_same(typed, registered) {
            session.applicant.confirmed_passport = Some(registered.clone());
            return Some(Confirmation::Confirmed);
        }
        session.applicant.confirmed_passport = None;
        Some(Confirmation::Mismatch { tries_left: MAXIMUM_ATTEMPTS - session.attempts })
    }
}

impl<P: Party> Open<P> {
    /// Wipes what ended, now and then.
    fn sweep(&mut self, now: Timestamp) {
        if now.duration_since(self.swept).as_secs() >= SWEEP_SECONDS {
            self.sessions.retain(|_, session| now < session.expires);
            self.swept = now;
        }
    }
}

impl<P: Party> Session<P> {
    fn is(&self, id: &HolderSessionId, party: &P, now: Timestamp) -> bool {
        self.id == *id && self.party == *party && now < self.expires
    }
}

/// Both sides are digested first: the comparison's time tells nothing of the numbers.
fn is_same(one: &PassportNumber, other: &PassportNumber) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"passport number comparison");
    let tag = hmac::sign(&key, one.as_str().as_bytes());
    hmac::verify(&key, other.as_str().as_bytes(), tag.as_ref()).is_ok()
}
