//! The issuance centre and the record system behind it.

pub mod app;
pub mod audit;
pub mod certificate;
pub mod challenge;
pub mod config;
pub mod console;
pub mod counter;
pub mod document;
pub mod holder;
pub mod holder_session;
pub mod hours;
pub mod http;
pub mod inspection;
pub mod issuance;
mod median;
#[cfg(test)]
mod paper_channel;
pub mod raster;
pub mod records;
#[cfg(test)]
mod sample_record;
pub mod scramble;
pub mod secrets;
pub mod serve;
pub mod signer;
pub mod store;
pub mod tls;
pub mod vrs;

pub use serve::{Running, ServeError, serve};
