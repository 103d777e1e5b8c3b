//! What is looked at for the staff: in words for the screen, as data for a report that can be passed on.

use jiff::Timestamp;
use serde_json::{Value, json};
use shared::domain::fee::Yen;
use shared::domain::identifiers::TerminalId;

use crate::session::fault::{Fault, PrinterFault};
use crate::text::Sentence;

/// Everything that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnosis {
    /// The terminal.
    pub terminal: TerminalId,
    /// When, by the terminal's clock.
    pub at: Timestamp,
    /// What was found, in the order in which it is shown.
    pub findings: Vec<Finding>,
    /// What the reader doctor keeps, where it was asked.
    pub readers: Option<Value>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// What runs here.
    Version {
        /// The program's version.
        build: &'static str,
        /// The protocol spoken with the centre.
        protocol: u32,
    },
    /// What reads cards.
    Reader(ReaderFinding),
    /// What prints certificates.
    Printer(Result<(), PrinterFault>),
    /// The centre's answer to a greeting.
    Center(Result<(), Fault>),
    /// How far the terminal's clock is ahead of the centre's, in seconds; `None` where the centre did not say.
    Clock(Option<i64>),
    /// Room for journal and paper, in mebibytes; `None` where the system does not say.
    Disk(Option<u64>),
    /// The journal, as it was read from its beginning.
    Journal(Option<JournalFinding>),
    /// The money in the hopper.
    Hopper(Yen),
}

/// What reads cards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReaderFinding {
    /// Cards are put onto the simulation tray.
    Simulated,
    /// So many readers are connected; zero is a fault.
    Connected(usize),
    /// The smart card service is in another state than running.
    Service(String),
}

/// What the journal says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JournalFinding {
    /// Records, none of them altered.
    pub records: usize,
    /// Transactions that wait for staff.
    pub waiting: usize,
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// As it should be.
    Well,
    /// It works, and staff should look.
    Caution,
    /// It does not work.
    Fault,
}

/// The centre refuses a clock that is thirty seconds off; half of it is worth a look.
const CLOCK_CAUTION_SECONDS: i64 = 15;
const CLOCK_FAULT_SECONDS: i64 = 30;
/// A day's journal and paper need less.
const DISK_CAUTION_MEBIBYTES: u64 = 1024;
const DISK_FAULT_MEBIBYTES: u64 = 128;
/// A thousand-yen note for a certificate of 120 yen needs as much.
const HOPPER_CAUTION: Yen = Yen(2_000);

impl Health {
    /// The key of the sentence that says it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Well => "staff-well",
            Self::Caution => "staff-caution",
            Self::Fault => "staff-fault",
        }
    }

    /// The name in the report.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::Caution => "caution",
            Self::Fault => "fault",
        }
    }
}

