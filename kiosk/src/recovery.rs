//! After a stop in the middle: what each unsettled transaction's money and paper must become.
//!
//! **Invariant**: every transaction ends in exactly one of taken, refunded, cancelled, unknown; never in
//! paper and refund, never in neither.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use shared::domain::fee::Yen;
use shared::domain::identifiers::TerminalId;
use shared::proof::sha256;
use shared::wire::outcome::Outcome;

use crate::journal::{Account, Journal, JournalError, Line, Standing, document_hex};
use crate::printer::Machine;
use crate::printer::folder::{Folder, receipt_path, remove, unfinished_path};
use crate::session::effect::{Fact, Receipt, Record};

/// What lies in the tray.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// The document that was paid.
    Whole,
    /// Nothing.
    Absent,
    /// Something else.
    Strange,
}

/// How a transaction goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Record these facts; the money in them comes back.
    Record(Vec<Fact>),
    /// It has ended; only the centre does not know.
    Tell,
}

/// What was found and done for one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovered {
    /// The record it was found with.
    pub found: Standing,
    /// How it ended.
    pub outcome: Outcome,
    /// The money that came back now.
    pub returned: Yen,
    /// Its last record.
    pub line: Line,
}

/// Decides from the records and the tray alone.
pub fn decide(line: &Line, paper: Paper) -> Decision {
    let inserted = line.inserted.unwrap_or_default();
    let facts = match line.state {
        Standing::Requested | Standing::Received => vec![Fact::Cancelled { returned: inserted }],
        Standing::Paid => vec![Fact::Refunded { amount: inserted }],
        Standing::Printing => match paper {
            Paper::Whole => vec![Fact::Presented, Fact::Taken],
            Paper::Absent => vec![Fact::Refunded { amount: kept(line) }],
            Paper::Strange => vec![Fact::Unknown],
        },
        Standing::Presented => vec![Fact::Taken],
        Standing::Taken | Standing::Refunded | Standing::Cancelled | Standing::Unknown | Standing::Retracted => {
            return Decision::Tell;
        }
    };
    Decision::Record(facts)
}

/// What of the inserted money is still in the terminal: all of it until the change is journaled as given.
fn kept(line: &Line) -> Yen {
    let inserted = line.inserted.unwrap_or_default();
    match line.change_given {
        Some(true) => inserted.minus(line.change.unwrap_or_default()).unwrap_or(inserted),
        Some(false) | None => inserted,
    }
}

/// Where recovery looks.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// What prints now.
    pub machine: &'a Machine,
    /// The terminal.
    pub terminal: &'a TerminalId,
}

/// Ends every unsettled transaction in the journal and the tray. The centre is told by the caller.
pub fn recover(
    journal: &mut Journal,
    unsettled: &[Account],
    found: &Found<'_>,
    now: Timestamp,
) -> Result<Vec<Recovered>, JournalError> {
    let mut recovered = Vec::new();
    for Account { last: line } in unsettled {
        let decision = decide(line, look(line, found.machine));
        tidy(line);
        let facts = match decision {
            Decision::Record(facts) => facts,
            Decision::Tell => Vec::new(),
        };
        let mut outcome = line.state.outcome().unwrap_or(Outcome::Unknown);
        let mut returned = Yen(0);
        for fact in facts {
            match &fact {
                Fact::Cancelled { returned: amount } => (outcome, returned) = (Outcome::Cancelled, *amount),
                Fact::Refunded { amount } => (outcome, returned) = (Outcome::Refunded, *amount),
                Fact::Taken => outcome = Outcome::Taken,
                Fact::Unknown => outcome = Outcome::Unknown,
                Fact::Requested { .. }
                | Fact::Received { .. }
                | Fact::Inserted { .. }
                | Fact::Paid { .. }
                | Fact::Printing
                | Fact::ChangeGiven
                | Fact::Presented
                | Fact::Owed { .. }
                | Fact::Retracted
                | Fact::Resolved(_) => {}
            }
            let record = Record { transaction: line.transaction.clone(), key: line.key.clone(), fact };
            journal.append(&record, now)?;
        }
        if outcome == Outcome::Taken {
            late_receipt(line, journal.tray(), found.terminal);
        }
        recovered.push(Recovered { found: line.state, outcome, returned, line: line.clone() });
    }
    // Durable before any money moves and before the centre hears of it.
    journal.sync()?;
    Ok(recovered)
}

