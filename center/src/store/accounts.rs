//! Accounts of the console as the store keeps them. Passwords are hashed before they come here.

use jiff::Timestamp;
use shared::domain::identifiers::MunicipalityCode;
use shared::records::{AccountId, AccountRecord, Role};

use super::StoreError;
use super::actor::{AccessError, Actor};

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its name.
    pub id: AccountId,
    /// As what.
    pub role: Role,
    /// For whom; `None` for the nation.
    pub municipality: Option<MunicipalityCode>,
    /// Whether it may be used.
    pub state: AccountState,
    /// Whether the password must be changed before anything else.
    pub password: PasswordState,
    /// Grows with every change: sessions of an earlier version end.
    pub version: u64,
    /// When it was last used to log in.
    pub last_login: Option<Timestamp>,
}

/// Whether an account may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountState {
    /// It may.
    Active,
    /// It may not.
    Disabled,
}

/// Where a password comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordState {
    /// Chosen by its owner.
    Own,
    /// Given by somebody else: to be changed at the first login.
    Initial,
}

/// An account with the hash of its password.
#[derive(Clone)]
pub struct Credentials {
    /// The account.
    pub account: Account,
    /// Argon2id, PHC form.
    pub hash: String,
}

/// A change of an account by somebody else.
#[derive(Clone)]
pub enum AccountChange {
    /// It may be used again.
    Enable,
    /// It may not be used any more; its sessions end.
    Disable,
    /// It has an initial password again.
    Reset {
        /// Argon2id, PHC form.
        hash: String,
    },
}

/// Accounts of the console.
pub trait Accounts: Send + Sync {
    /// An account with its hash, for logging in.
    fn credentials(&self, id: &AccountId) -> Result<Option<Credentials>, StoreError>;
    /// Who acts by this account, if it is in force in this version.
    fn actor(&self, id: &AccountId, version: u64) -> Result<Option<(Actor, Account)>, StoreError>;
    /// Notes that an account logged in.
    fn logged_in(&self, id: &AccountId, at: Timestamp) -> Result<(), StoreError>;
    /// Accounts that the actor keeps.
    fn accounts(&self, actor: &Actor) -> Result<Vec<Account>, AccessError>;
    /// Adds an account with an initial password.
    fn add_account(&self, actor: &Actor, account: AccountRecord, at: Timestamp) -> Result<(), AccessError>;
    /// Changes an account.
    fn change_account(
        &self,
        actor: &Actor,
        id: &AccountId,
        change: AccountChange,
        at: Timestamp,
    ) -> Result<(), AccessError>;
    /// Sets the actor's own password, and gives the account's new version.
    fn set_password(&self, actor: &Actor, hash: String, at: Timestamp) -> Result<u64, AccessError>;
    /// Makes an account at the machine itself, with an initial password.
    fn install_account(&self, account: AccountRecord, at: Timestamp) -> Result<(), AccessError>;
    /// Whether there is an account whose password everybody knows.
    fn has_fictitious_accounts(&self) -> Result<bool, StoreError>;
}

/// Whether an actor keeps this account: a supervisor those of the municipality, an operator the supervisors of all and
/// the other operators. Nobody keeps their own.
pub fn keeps(actor: &Actor, id: &AccountId, role: Role, municipality: Option<&MunicipalityCode>) -> bool {
    if actor.account() == id {
        return false;
    }
    match (actor.role(), role) {
        (Role::Supervisor, Role::Clerk | Role::Supervisor) => {
            municipality.is_some() && actor.municipality() == municipality
        }
        (Role::NationalOperator, Role::Supervisor) => municipality.is_some(),
        (Role::NationalOperator, Role::NationalOperator) => municipality.is_none(),
        (Role::Clerk, _) | (Role::Supervisor, Role::NationalOperator) | (Role::NationalOperator, Role::Clerk) => false,
    }
}

shared::hidden_debug!(Credentials, AccountChange);
