//! How a terminal's printer renders the ground pattern: the value that `kiosk calibrate` reads off a step wedge.

use serde::{Deserialize, Serialize};

/// The pitch of the coarse dots at which they print as dark as the fine ones, in hundredths of 1/600 inch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "u16", into = "u16")]
#[schema(value_type = u16, minimum = 900, maximum = 2000)]
pub struct Calibration(u16);

/// The number is no pitch that any printer needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a calibration value lies between 900 and 2000")]
pub struct CalibrationError;

impl Calibration {
    /// The least and the greatest pitch.
    pub const RANGE: std::ops::RangeInclusive<u16> = 900..=2000;

    /// From hundredths of 1/600 inch.
    pub fn from_hundredths(pitch: u16) -> Result<Self, CalibrationError> {
        if Self::RANGE.contains(&pitch) { Ok(Self(pitch)) } else { Err(CalibrationError) }
    }

    /// In hundredths of 1/600 inch.
    pub const fn hundredths(self) -> u16 {
        self.0
    }

    /// In 1/600 inch.
    pub fn pitch_dots(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

impl Default for Calibration {
    /// What suits the middle one of the simulated print engines (`docs/paper.md`).
    fn default() -> Self {
        Self(1520)
    }
}

impl TryFrom<u16> for Calibration {
    type Error = CalibrationError;

    fn try_from(pitch: u16) -> Result<Self, CalibrationError> {
        Self::from_hundredths(pitch)
    }
}

impl From<Calibration> for u16 {
    fn from(calibration: Calibration) -> Self {
        calibration.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pitches_that_a_printer_needs_are_read() {
        assert_eq!(serde_json::from_str::<Calibration>("1095").unwrap().hundredths(), 1095);
        for text in ["899", "2001", "-1", "70000", "\"1520\""] {
            assert!(serde_json::from_str::<Calibration>(text).is_err(), "{text}");
        }
        assert_eq!(serde_json::to_string(&Calibration::default()).unwrap(), "1520");
    }
}
