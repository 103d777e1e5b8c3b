//! Long record files into SQLite: into an empty store without indexes, which are built at the end, else row by row.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use shared::records::Record;

use super::SqliteStore;
use super::keys::Keys;
use super::persons::{PERSON_INDEXES, PersonRow, touch};
use super::records::{Row, put_all};
use super::writer::Writing;
use crate::audit::Event;
use crate::secrets::PersonKey;
use crate::store::loading::{Batch, Loading, Position};
use crate::store::{LineProblem, StoreError};

/// From how many bytes on a file is worth building the indexes anew.
const BULK_FROM_BYTES: u64 = 8 * 1024 * 1024;

/// Bytes in one transaction of a bulk load: what is given to the disk at once, and lost by a crash at most.
const BYTES_ALONE: usize = 8 * 1024 * 1024;

/// Bytes in one transaction otherwise: no issue waits long behind some hundred persons.
const BYTES_AMONG_OTHERS: usize = 512 * 1024;

/// Deferred persons in one transaction.
const DEFERRED_AT_ONCE: u32 = 500;

/// Memory for pages while a file is loaded, in KiB: the indexes are sorted in it.
const CACHE_KIB: i64 = 128 * 1024;

/// Threads beside the writer's that sort while an index is built; by then nobody prepares rows any more.
const SORTING_THREADS: u8 = 4;

/// A record, checked and encrypted.
pub struct Prepared(Row);

shared::hidden_debug!(Prepared);

impl Loading for SqliteStore {
    type Row = Prepared;

    fn prepare(&self, record: Record) -> Result<Result<Prepared, &'static str>, StoreError> {
        Ok(self.row(record)?.map(Prepared))
    }

    fn reached(&self) -> Result<Option<Position>, StoreError> {
        self.writer.write(|writing| position(writing.connection))
    }

    fn begin(&self, bytes: u64, at: Timestamp) -> Result<(), StoreError> {
        self.settle(at)?;
        let alone = self.lock.is_some();
        self.writer.write(move |writing| {
            let connection = writing.connection;
            connection.execute_batch("DELETE FROM load; DELETE FROM load_problem;")?;
            let is_empty = !connection.prepare("SELECT 1 FROM person")?.exists([])?;
            let is_bulk = alone && is_empty && bytes >= BULK_FROM_BYTES;
            if is_bulk {
                connection.execute_batch(DROP_INDEXES)?;
            }
            connection.execute(
                "INSERT INTO load (one, manner, bytes, line, records, digest) VALUES (1, ?1, 0, 0, 0, x'')",
                [if is_bulk { BULK } else { BY_ROW }],
            )?;
            Ok(())
        })
    }

    fn bytes_at_once(&self) -> Result<usize, StoreError> {
        let alone = self.writer.write(|writing| is_half_loaded(writing.connection))?;
        Ok(if alone { BYTES_ALONE } else { BYTES_AMONG_OTHERS })
    }

    fn tell(&self, reached: &Position, bytes: u64) -> Result<(), StoreError> {
        self.loading.as_ref().map_or(Ok(()), |lock| lock.tell(reached.records, reached.percent(bytes)))
    }

    fn take(&self, batch: Batch<Prepared>, at: Timestamp) -> Result<u64, StoreError> {
        let keys = Arc::clone(&self.keys);
        self.writer.write(move |writing| {
            let connection = writing.connection;
            let rows = batch.rows.into_iter().map(|(line, Prepared(row))| (line, row)).collect();
            let refused = if is_half_loaded(connection)? {
                append(writing, &keys, rows, at)?
            } else {
                put_all(writing, &keys, rows, at)?
            };
            note_problems(connection, batch.problems.iter().chain(&refused))?;
            let Position { bytes, line, records, digest } = batch.position;
            connection
                .prepare_cached("UPDATE load SET bytes = ?1, line = ?2, records = ?3, digest = ?4")?
                .execute(params![bytes.cast_signed(), line.cast_signed(), records.cast_signed(), digest])?;
            count_problems(connection)
        })
    }

    fn finish(&self, at: Timestamp) -> Result<Vec<LineProblem>, StoreError> {
        self.settle(at)?;
        self.writer.write(move |writing| {
            let connection = writing.connection;
            let records = position(connection)?.map_or(0, |reached| reached.records);
            let problems = problems(connection)?;
            let import = "INSERT INTO import (one, at) VALUES (1, ?1) ON CONFLICT (one) DO UPDATE SET at = ?1";
            connection.execute(import, [at.as_millisecond()])?;
            connection.execute_batch("DELETE FROM load; DELETE FROM load_problem;")?;
            writing.note(at, None, &Event::RecordsLoaded { records, problems: problems.len() as u64 })?;
            Ok(problems)
        })
    }
}

