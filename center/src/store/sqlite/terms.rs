//! Consents and profiles of municipalities in SQLite.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use shared::domain::identifiers::MunicipalityCode;
use shared::records::{AccountId, Agreement, KioskConsent, TermsDocument};

use super::{SqliteStore, assessment, persons};
use crate::audit::Event;
use crate::store::actor::{AccessError, Act, Actor, Changer};
use crate::store::terms::{Agreements, Consent, MAXIMUM_CONTACT, Profile, Terms};
use crate::store::{StoreError, SwitchPosition};
use crate::vrs::openings::{Missing, Service};

impl Terms for SqliteStore {
    fn agreements(&self, municipality: &MunicipalityCode) -> Result<Agreements, StoreError> {
        self.read(|connection| agreements(connection, municipality))
    }

    fn with_addition(&self) -> Result<BTreeMap<String, Agreements>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT municipality, max(version) FROM consent WHERE document = ?1 GROUP BY municipality",
            )?;
            let document = TermsDocument::ConfirmationAddition;
            let mut rows = statement.query([document.as_str()])?;
            let mut found = BTreeMap::new();
            while let Some(row) = rows.next()? {
                let agreement = Agreement { document, version: row.get(1)? };
                found.insert(row.get(0)?, Agreements { documents: vec![agreement], suspended: false });
            }
            Ok(found)
        })
    }

    fn consents(&self, actor: &Actor) -> Result<Vec<Consent>, AccessError> {
        let municipality = actor.municipality().ok_or(AccessError::Forbidden)?;
        let consents = self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT document, version, account, at FROM consent WHERE municipality = ?1 ORDER BY at DESC, document",
            )?;
            let mut rows = statement.query([municipality.as_str()])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let document: String = row.get(0)?;
                found.push(Consent {
                    agreement: Agreement { document: parse_document(&document)?, version: row.get(1)? },
                    by: changer(row.get::<_, Option<String>>(2)?.as_deref())?,
                    at: instant(row.get(3)?)?,
                });
            }
            Ok(found)
        })?;
        Ok(consents)
    }

    fn agree(&self, actor: &Actor, agreement: Agreement, at: Timestamp) -> Result<(), AccessError> {
        let municipality = actor.acting_for(Act::RepresentMunicipality)?.clone();
        if agreement.version != agreement.document.current_version() {
            return Err(AccessError::Invalid("another version of the document is in force"));
        }
        let account = actor.account().clone();
        self.writer.write(move |writing| {
            let mut statement = writing.connection.prepare_cached(
                "INSERT INTO consent (municipality, document, version, account, at) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO NOTHING",
            )?;
            let row = params![
                municipality.as_str(),
                agreement.document.as_str(),
                agreement.version,
                account.as_str(),
                at.as_millisecond()
            ];
            if statement.execute(row)? == 0 {
                return Ok(());
            }
            draw(writing.connection, &municipality)?;
            writing.note(at, None, &Event::TermsAgreed { account, municipality, agreement })?;
            Ok(())
        })
    }

    fn suspend(&self, actor: &Actor, to: SwitchPosition, at: Timestamp) -> Result<(), AccessError> {
        let municipality = actor.acting_for(Act::RepresentMunicipality)?.clone();
        let account = actor.account().clone();
        self.writer.write(move |writing| {
            let suspended = to == SwitchPosition::Stopped;
            set_suspended(writing.connection, &municipality, to)?;
            draw(writing.connection, &municipality)?;
            writing.note(at, None, &Event::ParticipationSwitched { account, municipality, suspended })?;
            Ok(())
        })
    }

    fn profile(&self, municipality: &MunicipalityCode) -> Result<Profile, StoreError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT profile FROM municipality WHERE municipality = ?1")?;
            let text: Option<Option<String>> =
                statement.query_row([municipality.as_str()], |row| row.get(0)).optional()?;
            let Some(text) = text.flatten() else { return Ok(Profile::default()) };
            serde_json::from_str(&text).ok().ok_or(StoreError::Unreadable("profile"))
        })
    }

    fn set_profile(&self, actor: &Actor, profile: Profile, at: Timestamp) -> Result<(), AccessError> {
        let municipality = actor.acting_for(Act::RepresentMunicipality)?.clone();
        if profile.contact.chars().count() > MAXIMUM_CONTACT || profile.contact.chars().any(char::is_control) {
            return Err(AccessError::Invalid("a contact of one line of up to 100 characters is expected"));
        }
        let actor = actor.clone();
        self.writer.write(move |writing| {
            ensure(writing.connection, &municipality)?;
            let profile = assessment::judged(writing, (&actor, &municipality), profile, at)?;
            let text = serde_json::to_string(&profile).ok().ok_or(StoreError::Unreadable("profile"))?;
            writing
                .connection
                .prepare_cached("UPDATE municipality SET profile = ?2 WHERE municipality = ?1")?
                .execute([municipality.as_str(), &text])?;
            let account = actor.account().clone();
            writing.note(at, None, &Event::ProfileChanged { account, municipality })?;
            Ok(())
        })
    }
}

