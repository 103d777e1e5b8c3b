//! One record of the journal, and how a fact becomes one.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared::domain::fee::Yen;
use shared::domain::identifiers::{CertificateId, IdempotencyKey, IssuanceId, TransactionId, hex};
use shared::proof::Digest;
use shared::wire::outcome::Outcome;

use crate::session::effect::{Fact, Record, Resolution, Verdict};

/// Where a transaction stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// The certificate is or was about to be asked for.
    Requested,
    /// The document came; money may lie in the slot.
    Received,
    /// The fee is paid; neither change nor paper left.
    Paid,
    /// The paper is being printed.
    Printing,
    /// All copies lie in the tray.
    Presented,
    /// They were taken.
    Taken,
    /// The money was given back.
    Refunded,
    /// It ended before it was paid.
    Cancelled,
    /// Staff decides.
    Unknown,
    /// Staff took paper that was left behind, and decides.
    Retracted,
}

impl Standing {
    /// The name in the file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Received => "received",
            Self::Paid => "paid",
            Self::Printing => "printing",
            Self::Presented => "presented",
            Self::Taken => "taken",
            Self::Refunded => "refunded",
            Self::Cancelled => "cancelled",
            Self::Unknown => "unknown",
            Self::Retracted => "retracted",
        }
    }

    /// What the centre is told, where it is an end.
    pub const fn outcome(self) -> Option<Outcome> {
        match self {
            Self::Taken => Some(Outcome::Taken),
            Self::Refunded => Some(Outcome::Refunded),
            Self::Cancelled => Some(Outcome::Cancelled),
            Self::Unknown | Self::Retracted => Some(Outcome::Unknown),
            Self::Requested | Self::Received | Self::Paid | Self::Printing | Self::Presented => None,
        }
    }
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// From 1, without a gap.
    pub sequence: u64,
    /// The transaction.
    pub transaction: TransactionId,
    /// Where it stands.
    pub state: Standing,
    /// When.
    pub at: Timestamp,
    /// Its key at the centre.
    pub key: IdempotencyKey,
    /// Copies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copies: Option<u8>,
    /// The issuance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuance: Option<IssuanceId>,
    /// The certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<CertificateId>,
    /// SHA-256 of the document, hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// What the copies cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<Yen>,
    /// What lies in the slot or was inserted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inserted: Option<Yen>,
    /// The change that is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Yen>,
    /// The change was given out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change_given: Option<bool>,
    /// What was given back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<Yen>,
    /// What did not leave although it was to be given out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owed: Option<Yen>,
    /// Where the paper will lie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<PathBuf>,
    /// The printer that was asked instead; its job bears the issuance's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub printer: Option<String>,
    /// What staff decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Resolution>,
    /// The centre knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<bool>,
}

/// A record without any detail.
pub(super) const fn blank(transaction: TransactionId, key: IdempotencyKey, state: Standing, at: Timestamp) -> Line {
    Line {
        sequence: 0,
        transaction,
        state,
        at,
        key,
        copies: None,
        issuance: None,
        certificate: None,
        document: None,
        fee: None,
        inserted: None,
        change: None,
        change_given: None,
        returned: None,
        owed: None,
        paper: None,
        printer: None,
        resolution: None,
        acknowledged: None,
    }
}

/// The record of a fact; `standing` is where the transaction stood before.
pub(super) fn line_of(record: &Record, standing: Standing, at: Timestamp) -> Line {
    let state = match &record.fact {
        Fact::Requested { .. } => Standing::Requested,
        Fact::Received { .. } | Fact::Inserted { .. } => Standing::Received,
        Fact::Paid { .. } => Standing::Paid,
        Fact::Printing | Fact::ChangeGiven => Standing::Printing,
        Fact::Presented => Standing::Presented,
        Fact::Taken | Fact::Resolved(Resolution { verdict: Verdict::Taken, .. }) => Standing::Taken,
        Fact::Refunded { .. } | Fact::Resolved(Resolution { verdict: Verdict::Refunded, .. }) => Standing::Refunded,
        Fact::Cancelled { .. } => Standing::Cancelled,
        Fact::Unknown => Standing::Unknown,
        Fact::Retracted => Standing::Retracted,
        // What is owed, or was paid of it, changes no standing.
        Fact::Owed { .. } | Fact::Resolved(Resolution { verdict: Verdict::OwedPaid, .. }) => standing,
    };
    let line = blank(record.transaction.clone(), record.key.clone(), state, at);
    match &record.fact {
        Fact::Requested { copies } => Line { copies: Some(*copies), ..line },
        Fact::Received { issuance, certificate, document, fee } => Line {
            issuance: Some(issuance.clone()),
            certificate: Some(certificate.clone()),
            document: Some(document_hex(document)),
            fee: Some(*fee),
            ..line
        },
        Fact::Inserted { inserted } => Line { inserted: Some(*inserted), ..line },
        Fact::Paid { inserted, change } => Line { inserted: Some(*inserted), change: Some(*change), ..line },
        Fact::ChangeGiven => Line { change_given: Some(true), ..line },
        Fact::Refunded { amount } => Line { returned: Some(*amount), ..line },
        Fact::Cancelled { returned } => Line { returned: Some(*returned), ..line },
        Fact::Owed { amount } => Line { owed: Some(*amount), ..line },
        // The centre has to hear of it, whatever it was told before.
        Fact::Resolved(resolution) => Line { resolution: Some(*resolution), acknowledged: Some(false), ..line },
        Fact::Printing | Fact::Presented | Fact::Taken | Fact::Unknown | Fact::Retracted => line,
    }
}

/// How a document's digest stands in the journal.
pub fn document_hex(document: &Digest) -> String {
    hex(document)
}

/// What is owed adds up until staff has paid it.
fn still_owed(earlier: Option<Yen>, later: &Line) -> Option<Yen> {
    match (earlier, later.owed, later.resolution) {
        (_, _, Some(Resolution { verdict: Verdict::OwedPaid, .. })) => None,
        (Some(earlier), Some(later), _) => earlier.plus(later),
        (owed, None, _) | (None, owed, _) => owed,
    }
}

/// The later record, with whatever only the earlier ones say.
pub(super) fn merged(earlier: &Line, later: &Line) -> Line {
    let (earlier, later) = (earlier.clone(), later.clone());
    let owed = still_owed(earlier.owed, &later);
    Line {
        copies: later.copies.or(earlier.copies),
        issuance: later.issuance.or(earlier.issuance),
        certificate: later.certificate.or(earlier.certificate),
        document: later.document.or(earlier.document),
        fee: later.fee.or(earlier.fee),
        inserted: later.inserted.or(earlier.inserted),
        change: later.change.or(earlier.change),
        change_given: later.change_given.or(earlier.change_given),
        returned: later.returned.or(earlier.returned),
        owed,
        paper: later.paper.or(earlier.paper),
        printer: later.printer.or(earlier.printer),
        resolution: later.resolution.or(earlier.resolution),
        acknowledged: later.acknowledged.or(earlier.acknowledged),
        ..later
    }
}