/// Compares what lies in the tray, or what the printer says, with what was paid.
fn look(line: &Line, machine: &Machine) -> Paper {
    if line.state != Standing::Printing {
        return Paper::Absent;
    }
    match (&line.printer, machine) {
        (Some(uri), Machine::Ipp(printer)) if uri == printer.uri() => {
            return match &line.issuance {
                Some(issuance) => printer.look(issuance, line.copies.unwrap_or(1)),
                None => Paper::Strange,
            };
        }
        // Another printer than this one was asked: nobody here can know.
        (Some(_), _) => return Paper::Strange,
        (None, _) => {}
    }
    let (Some(path), Some(expected)) = (&line.paper, &line.document) else {
        return Paper::Absent;
    };
    match fs::read(path) {
        Ok(bytes) if document_hex(&sha256(&bytes)) == *expected => Paper::Whole,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Paper::Absent,
        Ok(_) | Err(_) => Paper::Strange,
    }
}

/// Removes what was being written when the program stopped: it holds a person's data.
fn tidy(line: &Line) {
    if let (Some(tray), Some(issuance)) = (line.paper.as_deref().and_then(Path::parent), &line.issuance) {
        remove(&unfinished_path(tray, issuance));
    }
}

/// The receipt that a stop kept from being printed.
fn late_receipt(line: &Line, tray: &Path, terminal: &TerminalId) {
    // The slip lies where the paper does, where that is a folder.
    let tray = line.paper.as_deref().and_then(Path::parent).unwrap_or(tray);
    let (Some(issuance), Some(copies), Some(fee), Some(inserted)) =
        (&line.issuance, line.copies, line.fee, line.inserted)
    else {
        return;
    };
    if receipt_path(tray, issuance).exists() {
        return;
    }
    remove(&tray.join(format!(".{issuance}.receipt.part")));
    let receipt = Receipt {
        terminal: terminal.clone(),
        transaction: line.transaction.clone(),
        issuance: issuance.clone(),
        at: line.at,
        copies,
        fee,
        inserted,
        change: line.change.unwrap_or_default(),
    };
    match Folder::swift(tray.to_owned()).print_receipt(&receipt) {
        Ok(()) => {}
        Err(error) => tracing::error!(%error, "the receipt could not be printed"),
    }
}

#[cfg(test)]
mod tests {
    use shared::domain::identifiers::{CertificateId, IdempotencyKey, IssuanceId, TransactionId};

    use super::*;

    fn facts_up_to(standing: Standing, document: &[u8]) -> Vec<Fact> {
        let all = [
            (Standing::Requested, Fact::Requested { copies: 1 }),
            (
                Standing::Received,
                Fact::Received {
                    issuance: IssuanceId::from_random([5; 16]),
                    certificate: CertificateId::from_number(5),
                    document: sha256(document),
                    fee: Yen(120),
                },
            ),
            (Standing::Paid, Fact::Paid { inserted: Yen(150), change: Yen(30) }),
            (Standing::Printing, Fact::Printing),
            (Standing::Presented, Fact::Presented),
            (Standing::Taken, Fact::Taken),
        ];
        let count = all.iter().position(|(state, _)| *state == standing).unwrap() + 1;
        all.into_iter().take(count).map(|(_, fact)| fact).collect()
    }

