//! What a person may have through the phone app: the terminal's rules, the app's own consent, and the passport as it is read.

use jiff::civil::Date;
use shared::domain::certificate::{Content, Form};
use shared::domain::identifiers::MunicipalityCode;
use shared::domain::passport::Passport;
use shared::domain::person::Attributes;
use shared::records::{KioskConsent, PersonRecord};
use shared::wire::app::{AppAvailability, AppFormOffer, AppMunicipality, AppMunicipalityOffer};
use shared::wire::problem::ProblemCode;

use super::mrz::Zone;
use super::openings::Service;
use super::{Entitlement, EntitlementError, domestic, issuable, municipalities, sample_id};
use crate::store::StoreError;
use crate::store::terms::Terms;

/// What is asked for.
#[derive(Clone, Copy)]
pub struct AppWish<'a> {
    /// From whom.
    pub municipality: &'a MunicipalityCode,
    /// Which form.
    pub form: Form,
    /// The passport as the app read it.
    pub passport: Option<&'a Passport>,
}

shared::hidden_debug!(AppWish<'_>);

/// A municipality as the app shows it: one that nobody knows agreed to nothing and has no contact.
pub fn municipality(code: &MunicipalityCode, terms: &dyn Terms) -> Result<AppMunicipality, StoreError> {
    let contact = Some(terms.profile(code)?.contact).filter(|contact| !contact.is_empty());
    let open = consent(code, terms)? == KioskConsent::Agreed;
    Ok(AppMunicipality { municipality: code.clone(), open, contact })
}

/// What a person may have, municipality by municipality in order of their codes; by the same rules as [`entitle`].
///
/// What the rules allow is offered only if its codes can carry it.
pub fn offers(
    record: Option<&PersonRecord>,
    attributes: &Attributes,
    terms: &dyn Terms,
    today: Date,
    is_encodable: &dyn Fn(&Content) -> bool,
) -> Result<Vec<AppMunicipalityOffer>, EntitlementError> {
    let record = issuable(record, attributes)?;
    let offer = |code: &MunicipalityCode| {
        let municipality = municipality(code, terms)?;
        let domestic = domestic(record, attributes, code, consent(code, terms)?);
        let availability = |form| match &domestic {
            Ok(prospect) if !is_encodable(&prospect.content(sample_id(), today)) => {
                AppAvailability::Refused { code: ProblemCode::CertificateNotPrintable }
            }
            Ok(_) if form == Form::Overseas => AppAvailability::ZoneNeeded,
            Ok(_) => AppAvailability::Open,
            Err(code) => AppAvailability::Refused { code: *code },
        };
        let forms = [Form::Domestic, Form::Overseas];
        let forms = forms.map(|form| AppFormOffer { form, availability: availability(form) }).to_vec();
        Ok(AppMunicipalityOffer { municipality, forms })
    };
    municipalities(record).into_iter().map(offer).collect()
}

/// Decides about one wish.
pub fn entitle(
    record: Option<&PersonRecord>,
    attributes: &Attributes,
    wish: AppWish<'_>,
    terms: &dyn Terms,
    today: Date,
) -> Result<Entitlement, EntitlementError> {
    let record = issuable(record, attributes)?;
    let consent = consent(wish.municipality, terms)?;
    let domestic = domestic(record, attributes, wish.municipality, consent).map_err(EntitlementError::Refused)?;
    match (wish.form, wish.passport) {
        (Form::Domestic, None) => Ok(domestic),
        (Form::Overseas, Some(passport)) if passport.expires >= today => Ok(domestic.overseas(passport)),
        (Form::Overseas, Some(_)) => Err(EntitlementError::Refused(ProblemCode::PassportExpired)),
        (Form::Overseas, None) => Err(EntitlementError::Refused(ProblemCode::PassportNotConfirmed)),
        (Form::Domestic, Some(_)) => Err(EntitlementError::Refused(ProblemCode::MalformedRequest)),
    }
}

/// The passport that a zone describes, if it is the holder's by its birth date.
pub fn passport_of(zone: &Zone, attributes: &Attributes) -> Result<Passport, ProblemCode> {
    let same = zone.birth_date == attributes.birth_date;
    if same { Ok(zone.passport.clone()) } else { Err(ProblemCode::PassportOfAnotherPerson) }
}

/// Whether the municipality's consents open issue through the app: for this request, whatever was offered before. What
/// it suspended, it suspended at terminals.
fn consent(municipality: &MunicipalityCode, terms: &dyn Terms) -> Result<KioskConsent, StoreError> {
    let is_open = Service::App.is_open(&terms.agreements(municipality)?);
    Ok(if is_open { KioskConsent::Agreed } else { KioskConsent::NotAgreed })
}
