//! What a dialogue wants done: data, so that a test can look at it and a replay can repeat it.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared::card::pin::{LastTryConfirmed, Pin};
use shared::domain::certificate::ProofProfile;
use shared::domain::fee::Yen;
use shared::domain::identifiers::{
    CertificateId, HolderSessionId, IdempotencyKey, IssuanceId, TerminalId, TransactionId,
};
use shared::proof::Digest;
use shared::wire::challenge::ChallengeRequest;
use shared::wire::holder::HolderRequest;
use shared::wire::issuance::IssuanceRequest;
use shared::wire::outcome::Outcome;
use shared::wire::passport::PassportRequest;

use super::bound_document::BoundDocument;
use super::event::TimerId;
use crate::coins::Coins;

/// Something the dialogue wants done.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "an effect is made once a step and moved once to its device")]
pub enum Effect {
    /// Ask the centre whether this terminal may serve.
    Greet,
    /// Tell when a card lies on the reader.
    WatchCard {
        /// The dialogue.
        transaction: TransactionId,
    },
    /// Ask the card for the tries left.
    ReadTries {
        /// The dialogue.
        transaction: TransactionId,
        /// Which application's PIN.
        profile: ProofProfile,
    },
    /// Verify the PIN once, read, sign.
    Prove(ProveEffect),
    /// Reset the card and let go of it.
    ReleaseCard,
    /// Ask the centre for a challenge.
    AskChallenge {
        /// The dialogue.
        transaction: TransactionId,
        /// The request.
        request: ChallengeRequest,
    },
    /// Send the proof to the centre.
    AskHolder {
        /// The dialogue.
        transaction: TransactionId,
        /// The request.
        request: Box<HolderRequest>,
    },
    /// Have the passport number compared.
    CheckPassport {
        /// The dialogue.
        transaction: TransactionId,
        /// The holder.
        session: HolderSessionId,
        /// The request.
        request: PassportRequest,
    },
    /// Ask for the certificate.
    AskIssuance {
        /// The dialogue.
        transaction: TransactionId,
        /// The key, journaled before.
        key: IdempotencyKey,
        /// The request.
        request: IssuanceRequest,
    },
    /// Open the slot.
    AcceptMoney,
    /// Close the slot.
    RefuseMoney,
    /// Give money out. The device answers what really left.
    PayOut(PayOut),
    /// Print every copy.
    Print {
        /// The document with its transaction.
        document: BoundDocument,
    },
    /// Stop printing, if nothing came out yet. The printer answers in any case.
    CancelPrint {
        /// The dialogue.
        transaction: TransactionId,
    },
    /// Print the receipt.
    PrintReceipt(Receipt),
    /// Make a record durable; only then do the rest, in order.
    Recorded {
        /// The record.
        record: Record,
        /// What may happen once it is durable.
        then: Vec<Self>,
    },
    /// Tell the centre how it ended, until it acknowledges.
    ReportOutcome {
        /// The dialogue.
        transaction: TransactionId,
        /// Its key.
        key: IdempotencyKey,
        /// How it ended.
        outcome: Outcome,
    },
    /// Set the timer; a timer set before is forgotten.
    StartTimer {
        /// To come back with [`super::Event::TimedOut`].
        timer: TimerId,
        /// When.
        after: Duration,
    },
    /// Make a sound, with its visual twin.
    Sound(Sound),
}

/// What the card is to do.
#[derive(Debug)]
pub struct ProveEffect {
    /// The dialogue.
    pub transaction: TransactionId,
    /// Which application.
    pub profile: ProofProfile,
    /// The digits: this is the one place they go.
    pub pin: Pin,
    /// The word of the resident where one try is left.
    pub confirmed: Option<LastTryConfirmed>,
    /// Digest of the transcript to sign.
    pub transcript: Digest,
}

/// Money to be given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayOut {
    /// Whose it is, where it belongs to a transaction.
    pub owner: Option<Owner>,
    /// Why.
    pub purpose: Purpose,
    /// What.
    pub coins: Coins,
}

/// A transaction as the journal knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The dialogue.
    pub transaction: TransactionId,
    /// Its key at the centre.
    pub key: IdempotencyKey,
}

/// Why money is given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// More was inserted than the fee.
    Change,
    /// Nothing was bought: everything comes back.
    Refund,
    /// This coin was not wanted.
    Returned,
}

/// A sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sound {
    /// The dialogue is about to end.
    Warning,
    /// Something was forgotten.
    Alarm,
}

/// What stands on the receipt: no personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The terminal.
    pub terminal: TerminalId,
    /// The dialogue.
    pub transaction: TransactionId,
    /// The issuance.
    pub issuance: IssuanceId,
    /// When it was paid.
    pub at: Timestamp,
    /// Copies.
    pub copies: u8,
    /// What they cost.
    pub fee: Yen,
    /// What was inserted.
    pub inserted: Yen,
    /// What came back.
    pub change: Yen,
}

/// What staff decided of a transaction that the terminal could not end by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolution {
    /// What became of paper and money.
    pub verdict: Verdict,
    /// How that is known.
    pub reason: Reason,
}

/// What became of paper and money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The resident has the paper.
    Taken,
    /// The resident has the money back, and no usable paper is about: the certificate is void.
    Refunded,
    /// The resident was given what the terminal owed.
    OwedPaid,
}

/// How staff knows. One of these and no free words: nothing of a person can get into the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The paper was handed to the resident.
    PaperHandedOver,
    /// Paper that was found was destroyed.
    PaperDestroyed,
    /// No paper was found in printer and tray.
    NoPaperFound,
    /// Money was given by hand, against a signature in the shop's own book.
    MoneyGivenByHand,
    /// Nobody came; the money went to the shop's office.
    NobodyCame,
}

/// A fact to be made durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The dialogue.
    pub transaction: TransactionId,
    /// Its key at the centre.
    pub key: IdempotencyKey,
    /// The fact.
    pub fact: Fact,
}

/// What happened, or is about to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// The certificate is about to be asked for.
    Requested {
        /// Copies.
        copies: u8,
    },
    /// The document came and is for this dialogue.
    Received {
        /// The issuance.
        issuance: IssuanceId,
        /// The certificate.
        certificate: CertificateId,
        /// SHA-256 of the document.
        document: Digest,
        /// What the copies cost.
        fee: Yen,
    },
    /// So much lies in the slot by now, not yet paid.
    Inserted {
        /// All inserted so far.
        inserted: Yen,
    },
    /// The fee is paid.
    Paid {
        /// What was inserted.
        inserted: Yen,
        /// What will come back.
        change: Yen,
    },
    /// The paper is about to be printed.
    Printing,
    /// The change was given out.
    ChangeGiven,
    /// All copies lie in the tray.
    Presented,
    /// They were taken.
    Taken,
    /// The money was given back.
    Refunded {
        /// How much.
        amount: Yen,
    },
    /// It ended before it was paid.
    Cancelled {
        /// What was inserted comes back.
        returned: Yen,
    },
    /// Money that was to be given out did not leave: the terminal owes it, and staff gives it.
    Owed {
        /// How much.
        amount: Yen,
    },
    /// Paid; whether the paper was taken is not known. Staff decides.
    Unknown,
    /// Staff took the paper that was left behind; the resident does not have it.
    Retracted,
    /// Staff decided what became of it.
    Resolved(Resolution),
}
