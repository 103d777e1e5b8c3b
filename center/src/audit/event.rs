//! What the audit chain tells: one variant an event, without personal data.

use serde::{Deserialize, Serialize};
use shared::domain::identifiers::{CertificateId, IdempotencyKey, IssuanceId, MunicipalityCode, TerminalId};
use shared::records::{AccountId, Agreement};
use shared::wire::outcome::Outcome;

use crate::store::actor::{CaseNumber, Reason};
use crate::store::approvals::ApprovalId;
use crate::vrs::inquiry::Basis;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// The store was made: the first entry of every chain.
    StoreMade {
        /// 32 random hexadecimal digits that tell this store from every other.
        store: String,
    },
    /// Records were loaded.
    RecordsLoaded {
        /// How many lines.
        records: u64,
        /// How many lines were refused.
        problems: u64,
    },
    /// A request for a certificate was accepted.
    IssuanceIntended {
        /// At which terminal.
        terminal: TerminalId,
        /// Under which key.
        idempotency_key: IdempotencyKey,
        /// The issuance.
        issuance: IssuanceId,
        /// The certificate's id.
        certificate: CertificateId,
    },
    /// The document is ready and durable.
    IssuancePrepared {
        /// The issuance.
        issuance: IssuanceId,
        /// SHA-256 of the answer, hexadecimal.
        answer: String,
    },
    /// A key was used again for another request.
    KeyReused {
        /// At which terminal.
        terminal: TerminalId,
        /// Which key.
        idempotency_key: IdempotencyKey,
    },
    /// A terminal told how an issuance ended.
    OutcomeTold {
        /// The issuance.
        issuance: IssuanceId,
        /// The outcome.
        outcome: Outcome,
    },
    /// A key was withdrawn before any request with it arrived.
    KeyWithdrawn {
        /// At which terminal.
        terminal: TerminalId,
        /// Which key.
        idempotency_key: IdempotencyKey,
    },
    /// An answer to a challenge was refused.
    ProofRefused {
        /// At which terminal.
        terminal: TerminalId,
        /// The problem code.
        code: String,
    },
    /// An app's answer to a challenge was refused.
    AppProofRefused {
        /// The problem code.
        code: String,
    },
    /// A request for a certificate through the app was accepted.
    AppIssueIntended {
        /// The issuance.
        issuance: IssuanceId,
        /// The certificate's id.
        certificate: CertificateId,
    },
    /// A certificate was issued through the app.
    AppIssued {
        /// The issuance.
        issuance: IssuanceId,
        /// SHA-256 of the answer, hexadecimal.
        answer: String,
    },
    /// A person was looked at in the console.
    RecordSeen {
        /// By whom.
        account: AccountId,
        /// For which municipality.
        municipality: MunicipalityCode,
        /// Why.
        reason: Reason,
        /// The office's case.
        case: Option<CaseNumber>,
    },
    /// A person was looked for in the console and is not known there.
    NobodyFound {
        /// By whom.
        account: AccountId,
        /// For which municipality.
        municipality: MunicipalityCode,
        /// Why.
        reason: Reason,
        /// The office's case.
        case: Option<CaseNumber>,
    },
    /// A record was changed in the console.
    RecordChanged {
        /// By whom.
        account: AccountId,
        /// For which municipality.
        municipality: MunicipalityCode,
        /// Why.
        reason: Reason,
        /// The record's new version.
        version: u64,
    },
    /// A municipality brought records in.
    RecordsRegistered {
        /// By whom.
        account: AccountId,
        /// Which municipality.
        municipality: MunicipalityCode,
        /// New persons.
        added: u64,
        /// Changed records.
        changed: u64,
    },
    /// Another municipality was asked about a person.
    InquiryMade {
        /// By whom.
        account: AccountId,
        /// Which municipality asked.
        municipality: MunicipalityCode,
        /// Which was asked.
        peer: MunicipalityCode,
        /// On what ground.
        basis: Basis,
        /// The office's case.
        case: Option<CaseNumber>,
    },
    /// The ledger left as a file.
    LedgerExported {
        /// By whom.
        account: AccountId,
        /// Which municipality's.
        municipality: MunicipalityCode,
    },
    /// A municipality agreed to a document.
    TermsAgreed {
        /// By whom.
        account: AccountId,
        /// Which municipality.
        municipality: MunicipalityCode,
        /// Document and version.
        agreement: Agreement,
    },
    /// A municipality suspended issue at terminals, or let it go on.
    ParticipationSwitched {
        /// By whom.
        account: AccountId,
        /// Which municipality.
        municipality: MunicipalityCode,
        /// Whether it is suspended now.
        suspended: bool,
    },
    /// A municipality changed what it says of itself.
    ProfileChanged {
        /// By whom.
        account: AccountId,
        /// Which municipality.
        municipality: MunicipalityCode,
    },
    /// The figures of a municipality ask for another impact assessment.
    AssessmentJudged {
        /// By whom the figures were given.
        account: AccountId,
        /// Which municipality.
        municipality: MunicipalityCode,
        /// What is due.
        duty: String,
    },
    /// A municipality saved its basic sheet.
    SheetSaved {
        /// By whom.
        account: AccountId,
        /// Which municipality.
        municipality: MunicipalityCode,
    },
    /// An account was made or changed.
    AccountChanged {
        /// By whom; `None` at the machine itself.
        by: Option<AccountId>,
        /// Which.
        account: AccountId,
        /// What.
        change: AccountEvent,
    },
    /// An account was used to log in.
    LoggedIn {
        /// Which.
        account: AccountId,
    },
    /// Approval was asked for.
    ApprovalRequested {
        /// By whom.
        account: AccountId,
        /// The request.
        approval: ApprovalId,
        /// Why.
        reason: Reason,
    },
    /// Approval was granted or refused.
    ApprovalDecided {
        /// By whom.
        account: AccountId,
        /// The request.
        approval: ApprovalId,
        /// Whether it was granted.
        granted: bool,
    },
    /// What was approved was done.
    ApprovalUsed {
        /// By whom.
        account: AccountId,
        /// The request.
        approval: ApprovalId,
    },
    /// A certificate is to be issued at a counter.
    CounterIssueIntended {
        /// By whom.
        account: AccountId,
        /// For which municipality.
        municipality: MunicipalityCode,
        /// The issuance.
        issuance: IssuanceId,
        /// The certificate's id.
        certificate: CertificateId,
        /// Why.
        reason: Reason,
    },
    /// A certificate was issued at a counter.
    CounterIssued {
        /// By whom.
        account: AccountId,
        /// The issuance.
        issuance: IssuanceId,
        /// SHA-256 of the document, hexadecimal.
        document: String,
    },
    /// A message was written to the board.
    MessageWritten {
        /// By whom.
        account: AccountId,
        /// Its number.
        number: u64,
    },
    /// Issuing was stopped.
    Stopped {
        /// Why, in the operator's words.
        reason: String,
    },
    /// Issuing goes on.
    Resumed {
        /// Why, in the operator's words.
        reason: String,
    },
}

/// What happened to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountEvent {
    /// It was made.
    Added,
    /// It may be used again.
    Enabled,
    /// It may not be used any more.
    Disabled,
    /// It has an initial password again.
    PasswordReset,
    /// Its owner chose another password.
    PasswordChosen,
}
