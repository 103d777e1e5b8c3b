//! Sessions of people who are logged in: a random token in a cookie, its hash here, an idle and an absolute end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use jiff::Timestamp;
use ring::rand::SecureRandom;
use shared::domain::identifiers::hex;
use shared::proof::{Digest, sha256};
use shared::records::AccountId;

use super::fault::Fault;
use super::{Console, blocking};
use crate::store::accounts::{Account, PasswordState};
use crate::store::actor::Actor;

/// Without a request for so long a session ends.
const IDLE_SECONDS: i64 = 30 * 60;

/// After so long it ends in any case.
const ABSOLUTE_SECONDS: i64 = 8 * 60 * 60;

/// Sessions that may be open at once.
const MAXIMUM_OPEN: usize = 20_000;

/// The cookie. Its prefix makes browsers refuse it without `Secure`, for other paths and for other hosts.
pub(super) const COOKIE: &str = "__Host-console";

/// Open sessions, by the hash of their tokens: the tokens themselves are nowhere but in browsers.
#[derive(Default)]
pub(super) struct Sessions(Mutex<HashMap<Digest, Session>>);

#[derive(Clone)]
struct Session {
    account: AccountId,
    version: u64,
    csrf: String,
    began: Timestamp,
    seen: Timestamp,
}

shared::hidden_debug!(Sessions);

impl Sessions {
    /// Opens a session; gives the cookie's value. What was open under `former` ends: a token never outlives a login.
    pub(super) fn open(
        &self,
        account: &Account,
        former: Option<&str>,
        now: Timestamp,
        random: &dyn SecureRandom,
    ) -> Option<String> {
        let (token, csrf) = (random_text(random)?, random_text(random)?);
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, session| session.is_open(now));
        if let Some(former) = former {
            open.remove(&sha256(former.as_bytes()));
        }
        if open.len() >= MAXIMUM_OPEN {
            return None;
        }
        let (account, version) = (account.id.clone(), account.version);
        open.insert(sha256(token.as_bytes()), Session { account, version, csrf, began: now, seen: now });
        Some(token)
    }

    /// Ends a session.
    pub(super) fn close(&self, token: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&sha256(token.as_bytes()));
    }

    fn find(&self, token: &str, now: Timestamp) -> Option<Session> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let session = open.get_mut(&sha256(token.as_bytes())).filter(|session| session.is_open(now))?;
        session.seen = now;
        Some(session.clone())
    }
}

impl Session {
    fn is_open(&self, now: Timestamp) -> bool {
        now.duration_since(self.seen).as_secs() <= IDLE_SECONDS
            && now.duration_since(self.began).as_secs() <= ABSOLUTE_SECONDS
    }
}

fn random_text(random: &dyn SecureRandom) -> Option<String> {
    let mut bytes = [0; 32];
    random.fill(&mut bytes).ok()?;
    Some(hex(&bytes))
}

/// Who asks, as the store knows the account at this moment.
#[derive(Debug, Clone)]
pub(super) struct Visitor {
    /// With which rights.
    pub(super) actor: Actor,
    /// The account.
    pub(super) account: Account,
    /// What every form must carry.
    pub(super) csrf: String,
}

impl FromRequestParts<Arc<Console>> for Visitor {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, console: &Arc<Console>) -> Result<Self, Fault> {
        let visitor = visitor(&parts.headers, console).await?;
        // Until the initial password is replaced, nothing else is shown.
        let may =
            visitor.account.password == PasswordState::Own || ["/password", "/logout"].contains(&parts.uri.path());
        if may { Ok(visitor) } else { Err(Fault::PasswordFirst) }
    }
}

async fn visitor(headers: &HeaderMap, console: &Arc<Console>) -> Result<Visitor, Fault> {
    let token = cookie(headers).ok_or(Fault::LogInFirst)?;
    let session = console.sessions.find(token, console.now()).ok_or(Fault::LogInFirst)?;
    blocking(console, move |console| {
        let found = console.center.store.actor(&session.account, session.version)?;
        let (actor, account) = found.ok_or(Fault::LogInFirst)?;
        Ok(Visitor { actor, account, csrf: session.csrf })
    })
    .await
}

/// The session's token among the cookies.
pub(super) fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

/// The header that sets the cookie; without a token it is taken away.
pub(super) fn set_cookie(token: Option<&str>) -> HeaderValue {
    let text = match token {
        Some(token) => {
            format!("{COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={ABSOLUTE_SECONDS}")
        }
        None => format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0"),
    };
    // Hexadecimal digits and fixed words: always a header value.
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}
