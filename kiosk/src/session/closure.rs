//! A terminal that staff has taken out of service: why, and until when.

use jiff::Timestamp;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use shared::clock::{japan, japan_time_zone};

/// Why nobody is served, and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closure {
    /// Why.
    pub reason: ClosureReason,
    /// When the terminal serves again by itself; where it is not said, staff opens it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// Why nobody is served. One of these and no free words: residents read it in their language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClosureReason {
    /// Paper, toner or coins are filled up.
    Supplies,
    /// Something is broken.
    Repair,
    /// The terminal is looked after.
    Maintenance,
    /// The shop has its reasons.
    Shop,
}

impl ClosureReason {
    /// All, in the order in which staff is asked.
    pub const ALL: [Self; 4] = [Self::Supplies, Self::Maintenance, Self::Repair, Self::Shop];
}

/// The service opens every day at this time, in Japan.
const OPENS: Time = Time::constant(6, 30, 0, 0);

impl Closure {
    /// Whether it still holds.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

/// The first opening of the service after an instant, by the clock in Japan.
pub fn next_opening(now: Timestamp) -> Timestamp {
    let here = japan(now);
    let today = here.date();
    let day = if here.time() < OPENS { today } else { today.tomorrow().unwrap_or(today) };
    japan_time_zone().to_timestamp(day.to_datetime(OPENS)).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_opening_is_the_next_morning_in_japan() {
        let at = |text: &str| next_opening(text.parse().unwrap()).to_string();
        assert_eq!(at("2022-10-03T06:29:59+09:00"), "2022-10-02T21:30:00Z");
        assert_eq!(at("2022-10-03T06:30:00+09:00"), "2022-10-03T21:30:00Z");
        assert_eq!(at("2022-12-31T23:30:00+09:00"), "2022-12-31T21:30:00Z");
    }

    #[test]
    fn a_closure_without_an_end_holds_until_staff_comes() {
        let now: Timestamp = "2022-10-03T01:00:00Z".parse().unwrap();
        let closure = |until| Closure { reason: ClosureReason::Repair, until };
        assert!(closure(None).holds(now));
        assert!(closure(Some(next_opening(now))).holds(now));
        assert!(!closure(Some(now)).holds(now));
    }
}
