//! `kiosk readers`: what stands between this terminal and a readable card, and what to do about it.

use serde_json::{Value, json};
use shared::card::channel::{CardError, CardResult, Channel};
use shared::card::pin::PinStatus;
use shared::card::transport::Transport;
use shared::card::{input_support, jpki};

use crate::card_reader::pcsc::{Listed, PcscReader};
use crate::card_reader::{Presence, Reader as _};
use crate::session::fault::CardFault;

/// What was found.
#[derive(Debug)]
pub struct Report {
    /// For programs.
    pub json: Value,
    /// For people, line by line.
    pub text: Vec<String>,
    /// Whether a card can be read.
    pub verdict: Verdict,
}

/// Whether a card can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// At least one can.
    Ready,
    /// None can.
    NotReady,
}

/// The longest reader name that is shown.
const MAXIMUM_NAME_CHARACTERS: usize = 128;

/// Examines service, readers and cards. No PIN is asked for and no try is spent.
pub fn examine() -> Report {
    let mut reader = PcscReader::new(None);
    match reader.list() {
        Err(fault) => conclude("stopped", Vec::new(), advice_on(fault), Verdict::NotReady),
        Ok(listed) if listed.is_empty() => {
            conclude("running", Vec::new(), advice_on(CardFault::ReaderMissing), Verdict::NotReady)
        }
        Ok(listed) => {
            let readers: Vec<Examined> = listed.into_iter().map(|listed| examine_reader(&mut reader, listed)).collect();
            let ready = readers.iter().any(|reader| reader.verdict == Verdict::Ready);
            let advice = if ready {
                "All is well: a My Number card can be read."
            } else {
                readers.iter().map(|reader| reader.advice).next().unwrap_or("Connect a reader.")
            };
            conclude("running", readers, advice, if ready { Verdict::Ready } else { Verdict::NotReady })
        }
    }
}

struct Examined {
    json: Value,
    text: Vec<String>,
    advice: &'static str,
    verdict: Verdict,
}

fn conclude(service: &str, readers: Vec<Examined>, advice: &str, verdict: Verdict) -> Report {
    let mut text = vec![format!("smart card service: {service}")];
    let mut values = Vec::new();
    for reader in readers {
        text.extend(reader.text);
        values.push(reader.json);
    }
    text.push(advice.to_owned());
    Report { json: json!({"service": service, "readers": values, "advice": advice}), text, verdict }
}

fn examine_reader(reader: &mut PcscReader, listed: Listed) -> Examined {
    let name = shown(&listed.name.to_string_lossy());
    if listed.presence == Presence::Absent {
        return Examined {
            json: json!({"name": name, "card": "absent"}),
            text: vec![format!("{name}: no card")],
            advice: advice_on(CardFault::CardMissing),
            verdict: Verdict::NotReady,
        };
    }
    let atr: String = shared::domain::identifiers::hex(&listed.answer_to_reset).to_uppercase();
    match reader.connect_to(listed.name) {
        Err(fault) => Examined {
            json: json!({"name": name, "card": "unusable", "atr": atr, "fault": fault.code()}),
            text: vec![format!("{name}: card {atr}: {fault}")],
            advice: advice_on(fault),
            verdict: Verdict::NotReady,
        },
        Ok(card) => {
            let mut channel = Channel::new(card);
            let examined = examine_card(&mut channel, &name, &atr);
            reader.release(channel.into_transport());
            examined
        }
    }
}

