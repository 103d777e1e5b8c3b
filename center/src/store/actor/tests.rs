//! What each role may, and what a municipality sees and changes of a record.

use jiff::civil::date;
use shared::records::MoveRecord;

use super::*;
use crate::sample_record::{self, code, dose};

/// The sample's person, whose first dose is another municipality's.
fn record() -> PersonRecord {
    PersonRecord {
        doses: vec![dose(1, "141003"), dose(2, "131016")],
        passport_issues: vec![],
        ..sample_record::record()
    }
}

#[test]
fn an_operator_of_the_nation_sees_no_person_and_a_clerk_represents_nobody() {
    let actor = |role, place: Option<&str>| Actor::new(AccountId::parse("someone").unwrap(), role, place.map(code));
    let operator = actor(Role::NationalOperator, None);
    assert!(matches!(operator.acting_for(Act::WorkWithRecords), Err(AccessError::Forbidden)));
    let clerk = actor(Role::Clerk, Some("131016"));
    assert!(clerk.acting_for(Act::WorkWithRecords).is_ok());
    for act in [Act::RepresentMunicipality, Act::Approve, Act::KeepAccounts, Act::SeeNation] {
        assert!(clerk.acting_for(act).is_err(), "{act:?}");
    }
}

#[test]
fn another_municipalitys_dose_is_seen_only_after_the_person_was_taken_over_from_it() {
    let own = code("131016");
    let numbers = |record: PersonRecord| record.doses.iter().map(|dose| dose.number).collect::<Vec<_>>();
    assert_eq!(numbers(visible(&own, record())), [2]);
    let entry = MoveRecord { on: date(2022, 4, 1), from: code("141003"), to: own.clone() };
    let moved = PersonRecord { moves: vec![entry], ..record() };
    assert_eq!(numbers(visible(&own, moved.clone())), [1, 2]);
    assert_eq!(numbers(visible(&code("141003"), moved)), [1], "the former municipality learns nothing new");
}

#[test]
fn a_municipality_changes_its_own_doses_and_its_own_residents_only() {
    let own = code("131016");
    let change = |amend: fn(&mut PersonRecord)| {
        let mut after = record();
        amend(&mut after);
        (may_change(&own, &record(), &after), may_change(&code("141003"), &record(), &after))
    };
    assert_eq!(change(|record| record.attributes.name = "検査　はなこ".to_owned()), (true, false));
    assert_eq!(change(|record| record.doses[1].lot = "EY0099".to_owned()), (true, false));
    assert_eq!(change(|record| record.doses[0].lot = "EY0099".to_owned()), (false, true));
    assert_eq!(change(|record| record.restrictions.push(Restriction::Held)), (true, false));
    let nobody = (false, false);
    assert_eq!(change(|record| record.restrictions.push(Restriction::Protected)), nobody);
    assert_eq!(change(|record| record.my_number = "210987654320".to_owned()), nobody);
    assert_eq!(change(|record| record.residence = code("141003")), nobody);
    assert_eq!(change(|record| record.doses[1].municipality = code("141003")), nobody);
}

#[test]
fn a_case_number_cannot_hold_a_my_number_or_a_name() {
    assert!(CaseNumber::parse("R4-0123").is_some());
    for wrong in ["", "123456789018", "A-123456789018", "花子", "abc", "A B", &"A".repeat(21)] {
        assert!(CaseNumber::parse(wrong).is_none(), "{wrong}");
    }
}
