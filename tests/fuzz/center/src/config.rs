//! Whose certificates are accepted; the centre reads the same from its configuration file.

use std::path::PathBuf;

/// The section `trust` of the centre's configuration.
#[derive(Debug, Clone)]
pub struct TrustSection {
    /// The user-authentication authority, PEM.
    pub authentication_authority: PathBuf,
    /// Its revocation list, DER.
    pub authentication_revocations: PathBuf,
    /// The policy that a user-authentication certificate must name.
    pub authentication_policy: String,
    /// Public key over the CV certificates of card-data signers.
    pub card_authority: PathBuf,
}
