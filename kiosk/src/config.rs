//! The terminal's configuration: one TOML file, every key known, every path relative to the file.

mod panel;
mod printing;
mod staff;
mod world_time;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use shared::clock::{Clock, SystemClock};
use shared::domain::identifiers::TerminalId;

pub use self::panel::{Screen, Sound};
pub use self::printing::{Limits, Printer};
pub use self::staff::Staff;
pub use self::world_time::{ClockHand, Jump, WorldTime};
use crate::coins::Coins;

/// The file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Whether this is a street or a test.
    pub profile: Profile,
    /// Who this terminal is.
    pub terminal: Terminal,
    /// A world's clock instead of the machine's.
    pub clock: Option<WorldTime>,
    /// Where the centre is, and how it is known.
    pub center: Center,
    /// Who this terminal is to the centre.
    pub tls: Tls,
    /// The journal.
    pub journal: Journal,
    /// The card reader.
    #[serde(default)]
    pub reader: Reader,
    /// The money in the hopper when the program starts.
    #[serde(default = "filled")]
    pub hopper: Coins,
    /// Where paper goes, where no folder is named on the command line.
    pub paper: Option<Paper>,
    /// What prints certificates; without an address, the folder.
    #[serde(default)]
    pub printer: Printer,
    /// How long things may take.
    #[serde(default)]
    pub limits: Limits,
    /// The panel.
    #[serde(default)]
    pub screen: Screen,
    /// What is heard.
    #[serde(default)]
    pub sound: Sound,
    /// The staff's screens; without it, there are none.
    pub staff: Option<Staff>,
    /// Stops the program in the middle, for tests.
    #[serde(default)]
    pub fault: Option<Fault>,
}

/// Whether this is a street or a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// A street: no software card, no set clock, no test authority, no fault.
    Production,
    /// A test world.
    Test,
}

/// Who this terminal is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terminal {
    /// Its number.
    pub id: TerminalId,
}

/// The centre.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Center {
    /// Its address.
    pub url: Option<String>,
    /// The file in which it announces its address.
    pub announced: Option<PathBuf>,
    /// The name in its certificate.
    pub server_name: String,
    /// The one authority its certificate may come from.
    pub authority: PathBuf,
    /// The key its bindings are signed with.
    pub binding_key: PathBuf,
}

/// The terminal's own certificate.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// PEM.
    pub certificate: PathBuf,
    /// PKCS#8 PEM.
    pub key: PathBuf,
}

/// The journal.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Journal {
    /// The file; it belongs to one running program.
    pub path: PathBuf,
}

/// The card reader.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reader {
    /// Its name; the first with a card where it is absent.
    pub name: Option<String>,
}

/// Where paper goes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// The folder that stands for the tray.
    pub folder: PathBuf,
}

/// Stops the program in the middle.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Where it aborts, as a power cut would stop it.
    pub stop_at: StopAt,
}

/// A point between two acts. The program aborts there, without a word to anyone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StopAt {
    /// Before the key is journaled.
    BeforeRequest,
    /// The key is journaled, the request has not left.
    AfterRequested,
    /// The document came and is journaled.
    AfterReceived,
    /// The payment is journaled; neither change nor paper left.
    AfterPaid,
    /// The paper is being written; nothing lies in the tray.
    DuringPrinting,
    /// The paper lies in the tray; the journal does not know.
    AfterPrinting,
    /// The journal knows that the paper lies in the tray.
    AfterPresented,
    /// The end is journaled; the centre does not know.
    BeforeOutcome,
}

/// Why a configuration is refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{}: the configuration cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A line is wrong.
    #[error("{}:{line}: {message}", path.display())]
    Wrong {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong and what would be right.
        message: String,
    },
    /// The parts do not fit together.
    #[error("{}: {rule}", path.display())]
    Unfit {
        /// The file.
        path: PathBuf,
        /// The rule.
        rule: &'static str,
    },
}

const fn filled() -> Coins {
    Coins::FILLED
}

/// Whether this is continuous integration: its machines set `CI`.
#[cfg(feature = "simulation")]
pub(crate) fn is_continuous_integration() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}

