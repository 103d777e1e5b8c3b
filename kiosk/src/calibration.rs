//! `kiosk calibrate`: prints a step wedge, and derives from a scan of it how the printer renders the ground pattern.
//!
//! How dark the two screens of the ground pattern print depends on the printer's toner and age. On the wedge each step
//! has the coarse screen at another pitch between strips of the fine one; the value is the pitch at which both reflect
//! as much light. It belongs into the centre's configuration, under `[calibrations]`, where the press takes it from.

mod reading;
mod wedge;

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use image::{ImageReader, Limits};
use shared::domain::calibration::Calibration;
use shared::domain::identifiers::TerminalId;

pub use self::reading::{Grey, Reading, ReadingError, Step, read};
pub use self::wedge::draw;
use crate::config::{Config, ConfigError};

/// What can be done about the calibration.
#[derive(Debug, Subcommand)]
pub enum CalibrateCommand {
    /// Write the step wedge as a PDF; print it on the terminal's printer at 100 %, black, not fitted to the page.
    Wedge {
        /// The terminal's configuration.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// Where the page is written.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Derive the value from a flatbed's scan of the printed wedge: 300 to 600 dpi, grey, without sharpening.
    Read {
        /// The terminal's configuration.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// PNG, JPEG or TIFF.
        scan: PathBuf,
        /// One JSON object instead of a table.
        #[arg(long)]
        json: bool,
    },
}

/// Why there is no calibration.
#[derive(Debug, thiserror::Error)]
pub enum CalibrateError {
    /// The terminal's configuration.
    #[error("the configuration cannot be used")]
    Config(#[from] ConfigError),
    /// The page cannot be written.
    #[error("the step wedge cannot be written")]
    Write(#[source] io::Error),
    /// The scan cannot be read from its file.
    #[error("the scan cannot be read")]
    File(#[source] io::Error),
    /// The file is no picture.
    #[error("the scan is no PNG, JPEG or TIFF of at most {MAXIMUM_SIDE} pixels a side")]
    Picture,
    /// The scan says nothing.
    #[error(transparent)]
    Reading(#[from] ReadingError),
}

/// A4 at 600 dpi and a margin.
const MAXIMUM_SIDE: u32 = 7_500;

/// Does it, and gives what is to be said.
pub fn run(command: &CalibrateCommand) -> Result<String, CalibrateError> {
    match command {
        CalibrateCommand::Wedge { config, out } => {
            let terminal = Config::load(config)?.terminal.id;
            fs::write(out, draw(&terminal)).map_err(CalibrateError::Write)?;
            Ok(format!(
                "{}: print it at 100 %, scan it flat at 300 dpi or more, then kiosk calibrate read",
                out.display()
            ))
        }
        CalibrateCommand::Read { config, scan, json } => {
            let terminal = Config::load(config)?.terminal.id;
            let reading = read(&open(scan)?)?;
            Ok(if *json { as_json(&terminal, &reading) } else { as_table(&terminal, &reading) })
        }
    }
}

fn open(path: &Path) -> Result<Grey, CalibrateError> {
    let mut reader =
        ImageReader::open(path).and_then(ImageReader::with_guessed_format).map_err(CalibrateError::File)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAXIMUM_SIDE);
    limits.max_image_height = Some(MAXIMUM_SIDE);
    reader.limits(limits);
    let picture = reader.decode().ok().ok_or(CalibrateError::Picture)?.into_luma8();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    Grey::new(width, height, picture.into_raw()).ok_or(CalibrateError::Picture)
}

fn as_json(terminal: &TerminalId, reading: &Reading) -> String {
    let steps: Vec<_> = reading
        .steps
        .iter()
        .map(|step| serde_json::json!({ "pitch": step.pitch, "contrast": step.contrast }))
        .collect();
    let calibration: Calibration = reading.calibration;
    let deviation = reading.deviation;
    serde_json::json!({ "terminal": terminal, "calibration": calibration, "deviation": deviation, "steps": steps })
        .to_string()
}

fn as_table(terminal: &TerminalId, reading: &Reading) -> String {
    let mut table = String::from("pitch  contrast of the word\n");
    for step in &reading.steps {
        // Writing to a `String` cannot fail.
        _ = writeln!(table, "{:5}  {:+6.2} %", step.pitch.hundredths(), step.contrast * 100.0);
    }
    let (value, deviation) = (reading.calibration.hundredths(), reading.deviation * 100.0);
    _ = write!(
        table,
        "deviation from the line through them: {deviation:.2} %\nin the centre's configuration:\n\n\
         [calibrations]\n\"{terminal}\" = {value}"
    );
    table
}
