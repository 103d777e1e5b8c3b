//! Staff comes only where no resident is, and what it leaves behind is what residents meet.

use shared::domain::fee::Yen;

use super::bench::{Bench, Stage};
use crate::coins::{Coins, Denomination};
use crate::session::closure::{Closure, ClosureReason, next_opening};
use crate::session::event::{Event, PrintEnd};
use crate::session::fault::{AcceptorFault, Fault, PaymentFault, PrinterFault};
use crate::session::view::View;

/// A terminal without a resident, with staff inside.
fn staffed() -> Bench {
    let mut bench = Bench::with_hopper(Coins::FILLED);
    admit(&mut bench);
    bench
}

fn admit(bench: &mut Bench) {
    bench.handle(Event::StaffCame);
    bench.handle(Event::StaffAdmitted);
    assert!(matches!(bench.session.view(), View::Staff(_)), "{:?}", bench.session.view());
}

#[test]
fn nobody_comes_to_the_staffs_screens_while_a_resident_is_served() {
    for stage in Stage::ALL {
        let mut bench = Bench::at(stage);
        let before = format!("{:?}", bench.session);
        for event in [Event::StaffCame, Event::StaffAdmitted, Event::StaffSettled, Event::StaffLeft(None)] {
            bench.handle(event);
            assert_eq!(format!("{:?}", bench.session), before, "{stage:?}");
        }
    }
    let mut bench = Bench::at(Stage::Pay);
    bench.handle(Event::MoneyInserted(Denomination::FiveHundred));
    bench.answer_all();
    bench.handle(Event::StaffCame);
    assert!(matches!(bench.session.view(), View::TakePaper { .. }));
}

#[test]
fn nobody_is_admitted_without_having_come_and_nobody_is_served_meanwhile() {
    let mut bench = Bench::with_hopper(Coins::FILLED);
    bench.handle(Event::StaffAdmitted);
    assert!(matches!(bench.session.view(), View::Menu { .. }));
    bench.handle(Event::StaffCame);
    // Settling and leaving are for those who were admitted.
    bench.handle(Event::StaffLeft(Some(Closure { reason: ClosureReason::Shop, until: None })));
    bench.handle(Event::Begun);
    assert!(matches!(bench.session.view(), View::Staff(_)));
    bench.handle(Event::MoneyInserted(Denomination::Hundred));
    assert_eq!(bench.paid_out, Yen(100));
    bench.handle(Event::Back);
    bench.answer_all();
    assert!(matches!(bench.session.view(), View::Menu { .. }));
}

#[test]
fn staff_that_walks_away_is_warned_and_then_gone_and_nothing_has_changed() {
    let mut bench = staffed();
    bench.ring();
    assert_eq!(bench.session.warning_seconds(), Some(20));
    bench.handle(Event::Touched);
    assert_eq!(bench.session.warning_seconds(), None);
    bench.ring();
    bench.ring();
    bench.answer_all();
    assert!(matches!(bench.session.view(), View::Menu { .. }), "{:?}", bench.session.view());
}

#[test]
fn a_closed_terminal_says_why_and_opens_by_itself_at_the_time() {
    let mut bench = staffed();
    let until = next_opening(bench.now);
    bench.handle(Event::StaffLeft(Some(Closure { reason: ClosureReason::Supplies, until: Some(until) })));
    for _ in 0..3 {
        bench.handle(Event::Begun);
        let view = bench.session.view();
        let is_closed =
            matches!(view, View::OutOfService { reason: ClosureReason::Supplies, opens } if opens == Some(until));
        assert!(is_closed, "{view:?}");
        bench.ring();
    }
    bench.now = until;
    bench.ring();
    bench.answer_all();
    assert!(matches!(bench.session.view(), View::Menu { .. }), "{:?}", bench.session.view());
}

#[test]
fn a_terminal_out_of_order_serves_again_only_when_staff_has_decided() {
    for is_settled in [false, true] {
        let mut bench = Bench::at(Stage::Pay);
        bench.handle(Event::MoneyInserted(Denomination::FiveHundred));
        bench.forget_answers();
        bench.printer(PrintEnd::Unknown);
        admit(&mut bench);
        if is_settled {
            bench.handle(Event::StaffSettled);
        }
        bench.handle(Event::StaffLeft(None));
        bench.answer_all();
        let view = bench.session.view();
        let expected = Fault::Printer(PrinterFault::Unknown);
        match view {
            View::Menu { .. } => assert!(is_settled),
            View::OutOfOrder { fault } => assert!(!is_settled && fault == expected),
            _ => panic!("{view:?}"),
        }
    }
}

#[test]
fn a_jam_that_staff_has_cleared_is_tried_anew_but_what_is_owed_is_not_forgotten() {
    let mut bench = Bench::with_hopper(Coins::FILLED);
    bench.handle(Event::AcceptorFailed(AcceptorFault::Jammed));
    admit(&mut bench);
    bench.handle(Event::StaffLeft(None));
    bench.answer_all();
    assert!(matches!(bench.session.view(), View::Menu { .. }));

    bench.lacking = Coins { tens: 999, fifties: 999, hundreds: 999, five_hundreds: 999, thousands: 999 };
    bench.go_to(Stage::Pay);
    bench.handle(Event::MoneyInserted(Denomination::FiveHundred));
    bench.answer_all();
    bench.handle(Event::PaperTaken);
    admit(&mut bench);
    bench.handle(Event::StaffLeft(None));
    let view = bench.session.view();
    assert!(
        matches!(view, View::OutOfOrder { fault: Fault::Payment(PaymentFault::Owed { owed: Yen(380) }) }),
        "{view:?}"
    );
}

#[test]
fn what_a_lost_thread_was_asked_for_is_never_waited_for() {
    let mut bench = Bench::with_hopper(Coins::FILLED);
    bench.handle(Event::CenterLost);
    assert!(matches!(bench.session.view(), View::Unavailable { .. }));
    for stage in [Stage::Challenging, Stage::Requesting] {
        let mut bench = Bench::at(stage);
        bench.forget_answers();
        bench.handle(Event::CenterLost);
        assert!(matches!(bench.session.view(), View::Refused { .. }), "{stage:?}");
    }
    let mut bench = Bench::at(Stage::Pay);
    bench.handle(Event::MoneyInserted(Denomination::Hundred));
    bench.handle(Event::PrinterLost);
    assert!(matches!(bench.session.view(), View::Refused { returned: Yen(100), .. }), "nothing was paid yet");
}
