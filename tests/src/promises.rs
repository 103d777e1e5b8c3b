//! What must hold after every failure, judged from the journal and the paper.

use serde_json::Value;

use crate::terminal::{assert_journal_whole, journal};
use crate::world::World;

/// How money and paper of each transaction in a journal ended: its states in order.
pub fn endings(records: &[Value]) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for record in records {
        let transaction = record["transaction"].as_str().expect("a transaction").to_owned();
        let state = record["state"].as_str().expect("a state").to_owned();
        match found.iter_mut().find(|(known, _)| *known == transaction) {
            Some((_, states)) => states.push(state),
            None => found.push((transaction, vec![state])),
        }
    }
    found
}

/// Whoever paid has paper or money, not both and not neither; staff decides what cannot be known.
#[track_caller]
pub fn assert_nobody_lost(world: &World) {
    assert_journal_whole(world, "kiosk.toml");
    let mut taken = 0;
    for (transaction, states) in endings(&journal(world, "kiosk.toml")) {
        let has = |state: &str| states.iter().any(|known| known == state);
        let ends = ["taken", "refunded", "unknown", "cancelled"].iter().filter(|state| has(state)).count();
        assert_eq!(ends, 1, "{transaction}: {states:?}");
        if !has("paid") {
            assert!(has("cancelled"), "{transaction} ended without payment: {states:?}");
        }
        taken += usize::from(has("taken"));
    }
    let papers = world.files().iter().filter(|file| file.display().to_string().ends_with(".certificate.pdf")).count();
    assert_eq!(papers, taken, "papers and transactions that ended with paper");
}
