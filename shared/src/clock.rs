//! The clock that is passed in everywhere: real, a world's own, or moved by hand.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};

/// Where the present time comes from. Nothing else in the system asks for it.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The present instant.
    fn now(&self) -> Timestamp;

    /// The present date and time of day in Japan.
    fn japan(&self) -> DateTime {
        japan(self.now())
    }

    /// The present date in Japan.
    fn today(&self) -> Date {
        self.japan().date()
    }
}

/// An instant as date and time of day in Japan (UTC+9, without daylight saving time).
pub fn japan(instant: Timestamp) -> DateTime {
    japan_time_zone().to_datetime(instant)
}

/// The time zone of Japan: a fixed nine hours ahead of UTC.
pub fn japan_time_zone() -> TimeZone {
    TimeZone::fixed(Offset::constant(9))
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A world's clock: it stood at `stood_at` at the machine's instant `anchor`, and runs since.
#[derive(Debug, Clone, Copy)]
pub struct WorldClock {
    stood_at: Timestamp,
    anchor: Timestamp,
}

impl WorldClock {
    /// A clock that showed `stood_at` when the machine's clock showed `anchor`.
    pub const fn new(stood_at: Timestamp, anchor: Timestamp) -> Self {
        Self { stood_at, anchor }
    }
}

impl Clock for WorldClock {
    fn now(&self) -> Timestamp {
        let elapsed = SystemClock.now().duration_since(self.anchor);
        self.stood_at.saturating_add(elapsed).unwrap_or(self.stood_at)
    }
}

/// A clock that moves only when told to, for tests and replays.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that shows `now`, to the millisecond.
    pub fn new(now: Timestamp) -> Self {
        Self(AtomicI64::new(now.as_millisecond()))
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        let milliseconds = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
    }

    /// Sets the clock, backwards too.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.as_millisecond(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japan_is_nine_hours_ahead() {
        let instant: Timestamp = "2022-10-02T15:00:00Z".parse().unwrap();
        assert_eq!(japan(instant).to_string(), "2022-10-03T00:00:00");
    }

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = ManualClock::new("2022-10-03T01:00:00Z".parse().unwrap());
        clock.advance(Duration::from_secs(61));
        assert_eq!(clock.now().to_string(), "2022-10-03T01:01:01Z");
    }
}
