//! The dialogue without devices: every way through it, every way out of it, and where the money is.

mod bench;
mod matrix;
mod properties;
mod staff;

use shared::domain::certificate::Form;
use shared::domain::fee::Yen;
use shared::domain::passport::PassportNumber;
use shared::wire::problem::{Problem, ProblemCode};

use self::bench::{Bench, Stage};
use super::event::{CardAnswer, CenterAnswer, CenterFault, Event, PrintEnd};
use super::fault::{CardFault, CenterTrouble, DocumentFault, Fault, PaymentFault, PinFault, PrinterFault};
use super::view::{View, Work};
use crate::coins::{Coins, Denomination};
use crate::session::effect::Fact;

#[test]
fn the_whole_dialogue_ends_in_paper_receipt_and_change() {
    let mut bench = Bench::at(Stage::Pay);
    bench.handle(Event::MoneyInserted(Denomination::FiveHundred));
    bench.answer_all();
    assert!(matches!(bench.session.view(), View::TakePaper { .. }));
    bench.handle(Event::PaperTaken);
    let View::Thanks { receipt, .. } = bench.session.view() else { panic!("{:?}", bench.session.view()) };
    assert_eq!((receipt.fee, receipt.inserted, receipt.change), (Yen(120), Yen(500), Yen(380)));
    assert_eq!(bench.paid_out, Yen(380));
    assert_eq!(bench.prints.len(), 1);
    let facts = bench.facts_of_last();
    assert!(matches!(facts.first(), Some(Fact::Requested { copies: 1 })));
    assert!(matches!(facts.last(), Some(Fact::Taken)));
}

#[test]
fn the_request_is_journaled_before_it_leaves_and_the_payment_before_the_paper() {
    let bench = Bench::finished();
    let order: Vec<&str> = bench.log.iter().map(String::as_str).collect();
    let place = |name: &str| order.iter().position(|entry| *entry == name).unwrap();
    assert!(place("Requested") < place("AskIssuance"));
    assert!(place("Paid") < place("Printing") && place("Printing") < place("Print"));
    assert!(place("Presented") < place("Taken") && place("Taken") < place("ReportOutcome"));
}

#[test]
fn cancelling_before_payment_gives_everything_back_and_withdraws_the_request() {
    for stage in Stage::ALL {
        let mut bench = Bench::at(stage);
        if stage == Stage::Pay {
            bench.handle(Event::MoneyInserted(Denomination::Hundred));
        }
        bench.handle(Event::Cancelled);
        assert!(
            matches!(bench.session.view(), View::Refused { fault: Fault::Cancelled, .. }),
            "{stage:?}: {:?}",
            bench.session.view()
        );
        assert_eq!(bench.inserted, bench.paid_out, "{stage:?}");
        if stage >= Stage::Requesting {
            assert!(matches!(bench.facts_of_last().last(), Some(Fact::Cancelled { .. })), "{stage:?}");
            assert!(bench.log.iter().any(|entry| entry == "ReportOutcome"), "{stage:?}");
        }
    }
}

#[test]
fn nobody_can_cancel_after_payment() {
    let mut bench = Bench::at(Stage::Pay);
    bench.handle(Event::MoneyInserted(Denomination::FiveHundred));
    for event in [Event::Cancelled, Event::Back, Event::Acknowledged] {
        bench.handle(event);
        assert!(matches!(bench.session.view(), View::Working(Work::Printing(_))));
    }
}

#[test]
fn an_abandoned_dialogue_warns_then_ends_whole_and_gives_the_money_back() {
    let mut bench = Bench::at(Stage::Pay);
    bench.handle(Event::MoneyInserted(Denomination::Hundred));
    bench.ring();
    assert_eq!(bench.session.warning_seconds(), Some(20));
    bench.handle(Event::Touched);
    assert_eq!(bench.session.warning_seconds(), None);
    bench.ring();
    bench.ring();
    let view = bench.session.view();
    assert!(matches!(view, View::Refused { fault: Fault::Abandoned, returned: Yen(100), .. }), "{view:?}");
    assert_eq!(bench.paid_out, Yen(100));
    assert!(bench.prints.is_empty());
}

