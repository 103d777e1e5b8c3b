//! Who has the store: one who serves or loads alone, and beside them the one who loads, with how far that is.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use crate::store::StoreError;

/// Held while a centre serves from the store, or a long file is loaded into it alone.
#[derive(Debug)]
pub(super) struct StoreLock(#[expect(dead_code, reason = "the file is locked as long as it is open")] File);

/// Held while a file is loaded, whoever serves meanwhile.
#[derive(Debug)]
pub(super) struct LoadLock(File);

impl StoreLock {
    /// Takes the store; where somebody has it, the error says whether they serve or load.
    pub(super) fn take(path: &Path) -> Result<Self, StoreError> {
        match locked(path, ".lock")? {
            Some(file) => Ok(Self(file)),
            None => Err(LoadLock::running(path)?.unwrap_or(StoreError::InUse)),
        }
    }
}

impl LoadLock {
    /// Becomes the one who loads.
    pub(super) fn take(path: &Path) -> Result<Self, StoreError> {
        let Some(file) = locked(path, NAME)? else {
            return Err(Self::running(path)?.unwrap_or(StoreError::InUse));
        };
        let lock = Self(file);
        lock.tell(0, 0)?;
        Ok(lock)
    }

    /// Leaves for others how far it is: records, and percent of the file.
    pub(super) fn tell(&self, records: u64, percent: u64) -> Result<(), StoreError> {
        // Of one length, and written by one call: nobody reads half of it.
        let text = format!("{records:>20} {percent:>3}\n");
        self.0.write_all_at(text.as_bytes(), 0).map_err(StoreError::File)
    }

    /// The load that runs now, as the error that it is to everybody else.
    fn running(path: &Path) -> Result<Option<StoreError>, StoreError> {
        if locked(path, NAME)?.is_some() {
            return Ok(None);
        }
        let text = std::fs::read_to_string(beside(path, NAME)).map_err(StoreError::File)?;
        let mut numbers = text.split_whitespace().map(|number| number.parse().unwrap_or(0));
        let (records, percent) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        Ok(Some(StoreError::Loading { records, percent }))
    }
}

/// Beside the database.
const NAME: &str = ".loading";

fn beside(path: &Path, name: &str) -> std::path::PathBuf {
    let mut text = path.as_os_str().to_owned();
    text.push(name);
    text.into()
}

/// The file beside the database, locked; `None` while somebody else has it.
fn locked(path: &Path, name: &str) -> Result<Option<File>, StoreError> {
    let options = OpenOptions::new().create(true).truncate(false).write(true).clone();
    let file = options.open(beside(path, name)).map_err(StoreError::File)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(StoreError::File(error)),
    }
}
