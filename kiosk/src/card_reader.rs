//! The card reader on threads of its own: waits for a card, asks for the tries, makes the proof, lets go.
//!
//! | module | what |
//! |---|---|
//! | [`pcsc`] | a reader behind the PC/SC service |
//! | `desk` | the thread that talks to the reader, and may be held up by it |
//! | `supervisor` | the thread that is asked, and never waits longer than it says |
//! | `dialogue` | what is asked of a card |
//!
//! **Invariants**: one card at a time, held alone from the first command to the reset; every wait has an
//! end, also where the service never answers; what nobody waits for any more sends the card no further
//! command; after the proof or a failure the card is reset, so that no other program finds it unlocked.

mod desk;
mod dialogue;
pub mod pcsc;
#[cfg(feature = "simulation")]
pub mod software;
mod supervisor;
#[cfg(feature = "simulation")]
pub mod tray;

use std::io;
use std::sync::mpsc::SyncSender;
use std::thread::JoinHandle;
use std::time::Duration;

use shared::card::transport::Transport;
use shared::domain::certificate::ProofProfile;
use shared::domain::identifiers::TransactionId;

pub use dialogue::fault_of;

use crate::message::Post;
use crate::session::effect::ProveEffect;
use crate::session::fault::CardFault;

/// A place where cards are put.
pub trait Reader {
    /// A connected card.
    type Card: Transport;

    /// Connects the card that lies there, for this program alone.
    fn connect(&mut self) -> Result<Self::Card, CardFault>;

    /// Whether the card that was last connected still lies there.
    fn presence(&mut self) -> Presence;

    /// Resets the card and lets go of it.
    fn release(&mut self, card: Self::Card);

    /// What an error of the card means to the resident.
    fn fault(error: &<Self::Card as Transport>::Error) -> CardFault;
}

/// Whether a card lies on the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// One does.
    Present,
    /// None does.
    Absent,
    /// The reader or the service is gone, or another card lies there now.
    Lost(CardFault),
}

/// How it is told that a card was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// The reader sees it.
    Watched,
    /// Nobody is there to take it: it counts as taken as soon as it is let go of.
    Assumed,
}

/// How long a card is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// As long as the resident takes.
    Endless,
    /// Then there is no card.
    AtMost(Duration),
}

/// What the threads are asked to do.
#[derive(Debug)]
pub enum Request {
    /// Tell when a card lies there.
    Watch(TransactionId),
    /// Ask for the tries left.
    ReadTries(TransactionId, ProofProfile),
    /// Make the proof.
    Prove(ProveEffect),
    /// Reset and let go; what is still being done is broken off before its next command.
    Release,
}

/// How the threads behave.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// How it is told that a card was taken.
    pub removal: Removal,
    /// How long a card is waited for.
    pub wait: Wait,
}

/// How often and how long.
#[derive(Debug, Clone, Copy)]
struct Pace {
    /// Between two looks at the reader: a pulled card is noticed within a quarter of a second.
    poll: Duration,
    /// A service or a reader may be gone so long before it is told: both come back by themselves.
    returning: Duration,
    /// A card may be in another program's hands, or unreadable while it is laid down, so long.
    settling: Duration,
    /// Until the service has noticed a card that was pulled in the middle of a command.
    noticing: Duration,
    /// Nothing that is asked of a card takes longer, not even over a slow antenna.
    limit: Duration,
    /// The service may hold up the end of the program so long.
    farewell: Duration,
}

impl Pace {
    const USUAL: Self = Self {
        poll: Duration::from_millis(200),
        returning: Duration::from_secs(3),
        settling: Duration::from_secs(4),
        noticing: Duration::from_millis(700),
        limit: Duration::from_secs(15),
        farewell: Duration::from_secs(3),
    };
}

/// The most requests that may wait.
const MAXIMUM_WAITING: usize = 8;

/// Starts the threads. They end when the sender is dropped.
pub fn start<R: Reader>(
    make: impl FnOnce() -> R + Send + 'static,
    manner: Manner,
    post: Post,
) -> io::Result<(SyncSender<Request>, JoinHandle<()>)> {
    supervisor::start(make, manner, Pace::USUAL, post)
}

#[cfg(test)]
mod tests;
