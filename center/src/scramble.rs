//! The scramble picture on the back: the front's description, encrypted and signed, as modules on paper and back.
//!
//! Our own design; the real service's picture is not public, and no compatibility is claimed.
//!
//! ```text
//! description ─ deflate ─ sign (ECDSA P-256) ─ seal (AES-256-GCM) ─ frame ─ LDPC ─ interleave ─ repeat ─ mask ─ modules
//! ```
//!
//! | layer | what stands there |
//! |---|---|
//! | label | `2.KEYID.CERTIFICATE.16X20A006`: version, key id, certificate id, geometry (mark intervals across and down, code rate, code blocks). It is the associated data of the encryption and the first part of the frame |
//! | text of the QR beside it | [`INQUIRY`] `#` label `.` digest: the first 16 bytes of the SHA-256 of the ciphertext in base 32. A fragment is not sent to a server, so an inquiry leaves no certificate id in a log |
//! | frame | `KS`, 2, length of the label (1 byte), label, length of the ciphertext (4 bytes), ciphertext, zero bytes to whole code blocks of 512 bytes |
//! | plain text | 2, kind (1 byte), deflated description, signature (64 bytes) over label, kind and description |
//!
//! **Invariant**: the same description for the same certificate under the same keys gives the same picture. The
//! nonce is derived from the plain text (as in RFC 8452), the signature is deterministic (RFC 6979).

pub mod bilevel;
pub mod keys;
pub mod label;
pub mod originality;
pub mod reading;

mod base32;
mod bits;
mod code;
mod drawing;
mod envelope;
mod geometry;
mod sequence;

pub use drawing::picture;
pub use envelope::{Kind, OpenError, Opened, SealError, Sealed, open, seal, seal_into};
pub use geometry::Geometry;
pub use keys::{OpeningKeys, ScrambleKeys};
pub use reading::{ReadError, Reading, read};

/// The address in the QR beside the picture.
pub const INQUIRY: &str = "https://center.konbini.example/verify";

/// Pixels of a module on the 1/600-inch grid of the page: 6, that is 0.254 mm.
pub const MODULE_PIXELS: usize = 6;

/// Modules of the data field across and down.
pub const FIELD_MODULES: (usize, usize) = (Geometry::STANDARD.field_width(), Geometry::STANDARD.field_height());

/// Modules of the whole picture across and down, with finders and bars: 631 × 775, that is 160.3 × 196.9 mm.
///
/// Around it [`QUIET_MODULES`] must stay without ink.
pub const PICTURE_MODULES: (usize, usize) = (Geometry::STANDARD.width(), Geometry::STANDARD.height());

/// Modules around the picture that must stay free of ink: 3 mm.
pub const QUIET_MODULES: usize = 12;

/// Pixels of a module of the QR beside the picture: 12, that is 0.508 mm. It is made at level Q.
pub const QR_MODULE_PIXELS: usize = 12;

#[cfg(test)]
pub(crate) mod tests;
