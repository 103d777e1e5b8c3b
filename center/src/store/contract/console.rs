//! What every store must hold to when the municipal console works with it.

use std::sync::Arc;

use jiff::civil::date;
use shared::domain::certificate::Form;
use shared::domain::identifiers::{CertificateId, IdempotencyKey, IssuanceId, MunicipalityCode, MyNumber};
use shared::domain::passport::{Passport, PassportNumber, TravelDocument};
use shared::domain::person::Sex;
use shared::domain::vaccine::Product;
use shared::records::{
    AccountId, AccountRecord, Agreement, DoseRecord, IssueChannel, KioskConsent, MunicipalityRecord, PersonRecord,
    Record, Restriction, Role, TermsDocument,
};

use super::{NUMBER, attributes, instant, key, municipality, person};
use crate::store::accounts::AccountChange;
use crate::store::actor::{AccessError, Actor, Changer, Purpose, Reason};
use crate::store::approvals::{ApprovalState, Decision, Matter};
use crate::store::counter::{CounterIntent, CounterPlan};
use crate::store::ledger::{ConsentBox, Correction, Inquiry, Query, Registered, Registration, Sight};
use crate::store::{CertificateHistory, CertificateStatus, Store, SwitchPosition};

const YOKOHAMA: &str = "141003";

pub(super) fn yokohama() -> MunicipalityCode {
    MunicipalityCode::parse(YOKOHAMA).unwrap()
}

/// Brings an account in and gives who acts by it.
pub(super) fn actor(store: &Arc<dyn Store>, name: &str, role: Role, place: Option<MunicipalityCode>) -> Actor {
    let account = AccountId::parse(name).unwrap();
    let record = AccountRecord {
        account: account.clone(),
        role,
        municipality: place,
        password: "x".to_owned(),
        fictitious: true,
    };
    assert_eq!(store.import(vec![(1, Record::Account(record))], instant(0)).unwrap(), []);
    store.actor(&account, 1).unwrap().unwrap().0
}

pub(crate) fn clerk(store: &Arc<dyn Store>) -> Actor {
    actor(store, "clerk-one", Role::Clerk, Some(municipality()))
}

pub(crate) fn supervisor(store: &Arc<dyn Store>) -> Actor {
    actor(store, "supervisor-one", Role::Supervisor, Some(municipality()))
}

pub(crate) fn stranger(store: &Arc<dyn Store>) -> Actor {
    actor(store, "clerk-two", Role::Clerk, Some(yokohama()))
}

pub(crate) fn purpose(reason: Reason) -> Purpose {
    Purpose { reason, case: None }
}

pub(crate) fn dose(number: u8, place: MunicipalityCode) -> DoseRecord {
    DoseRecord {
        number,
        date: date(2021, 7, 1),
        product: Product::Comirnaty,
        lot: "EY0001".to_owned(),
        place: "会場".to_owned(),
        doctor: "医師".to_owned(),
        municipality: place,
        coupon: None,
        trial: false,
        registered_at: instant(0),
    }
}

/// Hanako lives in Chiyoda and has a dose from there.
pub(crate) fn with_hanako(store: &Arc<dyn Store>) {
    let record = PersonRecord { doses: vec![dose(1, municipality())], ..person(NUMBER, 1) };
    assert_eq!(store.import(vec![(1, Record::Person(Box::new(record)))], instant(0)).unwrap(), []);
}

pub(super) fn by_number() -> Query {
    Query::MyNumber(MyNumber::parse(NUMBER).unwrap())
}

pub(super) fn see(store: &Arc<dyn Store>, actor: &Actor) -> Sight {
    store.see(actor, &key(), &purpose(Reason::OwnInquiry), instant(1)).unwrap()
}

fn rename(store: &Arc<dyn Store>, actor: &Actor, version: u64, name: &str) -> Result<u64, AccessError> {
    let amend = |record: &mut PersonRecord| {
        name.clone_into(&mut record.attributes.name);
        Ok(())
    };
    let correction = Correction { person: key(), version, amend: &amend, purpose: purpose(Reason::Correction) };
    store.correct(actor, &correction, instant(2))
}

