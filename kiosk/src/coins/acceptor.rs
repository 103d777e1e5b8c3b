//! The device that takes coins and notes and gives them out, on a thread of its own.
//!
//! **Invariants**: every request to give money out is answered with what really left; what the device could
//! not give is said at once, never made up for in silence.

use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use super::{Coins, Denomination};
use crate::message::Post;
use crate::pulse::{Pulse, Trust};
use crate::session::effect::{PayOut, Purpose};
use crate::session::event::Event;
use crate::session::fault::AcceptorFault;

/// What the device is asked.
#[derive(Debug)]
pub enum Request {
    /// Take money.
    Open,
    /// Take none.
    Shut,
    /// Give this out.
    PayOut(PayOut),
}

/// A device that moves coins and notes. Each call may take as long as the mechanism does.
pub trait Acceptor: Send {
    /// Begins to take money; what comes is told by events.
    fn open(&mut self) -> Result<(), AcceptorFault>;
    /// Takes no more.
    fn shut(&mut self);
    /// Gives out as much of these as it can, and says what left.
    fn give(&mut self, coins: &Coins, purpose: Purpose) -> Coins;
}

/// The most requests that may wait: a few for each coin of one payment.
const MAXIMUM_WAITING: usize = 64;

/// Starts the thread. It ends when the sender is dropped, after the requests that wait.
pub fn start(acceptor: Box<dyn Acceptor>, post: Post) -> io::Result<(SyncSender<Request>, JoinHandle<()>, Pulse)> {
    let (sender, receiver) = sync_channel(MAXIMUM_WAITING);
    let pulse = Pulse::default();
    let shown = pulse.clone();
    let thread =
        thread::Builder::new().name("money".to_owned()).spawn(move || run(acceptor, &post, &receiver, &shown))?;
    Ok((sender, thread, pulse))
}

fn run(mut acceptor: Box<dyn Acceptor>, post: &Post, requests: &Receiver<Request>, pulse: &Pulse) {
    for request in requests {
        // What the watchdog has given up is owed, and staff gives it: given out here as well, it would be given twice.
        if pulse.begin() == Trust::WrittenOff {
            continue;
        }
        match request {
            Request::Open => match acceptor.open() {
                Ok(()) => post.event(Event::AcceptorReady),
                Err(fault) => post.event(Event::AcceptorFailed(fault)),
            },
            Request::Shut => acceptor.shut(),
            Request::PayOut(order) => {
                let given = acceptor.give(&order.coins, order.purpose);
                post.event(Event::PaidOut { order, given });
            }
        }
        pulse.end();
    }
}

/// A simulated acceptor: its handle throws in coins and breaks it, its other side is the device.
#[derive(Debug, Clone, Default)]
pub struct Simulated(Arc<Mutex<Inside>>);

#[derive(Debug, Default)]
struct Inside {
    slot: Slot,
    path: Path,
    /// Coins of each kind that the hopper really lacks, whatever was counted.
    lacking: Coins,
    post: Option<Post>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Slot {
    #[default]
    Shut,
    Open,
}

/// Whether money can move.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Path {
    #[default]
    Free,
    Jammed,
}

/// What became of something thrown in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thrown {
    /// It was taken.
    Taken,
    /// It is no money here, and fell through to the tray.
    NotMoney,
    /// The slot is shut, or stuck.
    Shut,
}

impl Simulated {
    /// Throws in a coin or note of this worth, or something of no worth.
    pub fn insert(&self, worth: u32) -> Thrown {
        let inside = self.inside();
        let is_open = inside.slot == Slot::Open && inside.path == Path::Free;
        let Some(post) = inside.post.as_ref().filter(|_| is_open) else {
            return Thrown::Shut;
        };
        if let Some(denomination) = Denomination::of_worth(worth) {
            post.event(Event::MoneyInserted(denomination));
            Thrown::Taken
        } else {
            post.event(Event::MoneyRejected);
            Thrown::NotMoney
        }
    }

