//! What the terminal and the centre both say: domain, card commands, wire, printed codes, clock.
//!
//! **Invariant**: this crate does no I/O, starts no thread, reads no clock and knows no SQL.

pub mod binding;
pub mod card;
pub mod clock;
pub mod domain;
pub mod hidden;
pub mod proof;
pub mod qr;
pub mod records;
pub mod secret_hash;
pub mod stable_code;
pub mod wire;
