//! What every store must do: a set of tests that each backend instantiates with `store_contract!`.

use std::sync::Arc;

use jiff::Timestamp;
use shared::domain::certificate::Form;
use shared::domain::identifiers::{CertificateId, IdempotencyKey, IssuanceId, MunicipalityCode, TerminalId};
use shared::domain::person::{Attributes, Sex};
use shared::records::{KioskConsent, PersonRecord, Record};
use shared::wire::outcome::Outcome;

use super::{
    CertificateHistory, CertificateStatus, Completion, Intent, IssuanceState, KeyUse, LineProblem, Plan, Settlement,
    Store, SwitchPosition,
};
use crate::secrets::{PersonKey, Pseudonyms};

pub(crate) mod console;
pub(crate) mod limits;

/// Instantiates the contract's tests for a backend. `$open` gives the store and what must outlive it.
macro_rules! store_contract {
    ($open:expr) => {
        crate::store::contract::store_contract!(@tests $open;
            a_person_is_found_by_number_and_by_certificate,
            an_import_is_idempotent_and_tells_bad_lines_by_number,
            an_intent_is_stored_once,
            an_answer_is_stored_once_and_given_again,
            an_outcome_is_recorded_once,
            a_certificate_in_force_has_no_day_of_revocation,
            an_unseen_key_is_withdrawn,
            a_cancelled_issuance_takes_no_answer,
            the_switch_stays_where_it_was_put,
            a_municipality_that_is_not_known_agreed_to_nothing,
            the_chain_grows_with_every_change
        );
        crate::store::contract::store_contract!(@tests $open; console;
            a_municipality_finds_its_own_persons_only,
            every_look_is_in_the_chain_also_one_that_found_nobody,
            a_correction_is_seen_by_the_next_issue_and_stands_in_the_history,
            the_second_of_two_clerks_is_told_who_was_first,
            loading_the_same_records_again_changes_nothing,
            protective_measures_take_two_persons,
            consents_open_and_suspending_closes_at_once,
            an_inquiry_without_ground_is_refused_by_the_store,
            a_person_moves_with_an_inquiry_and_the_doses_stay,
            a_protected_person_is_found_by_no_inquiry,
            a_municipality_registers_its_own_doses_only,
            restrictions_and_passports_cannot_be_registered,
            a_counter_issues_once_a_form_and_registers_the_passport,
            a_counter_document_is_printed_again_by_two_persons_only,
            the_ledger_leaves_by_two_persons_only,
            accounts_are_kept_by_those_above_and_end_at_once,
            a_message_reaches_those_it_is_for,
            figures_count_own_doses_and_residents
        );
        crate::store::contract::store_contract!(@tests $open; limits;
            an_inquiry_tells_the_askeds_own_doses_and_nothing_else,
            a_person_protected_since_the_inquiry_is_not_taken_over,
            a_counters_form_and_document_belong_to_who_began_it,
            an_approval_stays_in_its_municipality_and_is_decided_once,
            an_approval_is_good_for_what_it_names,
            an_approval_is_used_by_who_asked_and_by_nobody_else,
            a_correction_stays_within_what_is_the_municipalitys_own,
            protective_measures_are_the_residences,
            elsewhere_only_the_own_part_is_seen_listed_and_exported,
            two_clerks_who_store_at_the_same_moment_do_not_overwrite_each_other,
            a_dose_and_a_person_of_another_municipality_are_not_registered,
            another_version_of_an_account_acts_no_more,
            each_rule_of_a_persons_line_is_told_by_its_sentence
        );
    };
    (@tests $open:expr; $($name:ident),+) => {$(
        #[test]
        fn $name() {
            let (store, _guard) = $open;
            crate::store::contract::$name(&store);
        }
    )+};
    (@tests $open:expr; $module:ident; $($name:ident),+) => {$(
        #[test]
        fn $name() {
            let (store, _guard) = $open;
            crate::store::contract::$module::$name(&store);
        }
    )+};
}
pub(crate) use store_contract;

/// What the backend under test must use.
pub(crate) const PSEUDONYM_KEY: [u8; 32] = [3; 32];

const NUMBER: &str = "123456789018";

pub(crate) fn instant(second: i64) -> Timestamp {
    Timestamp::from_second(1_664_758_800 + second).unwrap()
}

fn municipality() -> MunicipalityCode {
    MunicipalityCode::parse("131016").unwrap()
}

pub(crate) fn person(number: &str, certificate: u8) -> PersonRecord {
    PersonRecord {
        my_number: number.to_owned(),
        attributes: attributes(),
        residence: municipality(),
        address_number: None,
        coupons: vec![],
        moves: vec![],
        authentication_certificate: Some(vec![certificate; 32].into()),
        restrictions: vec![],
        doses: vec![],
        passport_issues: vec![],
    }
}

