//! `kiosk cassette check`: a card against a cassette.

use fixtures::cassette::comparison::{self, Depth, Difference, Differing, Examined, Recorded, Report};
use fixtures::cassette::image::{Application, FileName, INPUT_SUPPORT, JPKI, Target};
use fixtures::cassette::{Cassette, PcscCode};
use shared::card::channel::Channel;
use shared::card::guard::{Guard, GuardedError};
use shared::card::pin::{Pin, PinVerdict};
use shared::card::transport::Transport;
use shared::card::{input_support, jpki};
use zeroize::Zeroizing;

use super::arguments::CheckArguments;
use super::source::{About, Task, with_card};
use super::{CARD, CassetteError, DONE, open};

struct Check {
    cassette: Cassette,
    depth: Depth,
    pin: Option<Pin>,
}

/// The card while it is examined.
struct OnReader<'c, T: Transport> {
    card: Option<Guard<&'c mut T>>,
    code: fn(&T::Error) -> PcscCode,
    /// Good for one VERIFY.
    pin: Option<Pin>,
}

pub(super) fn check(arguments: CheckArguments, say: &mut dyn FnMut(&str)) -> Result<u8, CassetteError> {
    let pin = arguments.pin.map(Zeroizing::new);
    let pin = pin.as_ref().map(|digits| Pin::parse(digits).ok_or(CassetteError::Pin)).transpose()?;
    let depth = if arguments.shape { Depth::Shape } else { Depth::Whole };
    let cassette = open(&arguments.file)?;
    let report = with_card(&arguments.card, Check { cassette, depth, pin })?;
    say(&format!("{} exchanges compared, {} commands with a secret left out", report.compared, report.unsent));
    let Some(difference) = report.difference else {
        say("the card answers as recorded");
        return Ok(DONE);
    };
    say(&explained(&difference));
    Ok(CARD)
}

impl Task for Check {
    type Outcome = Report;

    fn run<T: Transport>(self, card: &mut T, _: &About, code: fn(&T::Error) -> PcscCode) -> Report {
        let mut examined = OnReader { card: Some(Guard::new(card)), code, pin: self.pin };
        comparison::compare(&self.cassette, &mut examined, self.depth)
    }
}

impl<T: Transport> Examined for OnReader<'_, T> {
    fn send(&mut self, command: &[u8]) -> Result<Option<Vec<u8>>, PcscCode> {
        let Some(card) = &mut self.card else { return Ok(None) };
        match card.transmit(command) {
            Ok(answer) => Ok(Some(answer)),
            Err(GuardedError::Refused(_)) => Ok(None),
            Err(GuardedError::Transport(error)) => Err((self.code)(&error)),
        }
    }

    /// One VERIFY of one of the two PINs that a terminal asks for, where the recorded one was accepted.
    fn present(&mut self, about: Target<'_>, recorded: Recorded) -> Result<Option<Vec<u8>>, PcscCode> {
        let Target::Secret(FileName { application: Application::Named(application), id }) = about else {
            return Ok(None);
        };
        let is_input_support = application == INPUT_SUPPORT && id == u16::from_be_bytes(input_support::PIN);
        let is_authentication = application == JPKI && id == u16::from_be_bytes(jpki::AUTHENTICATION_PIN);
        if recorded == Recorded::Refused || !(is_input_support || is_authentication) {
            return Ok(None);
        }
        let Some(pin) = self.pin.take() else { return Ok(None) };
        let Some(card) = self.card.take() else { return Ok(None) };
        let mut channel = Channel::new(card.into_transport());
        let verdict = if is_input_support {
            input_support::select(&mut channel).and_then(|()| input_support::verify_pin(&mut channel, pin, None))
        } else {
            jpki::select(&mut channel).and_then(|()| jpki::verify_pin(&mut channel, pin, None))
        };
        let mut card = Guard::new(channel.into_transport());
        // This guard has to learn what is selected; on the card the PIN stays presented.
        let select = [&[0x00, 0xA4, 0x04, 0x0C, 0x0A], application].concat();
        let selected = card.transmit(&select);
        self.card = Some(card);
        if let Err(GuardedError::Transport(error)) = selected {
            return Err((self.code)(&error));
        }
        Ok(match verdict {
            Ok(PinVerdict::Right) => Some(vec![0x90, 0x00]),
            Ok(PinVerdict::Wrong { tries_left }) => Some(vec![0x63, 0xC0 | tries_left & 0x0F]),
            Ok(PinVerdict::Blocked) => Some(vec![0x69, 0x84]),
            Err(_) => None,
        })
    }
}

/// The first difference in a sentence.
fn explained(difference: &Difference) -> String {
    let Difference { line, exchange, what, after_unsent } = difference;
    let status = |word: Option<shared::card::status_word::StatusWord>| {
        word.map_or_else(|| "no status word".to_owned(), |word| word.to_string())
    };
    let error = |code: Option<PcscCode>| {
        code.map_or_else(
            || "an answer".to_owned(),
            |code| code.name().map_or_else(|| format!("{:08X}", code.0), ToOwned::to_owned),
        )
    };
    let what = match what {
        Differing::Status { recorded, came } => format!("{} was recorded, {} came", status(*recorded), status(*came)),
        Differing::Length { recorded, came } => format!("{recorded} bytes were recorded, {came} came"),
        Differing::Byte { place } => format!("byte {place} of the answer is another"),
        Differing::Error { recorded, came } => format!("{} was recorded, {} came", error(*recorded), error(*came)),
    };
    let hint = if *after_unsent { "; a PIN was left out before, give it with --pin" } else { "" };
    format!("first difference at exchange {exchange} (line {line}): {what}{hint}")
}