pub(crate) fn a_municipality_finds_its_own_persons_only(store: &Arc<dyn Store>) {
    with_hanako(store);
    let by_attributes = |name: &str| Query::Attributes {
        name: name.to_owned(),
        birth_date: attributes().birth_date,
        sex: attributes().sex,
    };
    let count = |actor: &Actor, query: &Query| {
        store.find(actor, query, &purpose(Reason::Application), instant(1)).unwrap().len()
    };
    let (own, other) = (clerk(store), stranger(store));
    assert_eq!(count(&own, &by_number()), 1);
    assert_eq!(count(&own, &by_attributes("検査 花子")), 1, "spaces do not matter");
    assert_eq!(count(&own, &by_attributes("検査　花_")), 0);
    assert_eq!(count(&own, &by_attributes("検査　花%")), 0);
    assert_eq!(count(&other, &by_number()), 0);
    assert_eq!(count(&other, &by_attributes("検査　花子")), 0);
    let seen = store.see(&other, &key(), &purpose(Reason::Application), instant(1));
    assert!(matches!(seen, Err(AccessError::Missing)));
    let nation = actor(store, "operator", Role::NationalOperator, None);
    let found = store.find(&nation, &by_number(), &purpose(Reason::Application), instant(1));
    assert!(matches!(found, Err(AccessError::Forbidden)));
}

pub(crate) fn every_look_is_in_the_chain_also_one_that_found_nobody(store: &Arc<dyn Store>) {
    with_hanako(store);
    let (own, other) = (clerk(store), stranger(store));
    let head = || store.head().unwrap().sequence;
    let start = head();
    see(store, &own);
    assert_eq!(head(), start + 1);
    store.find(&other, &by_number(), &purpose(Reason::Application), instant(1)).unwrap();
    assert_eq!(head(), start + 2);
}

pub(crate) fn a_correction_is_seen_by_the_next_issue_and_stands_in_the_history(store: &Arc<dyn Store>) {
    with_hanako(store);
    let own = clerk(store);
    let version = see(store, &own).version;
    assert_eq!(rename(store, &own, version, "検査　華子").unwrap(), version + 1);
    assert_eq!(store.person(&key()).unwrap().unwrap().attributes.name, "検査　華子");
    let history = store.history(&own, &key()).unwrap();
    assert_eq!(history.len(), 1);
    assert_eq!(
        (&history[0].by, history[0].reason),
        (&Changer::Account(own.account().clone()), Some(Reason::Correction))
    );
    let difference = &history[0].differences[0];
    assert_eq!((difference.before.as_str(), difference.after.as_str()), ("検査　花子", "検査　華子"));
    let new_name =
        Query::Attributes { name: "検査華子".to_owned(), birth_date: date(1980, 2, 17), sex: Sex::Female };
    assert_eq!(store.find(&own, &new_name, &purpose(Reason::Correction), instant(3)).unwrap().len(), 1);
    assert!(store.history(&stranger(store), &key()).is_err());
}

pub(crate) fn the_second_of_two_clerks_is_told_who_was_first(store: &Arc<dyn Store>) {
    with_hanako(store);
    let (first, second) = (clerk(store), supervisor(store));
    let version = see(store, &first).version;
    rename(store, &first, version, "検査　華子").unwrap();
    match rename(store, &second, version, "検査　花").unwrap_err() {
        AccessError::Stale { by, at } => {
            assert_eq!((by, at), (Changer::Account(first.account().clone()), instant(2)));
        }
        other => panic!("{other}"),
    }
    assert_eq!(store.person(&key()).unwrap().unwrap().attributes.name, "検査　華子");
    assert!(rename(store, &stranger(store), version + 1, "検査　花").is_err());
}

pub(crate) fn loading_the_same_records_again_changes_nothing(store: &Arc<dyn Store>) {
    with_hanako(store);
    with_hanako(store);
    let own = clerk(store);
    assert_eq!(see(store, &own).version, 1);
    assert!(store.history(&own, &key()).unwrap().is_empty());
    store.import(vec![(1, Record::Person(Box::new(person(NUMBER, 1))))], instant(5)).unwrap();
    let history = store.history(&own, &key()).unwrap();
    assert_eq!((history[0].version, &history[0].by, history[0].at), (2, &Changer::Import, instant(5)));
}

