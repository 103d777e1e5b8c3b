//! Where the console's rights end: each limit that the store keeps by itself, whatever a page offers.

use std::sync::Arc;

use jiff::civil::date;
use shared::domain::identifiers::MunicipalityCode;
use shared::records::{
    AddressNumber, DoseRecord, MoveRecord, PassportIssueRecord, PersonRecord, Record, Restriction, Role,
};

use super::console::{
    actor, clerk, counter_intent, dose, inquiry, purpose, see, stranger, supervisor, with_hanako, yokohama,
};
use super::{NUMBER, instant, key, municipality, person};
use crate::store::actor::{AccessError, Actor, Reason};
use crate::store::approvals::{ApprovalId, Decision, Matter};
use crate::store::ledger::{ConsentBox, Correction, Inquiry, Registration};
use crate::store::{LineProblem, Store};

/// Hanako lives in Chiyoda, with a dose from there, one from Yokohama, a passport and a number of the residence's own.
fn with_hanako_of_two_places(store: &Arc<dyn Store>) {
    let record = PersonRecord {
        doses: vec![dose(1, municipality()), dose(2, yokohama())],
        // She came from there, and her new home asked about her then.
        moves: vec![MoveRecord { on: date(2021, 12, 1), from: yokohama(), to: municipality() }],
        address_number: Some(AddressNumber::parse("12345").unwrap()),
        passport_issues: vec![passport_issue()],
        ..person(NUMBER, 1)
    };
    assert_eq!(store.import(vec![(1, Record::Person(Box::new(record)))], instant(0)).unwrap(), []);
}

fn passport_issue() -> PassportIssueRecord {
    let plan = counter_intent(1).plan;
    PassportIssueRecord {
        channel: plan.channel,
        issued_on: plan.issued_on,
        passport: plan.passport.unwrap(),
        certificate: None,
    }
}

pub(crate) fn an_inquiry_tells_the_askeds_own_doses_and_nothing_else(store: &Arc<dyn Store>) {
    with_hanako_of_two_places(store);
    let naha = MunicipalityCode::parse("472018").unwrap();
    let asking = actor(store, "clerk-three", Role::Clerk, Some(naha.clone()));
    let found = store.inquire(&asking, &inquiry(ConsentBox::Ticked), instant(1)).unwrap();
    let [sight] = found.as_slice() else { panic!("one is found") };
    let doses: Vec<u8> = sight.record.doses.iter().map(|dose| dose.number).collect();
    assert_eq!(doses, [1], "the other dose is another municipality's to tell");
    assert!(sight.record.passport_issues.is_empty() && sight.record.address_number.is_none());
    let at_home = Inquiry { peer: naha, ..inquiry(ConsentBox::Ticked) };
    assert!(matches!(store.inquire(&asking, &at_home, instant(1)), Err(AccessError::Invalid(_))));
}

pub(crate) fn a_person_protected_since_the_inquiry_is_not_taken_over(store: &Arc<dyn Store>) {
    with_hanako(store);
    let new = stranger(store);
    store.inquire(&new, &inquiry(ConsentBox::Ticked), instant(1)).unwrap();
    let mut record = store.person(&key()).unwrap().unwrap();
    record.restrictions.push(Restriction::Protected);
    store.import(vec![(1, Record::Person(Box::new(record)))], instant(2)).unwrap();
    assert!(matches!(store.move_in(&new, &key(), &municipality(), instant(3)), Err(AccessError::Missing)));
}

pub(crate) fn a_counters_form_and_document_belong_to_who_began_it(store: &Arc<dyn Store>) {
    let (first, second) = (clerk(store), supervisor(store));
    let intent = counter_intent(1);
    let unknown = store.intend_at_counter(&first, &intent, &purpose(Reason::Application));
    assert!(matches!(unknown, Err(AccessError::Missing)), "nobody here knows the person");
    with_hanako(store);
    store.intend_at_counter(&first, &intent, &purpose(Reason::Application)).unwrap();
    let taken = store.intend_at_counter(&second, &intent, &purpose(Reason::Application));
    assert!(matches!(taken, Err(AccessError::Missing)), "the form's key is the first account's");
    store.complete_at_counter(&first, &intent, b"paper".to_vec(), instant(2)).unwrap();
    let fetched = store.counter_document(&second, &intent.issuance, instant(3));
    assert!(matches!(fetched, Err(AccessError::Missing)));
    assert!(store.counter_document(&first, &intent.issuance, instant(3)).is_ok());
}

