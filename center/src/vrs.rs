//! What the record system allows: for each municipality, which form a person may have, and why not.

use std::collections::BTreeSet;

use jiff::civil::Date;
use shared::domain::certificate::{Content, Form, MAXIMUM_DOSES, PrintedDose, PrintedPassport};
use shared::domain::identifiers::{CertificateId, MunicipalityCode};
use shared::domain::passport::{FIRST_REGISTRATION, Passport, PassportNumber, TravelDocument};
use shared::domain::person::Attributes;
use shared::records::{DoseRecord, IssueChannel, KioskConsent, PersonRecord, Restriction};
use shared::wire::holder::{Availability, FormOffer, MunicipalityOffer};
use shared::wire::problem::ProblemCode;

use crate::store::{Registry, StoreError};

pub mod app;
pub mod correction;
pub mod figures;
pub mod impact;
pub mod inquiry;
pub mod mrz;
pub mod openings;
pub mod registration;
pub mod statistics;

/// What one person is entitled to from one municipality. Only [`entitle`] makes one.
pub struct Entitlement {
    form: Form,
    municipality: MunicipalityCode,
    attributes: Attributes,
    doses: Vec<PrintedDose>,
    passport: Option<PrintedPassport>,
}

/// What is asked for.
#[derive(Clone, Copy)]
pub struct Wish<'a> {
    /// From whom.
    pub municipality: &'a MunicipalityCode,
    /// Which form.
    pub form: Form,
    /// The passport number that the resident typed and that matched.
    pub confirmed_passport: Option<&'a PassportNumber>,
}

/// Why it cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum EntitlementError {
    /// A rule says no.
    #[error("refused: {0}")]
    Refused(ProblemCode),
    /// The store failed.
    #[error("the record store failed")]
    Store(#[from] StoreError),
}

shared::hidden_debug!(Entitlement, Wish<'_>, CounterWish<'_>);

impl Entitlement {
    /// The same for abroad, with what its holder's passport says.
    fn overseas(self, passport: &Passport) -> Self {
        Self { form: Form::Overseas, passport: Some(passport.into()), ..self }
    }

    /// Every item of the certificate.
    pub fn content(&self, certificate: CertificateId, issued_on: Date) -> Content {
        Content {
            form: self.form,
            name: self.attributes.name.clone(),
            birth_date: self.attributes.birth_date,
            sex: self.attributes.sex,
            passport: self.passport.clone(),
            doses: self.doses.clone(),
            certificate,
            issued_on,
            municipality: self.municipality.clone(),
        }
    }
}

/// What a person may have, municipality by municipality in order of their codes.
///
/// What the rules allow is offered only if it `is_printable`: a certificate with a character that nothing draws, or more
/// than its codes carry, is refused before anybody chooses it.
pub fn offers(
    record: Option<&PersonRecord>,
    attributes: &Attributes,
    registry: &dyn Registry,
    today: Date,
    is_printable: &dyn Fn(&Content) -> bool,
) -> Result<Vec<MunicipalityOffer>, EntitlementError> {
    let record = issuable(record, attributes)?;
    let offer = |code: &MunicipalityCode| {
        let consent = registry.consent(code)?;
        let forms = [Form::Domestic, Form::Overseas].map(|form| {
            let prospect = prospect(record, attributes, (code, form), consent, today);
            let availability = match prospect {
                Ok(prospect) if !is_printable(&prospect.content(sample_id(), today)) => {
                    Availability::Refused { code: ProblemCode::CertificateNotPrintable }
                }
                Ok(Entitlement { passport: None, .. }) => Availability::Open,
                Ok(Entitlement { passport: Some(passport), .. }) => {
                    Availability::PassportNeeded { masked: passport.number.masked() }
                }
                Err(code) => Availability::Refused { code },
            };
            FormOffer { form, availability }
        });
        Ok(MunicipalityOffer { municipality: code.clone(), forms: forms.to_vec() })
    };
    municipalities(record).into_iter().map(offer).collect()
}

