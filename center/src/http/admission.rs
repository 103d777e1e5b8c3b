//! Before any handler: how crowded the centre is, which terminal calls, and how often it does.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use shared::domain::identifiers::{ChainId, TerminalId};
use shared::proof::Digest;
use shared::wire::problem::ProblemCode;

use super::Center;
use super::refusal::{Answer, Refusal};
use crate::challenge::Caller;
use crate::issuance::IssuanceError;
use crate::store::{CLOCK_TOLERANCE_SECONDS, StoreError};

/// SHA-256 of the certificate that the TLS client proved to hold.
#[derive(Debug, Clone, Copy)]
pub struct PeerIdentity(pub Digest);

/// Where a request comes from, as the socket knows it.
#[derive(Debug, Clone, Copy)]
pub struct PeerAddress(pub IpAddr);

/// The terminal that calls, by the registry.
#[derive(Debug, Clone)]
pub(super) struct Kiosk {
    /// As challenges and sessions know it.
    pub(super) caller: Caller,
    /// Where it stands.
    pub(super) chain: ChainId,
}

/// How often one caller may call: a terminal, or an address where apps are.
pub struct RateLimit<K: Clone + Eq + Hash>(DefaultKeyedRateLimiter<K>);

/// Callers that are remembered before those are forgotten who have not called for a while.
const MAXIMUM_REMEMBERED: usize = 100_000;

impl<K: Clone + Eq + Hash> std::fmt::Debug for RateLimit<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RateLimit(..)")
    }
}

impl<K: Clone + Eq + Hash> RateLimit<K> {
    /// So many calls a minute, and a quarter of them at once.
    pub fn per_minute(calls: NonZeroU32) -> Self {
        let burst = NonZeroU32::new(calls.get().div_ceil(4)).unwrap_or(NonZeroU32::MIN);
        Self(RateLimiter::keyed(Quota::per_minute(calls).allow_burst(burst)))
    }

    /// Counts a call; whether it may go on.
    pub(super) fn allows(&self, caller: &K) -> bool {
        if self.0.len() > MAXIMUM_REMEMBERED {
            self.0.retain_recent();
        }
        self.0.check_key(caller).is_ok()
    }
}

/// Terminals that were refused when they introduced themselves: they get nothing until they are accepted.
#[derive(Debug, Default)]
pub struct Standing(Mutex<HashMap<TerminalId, ProblemCode>>);

impl Standing {
    /// Remembers how an introduction ended.
    pub(super) fn note(&self, terminal: &TerminalId, refused: Option<ProblemCode>) {
        let mut standing = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match refused {
            Some(code) => drop(standing.insert(terminal.clone(), code)),
            None => drop(standing.remove(terminal)),
        }
    }

    /// Why a terminal was refused, if it was.
    fn objection(&self, terminal: &TerminalId) -> Option<ProblemCode> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(terminal).copied()
    }
}

/// Lets a request through with its [`Kiosk`], or refuses it.
pub(super) async fn admit(State(center): State<Arc<Center>>, mut request: Request, next: Next) -> Response {
    let Ok(_permit) = center.limits.requests.try_acquire() else {
        return Refusal::from(ProblemCode::Busy).into_response();
    };
    match identify(&center, request.extensions().get().copied()).await {
        Ok(kiosk) => {
            request.extensions_mut().insert(kiosk);
            next.run(request).await
        }
        Err(refusal) => refusal.into_response(),
    }
}

async fn identify(center: &Arc<Center>, identity: Option<PeerIdentity>) -> Answer<Kiosk> {
    let PeerIdentity(tls_identity) = identity.ok_or(ProblemCode::TerminalUnknown)?;
    let terminal = blocking(center, move |center| center.store.terminal(&tls_identity)).await??;
    let terminal = terminal.ok_or(ProblemCode::TerminalUnknown)?;
    if !center.limits.rate.allows(&terminal.id) {
        return Err(ProblemCode::RateLimited.into());
    }
    Ok(Kiosk { caller: Caller { terminal: terminal.id, tls_identity }, chain: terminal.chain })
}

/// Refuses outside the hours, while issuing is stopped, and where the chain does not take part.
pub(super) fn check_service(center: &Center, kiosk: &Kiosk) -> Result<(), IssuanceError> {
    let refused = |code| Err(IssuanceError::Refused(code));
    if let Some(code) = center.limits.standing.objection(&kiosk.caller.terminal) {
        return refused(code);
    }
    check_running(center)?;
    if !center.hours.is_open(center.clock.now()) {
        return refused(ProblemCode::OutOfHours);
    }
    let chain = center.store.chain(&kiosk.chain)?;
    if chain.is_some_and(|chain| chain.participating) { Ok(()) } else { refused(ProblemCode::ChainNotParticipating) }
}

/// Refuses while issuing is stopped, and while the clock shows less than the last audit entry; at any hour.
pub(super) fn check_running(center: &Center) -> Result<(), IssuanceError> {
    if center.store.is_stopped()? {
        return Err(IssuanceError::Refused(ProblemCode::ServiceStopped));
    }
    let is_backwards = center.clock.now().as_second() + CLOCK_TOLERANCE_SECONDS < center.store.head()?.at.as_second();
    if is_backwards { Err(StoreError::ClockBackwards.into()) } else { Ok(()) }
}

/// Runs blocking work on its own thread.
pub(super) async fn blocking<S: Send + Sync + 'static, T: Send + 'static>(
    state: &Arc<S>,
    work: impl FnOnce(&S) -> T + Send + 'static,
) -> Answer<T> {
    let state = Arc::clone(state);
    tokio::task::spawn_blocking(move || work(&state)).await.map_err(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "a request's work ended badly");
        ProblemCode::Internal.into()
    })
}
