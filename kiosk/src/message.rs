//! What the device threads send to the terminal's loop, over one bounded channel.

use std::fmt;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use shared::domain::identifiers::{IdempotencyKey, TransactionId};
use shared::wire::outcome::Outcome;

use crate::session::event::Event;
use crate::staff;

/// The most messages that may wait. Every device answers one request at a time, so few ever do.
const MAXIMUM_WAITING: usize = 64;

/// One message.
#[derive(Debug)]
pub enum Message {
    /// For the session.
    Session(Event),
    /// The centre knows the end of a transaction.
    OutcomeKnown {
        /// The transaction.
        transaction: TransactionId,
        /// Its key.
        key: IdempotencyKey,
        /// How it ended.
        outcome: Outcome,
    },
    /// For the staff's desk.
    Staff {
        /// The visit that asked.
        visit: u64,
        /// What was asked for.
        answer: staff::Answer,
    },
}

/// Called after each message, so that a window wakes up.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// The sending end.
#[derive(Clone)]
pub struct Post {
    sender: SyncSender<Message>,
    wake: Wake,
}

impl Post {
    /// A channel and its receiving end.
    pub fn new(wake: Wake) -> (Self, Receiver<Message>) {
        let (sender, receiver) = sync_channel(MAXIMUM_WAITING);
        (Self { sender, wake }, receiver)
    }

    /// Sends an event to the session.
    pub fn event(&self, event: Event) {
        self.send(Message::Session(event));
    }

    /// Sends a message. A terminal that is shutting down hears nothing any more.
    pub fn send(&self, message: Message) {
        if self.sender.send(message).is_ok() {
            (self.wake)();
        }
    }
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Post(..)")
    }
}

/// A way to the loop for a thread that may be held up for ever: whoever leaves it behind closes the way, so that the
/// loop's channel can end.
#[derive(Debug, Clone)]
pub(crate) struct Outlet(Arc<Mutex<Option<Post>>>);

impl Outlet {
    pub(crate) fn new(post: Post) -> Self {
        Self(Arc::new(Mutex::new(Some(post))))
    }

    pub(crate) fn close(&self) {
        drop(self.0.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    pub(crate) fn event(&self, event: Event) {
        self.send(Message::Session(event));
    }

    pub(crate) fn send(&self, message: Message) {
        // Sending may wait for a place in the queue: not with the lock held.
        let post = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(post) = post {
            post.send(message);
        }
    }
}
