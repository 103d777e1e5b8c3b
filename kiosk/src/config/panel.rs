//! What a resident sees and hears it on.

use serde::Deserialize;

/// The panel.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Screen {
    /// Its diagonal, in inches: it decides how many pixels twenty millimetres are.
    pub diagonal_inches: f32,
}

impl Default for Screen {
    fn default() -> Self {
        Self { diagonal_inches: 15.6 }
    }
}

/// What is heard.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sound {
    /// A program with its arguments that plays a WAV file from its standard input; without one, nothing is heard.
    pub player: Option<Vec<String>>,
}
