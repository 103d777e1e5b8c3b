//! A scenario's file: what is done, step by step, and which screen each step must bring.

use std::path::{Path, PathBuf};

use egui::Vec2;
use serde::Deserialize;

use crate::config::Jump;
use crate::terminal::Worker;
use crate::window::WindowSize;

/// A scenario.
#[derive(Debug)]
pub(super) struct Scenario {
    /// The panel, in pixels.
    pub(super) panel: Vec2,
    /// What is done.
    pub(super) steps: Vec<Step>,
}

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default = "upright")]
    panel: String,
    #[serde(rename = "step")]
    steps: Vec<Step>,
}

fn upright() -> String {
    "1080x1920".to_owned()
}

/// One thing that is done.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    /// What.
    #[serde(rename = "do")]
    pub(super) act: Act,
    /// The name of the screen that must be there then.
    pub(super) shows: String,
}

/// What can be done.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Act {
    /// Nothing: the screen comes by itself.
    Look,
    /// A key of the screen, by the name of its words or by what it says.
    Press(String),
    /// The key of the keyboard that leads on.
    Enter,
    /// The key of the keyboard that leads out.
    Escape,
    /// Characters on the keyboard.
    Type(String),
    /// A resident's card is laid onto the reader.
    Card(String),
    /// The card is taken.
    PullCard,
    /// A coin or note, by its worth.
    Coin(u32),
    /// The paper is taken.
    TakePaper,
    /// The line to the centre.
    Line(Condition),
    /// The printer.
    Printer(Condition),
    /// The terminal's clock jumps: to the next `23:05` in Japan, or by so many seconds.
    Clock(Jump),
    /// A device thread stands still from its next request on.
    Halt(Worker),
    /// A device thread ends at its next request.
    Crash(Worker),
    /// A thread that stands still moves again.
    Release(Worker),
    /// So many seconds pass.
    Wait(u64),
}

/// Whether something works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Condition {
    /// It does not.
    Broken,
    /// It does.
    Whole,
}

impl Step {
    /// What is said when it has been done.
    pub(super) fn done(&self, number: usize) -> String {
        format!("{number:>2} {:<12} {}", self.act.name(), self.shows)
    }
}

impl Act {
    /// What kind of thing it is; what is typed stays unsaid.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Look => "look",
            Self::Press(_) => "press",
            Self::Enter => "enter",
            Self::Escape => "escape",
            Self::Type(_) => "type",
            Self::Card(_) => "card",
            Self::PullCard => "pull-card",
            Self::Coin(_) => "coin",
            Self::TakePaper => "take-paper",
            Self::Line(_) => "line",
            Self::Printer(_) => "printer",
            Self::Clock(_) => "clock",
            Self::Halt(_) => "halt",
            Self::Crash(_) => "crash",
            Self::Release(_) => "release",
            Self::Wait(_) => "wait",
        }
    }
}

/// Why a file is no scenario.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// The file cannot be read.
    #[error("{}: the scenario cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A line is wrong.
    #[error("{}: {message}", path.display())]
    Wrong {
        /// The file.
        path: PathBuf,
        /// The line, and what is wrong with it.
        message: String,
    },
}

impl Scenario {
    /// Reads and checks a file.
    pub(super) fn load(path: &Path) -> Result<Self, ScenarioError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ScenarioError::Unreadable { path: path.to_owned(), source })?;
        Self::parse(&text).map_err(|message| ScenarioError::Wrong { path: path.to_owned(), message })
    }

    fn parse(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        let panel: WindowSize = file.panel.parse().map_err(|rule: &str| format!("panel: {rule}"))?;
        Ok(Self { panel: egui::vec2(f32::from(panel.width), f32::from(panel.height)), steps: file.steps })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_says_what_is_done_and_what_it_must_bring() {
        let text = "panel = \"1280x800\"\n[[step]]\ndo = { coin = 100 }\nshows = \"pay\"\n[[step]]\ndo = \"enter\"\nshows = \"menu\"\n";
        let scenario = Scenario::parse(text).unwrap();
        assert_eq!(scenario.panel, egui::vec2(1280.0, 800.0));
        assert!(matches!(scenario.steps[0].act, Act::Coin(100)));
        for (wrong, said) in [("coin", "con"), ("shows", "show"), ("1280x800", "1280")] {
            assert!(Scenario::parse(&text.replacen(wrong, said, 1)).is_err(), "{said}");
        }
    }
}
