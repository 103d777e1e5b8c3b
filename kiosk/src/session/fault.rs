//! Why a dialogue ended without paper: one value for each thing a resident or the staff does differently.

use shared::binding::BindingError;
use shared::domain::fee::Yen;
use shared::stable_code::{StableCode, TerminalCode};
use shared::wire::problem::ProblemCode;

/// Why a dialogue ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The card or its reader.
    #[error(transparent)]
    Card(CardFault),
    /// The PIN.
    #[error(transparent)]
    Pin(PinFault),
    /// The centre refused.
    #[error("{}", .0.title())]
    Refused(ProblemCode),
    /// The centre gave no usable answer.
    #[error(transparent)]
    Center(CenterTrouble),
    /// The document does not belong to this dialogue.
    #[error("the document was not accepted: {0}")]
    Document(DocumentFault),
    /// The money.
    #[error(transparent)]
    Payment(PaymentFault),
    /// The printer.
    #[error(transparent)]
    Printer(PrinterFault),
    /// The terminal cannot write its journal.
    #[error("the terminal cannot write its journal")]
    Journal,
    /// The terminal cannot draw random numbers.
    #[error("the terminal cannot draw random numbers")]
    Random,
    /// Staff has not settled an earlier transaction yet.
    #[error("an earlier transaction waits for the staff")]
    Unresolved,
    /// Nobody touched the terminal.
    #[error("nobody touched the terminal for too long")]
    Abandoned,
    /// The resident cancelled.
    #[error("the resident cancelled")]
    Cancelled,
}

/// What is wrong with the card or its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum CardFault {
    /// The smart card service does not run.
    #[error("the smart card service does not run")]
    ServiceStopped,
    /// There is no reader.
    #[error("no card reader is connected")]
    ReaderMissing,
    /// The reader's name is unknown.
    #[error("there is no card reader of that name")]
    ReaderUnknown,
    /// The reader was unplugged or switched off while it was used.
    #[error("the card reader is gone")]
    ReaderLost,
    /// No card was placed.
    #[error("there is no card on the reader")]
    CardMissing,
    /// The card was pulled before it was done.
    #[error("the card was removed too early")]
    Removed,
    /// Another card lies where the first one lay.
    #[error("the card was exchanged for another one")]
    Swapped,
    /// Another program started the card anew.
    #[error("another program reset the card")]
    Reset,
    /// Another program holds the card.
    #[error("another program uses the card")]
    Occupied,
    /// The card is another kind of card.
    #[error("the card is not a My Number card")]
    ForeignCard,
    /// The card refuses what every My Number card does, or cannot be powered.
    #[error("the card cannot be read")]
    Unreadable,
    /// The card or the reader gave an answer that is none: empty, too short, too long, endless.
    #[error("the card's answer is no answer")]
    Malformed,
    /// The card takes too long.
    #[error("the card does not answer")]
    Silent,
}

/// What is wrong with the PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PinFault {
    /// It is wrong; so many tries are left.
    #[error("the PIN is wrong; tries left: {tries_left}")]
    Wrong {
        /// Tries left.
        tries_left: u8,
    },
    /// No try is left.
    #[error("the PIN is locked; the municipal office unlocks it (tries left: 0)")]
    Locked,
    /// One try is left and nobody confirmed its use.
    #[error("the PIN has one try left, and its use was not confirmed (tries left: 1)")]
    LastTryUnconfirmed,
}

/// Why the centre gave no usable answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CenterTrouble {
    /// It cannot be reached.
    #[error("the centre cannot be reached")]
    Unreachable,
    /// It did not answer in time.
    #[error("the centre did not answer in time")]
    TimedOut,
    /// It answered something else than agreed.
    #[error("the centre's answer cannot be understood")]
    Garbled,
}

/// Why a document is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DocumentFault {
    /// The binding does not hold.
    #[error("{0}")]
    Binding(BindingError),
    /// The content names another person than the card.
    #[error("its content names another person than the card")]
    Person,
    /// The fee is not what the copies cost.
    #[error("its fee is not what the copies cost")]
    Fee,
}

/// What is wrong with the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PaymentFault {
    /// Less was inserted than the fee.
    #[error("{inserted} were inserted, the fee is {fee}; the money was given back")]
    Insufficient {
        /// Inserted.
        inserted: Yen,
        /// The fee.
        fee: Yen,
    },
    /// There is no change for what was inserted.
    #[error("there is no change for what was inserted; the money was given back")]
    NoChange,
    /// What was thrown in is not taken here.
    #[error("this coin or note is not taken here")]
    NotTaken,
    /// Coins and notes cannot move.
    #[error(transparent)]
    Acceptor(AcceptorFault),
    /// The terminal could not give out all it had to; staff gives the rest.
    #[error("{owed} could not be given out; staff is called")]
    Owed {
        /// What is missing.
        owed: Yen,
    },
}

