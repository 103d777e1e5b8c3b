//! Passwords: Argon2id with the parameters that OWASP names first, wiped when dropped.

use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use ring::rand::SecureRandom;
use zeroize::Zeroizing;

/// A password as it was typed.
pub struct Password(Zeroizing<String>);

/// Why a text is no password to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too short or too long.
    #[error("12 to 128 characters are expected")]
    Length,
    /// It is one that everybody tries.
    #[error("the password is too easy to guess")]
    Guessable,
}

/// Why a password could not be hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct HashError;

/// Characters that a chosen password has.
const LENGTHS: std::ops::RangeInclusive<usize> = 12..=128;

/// The fewest different characters of a chosen password.
const DIFFERENT: usize = 5;

shared::hidden_debug!(Password);

impl Password {
    /// Takes what was typed, to be compared.
    pub fn typed(text: &str) -> Self {
        // Longer ones are no password here; they are cut so that hashing them costs no more.
        Self(Zeroizing::new(text.chars().take(*LENGTHS.end()).collect()))
    }

    /// Takes what was typed as the account's new password.
    pub fn choose(text: &str, account: &str) -> Result<Self, PasswordError> {
        if !LENGTHS.contains(&text.chars().count()) {
            return Err(PasswordError::Length);
        }
        let mut different: Vec<char> = text.to_lowercase().chars().collect();
        different.sort_unstable();
        different.dedup();
        let lower = text.to_lowercase();
        if different.len() < DIFFERENT || lower.contains(account) || lower.starts_with("password") {
            return Err(PasswordError::Guessable);
        }
        Ok(Self::typed(text))
    }

    /// Whether it is the one that was hashed.
    pub fn matches(&self, hash: &str) -> bool {
        PasswordHash::new(hash).is_ok_and(|hash| hasher().verify_password(self.0.as_bytes(), &hash).is_ok())
    }
}

/// The hash in PHC form, with a salt of its own.
pub fn hash(password: &Password, random: &dyn SecureRandom) -> Result<String, HashError> {
    let mut salt = [0; 16];
    random.fill(&mut salt).map_err(|ring::error::Unspecified| HashError)?;
    let salt = SaltString::encode_b64(&salt).ok().ok_or(HashError)?;
    let hash = hasher().hash_password(password.0.as_bytes(), &salt).ok().ok_or(HashError)?;
    Ok(hash.to_string())
}

fn hasher() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

/// Of no password: compared where the account does not exist, so that both take as long.
pub(super) const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LW5vYm9keSE$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[cfg(test)]
mod tests {
    use ring::rand::SystemRandom;

    use super::*;

    #[test]
    fn a_hash_knows_its_password_and_no_other() {
        let hashed = hash(&Password::typed("正しい馬の電池とホチキス"), &SystemRandom::new()).unwrap();
        assert!(hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hashed}");
        assert!(Password::typed("正しい馬の電池とホチキス").matches(&hashed));
        assert!(!Password::typed("正しい馬の電池とホチキズ").matches(&hashed));
    }

    #[test]
    fn nobodys_hash_is_computed_and_never_matches() {
        assert!(PasswordHash::new(NOBODY).is_ok());
        assert!(!Password::typed("").matches(NOBODY));
    }

    #[test]
    fn what_everybody_tries_cannot_be_chosen() {
        let choose = |text| Password::choose(text, "clerk-131016").err();
        assert_eq!(choose("short"), Some(PasswordError::Length));
        assert_eq!(choose("aaaaaaaaaaaaaa"), Some(PasswordError::Guessable));
        assert_eq!(choose("clerk-131016-2022"), Some(PasswordError::Guessable));
        assert_eq!(choose("Password-2022-10"), Some(PasswordError::Guessable));
        assert_eq!(choose("seven wet lanterns"), None);
    }
}
