//! The one writer: it takes what waits, runs it in one transaction, commits, and only then answers.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use jiff::Timestamp;
use rusqlite::Connection;

use super::keeper::Keeper;
use super::{CHANGES, chain};
use crate::audit::{Event, Head};
use crate::secrets::PersonKey;
use crate::store::StoreError;

/// Hands work to the writing thread.
pub(super) struct Writer {
    queue: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

/// The open transaction.
pub(super) struct Writing<'a> {
    /// Its connection.
    pub(super) connection: &'a Connection,
    head: Head,
}

/// One change: it runs inside the transaction and gives what to do once the commit is known.
type Job = Box<dyn FnOnce(&mut Writing<'_>) -> Answer + Send>;
type Answer = Box<dyn FnOnce(Commit) + Send>;

#[derive(Clone, Copy)]
enum Commit {
    Durable,
    Failed,
}

impl Commit {
    /// What a change brought, now that its commit is known.
    fn confirm<T, E: From<StoreError>>(self, outcome: Result<T, E>) -> Result<T, E> {
        match self {
            Self::Durable => outcome,
            Self::Failed => outcome.and(Err(StoreError::NotCommitted.into())),
        }
    }
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(connection: Connection, keeper: Keeper) -> Result<Self, StoreError> {
        let (queue, jobs) = sync_channel(MAXIMUM_WAITING);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || run(&connection, &jobs, &keeper))
            .map_err(StoreError::File)?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Runs `work` in the next transaction and waits until it is durable.
    pub(super) fn write<T: Send + 'static, E: From<StoreError> + Send + 'static>(
        &self,
        work: impl FnOnce(&mut Writing<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        metrics::counter!(CHANGES).increment(1);
        let (answer, result) = sync_channel(1);
        let job: Job = Box::new(move |writing| {
            let outcome = writing.in_savepoint(work);
            // Nobody waits any more: then nobody needs the answer.
            Box::new(move |commit| drop(answer.send(commit.confirm(outcome))))
        });
        let queue = self.queue.as_ref().ok_or(StoreError::Closed)?;
        queue.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Crowded,
            TrySendError::Disconnected(_) => StoreError::Closed,
        })?;
        result.recv().map_err(|std::sync::mpsc::RecvError| StoreError::Closed)?
    }
}

impl Drop for Writer {
    /// Everything that was handed over is written before the store closes.
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(Err(panic)) = self.thread.take().map(JoinHandle::join) {
            drop(panic);
            tracing::error!("the store's writer ended badly");
        }
    }
}

impl Writing<'_> {
    /// Adds an audit entry to this transaction.
    pub(super) fn note(&mut self, at: Timestamp, person: Option<PersonKey>, event: &Event) -> Result<(), StoreError> {
        self.head = chain::append(self.connection, &self.head, at, person, event)?;
        Ok(())
    }

    /// Runs one change so that its failure undoes it and nothing else.
    fn in_savepoint<T, E: From<StoreError>>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        let head = self.head;
        self.run("SAVEPOINT change")?;
        let result = work(self);
        if result.is_err() {
            self.head = head;
            self.run("ROLLBACK TO change")?;
        }
        self.run("RELEASE change")?;
        result
    }

    fn run(&self, statement: &str) -> Result<(), StoreError> {
        self.connection.prepare_cached(statement)?.execute([])?;
        Ok(())
    }
}

/// Changes that may wait for the disk.
const MAXIMUM_WAITING: usize = 1024;

/// Changes in one transaction.
const MAXIMUM_BATCH: usize = 256;

fn run(connection: &Connection, jobs: &Receiver<Job>, keeper: &Keeper) {
    while let Ok(first) = jobs.recv() {
        let mut batch = Vec::with_capacity(8);
        batch.push(first);
        batch.extend(jobs.try_iter().take(MAXIMUM_BATCH - 1));
        match commit(connection, batch) {
            Ok(head) => keeper.note(head),
            Err(error) => tracing::error!(error = &error as &dyn std::error::Error, "the store cannot be written"),
        }
    }
    match chain::head(connection) {
        Ok(head) => keeper.note(head),
        Err(error) => tracing::error!(error = &error as &dyn std::error::Error, "the store cannot be read"),
    }
}

fn commit(connection: &Connection, batch: Vec<Job>) -> Result<Head, StoreError> {
    let mut answers = Vec::with_capacity(batch.len());
    let result = transact(connection, batch, &mut answers);
    let commit = if result.is_ok() { Commit::Durable } else { Commit::Failed };
    for answer in answers {
        answer(commit);
    }
    result
}

fn transact(connection: &Connection, batch: Vec<Job>, answers: &mut Vec<Answer>) -> Result<Head, StoreError> {
    // A job that is dropped here unanswered tells its caller that the store is closed: nothing was done.
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let result = chain::head(connection).and_then(|head| {
        let mut writing = Writing { connection, head };
        answers.extend(batch.into_iter().map(|job| job(&mut writing)));
        let head = writing.head;
        connection.execute_batch("COMMIT")?;
        Ok(head)
    });
    if result.is_err() && !connection.is_autocommit() {
        connection.execute_batch("ROLLBACK")?;
    }
    result
}
