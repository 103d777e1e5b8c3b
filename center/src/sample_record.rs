//! A fictitious resident's record for unit tests, so that each test says only what differs in its own.

use jiff::civil::{Date, date};
use shared::domain::identifiers::MunicipalityCode;
use shared::domain::passport::{Passport, PassportNumber, TravelDocument};
use shared::domain::person::{Attributes, Sex};
use shared::domain::vaccine::Product;
use shared::records::{DoseRecord, IssueChannel, PassportIssueRecord, PersonRecord};

/// Her number, in which only the check digit is real.
pub(crate) const NUMBER: &str = "123456789018";

pub(crate) fn code(text: &str) -> MunicipalityCode {
    MunicipalityCode::parse(text).unwrap()
}

pub(crate) fn attributes() -> Attributes {
    Attributes {
        name: "検査　花子".to_owned(),
        address: "東京都千代田区１－１".to_owned(),
        birth_date: date(1980, 2, 17),
        sex: Sex::Female,
    }
}

/// A dose of that number; its lot ends in the number.
pub(crate) fn dose(number: u8, municipality: &str) -> DoseRecord {
    DoseRecord {
        number,
        date: date(2021, 6, 1),
        product: Product::Comirnaty,
        lot: format!("EY{number:04}"),
        place: "会場".to_owned(),
        doctor: "医師".to_owned(),
        municipality: code(municipality),
        coupon: None,
        trial: false,
        registered_at: jiff::Timestamp::UNIX_EPOCH,
    }
}

pub(crate) fn passport(number: &str) -> Passport {
    Passport {
        kind: TravelDocument::Passport,
        number: PassportNumber::parse(number).unwrap(),
        nationality: "JPN".to_owned(),
        surname: "KENSA".to_owned(),
        given: "HANAKO".to_owned(),
        expires: date(2030, 1, 1),
    }
}

/// An issue of a certificate, which registered the passport unless it was at a terminal.
pub(crate) fn passport_issue(channel: IssueChannel, issued_on: Date, number: &str) -> PassportIssueRecord {
    PassportIssueRecord { channel, issued_on, passport: passport(number), certificate: None }
}

/// Two doses from Chiyoda, the later one first, and a passport that the app registered.
pub(crate) fn record() -> PersonRecord {
    PersonRecord {
        my_number: NUMBER.to_owned(),
        attributes: attributes(),
        residence: code("131016"),
        address_number: None,
        coupons: vec![],
        moves: vec![],
        authentication_certificate: None,
        restrictions: vec![],
        doses: vec![dose(2, "131016"), dose(1, "131016")],
        passport_issues: vec![passport_issue(IssueChannel::App, date(2022, 8, 1), "TK1234567")],
    }
}
