//! The passport of an earlier issue: what the record system keeps from its machine-readable zone.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::identifiers::InvalidIdentifier;

/// First day on which an issue with passport data opens the overseas form at a terminal (municipal notices, 2022).
pub const FIRST_REGISTRATION: Date = jiff::civil::date(2022, 7, 21);

/// A passport number: up to nine capitals and digits (ICAO Doc 9303-4 §4.2.2). Wiped when dropped.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop, utoipa::ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String)]
pub struct PassportNumber(String);

impl PassportNumber {
    /// Parses a number as typed: full-width and small letters are folded, spaces dropped.
    pub fn parse(text: &str) -> Result<Self, InvalidIdentifier> {
        let number: String = text
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| match c {
                '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
                _ => c,
            })
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let valid =
            (6..=9).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
        if valid { Ok(Self(number)) } else { Err(InvalidIdentifier("passport number")) }
    }

    /// The number as printed on the certificate.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number with all but its last three characters masked.
    pub fn masked(&self) -> String {
        let shown = self.0.len().saturating_sub(3);
        self.0.char_indices().map(|(i, c)| if i < shown { '*' } else { c }).collect()
    }
}

impl TryFrom<String> for PassportNumber {
    type Error = InvalidIdentifier;

    fn try_from(text: String) -> Result<Self, InvalidIdentifier> {
        Self::parse(&text)
    }
}

impl From<PassportNumber> for String {
    fn from(number: PassportNumber) -> Self {
        number.0.clone()
    }
}

/// What travel document an earlier issue was made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TravelDocument {
    /// A passport: the only kind the terminal accepts.
    Passport,
    /// A refugee travel document, re-entry permit or the like: counter only.
    Other,
}

/// Passport data as read from a machine-readable zone at a counter or by the phone app.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passport {
    /// Kind of document.
    pub kind: TravelDocument,
    /// Document number.
    pub number: PassportNumber,
    /// Three-letter nationality (ICAO Doc 9303-3 §5), `JPN`.
    pub nationality: String,
    /// Primary identifier (surname), capitals A–Z and spaces.
    pub surname: String,
    /// Secondary identifier (given names), capitals A–Z and spaces; may be empty.
    pub given: String,
    /// Last day of validity.
    pub expires: Date,
}

crate::hidden_debug!(PassportNumber, Passport);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_people_type_it() {
        for typed in ["TK1234567", "tk1234567", "ＴＫ１２３４５６７", " TK 1234567 "] {
            assert_eq!(PassportNumber::parse(typed).unwrap().as_str(), "TK1234567");
        }
        for wrong in ["", "TK12", "TK12345678", "TK-123456", "旅券1234567"] {
            assert!(PassportNumber::parse(wrong).is_err());
        }
    }

    #[test]
    fn all_but_three_characters_are_masked() {
        assert_eq!(PassportNumber::parse("TK1234567").unwrap().masked(), "******567");
    }
}
