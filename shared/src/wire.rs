//! The calls between terminal and centre, one module a call; JSON over mutual TLS.
//!
//! | call | module |
//! |---|---|
//! | `POST /v1/terminal` | [`terminal`]: versions, clock, hours, what is on offer |
//! | `POST /v1/challenges` | [`challenge`]: a challenge for a card |
//! | `POST /v1/holders` | [`holder`]: the proof; answers with what the holder may have |
//! | `POST /v1/holders/{session}/passport` | [`passport`]: the number as typed |
//! | `POST /v1/issuances` | [`issuance`]: with `Idempotency-Key`; answers with the bound document |
//! | `PUT /v1/issuances/{key}/outcome` | [`outcome`]: what became of money and paper |
//!
//! The phone app has calls of its own on a port of its own, see [`app`].
//!
//! Every failure is a [`problem::Problem`].

pub mod app;
pub mod challenge;
pub mod holder;
pub mod issuance;
pub mod outcome;
pub mod passport;
pub mod problem;
pub mod terminal;

/// The version of this protocol. The centre refuses a terminal that speaks another.
pub const PROTOCOL_VERSION: u32 = 1;

/// The most bytes a request may carry. A holder's proof takes about 8 KiB.
pub const MAXIMUM_REQUEST_BYTES: usize = 64 * 1024;

/// The most bytes an answer may carry: a document is below 1 MiB, base64 adds a third.
pub const MAXIMUM_ANSWER_BYTES: usize = 4 * 1024 * 1024;
