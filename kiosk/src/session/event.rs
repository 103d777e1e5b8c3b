//! What happens to a dialogue: the resident, the devices, the centre, time.

use std::fmt;

use shared::card::pin::{Pin, PinStatus};
use shared::domain::certificate::{CertificateKind, Form};
use shared::domain::identifiers::{MunicipalityCode, TransactionId};
use shared::domain::passport::PassportNumber;
use shared::wire::challenge::ChallengeAnswer;
use shared::wire::holder::{HolderAnswer, HolderProof};
use shared::wire::issuance::IssuanceAnswer;
use shared::wire::problem::Problem;
use shared::wire::terminal::TerminalAnswer;

use super::bound_document::CardIdentity;
use super::closure::Closure;
use super::effect::{Effect, PayOut};
use super::fault::{AcceptorFault, CardFault, CenterTrouble, Fault, PrinterFault};
use crate::coins::{Coins, Denomination};

/// Something that happened.
#[derive(Debug)]
pub enum Event {
    /// The resident wants a certificate.
    Begun,
    /// The kind of certificate was chosen.
    KindChosen(CertificateKind),
    /// The resident was told that one try is left, and goes on.
    LastTryConfirmed,
    /// Four digits were typed.
    PinEntered(Pin),
    /// The municipality was chosen.
    MunicipalityChosen(MunicipalityCode),
    /// The form was chosen.
    FormChosen(Form),
    /// The passport number was typed.
    PassportTyped(PassportNumber),
    /// The copies were chosen.
    CopiesChosen(u8),
    /// The resident read the content and agrees.
    ContentConfirmed,
    /// One screen back.
    Back,
    /// The resident cancels.
    Cancelled,
    /// The screen was touched.
    Touched,
    /// The resident read why it ended.
    Acknowledged,

    /// Somebody wants to the staff's screens. Heard only where no resident is.
    StaffCame,
    /// The staff's code was right.
    StaffAdmitted,
    /// Staff has decided everything that kept the terminal from serving.
    StaffSettled,
    /// Staff goes; what was repaired is tried anew, and the terminal is closed for a reason or open.
    StaffLeft(Option<Closure>),

    /// A card lies on the reader.
    CardPlaced,
    /// The card is gone.
    CardRemoved,
    /// The card cannot be had any more: the reader or the service is gone, or another card lies there.
    CardLost(CardFault),
    /// The card answers.
    Card {
        /// The dialogue that asked.
        transaction: TransactionId,
        /// The answer.
        answer: CardAnswer,
    },
    /// The centre says whether this terminal may serve.
    Greeted(Result<Box<TerminalAnswer>, CenterFault>),
    /// The centre answers.
    Center {
        /// The dialogue that asked.
        transaction: TransactionId,
        /// The answer.
        answer: CenterAnswer,
    },
    /// The centre's thread ended or stands still: nothing it was asked is answered.
    CenterLost,
    /// The printer's thread ended or stands still: whether paper comes is not known.
    PrinterLost,
    /// A coin or note was taken.
    MoneyInserted(Denomination),
    /// The slot is open.
    AcceptorReady,
    /// Something was thrown in that is not taken; it fell through.
    MoneyRejected,
    /// Coins and notes cannot move.
    AcceptorFailed(AcceptorFault),
    /// Money was given out, or less of it than was asked.
    PaidOut {
        /// What was asked.
        order: PayOut,
        /// What really left.
        given: Coins,
    },
    /// The printer answers.
    Printer {
        /// The dialogue that asked.
        transaction: TransactionId,
        /// The answer.
        answer: PrinterAnswer,
    },
    /// The paper was taken out of the tray.
    PaperTaken,
    /// A timer ran out.
    TimedOut(TimerId),
    /// A record could not be made durable; what was to follow it did not happen and comes back.
    JournalFailed {
        /// The effects that were not carried out.
        undone: Vec<Effect>,
    },
}

/// Which setting of the timer ran out; a later setting makes it meaningless.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimerId(pub(super) u64);

/// What the card reader answers.
#[derive(Debug)]
pub enum CardAnswer {
    /// The tries left.
    Tries(PinStatus),
    /// The proof was made.
    Proven(Box<CardProof>),
    /// The PIN was wrong; so many tries are left.
    PinWrong {
        /// Tries left.
        tries_left: u8,
    },
    /// The PIN is blocked.
    PinBlocked,
    /// The card or the reader failed.
    Failed(CardFault),
}

/// What a card gave after its PIN.
pub struct CardProof {
    /// For the centre.
    pub proof: HolderProof,
    /// For this terminal's own comparison.
    pub identity: CardIdentity,
}

impl fmt::Debug for CardProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardProof(..)")
    }
}

/// What the centre answers.
#[derive(Debug)]
pub enum CenterAnswer {
    /// A challenge for the card.
    Challenge(Result<ChallengeAnswer, CenterFault>),
    /// What the holder may have.
    Holder(Result<HolderAnswer, CenterFault>),
    /// The passport number matches, or not.
    Passport(Result<(), CenterFault>),
    /// The bound document.
    Issuance(Result<Box<IssuanceAnswer>, CenterFault>),
}

/// Why the centre's answer is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CenterFault {
    /// No usable answer came.
    Trouble(CenterTrouble),
    /// The centre says no.
    Problem(Box<Problem>),
}

impl CenterFault {
    /// Why a dialogue ends with it.
    pub const fn fault(&self) -> Fault {
        match self {
            Self::Trouble(trouble) => Fault::Center(*trouble),
            Self::Problem(problem) => Fault::Refused(problem.code),
        }
    }
}

/// How far a print has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PrintProgress {
    /// Sides that came out, as far as the printer counts them.
    pub sides_done: u16,
    /// Sides of all copies together.
    pub sides: u16,
    /// What keeps the printer from going on, while it does not.
    pub trouble: Option<PrinterFault>,
}

/// What the printer answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrinterAnswer {
    /// It prints; the end will follow.
    Working(PrintProgress),
    /// It has ended.
    Ended(PrintEnd),
}

/// How a print ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrintEnd {
    /// Every copy lies in the tray.
    Presented,
    /// Nothing came out, and nothing will.
    Failed(PrinterFault),
    /// Something may have come out.
    Unknown,
}
