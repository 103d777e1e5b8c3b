//! How a terminal's printer renders the ground pattern: the value that `kiosk calibrate` reads off a step wedge.

use std::fmt;
use std::str::FromStr;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ground::{FineScreen, Pitch};

/// The fine screen that a printer needs, and the pitch of the coarse dots at which they print as dark.
///
/// In text it is the screen's cell and the pitch in hundredths of 1/600 inch, `16/1430`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Calibration {
    /// In the ground.
    pub screen: FineScreen,
    /// In the word.
    pub pitch: Pitch,
}

/// The text is no calibration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a calibration is a fine screen (18, 16, 12 or 8), a slash and a pitch from 900 to 1600, such as \"16/1430\"")]
pub struct CalibrationError;

impl Default for Calibration {
    /// What suits the middle one of the simulated print engines (`docs/paper.md`).
    fn default() -> Self {
        Self { screen: FineScreen::Of18, pitch: Pitch::TYPICAL }
    }
}

impl fmt::Display for Calibration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.screen.cell(), self.pitch.hundredths())
    }
}

impl FromStr for Calibration {
    type Err = CalibrationError;

    fn from_str(text: &str) -> Result<Self, CalibrationError> {
        // Digits only: a number's own parser takes a sign and leading zeros.
        let number = |digits: &str| {
            let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
            is_plain.then(|| digits.parse::<u16>().ok()).flatten().ok_or(CalibrationError)
        };
        let (cell, pitch) = text.split_once('/').ok_or(CalibrationError)?;
        let screen = FineScreen::with_cell(usize::from(number(cell)?)).ok_or(CalibrationError)?;
        let pitch = Pitch::from_hundredths(number(pitch)?).ok_or(CalibrationError)?;
        Ok(Self { screen, pitch })
    }
}

impl Serialize for Calibration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Calibration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Text)
    }
}

struct Text;

impl Visitor<'_> for Text {
    type Value = Calibration;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a calibration such as \"16/1430\" (a number alone is of an earlier pattern: calibrate the terminal again)",
        )
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Calibration, E> {
        text.parse().map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calibration_is_read_as_it_is_written() {
        for screen in FineScreen::ALL {
            let calibration = Calibration { screen, ..Calibration::default() };
            assert_eq!(calibration.to_string().parse(), Ok(calibration));
        }
        let typed: Calibration = serde_json::from_str("\"12/1443\"").unwrap();
        assert_eq!((typed.screen, typed.pitch.hundredths()), (FineScreen::Of12, 1443));
        assert_eq!(serde_json::to_string(&typed).unwrap(), "\"12/1443\"");
    }

    #[test]
    fn only_screens_and_pitches_of_the_wedge_are_read() {
        let texts =
            ["", "16", "16/", "/1430", "16/899", "16/1601", "15/1430", "16/1430/1", "16/+1430", "16/01430", " 16/1430"];
        for text in texts {
            assert_eq!(text.parse::<Calibration>(), Err(CalibrationError), "{text}");
        }
    }

    #[test]
    fn a_number_of_the_earlier_pattern_is_refused_with_what_to_do() {
        let error = serde_json::from_str::<Calibration>("1262").unwrap_err().to_string();
        assert!(error.contains("calibrate the terminal again"), "{error}");
    }
}
