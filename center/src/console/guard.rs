//! Slows guessing of passwords down by account and source together, so that an outsider locks nobody out.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use shared::proof::{Digest, digest_of_parts};

/// Failures by account and source, and by source alone.
#[derive(Default)]
pub(super) struct LoginGuard(Mutex<HashMap<Digest, Failures>>);

struct Failures {
    count: u32,
    last: Timestamp,
}

/// Failures before the first wait.
const FREE: u32 = 3;

/// Failures of one source over all accounts before it waits, too.
const FREE_OF_SOURCE: u32 = 30;

/// The longest wait.
const LONGEST_SECONDS: i64 = 15 * 60;

/// After so long without a failure everything is forgotten.
const FORGOTTEN_SECONDS: i64 = 60 * 60;

/// Entries kept; past them the oldest go.
const MAXIMUM_ENTRIES: usize = 100_000;

shared::hidden_debug!(LoginGuard);

impl LoginGuard {
    /// How many seconds this source still waits before it may try this account.
    pub(super) fn wait(&self, account: &str, source: IpAddr, now: Timestamp) -> i64 {
        let failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = |key: &Digest, free| failures.get(key).map_or(0, |failures| failures.wait(free, now));
        wait(&pair(account, source), FREE).max(wait(&alone(source), FREE_OF_SOURCE))
    }

    /// Notes a wrong password.
    pub(super) fn failed(&self, account: &str, source: IpAddr, now: Timestamp) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= MAXIMUM_ENTRIES {
            failures.retain(|_, failures| !failures.is_over(now));
        }
        if failures.len() >= MAXIMUM_ENTRIES
            && let Some(oldest) = failures.iter().min_by_key(|(_, failures)| failures.last).map(|(key, _)| *key)
        {
            failures.remove(&oldest);
        }
        for key in [pair(account, source), alone(source)] {
            let entry = failures.entry(key).or_insert(Failures { count: 0, last: now });
            if entry.is_over(now) {
                entry.count = 0;
            }
            entry.count = entry.count.saturating_add(1);
            entry.last = now;
        }
    }

    /// Forgets what this source did with this account.
    pub(super) fn succeeded(&self, account: &str, source: IpAddr) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&pair(account, source));
    }
}

impl Failures {
    fn is_over(&self, now: Timestamp) -> bool {
        now.duration_since(self.last).as_secs() > FORGOTTEN_SECONDS
    }

    fn wait(&self, free: u32, now: Timestamp) -> i64 {
        if self.count < free || self.is_over(now) {
            return 0;
        }
        let doubled = 1_i64.checked_shl(self.count - free).unwrap_or(LONGEST_SECONDS);
        let until = doubled.clamp(1, LONGEST_SECONDS);
        (until - now.duration_since(self.last).as_secs()).max(0)
    }
}

fn pair(account: &str, source: IpAddr) -> Digest {
    digest_of_parts(b"login guard pair", &[account.as_bytes(), network(source).as_bytes()])
}

fn alone(source: IpAddr) -> Digest {
    digest_of_parts(b"login guard source", &[network(source).as_bytes()])
}

/// An IPv6 subscriber has a whole /64.
fn network(source: IpAddr) -> String {
    match source {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INSIDE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const OUTSIDE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 9));

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_664_758_800 + second).unwrap()
    }

    #[test]
    fn waiting_doubles_and_never_exceeds_a_quarter_of_an_hour() {
        let guard = LoginGuard::default();
        let mut waits = Vec::new();
        for _ in 0..20 {
            guard.failed("clerk", OUTSIDE, at(0));
            waits.push(guard.wait("clerk", OUTSIDE, at(0)));
        }
        assert_eq!(waits[..6], [0, 0, 1, 2, 4, 8]);
        assert_eq!(waits[19], LONGEST_SECONDS);
        assert_eq!(guard.wait("clerk", OUTSIDE, at(LONGEST_SECONDS)), 0);
    }

    #[test]
    fn an_outsider_locks_nobody_else_out() {
        let guard = LoginGuard::default();
        for _ in 0..10_000 {
            guard.failed("clerk", OUTSIDE, at(0));
        }
        assert!(guard.wait("clerk", OUTSIDE, at(0)) > 0);
        assert_eq!(guard.wait("clerk", INSIDE, at(0)), 0);
    }

    #[test]
    fn one_source_cannot_try_many_accounts_either() {
        let guard = LoginGuard::default();
        for number in 0..40 {
            guard.failed(&format!("account-{number}"), OUTSIDE, at(0));
        }
        assert!(guard.wait("account-99", OUTSIDE, at(0)) > 0);
        assert_eq!(guard.wait("account-99", INSIDE, at(0)), 0);
    }
}
