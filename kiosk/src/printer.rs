//! The printer on its own thread: a folder that stands for the tray.
//!
//! **Invariants**: paper appears in the tray whole or not at all, never over other paper, and only from a
//! [`BoundDocument`] taken by value; what was written is read back and compared before it appears; a job
//! that was cancelled in time leaves nothing.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use shared::domain::identifiers::IssuanceId;
use shared::proof::sha256;

use crate::config::StopAt;
use crate::message::Post;
use crate::receipt;
use crate::session::bound_document::BoundDocument;
use crate::session::effect::Receipt;
use crate::session::event::{Event, PrinterAnswer};
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

    fn commit(&self) -> Result<(), PrinterFault> {
        if self.settle(COMMITTED) { Ok(()) } else { Err(PrinterFault::TooSlow) }
    }

    fn settle(&self, end: u8) -> bool {
        self.0.compare_exchange(WAITING, end, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }
}

/// Where a certificate's paper lies.
pub fn certificate_path(tray: &Path, issuance: &IssuanceId) -> PathBuf {
    tray.join(format!("{issuance}.certificate.pdf"))
}

/// Where a receipt lies.
pub fn receipt_path(tray: &Path, issuance: &IssuanceId) -> PathBuf {
    tray.join(format!("{issuance}.receipt.pdf"))
}

/// Where a certificate is written before it appears; a crash may leave it for recovery to remove.
pub fn unfinished_path(tray: &Path, issuance: &IssuanceId) -> PathBuf {
    tray.join(format!(".{issuance}.certificate.part"))
}

/// The most jobs that may wait.
const MAXIMUM_WAITING: usize = 4;

/// Starts the thread. It ends when the sender is dropped, after the jobs that wait.
pub fn start(tray: PathBuf, stop_at: Option<StopAt>, post: Post) -> io::Result<(SyncSender<Job>, JoinHandle<()>)> {
    let (sender, receiver) = sync_channel(MAXIMUM_WAITING);
    fs::create_dir_all(&tray)?;
    let thread =
        thread::Builder::new().name("printer".to_owned()).spawn(move || run(&tray, stop_at, &post, &receiver))?;
    Ok((sender, thread))
}

fn run(tray: &Path, stop_at: Option<StopAt>, post: &Post, jobs: &Receiver<Job>) {
    for job in jobs {
        match job {
            Job::Certificate(document, ticket) => {
                let transaction = document.transaction().clone();
                let answer = print(tray, stop_at, document, &ticket);
                post.event(Event::Printer { transaction, answer });
            }
            // A receipt that cannot be printed stops nothing: the journal holds what it would say.
            Job::Receipt(receipt) => match print_receipt(tray, &receipt) {
                Ok(()) => {}
                Err(error) => tracing::error!(%error, "the receipt could not be printed"),
            },
        }
    }
}

/// Prints a receipt; one that lies there already is left.
pub fn print_receipt(tray: &Path, receipt: &Receipt) -> io::Result<()> {
    let unfinished = tray.join(format!(".{}.receipt.part", receipt.issuance));
    let mut file = create(&unfinished)?;
    let written = file.write_all(&receipt::draw(receipt));
    drop(file);
    let finished = written.and_then(|()| fs::rename(&unfinished, receipt_path(tray, &receipt.issuance)));
    if finished.is_err() {
        remove(&unfinished);
    }
    finished
}

fn print(tray: &Path, stop_at: Option<StopAt>, document: BoundDocument, ticket: &Ticket) -> PrinterAnswer {
    let issuance = document.statement().issuance.clone();
    let unfinished = unfinished_path(tray, &issuance);
    let finished = certificate_path(tray, &issuance);
    let appeared = write_whole(&unfinished, &document).and_then(|()| {
        if stop_at == Some(StopAt::DuringPrinting) {
            std::process::abort();
        }
        ticket.commit()?;
        // This is the instant in which the paper appears, and never over other paper.
        fs::hard_link(&unfinished, &finished).map_err(|error| fault_of(&error))
    });
    drop(document);
    remove(&unfinished);
    if let Err(fault) = appeared {
        return PrinterAnswer::Failed(fault);
    }
    // From here on the paper is out: a failure only means that a power cut may take it back.
    match File::open(tray).and_then(|folder| folder.sync_all()) {
        Ok(()) => {}
        Err(error) => {
            tracing::error!(%error, "the tray cannot be made durable");
            return PrinterAnswer::Unknown;
        }
    }
    if stop_at == Some(StopAt::AfterPrinting) {
        std::process::abort();
    }
    PrinterAnswer::Presented
}

fn write_whole(path: &Path, document: &BoundDocument) -> Result<(), PrinterFault> {
    let expected = sha256(document.bytes());
    let write = || -> io::Result<Vec<u8>> {
        let mut file = create(path)?;
        file.write_all(document.bytes())?;
        file.sync_all()?;
        file.seek(SeekFrom::Start(0))?;
        let mut written = Vec::with_capacity(document.bytes().len());
        file.read_to_end(&mut written)?;
        Ok(written)
    };
    let written = zeroize::Zeroizing::new(write().map_err(|error| fault_of(&error))?);
    if sha256(&written) == expected { Ok(()) } else { Err(PrinterFault::Unusable) }
}

fn create(path: &Path) -> io::Result<File> {
    // Only this program's user may read a certificate that is not finished; nobody's link is followed.
    OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)
}

/// Removes what was not finished, where there is something.
pub fn remove(unfinished: &Path) {
    match fs::remove_file(unfinished) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => tracing::error!(%error, "an unfinished print could not be removed"),
    }
}

fn fault_of(error: &io::Error) -> PrinterFault {
    tracing::error!(%error, "the printer failed");
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => PrinterFault::OutOfPaper,
        _ => PrinterFault::Unusable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_the_paper_or_the_cancel_wins() {
        let ticket = Ticket::default();
        ticket.cancel();
        assert_eq!(ticket.commit(), Err(PrinterFault::TooSlow));
        let ticket = Ticket::default();
        assert_eq!(ticket.commit(), Ok(()));
        ticket.cancel();
        assert_eq!(ticket.0.load(Ordering::SeqCst), COMMITTED);
    }
}
