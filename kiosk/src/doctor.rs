//! `kiosk readers`: what stands between this terminal and a readable card, and what to do about it.
//!
//! **Invariants**: no PIN is asked for and no try is spent; nothing of a person stands in the report; a service
//! that never answers is told as such.

mod advice;
mod application;
mod drivers;
mod shown;

use std::path::Path;
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

use pcsc::State;
use serde_json::{Value, json};
use shared::card::channel::Channel;
use shared::domain::identifiers::hex;

use self::advice::Advice;
use self::application::{Examination, Finding};
use self::drivers::Driver;
use self::shown::{shown, without_serial_number};
use crate::card_reader::pcsc::{Listed, PcscReader};
use crate::card_reader::{Presence, Reader as _};
use crate::session::fault::CardFault;

/// What was found.
#[derive(Debug)]
pub struct Report {
    /// For programs.
    pub json: Value,
    /// To be kept and passed on: the same without the readers' serial numbers.
    pub kept: Value,
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

/// A working service answers all questions about several readers well before this.
const LIMIT: Duration = Duration::from_secs(30);

/// Examines service, drivers, readers and cards.
pub fn examine() -> Report {
    let drivers = drivers::installed(Path::new(drivers::BUNDLES), Path::new(drivers::CONFIGURED));
    let (sender, found) = sync_channel(1);
    let asked = thread::Builder::new().name("doctor".to_owned()).spawn(move || {
        // Nobody may be left to hear it.
        drop(sender.send(survey(&mut PcscReader::new(None))));
    });
    let survey = match asked {
        Ok(_) => found.recv_timeout(LIMIT).unwrap_or(Err(CardFault::Silent)),
        Err(_) => Err(CardFault::Silent),
    };
    conclude(&drivers, survey)
}

fn survey(reader: &mut PcscReader) -> Result<Vec<Examined>, CardFault> {
    let listed = reader.list()?;
    Ok(listed.into_iter().map(|listed| examine_reader(reader, listed)).collect())
}

/// A reader and what lies on it.
#[derive(Debug)]
struct Examined {
    name: String,
    contactless: Contactless,
    use_by_others: UseByOthers,
    /// The card's answer to reset, where there is a card.
    answer_to_reset: Option<Vec<u8>>,
    card: Result<Examination, CardFault>,
}

/// Whether a reader can read cards without contact, as far as its name and the card on it tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Contactless {
    Yes,
    Unknown,
}

/// Whether other programs have the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum UseByOthers {
    None,
    Shared,
    Exclusive,
}

fn examine_reader(reader: &mut PcscReader, listed: Listed) -> Examined {
    let name = listed.name.to_string_lossy().into_owned();
    let use_by_others = match listed.state {
        state if state.contains(State::EXCLUSIVE) => UseByOthers::Exclusive,
        state if state.contains(State::INUSE) => UseByOthers::Shared,
        _ => UseByOthers::None,
    };
    let contactless = contactless(&name, &listed.answer_to_reset);
    let answer_to_reset = (listed.presence == Presence::Present).then(|| listed.answer_to_reset.clone());
    let card = match listed.presence {
        Presence::Present if listed.state.contains(State::MUTE) => Err(CardFault::Unreadable),
        Presence::Present => reader.connect_to(listed).map(|card| {
            let mut channel = Channel::new(card);
            let examination = application::examine(&mut channel);
            reader.release(channel.into_transport());
            examination
        }),
        Presence::Absent => Err(CardFault::CardMissing),
        Presence::Lost(fault) => Err(fault),
    };
    Examined { name, contactless, use_by_others, answer_to_reset, card }
}

/// PC/SC part 3 has the reader make the answer to reset of a contactless card: `3B 8n 80 01 …`.
fn contactless(name: &str, answer_to_reset: &[u8]) -> Contactless {
    const WORDS: [&str; 8] = ["contactless", "picc", "nfc", "felica", "pasori", "rc-s", " cl", "dual"];
    let name = name.to_lowercase();
    let is_made_by_reader = matches!(answer_to_reset, [0x3B, 0x80..=0x8F, 0x80, 0x01, ..]);
    if is_made_by_reader || WORDS.iter().any(|word| name.contains(word)) {
        Contactless::Yes
    } else {
        Contactless::Unknown
    }
}

impl Examined {
    fn advice(&self) -> Advice {
        match &self.card {
            Ok(examination) => advice::on_card(examination.pin),
            Err(fault) => advice::on_fault(*fault),
        }
    }

