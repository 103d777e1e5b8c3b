//! The terminal's journal: what is about to happen with money and paper, durable before it happens.
//!
//! One record a line: 64 hexadecimal digits, a space, one JSON object. The digits are the SHA-256 over
//! the digits of the line before and this line's object, so an altered, missing or moved line is found.
//! A last line that was cut off by a power cut is cut away when the journal is opened. The file is
//! locked: it belongs to one running program. Nothing in it names a person.

mod extract;
mod line;
mod settle;

use std::collections::{HashMap, VecDeque};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use shared::domain::identifiers::{IdempotencyKey, IssuanceId, TransactionId, hex};
use shared::proof::sha256;
use shared::wire::outcome::Outcome;

pub use self::extract::{Extract, Shown};
pub use self::line::{Line, Standing, document_hex};
use self::line::{blank, line_of, merged};
pub use self::settle::{Proposal, Unsettleable, choices, settle};
use crate::printer::Machine;
use crate::printer::folder::certificate_path;
use crate::session::effect::{Fact, Record};

/// A transaction as its records tell it.
#[derive(Debug, Clone)]
pub struct Account {
    /// The last record; every field that any record set is set.
    pub last: Line,
}

/// Why the journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another program has it.
    #[error("{}: another program runs this terminal", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be read or written.
    #[error("{}: the journal cannot be read or written", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A record is not what was written.
    #[error("{}:{line}: the record was altered, moved or removed", path.display())]
    Altered {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
    },
}

/// The whole journal as read.
#[derive(Debug)]
pub struct Reading {
    /// The records in order.
    pub lines: Vec<Line>,
    /// The digits before each record, which chain it to the one before.
    pub digests: Vec<String>,
    /// Bytes of a last line that was cut off.
    pub torn_bytes: u64,
    head: String,
    sound_bytes: u64,
}

/// The journal, open for one program.
#[derive(Debug)]
pub struct Journal {
    file: File,
    path: PathBuf,
    length: u64,
    sequence: u64,
    head: String,
    durability: Durability,
    tray: PathBuf,
    printer: Option<String>,
    received: Option<(TransactionId, IssuanceId)>,
    /// Where the transactions stand that staff has to look at.
    open: HashMap<TransactionId, Standing>,
    /// Where those stand that were written of last.
    recent: VecDeque<(TransactionId, Standing)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Durability {
    Durable,
    Pending,
}

/// The digits before the first line.
const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// How many of the last records are remembered: more than a transaction has.
const MAXIMUM_RECENT: usize = 64;

/// The longest line.
const MAXIMUM_LINE_BYTES: u64 = 16 * 1024;

impl Journal {
    /// Opens and locks the journal, checks every record and cuts away a torn last line.
    ///
    /// `tray` is where paper will lie, for the records that tell it.
    pub fn open(path: &Path, tray: &Path) -> Result<(Self, Reading), JournalError> {
        let unusable = |source| JournalError::Unusable { path: path.to_owned(), source };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(unusable)?;
        }
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(JournalError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => return Err(unusable(source)),
        }
        let reading = read_from(&file, path)?;
        if reading.torn_bytes > 0 {
            file.set_len(reading.sound_bytes).and_then(|()| file.sync_data()).map_err(unusable)?;
        }
        file.seek(SeekFrom::Start(reading.sound_bytes)).map_err(unusable)?;
        let waiting = reading.waiting_for_staff().into_iter();
        let journal = Self {
            file,
            path: path.to_owned(),
            length: reading.sound_bytes,
            sequence: reading.lines.len() as u64,
            head: reading.head.clone(),
            durability: Durability::Durable,
            tray: tray.to_owned(),
            printer: None,
            received: None,
            open: waiting.map(|account| (account.last.transaction, account.last.state)).collect(),
            recent: VecDeque::with_capacity(MAXIMUM_RECENT),
        };
        Ok((journal, reading))
    }

    /// Sets what prints from now on: the records tell recovery where to look for the paper.
    pub fn prints_on(&mut self, machine: &Machine) {
        self.printer = match machine {
            Machine::Folder(_) => None,
            Machine::Ipp(printer) => Some(printer.uri().to_owned()),
        };
    }

    /// Where paper lies.
    pub fn tray(&self) -> &Path {
        &self.tray
    }

    /// Writes a record. It is durable only after [`Journal::sync`].
    pub fn append(&mut self, record: &Record, at: Timestamp) -> Result<(), JournalError> {
        let standing = self.standing(&record.transaction);
        let mut line = line_of(record, standing, at);
        match &record.fact {
            Fact::Received { issuance, .. } => self.received = Some((record.transaction.clone(), issuance.clone())),
            // The record tells recovery where to look for the paper.
            Fact::Printing => {
                let received = self.received.as_ref().filter(|(transaction, _)| *transaction == record.transaction);
                match &self.printer {
                    Some(uri) => line.printer = Some(uri.clone()),
                    None => line.paper = received.map(|(_, issuance)| certificate_path(&self.tray, issuance)),
                }
            }
            Fact::Requested { .. }
            | Fact::Inserted { .. }
            | Fact::Paid { .. }
            | Fact::ChangeGiven
            | Fact::Presented
            | Fact::Taken
            | Fact::Refunded { .. }
            | Fact::Cancelled { .. }
            | Fact::Owed { .. }
            | Fact::Retracted
            | Fact::Resolved(_)
            | Fact::Unknown => {}
        }
        self.write(line)
    }

    /// Writes that the centre knows the end of a transaction.
    pub fn acknowledge(
        &mut self,
        transaction: &TransactionId,
        key: &IdempotencyKey,
        outcome: Outcome,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        let state = match outcome {
            Outcome::Taken => Standing::Taken,
            Outcome::Cancelled => Standing::Cancelled,
            Outcome::Refunded => Standing::Refunded,
            Outcome::Unknown => Standing::Unknown,
        };
        let mut line = blank(transaction.clone(), key.clone(), state, at);
        line.acknowledged = Some(true);
        self.write(line)
    }