fn attributes() -> Attributes {
    Attributes {
        name: "検査　花子".to_owned(),
        address: "東京都千代田区１－１".to_owned(),
        birth_date: jiff::civil::date(1980, 2, 17),
        sex: Sex::Female,
    }
}

fn key() -> PersonKey {
    Pseudonyms::new(&PSEUDONYM_KEY).person(&shared::domain::identifiers::MyNumber::parse(NUMBER).unwrap())
}

pub(crate) fn terminal() -> TerminalId {
    TerminalId::parse("0001").unwrap()
}

pub(crate) fn idempotency_key(number: u8) -> IdempotencyKey {
    IdempotencyKey::from_random([number; 16])
}

pub(crate) fn intent(number: u8) -> Intent {
    Intent {
        terminal: terminal(),
        idempotency_key: idempotency_key(number),
        request: [number; 32],
        person: key(),
        issuance: IssuanceId::from_random([number; 16]),
        certificate: CertificateId::from_number(number.into()),
        at: instant(1),
        plan: Plan {
            holder: [9; 32],
            attributes: attributes(),
            municipality: municipality(),
            form: Form::Domestic,
            copies: 2,
            confirmed_passport: None,
            issued_on: jiff::civil::date(2022, 10, 3),
        },
    }
}

pub(crate) fn a_person_is_found_by_number_and_by_certificate(store: &Arc<dyn Store>) {
    assert!(store.person(&key()).unwrap().is_none());
    store.import(vec![(1, Record::Person(Box::new(person(NUMBER, 1))))], instant(0)).unwrap();
    assert_eq!(store.person(&key()).unwrap().unwrap().my_number, NUMBER);
    let pseudonyms = Pseudonyms::new(&PSEUDONYM_KEY);
    let (found, _) = store.person_with(&pseudonyms.certificate(&[1; 32])).unwrap().unwrap();
    assert_eq!(found, key());
    assert!(store.person_with(&pseudonyms.certificate(&[2; 32])).unwrap().is_none());
}

pub(crate) fn an_import_is_idempotent_and_tells_bad_lines_by_number(store: &Arc<dyn Store>) {
    let lines = || {
        vec![
            (1, Record::Person(Box::new(person(NUMBER, 1)))),
            (2, Record::Person(Box::new(person("123456789010", 2)))),
            (3, Record::Person(Box::new(person("210987654320", 1)))),
        ]
    };
    for _ in 0..2 {
        let problems = store.import(lines(), instant(0)).unwrap();
        assert_eq!(
            problems,
            [
                LineProblem::new(2, "a My Number with its check digit is expected"),
                LineProblem::new(3, "the certificate belongs to another person"),
            ]
        );
    }
    assert!(!store.has_records().unwrap(), "a few records are no file");
}

pub(crate) fn an_intent_is_stored_once(store: &Arc<dyn Store>) {
    assert!(matches!(store.intend(intent(1)).unwrap(), KeyUse::Free));
    let mut other = intent(2);
    other.idempotency_key = idempotency_key(1);
    let KeyUse::Issuance(found) = store.intend(other).unwrap() else { panic!("the key is taken") };
    assert_eq!(found.intent.issuance, intent(1).issuance);
    assert!(found.intent.plan == intent(1).plan);
    assert_eq!(found.state, IssuanceState::Intended);
    let elsewhere = TerminalId::parse("0002").unwrap();
    assert!(matches!(store.key_use(&elsewhere, &idempotency_key(1)).unwrap(), KeyUse::Free));
}

pub(crate) fn an_answer_is_stored_once_and_given_again(store: &Arc<dyn Store>) {
    store.intend(intent(1)).unwrap();
    let status = |store: &Arc<dyn Store>| store.certificate_status(&intent(1).certificate).unwrap();
    assert_eq!(status(store), Some(CertificateStatus::Pending));
    assert_eq!(store.complete(&intent(1), b"first".to_vec(), instant(2)).unwrap(), Completion::Stored);
    assert_eq!(store.complete(&intent(1), b"second".to_vec(), instant(3)).unwrap(), Completion::Superseded);
    let KeyUse::Issuance(found) = store.key_use(&terminal(), &idempotency_key(1)).unwrap() else {
        panic!("the key is taken")
    };
    assert_eq!(found.answer.as_deref(), Some(&b"first"[..]));
    assert_eq!(found.state, IssuanceState::Prepared);
    store.settle(&terminal(), &idempotency_key(1), Outcome::Taken, instant(4)).unwrap();
    assert_eq!(status(store), Some(CertificateStatus::InForce));
    let counts = store.count(instant(0), instant(10)).unwrap();
    assert_eq!((counts[0].issuances, counts[0].copies, counts[0].state.as_str()), (1, 2, "taken"));
    assert!(store.count(instant(5), instant(10)).unwrap().is_empty());
}

