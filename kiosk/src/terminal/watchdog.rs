//! Whether the device threads still move: one that ended, or stands still longer than it may, is a fault of its device.
//!
//! The card reader's thread watches its own desk and never waits; of it only the end is looked for.

use std::time::Duration;

use super::devices::{Devices, Reach};
use super::{Terminal, Waited};
use crate::coins::Coins;
use crate::session::event::Event;
use crate::session::fault::{AcceptorFault, CardFault};

/// A device thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Worker {
    /// The card reader's.
    Card,
    /// The centre's.
    Center,
    /// The printer's.
    Printer,
    /// The one of coins and notes.
    Money,
}

impl Worker {
    /// All.
    pub const ALL: [Self; 4] = [Self::Card, Self::Center, Self::Printer, Self::Money];

    /// Whether what it was asked would be done twice, or for the wrong person, if it woke up: such a thread is not
    /// trusted again before a new start.
    const fn acts_alone(self) -> bool {
        matches!(self, Self::Printer | Self::Money)
    }
}

/// How long a thread may be at one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The centre: longer than the session waits for any of its answers.
    pub center: Duration,
    /// The printer: longer than a print and its stop.
    pub printer: Duration,
    /// Coins and notes.
    pub money: Duration,
}

impl Bounds {
    /// For a terminal whose prints may take so long.
    pub fn of(print: Duration) -> Self {
        let [center, stop, money] = [75, 60, 20].map(Duration::from_secs);
        Self { center, printer: print + stop, money }
    }

    const fn of_worker(&self, worker: Worker) -> Duration {
        match worker {
            Worker::Card => Duration::MAX,
            Worker::Center => self.center,
            Worker::Printer => self.printer,
            Worker::Money => self.money,
        }
    }
}

/// How often busy threads are looked at while nothing else happens.
const LOOK: Duration = Duration::from_secs(1);

impl Terminal {
    /// Sets how long a device thread may be at one request.
    pub const fn watched_by(&mut self, bounds: Bounds) {
        self.bounds = bounds;
    }

    /// How soon the threads must be looked at again, where any is at work.
    pub fn until_look(&self) -> Option<Duration> {
        self.devices.is_any_at_work().then_some(LOOK)
    }

    /// Plants a fault into a device thread before its next request, or takes it away.
    #[cfg(feature = "simulation")]
    pub fn plant(&self, worker: Worker, plant: Option<crate::pulse::Plant>) {
        self.devices.state_of(worker).pulse.plant(plant);
    }

    /// Looks at every device thread, and says for the lost ones what they cannot say any more.
    pub(super) fn watch(&mut self) -> Waited {
        let mut waited = Waited::Nothing;
        for worker in Worker::ALL {
            match (is_lost(&self.devices, worker, &self.bounds), self.devices.state_of(worker).reach) {
                (true, Reach::Open) => {
                    tracing::error!(?worker, "a device thread has ended or stands still; start the terminal anew");
                    self.devices.mark(worker, Reach::Lost);
                    self.lose(worker);
                    waited = Waited::Happened;
                }
                (false, Reach::Lost) => {
                    tracing::info!(?worker, "the device thread moves again");
                    self.devices.mark(worker, Reach::Open);
                }
                (true, Reach::Lost) | (false, Reach::Open) => {}
            }
        }
        waited
    }

    /// No staff mends a thread: what was lost is lost until the terminal is started anew.
    pub(super) fn remember_the_lost(&mut self) {
        for worker in Worker::ALL {
            if self.devices.state_of(worker).reach == Reach::Lost {
                self.lose(worker);
            }
        }
    }

    fn lose(&mut self, worker: Worker) {
        match worker {
            Worker::Card => self.handle(Event::CardLost(CardFault::Silent)),
            Worker::Center => self.handle(Event::CenterLost),
            Worker::Printer => {
                // Should it wake up, the page must meet nobody.
                self.ticket.cancel();
                self.handle(Event::PrinterLost);
            }
            Worker::Money => {
                self.handle(Event::AcceptorFailed(AcceptorFault::Unreachable));
                // Nobody knows whether anything left: it is owed until staff has looked.
                for order in std::mem::take(&mut self.pay_outs) {
                    self.tell_session(Event::PaidOut { order, given: Coins::default() });
                }
            }
        }
    }
}

fn is_lost(devices: &Devices, worker: Worker, bounds: &Bounds) -> bool {
    let (state, bound) = (devices.state_of(worker), bounds.of_worker(worker));
    let is_still = if worker.acts_alone() { state.pulse.write_off(bound) } else { state.pulse.stands_still(bound) };
    state.has_ended || is_still
}
