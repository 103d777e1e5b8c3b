//! Keys of the scramble picture: one secret for sealing, one signature key for the content.

use std::path::Path;

use p256::ecdsa::SigningKey;
use p256::pkcs8::DecodePrivateKey as _;
use ring::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use ring::hmac;
use zeroize::Zeroizing;

use super::base32;
use crate::secrets;

/// Bytes of the secret.
pub const SECRET_LENGTH: usize = 32;

/// Why keys cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The signer's key is not PKCS#8 of P-256.
    #[error("the scramble signer's key is not a P-256 key in PKCS#8")]
    Signer,
}

/// What makes a picture.
pub struct ScrambleKeys {
    secret: SecretKey,
    signer: SigningKey,
}

/// What opens pictures: every secret still in use, and every signer's public key.
pub struct OpeningKeys {
    secrets: Vec<SecretKey>,
    signers: Vec<Vec<u8>>,
}

/// A secret with what is derived from it.
pub(super) struct SecretKey {
    id: KeyId,
    encryption: Zeroizing<[u8; 32]>,
    nonce: hmac::Key,
    pattern: hmac::Key,
}

/// The id of a secret in the QR: seven characters of base 32, derived from the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyId(String);

shared::hidden_debug!(ScrambleKeys, OpeningKeys, SecretKey);

impl ScrambleKeys {
    /// From the secret and the signer's private key (PKCS#8 DER, P-256).
    pub fn new(secret: &[u8; SECRET_LENGTH], signer_pkcs8: &[u8]) -> Result<Self, KeyError> {
        // The library's error says nothing that could be told.
        let signer = SigningKey::from_pkcs8_der(signer_pkcs8).ok().ok_or(KeyError::Signer)?;
        Ok(Self { secret: SecretKey::derive(secret), signer })
    }

    /// Reads the secret (64 hexadecimal digits) and the signer's key (PKCS#8 PEM).
    pub fn read(secret: &Path, signer: &Path) -> Result<Self, secrets::KeyError> {
        const EXPECTED: &str = "a P-256 key (PKCS#8 PEM)";
        let secret = secrets::read_hex(secret)?;
        let blocks = secrets::read_pem(signer, EXPECTED)?.into_iter();
        let unsuitable = || secrets::KeyError::Unsuitable { path: signer.to_owned(), expected: EXPECTED };
        let key = blocks.map(|block| Zeroizing::new(block.into_contents())).next().ok_or_else(unsuitable)?;
        Self::new(&secret, &key).map_err(|KeyError::Signer| unsuitable())
    }

    /// The keys that open what these make.
    pub fn opening(&self) -> OpeningKeys {
        OpeningKeys {
            secrets: vec![self.secret.clone()],
            signers: vec![self.signer.verifying_key().to_encoded_point(false).as_bytes().to_vec()],
        }
    }

    /// Id of the secret.
    pub const fn id(&self) -> &KeyId {
        &self.secret.id
    }

    pub(super) const fn secret(&self) -> &SecretKey {
        &self.secret
    }

    pub(super) const fn signer(&self) -> &SigningKey {
        &self.signer
    }
}

impl OpeningKeys {
    /// From secrets and uncompressed P-256 points.
    pub fn new<'a>(
        secrets: impl IntoIterator<Item = &'a [u8; SECRET_LENGTH]>,
        signers: impl IntoIterator<Item = Vec<u8>>,
    ) -> Self {
        Self { secrets: secrets.into_iter().map(SecretKey::derive).collect(), signers: signers.into_iter().collect() }
    }

    pub(super) fn secret(&self, id: &KeyId) -> Option<&SecretKey> {
        self.secrets.iter().find(|secret| secret.id == *id)
    }

    pub(super) fn signers(&self) -> &[Vec<u8>] {
        &self.signers
    }
}

impl SecretKey {
    fn derive(secret: &[u8; SECRET_LENGTH]) -> Self {
        let root = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let part = |label: &[u8]| {
            let mut bytes = Zeroizing::new([0; 32]);
            bytes.copy_from_slice(hmac::sign(&root, label).as_ref());
            bytes
        };
        let id = part(b"konbini-certificate scramble key id v1");
        let nonce = part(b"konbini-certificate scramble nonce v1");
        let pattern = part(b"konbini-certificate originality patch v1");
        Self {
            id: KeyId(base32::encode(id.split_at(4).0)),
            encryption: part(b"konbini-certificate scramble encryption v1"),
            nonce: hmac::Key::new(hmac::HMAC_SHA256, nonce.as_slice()),
            pattern: hmac::Key::new(hmac::HMAC_SHA256, pattern.as_slice()),
        }
    }

    /// The cipher; `None` cannot happen, as the key has the right length.
    pub(super) fn cipher(&self) -> Option<LessSafeKey> {
        UnboundKey::new(&AES_256_GCM, self.encryption.as_slice()).ok().map(LessSafeKey::new)
    }

    /// The nonce of a plain text under a label: another text has another one.
    pub(super) fn nonce(&self, label: &[u8], plain: &[u8]) -> [u8; 12] {
        let mut context = hmac::Context::with_key(&self.nonce);
        context.update(&(label.len() as u64).to_be_bytes());
        context.update(label);
        context.update(plain);
        let mut nonce = [0; 12];
        nonce.copy_from_slice(context.sign().as_ref().split_at(12).0);
        nonce
    }

    /// Where the four random patterns of a certificate begin.
    pub(super) fn pattern_seeds(&self, certificate: &[u8]) -> [u64; 4] {
        let tag = hmac::sign(&self.pattern, certificate);
        let (words, _) = tag.as_ref().as_chunks::<8>();
        let mut seeds = [0; 4];
        seeds.iter_mut().zip(words).for_each(|(seed, word)| *seed = u64::from_be_bytes(*word));
        seeds
    }
}

impl Clone for SecretKey {
    fn clone(&self) -> Self {
        Self {
            id: self.id.clone(),
            encryption: self.encryption.clone(),
            nonce: self.nonce.clone(),
            pattern: self.pattern.clone(),
        }
    }
}

impl KeyId {
    /// Parses seven characters of base 32.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 7 && base32::is_base32(text)).then(|| Self(text.to_owned()))
    }

    /// The text form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
