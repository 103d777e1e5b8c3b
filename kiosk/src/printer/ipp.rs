//! A printer that speaks IPP (RFC 8011): asked whether it is ready, given one job, followed to the job's end.
//!
//! The job bears the issuance's number and the terminal's, nothing of the person. A job whose answer was lost
//! is looked for by its name, never sent twice. Where the end cannot be known, the answer says so.

pub mod follow;
mod line;
mod message;

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use shared::domain::identifiers::IssuanceId;

use self::follow::{Begun, Counting, JobReport, JobState, PrinterReport, Stopping, Watch};
pub use self::line::PrinterUnusable;
use self::line::{ANSWER_LIMIT, Line, SEND_LIMIT, Silence, complain};
use self::message::{Request, Unreadable};
use super::{Order, Ticket, sides_of};
use crate::config::StopAt;
use crate::recovery::Paper;
use crate::session::bound_document::BoundDocument;
use crate::session::event::{PrintEnd, PrintProgress};
use crate::session::fault::PrinterFault;

/// Where a printer is, and what is known of it.
#[derive(Debug, Clone, Copy)]
pub struct Address<'a> {
    /// `ipp://…` or `ipps://…`.
    pub uri: &'a str,
    /// The one authority its certificate may come from.
    pub authority: Option<&'a Path>,
    /// Who prints, for the printer's own list.
    pub terminal: &'a str,
    /// Whether its count of sides is believed.
    pub counting: Counting,
}

/// The printer.
#[derive(Debug)]
pub struct IppPrinter {
    uri: String,
    line: Line,
    user: String,
    counting: Counting,
}

/// Between two looks at a job.
const LOOK: Duration = Duration::from_millis(150);
/// How long the printer may take over a stop; the session gives up a little later.
const STOP_LIMIT: Duration = Duration::from_secs(15);

/// RFC 8011 §5.4.15, `operations-supported`.
mod operation {
    pub(super) const PRINT_JOB: u16 = 0x0002;
    pub(super) const CANCEL_JOB: u16 = 0x0008;
    pub(super) const GET_JOB_ATTRIBUTES: u16 = 0x0009;
    pub(super) const GET_JOBS: u16 = 0x000A;
    pub(super) const GET_PRINTER_ATTRIBUTES: u16 = 0x000B;
}

const PRINTER_ATTRIBUTES: [&str; 8] = [
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "queued-job-count",
    "sides-supported",
    "document-format-supported",
    "media-ready",
    "copies-supported",
];

const JOB_ATTRIBUTES: [&str; 6] =
    ["job-id", "job-name", "job-state", "job-state-reasons", "job-impressions-completed", "time-at-processing"];

impl IppPrinter {
    /// A printer at an address; nothing is asked of it yet.
    pub fn new(address: Address<'_>) -> Result<Self, PrinterUnusable> {
        Ok(Self {
            uri: address.uri.to_owned(),
            line: Line::new(address.uri, address.authority)?,
            user: format!("terminal-{}", address.terminal),
            counting: address.counting,
        })
    }

    /// The address as configured.
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// Prints every copy of a document, and stays with the job until it has ended.
    pub(super) fn print(&self, order: Order<'_>) -> PrintEnd {
        let copies = order.document.statement().copies;
        if let Err(fault) = self.readiness(copies) {
            return PrintEnd::Failed(fault);
        }
        // What is cancelled from here on is cancelled at the printer.
        if order.ticket.is_cancelled() {
            return PrintEnd::Failed(PrinterFault::TooSlow);
        }
        let job = match self.submit(&order.document, copies) {
            Submission::Accepted(job) => job,
            Submission::Never(fault) => return PrintEnd::Failed(fault),
            Submission::Unknown => return PrintEnd::Unknown,
        };
        order.stop_here(StopAt::DuringPrinting);
        let watch = Watch {
            sides: sides_of(&order.document),
            counting: self.counting,
            trouble: None,
            stopping: Stopping::Unasked,
        };
        let Order { ticket, stop_at, tell, document } = order;
        // The document is not needed any more: the printer has it.
        drop(document);
        let end = self.follow(job, watch, ticket, tell);
        if end == PrintEnd::Presented && stop_at == Some(StopAt::AfterPrinting) {
            std::process::abort();
        }
        end
    }

