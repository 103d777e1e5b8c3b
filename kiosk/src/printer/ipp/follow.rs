//! What a printer's words about itself and a job mean for money and paper: pure judgement, no I/O.
//!
//! **Invariant**: a job counts as not printed only where the printer never began it, or counts sides and
//! says none came out; everything else that did not end well is unknown, and staff looks.

use crate::session::event::PrintEnd;
use crate::session::fault::PrinterFault;

/// RFC 8011 §5.3.7 `job-state`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// 3: waits.
    Pending,
    /// 4: is held.
    Held,
    /// 5: is printed.
    Processing,
    /// 6: stands still in the middle.
    Stopped,
    /// 7: was cancelled.
    Cancelled,
    /// 8: was given up by the printer.
    Aborted,
    /// 9: is done.
    Completed,
}

impl JobState {
    /// By its number.
    pub const fn of(number: i32) -> Option<Self> {
        Some(match number {
            3 => Self::Pending,
            4 => Self::Held,
            5 => Self::Processing,
            6 => Self::Stopped,
            7 => Self::Cancelled,
            8 => Self::Aborted,
            9 => Self::Completed,
            _ => return None,
        })
    }
}

/// Whether the printer ever began a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// It says it did not.
    No,
    /// It did, or does not say.
    Maybe,
}

/// What a printer says of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobReport {
    /// `job-state`.
    pub state: JobState,
    /// `job-state-reasons`.
    pub reasons: Vec<String>,
    /// `job-impressions-completed`, where it is given.
    pub sides_done: Option<u16>,
    /// From `time-at-processing`.
    pub begun: Begun,
}

/// What a printer says of itself.
#[expect(clippy::struct_excessive_bools, reason = "two independent attributes of RFC 8011, each true or false")]
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PrinterReport {
    /// `printer-state` is 5.
    pub is_stopped: bool,
    /// `printer-state-reasons`.
    pub reasons: Vec<String>,
    /// `printer-is-accepting-jobs`.
    pub is_accepting: bool,
    /// `sides-supported`.
    pub sides: Vec<String>,
    /// `document-format-supported`.
    pub formats: Vec<String>,
    /// `media-ready`; empty where the printer does not know its trays.
    pub media_ready: Vec<String>,
    /// The most of `copies-supported`.
    pub copies: i32,
    /// `queued-job-count`.
    pub queued: i32,
}

/// Whether a printer's count of finished sides is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// Its `job-impressions-completed` follows the paper.
    Trusted,
    /// It may stay at zero while paper comes out, as behind many queues.
    Unknown,
}

/// What is asked of the printer.
pub const SIDES: &str = "two-sided-long-edge";
/// The document's format.
pub const FORMAT: &str = "application/pdf";
/// The paper (PWG 5101.1).
pub const MEDIA: &str = "iso_a4_210x297mm";

/// Whether a printer can take a job of so many copies now.
pub fn readiness(printer: &PrinterReport, copies: u8) -> Result<(), PrinterFault> {
    if let Some(trouble) = trouble(&printer.reasons) {
        return Err(trouble);
    }
    if printer.is_stopped || !printer.is_accepting {
        return Err(PrinterFault::Held);
    }
    if printer.queued > 0 {
        return Err(PrinterFault::Occupied);
    }
    let lists = |list: &[String], wanted: &str| list.iter().any(|item| item == wanted);
    if !lists(&printer.sides, SIDES) || !lists(&printer.formats, FORMAT) || printer.copies < i32::from(copies) {
        return Err(PrinterFault::Unusable);
    }
    if !printer.media_ready.is_empty() && !lists(&printer.media_ready, MEDIA) {
        return Err(PrinterFault::OutOfPaper);
    }
    Ok(())
}

/// What keeps a printer from going on, by its reasons (RFC 8011 §5.4.12, PWG 5100.9).
pub fn trouble(reasons: &[String]) -> Option<PrinterFault> {
    reasons.iter().find_map(|reason| trouble_of(reason))
}

