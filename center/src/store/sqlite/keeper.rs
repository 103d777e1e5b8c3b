//! What follows a commit and need not be waited for: the witness is brought up, and the write-ahead log is carried over
//! into the database (a checkpoint). Both wait for the disk, on a thread and a connection of their own, so that the
//! writer waits for its own commits only.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::audit::Head;
use crate::audit::witness::Witness;
use crate::store::StoreError;

/// The least time between two checkpoints.
const CHECKPOINT_INTERVAL: Duration = Duration::from_millis(500);

/// A log shorter than this is left alone: a few small commits.
const SHORT_LOG_BYTES: u64 = 4 << 20;

/// Pages in the log at which the writer itself stops to carry over what is left; only then does the log begin anew
/// while there is no pause in the work. It also holds the log short should the keeper be gone.
const MAXIMUM_PAGES: u32 = 16_000;

/// The writer's side; dropped, the thread does what is left and ends.
pub(super) struct Keeper {
    /// Of the last commit.
    head: Arc<Mutex<Head>>,
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts the thread; `writer` is the connection that commits.
    pub(super) fn start(writer: &Connection, database: &Path, witness: PathBuf) -> Result<Self, StoreError> {
        writer.pragma_update(None, "wal_autocheckpoint", MAXIMUM_PAGES)?;
        let mut log = database.as_os_str().to_owned();
        log.push("-wal");
        let head = Arc::new(Mutex::new(Head::START));
        // One place: who is called already needs no second call.
        let (wake, calls) = sync_channel(1);
        let (database, log) = (database.to_owned(), log.into());
        let work = Work { database, connection: None, log, witness, head: Arc::clone(&head) };
        let thread = std::thread::Builder::new()
            .name("store-keeper".to_owned())
            .spawn(move || work.run(&calls))
            .map_err(StoreError::File)?;
        Ok(Self { head, wake: Some(wake), thread: Some(thread) })
    }

    /// There was a commit, and this is the chain's head now.
    pub(super) fn note(&self, head: Head) {
        *self.head.lock().unwrap_or_else(PoisonError::into_inner) = head;
        // Full: the thread will see this head. Gone: it has said why.
        let _called = self.wake.as_ref().map(|wake| wake.try_send(()));
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.wake.take());
        if let Some(Err(panic)) = self.thread.take().map(JoinHandle::join) {
            drop(panic);
            tracing::error!("the store's keeper ended badly");
        }
    }
}

struct Work {
    database: PathBuf,
    /// Opened when there is something to carry over: whoever loads a long file keeps the store without such a log, and
    /// the next connection would bring it back.
    connection: Option<Connection>,
    log: PathBuf,
    witness: PathBuf,
    head: Arc<Mutex<Head>>,
}

impl Work {
    fn run(mut self, calls: &Receiver<()>) {
        let mut witnessed = Head::START;
        let mut carried = Instant::now();
        while let Ok(()) = calls.recv() {
            self.bear_witness(&mut witnessed);
            // What is left in the log waits for the next commit, or for the store to close.
            if carried.elapsed() >= CHECKPOINT_INTERVAL && self.is_long() {
                self.carry_over();
                carried = Instant::now();
            }
        }
        self.bear_witness(&mut witnessed);
    }

    fn bear_witness(&self, witnessed: &mut Head) {
        let head = *self.head.lock().unwrap_or_else(PoisonError::into_inner);
        if head == *witnessed {
            return;
        }
        match Witness::from(head).write(&self.witness) {
            Ok(()) => *witnessed = head,
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the witness cannot be written");
            }
        }
    }

    fn is_long(&self) -> bool {
        // A log that begins anew keeps its length: after the first long one this only bounds an idle store's work.
        std::fs::metadata(&self.log).is_ok_and(|log| log.len() >= SHORT_LOG_BYTES)
    }

    /// Carries over as much as can be without keeping anybody waiting.
    fn carry_over(&mut self) {
        let connection = match self.connection.take() {
            Some(connection) => Ok(connection),
            None => super::connect(&self.database),
        };
        let carried = connection.and_then(|connection| {
            connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
            Ok(connection)
        });
        match carried {
            Ok(connection) => self.connection = Some(connection),
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "the log of the store waits to be carried over");
            }
        }
    }
}
