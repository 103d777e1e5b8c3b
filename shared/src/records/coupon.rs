//! Vaccination coupons and the municipality's own numbers of persons.

use serde::{Deserialize, Serialize};

use crate::domain::identifiers::{InvalidIdentifier, MunicipalityCode};

/// The coupon's number within its municipality: ten digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CouponNumber(String);

/// The municipality's number of a person (宛名番号): 1 to 15 digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AddressNumber(String);

/// A coupon, printed as a line of 18 digits: kind 1, dose 1, municipality 6, number 10.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Coupon {
    /// Kind of coupon, one digit.
    pub kind: u8,
    /// For which dose, one digit.
    pub dose: u8,
    /// Which municipality sent it.
    pub municipality: MunicipalityCode,
    /// Its number there.
    pub number: CouponNumber,
}

/// Implements the ways between an identifier and its text.
macro_rules! text_form {
    ($name:ident) => {
        impl TryFrom<String> for $name {
            type Error = InvalidIdentifier;

            fn try_from(text: String) -> Result<Self, InvalidIdentifier> {
                Self::parse(&text)
            }
        }
    };
    ($name:ident, $label:literal, $lengths:expr) => {
        text_form!($name);

        impl $name {
            /// Parses ASCII digits.
            pub fn parse(text: &str) -> Result<Self, InvalidIdentifier> {
                let valid = $lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
                if valid { Ok(Self(text.to_owned())) } else { Err(InvalidIdentifier($label)) }
            }

            /// The digits.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<$name> for String {
            fn from(number: $name) -> Self {
                number.0
            }
        }
    };
}

text_form!(CouponNumber, "coupon number", 10..=10);
text_form!(AddressNumber, "address number", 1..=15);
text_form!(Coupon);

impl Coupon {
    /// Parses the line of 18 digits.
    pub fn parse(line: &str) -> Result<Self, InvalidIdentifier> {
        let invalid = InvalidIdentifier("coupon");
        if line.len() != 18 || !line.bytes().all(|b| b.is_ascii_digit()) {
            return Err(invalid);
        }
        let (Some(head), Some(municipality), Some(number)) = (line.get(..2), line.get(2..8), line.get(8..)) else {
            return Err(invalid);
        };
        let mut digits = head.bytes().map(|digit| digit - b'0');
        let (Some(kind), Some(dose)) = (digits.next(), digits.next()) else { return Err(invalid) };
        Ok(Self {
            kind,
            dose,
            municipality: MunicipalityCode::parse(municipality)?,
            number: CouponNumber::parse(number)?,
        })
    }
}

impl From<Coupon> for String {
    fn from(coupon: Coupon) -> Self {
        format!("{}{}{}{}", coupon.kind, coupon.dose, coupon.municipality, coupon.number.as_str())
    }
}

crate::hidden_debug!(CouponNumber, AddressNumber, Coupon);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coupon_line_is_read_and_written_alike() {
        let line = "211310160000012345";
        let coupon = Coupon::parse(line).unwrap();
        assert_eq!((coupon.kind, coupon.dose, coupon.number.as_str()), (2, 1, "0000012345"));
        assert_eq!(coupon.municipality.as_str(), "131016");
        assert_eq!(String::from(coupon), line);
    }

    #[test]
    fn a_coupon_of_no_municipality_or_of_other_digits_is_refused() {
        for wrong in ["211310100000012345", "21131016000001234", "２11310160000012345", "21131016000001234x", ""] {
            assert!(Coupon::parse(wrong).is_err(), "{wrong}");
        }
    }
}