/// What is in force for a municipality.
pub(super) fn agreements(connection: &Connection, municipality: &MunicipalityCode) -> Result<Agreements, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT document, max(version) FROM consent WHERE municipality = ?1 GROUP BY document")?;
    let mut rows = statement.query([municipality.as_str()])?;
    let mut documents = Vec::new();
    while let Some(row) = rows.next()? {
        let document: String = row.get(0)?;
        documents.push(Agreement { document: parse_document(&document)?, version: row.get(1)? });
    }
    let mut statement = connection.prepare_cached("SELECT suspended FROM municipality WHERE municipality = ?1")?;
    let suspended = statement.query_row([municipality.as_str()], |row| row.get(0)).optional()?;
    Ok(Agreements { documents, suspended: suspended.unwrap_or(false) })
}

/// Replaces what a municipality agreed to by what a record file says.
pub(super) fn replace(
    connection: &Connection,
    municipality: &MunicipalityCode,
    consent: KioskConsent,
    at: Timestamp,
) -> Result<(), StoreError> {
    let agreed = match consent {
        KioskConsent::Agreed | KioskConsent::Suspended => &TermsDocument::ALL[..],
        KioskConsent::NotAgreed => &[],
    };
    if agreed.is_empty() {
        let query = "DELETE FROM consent WHERE municipality = ?1";
        connection.prepare_cached(query)?.execute([municipality.as_str()])?;
    }
    for document in agreed {
        let mut statement = connection.prepare_cached(
            "INSERT INTO consent (municipality, document, version, account, at) VALUES (?1, ?2, ?3, NULL, ?4)
             ON CONFLICT DO NOTHING",
        )?;
        let version = document.current_version();
        statement.execute(params![municipality.as_str(), document.as_str(), version, at.as_millisecond()])?;
    }
    let position = match consent {
        KioskConsent::Suspended => SwitchPosition::Stopped,
        KioskConsent::Agreed | KioskConsent::NotAgreed => SwitchPosition::Running,
    };
    set_suspended(connection, municipality, position)?;
    draw(connection, municipality)
}

fn ensure(connection: &Connection, municipality: &MunicipalityCode) -> Result<(), StoreError> {
    let query = "INSERT INTO municipality (municipality, consent) VALUES (?1, 'not-agreed') ON CONFLICT DO NOTHING";
    connection.prepare_cached(query)?.execute([municipality.as_str()])?;
    Ok(())
}

fn set_suspended(
    connection: &Connection,
    municipality: &MunicipalityCode,
    to: SwitchPosition,
) -> Result<(), StoreError> {
    ensure(connection, municipality)?;
    let query = "UPDATE municipality SET suspended = ?2 WHERE municipality = ?1";
    connection.prepare_cached(query)?.execute(params![municipality.as_str(), to == SwitchPosition::Stopped])?;
    Ok(())
}

/// Draws the one word that terminals are judged by from consents and switch.
fn draw(connection: &Connection, municipality: &MunicipalityCode) -> Result<(), StoreError> {
    ensure(connection, municipality)?;
    let barriers = Service::Kiosk.barriers(&agreements(connection, municipality)?);
    let consent = match barriers.as_slice() {
        [] => "agreed",
        [Missing::Suspended] => "suspended",
        _ => "not-agreed",
    };
    let query = "UPDATE municipality SET consent = ?2 WHERE municipality = ?1";
    connection.prepare_cached(query)?.execute([municipality.as_str(), consent])?;
    Ok(())
}

fn parse_document(text: &str) -> Result<TermsDocument, StoreError> {
    TermsDocument::parse(text).ok_or(StoreError::Unreadable("document"))
}

/// Who changed something: an account, the person, or an import where there is none.
pub(super) fn changer(account: Option<&str>) -> Result<Changer, StoreError> {
    match account {
        None => Ok(Changer::Import),
        Some(persons::HOLDER) => Ok(Changer::Holder),
        Some(account) => self::account(account).map(Changer::Account),
    }
}

/// A stored account name.
pub(super) fn account(text: &str) -> Result<AccountId, StoreError> {
    AccountId::parse(text).ok().ok_or(StoreError::Unreadable("account"))
}

/// A stored instant.
pub(super) fn instant(millisecond: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(millisecond).ok().ok_or(StoreError::Unreadable("instant"))
}
