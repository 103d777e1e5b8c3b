//! Brings a record file into the store: read once, prepared on every processor, stored in order, gone on with after a
//! crash, and loaded again without harm.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use jiff::Timestamp;
use shared::clock::Clock;
use shared::records::Record;

use crate::store::loading::{Batch, Loading, Position};
use crate::store::{LineProblem, StoreError};

mod lines;

use lines::{Begun, Chunk, Lines};

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// Lines that hold a record.
    pub records: u64,
    /// Lines that were not taken, by number and rule; never by content.
    pub problems: Vec<LineProblem>,
}

/// Why a file was not loaded to its end.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// It cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// So many lines are wrong that it is the wrong file.
    #[error("more than {MAXIMUM_PROBLEMS} lines are wrong, up to line {0}")]
    TooManyProblems(u64),
    /// A line has no end for so long that it is no record file.
    #[error("line {0} is longer than a record may be")]
    LineTooLong(u64),
    /// A thread cannot be started, or ended before its work was done.
    #[error("a thread of the loading ended")]
    ThreadEnded,
}

/// Wrong lines that are told one by one.
const MAXIMUM_PROBLEMS: u64 = 10_000;

/// Threads that prepare rows: more would only wait for the one that stores them.
const MAXIMUM_THREADS: usize = 8;

/// Chunks that wait before each of them.
const WAITING: usize = 2;

/// How often progress is told.
const TELL_SECONDS: i64 = 2;

/// Lines that were checked and encrypted, or why one was not.
type Prepared<R> = Result<Batch<R>, LoadError>;

