//! The printer on its own thread: a folder that stands for a tray, or any IPP Everywhere printer.
//!
//! **Invariants**: only a [`BoundDocument`] taken by value is printed; a job that was cancelled in time
//! leaves nothing; what cannot be known is answered as unknown, never as printed or as not printed; a
//! printer that still holds another job gets no new one, so that no page meets the wrong person.

pub mod folder;
pub mod ipp;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use self::folder::Folder;
use self::ipp::IppPrinter;
use crate::config::StopAt;
use crate::message::Post;
use crate::pulse::{Pulse, Trust};
use crate::session::bound_document::BoundDocument;
use crate::session::effect::Receipt;
use crate::session::event::{Event, PrintEnd, PrintProgress, PrinterAnswer};
use crate::session::fault::PrinterFault;

/// What the thread is asked to print.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "two jobs a transaction; a document is moved, never copied")]
pub enum Job {
    /// A certificate, every copy.
    Certificate(BoundDocument, Arc<Ticket>),
    /// A receipt.
    Receipt(Receipt),
}

/// What prints certificates.
#[derive(Debug)]
pub enum Machine {
    /// A folder that stands for the tray.
    Folder(Folder),
    /// A printer that speaks IPP.
    Ipp(IppPrinter),
}

impl Machine {
    /// Whether it could print now; asks and prints nothing.
    pub fn examine(&self) -> Result<(), PrinterFault> {
        match self {
            Self::Folder(folder) => folder.examine(),
            Self::Ipp(printer) => printer.readiness(1),
        }
    }
}

/// Whether a job may still be stopped. Exactly one side wins.
#[derive(Debug, Default)]
pub struct Ticket(AtomicU8);

const WAITING: u8 = 0;
const COMMITTED: u8 = 1;
const CANCELLED: u8 = 2;

impl Ticket {
    /// Stops the job unless its paper is already on the way.
    pub fn cancel(&self) {
        self.settle(CANCELLED);
    }

    /// Whether the job is to be stopped.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::SeqCst) == CANCELLED
    }

    fn commit(&self) -> Result<(), PrinterFault> {
        if self.settle(COMMITTED) { Ok(()) } else { Err(PrinterFault::TooSlow) }
    }

    fn settle(&self, end: u8) -> bool {
        self.0.compare_exchange(WAITING, end, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }
}

/// The sides that a job has, front and back of every copy.
fn sides_of(document: &BoundDocument) -> u16 {
    u16::from(document.statement().copies) * 2
}

/// The most jobs that may wait.
const MAXIMUM_WAITING: usize = 4;

/// Starts the thread; receipts go to the `slips` folder. It ends when the sender is dropped, after the jobs that wait.
pub fn start(
    machine: Machine,
    slips: Folder,
    stop_at: Option<StopAt>,
    post: Post,
) -> io::Result<(SyncSender<Job>, JoinHandle<()>, Pulse)> {
    let (sender, receiver) = sync_channel(MAXIMUM_WAITING);
    slips.prepare()?;
    let pulse = Pulse::default();
    let press = Press { machine, slips, stop_at, post, pulse: pulse.clone() };
    let thread = thread::Builder::new().name("printer".to_owned()).spawn(move || press.run(&receiver))?;
    Ok((sender, thread, pulse))
}

struct Press {
    machine: Machine,
    slips: Folder,
    stop_at: Option<StopAt>,
    post: Post,
    pulse: Pulse,
}

impl Press {
    fn run(&self, jobs: &Receiver<Job>) {
        for job in jobs {
            // Printed now, it would meet somebody else.
            if self.pulse.begin() == Trust::WrittenOff {
                continue;
            }
            match job {
                Job::Certificate(document, ticket) => {
                    let transaction = document.transaction().clone();
                    let answer = PrinterAnswer::Ended(self.print(document, &ticket));
                    self.post.event(Event::Printer { transaction, answer });
                }
                // A receipt that cannot be printed stops nothing: the journal holds what it would say.
                Job::Receipt(receipt) => match self.slips.print_receipt(&receipt) {
                    Ok(()) => {}
                    Err(error) => tracing::error!(%error, "the receipt could not be printed"),
                },
            }
            self.pulse.end();
        }
    }

    fn print(&self, document: BoundDocument, ticket: &Ticket) -> PrintEnd {
        let transaction = document.transaction().clone();
        let mut last = None;
        let mut tell = |progress: PrintProgress| {
            if last != Some(progress) {
                last = Some(progress);
                let answer = PrinterAnswer::Working(progress);
                self.post.event(Event::Printer { transaction: transaction.clone(), answer });
            }
        };
        let order = Order { document, ticket, stop_at: self.stop_at, tell: &mut tell };
        match &self.machine {
            Machine::Folder(folder) => folder.print(order),
            Machine::Ipp(printer) => printer.print(order),
        }
    }
}

/// One certificate to print.
struct Order<'a> {
    document: BoundDocument,
    ticket: &'a Ticket,
    stop_at: Option<StopAt>,
    tell: &'a mut dyn FnMut(PrintProgress),
}

impl Order<'_> {
    /// Stops the program as a power cut would, where a test asks for it here.
    fn stop_here(&self, point: StopAt) {
        if self.stop_at == Some(point) {
            std::process::abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_the_paper_or_the_cancel_wins() {
        let ticket = Ticket::default();
        ticket.cancel();
        assert!(ticket.is_cancelled());
        assert_eq!(ticket.commit(), Err(PrinterFault::TooSlow));
        let ticket = Ticket::default();
        assert_eq!(ticket.commit(), Ok(()));
        ticket.cancel();
        assert!(!ticket.is_cancelled());
    }
}
