//! The message board in SQLite.

use jiff::Timestamp;
use rusqlite::params;
use shared::domain::identifiers::MunicipalityCode;

use super::SqliteStore;
use super::terms::{account as parse_account, instant};
use crate::audit::Event;
use crate::store::StoreError;
use crate::store::actor::{AccessError, Act, Actor};
use crate::store::board::{Board, MAXIMUM_BODY, MAXIMUM_MESSAGES, MAXIMUM_TITLE, Message};

impl Board for SqliteStore {
    fn write_message(&self, actor: &Actor, title: &str, body: &str, at: Timestamp) -> Result<(), AccessError> {
        if !actor.may(Act::WriteMessages) {
            return Err(AccessError::Forbidden);
        }
        let title_fits = (1..=MAXIMUM_TITLE).contains(&title.chars().count()) && !title.chars().any(char::is_control);
        if !title_fits || !(1..=MAXIMUM_BODY).contains(&body.chars().count()) {
            return Err(AccessError::Invalid("a title of one line and a text are expected"));
        }
        let (account, to) = (actor.account().clone(), actor.municipality().cloned());
        let (title, body) = (title.to_owned(), body.to_owned());
        self.writer.write(move |writing| {
            let mut statement = writing.connection.prepare_cached(
                "INSERT INTO message (at, account, municipality, title, body) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            let to = to.as_ref().map(MunicipalityCode::as_str);
            statement.execute(params![at.as_millisecond(), account.as_str(), to, title, body])?;
            let number = writing.connection.last_insert_rowid().cast_unsigned();
            writing.note(at, None, &Event::MessageWritten { account, number })?;
            Ok(())
        })
    }

    fn messages(&self, actor: &Actor) -> Result<Vec<Message>, AccessError> {
        let messages = self.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT number, at, account, municipality, title, body FROM message
                 WHERE municipality IS NULL OR municipality = ?1 ORDER BY number DESC LIMIT {MAXIMUM_MESSAGES}"
            ))?;
            let mut rows = statement.query([actor.municipality().map(MunicipalityCode::as_str)])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let by: String = row.get(2)?;
                let to: Option<String> = row.get(3)?;
                let to = to.map(|code| MunicipalityCode::parse(&code)).transpose();
                found.push(Message {
                    number: row.get::<_, i64>(0)?.cast_unsigned(),
                    at: instant(row.get(1)?)?,
                    by: parse_account(&by)?,
                    to: to.ok().ok_or(StoreError::Unreadable("message"))?,
                    title: row.get(4)?,
                    body: row.get(5)?,
                });
            }
            Ok(found)
        })?;
        Ok(messages)
    }
}
