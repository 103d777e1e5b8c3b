//! The centre's calls through its real router: a world made by `fixtures`, software cards, a clock moved by hand.

mod bench;
mod holders;
mod issuing;
mod refusals;
mod terminal;
mod tls;
