//! The channel against its own instruments: what was asked is what comes out.

use super::*;
use crate::paper_channel::copying::{Copier, Mode};
use crate::paper_channel::faxing::Fax;
use crate::paper_channel::photography::Camera;
use crate::paper_channel::printing::{Printer, Sheet};
use crate::paper_channel::scanning::Scanner;
use crate::paper_channel::{Class, Picture};

/// A printer that does nothing but what a test asks for.
const PLAIN: Printer = Printer {
    edge_gain_um: 0.0,
    raggedness_um: 0.0,
    raggedness_length_um: 45.0,
    mottle: 0.0,
    banding: 0.0,
    band_mm: 1.0,
    swath_jitter_um: 0.0,
    swath_mm: 0.0,
    satellites: 0,
};

/// A scanner that does nothing but what a test asks for.
const STILL: Scanner = Scanner { wobble_mm: 0.0, noise: 0.0, blur_um: 26.0, ..Scanner::FLATBED };

#[test]
fn edges_are_as_ragged_and_as_far_out_as_was_asked() {
    let asked = [(0.0, 0.0), (8.0, 6.0), (13.0, 12.0), (20.0, 22.0), (20.0, 0.0), (0.0, 22.0)];
    let measured = asked.map(|(raggedness, gain)| {
        let printer = Printer { raggedness_um: raggedness, edge_gain_um: gain, ..PLAIN };
        mean_and_deviation(&edge_displacements_um(&printer.print(&edge_page(400, 6000), 17).ink))
    });
    for ((raggedness, gain), (mean, deviation)) in asked.into_iter().zip(measured) {
        assert!((mean - gain).abs() < 0.1 * gain + 0.5, "gain {mean} for {gain}: {measured:?}");
        assert!(
            (deviation - raggedness).abs() < 0.1 * raggedness + 0.3,
            "raggedness {deviation} for {raggedness}: {measured:?}"
        );
    }
}

#[test]
fn edges_wander_over_the_length_that_was_asked() {
    let along = |length: f64| {
        let printer = Printer { raggedness_um: 13.0, raggedness_length_um: length, ..PLAIN };
        let displaced = edge_displacements_um(&printer.print(&edge_page(200, 6000), 5).ink);
        let pairs = |lag: usize| displaced.iter().zip(displaced.iter().skip(lag)).map(|(a, b)| a * b).sum::<f64>();
        pairs(2) / pairs(0)
    };
    assert!(along(40.0) < 0.35 && along(160.0) > 0.6, "{} {}", along(40.0), along(160.0));
}

#[test]
fn flat_areas_neither_gain_nor_lose() {
    for grey in [0, 255] {
        let sheet =
            Printer { raggedness_um: 20.0, edge_gain_um: 22.0, ..PLAIN }.print(&Picture::plain(300, 300, grey), 3);
        assert!(sheet.ink.part(2, 2, 296, 296).pixels.iter().all(|&ink| ink == 255 - grey));
    }
}

#[test]
fn a_screen_has_the_tint_it_stands_for() {
    // Lighter tints lose their smallest dots, as they do on every laser.
    for grey in [200, 128, 60] {
        let sheet = PLAIN.print(&Picture::plain(800, 800, grey), 3);
        let tint = sheet.ink.mean(80, 80, 640, 640);
        assert!((tint - f64::from(255 - grey)).abs() < 20.0, "{tint} for {}", 255 - grey);
    }
}

#[test]
fn solid_ink_is_as_uneven_as_was_asked() {
    let sheet = Printer { mottle: 0.08, ..PLAIN }.print(&Picture::plain(900, 900, 0), 3);
    let levels: Vec<f64> = sheet.ink.pixels.iter().map(|&level| 1.0 - f64::from(level) / 255.0).collect();
    let root_mean_square = (levels.iter().map(|level| level * level).sum::<f64>() / levels.len() as f64).sqrt();
    assert!((root_mean_square - 0.08).abs() < 0.01, "{root_mean_square}");
    let banded = Printer { banding: 0.06, band_mm: 2.0, ..PLAIN }.print(&Picture::plain(50, 2000, 0), 3);
    let rows: Vec<f64> = (0..2000).map(|y| banded.ink.mean(0, y, 50, 1) / 255.0).collect();
    let (low, high) = rows.iter().fold((1.0_f64, 0.0_f64), |(low, high), &row| (low.min(row), high.max(row)));
    assert!((high - low - 0.12).abs() < 0.01, "{low} to {high}");
}

#[test]
fn a_scan_is_as_blurred_as_was_asked() {
    for (blur, dpi) in [(30.0, 600.0), (45.0, 600.0), (45.0, 300.0), (60.0, 300.0), (60.0, 150.0)] {
        // Turned a little, so that its pixels meet the dots at every phase.
        let scanner = Scanner { blur_um: blur, dpi: (dpi, dpi), skew_degrees: 1.3, ..STILL };
        let picture = scanner.scan(&Sheet::ideal(&slanted_page(900, 3000)), 4);
        let pixel = 25_400.0 / dpi;
        let spread = edge_spread_pixels(&picture) * pixel;
        // A sensor's pixel is a box: a twelfth of its square.
        let optics = (spread.powi(2) - pixel.powi(2) / 12.0).max(0.0).sqrt();
        assert!((optics / blur - 1.0).abs() < 0.15, "{optics} µm for {blur} µm at {dpi}");
    }
}

