//! Judgements and sheets of the impact assessment in SQLite.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use shared::domain::identifiers::MunicipalityCode;

use super::SqliteStore;
use super::terms::{account, instant};
use super::writer::Writing;
use crate::audit::Event;
use crate::store::StoreError;
use crate::store::actor::{AccessError, Act, Actor};
use crate::store::assessment::{Assessments, Judgement, SavedSheet, Sheet};
use crate::store::terms::{Assessment, Profile};
use crate::vrs::impact::{Duty, Figures, Incident, judge};

impl Assessments for SqliteStore {
    fn judgements(&self, actor: &Actor) -> Result<Vec<Judgement>, AccessError> {
        let municipality = actor.acting_for(Act::RepresentMunicipality)?;
        let judgements = self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT at, account, subjects, handlers, incident, duty FROM judgement
                 WHERE municipality = ?1 ORDER BY number DESC LIMIT 100",
            )?;
            let mut rows = statement.query([municipality.as_str()])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let by: String = row.get(1)?;
                let duty: String = row.get(5)?;
                let incident = row.get::<_, bool>(4)?.into();
                let count = |column| row.get::<_, i64>(column).map(i64::cast_unsigned);
                found.push(Judgement {
                    at: instant(row.get(0)?)?,
                    by: account(&by)?,
                    figures: Figures { subjects: count(2)?, handlers: count(3)?, incident },
                    duty: Duty::parse(&duty).ok_or(StoreError::Unreadable("duty"))?,
                });
            }
            Ok(found)
        })?;
        Ok(judgements)
    }

    fn sheet(&self, actor: &Actor) -> Result<Option<SavedSheet>, AccessError> {
        let municipality = actor.acting_for(Act::RepresentMunicipality)?;
        let saved = self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT at, account, sheet FROM sheet WHERE municipality = ?1")?;
            let row: Option<(i64, String, String)> = statement
                .query_row([municipality.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .optional()?;
            row.map(|(at, by, sheet)| {
                let sheet: Sheet = serde_json::from_str(&sheet).ok().ok_or(StoreError::Unreadable("sheet"))?;
                Ok(SavedSheet { sheet, at: instant(at)?, by: account(&by)? })
            })
            .transpose()
        })?;
        Ok(saved)
    }

    fn save_sheet(&self, actor: &Actor, sheet: &Sheet, at: Timestamp) -> Result<(), AccessError> {
        let municipality = actor.acting_for(Act::RepresentMunicipality)?.clone();
        let account = actor.account().clone();
        let text = serde_json::to_string(sheet).ok().ok_or(StoreError::Unreadable("sheet"))?;
        self.writer.write(move |writing| {
            let mut statement = writing.connection.prepare_cached(
                "INSERT INTO sheet (municipality, at, account, sheet) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (municipality) DO UPDATE SET at = ?2, account = ?3, sheet = ?4",
            )?;
            statement.execute(params![municipality.as_str(), at.as_millisecond(), account.as_str(), text])?;
            writing.note(at, None, &Event::SheetSaved { account, municipality })?;
            Ok(())
        })
    }
}

/// Judges what a municipality says of itself anew. A judgement that asks for something else is kept, and an assessment
/// that was done for less is done in part only.
pub(super) fn judged(
    writing: &mut Writing<'_>,
    (actor, municipality): (&Actor, &MunicipalityCode),
    mut profile: Profile,
    at: Timestamp,
) -> Result<Profile, StoreError> {
    let figures = Figures::from(&profile);
    let duty = judge(&figures);
    let former = last(writing.connection, municipality)?;
    if former.as_ref().is_some_and(|(_, former)| *former == duty) {
        return Ok(profile);
    }
    let (number, former) = former.map_or((0, None), |(number, former)| (number, Some(former)));
    let is_more = former.is_some_and(|former| former < duty);
    if is_more && profile.assessment == Assessment::Done {
        profile.assessment = Assessment::Partly;
    }
    let mut statement = writing.connection.prepare_cached(
        "INSERT INTO judgement (municipality, number, at, account, subjects, handlers, incident, duty)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    statement.execute(params![
        municipality.as_str(),
        number + 1,
        at.as_millisecond(),
        actor.account().as_str(),
        figures.subjects.cast_signed(),
        figures.handlers.cast_signed(),
        figures.incident == Incident::Happened,
        duty.as_str(),
    ])?;
    let (account, municipality) = (actor.account().clone(), municipality.clone());
    writing.note(at, None, &Event::AssessmentJudged { account, municipality, duty: duty.as_str().to_owned() })?;
    Ok(profile)
}

/// The newest judgement's number and duty.
fn last(connection: &Connection, municipality: &MunicipalityCode) -> Result<Option<(i64, Duty)>, StoreError> {
    let query = "SELECT number, duty FROM judgement WHERE municipality = ?1 ORDER BY number DESC LIMIT 1";
    let mut statement = connection.prepare_cached(query)?;
    let row: Option<(i64, String)> =
        statement.query_row([municipality.as_str()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    row.map(|(number, duty)| Ok((number, Duty::parse(&duty).ok_or(StoreError::Unreadable("duty"))?))).transpose()
}
