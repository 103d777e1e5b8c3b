//! What the store encrypts and names with, shared with the writer's thread.

use ring::rand::SystemRandom;
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::records::PersonRecord;
use zeroize::Zeroizing;

use super::OPENED;
use super::persons::decode;
use crate::secrets::{PersonKey, Pseudonyms, Vault};
use crate::store::StoreError;

/// The keys of a store.
pub(super) struct Keys {
    pub(super) vault: Vault,
    pub(super) pseudonyms: Pseudonyms,
    pub(super) random: SystemRandom,
}

impl Keys {
    /// Encrypts for a place.
    pub(super) fn seal(&self, place: &str, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        let sealed = self.vault.seal(place.as_bytes(), plain, &self.random);
        sealed.map_err(|ring::error::Unspecified| StoreError::Random)
    }

    /// Encrypts a value as JSON; `what` names it in an error.
    pub(super) fn seal_json(
        &self,
        place: &str,
        value: &impl Serialize,
        what: &'static str,
    ) -> Result<Vec<u8>, StoreError> {
        self.seal(place, &json(value, what)?)
    }

    /// Decrypts a value that was encrypted for this place.
    pub(super) fn open_json<T: DeserializeOwned>(
        &self,
        place: &str,
        sealed: &[u8],
        what: &'static str,
    ) -> Result<T, StoreError> {
        let Ok(plain) = self.vault.open(place.as_bytes(), sealed) else { return Err(StoreError::Unreadable(what)) };
        serde_json::from_slice(&plain).ok().ok_or(StoreError::Unreadable(what))
    }

    /// Decrypts a person's record.
    pub(super) fn open_person(&self, key: &PersonKey, sealed: &[u8]) -> Result<PersonRecord, StoreError> {
        metrics::counter!(OPENED).increment(1);
        let plain = self.vault.open(&person_place(key), sealed).ok();
        plain.and_then(|plain| decode(&plain)).ok_or(StoreError::Unreadable("person"))
    }

    /// Encrypts a person's record.
    pub(super) fn seal_person(&self, key: &PersonKey, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        let sealed = self.vault.seal(&person_place(key), plain, &self.random);
        sealed.map_err(|ring::error::Unspecified| StoreError::Random)
    }
}

/// Where a person's record stands.
fn person_place(key: &PersonKey) -> Vec<u8> {
    [b"person:", key.as_bytes().as_slice()].concat()
}

/// A value as JSON that is wiped afterwards.
pub(super) fn json(value: &impl Serialize, what: &'static str) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    serde_json::to_vec(value).map(Zeroizing::new).ok().ok_or(StoreError::Unreadable(what))
}

shared::hidden_debug!(Keys);
