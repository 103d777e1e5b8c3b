//! What takes time at the staff's desk, each on a thread of its own: a code compared, devices looked at, the journal
//! read, a report written.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use shared::clock::Clock;
use shared::domain::fee::Yen;
use shared::domain::identifiers::TransactionId;
use shared::wire::PROTOCOL_VERSION;

use super::code::{CodeHash, StaffCode};
use super::diagnosis::{Diagnosis, Finding, JournalFinding, ReaderFinding};
use crate::center_client::{CenterClient, Identity, Place};
use crate::config::Config;
use crate::doctor;
use crate::journal::{self, Account, Proposal};
use crate::message::{Message, Outlet};
use crate::session::effect::Resolution;
use crate::session::fault::{CenterTrouble, Fault, PrinterFault};
use crate::setup;

/// What is asked for.
#[derive(Debug)]
pub enum Request {
    /// Whether the code is right.
    Check(StaffCode),
    /// How everything is; the money in the hopper is known by whoever asks.
    Examine(Yen),
    /// To keep a report.
    Save(Box<Diagnosis>),
    /// Which transactions wait.
    Read,
    /// What a decision would change.
    Propose(TransactionId, Resolution),
}

/// What came of it.
#[derive(Debug)]
pub enum Answer {
    /// The code is right, or not.
    Checked(Comparison),
    /// How everything is.
    Examined(Box<Diagnosis>),
    /// The report's file, where it could be written.
    Saved(Option<PathBuf>),
    /// Which transactions wait, where the journal can be read.
    Read(Option<Vec<Account>>),
    /// The decision as it would be written, where it fits.
    Proposed(Option<Box<Proposal>>),
}

/// Whether a code is the one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// It is.
    Right,
    /// It is another.
    Wrong,
}

/// Whether there is a reader to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Behind the smart card service.
    Real,
    /// Cards come from files or from the simulation tray.
    Simulated,
}

/// What is needed to look at everything.
#[derive(Debug)]
pub struct Tools {
    /// The terminal's configuration.
    pub config: Config,
    /// The hash of the code.
    pub hash: CodeHash,
    /// The terminal's clock.
    pub clock: Arc<dyn Clock>,
    /// Whether there is a reader to look for.
    pub readers: Readers,
    /// Where paper lies.
    pub tray: PathBuf,
}

/// Answers on a thread of its own; `visit` is whom the answer is for.
pub(super) fn ask(tools: &Arc<Tools>, request: Request, outlet: &Outlet, visit: u64) -> io::Result<()> {
    let (tools, outlet) = (Arc::clone(tools), outlet.clone());
    let work = move || outlet.send(Message::Staff { visit, answer: tools.answer(request) });
    thread::Builder::new().name("staff".to_owned()).spawn(work).map(drop)
}

impl Tools {
    fn answer(&self, request: Request) -> Answer {
        match request {
            Request::Check(code) => {
                let is_right = self.hash.matches(&code);
                Answer::Checked(if is_right { Comparison::Right } else { Comparison::Wrong })
            }
            Request::Examine(hopper) => Answer::Examined(Box::new(self.examine(hopper))),
            Request::Save(diagnosis) => Answer::Saved(self.save(&diagnosis)),
            Request::Read => Answer::Read(self.read().map(|reading| reading.waiting_for_staff())),
            Request::Propose(transaction, resolution) => Answer::Proposed(self.propose(&transaction, resolution)),
        }
    }

    fn examine(&self, hopper: Yen) -> Diagnosis {
        let (reader, readers) = self.reader();
        let (center, clock) = self.center();
        let journal = self
            .read()
            .map(|reading| JournalFinding { records: reading.lines.len(), waiting: reading.waiting_for_staff().len() });
        Diagnosis {
            terminal: self.config.terminal.id.clone(),
            at: self.clock.now(),
            findings: vec![
                Finding::Reader(reader),
                Finding::Printer(self.printer()),
                Finding::Hopper(hopper),
                Finding::Center(center),
                Finding::Clock(clock),
                Finding::Disk(self.disk()),
                Finding::Journal(journal),
                Finding::Version { build: env!("CARGO_PKG_VERSION"), protocol: PROTOCOL_VERSION },
            ],
            readers,
        }
    }

    fn reader(&self) -> (ReaderFinding, Option<serde_json::Value>) {
        if self.readers == Readers::Simulated {
            return (ReaderFinding::Simulated, None);
        }
        let report = doctor::examine();
        let service = report.kept.get("service").and_then(serde_json::Value::as_str).unwrap_or_default();
        let finding = if service == "running" {
            let readers = report.kept.get("readers").and_then(serde_json::Value::as_array);
            ReaderFinding::Connected(readers.map_or(0, Vec::len))
        } else {
            ReaderFinding::Service(service.to_owned())
        };
        (finding, Some(report.kept))
    }

    fn printer(&self) -> Result<(), PrinterFault> {
        match setup::machine(&self.config, &self.tray) {
            Ok(machine) => machine.examine(),
            Err(error) => {
                tracing::error!(%error, "the printer cannot be looked at");
                Err(PrinterFault::Unusable)
            }
        }
    }

    /// The centre's answer over a line of its own, and how far the terminal's clock is ahead.
    fn center(&self) -> (Result<(), Fault>, Option<i64>) {
        let identity = match Identity::load(&self.config, Arc::clone(&self.clock)) {
            Ok(identity) => identity,
            Err(error) => {
                tracing::error!(%error, "the centre cannot be asked");
                return (Err(Fault::Center(CenterTrouble::Unreachable)), None);
            }
        };
        let mut client = CenterClient::new(identity, Place::of(&self.config), Arc::clone(&self.clock));
        let asked = self.clock.now();
        match client.greet() {
            Ok(answer) => {
                // The centre looked at its clock somewhere between question and answer.
                let on_the_way = self.clock.now().duration_since(asked) / 2;
                let ahead = asked.duration_since(answer.time) + on_the_way;
                (Ok(()), Some(ahead.as_secs()))
            }
            Err(fault) => (Err(fault.fault()), None),
        }
    }

    /// Room where the journal lies.
    fn disk(&self) -> Option<u64> {
        let folder = self.config.journal.path.parent()?;
        let room = rustix::fs::statvfs(folder).ok()?;
        Some(room.f_bavail.saturating_mul(room.f_frsize) >> 20)
    }

    fn read(&self) -> Option<journal::Reading> {
        journal::read(&self.config.journal.path)
            .inspect_err(|error| tracing::error!(%error, "the journal cannot be read for the staff"))
            .ok()
    }

    fn propose(&self, transaction: &TransactionId, resolution: Resolution) -> Option<Box<Proposal>> {
        Proposal::new(&self.read()?, transaction, resolution)
            .inspect_err(|error| tracing::warn!(%error, "the decision does not fit"))
            .ok()
            .map(Box::new)
    }

    fn save(&self, diagnosis: &Diagnosis) -> Option<PathBuf> {
        let folder = self.config.report_folder();
        let path = folder.join(diagnosis.file_name());
        let written = std::fs::create_dir_all(&folder)
            .and_then(|()| std::fs::write(&path, format!("{:#}\n", diagnosis.report())));
        written.inspect_err(|error| tracing::error!(%error, "the report could not be written")).ok().map(|()| path)
    }
}
