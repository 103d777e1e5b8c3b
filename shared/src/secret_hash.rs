//! Hashes of passwords and codes that persons choose: Argon2id (RFC 9106) in PHC string form, with the parameters that
//! OWASP names first. Computing one takes some tens of milliseconds, on purpose.

use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use ring::rand::SecureRandom;

/// Bytes of a salt.
pub const SALT_BYTES: usize = 16;

/// The system gives no random salt, or the hash cannot be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the secret could not be hashed")]
pub struct HashError;

/// The hash of a secret, with a salt of its own.
pub fn hash(secret: &str, random: &dyn SecureRandom) -> Result<String, HashError> {
    let mut salt = [0; SALT_BYTES];
    random.fill(&mut salt).map_err(|ring::error::Unspecified| HashError)?;
    hash_with_salt(secret, &salt)
}

/// The hash of a fictitious secret that everybody may know: in a world that grows from a seed, the salt does too.
pub fn hash_with_salt(secret: &str, salt: &[u8; SALT_BYTES]) -> Result<String, HashError> {
    let salt = SaltString::encode_b64(salt).ok().ok_or(HashError)?;
    let hash = hasher().hash_password(secret.as_bytes(), &salt).ok().ok_or(HashError)?;
    Ok(hash.to_string())
}

/// Whether a secret is the one that was hashed; nothing is, where the text is no hash.
pub fn matches(secret: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| hasher().verify_password(secret.as_bytes(), &hash).is_ok())
}

/// Whether a text is a whole hash of this kind.
pub fn is_hash(text: &str) -> bool {
    PasswordHash::new(text).is_ok_and(|hash| hash.algorithm == argon2::ARGON2ID_IDENT && hash.hash.is_some())
}

fn hasher() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}
