//! What is asked of a card: the tries left, and the proof of its holder.

use shared::card::channel::{CardError, Channel};
use shared::card::pin::{GuardError, PinVerdict};
use shared::card::transport::Transport;
use shared::card::{input_support, jpki};
use shared::domain::certificate::ProofProfile;
use shared::wire::holder::HolderProof;

use super::Reader;
use crate::session::bound_document::CardIdentity;
use crate::session::effect::ProveEffect;
use crate::session::event::{CardAnswer, CardProof};
use crate::session::fault::CardFault;

/// Asks for the tries left; spends none.
pub(super) fn read_tries<T: Transport>(
    channel: &mut Channel<T>,
    profile: ProofProfile,
) -> Result<CardAnswer, CardError<T::Error>> {
    let status = match profile {
        ProofProfile::InputSupport => {
            input_support::select(channel)?;
            input_support::pin_status(channel)?
        }
        ProofProfile::AuthenticationCertificate => {
            jpki::select(channel)?;
            jpki::pin_status(channel)?
        }
    };
    Ok(CardAnswer::Tries(status))
}

/// Verifies the PIN once, reads, signs.
pub(super) fn prove<T: Transport>(
    channel: &mut Channel<T>,
    effect: ProveEffect,
) -> Result<CardAnswer, CardError<T::Error>> {
    let ProveEffect { profile, pin, confirmed, transcript, .. } = effect;
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
        PinVerdict::Wrong { tries_left } => return Ok(CardAnswer::PinWrong { tries_left }),
        PinVerdict::Blocked => return Ok(CardAnswer::PinBlocked),
        PinVerdict::Right => {}
    }
    match profile {
        ProofProfile::InputSupport => {
            let proof = input_support::prove(channel, &transcript)?;
            Ok(match input_support::attributes(proof.attributes_file.as_slice()) {
                Ok(attributes) => {
                    let identity = CardIdentity::Named { name: attributes.name, birth_date: attributes.birth_date };
                    CardAnswer::Proven(Box::new(CardProof { proof: HolderProof::InputSupport(proof), identity }))
                }
                Err(error) => {
                    tracing::warn!(%error, "the card's attributes cannot be read");
                    CardAnswer::Failed(CardFault::Unreadable)
                }
            })
        }
        ProofProfile::AuthenticationCertificate => {
            let proof = HolderProof::AuthenticationCertificate(jpki::prove(channel, &transcript)?);
            Ok(CardAnswer::Proven(Box::new(CardProof { proof, identity: CardIdentity::Unnamed })))
        }
    }
}

/// What an error means to the resident.
pub fn fault_of<R: Reader>(error: &CardError<<R::Card as Transport>::Error>) -> CardFault {
    match error {
        CardError::Transport(error) => R::fault(error),
        CardError::ApplicationMissing => CardFault::ForeignCard,
        CardError::Malformed { .. } | CardError::Endless { .. } => CardFault::Malformed,
        CardError::Guard(GuardError::Withdrawn) => CardFault::Silent,
        CardError::Refused { .. } | CardError::File { .. } | CardError::Guard(_) => CardFault::Unreadable,
    }
}
