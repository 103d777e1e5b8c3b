//! Accounts of the console in SQLite.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use shared::domain::identifiers::MunicipalityCode;
use shared::domain::municipality;
use shared::records::{AccountId, AccountRecord, Role};

use super::SqliteStore;
use super::terms::{account as parse_account, instant};
use crate::audit::{AccountEvent, Event};
use crate::store::StoreError;
use crate::store::accounts::{Account, AccountChange, AccountState, Accounts, Credentials, PasswordState, keeps};
use crate::store::actor::{AccessError, Act, Actor};

impl Accounts for SqliteStore {
    fn credentials(&self, id: &AccountId) -> Result<Option<Credentials>, StoreError> {
        self.read(|connection| find(connection, id))
    }

    fn actor(&self, id: &AccountId, version: u64) -> Result<Option<(Actor, Account)>, StoreError> {
        let found = self.read(|connection| find(connection, id))?;
        let account = found.map(|found| found.account);
        let account = account.filter(|account| account.state == AccountState::Active && account.version == version);
        Ok(account.map(|account| (Actor::new(account.id.clone(), account.role, account.municipality.clone()), account)))
    }

    fn logged_in(&self, id: &AccountId, at: Timestamp) -> Result<(), StoreError> {
        let account = id.clone();
        self.writer.write(move |writing| {
            let query = "UPDATE account SET last_login = ?2 WHERE account = ?1";
            writing.connection.prepare_cached(query)?.execute(params![account.as_str(), at.as_millisecond()])?;
            writing.note(at, None, &Event::LoggedIn { account })
        })
    }

    fn accounts(&self, actor: &Actor) -> Result<Vec<Account>, AccessError> {
        if !actor.may(Act::KeepAccounts) {
            return Err(AccessError::Forbidden);
        }
        let all = self.read(|connection| {
            let mut statement = connection.prepare_cached(&format!("{SELECT} ORDER BY municipality, account"))?;
            let mut rows = statement.query([])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(credentials(row)?.account);
            }
            Ok(found)
        })?;
        let kept = |account: &Account| {
            account.id == *actor.account() || keeps(actor, &account.id, account.role, account.municipality.as_ref())
        };
        Ok(all.into_iter().filter(kept).collect())
    }

    fn add_account(&self, actor: &Actor, account: AccountRecord, at: Timestamp) -> Result<(), AccessError> {
        if !actor.may(Act::KeepAccounts) || !keeps(actor, &account.account, account.role, account.municipality.as_ref())
        {
            return Err(AccessError::Forbidden);
        }
        self.add(Some(actor.account().clone()), AccountRecord { fictitious: false, ..account }, at)
    }

    fn change_account(
        &self,
        actor: &Actor,
        id: &AccountId,
        change: AccountChange,
        at: Timestamp,
    ) -> Result<(), AccessError> {
        if !actor.may(Act::KeepAccounts) {
            return Err(AccessError::Forbidden);
        }
        let (actor, account) = (actor.clone(), id.clone());
        self.writer.write(move |writing| {
            let found = find(writing.connection, &account)?.ok_or(AccessError::Missing)?.account;
            if !keeps(&actor, &account, found.role, found.municipality.as_ref()) {
                return Err(AccessError::Missing);
            }
            let (query, hash, change) = match change {
                AccountChange::Enable => ("active = 1", None, AccountEvent::Enabled),
                AccountChange::Disable => ("active = 0", None, AccountEvent::Disabled),
                AccountChange::Reset { hash } => {
                    ("hash = ?2, initial_password = 1, fictitious = 0", Some(hash), AccountEvent::PasswordReset)
                }
            };
            let query = format!("UPDATE account SET version = version + 1, {query} WHERE account = ?1");
            let mut statement = writing.connection.prepare_cached(&query)?;
            match hash {
                Some(hash) => statement.execute([account.as_str(), &hash])?,
                None => statement.execute([account.as_str()])?,
            };
            let by = Some(actor.account().clone());
            writing.note(at, None, &Event::AccountChanged { by, account, change })?;
            Ok(())
        })
    }

    fn set_password(&self, actor: &Actor, hash: String, at: Timestamp) -> Result<u64, AccessError> {
        let account = actor.account().clone();
        self.writer.write(move |writing| {
            let query = "UPDATE account SET version = version + 1, hash = ?2, initial_password = 0, fictitious = 0
                         WHERE account = ?1 AND active = 1 RETURNING version";
            let mut statement = writing.connection.prepare_cached(query)?;
            let version: Option<i64> = statement.query_row([account.as_str(), &hash], |row| row.get(0)).optional()?;
            let version = version.ok_or(AccessError::Missing)?.cast_unsigned();
            let change = AccountEvent::PasswordChosen;
            writing.note(at, None, &Event::AccountChanged { by: Some(account.clone()), account, change })?;
            Ok(version)
        })
    }

    fn install_account(&self, account: AccountRecord, at: Timestamp) -> Result<(), AccessError> {
        self.add(None, AccountRecord { fictitious: false, ..account }, at)
    }

    fn has_fictitious_accounts(&self) -> Result<bool, StoreError> {
        self.read(|connection| {
            Ok(connection.prepare_cached("SELECT 1 FROM account WHERE fictitious = 1")?.exists([])?)
        })
    }
}