fn trouble_of(reason: &str) -> Option<PrinterFault> {
    if reason.ends_with("-report") {
        return None;
    }
    let keyword = reason.trim_end_matches("-warning").trim_end_matches("-error");
    Some(match keyword {
        "media-jam" => PrinterFault::Jammed,
        "media-empty" | "media-needed" | "input-tray-missing" => PrinterFault::OutOfPaper,
        "door-open" | "cover-open" | "interlock-open" => PrinterFault::DoorOpen,
        "toner-empty" | "marker-supply-empty" | "developer-empty" => PrinterFault::OutOfToner,
        "paused" | "moving-to-paused" | "stopped-partly" | "hold-new-jobs" | "output-area-full" => PrinterFault::Held,
        "shutdown" | "timed-out" | "offline" | "connecting-to-device" | "spool-area-full" | "other" => {
            PrinterFault::Unusable
        }
        _ => return None,
    })
}

/// What keeps a job back, by its state.
pub fn held_back(job: &JobReport) -> Option<PrinterFault> {
    let is_held = job.state == JobState::Held
        || job.state == JobState::Stopped
        || job.reasons.iter().any(|reason| reason == "printer-stopped");
    is_held.then_some(PrinterFault::Held)
}

/// What came of a job, once it has ended. `known` is the trouble last seen, `asked` whether this terminal stopped it.
pub fn end(job: &JobReport, watch: &Watch) -> Option<PrintEnd> {
    let sides_done = match watch.counting {
        Counting::Trusted => job.sides_done,
        Counting::Unknown => None,
    };
    match job.state {
        JobState::Pending | JobState::Held | JobState::Processing | JobState::Stopped => None,
        JobState::Completed => {
            let is_whole = sides_done.is_none_or(|done| done >= watch.sides);
            let is_marred =
                job.reasons.iter().any(|reason| reason == "job-completed-with-errors" || reason == "job-canceled");
            Some(if is_whole && !is_marred { PrintEnd::Presented } else { PrintEnd::Unknown })
        }
        JobState::Cancelled | JobState::Aborted => {
            let is_clean = job.begun == Begun::No || sides_done == Some(0);
            Some(if is_clean { PrintEnd::Failed(cause(job, *watch)) } else { PrintEnd::Unknown })
        }
    }
}

/// What is known of a job from before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watch {
    /// Sides that were asked for.
    pub sides: u16,
    /// Whether the count is believed.
    pub counting: Counting,
    /// The trouble last seen.
    pub trouble: Option<PrinterFault>,
    /// Whether this terminal asked to stop it.
    pub stopping: Stopping,
}

/// Whether the terminal asked the printer to stop a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopping {
    /// It did.
    Asked,
    /// It did not.
    Unasked,
}

