//! The key that signs what a document is and whom it is for.

use std::path::Path;

use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use shared::binding::Statement;

use crate::secrets::{KeyError, read_pem};

/// A P-256 key pair.
pub struct BindingKey(EcdsaKeyPair);

shared::hidden_debug!(BindingKey);

impl BindingKey {
    /// Reads a PKCS#8 PEM file.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        const EXPECTED: &str = "a P-256 key (PKCS#8 PEM)";
        let blocks = read_pem(path, EXPECTED)?;
        let key = blocks.first().and_then(|block| Self::from_pkcs8(block.contents()));
        key.ok_or_else(|| KeyError::Unsuitable { path: path.to_owned(), expected: EXPECTED })
    }

    /// From PKCS#8 DER.
    pub fn from_pkcs8(der: &[u8]) -> Option<Self> {
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der, &SystemRandom::new()).ok().map(Self)
    }

    /// The uncompressed point that terminals pin.
    pub fn public_key(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }

    /// r‖s over the statement's digest.
    pub(super) fn sign(&self, statement: &Statement, random: &SystemRandom) -> Option<Vec<u8>> {
        self.0.sign(random, &statement.digest()).ok().map(|signature| signature.as_ref().to_vec())
    }
}
