//! A software card in place of a reader, for tests and demonstrations.

use std::convert::Infallible;
use std::path::Path;

use fixtures::software_card::{CardFile, SoftwareCard, SoftwareCardError, state_path};
use rand_core::OsRng;
use shared::card::transport::{Cleared, Transport};

use super::{Presence, Reader};
use crate::session::fault::CardFault;

/// A tray with one software card; its counters live beside the card's file.
#[derive(Debug)]
pub struct SoftwareReader {
    card: Option<SoftwareCard>,
}

/// The card while it is connected.
#[derive(Debug)]
pub struct InsertedCard(SoftwareCard);

impl SoftwareReader {
    /// Lays the card of a file in the tray.
    pub fn open(path: &Path) -> Result<Self, SoftwareCardError> {
        let card = SoftwareCard::new(CardFile::open(path)?, &state_path(path), OsRng)?;
        Ok(Self { card: Some(card) })
    }
}

impl Reader for SoftwareReader {
    type Card = InsertedCard;

    fn connect(&mut self) -> Result<InsertedCard, CardFault> {
        self.card.take().map(InsertedCard).ok_or(CardFault::CardMissing)
    }

    fn presence(&mut self) -> Presence {
        Presence::Present
    }

    fn release(&mut self, InsertedCard(mut card): InsertedCard) {
        card.reset();
        self.card = Some(card);
    }

    fn fault(error: &Infallible) -> CardFault {
        match *error {}
    }
}

impl Transport for InsertedCard {
    type Error = Infallible;

    fn transmit(&mut self, command: Cleared<'_>) -> Result<Vec<u8>, Infallible> {
        self.0.transmit(command)
    }
}