pub(crate) fn protective_measures_take_two_persons(store: &Arc<dyn Store>) {
    with_hanako(store);
    let (first, second) = (clerk(store), supervisor(store));
    let matter = Matter::Protect { person: key() };
    let ask = |actor: &Actor| store.request(actor, &matter, &purpose(Reason::Protection), instant(1)).unwrap();
    let id = ask(&first);
    let refused = |result: Result<u64, AccessError>| matches!(result, Err(AccessError::NotApproved));
    assert!(refused(store.protect(&first, &id, instant(2))), "nobody decided yet");
    assert!(matches!(store.decide(&first, &id, Decision::Grant, instant(2)), Err(AccessError::Forbidden)));
    let own_request = ask(&second);
    let decided = store.decide(&second, &own_request, Decision::Grant, instant(2));
    assert!(matches!(decided, Err(AccessError::OwnRequest)));
    store.decide(&second, &id, Decision::Grant, instant(2)).unwrap();
    assert!(refused(store.protect(&second, &id, instant(3))), "it was granted to who asked");
    store.protect(&first, &id, instant(3)).unwrap();
    assert_eq!(store.person(&key()).unwrap().unwrap().restrictions, [Restriction::Protected]);
    assert!(refused(store.protect(&first, &id, instant(4))), "once");
    let late = ask(&first);
    store.decide(&second, &late, Decision::Grant, instant(5)).unwrap();
    assert!(refused(store.protect(&first, &late, instant(86_402))), "a day later");
    let states: Vec<_> = store.approvals(&first).unwrap().into_iter().map(|approval| approval.state).collect();
    assert!(states.contains(&ApprovalState::Used(second.account().clone())));
    let elsewhere = store.request(&stranger(store), &matter, &purpose(Reason::Protection), instant(1));
    assert!(matches!(elsewhere, Err(AccessError::Missing)));
}

pub(crate) fn consents_open_and_suspending_closes_at_once(store: &Arc<dyn Store>) {
    let own = supervisor(store);
    let agree = |document: TermsDocument, version| store.agree(&own, Agreement { document, version }, instant(1));
    let kiosk = || store.consent(&municipality()).unwrap();
    assert!(agree(TermsDocument::Confirmation, 1).is_err(), "the old version opens nothing any more");
    agree(TermsDocument::Confirmation, 2).unwrap();
    assert_eq!(kiosk(), KioskConsent::NotAgreed);
    agree(TermsDocument::KioskTerms, 1).unwrap();
    assert_eq!(kiosk(), KioskConsent::Agreed);
    let head = store.head().unwrap();
    agree(TermsDocument::KioskTerms, 1).unwrap();
    assert_eq!(store.head().unwrap(), head, "agreeing again changes nothing");
    store.suspend(&own, SwitchPosition::Stopped, instant(2)).unwrap();
    assert_eq!(kiosk(), KioskConsent::Suspended);
    store.suspend(&own, SwitchPosition::Running, instant(3)).unwrap();
    assert_eq!(kiosk(), KioskConsent::Agreed);
    let consents = store.consents(&own).unwrap();
    assert_eq!(consents.len(), 2);
    assert!(consents.iter().all(|consent| consent.by == Changer::Account(own.account().clone())));
    let clerk = clerk(store);
    let by_clerk = Agreement { document: TermsDocument::ConfirmationAddition, version: 1 };
    assert!(matches!(store.agree(&clerk, by_clerk, instant(4)), Err(AccessError::Forbidden)));
    assert!(matches!(store.suspend(&clerk, SwitchPosition::Stopped, instant(4)), Err(AccessError::Forbidden)));
}

pub(crate) fn inquiry(consent: ConsentBox) -> Inquiry {
    Inquiry { peer: municipality(), query: by_number(), consent, case: None }
}