impl SqliteStore {
    fn add(&self, by: Option<AccountId>, record: AccountRecord, at: Timestamp) -> Result<(), AccessError> {
        let place = record.municipality.as_ref().map(municipality::find);
        if matches!(place, Some(None)) || (record.role == Role::NationalOperator) == place.is_some() {
            return Err(AccessError::Invalid("the account's municipality is expected"));
        }
        self.writer.write(move |writing| {
            if find(writing.connection, &record.account)?.is_some() {
                return Err(AccessError::Invalid("there is an account of this name"));
            }
            insert(writing.connection, &record, PasswordState::Initial)?;
            let change = AccountEvent::Added;
            writing.note(at, None, &Event::AccountChanged { by, account: record.account, change })?;
            Ok(())
        })
    }
}

/// Stores an account of a record file; one that is there already keeps its own password and state.
pub(super) fn replace(connection: &Connection, record: &AccountRecord) -> Result<(), StoreError> {
    if find(connection, &record.account)?.is_some() {
        return Ok(());
    }
    insert(connection, record, PasswordState::Own)
}

fn insert(connection: &Connection, record: &AccountRecord, password: PasswordState) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO account (account, role, municipality, hash, active, initial_password, fictitious, version)
         VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6, 1)",
    )?;
    statement.execute(params![
        record.account.as_str(),
        record.role.as_str(),
        record.municipality.as_ref().map(MunicipalityCode::as_str),
        record.password,
        password == PasswordState::Initial,
        record.fictitious,
    ])?;
    Ok(())
}

const SELECT: &str =
    "SELECT account, role, municipality, hash, active, initial_password, version, last_login FROM account";

fn find(connection: &Connection, id: &AccountId) -> Result<Option<Credentials>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{SELECT} WHERE account = ?1"))?;
    let mut rows = statement.query([id.as_str()])?;
    rows.next()?.map(credentials).transpose()
}

fn credentials(row: &Row<'_>) -> Result<Credentials, StoreError> {
    let unreadable = || StoreError::Unreadable("account");
    let (id, role): (String, String) = (row.get(0)?, row.get(1)?);
    let municipality: Option<String> = row.get(2)?;
    let municipality = municipality.map(|code| MunicipalityCode::parse(&code)).transpose();
    let (active, initial): (bool, bool) = (row.get(4)?, row.get(5)?);
    let last_login: Option<i64> = row.get(7)?;
    let account = Account {
        id: parse_account(&id)?,
        role: Role::parse(&role).ok_or_else(unreadable)?,
        municipality: municipality.ok().ok_or_else(unreadable)?,
        state: if active { AccountState::Active } else { AccountState::Disabled },
        password: if initial { PasswordState::Initial } else { PasswordState::Own },
        version: row.get::<_, i64>(6)?.cast_unsigned(),
        last_login: last_login.map(instant).transpose()?,
    };
    Ok(Credentials { account, hash: row.get(3)? })
}
