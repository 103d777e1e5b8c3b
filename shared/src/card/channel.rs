//! One command and its whole answer, the reading of files, the two PINs.

use zeroize::Zeroizing;

use super::command::{Command, KeyReference};
use super::guard::{Guard, GuardedError, Leash, PinObject};
use super::pin::{GuardError, LastTryConfirmed, Pin, PinStatus, PinVerdict};
use super::response::{MAXIMUM_ANSWER_BYTES, Response, ResponseError};
use super::status_word::StatusWord;
use super::tlv::{Header, TlvError};
use super::transport::Transport;

/// The most commands one answer may take (`61xx`, `6Cxx`).
const MAXIMUM_ROUNDS: usize = 256;

/// A signature of RSA-2048.
const SIGNATURE_BYTES: usize = 256;

/// The largest file: READ BINARY addresses it with fifteen bits.
const MAXIMUM_FILE_BYTES: usize = 0x8000;

/// What went wrong with a card.
#[derive(Debug, thiserror::Error)]
pub enum CardError<E: std::error::Error + 'static> {
    /// The answer did not come.
    #[error("the card cannot be reached")]
    Transport(#[source] E),
    /// The answer is no answer.
    #[error("the card's answer to {command} is malformed")]
    Malformed {
        /// The command.
        command: &'static str,
        /// Why.
        #[source]
        source: ResponseError,
    },
    /// The card says no.
    #[error("the card answers {status} to {command}")]
    Refused {
        /// The command.
        command: &'static str,
        /// The status word.
        status: StatusWord,
    },
    /// The application is not on the card.
    #[error("the card lacks the application")]
    ApplicationMissing,
    /// The card goes on and on.
    #[error("the card does not come to an end of {command}")]
    Endless {
        /// The command.
        command: &'static str,
    },
    /// A file is not what it should be.
    #[error("the file {id:04X} is malformed")]
    File {
        /// The file's identifier.
        id: u16,
        /// Why.
        #[source]
        source: TlvError,
    },
    /// The guard sent nothing.
    #[error("nothing was sent to the card")]
    Guard(#[source] GuardError),
}

/// The result of anything done with a card.
pub type CardResult<A, T> = Result<A, CardError<<T as Transport>::Error>>;

/// A card, command by command.
#[derive(Debug)]
pub struct Channel<T> {
    pub(super) guard: Guard<T>,
}

impl<T: Transport> Channel<T> {
    /// Talks through a transport, its guard between.
    pub fn new(transport: T) -> Self {
        Self { guard: Guard::new(transport) }
    }

    /// The same, held by a leash.
    pub fn on_leash(transport: T, leash: Leash) -> Self {
        Self { guard: Guard::on_leash(transport, leash) }
    }

    /// Gives the transport back, to be reset and closed.
    pub fn into_transport(self) -> T {
        self.guard.into_transport()
    }

    /// The card, to look at.
    pub const fn transport(&self) -> &T {
        self.guard.transport()
    }

    /// SELECT an application.
    pub fn select_application(&mut self, name: &[u8; 10]) -> CardResult<(), T> {
        match self.send(&Command::select_application(name)) {
            Err(CardError::Refused { status: StatusWord::NotFound, .. }) => Err(CardError::ApplicationMissing),
            other => other.map(drop),
        }
    }

    /// SELECT a file of the current application.
    pub fn select_file(&mut self, id: [u8; 2]) -> CardResult<(), T> {
        self.send(&Command::select_file(id)).map(drop)
    }

    /// Reads so many bytes of a file from its start, filler included.
    pub fn read_physical(&mut self, id: [u8; 2], length: u8) -> CardResult<Zeroizing<Vec<u8>>, T> {
        self.select_file(id)?;
        let response = self.send(&Command::read_binary(0, length))?;
        if response.data().len() != usize::from(length) {
            return Err(file_error(id, TlvError::CutOff));
        }
        Ok(Zeroizing::new(response.data().to_vec()))
    }

    /// Reads the element a file starts with, without the filler behind it.
    pub fn read_element(&mut self, id: [u8; 2]) -> CardResult<Zeroizing<Vec<u8>>, T> {
        self.select_file(id)?;
        let first = self.send(&Command::read_binary(0, 0))?;
        let header = Header::read(first.data()).map_err(|error| file_error(id, error))?;
        let total = header.total_bytes();
        if total > MAXIMUM_FILE_BYTES {
            return Err(file_error(id, TlvError::Length));
        }
        // One allocation of the final size, so that growing leaves no copy behind.
        let mut element = Zeroizing::new(Vec::with_capacity(total + MAXIMUM_CHUNK_BYTES));
        element.extend_from_slice(first.data());
        while element.len() < total {
            let wanted = (total - element.len()).min(MAXIMUM_CHUNK_BYTES);
            // Le 00 stands for 256.
            let chunk = self.send(&Command::read_binary(element.len() as u16, (wanted % 256) as u8))?;
            // At least one byte a round: the loop ends.
            if chunk.data().is_empty() || chunk.data().len() > wanted {
                return Err(file_error(id, TlvError::CutOff));
            }
            element.extend_from_slice(chunk.data());
        }
        element.truncate(total);
        Ok(element)
    }

    /// Asks how many tries a PIN has left; spends none.
    pub fn pin_status(&mut self, id: [u8; 2]) -> CardResult<PinStatus, T> {
        self.select_file(id)?;
        let command = Command::tries();
        let status = self.exchange(&command)?.status();
        PinStatus::from_status_word(status).ok_or(CardError::Refused { command: command.name(), status })
    }

    /// Sends the digits once, after the tries were read in this very call and leave room for it.
    ///
    /// It is never repeated, whatever the card answers; the [guard](super::guard) sees to both.
    pub fn verify(
        &mut self,
        object: PinObject,
        pin: Pin,
        confirmed: Option<LastTryConfirmed>,
    ) -> CardResult<PinVerdict, T> {
        self.pin_status(object.file())?;
        let command = "VERIFY";
        let answer = self.guard.verify(object, pin, confirmed).map_err(guarded)?;
        match parse(command, answer)?.status() {
            StatusWord::Success => Ok(PinVerdict::Right),
            StatusWord::TriesLeft(0) | StatusWord::Blocked => Ok(PinVerdict::Blocked),
            StatusWord::TriesLeft(tries_left) => Ok(PinVerdict::Wrong { tries_left }),
            status @ (StatusWord::MoreData(_)
            | StatusWord::SecurityNotSatisfied
            | StatusWord::ConditionsNotSatisfied
            | StatusWord::NotFound
            | StatusWord::OffsetOutside
            | StatusWord::WrongLength(_)
            | StatusWord::Other(_)) => Err(CardError::Refused { command, status }),
        }
    }

    /// Selects a key file and signs a SHA-256 digest with it.
    pub fn sign(&mut self, id: [u8; 2], key: KeyReference, digest: &[u8; 32]) -> CardResult<Vec<u8>, T> {
        self.select_file(id)?;
        let response = self.send(&Command::sign(key, digest))?;
        // Whatever else a card answers is no signature, and is not carried to the centre.
        if response.data().len() != SIGNATURE_BYTES {
            return Err(file_error(id, TlvError::Length));
        }
        Ok(response.data().to_vec())
    }

    /// Sends a command that must succeed.
    fn send(&mut self, command: &Command) -> CardResult<Response, T> {
        let response = self.exchange(command)?;
        match response.status() {
            StatusWord::Success => Ok(response),
            status => Err(CardError::Refused { command: command.name(), status }),
        }
    }

    /// Sends a command and collects its whole answer.
    fn exchange(&mut self, command: &Command) -> CardResult<Response, T> {
        let mut response = self.transmit(command)?;
        if let StatusWord::WrongLength(length) = response.status()
            && let Some(repeated) = command.repeated_with(length)
        {
            response = self.transmit(&repeated)?;
        }
        let mut collected = Zeroizing::new(Vec::new());
        for _ in 0..MAXIMUM_ROUNDS {
            let StatusWord::MoreData(length) = response.status() else {
                return join(command, collected, response);
            };
            if collected.len() + response.data().len() > MAXIMUM_ANSWER_BYTES {
                break;
            }
            collected.extend_from_slice(response.data());
            response = self.transmit(&Command::get_response(length))?;
        }
        Err(CardError::Endless { command: command.name() })
    }

    fn transmit(&mut self, command: &Command) -> CardResult<Response, T> {
        let answer = self.guard.transmit(command.as_bytes()).map_err(guarded)?;
        parse(command.name(), answer)
    }
}

/// What one READ BINARY with a short Le can bring.
const MAXIMUM_CHUNK_BYTES: usize = 256;

fn parse<E: std::error::Error + 'static>(command: &'static str, answer: Vec<u8>) -> Result<Response, CardError<E>> {
    Response::parse(answer).map_err(|source| CardError::Malformed { command, source })
}

fn guarded<E: std::error::Error + 'static>(error: GuardedError<E>) -> CardError<E> {
    match error {
        GuardedError::Refused(error) => CardError::Guard(error),
        GuardedError::Transport(error) => CardError::Transport(error),
    }
}

fn join<E: std::error::Error + 'static>(
    command: &Command,
    mut collected: Zeroizing<Vec<u8>>,
    last: Response,
) -> Result<Response, CardError<E>> {
    if collected.is_empty() {
        return Ok(last);
    }
    collected.extend_from_slice(last.data());
    collected.extend_from_slice(&last.status().as_u16().to_be_bytes());
    parse(command.name(), std::mem::take(&mut *collected))
}

fn file_error<E: std::error::Error + 'static>(id: [u8; 2], source: TlvError) -> CardError<E> {
    CardError::File { id: u16::from_be_bytes(id), source }
}

#[cfg(test)]
mod tests;
