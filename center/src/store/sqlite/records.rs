//! Chains, terminals, municipalities and persons in SQLite.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use shared::domain::identifiers::{ChainId, MunicipalityCode, MyNumber, TerminalId};
use shared::domain::municipality;
use shared::proof::Digest;
use shared::records::{ChainRecord, KioskConsent, PersonRecord, Record};
use zeroize::Zeroizing;

use super::SqliteStore;
use super::writer::Writing;
use crate::audit::Event;
use crate::secrets::{CertificateKey, PersonKey};
use crate::store::{Import, LineProblem, Persons, Registry, StoreError, Terminal};

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

impl Persons for SqliteStore {
    fn person(&self, key: &PersonKey) -> Result<Option<PersonRecord>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT record FROM person WHERE person_key = ?1")?;
            let sealed: Option<Vec<u8>> = statement.query_row([key.as_bytes()], |row| row.get(0)).optional()?;
            sealed.map(|sealed| self.open_person(key, &sealed)).transpose()
        })
    }

    fn person_with(&self, certificate: &CertificateKey) -> Result<Option<(PersonKey, PersonRecord)>, StoreError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT person_key, record FROM person WHERE certificate_key = ?1")?;
            let row: Option<(Vec<u8>, Vec<u8>)> =
                statement.query_row([certificate.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            row.map(|(key, sealed)| {
                let key = PersonKey::from_bytes(&key).ok_or(StoreError::Unreadable("person key"))?;
                Ok((key, self.open_person(&key, &sealed)?))
            })
            .transpose()
        })
    }
}

impl Import for SqliteStore {
    fn import(&self, records: Vec<(u64, Record)>) -> Result<Vec<LineProblem>, StoreError> {
        let mut rows = Vec::with_capacity(records.len());
        let mut problems = Vec::new();
        for (line, record) in records {
            match self.row(record)? {
                Ok(row) => rows.push((line, row)),
                Err(problem) => problems.push(LineProblem { line, problem }),
            }
        }
        let refused = self.writer.write(move |writing| {
            let mut problems = Vec::new();
            for (line, row) in rows {
                problems.extend(row.put(writing)?.err().map(|problem| LineProblem { line, problem }));
            }
            Ok(problems)
        })?;
        problems.extend(refused);
        problems.sort_by_key(|problem| problem.line);
        Ok(problems)
    }

    fn import_done(&self, records: u64, problems: u64, at: Timestamp) -> Result<(), StoreError> {
        self.writer.write(move |writing| {
            let query = "INSERT INTO import (one, at) VALUES (1, ?1) ON CONFLICT (one) DO UPDATE SET at = ?1";
            writing.connection.execute(query, [at.as_millisecond()])?;
            writing.note(at, None, &Event::RecordsLoaded { records, problems })
        })
    }

    fn has_records(&self) -> Result<bool, StoreError> {
        self.read(|connection| Ok(connection.query_row("SELECT count(*) FROM import", [], |row| row.get(0))?))
    }
}

/// A record as it will stand in its table.
enum Row {
    Chain(ChainRecord),
    Terminal { id: TerminalId, chain: ChainId, tls_identity: Vec<u8> },
    Municipality { code: MunicipalityCode, consent: KioskConsent },
    Person { key: PersonKey, certificate: Option<CertificateKey>, sealed: Vec<u8> },
}

impl SqliteStore {
    fn open_person(&self, key: &PersonKey, sealed: &[u8]) -> Result<PersonRecord, StoreError> {
        let unreadable = StoreError::Unreadable("person");
        let Ok(plain) = self.vault.open(person_place(key).as_bytes(), sealed) else { return Err(unreadable) };
        serde_json::from_slice(&plain).ok().ok_or(unreadable)
    }

    /// Checks a record and encrypts what is personal; the inner error is a rule that it breaks.
    fn row(&self, record: Record) -> Result<Result<Row, &'static str>, StoreError> {
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
            Record::Person(person) => match check_person(&person) {
                Ok(number) => Ok(self.person_row(&person, &number)?),
                Err(problem) => Err(problem),
            },
        })
    }

    fn person_row(&self, person: &PersonRecord, number: &MyNumber) -> Result<Row, StoreError> {
        let key = self.pseudonyms.person(number);
        let certificate = person.authentication_certificate.as_ref();
        let certificate = certificate.map(|digest| self.pseudonyms.certificate(digest.as_slice()));
        let plain = serde_json::to_vec(person).map(Zeroizing::new).ok().ok_or(StoreError::Unreadable("person"))?;
        Ok(Row::Person { key, certificate, sealed: self.seal(&person_place(&key), &plain)? })
    }
}

fn person_place(key: &PersonKey) -> String {
    format!("person/{}", shared::domain::identifiers::hex(key.as_bytes()))
}

fn check_person(person: &PersonRecord) -> Result<MyNumber, &'static str> {
    let number = MyNumber::parse(&person.my_number).ok().ok_or("a My Number with its check digit is expected")?;
    if person.authentication_certificate.as_ref().is_some_and(|digest| digest.as_slice().len() != 32) {
        return Err("a certificate digest of 32 bytes is expected");
    }
    if municipality::find(&person.residence).is_none() {
        return Err("no municipality has the code of residence");
    }
    for (place, dose) in person.doses.iter().enumerate() {
        if dose.number == 0 || person.doses.iter().take(place).any(|earlier| earlier.number == dose.number) {
            return Err("doses are numbered from 1, each once");
        }
        if municipality::find(&dose.municipality).is_none() {
            return Err("no municipality has the code of a dose");
        }
        if dose.lot.is_empty() || dose.lot.chars().count() > MAXIMUM_LOT {
            return Err("a lot of 1 to 20 characters is expected");
        }
    }
    Ok(number)
}

/// Characters of a lot in the ledger's fixed columns.
const MAXIMUM_LOT: usize = 20;

impl Row {
    /// Stores the row; the inner error is a rule between rows that it breaks.
    fn put(self, writing: &Writing<'_>) -> Result<Result<(), &'static str>, StoreError> {
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
            Self::Municipality { code, consent } => {
                let consent = match consent {
                    KioskConsent::Agreed => "agreed",
                    KioskConsent::NotAgreed => "not-agreed",
                    KioskConsent::Suspended => "suspended",
                };
                let mut statement = connection.prepare_cached(
                    "INSERT INTO municipality (municipality, consent) VALUES (?1, ?2)
                     ON CONFLICT (municipality) DO UPDATE SET consent = ?2",
                )?;
                statement.execute([code.as_str(), consent])?;
            }
            Self::Person { key, certificate, sealed } => {
                let certificate = certificate.as_ref().map(CertificateKey::as_bytes);
                let owner = "SELECT person_key FROM person WHERE certificate_key = ?1";
                if let Some(certificate) = certificate
                    && is_another(connection, owner, certificate, &key.as_bytes().to_vec())?
                {
                    return Ok(Err("the certificate belongs to another person"));
                }
                let mut statement = connection.prepare_cached(
                    "INSERT INTO person (person_key, certificate_key, record) VALUES (?1, ?2, ?3)
                     ON CONFLICT (person_key) DO UPDATE SET certificate_key = ?2, record = ?3",
                )?;
                statement.execute(params![key.as_bytes(), certificate, sealed])?;
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
