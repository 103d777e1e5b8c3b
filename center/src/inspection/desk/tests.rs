//! Whole documents of the press, through poppler and the channel, and forged ones.

use std::sync::LazyLock;

use shared::domain::certificate::Form;

use super::*;
use crate::document::Pattern;
use crate::document::description::{Item as DescribedItem, PageDescription, TextRun};
use crate::document::typeface::TypefaceFiles;
use crate::inspection::intake;
use crate::inspection::report::{Area, Difference, FindingState, PATCH_DRAWN, Report, Verdict};
use crate::paper_channel::{Scan, jpeg, poppler_pages};
use crate::scramble::tests::keys;
use crate::signer::tests::{content, keys as signing_keys, sealed};

struct Paper {
    desk: Desk,
    pdf: Vec<u8>,
    description: PageDescription,
}

/// A printed overseas certificate. What it is inspected with belongs to it.
static PAPER: LazyLock<Paper> = LazyLock::new(|| {
    let press = Press::new(&TypefaceFiles::default(), keys(1)).unwrap();
    let certificate = sealed(&content(Form::Overseas));
    let pdf = press.render(&certificate).unwrap().into_bytes();
    let description = press.describe(&certificate).unwrap();
    Paper { desk: Desk::new(InspectionKeys::new(keys(1).opening(), &signing_keys()), press), pdf, description }
});

/// Front and back at 600 dpi.
static PRINTED: LazyLock<Vec<Raster>> = LazyLock::new(|| poppler_pages(&PAPER.pdf, 600));

fn inspect(pages: &[Raster]) -> Report {
    let Paper { desk, .. } = &*PAPER;
    Inspector { keys: &desk.keys, drawing: &desk.press, status: &|_| IssueStatus::Issued }.verify(pages).report
}

/// The front with one text replaced, drawn by the press and printed.
fn forged(from: &str, to: &str) -> Raster {
    let items = PAPER.description.items().iter().cloned().map(|item| match item {
        DescribedItem::Text(run) => DescribedItem::Text(TextRun { text: run.text.replace(from, to), ..run }),
        DescribedItem::Area(_) | DescribedItem::Code(_) => item,
    });
    let description = PageDescription::new(items.collect()).unwrap();
    assert!(description != PAPER.description, "{from} does not stand on the front");
    poppler_pages(&PAPER.desk.press.redraw(&description, Pattern::Shown).unwrap(), 600).remove(0)
}

fn areas(differences: &[Difference]) -> Vec<(Area, f64)> {
    differences.iter().map(|difference| (difference.area, difference.deviation)).collect()
}

#[test]
fn a_document_as_a_file_is_genuine() {
    let report = inspect(&intake::pages(PAPER.pdf.clone()).unwrap());
    assert_eq!(areas(&report.differences), []);
    assert_eq!(report.verdict, Verdict::Genuine);
    assert_eq!(report.features.health_card.state, FindingState::Holds);
    assert_eq!(report.features.vds_nc.state, FindingState::Holds);
    // Nothing on it is left to chance: a file is neither original nor copy.
    assert_eq!(report.features.originality.words, PATCH_DRAWN);
}

#[test]
fn printed_and_scanned_documents_are_genuine() {
    let scans = [
        Scan::FLATBED,
        Scan { dpi: 200.0, degrees: -1.5, noise: 12.0, ..Scan::FLATBED },
        Scan { degrees: 3.0, scale: 0.95, ..Scan::FLATBED },
        Scan { degrees: -3.0, scale: 1.03, ..Scan::FLATBED },
        Scan { dpi: 600.0, scale: 1.02, ..Scan::FLATBED },
        Scan { dpi: 150.0, ..Scan::FLATBED },
    ];
    for scan in scans {
        let pages: Vec<Raster> = PRINTED.iter().map(|page| jpeg(&scan.of_raster(page), 75)).collect();
        let report = inspect(&pages);
        assert_eq!(areas(&report.differences), [], "{scan:?}");
        assert_eq!(report.verdict, Verdict::Genuine, "{scan:?}");
        assert_ne!(report.features.originality.words, PATCH_DRAWN, "{scan:?}");
    }
}

