//! What a municipality's consents open, and what is missing for the rest: one table for rules and pages.

use shared::records::TermsDocument;

use crate::store::terms::{Agreements, Assessment, Profile};
use crate::vrs::impact::{self, Figures};

/// A thing that a municipality's consents open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// Issue at terminals in stores.
    Kiosk,
    /// Issue through the phone app.
    App,
    /// Inquiries about persons who moved, without their consent.
    Inquiries,
}

/// Why something is not open, or should be seen to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// A document was not agreed to in its present version.
    Document(TermsDocument),
    /// The municipality suspended it.
    Suspended,
    /// The impact assessment that the threshold asks for is not done.
    Assessment,
    /// No contact is named for residents.
    Contact,
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// What.
    pub service: Service,
    /// Whether the next request finds it open.
    pub open: bool,
    /// What bars it.
    pub barred_by: Vec<Missing>,
    /// What does not bar it and should be seen to.
    pub advised: Vec<Missing>,
}

impl Service {
    /// Every service, in the order of the table.
    pub const ALL: [Self; 3] = [Self::Kiosk, Self::App, Self::Inquiries];

    /// The documents that it takes.
    pub const fn documents(self) -> &'static [TermsDocument] {
        match self {
            Self::Kiosk => &[TermsDocument::Confirmation, TermsDocument::KioskTerms],
            Self::App => &[TermsDocument::Confirmation],
            Self::Inquiries => &[TermsDocument::Confirmation, TermsDocument::ConfirmationAddition],
        }
    }

    /// What bars it now.
    pub fn barriers(self, agreements: &Agreements) -> Vec<Missing> {
        let missing = self.documents().iter().copied().filter(|document| !agreements.cover(*document));
        let suspended = (self == Self::Kiosk && agreements.suspended).then_some(Missing::Suspended);
        missing.map(Missing::Document).chain(suspended).collect()
    }

    /// Whether it is open now.
    pub fn is_open(self, agreements: &Agreements) -> bool {
        self.barriers(agreements).is_empty()
    }
}

/// The table of a municipality.
pub fn openings(agreements: &Agreements, profile: &Profile) -> Vec<Opening> {
    let duty = impact::judge(&Figures::from(profile));
    let assessment = (duty.is_binding() && profile.assessment != Assessment::Done).then_some(Missing::Assessment);
    let contact = profile.contact.is_empty().then_some(Missing::Contact);
    let advised: Vec<_> = assessment.into_iter().chain(contact).collect();
    Service::ALL
        .into_iter()
        .map(|service| {
            let barred_by = service.barriers(agreements);
            Opening { service, open: barred_by.is_empty(), barred_by, advised: advised.clone() }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use shared::records::Agreement;

    use super::*;

    fn agreements(documents: &[(TermsDocument, u16)]) -> Agreements {
        let documents = documents.iter().map(|&(document, version)| Agreement { document, version }).collect();
        Agreements { documents, suspended: false }
    }

    #[test]
    fn each_service_opens_by_its_own_documents_only() {
        use TermsDocument::{Confirmation, ConfirmationAddition, KioskTerms};
        let open = |documents: &[(TermsDocument, u16)]| {
            let agreements = agreements(documents);
            Service::ALL.map(|service| service.is_open(&agreements))
        };
        assert_eq!(open(&[]), [false, false, false]);
        assert_eq!(open(&[(Confirmation, 2)]), [false, true, false]);
        assert_eq!(open(&[(Confirmation, 2), (KioskTerms, 1)]), [true, true, false]);
        assert_eq!(open(&[(Confirmation, 2), (ConfirmationAddition, 1)]), [false, true, true]);
        assert_eq!(open(&[(KioskTerms, 1), (ConfirmationAddition, 1)]), [false, false, false]);
        assert_eq!(open(&[(Confirmation, 1), (KioskTerms, 1)]), [false, false, false], "the renewed one is needed");
    }

    #[test]
    fn suspending_closes_terminals_and_nothing_else() {
        use TermsDocument::{Confirmation, ConfirmationAddition, KioskTerms};
        let mut agreements = agreements(&[(Confirmation, 2), (ConfirmationAddition, 1), (KioskTerms, 1)]);
        agreements.suspended = true;
        assert_eq!(Service::Kiosk.barriers(&agreements), [Missing::Suspended]);
        assert!(Service::App.is_open(&agreements) && Service::Inquiries.is_open(&agreements));
    }
}