/// Loads a file: JSON, one [`Record`] a line.
///
/// What an earlier call took of the same file before it was broken off is not read again into the store.
pub fn load<S: Loading>(path: &Path, store: &S, clock: &dyn Clock) -> Result<Loaded, LoadError> {
    let unreadable = |source| LoadError::Unreadable { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(unreadable)?;
    let length = file.metadata().map_err(unreadable)?.len();
    let begun = begun(&mut file, store.reached()?).map_err(unreadable)?;
    if let Some((reached, _)) = &begun {
        tracing::info!(lines = reached.line, "going on with a file that was half loaded");
    } else {
        store.begin(length, clock.now())?;
        file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    }
    let progress = Progress::new(length, begun.as_ref().map_or(0, |(reached, _)| reached.records), clock);
    let reached = run(path, store, (Lines::new(file, begun), progress))?;
    store.tell(&reached, length)?;
    tracing::info!(lines = reached.line, "all lines are read; building what is looked up");
    let problems = store.finish(clock.now())?;
    Ok(Loaded { records: reached.records, problems })
}

/// What was read before, if the file begins with exactly that; the file stands behind it then.
fn begun(file: &mut File, reached: Option<Position>) -> io::Result<Option<Begun>> {
    let Some(reached) = reached else { return Ok(None) };
    let digest = lines::digest_of(file, reached.bytes)?;
    Ok(digest.filter(|digest| lines::finish(digest) == reached.digest).map(|digest| (reached, digest)))
}

/// One thread reads, others prepare, this one has the store take what they prepared, in the order of the lines.
fn run<S: Loading>(
    path: &Path,
    store: &S,
    (lines, mut progress): (Lines<File>, Progress<'_>),
) -> Result<Position, LoadError> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(MAXIMUM_THREADS);
    let mut reached = lines.position();
    let at_once = (store.bytes_at_once()? / lines::CHUNK).max(1);
    // While one transaction is written, the next is prepared to its end.
    let waiting = at_once.div_ceil(threads);
    progress.tell(store, &reached)?;
    thread::scope(|scope| {
        let mut entrances = Vec::with_capacity(threads);
        let mut exits = Vec::with_capacity(threads);
        for number in 0..threads {
            let (entrance, chunks) = sync_channel::<Chunk>(WAITING);
            let (prepared, exit) = sync_channel::<Prepared<S::Row>>(waiting);
            thread::Builder::new()
                .name(format!("prepare-{number}"))
                .spawn_scoped(scope, move || prepare_all(store, &chunks, &prepared))
                .map_err(|_cause| LoadError::ThreadEnded)?;
            entrances.push(entrance);
            exits.push(exit);
        }
        let reader = thread::Builder::new()
            .name("read-records".to_owned())
            .spawn_scoped(scope, move || hand_out(lines, &entrances))
            .map_err(|_cause| LoadError::ThreadEnded)?;
        // Round by round: the next chunk always comes from the next thread.
        let mut exits = exits.iter().cycle();
        while let Some(batch) = gather(&mut exits, at_once)? {
            reached = batch.position;
            if store.take(batch, progress.clock.now())? > MAXIMUM_PROBLEMS {
                return Err(LoadError::TooManyProblems(reached.line));
            }
            progress.tell(store, &reached)?;
        }
        let read = reader.join().map_err(|_panic| LoadError::ThreadEnded)?;
        read.map_err(|fault| match fault {
            lines::Fault::Read(source) => LoadError::Unreadable { path: path.to_owned(), source },
            lines::Fault::TooLong(line) => LoadError::LineTooLong(line),
        })?;
        Ok(reached)
    })
}

/// What is stored next; `None` behind the last line.
fn gather<'a, R: 'a>(
    exits: &mut impl Iterator<Item = &'a Receiver<Prepared<R>>>,
    chunks: usize,
) -> Result<Option<Batch<R>>, LoadError> {
    let mut gathered: Option<Batch<R>> = None;
    for prepared in exits.map_while(|exit| exit.recv().ok()).take(chunks) {
        let prepared = prepared?;
        match &mut gathered {
            Some(batch) => {
                batch.rows.extend(prepared.rows);
                batch.problems.extend(prepared.problems);
                batch.position = prepared.position;
            }
            None => gathered = Some(prepared),
        }
    }
    Ok(gathered)
}

/// Gives chunk after chunk to the next thread, until all are read or nobody takes them any more.
fn hand_out(mut lines: Lines<File>, entrances: &[SyncSender<Chunk>]) -> Result<(), lines::Fault> {
    for entrance in entrances.iter().cycle() {
        let Some(chunk) = lines.next_chunk()? else { break };
        if entrance.send(chunk).is_err() {
            break;
        }
    }
    Ok(())
}

fn prepare_all<S: Loading>(store: &S, chunks: &Receiver<Chunk>, prepared: &SyncSender<Prepared<S::Row>>) {
    for chunk in chunks {
        if prepared.send(prepare(store, &chunk)).is_err() {
            break;
        }
    }
}

fn prepare<S: Loading>(store: &S, chunk: &Chunk) -> Prepared<S::Row> {
    let mut batch = Batch { rows: Vec::new(), problems: Vec::new(), position: chunk.end };
    for (line, text) in chunk.lines() {
        let Ok(record) = Record::parse(text) else {
            batch.problems.push(LineProblem::new(line, "a record is expected"));
            continue;
        };
        match store.prepare(record)? {
            Ok(row) => batch.rows.push((line, row)),
            Err(problem) => batch.problems.push(LineProblem::new(line, problem)),
        }
    }
    Ok(batch)
}

/// Tells the log how far the file is loaded.
struct Progress<'a> {
    clock: &'a dyn Clock,
    length: u64,
    begun: (Timestamp, u64),
    told: Option<Timestamp>,
}

impl<'a> Progress<'a> {
    fn new(length: u64, records: u64, clock: &'a dyn Clock) -> Self {
        let now = clock.now();
        Self { clock, length, begun: (now, records), told: None }
    }

    /// Tells the log and the store, at the first call and every few seconds.
    fn tell<S: Loading>(&mut self, store: &S, reached: &Position) -> Result<(), StoreError> {
        let now = self.clock.now();
        if self.told.is_some_and(|told| now.as_second() - told.as_second() < TELL_SECONDS) {
            return Ok(());
        }
        self.told = Some(now);
        store.tell(reached, self.length)?;
        let (begun, before) = self.begun;
        let milliseconds = (now.as_millisecond() - begun.as_millisecond()).max(1).cast_unsigned();
        let percent = reached.percent(self.length);
        let records_per_second = (reached.records - before) * 1000 / milliseconds;
        tracing::info!(records = reached.records, percent, records_per_second, "loading");
        Ok(())
    }
}

#[cfg(test)]
mod tests;
