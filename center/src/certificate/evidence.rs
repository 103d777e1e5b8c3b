//! What a certificate must say, read from the stored record a second time and by other code than drew it up.
//!
//! **Invariant**: nothing here calls [`crate::vrs`]. A fault in the drawing-up that both shared would pass the review.

use std::collections::BTreeMap;

use jiff::civil::Date;
use shared::domain::certificate::{Content, Form, PrintedDose, PrintedPassport};
use shared::domain::identifiers::{CertificateId, MunicipalityCode};
use shared::domain::passport::{FIRST_REGISTRATION, Passport, PassportNumber, TravelDocument};
use shared::domain::person::Attributes;
use shared::records::{DoseRecord, IssueChannel, PassportIssueRecord, PersonRecord, Restriction};

use super::ReviewError;
use crate::store::Intent;
use crate::store::app::AppIntent;
use crate::store::counter::CounterIntent;

/// What was decided about a certificate, whoever decided it.
#[derive(Clone, Copy)]
pub struct Demand<'a> {
    /// Its number.
    pub certificate: &'a CertificateId,
    /// Which form.
    pub form: Form,
    /// Whose record certifies.
    pub municipality: &'a MunicipalityCode,
    /// Date of issue in Japan.
    pub issued_on: Date,
    /// The holder as the card has them; `None` at a counter, where a clerk identified somebody.
    pub card: Option<&'a Attributes>,
    /// The passport that was shown.
    pub passport: Shown<'a>,
}

/// What was seen of a passport.
#[derive(Clone, Copy)]
pub enum Shown<'a> {
    /// At a terminal: the number that was typed and that matched the registered one.
    Number(Option<&'a PassportNumber>),
    /// At a counter or by the app: the document itself.
    Document(Option<&'a Passport>),
}

shared::hidden_debug!(Demand<'_>, Shown<'_>);

impl<'a> From<&'a Intent> for Demand<'a> {
    fn from(intent: &'a Intent) -> Self {
        let plan = &intent.plan;
        Self {
            certificate: &intent.certificate,
            form: plan.form,
            municipality: &plan.municipality,
            issued_on: plan.issued_on,
            card: Some(&plan.attributes),
            passport: Shown::Number(plan.confirmed_passport.as_ref()),
        }
    }
}

impl<'a> From<&'a AppIntent> for Demand<'a> {
    fn from(intent: &'a AppIntent) -> Self {
        let plan = &intent.plan;
        Self {
            certificate: &intent.certificate,
            form: plan.form,
            municipality: &plan.municipality,
            issued_on: plan.issued_on,
            card: Some(&plan.attributes),
            passport: Shown::Document(plan.passport.as_ref()),
        }
    }
}

impl<'a> From<&'a CounterIntent> for Demand<'a> {
    fn from(intent: &'a CounterIntent) -> Self {
        let plan = &intent.plan;
        Self {
            certificate: &intent.certificate,
            form: plan.form,
            municipality: &plan.municipality,
            issued_on: plan.issued_on,
            card: None,
            passport: Shown::Document(plan.passport.as_ref()),
        }
    }
}

/// The content that the record and the decision demand; refuses where the record demands none.
pub fn expected(record: &PersonRecord, demand: &Demand<'_>) -> Result<Content, ReviewError> {
    let person = demand.card.unwrap_or(&record.attributes);
    // The record and the card must speak of the same person.
    if record.attributes.birth_date != person.birth_date {
        return Err(ReviewError::Differs("birth date"));
    }
    // A counter serves protected persons; nobody certifies a record that is held.
    let forbids = |restriction: &Restriction| match restriction {
        Restriction::Held => true,
        Restriction::Protected => demand.card.is_some(),
    };
    if record.restrictions.iter().any(forbids) {
        return Err(ReviewError::Differs("restrictions"));
    }
    Ok(Content {
        form: demand.form,
        name: person.name.clone(),
        birth_date: record.attributes.birth_date,
        sex: person.sex,
        passport: passport(record, demand)?,
        doses: doses(record, demand)?,
        certificate: demand.certificate.clone(),
        issued_on: demand.issued_on,
        municipality: demand.municipality.clone(),
    })
}

/// Every dose that the municipality certifies, in the order of their numbers, each number once; those of trials only at
/// a counter.
fn doses(record: &PersonRecord, demand: &Demand<'_>) -> Result<Vec<PrintedDose>, ReviewError> {
    let mut by_number: BTreeMap<u8, &DoseRecord> = BTreeMap::new();
    for dose in &record.doses {
        if dose.municipality != *demand.municipality {
            continue;
        }
        let is_forbidden = dose.trial && demand.card.is_some();
        if is_forbidden || by_number.insert(dose.number, dose).is_some() {
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

/// The passport to print: the document that was shown, or that of the newest registration, which must be the one whose
/// number was typed.
fn passport(record: &PersonRecord, demand: &Demand<'_>) -> Result<Option<PrintedPassport>, ReviewError> {
    let differs = ReviewError::Differs("passport");
    if demand.form == Form::Domestic {
        return Ok(None);
    }
    let shown = match demand.passport {
        Shown::Document(passport) => passport.ok_or(differs)?,
        Shown::Number(typed) => {
            let newest = newest_registration(record).ok_or(differs)?;
            if newest.kind != TravelDocument::Passport || typed != Some(&newest.number) {
                return Err(differs);
            }
            newest
        }
    };
    if shown.expires < demand.issued_on {
        return Err(differs);
    }
    Ok(Some(PrintedPassport {
        surname: shown.surname.clone(),
        given: shown.given.clone(),
        nationality: shown.nationality.clone(),
        number: shown.number.clone(),
    }))
}

/// The passport of the last issue elsewhere than at a terminal, since such issues register one.
fn newest_registration(record: &PersonRecord) -> Option<&Passport> {
    let mut newest: Option<&PassportIssueRecord> = None;
    for issue in &record.passport_issues {
        if issue.channel == IssueChannel::Kiosk || issue.issued_on < FIRST_REGISTRATION {
            continue;
        }
        if newest.is_none_or(|known| known.issued_on <= issue.issued_on) {
            newest = Some(issue);
        }
    }
    newest.map(|issue| &issue.passport)
}

#[cfg(test)]
mod tests;
