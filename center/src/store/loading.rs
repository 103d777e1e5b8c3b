//! Loading a long record file: its rows are made on many threads, stored in order, and gone on with after a crash.

use jiff::Timestamp;
use shared::proof::Digest;
use shared::records::Record;

use super::{LineProblem, StoreError};

/// How far a file was loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Bytes that were read.
    pub bytes: u64,
    /// Lines that were read.
    pub line: u64,
    /// Of these, lines that hold a record.
    pub records: u64,
    /// SHA-256 of all these bytes: tells whether a file is the one that was begun.
    pub digest: Digest,
}

impl Position {
    /// How much of a file of so many bytes this is.
    pub fn percent(&self, bytes: u64) -> u64 {
        (self.bytes.saturating_mul(100)).checked_div(bytes).unwrap_or(100)
    }
}

/// Lines that follow one another, ready to be stored.
#[derive(Debug)]
pub struct Batch<R> {
    /// Rows with their lines.
    pub rows: Vec<(u64, R)>,
    /// Lines that were refused before.
    pub problems: Vec<LineProblem>,
    /// Where the batch ends.
    pub position: Position,
}

/// A store that long files are loaded into, one at a time.
///
/// Rows, refused lines and the position are durable together: whatever ends the program, the next one goes on from
/// [`Loading::reached`]. The outcome is that of taking line after line, each replacing what it names.
pub trait Loading: Sync {
    /// A record, checked and encrypted.
    type Row: Send + 'static;

    /// Makes a row; the inner error is a rule that the record breaks.
    fn prepare(&self, record: Record) -> Result<Result<Self::Row, &'static str>, StoreError>;
    /// How far the last file was loaded, unless it was loaded to its end.
    fn reached(&self) -> Result<Option<Position>, StoreError>;
    /// Begins a file of so many bytes. One that was not loaded to its end keeps what was taken of it.
    fn begin(&self, bytes: u64, at: Timestamp) -> Result<(), StoreError>;
    /// Bytes of the file that one transaction may take: few where others wait for the store meanwhile.
    fn bytes_at_once(&self) -> Result<usize, StoreError>;
    /// Leaves for others how far a file of so many bytes is loaded.
    fn tell(&self, reached: &Position, bytes: u64) -> Result<(), StoreError>;
    /// Takes the next lines, and says how many were refused so far.
    fn take(&self, batch: Batch<Self::Row>, at: Timestamp) -> Result<u64, StoreError>;
    /// Ends a file with its entry in the audit chain, and tells the lines that were refused.
    fn finish(&self, at: Timestamp) -> Result<Vec<LineProblem>, StoreError>;
}