pub(crate) fn an_inquiry_without_ground_is_refused_by_the_store(store: &Arc<dyn Store>) {
    with_hanako(store);
    let asking = stranger(store);
    let ask = |consent| store.inquire(&asking, &inquiry(consent), instant(1));
    assert!(matches!(ask(ConsentBox::Empty), Err(AccessError::ConsentRequired)));
    assert_eq!(ask(ConsentBox::Ticked).unwrap().len(), 1);
    let agree = |place: MunicipalityCode| {
        let record = MunicipalityRecord { municipality: place, kiosk: KioskConsent::Agreed };
        store.import(vec![(1, Record::Municipality(record))], instant(2)).unwrap();
    };
    agree(municipality());
    assert!(matches!(ask(ConsentBox::Empty), Err(AccessError::ConsentRequired)), "only one of the two agreed");
    agree(yokohama());
    assert_eq!(ask(ConsentBox::Empty).unwrap().len(), 1);
    let operator = actor(store, "operator", Role::NationalOperator, None);
    assert!(store.inquire(&operator, &inquiry(ConsentBox::Ticked), instant(1)).is_err());
}

pub(crate) fn a_person_moves_with_an_inquiry_and_the_doses_stay(store: &Arc<dyn Store>) {
    with_hanako(store);
    let new = stranger(store);
    let home = municipality();
    let moved = store.move_in(&new, &key(), &home, instant(1));
    assert!(matches!(moved, Err(AccessError::Missing)), "nobody asked");
    store.inquire(&new, &inquiry(ConsentBox::Ticked), instant(1)).unwrap();
    let late = store.move_in(&new, &key(), &home, instant(86_500));
    assert!(matches!(late, Err(AccessError::Missing)), "asked a day ago");
    let version = store.move_in(&new, &key(), &home, instant(2)).unwrap();
    assert_eq!(store.move_in(&new, &key(), &home, instant(3)).unwrap(), version, "again without harm");
    let record = store.person(&key()).unwrap().unwrap();
    assert_eq!((&record.residence, &record.doses[0].municipality), (&yokohama(), &home));
    assert_eq!(see(store, &new).record.doses.len(), 1);
    assert_eq!(see(store, &clerk(store)).record.doses.len(), 1, "the former municipality keeps its dose");
}

pub(crate) fn a_protected_person_is_found_by_no_inquiry(store: &Arc<dyn Store>) {
    let record = PersonRecord { restrictions: vec![Restriction::Protected], ..person(NUMBER, 1) };
    store.import(vec![(1, Record::Person(Box::new(record)))], instant(0)).unwrap();
    assert!(store.inquire(&stranger(store), &inquiry(ConsentBox::Ticked), instant(1)).unwrap().is_empty());
}

pub(crate) fn a_municipality_registers_its_own_doses_only(store: &Arc<dyn Store>) {
    let own = clerk(store);
    let register = |actor: &Actor, record: PersonRecord| {
        store.register(actor, vec![Registration { line: 2, record }], instant(1)).unwrap()
    };
    let record = PersonRecord { doses: vec![dose(1, municipality())], ..person(NUMBER, 1) };
    assert_eq!(register(&own, record.clone()).added, 1);
    assert_eq!(register(&own, record.clone()).unchanged, 1, "again without harm");
    let second = PersonRecord { doses: vec![dose(2, municipality())], ..record.clone() };
    assert_eq!(register(&own, second).changed, 1);
    assert_eq!(store.person(&key()).unwrap().unwrap().doses.len(), 2);
    let refused = |registered: Registered| registered.problems.len() == 1 && registered.changed == 0;
    let foreign = PersonRecord { doses: vec![dose(3, yokohama())], ..record.clone() };
    assert!(refused(register(&own, foreign.clone())));
    assert!(refused(register(&stranger(store), foreign)), "the person lives elsewhere");
    let mut other_birth = record;
    other_birth.attributes.birth_date = date(1990, 1, 1);
    assert!(refused(register(&own, other_birth)));
}

pub(crate) fn restrictions_and_passports_cannot_be_registered(store: &Arc<dyn Store>) {
    let own = clerk(store);
    let record = PersonRecord { restrictions: vec![Restriction::Protected], ..person(NUMBER, 1) };
    store.register(&own, vec![Registration { line: 1, record }], instant(1)).unwrap();
    assert!(store.person(&key()).unwrap().unwrap().restrictions.is_empty());
}