pub(crate) fn an_outcome_is_recorded_once(store: &Arc<dyn Store>) {
    store.intend(intent(1)).unwrap();
    let settle = |outcome, at| store.settle(&terminal(), &idempotency_key(1), outcome, instant(at)).unwrap();
    assert_eq!(settle(Outcome::Taken, 2), Settlement::Conflict, "nothing was prepared");
    store.complete(&intent(1), vec![1], instant(2)).unwrap();
    assert_eq!(settle(Outcome::Unknown, 3), Settlement::Recorded);
    assert_eq!(settle(Outcome::Cancelled, 4), Settlement::Conflict);
    assert_eq!(settle(Outcome::Refunded, 5), Settlement::Recorded);
    let head = store.head().unwrap();
    assert_eq!(settle(Outcome::Refunded, 9), Settlement::Recorded);
    assert_eq!(store.head().unwrap(), head, "a repetition changes nothing");
    assert_eq!(settle(Outcome::Taken, 10), Settlement::Conflict);
    assert_eq!(store.certificate_status(&intent(1).certificate).unwrap(), Some(CertificateStatus::Revoked));
    let history = |number| store.certificate_history(&intent(number).certificate).unwrap();
    let at = intent(1).at;
    let revoked = CertificateHistory { issued_at: at, revoked_at: Some(instant(5)), reissued_at: None };
    assert_eq!(history(1), Some(revoked), "since the refund was told");
}

pub(crate) fn a_certificate_in_force_has_no_day_of_revocation(store: &Arc<dyn Store>) {
    let history = |number| store.certificate_history(&intent(number).certificate).unwrap();
    assert_eq!(history(1), None, "no such certificate was given");
    let in_force = Some(CertificateHistory { issued_at: intent(1).at, revoked_at: None, reissued_at: None });
    for number in [1, 2] {
        store.intend(intent(number)).unwrap();
        assert_eq!(history(number), in_force);
        store.complete(&intent(number), vec![1], instant(2)).unwrap();
    }
    let settle = |number, outcome| store.settle(&terminal(), &idempotency_key(number), outcome, instant(3)).unwrap();
    assert_eq!(settle(1, Outcome::Unknown), Settlement::Recorded);
    assert_eq!(history(1), in_force);
    assert_eq!(settle(1, Outcome::Taken), Settlement::Recorded);
    assert_eq!(settle(2, Outcome::Cancelled), Settlement::Recorded);
    assert_eq!(history(1), in_force, "another certificate was cancelled");
}

pub(crate) fn an_unseen_key_is_withdrawn(store: &Arc<dyn Store>) {
    let settle = |outcome| store.settle(&terminal(), &idempotency_key(1), outcome, instant(3)).unwrap();
    assert_eq!(settle(Outcome::Cancelled), Settlement::Recorded);
    assert_eq!(settle(Outcome::Cancelled), Settlement::Recorded);
    assert_eq!(settle(Outcome::Taken), Settlement::Conflict);
    assert!(matches!(store.intend(intent(1)).unwrap(), KeyUse::Withdrawn));
    assert_eq!(store.certificate_status(&intent(1).certificate).unwrap(), None);
}

pub(crate) fn a_cancelled_issuance_takes_no_answer(store: &Arc<dyn Store>) {
    store.intend(intent(1)).unwrap();
    store.settle(&terminal(), &idempotency_key(1), Outcome::Cancelled, instant(2)).unwrap();
    assert_eq!(store.complete(&intent(1), vec![1], instant(3)).unwrap(), Completion::Superseded);
}

pub(crate) fn the_switch_stays_where_it_was_put(store: &Arc<dyn Store>) {
    assert!(!store.is_stopped().unwrap());
    store.switch(SwitchPosition::Stopped, "drill", instant(1)).unwrap();
    assert!(store.is_stopped().unwrap());
    store.switch(SwitchPosition::Running, "drill over", instant(2)).unwrap();
    assert!(!store.is_stopped().unwrap());
}

pub(crate) fn a_municipality_that_is_not_known_agreed_to_nothing(store: &Arc<dyn Store>) {
    assert_eq!(store.consent(&municipality()).unwrap(), KioskConsent::NotAgreed);
    let record = shared::records::MunicipalityRecord { municipality: municipality(), kiosk: KioskConsent::Suspended };
    store.import(vec![(1, Record::Municipality(record))], instant(0)).unwrap();
    assert_eq!(store.consent(&municipality()).unwrap(), KioskConsent::Suspended);
    assert_eq!(store.participating_municipalities().unwrap(), 0);
}

pub(crate) fn the_chain_grows_with_every_change(store: &Arc<dyn Store>) {
    let start = store.head().unwrap().sequence;
    store.intend(intent(1)).unwrap();
    store.complete(&intent(1), vec![1], instant(2)).unwrap();
    store.settle(&terminal(), &idempotency_key(1), Outcome::Taken, instant(3)).unwrap();
    store.switch(SwitchPosition::Stopped, "drill", instant(4)).unwrap();
    let head = store.verify().unwrap();
    assert_eq!(head.sequence, start + 4);
    assert_eq!(head, store.head().unwrap());
}
