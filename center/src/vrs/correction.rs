//! What tells one state of a record from another, item by item, as the history keeps it.

use std::fmt::Write as _;

use shared::domain::passport::Passport;
use shared::records::{DoseRecord, PersonRecord, Restriction};

use crate::store::ledger::Difference;

/// The items that differ, in the order of the page.
pub fn differences(before: &PersonRecord, after: &PersonRecord) -> Vec<Difference> {
    let (old, new) = (items(before), items(after));
    let names = old.iter().chain(new.iter().filter(|(name, _)| !old.iter().any(|(known, _)| known == name)));
    let value = |items: &[(String, String)], name: &str| {
        items.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    names
        .map(|(name, _)| Difference { item: name.clone(), before: value(&old, name), after: value(&new, name) })
        .filter(|difference| difference.before != difference.after)
        .collect()
}

fn items(record: &PersonRecord) -> Vec<(String, String)> {
    let attributes = &record.attributes;
    let restricted = |restriction| if record.restrictions.contains(&restriction) { "yes" } else { "no" };
    let mut items = vec![
        ("name".to_owned(), attributes.name.clone()),
        ("address".to_owned(), attributes.address.clone()),
        ("birth date".to_owned(), attributes.birth_date.to_string()),
        ("sex".to_owned(), format!("{:?}", attributes.sex)),
        ("residence".to_owned(), record.residence.to_string()),
        ("address number".to_owned(), record.address_number.clone().map(String::from).unwrap_or_default()),
        ("held".to_owned(), restricted(Restriction::Held).to_owned()),
        ("protected".to_owned(), restricted(Restriction::Protected).to_owned()),
    ];
    for coupon in &record.coupons {
        let line = String::from(coupon.clone());
        items.push((format!("coupon {line}"), line));
    }
    for entry in &record.moves {
        items.push((format!("move of {}", entry.on), format!("{} to {}", entry.from, entry.to)));
    }
    for dose in &record.doses {
        items.extend(dose_items(dose));
    }
    for (number, issue) in (1..).zip(&record.passport_issues) {
        items.push((format!("passport issue {number}"), passport_line(&issue.passport)));
    }
    items
}

fn dose_items(dose: &DoseRecord) -> impl Iterator<Item = (String, String)> {
    let coupon = dose.coupon.as_ref().map(|coupon| coupon.as_str().to_owned()).unwrap_or_default();
    let number = dose.number;
    [
        ("date", dose.date.to_string()),
        ("product", dose.product.naming().japanese.to_owned()),
        ("lot", dose.lot.clone()),
        ("place", dose.place.clone()),
        ("doctor", dose.doctor.clone()),
        ("municipality", dose.municipality.to_string()),
        ("coupon", coupon),
        ("trial", if dose.trial { "yes" } else { "no" }.to_owned()),
    ]
    .into_iter()
    .map(move |(item, value)| (format!("dose {number} {item}"), value))
}

fn passport_line(passport: &Passport) -> String {
    let mut line = format!("{} {} {}", passport.number.as_str(), passport.surname, passport.given);
    // Writing to a `String` cannot fail.
    _ = write!(line, " {} {}", passport.nationality, passport.expires);
    line
}
