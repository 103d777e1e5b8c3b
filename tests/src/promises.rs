//! What must hold after every failure, judged from the journal and the paper.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::terminal::{Answer, assert_journal_whole, journal};
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

/// Whoever paid at the terminal has paper or money, not both and not neither; staff decides what cannot be known.
#[track_caller]
pub fn assert_nobody_lost(world: &World) {
    assert_nobody_lost_at(world, &["kiosk.toml"]);
}

/// The same of every terminal that has printed in this world, each by its configuration file.
///
/// Gives how often each end came.
#[track_caller]
pub fn assert_nobody_lost_at(world: &World, terminals: &[&str]) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for terminal in terminals {
        assert_journal_whole(world, terminal);
        for (transaction, states) in endings(&journal(world, terminal)) {
            let has = |state: &str| states.iter().any(|known| known == state);
            let [end] = *ENDS.iter().filter(|end| has(end)).collect::<Vec<_>>() else {
                panic!("{transaction} has not one end: {states:?}")
            };
            assert!(has("paid") || *end == "cancelled", "{transaction} ended without payment: {states:?}");
            *counts.entry(*end).or_default() += 1;
        }
    }
    let papers = world.files().iter().filter(|file| file.display().to_string().ends_with(".certificate.pdf")).count();
    let taken = counts.get("taken").copied().unwrap_or(0);
    assert_eq!(papers, taken, "papers and transactions that ended with paper");
    counts
}

/// Whether a terminal ended as it may when its centre lost power.
///
/// With paper, told that the centre is gone, or told that the new centre does not know the challenge or the dialogue:
/// both are lost with the centre's memory until the intent is durable.
pub fn is_honest_after_power_cut(answer: &Answer) -> bool {
    [0, 13].contains(&answer.status)
        || [(12, "challenge-refused"), (12, "holder-session-unknown")].contains(&answer.refusal())
}

/// How a transaction can end.
const ENDS: [&str; 4] = ["taken", "refunded", "unknown", "cancelled"];