    /// Makes every record written so far durable.
    pub fn sync(&mut self) -> Result<(), JournalError> {
        if self.durability == Durability::Pending {
            self.file.sync_data().map_err(|source| self.unusable(source))?;
            self.durability = Durability::Durable;
        }
        Ok(())
    }

    fn write(&mut self, mut line: Line) -> Result<(), JournalError> {
        line.sequence = self.sequence + 1;
        let body = serde_json::to_string(&line).map_err(|error| self.unusable(error.into()))?;
        let digest = chain(&self.head, &body);
        let text = format!("{digest} {body}\n");
        if let Err(source) = self.file.write_all(text.as_bytes()) {
            // A full disk must not leave half a line in the middle of what is still to come.
            let restored = self.file.set_len(self.length).and_then(|()| self.file.seek(SeekFrom::Start(self.length)));
            return Err(self.unusable(restored.err().unwrap_or(source)));
        }
        if self.recent.len() == MAXIMUM_RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back((line.transaction, line.state));
        self.length += text.len() as u64;
        self.sequence += 1;
        self.head = digest;
        self.durability = Durability::Pending;
        Ok(())
    }

    fn standing(&self, transaction: &TransactionId) -> Standing {
        let recent = self.recent.iter().rev().find(|(known, _)| known == transaction).map(|(_, standing)| *standing);
        recent.or_else(|| self.open.get(transaction).copied()).unwrap_or(Standing::Unknown)
    }

    fn unusable(&self, source: io::Error) -> JournalError {
        JournalError::Unusable { path: self.path.clone(), source }
    }
}

/// Reads and checks a journal without locking it.
pub fn read(path: &Path) -> Result<Reading, JournalError> {
    let file = File::open(path).map_err(|source| JournalError::Unusable { path: path.to_owned(), source })?;
    read_from(&file, path)
}

fn read_from(file: &File, path: &Path) -> Result<Reading, JournalError> {
    let mut reader = BufReader::new(file);
    let mut reading =
        Reading { lines: Vec::new(), digests: Vec::new(), torn_bytes: 0, head: GENESIS.to_owned(), sound_bytes: 0 };
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let bytes = io::Read::take(&mut reader, MAXIMUM_LINE_BYTES)
            .read_until(b'\n', &mut buffer)
            .map_err(|source| JournalError::Unusable { path: path.to_owned(), source })?;
        if bytes == 0 {
            return Ok(reading);
        }
        let number = reading.lines.len() as u64 + 1;
        match parse(&buffer, &reading.head, number) {
            Some((digest, line)) => {
                reading.head.clone_from(&digest);
                reading.digests.push(digest);
                reading.lines.push(line);
                reading.sound_bytes += bytes as u64;
            }
            None if is_last(&mut reader) && is_torn(&buffer) => {
                reading.torn_bytes = bytes as u64;
                return Ok(reading);
            }
            None => return Err(JournalError::Altered { path: path.to_owned(), line: number }),
        }
    }
}

fn parse(bytes: &[u8], head: &str, sequence: u64) -> Option<(String, Line)> {
    let text = std::str::from_utf8(bytes).ok()?.strip_suffix('\n')?;
    let (digest, body) = text.split_once(' ')?;
    if chain(head, body) != digest {
        return None;
    }
    let line: Line = serde_json::from_str(body).ok()?;
    (line.sequence == sequence).then(|| (digest.to_owned(), line))
}

fn is_last(reader: &mut BufReader<&File>) -> bool {
    reader.fill_buf().is_ok_and(<[u8]>::is_empty)
}

/// A power cut leaves a line without its end, or blocks that were never written.
fn is_torn(line: &[u8]) -> bool {
    !line.ends_with(b"\n") || line.contains(&0)
}

fn chain(head: &str, body: &str) -> String {
    hex(&sha256(format!("{head} {body}").as_bytes()))
}

impl Reading {
    /// The transactions in the order in which they began, each with everything its records say.
    pub fn accounts(&self) -> Vec<Account> {
        let mut places = HashMap::new();
        let mut accounts: Vec<Account> = Vec::new();
        for line in &self.lines {
            let place = *places.entry(&line.transaction).or_insert(accounts.len());
            match accounts.get_mut(place) {
                Some(account) => account.last = merged(&account.last, line),
                None => accounts.push(Account { last: line.clone() }),
            }
        }
        accounts
    }

    /// The transactions that only staff can end, or to which the terminal owes money.
    pub fn waiting_for_staff(&self) -> Vec<Account> {
        self.accounts().into_iter().filter(Account::waits_for_staff).collect()
    }

    /// The transactions that have not ended, or whose end the centre does not know.
    pub fn unsettled(&self) -> Vec<Account> {
        self.accounts().into_iter().filter(|account| !account.is_settled()).collect()
    }
}

impl Account {
    /// Whether nobody may be served before staff has decided: paper may still come, or money is owed.
    pub fn stops_service(&self) -> bool {
        self.waits_for_staff() && self.last.state != Standing::Retracted
    }

    /// Whether staff has something to do about it.
    pub fn waits_for_staff(&self) -> bool {
        let is_owed = self.last.owed.is_some_and(|owed| owed.0 > 0);
        is_owed || matches!(self.last.state, Standing::Unknown | Standing::Retracted)
    }

    /// Whether it has ended and the centre knows.
    pub fn is_settled(&self) -> bool {
        self.last.state.outcome().is_some() && self.last.acknowledged == Some(true)
    }
}

#[cfg(test)]
mod tests;
