//! The card, bottom up: bytes to the card, bytes back, then a channel, then one module an application.
//!
//! | module | what |
//! |---|---|
//! | [`transport`] | bytes to the card, bytes back; a PC/SC reader and a software card both are one |
//! | [`command`], [`response`], [`status_word`] | the APDU (ISO/IEC 7816-4) |
//! | [`guard`] | what may be sent at all, and one VERIFY for one typed PIN |
//! | [`channel`] | one command and its whole answer; files; the two PINs |
//! | [`tlv`] | what stands in the files |
//! | [`input_support`], [`jpki`] | the two applications a terminal uses |
//! | [`profile`] | either of them as the proof of a holder |
//!
//! **Invariants**: a [`transport::Transport`] takes only what a [`guard::Guard`] has cleared, and only the guard
//! sends a VERIFY with digits; every loop and every answer has a limit; nothing a card says can make this module panic.

pub mod channel;
pub mod command;
pub mod guard;
pub mod input_support;
pub mod jpki;
pub mod pin;
pub mod profile;
pub mod response;
pub mod status_word;
pub mod tlv;
pub mod transport;
