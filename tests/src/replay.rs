//! The terminal's proof on a recorded session, in process: what it ends with, in a word.

use fixtures::cassette::Cassette;
use fixtures::cassette::player::Player;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use shared::card::channel::{CardError, Channel};
use shared::card::input_support;
use shared::card::pin::{Pin, PinVerdict};

/// Runs the dialogue of a terminal on a cassette.
pub fn prove(cassette: Cassette) -> String {
    let Ok(player) = Player::new(cassette, ChaCha20Rng::seed_from_u64(1)) else { return "no player".to_owned() };
    let mut channel = Channel::new(player);
    match dialogue(&mut channel) {
        Ok(word) => word.to_owned(),
        Err(CardError::Transport(_)) => "no answer".to_owned(),
        Err(error) => error.to_string(),
    }
}

fn dialogue(channel: &mut Channel<Player>) -> Result<&'static str, CardError<fixtures::cassette::player::PlayError>> {
    input_support::select(channel)?;
    input_support::pin_status(channel)?;
    input_support::select(channel)?;
    let Some(pin) = Pin::parse("1234") else { return Ok("no PIN") };
    match input_support::verify_pin(channel, pin, None)? {
        PinVerdict::Right => input_support::prove(channel, &[0x42; 32]).map(|_| "proven"),
        PinVerdict::Wrong { .. } | PinVerdict::Blocked => Ok("PIN not accepted"),
    }
}