impl SqliteStore {
    /// Builds the indexes that a bulk load left out, and puts in whom it deferred.
    fn settle(&self, at: Timestamp) -> Result<(), StoreError> {
        let half_loaded = self.writer.write(|writing| is_half_loaded(writing.connection))?;
        let built = if half_loaded { self.writer.write(|writing| build_indexes(writing.connection)) } else { Ok(()) };
        match built {
            Err(StoreError::Database(error)) if error.is_broken_rule() => {
                self.writer.write(|writing| defer(writing.connection).and_then(|()| build_indexes(writing.connection)))
            }
            built => built,
        }?;
        loop {
            let keys = Arc::clone(&self.keys);
            if self.writer.write(move |writing| put_deferred(writing, &keys, at))? == 0 {
                return Ok(());
            }
        }
    }
}

/// How a file is loaded.
const BULK: &str = "bulk";
const BY_ROW: &str = "by-row";

/// Whether the indexes of a bulk load are still missing: then persons may be missing too.
pub(super) fn is_half_loaded(connection: &Connection) -> Result<bool, StoreError> {
    Ok(connection.prepare_cached("SELECT 1 FROM load WHERE manner = ?1")?.exists([BULK])?)
}

/// Suits a connection that has the store for itself to long transactions that append.
///
/// A rollback journal holds only pages that were there before, so that what is appended is written once and not
/// twice; where somebody else has the store open, it stays as it is. The next connection turns it back.
pub(super) fn suit(connection: &Connection) -> Result<(), StoreError> {
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update(None, "threads", SORTING_THREADS)?;
    let left: String =
        connection.pragma_update_and_check(None, "journal_mode", "TRUNCATE", |row| row.get(0)).or_else(|error| {
            match error.sqlite_error_code() {
                Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => Ok("wal".to_owned()),
                Some(_) | None => Err(error),
            }
        })?;
    tracing::debug!(journal = left, "ready to load");
    Ok(())
}

fn position(connection: &Connection) -> Result<Option<Position>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT bytes, line, records, digest FROM load")?;
    let row = statement.query_row([], |row| {
        let number = |column| Ok::<_, rusqlite::Error>(row.get::<_, i64>(column)?.cast_unsigned());
        let digest: Vec<u8> = row.get(3)?;
        Ok(digest.try_into().ok().map(|digest| (number(0), number(1), number(2), digest)))
    });
    let Some((bytes, line, records, digest)) = row.optional()?.flatten() else { return Ok(None) };
    Ok(Some(Position { bytes: bytes?, line: line?, records: records?, digest }))
}

/// Stores the rows of an empty store's first file: persons are appended, each in the place of its line.
fn append(
    writing: &Writing<'_>,
    keys: &Keys,
    rows: Vec<(u64, Row)>,
    at: Timestamp,
) -> Result<Vec<LineProblem>, StoreError> {
    let mut persons = Vec::with_capacity(rows.len());
    let mut others = Vec::new();
    for (line, row) in rows {
        match row {
            Row::Person(person) => persons.push((line, person)),
            other => others.push((line, other)),
        }
    }
    for (line, person) in &persons {
        person.append(writing.connection, Some(line.cast_signed()))?;
    }
    let municipalities: BTreeSet<_> = persons.iter().flat_map(|(_, person)| person.municipalities()).collect();
    for municipality in municipalities {
        touch(writing.connection, municipality)?;
    }
    put_all(writing, keys, others, at)
}

