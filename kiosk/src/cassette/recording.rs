//! `kiosk cassette record`: the terminal's own dialogue with a card, or a script, on tape.

use std::io;
use std::path::Path;
use std::sync::Arc;

use fixtures::cassette::recorder::{Recorder, Tape};
use fixtures::cassette::writing::{Evidence, check_name};
use fixtures::cassette::{Cassette, Event, Header, Origin, PcscCode, Privacy, TimedEvent};
use rand_core::{OsRng, RngCore as _};
use shared::card::channel::{CardError, Channel};
use shared::card::guard::Guard;
use shared::card::pin::{Pin, PinVerdict};
use shared::card::transport::Transport;
use shared::card::{input_support, jpki};
use shared::clock::SystemClock;
use zeroize::Zeroizing;

use super::arguments::{Profile, RecordArguments};
use super::source::{About, Task, keys, with_card};
use super::{CassetteError, DONE, tool};

/// What is asked of the card.
enum Plan {
    Dialogue(Profile, Option<Pin>),
    Script(Vec<Vec<u8>>),
}

struct Recording {
    plan: Plan,
    header: HeaderWish,
}

struct HeaderWish {
    privacy: Privacy,
    keys: KeysWish,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum KeysWish {
    Kept,
    Left,
}

/// What was recorded, and what shows whose card it is.
struct Recorded {
    cassette: Cassette,
    evidence: Evidence,
    verdict: Result<(), String>,
}

pub(super) fn record(arguments: RecordArguments, say: &mut dyn FnMut(&str)) -> Result<u8, CassetteError> {
    // Before a try is spent: the name must do.
    check_name(&arguments.out)?;
    let pin = arguments.pin.map(Zeroizing::new);
    let pin = pin.as_ref().map(|digits| Pin::parse(digits).ok_or(CassetteError::Pin)).transpose()?;
    let plan = match &arguments.script {
        Some(path) => Plan::Script(script(path)?),
        None => Plan::Dialogue(arguments.profile, pin),
    };
    let header = HeaderWish {
        privacy: if arguments.private { Privacy::Private } else { Privacy::Synthetic },
        keys: if arguments.keys { KeysWish::Kept } else { KeysWish::Left },
    };
    let Recorded { cassette, evidence, verdict } = with_card(&arguments.card, Recording { plan, header })??;
    cassette.save(&arguments.out, evidence)?;
    say(&format!("{} exchanges: {}", cassette.exchanges().count(), arguments.out.display()));
    // What was recorded is worth keeping even where the card did not go along to the end.
    verdict.map_err(CassetteError::Session)?;
    Ok(DONE)
}

impl Task for Recording {
    type Outcome = Result<Recorded, CassetteError>;

    fn run<T: Transport>(self, card: &mut T, about: &About, code: fn(&T::Error) -> PcscCode) -> Self::Outcome {
        let tape = Tape::new(Arc::new(SystemClock));
        let began = tape.began();
        let mut recorder = Recorder::new(card, tape, code);
        recorder.note(Event::Insert);
        let (mut recorder, verdict) = match self.plan {
            Plan::Dialogue(profile, pin) => {
                let mut channel = Channel::new(recorder);
                let verdict = dialogue(&mut channel, profile, pin).map_err(|error| told(&error));
                (channel.into_transport(), verdict)
            }
            Plan::Script(commands) => {
                let mut guard = Guard::new(recorder);
                let sent = commands.iter().try_for_each(|command| guard.transmit(command).map(drop));
                (guard.into_transport(), sent.map_err(|error| error.to_string()))
            }
        };
        recorder.note(Event::Reset);
        let (_, tape) = recorder.into_parts();
        let mut events = tape.finish()?;
        let carried = about.software.as_ref().filter(|_| self.header.keys == KeysWish::Kept).map(keys);
        events.splice(0..0, carried.into_iter().flatten().map(|key| TimedEvent { at: 0, event: Event::Key(key) }));
        let header = Header {
            privacy: self.header.privacy,
            origin: Origin::Recorded,
            answer_to_reset: about.answer_to_reset.clone(),
            reader: about.reader.clone(),
            protocol: about.protocol,
            tool: tool(),
            recorded_at: began,
        };
        let evidence = if about.software.is_some() { Evidence::SoftwareCard } else { Evidence::AnswersOnly };
        Ok(Recorded { cassette: Cassette { header, events }, evidence, verdict })
    }
}

/// An error with its cause; both name commands and status words, never data.
fn told<E: std::error::Error + 'static>(error: &CardError<E>) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

/// Exactly what a terminal asks: tries, PIN, files, signature. Without a PIN, what is free.
fn dialogue<T: Transport>(
    channel: &mut Channel<T>,
    profile: Profile,
    pin: Option<Pin>,
) -> Result<(), CardError<T::Error>> {
    let mut challenge = [0; 32];
    OsRng.fill_bytes(&mut challenge);
    match profile {
        Profile::InputSupport => {
            input_support::select(channel)?;
            input_support::pin_status(channel)?;
            let Some(pin) = pin else {
                channel.read_element(input_support::AUTHORITY_CERTIFICATE)?;
                jpki::select(channel)?;
                return jpki::authentication_certificate(channel).map(drop);
            };
            input_support::select(channel)?;
            if input_support::verify_pin(channel, pin, None)? == PinVerdict::Right {
                input_support::prove(channel, &challenge)?;
            }
        }
        Profile::AuthenticationCertificate => {
            jpki::select(channel)?;
            jpki::pin_status(channel)?;
            let Some(pin) = pin else { return jpki::authentication_certificate(channel).map(drop) };
            jpki::select(channel)?;
            if jpki::verify_pin(channel, pin, None)? == PinVerdict::Right {
                jpki::prove(channel, &challenge)?;
            }
        }
    }
    Ok(())
}

/// Commands in hexadecimal, one a line; `#` begins a comment.
fn script(path: &Path) -> Result<Vec<Vec<u8>>, CassetteError> {
    const MAXIMUM_BYTES: u64 = 1 << 20;
    let unreadable = |source| CassetteError::File { path: path.to_owned(), source };
    let bytes = fixtures::bounded::read(path, MAXIMUM_BYTES).map_err(unreadable)?;
    let text = str::from_utf8(&bytes).map_err(|error| unreadable(io::Error::new(io::ErrorKind::InvalidData, error)))?;
    let mut commands = Vec::new();
    for (content, line) in text.lines().zip(1..) {
        let content: String = content.split('#').next().unwrap_or_default().split_whitespace().collect();
        if content.is_empty() {
            continue;
        }
        let refused = |reason| CassetteError::Script { line, reason };
        let bytes = fixtures::software_card::Hex::try_from(content).ok().map(|hex| hex.0);
        let bytes = bytes.ok_or(refused("not hexadecimal"))?;
        let command = fixtures::cassette::Command::observe(&bytes).ok().ok_or(refused("no command"))?;
        if command.secret().is_some() {
            return Err(refused("a command that carries a secret is never sent from a script"));
        }
        commands.push(bytes);
    }
    Ok(commands)
}
