//! The staff's code: eight digits, of which the configuration knows only the Argon2id hash.

use ring::rand::SecureRandom;
use serde::Deserialize;
use shared::secret_hash::{self, HashError};
use zeroize::Zeroizing;

/// Digits of a code.
pub const CODE_DIGITS: usize = 8;

/// A code as it was typed; wiped when dropped.
pub struct StaffCode(Zeroizing<String>);

shared::hidden_debug!(StaffCode);

/// Why a text is no code to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Something else than eight digits.
    #[error("a code is eight digits")]
    Digits,
    /// Everybody tries it first.
    #[error("the code is too easy to guess: use more than three different digits, not in order")]
    Guessable,
    /// It cannot be hashed.
    #[error("the code could not be hashed")]
    Unhashed(#[from] HashError),
}

/// The fewest different digits of a chosen code.
const DIFFERENT: usize = 4;

impl StaffCode {
    /// Takes eight digits.
    pub fn parse(text: &str) -> Option<Self> {
        let is_code = text.len() == CODE_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
        is_code.then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The hash of a newly chosen code in PHC form, with a salt of its own.
    pub fn choose(text: &str, random: &dyn SecureRandom) -> Result<String, CodeError> {
        let code = Self::parse(text).ok_or(CodeError::Digits)?;
        let mut different: Vec<u8> = text.bytes().collect();
        different.sort_unstable();
        different.dedup();
        let steps = |way: i16| {
            let pairs = text.bytes().zip(text.bytes().skip(1));
            pairs.filter(|(one, next)| i16::from(*next) - i16::from(*one) == way).count()
        };
        let is_in_order = steps(1) >= CODE_DIGITS - 2 || steps(-1) >= CODE_DIGITS - 2;
        if different.len() < DIFFERENT || is_in_order {
            return Err(CodeError::Guessable);
        }
        Ok(secret_hash::hash(&code.0, random)?)
    }
}

/// The hash of the code, from the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct CodeHash(String);

impl TryFrom<String> for CodeHash {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if secret_hash::is_hash(&text) {
            Ok(Self(text))
        } else {
            Err("the code's hash is what `kiosk staff-code` prints: $argon2id$…")
        }
    }
}

impl CodeHash {
    /// Whether it is the code that was hashed. Takes some tens of milliseconds, on purpose.
    pub fn matches(&self, code: &StaffCode) -> bool {
        secret_hash::matches(&code.0, &self.0)
    }
}

#[cfg(test)]
mod tests {
    use ring::rand::SystemRandom;

    use super::*;

    #[test]
    fn a_hash_knows_its_code_and_no_other() {
        let text = StaffCode::choose("40917263", &SystemRandom::new()).unwrap();
        let hash = CodeHash::try_from(text).unwrap();
        assert!(hash.matches(&StaffCode::parse("40917263").unwrap()));
        assert!(!hash.matches(&StaffCode::parse("40917264").unwrap()));
    }

    #[test]
    fn what_everybody_tries_first_cannot_be_chosen() {
        let choose = |text| StaffCode::choose(text, &SystemRandom::new()).err();
        for text in ["11111111", "12121212", "12345678", "87654321", "01234567"] {
            assert_eq!(choose(text), Some(CodeError::Guessable), "{text}");
        }
        for text in ["1234", "4091726a", "409172630", "", "４０９１７２６３"] {
            assert_eq!(choose(text), Some(CodeError::Digits), "{text}");
        }
    }

    #[test]
    fn only_a_hash_of_the_right_kind_is_configured() {
        let other = "$argon2i$v=19$m=19456,t=2,p=1$bm9ib2R5LW5vYm9keSE$c29tZXRoaW5nLWVsc2UtZW50aXJlbHk";
        assert!(CodeHash::try_from(other.replace("argon2i", "argon2id")).is_ok());
        for text in ["", "40917263", other, "$argon2id$v=19"] {
            assert!(CodeHash::try_from(text.to_owned()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_code_is_never_printed() {
        assert_eq!(format!("{:?}", StaffCode::parse("40917263").unwrap()), "StaffCode(..)");
    }
}
