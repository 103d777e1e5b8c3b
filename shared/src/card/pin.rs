//! The four-digit PIN and what may be done with it.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::status_word::StatusWord;

/// Four digits: not copied, never printed, wiped when dropped. One typed PIN is one VERIFY.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Pin([u8; 4]);

impl Pin {
    /// Parses four ASCII digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: [u8; 4] = text.as_bytes().try_into().ok()?;
        digits.iter().all(u8::is_ascii_digit).then_some(Self(digits))
    }

    /// The digits, for the VERIFY command only.
    pub(super) const fn expose(&self) -> &[u8; 4] {
        &self.0
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(****)")
    }
}

/// What VERIFY without data answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinStatus {
    /// `9000`: some cards say so when the PIN was verified before; the tries are then not known.
    Verified,
    /// So many tries are left, at least one.
    TriesLeft(u8),
    /// None is left.
    Blocked,
}

impl PinStatus {
    /// Reads the answer to VERIFY without data; `None` where it says nothing about tries.
    pub(super) const fn from_status_word(status: StatusWord) -> Option<Self> {
        match status {
            StatusWord::Success => Some(Self::Verified),
            StatusWord::TriesLeft(0) | StatusWord::Blocked => Some(Self::Blocked),
            StatusWord::TriesLeft(tries) => Some(Self::TriesLeft(tries)),
            StatusWord::MoreData(_)
            | StatusWord::SecurityNotSatisfied
            | StatusWord::ConditionsNotSatisfied
            | StatusWord::NotFound
            | StatusWord::OffsetOutside
            | StatusWord::WrongLength(_)
            | StatusWord::Other(_) => None,
        }
    }
}

/// The resident said yes to using the last try. Made only where that was asked.
#[derive(Debug, PartialEq, Eq)]
pub struct LastTryConfirmed(());

impl LastTryConfirmed {
    /// Call this where the resident was told what a wrong PIN means now, and went on.
    pub const fn by_the_resident() -> Self {
        Self(())
    }
}

/// What a VERIFY brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinVerdict {
    /// It is the PIN.
    Right,
    /// It is not; so many tries are left, at least one.
    Wrong {
        /// Tries left.
        tries_left: u8,
    },
    /// It is not, and the PIN is blocked now.
    Blocked,
}

/// Why the guard sent nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GuardError {
    /// The card does not say how many tries are left.
    #[error("the tries left are not known")]
    TriesUnknown,
    /// No try is left.
    #[error("the PIN is blocked")]
    Blocked,
    /// One try is left and nobody confirmed its use.
    #[error("the last try was not confirmed")]
    LastTryUnconfirmed,
    /// The tries were not read right before.
    #[error("the tries left were not read")]
    TriesUnread,
    /// It is not known that the PIN's own file is selected.
    #[error("the PIN's file is not selected")]
    NotSelected,
    /// The command does not stand on the list of what may be sent.
    #[error("the command is never sent to a card")]
    Forbidden,
    /// Nobody waits for the answer any more.
    #[error("what was asked of the card was withdrawn")]
    Withdrawn,
}

/// Decides whether a VERIFY may be sent.
pub(super) const fn guard(status: PinStatus, confirmed: Option<&LastTryConfirmed>) -> Result<(), GuardError> {
    match (status, confirmed) {
        (PinStatus::Verified, _) => Err(GuardError::TriesUnknown),
        (PinStatus::Blocked | PinStatus::TriesLeft(0), _) => Err(GuardError::Blocked),
        (PinStatus::TriesLeft(1), None) => Err(GuardError::LastTryUnconfirmed),
        (PinStatus::TriesLeft(1), Some(_)) | (PinStatus::TriesLeft(_), _) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_four_ascii_digits_and_never_printed() {
        assert_eq!(format!("{:?}", Pin::parse("1234").unwrap()), "Pin(****)");
        for wrong in ["", "123", "12345", "12a4", "１２３４", "-123"] {
            assert!(Pin::parse(wrong).is_none());
        }
    }
}