    /// After a stop in the middle: what became of the job of this issuance. One that still waits is cancelled.
    pub fn look(&self, issuance: &IssuanceId, copies: u8) -> Paper {
        let Ok(Some(job)) = self.find(issuance.as_str()) else {
            // Printers forget finished jobs: that none is listed does not say that none was printed.
            return Paper::Strange;
        };
        let ticket = Ticket::default();
        ticket.cancel();
        let watch =
            Watch { sides: u16::from(copies) * 2, counting: self.counting, trouble: None, stopping: Stopping::Unasked };
        match self.follow(job, watch, &ticket, &mut |_| {}) {
            PrintEnd::Presented => Paper::Whole,
            PrintEnd::Failed(_) => Paper::Absent,
            PrintEnd::Unknown => Paper::Strange,
        }
    }

    /// Whether so many copies could be printed now.
    pub(super) fn readiness(&self, copies: u8) -> Result<(), PrinterFault> {
        let printer = match self.printer() {
            Ok(printer) => printer,
            Err(silence) => {
                complain("the printer cannot be asked", &silence);
                return Err(PrinterFault::Unusable);
            }
        };
        follow::readiness(&printer, copies).inspect_err(|fault| {
            tracing::warn!(%fault, reasons = ?printer.reasons, queued = printer.queued, "the printer is not ready");
        })
    }

    /// Looks at the job until it has ended or until it could not be stopped in time.
    fn follow(&self, job: i32, watch: Watch, ticket: &Ticket, tell: &mut dyn FnMut(PrintProgress)) -> PrintEnd {
        let mut watch = watch;
        let mut stop_by: Option<Instant> = None;
        loop {
            if let Some(end) = self.look_at_job(job, &mut watch, tell) {
                return end;
            }
            let cancelled = ticket.is_cancelled();
            if cancelled && Instant::now() > *stop_by.get_or_insert_with(|| Instant::now() + STOP_LIMIT) {
                return PrintEnd::Unknown;
            }
            if cancelled && watch.stopping == Stopping::Unasked {
                watch.stopping = self.stop(job);
            }
            thread::sleep(LOOK);
        }
    }

    /// Looks at the job once; gives its end, once it has one.
    fn look_at_job(&self, job: i32, watch: &mut Watch, tell: &mut dyn FnMut(PrintProgress)) -> Option<PrintEnd> {
        let report = match self.job(job) {
            Ok(report) => report,
            Err(silence) => {
                complain("the job cannot be looked at", &silence);
                watch.trouble = Some(PrinterFault::Unusable);
                tell(PrintProgress { sides_done: 0, sides: watch.sides, trouble: watch.trouble });
                return None;
            }
        };
        if let Some(end) = follow::end(&report, watch) {
            tracing::info!(job, state = ?report.state, reasons = ?report.reasons, ?end, "the job has ended");
            return Some(end);
        }
        let trouble = self.trouble(&report);
        // A printer may clear its trouble in the moment in which it gives up because of it.
        watch.trouble = trouble.or(watch.trouble);
        let sides_done = report.sides_done.unwrap_or(0).min(watch.sides);
        tell(PrintProgress { sides_done, sides: watch.sides, trouble });
        None
    }

    /// What keeps the printer from going on with a job.
    fn trouble(&self, job: &JobReport) -> Option<PrinterFault> {
        match self.printer() {
            Ok(printer) => follow::trouble(&printer.reasons)
                .or_else(|| printer.is_stopped.then_some(PrinterFault::Held))
                .or_else(|| follow::held_back(job)),
            Err(_) => Some(PrinterFault::Unusable),
        }
    }

    fn submit(&self, document: &BoundDocument, copies: u8) -> Submission {
        let name = document.statement().issuance.as_str();
        let request = self
            .request(operation::PRINT_JOB)
            .name("job-name", name)
            .boolean_true("ipp-attribute-fidelity")
            .media_type("document-format", follow::FORMAT)
            .job_integer("copies", i32::from(copies))
            .job_keyword("sides", follow::SIDES)
            .job_keyword("media", follow::MEDIA);
        let sent = self.line.send(request, Some(document.bytes()), SEND_LIMIT);
        match sent.map(|reply| reply.jobs().find_map(|job| job.integer("job-id"))) {
            Ok(Some(job)) => Submission::Accepted(job),
            Err(Silence::Refused(status)) => {
                tracing::error!(status, "the printer refuses the job");
                Submission::Never(PrinterFault::Unusable)
            }
            Err(Silence::Unreachable(error)) if error.is_connect() => {
                complain("the job was not sent", &Silence::Unreachable(error));
                Submission::Never(PrinterFault::Unusable)
            }
            other => {
                if let Err(silence) = other {
                    complain("whether the job arrived is not known", &silence);
                }
                self.arrived(name)
            }
        }
    }

