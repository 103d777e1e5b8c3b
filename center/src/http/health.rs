//! `GET /health`: whether the centre can do its work now.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::Center;
use super::admission::blocking;
use super::refusal::Answer;
use crate::hours::Opening;

/// What an operator's probe reads.
#[derive(Debug, Serialize)]
pub(super) struct Health {
    status: &'static str,
    service: &'static str,
    audit_sequence: u64,
}

/// Reads the store: a store that cannot be read is a failure.
pub(super) async fn health(State(center): State<Arc<Center>>) -> Answer<Json<Health>> {
    blocking(&center, |center| {
        let is_stopped = center.store.is_stopped()?;
        let service = match center.hours.at(center.clock.now()) {
            _ if is_stopped => "stopped",
            Opening::Open(_) => "open",
            Opening::Closed(_) => "closed",
        };
        Ok(Json(Health { status: "ok", service, audit_sequence: center.store.head()?.sequence }))
    })
    .await?
}
