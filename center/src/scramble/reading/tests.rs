//! Pictures printed, scanned and read back. The channel shares no code with the decoder.

use std::sync::LazyLock;

use super::*;
use crate::paper_channel::{self as channel, Scan, Sheet, poppler};
use crate::scramble::tests::{description, keys};
use crate::scramble::{OpenError, Sealed, open, seal};
use shared::domain::identifiers::CertificateId;

fn sealed(bytes: usize) -> Sealed {
    seal(&description(bytes), &CertificateId::from_number(0xABCD), &keys(1)).unwrap()
}

fn sheet() -> Sheet {
    Sheet::of(&sealed(6000))
}

/// A flatbed's scan of the sheet, made once: the channel takes longer than the decoder.
static FLATBED: LazyLock<Raster> = LazyLock::new(|| Scan::FLATBED.of(&sheet()));

/// Reads a scan and checks that it opens to what was sealed, the QR read as well.
fn assert_opens(raster: &Raster) -> Reading {
    let reading = read(raster).unwrap();
    assert_eq!(*open(&reading, &keys(1).opening()).unwrap().plain, description(6000));
    assert!(reading.qr.is_some());
    reading
}

#[test]
fn a_scan_opens_at_every_resolution() {
    for dpi in [150.0, 200.0, 300.0, 400.0, 600.0] {
        let reading = assert_opens(&Scan { dpi, ..Scan::FLATBED }.of(&sheet()));
        let most = if dpi < 200.0 { 0.05 } else { 0.005 };
        assert!(reading.wrong_modules < most, "{dpi} dpi: {}", reading.wrong_modules);
    }
}

#[test]
fn a_scan_opens_whichever_way_the_page_lay() {
    let scan = &*FLATBED;
    for quarters in 0..4 {
        assert_opens(&scan.turned(quarters));
        assert_opens(&scan.turned(quarters).mirrored());
    }
}

#[test]
fn a_scan_opens_when_skewed_and_scaled() {
    for degrees in [-3.0, 1.3, 3.0] {
        assert_opens(&Scan { degrees, ..Scan::FLATBED }.of(&sheet()));
    }
    for scale in [0.94, 0.97, 1.03] {
        assert_opens(&Scan { scale, ..Scan::FLATBED }.of(&sheet()));
    }
}

#[test]
fn a_scan_opens_after_jpeg_and_noise() {
    let noisy = Scan { noise: 25.0, ..Scan::FLATBED }.of(&sheet());
    let reading = assert_opens(&channel::jpeg(&noisy, 75));
    assert!(reading.wrong_modules < 0.02, "{}", reading.wrong_modules);
    assert_opens(&channel::jpeg(&Scan { noise: 10.0, dpi: 150.0, ..Scan::FLATBED }.of(&sheet()), 60));
}

#[test]
fn a_scan_opens_with_a_fold_across_it() {
    let scan = &*FLATBED;
    let (width, height) = (scan.width(), scan.height());
    let folded = Raster::from_pixels(width, height, |x, y| {
        // A white band of 3 mm, and below it the paper lies half a millimetre aside.
        let bend = (y as f64 / height as f64 - 0.5) * 25.4 * 11.7;
        if bend.abs() < 1.5 {
            230
        } else if bend > 0.0 {
            scan.get((x + 6).min(width - 1), y)
        } else {
            scan.get(x, y)
        }
    });
    let reading = assert_opens(&folded);
    assert!(reading.wrong_modules < 0.03, "{}", reading.wrong_modules);
}

#[test]
fn a_scan_opens_with_a_third_of_the_page_destroyed() {
    let scan = &*FLATBED;
    let (width, height) = (scan.width(), scan.height());
    // The lower third gone, with two of the finders' neighbours; then one corner torn off.
    let stained = Raster::from_pixels(width, height, |x, y| {
        if (height / 3..height * 3 / 5).contains(&y) && x < width { 120 } else { scan.get(x, y) }
    });
    assert_opens(&stained);
    let torn = Raster::from_pixels(width, height, |x, y| {
        if (width - x) * 2 + (height - y) < height / 2 { 255 } else { scan.get(x, y) }
    });
    assert_opens(&torn);
}

#[test]
fn a_scan_without_its_qr_still_opens() {
    let scan = Scan::FLATBED.of(&sheet().without_qr());
    let reading = read(&scan).unwrap();
    assert!(reading.qr.is_none());
    assert!(open(&reading, &keys(1).opening()).is_ok());
}

#[test]
fn a_scan_with_another_pages_qr_does_not_open() {
    for bytes in [6000, 2000] {
        let other = seal(&description(bytes), &CertificateId::from_number(1), &keys(1)).unwrap();
        let reading = read(&Scan::FLATBED.of(&sheet().with_qr_of(&other))).unwrap();
        assert_eq!(open(&reading, &keys(1).opening()).err(), Some(OpenError::OtherQr));
    }
}

#[test]
fn a_page_without_a_picture_is_told_apart_from_one_that_cannot_be_decoded() {
    let white = Raster::from_pixels(1240, 1754, |_, _| 250);
    assert_eq!(read(&white), Err(ReadError::NoPicture));
    let grey = Raster::from_pixels(3, 2000, |x, y| (x * 80 + y) as u8);
    assert_eq!(read(&grey), Err(ReadError::NoPicture));
    let scan = &*FLATBED;
    let gone = Raster::from_pixels(scan.width(), scan.height(), |x, y| {
        // All of the field but its upper edge, in pixels at 300 dpi; finders and bars stay.
        if (372..2121).contains(&x) && (430..2610).contains(&y) { 200 } else { scan.get(x, y) }
    });
    assert!(matches!(read(&gone), Err(ReadError::Undecodable | ReadError::NotAligned)));
}

#[test]
fn an_independent_raster_at_600_dpi_is_the_picture_module_for_module() {
    let sheet = sheet();
    let raster = poppler(&sheet.pdf(), 600);
    assert_eq!(channel::modules_that_differ(&sheet, &raster), 0);
    assert!(assert_opens(&raster).wrong_modules < 1e-9);
}

#[test]
fn an_independent_raster_at_300_and_200_dpi_opens() {
    for dpi in [200, 300] {
        assert_opens(&poppler(&sheet().pdf(), dpi));
    }
}