/// What is wrong with the device that moves coins and notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum AcceptorFault {
    /// Something is stuck in it.
    #[error("money is stuck in the slot")]
    Jammed,
    /// It cannot be asked.
    #[error("the money slot does not answer")]
    Unreachable,
}

/// What is wrong with the printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum PrinterFault {
    /// It cannot be reached, or its folder cannot be written.
    #[error("the printer cannot be used")]
    Unusable,
    /// It has no more room or paper.
    #[error("the printer is out of paper")]
    OutOfPaper,
    /// Paper is stuck.
    #[error("paper is stuck in the printer")]
    Jammed,
    /// Its door is open.
    #[error("the printer's door is open")]
    DoorOpen,
    /// It has no toner.
    #[error("the printer is out of toner")]
    OutOfToner,
    /// Staff stopped it, or holds its jobs back.
    #[error("the printer is stopped, or holds the job back")]
    Held,
    /// Somebody cancelled the job at the printer; nothing came out.
    #[error("the job was cancelled at the printer; nothing was printed")]
    CancelledThere,
    /// It still has another job; a new one would meet that one's paper.
    #[error("the printer still has another job")]
    Occupied,
    /// It took too long; nothing came out.
    #[error("the printer took too long; nothing was printed")]
    TooSlow,
    /// Whether paper came out is not known.
    #[error("whether paper came out is not known; staff is called")]
    Unknown,
}

impl Fault {
    /// The stable name, for programs.
    pub const fn code(self) -> &'static str {
        self.stable_code().as_str()
    }

    /// The code under which the error book tells of it.
    pub const fn stable_code(self) -> StableCode {
        StableCode::Terminal(match self {
            Self::Card(fault) => fault.stable_code(),
            Self::Pin(PinFault::Wrong { .. }) => TerminalCode::PinWrong,
            Self::Pin(PinFault::Locked) => TerminalCode::PinLocked,
            Self::Pin(PinFault::LastTryUnconfirmed) => TerminalCode::PinLastTryUnconfirmed,
            Self::Refused(code) => return StableCode::Center(code),
            Self::Center(CenterTrouble::Unreachable) => TerminalCode::CenterUnreachable,
            Self::Center(CenterTrouble::TimedOut) => TerminalCode::CenterTimedOut,
            Self::Center(CenterTrouble::Garbled) => TerminalCode::CenterGarbled,
            Self::Document(_) => TerminalCode::DocumentNotAccepted,
            Self::Payment(PaymentFault::Insufficient { .. }) => TerminalCode::PaymentInsufficient,
            Self::Payment(PaymentFault::NoChange) => TerminalCode::PaymentNoChange,
            Self::Payment(PaymentFault::NotTaken) => TerminalCode::PaymentNotTaken,
            Self::Payment(PaymentFault::Acceptor(AcceptorFault::Jammed)) => TerminalCode::PaymentJammed,
            Self::Payment(PaymentFault::Acceptor(AcceptorFault::Unreachable)) => TerminalCode::PaymentUnreachable,
            Self::Payment(PaymentFault::Owed { .. }) => TerminalCode::PaymentOwed,
            Self::Printer(fault) => fault.stable_code(),
            Self::Journal => TerminalCode::JournalUnwritable,
            Self::Random => TerminalCode::RandomUnavailable,
            Self::Unresolved => TerminalCode::StaffNeeded,
            Self::Abandoned => TerminalCode::Abandoned,
            Self::Cancelled => TerminalCode::Cancelled,
        })
    }

    /// The exit status of a program that ended with it.
    pub const fn exit_status(self) -> u8 {
        match self {
            Self::Card(_) => 10,
            Self::Pin(_) => 11,
            Self::Refused(code) => refusal_status(code),
            Self::Abandoned | Self::Cancelled => 12,
            Self::Center(_) => 13,
            Self::Printer(_) | Self::Unresolved => 14,
            Self::Payment(_) => 16,
            Self::Document(_) | Self::Journal | Self::Random => 70,
        }
    }
}

