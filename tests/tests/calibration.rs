//! The ground pattern's calibration through simulated printers: a wedge printed, scanned, read, and its value used.

use kiosk::calibration::ReadingError;
use shared::domain::calibration::Calibration;
use tests::ground::{PRINTERS, calibrate, contrast, read, scan_of_wedge, screens};
use tests::paper_channel::copying::{COPIES, Copier, Mode};
use tests::paper_channel::scanning::Scanner;
use tests::paper_channel::{Picture, Printer};

/// Contrast that nobody sees on an original.
const UNSEEN: f64 = 0.003;
/// Contrast that is hardly seen.
const FAINT: f64 = 0.01;
/// Contrast that everybody sees on a copy.
const SEEN: f64 = 0.05;

#[test]
fn a_calibrated_original_hides_the_word_and_its_copies_show_it() {
    // A copy in photo mode shows it less.
    let copies = || COPIES.into_iter().filter(|(_, mode, _)| *mode != Mode::Photo);
    for (name, printer) in PRINTERS {
        let calibration = calibrate(&printer, 1).expect("a calibration").calibration;
        let original = screens(&printer, calibration, 2);
        assert!(contrast(&original).abs() <= UNSEEN, "{name}: {calibration} {}", contrast(&original));
        for (settings, mode, dpi) in copies() {
            let copy = contrast(&Copier::store(dpi, mode).copy(&original, 3));
            assert!(copy <= -SEEN, "{name}, {calibration}, {settings}: {copy}");
        }
    }
}

#[test]
fn without_a_calibration_the_word_is_faint_on_the_middle_engine_and_plain_on_the_others() {
    let uncalibrated = |printer: &Printer| contrast(&screens(printer, Calibration::default(), 2));
    let middle = uncalibrated(&Printer::TYPICAL);
    assert!(middle.abs() < FAINT, "{middle}");
    for printer in [Printer::GOOD, Printer::BAD] {
        let other = uncalibrated(&printer);
        assert!(other.abs() > UNSEEN && other.abs() > middle.abs(), "{printer:?}: {other}");
    }
}

#[test]
fn a_wedge_is_read_whichever_way_up_it_lay_and_another_page_is_not() {
    let upright = scan_of_wedge(&Printer::TYPICAL, 4, Scanner::FLATBED);
    let reading = read(&upright).expect("a calibration");
    let (width, height) = (upright.width, upright.height);
    let turned = Picture::from_pixels(height, width, |x, y| upright.get(y, height - 1 - x));
    let again = read(&turned).expect("a calibration");
    let (one, other) = (reading.calibration, again.calibration);
    assert_eq!(one.screen, other.screen);
    assert!(one.pitch.hundredths().abs_diff(other.pitch.hundredths()) <= 1, "{one} {other}");
    let mirrored = Picture::from_pixels(width, height, |x, y| upright.get(width - 1 - x, y));
    assert_eq!(read(&mirrored), Err(ReadingError::NoWedge));
}