    fn verdict(&self) -> Verdict {
        match &self.card {
            Ok(Examination { pin: Finding::Usable | Finding::LastTry, .. }) => Verdict::Ready,
            Ok(_) | Err(_) => Verdict::NotReady,
        }
    }

    fn atr(&self) -> Option<String> {
        self.answer_to_reset.as_ref().map(|bytes| hex(bytes).to_uppercase())
    }

    fn json(&self, name: &str) -> Value {
        let mut value = json!({
            "name": shown(name),
            "contactless": match self.contactless {
                Contactless::Yes => "yes",
                Contactless::Unknown => "unknown",
            },
            "used_by_others": match self.use_by_others {
                UseByOthers::None => "no",
                UseByOthers::Shared => "shared",
                UseByOthers::Exclusive => "exclusive",
            },
            "atr": self.atr(),
        });
        let more = match &self.card {
            Err(CardFault::CardMissing) => json!({"card": "absent"}),
            Err(fault) => json!({"card": "unusable", "fault": fault.code()}),
            Ok(examination) => json!({
                "card": "present",
                "token": examination.token,
                "applications": examination.applications.iter().map(application::Application::json).collect::<Vec<_>>(),
            }),
        };
        if let (Some(value), Value::Object(more)) = (value.as_object_mut(), more) {
            value.extend(more);
        }
        value
    }

    fn lines(&self) -> Vec<String> {
        let name = shown(&self.name);
        let others = match self.use_by_others {
            UseByOthers::None => "",
            UseByOthers::Shared => ", also open in another program",
            UseByOthers::Exclusive => ", held by another program",
        };
        let mut lines = match (&self.card, self.atr()) {
            (Err(CardFault::CardMissing), _) | (Err(_), None) => vec![format!("{name}: no card{others}")],
            (Err(fault), Some(atr)) => vec![format!("{name}: card {atr}{others}: {fault}")],
            (Ok(_), atr) => vec![format!("{name}: card {}{others}", atr.unwrap_or_default())],
        };
        if self.contactless == Contactless::Yes {
            lines.push("  reads without contact".to_owned());
        }
        if let Ok(examination) = &self.card {
            lines.extend(examination.applications.iter().flat_map(application::Application::lines));
        }
        lines
    }
}

fn conclude(drivers: &[Driver], survey: Result<Vec<Examined>, CardFault>) -> Report {
    let (service, readers, fault) = match survey {
        Ok(readers) => ("running", readers, CardFault::ReaderMissing),
        Err(CardFault::Silent) => ("silent", Vec::new(), CardFault::Silent),
        Err(fault) => ("stopped", Vec::new(), fault),
    };
    let is_ready = readers.iter().any(|reader| reader.verdict() == Verdict::Ready);
    // A card that cannot be used says more than a reader without one.
    let telling = readers
        .iter()
        .find(|reader| reader.verdict() == Verdict::Ready)
        .or_else(|| readers.iter().find(|reader| reader.answer_to_reset.is_some()))
        .or_else(|| readers.first());
    let advice = match telling {
        Some(reader) => reader.advice(),
        None if service == "running" && drivers.is_empty() => advice::NO_DRIVER,
        None => advice::on_fault(fault),
    };
    let mut text = vec![format!("smart card service: {service}")];
    text.extend(drivers.iter().map(|driver| match &driver.version {
        Some(version) => format!("driver: {} {version}", driver.name),
        None => format!("driver: {}", driver.name),
    }));
    text.extend(readers.iter().flat_map(Examined::lines));
    text.extend([advice.japanese.to_owned(), advice.english.to_owned()]);
    let json = |name: fn(&Examined) -> String| {
        json!({
            "format": "konbini-certificate reader report",
            "version": 1,
            "program": env!("CARGO_PKG_VERSION"),
            "service": service,
            "drivers": drivers
                .iter()
                .map(|driver| json!({"name": driver.name, "version": driver.version}))
                .collect::<Vec<_>>(),
            "readers": readers.iter().map(|reader| reader.json(&name(reader))).collect::<Vec<_>>(),
            "advice": advice.english,
            "advice_ja": advice.japanese,
        })
    };
    Report {
        json: json(|reader| reader.name.clone()),
        kept: json(|reader| without_serial_number(&reader.name)),
        text,
        verdict: if is_ready { Verdict::Ready } else { Verdict::NotReady },
    }
}

#[cfg(test)]
mod tests;