pub(crate) fn counter_intent(number: u8) -> CounterIntent {
    let passport = Passport {
        kind: TravelDocument::Passport,
        number: PassportNumber::parse("TK1234567").unwrap(),
        nationality: "JPN".to_owned(),
        surname: "KENSA".to_owned(),
        given: "HANAKO".to_owned(),
        expires: date(2030, 1, 1),
    };
    CounterIntent {
        key: IdempotencyKey::from_random([number; 16]),
        person: key(),
        issuance: IssuanceId::from_random([number; 16]),
        certificate: CertificateId::from_number(number.into()),
        at: instant(1),
        plan: CounterPlan {
            municipality: municipality(),
            form: Form::Overseas,
            copies: 1,
            passport: Some(passport),
            issued_on: date(2022, 10, 3),
            channel: IssueChannel::Counter,
        },
    }
}

pub(crate) fn a_counter_issues_once_a_form_and_registers_the_passport(store: &Arc<dyn Store>) {
    with_hanako(store);
    let own = clerk(store);
    let begin = |intent: &CounterIntent| store.intend_at_counter(&own, intent, &purpose(Reason::Application));
    let intent = counter_intent(1);
    assert!(begin(&intent).unwrap().is_none());
    assert_eq!(store.certificate_status(&intent.certificate).unwrap(), Some(CertificateStatus::Pending));
    let mut again = counter_intent(2);
    again.key = intent.key.clone();
    assert!(begin(&again).unwrap().unwrap().intent.issuance == intent.issuance);
    store.complete_at_counter(&own, &intent, b"first".to_vec(), instant(2)).unwrap();
    store.complete_at_counter(&own, &intent, b"second".to_vec(), instant(2)).unwrap();
    assert_eq!(store.counter_document(&own, &intent.issuance, instant(3)).unwrap(), b"first");
    assert_eq!(store.certificate_status(&intent.certificate).unwrap(), Some(CertificateStatus::InForce));
    let issues = store.person(&key()).unwrap().unwrap().passport_issues;
    assert_eq!(issues.len(), 1);
    assert!(issues[0].certificate.as_ref() == Some(&intent.certificate));
    let other = stranger(store);
    assert!(store.counter_document(&other, &intent.issuance, instant(3)).is_err());
    assert!(store.intend_at_counter(&other, &counter_intent(3), &purpose(Reason::Application)).is_err());
}

pub(crate) fn a_counter_document_is_printed_again_by_two_persons_only(store: &Arc<dyn Store>) {
    with_hanako(store);
    let (first, second) = (clerk(store), supervisor(store));
    let intent = counter_intent(1);
    store.intend_at_counter(&first, &intent, &purpose(Reason::Application)).unwrap();
    store.complete_at_counter(&first, &intent, b"paper".to_vec(), instant(2)).unwrap();
    assert!(matches!(store.counter_document(&first, &intent.issuance, instant(2000)), Err(AccessError::NotApproved)));
    let matter = Matter::Reissue { issuance: intent.issuance.clone() };
    let id = store.request(&first, &matter, &purpose(Reason::Application), instant(2000)).unwrap();
    assert!(store.reissue(&first, &id, instant(2001)).is_err());
    store.decide(&second, &id, Decision::Grant, instant(2001)).unwrap();
    let history = || store.certificate_history(&intent.certificate).unwrap().unwrap();
    assert_eq!(history().reissued_at, None);
    assert_eq!(store.reissue(&first, &id, instant(2002)).unwrap(), b"paper");
    let reissued = |at| CertificateHistory { issued_at: intent.at, revoked_at: None, reissued_at: Some(at) };
    assert_eq!(history(), reissued(instant(2002)));
    assert!(store.reissue(&first, &id, instant(2003)).is_err(), "once");
    assert_eq!(history(), reissued(instant(2002)), "nothing was printed");
    let again = store.request(&first, &matter, &purpose(Reason::Application), instant(2004)).unwrap();
    store.decide(&second, &again, Decision::Grant, instant(2005)).unwrap();
    store.reissue(&first, &again, instant(2006)).unwrap();
    assert_eq!(history(), reissued(instant(2006)), "the last time counts");
}

