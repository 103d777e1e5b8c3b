//! The staff's side of the terminal: a code at the door, what can be looked at, and what can be decided.
//!
//! | module | what |
//! |---|---|
//! | [`code`] | the code and its hash; `kiosk staff-code` |
//! | [`guard`] | wrong codes, and how long one waits after them |
//! | [`desk`] | the screens one after the other: events in, orders out, no I/O |
//! | [`view`] | what the screens show |
//! | [`diagnosis`] | what is looked at, in words and for the report |
//! | [`office`] | the desk with the thread that looks and reads for it |
//! | [`closure`] | the file that keeps a closed terminal closed |
//!
//! **Invariants**: a code is compared on a thread of its own and kept nowhere; nobody comes in while a resident is
//! served; a decision about a transaction goes through the very code of `kiosk journal resolve`; nothing of a
//! person is on these screens or in the report.

pub mod closure;
pub mod code;
pub mod desk;
pub mod diagnosis;
pub mod guard;
pub mod office;
pub mod view;
mod worker;

pub use self::worker::Answer;
