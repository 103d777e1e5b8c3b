//! Every record comes back, equal ones as equal bytes, and no bytes make the reading fail otherwise than with `None`.

use std::collections::BTreeSet;

use super::*;
use crate::store::contract::{console::dose, person};

/// A record with something in every field, and the texts repeated that people share.
fn full() -> PersonRecord {
    let mut record = person("123456789018", 1);
    let elsewhere = MunicipalityCode::parse("141003").unwrap();
    record.address_number = Some(AddressNumber::parse("000000000012345").unwrap());
    record.coupons = vec![Coupon::parse("211310160000012345").unwrap(), Coupon::parse("221310160000012345").unwrap()];
    record.moves =
        vec![MoveRecord { on: Date::constant(2022, 2, 28), from: elsewhere.clone(), to: record.residence.clone() }];
    record.restrictions = RESTRICTIONS.to_vec();
    record.doses = (1..=5).map(|number| dose(number, elsewhere.clone())).collect();
    record.doses[1].coupon = Some(CouponNumber::parse("0000012345").unwrap());
    record.doses[2].trial = true;
    record.doses[3].registered_at = Timestamp::new(-1, -999_999_999).unwrap();
    record.passport_issues = CHANNELS
        .iter()
        .map(|&channel| PassportIssueRecord {
            channel,
            issued_on: Date::constant(2022, 7, 21),
            passport: Passport {
                kind: TravelDocument::Passport,
                number: PassportNumber::parse("TK1234567").unwrap(),
                nationality: "JPN".to_owned(),
                surname: "KENSA".to_owned(),
                given: String::new(),
                expires: Date::MAX,
            },
            certificate: (channel == IssueChannel::App).then(|| CertificateId::from_number(77)),
        })
        .collect();
    record
}

#[test]
fn a_record_comes_back_with_everything_in_it() {
    for record in [person("123456789018", 1), full()] {
        let bytes = encode(&record);
        assert!(decode(&bytes).is_some_and(|found| found == record));
        assert_eq!(*encode(&record.clone()), *bytes, "equal records have equal bytes");
    }
    let json = serde_json::to_vec(&full()).unwrap().len();
    assert!(encode(&full()).len() * 3 < json, "{} bytes of {json}", encode(&full()).len());
}

#[test]
fn every_product_day_and_kind_has_a_code_of_its_own() {
    let codes: BTreeSet<u64> = Product::ALL.into_iter().map(product_code).collect();
    assert_eq!(codes.len(), Product::ALL.len());
    let mut day = Date::constant(1999, 12, 1);
    let mut last = None;
    while day < Date::constant(2001, 3, 2) {
        let number = date_number(day);
        assert!(last < Some(number), "{day}");
        assert_eq!(date_of(number), Some(day));
        (last, day) = (Some(number), day.tomorrow().unwrap());
    }
    for edge in [Date::MIN, Date::MAX] {
        assert_eq!(date_of(date_number(edge)), Some(edge));
    }
    for outside in [date_number(Date::MIN) - 1, date_number(Date::MAX) + 1, i64::MIN, i64::MAX] {
        assert_eq!(date_of(outside), None);
    }
}

#[test]
fn what_is_cut_off_or_longer_is_no_record() {
    let bytes = encode(&full());
    for end in 0..bytes.len() {
        assert!(decode(&bytes[..end]).is_none(), "cut at {end}");
    }
    assert!(decode(&[&**bytes, &[0]].concat()).is_none());
}

#[test]
fn no_changed_byte_makes_the_reading_fail() {
    let bytes = encode(&full());
    for place in 0..bytes.len() {
        for other in [0, 1, 0x7F, 0x80, 0xFF] {
            let mut changed = bytes.to_vec();
            changed[place] = other;
            // It may be another record by chance; then it is one that can be written.
            if let Some(record) = decode(&changed) {
                assert!(decode(&encode(&record)).is_some_and(|found| found == record), "{place} {other}");
            }
        }
    }
}
