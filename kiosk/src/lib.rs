//! The terminal: dialogue, card, coins, paper, journal.

pub mod coins;
pub mod session;