/// Decides about one wish, by the same rules as [`offers`].
pub fn entitle(
    record: Option<&PersonRecord>,
    attributes: &Attributes,
    wish: Wish<'_>,
    registry: &dyn Registry,
    today: Date,
) -> Result<Entitlement, EntitlementError> {
    let record = issuable(record, attributes)?;
    let consent = registry.consent(wish.municipality)?;
    let prospect = prospect(record, attributes, (wish.municipality, wish.form), consent, today);
    let entitlement = prospect.map_err(EntitlementError::Refused)?;
    match &entitlement.passport {
        Some(passport) if wish.confirmed_passport != Some(&passport.number) => {
            Err(EntitlementError::Refused(ProblemCode::PassportNotConfirmed))
        }
        Some(_) | None => Ok(entitlement),
    }
}

/// What the rules allow once the holder has confirmed the registered passport, where the form needs one.
fn prospect(
    record: &PersonRecord,
    attributes: &Attributes,
    (municipality, form): (&MunicipalityCode, Form),
    consent: KioskConsent,
    today: Date,
) -> Result<Entitlement, ProblemCode> {
    let domestic = domestic(record, attributes, municipality, consent)?;
    Ok(match form {
        Form::Domestic => domestic,
        Form::Overseas => domestic.overseas(registered_passport(record, today)?),
    })
}

/// The domestic certificate that the rules allow.
fn domestic(
    record: &PersonRecord,
    attributes: &Attributes,
    municipality: &MunicipalityCode,
    consent: KioskConsent,
) -> Result<Entitlement, ProblemCode> {
    let doses = doses(record, municipality);
    if doses.is_empty() {
        return Err(ProblemCode::MunicipalityWithoutRecord);
    }
    if let Some(code) = objection(&doses, consent) {
        return Err(code);
    }
    Ok(Entitlement {
        form: Form::Domestic,
        municipality: municipality.clone(),
        attributes: attributes.clone(),
        doses: doses.into_iter().map(printed).collect(),
        passport: None,
    })
}

/// An id as long as every other, for trying whether a certificate fits. It is never given to anybody.
fn sample_id() -> CertificateId {
    CertificateId::from_number(0)
}

/// What is asked for at a counter.
#[derive(Clone, Copy)]
pub struct CounterWish<'a> {
    /// From whom.
    pub municipality: &'a MunicipalityCode,
    /// Which form.
    pub form: Form,
    /// The passport as it was read.
    pub passport: Option<&'a Passport>,
}

/// Decides about a wish at the municipality's own counter.
///
/// There also for protected persons and for doses of trials, which a terminal never certifies; a record that is held or
/// contradicts itself is mended first.
pub fn entitle_at_counter(
    record: Option<&PersonRecord>,
    wish: CounterWish<'_>,
    today: Date,
) -> Result<Entitlement, ProblemCode> {
    let record = record.ok_or(ProblemCode::NoRecord)?;
    if record.restrictions.contains(&Restriction::Held) {
        return Err(ProblemCode::RecordHeld);
    }
    let doses = doses(record, wish.municipality);
    if doses.is_empty() {
        return Err(ProblemCode::MunicipalityWithoutRecord);
    }
    if contradict(&doses) {
        return Err(ProblemCode::RecordHeld);
    }
    if doses.len() > MAXIMUM_DOSES {
        return Err(ProblemCode::CertificateNotPrintable);
    }
    let passport = match (wish.form, wish.passport) {
        (Form::Domestic, _) => None,
        (Form::Overseas, None) => return Err(ProblemCode::PassportNotConfirmed),
        (Form::Overseas, Some(passport)) if passport.expires < today => return Err(ProblemCode::PassportExpired),
        (Form::Overseas, Some(passport)) => Some(passport.into()),
    };
    Ok(Entitlement {
        form: wish.form,
        municipality: wish.municipality.clone(),
        attributes: record.attributes.clone(),
        doses: doses.into_iter().map(printed).collect(),
        passport,
    })
}