    /// Something is stuck: nothing goes in or out.
    pub fn jam(&self) {
        let mut inside = self.inside();
        inside.path = Path::Jammed;
        if let Some(post) = &inside.post {
            post.event(Event::AcceptorFailed(AcceptorFault::Jammed));
        }
    }

    /// The hopper lacks these, although they were counted.
    pub fn lack(&self, coins: Coins) {
        self.inside().lacking = coins;
    }

    /// The device's side.
    pub fn device(&self, post: Post) -> Box<dyn Acceptor> {
        self.inside().post = Some(post);
        Box::new(Plugged(self.clone()))
    }

    /// Forgets where to tell: the terminal hears nothing from it any more.
    pub fn unplug(&self) {
        self.inside().post = None;
    }

    /// Nothing can be half done while the lock is held, so that a panic elsewhere does no harm.
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The device's side. A terminal that lets go of it hears nothing more: else whoever keeps the handle would keep the
/// terminal's channel open, and its end would wait for ever.
struct Plugged(Simulated);

impl Drop for Plugged {
    fn drop(&mut self) {
        self.0.unplug();
    }
}

impl Acceptor for Plugged {
    fn open(&mut self) -> Result<(), AcceptorFault> {
        self.0.open()
    }

    fn shut(&mut self) {
        self.0.shut();
    }

    fn give(&mut self, coins: &Coins, purpose: Purpose) -> Coins {
        self.0.give(coins, purpose)
    }
}

impl PartialEq for Simulated {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Simulated {}

impl Acceptor for Simulated {
    fn open(&mut self) -> Result<(), AcceptorFault> {
        let mut inside = self.inside();
        inside.slot = Slot::Open;
        match inside.path {
            Path::Free => Ok(()),
            Path::Jammed => Err(AcceptorFault::Jammed),
        }
    }

    fn shut(&mut self) {
        self.inside().slot = Slot::Shut;
    }

    fn give(&mut self, coins: &Coins, _: Purpose) -> Coins {
        let inside = self.inside();
        match inside.path {
            Path::Jammed => Coins::default(),
            Path::Free => coins.without(&inside.lacking),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::message::Message;

    fn simulated() -> (Simulated, Receiver<Message>, Box<dyn Acceptor>) {
        let (post, inbox) = Post::new(Arc::new(|| {}));
        let acceptor = Simulated::default();
        let device = acceptor.device(post);
        (acceptor, inbox, device)
    }

    #[test]
    fn money_falls_through_a_shut_slot_and_so_does_what_is_no_money() {
        let (acceptor, inbox, mut device) = simulated();
        assert_eq!(acceptor.insert(100), Thrown::Shut);
        device.open().unwrap();
        assert_eq!(acceptor.insert(100), Thrown::Taken);
        assert_eq!(acceptor.insert(7), Thrown::NotMoney);
        device.shut();
        assert_eq!(acceptor.insert(100), Thrown::Shut);
        let told: Vec<Message> = inbox.try_iter().collect();
        assert!(matches!(
            told.as_slice(),
            [Message::Session(Event::MoneyInserted(Denomination::Hundred)), Message::Session(Event::MoneyRejected)]
        ));
    }

    #[test]
    fn the_terminals_channel_ends_with_the_device_although_the_handle_is_kept() {
        let (acceptor, inbox, device) = simulated();
        drop(device);
        assert!(inbox.iter().next().is_none());
        assert_eq!(acceptor.insert(100), Thrown::Shut);
    }

    #[test]
    fn what_the_hopper_lacks_is_not_given() {
        let (acceptor, _inbox, mut device) = simulated();
        acceptor.lack(Coins { tens: 2, ..Coins::default() });
        let asked = Coins { tens: 3, hundreds: 1, ..Coins::default() };
        assert_eq!(device.give(&asked, Purpose::Change), Coins { tens: 1, hundreds: 1, ..Coins::default() });
        acceptor.jam();
        assert_eq!(device.give(&asked, Purpose::Change), Coins::default());
        assert_eq!(device.open(), Err(AcceptorFault::Jammed));
    }
}
