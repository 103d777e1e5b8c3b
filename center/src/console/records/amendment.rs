//! What the form of a correction says, put into a record field by field.

use jiff::civil::Date;
use shared::domain::vaccine::Product;
use shared::records::{AddressNumber, CouponNumber, DoseRecord, PersonRecord, Restriction};

use super::{narrow_digits, sex_of};
use crate::console::form::Fields;
use crate::store::actor::AccessError;
use crate::vrs::registration::visible_text;

/// Puts what a form says into a record.
pub(super) fn amend(
    record: &mut PersonRecord,
    fields: &Fields,
    (own, now): (&shared::domain::identifiers::MunicipalityCode, jiff::Timestamp),
) -> Result<(), AccessError> {
    if record.residence == *own {
        let text = |name, most| visible_text(fields.text(name), most).ok_or(AccessError::Invalid("text"));
        let attributes = &mut record.attributes;
        attributes.name = text("name", 100)?;
        attributes.address = text("address", 200)?;
        attributes.birth_date = past(fields.date("birth_date"), now)?;
        attributes.sex = sex_of(fields).ok().ok_or(AccessError::Invalid("sex"))?;
        record.address_number = match narrow_digits(fields.text("address_number")).as_str() {
            "" => None,
            digits => Some(AddressNumber::parse(digits).ok().ok_or(AccessError::Invalid("address number"))?),
        };
        record.restrictions.retain(|restriction| *restriction != Restriction::Held);
        if fields.text("held") == "yes" {
            record.restrictions.push(Restriction::Held);
        }
    }
    let mut removed = Vec::new();
    for dose in record.doses.iter_mut().filter(|dose| dose.municipality == *own) {
        if fields.text(&format!("remove-{}", dose.number)) == "yes" {
            removed.push(dose.number);
        } else {
            amend_dose(dose, fields, now)?;
        }
    }
    record.doses.retain(|dose| !removed.contains(&dose.number));
    let new: u8 = fields.text("new").parse().ok().ok_or(AccessError::Invalid("dose"))?;
    if !fields.text(&format!("date-{new}")).is_empty() && !record.doses.iter().any(|dose| dose.number == new) {
        let mut dose = DoseRecord {
            number: new,
            date: Date::default(),
            product: Product::Comirnaty,
            lot: String::new(),
            place: String::new(),
            doctor: String::new(),
            municipality: own.clone(),
            coupon: None,
            trial: false,
            registered_at: now,
        };
        amend_dose(&mut dose, fields, now)?;
        record.doses.push(dose);
    }
    Ok(())
}

fn amend_dose(dose: &mut DoseRecord, fields: &Fields, now: jiff::Timestamp) -> Result<(), AccessError> {
    let number = dose.number;
    let field = |name: &str| fields.text(&format!("{name}-{number}")).to_owned();
    let text = |name, most| visible_text(&field(name), most).ok_or(AccessError::Invalid("text"));
    let product = Product::ALL.into_iter().find(|product| product.naming().japanese == field("product"));
    dose.date = past(field("date").parse().ok(), now)?;
    dose.product = product.ok_or(AccessError::Invalid("product"))?;
    dose.lot = text("lot", 20)?;
    dose.place = text("place", 30)?;
    dose.doctor = text("doctor", 20)?;
    dose.coupon = match narrow_digits(&field("coupon")).as_str() {
        "" => None,
        digits => Some(CouponNumber::parse(digits).ok().ok_or(AccessError::Invalid("coupon"))?),
    };
    Ok(())
}

/// A date that has come.
fn past(date: Option<Date>, now: jiff::Timestamp) -> Result<Date, AccessError> {
    date.filter(|date| *date <= shared::clock::japan(now).date()).ok_or(AccessError::Invalid("date"))
}
