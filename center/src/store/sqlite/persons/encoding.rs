//! A person's record as the bytes that are encrypted: a third of its JSON, and read in a fraction of the time.
//!
//! Fields stand in a fixed order without names, numbers as LEB128, and a text that stood before is a reference to it:
//! the doses of a person share place, doctor, coupon and municipality. Equal records have equal bytes.

use jiff::Timestamp;
use jiff::civil::Date;
use shared::domain::identifiers::{CertificateId, MunicipalityCode};
use shared::domain::passport::{Passport, PassportNumber, TravelDocument};
use shared::domain::person::{Attributes, Sex};
use shared::domain::vaccine::Product;
use shared::hidden::Bytes;
use shared::records::{
    AddressNumber, Coupon, CouponNumber, DoseRecord, IssueChannel, MoveRecord, PassportIssueRecord, PersonRecord,
    Restriction,
};
use zeroize::Zeroizing;

mod bytes;

use bytes::{Malformed, Reader, Writer};

/// The first byte: how what follows is laid out.
const LAYOUT: u64 = 1;

/// A record as bytes, wiped afterwards.
pub(in crate::store::sqlite) fn encode(record: &PersonRecord) -> Zeroizing<Vec<u8>> {
    let mut writer = Writer::default();
    writer.number(LAYOUT);
    write_person(&mut writer, record);
    writer.into_bytes()
}

/// The record of these bytes; `None` where [`encode`] did not make them.
pub(in crate::store::sqlite) fn decode(bytes: &[u8]) -> Option<PersonRecord> {
    let mut reader = Reader::new(bytes);
    let Ok(LAYOUT) = reader.number() else { return None };
    let record = read_person(&mut reader).ok()?;
    reader.is_at_end().then_some(record)
}

fn write_person<'a>(writer: &mut Writer<'a>, person: &'a PersonRecord) {
    // Without `..`: a new field does not compile until it is written here.
    let PersonRecord {
        my_number,
        attributes: Attributes { name, address, birth_date, sex },
        residence,
        address_number,
        coupons,
        moves,
        authentication_certificate,
        restrictions,
        doses,
        passport_issues,
    } = person;
    writer.text(my_number);
    writer.text(name);
    writer.text(address);
    writer.date(*birth_date);
    writer.number(sex_code(*sex));
    writer.text(residence.as_str());
    writer.option(address_number.as_ref(), |writer, number| writer.text(number.as_str()));
    writer.list(coupons, |writer, coupon| {
        let Coupon { kind, dose, municipality, number } = coupon;
        writer.number((*kind).into());
        writer.number((*dose).into());
        writer.text(municipality.as_str());
        writer.text(number.as_str());
    });
    writer.list(moves, |writer, MoveRecord { on, from, to }| {
        writer.date(*on);
        writer.text(from.as_str());
        writer.text(to.as_str());
    });
    writer.option(authentication_certificate.as_ref(), |writer, digest| writer.bytes(digest.as_slice()));
    writer.list(restrictions, |writer, restriction| writer.number(restriction_code(*restriction)));
    writer.list(doses, write_dose);
    writer.list(passport_issues, write_passport_issue);
}

fn read_person(reader: &mut Reader<'_>) -> Result<PersonRecord, Malformed> {
    Ok(PersonRecord {
        my_number: reader.text()?.to_owned(),
        attributes: Attributes {
            name: reader.text()?.to_owned(),
            address: reader.text()?.to_owned(),
            birth_date: reader.date()?,
            sex: one_of(&SEXES, sex_code, reader)?,
        },
        residence: municipality(reader)?,
        address_number: reader.option(|reader| reader.parsed(AddressNumber::parse))?,
        coupons: reader.list(|reader| {
            Ok(Coupon {
                kind: reader.byte()?,
                dose: reader.byte()?,
                municipality: municipality(reader)?,
                number: reader.parsed(CouponNumber::parse)?,
            })
        })?,
        moves: reader.list(|reader| {
            Ok(MoveRecord { on: reader.date()?, from: municipality(reader)?, to: municipality(reader)? })
        })?,
        authentication_certificate: reader.option(|reader| reader.bytes().map(Bytes::from))?,
        restrictions: reader.list(|reader| one_of(&RESTRICTIONS, restriction_code, reader))?,
        doses: reader.list(read_dose)?,
        passport_issues: reader.list(read_passport_issue)?,
    })
}

fn write_dose<'a>(writer: &mut Writer<'a>, dose: &'a DoseRecord) {
    let DoseRecord { number, date, product, lot, place, doctor, municipality, coupon, trial, registered_at } = dose;
    writer.number((*number).into());
    writer.date(*date);
    writer.number(product_code(*product));
    writer.text(lot);
    writer.text(place);
    writer.text(doctor);
    writer.text(municipality.as_str());
    writer.option(coupon.as_ref(), |writer, number| writer.text(number.as_str()));
    writer.number((*trial).into());
    writer.signed(registered_at.as_second());
    writer.signed(registered_at.subsec_nanosecond().into());
}

