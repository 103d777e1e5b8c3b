//! The guard in front of every card: a list of what may be sent, and one VERIFY for one typed PIN.
//!
//! It follows what is selected on the card by the commands that pass and the answers that come back, and
//! knows nothing better than that: where it is not sure, it refuses.
//!
//! | command | when |
//! |---|---|
//! | SELECT, READ BINARY, READ RECORD, GET DATA, GET CHALLENGE, GET RESPONSE | always |
//! | VERIFY without data | always: it spends no try |
//! | VERIFY with digits | the two objects of [`PinObject`] only, selected by this guard, their tries read right before |
//! | COMPUTE DIGITAL SIGNATURE over a SHA-256 digest | the card's own key, and the user-authentication key |
//! | anything else | never |

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::command::{Command, SHA_256_DIGEST_INFO};
use super::pin::{GuardError, LastTryConfirmed, Pin, PinStatus, guard};
use super::status_word::StatusWord;
use super::transport::{Cleared, Transport};
use super::{input_support, jpki};

/// The two PINs that a dialogue asks for. Nothing else is ever presented to a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinObject {
    /// 券面事項入力補助用暗証番号.
    InputSupport,
    /// 利用者証明用暗証番号.
    UserAuthentication,
}

impl PinObject {
    /// Its file.
    pub const fn file(self) -> [u8; 2] {
        match self {
            Self::InputSupport => input_support::PIN,
            Self::UserAuthentication => jpki::AUTHENTICATION_PIN,
        }
    }

    const fn application(self) -> &'static [u8; 10] {
        match self {
            Self::InputSupport => &input_support::APPLICATION,
            Self::UserAuthentication => &jpki::APPLICATION,
        }
    }
}

/// Holds what is done with a card back: once it is cut, not one more command leaves.
#[derive(Debug, Clone, Default)]
pub struct Leash(Arc<AtomicBool>);

