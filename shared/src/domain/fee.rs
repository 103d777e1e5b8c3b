//! Money: whole yen, never negative.

use serde::{Deserialize, Serialize};

/// An amount in yen.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(transparent)]
pub struct Yen(pub u32);

/// What one copy costs, tax included (municipal notices of the service, 2022).
pub const FEE_PER_COPY: Yen = Yen(120);

/// The most copies one payment may cover. Our own limit.
pub const MAXIMUM_COPIES: u8 = 5;

impl Yen {
    /// The sum, or `None` where it does not fit.
    pub const fn plus(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    /// What remains, or `None` where `other` is more.
    pub const fn minus(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(rest) => Some(Self(rest)),
            None => None,
        }
    }

    /// So many times the amount, or `None` where it does not fit.
    pub const fn times(self, count: u8) -> Option<Self> {
        match self.0.checked_mul(count as u32) {
            Some(product) => Some(Self(product)),
            None => None,
        }
    }
}

impl std::fmt::Display for Yen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} yen", self.0)
    }
}