fn read_dose(reader: &mut Reader<'_>) -> Result<DoseRecord, Malformed> {
    Ok(DoseRecord {
        number: reader.byte()?,
        date: reader.date()?,
        product: one_of(&Product::ALL, product_code, reader)?,
        lot: reader.text()?.to_owned(),
        place: reader.text()?.to_owned(),
        doctor: reader.text()?.to_owned(),
        municipality: municipality(reader)?,
        coupon: reader.option(|reader| reader.parsed(CouponNumber::parse))?,
        trial: one_of(&[false, true], u64::from, reader)?,
        registered_at: {
            let second = reader.signed()?;
            let nanosecond = i32::try_from(reader.signed()?).map_err(|_outside| Malformed)?;
            Timestamp::new(second, nanosecond).map_err(|_outside| Malformed)?
        },
    })
}

fn write_passport_issue<'a>(writer: &mut Writer<'a>, issue: &'a PassportIssueRecord) {
    let PassportIssueRecord {
        channel,
        issued_on,
        passport: Passport { kind, number, nationality, surname, given, expires },
        certificate,
    } = issue;
    writer.number(channel_code(*channel));
    writer.date(*issued_on);
    writer.number(document_code(*kind));
    writer.text(number.as_str());
    writer.text(nationality);
    writer.text(surname);
    writer.text(given);
    writer.date(*expires);
    writer.option(certificate.as_ref(), |writer, certificate| writer.text(certificate.as_str()));
}

fn read_passport_issue(reader: &mut Reader<'_>) -> Result<PassportIssueRecord, Malformed> {
    Ok(PassportIssueRecord {
        channel: one_of(&CHANNELS, channel_code, reader)?,
        issued_on: reader.date()?,
        passport: Passport {
            kind: one_of(&DOCUMENTS, document_code, reader)?,
            number: reader.parsed(PassportNumber::parse)?,
            nationality: reader.text()?.to_owned(),
            surname: reader.text()?.to_owned(),
            given: reader.text()?.to_owned(),
            expires: reader.date()?,
        },
        certificate: reader.option(|reader| reader.parsed(CertificateId::parse))?,
    })
}

fn municipality(reader: &mut Reader<'_>) -> Result<MunicipalityCode, Malformed> {
    reader.parsed(MunicipalityCode::parse)
}

/// The value of a closed list that has the code which stands next.
fn one_of<T: Copy>(all: &[T], code: impl Fn(T) -> u64, reader: &mut Reader<'_>) -> Result<T, Malformed> {
    let wanted = reader.number()?;
    all.iter().copied().find(|value| code(*value) == wanted).ok_or(Malformed)
}

const SEXES: [Sex; 3] = [Sex::Male, Sex::Female, Sex::NotApplicable];

/// ISO/IEC 5218.
const fn sex_code(sex: Sex) -> u64 {
    match sex {
        Sex::Male => 1,
        Sex::Female => 2,
        Sex::NotApplicable => 9,
    }
}

const RESTRICTIONS: [Restriction; 2] = [Restriction::Protected, Restriction::Held];

const fn restriction_code(restriction: Restriction) -> u64 {
    match restriction {
        Restriction::Protected => 1,
        Restriction::Held => 2,
    }
}

const CHANNELS: [IssueChannel; 3] = [IssueChannel::Counter, IssueChannel::App, IssueChannel::Kiosk];

const fn channel_code(channel: IssueChannel) -> u64 {
    match channel {
        IssueChannel::Counter => 1,
        IssueChannel::App => 2,
        IssueChannel::Kiosk => 3,
    }
}

const DOCUMENTS: [TravelDocument; 2] = [TravelDocument::Passport, TravelDocument::Other];

const fn document_code(kind: TravelDocument) -> u64 {
    match kind {
        TravelDocument::Passport => 1,
        TravelDocument::Other => 2,
    }
}

/// CVX, which no two products share.
fn product_code(product: Product) -> u64 {
    product.naming().cvx.into()
}

/// A date as a number: days of months that all have 31.
fn date_number(date: Date) -> i64 {
    let months = (i64::from(date.year()) - FIRST_YEAR) * 12 + i64::from(date.month()) - 1;
    months * 31 + i64::from(date.day()) - 1
}

/// The date of a number; `None` for a day that no month has.
fn date_of(number: i64) -> Option<Date> {
    let (months, day) = (number.div_euclid(31), number.rem_euclid(31) + 1);
    let (year, month) = (months.div_euclid(12).checked_add(FIRST_YEAR)?, months.rem_euclid(12) + 1);
    Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
}

/// Dates near it are short.
const FIRST_YEAR: i64 = 2000;

#[cfg(test)]
mod tests;
