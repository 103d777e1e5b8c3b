//! Points where the process stops itself, so that crashes can be tested. Only the test profile has any.

use std::path::{Path, PathBuf};

use crate::config::FaultPoint;

/// Where to stop, once in the life of a store.
#[derive(Debug, Default)]
pub struct Faults(Option<(FaultPoint, PathBuf)>);

impl Faults {
    /// Stops at `point` unless the store at `store` has seen that happen.
    pub fn new(point: Option<FaultPoint>, store: &Path) -> Self {
        Self(point.map(|point| {
            let mut mark = store.as_os_str().to_owned();
            mark.push(format!(".stopped-at-{point:?}"));
            (point, mark.into())
        }))
    }

    /// Ends the process as a power cut would, if this is the point and the first time.
    pub(super) fn reach(&self, here: FaultPoint) {
        let Some((_, mark)) = self.0.as_ref().filter(|(point, mark)| *point == here && !mark.exists()) else { return };
        if let Err(error) = std::fs::write(mark, []) {
            tracing::error!(error = &error as &dyn std::error::Error, "the fault's mark cannot be written");
            return;
        }
        tracing::warn!(point = ?here, "stopping here as configured");
        std::process::abort();
    }
}
