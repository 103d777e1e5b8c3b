//! Persons in SQLite: one encrypted text each, the keyed hashes they are found by, and the history of changes.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use shared::domain::identifiers::{MunicipalityCode, MyNumber, hex};
use shared::domain::municipality;
use shared::records::{PassportIssueRecord, PersonRecord};

use super::SqliteStore;
use super::keys::Keys;
use super::writer::Writing;
use crate::secrets::{CertificateKey, PersonKey, Tag};
use crate::store::actor::{CaseNumber, Changer, Reason};
use crate::store::{Persons, StoreError};
use crate::vrs::correction::differences;

mod encoding;
mod index;

pub(super) use encoding::{decode, encode};
pub(super) use index::{PERSON_INDEXES, PersonIndex, attributes_key, coupon_key, search_key, touch};

impl Persons for SqliteStore {
    fn person(&self, key: &PersonKey) -> Result<Option<PersonRecord>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT record FROM person WHERE person_key = ?1")?;
            let sealed: Option<Vec<u8>> = statement.query_row([key.as_bytes()], |row| row.get(0)).optional()?;
            sealed.map(|sealed| self.keys.open_person(key, &sealed)).transpose()
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
                Ok((key, self.keys.open_person(&key, &sealed)?))
            })
            .transpose()
        })
    }
}

/// A person's record as it will stand in its tables.
pub(super) struct PersonRow {
    pub(super) key: PersonKey,
    certificate: Option<CertificateKey>,
    sealed: Vec<u8>,
    digest: Tag,
    search: Tag,
    index: PersonIndex,
}

/// What the table must hold for a row to be put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expectation {
    /// Anything.
    Anything,
    /// No row of this person.
    Absent,
    /// The row in this version.
    Version(u64),
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Put {
    /// The record was the same.
    Unchanged,
    /// The person is new.
    Added,
    /// The record has this version now.
    Changed(u64),
    /// The table holds something else than expected.
    Unexpected,
    /// A rule between persons is broken.
    Refused(&'static str),
}

/// Who changes a record, when and why.
pub(super) struct Change {
    pub(super) at: Timestamp,
    pub(super) by: Changer,
    pub(super) reason: Option<Reason>,
    pub(super) case: Option<CaseNumber>,
}

/// A stored row, opened.
pub(super) struct Current {
    pub(super) version: u64,
    pub(super) record: PersonRecord,
}

impl Current {
    /// Opens a row.
    pub(super) fn open(keys: &Keys, person: &PersonKey, (version, sealed): (i64, &[u8])) -> Result<Self, StoreError> {
        Ok(Self { version: version.cast_unsigned(), record: keys.open_person(person, sealed)? })
    }
}

impl PersonRow {
    /// Checks a record and encrypts it; the inner error is a rule that it breaks.
    pub(super) fn new(keys: &Keys, record: &PersonRecord) -> Result<Result<Self, &'static str>, StoreError> {
        let number = match check_person(record) {
            Ok(number) => number,
            Err(problem) => return Ok(Err(problem)),
        };
        let key = keys.pseudonyms.person(&number);
        let certificate = record.authentication_certificate.as_ref();
        let certificate = certificate.map(|digest| keys.pseudonyms.certificate(digest.as_slice()));
        let plain = encode(record);
        let digest = keys.pseudonyms.tag(b"record", &plain);
        let sealed = keys.seal_person(&key, &plain)?;
        let search = search_key(keys, record);
        let index = PersonIndex::of(keys, record);
        Ok(Ok(Self { key, certificate, sealed, digest, search, index }))
    }

    /// The hash that tells this record from another.
    #[cfg(test)]
    pub(super) const fn digest(&self) -> &Tag {
        &self.digest
    }

    /// Stores the row with its history.
    pub(super) fn put(
        &self,
        writing: &Writing<'_>,
        keys: &Keys,
        expectation: Expectation,
        change: &Change,
    ) -> Result<Put, StoreError> {
        let connection = writing.connection;
        let mut statement =
            connection.prepare_cached("SELECT id, version, digest, record FROM person WHERE person_key = ?1")?;
        let found: Option<(i64, i64, Tag, Vec<u8>)> = statement
            .query_row([self.key.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .optional()?;
        let fits = match (expectation, &found) {
            (Expectation::Anything, _) | (Expectation::Absent, None) => true,
            (Expectation::Version(version), Some((_, found, ..))) => *found == version.cast_signed(),
            (Expectation::Absent, Some(_)) | (Expectation::Version(_), None) => false,
        };
        if !fits {
            return Ok(Put::Unexpected);
        }
        if found.as_ref().is_some_and(|(_, _, digest, _)| *digest == self.digest) {
            return Ok(Put::Unchanged);
        }
        if let Some(problem) = self.conflict(connection)? {
            return Ok(Put::Refused(problem));
        }
        let Some((id, version, _, sealed)) = found else {
            self.append(connection, None)?;
            self.index.touch(connection)?;
            return Ok(Put::Added);
        };
        let before = keys.open_person(&self.key, &sealed)?;
        let version = version.cast_unsigned() + 1;
        let former = PersonIndex::of(keys, &before);
        former.touch(connection)?;
        former.remove(connection, &self.key)?;
        self.replace(connection, (id, version))?;
        self.index.touch(connection)?;
        self.add_revision(connection, keys, &before, (version, change))?;
        Ok(Put::Changed(version))
    }

    /// Adds a new person behind all others, or in the place `id`.
    pub(super) fn append(&self, connection: &Connection, id: Option<i64>) -> Result<(), StoreError> {
        let mut statement = connection.prepare_cached(
            "INSERT INTO person (id, person_key, certificate_key, record, version, search_key, digest)
             VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6)",
        )?;
        let certificate = self.certificate.as_ref().map(CertificateKey::as_bytes);
        statement.execute(params![id, self.key.as_bytes(), certificate, self.sealed, self.search, self.digest])?;
        self.index.add(connection, (connection.last_insert_rowid(), &self.key))
    }

    /// The municipalities that know the person.
    pub(super) fn municipalities(&self) -> &[MunicipalityCode] {
        &self.index.municipalities
    }

    /// What another person holds already.
    fn conflict(&self, connection: &Connection) -> Result<Option<&'static str>, StoreError> {
        let own = self.key.as_bytes().as_slice();
        let another = |query: &str, value: &[u8]| -> Result<bool, StoreError> {
            let mut statement = connection.prepare_cached(query)?;
            let owner: Option<Vec<u8>> = statement.query_row([value], |row| row.get(0)).optional()?;
            Ok(owner.is_some_and(|owner| owner != own))
        };
        if let Some(certificate) = &self.certificate
            && another("SELECT person_key FROM person WHERE certificate_key = ?1", certificate.as_bytes())?
        {
            return Ok(Some("the certificate belongs to another person"));
        }
        let holder = "SELECT person_key FROM coupon JOIN person ON person.id = coupon.person WHERE coupon_key = ?1";
        for coupon in &self.index.coupons {
            if another(holder, coupon)? {
                return Ok(Some("the coupon belongs to another person"));
            }
        }
        Ok(None)
    }

    fn replace(&self, connection: &Connection, (id, version): (i64, u64)) -> Result<(), StoreError> {
        let mut statement = connection.prepare_cached(
            "UPDATE person SET certificate_key = ?2, record = ?3, version = ?4, search_key = ?5, digest = ?6
             WHERE id = ?1",
        )?;
        let certificate = self.certificate.as_ref().map(CertificateKey::as_bytes);
        statement.execute(params![id, certificate, self.sealed, version.cast_signed(), self.search, self.digest])?;
        self.index.add(connection, (id, &self.key))
    }

    fn add_revision(
        &self,
        connection: &Connection,
        keys: &Keys,
        before: &PersonRecord,
        (version, change): (u64, &Change),
    ) -> Result<(), StoreError> {
        let differences = differences(before, &keys.open_person(&self.key, &self.sealed)?);
        let sealed = keys.seal_json(&revision_place(&self.key, version), &differences, "revision")?;
        let account = match &change.by {
            Changer::Account(account) => Some(account.as_str()),
            Changer::Holder => Some(HOLDER),
            Changer::Import => None,
        };
        let mut statement = connection.prepare_cached(
            "INSERT INTO revision (person_key, version, at, account, reason, case_number, differences)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        statement.execute(params![
            self.key.as_bytes(),
            version.cast_signed(),
            change.at.as_millisecond(),
            account,
            change.reason.map(Reason::as_str),
            change.case.as_ref().map(CaseNumber::as_str),
            sealed,
        ])?;
        Ok(())
    }
}

