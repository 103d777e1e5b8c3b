//! The program `kiosk`: the window, one issue without a window, the reader doctor, the journal.

use std::alloc::System;
use std::io::{self, BufRead as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use kiosk::calibration::{self, CalibrateCommand, CalibrateError};
use kiosk::config::Config;
use kiosk::doctor::{self, Verdict};
use kiosk::issue::{self, LastTry, Output, Wish};
use kiosk::journal;
use kiosk::journal_desk::{self, JournalCommand};
use kiosk::setup::{SetupError, Source};
use kiosk::staff::code::StaffCode;
use kiosk::window::{self, TrayWish, WindowError, WindowSize};
use ring::rand::SystemRandom;
use shared::card::pin::Pin;
use shared::domain::certificate::Form;
use shared::domain::fee::MAXIMUM_COPIES;
use shared::domain::identifiers::MunicipalityCode;
use shared::domain::passport::PassportNumber;
use shared::stable_code::TerminalCode;
use tracing_subscriber::EnvFilter;
use zeroize::Zeroizing;
use zeroizing_alloc::ZeroAlloc;

/// Memory is overwritten when it is given back. Types that hold a person's data wipe themselves; what they cannot reach,
/// the text that a layout was made of, a buffer of the network, is wiped here.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

/// The terminal of the certificate service.
///
/// Exit status: 0 printed; 2 usage; 10 card or reader; 11 PIN; 12 refused by a rule; 13 centre unreachable
/// or busy; 14 printer; 15 out of hours; 16 payment; 70 internal.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Arguments {
    /// The terminal's configuration; without a command, its window opens.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Show the simulation tray even where a reader is configured (test worlds only).
    #[arg(long)]
    tray: bool,
    /// The window's size without the tray, such as 1080x1920.
    #[arg(long, value_name = "WIDTHxHEIGHT")]
    size: Option<WindowSize>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Issue one certificate without a window.
    Issue(Box<IssueArguments>),
    /// Examine the smart card service, the readers and the cards on them; no try is spent.
    Readers {
        /// One JSON object instead of sentences.
        #[arg(long)]
        json: bool,
        /// Keep what was found in this file as well, to be passed on: nothing of a person, no serial number.
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
    },
    /// Record sessions with a card; show, check, serve, promote, mutate, redact, import and export recordings.
    #[cfg(feature = "simulation")]
    Cassette {
        #[command(subcommand)]
        command: Box<kiosk::cassette::CassetteCommand>,
    },
    /// Play a scripted scenario through the real screens, without a display; the world's centre must run.
    #[cfg(feature = "simulation")]
    Play(kiosk::play::PlayArguments),
    /// Write pictures of every screen in every language, with fictitious contents, into a folder.
    #[cfg(feature = "simulation")]
    Gallery(kiosk::gallery::GalleryArguments),
    /// Look at the terminal's journal.
    Journal {
        #[command(subcommand)]
        command: JournalCommand,
    },
    /// Hash the staff's code: eight digits on a line of standard input; prints what belongs into the configuration.
    StaffCode,
    /// Print a step wedge, and derive from its scan how the terminal's printer renders the ground pattern.
    Calibrate {
        #[command(subcommand)]
        command: CalibrateCommand,
    },
}

#[derive(Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
struct IssueArguments {
    /// The terminal's configuration.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// The card reader's name; without it, the first reader with a card.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["card", "cassette"])]
    reader: Option<String>,
    /// A software card instead of a reader (test worlds only).
    #[arg(long, value_name = "FILE", conflicts_with = "cassette")]
    card: Option<PathBuf>,
    /// A recorded session instead of a reader (test worlds only): strict order, and a fresh challenge is signed only
    /// where the cassette carries the synthetic card's keys.
    #[arg(long, value_name = "FILE")]
    cassette: Option<PathBuf>,
    /// The four-digit PIN; it is sent to the card once.
    #[arg(long, value_name = "DIGITS")]
    pin: String,
    /// Use the PIN even if it is the card's last try.
    #[arg(long)]
    confirm_last_try: bool,
    /// Which form.
    #[arg(long)]
    form: FormName,
    /// The municipality's six-digit code; needed where there are several.
    #[arg(long, value_name = "CODE")]
    municipality: Option<MunicipalityCode>,
    /// The passport number, for the overseas form.
    #[arg(long, value_name = "NUMBER")]
    passport: Option<String>,
    /// Copies.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=i64::from(MAXIMUM_COPIES)))]
    copies: u8,
    /// Coins and notes in the order in which they are inserted, such as 100,50; without it, the exact fee.
    #[arg(long, value_name = "YEN", value_delimiter = ',')]
    coins: Option<Vec<u32>>,
    /// The folder that stands for the printer's tray.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// One JSON event a line.
    #[arg(long)]
    json: bool,
}

