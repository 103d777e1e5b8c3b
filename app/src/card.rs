//! The proof of who holds the card, made through the terminal's own seams: a reader of the service, or a card in a file.

use std::path::Path;

use kiosk::card_reader::pcsc::PcscReader;
use kiosk::card_reader::software::SoftwareReader;
use kiosk::card_reader::{Reader, fault_of};
use kiosk::session::fault::PinFault;
use shared::card::channel::{CardError, Channel};
use shared::card::pin::{LastTryConfirmed, Pin, PinVerdict};
use shared::card::transport::Transport;
use shared::card::{input_support, jpki};
use shared::domain::certificate::ProofProfile;
use shared::proof::Digest;
use shared::wire::holder::HolderProof;

use crate::Source;
use crate::fault::{ClientFault, of_card};

/// What is asked of the card.
pub(crate) struct Asked {
    /// Which proof.
    pub(crate) profile: ProofProfile,
    /// What it signs.
    pub(crate) transcript: Digest,
    /// The digits; sent once.
    pub(crate) pin: Pin,
    /// Whether the last try may be used.
    pub(crate) confirmed: Option<LastTryConfirmed>,
}

/// Lets the card prove its holder, and resets it.
pub(crate) fn prove(source: &Source, asked: Asked) -> Result<HolderProof, ClientFault> {
    match (&source.card, &source.reader) {
        (Some(file), _) => with(&mut software(file)?, asked),
        (None, reader) => with(&mut PcscReader::new(reader.clone()), asked),
    }
}

fn software(file: &Path) -> Result<SoftwareReader, ClientFault> {
    let unusable = |_| ClientFault::File { path: file.to_owned(), what: "a card file is expected" };
    SoftwareReader::open(file).map_err(unusable)
}

fn with<R: Reader>(reader: &mut R, asked: Asked) -> Result<HolderProof, ClientFault> {
    let mut channel = Channel::new(reader.connect()?);
    let proof = dialogue(&mut channel, asked);
    reader.release(channel.into_transport());
    match proof {
        Ok(proof) => Ok(proof?),
        Err(error) => Err(of_card(&error, fault_of::<R>(&error))),
    }
}

/// Verifies the PIN once, reads, signs; the inner error is a PIN that is not the card's.
fn dialogue<T: Transport>(
    channel: &mut Channel<T>,
    asked: Asked,
) -> Result<Result<HolderProof, PinFault>, CardError<T::Error>> {
    let Asked { profile, transcript, pin, confirmed } = asked;
    let verdict = match profile {
        ProofProfile::InputSupport => {
            input_support::select(channel)?;
            input_support::verify_pin(channel, pin, confirmed)?
        }
        ProofProfile::AuthenticationCertificate => {
            jpki::select(channel)?;
            jpki::verify_pin(channel, pin, confirmed)?
        }
    };
    match verdict {
        PinVerdict::Wrong { tries_left } => return Ok(Err(PinFault::Wrong { tries_left })),
        PinVerdict::Blocked => return Ok(Err(PinFault::Locked)),
        PinVerdict::Right => {}
    }
    Ok(Ok(match profile {
        ProofProfile::InputSupport => HolderProof::InputSupport(input_support::prove(channel, &transcript)?),
        ProofProfile::AuthenticationCertificate => {
            HolderProof::AuthenticationCertificate(jpki::prove(channel, &transcript)?)
        }
    }))
}
