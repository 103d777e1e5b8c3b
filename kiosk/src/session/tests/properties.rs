//! Any sequence of events: no money is lost, every state can be left, no page without its payer.

use proptest::prelude::*;
use shared::card::pin::Pin;
use shared::domain::certificate::{CertificateKind, Form};
use shared::domain::fee::Yen;
use shared::domain::passport::PassportNumber;

use super::bench::{Bench, Stage, municipality};
use crate::coins::{Coins, Denomination};
use crate::session::effect::Fact;
use crate::session::event::{CardAnswer, CenterAnswer, CenterFault, Event, PrintEnd, PrinterAnswer};
use crate::session::fault::{AcceptorFault, CardFault, CenterTrouble, PrinterFault};
use crate::session::view::View;

/// What can happen next.
#[derive(Debug, Clone, Copy)]
enum Act {
    /// A device answers what it was asked.
    Answer(usize),
    /// An answer comes a second time.
    Repeat(usize),
    /// The timer runs out.
    Ring,
    /// The resident does what the screen asks for.
    Follow,
    /// The resident does anything else.
    Press(usize),
    /// Money falls into the slot, open or not.
    Insert(usize),
    /// The card, the centre or the printer fails.
    Fail(usize),
    /// The hopper lacks so many tens from now on, whatever was counted.
    Lack(u16),
    /// Money is stuck.
    Jam,
    /// The journal cannot be written after so many more records.
    BreakJournal(usize),
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (0_usize..4).prop_map(Act::Answer),
        1 => (0_usize..32).prop_map(Act::Repeat),
        1 => Just(Act::Ring),
        8 => Just(Act::Follow),
        1 => (0_usize..15).prop_map(Act::Press),
        2 => (0_usize..5).prop_map(Act::Insert),
        1 => (0_usize..9).prop_map(Act::Fail),
    ]
}

fn with_money_faults() -> impl Strategy<Value = Act> {
    prop_oneof![30 => any_act(), 1 => (0_u16..4).prop_map(Act::Lack), 1 => Just(Act::Jam)]
}

fn with_journal_faults() -> impl Strategy<Value = Act> {
    prop_oneof![30 => any_act(), 1 => (0_usize..6).prop_map(Act::BreakJournal)]
}

pub(super) fn follow(bench: &mut Bench) {
    let event = match bench.session.view() {
        View::Menu { .. } => Event::Begun,
        View::ChooseKind { .. } => Event::KindChosen(CertificateKind::Vaccination),
        View::ConfirmLastTry { .. } => Event::LastTryConfirmed,
        View::EnterPin { .. } => Event::PinEntered(Pin::parse("1234").unwrap()),
        View::ChooseMunicipality { .. } => Event::MunicipalityChosen(municipality()),
        View::ChooseForm { .. } => Event::FormChosen(Form::Domestic),
        View::ConfirmPassport { .. } => Event::PassportTyped(PassportNumber::parse("ZZ1000001").unwrap()),
        View::ChooseCopies { .. } => Event::CopiesChosen(2),
        View::Preview { .. } => Event::ContentConfirmed,
        View::Pay { .. } => Event::MoneyInserted(Denomination::Hundred),
        View::TakePaper { .. } | View::PaperLeft { .. } => Event::PaperTaken,
        View::Thanks { .. } | View::Refused { .. } => Event::Acknowledged,
        View::CardLeft | View::TakeCard => Event::CardRemoved,
        View::Staff(_) => Event::Back,
        _ => Event::Touched,
    };
    bench.handle(event);
}

fn press(bench: &mut Bench, which: usize) {
    bench.handle(match which {
        0 => Event::Begun,
        1 => Event::Cancelled,
        2 => Event::Back,
        3 => Event::Touched,
        4 => Event::Acknowledged,
        5 => Event::CardPlaced,
        6 => Event::CardRemoved,
        7 => Event::PaperTaken,
        8 => Event::ContentConfirmed,
        9 => Event::CopiesChosen(0),
        10 => Event::CopiesChosen(255),
        11 => Event::FormChosen(Form::Overseas),
        12 => Event::LastTryConfirmed,
        13 => Event::StaffCame,
        _ => Event::PinEntered(Pin::parse("0000").unwrap()),
    });
}

fn fail(bench: &mut Bench, which: usize) {
    let Some(transaction) = bench.session.transaction().cloned() else {
        return;
    };
    let trouble = || CenterFault::Trouble(CenterTrouble::TimedOut);
    // A printer answers only while it prints; everything else may come at any time.
    let event = match which {
        0 => Event::Card { transaction, answer: CardAnswer::Failed(CardFault::Removed) },
        1 => Event::Card { transaction, answer: CardAnswer::PinWrong { tries_left: 1 } },
        2 => Event::Card { transaction, answer: CardAnswer::PinBlocked },
        3 => Event::Center { transaction, answer: CenterAnswer::Challenge(Err(trouble())) },
        4 => Event::Center { transaction, answer: CenterAnswer::Holder(Err(trouble())) },
        5 => Event::Center { transaction, answer: CenterAnswer::Issuance(Err(trouble())) },
        6 => Event::Center { transaction, answer: CenterAnswer::Passport(Err(trouble())) },
        _ if !bench.is_printing() => return,
        7 => {
            bench.forget_answers();
            Event::Printer { transaction, answer: PrinterAnswer::Ended(PrintEnd::Failed(PrinterFault::Jammed)) }
        }
        _ => {
            bench.forget_answers();
            Event::Printer { transaction, answer: PrinterAnswer::Ended(PrintEnd::Unknown) }
        }
    };
    bench.handle(event);
}

