//! Secret keys of the record system: the pseudonym of a person, and encryption at rest.

use std::path::{Path, PathBuf};

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;
use ring::rand::SecureRandom;
use shared::domain::identifiers::{MyNumber, hex};
use shared::proof::Digest;
use zeroize::Zeroizing;

/// Names a person inside the record system: keyed HMAC of the My Number. Without the key it tells nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonKey(Digest);

/// Names a certificate inside the record system: keyed HMAC of its digest.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CertificateKey(Digest);

/// Makes pseudonyms.
pub struct Pseudonyms(hmac::Key);

/// A keyed hash by which something is found: the first half of an HMAC-SHA-256 (RFC 2104 §5 allows no shorter one).
pub type Tag = [u8; 16];

/// Encrypts at rest.
pub struct Vault(LessSafeKey);

/// Why a key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file holds something else.
    #[error("{} does not hold {expected}", path.display())]
    Unsuitable {
        /// Which.
        path: PathBuf,
        /// What would be right.
        expected: &'static str,
    },
}

/// Why something stored cannot be opened: the key is another one, or the bytes were changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("stored data cannot be decrypted")]
pub struct Undecryptable;

impl PersonKey {
    /// The bytes.
    pub const fn as_bytes(&self) -> &Digest {
        &self.0
    }

    /// From the bytes as stored.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl std::fmt::Debug for PersonKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PersonKey({})", hex(&self.0))
    }
}

impl CertificateKey {
    /// The bytes.
    pub const fn as_bytes(&self) -> &Digest {
        &self.0
    }
}

impl Pseudonyms {
    /// From 32 secret bytes.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// From a file of 64 hexadecimal digits.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        Ok(Self::new(&*read_hex(path)?))
    }

    /// The person with this number.
    pub fn person(&self, number: &MyNumber) -> PersonKey {
        PersonKey(self.hash(b"person", number.expose()))
    }

    /// The user-authentication certificate with this SHA-256.
    pub fn certificate(&self, digest: &[u8]) -> CertificateKey {
        CertificateKey(self.hash(b"certificate", digest))
    }

    /// A keyed hash of a value, by kind: equal values are found, and nothing else is told.
    pub fn tag(&self, label: &[u8], value: &[u8]) -> Tag {
        let mut tag = Tag::default();
        tag.iter_mut().zip(self.hash(label, value)).for_each(|(place, byte)| *place = byte);
        tag
    }

    fn hash(&self, label: &[u8], value: &[u8]) -> Digest {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(label);
        context.update(&[0]);
        context.update(value);
        let mut bytes = [0; 32];
        bytes.copy_from_slice(context.sign().as_ref());
        bytes
    }
}

impl Vault {
    /// From 32 secret bytes.
    pub fn new(key: &[u8; 32]) -> Self {
        // AES-256-GCM takes exactly 32 bytes: this cannot fail, and if it did, nothing would open.
        let key = UnboundKey::new(&AES_256_GCM, key).unwrap_or_else(|ring::error::Unspecified| unreachable!());
        Self(LessSafeKey::new(key))
    }

    /// From a file of 64 hexadecimal digits.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        Ok(Self::new(&*read_hex(path)?))
    }

    /// Nonce, ciphertext and tag. `place` is where it will stand: elsewhere it does not open.
    pub fn seal(
        &self,
        place: &[u8],
        plain: &[u8],
        random: &dyn SecureRandom,
    ) -> Result<Vec<u8>, ring::error::Unspecified> {
        let mut nonce = [0; NONCE_LEN];
        random.fill(&mut nonce)?;
        let mut sealed = Vec::with_capacity(NONCE_LEN + plain.len() + AES_256_GCM.tag_len());
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let text = sealed.get_mut(NONCE_LEN..).unwrap_or_default();
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = self.0.seal_in_place_separate_tag(nonce, Aad::from(place), text)?;
        sealed.extend_from_slice(tag.as_ref());
        Ok(sealed)
    }

    /// What was sealed for this place.
    pub fn open(&self, place: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Undecryptable> {
        let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(Undecryptable)?;
        let mut bytes = Zeroizing::new(ciphertext.to_vec());
        let length = self
            .0
            .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(place), &mut bytes)
            .map_err(|ring::error::Unspecified| Undecryptable)?
            .len();
        bytes.truncate(length);
        Ok(bytes)
    }
}

shared::hidden_debug!(CertificateKey, Pseudonyms, Vault);

/// Reads 32 bytes written as 64 hexadecimal digits.
pub fn read_hex(path: &Path) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let text = std::fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(|source| KeyError::Unreadable { path: path.to_owned(), source })?;
    let unsuitable = || KeyError::Unsuitable { path: path.to_owned(), expected: "64 hexadecimal digits" };
    let digits = text.trim().as_bytes();
    if digits.len() != 64 {
        return Err(unsuitable());
    }
    let mut bytes = Zeroizing::new([0; 32]);
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let pair = std::str::from_utf8(pair).ok().filter(|pair| pair.bytes().all(|b| b.is_ascii_hexdigit()));
        *byte = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()).ok_or_else(unsuitable)?;
    }
    Ok(bytes)
}

/// Reads the PEM blocks of a file.
pub fn read_pem(path: &Path, expected: &'static str) -> Result<Vec<pem::Pem>, KeyError> {
    let bytes = std::fs::read(path).map_err(|source| KeyError::Unreadable { path: path.to_owned(), source })?;
    match pem::parse_many(bytes) {
        Ok(blocks) if !blocks.is_empty() => Ok(blocks),
        Ok(_) | Err(_) => Err(KeyError::Unsuitable { path: path.to_owned(), expected }),
    }
}

#[cfg(test)]
mod tests {
    use ring::rand::SystemRandom;

    use super::*;

    #[test]
    fn what_was_sealed_opens_only_at_its_place() {
        let vault = Vault::new(&[7; 32]);
        let sealed = vault.seal(b"person/1", b"dose", &SystemRandom::new()).unwrap();
        assert_eq!(vault.open(b"person/1", &sealed).unwrap().as_slice(), b"dose");
        assert_eq!(vault.open(b"person/2", &sealed), Err(Undecryptable));
        assert_eq!(Vault::new(&[8; 32]).open(b"person/1", &sealed), Err(Undecryptable));
        assert_eq!(vault.open(b"person/1", &sealed[..11]), Err(Undecryptable));
    }

    #[test]
    fn a_person_key_depends_on_the_secret() {
        let number = MyNumber::parse("123456789018").unwrap();
        assert_ne!(Pseudonyms::new(&[1; 32]).person(&number), Pseudonyms::new(&[2; 32]).person(&number));
    }

    #[test]
    fn a_key_file_must_hold_64_digits() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, "0f".repeat(32) + "\n").unwrap();
        assert_eq!(*read_hex(&path).unwrap(), [15; 32]);
        for wrong in ["", "0f", &"zz".repeat(32), &"+1".repeat(32)] {
            std::fs::write(&path, wrong).unwrap();
            assert!(matches!(read_hex(&path), Err(KeyError::Unsuitable { .. })), "{wrong}");
        }
    }
}