fn build_indexes(connection: &Connection) -> Result<(), StoreError> {
    connection.execute_batch(PERSON_INDEXES)?;
    connection.execute("UPDATE load SET manner = ?1", [BY_ROW])?;
    Ok(())
}

const DROP_INDEXES: &str = "
    DROP INDEX person_by_key;
    DROP INDEX person_by_certificate;
    DROP INDEX person_by_attributes;
    DROP INDEX holding_by_municipality;
    DROP INDEX coupon_by_key;";

/// Takes out every person whose line was not the first with its number, certificate and coupons.
///
/// What is left meets nobody, so that it stands as if it had been put in line by line; the others are, afterwards.
fn defer(connection: &Connection) -> Result<(), StoreError> {
    connection.execute_batch(
        "CREATE TEMP TABLE later AS
         SELECT id FROM person WHERE id NOT IN (SELECT min(id) FROM person GROUP BY person_key)
         UNION
         SELECT id FROM person WHERE certificate_key IS NOT NULL AND id NOT IN
             (SELECT min(id) FROM person WHERE certificate_key IS NOT NULL GROUP BY certificate_key)
         UNION
         SELECT coupon.person FROM coupon JOIN
             (SELECT coupon_key, min(person) AS first FROM coupon GROUP BY coupon_key HAVING count(*) > 1) AS shared
             ON shared.coupon_key = coupon.coupon_key AND coupon.person <> shared.first;
         INSERT INTO deferred (line, person_key, record)
             SELECT id, person_key, record FROM person WHERE id IN (SELECT id FROM later);
         DELETE FROM person WHERE id IN (SELECT id FROM later);
         DELETE FROM holding WHERE person IN (SELECT id FROM later);
         DELETE FROM coupon WHERE person IN (SELECT id FROM later);
         DROP TABLE later;",
    )?;
    Ok(())
}

/// Puts deferred persons in, in the order of their lines, and says how many.
fn put_deferred(writing: &Writing<'_>, keys: &Keys, at: Timestamp) -> Result<usize, StoreError> {
    let connection = writing.connection;
    let mut statement =
        connection.prepare_cached("SELECT line, person_key, record FROM deferred ORDER BY line LIMIT ?1")?;
    let mut found = statement.query([DEFERRED_AT_ONCE])?;
    let mut rows = Vec::new();
    let mut problems = Vec::new();
    let mut count = 0;
    let mut last = 0;
    while let Some(row) = found.next()? {
        let (line, key, sealed): (i64, Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let key = PersonKey::from_bytes(&key).ok_or(StoreError::Unreadable("person key"))?;
        match PersonRow::new(keys, &keys.open_person(&key, &sealed)?)? {
            Ok(person) => rows.push((line.cast_unsigned(), Row::Person(person))),
            Err(problem) => problems.push(LineProblem::new(line.cast_unsigned(), problem)),
        }
        (count, last) = (count + 1, line);
    }
    problems.extend(put_all(writing, keys, rows, at)?);
    note_problems(connection, problems.iter())?;
    connection.prepare_cached("DELETE FROM deferred WHERE line <= ?1")?.execute([last])?;
    Ok(count)
}

fn note_problems<'a>(
    connection: &Connection,
    problems: impl Iterator<Item = &'a LineProblem>,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached("INSERT INTO load_problem (line, problem) VALUES (?1, ?2)")?;
    for problem in problems {
        statement.execute(params![problem.line.cast_signed(), problem.problem])?;
    }
    Ok(())
}

fn count_problems(connection: &Connection) -> Result<u64, StoreError> {
    let mut statement = connection.prepare_cached("SELECT count(*) FROM load_problem")?;
    Ok(statement.query_row([], |row| row.get::<_, i64>(0))?.cast_unsigned())
}

fn problems(connection: &Connection) -> Result<Vec<LineProblem>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT line, problem FROM load_problem ORDER BY line")?;
    let rows = statement.query_map([], |row| {
        let problem: String = row.get(1)?;
        Ok(LineProblem { line: row.get::<_, i64>(0)?.cast_unsigned(), problem: problem.into() })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