    /// Writes the records, recovers, and gives what became of it.
    fn recovered(facts: Vec<Fact>, paper: Option<&[u8]>) -> (Recovered, Account, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kiosk.journal");
        let issuance = IssuanceId::from_random([5; 16]);
        let now: Timestamp = "2022-10-03T01:00:00Z".parse().unwrap();
        let (mut journal, _) = Journal::open(&path, folder.path()).unwrap();
        for fact in facts {
            let transaction = TransactionId::from_random([1; 16]);
            let record = Record { transaction, key: IdempotencyKey::from_random([1; 16]), fact };
            journal.append(&record, now).unwrap();
        }
        drop(journal);
        if let Some(paper) = paper {
            fs::write(crate::printer::folder::certificate_path(folder.path(), &issuance), paper).unwrap();
        }
        fs::write(unfinished_path(folder.path(), &issuance), "personal").unwrap();
        let (mut journal, reading) = Journal::open(&path, folder.path()).unwrap();
        let terminal = TerminalId::parse("0001").unwrap();
        let machine = Machine::Folder(Folder::swift(folder.path().to_owned()));
        let found = Found { machine: &machine, terminal: &terminal };
        let mut recovered = recover(&mut journal, &reading.unsettled(), &found, now).unwrap();
        let account = crate::journal::read(&path).unwrap().accounts().remove(0);
        (recovered.remove(0), account, folder)
    }

    #[test]
    fn money_not_yet_paid_comes_back_and_the_request_is_withdrawn() {
        let mut facts = facts_up_to(Standing::Received, b"paper");
        facts.push(Fact::Inserted { inserted: Yen(100) });
        let (recovered, account, _folder) = recovered(facts, None);
        assert_eq!((recovered.outcome, recovered.returned), (Outcome::Cancelled, Yen(100)));
        assert_eq!(account.last.state, Standing::Cancelled);
    }

    #[test]
    fn paid_and_not_printed_comes_back_whole() {
        let (recovered, account, _folder) = recovered(facts_up_to(Standing::Paid, b"paper"), None);
        assert_eq!((recovered.outcome, recovered.returned), (Outcome::Refunded, Yen(150)));
        assert_eq!(account.last.state, Standing::Refunded);
    }

    #[test]
    fn the_tray_decides_over_a_print_that_was_interrupted() {
        let facts = facts_up_to(Standing::Printing, b"paper");
        let (printed, account, folder) = recovered(facts.clone(), Some(b"paper"));
        assert_eq!((printed.outcome, printed.returned), (Outcome::Taken, Yen(0)));
        assert_eq!(account.last.state, Standing::Taken);
        assert!(receipt_path(folder.path(), &IssuanceId::from_random([5; 16])).exists());

        let (absent, ..) = recovered(facts.clone(), None);
        assert_eq!((absent.outcome, absent.returned), (Outcome::Refunded, Yen(150)));

        let (strange, ..) = recovered(facts.clone(), Some(b"other"));
        assert_eq!((strange.outcome, strange.returned), (Outcome::Unknown, Yen(0)));

        let with_change = facts.into_iter().chain([Fact::ChangeGiven]).collect();
        let (given, ..) = recovered(with_change, None);
        assert_eq!((given.outcome, given.returned), (Outcome::Refunded, Yen(120)));
    }

    #[test]
    fn what_was_presented_is_never_refunded() {
        let (recovered, ..) = recovered(facts_up_to(Standing::Presented, b"paper"), None);
        assert_eq!((recovered.outcome, recovered.returned), (Outcome::Taken, Yen(0)));
    }

    #[test]
    fn an_end_the_centre_does_not_know_is_only_told() {
        let (recovered, account, _folder) = recovered(facts_up_to(Standing::Taken, b"paper"), Some(b"paper"));
        assert_eq!((recovered.found, recovered.outcome), (Standing::Taken, Outcome::Taken));
        assert_eq!(account.last.sequence, 6);
    }

    #[test]
    fn nothing_of_a_person_is_left_behind() {
        let (_, _, folder) = recovered(facts_up_to(Standing::Printing, b"paper"), None);
        assert!(!unfinished_path(folder.path(), &IssuanceId::from_random([5; 16])).exists());
    }
}
