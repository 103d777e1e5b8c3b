//! A reference client of the phone app's channel: the card at a reader or in a file, the codes into a folder.
//!
//! | module | what |
//! |---|---|
//! | `identity` | the app's own key, and the certificate that it makes for it |
//! | `calls` | the centre as an app calls it |
//! | `card` | the proof, through the terminal's seams for readers and software cards |
//! | `dialogue` | what is done, in order |
//! | `fault` | why nothing came of it |

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use serde_json::{Value, json};
use shared::domain::certificate::Form;
use shared::domain::identifiers::MunicipalityCode;

use fault::ClientFault;

mod calls;
mod card;
mod dialogue;
mod fault;
mod identity;

/// The phone app without a phone.
#[derive(Debug, Parser)]
#[command(name = "app", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Shows versions, whether certificates are issued, and a municipality's contact.
    Show {
        #[command(flatten)]
        line: Line,
        /// Whose contact.
        #[arg(long)]
        municipality: Option<MunicipalityCode>,
    },
    /// Proves who holds the card and fetches the codes of a certificate.
    ///
    /// Ends with 0 for issued, 2 usage, 10 card or reader, 11 PIN, 12 refused by a rule, 13 centre unreachable or busy,
    /// 70 internal.
    Issue(Issue),
}

/// How the centre is reached.
#[derive(Debug, clap::Args)]
struct Line {
    /// The centre's address for apps, `https://HOST:PORT`.
    #[arg(long)]
    center: String,
    /// The authority of the centre's certificate, PEM.
    #[arg(long, value_name = "FILE")]
    authority: PathBuf,
    /// The app's own key and certificate, PEM; made where there is none.
    #[arg(long, value_name = "FILE")]
    identity: PathBuf,
}

#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
struct Issue {
    #[command(flatten)]
    line: Line,
    #[command(flatten)]
    source: Source,
    /// The four digits of the application that the certificate takes.
    #[arg(long)]
    pin: String,
    /// Uses the card's last try, if only one is left.
    #[arg(long)]
    last_try: bool,
    /// Which form.
    #[arg(long)]
    form: FormName,
    /// Whose records, where several municipalities hold some.
    #[arg(long)]
    municipality: Option<MunicipalityCode>,
    /// The passport's machine-readable zone, two lines, for the overseas form.
    #[arg(long, value_name = "FILE")]
    zone: Option<PathBuf>,
    /// Where the codes are written to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Source {
    /// A reader of the PC/SC service.
    #[arg(long, value_name = "NAME")]
    reader: Option<String>,
    /// A software card.
    #[arg(long, value_name = "FILE")]
    card: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FormName {
    Domestic,
    Overseas,
}

impl From<FormName> for Form {
    fn from(name: FormName) -> Self {
        match name {
            FormName::Domestic => Self::Domestic,
            FormName::Overseas => Self::Overseas,
        }
    }
}

fn main() -> ExitCode {
    let (json, outcome) = match Arguments::parse().command {
        Command::Show { line, municipality } => (true, dialogue::show(&line, municipality.as_ref())),
        Command::Issue(issue) => (issue.json, dialogue::issue(&issue)),
    };
    let (event, status) = match &outcome {
        Ok(event) => (event.clone(), 0),
        Err(fault) => (refusal(fault), fault.exit_status()),
    };
    let line = if json { event.to_string() } else { sentence(&event) };
    // A reader that went away changes nothing of what was done.
    drop(writeln!(std::io::stdout().lock(), "{line}"));
    ExitCode::from(status)
}

fn refusal(fault: &ClientFault) -> Value {
    json!({ "event": "refused", "code": fault.code(), "message": fault.to_string() })
}

fn sentence(event: &Value) -> String {
    let text = |name: &str| event.get(name).and_then(Value::as_str).unwrap_or_default();
    match text("event") {
        "finished" => format!("certificate {} is in {}", text("certificate"), text("folder")),
        _ => format!("{} ({})", text("message"), text("code")),
    }
}
