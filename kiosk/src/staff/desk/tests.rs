//! The staff's desk without threads: the door, a decision in two steps, and what is not done.

use jiff::SignedDuration;

use super::*;
use crate::screen::cast::Cast;

fn now() -> Timestamp {
    "2022-10-03T01:00:00Z".parse().unwrap()
}

fn code() -> StaffCode {
    StaffCode::parse("40917263").unwrap()
}

fn inside() -> Desk {
    let mut desk = Desk::new(None);
    desk.knock(code(), &DoorGuard::default(), now());
    desk.answer(Answer::Checked(Comparison::Right));
    desk
}

fn shown(desk: &Desk) -> &'static str {
    desk.view(&DoorGuard::default(), now()).name()
}

fn press(desk: &mut Desk, event: StaffEvent) -> Vec<String> {
    desk.handle(event, now()).iter().map(|order| format!("{order:?}").chars().take(12).collect()).collect()
}

#[test]
fn nothing_is_compared_before_the_wait_is_over() {
    let mut guard = DoorGuard::default();
    let mut desk = Desk::new(None);
    for _ in 0..3 {
        assert_eq!(desk.knock(code(), &guard, now()).len(), 1);
        guard.failed(now());
        desk.answer(Answer::Checked(Comparison::Wrong));
    }
    assert!(desk.knock(code(), &guard, now()).is_empty());
    assert!(matches!(desk.view(&guard, now()), StaffView::Door { notice: Some(DoorNotice::Wait(31)) }));
    assert_eq!(desk.knock(code(), &guard, now() + SignedDuration::from_secs(31)).len(), 1);
}

#[test]
fn nothing_inside_is_done_from_the_door() {
    let mut desk = Desk::new(None);
    for event in
        [StaffEvent::Save, StaffEvent::ShowTransactions, StaffEvent::Close, StaffEvent::Open, StaffEvent::Leave]
    {
        assert_eq!(press(&mut desk, event), Vec::<String>::new(), "{event:?}");
        assert_eq!(shown(&desk), "staff-door");
    }
    // An answer that nobody asked for opens nothing.
    desk.answer(Answer::Checked(Comparison::Right));
    assert_eq!(shown(&desk), "staff-door");
}

#[test]
fn a_decision_is_chosen_shown_and_only_then_written_and_the_last_one_settles() {
    let cast = Cast::new().unwrap();
    let first = cast.staff.waiting[0].clone();
    let mut desk = inside();
    press(&mut desk, StaffEvent::ShowTransactions);
    assert!(desk.answer(Answer::Read(Some(vec![first]))).is_empty(), "nothing is settled by reading");
    press(&mut desk, StaffEvent::Choose(5));
    assert_eq!(shown(&desk), "staff-transactions");
    press(&mut desk, StaffEvent::Choose(0));
    let StaffView::Decide { choices, .. } = desk.view(&DoorGuard::default(), now()) else { panic!() };
    let [taken, .., refunded] = choices else { panic!("{choices:?}") };
    let (taken, refunded) = (*taken, *refunded);
    assert_ne!(taken, refunded);
    // Money is not owed here: that decision is not on the screen, and is not taken.
    let owed = choices_of_owed(&cast);
    assert_eq!(press(&mut desk, StaffEvent::Decide(owed)), Vec::<String>::new());
    assert_eq!(press(&mut desk, StaffEvent::Write), Vec::<String>::new(), "not before it was shown");
    assert_eq!(press(&mut desk, StaffEvent::Decide(refunded)), ["Ask(Propose("]);
    desk.answer(Answer::Proposed(Some(Box::new(cast.staff.proposal.clone()))));
    assert_eq!(shown(&desk), "staff-confirm");
    let orders = desk.handle(StaffEvent::Write, now());
    assert!(matches!(orders.as_slice(), [Order::Write(_)]));
    assert_eq!(press(&mut desk, StaffEvent::Write), Vec::<String>::new(), "not a second time");
    assert!(matches!(desk.written(Notice::Written).as_slice(), [Order::Ask(Request::Read)]));
    assert!(matches!(desk.answer(Answer::Read(Some(Vec::new()))).as_slice(), [Order::Settle]));
}

#[test]
fn nothing_is_settled_while_another_transaction_stops_the_service() {
    let cast = Cast::new().unwrap();
    let mut desk = inside();
    desk.written(Notice::Written);
    assert!(desk.answer(Answer::Read(Some(cast.staff.waiting.clone()))).is_empty());
    desk.written(Notice::Unwritten);
    assert!(desk.answer(Answer::Read(Some(cast.staff.waiting))).is_empty());
}

#[test]
fn closing_says_why_and_until_when_and_leaving_changes_nothing() {
    let mut desk = inside();
    press(&mut desk, StaffEvent::ShowService);
    press(&mut desk, StaffEvent::Reason(ClosureReason::Repair));
    press(&mut desk, StaffEvent::End(ClosureEnd::NextOpening));
    let orders = desk.handle(StaffEvent::Close, now());
    let until = Some(next_opening(now()));
    assert!(matches!(
        orders.as_slice(),
        [Order::Leave(Some(Closure { reason: ClosureReason::Repair, until: end }))] if *end == until
    ));
    let closure = Some(Closure { reason: ClosureReason::Shop, until: None });
    for (event, expected) in [(StaffEvent::Leave, closure), (StaffEvent::Open, None)] {
        let mut desk = Desk::new(closure);
        desk.knock(code(), &DoorGuard::default(), now());
        desk.answer(Answer::Checked(Comparison::Right));
        let orders = desk.handle(event, now());
        assert!(matches!(orders.as_slice(), [Order::Leave(left)] if *left == expected), "{orders:?}");
    }
}

fn choices_of_owed(cast: &Cast) -> Resolution {
    let of_owed = choices(&cast.staff.waiting[1]);
    assert_eq!(of_owed.len(), 2, "{of_owed:?}");
    of_owed[0]
}
