//! The journal: torn, altered, reordered, shortened, locked.

use std::fs;

use shared::domain::fee::Yen;
use shared::domain::identifiers::CertificateId;

use super::*;

fn record(number: u8, fact: Fact) -> Record {
    Record {
        transaction: TransactionId::from_random([number; 16]),
        key: IdempotencyKey::from_random([number; 16]),
        fact,
    }
}

fn instant() -> Timestamp {
    "2022-10-03T01:00:00Z".parse().unwrap()
}

/// A journal of `count` records in a folder of its own.
fn written(count: u8) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run/kiosk.journal");
    let (mut journal, _) = Journal::open(&path, folder.path()).unwrap();
    for number in 0..count {
        journal.append(&record(number, Fact::Requested { copies: 1 }), instant()).unwrap();
    }
    journal.sync().unwrap();
    (folder, path)
}

#[test]
fn what_was_written_is_read_again() {
    let (folder, path) = written(3);
    let reading = read(&path).unwrap();
    assert_eq!(reading.lines.len(), 3);
    assert_eq!(reading.lines[1].state, Standing::Requested);
    let (mut journal, _) = Journal::open(&path, folder.path()).unwrap();
    journal.append(&record(9, Fact::Unknown), instant()).unwrap();
    assert_eq!(read(&path).unwrap().lines[3].sequence, 4);
}

#[test]
fn a_last_line_cut_off_anywhere_is_cut_away() {
    let (folder, path) = written(3);
    let whole = fs::read(&path).unwrap();
    let second_end = whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(1).unwrap().0 + 1;
    for length in second_end..whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        let (mut journal, reading) = Journal::open(&path, folder.path()).unwrap();
        assert_eq!((reading.lines.len(), reading.torn_bytes), (2, (length - second_end) as u64));
        journal.append(&record(7, Fact::Requested { copies: 2 }), instant()).unwrap();
        drop(journal);
        assert_eq!(read(&path).unwrap().lines.len(), 3);
    }
}

#[test]
fn any_altered_byte_of_a_whole_line_is_found() {
    let (_folder, path) = written(3);
    let whole = fs::read(&path).unwrap();
    let last = whole.len() - 1;
    for place in 0..last {
        let mut altered = whole.clone();
        altered[place] ^= 1;
        fs::write(&path, &altered).unwrap();
        assert!(matches!(read(&path), Err(JournalError::Altered { .. })), "byte {place}");
    }
}

#[test]
fn moved_removed_and_doubled_lines_are_found() {
    let (_folder, path) = written(4);
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    for order in [vec![0, 2, 1, 3], vec![0, 2, 3], vec![1, 2, 3], vec![0, 1, 1, 2, 3]] {
        let changed: String = order.iter().flat_map(|&place: &usize| [lines[place], "\n"]).collect();
        fs::write(&path, changed).unwrap();
        assert!(matches!(read(&path), Err(JournalError::Altered { .. })), "{order:?}");
    }
}

#[test]
fn a_second_program_on_the_same_terminal_is_refused() {
    let (folder, path) = written(1);
    let first = Journal::open(&path, folder.path()).unwrap();
    let second = Journal::open(&path, folder.path()).unwrap_err();
    assert!(matches!(second, JournalError::InUse { .. }));
    assert!(second.to_string().ends_with("another program runs this terminal"));
    drop(first);
    assert!(Journal::open(&path, folder.path()).is_ok());
}

#[test]
fn an_account_holds_what_all_its_records_say() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kiosk.journal");
    let (mut journal, _) = Journal::open(&path, folder.path()).unwrap();
    let issuance = IssuanceId::from_random([5; 16]);
    let received = Fact::Received {
        issuance: issuance.clone(),
        certificate: CertificateId::from_number(5),
        document: [6; 32],
        fee: Yen(120),
    };
    let facts = [
        Fact::Requested { copies: 1 },
        received,
        Fact::Inserted { inserted: Yen(100) },
        Fact::Paid { inserted: Yen(150), change: Yen(30) },
        Fact::Printing,
        Fact::ChangeGiven,
    ];
    for fact in facts {
        journal.append(&record(1, fact), instant()).unwrap();
    }
    let account = read(&path).unwrap().unsettled().remove(0).last;
    assert_eq!(account.state, Standing::Printing);
    assert_eq!((account.fee, account.inserted, account.change), (Some(Yen(120)), Some(Yen(150)), Some(Yen(30))));
    assert_eq!(account.change_given, Some(true));
    assert_eq!(account.paper.unwrap(), certificate_path(folder.path(), &issuance));
}

