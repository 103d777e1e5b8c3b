//! A reader behind the PC/SC service: chosen by its name, or the first with a card.

use std::ffi::CString;
use std::time::Duration;

use pcsc::{Card, Context, Disposition, Error, Protocols, ReaderState, Scope, ShareMode, State};
use shared::card::transport::{Cleared, Transport};
use zeroize::Zeroize as _;

use super::{Presence, Reader};
use crate::session::fault::CardFault;

/// A reader of the service.
pub struct PcscReader {
    wanted: Option<String>,
    context: Option<Context>,
    /// The reader whose card was last connected, and how many cards it had seen by then.
    used: Option<(CString, u32)>,
}

/// A card in such a reader.
pub struct PcscCard {
    card: Card,
    buffer: Vec<u8>,
}

/// A reader as the service lists it.
#[derive(Debug)]
pub struct Listed {
    /// Its name.
    pub name: CString,
    /// Whether a card lies on it.
    pub presence: Presence,
    /// What else the service says of it.
    pub state: State,
    /// Cards put there and taken off since the reader is known: tells a card from the one before.
    pub changes: u32,
    /// The card's answer to reset.
    pub answer_to_reset: Vec<u8>,
}

impl PcscReader {
    /// A reader by its name, or whichever has a card.
    pub const fn new(wanted: Option<String>) -> Self {
        Self { wanted, context: None, used: None }
    }

    /// Every reader with what lies on it.
    pub fn list(&mut self) -> Result<Vec<Listed>, CardFault> {
        let listed = self.context().and_then(|context| list(&context));
        listed.map_err(|error| self.failed(error))
    }

    /// Connects the card on a listed reader, for this program alone.
    pub fn connect_to(&mut self, listed: Listed) -> Result<PcscCard, CardFault> {
        let Listed { name, changes, .. } = listed;
        let connected = self.context().and_then(|context| context.connect(&name, ShareMode::Exclusive, Protocols::ANY));
        let card = connected.map_err(|error| self.failed(error))?;
        self.used = Some((name, changes));
        Ok(PcscCard { card, buffer: vec![0; pcsc::MAX_BUFFER_SIZE_EXTENDED] })
    }

    fn context(&mut self) -> Result<Context, Error> {
        match &self.context {
            Some(context) => Ok(context.clone()),
            None => Ok(self.context.insert(Context::establish(Scope::User)?).clone()),
        }
    }

    /// A service that died leaves a context that only looks alive: the next call makes a new one.
    fn failed(&mut self, error: Error) -> CardFault {
        let fault = fault_of(error);
        if fault == CardFault::ServiceStopped {
            self.context = None;
        }
        fault
    }
}

impl Reader for PcscReader {
    type Card = PcscCard;

    fn connect(&mut self) -> Result<PcscCard, CardFault> {
        let readers = self.list()?;
        if readers.is_empty() {
            return Err(CardFault::ReaderMissing);
        }
        let chosen = match &self.wanted {
            Some(wanted) => {
                let named = readers.into_iter().find(|reader| reader.name.as_bytes() == wanted.as_bytes());
                let named = named.ok_or(CardFault::ReaderUnknown)?;
                (named.presence == Presence::Present).then_some(named)
            }
            None => readers.into_iter().find(|reader| reader.presence == Presence::Present),
        };
        self.connect_to(chosen.ok_or(CardFault::CardMissing)?)
    }

    fn presence(&mut self) -> Presence {
        let Some((used, changes)) = self.used.clone() else {
            return Presence::Absent;
        };
        let readers = match self.list() {
            Ok(readers) => readers,
            Err(fault) => return Presence::Lost(fault),
        };
        match readers.into_iter().find(|reader| reader.name == used) {
            None => Presence::Lost(CardFault::ReaderLost),
            Some(reader) if reader.presence == Presence::Present && reader.changes != changes => {
                Presence::Lost(CardFault::Swapped)
            }
            Some(reader) => reader.presence,
        }
    }

    fn release(&mut self, card: PcscCard) {
        let PcscCard { card, mut buffer } = card;
        buffer.zeroize();
        if let Err((card, error)) = card.disconnect(Disposition::ResetCard) {
            tracing::warn!(%error, "the card could not be reset");
            drop(card);
        }
    }

    fn fault(error: &Error) -> CardFault {
        fault_of(*error)
    }
}

impl Transport for PcscCard {
    type Error = Error;

    fn transmit(&mut self, command: Cleared<'_>) -> Result<Vec<u8>, Error> {
        let answer = self.card.transmit(command.as_bytes(), &mut self.buffer).map(<[u8]>::to_vec);
        self.buffer.iter_mut().take(answer.as_ref().map_or(0, Vec::len)).for_each(|byte| *byte = 0);
        answer
    }
}

impl std::fmt::Debug for PcscReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PcscReader").field("wanted", &self.wanted).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for PcscCard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PcscCard(..)")
    }
}

fn list(context: &Context) -> Result<Vec<Listed>, Error> {
    let names = match context.list_readers_owned() {
        Err(Error::NoReadersAvailable) => return Ok(Vec::new()),
        names => names?,
    };
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mut states: Vec<ReaderState> = names.into_iter().map(|name| ReaderState::new(name, State::UNAWARE)).collect();
    match context.get_status_change(Duration::ZERO, &mut states) {
        Ok(()) | Err(Error::Timeout) => {}
        Err(error) => return Err(error),
    }
    Ok(states
        .iter()
        .map(|state| Listed {
            name: state.name().to_owned(),
            presence: if state.event_state().contains(State::PRESENT) { Presence::Present } else { Presence::Absent },
            state: state.event_state(),
            changes: state.event_count(),
            answer_to_reset: state.atr().to_vec(),
        })
        .collect())
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the service has seventy errors; each unnamed one means the same here"
)]
const fn fault_of(error: Error) -> CardFault {
    match error {
        Error::NoService | Error::ServiceStopped | Error::CommError | Error::InvalidHandle => CardFault::ServiceStopped,
        Error::NoReadersAvailable => CardFault::ReaderMissing,
        Error::ReaderUnavailable => CardFault::ReaderLost,
        Error::UnknownReader => CardFault::ReaderUnknown,
        Error::NoSmartcard => CardFault::CardMissing,
        Error::RemovedCard | Error::NotTransacted => CardFault::Removed,
        Error::ResetCard => CardFault::Reset,
        Error::InsufficientBuffer => CardFault::Malformed,
        Error::SharingViolation => CardFault::Occupied,
        Error::Timeout => CardFault::Silent,
        _ => CardFault::Unreadable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_a_card_is_pulled_reads_as_removed() {
        for error in [Error::RemovedCard, Error::NotTransacted] {
            assert_eq!(fault_of(error), CardFault::Removed);
        }
    }

    #[test]
    fn a_dead_service_is_told_from_a_missing_reader() {
        assert_eq!(fault_of(Error::CommError), CardFault::ServiceStopped);
        assert_eq!(fault_of(Error::ReaderUnavailable), CardFault::ReaderLost);
        assert_eq!(fault_of(Error::NoReadersAvailable), CardFault::ReaderMissing);
        assert_eq!(fault_of(Error::ResetCard), CardFault::Reset);
        assert_eq!(fault_of(Error::InsufficientBuffer), CardFault::Malformed);
        assert_eq!(fault_of(Error::SharingViolation), CardFault::Occupied);
        assert_eq!(fault_of(Error::UnresponsiveCard), CardFault::Unreadable);
    }
}
