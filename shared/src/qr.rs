//! The two printed codes: SMART Health Card and ICAO VDS-NC. Encoding, decoding, checking; no key is kept here.

pub mod canonical_json;
pub mod health_card;
pub mod public_key;
pub mod vds_nc;

#[cfg(test)]
mod samples;

/// An ES256 signature, r‖s (RFC 7518 §3.4).
pub type Signature = [u8; 64];

/// The authority named in both codes as responsible for the vaccinations; the same on every certificate.
pub const RESPONSIBLE_AUTHORITY: &str = "MHLW_Gov_of_Japan";

/// The signing key refused or failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signing key failed")]
pub struct SigningFailed;

/// Why a certificate's content cannot become a code. Nothing is ever cut to fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// An item holds a letter that the code cannot carry. Names the item, not its value.
    #[error("a letter of the item {0} is not allowed in the code")]
    Letters(&'static str),
    /// An item is empty or longer than its field.
    #[error("the item {0} does not fit its field")]
    Length(&'static str),
    /// The whole does not fit the largest symbol.
    #[error("the payload does not fit the largest symbol")]
    Size,
    /// It could not be signed.
    #[error("the payload could not be signed")]
    Signing(#[from] SigningFailed),
}

/// Why a text that was read is not a code of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// It is not built as the standard says.
    #[error("the text is not a code of this kind")]
    Malformed,
    /// It names a signer that is not trusted.
    #[error("the code's signer is not trusted")]
    Signer,
    /// Its signature does not hold.
    #[error("the code's signature does not hold")]
    Signature,
}

/// How much of a symbol may be unreadable (ISO/IEC 18004 §5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorCorrection {
    /// Seven per cent.
    L,
    /// Fifteen per cent.
    M,
}
