//! The card that a command is about: on a reader, or a software card in this program.

use fixtures::cassette::{AnswerToReset, PcscCode, Protocol, ReaderName};
use fixtures::fault::FaultyCard;
use fixtures::insertion::{InProcess, InsertedCard as _, NoAnswer};
use fixtures::software_card::{CardFile, File, SoftwareCard, SoftwareCardError, state_path};
use rand_core::OsRng;
use shared::card::transport::Transport;

use super::CassetteError;
use super::arguments::CardArguments;
use crate::card_reader::pcsc::{Listed, PcscReader};
use crate::card_reader::{Presence, Reader as _};
use crate::session::fault::CardFault;

/// What is done with a card, whichever kind it is.
pub(super) trait Task {
    /// What comes of it.
    type Outcome;

    /// Does it. `code` says which error of the service an error of the transport is.
    fn run<T: Transport>(self, card: &mut T, about: &About, code: fn(&T::Error) -> PcscCode) -> Self::Outcome;
}

/// What is known of the card before anything is asked of it.
pub(super) struct About {
    pub(super) answer_to_reset: AnswerToReset,
    pub(super) reader: ReaderName,
    pub(super) protocol: Protocol,
    /// The card file of a software card.
    pub(super) software: Option<CardFile>,
}

/// Finds the card, runs the task, resets the card.
pub(super) fn with_card<K: Task>(place: &CardArguments, task: K) -> Result<K::Outcome, CassetteError> {
    if let Some(path) = &place.card {
        let file = CardFile::open(path).map_err(SoftwareCardError::from)?;
        let about = About {
            answer_to_reset: AnswerToReset::parse(&file.atr.0).ok_or(CassetteError::AnswerToReset)?,
            reader: ReaderName::tamed(b"software card"),
            protocol: Protocol::InProcess,
            software: Some(file.clone()),
        };
        let faults = file.faults.clone();
        let card = SoftwareCard::new(file, &state_path(path), OsRng)?;
        let mut card = InProcess(FaultyCard::new(card, faults));
        let outcome = task.run(&mut card, &about, |error| match error {
            NoAnswer::Removed | NoAnswer::Ended => PcscCode::REMOVED_CARD,
        });
        card.0.reset();
        return Ok(outcome);
    }
    let mut reader = PcscReader::new(place.reader.clone());
    let about = look(&mut reader, place.reader.as_deref())?;
    let mut card = reader.connect().map_err(CassetteError::Card)?;
    let outcome = task.run(&mut card, &about, |error| PcscCode(*error as u32));
    reader.release(card);
    Ok(outcome)
}

/// The reader that will be connected, as the service lists it.
fn look(reader: &mut PcscReader, wanted: Option<&str>) -> Result<About, CassetteError> {
    let listed = reader.list().map_err(CassetteError::Card)?;
    let is_it = |listed: &Listed| wanted.is_none_or(|wanted| listed.name.as_bytes() == wanted.as_bytes());
    if !listed.iter().any(is_it) {
        let fault = if wanted.is_some() { CardFault::ReaderUnknown } else { CardFault::ReaderMissing };
        return Err(CassetteError::Card(fault));
    }
    let found = listed.into_iter().find(|listed| is_it(listed) && listed.presence == Presence::Present);
    let found = found.ok_or(CassetteError::Card(CardFault::CardMissing))?;
    let answer_to_reset = AnswerToReset::parse(&found.answer_to_reset).ok_or(CassetteError::AnswerToReset)?;
    Ok(About {
        protocol: offered(&found.answer_to_reset),
        answer_to_reset,
        reader: ReaderName::tamed(found.name.as_bytes()),
        software: None,
    })
}

/// The protocol that an answer to reset offers and the service then takes: blocks where they are among those offered
/// (ISO/IEC 7816-3 §8.2.3).
fn offered(answer_to_reset: &[u8]) -> Protocol {
    let mut rest = answer_to_reset.get(1..).unwrap_or_default();
    let mut found = Protocol::Characters;
    while let Some((&indicator, tail)) = rest.split_first() {
        let interface_bytes = (indicator >> 4).count_ones() as usize;
        if rest.len() != answer_to_reset.len() - 1 && indicator & 0x0F == 1 {
            found = Protocol::Blocks;
        }
        if indicator & 0x80 == 0 {
            break;
        }
        rest = tail.get(interface_bytes - 1..).unwrap_or_default();
    }
    found
}

/// The keys of a software card.
pub(super) fn keys(file: &CardFile) -> Vec<fixtures::cassette::Key> {
    let mut keys = Vec::new();
    for application in &file.applications {
        for found in &application.files {
            if let File::Key { id, pkcs8, .. } = found {
                keys.push(fixtures::cassette::Key {
                    application: application.aid.clone(),
                    id: *id,
                    pkcs8: pkcs8.clone(),
                });
            }
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_my_number_card_offers_blocks() {
        assert_eq!(offered(&[0x3B, 0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x14]), Protocol::Blocks);
        assert_eq!(offered(&[0x3B, 0x88, 0x80, 0x01, 0, 0, 5, 0xE0, 0xB3, 0x81, 0xA1, 0, 0x7F]), Protocol::Blocks);
        assert_eq!(offered(&[0x3B, 0x02, 0x14, 0x50]), Protocol::Characters);
        assert_eq!(offered(&[]), Protocol::Characters);
    }
}
