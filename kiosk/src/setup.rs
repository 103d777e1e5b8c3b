//! Puts a terminal together from its configuration: keys, journal, recovery, devices, session.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ring::rand::{SecureRandom as _, SystemRandom};
use shared::domain::fee::Yen;
use shared::wire::outcome::Outcome;

use crate::card_reader::pcsc::PcscReader;
#[cfg(feature = "simulation")]
use crate::card_reader::software::SoftwareReader;
#[cfg(feature = "simulation")]
use crate::card_reader::tray::{CardPlace, TrayReader};
use crate::card_reader::{self, Manner};
use crate::center_client::{self, CenterClient, Identity, LineError, Place};
use crate::coins::Coins;
use crate::coins::acceptor::{self, Simulated};
use crate::config::{Config, ConfigError, Profile};
use crate::journal::{Account, Journal, JournalError, Line, Standing};
use crate::message::{Post, Wake};
use crate::printer::folder::Folder;
use crate::printer::ipp::follow::Counting;
use crate::printer::ipp::{Address, IppPrinter, PrinterUnusable};
use crate::printer::{self, Machine};
use crate::recovery::{Found, Recovered, recover};
use crate::session::effect::{Effect, Owner, PayOut, Purpose};
use crate::session::{Limits, Random, Session, Settings};
use crate::staff;
use crate::staff::office::{Office, Readers, Tools};
use crate::terminal::{Bounds, Devices, Terminal};

/// Where cards come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A PC/SC reader by its name, or the first with a card.
    Reader(Option<String>),
    /// A software card in a file.
    CardFile(PathBuf),
    /// A recorded session in a file.
    Cassette(PathBuf),
    /// Software cards put by hand onto the tray beside the window.
    #[cfg(feature = "simulation")]
    Tray(CardPlace),
}

/// How a terminal is operated.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Where cards come from.
    pub source: Source,
    /// How the reader behaves.
    pub manner: Manner,
    /// The folder that stands for the tray.
    pub tray: PathBuf,
    /// What takes coins and notes; no mechanism is supported yet but the simulated one.
    pub money: Simulated,
}

