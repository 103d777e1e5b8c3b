//! A world's clock instead of the machine's, and the hand that moves it ahead.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::UNIX_EPOCH;

use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use shared::clock::{Clock, WorldClock};

use super::ConfigError;

/// A world's clock.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorldTime {
    /// What it showed.
    pub stands_at: Timestamp,
    /// The file whose modification time says when.
    pub anchor: PathBuf,
    /// Moves every clock that is made of this configuration or a copy of it.
    #[serde(skip)]
    pub hand: ClockHand,
}

/// The hand of a world's clock. Whoever has it moves the time of one program, not of the world.
#[derive(Debug, Clone, Default)]
pub struct ClockHand(Arc<AtomicI64>);

impl ClockHand {
    /// Moves the clock ahead, or back.
    pub fn jump(&self, by: SignedDuration) {
        let milliseconds = i64::try_from(by.as_millis()).unwrap_or_default();
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
    }

    fn ahead(&self) -> SignedDuration {
        SignedDuration::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// How a clock jumps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "a time in Japan such as \"23:05\", or seconds such as 90 or -90")]
pub enum Jump {
    /// By so many seconds.
    By(i64),
    /// To the next such time in Japan.
    To(Time),
}

impl Jump {
    /// Moves the hand of a clock.
    pub fn make(self, hand: &ClockHand, clock: &dyn Clock) {
        hand.jump(match self {
            Self::By(seconds) => SignedDuration::from_secs(seconds),
            Self::To(time) => {
                let here = clock.japan();
                let today = here.date();
                let day = if here.time() < time { today } else { today.tomorrow().unwrap_or(today) };
                day.to_datetime(time).duration_since(here)
            }
        });
    }
}

/// A world's clock with its hand.
#[derive(Debug)]
struct MovedClock {
    world: WorldClock,
    hand: ClockHand,
}

impl Clock for MovedClock {
    fn now(&self) -> Timestamp {
        let now = self.world.now();
        now.saturating_add(self.hand.ahead()).unwrap_or(now)
    }
}

impl WorldTime {
    /// The clock.
    pub(super) fn clock(&self) -> Result<Arc<dyn Clock>, ConfigError> {
        let unreadable = |source| ConfigError::Unreadable { path: self.anchor.clone(), source };
        let modified = modified(&self.anchor).map_err(unreadable)?;
        let world = WorldClock::new(self.stands_at, modified);
        Ok(Arc::new(MovedClock { world, hand: self.hand.clone() }))
    }
}

fn modified(anchor: &Path) -> std::io::Result<Timestamp> {
    let since = fs::metadata(anchor)?.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    let since = SignedDuration::try_from(since).ok();
    let instant = since.and_then(|since| Timestamp::UNIX_EPOCH.checked_add(since).ok());
    Ok(instant.unwrap_or(Timestamp::UNIX_EPOCH))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hand_moves_every_clock_of_its_configuration() {
        let anchor = tempfile::NamedTempFile::new().unwrap();
        let stands_at = "2022-10-03T01:00:00Z".parse().unwrap();
        let hand = ClockHand::default();
        let time = WorldTime { stands_at, anchor: anchor.path().to_owned(), hand: hand.clone() };
        let (one, other) = (time.clock().unwrap(), time.clone().clock().unwrap());
        let before = one.now();
        hand.jump(SignedDuration::from_hours(13));
        for clock in [one, other] {
            let moved = clock.now().duration_since(before);
            assert!(moved >= SignedDuration::from_hours(13) && moved < SignedDuration::from_hours(14), "{moved:?}");
        }
    }
}
