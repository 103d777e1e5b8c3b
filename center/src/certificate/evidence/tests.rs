//! What the review demands, against records that contradict what was drawn up.

use jiff::civil::date;
use shared::domain::identifiers::{IdempotencyKey, IssuanceId, MyNumber, TerminalId};
use shared::domain::person::Sex;

use super::*;
use crate::certificate::Certificate;
use crate::sample_record::{self, NUMBER, attributes, code, dose, passport, passport_issue};
use crate::secrets::Pseudonyms;
use crate::store::Plan;
use crate::store::counter::CounterPlan;

/// Something that is made different.
type Change<T> = fn(&mut T);

const TODAY: Date = date(2022, 10, 3);

/// The sample's record, with a dose from elsewhere and a later issue at a terminal.
fn record() -> PersonRecord {
    let mut record = sample_record::record();
    record.doses.insert(1, dose(3, "141003"));
    record.passport_issues.push(passport_issue(IssueChannel::Kiosk, date(2022, 9, 1), "TZ7654321"));
    record
}

fn intent() -> Intent {
    Intent {
        terminal: TerminalId::parse("0001").unwrap(),
        idempotency_key: IdempotencyKey::from_random([1; 16]),
        request: [0; 32],
        person: Pseudonyms::new(&[7; 32]).person(&MyNumber::parse(NUMBER).unwrap()),
        issuance: IssuanceId::from_random([2; 16]),
        certificate: CertificateId::from_number(1),
        at: jiff::Timestamp::UNIX_EPOCH,
        plan: Plan {
            holder: [3; 32],
            attributes: attributes(),
            municipality: code("131016"),
            form: Form::Overseas,
            copies: 1,
            confirmed_passport: PassportNumber::parse("TK1234567").ok(),
            issued_on: TODAY,
        },
    }
}

#[test]
fn only_the_municipalitys_doses_are_demanded_by_number() {
    let content = expected(&record(), &Demand::from(&intent())).unwrap();
    assert_eq!(content.doses.iter().map(|dose| dose.lot.as_str()).collect::<Vec<_>>(), ["EY0001", "EY0002"]);
    assert_eq!(content.passport.unwrap().number.as_str(), "TK1234567", "an issue at a terminal registers nothing");
}

#[test]
fn a_certificate_that_says_anything_else_does_not_pass() {
    let demanded = expected(&record(), &Demand::from(&intent())).unwrap();
    let review = |content: &Content| {
        Certificate::new(content.clone(), intent().holder()).review(&demanded, |_| true).map(|_| ())
    };
    assert_eq!(review(&demanded), Ok(()));
    let changes: [(&str, Change<Content>); 9] = [
        ("form", |content| content.form = Form::Domestic),
        ("name", |content| content.name = "検査　花于".to_owned()),
        ("birth date", |content| content.birth_date = date(1980, 2, 18)),
        ("sex", |content| content.sex = Sex::Male),
        ("passport", |content| content.passport = None),
        ("doses", |content| content.doses.swap(0, 1)),
        ("certificate id", |content| content.certificate = CertificateId::from_number(2)),
        ("date of issue", |content| content.issued_on = date(2022, 10, 4)),
        ("municipality", |content| content.municipality = code("141003")),
    ];
    for (item, change) in changes {
        let mut content = demanded.clone();
        change(&mut content);
        assert_eq!(review(&content), Err(ReviewError::Differs(item)));
    }
}

#[test]
fn a_record_that_changed_since_the_decision_demands_nothing() {
    let changes: [(&str, Change<PersonRecord>); 9] = [
        ("birth date", |record| record.attributes.birth_date = date(1990, 1, 1)),
        ("restrictions", |record| record.restrictions = vec![Restriction::Protected]),
        ("doses", |record| record.doses.retain(|dose| dose.number == 3)),
        ("doses", |record| record.doses.push(dose(1, "131016"))),
        ("doses", |record| record.doses[0].trial = true),
        ("passport", |record| record.passport_issues.clear()),
        ("passport", |record| {
            record.passport_issues.push(passport_issue(IssueChannel::Counter, date(2022, 10, 1), "TZ1112223"));
        }),
        ("passport", |record| record.passport_issues[0].passport.expires = date(2022, 10, 2)),
        ("passport", |record| record.passport_issues[0].issued_on = date(2022, 7, 20)),
    ];
    for (item, change) in changes {
        let mut record = record();
        change(&mut record);
        assert_eq!(expected(&record, &Demand::from(&intent())).err(), Some(ReviewError::Differs(item)));
    }
}

/// What a clerk decided for the same person, with another passport than the registered one.
fn counter_intent() -> CounterIntent {
    let intent = intent();
    CounterIntent {
        key: intent.idempotency_key,
        person: intent.person,
        issuance: intent.issuance,
        certificate: intent.certificate,
        at: intent.at,
        plan: CounterPlan {
            municipality: intent.plan.municipality,
            form: Form::Overseas,
            copies: 1,
            passport: Some(passport("TN2223334")),
            issued_on: TODAY,
            channel: IssueChannel::Counter,
        },
    }
}

#[test]
fn a_counter_certifies_what_the_record_says_with_the_passport_that_lay_there() {
    let mut record = record();
    record.restrictions = vec![Restriction::Protected];
    record.doses[0].trial = true;
    record.passport_issues.clear();
    let content = expected(&record, &Demand::from(&counter_intent())).unwrap();
    assert_eq!(content.name, "検査　花子");
    assert_eq!(content.doses.len(), 2);
    assert_eq!(content.passport.unwrap().number.as_str(), "TN2223334");
}

#[test]
fn a_counter_is_held_to_the_record_too() {
    let record_changes: [(&str, Change<PersonRecord>); 3] = [
        ("restrictions", |record| record.restrictions = vec![Restriction::Protected, Restriction::Held]),
        ("doses", |record| record.doses.retain(|dose| dose.number == 3)),
        ("doses", |record| record.doses.push(dose(1, "131016"))),
    ];
    for (item, change) in record_changes {
        let mut record = record();
        change(&mut record);
        assert_eq!(expected(&record, &Demand::from(&counter_intent())).err(), Some(ReviewError::Differs(item)));
    }
    let plan_changes: [Change<CounterPlan>; 2] = [
        |plan| plan.passport = None,
        |plan| plan.passport.iter_mut().for_each(|passport| passport.expires = date(2022, 10, 2)),
    ];
    for change in plan_changes {
        let mut intent = counter_intent();
        change(&mut intent.plan);
        assert_eq!(expected(&record(), &Demand::from(&intent)).err(), Some(ReviewError::Differs("passport")));
    }
}
