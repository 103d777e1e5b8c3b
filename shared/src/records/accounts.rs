//! Accounts of the municipal console: who may work in the record system, for whom, and as what.

use serde::{Deserialize, Serialize};

use crate::domain::identifiers::{InvalidIdentifier, MunicipalityCode};

/// Names an account: 3 to 40 lower-case letters, digits and `-`, beginning with a letter.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountId(String);

/// What an account may do. Roles do not contain each other: an operator of the nation sees no person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Works with records of one municipality.
    Clerk,
    /// Does what a clerk does, agrees to terms, keeps accounts and approves.
    Supervisor,
    /// Keeps accounts of all municipalities and writes messages; sees no person.
    NationalOperator,
}

/// An account as a record file brings it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountRecord {
    /// Its name.
    pub account: AccountId,
    /// What it may do.
    pub role: Role,
    /// For which municipality; absent exactly for operators of the nation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub municipality: Option<MunicipalityCode>,
    /// The password's Argon2id hash in PHC form.
    pub password: String,
    /// Whether the account was made for a test world, its password known to everybody.
    #[serde(default)]
    pub fictitious: bool,
}

crate::hidden_debug!(AccountRecord);

impl AccountId {
    /// Parses the text form.
    pub fn parse(text: &str) -> Result<Self, InvalidIdentifier> {
        let characters = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let valid = (3..=40).contains(&text.len())
            && text.bytes().all(characters)
            && text.starts_with(|first: char| first.is_ascii_lowercase());
        if valid { Ok(Self(text.to_owned())) } else { Err(InvalidIdentifier("account")) }
    }

    /// The text form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for AccountId {
    type Error = InvalidIdentifier;

    fn try_from(text: String) -> Result<Self, InvalidIdentifier> {
        Self::parse(&text)
    }
}

impl From<AccountId> for String {
    fn from(account: AccountId) -> Self {
        account.0
    }
}

impl std::str::FromStr for AccountId {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        Self::parse(text)
    }
}

impl std::fmt::Display for AccountId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::fmt::Debug for AccountId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AccountId({})", self.0)
    }
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Clerk, Self::Supervisor, Self::NationalOperator];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clerk => "clerk",
            Self::Supervisor => "supervisor",
            Self::NationalOperator => "national-operator",
        }
    }

    /// From the stable name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_named_so_that_it_reads_the_same_to_everybody() {
        assert_eq!(AccountId::parse("clerk-131016").unwrap().as_str(), "clerk-131016");
        for wrong in ["", "ab", "1clerk", "Clerk", "clerk 1", "clerk\u{200b}", "ｃｌｅｒｋ", &"a".repeat(41)] {
            assert!(AccountId::parse(wrong).is_err(), "{wrong}");
        }
    }
}
