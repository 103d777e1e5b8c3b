//! The commands from file to file: promote, mutate, redact, import, export.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use fixtures::bounded;
use fixtures::cassette::import::{Format, ImportError, Imported};
use fixtures::cassette::mutation::{mutate as mutated, systematic};
use fixtures::cassette::promotion::{Secrets, promote as promoted};
use fixtures::cassette::redaction::Redactor;
use fixtures::cassette::writing::{EXTENSION, Evidence};
use fixtures::cassette::{
    AnswerToReset, Cassette, Header, MAXIMUM_BYTES, Origin, Privacy, Protocol, ReaderName, export as exported,
};
use fixtures::fault::Fault;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use shared::clock::{Clock as _, SystemClock};

use super::arguments::{
    ExportArguments, ExportFormat, ImportArguments, MutateArguments, PromoteArguments, RedactArguments, TextFormat,
};
use super::{CassetteError, DONE, open, refuse_private_in_integration, tool};

pub(super) fn redact(arguments: &RedactArguments, say: &mut dyn FnMut(&str)) -> Result<u8, CassetteError> {
    fixtures::cassette::writing::check_name(&arguments.out)?;
    let original = open(&arguments.file)?;
    let mut generator = match arguments.seed {
        Some(seed) => ChaCha20Rng::seed_from_u64(seed),
        None => ChaCha20Rng::from_entropy(),
    };
    let redactor = Redactor { world: &arguments.world, tool: tool(), now: SystemClock.now() };
    let redacted = redactor.redact(&original, &mut generator)?;
    redacted.save(&arguments.out, Evidence::AnswersOnly)?;
    let replaced: usize = redacted
        .exchanges()
        .map(|exchange| match exchange.outcome {
            fixtures::cassette::Outcome::Answer(answer) => answer.redacted().len(),
            fixtures::cassette::Outcome::Error(_) => 0,
        })
        .sum();
    say(&format!(
        "{} exchanges, {replaced} places replaced; nothing of the original was found in the result: {}",
        redacted.exchanges().count(),
        arguments.out.display()
    ));
    Ok(DONE)
}

pub(super) fn promote(arguments: &PromoteArguments, say: &mut dyn FnMut(&str)) -> Result<u8, CassetteError> {
    let cassette = open(&arguments.file)?;
    let secrets = Secrets { pin: arguments.pin.clone(), password: arguments.password.clone() };
    let made = promoted(&cassette, &secrets)?;
    let card = made.card.to_json().map_err(fixtures::software_card::SoftwareCardError::from)?;
    write_new(&arguments.out, &card)?;
    say(&format!("card: {}", arguments.out.display()));
    if cassette.keys().next().is_none() {
        say("the recording carries no keys: the card reads and counts, and signs nothing");
    }
    match (&arguments.records, &made.record) {
        (Some(path), Some(record)) => {
            write_new(path, record.as_bytes())?;
            say(&format!("record for `center load`: {}", path.display()));
            if let Some(twin) = cassette.twin() {
                say(&format!("municipality: {}", twin.municipality));
            }
            if let Some(passport) = &made.passport {
                say(&format!("passport: {}", passport.as_str()));
            }
        }
        (Some(_), None) => say("the recording is not a twin's: a centre that knows its card knows its holder"),
        (None, _) => {}
    }
    Ok(DONE)
}

pub(super) fn mutate(arguments: &MutateArguments, say: &mut dyn FnMut(&str)) -> Result<u8, CassetteError> {
    let cassette = open(&arguments.file)?;
    refuse_private_in_integration(&cassette)?;
    let mut plans: Vec<(String, Fault)> = Vec::new();
    for (number, text) in (1..).zip(&arguments.fault) {
        plans.extend(Fault::read_all(text)?.into_iter().map(|fault| (format!("fault-{number}"), fault)));
    }
    if plans.is_empty() {
        plans.extend(systematic(&cassette));
    }
    // A synthetic card's mutated answers may hold anything; whose they are was proven of the original.
    let evidence = Evidence::SoftwareCard;
    let mut written = 0;
    for (name, fault) in &plans {
        if let Some(made) = mutated(&cassette, fault)? {
            made.save(&arguments.out.join(format!("{name}{EXTENSION}")), evidence)?;
            written += 1;
        }
    }
    say(&format!("{written} cassettes, one fault each: {}", arguments.out.display()));
    Ok(DONE)
}

pub(super) fn import(arguments: &ImportArguments, say: &mut dyn FnMut(&str)) -> Result<u8, CassetteError> {
    let format = match arguments.from {
        TextFormat::Ledger => Format::Ledger,
        TextFormat::Scriptor => Format::Scriptor,
        TextFormat::PcscSpy => Format::PcscSpy,
    };
    let path = &arguments.file;
    // The text may hold PINs: it is wiped when it has been read.
    let refused = |source| CassetteError::Import { path: path.clone(), source };
    let text = bounded::read(path, MAXIMUM_BYTES).map_err(|error| match error.kind() {
        ErrorKind::FileTooLarge => refused(ImportError::TooLarge),
        _ => CassetteError::File { path: path.clone(), source: error },
    })?;
    let imported = Imported::read(format, &text).map_err(refused)?;
    let usual = AnswerToReset::parse(&[0x3B, 0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x14]);
    let header = Header {
        privacy: if arguments.test_card { Privacy::Synthetic } else { Privacy::Private },
        origin: Origin::Imported,
        answer_to_reset: imported.answer_to_reset.or(usual).ok_or(CassetteError::AnswerToReset)?,
        reader: imported.reader.unwrap_or_else(|| ReaderName::tamed(b"not known")),
        protocol: Protocol::Unknown,
        tool: tool(),
        recorded_at: SystemClock.now(),
    };
    let cassette = Cassette { header, events: imported.events };
    cassette.save(&arguments.out, Evidence::AnswersOnly)?;
    say(&format!("{} exchanges: {}", cassette.exchanges().count(), arguments.out.display()));
    Ok(DONE)
}

pub(super) fn export(arguments: &ExportArguments, say: &mut dyn FnMut(&str)) -> Result<u8, CassetteError> {
    let cassette = open(&arguments.file)?;
    let text = match arguments.to {
        ExportFormat::Ledger => exported::ledger(&cassette),
        ExportFormat::Scriptor => exported::scriptor(&cassette),
    };
    say(text.trim_end());
    Ok(DONE)
}

/// A file that holds keys or a record: new, and its owner's alone.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), CassetteError> {
    let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    opened
        .and_then(|mut file| file.write_all(bytes))
        .map_err(|source| CassetteError::File { path: path.to_owned(), source })
}
