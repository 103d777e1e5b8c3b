//! Finding persons in SQLite: one statement a question, whatever it finds.

use rusqlite::params;
use shared::domain::identifiers::MunicipalityCode;
use shared::records::PersonRecord;

use super::SqliteStore;
use super::persons::{Current, attributes_key, coupon_key};
use crate::secrets::PersonKey;
use crate::store::StoreError;
use crate::store::ledger::{MAXIMUM_FOUND, Query, Sight};
use crate::vrs::search_name;

/// How far a search reaches among the persons whom a municipality knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// All: the municipality itself asks.
    Own,
    /// All but those under protective measures: another one asks.
    Inquiry,
}

impl SqliteStore {
    /// Persons that a municipality knows, found by one statement whatever it finds; not noted yet.
    ///
    /// Whom the municipality does not know, or the reach leaves out, is not opened: neither the answer nor the work
    /// tells such a person from one who is not recorded at all.
    pub(super) fn search(
        &self,
        query: &Query,
        municipality: &MunicipalityCode,
        reach: Reach,
    ) -> Result<Vec<Sight>, StoreError> {
        let (statement, key) = match query {
            Query::MyNumber(number) => (BY_NUMBER, self.keys.pseudonyms.person(number).as_bytes().to_vec()),
            Query::Attributes { name, birth_date, sex } => {
                (BY_ATTRIBUTES, attributes_key(&self.keys, name, (*birth_date, *sex)).to_vec())
            }
            Query::Coupon(number) => (BY_COUPON, coupon_key(&self.keys, municipality, number.as_str()).to_vec()),
        };
        self.read(|connection| {
            let mut statement = connection.prepare_cached(statement)?;
            let mut rows = statement.query(params![key, municipality.as_str(), reach == Reach::Own])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()?
                && found.len() < MAXIMUM_FOUND
            {
                let (person, version, sealed): (Vec<u8>, i64, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
                let person = PersonKey::from_bytes(&person).ok_or(StoreError::Unreadable("person key"))?;
                let current = Current::open(&self.keys, &person, (version, &sealed))?;
                found.extend(matches(query, &current.record).then(|| sight(person, current)));
            }
            Ok(found)
        })
    }
}

/// Found by the hash of a folded name: the name itself must be the same once more.
fn matches(query: &Query, record: &PersonRecord) -> bool {
    match query {
        Query::MyNumber(_) | Query::Coupon(_) => true,
        Query::Attributes { name, birth_date, sex } => {
            let attributes = &record.attributes;
            search_name(&attributes.name) == search_name(name)
                && attributes.birth_date == *birth_date
                && attributes.sex == *sex
        }
    }
}

/// A stored row as it is seen, before anything is hidden from the actor.
pub(super) fn sight(person: PersonKey, row: Current) -> Sight {
    Sight { person, version: row.version, record: row.record }
}

// The first parameter is the key, the second the municipality, the third whether protected persons are found too.

const BY_NUMBER: &str = "SELECT holding.person_key, version, record
    FROM holding JOIN person ON person.id = holding.person
    WHERE holding.person_key = ?1 AND municipality = ?2 AND (?3 OR NOT protected)";

const BY_ATTRIBUTES: &str = "SELECT holding.person_key, version, record
    FROM person JOIN holding ON municipality = ?2 AND holding.person_key = person.person_key
    WHERE search_key = ?1 AND (?3 OR NOT protected)";

const BY_COUPON: &str = "SELECT holding.person_key, version, record
    FROM coupon JOIN person ON person.id = coupon.person
    JOIN holding ON municipality = ?2 AND holding.person_key = person.person_key
    WHERE coupon_key = ?1 AND (?3 OR NOT protected)";
