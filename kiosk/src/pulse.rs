//! What a device thread shows of itself: since when it has been at one request, and whether anybody still waits for it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A thread's pulse, seen from the thread and from whoever watches it.
#[derive(Debug, Clone, Default)]
pub struct Pulse(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    beat: Mutex<Beat>,
    #[cfg(feature = "simulation")]
    released: std::sync::Condvar,
}

#[derive(Debug, Default)]
struct Beat {
    /// Since when the thread has been at the present request.
    since: Option<Instant>,
    trust: Trust,
    #[cfg(feature = "simulation")]
    plant: Option<Plant>,
}

/// Whether what a thread was asked is still wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Trust {
    /// It is.
    #[default]
    Kept,
    /// It was given up, and others act in its place: done now, it would be done twice.
    WrittenOff,
}

/// A fault that is planted into a thread before its next request.
#[cfg(feature = "simulation")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Plant {
    /// It stands still.
    Halt,
    /// It ends in a panic.
    Crash,
}

impl Pulse {
    /// The thread turns to a request, or is told that nobody wants it any more.
    pub fn begin(&self) -> Trust {
        let mut beat = self.beat();
        beat.since = Some(Instant::now());
        #[cfg(feature = "simulation")]
        {
            beat = self.suffer(beat);
        }
        let trust = beat.trust;
        if trust == Trust::WrittenOff {
            beat.since = None;
        }
        trust
    }

    /// The thread has done with the request.
    pub fn end(&self) {
        self.beat().since = None;
    }

    /// Since when the thread has been at the present request, where it is at one.
    pub fn since(&self) -> Option<Instant> {
        self.beat().since
    }

    /// Whether the thread has been at one request for so long.
    pub fn stands_still(&self, bound: Duration) -> bool {
        self.since().is_some_and(|since| since.elapsed() >= bound)
    }

    /// Gives a thread up that has been at one request for so long; true where it is given up now or was before. Whatever
    /// it was asked besides that request it leaves undone, should it ever move again.
    pub fn write_off(&self, bound: Duration) -> bool {
        let mut beat = self.beat();
        if beat.since.is_some_and(|since| since.elapsed() >= bound) {
            beat.trust = Trust::WrittenOff;
        }
        beat.trust == Trust::WrittenOff
    }

    /// As if the thread had been at its request for so much longer.
    #[cfg(feature = "simulation")]
    pub fn age(&self, by: Duration) {
        let mut beat = self.beat();
        beat.since = beat.since.map(|since| since.checked_sub(by).unwrap_or(since));
    }

    /// Plants a fault before the next request, or takes it away.
    #[cfg(feature = "simulation")]
    pub fn plant(&self, plant: Option<Plant>) {
        self.beat().plant = plant;
        self.0.released.notify_all();
    }

    #[cfg(feature = "simulation")]
    fn suffer<'b>(&'b self, mut beat: MutexGuard<'b, Beat>) -> MutexGuard<'b, Beat> {
        if beat.plant == Some(Plant::Crash) {
            drop(beat);
            // As a mistake in our own code would end it, but without a word on standard error.
            std::panic::resume_unwind(Box::new("a planted fault"));
        }
        while beat.plant == Some(Plant::Halt) {
            beat = self.0.released.wait(beat).unwrap_or_else(PoisonError::into_inner);
        }
        beat
    }

    /// Nothing can be half done while the lock is held, so that a panic elsewhere does no harm.
    fn beat(&self) -> MutexGuard<'_, Beat> {
        self.0.beat.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