/// A stored row.
pub(super) fn current(connection: &Connection, keys: &Keys, person: &PersonKey) -> Result<Option<Current>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT version, record FROM person WHERE person_key = ?1")?;
    let found: Option<(i64, Vec<u8>)> =
        statement.query_row([person.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    found.map(|(version, sealed)| Current::open(keys, person, (version, &sealed))).transpose()
}

/// A stored row of a person whom a municipality knows.
///
/// Whether nobody has this key or only others know the person, the same one index is asked and nothing is opened.
pub(super) fn held(
    connection: &Connection,
    keys: &Keys,
    (municipality, person): (&MunicipalityCode, &PersonKey),
) -> Result<Option<Current>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT version, record FROM holding JOIN person ON person.id = holding.person
         WHERE municipality = ?1 AND holding.person_key = ?2",
    )?;
    let found: Option<(i64, Vec<u8>)> = statement
        .query_row(params![municipality.as_str(), person.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    found.map(|(version, sealed)| Current::open(keys, person, (version, &sealed))).transpose()
}

/// Adds an issue with passport data to a person's record; the inner error is a rule that the record breaks.
pub(super) fn register_passport(
    writing: &Writing<'_>,
    keys: &Keys,
    (person, issue): (&PersonKey, PassportIssueRecord),
    change: &Change,
) -> Result<Result<(), &'static str>, StoreError> {
    let found = current(writing.connection, keys, person)?.ok_or(StoreError::Unreadable("person"))?;
    let mut after = found.record;
    after.passport_issues.push(issue);
    let row = match PersonRow::new(keys, &after)? {
        Ok(row) => row,
        Err(problem) => return Ok(Err(problem)),
    };
    match row.put(writing, keys, Expectation::Version(found.version), change)? {
        Put::Changed(_) => Ok(Ok(())),
        Put::Refused(problem) => Ok(Err(problem)),
        Put::Unchanged | Put::Added | Put::Unexpected => Err(StoreError::Unreadable("person")),
    }
}

/// Where a revision's encrypted part stands.
pub(super) fn revision_place(person: &PersonKey, version: u64) -> String {
    format!("revision/{}/{version}", hex(person.as_bytes()))
}

/// Stands for the person in a revision; no account can be called so.
pub(super) const HOLDER: &str = "(holder)";

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
