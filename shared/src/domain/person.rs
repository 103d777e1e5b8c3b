//! A person's four attributes as the card gives them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Sex as recorded (ISO/IEC 5218).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Sex {
    /// 1
    Male,
    /// 2
    Female,
    /// 9 or 0
    NotApplicable,
}

/// Name, address, birth date and sex (基本4情報).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attributes {
    /// Family and given name separated by U+3000, variation selectors kept; a former name stands in
    /// brackets behind the family name: `山田（旧姓佐藤）　花子`.
    pub name: String,
    /// Address as on the resident register.
    pub address: String,
    /// Date of birth, Gregorian.
    pub birth_date: Date,
    /// Sex.
    pub sex: Sex,
}

crate::hidden_debug!(Attributes);
