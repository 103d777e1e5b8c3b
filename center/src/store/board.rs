//! The message board: from the nation to all, or from a supervisor to the own municipality.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared::domain::identifiers::MunicipalityCode;
use shared::records::AccountId;

use super::actor::{AccessError, Actor};

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Grows with every message.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// Who wrote it.
    pub by: AccountId,
    /// To whom; `None` for all.
    pub to: Option<MunicipalityCode>,
    /// One line.
    pub title: String,
    /// Text; line breaks are kept.
    pub body: String,
}

/// The board.
pub trait Board: Send + Sync {
    /// Writes a message: an operator to all, a supervisor to the own municipality.
    fn write_message(&self, actor: &Actor, title: &str, body: &str, at: Timestamp) -> Result<(), AccessError>;
    /// Messages to the actor, newest first.
    fn messages(&self, actor: &Actor) -> Result<Vec<Message>, AccessError>;
}

/// Characters of a title.
pub const MAXIMUM_TITLE: usize = 80;

/// Characters of a text.
pub const MAXIMUM_BODY: usize = 4000;

/// Messages that a page shows.
pub const MAXIMUM_MESSAGES: usize = 100;
