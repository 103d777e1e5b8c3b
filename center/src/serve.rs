//! A running centre: everything put together from a configuration, its ports, and an orderly end.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use ring::rand::SystemRandom;
use shared::clock::Clock;

use crate::app::AppChannel;
use crate::audit::witness::write_atomically;
use crate::challenge::Challenges;
use crate::config::{Config, ConfigError, Profile};
use crate::console::{self, Console};
use crate::document::Press;
use crate::document::typeface::TypefaceError;
use crate::holder::authority::Authority;
use crate::holder::{CardAuthority, Verifier};
use crate::holder_session::HolderSessions;
use crate::hours::Hours;
use crate::http::{self, Center, Limits};
use crate::issuance::{BindingKey, Faults, Issuer, Parts, PrintShop, Workshop};
use crate::records::{self, LoadError};
use crate::scramble::ScrambleKeys;
use crate::secrets::{KeyError, Pseudonyms};
use crate::signer::{self, SigningKeys};
use crate::store::accounts::Accounts as _;
use crate::store::sqlite::{Opening, Purpose, SqliteStore};
use crate::store::{Import as _, Store, StoreError};
use crate::tls::{self, TlsError};

mod codes;
mod connections;
mod ports;

use connections::Port;
use ports::Ports;

pub use codes::{CodesPage, serve_codes};
pub use ports::Signals;