    /// Whether a job of which no answer came stands in the printer's lists.
    fn arrived(&self, name: &str) -> Submission {
        match self.find(name) {
            Ok(Some(job)) => Submission::Accepted(job),
            Ok(None) => Submission::Never(PrinterFault::Unusable),
            Err(silence) => {
                complain("the printer's jobs cannot be listed", &silence);
                Submission::Unknown
            }
        }
    }

    fn stop(&self, job: i32) -> Stopping {
        let request = self.request(operation::CANCEL_JOB).integer("job-id", job);
        match self.line.send(request, None, ANSWER_LIMIT) {
            // A job that has ended meanwhile cannot be cancelled; the next look says how it ended.
            Ok(_) | Err(Silence::Refused(_)) => Stopping::Asked,
            Err(silence) => {
                complain("the job cannot be cancelled", &silence);
                Stopping::Unasked
            }
        }
    }

    fn find(&self, name: &str) -> Result<Option<i32>, Silence> {
        for which in ["not-completed", "completed"] {
            let request = self
                .request(operation::GET_JOBS)
                .keywords("requested-attributes", &JOB_ATTRIBUTES)
                .keywords("which-jobs", &[which]);
            let reply = self.line.send(request, None, ANSWER_LIMIT)?;
            let found = reply.jobs().find(|job| job.word("job-name").as_deref() == Some(name));
            if let Some(job) = found.and_then(|job| job.integer("job-id")) {
                return Ok(Some(job));
            }
        }
        Ok(None)
    }

    fn job(&self, job: i32) -> Result<JobReport, Silence> {
        let request = self
            .request(operation::GET_JOB_ATTRIBUTES)
            .integer("job-id", job)
            .keywords("requested-attributes", &JOB_ATTRIBUTES);
        let reply = self.line.send(request, None, ANSWER_LIMIT)?;
        let job = reply.jobs().next().ok_or(Silence::Unreadable(Unreadable))?;
        let state = job.integer("job-state").and_then(JobState::of).ok_or(Silence::Unreadable(Unreadable))?;
        Ok(JobReport {
            state,
            reasons: job.words("job-state-reasons"),
            sides_done: job.integer("job-impressions-completed").and_then(|sides| u16::try_from(sides).ok()),
            begun: if job.is_without_value("time-at-processing") { Begun::No } else { Begun::Maybe },
        })
    }

    fn printer(&self) -> Result<PrinterReport, Silence> {
        let request =
            self.request(operation::GET_PRINTER_ATTRIBUTES).keywords("requested-attributes", &PRINTER_ATTRIBUTES);
        let reply = self.line.send(request, None, ANSWER_LIMIT)?;
        let printer = reply.printer().ok_or(Silence::Unreadable(Unreadable))?;
        Ok(PrinterReport {
            is_stopped: printer.integer("printer-state") == Some(STOPPED),
            reasons: printer.words("printer-state-reasons"),
            is_accepting: printer.is_true("printer-is-accepting-jobs"),
            sides: printer.words("sides-supported"),
            formats: printer.words("document-format-supported"),
            media_ready: printer.words("media-ready"),
            copies: printer.upper("copies-supported").unwrap_or(1),
            queued: printer.integer("queued-job-count").unwrap_or(0),
        })
    }

    fn request(&self, operation: u16) -> Request {
        Request::new(operation, &self.uri).name("requesting-user-name", &self.user)
    }
}

/// `printer-state` stopped (RFC 8011 §5.4.11).
const STOPPED: i32 = 5;

/// What became of sending a job.
enum Submission {
    Accepted(i32),
    /// The printer does not have it.
    Never(PrinterFault),
    Unknown,
}
