//! Every stable code that a terminal or the centre shows: one name for each failure, the same for ever.

use crate::wire::problem::ProblemCode;

/// A code: the centre's own, or one of a program on this side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StableCode {
    /// What the centre refused.
    Center(ProblemCode),
    /// What a terminal, or the app's reference client, found by itself.
    Terminal(TerminalCode),
}

impl StableCode {
    /// Every code, the centre's first.
    pub fn all() -> impl Iterator<Item = Self> {
        let center = ProblemCode::ALL.into_iter().map(Self::Center);
        center.chain(TerminalCode::ALL.iter().copied().map(Self::Terminal))
    }

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Center(code) => code.as_str(),
            Self::Terminal(code) => code.as_str(),
        }
    }

    /// From the stable name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::all().find(|code| code.as_str() == text)
    }
}

impl std::fmt::Display for StableCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Writes the enum, the list of all and their names from one table: none can be left out.
macro_rules! terminal_codes {
    ($($(#[$doc:meta])+ $variant:ident = $name:literal,)+) => {
        /// What a terminal, or the app's reference client, finds by itself. The names never change their meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum TerminalCode {
            $($(#[$doc])+ $variant,)+
        }

        impl TerminalCode {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stable name.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

terminal_codes! {
    /// The smart card service does not run.
    ReaderServiceStopped = "reader-service-stopped",
    /// There is no reader.
    ReaderMissing = "reader-missing",
    /// There is no reader of that name.
    ReaderUnknown = "reader-unknown",
    /// The reader was unplugged or switched off.
    ReaderLost = "reader-lost",
    /// No card was placed.
    CardMissing = "card-missing",
    /// The card was taken away too early.
    CardRemoved = "card-removed",
    /// Another card lies there.
    CardSwapped = "card-swapped",
    /// Another program started the card anew.
    CardReset = "card-reset",
    /// Another program holds the card.
    CardOccupied = "card-occupied",
    /// The card is no My Number card.
    CardForeign = "card-foreign",
    /// The card cannot be read.
    CardUnreadable = "card-unreadable",
    /// The card's answer is none.
    CardAnswerMalformed = "card-answer-malformed",
    /// The card does not answer.
    CardSilent = "card-silent",
    /// The PIN is wrong.
    PinWrong = "pin-wrong",
    /// The PIN is locked.
    PinLocked = "pin-locked",
    /// The last try was not confirmed.
    PinLastTryUnconfirmed = "pin-last-try-unconfirmed",
    /// What was given is no PIN.
    PinMalformed = "pin-malformed",
    /// What was given is no passport number.
    PassportMalformed = "passport-malformed",
    /// The overseas form needs a passport number.
    PassportNeeded = "passport-needed",
    /// The overseas form needs a machine-readable zone.
    ZoneNeeded = "zone-needed",
    /// A municipality must be named.
    MunicipalityNeeded = "municipality-needed",
    /// The centre cannot be reached.
    CenterUnreachable = "center-unreachable",
    /// The centre did not answer in time.
    CenterTimedOut = "center-timed-out",
    /// The centre's answer cannot be understood.
    CenterGarbled = "center-garbled",
    /// The document is not what was asked for.
    DocumentNotAccepted = "document-not-accepted",
    /// Less than the fee was paid.
    PaymentInsufficient = "payment-insufficient",
    /// There is no change.
    PaymentNoChange = "payment-no-change",
    /// The coin or note is not taken.
    PaymentNotTaken = "payment-not-taken",
    /// Money is stuck.
    PaymentJammed = "payment-jammed",
    /// The money slot does not answer.
    PaymentUnreachable = "payment-unreachable",
    /// Money is owed.
    PaymentOwed = "payment-owed",
    /// The printer cannot be used.
    PrinterUnusable = "printer-unusable",
    /// There is no paper.
    PrinterOutOfPaper = "printer-out-of-paper",
    /// Paper is stuck.
    PrinterJammed = "printer-jammed",
    /// The printer's door is open.
    PrinterDoorOpen = "printer-door-open",
    /// There is no toner.
    PrinterOutOfToner = "printer-out-of-toner",
    /// The printer is stopped.
    PrinterHeld = "printer-held",
    /// The job was cancelled at the printer.
    PrinterCancelledThere = "printer-cancelled-there",
    /// The printer has another job.
    PrinterOccupied = "printer-occupied",
    /// The printer took too long.
    PrinterTooSlow = "printer-too-slow",
    /// Whether paper came out is not known.
    PrinterUnknown = "printer-unknown",
    /// The journal cannot be written.
    JournalUnwritable = "journal-unwritable",
    /// The journal was altered.
    JournalAltered = "journal-altered",
    /// There are no random numbers.
    RandomUnavailable = "random-unavailable",
    /// An earlier transaction waits for the staff.
    StaffNeeded = "staff-needed",
    /// Nobody touched the terminal.
    Abandoned = "abandoned",
    /// The resident cancelled.
    Cancelled = "cancelled",
    /// The configuration is wrong.
    ConfigurationWrong = "configuration-wrong",
    /// Software cards are not accepted.
    SoftwareCardRefused = "software-card-refused",
    /// The software card cannot be used.
    SoftwareCardUnusable = "software-card-unusable",
    /// The cassette cannot be used.
    CassetteUnusable = "cassette-unusable",
    /// Another program runs on this terminal.
    TerminalInUse = "terminal-in-use",
    /// A device cannot be started.
    DeviceUnusable = "device-unusable",
    /// A file cannot be used.
    FileUnusable = "file-unusable",
    /// The app is too old.
    AppOutdated = "app-outdated",
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_name_stands_for_two_failures() {
        let names: BTreeSet<&str> = StableCode::all().map(StableCode::as_str).collect();
        assert_eq!(names.len(), ProblemCode::ALL.len() + TerminalCode::ALL.len());
        for code in StableCode::all() {
            assert_eq!(StableCode::parse(code.as_str()), Some(code));
            assert!(
                code.as_str().bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            );
        }
    }
}
