//! What each command of the program does.

use std::error::Error;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use center::config::Config;
use center::console::{self, Password};
use center::inspection::desk::Desk;
use center::inspection::intake::{self, IntakeError};
use center::inspection::public::PublicKeys;
use center::raster::Raster;
use center::records;
use center::store::accounts::Accounts as _;
use center::store::sqlite::{Opening, Purpose, SqliteStore};
use center::store::{AuditLog as _, Issuances as _, Registry as _, StopSwitch as _, StoreError, SwitchPosition};
use center::vrs::statistics::{FiscalYear, KINDS};
use ring::rand::{SecureRandom as _, SystemRandom};
use serde_json::json;
use shared::clock::Clock;
use shared::domain::identifiers::{MunicipalityCode, hex};
use shared::records::{AccountId, AccountRecord, Role};

use crate::{print_line, print_text};

pub(crate) mod paper;

/// The exit status, or why there is none.
pub(crate) type Outcome = Result<ExitCode, Box<dyn Error>>;

/// The audit chain does not hold.
const CHAIN_BROKEN: u8 = 20;

/// Serves until SIGTERM.
pub(crate) fn serve(config: &Config) -> Outcome {
    let running = center::serve(config, config.clock()?)?;
    let mut ready = running.addresses();
    if let Some(entries) = ready.as_object_mut() {
        entries.insert("event".to_owned(), "ready".into());
    }
    // Whoever reads that it is ready may end it at once.
    let signals = running.heed_signals()?;
    print_line(&ready)?;
    running.wait_for_signal(signals);
    tracing::info!("ending");
    running.shut_down();
    Ok(ExitCode::SUCCESS)
}

