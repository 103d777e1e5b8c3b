//! A software card in place of a reader, for tests and demonstrations.

use std::path::Path;

use fixtures::fault::FaultyCard;
use fixtures::insertion::{InsertedCard as _, NoAnswer};
use fixtures::software_card::{SoftwareCard, SoftwareCardError, state_path};
use rand_core::OsRng;
use shared::card::transport::{Cleared, Transport};

use super::{Presence, Reader};
use crate::session::fault::CardFault;

/// A tray with one software card and the faults its file names; its counters live beside the card's file.
#[derive(Debug)]
pub struct SoftwareReader {
    card: Option<FaultyCard<SoftwareCard>>,
}

/// The card while it is connected.
#[derive(Debug)]
pub struct InsertedCard(FaultyCard<SoftwareCard>);

impl SoftwareReader {
    /// Lays the card of a file in the tray.
    pub fn open(path: &Path) -> Result<Self, SoftwareCardError> {
        Ok(Self { card: Some(SoftwareCard::open(path, &state_path(path), OsRng)?) })
    }
}

impl Reader for SoftwareReader {
    type Card = InsertedCard;

    fn connect(&mut self) -> Result<InsertedCard, CardFault> {
        let mut card = self.card.take().ok_or(CardFault::CardMissing)?;
        card.insert();
        Ok(InsertedCard(card))
    }

    fn presence(&mut self) -> Presence {
        Presence::Present
    }

    fn release(&mut self, InsertedCard(mut card): InsertedCard) {
        card.reset();
        self.card = Some(card);
    }

    fn fault(error: &NoAnswer) -> CardFault {
        match error {
            NoAnswer::Removed | NoAnswer::Ended => CardFault::Removed,
        }
    }
}

impl Transport for InsertedCard {
    type Error = NoAnswer;

    fn transmit(&mut self, command: Cleared<'_>) -> Result<Vec<u8>, NoAnswer> {
        self.0.exchange(command.as_bytes())
    }
}
