//! The end of a terminal: what is on its way gets there, and what the devices still say is taken in.

use std::time::{Duration, Instant};

use super::{Note, Terminal};
use crate::message::Message;

/// How long money may take on its way out.
const PAY_OUT_LIMIT: Duration = Duration::from_secs(10);

/// How long the others may still speak where a thread is lost, which keeps the channel open for ever.
const FAREWELL: Duration = Duration::from_secs(3);

impl Terminal {
    /// Lets every device finish what it was asked, and takes in what they still say.
    pub fn shut_down(mut self) -> Vec<Note> {
        // Money that is on its way out gets there, and what did not is journaled.
        let deadline = Instant::now() + PAY_OUT_LIMIT;
        while !self.pay_outs.is_empty() && Instant::now() < deadline {
            self.wait(PAY_OUT_LIMIT / 20);
        }
        self.sync();
        if let Some(office) = self.office.take() {
            office.close();
        }
        let Self { devices, mut journal, inbox, clock, notes, .. } = self;
        let misses_any = devices.misses_any();
        let threads = devices.hang_up();
        let mut notes: Vec<Note> = notes.into();
        // The channel ends when the last device has ended.
        let next = || if misses_any { inbox.recv_timeout(FAREWELL).ok() } else { inbox.recv().ok() };
        while let Some(message) = next() {
            if let Message::OutcomeKnown { transaction, key, outcome } = message {
                match journal.acknowledge(&transaction, &key, outcome, clock.now()) {
                    Ok(()) => notes.push(Note::OutcomeKnown { transaction, outcome }),
                    Err(error) => tracing::error!(%error, "the acknowledgement could not be journaled"),
                }
            }
        }
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("a device thread ended badly");
            }
        }
        if let Err(error) = journal.sync() {
            tracing::error!(%error, "the journal could not be made durable");
        }
        notes
    }
}
