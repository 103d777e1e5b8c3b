//! The issuance centre and the record system behind it.

pub mod certificate;
