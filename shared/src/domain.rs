//! The words of the trade: persons, doses, products, municipalities, passports, certificates, money.

pub mod calibration;
pub mod certificate;
pub mod fee;
pub mod ground;
pub mod identifiers;
pub mod municipality;
pub mod passport;
pub mod person;
pub mod vaccine;