#[test]
fn a_slow_print_is_stopped_whole_and_the_fee_comes_back() {
    let mut bench = Bench::at(Stage::Pay);
    bench.handle(Event::MoneyInserted(Denomination::Hundred));
    bench.handle(Event::MoneyInserted(Denomination::Fifty));
    bench.forget_answers();
    bench.ring();
    assert!(matches!(bench.session.view(), View::Working(Work::CancellingPrint)));
    bench.answer_all();
    let view = bench.session.view();
    let expected = Fault::Printer(PrinterFault::TooSlow);
    assert!(matches!(view, View::Refused { fault, returned: Yen(120), .. } if fault == expected), "{view:?}");
    assert_eq!(bench.paid_out, Yen(150));
    assert!(matches!(bench.facts_of_last().last(), Some(Fact::Refunded { amount: Yen(120) })));
}

#[test]
fn a_silent_printer_calls_staff_and_serves_nobody_else() {
    let mut bench = Bench::at(Stage::Pay);
    bench.handle(Event::MoneyInserted(Denomination::FiveHundred));
    bench.forget_answers();
    bench.ring();
    bench.forget_answers();
    bench.ring();
    assert!(matches!(bench.session.view(), View::OutOfOrder { .. }));
    assert!(matches!(bench.facts_of_last().last(), Some(Fact::Unknown)));
    bench.handle(Event::Begun);
    assert!(matches!(bench.session.view(), View::OutOfOrder { .. }));
}

#[test]
fn paper_left_in_the_tray_is_never_thrown_away_and_blocks_the_next_resident() {
    let mut bench = Bench::at(Stage::Pay);
    bench.handle(Event::MoneyInserted(Denomination::FiveHundred));
    bench.answer_all();
    (0..18).for_each(|_| bench.ring());
    assert!(matches!(bench.session.view(), View::PaperLeft { .. }));
    bench.handle(Event::Begun);
    assert!(matches!(bench.session.view(), View::PaperLeft { .. }));
    bench.handle(Event::PaperTaken);
    bench.answer_all();
    assert!(matches!(bench.session.view(), View::Menu { .. }));
}

#[test]
fn a_card_pulled_before_the_proof_ends_the_dialogue() {
    let stages = [Stage::ChooseKind, Stage::ReadTries, Stage::EnterPin, Stage::Challenging, Stage::Proving];
    for stage in stages {
        let mut bench = Bench::at(stage);
        bench.handle(Event::CardRemoved);
        let view = bench.session.view();
        assert!(matches!(view, View::Refused { fault: Fault::Card(CardFault::Removed), .. }), "{stage:?}: {view:?}");
    }
}

#[test]
fn the_dialogue_goes_on_only_after_the_card_was_taken() {
    let mut bench = Bench::at(Stage::TakeCard);
    assert!(matches!(bench.session.view(), View::TakeCard));
    bench.answer_only("Holder");
    assert!(matches!(bench.session.view(), View::TakeCard));
    bench.handle(Event::CardRemoved);
    assert!(matches!(bench.session.view(), View::ChooseMunicipality { .. }));
}

#[test]
fn a_card_left_behind_ends_the_dialogue_and_must_be_taken_first() {
    let mut bench = Bench::at(Stage::TakeCard);
    bench.forget_answers();
    (0..6).for_each(|_| bench.ring());
    assert!(matches!(bench.session.view(), View::Refused { fault: Fault::Abandoned, .. }));
    bench.handle(Event::Acknowledged);
    assert!(matches!(bench.session.view(), View::CardLeft));
    bench.handle(Event::CardRemoved);
    bench.answer_all();
    assert!(matches!(bench.session.view(), View::Menu { .. }));
}

