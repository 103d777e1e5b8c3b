//! Identifiers, each parsed at the edge and never a plain string inside.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Why a text is not the identifier it should be. The text itself is not repeated: it may be personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {0}")]
pub struct InvalidIdentifier(pub &'static str);

/// The 12-digit individual number (個人番号). Never printed, wiped when dropped.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct MyNumber([u8; 12]);

impl MyNumber {
    /// Parses twelve ASCII digits and checks the last one (Ordinance of the Ministry of Internal Affairs 2014-85, art. 5).
    pub fn parse(text: &str) -> Result<Self, InvalidIdentifier> {
        let digits: [u8; 12] = text
            .as_bytes()
            .try_into()
            .map_err(|std::array::TryFromSliceError { .. }| InvalidIdentifier("My Number"))?;
        if !digits.iter().all(u8::is_ascii_digit) || Self::check_digit(&digits) != digits[11] {
            return Err(InvalidIdentifier("My Number"));
        }
        Ok(Self(digits))
    }

    /// The check digit, as an ASCII digit, of the first eleven digits.
    pub fn check_digit(digits: &[u8; 12]) -> u8 {
        let sum: u32 = digits[..11]
            .iter()
            .rev()
            .zip(1_u32..)
            .map(|(digit, n)| u32::from(digit - b'0') * if n <= 6 { n + 1 } else { n - 5 })
            .sum();
        let rest = sum % 11;
        if rest <= 1 { b'0' } else { b'0' + (11 - rest) as u8 }
    }

    /// The twelve ASCII digits, for the person key and for encryption at rest only.
    pub const fn expose(&self) -> &[u8; 12] {
        &self.0
    }
}

crate::hidden_debug!(MyNumber);

/// Defines an identifier of printable ASCII with a check; it prints as itself.
macro_rules! text_identifier {
    ($(#[$doc:meta])* $name:ident, $label:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schema(value_type = String)]
        pub struct $name(String);

        impl $name {
            /// Parses the text form.
            pub fn parse(text: &str) -> Result<Self, InvalidIdentifier> {
                let valid: fn(&str) -> bool = $valid;
                if valid(text) { Ok(Self(text.to_owned())) } else { Err(InvalidIdentifier($label)) }
            }

            /// The text form.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidIdentifier;

            fn try_from(text: String) -> Result<Self, InvalidIdentifier> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(identifier: $name) -> Self {
                identifier.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidIdentifier;

            fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
                Self::parse(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    };
}

/// Defines an identifier of 128 random bits, written as 32 lower-case hexadecimal digits.
macro_rules! random_identifier {
    ($(#[$doc:meta])* $name:ident, $label:literal) => {
        text_identifier!($(#[$doc])* $name, $label, |text| {
            text.len() == 32 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        });

        impl $name {
            /// From 128 bits of the passed-in generator. Never from a clock: two callers in the same
            /// instant must differ.
            pub fn from_random(bits: [u8; 16]) -> Self {
                Self(hex(&bits))
            }
        }
    };
}

text_identifier!(
    /// A municipality's code: five digits and the check digit (全国地方公共団体コード, JIS X 0401/0402).
    MunicipalityCode, "municipality code", municipality_code_is_valid
);

text_identifier!(
    /// A terminal's number in its world: four digits, `0001` and up.
    TerminalId, "terminal id", |text| text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())
);

text_identifier!(
    /// A store chain: one capital letter and two digits, `S01`.
    ChainId, "chain id", |text| matches!(text.as_bytes(), [b'A'..=b'Z', b'0'..=b'9', b'0'..=b'9'])
);

text_identifier!(
    /// The certificate's id on paper and in both codes: twelve capitals and digits, the last a check
    /// character (ISO/IEC 7064 MOD 37,36). Twelve is what a VDS-NC `uvci` can hold. Our own choice.
    CertificateId, "certificate id", |text| {
        text.len() == 12
            && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
            && mod_37_36_holds(text)
    }
);

random_identifier!(
    /// One issuance at the centre.
    IssuanceId, "issuance id"
);
random_identifier!(
    /// The key under which a terminal asks for one issuance, made and stored before it asks.
    IdempotencyKey, "idempotency key"
);
random_identifier!(
    /// One challenge of the centre to a card.
    ChallengeId, "challenge id"
);
random_identifier!(
    /// The centre's short-lived knowledge of who stands at a terminal.
    HolderSessionId, "holder session id"
);
random_identifier!(
    /// One dialogue at a terminal, from the card to the end.
    TransactionId, "transaction id"
);

impl MunicipalityCode {
    /// From the five digits without their check digit.
    pub fn from_five_digits(digits: &str) -> Result<Self, InvalidIdentifier> {
        let invalid = InvalidIdentifier("municipality code");
        if digits.len() != 5 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(invalid);
        }
        Self::parse(&format!("{digits}{}", municipality_check_digit(digits.as_bytes())))
    }

    /// The prefecture's number, 1 to 47.
    pub fn prefecture(&self) -> u8 {
        self.0.bytes().take(2).fold(0, |number, digit| number * 10 + (digit - b'0'))
    }
}

impl CertificateId {
    /// Number of values that [`CertificateId::from_number`] can take: 36^11 exceeds 2^56.
    pub const RANDOM_BITS: u32 = 56;

    /// From a random number below 2^56: eleven characters in base 36 and the check character.
    pub fn from_number(number: u64) -> Self {
        let mut rest = number & ((1 << Self::RANDOM_BITS) - 1);
        let mut text = [b'0'; 11];
        for place in text.iter_mut().rev() {
            *place = base_36(rest % 36);
            rest /= 36;
        }
        let check = mod_37_36_check(&text);
        Self(text.iter().chain([&check]).map(|&b| char::from(b)).collect())
    }
}

fn base_36(value: u64) -> u8 {
    BASE_36.get(value as usize).copied().unwrap_or(b'0')
}

const BASE_36: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a `String` cannot fail.
        _ = write!(text, "{byte:02x}");
        text
    })
}

fn municipality_code_is_valid(text: &str) -> bool {
    text.len() == 6
        && text.bytes().all(|b| b.is_ascii_digit())
        && text.get(..2).is_some_and(|prefecture| ("01"..="47").contains(&prefecture))
        && text.as_bytes().split_last().is_some_and(|(check, five)| *check == b'0' + municipality_check_digit(five))
}

fn municipality_check_digit(five: &[u8]) -> u8 {
    let sum: u32 = five.iter().zip([6, 5, 4, 3, 2]).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    ((11 - sum % 11) % 10) as u8
}

/// The check character of ISO/IEC 7064 MOD 37,36 (hybrid system).
fn mod_37_36_check(text: &[u8]) -> u8 {
    let product = text.iter().fold(36, |product, &character| hybrid_step(product, character));
    base_36(u64::from((37 - product) % 36))
}

fn mod_37_36_holds(text: &str) -> bool {
    text.as_bytes().split_last().is_some_and(|(check, body)| mod_37_36_check(body) == *check)
}

fn hybrid_step(product: u32, character: u8) -> u32 {
    let value = BASE_36.iter().position(|&b| b == character).unwrap_or(0) as u32;
    let sum = (product + value) % 36;
    (if sum == 0 { 36 } else { sum }) * 2 % 37
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn my_numbers_are_checked_by_their_last_digit() {
        // Worked example: 12345678901 has the check digit 8.
        assert!(MyNumber::parse("123456789018").is_ok());
        for wrong in ["123456789010", "12345678901", "１２３４５６７８９０１８", "1234567890188", ""] {
            assert!(MyNumber::parse(wrong).is_err());
        }
    }

    #[test]
    fn a_my_number_is_never_printed() {
        let number = MyNumber::parse("123456789018").unwrap();
        assert_eq!(format!("{number:?}"), "MyNumber(..)");
    }

    #[test]
    fn municipality_codes_carry_their_check_digit() {
        // Chiyoda, Sapporo, Yokohama, Naha.
        for code in ["131016", "011002", "141003", "472018"] {
            assert_eq!(MunicipalityCode::from_five_digits(&code[..5]).unwrap().as_str(), code);
        }
        for wrong in ["131010", "13101", "999999", "13101６", "abcdef"] {
            assert!(MunicipalityCode::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn any_changed_character_of_a_certificate_id_is_found() {
        let id = CertificateId::from_number(0x0012_3456_789A_BCDE);
        let text = id.as_str();
        for (place, other) in (0..12).flat_map(|place| BASE_36.iter().map(move |&other| (place, char::from(other)))) {
            let mut changed = text.to_owned();
            changed.replace_range(place..=place, &other.to_string());
            assert_eq!(CertificateId::parse(&changed).is_ok(), changed == text, "{changed}");
        }
    }

    #[test]
    fn neighbours_swapped_in_a_certificate_id_are_found() {
        let id = CertificateId::from_number(77_777_777_777_123);
        let text = id.as_str().as_bytes();
        for place in 0..11 {
            let mut swapped = text.to_vec();
            swapped.swap(place, place + 1);
            assert!(swapped == text || CertificateId::parse(std::str::from_utf8(&swapped).unwrap()).is_err());
        }
    }
}