/// Why a terminal does not start.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Keys, certificates or the address of the centre.
    #[error(transparent)]
    Line(#[from] LineError),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A software card in production, or in a program built without them.
    #[error("a software card is not accepted here: the profile is production, or the program was built without them")]
    SoftwareCardRefused,
    /// The card's file cannot be used.
    #[cfg(feature = "simulation")]
    #[error("{}: the software card cannot be used", path.display())]
    SoftwareCard {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: fixtures::software_card::SoftwareCardError,
    },
    /// The printer's address or authority.
    #[error(transparent)]
    Printer(#[from] PrinterUnusable),
    /// The cassette cannot be used.
    #[cfg(feature = "simulation")]
    #[error("{}: the cassette cannot be used", path.display())]
    Cassette {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: crate::cassette::PlaceError,
    },
    /// The tray's folder cannot be made, or a thread cannot start.
    #[error("a device cannot be started")]
    Device(#[source] std::io::Error),
}

/// A terminal, and what was found unsettled when it started.
#[derive(Debug)]
pub struct Assembled {
    /// The terminal; it has already been asked to tell the centre of what was found.
    pub terminal: Terminal,
    /// What was found.
    pub recovered: Vec<Recovered>,
}

/// Puts a terminal together. Unsettled transactions are ended before anyone is served.
#[expect(clippy::needless_pass_by_value, reason = "a caller hands the operation over")]
pub fn assemble(config: &Config, operation: Operation, wake: Wake) -> Result<Assembled, SetupError> {
    assemble_with(config, &operation, wake, |post| start_reader(config, &operation, post))
}

/// The same with a reader of the caller's: how it is started is told the way to the terminal.
pub fn assemble_with(
    config: &Config,
    operation: &Operation,
    wake: Wake,
    start_reader: impl FnOnce(Post) -> Result<Started, SetupError>,
) -> Result<Assembled, SetupError> {
    let clock = config.make_clock()?;
    // The lock comes first: a second program must not even greet the centre.
    // Recovery may run in another working directory.
    let tray = std::path::absolute(&operation.tray).map_err(SetupError::Device)?;
    let machine = machine(config, &tray)?;
    let (mut journal, reading) = Journal::open(&config.journal.path, &tray)?;
    journal.prints_on(&machine);
    if reading.torn_bytes > 0 {
        tracing::warn!(bytes = reading.torn_bytes, "the journal's last line was cut off by a stop and is cut away");
    }
    let identity = Identity::load(config, Arc::clone(&clock))?;
    let settings = Settings {
        terminal: config.terminal.id.clone(),
        tls_identity: identity.tls_identity,
        binding_key: identity.binding_key.clone(),
        limits: Limits { print: Duration::from_secs(config.limits.print_seconds) },
    };
    let unsettled = reading.unsettled();
    let found = Found { machine: &machine, terminal: &config.terminal.id };
    let recovered = recover(&mut journal, &unsettled, &found, clock.now())?;
    let is_unresolved = reading.accounts().iter().any(Account::stops_service)
        || recovered
            .iter()
            .any(|recovered| recovered.outcome == Outcome::Unknown && recovered.found != Standing::Retracted);
    let (post, inbox) = Post::new(wake);
    let client = CenterClient::new(identity, Place::of(config), Arc::clone(&clock));
    let office = config.staff.as_ref().map(|staff| {
        let tools = Tools {
            config: config.clone(),
            hash: staff.code.clone(),
            clock: Arc::clone(&clock),
            readers: readers(&operation.source),
            tray: tray.clone(),
        };
        Office::new(tools, post.clone())
    });
    let slips = Folder::swift(tray);
    let devices = Devices {
        card: start_reader(post.clone())?.into(),
        center: center_client::start(client, config.stop_at(), post.clone()).map_err(SetupError::Device)?.into(),
        money: acceptor::start(operation.money.device(post.clone()), post.clone()).map_err(SetupError::Device)?.into(),
        printer: printer::start(machine, slips, config.stop_at(), post).map_err(SetupError::Device)?.into(),
    };
    let closed = staff::closure::load(&staff::closure::path(&config.journal.path), clock.now());
    let mut session = Session::new(settings, config.hopper, system_random()).closed(closed);
    if is_unresolved {
        tracing::error!("a transaction waits for the staff: kiosk journal resolve");
        session = session.needing_staff();
    }
    let mut terminal = Terminal::new(session, devices, journal, inbox, clock);
    terminal.stop_at(config.stop_at());
    terminal.watched_by(Bounds::of(Duration::from_secs(config.limits.print_seconds)));
    terminal.attended_by(office);
    terminal.report(recovered.iter().flat_map(|recovered| owed(recovered, &config.hopper)).collect());
    Ok(Assembled { terminal, recovered })
}

/// Whether the staff's diagnosis has a reader to look for.
const fn readers(source: &Source) -> Readers {
    match source {
        Source::Reader(_) => Readers::Real,
        Source::CardFile(_) | Source::Cassette(_) => Readers::Simulated,
        #[cfg(feature = "simulation")]
        Source::Tray(_) => Readers::Simulated,
    }
}

/// What prints certificates here.
pub(crate) fn machine(config: &Config, tray: &Path) -> Result<Machine, PrinterUnusable> {
    let printer = &config.printer;
    match &printer.uri {
        None => {
            let a_side = Duration::from_millis(printer.milliseconds_a_side);
            Ok(Machine::Folder(Folder { tray: tray.to_owned(), a_side }))
        }
        Some(uri) => {
            let address = Address {
                uri,
                authority: printer.authority.as_deref(),
                terminal: config.terminal.id.as_str(),
                counting: if printer.counts_sides { Counting::Trusted } else { Counting::Unknown },
            };
            Ok(Machine::Ipp(IppPrinter::new(address)?))
        }
    }
}

/// What a recovered transaction is still owed: its money, and the truth to the centre.
fn owed(recovered: &Recovered, hopper: &Coins) -> Vec<Effect> {
    let Line { transaction, key, .. } = recovered.line.clone();
    let mut effects = Vec::new();
    if recovered.returned > Yen(0) {
        let owner = Some(Owner { transaction: transaction.clone(), key: key.clone() });
        // A hopper that cannot make the amount gives what it can, and the device's answer says so.
        let coins = hopper.making(recovered.returned).unwrap_or_else(|| Coins::worth(recovered.returned));
        effects.push(Effect::PayOut(PayOut { owner, purpose: Purpose::Refund, coins }));
    }
    effects.push(Effect::ReportOutcome { transaction, key, outcome: recovered.outcome });
    effects
}

/// The way to a reader's thread, and the thread.
pub type Started = (std::sync::mpsc::SyncSender<card_reader::Request>, std::thread::JoinHandle<()>);

fn start_reader(config: &Config, operation: &Operation, post: Post) -> Result<Started, SetupError> {
    let manner = operation.manner;
    match &operation.source {
        Source::Reader(name) => {
            let wanted = name.clone().or_else(|| config.reader.name.clone());
            card_reader::start(move || PcscReader::new(wanted), manner, post).map_err(SetupError::Device)
        }
        Source::CardFile(_) | Source::Cassette(_) if config.profile == Profile::Production => {
            Err(SetupError::SoftwareCardRefused)
        }
        Source::CardFile(path) => start_software(path, manner, post),
        Source::Cassette(path) => start_cassette(path, manner, post),
        #[cfg(feature = "simulation")]
        Source::Tray(_) if config.profile == Profile::Production => Err(SetupError::SoftwareCardRefused),
        #[cfg(feature = "simulation")]
        Source::Tray(place) => {
            let place = place.clone();
            card_reader::start(move || TrayReader(place), manner, post).map_err(SetupError::Device)
        }
    }
}

#[cfg(feature = "simulation")]
fn start_software(path: &Path, manner: Manner, post: Post) -> Result<Started, SetupError> {
    let reader =
        SoftwareReader::open(path).map_err(|source| SetupError::SoftwareCard { path: path.to_owned(), source })?;
    card_reader::start(move || reader, manner, post).map_err(SetupError::Device)
}

#[cfg(feature = "simulation")]
fn start_cassette(path: &Path, manner: Manner, post: Post) -> Result<Started, SetupError> {
    let reader = crate::cassette::CassetteReader::open(path)
        .map_err(|source| SetupError::Cassette { path: path.to_owned(), source })?;
    card_reader::start(move || reader, manner, post).map_err(SetupError::Device)
}

#[cfg(not(feature = "simulation"))]
fn start_cassette(_: &Path, _: Manner, _: Post) -> Result<Started, SetupError> {
    Err(SetupError::SoftwareCardRefused)
}

#[cfg(not(feature = "simulation"))]
fn start_software(_: &Path, _: Manner, _: Post) -> Result<Started, SetupError> {
    Err(SetupError::SoftwareCardRefused)
}

/// The system's generator.
pub fn system_random() -> Random {
    let random = SystemRandom::new();
    Box::new(move || {
        let mut bits = [0; 16];
        random.fill(&mut bits).ok().map(|()| bits)
    })
}