#[test]
fn a_scan_is_as_skewed_and_scaled_as_was_asked() {
    let (page, placed) = marked_page(1600, 2200);
    let sheet = Sheet::ideal(&page);
    let (_, apart) = turn_and_distance(&placed);
    for (skew, scale, dpi) in [(0.0, 1.0, 300.0), (3.0, 0.94, 300.0), (-2.2, 1.03, 150.0), (0.7, 0.97, 600.0)] {
        let picture = Scanner { skew_degrees: skew, scale, dpi: (dpi, dpi), ..STILL }.scan(&sheet, 4);
        let (turn, distance) = turn_and_distance(&marks(&picture));
        assert!((turn - skew).abs() < 0.05, "{turn}° for {skew}°");
        let found = distance / apart * 600.0 / dpi;
        assert!((found / scale - 1.0).abs() < 0.002, "{found} for {scale}");
    }
    let aside = Scanner { offset_mm: (1.5, -1.0), ..STILL }.scan(&sheet, 4);
    let (moved, still) = (marks(&aside), marks(&STILL.scan(&sheet, 4)));
    let millimetres = |pixels: f64| pixels * 25.4 / 300.0;
    assert!((millimetres(moved[0].0 - still[0].0) - 1.5).abs() < 0.02);
    assert!((millimetres(moved[0].1 - still[0].1) + 1.0).abs() < 0.02);
}

#[test]
fn a_carriage_wobbles_as_far_as_was_asked() {
    let sheet = Sheet::ideal(&ruled_page(600, 7000, 50));
    for wobble in [0.02, 0.12] {
        let picture = Scanner { wobble_mm: wobble, ..STILL }.scan(&sheet, 4);
        let found = unevenness_pixels(&picture) * 25.4 / 300.0;
        assert!((found - wobble).abs() < 0.15 * wobble + 0.004, "{found} mm for {wobble} mm");
    }
}

#[test]
fn noise_and_greys_are_what_was_asked() {
    let blank = Sheet::ideal(&Picture::plain(1000, 1000, 255));
    let scan = Scanner { noise: 6.0, greys: (230.0, 40.0), ..STILL }.scan(&blank, 9);
    let greys: Vec<f64> = scan.pixels.iter().map(|&grey| f64::from(grey)).collect();
    let (mean, deviation) = mean_and_deviation(&greys);
    assert!((mean - 230.0).abs() < 0.3 && (deviation - 6.0).abs() < 0.3, "{mean} {deviation}");
    let solid = Sheet::ideal(&Picture::plain(1000, 1000, 0));
    let ink = STILL.scan(&solid, 9).mean(100, 100, 100, 100);
    assert!((ink - 28.0).abs() < 1.0, "{ink}");
}

#[test]
fn a_photo_has_as_many_pixels_an_inch_as_was_asked_and_a_tilt_narrows_the_far_side() {
    let (page, placed) = marked_page(4960, 7016);
    let sheet = Sheet::ideal(&page);
    let apart = turn_and_distance(&placed).1 / 600.0;
    let flat = Camera { distortion: 0.0, curl_mm: 0.0, noise: 0.0, motion_um: 0.0, ppi: 120.0, ..Camera::PHONE };
    let of = |camera: Camera| {
        let photo = camera.photograph(&sheet, 6);
        // Beside the paper the table is dark: only the paper is looked at.
        let (w, h) = (photo.width, photo.height);
        marks(&photo.part(w / 12, h / 14, w * 10 / 12, h * 12 / 14))
    };
    let straight = of(flat);
    let ppi = turn_and_distance(&straight).1 / apart;
    assert!((ppi / 120.0 - 1.0).abs() < 0.01, "{ppi}");
    let [left, right, lower_right, lower_left] = of(Camera { tilt_degrees: (8.0, 0.0), ..flat });
    let (upper, lower) = (right.0 - left.0, lower_right.0 - lower_left.0);
    assert!((upper / lower - 1.0).abs() > 0.05, "{upper} {lower}");
}

#[test]
fn a_fax_is_black_and_white_at_its_own_resolution() {
    let (page, placed) = marked_page(4960, 7016);
    let fax = Fax::FINE.send(&Printer::TYPICAL.print(&page, 1), 2);
    assert!(fax.pixels.iter().all(|&grey| grey == 0 || grey == 255));
    let found = marks(&fax);
    let across = (found[1].0 - found[0].0) / (placed[1].0 - placed[0].0) * 600.0;
    let down = (found[3].1 - found[0].1) / (placed[3].1 - placed[0].1) * 600.0;
    assert!((across - 204.0).abs() < 1.0 && (down - 196.0).abs() < 1.0, "{across} {down}");
}

#[test]
fn a_copy_is_rougher_than_its_original() {
    let original = Printer::TYPICAL.print(&edge_page(600, 3000), 1);
    let (_, before) = mean_and_deviation(&edge_displacements_um(&original.ink));
    for mode in [Mode::Text, Mode::Mixed] {
        let copy = Copier::store(600.0, mode).copy(&original, 2);
        let (_, after) = mean_and_deviation(&edge_displacements_um(&copy.ink));
        assert!(after > before * 1.1, "{mode:?}: {after} after {before}");
    }
}

#[test]
fn a_page_of_a_class_comes_from_its_seed_alone() {
    let page = edge_page(1000, 1400);
    let made = Class::Bad.page(&page, None, 5);
    assert_eq!(made, Class::Bad.page(&page, None, 5));
    assert_ne!(made, Class::Bad.page(&page, None, 6));
    assert_ne!(made, Class::Typical.page(&page, None, 5));
}
