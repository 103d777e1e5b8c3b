//! What a certificate must say, read from the stored record a second time and by other code than drew it up.
//!
//! **Invariant**: nothing here calls [`crate::vrs`]. A fault in the drawing-up that both shared would pass the review.

use std::collections::BTreeMap;

use shared::domain::certificate::{Content, Form, PrintedDose, PrintedPassport};
use shared::domain::passport::{FIRST_REGISTRATION, TravelDocument};
use shared::records::{DoseRecord, IssueChannel, PassportIssueRecord, PersonRecord};

use super::ReviewError;
use crate::store::Intent;

/// The content that the record and the decided intent demand; refuses where the record demands none.
pub fn expected(record: &PersonRecord, intent: &Intent) -> Result<Content, ReviewError> {
    let plan = &intent.plan;
    // The record and the card must speak of the same person.
    if record.attributes.birth_date != plan.attributes.birth_date {
        return Err(ReviewError::Differs("birth date"));
    }
    if !record.restrictions.is_empty() {
        return Err(ReviewError::Differs("restrictions"));
    }
    Ok(Content {
        form: plan.form,
        name: plan.attributes.name.clone(),
        birth_date: record.attributes.birth_date,
        sex: plan.attributes.sex,
        passport: passport(record, intent)?,
        doses: doses(record, intent)?,
        certificate: intent.certificate.clone(),
        issued_on: plan.issued_on,
        municipality: plan.municipality.clone(),
    })
}

/// Every dose that the municipality certifies, in the order of their numbers, each number once.
fn doses(record: &PersonRecord, intent: &Intent) -> Result<Vec<PrintedDose>, ReviewError> {
    let mut by_number: BTreeMap<u8, &DoseRecord> = BTreeMap::new();
    for dose in &record.doses {
        if dose.municipality != intent.plan.municipality {
            continue;
        }
        if dose.trial || by_number.insert(dose.number, dose).is_some() {
            return Err(ReviewError::Differs("doses"));
        }
    }
    let printed = by_number.into_values().map(|dose| PrintedDose {
        number: dose.number,
        date: dose.date,
        product: dose.product,
        lot: dose.lot.clone(),
        country: "JPN".to_owned(),
    });
    let printed: Vec<_> = printed.collect();
    if printed.is_empty() { Err(ReviewError::Differs("doses")) } else { Ok(printed) }
}

/// The passport of the newest registration, which must be the one that the resident confirmed.
fn passport(record: &PersonRecord, intent: &Intent) -> Result<Option<PrintedPassport>, ReviewError> {
    let differs = ReviewError::Differs("passport");
    let plan = &intent.plan;
    if plan.form == Form::Domestic {
        return Ok(None);
    }
    let mut newest: Option<&PassportIssueRecord> = None;
    for issue in &record.passport_issues {
        if issue.channel == IssueChannel::Kiosk || issue.issued_on < FIRST_REGISTRATION {
            continue;
        }
        if newest.is_none_or(|known| known.issued_on <= issue.issued_on) {
            newest = Some(issue);
        }
    }
    let passport = &newest.ok_or(differs)?.passport;
    let in_force = passport.kind == TravelDocument::Passport && passport.expires >= plan.issued_on;
    if !in_force || plan.confirmed_passport.as_ref() != Some(&passport.number) {
        return Err(differs);
    }
    Ok(Some(PrintedPassport {
        surname: passport.surname.clone(),
        given: passport.given.clone(),
        nationality: passport.nationality.clone(),
        number: passport.number.clone(),
    }))
}

#[cfg(test)]
mod tests;