/// Why the centre does not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The configuration.
    #[error("the configuration cannot be used")]
    Config(#[from] ConfigError),
    /// A key file.
    #[error("a key cannot be used")]
    Key(#[from] KeyError),
    /// A signing key.
    #[error("the signing keys cannot be used")]
    Signing(#[source] signer::ReadError),
    /// The typefaces.
    #[error("the typefaces cannot be used")]
    Typeface(#[source] TypefaceError),
    /// The store.
    #[error("the store cannot be used")]
    Store(#[from] StoreError),
    /// The first records.
    #[error("the initial records cannot be loaded")]
    Records(#[from] LoadError),
    /// TLS.
    #[error("the ports of terminals and apps cannot be secured")]
    Tls(#[from] TlsError),
    /// The production profile has an account whose password everybody knows.
    #[error("an account of a test world is in the store, and the production profile takes none")]
    FictitiousAccount,
    /// A port, the runtime or the announcement.
    #[error("{0} failed")]
    Io(&'static str, #[source] std::io::Error),
}

/// A centre that serves until it is shut down.
#[derive(Debug)]
pub struct Running {
    kiosk: SocketAddr,
    public: SocketAddr,
    console: Option<SocketAddr>,
    app: Option<SocketAddr>,
    announce: Option<PathBuf>,
    ports: Ports,
    center: Arc<Center>,
}

/// Starts a centre; it is ready when this returns.
pub fn serve(config: &Config, clock: Arc<dyn Clock>) -> Result<Running, ServeError> {
    let workshop = workshop(config)?;
    serve_with(config, clock, workshop)
}

/// Starts a centre with another workshop, for tests of what surrounds it.
pub fn serve_with(config: &Config, clock: Arc<dyn Clock>, workshop: Box<dyn Workshop>) -> Result<Running, ServeError> {
    let center = assemble(config, &clock, workshop)?;
    let app_tls = tls::app_config(&config.tls, Arc::clone(&clock))?;
    let tls = tls::server_config(&config.tls, clock)?;
    let mut ports = Ports::new(config.limits.concurrent_requests.clamp(8, 512))?;
    let port = |router, tls| Port { router, tls, connections: config.limits.connections };
    let kiosk = port(http::kiosk_router(Arc::clone(&center)), Some(tls));
    let kiosk = ports.open("binding the kiosk port", config.listen.kiosk, kiosk)?;
    let public = port(http::public_router(Arc::clone(&center)), None);
    let public = ports.open("binding the public port", config.listen.public, public)?;
    let console = config.listen.console.map(|address| {
        let console = port(console::router(Arc::new(Console::new(Arc::clone(&center)))), None);
        ports.open("binding the console's port", address, console)
    });
    let console = console.transpose()?;
    let app = config.listen.app.map(|address| {
        let app = port(http::app_router(Arc::clone(&center)), Some(app_tls));
        ports.open("binding the app's port", address, app)
    });
    let app = app.transpose()?;
    let announce = config.listen.announce.clone();
    let running = Running { kiosk, public, console, app, announce, ports, center };
    if let Some(path) = &running.announce {
        let announcement = running.addresses();
        let written = write_atomically(path, announcement.to_string().as_bytes());
        written.map_err(|source| ServeError::Io("writing the announcement", source))?;
    }
    Ok(running)
}

/// The real workshop of a configuration.
pub fn workshop(config: &Config) -> Result<Box<dyn Workshop>, ServeError> {
    let keys = SigningKeys::read(&config.signing).map_err(ServeError::Signing)?;
    let scramble_keys = ScrambleKeys::read(&config.signing.scramble_key, &config.signing.scramble_signer_key)?;
    let press = Press::new(&config.fonts, scramble_keys).map_err(ServeError::Typeface)?;
    Ok(Box::new(PrintShop::new(keys, press, config.calibrations.clone())))
}

/// Opens the store, and fills it where it was never filled.
fn open_store(config: &Config, clock: &dyn Clock) -> Result<Arc<dyn Store>, ServeError> {
    let store = SqliteStore::open(Opening::from_config(&config.store)?, Purpose::Serve, clock.now())?;
    if let Some(path) = &config.store.initial_records
        && !store.has_records()?
    {
        let loaded = records::load(path, store.as_ref(), clock)?;
        tracing::info!(records = loaded.records, problems = loaded.problems.len(), "initial records loaded");
    }
    if config.profile == Profile::Production && store.has_fictitious_accounts()? {
        return Err(ServeError::FictitiousAccount);
    }
    Ok(store)
}

/// Puts a centre together on its store, without ports.
pub fn assemble(
    config: &Config,
    clock: &Arc<dyn Clock>,
    workshop: Box<dyn Workshop>,
) -> Result<Arc<Center>, ServeError> {
    let store = open_store(config, clock.as_ref())?;
    let verifier = Verifier {
        authority: Authority::read(&config.trust)?,
        card_authority: CardAuthority::read(&config.trust.card_authority)?,
        pseudonyms: Pseudonyms::read(&config.store.person_key)?,
    };
    let jwks = workshop.jwks();
    let desk = http::CenterDesk::new(config, Arc::clone(&store));
    let issuer = Issuer::new(Parts {
        clock: Arc::clone(clock),
        store: Arc::clone(&store),
        workshop,
        binding_key: BindingKey::read(&config.signing.binding_key)?,
        faults: Faults::new(config.fault.stop_at, &config.store.path),
    });
    Ok(Arc::new(Center {
        clock: Arc::clone(clock),
        random: SystemRandom::new(),
        store,
        challenges: Challenges::default(),
        sessions: HolderSessions::default(),
        app: AppChannel::new(SigningKeys::read(&config.signing).map_err(ServeError::Signing)?),
        verifier,
        issuer,
        hours: Hours { opens: config.service.opens, closes: config.service.closes },
        minimum_build: config.service.minimum_build,
        certificates: config.certificates.iter().map(|section| (section.kind, section.profile)).collect(),
        jwks,
        limits: Limits::new(&config.limits),
        report_typeface: config.fonts.labels.clone(),
        reception: Arc::new(http::Reception::of_center(desk)),
        measurements: http::measurements(),
    }))
}

impl Running {
    /// Where the kiosk port is.
    pub const fn kiosk(&self) -> SocketAddr {
        self.kiosk
    }

    /// Where the public port is.
    pub const fn public(&self) -> SocketAddr {
        self.public
    }

    /// The kiosk port as an address.
    pub fn kiosk_url(&self) -> String {
        format!("https://{}", self.kiosk)
    }

    /// The public port as an address.
    pub fn public_url(&self) -> String {
        format!("http://{}", self.public)
    }

    /// The console's port as an address, where there is one.
    pub fn console_url(&self) -> Option<String> {
        self.console.map(|address| format!("http://{address}"))
    }

    /// The app's port as an address, where there is one.
    pub fn app_url(&self) -> Option<String> {
        self.app.map(|address| format!("https://{address}"))
    }

    /// Every address as JSON; the console's and the app's only where there is one.
    pub fn addresses(&self) -> serde_json::Value {
        let mut addresses = serde_json::json!({ "kiosk": self.kiosk_url(), "public": self.public_url() });
        let further = [("console", self.console_url()), ("app", self.app_url())];
        if let Some(entries) = addresses.as_object_mut() {
            let present = further.into_iter().filter_map(|(name, address)| Some((name.to_owned(), address?.into())));
            entries.extend(present);
        }
        addresses
    }

    /// What the centre keeps, for looking into it.
    pub fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.center.store)
    }

    /// From now on a signal to end (SIGTERM or SIGINT) is heard, instead of ending the process on the spot.
    pub fn heed_signals(&self) -> std::io::Result<Signals> {
        self.ports.heed_signals()
    }

    /// Waits until the process is told to end.
    pub fn wait_for_signal(&self, signals: Signals) {
        self.ports.wait_for_signal(signals);
    }

    /// Takes no more connections, finishes what is open, and closes the store.
    pub fn shut_down(self) {
        let Self { ports, center, announce, .. } = self;
        ports.drain();
        drop(center);
        if let Some(Err(error)) = announce.map(std::fs::remove_file) {
            tracing::warn!(error = &error as &dyn std::error::Error, "the announcement cannot be removed");
        }
    }
}
