//! `kiosk issue` as a command line: what is asked for, and what came of it.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::program::{self, Running};
use crate::world::{Resident, World};

/// What a resident asks for at a terminal.
#[derive(Debug, Clone)]
pub struct Application {
    config: String,
    source: Source,
    pin: String,
    form: &'static str,
    municipality: Option<String>,
    passport: Option<String>,
    copies: Option<u8>,
    coins: String,
    last_try: bool,
}

#[derive(Debug, Clone)]
enum Source {
    Card(String),
    Reader(String),
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The exit status; -1 when a signal ended the terminal.
    pub status: i32,
    /// The events, in order.
    pub events: Vec<Value>,
}

impl Application {
    /// The domestic form for a resident, card by file, at terminal 0001.
    pub fn domestic(resident: &Resident) -> Self {
        Self {
            config: "kiosk.toml".to_owned(),
            source: Source::Card(resident.card.clone()),
            pin: resident.pins.input_support.clone(),
            form: "domestic",
            municipality: None,
            passport: None,
            copies: None,
            coins: "100,50".to_owned(),
            last_try: false,
        }
    }

    /// The overseas form, with the resident's passport number typed where there is one.
    pub fn overseas(resident: &Resident) -> Self {
        let passport = resident.passport.as_ref().map(|passport| passport.number.clone());
        Self { form: "overseas", passport, ..Self::domestic(resident) }
    }

    /// At another terminal, `0002`.
    #[must_use]
    pub fn at(self, terminal: &str) -> Self {
        let config = if terminal == "0001" { "kiosk.toml".to_owned() } else { format!("kiosk-{terminal}.toml") };
        Self { config, ..self }
    }

    /// With the card on a reader instead of from its file.
    #[must_use]
    pub fn on_reader(self, name: &str) -> Self {
        Self { source: Source::Reader(name.to_owned()), ..self }
    }

    /// With the card of this file.
    #[must_use]
    pub fn with_card(self, file: &str) -> Self {
        Self { source: Source::Card(file.to_owned()), ..self }
    }

    /// With this PIN.
    #[must_use]
    pub fn pin(self, pin: &str) -> Self {
        Self { pin: pin.to_owned(), ..self }
    }

    /// Even with the card's last try.
    #[must_use]
    pub fn confirm_last_try(self) -> Self {
        Self { last_try: true, ..self }
    }

    /// With another configuration file of the world.
    #[must_use]
    pub fn configured_by(self, file: &str) -> Self {
        Self { config: file.to_owned(), ..self }
    }

    /// From this municipality.
    #[must_use]
    pub fn municipality(self, code: &str) -> Self {
        Self { municipality: Some(code.to_owned()), ..self }
    }

    /// With this passport number typed.
    #[must_use]
    pub fn passport(self, number: &str) -> Self {
        Self { passport: Some(number.to_owned()), ..self }
    }

    /// So many copies.
    #[must_use]
    pub fn copies(self, copies: u8) -> Self {
        Self { copies: Some(copies), ..self }
    }

    /// With these coins, `100,50`.
    #[must_use]
    pub fn coins(self, coins: &str) -> Self {
        Self { coins: coins.to_owned(), ..self }
    }

    /// The command line in this world.
    pub fn command(&self, world: &World) -> Command {
        let mut command = world.command("kiosk", &["issue", "--json", "--config", &self.config]);
        match &self.source {
            Source::Card(file) => command.args(["--card", file]),
            Source::Reader(name) => command.args(["--reader", name]),
        };
        command.args(["--pin", &self.pin, "--form", self.form, "--coins", &self.coins, "--out", "paper"]);
        if let Some(code) = &self.municipality {
            command.args(["--municipality", code]);
        }
        if let Some(number) = &self.passport {
            command.args(["--passport", number]);
        }
        if self.last_try {
            command.arg("--confirm-last-try");
        }
        if let Some(copies) = self.copies {
            command.args(["--copies", &copies.to_string()]);
        }
        command
    }

    /// Applies and waits for the end.
    #[track_caller]
    pub fn apply(&self, world: &World) -> Answer {
        let output = program::run(&mut self.command(world));
        Answer::read(output.status.code().unwrap_or(-1), &output.stdout)
    }

    /// Applies without waiting; standard output goes to `run/FILE`.
    #[track_caller]
    pub fn start(&self, world: &World, file: &str) -> Running {
        let output = std::fs::File::create(world.path(format!("run/{file}"))).expect("a file for the events");
        Running::start(self.command(world).stdout(Stdio::from(output)))
    }

    /// Applies; it must be printed. Gives the certificate's file.
    #[track_caller]
    pub fn print(&self, world: &World) -> Printed {
        let answer = self.apply(world);
        answer.printed(world).unwrap_or_else(|| {
            panic!("nothing was printed: {answer:?}\nterminal: {}\ncentre: {}", world.log("kiosk"), world.log("center"))
        })
    }
}

/// A printed certificate.
#[derive(Debug, Clone)]
pub struct Printed {
    /// The paper.
    pub pdf: PathBuf,
    /// The receipt.
    pub receipt: PathBuf,
    /// The certificate's id.
    pub certificate: String,
    /// The issuance.
    pub issuance: String,
    /// The change, in yen.
    pub change: u64,
}

impl Answer {
    /// Reads what `kiosk issue --json` wrote.
    pub fn read(status: i32, output: &[u8]) -> Self {
        let text = String::from_utf8_lossy(output);
        let events = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        Self { status, events }
    }

    /// The last event.
    pub fn last(&self) -> &Value {
        self.events.last().unwrap_or(&Value::Null)
    }

    /// The stable code of a refusal.
    pub fn code(&self) -> Option<&str> {
        (self.last()["event"] == "refused").then(|| self.last()["code"].as_str()).flatten()
    }

    /// Exit status and code of a refusal, to compare with.
    pub fn refusal(&self) -> (i32, &str) {
        (self.status, self.code().unwrap_or("(no code)"))
    }

    /// The paper, where it was printed.
    pub fn printed(&self, world: &World) -> Option<Printed> {
        let last = self.last();
        let text = |field: &str| Some(last[field].as_str()?.to_owned());
        if self.status != 0 || last["event"] != "finished" || last["outcome"] != "printed" {
            return None;
        }
        Some(Printed {
            pdf: world.path(text("pdf")?),
            receipt: world.path(text("receipt")?),
            certificate: text("certificate")?,
            issuance: text("issuance")?,
            change: last["change"].as_u64()?,
        })
    }
}

/// Records of a terminal's journal, oldest first.
pub fn journal(world: &World, config: &str) -> Vec<Value> {
    let shown = program::run_well(&mut world.command("kiosk", &["journal", "show", "--json", "--config", config]));
    shown.lines().map(|line| serde_json::from_str(line).expect("a record a line")).collect()
}

/// Asserts that a terminal's journal is whole.
#[track_caller]
pub fn assert_journal_whole(world: &World, config: &str) {
    program::run_well(&mut world.command("kiosk", &["journal", "verify", "--config", config]));
}
