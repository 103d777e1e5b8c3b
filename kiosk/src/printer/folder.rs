//! A folder that stands for the tray, as fast or as slow as it is told to be.
//!
//! **Invariants**: paper appears whole or not at all and never over other paper; what was written is read
//! back and compared before it appears.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use shared::domain::identifiers::IssuanceId;
use shared::proof::sha256;

use super::{Order, sides_of};
use crate::config::StopAt;
use crate::receipt;
use crate::session::bound_document::BoundDocument;
use crate::session::effect::Receipt;
use crate::session::event::{PrintEnd, PrintProgress};
use crate::session::fault::PrinterFault;

/// The folder and how long it takes.
#[derive(Debug, Clone)]
pub struct Folder {
    /// The tray.
    pub tray: PathBuf,
    /// How long a side takes, to stand for a slow printer.
    pub a_side: Duration,
}

/// How often a slow printer looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(20);

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

impl Folder {
    /// A folder that prints at once.
    pub const fn swift(tray: PathBuf) -> Self {
        Self { tray, a_side: Duration::ZERO }
    }

    /// Makes the folder where there is none.
    pub(super) fn prepare(&self) -> io::Result<()> {
        fs::create_dir_all(&self.tray)
    }

    /// Prints a receipt; one that lies there already is left.
    pub fn print_receipt(&self, receipt: &Receipt) -> io::Result<()> {
        let unfinished = self.tray.join(format!(".{}.receipt.part", receipt.issuance));
        let mut file = create(&unfinished)?;
        let written = file.write_all(&receipt::draw(receipt));
        drop(file);
        let finished = written.and_then(|()| fs::rename(&unfinished, receipt_path(&self.tray, &receipt.issuance)));
        if finished.is_err() {
            remove(&unfinished);
        }
        finished
    }

    /// Whether something could be laid into it now.
    pub(super) fn examine(&self) -> Result<(), PrinterFault> {
        tempfile::tempfile_in(&self.tray).map(drop).map_err(|error| fault_of(&error))
    }

    pub(super) fn print(&self, mut order: Order<'_>) -> PrintEnd {
        let issuance = order.document.statement().issuance.clone();
        let unfinished = unfinished_path(&self.tray, &issuance);
        let finished = certificate_path(&self.tray, &issuance);
        let appeared = self.prepare().map_err(|error| fault_of(&error)).and_then(|()| {
            write_whole(&unfinished, &order.document)?;
            self.draw_sides(&mut order)?;
            order.stop_here(StopAt::DuringPrinting);
            order.ticket.commit()?;
            // This is the instant in which the paper appears, and never over other paper.
            fs::hard_link(&unfinished, &finished).map_err(|error| fault_of(&error))
        });
        remove(&unfinished);
        if let Err(fault) = appeared {
            return PrintEnd::Failed(fault);
        }
        // From here on the paper is out: a failure only means that a power cut may take it back.
        match File::open(&self.tray).and_then(|folder| folder.sync_all()) {
            Ok(()) => {}
            Err(error) => {
                tracing::error!(%error, "the tray cannot be made durable");
                return PrintEnd::Unknown;
            }
        }
        order.stop_here(StopAt::AfterPrinting);
        PrintEnd::Presented
    }

    /// Takes its time over every side; stops in the middle of one where it is told to.
    fn draw_sides(&self, order: &mut Order<'_>) -> Result<(), PrinterFault> {
        let sides = sides_of(&order.document);
        for sides_done in 0..sides {
            (order.tell)(PrintProgress { sides_done, sides, trouble: None });
            self.draw_side(order)?;
        }
        (order.tell)(PrintProgress { sides_done: sides, sides, trouble: None });
        Ok(())
    }

    fn draw_side(&self, order: &Order<'_>) -> Result<(), PrinterFault> {
        let mut left = self.a_side;
        while left > Duration::ZERO {
            if order.ticket.is_cancelled() {
                return Err(PrinterFault::TooSlow);
            }
            let pause = left.min(LOOK);
            thread::sleep(pause);
            left -= pause;
        }
        Ok(())
    }
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

/// Lays something into a tray, as a print that went well would.
#[cfg(test)]
pub(crate) fn lay_paper(tray: &Path, issuance: &IssuanceId, text: &str) {
    fs::write(certificate_path(tray, issuance), text).unwrap();
}
