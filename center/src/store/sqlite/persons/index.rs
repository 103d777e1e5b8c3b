//! What a person is found by beside the own row: municipalities, coupons, and keyed hashes of what clerks type.

use jiff::civil::Date;
use rusqlite::{Connection, params};
use shared::domain::identifiers::MunicipalityCode;
use shared::domain::person::Sex;
use shared::records::{PersonRecord, Restriction};

use super::super::keys::Keys;
use crate::secrets::{PersonKey, Tag};
use crate::store::StoreError;
use crate::vrs::search_name;

/// Makes the indexes of persons, holdings and coupons.
pub(in crate::store::sqlite) const PERSON_INDEXES: &str = include_str!("../person-indexes.sql");

/// The rows of a person in `holding` and `coupon`.
pub(in crate::store::sqlite) struct PersonIndex {
    pub(in crate::store::sqlite) municipalities: Vec<MunicipalityCode>,
    pub(in crate::store::sqlite) coupons: Vec<Tag>,
    protected: bool,
}

impl PersonIndex {
    /// Of a record.
    pub(in crate::store::sqlite) fn of(keys: &Keys, record: &PersonRecord) -> Self {
        let mut municipalities: Vec<_> =
            record.doses.iter().map(|dose| &dose.municipality).chain([&record.residence]).collect();
        municipalities.sort();
        municipalities.dedup();
        Self {
            municipalities: municipalities.into_iter().cloned().collect(),
            coupons: coupon_keys(keys, record),
            protected: record.restrictions.contains(&Restriction::Protected),
        }
    }

    /// Adds the rows of a person.
    pub(in crate::store::sqlite) fn add(
        &self,
        connection: &Connection,
        (id, key): (i64, &PersonKey),
    ) -> Result<(), StoreError> {
        let mut statement = connection.prepare_cached(
            "INSERT INTO holding (municipality, person_key, person, protected) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for municipality in &self.municipalities {
            statement.execute(params![municipality.as_str(), key.as_bytes(), id, self.protected])?;
        }
        if !self.coupons.is_empty() {
            let mut statement = connection.prepare_cached("INSERT INTO coupon (coupon_key, person) VALUES (?1, ?2)")?;
            for coupon in &self.coupons {
                statement.execute(params![coupon, id])?;
            }
        }
        Ok(())
    }

    /// Removes the rows that [`Self::add`] made.
    pub(in crate::store::sqlite) fn remove(&self, connection: &Connection, key: &PersonKey) -> Result<(), StoreError> {
        for municipality in &self.municipalities {
            let mut statement =
                connection.prepare_cached("DELETE FROM holding WHERE municipality = ?1 AND person_key = ?2")?;
            statement.execute(params![municipality.as_str(), key.as_bytes()])?;
        }
        for coupon in &self.coupons {
            connection.prepare_cached("DELETE FROM coupon WHERE coupon_key = ?1")?.execute([coupon])?;
        }
        Ok(())
    }

    /// Says that something about the persons of these municipalities changed.
    pub(in crate::store::sqlite) fn touch(&self, connection: &Connection) -> Result<(), StoreError> {
        self.municipalities.iter().try_for_each(|municipality| touch(connection, municipality))
    }
}

/// Says that something about a municipality's persons changed.
pub(in crate::store::sqlite) fn touch(
    connection: &Connection,
    municipality: &MunicipalityCode,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO stamp (municipality, number) VALUES (?1, 1)
         ON CONFLICT (municipality) DO UPDATE SET number = number + 1",
    )?;
    statement.execute([municipality.as_str()])?;
    Ok(())
}

/// What a person is found by: name, birth date and sex.
pub(in crate::store::sqlite) fn search_key(keys: &Keys, record: &PersonRecord) -> Tag {
    let attributes = &record.attributes;
    attributes_key(keys, &attributes.name, (attributes.birth_date, attributes.sex))
}

/// The same from the three apart.
pub(in crate::store::sqlite) fn attributes_key(keys: &Keys, name: &str, (birth_date, sex): (Date, Sex)) -> Tag {
    let text = format!("{birth_date}\0{sex:?}\0{}", search_name(name));
    keys.pseudonyms.tag(b"attributes", text.as_bytes())
}

/// What a coupon is found by.
pub(in crate::store::sqlite) fn coupon_key(keys: &Keys, municipality: &MunicipalityCode, number: &str) -> Tag {
    keys.pseudonyms.tag(b"coupon", format!("{municipality}{number}").as_bytes())
}

/// Every coupon of a record: those that were sent, and those that were handed in.
fn coupon_keys(keys: &Keys, record: &PersonRecord) -> Vec<Tag> {
    let sent = record.coupons.iter().map(|coupon| (&coupon.municipality, &coupon.number));
    let handed_in = record.doses.iter().filter_map(|dose| Some((&dose.municipality, dose.coupon.as_ref()?)));
    let mut found: Vec<Tag> =
        sent.chain(handed_in).map(|(municipality, number)| coupon_key(keys, municipality, number.as_str())).collect();
    found.sort_unstable();
    found.dedup();
    found
}

shared::hidden_debug!(PersonIndex);
