//! The issuance centre and the record system behind it.

pub mod audit;
pub mod certificate;
pub mod config;
pub mod document;
pub mod raster;
pub mod scramble;
pub mod secrets;
pub mod signer;
pub mod store;