fn cause(job: &JobReport, watch: Watch) -> PrinterFault {
    match (watch.trouble, watch.stopping, job.state) {
        (Some(trouble), ..) => trouble,
        (None, Stopping::Asked, _) => PrinterFault::TooSlow,
        (None, Stopping::Unasked, JobState::Cancelled) => PrinterFault::CancelledThere,
        (None, Stopping::Unasked, _) => PrinterFault::Unusable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WATCH: Watch = Watch { sides: 4, counting: Counting::Trusted, trouble: None, stopping: Stopping::Unasked };

    fn job(state: JobState, sides_done: Option<u16>, begun: Begun) -> JobReport {
        JobReport { state, reasons: Vec::new(), sides_done, begun }
    }

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn a_job_that_was_never_begun_is_paid_back() {
        for state in [JobState::Cancelled, JobState::Aborted] {
            let ended = end(&job(state, None, Begun::No), &Watch { counting: Counting::Unknown, ..WATCH });
            assert!(matches!(ended, Some(PrintEnd::Failed(_))), "{state:?}: {ended:?}");
        }
    }

    #[test]
    fn a_job_of_which_a_side_may_be_out_is_for_the_staff() {
        let watch = Watch { counting: Counting::Unknown, ..WATCH };
        assert_eq!(end(&job(JobState::Aborted, Some(0), Begun::Maybe), &watch), Some(PrintEnd::Unknown));
        assert_eq!(end(&job(JobState::Cancelled, Some(1), Begun::Maybe), &WATCH), Some(PrintEnd::Unknown));
        assert_eq!(end(&job(JobState::Completed, Some(3), Begun::Maybe), &WATCH), Some(PrintEnd::Unknown));
        let marred = JobReport {
            reasons: words(&["job-completed-with-errors"]),
            ..job(JobState::Completed, Some(4), Begun::Maybe)
        };
        assert_eq!(end(&marred, &WATCH), Some(PrintEnd::Unknown));
    }

    #[test]
    fn a_whole_job_is_presented_whether_or_not_its_sides_are_counted() {
        let done = job(JobState::Completed, Some(4), Begun::Maybe);
        assert_eq!(end(&done, &WATCH), Some(PrintEnd::Presented));
        let uncounted = job(JobState::Completed, Some(0), Begun::Maybe);
        assert_eq!(end(&uncounted, &Watch { counting: Counting::Unknown, ..WATCH }), Some(PrintEnd::Presented));
    }

    #[test]
    fn the_end_names_the_trouble_rather_than_the_clock() {
        let clean = job(JobState::Cancelled, Some(0), Begun::Maybe);
        let asked = Watch { stopping: Stopping::Asked, ..WATCH };
        assert_eq!(end(&clean, &asked), Some(PrintEnd::Failed(PrinterFault::TooSlow)));
        assert_eq!(end(&clean, &WATCH), Some(PrintEnd::Failed(PrinterFault::CancelledThere)));
        let jammed = Watch { trouble: Some(PrinterFault::Jammed), ..asked };
        assert_eq!(end(&clean, &jammed), Some(PrintEnd::Failed(PrinterFault::Jammed)));
    }

    #[test]
    fn reasons_are_understood_with_any_severity_but_a_mere_report() {
        for (reason, expected) in [
            ("media-jam-error", Some(PrinterFault::Jammed)),
            ("media-jam-warning", Some(PrinterFault::Jammed)),
            ("media-empty", Some(PrinterFault::OutOfPaper)),
            ("cover-open-error", Some(PrinterFault::DoorOpen)),
            ("toner-empty-warning", Some(PrinterFault::OutOfToner)),
            ("toner-low-warning", None),
            ("media-low-report", None),
            ("media-empty-report", None),
            ("none", None),
        ] {
            assert_eq!(trouble(&words(&[reason])), expected, "{reason}");
        }
    }

    #[test]
    fn a_printer_that_could_print_it_wrongly_is_not_used() {
        let ready = PrinterReport {
            is_accepting: true,
            sides: words(&["one-sided", SIDES]),
            formats: words(&[FORMAT]),
            media_ready: words(&[MEDIA]),
            copies: 99,
            ..PrinterReport::default()
        };
        assert_eq!(readiness(&ready, 5), Ok(()));
        let refused = |change: fn(&mut PrinterReport)| {
            let mut printer = ready.clone();
            change(&mut printer);
            readiness(&printer, 5).unwrap_err()
        };
        assert_eq!(refused(|printer| printer.sides.truncate(1)), PrinterFault::Unusable);
        assert_eq!(refused(|printer| printer.formats.clear()), PrinterFault::Unusable);
        assert_eq!(refused(|printer| printer.copies = 4), PrinterFault::Unusable);
        assert_eq!(
            refused(|printer| printer.media_ready = vec!["na_letter_8.5x11in".to_owned()]),
            PrinterFault::OutOfPaper
        );
        assert_eq!(refused(|printer| printer.queued = 1), PrinterFault::Occupied);
        assert_eq!(refused(|printer| printer.is_stopped = true), PrinterFault::Held);
        assert_eq!(refused(|printer| printer.is_accepting = false), PrinterFault::Held);
        assert_eq!(refused(|printer| printer.reasons.push("media-jam-error".to_owned())), PrinterFault::Jammed);
    }
}
