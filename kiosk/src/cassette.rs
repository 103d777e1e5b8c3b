//! `kiosk cassette`: recordings of sessions with a card are made, shown, held against cards, served, redacted, promoted.
//!
//! Nothing of this is in a terminal that is built without the feature `simulation`.

mod arguments;
mod examined;
mod files;
mod place;
mod recording;
mod serving;
mod showing;
mod source;

use std::path::{Path, PathBuf};

use fixtures::cassette::import::ImportError;
use fixtures::cassette::promotion::PromotionError;
use fixtures::cassette::reading::ReadError;
use fixtures::cassette::recorder::RecordError;
use fixtures::cassette::redaction::RedactionError;
use fixtures::cassette::writing::SaveError;
use fixtures::cassette::{Cassette, Privacy, ToolName};
use fixtures::software_card::SoftwareCardError;

pub use self::arguments::CassetteCommand;
pub use self::place::{CassetteReader, PlaceError};

use crate::session::fault::CardFault;

/// Why a command does not do its work.
#[derive(Debug, thiserror::Error)]
pub enum CassetteError {
    /// The cassette is refused.
    #[error("{}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: ReadError,
    },
    /// It is not saved.
    #[error("not saved")]
    Save(#[from] SaveError),
    /// The session cannot be recorded.
    #[error("the session cannot be recorded")]
    Record(#[from] RecordError),
    /// It cannot be redacted.
    #[error("not redacted, and nothing is saved")]
    Redaction(#[from] RedactionError),
    /// It cannot be promoted.
    #[error("not promoted")]
    Promotion(#[from] PromotionError),
    /// The text cannot be taken over.
    #[error("{}", path.display())]
    Import {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: ImportError,
    },
    /// A private cassette in continuous integration.
    #[error("the cassette is private and this is continuous integration (CI is set): it is not served")]
    PrivateInIntegration,
    /// A file cannot be read or written.
    #[error("{} cannot be read or written", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A software card cannot be used.
    #[error("the software card cannot be used")]
    SoftwareCard(#[from] SoftwareCardError),
    /// There is no card, or it failed.
    #[error("the card or its reader: {0}")]
    Card(CardFault),
    /// The card refused, or a command could not be sent.
    #[error("the session with the card ended: {0}")]
    Session(String),
    /// The answer to reset is none.
    #[error("the card's answer to reset is none")]
    AnswerToReset,
    /// A line of a script is no command, or one with a secret.
    #[error("line {line} of the script: {reason}")]
    Script {
        /// Which.
        line: usize,
        /// Why.
        reason: &'static str,
    },
    /// The PIN is not four digits.
    #[error("the PIN is four digits")]
    Pin,
    /// A fault has no meaning.
    #[error("the fault has no meaning")]
    Fault(#[from] fixtures::fault::FaultError),
    /// The reader's address has no meaning.
    #[error("the reader's address has no meaning; it is HOST:PORT")]
    Address,
}

/// Exit statuses: those of the terminal.
const DONE: u8 = 0;
const USAGE: u8 = 2;
const CARD: u8 = 10;
const REFUSED: u8 = 12;
const INTERNAL: u8 = 70;

impl CassetteError {
    const fn exit_status(&self) -> u8 {
        match self {
            Self::Read { .. }
            | Self::Import { .. }
            | Self::Script { .. }
            | Self::Pin
            | Self::Fault(_)
            | Self::Address => USAGE,
            Self::SoftwareCard(_) | Self::Card(_) | Self::Session(_) | Self::AnswerToReset => CARD,
            Self::Save(SaveError::Unwritable(_) | SaveError::Json(_)) | Self::File { .. } => INTERNAL,
            Self::Save(_) | Self::Record(_) | Self::Redaction(_) | Self::Promotion(_) | Self::PrivateInIntegration => {
                REFUSED
            }
        }
    }
}

/// Runs a command; what it has to say goes to `say`, line by line. Gives the exit status.
pub fn run(command: CassetteCommand, say: &mut dyn FnMut(&str)) -> Result<u8, (CassetteError, u8)> {
    let ended = match command {
        CassetteCommand::Record(arguments) => recording::record(arguments, say),
        CassetteCommand::Show(arguments) => showing::show(&arguments, say),
        CassetteCommand::Check(arguments) => examined::check(arguments, say),
        CassetteCommand::Serve(arguments) => serving::serve(&arguments, say),
        CassetteCommand::Promote(arguments) => files::promote(&arguments, say),
        CassetteCommand::Mutate(arguments) => files::mutate(&arguments, say),
        CassetteCommand::Redact(arguments) => files::redact(&arguments, say),
        CassetteCommand::Import(arguments) => files::import(&arguments, say),
        CassetteCommand::Export(arguments) => files::export(&arguments, say),
    };
    ended.map_err(|error| {
        let status = error.exit_status();
        (error, status)
    })
}

fn open(path: &Path) -> Result<Cassette, CassetteError> {
    Cassette::open(path).map_err(|source| CassetteError::Read { path: path.to_owned(), source })
}

/// A private recording stays at the desk where it was made.
fn is_barred(cassette: &Cassette) -> bool {
    cassette.header.privacy == Privacy::Private && crate::config::is_continuous_integration()
}

fn refuse_private_in_integration(cassette: &Cassette) -> Result<(), CassetteError> {
    if is_barred(cassette) { Err(CassetteError::PrivateInIntegration) } else { Ok(()) }
}

fn tool() -> ToolName {
    ToolName::tamed(concat!("kiosk ", env!("CARGO_PKG_VERSION")).as_bytes())
}
