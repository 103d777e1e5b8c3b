//! What the commands of `kiosk cassette` are told.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// Records sessions with a card, and everything that is done with recordings.
#[derive(Debug, Subcommand)]
pub enum CassetteCommand {
    /// Record a session with a card: the terminal's own dialogue, or a script. PINs are masked before anything is kept.
    Record(RecordArguments),
    /// Tell each exchange in plain words.
    Show(ShowArguments),
    /// Hold a card against a cassette and explain the first difference.
    Check(CheckArguments),
    /// Put a cassette on a virtual reader (vpcd): strict order, an end at the first command that differs.
    Serve(ServeArguments),
    /// Make a software card of a cassette, and the record a centre needs to issue for it.
    Promote(PromoteArguments),
    /// Write the cassette with one fault at one exchange, for each exchange and each kind of fault.
    Mutate(MutateArguments),
    /// Turn a recording into one of a synthetic twin, signed by a world's test authorities.
    Redact(RedactArguments),
    /// Take over a session that another program wrote down.
    Import(ImportArguments),
    /// Give a session to another program.
    Export(ExportArguments),
}

/// Where the card is.
#[derive(Debug, Args)]
pub struct CardArguments {
    /// The card reader's name; without it, the first reader with a card.
    #[arg(long, value_name = "NAME", conflicts_with = "card")]
    pub reader: Option<String>,
    /// A software card instead of a reader.
    #[arg(long, value_name = "FILE")]
    pub card: Option<PathBuf>,
}

/// `record`
#[derive(Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct RecordArguments {
    /// Where the card is.
    #[command(flatten)]
    pub card: CardArguments,
    /// The cassette, NAME.apdu.jsonl; it must not be there yet.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// The card is a real person's: the header says so, the file is its owner's alone, and it is not served in
    /// continuous integration.
    #[arg(long)]
    pub private: bool,
    /// The four-digit PIN of the dialogue's application; sent once. Without it, only what is free is read.
    #[arg(long, value_name = "DIGITS", conflicts_with = "script")]
    pub pin: Option<String>,
    /// Which of the terminal's dialogues.
    #[arg(long, value_enum, default_value_t = Profile::InputSupport)]
    pub profile: Profile,
    /// Commands in hexadecimal, one a line, instead of a dialogue; none may carry a secret.
    #[arg(long, value_name = "FILE")]
    pub script: Option<PathBuf>,
    /// Keep a software card's keys too, so that the cassette answers a fresh challenge.
    #[arg(long, requires = "card")]
    pub keys: bool,
}

impl std::fmt::Debug for RecordArguments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecordArguments(..)")
    }
}

/// One of the terminal's dialogues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Profile {
    /// 券面事項入力補助: number, attributes, the card's own signature.
    InputSupport,
    /// 公的個人認証: the user-authentication certificate and its signature.
    AuthenticationCertificate,
}

/// `show`
#[derive(Debug, Args)]
pub struct ShowArguments {
    /// The cassette.
    pub file: PathBuf,
    /// The language.
    #[arg(long, value_enum, default_value_t = Language::Both)]
    pub language: Language,
    /// Show values, not only their lengths.
    #[arg(long)]
    pub values: bool,
}

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// English.
    En,
    /// Japanese.
    Ja,
    /// One line each.
    Both,
}

/// `check`
#[derive(Args)]
pub struct CheckArguments {
    /// The cassette.
    pub file: PathBuf,
    /// Where the card is.
    #[command(flatten)]
    pub card: CardArguments,
    /// The holder's PIN for the one place where the recorded one was accepted; sent at most once.
    #[arg(long, value_name = "DIGITS")]
    pub pin: Option<String>,
    /// Compare status words and lengths only.
    #[arg(long)]
    pub shape: bool,
}

impl std::fmt::Debug for CheckArguments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CheckArguments(..)")
    }
}

/// `serve`
#[derive(Debug, Args)]
pub struct ServeArguments {
    /// The cassette.
    pub file: PathBuf,
    /// Where the reader listens.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:35963")]
    pub vpcd: String,
    /// What goes wrong, in the text form of `fixtures card --fault`, such as `@7 cut 3`.
    #[arg(long, value_name = "FAULT")]
    pub fault: Vec<String>,
}

/// `promote`
#[derive(Args)]
pub struct PromoteArguments {
    /// The cassette.
    pub file: PathBuf,
    /// The card file, NAME.card.json; it must not be there yet.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Where the twin's record for `center load` goes.
    #[arg(long, value_name = "FILE")]
    pub records: Option<PathBuf>,
    /// The PIN of the new card: none was recorded.
    #[arg(long, value_name = "DIGITS", default_value = "1234")]
    pub pin: String,
    /// The password of the new card's signature key.
    #[arg(long, value_name = "PASSWORD", default_value = "ABC123")]
    pub password: String,
}

impl std::fmt::Debug for PromoteArguments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PromoteArguments(..)")
    }
}

/// `mutate`
#[derive(Debug, Args)]
pub struct MutateArguments {
    /// The cassette.
    pub file: PathBuf,
    /// The folder for the mutated cassettes; it must be there.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Only this fault, in the text form of `fixtures card --fault`; without it, every kind at every exchange.
    #[arg(long, value_name = "FAULT")]
    pub fault: Vec<String>,
}

/// `redact`
#[derive(Debug, Args)]
pub struct RedactArguments {
    /// The recording.
    pub file: PathBuf,
    /// The world whose test authorities sign again.
    #[arg(long, value_name = "DIR")]
    pub world: PathBuf,
    /// The twin's cassette; it must not be there yet.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// The same number gives the same twin for recordings of the same person; without it, chance decides.
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
}

/// `import`
#[derive(Debug, Args)]
pub struct ImportArguments {
    /// What the text is.
    #[arg(long, value_enum)]
    pub from: TextFormat,
    /// The text.
    pub file: PathBuf,
    /// The cassette; it must not be there yet.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// The card is a test authority's, which a certificate in the text must show; without it the cassette is private.
    #[arg(long)]
    pub test_card: bool,
}

/// A text that other programs write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TextFormat {
    /// `=> COMMAND`, `<= ANSWER`.
    Ledger,
    /// What `scriptor` prints.
    Scriptor,
    /// What `pcsc-spy` prints.
    PcscSpy,
}

/// `export`
#[derive(Debug, Args)]
pub struct ExportArguments {
    /// What to write.
    #[arg(long, value_enum)]
    pub to: ExportFormat,
    /// The cassette.
    pub file: PathBuf,
}

/// A text for other programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// `=> COMMAND`, `<= ANSWER`.
    Ledger,
    /// Commands for `scriptor`.
    Scriptor,
}
