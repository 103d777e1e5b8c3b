//! Who may come to the staff's screens, and where their reports are kept.

use std::path::PathBuf;

use serde::Deserialize;

use crate::staff::code::CodeHash;

/// The staff's screens.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Staff {
    /// The hash of the code, as `kiosk staff-code` prints it.
    pub code: CodeHash,
    /// Where reports are kept; without it, a folder beside the journal.
    pub reports: Option<PathBuf>,
    /// The code is a test world's and stands in `world.json`: the profile production refuses it.
    #[serde(default)]
    pub fictitious: bool,
}
