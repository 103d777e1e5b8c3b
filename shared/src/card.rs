//! The card, bottom up: bytes to the card, bytes back.

pub mod transport;
