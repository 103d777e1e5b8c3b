//! Brings a record file into the store: line by line, again and again without harm.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

use shared::clock::Clock;
use shared::records::Record;

use crate::store::{Import, LineProblem, StoreError};

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// Lines that were read.
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
    #[error("more than {MAXIMUM_PROBLEMS} lines are wrong, the last at line {0}")]
    TooManyProblems(u64),
}

/// Records in one transaction.
const BATCH: usize = 500;

/// The longest line.
const MAXIMUM_LINE: u64 = 256 * 1024;

/// Wrong lines that are told one by one.
const MAXIMUM_PROBLEMS: usize = 10_000;

/// Loads a file: JSON, one [`Record`] a line.
pub fn load(path: &Path, store: &dyn Import, clock: &dyn Clock) -> Result<Loaded, LoadError> {
    let unreadable = |source| LoadError::Unreadable { path: path.to_owned(), source };
    let mut file = BufReader::new(File::open(path).map_err(unreadable)?);
    let mut loaded = Loaded { records: 0, problems: Vec::new() };
    let mut batch = Vec::with_capacity(BATCH);
    let mut line = Vec::new();
    let mut number = 0;
    loop {
        line.clear();
        let length = (&mut file).take(MAXIMUM_LINE).read_until(b'\n', &mut line).map_err(unreadable)?;
        if length == 0 {
            break;
        }
        number += 1;
        if length as u64 == MAXIMUM_LINE {
            loaded.problems.push(LineProblem { line: number, problem: "the line is longer than allowed" });
            return Err(LoadError::TooManyProblems(number));
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        loaded.records += 1;
        match serde_json::from_slice::<Record>(&line) {
            Ok(record) => batch.push((number, record)),
            Err(_) => loaded.problems.push(LineProblem { line: number, problem: "a record is expected" }),
        }
        if loaded.problems.len() > MAXIMUM_PROBLEMS {
            return Err(LoadError::TooManyProblems(number));
        }
        if batch.len() == BATCH {
            loaded.problems.extend(store.import(std::mem::take(&mut batch), clock.now())?);
        }
    }
    if !batch.is_empty() {
        loaded.problems.extend(store.import(batch, clock.now())?);
    }
    loaded.problems.sort_by_key(|problem| problem.line);
    store.import_done(loaded.records, loaded.problems.len() as u64, clock.now())?;
    Ok(loaded)
}