impl Leash {
    /// Nobody waits any more for what is being done.
    pub fn cut(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether it was cut.
    pub fn is_cut(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// Why no answer came back through the guard.
#[derive(Debug, thiserror::Error)]
pub enum GuardedError<E: std::error::Error + 'static> {
    /// Nothing was sent.
    #[error("nothing was sent to the card")]
    Refused(#[source] GuardError),
    /// The answer did not come.
    #[error("the card cannot be reached")]
    Transport(#[source] E),
}

/// A card behind its guard.
#[derive(Debug)]
pub struct Guard<T> {
    transport: T,
    leash: Leash,
    selected: Selected,
}

/// What is selected on the card, as far as it is known.
#[derive(Debug, Clone, Copy, Default)]
struct Selected {
    application: Option<[u8; 10]>,
    file: Option<[u8; 2]>,
    /// Tries of the selected file, read after it was selected and not used since.
    tries: Option<PinStatus>,
}

/// What a command changes of [`Selected`] once the card has taken it.
#[derive(Debug, Clone, Copy)]
enum Change {
    Nothing,
    Application(Option<[u8; 10]>),
    File([u8; 2]),
    /// A short file identifier selects too.
    FileUnknown,
    TriesAsked,
}

impl<T: Transport> Guard<T> {
    /// Stands before a card of which nothing is known.
    pub fn new(transport: T) -> Self {
        Self::on_leash(transport, Leash::default())
    }

    /// The same, held by a leash.
    pub fn on_leash(transport: T, leash: Leash) -> Self {
        Self { transport, leash, selected: Selected::default() }
    }

    /// Gives the card back, to be reset and closed.
    pub fn into_transport(self) -> T {
        self.transport
    }

    /// The card, to look at.
    pub const fn transport(&self) -> &T {
        &self.transport
    }

    /// Sends a command that stands on the list.
    pub fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, GuardedError<T::Error>> {
        let change = self.allowed(command).ok_or(GuardedError::Refused(GuardError::Forbidden))?;
        let before = self.selected;
        let answer = self.pass(command)?;
        self.selected = before.after(change, status(&answer));
        Ok(answer)
    }

    /// Sends the digits: once, to one of two objects, whose tries were read right before and leave room for it.
    ///
    /// This is the only place that spends a try.
    #[expect(clippy::needless_pass_by_value, reason = "a confirmation is good for one VERIFY, like the PIN")]
    pub(super) fn verify(
        &mut self,
        object: PinObject,
        pin: Pin,
        confirmed: Option<LastTryConfirmed>,
    ) -> Result<Vec<u8>, GuardedError<T::Error>> {
        let Selected { application, file, tries } = self.selected;
        if application != Some(*object.application()) || file != Some(object.file()) {
            return Err(GuardedError::Refused(GuardError::NotSelected));
        }
        let tries = tries.ok_or(GuardedError::Refused(GuardError::TriesUnread))?;
        guard(tries, confirmed.as_ref()).map_err(GuardedError::Refused)?;
        let command = Command::verify(pin);
        let answer = self.pass(command.as_bytes())?;
        // The tries are not known any more, whatever the answer says.
        self.selected = Selected { application, file, tries: None };
        Ok(answer)
    }

    /// What is known is forgotten first: an answer that does not come leaves a card of which nothing is known.
    fn pass(&mut self, command: &[u8]) -> Result<Vec<u8>, GuardedError<T::Error>> {
        if self.leash.is_cut() {
            return Err(GuardedError::Refused(GuardError::Withdrawn));
        }
        self.selected = Selected::default();
        self.transport.transmit(Cleared::by_the_guard(command)).map_err(GuardedError::Transport)
    }

    fn allowed(&self, command: &[u8]) -> Option<Change> {
        match command {
            [0x00, 0xA4, 0x04, 0x00 | 0x0C, length, rest @ ..] => {
                let (name, le) = rest.split_at_checked(usize::from(*length))?;
                (le.len() <= 1).then(|| Change::Application(name.try_into().ok()))
            }
            [0x00, 0xA4, 0x02, 0x0C, 2, high, low] => Some(Change::File([*high, *low])),
            [0x00, 0xB0, first, _, _] | [0x00, 0xB0, first, _, 0, _, _] => {
                Some(if first & 0x80 == 0 { Change::Nothing } else { Change::FileUnknown })
            }
            [0x00, 0xB2, _, reference, _] => {
                Some(if reference & 0xF8 == 0 { Change::Nothing } else { Change::FileUnknown })
            }
            [0x00, 0x84 | 0xC0 | 0xCA, _, _, _] | [0x00, 0xCA, _, _, 0, _, _] => Some(Change::Nothing),
            [0x00, 0x20, 0x00, 0x80] => Some(Change::TriesAsked),
            [0x00, 0x20, 0x00, _] => Some(Change::FileUnknown),
            [0x80, 0x2A, 0x00, key, 51, info @ .., 0] => self.may_sign(*key, info).then_some(Change::Nothing),
            _ => None,
        }
    }

    fn may_sign(&self, key: u8, info: &[u8]) -> bool {
        let Selected { application, file, .. } = self.selected;
        let is_digest = info.len() == SHA_256_DIGEST_INFO.len() + 32 && info.starts_with(&SHA_256_DIGEST_INFO);
        let is_our_key = match key {
            0x00 => application == Some(input_support::APPLICATION),
            0x80 => application == Some(jpki::APPLICATION) && file == Some(jpki::AUTHENTICATION_KEY),
            _ => false,
        };
        is_digest && is_our_key
    }
}

impl Selected {
    /// What is known after a command that the card answered with this status word.
    fn after(self, change: Change, status: Option<StatusWord>) -> Self {
        let is_done = status == Some(StatusWord::Success);
        match change {
            Change::Nothing => self,
            Change::Application(name) if is_done => Self { application: name, file: None, tries: None },
            Change::Application(_) => Self::default(),
            Change::File(id) if is_done => Self { file: Some(id), tries: None, ..self },
            Change::File(_) | Change::FileUnknown => Self { file: None, tries: None, ..self },
            Change::TriesAsked => Self { tries: status.and_then(PinStatus::from_status_word), ..self },
        }
    }
}

fn status(answer: &[u8]) -> Option<StatusWord> {
    let &[first, second] = answer.last_chunk()?;
    Some(StatusWord::from_bytes(first, second))
}

#[cfg(test)]
mod tests;
