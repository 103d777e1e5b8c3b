//! One request at a time under a key: the others wait briefly for its answer.

use std::collections::HashSet;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use shared::domain::identifiers::{IdempotencyKey, TerminalId};

/// How long the others wait.
const PATIENCE: Duration = Duration::from_secs(3);

/// The keys that are worked on now.
#[derive(Debug, Default)]
pub(super) struct Turns {
    busy: Mutex<HashSet<(TerminalId, IdempotencyKey)>>,
    changed: Condvar,
}

/// A turn; ends when dropped.
pub(super) struct Turn<'a> {
    turns: &'a Turns,
    key: (TerminalId, IdempotencyKey),
}

impl Turns {
    /// Waits for the turn of this key; `None` where another keeps it too long.
    pub(super) fn take(&self, terminal: &TerminalId, key: &IdempotencyKey) -> Option<Turn<'_>> {
        let key = (terminal.clone(), key.clone());
        let busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut busy, wait) = self
            .changed
            .wait_timeout_while(busy, PATIENCE, |busy| busy.contains(&key))
            .unwrap_or_else(PoisonError::into_inner);
        if wait.timed_out() && busy.contains(&key) {
            return None;
        }
        busy.insert(key.clone());
        Some(Turn { turns: self, key })
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.turns.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
        self.turns.changed.notify_all();
    }
}
