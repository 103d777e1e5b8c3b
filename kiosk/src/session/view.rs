//! What a screen shows: everything a window or a robot needs, and nothing of the machine behind it.

use jiff::Timestamp;
use shared::domain::certificate::ProofProfile;
use shared::domain::fee::Yen;
use shared::domain::identifiers::{CertificateId, IssuanceId, MunicipalityCode};
use shared::wire::holder::{FormOffer, MunicipalityOffer};
use shared::wire::problem::ProblemCode;
use shared::wire::terminal::CertificateOffer;

use super::bound_document::BoundDocument;
use super::choose::Comparison;
use super::closure::ClosureReason;
use super::effect::Receipt;
use super::event::PrintProgress;
use super::fault::{Fault, PaymentFault};
use super::identify::PreviousPin;
use crate::staff::view::StaffView;

/// One screen.
#[derive(Debug)]
pub enum View<'a> {
    /// The centre is asked whether the terminal may serve.
    Starting,
    /// The terminal cannot serve at the moment; it asks again by itself.
    Unavailable {
        /// Why.
        fault: Fault,
    },
    /// Outside the hours.
    Closed {
        /// When it opens next.
        opens: Timestamp,
    },
    /// Stopped by the operator.
    Stopped,
    /// The menu.
    Menu {
        /// What a copy costs.
        fee_per_copy: Yen,
    },
    /// Place the card.
    PlaceCard,
    /// Which certificate.
    ChooseKind {
        /// What is on offer.
        offers: &'a [CertificateOffer],
    },
    /// A device or the centre works.
    Working(Work),
    /// One try is left: go on?
    ConfirmLastTry {
        /// Which PIN.
        profile: ProofProfile,
        /// Whether one was typed before.
        previous: PreviousPin,
    },
    /// Type the PIN.
    EnterPin {
        /// Which PIN.
        profile: ProofProfile,
        /// Tries left, shown before typing.
        tries_left: u8,
        /// Whether one was typed before.
        previous: PreviousPin,
    },
    /// Take the card.
    TakeCard,
    /// Which municipality.
    ChooseMunicipality {
        /// Those that hold doses.
        offers: &'a [MunicipalityOffer],
    },
    /// Which form.
    ChooseForm {
        /// The municipality.
        municipality: &'a MunicipalityCode,
        /// Both, each open or with its reason.
        forms: &'a [FormOffer],
        /// Why the one last chosen cannot be had.
        notice: Option<ProblemCode>,
    },
    /// Type the passport number.
    ConfirmPassport {
        /// The registered number, masked.
        masked: &'a str,
        /// Where the comparison stands.
        comparison: Comparison,
    },
    /// How many copies.
    ChooseCopies {
        /// What a copy costs.
        fee_per_copy: Yen,
        /// The most.
        maximum: u8,
    },
    /// Read everything before paying.
    Preview {
        /// The document: content, pages, copies, fee.
        document: &'a BoundDocument,
    },
    /// Pay.
    Pay {
        /// To pay.
        fee: Yen,
        /// Inserted so far.
        inserted: Yen,
        /// Why the money last inserted came back.
        notice: Option<PaymentFault>,
    },
    /// Take paper and receipt.
    TakePaper {
        /// The receipt.
        receipt: &'a Receipt,
    },
    /// The paper was left; staff is called.
    PaperLeft {
        /// The issuance.
        issuance: &'a IssuanceId,
    },
    /// The end.
    Thanks {
        /// The certificate.
        certificate: &'a CertificateId,
        /// The receipt.
        receipt: &'a Receipt,
    },
    /// It ended without paper.
    Refused {
        /// Why.
        fault: Fault,
        /// The money that came back.
        returned: Yen,
        /// Whether a card still lies on the reader.
        card: CardReminder,
    },
    /// Take the card, please.
    CardLeft,
    /// Staff is needed.
    OutOfOrder {
        /// Why.
        fault: Fault,
    },
    /// Staff has taken the terminal out of service.
    OutOfService {
        /// Why.
        reason: ClosureReason,
        /// When it serves again, where that is known.
        opens: Option<Timestamp>,
    },
    /// Staff is there.
    Staff(StaffView<'a>),
}

impl View<'_> {
    /// The screen's name: two views of one name are the same screen with other contents.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Unavailable { .. } => "unavailable",
            Self::Closed { .. } => "closed",
            Self::Stopped => "stopped",
            Self::Menu { .. } => "menu",
            Self::PlaceCard => "place-card",
            Self::ChooseKind { .. } => "choose-kind",
            Self::Working(work) => work.name(),
            Self::ConfirmLastTry { .. } => "confirm-last-try",
            Self::EnterPin { .. } => "enter-pin",
            Self::TakeCard => "take-card",
            Self::ChooseMunicipality { .. } => "choose-municipality",
            Self::ChooseForm { .. } => "choose-form",
            Self::ConfirmPassport { .. } => "confirm-passport",
            Self::ChooseCopies { .. } => "choose-copies",
            Self::Preview { .. } => "preview",
            Self::Pay { .. } => "pay",
            Self::TakePaper { .. } => "take-paper",
            Self::PaperLeft { .. } => "paper-left",
            Self::Thanks { .. } => "thanks",
            Self::Refused { .. } => "refused",
            Self::CardLeft => "card-left",
            Self::OutOfOrder { .. } => "out-of-order",
            Self::OutOfService { .. } => "out-of-service",
            Self::Staff(view) => view.name(),
        }
    }
}

/// Who works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// The card tells the tries left.
    ReadingTries,
    /// The card proves its holder.
    ProvingHolder,
    /// The centre looks up what the holder may have.
    AskingRecords,
    /// The centre compares the passport number.
    ComparingPassport,
    /// The centre makes the certificate.
    MakingCertificate,
    /// The printer prints.
    Printing(PrintProgress),
    /// The printer is asked to stop.
    CancellingPrint,
}

impl Work {
    /// The screen's name.
    const fn name(self) -> &'static str {
        match self {
            Self::ReadingTries => "reading-tries",
            Self::ProvingHolder => "proving-holder",
            Self::AskingRecords => "asking-records",
            Self::ComparingPassport => "comparing-passport",
            Self::MakingCertificate => "making-certificate",
            Self::Printing(_) => "printing",
            Self::CancellingPrint => "cancelling-print",
        }
    }
}

/// Whether the resident must be reminded of the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardReminder {
    /// It lies on the reader.
    Take,
    /// It does not.
    Unneeded,
}
