//! Passwords, wiped when dropped; what is kept of them is a [hash](shared::secret_hash).

use ring::rand::SecureRandom;
use shared::secret_hash;
pub use shared::secret_hash::HashError;
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
        secret_hash::matches(&self.0, hash)
    }
}

/// The hash in PHC form, with a salt of its own.
pub fn hash(password: &Password, random: &dyn SecureRandom) -> Result<String, HashError> {
    secret_hash::hash(&password.0, random)
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
        assert!(secret_hash::is_hash(NOBODY));
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
