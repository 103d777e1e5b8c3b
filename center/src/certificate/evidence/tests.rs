//! What the review demands, against records that contradict what was drawn up.

use jiff::civil::{Date, date};
use shared::domain::identifiers::{CertificateId, IdempotencyKey, IssuanceId, MunicipalityCode, MyNumber, TerminalId};
use shared::domain::passport::{Passport, PassportNumber};
use shared::domain::person::{Attributes, Sex};
use shared::domain::vaccine::Product;
use shared::records::Restriction;

use super::*;
use crate::certificate::Certificate;
use crate::secrets::Pseudonyms;
use crate::store::Plan;

/// Something that is made different.
type Change<T> = fn(&mut T);

const TODAY: Date = date(2022, 10, 3);

fn attributes() -> Attributes {
    Attributes {
        name: "検査　花子".to_owned(),
        address: "東京都".to_owned(),
        birth_date: date(1980, 2, 17),
        sex: Sex::Female,
    }
}

fn dose(number: u8, municipality: &str, lot: &str) -> DoseRecord {
    DoseRecord {
        number,
        date: date(2021, 6, 1).saturating_add(jiff::Span::new().weeks(i64::from(number))),
        product: Product::Comirnaty,
        lot: lot.to_owned(),
        place: "会場".to_owned(),
        doctor: "医師".to_owned(),
        municipality: MunicipalityCode::parse(municipality).unwrap(),
        coupon: None,
        trial: false,
        registered_at: jiff::Timestamp::UNIX_EPOCH,
    }
}

fn issue(channel: IssueChannel, issued_on: Date, number: &str) -> PassportIssueRecord {
    PassportIssueRecord {
        channel,
        issued_on,
        passport: Passport {
            kind: TravelDocument::Passport,
            number: PassportNumber::parse(number).unwrap(),
            nationality: "JPN".to_owned(),
            surname: "KENSA".to_owned(),
            given: "HANAKO".to_owned(),
            expires: date(2030, 1, 1),
        },
        certificate: None,
    }
}

fn record() -> PersonRecord {
    PersonRecord {
        my_number: "123456789018".to_owned(),
        attributes: attributes(),
        residence: MunicipalityCode::parse("131016").unwrap(),
        address_number: None,
        coupons: vec![],
        moves: vec![],
        authentication_certificate: None,
        restrictions: vec![],
        doses: vec![dose(2, "131016", "EY0002"), dose(3, "141003", "EY0003"), dose(1, "131016", "EY0001")],
        passport_issues: vec![
            issue(IssueChannel::App, date(2022, 8, 1), "TK1234567"),
            issue(IssueChannel::Kiosk, date(2022, 9, 1), "TZ7654321"),
        ],
    }
}

fn intent() -> Intent {
    Intent {
        terminal: TerminalId::parse("0001").unwrap(),
        idempotency_key: IdempotencyKey::from_random([1; 16]),
        request: [0; 32],
        person: Pseudonyms::new(&[7; 32]).person(&MyNumber::parse("123456789018").unwrap()),
        issuance: IssuanceId::from_random([2; 16]),
        certificate: CertificateId::from_number(1),
        at: jiff::Timestamp::UNIX_EPOCH,
        plan: Plan {
            holder: [3; 32],
            attributes: attributes(),
            municipality: MunicipalityCode::parse("131016").unwrap(),
            form: Form::Overseas,
            copies: 1,
            confirmed_passport: PassportNumber::parse("TK1234567").ok(),
            issued_on: TODAY,
        },
    }
}

#[test]
fn only_the_municipalitys_doses_are_demanded_by_number() {
    let content = expected(&record(), &intent()).unwrap();
    assert_eq!(content.doses.iter().map(|dose| dose.lot.as_str()).collect::<Vec<_>>(), ["EY0001", "EY0002"]);
    assert_eq!(content.passport.unwrap().number.as_str(), "TK1234567", "an issue at a terminal registers nothing");
}

#[test]
fn a_certificate_that_says_anything_else_does_not_pass() {
    let demanded = expected(&record(), &intent()).unwrap();
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
        ("municipality", |content| content.municipality = MunicipalityCode::parse("141003").unwrap()),
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
        ("doses", |record| record.doses.push(dose(1, "131016", "EY9999"))),
        ("doses", |record| record.doses[0].trial = true),
        ("passport", |record| record.passport_issues.clear()),
        ("passport", |record| {
            record.passport_issues.push(issue(IssueChannel::Counter, date(2022, 10, 1), "TZ1112223"));
        }),
        ("passport", |record| record.passport_issues[0].passport.expires = date(2022, 10, 2)),
        ("passport", |record| record.passport_issues[0].issued_on = date(2022, 7, 20)),
    ];
    for (item, change) in changes {
        let mut record = record();
        change(&mut record);
        assert_eq!(expected(&record, &intent()).err(), Some(ReviewError::Differs(item)));
    }
}
