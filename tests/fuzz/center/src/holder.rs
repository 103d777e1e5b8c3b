//! What the centre checks of a certificate.

#[path = "../../../../center/src/holder/authority.rs"]
pub mod authority;
#[path = "../../../../center/src/holder/revocation.rs"]
mod revocation;
