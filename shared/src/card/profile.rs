//! Both profiles in which a card proves its holder, asked alike: select the application, verify its PIN, sign.

use super::channel::{CardResult, Channel};
use super::pin::{LastTryConfirmed, Pin, PinStatus, PinVerdict};
use super::transport::Transport;
use super::{input_support, jpki};
use crate::domain::certificate::ProofProfile;
use crate::proof::Digest;
use crate::wire::holder::HolderProof;

/// Selects the profile's application and asks for the tries left of its PIN; spends none.
pub fn pin_status<T: Transport>(channel: &mut Channel<T>, profile: ProofProfile) -> CardResult<PinStatus, T> {
    match profile {
        ProofProfile::InputSupport => {
            input_support::select(channel)?;
            input_support::pin_status(channel)
        }
        ProofProfile::AuthenticationCertificate => {
            jpki::select(channel)?;
            jpki::pin_status(channel)
        }
    }
}

/// Selects the profile's application and verifies its PIN, once; the last try only where it was confirmed.
pub fn verify_pin<T: Transport>(
    channel: &mut Channel<T>,
    profile: ProofProfile,
    pin: Pin,
    confirmed: Option<LastTryConfirmed>,
) -> CardResult<PinVerdict, T> {
    match profile {
        ProofProfile::InputSupport => {
            input_support::select(channel)?;
            input_support::verify_pin(channel, pin, confirmed)
        }
        ProofProfile::AuthenticationCertificate => {
            jpki::select(channel)?;
            jpki::verify_pin(channel, pin, confirmed)
        }
    }
}

/// Reads and signs, after the PIN was right.
pub fn prove<T: Transport>(
    channel: &mut Channel<T>,
    profile: ProofProfile,
    transcript: &Digest,
) -> CardResult<HolderProof, T> {
    Ok(match profile {
        ProofProfile::InputSupport => HolderProof::InputSupport(input_support::prove(channel, transcript)?),
        ProofProfile::AuthenticationCertificate => {
            HolderProof::AuthenticationCertificate(jpki::prove(channel, transcript)?)
        }
    })
}
