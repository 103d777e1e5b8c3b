//! `kiosk journal`: the journal as staff and auditors read it, and the one way to write a decision into it.

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use shared::domain::identifiers::TransactionId;

use crate::config::Config;
use crate::journal::{self, Extract, JournalError, Line, Proposal, Reading, Unsettleable};
use crate::session::effect::{Reason, Resolution, Verdict};

/// What is done with the journal.
#[derive(Debug, Subcommand)]
pub enum JournalCommand {
    /// Show every record.
    Show(JournalArguments),
    /// Check that no record was altered, moved or removed.
    Verify(JournalArguments),
    /// Write every transaction with everything its records say.
    Export(JournalArguments),
    /// Write what staff decided of a transaction that the terminal could not end: first shows the decision and a
    /// code, writes it only when called again with that code.
    Resolve(ResolveArguments),
}

/// A decision.
#[derive(Debug, Args)]
pub struct ResolveArguments {
    /// The terminal's configuration; the terminal must not be running.
    #[arg(long, value_name = "FILE", default_value = "kiosk.toml")]
    config: PathBuf,
    /// The transaction.
    transaction: TransactionId,
    /// What became of paper and money.
    #[arg(long = "as", value_name = "VERDICT")]
    verdict: VerdictName,
    /// How that is known.
    #[arg(long)]
    reason: ReasonName,
    /// The code that the first call gave.
    #[arg(long, value_name = "CODE")]
    confirm: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum VerdictName {
    /// The resident has the paper.
    Taken,
    /// The resident has the money back; the certificate is void.
    Refunded,
    /// The resident was given what the terminal owed.
    OwedPaid,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ReasonName {
    /// The paper was handed to the resident.
    PaperHandedOver,
    /// Paper that was found was destroyed.
    PaperDestroyed,
    /// No paper was found in printer and tray.
    NoPaperFound,
    /// Money was given by hand, against a signature in the shop's own book.
    MoneyGivenByHand,
    /// Nobody came; the money went to the shop's office.
    NobodyCame,
}

/// What is shown of which journal.
#[derive(Debug, Args)]
pub struct JournalArguments {
    /// The terminal's configuration.
    #[arg(long, value_name = "FILE", default_value = "kiosk.toml")]
    config: PathBuf,
    /// Only this transaction, with its neighbours masked.
    #[arg(long, value_name = "ID")]
    transaction: Option<TransactionId>,
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
}

/// Exit statuses.
const USAGE: u8 = 2;
const INTERNAL: u8 = 70;

/// Carries a command out and gives the exit status.
pub fn run(command: &JournalCommand) -> u8 {
    match command {
        JournalCommand::Show(arguments) => with_reading(arguments, |reading| show(reading, arguments)),
        JournalCommand::Export(arguments) => with_reading(arguments, |reading| export(reading, arguments)),
        JournalCommand::Verify(arguments) => verify(arguments),
        JournalCommand::Resolve(arguments) => resolve(arguments),
    }
}

fn with_reading(arguments: &JournalArguments, then: impl FnOnce(&Reading) -> u8) -> u8 {
    match read(arguments) {
        Ok(reading) => then(&reading),
        Err(status) => status,
    }
}

fn read(arguments: &JournalArguments) -> Result<Reading, u8> {
    let config = Config::load(&arguments.config).map_err(|error| {
        complain(&error);
        USAGE
    })?;
    journal::read(&config.journal.path).map_err(|error| {
        complain(&error);
        INTERNAL
    })
}

fn show(reading: &Reading, arguments: &JournalArguments) -> u8 {
    if let Some(transaction) = &arguments.transaction {
        return show_one(reading, transaction, arguments);
    }
    reading.lines.iter().for_each(|line| say(&shown(line, arguments)));
    0
}

/// The records of one transaction; those around it only as links of the chain.
fn show_one(reading: &Reading, transaction: &TransactionId, arguments: &JournalArguments) -> u8 {
    let Some(extract) = Extract::of(reading, transaction) else {
        complain(&Unsettleable::UnknownTransaction(transaction.clone()));
        return USAGE;
    };
    for record in &extract.records {
        say(&if arguments.json { record.to_json().to_string() } else { record.to_text() });
    }
    0
}

fn export(reading: &Reading, arguments: &JournalArguments) -> u8 {
    if let Some(transaction) = &arguments.transaction {
        return show_one(reading, transaction, arguments);
    }
    reading.accounts().iter().for_each(|account| say(&shown(&account.last, arguments)));
    0
}

fn verify(arguments: &JournalArguments) -> u8 {
    let config = match Config::load(&arguments.config) {
        Ok(config) => config,
        Err(error) => {
            complain(&error);
            return USAGE;
        }
    };
    match journal::read(&config.journal.path) {
        Ok(reading) => {
            say(&verdict(&reading, arguments));
            0
        }
        Err(error) => {
            complain(&error);
            if arguments.json {
                say(&json!({"verdict": "altered", "message": error.to_string()}).to_string());
            }
            INTERNAL
        }
    }
}

fn verdict(reading: &Reading, arguments: &JournalArguments) -> String {
    let (records, torn, waiting) = (reading.lines.len(), reading.torn_bytes, reading.waiting_for_staff().len());
    if arguments.json {
        let verdict = json!({"verdict": "whole", "records": records, "torn_bytes": torn, "waiting_for_staff": waiting});
        return verdict.to_string();
    }
    format!(
        "{records} records, none altered; bytes of a torn last line: {torn}; transactions that wait for staff: {waiting}"
    )
}

fn shown(line: &Line, arguments: &JournalArguments) -> String {
    if arguments.json {
        serde_json::to_string(line).unwrap_or_default()
    } else {
        format!("{} {} {}", line.at, line.transaction, line.state.as_str())
    }
}

fn resolve(arguments: &ResolveArguments) -> u8 {
    let (config, at) = match Config::load(&arguments.config).and_then(|config| {
        let at = config.make_clock()?.now();
        Ok((config, at))
    }) {
        Ok(loaded) => loaded,
        Err(error) => {
            complain(&error);
            return USAGE;
        }
    };
    let resolution = Resolution { verdict: arguments.verdict.into(), reason: arguments.reason.into() };
    let tray = config.paper_folder();
    let code = arguments.confirm.as_deref();
    match journal::settle((&config.journal.path, &tray), &arguments.transaction, resolution, (code, at)) {
        Ok(proposal) => {
            tell(&proposal, code.is_some());
            0
        }
        Err(error) => {
            complain(&error);
            match error {
                Unsettleable::Journal(JournalError::Altered { .. } | JournalError::Unusable { .. }) => INTERNAL,
                Unsettleable::Journal(JournalError::InUse { .. })
                | Unsettleable::UnknownTransaction(_)
                | Unsettleable::Ended(_)
                | Unsettleable::Unfit(_)
                | Unsettleable::WrongCode => USAGE,
            }
        }
    }
}

#[expect(clippy::fn_params_excessive_bools, reason = "whether a code was given becomes a word here")]
fn tell(proposal: &Proposal, is_written: bool) {
    let line = &proposal.account.last;
    let mut event = json!({
        "transaction": line.transaction,
        "stands_at": line.state,
        "owed": line.owed,
        "decision": proposal.resolution,
    });
    let (name, value) = if is_written { ("written", json!(true)) } else { ("confirm_with", json!(proposal.code)) };
    if let Some(object) = event.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
    say(&event.to_string());
}

impl From<VerdictName> for Verdict {
    fn from(name: VerdictName) -> Self {
        match name {
            VerdictName::Taken => Self::Taken,
            VerdictName::Refunded => Self::Refunded,
            VerdictName::OwedPaid => Self::OwedPaid,
        }
    }
}

impl From<ReasonName> for Reason {
    fn from(name: ReasonName) -> Self {
        match name {
            ReasonName::PaperHandedOver => Self::PaperHandedOver,
            ReasonName::PaperDestroyed => Self::PaperDestroyed,
            ReasonName::NoPaperFound => Self::NoPaperFound,
            ReasonName::MoneyGivenByHand => Self::MoneyGivenByHand,
            ReasonName::NobodyCame => Self::NobodyCame,
        }
    }
}

/// One sentence with its causes on standard error.
fn complain(error: &dyn std::error::Error) {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let sentence: Vec<String> = causes.map(ToString::to_string).collect();
    tracing::error!("{}", sentence.join(": "));
}

/// Writes a line to standard output; a reader that went away is no error.
fn say(line: &str) {
    let mut output = io::stdout().lock();
    match writeln!(output, "{line}").and_then(|()| output.flush()) {
        Ok(()) | Err(_) => {}
    }
}