impl Config {
    /// Reads and checks a file; its paths become absolute or relative to the working directory.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text =
            fs::read_to_string(path).map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
        let config: Self = toml::from_str(&text).map_err(|error| wrong(path, &text, &error))?;
        let rule = match (&config.center.url, &config.center.announced, config.profile) {
            (None, None, _) => Some("[center] needs url or announced"),
            (Some(_), Some(_), _) => Some("[center] takes either url or announced, not both"),
            (.., Profile::Production) if config.clock.is_some() => {
                Some("the profile production takes the machine's clock: remove [clock]")
            }
            (.., Profile::Production) if config.fault.is_some() => Some("[fault] belongs to the profile test"),
            (.., Profile::Production) if config.staff.as_ref().is_some_and(|staff| staff.fictitious) => {
                Some("[staff] is a test world's: choose a code and put what `kiosk staff-code` prints in its place")
            }
            _ if !(5.0..=100.0).contains(&config.screen.diagonal_inches) => {
                Some("[screen] diagonal_inches is the panel's, 5 to 100, such as 15.6")
            }
            _ if config.sound.player.as_ref().is_some_and(Vec::is_empty) => {
                Some("[sound] player is a program with its arguments, such as [\"aplay\", \"-q\", \"-\"]")
            }
            (.., Profile::Production | Profile::Test) => printing::rule(&config.printer, config.limits, config.profile),
        };
        match rule {
            Some(rule) => Err(ConfigError::Unfit { path: path.to_owned(), rule }),
            None => Ok(config.rooted(path.parent().unwrap_or_else(|| Path::new("")))),
        }
    }

    /// The clock that is passed in everywhere.
    pub fn make_clock(&self) -> Result<Arc<dyn Clock>, ConfigError> {
        match &self.clock {
            None => Ok(Arc::new(SystemClock)),
            Some(world) => world.clock(),
        }
    }

    /// The folder that stands for the tray where the command line names none.
    pub fn paper_folder(&self) -> PathBuf {
        match &self.paper {
            Some(paper) => paper.folder.clone(),
            None => self.journal.path.with_extension("paper"),
        }
    }

    /// Where the staff's reports are kept.
    pub fn report_folder(&self) -> PathBuf {
        let configured = self.staff.as_ref().and_then(|staff| staff.reports.clone());
        configured.unwrap_or_else(|| self.journal.path.with_extension("reports"))
    }

    /// Where the test stops the program.
    pub fn stop_at(&self) -> Option<StopAt> {
        self.fault.map(|fault| fault.stop_at)
    }

    fn rooted(mut self, root: &Path) -> Self {
        let paths = [
            self.clock.as_mut().map(|clock| &mut clock.anchor),
            self.center.announced.as_mut(),
            Some(&mut self.center.authority),
            Some(&mut self.center.binding_key),
            Some(&mut self.tls.certificate),
            Some(&mut self.tls.key),
            Some(&mut self.journal.path),
            self.paper.as_mut().map(|paper| &mut paper.folder),
            self.printer.authority.as_mut(),
            self.staff.as_mut().and_then(|staff| staff.reports.as_mut()),
        ];
        for path in paths.into_iter().flatten() {
            *path = root.join(&*path);
        }
        self
    }
}

