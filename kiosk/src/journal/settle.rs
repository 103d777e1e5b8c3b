//! What staff decides of a transaction that the terminal could not end: proposed first, written only when the
//! proposal is confirmed by its code.

use std::path::Path;

use jiff::Timestamp;
use shared::domain::identifiers::{TransactionId, hex};
use shared::proof::sha256;

use super::{Account, Journal, JournalError, Reading, Standing};
use crate::session::effect::{Fact, Reason, Record, Resolution, Verdict};

/// A decision that is not written yet.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The transaction as it stands.
    pub account: Account,
    /// The decision.
    pub resolution: Resolution,
    /// To be repeated to confirm: it fits this decision on this journal and no other.
    pub code: String,
}

/// Why staff cannot decide so.
#[derive(Debug, thiserror::Error)]
pub enum Unsettleable {
    /// The journal does not know the transaction.
    #[error("the journal knows no transaction {0}")]
    UnknownTransaction(TransactionId),
    /// The terminal ended it by itself.
    #[error("the transaction stands at {}: there is nothing to decide", .0.as_str())]
    Ended(Standing),
    /// Money is not owed, or paper is not in doubt.
    #[error("this decision does not fit: {0}")]
    Unfit(&'static str),
    /// The code is of another decision, or the journal has changed since.
    #[error("the code does not fit this decision on this journal; ask for a new one")]
    WrongCode,
    /// The journal cannot be written.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// Digits of a code.
const CODE_DIGITS: usize = 8;

impl Proposal {
    /// What a decision would change.
    pub fn new(reading: &Reading, transaction: &TransactionId, resolution: Resolution) -> Result<Self, Unsettleable> {
        let account = reading.accounts().into_iter().find(|account| account.last.transaction == *transaction);
        let account = account.ok_or_else(|| Unsettleable::UnknownTransaction(transaction.clone()))?;
        if !account.waits_for_staff() {
            return Err(Unsettleable::Ended(account.last.state));
        }
        fits(&account, resolution)?;
        let text = format!("{} {} {:?}", reading.head, transaction, resolution);
        let code = hex(&sha256(text.as_bytes())).chars().take(CODE_DIGITS).collect();
        Ok(Self { account, resolution, code })
    }

    /// Writes the decision, durable, where the code is the proposal's.
    pub fn confirm(self, code: &str, journal: &mut Journal, at: Timestamp) -> Result<(), Unsettleable> {
        if code != self.code {
            return Err(Unsettleable::WrongCode);
        }
        let (transaction, key) = (self.account.last.transaction, self.account.last.key);
        journal.append(&Record { transaction, key, fact: Fact::Resolved(self.resolution) }, at)?;
        journal.sync()?;
        Ok(())
    }
}

/// Opens the journal, proposes, and confirms where a code is given.
pub fn settle(
    (path, tray): (&Path, &Path),
    transaction: &TransactionId,
    resolution: Resolution,
    (code, at): (Option<&str>, Timestamp),
) -> Result<Proposal, Unsettleable> {
    let (mut journal, reading) = Journal::open(path, tray)?;
    let proposal = Proposal::new(&reading, transaction, resolution)?;
    if let Some(code) = code {
        proposal.clone().confirm(code, &mut journal, at)?;
    }
    Ok(proposal)
}

/// Every decision that fits a transaction.
pub fn choices(account: &Account) -> Vec<Resolution> {
    const VERDICTS: [Verdict; 3] = [Verdict::Taken, Verdict::Refunded, Verdict::OwedPaid];
    const REASONS: [Reason; 5] = [
        Reason::PaperHandedOver,
        Reason::PaperDestroyed,
        Reason::NoPaperFound,
        Reason::MoneyGivenByHand,
        Reason::NobodyCame,
    ];
    let resolutions = VERDICTS.into_iter().flat_map(|verdict| REASONS.map(|reason| Resolution { verdict, reason }));
    resolutions.filter(|resolution| fits(account, *resolution).is_ok()).collect()
}

fn fits(account: &Account, resolution: Resolution) -> Result<(), Unsettleable> {
    let is_doubtful = matches!(account.last.state, Standing::Unknown | Standing::Retracted);
    match (resolution.verdict, resolution.reason) {
        (Verdict::OwedPaid, _) if account.last.owed.is_none() => Err(Unsettleable::Unfit("nothing is owed")),
        (Verdict::OwedPaid, Reason::MoneyGivenByHand | Reason::NobodyCame) => Ok(()),
        (Verdict::OwedPaid, _) => Err(Unsettleable::Unfit("money that was owed is given by hand")),
        (_, _) if !is_doubtful => Err(Unsettleable::Unfit("only money is open here: owed-paid is right")),
        (Verdict::Taken, Reason::PaperHandedOver)
        | (Verdict::Refunded, Reason::PaperDestroyed | Reason::NoPaperFound) => Ok(()),
        (Verdict::Taken, _) => Err(Unsettleable::Unfit("taken means that the paper was handed over")),
        (Verdict::Refunded, Reason::PaperHandedOver) => {
            Err(Unsettleable::Unfit("whoever has the paper is not paid back"))
        }
        (Verdict::Refunded, Reason::MoneyGivenByHand | Reason::NobodyCame) => {
            Err(Unsettleable::Unfit("say what became of the paper: paper-destroyed or no-paper-found"))
        }
    }
}