/// The passport of the latest issue at a counter or in the app since registration began.
pub fn registered_passport(record: &PersonRecord, today: Date) -> Result<&Passport, ProblemCode> {
    let latest = record
        .passport_issues
        .iter()
        .filter(|issue| match issue.channel {
            IssueChannel::Counter | IssueChannel::App => issue.issued_on >= FIRST_REGISTRATION,
            IssueChannel::Kiosk => false,
        })
        .max_by_key(|issue| issue.issued_on)
        .ok_or(ProblemCode::PassportNotRegistered)?;
    match latest.passport.kind {
        TravelDocument::Other => Err(ProblemCode::TravelDocumentNotPassport),
        TravelDocument::Passport if latest.passport.expires < today => Err(ProblemCode::PassportExpired),
        TravelDocument::Passport => Ok(&latest.passport),
    }
}

/// Rules about the person as a whole.
///
/// A card whose birth date is not the record's points to a record of somebody else: it is treated as held. Our own rule.
fn issuable<'a>(
    record: Option<&'a PersonRecord>,
    attributes: &Attributes,
) -> Result<&'a PersonRecord, EntitlementError> {
    let record = record.ok_or(EntitlementError::Refused(ProblemCode::NoRecord))?;
    let refused = |code| Err(EntitlementError::Refused(code));
    if record.restrictions.contains(&Restriction::Protected) {
        return refused(ProblemCode::PersonProtected);
    }
    if record.restrictions.contains(&Restriction::Held) || record.attributes.birth_date != attributes.birth_date {
        return refused(ProblemCode::RecordHeld);
    }
    if record.doses.is_empty() {
        return refused(ProblemCode::NoRecord);
    }
    Ok(record)
}

/// Why this municipality's doses are not certified at a terminal.
fn objection(doses: &[&DoseRecord], consent: KioskConsent) -> Option<ProblemCode> {
    match consent {
        KioskConsent::NotAgreed => Some(ProblemCode::MunicipalityNotParticipating),
        KioskConsent::Suspended => Some(ProblemCode::MunicipalitySuspended),
        KioskConsent::Agreed if doses.iter().any(|dose| dose.trial) => Some(ProblemCode::TrialDose),
        KioskConsent::Agreed if contradict(doses) => Some(ProblemCode::RecordHeld),
        KioskConsent::Agreed if doses.len() > MAXIMUM_DOSES => Some(ProblemCode::CertificateNotPrintable),
        KioskConsent::Agreed => None,
    }
}

/// Two doses of one number contradict each other: somebody has to look. Our own rule. The doses come sorted.
fn contradict(doses: &[&DoseRecord]) -> bool {
    doses.windows(2).any(|pair| matches!(pair, [a, b] if a.number == b.number))
}

/// Whose doses a record holds, in order of their codes.
fn municipalities(record: &PersonRecord) -> BTreeSet<&MunicipalityCode> {
    record.doses.iter().map(|dose| &dose.municipality).collect()
}

fn doses<'a>(record: &'a PersonRecord, municipality: &MunicipalityCode) -> Vec<&'a DoseRecord> {
    let mut doses: Vec<_> = record.doses.iter().filter(|dose| dose.municipality == *municipality).collect();
    doses.sort_by_key(|dose| dose.number);
    doses
}

fn printed(dose: &DoseRecord) -> PrintedDose {
    PrintedDose {
        number: dose.number,
        date: dose.date,
        product: dose.product,
        lot: dose.lot.clone(),
        country: COUNTRY.to_owned(),
    }
}

/// A name as it is looked for: without spaces, variation selectors and a former name in brackets.
///
/// Nothing else is folded: characters that only look alike are other names.
pub fn search_name(name: &str) -> String {
    let mut inside = false;
    name.chars()
        .filter(|character| {
            match character {
                '（' | '(' => inside = true,
                '）' | ')' => {
                    inside = false;
                    return false;
                }
                _ => {}
            }
            let selector = matches!(character, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}');
            !inside && !selector && !character.is_whitespace()
        })
        .collect()
}

/// The record system holds doses that were given in Japan.
const COUNTRY: &str = "JPN";

#[cfg(test)]
mod tests;
