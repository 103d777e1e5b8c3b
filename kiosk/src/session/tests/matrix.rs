//! Each device's fault at each place of the dialogue: it ends with the paper taken, the money back, or staff called.
//!
//! The table stands in `docs/terminal.md`; this test makes it anew and compares.

use shared::domain::fee::Yen;
use shared::wire::outcome::Outcome;

use super::bench::{Bench, Stage, terminal};
use super::properties::follow;
use crate::coins::{Coins, Denomination};
use crate::journal::{Journal, read};
use crate::printer::Machine;
use crate::printer::folder::{Folder, lay_paper};
use crate::recovery::{Found, recover};
use crate::session::effect::{Fact, Record};
use crate::session::event::{CardAnswer, CenterAnswer, CenterFault, Event, PrintEnd};
use crate::session::fault::{AcceptorFault, CardFault, CenterTrouble, PrinterFault};
use crate::session::view::View;

/// Where the fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Before(Stage),
    /// 100 of 120 yen are inserted.
    Paying,
    /// 500 yen were paid.
    Printing,
    /// The printer was told to stop.
    Stopping,
    TakePaper,
}

const PLACES: [(&str, Place); 10] = [
    ("place card", Place::Before(Stage::PlaceCard)),
    ("PIN", Place::Before(Stage::EnterPin)),
    ("card read", Place::Before(Stage::Proving)),
    ("choices", Place::Before(Stage::ChooseCopies)),
    ("making", Place::Before(Stage::Requesting)),
    ("preview", Place::Before(Stage::Preview)),
    ("paying", Place::Paying),
    ("printing", Place::Printing),
    ("stopping", Place::Stopping),
    ("take paper", Place::TakePaper),
];

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    CardPulled,
    CardFails,
    CenterGone,
    MoneyJams,
    ChangeLacks,
    PrinterJams,
    PrinterJamsHalfway,
    PrinterSilent,
    JournalFull,
    ResidentGone,
    PowerCut,
    CenterThreadLost,
    PrinterThreadLost,
    MoneyThreadLost,
}

const TROUBLES: [(&str, Trouble); 14] = [
    ("card pulled", Trouble::CardPulled),
    ("card or reader fails", Trouble::CardFails),
    ("centre gone", Trouble::CenterGone),
    ("money jams", Trouble::MoneyJams),
    ("hopper lacks coins", Trouble::ChangeLacks),
    ("printer fails, nothing out", Trouble::PrinterJams),
    ("printer fails half-way", Trouble::PrinterJamsHalfway),
    ("printer silent or gone", Trouble::PrinterSilent),
    ("journal cannot be written", Trouble::JournalFull),
    ("resident walks away", Trouble::ResidentGone),
    ("power cut", Trouble::PowerCut),
    ("centre's thread lost", Trouble::CenterThreadLost),
    ("printer's thread lost", Trouble::PrinterThreadLost),
    ("money's thread lost", Trouble::MoneyThreadLost),
];

fn bench_at(place: Place) -> Bench {
    let mut bench = Bench::at(match place {
        Place::Before(stage) => stage,
        Place::Paying | Place::Printing | Place::Stopping | Place::TakePaper => Stage::Pay,
    });
    match place {
        Place::Before(_) => {}
        Place::Paying => bench.handle(Event::MoneyInserted(Denomination::Hundred)),
        Place::Printing | Place::Stopping | Place::TakePaper => {
            bench.handle(Event::MoneyInserted(Denomination::FiveHundred));
        }
    }
    match place {
        Place::Stopping => {
            bench.forget_answers();
            bench.ring();
        }
        Place::TakePaper => bench.answer_all(),
        Place::Before(_) | Place::Paying | Place::Printing => {}
    }
    bench
}

/// What the fault does to the bench; what it cannot touch at this place goes on as before.
fn strike(bench: &mut Bench, trouble: Trouble) {
    let transaction = bench.session.transaction().cloned();
    match (trouble, transaction) {
        (Trouble::CardPulled, _) => bench.handle(Event::CardRemoved),
        (Trouble::CardFails, Some(transaction)) => {
            bench.forget("Watch");
            bench.forget("Tries");
            bench.forget("Prove");
            bench.handle(Event::Card { transaction, answer: CardAnswer::Failed(CardFault::Unreadable) });
        }
        (Trouble::CenterGone, _) => bench.lose_centre(),
        (Trouble::MoneyJams, _) => {
            bench.lacking = Coins { tens: 999, fifties: 999, hundreds: 999, five_hundreds: 999, thousands: 999 };
            bench.handle(Event::AcceptorFailed(AcceptorFault::Jammed));
        }
        (Trouble::ChangeLacks, _) => bench.lacking = Coins { tens: 2, ..Coins::default() },
        (Trouble::PrinterJams, _) => bench.end_prints(PrintEnd::Failed(PrinterFault::Jammed)),
        (Trouble::PrinterJamsHalfway, _) => bench.end_prints(PrintEnd::Unknown),
        (Trouble::PrinterSilent, _) => {
            bench.printer_is_silent = true;
            bench.forget("Printed");
            bench.forget("Stopped");
        }
        (Trouble::CenterThreadLost, _) => {
            bench.lose_centre();
            bench.handle(Event::CenterLost);
        }
        (Trouble::PrinterThreadLost, _) => {
            bench.printer_is_silent = true;
            bench.forget("Printed");
            bench.forget("Stopped");
            bench.handle(Event::PrinterLost);
        }
        (Trouble::MoneyThreadLost, _) => {
            bench.lacking = Coins { tens: 999, fifties: 999, hundreds: 999, five_hundreds: 999, thousands: 999 };
            bench.handle(Event::AcceptorFailed(AcceptorFault::Unreachable));
        }
        (Trouble::JournalFull, _) => bench.fail_journal_after(0),
        (Trouble::CardFails | Trouble::ResidentGone | Trouble::PowerCut, _) => {}
    }
}

