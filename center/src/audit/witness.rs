//! The witness: the audit chain's head in a file outside the database, so that a rolled-back database is noticed.
//!
//! It is written after the commit: it may lag behind the database and never be ahead of it.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared::domain::identifiers::hex;

use super::Head;

/// The file's content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Witness {
    /// Number of the last entry known.
    pub sequence: u64,
    /// Its digest, hexadecimal.
    pub digest: String,
    /// Its time.
    pub at: Timestamp,
}

impl From<Head> for Witness {
    fn from(head: Head) -> Self {
        Self { sequence: head.sequence, digest: hex(&head.digest), at: head.at }
    }
}

impl Witness {
    /// Reads the file; `None` where there is none.
    pub fn read(path: &Path) -> io::Result<Option<Self>> {
        match fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(io::Error::from),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Replaces the file in one step.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        write_atomically(path, &serde_json::to_vec(self)?)
    }
}

/// Writes beside the file, then renames over it: a reader sees the old or the new content.
pub fn write_atomically(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_data()?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run/witness.json");
        assert_eq!(Witness::read(&path).unwrap(), None);
        let witness = Witness::from(Head::START);
        witness.write(&path).unwrap();
        assert_eq!(Witness::read(&path).unwrap(), Some(witness));
        fs::write(&path, b"{").unwrap();
        assert!(Witness::read(&path).is_err());
    }
}
