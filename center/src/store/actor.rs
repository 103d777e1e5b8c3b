//! Who works in the console, and what each may do to whom: asked by the store at every reading and writing.
//!
//! **Invariant**: an [`Actor`] comes from the store itself, and every method of the console's traits takes one.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared::domain::identifiers::MunicipalityCode;
use shared::records::{AccountId, PersonRecord, Restriction, Role};

use super::StoreError;

/// An account that is in force, as the store knew it when it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    account: AccountId,
    role: Role,
    municipality: Option<MunicipalityCode>,
}

/// Why the console does not get what it asked for.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// The role or the municipality does not allow it.
    #[error("the account may not do this")]
    Forbidden,
    /// There is none, or none that this account may know of.
    #[error("there is no such entry")]
    Missing,
    /// Somebody else changed it since it was shown.
    #[error("{by} changed it at {at}")]
    Stale {
        /// Who.
        by: Changer,
        /// When.
        at: Timestamp,
    },
    /// The record would break a rule.
    #[error("the record breaks a rule: {0}")]
    Invalid(&'static str),
    /// The person's consent to an inquiry is required and was not given.
    #[error("consent is required")]
    ConsentRequired,
    /// A second person must approve first.
    #[error("a second person must approve first")]
    NotApproved,
    /// Nobody approves what they asked for themselves.
    #[error("nobody approves their own request")]
    OwnRequest,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who changed a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Changer {
    /// A person at the console.
    Account(AccountId),
    /// The person, through the app.
    Holder,
    /// The operator's loading of a record file.
    Import,
}

impl std::fmt::Display for Changer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Account(account) => account.fmt(f),
            Self::Holder => f.write_str("app"),
            Self::Import => f.write_str("import"),
        }
    }
}

/// Why a person is looked at or changed. Fixed words: a free text would carry names into the audit chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// An application at the counter or by post.
    Application,
    /// The person asks what is recorded.
    OwnInquiry,
    /// Something recorded is wrong.
    Correction,
    /// The person moved in.
    MovingIn,
    /// A record is held and being checked.
    Checking,
    /// Protective measures (支援措置) begin or end.
    Protection,
    /// The yearly ledger or a duty to report.
    Ledger,
}

impl Reason {
    /// Every reason, in the order of the pages.
    pub const ALL: [Self; 7] = [
        Self::Application,
        Self::OwnInquiry,
        Self::Correction,
        Self::MovingIn,
        Self::Checking,
        Self::Protection,
        Self::Ledger,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::OwnInquiry => "own-inquiry",
            Self::Correction => "correction",
            Self::MovingIn => "moving-in",
            Self::Checking => "checking",
            Self::Protection => "protection",
            Self::Ledger => "ledger",
        }
    }

    /// From the stable name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text)
    }
}

/// The office's own number of a case: up to 20 capitals, digits and hyphens, so that it can name no person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseNumber(String);

impl CaseNumber {
    /// Parses the text form.
    pub fn parse(text: &str) -> Option<Self> {
        let valid = (1..=20).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-')
            // Twelve digits in a row could be a My Number.
            && !text.split('-').any(|part| part.len() >= 12 && part.bytes().all(|b| b.is_ascii_digit()));
        valid.then(|| Self(text.to_owned()))
    }

    /// The text form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why, and under which case number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purpose {
    /// Why.
    pub reason: Reason,
    /// The office's case, where there is one.
    pub case: Option<CaseNumber>,
}

/// What an account may or may not do, as the store asks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Looking at persons, correcting, registering, inquiring, issuing.
    WorkWithRecords,
    /// Agreeing to terms, suspending, the municipality's profile.
    RepresentMunicipality,
    /// Deciding about what another asked for.
    Approve,
    /// Keeping accounts.
    KeepAccounts,
    /// Writing messages to others.
    WriteMessages,
    /// Figures of the whole nation.
    SeeNation,
}

impl Actor {
    /// Only the store makes one, from an account in force.
    pub(in crate::store) const fn new(account: AccountId, role: Role, municipality: Option<MunicipalityCode>) -> Self {
        Self { account, role, municipality }
    }

    /// Which account.
    pub const fn account(&self) -> &AccountId {
        &self.account
    }

    /// As what.
    pub const fn role(&self) -> Role {
        self.role
    }

    /// For whom; `None` for the nation.
    pub const fn municipality(&self) -> Option<&MunicipalityCode> {
        self.municipality.as_ref()
    }

    /// Whether the role allows an act.
    pub const fn may(&self, act: Act) -> bool {
        match (act, self.role) {
            (Act::WorkWithRecords, Role::Clerk | Role::Supervisor)
            | (Act::RepresentMunicipality | Act::Approve, Role::Supervisor)
            | (Act::KeepAccounts | Act::WriteMessages, Role::Supervisor | Role::NationalOperator)
            | (Act::SeeNation, Role::NationalOperator) => true,
            (Act::WorkWithRecords | Act::RepresentMunicipality | Act::Approve, Role::NationalOperator)
            | (Act::RepresentMunicipality | Act::Approve | Act::KeepAccounts | Act::WriteMessages, Role::Clerk)
            | (Act::SeeNation, Role::Clerk | Role::Supervisor) => false,
        }
    }

    /// The municipality for which the actor may do this.
    pub fn acting_for(&self, act: Act) -> Result<&MunicipalityCode, AccessError> {
        match &self.municipality {
            Some(municipality) if self.may(act) => Ok(municipality),
            Some(_) | None => Err(AccessError::Forbidden),
        }
    }
}

/// What a municipality sees of a person: its own doses, and those of a municipality that it asked when the person
/// moved in; passport data only where the person lives.
pub fn visible(municipality: &MunicipalityCode, mut record: PersonRecord) -> PersonRecord {
    let moves = record.moves.clone();
    record.doses.retain(|dose| {
        dose.municipality == *municipality
            || moves.iter().any(|entry| entry.from == dose.municipality && entry.to == *municipality)
    });
    record.coupons.retain(|coupon| coupon.municipality == *municipality);
    if record.residence != *municipality {
        record.passport_issues.clear();
        record.address_number = None;
    }
    record
}

/// Whether a municipality may turn one state of a record into another.
///
/// Protective measures are not changed by a correction: they take an approval of their own.
pub fn may_change(municipality: &MunicipalityCode, before: &PersonRecord, after: &PersonRecord) -> bool {
    let same_person = before.my_number == after.my_number
        && before.authentication_certificate == after.authentication_certificate
        && before.residence == after.residence
        && before.moves == after.moves
        && before.passport_issues == after.passport_issues;
    let protection = |record: &PersonRecord| record.restrictions.contains(&Restriction::Protected);
    let as_residence = before.attributes == after.attributes
        && before.address_number == after.address_number
        && before.restrictions == after.restrictions;
    let foreign = |record: &PersonRecord| {
        let doses = record.doses.iter().filter(|dose| dose.municipality != *municipality).cloned().collect::<Vec<_>>();
        let coupons = record.coupons.iter().filter(|coupon| coupon.municipality != *municipality);
        (doses, coupons.cloned().collect::<Vec<_>>())
    };
    same_person
        && protection(before) == protection(after)
        && (before.residence == *municipality || as_residence)
        && foreign(before) == foreign(after)
}

#[cfg(test)]
mod tests;
