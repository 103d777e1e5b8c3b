//! One transaction's records with its neighbours', the neighbours masked: what is shown to somebody who may see
//! this transaction and no other.

use serde::Serialize;
use serde_json::{Value, json};
use shared::domain::identifiers::TransactionId;

use super::{Line, Reading};

/// The records around a transaction, in order.
#[derive(Debug)]
pub struct Extract<'r> {
    /// From the last record before its first to the first after its last.
    pub records: Vec<Shown<'r>>,
}

/// A record as it is shown.
#[derive(Debug)]
pub enum Shown<'r> {
    /// It belongs to the transaction.
    Whole {
        /// The record.
        line: &'r Line,
        /// Its place in the chain.
        digest: &'r str,
    },
    /// It belongs to another: only that it is there, when, and its place in the chain.
    Masked {
        /// The record.
        line: &'r Line,
        /// Its place in the chain.
        digest: &'r str,
    },
}

impl<'r> Extract<'r> {
    /// The records of a transaction with a neighbour on either side; `None` where the journal does not know it.
    pub fn of(reading: &'r Reading, transaction: &TransactionId) -> Option<Self> {
        let own = |line: &Line| line.transaction == *transaction;
        let first = reading.lines.iter().position(own)?;
        let last = reading.lines.iter().rposition(own)?;
        let from = first.saturating_sub(1);
        let records = reading.lines.iter().zip(&reading.digests).skip(from).take(last + 2 - from);
        let records =
            records.map(
                |(line, digest)| {
                    if own(line) { Shown::Whole { line, digest } } else { Shown::Masked { line, digest } }
                },
            );
        Some(Self { records: records.collect() })
    }
}

impl Shown<'_> {
    /// One JSON object.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Whole { line, digest } => {
                #[derive(Serialize)]
                struct Whole<'a> {
                    digest: &'a str,
                    #[serde(flatten)]
                    line: &'a Line,
                }
                serde_json::to_value(Whole { digest, line }).unwrap_or_default()
            }
            Self::Masked { line, digest } => {
                json!({"digest": digest, "sequence": line.sequence, "at": line.at, "masked": true})
            }
        }
    }

    /// One line of text.
    pub fn to_text(&self) -> String {
        match self {
            Self::Whole { line, .. } => {
                format!("{} {} {} {}", line.sequence, line.at, line.transaction, line.state.as_str())
            }
            Self::Masked { line, .. } => format!("{} {} (another transaction)", line.sequence, line.at),
        }
    }
}