impl Finding {
    /// How it is.
    #[expect(
        clippy::match_same_arms,
        reason = "one thing that is looked at after the other, in the order of the screen"
    )]
    pub fn health(&self) -> Health {
        match self {
            Self::Version { .. } | Self::Reader(ReaderFinding::Simulated) => Health::Well,
            Self::Reader(ReaderFinding::Service(_) | ReaderFinding::Connected(0)) => Health::Fault,
            Self::Reader(ReaderFinding::Connected(_)) | Self::Printer(Ok(())) | Self::Center(Ok(())) => Health::Well,
            Self::Printer(Err(_)) | Self::Center(Err(_)) | Self::Journal(None) => Health::Fault,
            Self::Clock(None) | Self::Disk(None) => Health::Caution,
            Self::Clock(Some(ahead)) => match ahead.abs() {
                CLOCK_FAULT_SECONDS.. => Health::Fault,
                CLOCK_CAUTION_SECONDS.. => Health::Caution,
                _ => Health::Well,
            },
            Self::Disk(Some(..DISK_FAULT_MEBIBYTES)) => Health::Fault,
            Self::Disk(Some(..DISK_CAUTION_MEBIBYTES)) => Health::Caution,
            Self::Journal(Some(found)) if found.waiting > 0 => Health::Caution,
            Self::Hopper(money) if *money < HOPPER_CAUTION => Health::Caution,
            Self::Disk(Some(_)) | Self::Journal(Some(_)) | Self::Hopper(_) => Health::Well,
        }
    }

    /// The key of what it is called.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Version { .. } => "staff-about-version",
            Self::Reader(_) => "staff-about-reader",
            Self::Printer(_) => "staff-about-printer",
            Self::Center(_) => "staff-about-center",
            Self::Clock(_) => "staff-about-clock",
            Self::Disk(_) => "staff-about-disk",
            Self::Journal(_) => "staff-about-journal",
            Self::Hopper(_) => "staff-about-hopper",
        }
    }

    /// What was found, in words.
    pub fn sentence(&self) -> Sentence {
        let plain = |key| Sentence { key, values: Vec::new() };
        let with = |key, name, value| Sentence { key, values: vec![(name, value)] };
        match self {
            Self::Version { build, protocol } => Sentence {
                key: "staff-found-version",
                values: vec![("build", (*build).into()), ("protocol", (*protocol).into())],
            },
            Self::Reader(ReaderFinding::Simulated) => plain("staff-found-reader-simulated"),
            Self::Reader(ReaderFinding::Connected(0)) => plain("staff-found-reader-none"),
            Self::Reader(ReaderFinding::Connected(count)) => with("staff-found-reader", "count", (*count).into()),
            Self::Reader(ReaderFinding::Service(_)) => plain("staff-found-reader-service"),
            Self::Printer(Ok(())) => plain("staff-found-printer"),
            Self::Printer(Err(fault)) => with("staff-found-printer-fault", "code", fault.code().into()),
            Self::Center(Ok(())) => plain("staff-found-center"),
            Self::Center(Err(fault)) => with("staff-found-center-fault", "code", fault.code().into()),
            Self::Clock(None) => plain("staff-found-clock-unknown"),
            Self::Clock(Some(ahead)) => with("staff-found-clock", "seconds", (*ahead).into()),
            Self::Disk(None) => plain("staff-found-disk-unknown"),
            Self::Disk(Some(free)) => with("staff-found-disk", "free", (*free).into()),
            Self::Journal(None) => plain("staff-found-journal-fault"),
            Self::Journal(Some(found)) => Sentence {
                key: "staff-found-journal",
                values: vec![("records", found.records.into()), ("waiting", found.waiting.into())],
            },
            Self::Hopper(money) => with("staff-found-hopper", "amount", money.0.into()),
        }
    }

    fn json(&self) -> Value {
        let code = |answer: &Result<(), &'static str>| answer.err();
        let (about, found) = match self {
            Self::Version { build, protocol } => ("version", json!({"build": build, "protocol": protocol})),
            Self::Reader(ReaderFinding::Simulated) => ("reader", json!({"simulated": true})),
            Self::Reader(ReaderFinding::Connected(count)) => ("reader", json!({"connected": count})),
            Self::Reader(ReaderFinding::Service(state)) => ("reader", json!({"service": state})),
            Self::Printer(answer) => ("printer", json!({"fault": code(&answer.map_err(PrinterFault::code))})),
            Self::Center(answer) => ("center", json!({"fault": code(&answer.map_err(Fault::code))})),
            Self::Clock(ahead) => ("clock", json!({"seconds_ahead": ahead})),
            Self::Disk(free) => ("disk", json!({"free_mebibytes": free})),
            Self::Journal(found) => (
                "journal",
                json!({
                    "records": found.map(|found| found.records),
                    "waiting_for_staff": found.map(|found| found.waiting),
                }),
            ),
            Self::Hopper(money) => ("hopper", json!({"yen": money})),
        };
        json!({"about": about, "health": self.health().as_str(), "found": found})
    }
}

impl Diagnosis {
    /// The report: nothing of a person, no transaction, no serial number.
    pub fn report(&self) -> Value {
        json!({
            "format": "konbini-certificate terminal report",
            "version": 1,
            "terminal": self.terminal,
            "at": self.at,
            "findings": self.findings.iter().map(Finding::json).collect::<Vec<_>>(),
            "readers": self.readers,
        })
    }

    /// What the report's file is called.
    pub fn file_name(&self) -> String {
        format!("{}-{}.json", self.terminal, self.at.strftime("%Y%m%dT%H%M%SZ"))
    }

    /// How many transactions wait for staff, where the journal could be read.
    pub fn waiting(&self) -> Option<usize> {
        self.findings.iter().find_map(|finding| match finding {
            Finding::Journal(found) => found.map(|found| found.waiting),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::fault::CenterTrouble;

    #[test]
    fn what_staff_should_look_at_is_not_called_well() {
        for (finding, health) in [
            (Finding::Clock(Some(-14)), Health::Well),
            (Finding::Clock(Some(-15)), Health::Caution),
            (Finding::Clock(Some(30)), Health::Fault),
            (Finding::Disk(Some(127)), Health::Fault),
            (Finding::Disk(Some(128)), Health::Caution),
            (Finding::Reader(ReaderFinding::Connected(0)), Health::Fault),
            (Finding::Printer(Err(PrinterFault::DoorOpen)), Health::Fault),
            (Finding::Journal(Some(JournalFinding { records: 9, waiting: 1 })), Health::Caution),
        ] {
            assert_eq!(finding.health(), health, "{finding:?}");
        }
    }

    #[test]
    fn the_report_says_what_was_found_by_code() {
        let diagnosis = Diagnosis {
            terminal: TerminalId::parse("0001").unwrap(),
            at: "2022-10-03T01:02:03Z".parse().unwrap(),
            findings: vec![Finding::Center(Err(Fault::Center(CenterTrouble::Unreachable)))],
            readers: None,
        };
        assert_eq!(diagnosis.file_name(), "0001-20221003T010203Z.json");
        let report = diagnosis.report();
        assert_eq!(report["findings"][0]["found"]["fault"], "center-unreachable");
        assert_eq!(report["findings"][0]["health"], "fault");
    }
}
