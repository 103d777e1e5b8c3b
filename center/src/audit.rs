//! The audit chain: what happened, each entry bound to the one before; no personal data beyond the person key.

use jiff::Timestamp;
use shared::domain::identifiers::hex;
use shared::proof::{Digest, digest_of_parts};

use crate::secrets::PersonKey;

mod event;
pub mod witness;

pub use event::{AccountEvent, Event};

/// An entry as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// From 1, without a gap.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
    /// Whose shard; `None` for what concerns no person.
    pub person: Option<PersonKey>,
    /// The event as JSON, exactly as digested.
    pub event: String,
    /// Over the previous digest and everything above.
    pub digest: Digest,
}

/// The last entry's place and digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Its number; 0 before the first entry.
    pub sequence: u64,
    /// Its digest; zeros before the first entry.
    pub digest: Digest,
    /// Its time.
    pub at: Timestamp,
}

/// Where a chain is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// An entry's content, time or person is not what was digested, or an entry before it was replaced.
    #[error("audit entry {0} was altered")]
    Altered(u64),
    /// There is a gap.
    #[error("audit entry {0} is missing")]
    Missing(u64),
    /// An entry stands at another's place.
    #[error("audit entry {0} is out of order")]
    Reordered(u64),
    /// The witness knows a later or another entry: the store was rolled back or replaced.
    #[error("the store does not contain audit entry {0} that the witness holds: it was rolled back or replaced")]
    RolledBack(u64),
}

impl Head {
    /// Before the first entry.
    pub const START: Self = Self { sequence: 0, digest: [0; 32], at: Timestamp::UNIX_EPOCH };

    /// The entry that follows.
    pub fn append(&self, at: Timestamp, person: Option<PersonKey>, event: &Event) -> Entry {
        // An event has only string keys and finite numbers: serialising it cannot fail.
        let event = serde_json::to_string(event).unwrap_or_default();
        let sequence = self.sequence + 1;
        let digest = entry_digest(&self.digest, sequence, at, person, &event);
        Entry { sequence, at, person, event, digest }
    }

    /// The head once `entry` follows, if it does.
    pub fn follow(&self, entry: &Entry) -> Result<Self, ChainError> {
        let expected = self.sequence + 1;
        match entry.sequence {
            sequence if sequence > expected => return Err(ChainError::Missing(expected)),
            sequence if sequence < expected => return Err(ChainError::Reordered(sequence)),
            _ => {}
        }
        if entry_digest(&self.digest, entry.sequence, entry.at, entry.person, &entry.event) == entry.digest {
            Ok(entry.head())
        } else {
            Err(ChainError::Altered(entry.sequence))
        }
    }
}

impl Entry {
    /// The chain's head when this is its last entry.
    pub const fn head(&self) -> Head {
        Head { sequence: self.sequence, digest: self.digest, at: self.at }
    }
}

fn entry_digest(previous: &Digest, sequence: u64, at: Timestamp, person: Option<PersonKey>, event: &str) -> Digest {
    let person = person.as_ref().map_or(&[][..], |person| person.as_bytes());
    digest_of_parts(
        b"konbini-certificate audit v1",
        &[previous, &sequence.to_be_bytes(), &at.as_millisecond().to_be_bytes(), person, event.as_bytes()],
    )
}

/// Verifies a chain from its start; the result is its head.
pub fn verify(entries: impl IntoIterator<Item = Entry>) -> Result<Head, ChainError> {
    let mut entries = entries.into_iter().peekable();
    let mut head = Head::START;
    while let Some(entry) = entries.next() {
        head = match head.follow(&entry) {
            // Two neighbours that changed places: the entry is intact but another's number stands on it.
            Err(ChainError::Altered(sequence)) if follows_next(&head, entries.peek()) => {
                return Err(ChainError::Reordered(sequence));
            }
            result => result?,
        };
    }
    Ok(head)
}

fn follows_next(head: &Head, next: Option<&Entry>) -> bool {
    next.is_some_and(|next| {
        let sequence = head.sequence + 1;
        entry_digest(&head.digest, sequence, next.at, next.person, &next.event) == next.digest
    })
}

/// The digest as it stands in reports.
pub fn encode(digest: &Digest) -> String {
    hex(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(length: u64) -> Vec<Entry> {
        let mut head = Head::START;
        (0..length)
            .map(|number| {
                let at = Timestamp::from_millisecond(number.cast_signed()).unwrap();
                let entry = head.append(at, None, &Event::Stopped { reason: number.to_string() });
                head = entry.head();
                entry
            })
            .collect()
    }

    #[test]
    fn an_untouched_chain_holds() {
        let entries = chain(5);
        assert_eq!(verify(entries.clone()), Ok(entries[4].head()));
    }

    #[test]
    fn an_altered_entry_is_named() {
        let mut entries = chain(5);
        entries[2].event = entries[2].event.replace('2', "9");
        assert_eq!(verify(entries), Err(ChainError::Altered(3)));
        let mut entries = chain(5);
        entries[3].at = Timestamp::UNIX_EPOCH;
        assert_eq!(verify(entries), Err(ChainError::Altered(4)));
    }

    #[test]
    fn a_missing_entry_is_named() {
        let mut entries = chain(5);
        entries.remove(1);
        assert_eq!(verify(entries), Err(ChainError::Missing(2)));
    }

    #[test]
    fn entries_that_changed_places_are_named() {
        let mut entries = chain(5);
        entries.swap(1, 2);
        (entries[1].sequence, entries[2].sequence) = (2, 3);
        assert_eq!(verify(entries), Err(ChainError::Reordered(2)));
        let mut entries = chain(5);
        entries.swap(1, 2);
        assert!(verify(entries).is_err());
    }
}
