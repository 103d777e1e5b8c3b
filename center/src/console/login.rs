//! Logging in and out, and the own password. Every failure takes as long and says the same.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use maud::{Markup, html};
use shared::records::AccountId;

use super::fault::Fault;
use super::form::{Fields, Posted, check_origin};
use super::page::{self, Item, input};
use super::password::{NOBODY, Password, PasswordError, hash};
use super::session::{Visitor, cookie, set_cookie};
use super::{Console, blocking};
use crate::http::PeerAddress;
use crate::store::accounts::{Account, AccountState, PasswordState};

/// How long a login waits for its turn to be checked.
const PATIENCE: Duration = Duration::from_secs(5);

/// The form.
pub(super) async fn show() -> Html<String> {
    page::bare("ログイン", &form(None))
}

fn form(error: Option<&str>) -> Markup {
    html! {
        h1 { "予防接種記録システム" small lang="en" { "Vaccination record system" } }
        @if let Some(error) = error { p .error role="alert" { (error) } }
        form method="post" action="/login" {
            div .field {
                label for="account" { "アカウント" }
                input id="account" name="account" type="text" autocomplete="username" autocapitalize="none" required;
            }
            div .field {
                label for="password" { "パスワード" }
                input id="password" name="password" type="password" autocomplete="current-password" required;
            }
            button type="submit" { "ログイン" }
        }
    }
}

/// Logs in.
pub(super) async fn log_in(
    State(console): State<Arc<Console>>,
    peer: Option<Extension<PeerAddress>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Fault> {
    check_origin(&headers)?;
    let fields = Fields::parse(&headers, &body).ok_or(Fault::Malformed)?;
    let source = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |Extension(PeerAddress(address))| address);
    let name = fields.text("account").to_owned();
    let wait = console.guard.wait(&name, source, console.now());
    if wait > 0 {
        let error =
            format!("続けて失敗したため、あと{wait}秒お待ちください。ほかの場所からのログインには影響しません。");
        let page = page::bare("ログイン", &form(Some(&error)));
        return Ok((StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, wait.to_string())], page).into_response());
    }
    let password = Password::typed(fields.text("password"));
    let Ok(Ok(_turn)) = tokio::time::timeout(PATIENCE, console.hashing.acquire()).await else {
        return Err(Fault::Busy);
    };
    let checked = name.clone();
    let account = blocking(&console, move |console| check(console, &checked, &password)).await?;
    let Some(account) = account else {
        console.guard.failed(&name, source, console.now());
        tracing::warn!(%source, "a login was refused");
        let page = page::bare("ログイン", &form(Some("アカウントまたはパスワードが違います。")));
        return Ok((StatusCode::FORBIDDEN, page).into_response());
    };
    console.guard.succeeded(&name, source);
    open_session(&console, &account, &headers, "/")
}

/// The account, if it is in force and the password is its own. Both ways cost one hash.
fn check(console: &Console, name: &str, password: &Password) -> Result<Option<Account>, Fault> {
    let store = &console.center.store;
    let found = match AccountId::parse(name) {
        Ok(id) => store.credentials(&id)?,
        Err(_) => None,
    };
    let matches = password.matches(found.as_ref().map_or(NOBODY, |found| found.hash.as_str()));
    let account = found.map(|found| found.account).filter(|account| matches && account.state == AccountState::Active);
    if let Some(account) = &account {
        store.logged_in(&account.id, console.now())?;
    }
    Ok(account)
}

/// A new token, whatever token the browser had before.
fn open_session(console: &Console, account: &Account, headers: &HeaderMap, to: &str) -> Result<Response, Fault> {
    let token = console.sessions.open(account, cookie(headers), console.now(), &console.center.random);
    let token = token.ok_or(Fault::Busy)?;
    Ok(([(header::SET_COOKIE, set_cookie(Some(&token)))], Redirect::to(to)).into_response())
}

/// Logs out.
pub(super) async fn log_out(State(console): State<Arc<Console>>, headers: HeaderMap, _posted: Posted) -> Response {
    if let Some(token) = cookie(&headers) {
        console.sessions.close(token);
    }
    ([(header::SET_COOKIE, set_cookie(None))], Redirect::to("/login")).into_response()
}

/// The form for the own password.
pub(super) async fn show_password(visitor: Visitor) -> Html<String> {
    password_page(&visitor, None)
}

fn password_page(visitor: &Visitor, error: Option<&str>) -> Html<String> {
    let hint = "12文字以上。アカウント名を含むものや、同じ文字のくり返しは使えません。";
    let body = html! {
        @if visitor.account.password == PasswordState::Initial {
            p { "最初に渡されたパスワードのままです。自分だけが知るものに変えてください。" }
        }
        @if let Some(error) = error { p .error role="alert" { (error) } }
        form method="post" action="/password" {
            (page::token(visitor))
            (input("present", "今のパスワード", ("password", "", "")))
            (input("new", "新しいパスワード", ("password", "", hint)))
            (input("again", "新しいパスワード（確認）", ("password", "", "")))
            button type="submit" { "変更する" }
        }
    };
    page::page(visitor, Item::Password, &body)
}

/// Changes the own password; every other session of the account ends.
pub(super) async fn change_password(
    State(console): State<Arc<Console>>,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Fault> {
    let Posted { visitor, fields } = posted;
    let refuse =
        |error: &str| Ok((StatusCode::UNPROCESSABLE_ENTITY, password_page(&visitor, Some(error))).into_response());
    if fields.text("new") != fields.text("again") {
        return refuse("新しいパスワードが一致しません。");
    }
    let chosen = match Password::choose(fields.text("new"), visitor.account.id.as_str()) {
        Ok(chosen) => chosen,
        Err(PasswordError::Length) => return refuse("12文字以上128文字以下にしてください。"),
        Err(PasswordError::Guessable) => return refuse("推測されやすいパスワードです。"),
    };
    let Ok(Ok(_turn)) = tokio::time::timeout(PATIENCE, console.hashing.acquire()).await else {
        return Err(Fault::Busy);
    };
    let present = Password::typed(fields.text("present"));
    let actor = visitor.actor.clone();
    let account = blocking(&console, move |console| {
        let store = &console.center.store;
        let known = store.credentials(actor.account())?;
        if !known.is_some_and(|known| present.matches(&known.hash)) {
            return Ok(None);
        }
        let hash = hash(&chosen, &console.center.random).ok().ok_or(Fault::Internal)?;
        let version = store.set_password(&actor, hash, console.now())?;
        Ok(store.actor(actor.account(), version)?.map(|(_, account)| account))
    })
    .await?;
    match account {
        Some(account) => open_session(&console, &account, &headers, "/"),
        None => refuse("今のパスワードが違います。"),
    }
}
