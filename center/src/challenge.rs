//! Challenges to cards: 32 random bytes, good once, for a minute, for the terminal or the app that asked.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use ring::rand::SecureRandom;
use shared::domain::certificate::CertificateKind;
use shared::domain::identifiers::{ChallengeId, TerminalId};
use shared::proof::Digest;

/// How long a challenge may be answered.
pub const LIFETIME: Duration = Duration::from_mins(1);

/// Challenges that may be open at once.
pub const MAXIMUM_OPEN: usize = 65_536;

/// The terminal of a call, by number and by the certificate it showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Its number.
    pub terminal: TerminalId,
    /// SHA-256 of its TLS certificate.
    pub tls_identity: Digest,
}

/// A phone app, by the digest of the certificate that it made for its own key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppIdentity(pub Digest);

/// Whoever may be in a dialogue: terminals and apps, each in stores of their own, so that no crowd of apps takes a
/// terminal's place.
pub trait Party: Clone + Eq {
    /// Where the party has one dialogue at a time.
    type Seat: Clone + Eq + Hash;

    /// The party's seat.
    fn seat(&self) -> Self::Seat;
}

impl Party for Caller {
    type Seat = TerminalId;

    fn seat(&self) -> TerminalId {
        self.terminal.clone()
    }
}

impl Party for AppIdentity {
    type Seat = Digest;

    fn seat(&self) -> Digest {
        self.0
    }
}

/// An open challenge.
#[derive(Debug, Clone)]
pub struct Challenge<P = Caller> {
    /// The random bytes.
    pub nonce: [u8; 32],
    /// What is wanted.
    pub kind: CertificateKind,
    /// After this it is refused.
    pub expires: Timestamp,
    party: P,
}

/// Why no challenge is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChallengeError {
    /// [`MAXIMUM_OPEN`] are open.
    #[error("too many challenges are open")]
    Crowded,
    /// No random bytes.
    #[error("the random generator failed")]
    Random,
}

/// The open challenges.
#[derive(Debug)]
pub struct Challenges<P = Caller>(Mutex<HashMap<ChallengeId, Challenge<P>>>);

impl<P> Default for Challenges<P> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<P: Party> Challenges<P> {
    /// Opens a challenge.
    pub fn open(
        &self,
        party: P,
        kind: CertificateKind,
        now: Timestamp,
        random: &dyn SecureRandom,
    ) -> Result<(ChallengeId, Challenge<P>), ChallengeError> {
        let (mut id, mut nonce) = ([0; 16], [0; 32]);
        random
            .fill(&mut id)
            .and_then(|()| random.fill(&mut nonce))
            .map_err(|ring::error::Unspecified| ChallengeError::Random)?;
        let id = ChallengeId::from_random(id);
        let expires = now.saturating_add(LIFETIME).unwrap_or(now);
        let challenge = Challenge { nonce, kind, expires, party };
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= MAXIMUM_OPEN {
            open.retain(|_, challenge| challenge.expires > now);
        }
        if open.len() >= MAXIMUM_OPEN {
            return Err(ChallengeError::Crowded);
        }
        open.insert(id.clone(), challenge.clone());
        Ok((id, challenge))
    }

    /// Takes a challenge to be answered. It is gone after the first attempt, whoever made it.
    pub fn take(&self, id: &ChallengeId, party: &P, kind: CertificateKind, now: Timestamp) -> Option<Challenge<P>> {
        let challenge = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id)?;
        (challenge.party == *party && challenge.kind == kind && now < challenge.expires).then_some(challenge)
    }
}

#[cfg(test)]
mod tests {
    use ring::rand::SystemRandom;

    use super::*;

    const KIND: CertificateKind = CertificateKind::Vaccination;

    fn caller(number: &str, identity: u8) -> Caller {
        Caller { terminal: TerminalId::parse(number).unwrap(), tls_identity: [identity; 32] }
    }

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn open(challenges: &Challenges) -> ChallengeId {
        challenges.open(caller("0001", 1), KIND, second(0), &SystemRandom::new()).unwrap().0
    }

    #[test]
    fn a_challenge_is_good_once() {
        let challenges = Challenges::default();
        let id = open(&challenges);
        assert!(challenges.take(&id, &caller("0001", 1), KIND, second(59)).is_some());
        assert!(challenges.take(&id, &caller("0001", 1), KIND, second(59)).is_none());
    }

    #[test]
    fn a_challenge_is_gone_after_a_minute() {
        let challenges = Challenges::default();
        let id = open(&challenges);
        assert!(challenges.take(&id, &caller("0001", 1), KIND, second(60)).is_none());
    }

    #[test]
    fn another_terminal_or_another_identity_cannot_use_a_challenge() {
        let challenges = Challenges::default();
        for thief in [caller("0002", 1), caller("0001", 2)] {
            let id = open(&challenges);
            assert!(challenges.take(&id, &thief, KIND, second(1)).is_none());
            assert!(challenges.take(&id, &caller("0001", 1), KIND, second(1)).is_none(), "the attempt used it up");
        }
    }

    #[test]
    fn the_number_of_open_challenges_is_bounded() {
        let challenges = Challenges::default();
        for _ in 0..MAXIMUM_OPEN {
            open(&challenges);
        }
        let random = SystemRandom::new();
        let full = challenges.open(caller("0001", 1), KIND, second(1), &random);
        assert!(matches!(full, Err(ChallengeError::Crowded)));
        assert!(challenges.open(caller("0001", 1), KIND, second(61), &random).is_ok(), "expired ones make room");
    }
}