fn asked(store: &Arc<dyn Store>, actor: &Actor, matter: &Matter) -> ApprovalId {
    store.request(actor, matter, &purpose(Reason::Protection), instant(1)).unwrap()
}

pub(crate) fn an_approval_stays_in_its_municipality_and_is_decided_once(store: &Arc<dyn Store>) {
    with_hanako(store);
    let (first, second) = (clerk(store), supervisor(store));
    let elsewhere = actor(store, "supervisor-two", Role::Supervisor, Some(yokohama()));
    let id = asked(store, &first, &Matter::Export);
    let decided = |actor: &Actor, decision| store.decide(actor, &id, decision, instant(2));
    assert!(matches!(decided(&elsewhere, Decision::Grant), Err(AccessError::Missing)));
    decided(&second, Decision::Refuse).unwrap();
    assert!(matches!(decided(&second, Decision::Grant), Err(AccessError::Missing)), "it was refused");
}

pub(crate) fn an_approval_is_good_for_what_it_names(store: &Arc<dyn Store>) {
    with_hanako(store);
    let (first, second) = (clerk(store), supervisor(store));
    let protect = asked(store, &first, &Matter::Protect { person: key() });
    store.decide(&second, &protect, Decision::Grant, instant(2)).unwrap();
    let exported = store.export(&first, &protect, instant(3), &mut |_| Ok(()));
    assert!(matches!(exported, Err(AccessError::NotApproved)));
    let export = asked(store, &first, &Matter::Export);
    store.decide(&second, &export, Decision::Grant, instant(2)).unwrap();
    assert!(matches!(store.protect(&first, &export, instant(3)), Err(AccessError::NotApproved)));
    assert!(matches!(store.reissue(&first, &export, instant(3)), Err(AccessError::NotApproved)));
    store.protect(&first, &protect, instant(3)).unwrap();
}

pub(crate) fn an_approval_is_used_by_who_asked_and_by_nobody_else(store: &Arc<dyn Store>) {
    with_hanako(store);
    let (first, second) = (clerk(store), supervisor(store));
    let intent = counter_intent(1);
    store.intend_at_counter(&first, &intent, &purpose(Reason::Application)).unwrap();
    store.complete_at_counter(&first, &intent, b"paper".to_vec(), instant(1)).unwrap();
    let reissue = Matter::Reissue { issuance: intent.issuance };
    let [export, protect, reissue] = [Matter::Export, Matter::Protect { person: key() }, reissue].map(|matter| {
        let id = asked(store, &first, &matter);
        store.decide(&second, &id, Decision::Grant, instant(2)).unwrap();
        id
    });
    let used = |actor: &Actor| {
        [
            store.export(actor, &export, instant(3), &mut |_| Ok(())).map(drop),
            store.protect(actor, &protect, instant(3)).map(drop),
            store.reissue(actor, &reissue, instant(3)).map(drop),
        ]
    };
    let third = actor(store, "clerk-three", Role::Clerk, Some(municipality()));
    let fourth = actor(store, "supervisor-three", Role::Supervisor, Some(municipality()));
    let elsewhere = stranger(store);
    for other in [&second, &third, &fourth, &elsewhere] {
        for result in used(other) {
            assert!(matches!(result, Err(AccessError::NotApproved)), "{}: {result:?}", other.account());
        }
    }
    assert!(used(&first).iter().all(Result::is_ok), "others' attempts used nothing up");
}

/// What a correction does to a record.
type Amendment = fn(&mut PersonRecord);

