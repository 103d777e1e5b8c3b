//! `kiosk calibrate`: prints a step wedge, and derives from a scan of it how the printer renders the ground pattern.
//!
//! How dark the two screens of the ground pattern print depends on the printer's toner and age. On the wedge each fine
//! screen has a column of steps, and each step the coarse screen at another pitch between strips of the fine one. The
//! value is the lightest fine screen that is dark enough, and the pitch at which both reflect as much light. It belongs
//! into the centre's configuration, under `[calibrations]`, where the press takes it from.

mod reading;
mod wedge;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use image::{ImageReader, Limits};
use shared::domain::identifiers::TerminalId;

pub use self::reading::{Column, Grey, Reading, ReadingError, Step, read};
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
    let step = |step: &Step| serde_json::json!({ "pitch": step.pitch.hundredths(), "contrast": step.contrast });
    let column = |column: &Column| {
        let steps: Vec<_> = column.steps.iter().map(step).collect();
        serde_json::json!({
            "screen": column.screen.cell(), "equal": column.equal * 100.0, "deviation": column.deviation, "steps": steps
        })
    };
    let columns: Vec<_> = reading.columns.iter().map(column).collect();
    serde_json::json!({ "terminal": terminal, "calibration": reading.calibration, "screens": columns }).to_string()
}

fn as_table(terminal: &TerminalId, reading: &Reading) -> String {
    let row = |name: &str, cells: &mut dyn Iterator<Item = String>| {
        cells.fold(format!("{name:>9}"), |line, cell| line + &format!("{cell:>10}")) + "\n"
    };
    let per_cent = |part: f64| format!("{:+.2} %", part * 100.0);
    let columns = || reading.columns.iter();
    let mut table = row("screen", &mut columns().map(|column| column.screen.cell().to_string()));
    // Every column has the same pitches.
    for (number, step) in columns().take(1).flat_map(|column| &column.steps).enumerate() {
        let steps = columns().filter_map(|column| column.steps.get(number));
        table += &row(&step.pitch.hundredths().to_string(), &mut steps.map(|step| per_cent(step.contrast)));
    }
    let equal = |pitch: f64| if pitch.is_finite() { format!("{:.0}", pitch * 100.0) } else { String::from("nowhere") };
    table += &row("equal at", &mut columns().map(|column| equal(column.equal)));
    table += &row("deviation", &mut columns().map(|column| format!("{:.2} %", column.deviation * 100.0)));
    table + &format!("in the centre's configuration:\n\n[calibrations]\n\"{terminal}\" = \"{}\"", reading.calibration)
}

#[cfg(test)]
mod tests {
    use shared::domain::ground::{FineScreen, Pitch};

    use super::*;

    #[test]
    fn the_table_has_a_column_for_each_screen_and_ends_with_the_line_to_configure() {
        let pitches = [1100, 1500].map(|hundredths| Pitch::from_hundredths(hundredths).unwrap());
        let column = |screen, contrasts: [f64; 2], equal| Column {
            screen,
            steps: pitches.into_iter().zip(contrasts).map(|(pitch, contrast)| Step { pitch, contrast }).collect(),
            equal,
            deviation: 0.002,
        };
        let columns = vec![
            column(FineScreen::Of18, [-0.051, 0.012], 14.36),
            column(FineScreen::Of12, [-0.094, -0.073], f64::NAN),
        ];
        let reading = Reading { calibration: "18/1436".parse().unwrap(), columns };
        let table = as_table(&TerminalId::parse("0001").unwrap(), &reading);
        let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[0], ["screen", "18", "12"]);
        assert_eq!(lines[1], ["1100", "-5.10", "%", "-9.40", "%"]);
        assert_eq!(lines[2], ["1500", "+1.20", "%", "-7.30", "%"]);
        assert_eq!(lines[3], ["equal", "at", "1436", "nowhere"]);
        assert_eq!(lines.last().unwrap(), &["\"0001\"", "=", "\"18/1436\""]);
    }
}