const fn refusal_status(code: ProblemCode) -> u8 {
    match code {
        ProblemCode::OutOfHours => 15,
        ProblemCode::RateLimited
        | ProblemCode::Busy
        | ProblemCode::StoreUnavailable
        | ProblemCode::ServiceStopped
        | ProblemCode::Internal
        | ProblemCode::RevocationUnavailable
        | ProblemCode::IssuanceInProgress => 13,
        ProblemCode::MalformedRequest
        | ProblemCode::NotFound
        | ProblemCode::MethodNotAllowed
        | ProblemCode::RequestTooLarge
        | ProblemCode::UnsupportedMediaType
        | ProblemCode::IdempotencyKeyReused
        | ProblemCode::OutcomeConflict => 70,
        ProblemCode::TerminalUnknown
        | ProblemCode::TerminalOutdated
        | ProblemCode::ClockSkew
        | ProblemCode::ChallengeRefused
        | ProblemCode::CardNotGenuine
        | ProblemCode::HolderSignatureInvalid
        | ProblemCode::CertificateUntrusted
        | ProblemCode::CertificateExpired
        | ProblemCode::CertificateNotYetValid
        | ProblemCode::CertificateRevoked
        | ProblemCode::CertificateWrongPurpose
        | ProblemCode::HolderSessionUnknown
        | ProblemCode::NoRecord
        | ProblemCode::RecordHeld
        | ProblemCode::PersonProtected
        | ProblemCode::MunicipalityNotParticipating
        | ProblemCode::MunicipalitySuspended
        | ProblemCode::MunicipalityWithoutRecord
        | ProblemCode::ChainNotParticipating
        | ProblemCode::PassportNotRegistered
        | ProblemCode::PassportExpired
        | ProblemCode::TravelDocumentNotPassport
        | ProblemCode::TrialDose
        | ProblemCode::PassportMismatch
        | ProblemCode::PassportAttemptsExceeded
        | ProblemCode::PassportNotConfirmed
        | ProblemCode::PassportUnreadable
        | ProblemCode::PassportOfAnotherPerson
        | ProblemCode::CopiesOutOfRange
        | ProblemCode::CertificateNotPrintable
        | ProblemCode::IssuanceWithdrawn => 12,
    }
}

impl CardFault {
    /// The stable name, for programs.
    pub const fn code(self) -> &'static str {
        self.stable_code().as_str()
    }

    /// The code under which the error book tells of it.
    pub const fn stable_code(self) -> TerminalCode {
        match self {
            Self::ServiceStopped => TerminalCode::ReaderServiceStopped,
            Self::ReaderMissing => TerminalCode::ReaderMissing,
            Self::ReaderUnknown => TerminalCode::ReaderUnknown,
            Self::ReaderLost => TerminalCode::ReaderLost,
            Self::CardMissing => TerminalCode::CardMissing,
            Self::Removed => TerminalCode::CardRemoved,
            Self::Swapped => TerminalCode::CardSwapped,
            Self::Reset => TerminalCode::CardReset,
            Self::Occupied => TerminalCode::CardOccupied,
            Self::ForeignCard => TerminalCode::CardForeign,
            Self::Unreadable => TerminalCode::CardUnreadable,
            Self::Malformed => TerminalCode::CardAnswerMalformed,
            Self::Silent => TerminalCode::CardSilent,
        }
    }
}

impl PrinterFault {
    /// The stable name, for programs.
    pub const fn code(self) -> &'static str {
        self.stable_code().as_str()
    }

    /// The code under which the error book tells of it.
    pub const fn stable_code(self) -> TerminalCode {
        match self {
            Self::Unusable => TerminalCode::PrinterUnusable,
            Self::OutOfPaper => TerminalCode::PrinterOutOfPaper,
            Self::Jammed => TerminalCode::PrinterJammed,
            Self::DoorOpen => TerminalCode::PrinterDoorOpen,
            Self::OutOfToner => TerminalCode::PrinterOutOfToner,
            Self::Held => TerminalCode::PrinterHeld,
            Self::CancelledThere => TerminalCode::PrinterCancelledThere,
            Self::Occupied => TerminalCode::PrinterOccupied,
            Self::TooSlow => TerminalCode::PrinterTooSlow,
            Self::Unknown => TerminalCode::PrinterUnknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_centre_cannot_do_now_never_looks_like_a_refusal_of_the_person() {
        for code in [ProblemCode::Busy, ProblemCode::StoreUnavailable, ProblemCode::RevocationUnavailable] {
            assert_eq!(Fault::Refused(code).exit_status(), 13);
        }
        assert_eq!(Fault::Refused(ProblemCode::NoRecord).exit_status(), 12);
        assert_eq!(Fault::Refused(ProblemCode::OutOfHours).exit_status(), 15);
    }

    #[test]
    fn every_refusal_keeps_the_centres_own_code() {
        for code in ProblemCode::ALL {
            assert_eq!(Fault::Refused(code).code(), code.as_str());
        }
    }
}