/// A resident who does what the screens say, or who is gone; then whoever is left is the staff.
fn play(bench: &mut Bench, trouble: Trouble) {
    for _ in 0..120 {
        if bench.is_at_rest() && bench.begun_again() {
            return;
        }
        bench.answer_all();
        if bench.is_at_rest() && bench.begun_again() {
            return;
        }
        let before = format!("{:?}", bench.session);
        if trouble != Trouble::ResidentGone {
            follow(bench);
        }
        if format!("{:?}", bench.session) == before {
            bench.ring();
        }
    }
    panic!("no end: {:?}", bench.session.view());
}

fn ending(bench: &Bench) -> &'static str {
    let has_paper = bench.facts.iter().any(|(_, fact)| matches!(fact, Fact::Taken));
    let is_staffs = matches!(bench.session.view(), View::OutOfOrder { .. } | View::PaperLeft { .. });
    let is_even = bench.inserted == bench.paid_out;
    assert!(!(has_paper && is_even && bench.inserted > Yen(0)), "paper and all the money");
    // Whoever paid has paper or money, unless the staff was called.
    assert!(has_paper || is_even || is_staffs, "{:?}", bench.session.view());
    match (has_paper, is_even, bench.inserted, is_staffs) {
        (true, _, _, false) => "paper",
        (true, _, _, true) => "paper, staff",
        (false, true, Yen(0), false) => "nothing paid",
        (false, true, Yen(0), true) => "nothing paid, staff",
        (false, true, _, false) => "money back",
        (false, true, _, true) => "money back, staff",
        (false, false, ..) => "staff",
    }
}

/// What the next start makes of the journal as it stands, with and without the paper in the tray.
fn after_power_cut(bench: &Bench) -> String {
    let endings: Vec<&str> =
        [None, Some("paper")].into_iter().map(|paper| after_power_cut_with(bench, paper)).collect();
    match endings.as_slice() {
        [first, second] if first != second => format!("{second} or {first}"),
        [first, ..] => (*first).to_owned(),
        [] => String::new(),
    }
}

fn after_power_cut_with(bench: &Bench, paper: Option<&str>) -> &'static str {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kiosk.journal");
    let (mut journal, _) = Journal::open(&path, folder.path()).unwrap();
    let mut document = None;
    for (transaction, fact) in &bench.facts {
        let key = shared::domain::identifiers::IdempotencyKey::from_random([1; 16]);
        let mut fact = fact.clone();
        if let Fact::Received { issuance, document: digest, .. } = &mut fact {
            *digest = shared::proof::sha256(b"paper");
            document = Some(issuance.clone());
        }
        journal.append(&Record { transaction: transaction.clone(), key, fact }, bench.now).unwrap();
    }
    journal.sync().unwrap();
    drop(journal);
    let (mut journal, reading) = Journal::open(&path, folder.path()).unwrap();
    let printed = reading.accounts().iter().any(|account| account.last.paper.is_some());
    if let (Some(text), Some(issuance), true) = (paper, document, printed) {
        lay_paper(folder.path(), &issuance, text);
    }
    let machine = Machine::Folder(Folder::swift(folder.path().to_owned()));
    let (terminal, unsettled) = (terminal(), reading.unsettled());
    let found = Found { machine: &machine, terminal: &terminal };
    let recovered = recover(&mut journal, &unsettled, &found, bench.now).unwrap();
    let given: Yen = recovered.iter().fold(bench.paid_out, |sum, recovered| sum.plus(recovered.returned).unwrap());
    drop(read(&path).unwrap());
    match recovered.first().map(|recovered| recovered.outcome) {
        Some(Outcome::Taken) => "paper",
        Some(Outcome::Unknown) => "staff",
        _ if bench.inserted == Yen(0) => "nothing paid",
        _ => {
            assert_eq!(given, bench.inserted, "money after a power cut");
            "money back"
        }
    }
}

fn table() -> String {
    let head: Vec<&str> = PLACES.iter().map(|(name, _)| *name).collect();
    let mut text = format!("| fault \\ place | {} |\n|---|{}\n", head.join(" | "), "---|".repeat(head.len()));
    for (name, trouble) in TROUBLES {
        let mut row = vec![name.to_owned()];
        for (_, place) in PLACES {
            let mut bench = bench_at(place);
            strike(&mut bench, trouble);
            row.push(if trouble == Trouble::PowerCut {
                after_power_cut(&bench)
            } else {
                play(&mut bench, trouble);
                ending(&bench).to_owned()
            });
        }
        text += &["| ", &row.join(" | "), " |\n"].concat();
    }
    text
}

#[test]
fn every_fault_at_every_place_ends_in_paper_money_or_staff() {
    let made = table();
    let document = include_str!("../../../../docs/terminal.md");
    assert!(document.contains(&made), "docs/terminal.md has another table; this is the right one:\n{made}");
}

#[test]
fn a_centre_that_is_gone_before_the_request_costs_nothing() {
    let mut bench = Bench::at(Stage::Challenging);
    let transaction = bench.session.transaction().unwrap().clone();
    bench.forget_answers();
    let answer = CenterAnswer::Challenge(Err(CenterFault::Trouble(CenterTrouble::TimedOut)));
    bench.handle(Event::Center { transaction, answer });
    assert_eq!((bench.inserted, bench.paid_out), (Yen(0), Yen(0)));
}
