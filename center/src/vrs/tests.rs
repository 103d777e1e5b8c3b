//! Every rule of eligibility, each with the code it is refused by.

use std::collections::BTreeMap;

use jiff::civil::date;
use shared::domain::identifiers::ChainId;
use shared::proof::Digest;
use shared::records::{ChainRecord, PassportIssueRecord};

use super::*;
use crate::sample_record::{attributes, code, dose, passport, passport_issue, record};
use crate::store::Terminal;

const TODAY: Date = date(2022, 10, 3);

/// Municipalities that agreed, or have suspended.
struct Consents(BTreeMap<MunicipalityCode, KioskConsent>);

impl Registry for Consents {
    fn terminal(&self, _: &Digest) -> Result<Option<Terminal>, StoreError> {
        Ok(None)
    }

    fn chain(&self, _: &ChainId) -> Result<Option<ChainRecord>, StoreError> {
        Ok(None)
    }

    fn consent(&self, municipality: &MunicipalityCode) -> Result<KioskConsent, StoreError> {
        Ok(self.0.get(municipality).copied().unwrap_or(KioskConsent::NotAgreed))
    }

    fn participating_municipalities(&self) -> Result<u64, StoreError> {
        Ok(0)
    }
}

fn consents(consent: KioskConsent) -> Consents {
    Consents([(code("131016"), consent), (code("141003"), consent)].into())
}

fn app_issue(issued_on: Date, number: &str) -> PassportIssueRecord {
    passport_issue(IssueChannel::App, issued_on, number)
}

fn entitled(record: &PersonRecord, form: Form, passport: Option<&str>) -> Result<Entitlement, ProblemCode> {
    let passport = passport.map(|number| PassportNumber::parse(number).unwrap());
    let municipality = code("131016");
    let wish = Wish { municipality: &municipality, form, confirmed_passport: passport.as_ref() };
    entitle(Some(record), &attributes(), wish, &consents(KioskConsent::Agreed), TODAY).map_err(refusal)
}

fn refusal(error: EntitlementError) -> ProblemCode {
    match error {
        EntitlementError::Refused(code) => code,
        EntitlementError::Store(error) => panic!("{error}"),
    }
}

fn offered(record: Option<&PersonRecord>, consent: KioskConsent) -> Result<Vec<MunicipalityOffer>, ProblemCode> {
    offers(record, &attributes(), &consents(consent), TODAY, &|_| true).map_err(refusal)
}

fn both_refused(record: &PersonRecord, consent: KioskConsent) -> ProblemCode {
    let offers = offered(Some(record), consent).unwrap();
    let codes: Vec<_> = offers[0]
        .forms
        .iter()
        .map(|form| match form.availability {
            Availability::Refused { code } => code,
            Availability::Open | Availability::PassportNeeded { .. } => panic!("{:?} is on offer", form.form),
        })
        .collect();
    assert_eq!(codes[0], codes[1]);
    codes[0]
}

#[test]
fn both_forms_are_offered_and_the_passport_is_masked() {
    let offers = offered(Some(&record()), KioskConsent::Agreed).unwrap();
    assert_eq!(offers.len(), 1);
    assert_eq!(offers[0].forms[0].availability, Availability::Open);
    assert_eq!(offers[0].forms[1].availability, Availability::PassportNeeded { masked: "******567".to_owned() });
}

