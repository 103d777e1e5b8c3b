//! A reader on which the cards of a test world are put by hand: from the tray beside the window.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use fixtures::fault::FaultyCard;
use fixtures::insertion::{InsertedCard as _, NoAnswer};
use fixtures::software_card::{SoftwareCard, state_path};
use rand_core::OsRng;
use shared::card::transport::{Cleared, Transport};

use super::{Presence, Reader};
use crate::session::fault::CardFault;

/// The place where the card is put, seen from the tray and from the reader.
#[derive(Debug, Clone, Default)]
pub struct CardPlace(Arc<Mutex<Slot>>);

#[derive(Debug, Default)]
struct Slot {
    card: Option<PathBuf>,
    /// Counts placings and takings: a card taken in the middle of a command is noticed.
    turn: u64,
}

impl CardPlace {
    /// Puts a card's file there; one that lay there is gone.
    pub fn put(&self, card: &Path) {
        self.change(Some(card.to_owned()));
    }

    /// Takes the card.
    pub fn pull(&self) {
        self.change(None);
    }

    fn change(&self, card: Option<PathBuf>) {
        let mut slot = self.slot();
        slot.card = card;
        slot.turn += 1;
    }

    /// Nothing can be half done while the lock is held, so that a panic elsewhere does no harm.
    fn slot(&self) -> MutexGuard<'_, Slot> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PartialEq for CardPlace {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for CardPlace {}

/// The reader's side.
#[derive(Debug)]
pub struct TrayReader(pub CardPlace);

/// A card while it is connected.
#[derive(Debug)]
pub struct TrayCard {
    card: FaultyCard<SoftwareCard>,
    place: CardPlace,
    turn: u64,
}

/// The card was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the card was taken from the tray")]
pub struct Pulled;

impl Reader for TrayReader {
    type Card = TrayCard;

    fn connect(&mut self) -> Result<TrayCard, CardFault> {
        let (path, turn) = {
            let slot = self.0.slot();
            (slot.card.clone().ok_or(CardFault::CardMissing)?, slot.turn)
        };
        let unreadable = |error: &dyn std::error::Error| {
            tracing::warn!(%error, "the software card cannot be used");
            CardFault::Unreadable
        };
        let card = SoftwareCard::open(&path, &state_path(&path), OsRng).map_err(|error| unreadable(&error))?;
        Ok(TrayCard { card, place: self.0.clone(), turn })
    }

    fn presence(&mut self) -> Presence {
        if self.0.slot().card.is_some() { Presence::Present } else { Presence::Absent }
    }

    fn release(&mut self, mut card: TrayCard) {
        card.card.reset();
    }

    fn fault(&Pulled: &Pulled) -> CardFault {
        CardFault::Removed
    }
}

impl Transport for TrayCard {
    type Error = Pulled;

    fn transmit(&mut self, command: Cleared<'_>) -> Result<Vec<u8>, Pulled> {
        if self.place.slot().turn != self.turn {
            return Err(Pulled);
        }
        self.card.exchange(command.as_bytes()).map_err(|error| match error {
            NoAnswer::Removed | NoAnswer::Ended => {
                self.place.pull();
                Pulled
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_lies_there_until_it_is_pulled() {
        let place = CardPlace::default();
        let mut reader = TrayReader(place.clone());
        assert_eq!(reader.presence(), Presence::Absent);
        assert_eq!(reader.connect().unwrap_err(), CardFault::CardMissing);
        place.put(Path::new("no-such.card.json"));
        assert_eq!(reader.presence(), Presence::Present);
        assert_eq!(reader.connect().unwrap_err(), CardFault::Unreadable);
        place.pull();
        assert_eq!(reader.presence(), Presence::Absent);
    }
}
