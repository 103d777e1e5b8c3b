//! A cassette in place of a reader: `kiosk issue --cassette`.

use std::path::Path;

use fixtures::cassette::player::{PlayError, Player};
use fixtures::cassette::reading::ReadError;
use fixtures::cassette::{Cassette, PcscCode};
use fixtures::software_card::SoftwareCardError;
use rand_core::OsRng;
use shared::card::transport::{Cleared, Transport};

use crate::card_reader::{Presence, Reader};
use crate::session::fault::CardFault;

/// A reader on which a cassette lies.
#[derive(Debug)]
pub struct CassetteReader {
    player: Option<Player>,
}

/// The cassette while it is connected.
#[derive(Debug)]
pub struct PlayedCard(Player);

/// Why a cassette is not served.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// It is refused.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Its keys cannot be used.
    #[error("the cassette's keys cannot be used")]
    Keys(#[from] SoftwareCardError),
    /// It is private, and this is continuous integration.
    #[error("the cassette is private and this is continuous integration (CI is set): it is not served")]
    Private,
}

impl CassetteReader {
    /// Lays the cassette of a file on the reader.
    pub fn open(path: &Path) -> Result<Self, PlaceError> {
        let cassette = Cassette::open(path)?;
        if super::is_barred(&cassette) {
            return Err(PlaceError::Private);
        }
        Ok(Self { player: Some(Player::new(cassette, OsRng)?) })
    }
}

impl Reader for CassetteReader {
    type Card = PlayedCard;

    fn connect(&mut self) -> Result<PlayedCard, CardFault> {
        let mut player = self.player.take().ok_or(CardFault::CardMissing)?;
        player.lay_down();
        Ok(PlayedCard(player))
    }

    fn presence(&mut self) -> Presence {
        Presence::Present
    }

    fn release(&mut self, PlayedCard(mut player): PlayedCard) {
        if let Some(error) = player.ended() {
            tracing::warn!(%error, "the cassette was left");
        }
        player.reset();
        self.player = Some(player);
    }

    fn fault(error: &PlayError) -> CardFault {
        match error.code() {
            PcscCode::REMOVED_CARD | PcscCode::RESET_CARD => CardFault::Removed,
            // The caller left the recording, or an error was recorded that has no screen of its own.
            _ => CardFault::Unreadable,
        }
    }
}

impl Transport for PlayedCard {
    type Error = PlayError;

    fn transmit(&mut self, command: Cleared<'_>) -> Result<Vec<u8>, PlayError> {
        self.0.play(command.as_bytes()).inspect_err(|error| tracing::warn!(%error, "the cassette has no answer"))
    }
}
