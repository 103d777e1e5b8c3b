//! The centre's calls through its real router: a world made by `fixtures`, software cards, a clock moved by hand.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::unwrap_in_result,
    clippy::excessive_nesting,
    reason = "a test that cannot be set up fails there"
)]

mod app;
mod bench;
mod browser;
mod console;
mod crashes;
mod holders;
mod issuing;
mod refusals;
mod reports;
mod terminal;
mod tls;
