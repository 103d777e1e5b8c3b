//! The file that keeps a closed terminal closed over a restart.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::session::closure::Closure;

/// Where it lies: beside the journal, which is the terminal's own.
pub fn path(journal: &Path) -> PathBuf {
    journal.with_extension("closed.json")
}

/// Why the terminal was closed when it stopped, where that still holds. A file that says nothing closes nothing.
pub fn load(path: &Path, now: Timestamp) -> Option<Closure> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => {
            tracing::error!(%error, "the file that says why the terminal is closed cannot be read");
            return None;
        }
    };
    match serde_json::from_slice::<Closure>(&text) {
        Ok(closure) => Some(closure).filter(|closure| closure.holds(now)),
        Err(error) => {
            tracing::error!(%error, "the file that says why the terminal is closed is damaged");
            None
        }
    }
}

/// Keeps it, or that there is none; durable.
pub fn keep(path: &Path, closure: Option<Closure>) -> io::Result<()> {
    let Some(closure) = closure else {
        return match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        };
    };
    // Whole or not at all.
    let unfinished = path.with_extension("part");
    let mut file = File::create(&unfinished)?;
    file.write_all(&serde_json::to_vec(&closure)?)?;
    file.sync_all()?;
    fs::rename(&unfinished, path)?;
    // The name as well as what it stands for.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::closure::ClosureReason;

    #[test]
    fn what_is_closed_stays_closed_until_it_is_time_or_staff_opens() {
        let folder = tempfile::tempdir().unwrap();
        let file = path(&folder.path().join("kiosk-0001.journal"));
        let now: Timestamp = "2022-10-03T01:00:00Z".parse().unwrap();
        let later: Timestamp = "2022-10-03T21:30:00Z".parse().unwrap();
        assert_eq!(load(&file, now), None);
        keep(&file, None).unwrap();
        let closure = Closure { reason: ClosureReason::Supplies, until: Some(later) };
        keep(&file, Some(closure)).unwrap();
        assert_eq!(load(&file, now), Some(closure));
        assert_eq!(load(&file, later), None);
        keep(&file, None).unwrap();
        assert_eq!(load(&file, now), None);
        fs::write(&file, "{\"reason\":\"holiday\"}").unwrap();
        assert_eq!(load(&file, now), None);
    }
}