#[test]
fn a_transaction_is_settled_once_the_centre_knows_its_end() {
    let (folder, path) = written(1);
    let (mut journal, _) = Journal::open(&path, folder.path()).unwrap();
    let Record { transaction, key, .. } = record(0, Fact::Unknown);
    journal.append(&record(0, Fact::Cancelled { returned: Yen(0) }), instant()).unwrap();
    assert_eq!(read(&path).unwrap().unsettled().len(), 1);
    journal.acknowledge(&transaction, &key, Outcome::Cancelled, instant()).unwrap();
    assert!(read(&path).unwrap().unsettled().is_empty());
}

#[test]
fn a_hundred_thousand_records_are_read_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kiosk.journal");
    let (mut journal, _) = Journal::open(&path, folder.path()).unwrap();
    for _ in 0..100_000 {
        journal.append(&record(1, Fact::Requested { copies: 1 }), instant()).unwrap();
    }
    let reading = read(&path).unwrap();
    assert_eq!((reading.lines.len(), reading.accounts().len()), (100_000, 1));
}

#[test]
fn an_extract_shows_one_transaction_and_only_links_of_its_neighbours() {
    let (folder, path) = written(3);
    let (mut journal, _) = Journal::open(&path, folder.path()).unwrap();
    journal.append(&record(1, Fact::Cancelled { returned: Yen(0) }), instant()).unwrap();
    journal.append(&record(2, Fact::Cancelled { returned: Yen(0) }), instant()).unwrap();
    let reading = read(&path).unwrap();
    let own = TransactionId::from_random([1; 16]);
    let extract = Extract::of(&reading, &own).unwrap();
    let records: Vec<serde_json::Value> = extract.records.iter().map(Shown::to_json).collect();
    let whole: Vec<bool> = records.iter().map(|record| record.get("masked").is_none()).collect();
    assert_eq!(whole, [false, true, false, true, false]);
    for (record, line) in records.iter().zip(&reading.lines) {
        assert_eq!(record["sequence"], line.sequence);
        let is_named = record.to_string().contains(line.transaction.as_str());
        assert_eq!(is_named, line.transaction == own, "{record}");
    }
    assert!(Extract::of(&reading, &TransactionId::from_random([9; 16])).is_none());
}

#[test]
fn what_staff_decides_fits_what_is_open_and_is_confirmed_by_its_code() {
    use crate::session::effect::{Reason, Resolution, Verdict};

    let (folder, path) = written(2);
    let (mut journal, _) = Journal::open(&path, folder.path()).unwrap();
    journal.append(&record(0, Fact::Unknown), instant()).unwrap();
    journal.append(&record(1, Fact::Cancelled { returned: Yen(100) }), instant()).unwrap();
    journal.append(&record(1, Fact::Owed { amount: Yen(100) }), instant()).unwrap();
    drop(journal);
    assert_eq!(read(&path).unwrap().waiting_for_staff().len(), 2);
    let decide = |number: u8, verdict, reason, code: Option<&str>| {
        let transaction = TransactionId::from_random([number; 16]);
        let resolution = Resolution { verdict, reason };
        settle((&path, folder.path()), &transaction, resolution, (code, instant())).map(|proposal| proposal.code)
    };
    assert!(matches!(decide(0, Verdict::Refunded, Reason::PaperHandedOver, None), Err(Unsettleable::Unfit(_))));
    assert!(matches!(decide(0, Verdict::OwedPaid, Reason::MoneyGivenByHand, None), Err(Unsettleable::Unfit(_))));
    let stranger = decide(9, Verdict::Taken, Reason::PaperHandedOver, None);
    assert!(matches!(stranger, Err(Unsettleable::UnknownTransaction(_))));
    let code = decide(0, Verdict::Taken, Reason::PaperHandedOver, None).unwrap();
    // The code of one decision is not the code of another.
    assert!(matches!(decide(0, Verdict::Refunded, Reason::NoPaperFound, Some(&code)), Err(Unsettleable::WrongCode)));
    decide(0, Verdict::Taken, Reason::PaperHandedOver, Some(&code)).unwrap();
    assert!(matches!(decide(0, Verdict::Taken, Reason::PaperHandedOver, Some(&code)), Err(Unsettleable::Ended(_))));
    let code = decide(1, Verdict::OwedPaid, Reason::MoneyGivenByHand, None).unwrap();
    decide(1, Verdict::OwedPaid, Reason::MoneyGivenByHand, Some(&code)).unwrap();
    let reading = read(&path).unwrap();
    assert!(reading.waiting_for_staff().is_empty());
    let standings: Vec<Standing> = reading.accounts().iter().map(|account| account.last.state).collect();
    assert_eq!(standings, [Standing::Taken, Standing::Cancelled]);
    // The centre hears of the decision, although it had heard of the doubt.
    assert!(reading.unsettled().iter().any(|account| account.last.state == Standing::Taken));
}