#[test]
fn tries_are_shown_and_the_last_one_is_confirmed() {
    let mut bench = Bench::at(Stage::Proving);
    bench.forget_answers();
    bench.card(CardAnswer::PinWrong { tries_left: 2 });
    assert!(matches!(bench.session.view(), View::EnterPin { tries_left: 2, .. }));
    bench.enter_pin();
    bench.answer_only("Challenge");
    bench.forget_answers();
    bench.card(CardAnswer::PinWrong { tries_left: 1 });
    assert!(matches!(bench.session.view(), View::ConfirmLastTry { .. }));
    bench.enter_pin();
    assert!(matches!(bench.session.view(), View::ConfirmLastTry { .. }));
    bench.handle(Event::LastTryConfirmed);
    assert!(matches!(bench.session.view(), View::EnterPin { tries_left: 1, .. }));
    bench.enter_pin();
    bench.answer_only("Challenge");
    bench.card(CardAnswer::PinBlocked);
    assert!(matches!(bench.session.view(), View::Refused { fault: Fault::Pin(PinFault::Locked), .. }));
}

#[test]
fn no_pin_leaves_for_the_card_while_the_centre_is_away() {
    let mut bench = Bench::at(Stage::Challenging);
    bench.center(CenterAnswer::Challenge(Err(CenterFault::Trouble(CenterTrouble::Unreachable))));
    assert!(bench.log.iter().all(|entry| entry != "Prove"));
    assert!(matches!(bench.session.view(), View::Refused { fault: Fault::Center(CenterTrouble::Unreachable), .. }));
}

#[test]
fn a_crowded_centre_is_not_a_missing_record() {
    let mut bench = Bench::at(Stage::TakeCard);
    let busy = CenterFault::Problem(Box::new(Problem::from(ProblemCode::Busy)));
    bench.center(CenterAnswer::Holder(Err(busy)));
    let View::Refused { fault, .. } = bench.session.view() else { panic!() };
    assert_eq!((fault.code(), fault.exit_status()), ("busy", 13));
}

#[test]
fn a_form_that_cannot_be_had_says_why_and_leaves_the_other() {
    let mut bench = Bench::at(Stage::ChooseForm);
    bench.refuse_overseas();
    bench.handle(Event::FormChosen(Form::Overseas));
    let view = bench.session.view();
    assert!(matches!(view, View::ChooseForm { notice: Some(ProblemCode::PassportExpired), .. }), "{view:?}");
    bench.handle(Event::FormChosen(Form::Domestic));
    assert!(matches!(bench.session.view(), View::ChooseCopies { .. }));
}

#[test]
fn the_overseas_form_needs_the_passport_number_to_match() {
    let mut bench = Bench::at(Stage::ChooseForm);
    bench.handle(Event::FormChosen(Form::Overseas));
    bench.handle(Event::PassportTyped(PassportNumber::parse("ZZ1000009").unwrap()));
    let differs = Problem { tries_left: Some(2), ..Problem::from(ProblemCode::PassportMismatch) };
    bench.center(CenterAnswer::Passport(Err(CenterFault::Problem(Box::new(differs)))));
    let expected = super::Comparison::Differed(Some(2));
    assert!(matches!(bench.session.view(), View::ConfirmPassport { comparison, .. } if comparison == expected));
    bench.handle(Event::PassportTyped(PassportNumber::parse("ZZ1000001").unwrap()));
    bench.center(CenterAnswer::Passport(Ok(())));
    assert!(matches!(bench.session.view(), View::ChooseCopies { .. }));
}

#[test]
fn a_document_for_another_holder_request_or_person_is_never_shown() {
    for crossing in bench::Crossing::ALL {
        let mut bench = Bench::at(Stage::Requesting);
        bench.issue_crossed(crossing);
        let view = bench.session.view();
        assert!(matches!(view, View::Refused { fault: Fault::Document(_), .. }), "{crossing:?}: {view:?}");
        assert!(matches!(bench.facts_of_last().last(), Some(Fact::Cancelled { .. })));
    }
    let mut bench = Bench::at(Stage::Requesting);
    bench.issue_crossed(bench::Crossing::Person);
    let expected = Fault::Document(DocumentFault::Person);
    assert!(matches!(bench.session.view(), View::Refused { fault, .. } if fault == expected));
}