#[test]
fn the_content_holds_the_doses_by_number_and_the_confirmed_passport() {
    let content =
        entitled(&record(), Form::Overseas, Some("TK1234567")).unwrap().content(CertificateId::from_number(1), TODAY);
    assert_eq!(content.doses.iter().map(|dose| dose.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(content.passport.unwrap().surname, "KENSA");
    assert!(entitled(&record(), Form::Domestic, None).unwrap().content(content.certificate, TODAY).passport.is_none());
}

#[test]
fn each_municipality_certifies_only_its_own_doses() {
    let mut record = record();
    record.doses.push(dose(3, "141003"));
    let offers = offered(Some(&record), KioskConsent::Agreed).unwrap();
    assert_eq!(offers.iter().map(|offer| offer.municipality.as_str()).collect::<Vec<_>>(), ["131016", "141003"]);
    let content = entitled(&record, Form::Domestic, None).unwrap().content(CertificateId::from_number(1), TODAY);
    assert_eq!(content.doses.len(), 2);
}

#[test]
fn nobody_and_no_dose_are_no_record() {
    assert_eq!(offered(None, KioskConsent::Agreed).unwrap_err(), ProblemCode::NoRecord);
    let empty = PersonRecord { doses: vec![], ..record() };
    assert_eq!(offered(Some(&empty), KioskConsent::Agreed).unwrap_err(), ProblemCode::NoRecord);
}

#[test]
fn a_protected_person_is_refused_whatever_else_holds() {
    let restrictions = vec![Restriction::Held, Restriction::Protected];
    let record = PersonRecord { restrictions, doses: vec![], ..record() };
    assert_eq!(offered(Some(&record), KioskConsent::Agreed).unwrap_err(), ProblemCode::PersonProtected);
}

#[test]
fn a_held_record_is_refused() {
    let record = PersonRecord { restrictions: vec![Restriction::Held], ..record() };
    assert_eq!(offered(Some(&record), KioskConsent::Agreed).unwrap_err(), ProblemCode::RecordHeld);
}

#[test]
fn a_record_of_another_birth_date_is_held() {
    let mut record = record();
    record.attributes.birth_date = date(1981, 2, 17);
    assert_eq!(offered(Some(&record), KioskConsent::Agreed).unwrap_err(), ProblemCode::RecordHeld);
}

#[test]
fn a_municipality_that_has_not_agreed_or_has_suspended_is_refused() {
    assert_eq!(both_refused(&record(), KioskConsent::NotAgreed), ProblemCode::MunicipalityNotParticipating);
    assert_eq!(both_refused(&record(), KioskConsent::Suspended), ProblemCode::MunicipalitySuspended);
}

#[test]
fn a_trial_dose_is_refused() {
    let mut record = record();
    record.doses[0].trial = true;
    assert_eq!(both_refused(&record, KioskConsent::Agreed), ProblemCode::TrialDose);
    assert_eq!(entitled(&record, Form::Domestic, None).unwrap_err(), ProblemCode::TrialDose);
}

#[test]
fn more_doses_than_a_page_carries_are_refused() {
    let doses = (1..=9).map(|number| dose(number, "131016")).collect();
    assert_eq!(
        both_refused(&PersonRecord { doses, ..record() }, KioskConsent::Agreed),
        ProblemCode::CertificateNotPrintable
    );
}

#[test]
fn two_doses_of_one_number_are_held_for_checking() {
    let mut record = record();
    record.doses.push(DoseRecord { lot: "OTHER1".to_owned(), ..dose(2, "131016") });
    assert_eq!(both_refused(&record, KioskConsent::Agreed), ProblemCode::RecordHeld);
}

#[test]
fn what_cannot_be_printed_is_not_offered() {
    let without_passport = |content: &Content| content.passport.is_none();
    let offers =
        offers(Some(&record()), &attributes(), &consents(KioskConsent::Agreed), TODAY, &without_passport).unwrap();
    let availability: Vec<_> = offers[0].forms.iter().map(|form| form.availability.clone()).collect();
    let refused = Availability::Refused { code: ProblemCode::CertificateNotPrintable };
    assert_eq!(availability, [Availability::Open, refused]);
}

#[test]
fn a_municipality_without_a_dose_is_refused() {
    let municipality = code("141003");
    let wish = Wish { municipality: &municipality, form: Form::Domestic, confirmed_passport: None };
    let result = entitle(Some(&record()), &attributes(), wish, &consents(KioskConsent::Agreed), TODAY);
    assert_eq!(refusal(result.unwrap_err()), ProblemCode::MunicipalityWithoutRecord);
}

#[test]
fn a_passport_must_be_registered_since_the_first_day() {
    let mut record = record();
    record.passport_issues = vec![app_issue(date(2022, 7, 20), "TK1234567")];
    assert_eq!(registered_passport(&record, TODAY).unwrap_err(), ProblemCode::PassportNotRegistered);
    record.passport_issues = vec![app_issue(date(2022, 7, 21), "TK1234567")];
    assert!(registered_passport(&record, TODAY).is_ok());
    record.passport_issues[0].channel = IssueChannel::Kiosk;
    assert_eq!(registered_passport(&record, TODAY).unwrap_err(), ProblemCode::PassportNotRegistered);
}

#[test]
fn the_latest_issue_counts() {
    let mut record = record();
    record.passport_issues = vec![app_issue(date(2022, 9, 1), "TZ7654321"), app_issue(date(2022, 8, 1), "TK1234567")];
    assert_eq!(registered_passport(&record, TODAY).unwrap().number.as_str(), "TZ7654321");
}

#[test]
fn a_passport_is_valid_through_its_last_day() {
    let mut record = record();
    record.passport_issues[0].passport.expires = TODAY;
    assert!(registered_passport(&record, TODAY).is_ok());
    record.passport_issues[0].passport.expires = TODAY.yesterday().unwrap();
    assert_eq!(registered_passport(&record, TODAY).unwrap_err(), ProblemCode::PassportExpired);
}

#[test]
fn another_travel_document_is_refused() {
    let mut record = record();
    record.passport_issues[0].passport.kind = TravelDocument::Other;
    assert_eq!(registered_passport(&record, TODAY).unwrap_err(), ProblemCode::TravelDocumentNotPassport);
}

#[test]
fn the_overseas_form_needs_the_number_that_is_registered_now() {
    assert_eq!(entitled(&record(), Form::Overseas, None).unwrap_err(), ProblemCode::PassportNotConfirmed);
    assert_eq!(entitled(&record(), Form::Overseas, Some("TZ7654321")).unwrap_err(), ProblemCode::PassportNotConfirmed);
}

/// At the counter, with the passport that lay there.
fn at_counter(record: &PersonRecord, form: Form, shown: Option<&Passport>) -> Result<Entitlement, ProblemCode> {
    let municipality = code("131016");
    entitle_at_counter(Some(record), CounterWish { municipality: &municipality, form, passport: shown }, TODAY)
}

#[test]
fn a_counter_serves_whom_a_terminal_refuses_but_no_record_that_contradicts_itself() {
    let mut record = record();
    record.restrictions = vec![Restriction::Protected];
    record.doses[0].trial = true;
    let content = at_counter(&record, Form::Domestic, None).unwrap().content(sample_id(), TODAY);
    assert_eq!(content.doses.iter().map(|dose| dose.number).collect::<Vec<_>>(), [1, 2]);
    record.doses.push(dose(1, "131016"));
    assert_eq!(at_counter(&record, Form::Domestic, None).err(), Some(ProblemCode::RecordHeld));
    record.doses.pop();
    record.restrictions.push(Restriction::Held);
    assert_eq!(at_counter(&record, Form::Domestic, None).err(), Some(ProblemCode::RecordHeld));
}

#[test]
fn a_counter_prints_the_passport_that_lay_there_while_it_is_valid() {
    let mut shown = passport("TN2223334");
    let content = at_counter(&record(), Form::Overseas, Some(&shown)).unwrap().content(sample_id(), TODAY);
    assert_eq!(content.passport.unwrap().number.as_str(), "TN2223334");
    assert_eq!(at_counter(&record(), Form::Overseas, None).err(), Some(ProblemCode::PassportNotConfirmed));
    shown.expires = TODAY.yesterday().unwrap();
    assert_eq!(at_counter(&record(), Form::Overseas, Some(&shown)).err(), Some(ProblemCode::PassportExpired));
}
