//! The ground pattern through the channel: calibrated by a step wedge, then looked at on originals and copies.

use kiosk::calibration::{self, Grey, Reading, ReadingError};
use shared::domain::calibration::Calibration;
use shared::domain::ground::{coarse_dot, coarse_places, fine_dot, fine_places};
use shared::domain::identifiers::TerminalId;

use crate::paper_channel::copying::{COPIES, Copier};
use crate::paper_channel::scanning::Scanner;
use crate::paper_channel::{Picture, Printer, Sheet, rasteriser};
use crate::soak::{self, Extent};

/// The print engines that are calibrated.
pub const PRINTERS: [(&str, Printer); 4] =
    [("good", Printer::GOOD), ("typical", Printer::TYPICAL), ("bad", Printer::BAD), ("inkjet", Printer::INKJET)];

/// Side of the screens that are compared, in dots: 34 mm.
const SIDE: usize = 800;

/// What the wedge of a printer says, printed and then scanned slightly askew at 300 dots an inch.
#[track_caller]
pub fn calibrate(printer: &Printer, seed: u64) -> Result<Reading, ReadingError> {
    read(&scan_of_wedge(printer, seed, Scanner { skew_degrees: 1.2, scale: 0.99, ..Scanner::FLATBED }))
}

/// What the wedge on a scan says.
#[track_caller]
pub fn read(scan: &Picture) -> Result<Reading, ReadingError> {
    let grey = Grey::new(scan.width, scan.height, scan.pixels.clone());
    calibration::read(&grey.expect("a picture has as many pixels as it says"))
}

/// A scan of a printer's wedge.
#[track_caller]
pub fn scan_of_wedge(printer: &Printer, seed: u64, scanner: Scanner) -> Picture {
    let terminal = TerminalId::parse("0001").expect("a terminal");
    let page = rasteriser::pages(&calibration::draw(&terminal)).remove(0);
    scanner.scan(&printer.print(&page, seed), seed)
}

/// The fine screen of a calibration at the left, its coarse one at the right, printed.
pub fn screens(printer: &Printer, calibration: Calibration, seed: u64) -> Sheet {
    let mut page = Picture::plain(2 * SIDE, SIDE, u8::MAX);
    let fine = fine_places(calibration.screen, (SIDE, SIDE)).flat_map(fine_dot);
    let coarse = coarse_places(calibration.pitch, (SIDE, SIDE)).flat_map(coarse_dot).map(|(x, y)| (x + SIDE, y));
    for (x, y) in fine.chain(coarse).filter(|&(_, y)| y < SIDE) {
        if let Some(dot) = page.pixels.get_mut(y * 2 * SIDE + x) {
            *dot = 0;
        }
    }
    printer.print(&page, seed)
}

/// Light of the coarse screen over that of the fine one, less one (Weber): below zero the word is the darker.
pub fn contrast(sheet: &Sheet) -> f64 {
    const EDGE: usize = 60;
    let light = |left: usize| 255.0 - sheet.ink.mean(left + EDGE, EDGE, SIDE - 2 * EDGE, SIDE - 2 * EDGE);
    light(SIDE) / light(0) - 1.0
}

/// The contrast in per cent on an original and on its copies, for each printer.
///
/// Calibrated with one seed, printed with another. Sorted by what was made on which printer; the cell of the fine screen
/// and the pitch that were found stand among them, in dots.
pub fn contrasts(extent: Extent) -> Vec<(String, f64)> {
    let of_all = |seed| PRINTERS.iter().flat_map(|(name, printer)| of_printer(name, printer, seed)).collect();
    let mut found: Vec<(String, f64)> = soak::each(extent, of_all);
    found.sort_by(|one, other| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)));
    found
}

fn of_printer(name: &str, printer: &Printer, seed: u64) -> Vec<(String, f64)> {
    let Ok(reading) = calibrate(printer, seed) else {
        return vec![(format!("{name}: not calibrated"), f64::NAN)];
    };
    let sheet = screens(printer, reading.calibration, seed ^ 0x5EED);
    let uncalibrated = screens(printer, Calibration::default(), seed ^ 0x5EED);
    let mut found = vec![
        (format!("{name}: cell"), reading.calibration.screen.cell() as f64),
        (format!("{name}: pitch"), reading.calibration.pitch.dots()),
        (format!("{name}: original"), contrast(&sheet) * 100.0),
        (format!("{name}: original, not calibrated"), contrast(&uncalibrated) * 100.0),
    ];
    found.extend(COPIES.iter().map(|(copy, mode, dpi)| {
        (format!("{name}: copy {copy}"), contrast(&Copier::store(*dpi, *mode).copy(&sheet, seed)) * 100.0)
    }));
    found
}
