//! Chains, terminals and municipalities in SQLite, and bringing records of every kind in.

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use shared::domain::identifiers::{ChainId, MunicipalityCode, TerminalId};
use shared::domain::municipality;
use shared::proof::Digest;
use shared::records::{AccountRecord, ChainRecord, KioskConsent, Record, Role};

use super::keys::Keys;
use super::persons::{Change, Expectation, PersonRow, Put};
use super::writer::Writing;
use super::{SqliteStore, accounts, terms};
use crate::store::actor::Changer;
use crate::store::{Import, LineProblem, Registry, StoreError, Terminal};

impl Registry for SqliteStore {
    fn terminal(&self, tls_identity: &Digest) -> Result<Option<Terminal>, StoreError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT terminal, chain FROM terminal WHERE tls_identity = ?1")?;
            let row: Option<(String, String)> =
                statement.query_row([tls_identity], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            row.map(|(id, chain)| {
                let unreadable = |_| StoreError::Unreadable("terminal");
                Ok(Terminal {
                    id: TerminalId::parse(&id).map_err(unreadable)?,
                    chain: ChainId::parse(&chain).map_err(unreadable)?,
                })
            })
            .transpose()
        })
    }

    fn chain(&self, chain: &ChainId) -> Result<Option<ChainRecord>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT name, participating FROM chain WHERE chain = ?1")?;
            let row = statement.query_row([chain.as_str()], |row| {
                Ok(ChainRecord { chain: chain.clone(), name: row.get(0)?, participating: row.get(1)? })
            });
            Ok(row.optional()?)
        })
    }

    fn consent(&self, municipality: &MunicipalityCode) -> Result<KioskConsent, StoreError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT consent FROM municipality WHERE municipality = ?1")?;
            let consent: Option<String> = statement.query_row([municipality.as_str()], |row| row.get(0)).optional()?;
            match consent.as_deref() {
                Some("agreed") => Ok(KioskConsent::Agreed),
                Some("suspended") => Ok(KioskConsent::Suspended),
                Some("not-agreed") | None => Ok(KioskConsent::NotAgreed),
                Some(_) => Err(StoreError::Unreadable("consent")),
            }
        })
    }

    fn participating_municipalities(&self) -> Result<u64, StoreError> {
        self.read(|connection| {
            let query = "SELECT count(*) FROM municipality WHERE consent = 'agreed'";
            Ok(connection.query_row(query, [], |row| row.get::<_, i64>(0))?.cast_unsigned())
        })
    }
}

impl Import for SqliteStore {
    fn import(&self, records: Vec<(u64, Record)>, at: Timestamp) -> Result<Vec<LineProblem>, StoreError> {
        let mut rows = Vec::with_capacity(records.len());
        let mut problems = Vec::new();
        for (line, record) in records {
            match self.row(record)? {
                Ok(row) => rows.push((line, row)),
                Err(problem) => problems.push(LineProblem::new(line, problem)),
            }
        }
        let keys = Arc::clone(&self.keys);
        problems.extend(self.writer.write(move |writing| put_all(writing, &keys, rows, at))?);
        problems.sort_by_key(|problem| problem.line);
        Ok(problems)
    }

    fn has_records(&self) -> Result<bool, StoreError> {
        self.read(|connection| Ok(connection.query_row("SELECT count(*) FROM import", [], |row| row.get(0))?))
    }
}

/// Stores rows in their order, and tells the lines that break a rule.
pub(super) fn put_all(
    writing: &Writing<'_>,
    keys: &Keys,
    rows: Vec<(u64, Row)>,
    at: Timestamp,
) -> Result<Vec<LineProblem>, StoreError> {
    let change = Change { at, by: Changer::Import, reason: None, case: None };
    let mut problems = Vec::new();
    for (line, row) in rows {
        problems.extend(row.put(writing, keys, &change)?.err().map(|problem| LineProblem::new(line, problem)));
    }
    Ok(problems)
}