impl std::fmt::Debug for IssueArguments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IssueArguments(..)")
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FormName {
    /// One code.
    Domestic,
    /// Passport data and two codes.
    Overseas,
}

/// Exit statuses that are not a fault's own.
const USAGE: u8 = 2;
const INTERNAL: u8 = 70;
/// Something is wrong with the printer or what it printed.
const PRINTER: u8 = 14;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt().json().with_writer(io::stderr).with_env_filter(EnvFilter::new("warn,kiosk=info")).init();
    let status = match arguments.command {
        Some(Command::Issue(arguments)) => issue(*arguments),
        #[cfg(feature = "simulation")]
        Some(Command::Cassette { command }) => cassette(*command),
        #[cfg(feature = "simulation")]
        Some(Command::Play(arguments)) => play(&arguments),
        #[cfg(feature = "simulation")]
        Some(Command::Gallery(arguments)) => gallery(&arguments),
        Some(Command::Readers { json, report }) => readers(json_output(json), report.as_deref()),
        Some(Command::Journal { command }) => journal_desk::run(&command),
        Some(Command::StaffCode) => staff_code(),
        Some(Command::Calibrate { command }) => calibrate(&command),
        None => open_window(&arguments),
    };
    ExitCode::from(status)
}

#[expect(clippy::fn_params_excessive_bools, reason = "the switch of the command line becomes an output here")]
const fn json_output(json: bool) -> Output {
    if json { Output::Json } else { Output::Text }
}

fn issue(arguments: IssueArguments) -> u8 {
    let output = json_output(arguments.json);
    let refuse = |code: TerminalCode, message: &str| {
        issue::tell_refusal(output, code, message);
        USAGE
    };
    let Some(pin) = Pin::parse(&Zeroizing::new(arguments.pin)) else {
        return refuse(TerminalCode::PinMalformed, "the PIN is four digits");
    };
    let passport = match arguments.passport.as_deref().map(PassportNumber::parse).transpose() {
        Ok(passport) => passport,
        Err(error) => return refuse(TerminalCode::PassportMalformed, &error.to_string()),
    };
    let wish = Wish {
        pin: Some(pin),
        last_try: if arguments.confirm_last_try { LastTry::Confirmed } else { LastTry::Unconfirmed },
        form: match arguments.form {
            FormName::Domestic => Form::Domestic,
            FormName::Overseas => Form::Overseas,
        },
        municipality: arguments.municipality,
        passport,
        copies: arguments.copies,
        coins: arguments.coins,
    };
    let source = match (arguments.card, arguments.cassette) {
        (Some(path), _) => Source::CardFile(path),
        (None, Some(path)) => Source::Cassette(path),
        (None, None) => Source::Reader(arguments.reader),
    };
    let ended = Config::load(&arguments.config)
        .map_err(SetupError::from)
        .and_then(|config| issue::run(&config, source, arguments.out, wish, output));
    match ended {
        Ok(status) => status,
        Err(error) => {
            let (code, status) = classify(&error);
            complain(&error);
            issue::tell_refusal(output, code, &error.to_string());
            status
        }
    }
}

/// Code and exit status of a terminal that does not start.
const fn classify(error: &SetupError) -> (TerminalCode, u8) {
    match error {
        SetupError::Config(_) => (TerminalCode::ConfigurationWrong, USAGE),
        SetupError::Line(_) => (TerminalCode::ConfigurationWrong, USAGE),
        SetupError::SoftwareCardRefused => (TerminalCode::SoftwareCardRefused, USAGE),
        #[cfg(feature = "simulation")]
        SetupError::SoftwareCard { .. } => (TerminalCode::SoftwareCardUnusable, 10),
        #[cfg(feature = "simulation")]
        SetupError::Cassette { .. } => (TerminalCode::CassetteUnusable, 10),
        SetupError::Journal(journal::JournalError::InUse { .. }) => (TerminalCode::TerminalInUse, INTERNAL),
        SetupError::Journal(journal::JournalError::Altered { .. }) => (TerminalCode::JournalAltered, INTERNAL),
        SetupError::Journal(journal::JournalError::Unusable { .. }) => (TerminalCode::JournalUnwritable, INTERNAL),
        SetupError::Printer(_) => (TerminalCode::ConfigurationWrong, USAGE),
        SetupError::Device(_) => (TerminalCode::DeviceUnusable, 14),
    }
}

