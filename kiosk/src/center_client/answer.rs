//! What came back from the centre: an answer, a problem, or nothing; and whether to ask again.

use std::fmt;
use std::io::Read as _;
use std::time::Duration;

use reqwest::blocking::Response;
use serde::de::DeserializeOwned;
use shared::wire::MAXIMUM_ANSWER_BYTES;
use shared::wire::problem::{MEDIA_TYPE, Problem, ProblemCode};
use zeroize::Zeroizing;

use crate::session::event::CenterFault;
use crate::session::fault::CenterTrouble;

/// Whether a call may be sent twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repetition {
    /// Twice is as good as once.
    Safe,
    /// Only where the first certainly never left.
    Unsafe,
}

/// The longest wait the centre may ask for before a repetition.
const MAXIMUM_RETRY_AFTER: Duration = Duration::from_secs(2);

/// Whether the request may have arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    NeverLeft,
    PerhapsArrived,
    Answered,
}

/// A call that brought no answer.
pub(super) struct Failure {
    pub(super) fault: CenterFault,
    reach: Reach,
}

impl Failure {
    pub(super) const fn unreachable(reach: Reach) -> Self {
        Self { fault: CenterFault::Trouble(CenterTrouble::Unreachable), reach }
    }

    pub(super) fn of(error: &reqwest::Error) -> Self {
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
    pub(super) fn pause(&self, repetition: Repetition) -> Option<Duration> {
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

/// Reads an answer of bounded size; anything but success becomes its failure.
pub(super) fn read(response: Response) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let status = response.status();
    let is_problem = response
        .headers()
        .get(reqwest::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with(MEDIA_TYPE));
    let expected = response.content_length().unwrap_or(0).min(MAXIMUM_ANSWER_BYTES as u64);
    let mut bytes = Zeroizing::new(Vec::with_capacity(expected as usize + 1));
    response
        .take(MAXIMUM_ANSWER_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .ok()
        .ok_or_else(|| Failure::unreachable(Reach::PerhapsArrived))?;
    if bytes.len() > MAXIMUM_ANSWER_BYTES {
        return Err(garbled());
    }
    if status.is_success() {
        return Ok(bytes);
    }
    let problem: Problem = serde_json::from_slice(&bytes).ok().filter(|_| is_problem).ok_or_else(garbled)?;
    Err(Failure { fault: CenterFault::Problem(Box::new(problem)), reach: Reach::Answered })
}

/// Reads a value out of an answer.
pub(super) fn parse<A: DeserializeOwned>(bytes: &[u8]) -> Result<A, CenterFault> {
    // What the parser says is not logged: it may quote the answer.
    serde_json::from_slice(bytes).ok().ok_or(CenterFault::Trouble(CenterTrouble::Garbled))
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
