//! What is asked of a card: the tries left, and the proof of its holder.

use shared::card::channel::{CardError, Channel};
use shared::card::input_support::{self, FileError};
use shared::card::pin::{GuardError, PinVerdict};
use shared::card::profile;
use shared::card::transport::Transport;
use shared::domain::certificate::ProofProfile;
use shared::domain::person::Attributes;
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
    Ok(CardAnswer::Tries(profile::pin_status(channel, profile)?))
}

/// Verifies the PIN once, reads, signs.
pub(super) fn prove<T: Transport>(
    channel: &mut Channel<T>,
    effect: ProveEffect,
) -> Result<CardAnswer, CardError<T::Error>> {
    let ProveEffect { profile, pin, confirmed, transcript, .. } = effect;
    Ok(match profile::verify_pin(channel, profile, pin, confirmed)? {
        PinVerdict::Wrong { tries_left } => CardAnswer::PinWrong { tries_left },
        PinVerdict::Blocked => CardAnswer::PinBlocked,
        PinVerdict::Right => proven(profile::prove(channel, profile, &transcript)?),
    })
}

fn proven(proof: HolderProof) -> CardAnswer {
    match identity(&proof) {
        Ok(identity) => CardAnswer::Proven(Box::new(CardProof { proof, identity })),
        Err(error) => {
            tracing::warn!(%error, "the card's attributes cannot be read");
            CardAnswer::Failed(CardFault::Unreadable)
        }
    }
}

/// Whose card it is, where the profile says so.
fn identity(proof: &HolderProof) -> Result<CardIdentity, FileError> {
    match proof {
        HolderProof::InputSupport(proof) => {
            let Attributes { name, birth_date, .. } = input_support::attributes(proof.attributes_file.as_slice())?;
            Ok(CardIdentity::Named { name, birth_date })
        }
        HolderProof::AuthenticationCertificate(_) => Ok(CardIdentity::Unnamed),
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
