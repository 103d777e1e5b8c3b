//! Wrong codes at the staff's door: the first few are free, then each doubles the wait.

use jiff::{SignedDuration, Timestamp};

/// What was typed wrongly since the last right code.
#[derive(Debug, Default)]
pub struct DoorGuard {
    failures: u32,
    /// Before this instant nothing that is typed is compared.
    until: Option<Timestamp>,
}

/// Failures before the first wait: a finger slips.
const FREE: u32 = 3;

/// The first wait.
const FIRST: SignedDuration = SignedDuration::from_secs(30);

/// The longest: with it nobody tries more than a hundred of a hundred million codes a day.
const LONGEST: SignedDuration = SignedDuration::from_mins(15);

impl DoorGuard {
    /// How long one still waits.
    pub fn wait(&self, now: Timestamp) -> SignedDuration {
        // A clock that was set back lets nobody wait longer than the longest wait.
        let rest = self.until.map_or(SignedDuration::ZERO, |until| until.duration_since(now));
        rest.clamp(SignedDuration::ZERO, LONGEST)
    }

    /// Notes a wrong code.
    pub fn failed(&mut self, now: Timestamp) {
        self.failures = self.failures.saturating_add(1);
        let Some(past) = self.failures.checked_sub(FREE) else { return };
        let doubled = FIRST.checked_mul(1_i32.checked_shl(past).unwrap_or(i32::MAX)).unwrap_or(LONGEST);
        self.until = now.checked_add(doubled.clamp(FIRST, LONGEST)).ok();
    }

    /// Forgets everything: the code was right.
    pub fn admitted(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_from_the_third_failure_to_a_quarter_of_an_hour() {
        let now: Timestamp = "2022-10-03T01:00:00Z".parse().unwrap();
        let mut guard = DoorGuard::default();
        let mut waits = Vec::new();
        for _ in 0..40 {
            guard.failed(now);
            waits.push(guard.wait(now).as_secs());
        }
        assert_eq!(waits[..8], [0, 0, 30, 60, 120, 240, 480, 900]);
        assert_eq!(waits[39], 900);
        assert_eq!(guard.wait(now + SignedDuration::from_secs(899)).as_secs(), 1);
        assert_eq!(guard.wait(now + LONGEST), SignedDuration::ZERO);
        guard.admitted();
        assert_eq!(guard.wait(now), SignedDuration::ZERO);
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out_for_ever() {
        let now: Timestamp = "2022-10-03T01:00:00Z".parse().unwrap();
        let mut guard = DoorGuard::default();
        (0..4).for_each(|_| guard.failed(now));
        assert_eq!(guard.wait("1970-01-01T00:00:00Z".parse().unwrap()), LONGEST);
    }
}