/// Loads a record file.
pub(crate) fn load(config: &Config, path: &Path) -> Outcome {
    let (store, clock) = open_for(config, Purpose::Load)?;
    let loaded = records::load(path, store.as_ref(), clock.as_ref())?;
    for problem in &loaded.problems {
        print_line(&json!({ "event": "problem", "line": problem.line, "problem": problem.problem }))?;
    }
    print_line(&json!({ "event": "loaded", "records": loaded.records, "problems": loaded.problems.len() }))?;
    Ok(if loaded.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// How an inspection answers.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Form {
    /// One JSON object.
    Json,
    /// Sentences for a clerk.
    Words,
}

/// Inspects paper read back, and writes the front as it was issued if that is wanted.
pub(crate) fn verify(config: &Config, paths: &[PathBuf], form: Form, front: Option<&Path>) -> Outcome {
    let (store, _) = open(config)?;
    let desk = Desk::open(config)?;
    let pages = pages(paths)?;
    let inspection = desk.inspect(&pages, store.as_ref())?;
    if let (Some(path), Some(pdf)) = (front, &inspection.front) {
        std::fs::write(path, pdf)?;
    }
    match form {
        Form::Json => print_line(&serde_json::to_value(&inspection.report)?)?,
        Form::Words => {
            for line in inspection.report.lines() {
                print_text(&line)?;
            }
        }
    }
    Ok(ExitCode::from(inspection.report.verdict.exit_status()))
}

/// Serves the page that verifies printed codes with public keys, until SIGTERM.
pub(crate) fn serve_codes(keys: PublicKeys, address: SocketAddr) -> Outcome {
    let page = center::serve::serve_codes(keys, address)?;
    let signals = page.heed_signals()?;
    print_line(&json!({ "event": "ready", "page": page.url() }))?;
    page.serve_until(signals);
    Ok(ExitCode::SUCCESS)
}

/// Verifies the printed codes with public keys alone: the issuer's key set, and certificates of barcode signers.
pub(crate) fn verify_codes(keys: &PublicKeys, paths: &[PathBuf], form: Form) -> Outcome {
    let report = keys.verify(&pages(paths)?);
    match form {
        Form::Json => print_line(&serde_json::to_value(&report)?)?,
        Form::Words => {
            for line in report.lines() {
                print_text(&line)?;
            }
        }
    }
    Ok(ExitCode::from(report.exit_status()))
}

/// The pages of all files.
fn pages(paths: &[PathBuf]) -> Result<Vec<Raster>, Box<dyn Error>> {
    let mut pages = Vec::new();
    for path in paths {
        match intake::read(path) {
            Ok(found) => pages.extend(found),
            Err(IntakeError::Read(source)) => return Err(format!("{}: {source}", path.display()).into()),
            // What is no page cannot be read; the other side may still say something.
            Err(error) => tracing::warn!(path = %path.display(), %error, "not a page"),
        }
    }
    Ok(pages)
}

/// Verifies the audit chain.
pub(crate) fn verify_audit(config: &Config) -> Outcome {
    let verified = open(config).and_then(|(store, _)| Ok(store.verify()?));
    match verified {
        Ok(head) => {
            let digest = center::audit::encode(&head.digest);
            print_line(&json!({ "verdict": "intact", "entries": head.sequence, "head": digest }))?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => match error.downcast_ref() {
            Some(StoreError::Chain(broken)) => {
                print_line(&json!({ "verdict": "broken", "reason": broken.to_string() }))?;
                Ok(ExitCode::from(CHAIN_BROKEN))
            }
            Some(_) | None => Err(error),
        },
    }
}

/// Counts certificates of a fiscal year, in the kinds of the national statistics.
pub(crate) fn report(config: &Config, fiscal_year: i16) -> Outcome {
    let (store, _) = open(config)?;
    let year = FiscalYear::new(fiscal_year).ok_or("a fiscal year from 1970 on is expected")?;
    let (from, until) = year.period();
    let counts = store.count(from, until)?;
    let issued: u64 = counts.iter().filter(|count| count.state == "taken").map(|count| count.copies).sum();
    // The last kind is the one that is issued here.
    let here = KINDS.len().saturating_sub(1);
    let kinds: Vec<_> = KINDS
        .iter()
        .enumerate()
        .map(|(place, kind)| json!({ "kind": kind, "issued": if place == here { issued } else { 0 } }))
        .collect();
    print_line(&json!({
        "fiscal_year": fiscal_year,
        "kinds": kinds,
        "total": issued,
        "participating_municipalities": store.participating_municipalities()?,
        "issuances": counts,
    }))?;
    Ok(ExitCode::SUCCESS)
}

/// Adds an account of the console with a random password that its owner must change.
pub(crate) fn add_account(
    config: &Config,
    account: AccountId,
    (role, municipality): (Role, Option<MunicipalityCode>),
) -> Outcome {
    let (store, clock) = open(config)?;
    let random = SystemRandom::new();
    let mut bytes = [0; 10];
    random.fill(&mut bytes).map_err(|ring::error::Unspecified| "no random bytes")?;
    let password = hex(&bytes);
    let hash = console::hash(&Password::typed(&password), &random)?;
    let line = json!({ "event": "account-added", "account": account, "password": password });
    let record = AccountRecord { account, role, municipality, password: hash, fictitious: false };
    store.install_account(record, clock.now())?;
    print_line(&line)?;
    Ok(ExitCode::SUCCESS)
}

/// Moves the switch that stops all issuing.
pub(crate) fn switch(config: &Config, to: SwitchPosition, reason: &str) -> Outcome {
    let (store, clock) = open(config)?;
    store.switch(to, reason, clock.now())?;
    let event = match to {
        SwitchPosition::Stopped => "stopped",
        SwitchPosition::Running => "resumed",
    };
    print_line(&json!({ "event": event }))?;
    Ok(ExitCode::SUCCESS)
}

/// The store and the clock of a configuration, for one command.
type Opened = (Arc<SqliteStore>, Arc<dyn Clock>);

fn open(config: &Config) -> Result<Opened, Box<dyn Error>> {
    open_for(config, Purpose::Command)
}

fn open_for(config: &Config, purpose: Purpose) -> Result<Opened, Box<dyn Error>> {
    let clock = config.clock()?;
    let store = SqliteStore::open(Opening::from_config(&config.store)?, purpose, clock.now())?;
    Ok((store, clock))
}
