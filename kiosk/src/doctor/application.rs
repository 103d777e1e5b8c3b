//! What the card says of each of its five applications, without a PIN: status words and tries left.

use serde_json::{Value, json};
use shared::card::channel::{CardError, CardResult, Channel};
use shared::card::pin::PinStatus;
use shared::card::transport::Transport;
use shared::card::{input_support, jpki};

/// An application and the secrets whose tries can be asked for.
struct Asked {
    name: &'static str,
    identifier: [u8; 10],
    secrets: &'static [(&'static str, [u8; 2])],
}

const SURFACE: [u8; 10] = [0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02];
const REGISTER: [u8; 10] = [0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x01];
const SHARED: [u8; 10] = [0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00];

const APPLICATIONS: [Asked; 5] = [
    Asked {
        name: "input-support",
        identifier: input_support::APPLICATION,
        secrets: &[("pin", input_support::PIN), ("number-a", [0x00, 0x14]), ("number-b", [0x00, 0x15])],
    },
    Asked {
        name: "jpki",
        identifier: jpki::APPLICATION,
        secrets: &[("user-authentication", jpki::AUTHENTICATION_PIN), ("digital-signature", jpki::SIGNATURE_PASSWORD)],
    },
    Asked {
        name: "card-surface",
        identifier: SURFACE,
        secrets: &[("birth-date", [0x00, 0x11]), ("number-b", [0x00, 0x12]), ("number-a", [0x00, 0x13])],
    },
    Asked { name: "resident-register", identifier: REGISTER, secrets: &[("pin", [0x00, 0x1C])] },
    Asked { name: "shared", identifier: SHARED, secrets: &[("pin", [0x00, 0x1C])] },
];

/// An application as the card showed it.
#[derive(Debug)]
pub(super) struct Application {
    name: &'static str,
    selected: Said,
    secrets: Vec<(&'static str, Said)>,
}

/// An answer: its status word, or why there is none.
#[derive(Debug)]
struct Said {
    status_word: Option<String>,
    tries_left: Option<u8>,
    fault: Option<String>,
}

/// What the examination found.
#[derive(Debug)]
pub(super) struct Examination {
    pub(super) applications: Vec<Application>,
    /// The PIN that most certificates ask for.
    pub(super) pin: Finding,
    pub(super) token: Option<String>,
}

/// What it means for a resident with this card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finding {
    Usable,
    LastTry,
    Locked,
    LeftUnlocked,
    ForeignCard,
    Garbled,
}

/// Asks every application. No PIN is sent and no try is spent.
pub(super) fn examine<T: Transport>(channel: &mut Channel<T>) -> Examination {
    let mut pin = Finding::Garbled;
    let mut token = None;
    let mut applications = Vec::new();
    for asked in &APPLICATIONS {
        let selected = channel.select_application(&asked.identifier);
        let statuses: Vec<CardResult<PinStatus, T>> = match selected {
            Ok(()) => asked.secrets.iter().map(|(_, id)| channel.pin_status(*id)).collect(),
            Err(_) => Vec::new(),
        };
        if asked.identifier == input_support::APPLICATION {
            pin = match (&selected, statuses.first()) {
                (Err(CardError::ApplicationMissing), _) => Finding::ForeignCard,
                (Ok(()), Some(status)) => finding::<T>(status),
                (Ok(()), None) | (Err(_), _) => Finding::Garbled,
            };
        }
        if asked.identifier == jpki::APPLICATION && selected.is_ok() {
            token = jpki::token_label(channel).ok();
        }
        let selected = match selected {
            Ok(()) => Said { status_word: Some("9000".to_owned()), tries_left: None, fault: None },
            Err(error) => said::<T>(&Err(error)),
        };
        let secrets = asked.secrets.iter().zip(&statuses).map(|((name, _), status)| (*name, said::<T>(status)));
        applications.push(Application { name: asked.name, selected, secrets: secrets.collect() });
    }
    Examination { applications, pin, token }
}

const fn finding<T: Transport>(status: &CardResult<PinStatus, T>) -> Finding {
    match status {
        Ok(PinStatus::TriesLeft(1)) => Finding::LastTry,
        Ok(PinStatus::TriesLeft(_)) => Finding::Usable,
        Ok(PinStatus::Blocked) => Finding::Locked,
        Ok(PinStatus::Verified) => Finding::LeftUnlocked,
        Err(CardError::ApplicationMissing) => Finding::ForeignCard,
        Err(_) => Finding::Garbled,
    }
}

fn said<T: Transport>(status: &CardResult<PinStatus, T>) -> Said {
    let (status_word, tries_left, fault) = match status {
        Ok(PinStatus::Verified) => (Some("9000".to_owned()), None, None),
        Ok(PinStatus::TriesLeft(tries)) => (Some(format!("63C{tries:X}")), Some(*tries), None),
        Ok(PinStatus::Blocked) => (Some("63C0".to_owned()), Some(0), None),
        Err(CardError::ApplicationMissing) => (Some("6A82".to_owned()), None, None),
        Err(CardError::Refused { status, .. }) => (Some(status.to_string()), None, None),
        Err(error) => (None, None, Some(error.to_string())),
    };
    Said { status_word, tries_left, fault }
}

impl Application {
    pub(super) fn json(&self) -> Value {
        let secrets: Vec<Value> = self
            .secrets
            .iter()
            .map(|(name, said)| {
                json!({"name": name, "status_word": said.status_word, "tries_left": said.tries_left, "fault": said.fault})
            })
            .collect();
        // The tries of the first secret stand beside the application as well: most programs ask for no more.
        let first = self.secrets.first().map(|(_, said)| said);
        json!({
            "name": self.name,
            "status_word": self.selected.status_word,
            "fault": self.selected.fault,
            "tries_left": first.and_then(|said| said.tries_left),
            "secrets": secrets,
        })
    }

    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("  {}: {}", self.name, self.selected)];
        lines.extend(self.secrets.iter().map(|(name, said)| format!("    {name}: {said}")));
        lines
    }
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (&self.status_word, self.tries_left, &self.fault) {
            (Some(word), Some(tries), _) => write!(f, "{word}, tries left: {tries}"),
            (Some(word), None, _) => f.write_str(word),
            (None, _, Some(fault)) => f.write_str(fault),
            (None, _, None) => f.write_str("unknown"),
        }
    }
}