pub(crate) fn a_correction_stays_within_what_is_the_municipalitys_own(store: &Arc<dyn Store>) {
    with_hanako_of_two_places(store);
    let (home, other) = (clerk(store), stranger(store));
    let before = store.person(&key()).unwrap().unwrap();
    let correct = |actor: &Actor, amend: Amendment| {
        let amend = |record: &mut PersonRecord| {
            amend(record);
            Ok(())
        };
        let version = see(store, actor).version;
        let correction = Correction { person: key(), version, amend: &amend, purpose: purpose(Reason::Correction) };
        store.correct(actor, &correction, instant(2))
    };
    let beyond: [(&Actor, &str, Amendment); 9] = [
        (&home, "number", |record| "210987654320".clone_into(&mut record.my_number)),
        (&home, "certificate", |record| record.authentication_certificate = None),
        (&home, "residence", |record| record.residence = yokohama()),
        (&home, "moves", |record| record.moves.clear()),
        (&home, "passports", |record| record.passport_issues.clear()),
        (&home, "protection", |record| record.restrictions.push(Restriction::Protected)),
        (&home, "another's dose", |record| record.doses[1].lot.push('X')),
        (&other, "another's resident", |record| record.attributes.name.push('子')),
        (&other, "another's dose", |record| record.doses[0].lot.push('X')),
    ];
    let forbidden = |result: Result<u64, AccessError>| matches!(result, Err(AccessError::Forbidden));
    let allowed = beyond.into_iter().filter(|(actor, _, amend)| !forbidden(correct(actor, *amend)));
    assert_eq!(allowed.map(|(_, what, _)| what).collect::<Vec<_>>(), [""; 0]);
    assert!(store.person(&key()).unwrap().is_some_and(|after| after == before));
    correct(&other, |record| record.doses[1].lot.push('X')).unwrap();
    correct(&home, |record| record.attributes.name.push('子')).unwrap();
}

pub(crate) fn protective_measures_are_the_residences(store: &Arc<dyn Store>) {
    with_hanako(store);
    let (first, second) = (clerk(store), supervisor(store));
    let id = asked(store, &first, &Matter::Protect { person: key() });
    store.decide(&second, &id, Decision::Grant, instant(2)).unwrap();
    let mut record = store.person(&key()).unwrap().unwrap();
    record.residence = yokohama();
    store.import(vec![(1, Record::Person(Box::new(record)))], instant(3)).unwrap();
    assert!(matches!(store.protect(&first, &id, instant(4)), Err(AccessError::Forbidden)), "she moved away");
}

pub(crate) fn elsewhere_only_the_own_part_is_seen_listed_and_exported(store: &Arc<dyn Store>) {
    with_hanako_of_two_places(store);
    let (home, other) = (clerk(store), stranger(store));
    let unknown = actor(store, "clerk-three", Role::Clerk, Some(MunicipalityCode::parse("472018").unwrap()));
    assert!(matches!(store.issued(&unknown, &key()), Err(AccessError::Missing)));
    assert!(store.issued(&other, &key()).unwrap().is_empty());
    assert!(see(store, &other).record.passport_issues.is_empty());
    let version = see(store, &home).version;
    let amend = |record: &mut PersonRecord| {
        "検査　華子".clone_into(&mut record.attributes.name);
        "EY0009".clone_into(&mut record.doses[0].lot);
        Ok(())
    };
    let correction = Correction { person: key(), version, amend: &amend, purpose: purpose(Reason::Correction) };
    store.correct(&home, &correction, instant(2)).unwrap();
    assert_eq!(store.history(&home, &key()).unwrap()[0].differences.len(), 2);
    assert!(store.history(&other, &key()).unwrap().is_empty(), "neither her name nor the dose is theirs");
    let deciding = actor(store, "supervisor-two", Role::Supervisor, Some(yokohama()));
    let id = store.request(&other, &Matter::Export, &purpose(Reason::Ledger), instant(3)).unwrap();
    store.decide(&deciding, &id, Decision::Grant, instant(3)).unwrap();
    let mut exported = Vec::new();
    let mut take = |record: &PersonRecord| {
        exported.extend(record.doses.iter().map(|dose| dose.number));
        Ok(())
    };
    store.export(&other, &id, instant(4), &mut take).unwrap();
    assert_eq!(exported, [2]);
}

