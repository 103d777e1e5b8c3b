//! Why nothing came of it: the terminal's faults, and what a command line adds.

use std::path::PathBuf;

use kiosk::session::fault::{CardFault, CenterTrouble, Fault, PinFault};
use shared::card::channel::CardError;
use shared::card::pin::GuardError;
use shared::wire::problem::ProblemCode;

/// Why nothing was issued or shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClientFault {
    /// Card, PIN or centre, as at a terminal.
    #[error(transparent)]
    Dialogue(#[from] Fault),
    /// The command line lacks something that only the dialogue shows.
    #[error("{message}")]
    Incomplete {
        /// The stable name.
        code: &'static str,
        /// What to add.
        message: String,
    },
    /// A file cannot be used.
    #[error("{}: {what}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What it should be.
        what: &'static str,
    },
    /// The centre speaks another version of the calls.
    #[error("the centre speaks version {0} of the calls: this client is outdated")]
    Version(u32),
}

impl ClientFault {
    /// The stable name.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::Dialogue(fault) => fault.code(),
            Self::Incomplete { code, .. } => code,
            Self::File { .. } => "file-unusable",
            Self::Version(_) => "app-outdated",
        }
    }

    /// The program's exit status.
    pub(crate) const fn exit_status(&self) -> u8 {
        match self {
            Self::Dialogue(fault) => fault.exit_status(),
            Self::Incomplete { .. } | Self::File { .. } => 2,
            Self::Version(_) => 12,
        }
    }
}

impl From<ProblemCode> for ClientFault {
    fn from(code: ProblemCode) -> Self {
        Self::Dialogue(Fault::Refused(code))
    }
}

impl From<CenterTrouble> for ClientFault {
    fn from(trouble: CenterTrouble) -> Self {
        Self::Dialogue(Fault::Center(trouble))
    }
}

impl From<CardFault> for ClientFault {
    fn from(fault: CardFault) -> Self {
        Self::Dialogue(Fault::Card(fault))
    }
}

impl From<PinFault> for ClientFault {
    fn from(fault: PinFault) -> Self {
        Self::Dialogue(Fault::Pin(fault))
    }
}

/// What the guard or the card says, the fault of the card itself given by `below`.
pub(crate) fn of_card<E: std::error::Error + 'static>(error: &CardError<E>, below: CardFault) -> ClientFault {
    match error {
        CardError::Guard(GuardError::Blocked) => PinFault::Locked.into(),
        CardError::Guard(GuardError::LastTryUnconfirmed) => PinFault::LastTryUnconfirmed.into(),
        _ => below.into(),
    }
}
