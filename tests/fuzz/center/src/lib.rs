//! The centre as far as certificates go: its own files, under the names by which it knows them.

pub mod config;
pub mod holder;
#[path = "../../../../center/src/secrets.rs"]
pub mod secrets;
