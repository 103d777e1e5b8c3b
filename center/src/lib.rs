//! The issuance centre and the record system behind it.

pub mod certificate;
pub mod document;
pub mod raster;
pub mod scramble;
pub mod signer;
