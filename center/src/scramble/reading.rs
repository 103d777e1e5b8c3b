//! Reading the scramble picture back from a scan.

use super::label::{Label, QrText};

/// What was read from a page: a ciphertext with its label, not yet opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The label inside the picture.
    pub label: Label,
    /// The QR beside it; `None` if none could be read.
    pub qr: Option<QrText>,
    /// The encrypted description.
    pub ciphertext: Vec<u8>,
    /// Share of modules that were read wrongly before correction.
    pub wrong_modules: f64,
}