fn examine_card<T: Transport>(channel: &mut Channel<T>, name: &str, atr: &str) -> Examined {
    let input_support = input_support::select(channel).and_then(|()| input_support::pin_status(channel));
    let selected = jpki::select(channel);
    let authentication = selected.and_then(|()| jpki::pin_status(channel));
    let signature = jpki::signature_password_status(channel);
    let label = jpki::token_label(channel);
    let is_ready = matches!(input_support, Ok(PinStatus::TriesLeft(_)));
    let advice = match &input_support {
        Ok(PinStatus::TriesLeft(1)) => {
            "One try is left for the PIN of the input-support application: type it with care."
        }
        Ok(PinStatus::TriesLeft(_)) => "All is well: the card can be read.",
        Ok(PinStatus::Blocked) => {
            "The PIN of the input-support application is locked: the municipal office unlocks it."
        }
        Ok(PinStatus::Verified) => {
            "Another program left the card unlocked: take the card off the reader and place it again."
        }
        Err(CardError::ApplicationMissing) => "This is not a My Number card.",
        Err(_) => "The card does not answer as it should: place it flat on the reader again.",
    };
    let applications = [
        ("input-support", state_of::<T>(&input_support)),
        ("user-authentication", state_of::<T>(&authentication)),
        ("digital-signature", state_of::<T>(&signature)),
    ];
    let mut text = vec![format!("{name}: card {atr}")];
    text.extend(applications.iter().map(|(application, state)| format!("  {application}: {state}")));
    Examined {
        json: json!({
            "name": name,
            "card": "present",
            "atr": atr,
            "token": label.as_ref().ok(),
            "applications": applications
                .iter()
                .map(|(application, state)| json!({"name": application, "status_word": state.status_word, "tries_left": state.tries_left}))
                .collect::<Vec<_>>(),
        }),
        text,
        advice,
        verdict: if is_ready { Verdict::Ready } else { Verdict::NotReady },
    }
}

/// What an application said to the question for its tries.
struct ApplicationState {
    status_word: Option<String>,
    tries_left: Option<u8>,
    fault: Option<String>,
}

impl std::fmt::Display for ApplicationState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (&self.status_word, self.tries_left, &self.fault) {
            (Some(word), Some(tries), _) => write!(f, "{word}, tries left: {tries}"),
            (Some(word), None, _) => f.write_str(word),
            (None, _, Some(fault)) => f.write_str(fault),
            (None, _, None) => f.write_str("unknown"),
        }
    }
}

fn state_of<T: Transport>(status: &CardResult<PinStatus, T>) -> ApplicationState {
    let (status_word, tries_left, fault) = match status {
        Ok(PinStatus::Verified) => (Some("9000".to_owned()), None, None),
        Ok(PinStatus::TriesLeft(tries)) => (Some(format!("63C{tries:X}")), Some(*tries), None),
        Ok(PinStatus::Blocked) => (Some("63C0".to_owned()), Some(0), None),
        Err(CardError::ApplicationMissing) => (Some("6A82".to_owned()), None, None),
        Err(CardError::Refused { status, .. }) => (Some(status.to_string()), None, None),
        Err(error) => (None, None, Some(error.to_string())),
    };
    ApplicationState { status_word, tries_left, fault }
}

/// A reader's name comes from the reader: control and direction characters are escaped, length is bounded.
fn shown(name: &str) -> String {
    name.chars()
        .take(MAXIMUM_NAME_CHARACTERS)
        .flat_map(|c| {
            let plain = c.is_ascii_graphic() || c == ' ' || (c.is_alphanumeric() && !c.is_control());
            if plain { c.to_string() } else { c.escape_unicode().to_string() }.chars().collect::<Vec<_>>()
        })
        .collect()
}

const fn advice_on(fault: CardFault) -> &'static str {
    match fault {
        CardFault::ServiceStopped => "Start the smart card service: the program pcscd must run.",
        CardFault::ReaderMissing => "Connect a card reader.",
        CardFault::ReaderUnknown => "Check the reader's name against this list.",
        CardFault::CardMissing => "Place a card on the reader.",
        CardFault::Removed => "The card was removed while it was read: leave it on the reader.",
        CardFault::Occupied => "Another program uses the card: close it.",
        CardFault::ForeignCard => "This is not a My Number card.",
        CardFault::Unreadable => "The card cannot be read: place it flat on the reader again.",
        CardFault::Silent => "The card does not answer: take it off the reader and place it again.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_reader_name_is_escaped_and_cut() {
        assert_eq!(shown("Virtual PCD 00 00"), "Virtual PCD 00 00");
        assert_eq!(shown("\u{1b}[2J\u{202e}x"), "\\u{1b}[2J\\u{202e}x");
        assert!(shown(&"A".repeat(5000)).len() <= 128);
    }
}