/// A record as it will stand in its table.
pub(super) enum Row {
    Chain(ChainRecord),
    Terminal { id: TerminalId, chain: ChainId, tls_identity: Vec<u8> },
    Municipality { code: MunicipalityCode, consent: KioskConsent },
    Account(AccountRecord),
    Person(PersonRow),
}

impl SqliteStore {
    /// Checks a record and encrypts what is personal; the inner error is a rule that it breaks.
    pub(super) fn row(&self, record: Record) -> Result<Result<Row, &'static str>, StoreError> {
        Ok(match record {
            Record::Chain(chain) => Ok(Row::Chain(chain)),
            Record::Terminal(record) if record.tls_identity.as_slice().len() != 32 => {
                Err("a TLS identity of 32 bytes is expected")
            }
            Record::Terminal(record) => Ok(Row::Terminal {
                id: record.terminal,
                chain: record.chain,
                tls_identity: record.tls_identity.as_slice().to_vec(),
            }),
            Record::Municipality(record) if municipality::find(&record.municipality).is_none() => {
                Err("no municipality has this code")
            }
            Record::Municipality(record) => Ok(Row::Municipality { code: record.municipality, consent: record.kiosk }),
            Record::Account(account) => check_account(&account).map(|()| Row::Account(account)),
            Record::Person(person) => PersonRow::new(&self.keys, &person)?.map(Row::Person),
        })
    }
}

/// An operator of the nation has no municipality, everybody else has one.
fn check_account(account: &AccountRecord) -> Result<(), &'static str> {
    let place = account.municipality.as_ref().map(municipality::find);
    match (account.role, place) {
        (Role::NationalOperator, None) | (Role::Clerk | Role::Supervisor, Some(Some(_))) => Ok(()),
        (Role::NationalOperator, Some(_)) => Err("an operator of the nation has no municipality"),
        (Role::Clerk | Role::Supervisor, None | Some(None)) => Err("the account's municipality is expected"),
    }
}

impl Row {
    /// Stores the row; the inner error is a rule between rows that it breaks.
    pub(super) fn put(
        self,
        writing: &Writing<'_>,
        keys: &Keys,
        change: &Change,
    ) -> Result<Result<(), &'static str>, StoreError> {
        let connection = writing.connection;
        match self {
            Self::Chain(chain) => {
                let mut statement = connection.prepare_cached(
                    "INSERT INTO chain (chain, name, participating) VALUES (?1, ?2, ?3)
                     ON CONFLICT (chain) DO UPDATE SET name = ?2, participating = ?3",
                )?;
                statement.execute(params![chain.chain.as_str(), chain.name, chain.participating])?;
            }
            Self::Terminal { id, chain, tls_identity } => {
                let owner = "SELECT terminal FROM terminal WHERE tls_identity = ?1";
                if is_another(connection, owner, &tls_identity, &id.as_str().to_owned())? {
                    return Ok(Err("the TLS identity belongs to another terminal"));
                }
                let mut statement = connection.prepare_cached(
                    "INSERT INTO terminal (terminal, chain, tls_identity) VALUES (?1, ?2, ?3)
                     ON CONFLICT (terminal) DO UPDATE SET chain = ?2, tls_identity = ?3",
                )?;
                statement.execute(params![id.as_str(), chain.as_str(), tls_identity])?;
            }
            Self::Municipality { code, consent } => terms::replace(connection, &code, consent, change.at)?,
            Self::Account(account) => accounts::replace(connection, &account)?,
            Self::Person(row) => {
                let put = row.put(writing, keys, Expectation::Anything, change)?;
                if let Put::Refused(problem) = put {
                    return Ok(Err(problem));
                }
            }
        }
        Ok(Ok(()))
    }
}

/// Whether a unique value is held by someone else than `own`.
fn is_another<T: rusqlite::types::FromSql + PartialEq>(
    connection: &Connection,
    query: &str,
    value: &[u8],
    own: &T,
) -> Result<bool, StoreError> {
    let owner: Option<T> = connection.prepare_cached(query)?.query_row([value], |row| row.get(0)).optional()?;
    Ok(owner.is_some_and(|owner| owner != *own))
}
