//! The sentence and the advice for every failure: a new one does not compile until its words are written.

use fluent_bundle::FluentValue;
use shared::wire::problem::ProblemCode;

use crate::session::fault::{AcceptorFault, CardFault, CenterTrouble, Fault, PaymentFault, PinFault, PrinterFault};
use crate::text::Sentence;

/// The sentence of a fault.
pub fn sentence(fault: Fault) -> Sentence {
    match fault {
        Fault::Card(fault) => plain(card(fault)),
        Fault::Pin(fault) => pin(fault),
        Fault::Refused(code) => problem(code),
        Fault::Center(CenterTrouble::Unreachable) => plain("fault-center-unreachable"),
        Fault::Center(CenterTrouble::TimedOut) => plain("fault-center-timed-out"),
        Fault::Center(CenterTrouble::Garbled) => plain("fault-center-garbled"),
        Fault::Document(_) => plain("fault-document"),
        Fault::Payment(fault) => payment(fault),
        Fault::Printer(fault) => plain(printer(fault)),
        Fault::Journal => plain("fault-journal"),
        Fault::Random => plain("fault-random"),
        Fault::Unresolved => plain("fault-unresolved"),
        Fault::Abandoned => plain("fault-abandoned"),
        Fault::Cancelled => plain("fault-cancelled"),
    }
}

/// The sentence of a refusal by the centre.
pub const fn problem(code: ProblemCode) -> Sentence {
    plain(match code {
        ProblemCode::MalformedRequest
        | ProblemCode::NotFound
        | ProblemCode::MethodNotAllowed
        | ProblemCode::RequestTooLarge
        | ProblemCode::UnsupportedMediaType
        | ProblemCode::IdempotencyKeyReused
        | ProblemCode::OutcomeConflict
        | ProblemCode::PassportUnreadable
        | ProblemCode::PassportOfAnotherPerson => "problem-terminal-fault",
        ProblemCode::TerminalUnknown => "problem-terminal-unknown",
        ProblemCode::TerminalOutdated => "problem-terminal-outdated",
        ProblemCode::ClockSkew => "problem-clock-skew",
        ProblemCode::RateLimited | ProblemCode::Busy => "problem-busy",
        ProblemCode::StoreUnavailable => "problem-store-unavailable",
        ProblemCode::ServiceStopped => "problem-service-stopped",
        ProblemCode::OutOfHours => "problem-out-of-hours",
        ProblemCode::Internal => "problem-internal",
        ProblemCode::ChallengeRefused => "problem-challenge",
        ProblemCode::CardNotGenuine => "problem-card-not-genuine",
        ProblemCode::HolderSignatureInvalid => "problem-holder-signature",
        ProblemCode::CertificateUntrusted => "problem-certificate-untrusted",
        ProblemCode::CertificateExpired => "problem-certificate-expired",
        ProblemCode::CertificateNotYetValid => "problem-certificate-not-yet-valid",
        ProblemCode::CertificateRevoked => "problem-certificate-revoked",
        ProblemCode::CertificateWrongPurpose => "problem-certificate-purpose",
        ProblemCode::RevocationUnavailable => "problem-revocation-unavailable",
        ProblemCode::HolderSessionUnknown => "problem-session-unknown",
        ProblemCode::NoRecord => "problem-no-record",
        ProblemCode::RecordHeld => "problem-record-held",
        ProblemCode::PersonProtected => "problem-person-protected",
        ProblemCode::MunicipalityNotParticipating => "problem-municipality-out",
        ProblemCode::MunicipalitySuspended => "problem-municipality-suspended",
        ProblemCode::MunicipalityWithoutRecord => "problem-municipality-empty",
        ProblemCode::ChainNotParticipating => "problem-chain-out",
        ProblemCode::PassportNotRegistered => "problem-passport-unregistered",
        ProblemCode::PassportExpired => "problem-passport-expired",
        ProblemCode::TravelDocumentNotPassport => "problem-travel-document",
        ProblemCode::TrialDose => "problem-trial-dose",
        ProblemCode::PassportMismatch => "problem-passport-mismatch",
        ProblemCode::PassportAttemptsExceeded => "problem-passport-attempts",
        ProblemCode::PassportNotConfirmed => "problem-passport-unconfirmed",
        ProblemCode::CopiesOutOfRange => "problem-copies",
        ProblemCode::CertificateNotPrintable => "problem-not-printable",
        ProblemCode::IssuanceInProgress => "problem-in-progress",
        ProblemCode::IssuanceWithdrawn => "problem-withdrawn",
    })
}

/// The sentence of a fault of the money.
pub fn payment(fault: PaymentFault) -> Sentence {
    match fault {
        PaymentFault::Insufficient { inserted, fee } => Sentence {
            key: "fault-payment-short",
            values: vec![("inserted", FluentValue::from(inserted.0)), ("fee", FluentValue::from(fee.0))],
        },
        PaymentFault::NoChange => plain("fault-payment-change"),
        PaymentFault::NotTaken => plain("fault-payment-not-taken"),
        PaymentFault::Acceptor(AcceptorFault::Jammed) => plain("fault-payment-jam"),
        PaymentFault::Acceptor(AcceptorFault::Unreachable) => plain("fault-payment-slot"),
        PaymentFault::Owed { owed } => {
            Sentence { key: "fault-payment-owed", values: vec![("amount", FluentValue::from(owed.0))] }
        }
    }
}

