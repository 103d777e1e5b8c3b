//! The store on one machine: SQLite in WAL mode, one writer that commits what waits, readers on own connections.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};
use rusqlite::{Connection, OpenFlags};
use shared::domain::identifiers::hex;

use super::actor::AccessError;
use super::{CLOCK_TOLERANCE_SECONDS, Console, Store, StoreError};
use crate::audit::witness::Witness;
use crate::audit::{ChainError, Event, Head};
use crate::config::StoreSection;
use crate::secrets::{KeyError, Pseudonyms, Vault};

mod accounts;
mod app;
mod approvals;
mod assessment;
mod board;
mod chain;
mod counter;
mod figures;
mod history;
mod issuances;
mod issued;
mod keeper;
mod keys;
mod ledger;
mod loading;
mod lock;
mod migration;
mod moving;
mod persons;
mod records;
mod reports;
mod search;
mod terms;
mod writer;

use figures::KnownFigures;
use keeper::Keeper;
use keys::Keys;
use lock::{LoadLock, StoreLock};
use writer::Writer;

/// The backend.
pub struct SqliteStore {
    path: PathBuf,
    witness: PathBuf,
    writer: Writer,
    readers: Mutex<Vec<Connection>>,
    keys: Arc<Keys>,
    figures: KnownFigures,
    lock: Option<StoreLock>,
    loading: Option<LoadLock>,
}

/// Where the store is and what it is opened with.
#[derive(Debug)]
pub struct Opening {
    /// The database.
    pub path: PathBuf,
    /// The witness.
    pub witness: PathBuf,
    /// Makes pseudonyms.
    pub pseudonyms: Pseudonyms,
    /// Encrypts.
    pub vault: Vault,
}

/// What the store is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To serve: no other centre may.
    Serve,
    /// For one command, also while a centre serves.
    Command,
    /// To load a long file: the only one who loads, and alone unless a centre serves.
    Load,
}

impl Opening {
    /// Reads the keys that a configuration names.
    pub fn from_config(section: &StoreSection) -> Result<Self, KeyError> {
        Ok(Self {
            path: section.path.clone(),
            witness: section.witness.clone(),
            pseudonyms: Pseudonyms::read(&section.person_key)?,
            vault: Vault::read(&section.encryption_key)?,
        })
    }
}

impl SqliteStore {
    /// Opens the store, making it where neither it nor its witness exists.
    pub fn open(opening: Opening, purpose: Purpose, now: Timestamp) -> Result<Arc<Self>, StoreError> {
        let Opening { path, witness, pseudonyms, vault } = opening;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(StoreError::File)?;
        }
        let (loading, lock) = match purpose {
            Purpose::Serve => (None, Some(StoreLock::take(&path)?)),
            Purpose::Command => (None, None),
            Purpose::Load => {
                let loading = LoadLock::take(&path)?;
                match StoreLock::take(&path) {
                    Ok(lock) => (Some(loading), Some(lock)),
                    // The load that it finds is this one.
                    Err(StoreError::InUse | StoreError::Loading { .. }) => (Some(loading), None),
                    Err(error) => return Err(error),
                }
            }
        };
        let random = SystemRandom::new();
        let known = Witness::read(&witness).map_err(StoreError::File)?;
        let connection = match (path.exists(), &known) {
            (true, None) => return Err(StoreError::WitnessMissing),
            (false, Some(known)) if known.sequence > 0 => return Err(StoreError::DatabaseMissing(known.sequence)),
            (false, _) => {
                // The witness comes first: a crash in between leaves one that knows of no entry yet.
                Witness::from(Head::START).write(&witness).map_err(StoreError::File)?;
                create(&path, &random, now)?
            }
            (true, Some(_)) => connect(&path)?,
        };
        let keys = Arc::new(Keys { vault, pseudonyms, random });
        migration::migrate(&connection, &keys)?;
        let head = chain::check_against_witness(&connection, known.as_ref())?;
        if head.at.as_second() > now.as_second() + CLOCK_TOLERANCE_SECONDS {
            return Err(StoreError::ClockBackwards);
        }
        match purpose {
            Purpose::Serve if loading::is_half_loaded(&connection)? => return Err(StoreError::HalfLoaded),
            Purpose::Load if lock.is_some() => loading::suit(&connection)?,
            Purpose::Serve | Purpose::Command | Purpose::Load => {}
        }
        let keeper = Keeper::start(&connection, &path, witness.clone())?;
        let writer = Writer::start(connection, keeper)?;
        let (readers, figures) = (Mutex::new(Vec::new()), KnownFigures::default());
        Ok(Arc::new(Self { path, witness, writer, readers, keys, figures, lock, loading }))
    }

    /// Runs a query on a connection of its own.
    fn read<T>(&self, query: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => connect(&self.path)?,
        };
        metrics::counter!(READS).increment(1);
        let result = query(&connection);
        let mut idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MAXIMUM_IDLE_READERS {
            idle.push(connection);
        }
        result
    }
}

/// Figures of the store's work; what a question costs stands here, also where its answer says nothing.
const READS: &str = "center_store_reads_total";
const CHANGES: &str = "center_store_changes_total";
const OPENED: &str = "center_store_records_opened_total";

/// Connections kept open between queries.
const MAXIMUM_IDLE_READERS: usize = 16;

impl Console for SqliteStore {}

impl Store for SqliteStore {}

shared::hidden_debug!(SqliteStore);

/// What SQLite said.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct DatabaseError(rusqlite::Error);

impl DatabaseError {
    /// Whether a rule of the schema was broken, uniqueness for example.
    fn is_broken_rule(&self) -> bool {
        self.0.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation)
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(DatabaseError(error))
    }
}

impl From<rusqlite::Error> for AccessError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<ChainError> for StoreError {
    fn from(error: ChainError) -> Self {
        Self::Chain(error)
    }
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    configure(Connection::open_with_flags(path, flags)?)
}

fn configure(connection: Connection) -> Result<Connection, StoreError> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// How long to wait for a command of another process that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Makes the database under another name and moves it into place, so that none is ever half made.
fn create(path: &Path, random: &dyn SecureRandom, now: Timestamp) -> Result<Connection, StoreError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let unfinished = PathBuf::from(name);
    match std::fs::remove_file(&unfinished) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(StoreError::File(error)),
        Ok(()) | Err(_) => {}
    }
    let connection = Connection::open(&unfinished)?;
    connection.execute_batch(SCHEMA)?;
    connection.pragma_update(None, "user_version", 1)?;
    let mut store = [0; 16];
    random.fill(&mut store).map_err(|ring::error::Unspecified| StoreError::Random)?;
    chain::append(&connection, &Head::START, now, None, &Event::StoreMade { store: hex(&store) })?;
    connection.close().map_err(|(_, error)| error)?;
    // SQLite gives its other files the same permissions.
    std::fs::set_permissions(&unfinished, Permissions::from_mode(0o600)).map_err(StoreError::File)?;
    std::fs::rename(&unfinished, path).map_err(StoreError::File)?;
    connect(path)
}

/// The first version; [`migration`] leads on from there, also for a new store.
const SCHEMA: &str = include_str!("sqlite/schema.sql");

#[cfg(test)]
mod tests;
