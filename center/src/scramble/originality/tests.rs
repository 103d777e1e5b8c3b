//! The patch on a simple channel; printers and copiers are in the tests of paper.

use super::*;
use crate::paper_channel::{Scan, Sheet};
use crate::scramble::tests::{description, keys};
use crate::scramble::{read, seal};

fn certificate() -> CertificateId {
    CertificateId::from_number(0xABCD)
}

fn sheet_without() -> Sheet {
    Sheet::of(&seal(&description(3000), &certificate(), &keys(1)).unwrap())
}

fn judged(page: &Raster) -> Originality {
    judge(page, &read(page).unwrap(), &keys(1).opening())
}

#[test]
fn strips_are_half_ink_and_another_certificate_or_key_has_others() {
    let genuine = strips(&certificate(), &keys(1));
    for strip in &genuine {
        let modules = strip.modules.width() * strip.modules.height();
        let share = strip.modules.ink() as f64 / modules as f64;
        assert!((0.46..0.54).contains(&share), "{share} of {} dots", strip.module);
        assert_eq!((strip.modules.width() * strip.module, strip.modules.height() * strip.module), SIZE);
    }
    let other = strips(&CertificateId::from_number(0xABCE), &keys(1));
    let foreign = strips(&certificate(), &keys(2));
    for ((one, other), foreign) in genuine.iter().zip(&other).zip(&foreign) {
        assert!(one.modules != other.modules && one.modules != foreign.modules);
    }
}

#[test]
fn a_patch_is_measured_whichever_way_the_page_lay_and_told_from_another_papers() {
    let sheet = sheet_without().with_strips(strips(&certificate(), &keys(1)));
    let scan = Scan { noise: 3.0, ..Scan::FLATBED }.of(&sheet);
    let upright = judged(&scan).score().unwrap();
    for page in [scan.turned(1), scan.mirrored(), scan.turned(2)] {
        let score = judged(&page).score().unwrap();
        assert!((score - upright).abs() < 1.0, "{score} {upright}");
    }
    let foreign = strips(&CertificateId::from_number(0xABCE), &keys(1));
    let transplanted = Scan::FLATBED.of(&sheet_without().with_strips(foreign));
    assert_eq!(judged(&transplanted), Originality::Untold(Untold::NotFound));
}

#[test]
fn what_a_page_cannot_tell_is_said() {
    let sheet = sheet_without().with_strips(strips(&certificate(), &keys(1)));
    let untold = |page: &Raster| judged(page);
    assert_eq!(untold(&Scan { dpi: 200.0, ..Scan::FLATBED }.of(&sheet)), Originality::Untold(Untold::TooCoarse));
    let scan = Scan::FLATBED.of(&sheet);
    let fax = Raster::from_pixels(scan.width(), scan.height(), |x, y| if scan.get(x, y) < 140 { 0 } else { 255 });
    assert_eq!(untold(&fax), Originality::Untold(Untold::BlackAndWhite));
    assert_eq!(untold(&Scan::FLATBED.of(&sheet_without())), Originality::Untold(Untold::NotFound));
}

#[test]
fn a_finest_strip_that_was_sharpened_speaks_for_a_copy_and_a_pale_one_for_nothing() {
    let strip = |unexplained, contrast| Measurement { unexplained, sharpness: 0.3, contrast, offset: (0.0, 0.0) };
    let score = |contrast| score_of([strip(0.13, contrast), strip(0.1, 200.0), strip(0.05, 200.0), strip(0.02, 200.0)]);
    let (pale, even, sharpened) = (score(100.0).unwrap(), score(200.0).unwrap(), score(280.0).unwrap());
    assert!((pale - even).abs() < 1e-9 && sharpened < even - 5.0, "{pale} {even} {sharpened}");
}
