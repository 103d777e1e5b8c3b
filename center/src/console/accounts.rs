//! アカウント登録: supervisors keep those of their municipality, operators of the nation the supervisors of all.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{Html, Redirect};
use maud::{Markup, html};
use ring::rand::SecureRandom as _;
use shared::domain::identifiers::hex;
use shared::records::{AccountId, AccountRecord, Role};

use super::fault::Fault;
use super::form::Posted;
use super::page::{self, Item, input, moment, place_name, select, table, token};
use super::password::{Password, hash};
use super::session::Visitor;
use super::{Console, blocking, wording};
use crate::store::accounts::{Account, AccountChange, AccountState, PasswordState};

/// The list and the form.
pub(super) async fn show(State(console): State<Arc<Console>>, visitor: Visitor) -> Result<Html<String>, Fault> {
    list(&console, &visitor, None).await
}

/// An initial password that was just given, shown once.
struct Given {
    account: AccountId,
    password: String,
}

async fn list(console: &Arc<Console>, visitor: &Visitor, given: Option<Given>) -> Result<Html<String>, Fault> {
    let actor = visitor.actor.clone();
    let accounts = blocking(console, move |console| Ok(console.center.store.accounts(&actor)?)).await?;
    let rows: Vec<Vec<Markup>> = accounts.iter().map(|account| row(visitor, account)).collect();
    let body = html! {
        @if let Some(given) = given {
            p .notice role="status" {
                strong { (given.account) } " の最初のパスワード： " code { (given.password) }
                br; "この画面を閉じると二度と表示されません。最初のログインで変更されます。"
            }
        }
        (table("アカウント一覧", &["アカウント", "役割", "所属", "状態", "最終ログイン", "操作"], &rows))
        (add_form(visitor))
    };
    Ok(page::page(visitor, Item::Accounts, &body))
}

fn row(visitor: &Visitor, account: &Account) -> Vec<Markup> {
    let own = account.id == *visitor.actor.account();
    let state = match (account.state, account.password) {
        (AccountState::Disabled, _) => "停止中",
        (AccountState::Active, PasswordState::Initial) => "初期パスワード",
        (AccountState::Active, PasswordState::Own) => "有効",
    };
    let button = |change: &str, label: &str| {
        html! {
            form method="post" action="/accounts/change" {
                (token(visitor))
                input type="hidden" name="account" value=(account.id);
                input type="hidden" name="change" value=(change);
                button .small type="submit" aria-label=(format!("{} を{label}", account.id)) { (label) }
            }
        }
    };
    vec![
        html! { (account.id) },
        html! { (wording::role(account.role)) },
        html! { (place_name(account.municipality.as_ref())) },
        html! { (state) },
        html! { @match account.last_login { Some(at) => (moment(at)), None => "なし" } },
        html! {
            @if own { "自分" } @else {
                div .actions {
                    @match account.state {
                        AccountState::Active => (button("disable", "停止")),
                        AccountState::Disabled => (button("enable", "再開")),
                    }
                    (button("reset", "パスワード初期化"))
                }
            }
        },
    ]
}

fn add_form(visitor: &Visitor) -> Markup {
    let roles: Vec<Role> = match visitor.actor.role() {
        Role::NationalOperator => vec![Role::Supervisor, Role::NationalOperator],
        Role::Supervisor | Role::Clerk => vec![Role::Clerk, Role::Supervisor],
    };
    let roles: Vec<_> =
        roles.into_iter().map(|role| (role.as_str().to_owned(), wording::role(role).to_owned())).collect();
    html! {
        section aria-labelledby="add" {
            h2 id="add" { "新しいアカウント" }
            form method="post" action="/accounts/add" {
                (token(visitor))
                div .row {
                    (input("account", "アカウント名", ("text", "", "英小文字で始まる英数字とハイフン、3～40文字")))
                    (select("role", "役割", (&roles, "")))
                    @if visitor.actor.municipality().is_none() {
                        (input("municipality", "市区町村コード", ("text", "", "6桁。国の運用担当には不要")))
                    }
                }
                button type="submit" { "登録する" }
            }
        }
    }
}

/// Adds an account.
pub(super) async fn add(State(console): State<Arc<Console>>, posted: Posted) -> Result<Html<String>, Fault> {
    let Posted { visitor, fields } = posted;
    let account = AccountId::parse(fields.text("account"))
        .ok()
        .ok_or(Fault::Say("アカウント名は、英小文字で始まる英数字とハイフン、3～40文字です。"))?;
    let role = Role::parse(fields.text("role")).ok_or(Fault::Malformed)?;
    let place = match (role, visitor.actor.municipality()) {
        (Role::NationalOperator, _) => None,
        (Role::Clerk | Role::Supervisor, Some(own)) => Some(own.clone()),
        (Role::Clerk | Role::Supervisor, None) => {
            Some(fields.municipality("municipality").ok_or(Fault::Say("市区町村コードが存在しません。"))?)
        }
    };
    let (actor, id) = (visitor.actor.clone(), account.clone());
    let password = blocking(&console, move |console| {
        let (password, hash) = initial_password(console)?;
        let record = AccountRecord { account: id, role, municipality: place, password: hash, fictitious: false };
        console.center.store.add_account(&actor, record, console.now())?;
        Ok(password)
    })
    .await?;
    list(&console, &visitor, Some(Given { account, password })).await
}

/// Changes an account.
pub(super) async fn change(
    State(console): State<Arc<Console>>,
    posted: Posted,
) -> Result<axum::response::Response, Fault> {
    use axum::response::IntoResponse as _;
    let Posted { visitor, fields } = posted;
    let account = AccountId::parse(fields.text("account")).ok().ok_or(Fault::Malformed)?;
    let (actor, id, wanted) = (visitor.actor.clone(), account.clone(), fields.text("change").to_owned());
    let password = blocking(&console, move |console| {
        let (change, password) = match wanted.as_str() {
            "enable" => (AccountChange::Enable, None),
            "disable" => (AccountChange::Disable, None),
            "reset" => {
                let (password, hash) = initial_password(console)?;
                (AccountChange::Reset { hash }, Some(password))
            }
            _ => return Err(Fault::Malformed),
        };
        console.center.store.change_account(&actor, &id, change, console.now())?;
        Ok(password)
    })
    .await?;
    match password {
        Some(password) => Ok(list(&console, &visitor, Some(Given { account, password })).await?.into_response()),
        None => Ok(Redirect::to("/accounts").into_response()),
    }
}

/// A random password and its hash.
fn initial_password(console: &Console) -> Result<(String, String), Fault> {
    let mut bytes = [0; 10];
    console.center.random.fill(&mut bytes).ok().ok_or(Fault::Internal)?;
    let password = hex(&bytes);
    let hash = hash(&Password::typed(&password), &console.center.random).ok().ok_or(Fault::Internal)?;
    Ok((password, hash))
}