fn perform(bench: &mut Bench, act: Act) {
    match act {
        Act::Answer(which) => {
            if !bench.pending.is_empty() {
                let (_, answer) = bench.pending.remove(which % bench.pending.len());
                bench.past.push(std::rc::Rc::clone(&answer));
                bench.handle(answer());
            }
        }
        Act::Repeat(which) => {
            if !bench.past.is_empty() {
                let answer = std::rc::Rc::clone(&bench.past[which % bench.past.len()]);
                bench.handle(answer());
            }
        }
        Act::Ring => bench.ring(),
        Act::Follow => follow(bench),
        Act::Press(which) => press(bench, which),
        Act::Insert(which) => bench.handle(Event::MoneyInserted(Denomination::DESCENDING[which])),
        Act::Fail(which) => fail(bench, which),
        Act::Lack(tens) => bench.lacking = Coins { tens, ..Coins::default() },
        Act::Jam => bench.handle(Event::AcceptorFailed(AcceptorFault::Jammed)),
        Act::BreakJournal(records) => bench.fail_journal_after(records),
    }
}

/// Every yen is in the hopper, in the slot, or given out again.
fn assert_money(bench: &Bench) {
    let had = bench.hopper_at_start.total().plus(bench.inserted).unwrap();
    let has = bench.session.hopper().total().plus(bench.in_slot()).unwrap().plus(bench.paid_out).unwrap();
    let has = has.plus(bench.owed).unwrap();
    assert_eq!(had, has, "{:?}", bench.session.view());
}

/// Each transaction: money first, then paper, and paper or money back, never both.
fn assert_paper(bench: &Bench) {
    for (place, transaction) in bench.prints.iter().enumerate() {
        assert!(!bench.prints[..place].contains(transaction), "printed twice");
        let facts: Vec<&Fact> =
            bench.facts.iter().filter(|(owner, _)| owner == transaction).map(|(_, fact)| fact).collect();
        assert!(facts.iter().any(|fact| matches!(fact, Fact::Paid { .. })), "printed unpaid");
    }
    for (transaction, _) in &bench.facts {
        let of = |wanted: fn(&Fact) -> bool| {
            bench.facts.iter().filter(|(owner, fact)| owner == transaction && wanted(fact)).count()
        };
        let presented = of(|fact| matches!(fact, Fact::Presented));
        let refunded = of(|fact| matches!(fact, Fact::Refunded { .. }));
        let cancelled = of(|fact| matches!(fact, Fact::Cancelled { .. }));
        let paid = of(|fact| matches!(fact, Fact::Paid { .. }));
        assert!(presented + refunded <= 1 && cancelled + paid <= 1, "{presented} {refunded} {cancelled} {paid}");
    }
}

/// Left alone, with devices that answer and a resident who takes card and paper, the terminal comes to rest.
fn come_to_rest(bench: &mut Bench) {
    for _ in 0..200 {
        if bench.is_at_rest() {
            return;
        }
        bench.answer_all();
        match bench.session.view() {
            View::TakePaper { .. } | View::PaperLeft { .. } => bench.handle(Event::PaperTaken),
            View::CardLeft => bench.handle(Event::CardRemoved),
            _ => bench.ring(),
        }
    }
    panic!("the terminal does not come to rest: {:?}", bench.session.view());
}

fn run(acts: &[Act], hopper: Coins) {
    let mut bench = Bench::with_hopper(hopper);
    for act in acts {
        perform(&mut bench, *act);
        assert_money(&bench);
        assert_paper(&bench);
    }
    come_to_rest(&mut bench);
    assert_money(&bench);
    assert_paper(&bench);
    assert_eq!(bench.in_slot(), Yen(0));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_loses_money_or_paper(acts in proptest::collection::vec(any_act(), 0..160)) {
        run(&acts, Coins::FILLED);
    }

    #[test]
    fn no_sequence_with_failing_money_loses_any_in_silence(
        acts in proptest::collection::vec(with_money_faults(), 0..160),
    ) {
        run(&acts, Coins::FILLED);
    }

    #[test]
    fn no_sequence_with_a_failing_journal_loses_money_or_paper(
        acts in proptest::collection::vec(with_journal_faults(), 0..160),
    ) {
        run(&acts, Coins { tens: 9, fifties: 1, hundreds: 3, ..Coins::default() });
    }
}

#[test]
fn long_random_runs_reach_the_paper() {
    // The sequences above would prove nothing if they never came far.
    let mut bench = Bench::with_hopper(Coins::FILLED);
    for _ in 0..60 {
        perform(&mut bench, Act::Follow);
        perform(&mut bench, Act::Answer(0));
    }
    assert!(bench.prints.len() >= 2, "{} printed", bench.prints.len());
}

#[test]
fn every_stage_can_be_left_alone() {
    for stage in Stage::ALL {
        let mut bench = Bench::at(stage);
        bench.forget_answers();
        come_to_rest(&mut bench);
    }
}