fn wrong(path: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    let start = error.span().map_or(0, |span| span.start);
    let line = text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1;
    let mut message = error.message().to_owned();
    if message.contains("terminal id") {
        message.push_str(": four digits are right, such as \"0001\"");
    }
    ConfigError::Wrong { path: path.to_owned(), line, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RIGHT: &str = r#"profile = "test"
[terminal]
id = "0001"
[clock]
stands_at = "2022-10-03T10:00:00+09:00"
anchor = "world.json"
[center]
announced = "run/center.json"
server_name = "localhost"
authority = "pki/tls-ca.pem"
binding_key = "pki/binding.pub.pem"
[tls]
certificate = "pki/kiosk-0001.pem"
key = "pki/kiosk-0001.key"
[journal]
path = "run/kiosk-0001.journal"
"#;

    #[expect(clippy::unwrap_in_result, reason = "a temporary folder that cannot be had ends the test")]
    fn load(text: &str) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kiosk.toml");
        fs::write(&path, text).unwrap();
        Config::load(&path).map_err(|error| error.to_string().replace(&folder.path().display().to_string(), ""))
    }

    #[test]
    fn the_worlds_file_is_read_and_its_paths_are_rooted() {
        let config = load(RIGHT).unwrap();
        assert!(config.journal.path.is_absolute());
        assert!(config.journal.path.ends_with("run/kiosk-0001.journal"));
        assert_eq!(config.hopper, Coins::FILLED);
    }

    #[test]
    fn a_wrong_line_is_named_with_what_would_be_right() {
        let unknown = load(&RIGHT.replace("server_name", "servername")).unwrap_err();
        assert!(unknown.starts_with("/kiosk.toml:9: unknown field `servername`"), "{unknown}");
        assert!(unknown.contains("`server_name`"), "{unknown}");
        let id = load(&RIGHT.replace("\"0001\"", "\"1\"")).unwrap_err();
        assert!(id.starts_with("/kiosk.toml:3:") && id.contains("four digits"), "{id}");
        let stop = load(&format!("{RIGHT}[fault]\nstop_at = \"sometime\"\n")).unwrap_err();
        assert!(stop.starts_with("/kiosk.toml:18:") && stop.contains("after-requested"), "{stop}");
    }

    #[test]
    fn a_panel_has_a_size_and_a_player_a_name() {
        let with = |lines: &str| load(&format!("{RIGHT}{lines}"));
        assert!(with("[screen]\ndiagonal_inches = 10.1\n[sound]\nplayer = [\"aplay\", \"-q\", \"-\"]\n").is_ok());
        assert!(with("[screen]\ndiagonal_inches = 0.0\n").unwrap_err().contains("5 to 100"));
        assert!(with("[sound]\nplayer = []\n").unwrap_err().contains("aplay"));
    }

    #[test]
    fn a_printer_is_near_or_spoken_to_in_secret() {
        let with = |lines: &str| load(&format!("{RIGHT}{lines}"));
        assert!(with("[printer]\nuri = \"ipp://127.0.0.1:8631/ipp/print\"\n").is_ok());
        assert!(with("[printer]\nuri = \"http://127.0.0.1/\"\n").unwrap_err().contains("ipp://"));
        assert!(with("[printer]\nuri = \"ipps://printer.example/ipp/print\"\n").unwrap_err().contains("authority"));
        assert!(with("[limits]\nprint_seconds = 156\n").unwrap_err().contains("three minutes"));
        let production = RIGHT
            .replace("\"test\"", "\"production\"")
            .replace("[clock]\nstands_at = \"2022-10-03T10:00:00+09:00\"\nanchor = \"world.json\"\n", "");
        let far = load(&format!("{production}[printer]\nuri = \"ipp://printer.example/ipp/print\"\n"));
        assert!(far.unwrap_err().contains("ipps"));
        let slow = load(&format!("{production}[printer]\nmilliseconds_a_side = 10\n"));
        assert!(slow.unwrap_err().contains("test"));
    }

    #[test]
    fn production_takes_no_set_clock_no_fault_and_no_code_of_a_test_world() {
        let production = RIGHT.replace("\"test\"", "\"production\"");
        assert!(load(&production).unwrap_err().contains("[clock]"));
        let without_clock =
            production.replace("[clock]\nstands_at = \"2022-10-03T10:00:00+09:00\"\nanchor = \"world.json\"\n", "");
        assert!(load(&without_clock).is_ok());
        let fault = format!("{without_clock}[fault]\nstop_at = \"after-paid\"\n");
        assert!(load(&fault).unwrap_err().contains("[fault]"));
        let staff = |more: &str| {
            let code = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LW5vYm9keSE$c29tZXRoaW5nLWVsc2UtZW50aXJlbHk";
            load(&format!("{without_clock}[staff]\ncode = \"{code}\"\n{more}"))
        };
        assert!(staff("").is_ok());
        assert!(staff("fictitious = true\n").unwrap_err().contains("kiosk staff-code"));
    }
}