fn pin(fault: PinFault) -> Sentence {
    match fault {
        PinFault::Wrong { tries_left } => {
            Sentence { key: "fault-pin-wrong", values: vec![("count", FluentValue::from(tries_left))] }
        }
        PinFault::Locked => plain("fault-pin-locked"),
        PinFault::LastTryUnconfirmed => plain("fault-pin-last-try"),
    }
}

const fn card(fault: CardFault) -> &'static str {
    match fault {
        CardFault::ServiceStopped => "fault-card-service",
        CardFault::ReaderMissing | CardFault::ReaderUnknown | CardFault::ReaderLost => "fault-card-reader",
        CardFault::CardMissing => "fault-card-missing",
        CardFault::Removed => "fault-card-removed",
        CardFault::Swapped => "fault-card-swapped",
        CardFault::Occupied | CardFault::Reset => "fault-card-occupied",
        CardFault::ForeignCard => "fault-card-foreign",
        CardFault::Unreadable | CardFault::Malformed => "fault-card-unreadable",
        CardFault::Silent => "fault-card-silent",
    }
}

const fn printer(fault: PrinterFault) -> &'static str {
    match fault {
        PrinterFault::Unusable => "fault-printer-unusable",
        PrinterFault::OutOfPaper => "fault-printer-paper",
        PrinterFault::Jammed => "fault-printer-jam",
        PrinterFault::DoorOpen => "fault-printer-door",
        PrinterFault::OutOfToner => "fault-printer-toner",
        PrinterFault::Held => "fault-printer-held",
        PrinterFault::CancelledThere => "fault-printer-cancelled",
        PrinterFault::Occupied => "fault-printer-occupied",
        PrinterFault::TooSlow => "fault-printer-slow",
        PrinterFault::Unknown => "fault-printer-unknown",
    }
}

const fn plain(key: &'static str) -> Sentence {
    Sentence { key, values: Vec::new() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::text::tests::messages;
    use crate::text::{Language, Texts};

    #[test]
    fn every_refusal_has_its_sentence_and_its_advice_in_every_language() {
        let texts = Texts::load().unwrap();
        for language in Language::ALL {
            let speech = texts.speech(language);
            let known = messages(language);
            for code in ProblemCode::ALL {
                let sentence = problem(code);
                assert!(known.contains_key(&format!("{}.advice", sentence.key)), "{code:?}");
                assert_ne!(speech.say_sentence(&sentence), speech.advise(&sentence));
            }
        }
    }

    #[test]
    fn a_crowded_centre_is_never_said_to_have_no_record() {
        let keys: BTreeSet<&str> =
            [ProblemCode::NoRecord, ProblemCode::Busy, ProblemCode::StoreUnavailable, ProblemCode::Internal]
                .map(|code| problem(code).key)
                .into();
        assert_eq!(keys.len(), 4);
    }

    #[test]
    fn no_sentence_of_a_fault_is_unused() {
        let mut used: BTreeSet<&str> = ProblemCode::ALL.map(|code| problem(code).key).into();
        let faults = [
            Fault::Card(CardFault::ServiceStopped),
            Fault::Card(CardFault::ReaderMissing),
            Fault::Card(CardFault::CardMissing),
            Fault::Card(CardFault::Removed),
            Fault::Card(CardFault::Swapped),
            Fault::Card(CardFault::Occupied),
            Fault::Card(CardFault::ForeignCard),
            Fault::Card(CardFault::Unreadable),
            Fault::Card(CardFault::Silent),
            Fault::Pin(PinFault::Wrong { tries_left: 2 }),
            Fault::Pin(PinFault::Locked),
            Fault::Pin(PinFault::LastTryUnconfirmed),
            Fault::Center(CenterTrouble::Unreachable),
            Fault::Center(CenterTrouble::TimedOut),
            Fault::Center(CenterTrouble::Garbled),
            Fault::Document(crate::session::fault::DocumentFault::Fee),
            Fault::Payment(PaymentFault::NoChange),
            Fault::Payment(PaymentFault::NotTaken),
            Fault::Payment(PaymentFault::Acceptor(AcceptorFault::Jammed)),
            Fault::Payment(PaymentFault::Acceptor(AcceptorFault::Unreachable)),
            Fault::Payment(PaymentFault::Owed { owed: shared::domain::fee::Yen(10) }),
            Fault::Payment(PaymentFault::Insufficient {
                inserted: shared::domain::fee::Yen(100),
                fee: shared::domain::fee::Yen(120),
            }),
            Fault::Printer(PrinterFault::Unusable),
            Fault::Printer(PrinterFault::OutOfPaper),
            Fault::Printer(PrinterFault::Jammed),
            Fault::Printer(PrinterFault::DoorOpen),
            Fault::Printer(PrinterFault::OutOfToner),
            Fault::Printer(PrinterFault::Held),
            Fault::Printer(PrinterFault::CancelledThere),
            Fault::Printer(PrinterFault::Occupied),
            Fault::Printer(PrinterFault::TooSlow),
            Fault::Printer(PrinterFault::Unknown),
            Fault::Journal,
            Fault::Random,
            Fault::Unresolved,
            Fault::Abandoned,
            Fault::Cancelled,
        ];
        used.extend(faults.map(|fault| sentence(fault).key));
        let known = messages(Language::Japanese);
        let advised: BTreeSet<&str> = known.keys().filter_map(|key| key.strip_suffix(".advice")).collect();
        assert_eq!(used, advised);
    }
}