#[test]
fn money_that_cannot_be_changed_comes_back_and_the_slot_stays_open() {
    let mut bench = Bench::with_hopper(Coins { tens: 1, ..Coins::default() });
    bench.go_to(Stage::Pay);
    bench.handle(Event::MoneyInserted(Denomination::Thousand));
    let View::Pay { inserted: Yen(0), notice: Some(PaymentFault::NoChange), .. } = bench.session.view() else {
        panic!("{:?}", bench.session.view());
    };
    assert_eq!(bench.paid_out, Yen(1000));
    bench.handle(Event::MoneyInserted(Denomination::Hundred));
    bench.handle(Event::MoneyInserted(Denomination::Ten));
    bench.handle(Event::MoneyInserted(Denomination::Ten));
    assert!(matches!(bench.session.view(), View::Working(Work::Printing(_))));
}

#[test]
fn a_journal_that_fails_stops_before_the_act_and_gives_the_money_back() {
    for failing in 0..6 {
        let mut bench = Bench::at(Stage::ChooseCopies);
        bench.fail_journal_after(failing);
        bench.handle(Event::CopiesChosen(1));
        bench.answer_all();
        bench.handle(Event::ContentConfirmed);
        bench.handle(Event::MoneyInserted(Denomination::Hundred));
        bench.handle(Event::MoneyInserted(Denomination::Fifty));
        bench.answer_all();
        // Requested, received, inserted, paid, printing, change given: paper only where all before it held.
        assert_eq!(bench.prints.is_empty(), failing < 5, "failing at {failing}");
        let expected = if failing < 5 { bench.inserted } else { Yen(30) };
        assert_eq!(bench.paid_out, expected, "failing at {failing}");
        bench.handle(Event::PaperTaken);
        bench.handle(Event::CardRemoved);
        bench.handle(Event::Acknowledged);
        bench.ring();
        assert!(matches!(bench.session.view(), View::OutOfOrder { fault: Fault::Journal }), "failing at {failing}");
    }
}

#[test]
fn answers_for_another_dialogue_change_nothing_in_any_state() {
    for stage in Stage::ALL {
        let mut bench = Bench::at(stage);
        let before = format!("{:?}", bench.session);
        for event in bench.foreign_answers() {
            bench.handle(event);
            assert_eq!(format!("{:?}", bench.session), before, "{stage:?}");
        }
    }
}

#[test]
fn a_late_document_of_a_cancelled_dialogue_never_reaches_the_next_resident() {
    let mut bench = Bench::at(Stage::Requesting);
    let late = bench.pending_answers();
    bench.handle(Event::Cancelled);
    bench.forget_answers();
    bench.handle(Event::Acknowledged);
    bench.answer_all();
    bench.go_to(Stage::Requesting);
    bench.forget_answers();
    for event in late {
        bench.handle(event());
    }
    assert!(matches!(bench.session.view(), View::Working(Work::MakingCertificate)));
}

#[test]
fn a_printer_that_fails_refunds_the_fee() {
    for fault in [PrinterFault::Jammed, PrinterFault::OutOfPaper, PrinterFault::DoorOpen, PrinterFault::OutOfToner] {
        let mut bench = Bench::at(Stage::Pay);
        bench.handle(Event::MoneyInserted(Denomination::Thousand));
        bench.forget_answers();
        bench.printer(PrintEnd::Failed(fault));
        assert!(matches!(bench.session.view(), View::Refused { returned: Yen(120), .. }));
        assert_eq!(bench.paid_out, Yen(1000));
    }
}

#[test]
fn nothing_of_a_person_is_printed_by_debug() {
    for stage in Stage::ALL {
        let bench = Bench::at(stage);
        let text = format!("{:?} {:?}", bench.session, bench.session.view());
        for secret in ["試験", "花子", "1980-02-17", "1234", "ZZ1000001"] {
            assert!(!text.contains(secret), "{stage:?} prints {secret}");
        }
    }
}
