//! The centre's program: serve, load, verify, audit, report, stop and resume.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use center::config::Config;
use center::inspection::intake::apart;
use center::inspection::public::PublicKeys;
use clap::{Parser, Subcommand};
use shared::domain::identifiers::MunicipalityCode;
use shared::records::{AccountId, Role};

mod commands;

/// The issuance centre and the record system behind it.
#[derive(Debug, Parser)]
#[command(name = "center", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves terminals until SIGTERM; one line of JSON on standard output when ready.
    Serve(ConfigFile),
    /// Loads a record file; wrong lines are named by number.
    Load {
        #[command(flatten)]
        config: ConfigFile,
        /// JSON, one record a line.
        records: PathBuf,
    },
    /// Inspects paper read back: PDF, PNG, JPEG or TIFF of one or both sides, in any order.
    ///
    /// Ends with 0 for genuine, 20 for altered, forged or revoked, 21 for unreadable or unknown. With `--jwks` instead of
    /// a configuration it needs no secret and no records, and verifies the printed codes alone; with `--listen` it serves
    /// a page that does so, until SIGTERM, which anybody can host.
    Verify(Verify),
    /// Shows how paper looks to the eye, to an infrared camera and on a copy: a PNG picture of each page and view.
    ///
    /// A scan holds no black toner by itself: the infrared view is drawn of a PDF only.
    Paper(Paper),
    /// Draws one upload from standard input in a process of its own; the centre starts it.
    #[command(hide = true)]
    DrawUpload,
    /// Looks after the audit chain.
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Draws up reports.
    Report {
        #[command(subcommand)]
        command: ReportCommand,
    },
    /// Makes accounts of the municipal console.
    Account {
        #[command(subcommand)]
        command: AccountCommand,
    },
    /// Stops all issuing, at once, also of a running centre.
    Stop(Switch),
    /// Lets issuing go on.
    Resume(Switch),
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Verifies every entry and the witness.
    Verify(ConfigFile),
}

#[derive(Debug, Subcommand)]
enum AccountCommand {
    /// Adds an account with a random initial password, which is told once on standard output.
    Add {
        #[command(flatten)]
        config: ConfigFile,
        /// Its name: 3 to 40 lower-case letters, digits and hyphens.
        #[arg(long)]
        account: AccountId,
        /// What it may do.
        #[arg(long, value_parser = parse_role)]
        role: Role,
        /// For which municipality; not for operators of the nation.
        #[arg(long)]
        municipality: Option<MunicipalityCode>,
    },
}

fn parse_role(text: &str) -> Result<Role, &'static str> {
    Role::parse(text).ok_or("clerk, supervisor or national-operator is expected")
}

#[derive(Debug, Subcommand)]
enum ReportCommand {
    /// Certificates issued in a fiscal year (April to March).
    Issuances {
        #[command(flatten)]
        config: ConfigFile,
        /// The year it begins in.
        #[arg(long)]
        fiscal_year: i16,
    },
}

#[derive(Debug, clap::Args)]
struct Verify {
    /// The configuration, TOML.
    #[arg(long, value_name = "FILE", required_unless_present = "jwks")]
    config: Option<PathBuf>,
    /// The issuer's public keys, as under `/.well-known/jwks.json`.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["config", "front"])]
    jwks: Option<PathBuf>,
    /// The certificate of a barcode signer, PEM, for the VDS-NC.
    #[arg(long, value_name = "FILE", requires = "jwks")]
    signer: Vec<PathBuf>,
    /// Serves a page at this address and port, instead of reading files; one line of JSON on standard output when ready.
    #[arg(long, value_name = "ADDRESS", requires = "jwks", conflicts_with_all = ["paths", "json"])]
    listen: Option<SocketAddr>,
    /// The sides.
    #[arg(required_unless_present = "listen")]
    paths: Vec<PathBuf>,
    /// Answers with one JSON object.
    #[arg(long)]
    json: bool,
    /// Where the front as it was issued is written to, PDF.
    #[arg(long, value_name = "OUT")]
    front: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
struct Paper {
    /// PDF, PNG, JPEG or TIFF.
    file: PathBuf,
    /// Writes the pictures.
    #[arg(long, required = true)]
    views: bool,
    /// The folder they are written to; without it, the file's own.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
struct ConfigFile {
    /// The configuration, TOML.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

#[derive(Debug, clap::Args)]
struct Switch {
    #[command(flatten)]
    config: ConfigFile,
    /// Why; it stands in the audit chain.
    #[arg(long)]
    reason: String,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log_to_standard_error();
    let result = run(arguments.command);
    result.unwrap_or_else(|error| {
        tracing::error!(error = chain(error.as_ref()), "the command failed");
        ExitCode::FAILURE
    })
}

fn run(command: Command) -> commands::Outcome {
    let read = |file: &ConfigFile| Config::read(&file.config);
    match command {
        Command::Serve(file) => commands::serve(&read(&file)?),
        Command::Load { config, records } => commands::load(&read(&config)?, &records),
        Command::Verify(verify) => {
            let Verify { config, jwks, signer, listen, paths, json, front } = verify;
            let form = if json { commands::Form::Json } else { commands::Form::Words };
            match (config, jwks) {
                (_, Some(jwks)) => {
                    let keys = PublicKeys::read(&jwks, &signer)?;
                    match listen {
                        Some(address) => commands::serve_codes(keys, address),
                        None => commands::verify_codes(&keys, &paths, form),
                    }
                }
                (Some(config), None) => {
                    commands::verify(&read(&ConfigFile { config })?, &paths, form, front.as_deref())
                }
                // The command line is refused before.
                (None, None) => Ok(ExitCode::FAILURE),
            }
        }
        Command::Paper(Paper { file, views: _, out }) => commands::paper::views(&file, out.as_deref()),
        Command::DrawUpload => {
            let status = apart::draw_upload(std::io::stdin().lock(), std::io::stdout().lock());
            Ok(ExitCode::from(status))
        }
        Command::Audit { command: AuditCommand::Verify(file) } => commands::verify_audit(&read(&file)?),
        Command::Report { command: ReportCommand::Issuances { config, fiscal_year } } => {
            commands::report(&read(&config)?, fiscal_year)
        }
        Command::Account { command: AccountCommand::Add { config, account, role, municipality } } => {
            commands::add_account(&read(&config)?, account, (role, municipality))
        }
        Command::Stop(switch) => {
            commands::switch(&read(&switch.config)?, center::store::SwitchPosition::Stopped, &switch.reason)
        }
        Command::Resume(switch) => {
            commands::switch(&read(&switch.config)?, center::store::SwitchPosition::Running, &switch.reason)
        }
    }
}

/// One JSON object a line. No span or field of this crate holds anything personal.
fn log_to_standard_error() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("CENTER_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
}

/// An error with everything below it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

/// One line on standard output.
fn print_line(line: &serde_json::Value) -> std::io::Result<()> {
    print_text(&line.to_string())
}

/// One line of words on standard output.
fn print_text(line: &str) -> std::io::Result<()> {
    let mut output = std::io::stdout().lock();
    writeln!(output, "{line}")?;
    output.flush()
}