pub(crate) fn the_ledger_leaves_by_two_persons_only(store: &Arc<dyn Store>) {
    with_hanako(store);
    let (first, second) = (clerk(store), supervisor(store));
    let id = store.request(&first, &Matter::Export, &purpose(Reason::Ledger), instant(1)).unwrap();
    let mut seen = 0;
    let mut export = |id| {
        store.export(&first, id, instant(3), &mut |_| {
            seen += 1;
            Ok(())
        })
    };
    assert!(matches!(export(&id), Err(AccessError::NotApproved)));
    store.decide(&second, &id, Decision::Grant, instant(2)).unwrap();
    assert_eq!(export(&id).unwrap(), 1);
    assert!(matches!(export(&id), Err(AccessError::NotApproved)), "once");
    assert_eq!(seen, 1);
}

pub(crate) fn accounts_are_kept_by_those_above_and_end_at_once(store: &Arc<dyn Store>) {
    let (first, second) = (clerk(store), supervisor(store));
    assert!(store.accounts(&first).is_err());
    let change = |actor: &Actor, id: &AccountId, change| store.change_account(actor, id, change, instant(1));
    let elsewhere = stranger(store);
    assert!(matches!(change(&second, elsewhere.account(), AccountChange::Disable), Err(AccessError::Missing)));
    assert!(matches!(change(&second, second.account(), AccountChange::Disable), Err(AccessError::Missing)));
    change(&second, first.account(), AccountChange::Disable).unwrap();
    assert!(store.actor(first.account(), 1).unwrap().is_none(), "a session of the old version ends");
    assert!(store.actor(first.account(), 2).unwrap().is_none(), "and no new one begins");
    change(&second, first.account(), AccountChange::Enable).unwrap();
    assert!(store.actor(first.account(), 3).unwrap().is_some());
    let new = |role, place| AccountRecord {
        account: AccountId::parse("new-one").unwrap(),
        role,
        municipality: place,
        password: "hash".to_owned(),
        fictitious: false,
    };
    let add = |actor: &Actor, record| store.add_account(actor, record, instant(2));
    assert!(matches!(add(&second, new(Role::NationalOperator, None)), Err(AccessError::Forbidden)));
    assert!(matches!(add(&second, new(Role::Clerk, Some(yokohama()))), Err(AccessError::Forbidden)));
    add(&second, new(Role::Clerk, Some(municipality()))).unwrap();
    assert!(matches!(add(&second, new(Role::Clerk, Some(municipality()))), Err(AccessError::Invalid(_))));
}

pub(crate) fn a_message_reaches_those_it_is_for(store: &Arc<dyn Store>) {
    let operator = actor(store, "operator", Role::NationalOperator, None);
    store.write_message(&operator, "お知らせ", "本文", instant(1)).unwrap();
    store.write_message(&supervisor(store), "庁内", "本文", instant(2)).unwrap();
    let titles =
        |actor: &Actor| store.messages(actor).unwrap().into_iter().map(|message| message.title).collect::<Vec<_>>();
    assert_eq!(titles(&clerk(store)), ["庁内", "お知らせ"]);
    assert_eq!(titles(&stranger(store)), ["お知らせ"]);
    assert!(matches!(store.write_message(&clerk(store), "x", "y", instant(3)), Err(AccessError::Forbidden)));
}

pub(crate) fn figures_count_own_doses_and_residents(store: &Arc<dyn Store>) {
    let record = PersonRecord { doses: vec![dose(1, municipality()), dose(2, yokohama())], ..person(NUMBER, 1) };
    store.import(vec![(1, Record::Person(Box::new(record)))], instant(0)).unwrap();
    let own = store.figures(&clerk(store), date(2022, 10, 3)).unwrap();
    assert_eq!((own.residents, own.by_dose.as_slice()), (1, &[1][..]));
    assert_eq!(own.by_month, [("2021-07".to_owned(), 1)]);
    assert_eq!(own.by_age[4], ("40-49".to_owned(), 1, 1));
    let other = store.figures(&stranger(store), date(2022, 10, 3)).unwrap();
    assert_eq!((other.residents, other.by_dose.as_slice()), (0, &[0, 1][..]));
}