pub(crate) fn two_clerks_who_store_at_the_same_moment_do_not_overwrite_each_other(store: &Arc<dyn Store>) {
    with_hanako(store);
    let (first, second) = (clerk(store), supervisor(store));
    let version = see(store, &first).version;
    let rename = |name: &'static str| {
        move |record: &mut PersonRecord| {
            name.clone_into(&mut record.attributes.name);
            Ok(())
        }
    };
    // The first has read the record and not stored yet when the second comes and goes.
    let interrupted = |record: &mut PersonRecord| {
        let amend = rename("検査　華");
        let correction = Correction { person: key(), version, amend: &amend, purpose: purpose(Reason::Correction) };
        store.correct(&second, &correction, instant(2))?;
        rename("検査　花")(record)
    };
    let correction = Correction { person: key(), version, amend: &interrupted, purpose: purpose(Reason::Correction) };
    assert!(matches!(store.correct(&first, &correction, instant(3)), Err(AccessError::Stale { .. })));
    assert_eq!(store.person(&key()).unwrap().unwrap().attributes.name, "検査　華");
}

pub(crate) fn a_dose_and_a_person_of_another_municipality_are_not_registered(store: &Arc<dyn Store>) {
    let own = clerk(store);
    let register = |record: PersonRecord| {
        let registered = store.register(&own, vec![Registration { line: 1, record }], instant(1)).unwrap();
        registered.problems.first().map(|problem| problem.problem.to_string())
    };
    let elsewhere = PersonRecord { residence: yokohama(), ..person(NUMBER, 1) };
    assert_eq!(register(elsewhere).as_deref(), Some("a new person must live in the municipality"));
    assert!(store.person(&key()).unwrap().is_none());
    with_hanako_of_two_places(store);
    let second = PersonRecord { doses: vec![dose(2, municipality())], ..person(NUMBER, 1) };
    assert_eq!(register(second).as_deref(), Some("this dose is recorded by another municipality"));
    let mut moved = store.person(&key()).unwrap().unwrap();
    moved.residence = yokohama();
    moved.doses = vec![dose(2, yokohama())];
    store.import(vec![(1, Record::Person(Box::new(moved)))], instant(2)).unwrap();
    let gone = PersonRecord { doses: vec![dose(3, municipality())], ..person(NUMBER, 1) };
    let problem = register(gone);
    assert_eq!(problem.as_deref(), Some("the person lives elsewhere: take the person over first"));
}

pub(crate) fn another_version_of_an_account_acts_no_more(store: &Arc<dyn Store>) {
    let own = clerk(store);
    let version = store.set_password(&own, "another hash".to_owned(), instant(1)).unwrap();
    assert!(store.actor(own.account(), version).unwrap().is_some());
    assert!(store.actor(own.account(), version - 1).unwrap().is_none(), "a session of the former password ends");
}

pub(crate) fn each_rule_of_a_persons_line_is_told_by_its_sentence(store: &Arc<dyn Store>) {
    let nowhere = MunicipalityCode::from_five_digits("13999").unwrap();
    let with = |dose: DoseRecord| PersonRecord { doses: vec![dose], ..person(NUMBER, 1) };
    let first = || dose(1, municipality());
    let wrong = [
        (person("123456789011", 1), "a My Number with its check digit is expected"),
        (
            PersonRecord { authentication_certificate: Some(vec![1; 31].into()), ..person(NUMBER, 1) },
            "a certificate digest of 32 bytes is expected",
        ),
        (PersonRecord { residence: nowhere.clone(), ..person(NUMBER, 1) }, "no municipality has the code of residence"),
        (with(dose(1, nowhere)), "no municipality has the code of a dose"),
        (with(dose(0, municipality())), "doses are numbered from 1, each once"),
        (PersonRecord { doses: vec![first(), first()], ..person(NUMBER, 1) }, "doses are numbered from 1, each once"),
        (with(DoseRecord { lot: String::new(), ..first() }), "a lot of 1 to 20 characters is expected"),
        (with(DoseRecord { lot: "X".repeat(21), ..first() }), "a lot of 1 to 20 characters is expected"),
    ];
    let expected: Vec<_> = (1..).zip(&wrong).map(|(line, (_, sentence))| LineProblem::new(line, sentence)).collect();
    let lines = (1..).zip(wrong).map(|(line, (record, _))| (line, Record::Person(Box::new(record))));
    assert_eq!(store.import(lines.collect(), instant(1)).unwrap(), expected);
    assert!(store.person(&key()).unwrap().is_none());
    let right = with(DoseRecord { lot: "X".repeat(20), ..first() });
    assert_eq!(store.import(vec![(1, Record::Person(Box::new(right)))], instant(1)).unwrap(), []);
}