#[test]
fn a_front_that_was_scanned_in_part_is_not_the_one_that_was_issued() {
    let whole = &PRINTED[0];
    // 25 mm are missing, and with them whole columns of the table.
    let part = Raster::from_pixels(whole.width() - 590, whole.height(), |x, y| whole.get(x, y));
    let report = inspect(&[Scan::FLATBED.of_raster(&part), Scan::FLATBED.of_raster(&PRINTED[1])]);
    assert_ne!(report.features.front.state, FindingState::Holds);
    assert_ne!(report.verdict, Verdict::Genuine);
}

#[test]
fn one_changed_character_of_a_printed_document_is_found() {
    let back = Scan::FLATBED.of_raster(&PRINTED[1]);
    for (from, to) in
        [("EY2173", "EY2178"), ("3004667", "3004567"), ("TK1234567", "TK1284567"), ("1985", "1986"), ("山田", "山由")]
    {
        let report = inspect(&[Scan::FLATBED.of_raster(&forged(from, to)), back.clone()]);
        assert_eq!(report.verdict, Verdict::Altered, "{from} to {to}");
        assert!(
            report
                .differences
                .iter()
                .any(|difference| difference.issued.as_ref().is_some_and(|text| text.contains(from))),
            "{from} to {to}"
        );
    }
}

/// A page at 600 dpi that was folded along a line through this row in its middle: there is a shadow of 1 mm, in a crack of
/// 0.3 mm a fifth of the ink is left, and what is below lies so many dots further right and lower.
fn folded(page: &Raster, row: f64, aside: (usize, usize)) -> Raster {
    const SLOPE: f64 = 0.002;
    let middle = page.width() as f64 / 2.0;
    Raster::from_pixels(page.width(), page.height(), |x, y| {
        let below = y as f64 + 0.5 - row - SLOPE * (x as f64 - middle);
        let from = if below > 0.0 { (x.saturating_sub(aside.0), y.saturating_sub(aside.1)) } else { (x, y) };
        let ink = 255.0 - f64::from(page.get(from.0, from.1));
        let left = if below.abs() < 3.5 { ink / 5.0 } else { ink };
        (255.0 - left - 25.0 * (-(below / 24.0).powi(2)).exp()).max(0.0) as u8
    })
}

#[test]
fn a_fold_along_a_rule_of_the_table_changes_nothing_that_was_said() {
    let rules = PAPER.description.items().iter().filter_map(|item| match item {
        DescribedItem::Area(area) if area.width > 3000 && area.height < 20 => Some(f64::from(area.y)),
        DescribedItem::Area(_) | DescribedItem::Text(_) | DescribedItem::Code(_) => None,
    });
    let end_of_table = rules.reduce(f64::max).expect("the table ends with a rule");
    let back = Scan::FLATBED.of_raster(&PRINTED[1]);
    let report = |front: &Raster| inspect(&[jpeg(&Scan::FLATBED.of_raster(front), 75), back.clone()]);
    let genuine = report(&folded(&PRINTED[0], end_of_table + 3.0, (0, 6)));
    assert_eq!(areas(&genuine.differences), []);
    // What stands beside the fold is read all the same.
    let forged = report(&folded(&forged("3004667", "3004567"), end_of_table + 3.0, (0, 6)));
    assert_eq!((forged.verdict, forged.differences.len()), (Verdict::Altered, 1), "{:?}", areas(&forged.differences));
}

#[test]
fn paper_that_two_folds_moved_says_what_it_said() {
    // Through the small letters of the table's head, and 3.5 mm above: 0.6 and 0.5 mm aside.
    let row = PAPER.description.items().iter().find_map(|item| match item {
        DescribedItem::Text(run) if run.text.contains("Lot number") => Some(f64::from(run.baseline)),
        DescribedItem::Area(_) | DescribedItem::Text(_) | DescribedItem::Code(_) => None,
    });
    let row = row.expect("the table has a column of lot numbers") - 12.0;
    let twice = |page: &Raster| folded(&folded(page, row, (6, 13)), row - 83.0, (10, 4));
    let back = Scan::FLATBED.of_raster(&PRINTED[1]);
    let report = |front: &Raster| inspect(&[jpeg(&Scan::FLATBED.of_raster(front), 75), back.clone()]);
    let genuine = report(&twice(&PRINTED[0]));
    assert_eq!(areas(&genuine.differences), []);
    let forged = report(&twice(&forged("3004667", "3004567")));
    assert_eq!((forged.verdict, forged.differences.len()), (Verdict::Altered, 1), "{:?}", areas(&forged.differences));
}
