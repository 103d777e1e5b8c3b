//! What the staff's screens show.

use jiff::Timestamp;

use super::diagnosis::Diagnosis;
use crate::journal::{Account, Proposal};
use crate::session::closure::ClosureReason;
use crate::session::effect::Resolution;

/// One of the staff's screens.
#[derive(Debug, Clone, Copy)]
pub enum StaffView<'a> {
    /// The code is asked for.
    Door {
        /// Why the last one did not open.
        notice: Option<DoorNotice>,
    },
    /// The code is compared, or the journal read.
    Working,
    /// What was found, and what can be done.
    Overview {
        /// What was found, once everything was looked at.
        diagnosis: Option<&'a Diagnosis>,
        /// What became of what was done last.
        notice: Option<&'a Notice>,
        /// Whether the terminal is out of service.
        service: ServiceMark,
    },
    /// The transactions that wait.
    Transactions {
        /// Each of them, the oldest first.
        waiting: &'a [Account],
        /// What became of what was done last.
        notice: Option<&'a Notice>,
    },
    /// What can be decided of one of them.
    Decide {
        /// The transaction.
        account: &'a Account,
        /// Every decision that fits it.
        choices: &'a [Resolution],
    },
    /// The decision before it is written.
    Confirm {
        /// The decision.
        proposal: &'a Proposal,
    },
    /// Why the terminal is to be closed, and until when.
    Service {
        /// The reason that is chosen.
        reason: ClosureReason,
        /// The end that is chosen.
        end: ClosureEnd,
        /// The next opening.
        next: Timestamp,
    },
}

/// Why the door did not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DoorNotice {
    /// The code was wrong.
    Wrong,
    /// So many seconds must pass first.
    Wait(i64),
}

/// Whether residents are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceMark {
    /// They are, when staff has gone.
    Open,
    /// Staff has closed the terminal.
    Closed,
}

/// When a closed terminal opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClosureEnd {
    /// Staff opens it.
    Staff,
    /// At the next opening of the service.
    NextOpening,
}

/// What became of something that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The report lies in a file of this name.
    Saved(String),
    /// It could not be written.
    Unsaved,
    /// The decision is written.
    Written,
    /// The decision could not be written, or does not fit any more.
    Unwritten,
    /// The journal cannot be read.
    Unreadable,
}

impl StaffView<'_> {
    /// The screen's name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Door { .. } => "staff-door",
            Self::Working => "staff-working",
            Self::Overview { .. } => "staff-overview",
            Self::Transactions { .. } => "staff-transactions",
            Self::Decide { .. } => "staff-decide",
            Self::Confirm { .. } => "staff-confirm",
            Self::Service { .. } => "staff-service",
        }
    }
}