/// One sentence with its causes on standard error.
fn complain(error: &dyn std::error::Error) {
    let mut sentence = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        sentence.push_str(": ");
        sentence.push_str(&error.to_string());
        cause = error.source();
    }
    tracing::error!("{sentence}");
}

#[cfg(feature = "simulation")]
fn cassette(command: kiosk::cassette::CassetteCommand) -> u8 {
    match kiosk::cassette::run(command, &mut say) {
        Ok(status) => status,
        Err((error, status)) => {
            complain(&error);
            status
        }
    }
}

#[cfg(feature = "simulation")]
fn play(arguments: &kiosk::play::PlayArguments) -> u8 {
    match kiosk::play::run(arguments, say) {
        Ok(()) => 0,
        Err(error) => {
            complain(&error);
            error.exit_status()
        }
    }
}

#[cfg(feature = "simulation")]
fn gallery(arguments: &kiosk::gallery::GalleryArguments) -> u8 {
    match kiosk::gallery::run(arguments, &mut say) {
        Ok(()) => 0,
        Err(error) => {
            complain(&error);
            INTERNAL
        }
    }
}

fn readers(output: Output, file: Option<&Path>) -> u8 {
    let report = doctor::examine();
    match output {
        Output::Json => say(&report.json.to_string()),
        Output::Text => report.text.iter().for_each(|line| say(line)),
    }
    if let Some(file) = file
        && let Err(error) = std::fs::write(file, format!("{:#}\n", report.kept))
    {
        complain(&error);
        return USAGE;
    }
    match report.verdict {
        Verdict::Ready => 0,
        Verdict::NotReady => 10,
    }
}

/// The code comes by standard input: a command line is seen by every user of the machine.
fn staff_code() -> u8 {
    let mut typed = Zeroizing::new(String::new());
    let chosen =
        io::stdin().lock().read_line(&mut typed).map_err(CodeUnread).map_err(Box::<dyn std::error::Error>::from);
    let chosen = chosen.and_then(|_| Ok(StaffCode::choose(typed.trim(), &SystemRandom::new())?));
    match chosen {
        Ok(hash) => {
            say("[staff]");
            say(&format!("code = \"{hash}\""));
            0
        }
        Err(error) => {
            complain(error.as_ref());
            USAGE
        }
    }
}

/// Standard input gives no line.
#[derive(Debug, thiserror::Error)]
#[error("the code cannot be read: write eight digits to standard input")]
struct CodeUnread(#[source] io::Error);

fn calibrate(command: &CalibrateCommand) -> u8 {
    match calibration::run(command) {
        Ok(said) => {
            say(&said);
            0
        }
        Err(error) => {
            complain(&error);
            match error {
                CalibrateError::Config(_) | CalibrateError::Write(_) | CalibrateError::File(_) => USAGE,
                CalibrateError::Picture | CalibrateError::Reading(_) => PRINTER,
            }
        }
    }
}

fn open_window(arguments: &Arguments) -> u8 {
    let Some(config) = &arguments.config else {
        complain(&NoConfig);
        return USAGE;
    };
    let wish = window::Wish {
        tray: if arguments.tray { TrayWish::Always } else { TrayWish::WhereNoReader },
        size: arguments.size,
    };
    let ended = Config::load(config)
        .map_err(|error| WindowError::Setup(SetupError::Config(error)))
        .and_then(|config| window::run(&config, wish));
    match ended {
        Ok(()) => 0,
        Err(error) => {
            complain(&error);
            match &error {
                WindowError::Setup(error) => classify(error).1,
                WindowError::Typeface(_) | WindowError::Display(_) => USAGE,
                WindowError::Words(_) | WindowError::Thread(_) => INTERNAL,
            }
        }
    }
}

/// No configuration was named.
#[derive(Debug, thiserror::Error)]
#[error("name the terminal's configuration: kiosk --config FILE; see kiosk --help")]
struct NoConfig;

/// Writes a line to standard output; a reader that went away is no error.
fn say(line: &str) {
    let mut output = io::stdout().lock();
    match writeln!(output, "{line}").and_then(|()| output.flush()) {
        Ok(()) | Err(_) => {}
    }
}
