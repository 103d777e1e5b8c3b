//! The terminal's dialogue with a card in process, without a terminal: on a recording, or on a card with faults.

use fixtures::cassette::Cassette;
use fixtures::cassette::player::Player;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use shared::card::channel::{CardError, CardResult, Channel};
use shared::card::pin::{Pin, PinVerdict};
use shared::card::profile;
use shared::card::transport::Transport;
use shared::domain::certificate::ProofProfile;
use shared::wire::holder::HolderProof;

/// Runs the dialogue of a terminal on a cassette: what it ends with, in a word.
pub fn prove(cassette: Cassette) -> String {
    let Ok(player) = Player::new(cassette, ChaCha20Rng::seed_from_u64(1)) else { return "no player".to_owned() };
    match dialogue(&mut Channel::new(player), ProofProfile::InputSupport) {
        Ok(Some(_)) => "proven".to_owned(),
        Ok(None) => "PIN not accepted".to_owned(),
        Err(CardError::Transport(_)) => "no answer".to_owned(),
        Err(error) => error.to_string(),
    }
}

/// Asks for the tries, verifies the usual PIN, reads and signs; nothing where the PIN was not accepted.
pub fn dialogue<T: Transport>(channel: &mut Channel<T>, profile: ProofProfile) -> CardResult<Option<HolderProof>, T> {
    let Some(pin) = Pin::parse("1234") else { return Ok(None) };
    profile::pin_status(channel, profile)?;
    match profile::verify_pin(channel, profile, pin, None)? {
        PinVerdict::Right => profile::prove(channel, profile, &CHALLENGE).map(Some),
        PinVerdict::Wrong { .. } | PinVerdict::Blocked => Ok(None),
    }
}

const CHALLENGE: [u8; 32] = [0x42; 32];
