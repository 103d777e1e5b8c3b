//! Papers made, scanned and inspected, with a front of plain text and real codes.

use std::fmt::Write as _;

use jiff::civil::date;
use p256::ecdsa::Signature;
use p256::ecdsa::signature::Signer as _;
use qrcode::{Color, EcLevel, QrCode};
use shared::qr::health_card::{HealthCard, Immunization, Name};

use super::report::FindingState;
use super::*;
use crate::paper_channel::{Scan, Sheet, jpeg, page_pdf};
use crate::scramble::tests::keys;
use crate::scramble::{ScrambleKeys, Sealed, seal};

/// Draws descriptions whose lines are texts; one that begins with `shc:/` is drawn as a code.
struct PlainDrawing;

const LINE_MM: f64 = 7.0;
const LEFT_MM: f64 = 25.0;
const TOP_MM: f64 = 30.0;
const CODE_AT_MM: (f64, f64) = (140.0, 220.0);

impl FrontDrawing for PlainDrawing {
    fn front(&self, description: &[u8]) -> Option<Front> {
        let text = std::str::from_utf8(description).ok()?;
        let points = |millimetres: f64| millimetres * 72.0 / 25.4;
        let mut content = String::new();
        let (mut items, mut codes) = (Vec::new(), Vec::new());
        for (number, line) in text.lines().enumerate() {
            if line.starts_with("shc:/") {
                let (side, drawing) = code(line, CODE_AT_MM);
                content.push_str(&drawing);
                let area = Area { left_mm: CODE_AT_MM.0, top_mm: CODE_AT_MM.1, width_mm: side, height_mm: side };
                codes.push(PrintedCode { kind: CodeKind::HealthCard, text: line.to_owned(), area });
                continue;
            }
            let top = TOP_MM + number as f64 * LINE_MM;
            let (x, y) = (points(LEFT_MM), 841.92 - points(top + 4.0));
            writeln!(content, "BT /F 10.5 Tf {x:.2} {y:.2} Td ({line}) Tj ET").unwrap();
            let area = Area { left_mm: LEFT_MM, top_mm: top, width_mm: 100.0, height_mm: LINE_MM - 1.0 };
            items.push(Item { text: line.to_owned(), area });
        }
        let pdf = page_pdf(content.as_bytes(), Some(pdf_writer::Name(b"Helvetica")));
        Some(Front { bare_pdf: pdf.clone(), pdf, items, letters: Vec::new(), codes, copy_word: None })
    }
}

/// A QR of 0.4 mm modules as rectangles: its side in millimetres, and the operators.
fn code(text: &str, (left, top): (f64, f64)) -> (f64, String) {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
    let (width, module) = (code.width(), 0.4 * 72.0 / 25.4);
    let (left, top) = (left * 72.0 / 25.4, 841.92 - top * 72.0 / 25.4);
    let mut drawing = String::new();
    for (index, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let x = left + (index % width) as f64 * module;
            let y = top - (index / width + 1) as f64 * module;
            writeln!(drawing, "{x:.3} {y:.3} {module:.3} {module:.3} re f").unwrap();
        }
    }
    (width as f64 * 0.4, drawing)
}

fn health_card(family: &str, signer: u8) -> String {
    let key = p256::ecdsa::SigningKey::from_slice(&[signer; 32]).unwrap();
    let card = HealthCard {
        issuer: "https://center.konbini.example/issuer".to_owned(),
        not_before: "2022-10-03T01:00:00Z".parse().unwrap(),
        names: vec![Name { family: family.to_owned(), given: vec!["Hanako".to_owned()] }],
        birth_date: date(1990, 1, 2),
        immunizations: vec![Immunization { cvx: 208, date: date(2021, 7, 1), lot: "EW0201".to_owned() }],
    };
    let sign = |message: &[u8]| {
        let signature: Signature = key.sign(message);
        Ok(signature.to_bytes().into())
    };
    card.encode(&public_key(signer).thumbprint(), sign).unwrap()
}

fn public_key(signer: u8) -> PublicKey {
    let key = p256::ecdsa::SigningKey::from_slice(&[signer; 32]).unwrap();
    PublicKey::parse(key.verifying_key().to_encoded_point(false).as_bytes()).unwrap()
}

fn description(second_dose: &str) -> String {
    let mut text =
        String::from("Vaccination Certificate of COVID-19\nName  YAMADA HANAKO\nDate of birth  1990-01-02\n");
    text.push_str("1st dose  2021-07-01  COMIRNATY  Pfizer  EW0201  JPN\n");
    writeln!(text, "2nd dose  {second_dose}  COMIRNATY  Pfizer  EX3617  JPN").unwrap();
    text.push_str("3rd dose  2022-02-18  Spikevax  Moderna  000128A  JPN\nCertificate  ABCDEFGHIJKL\n");
    text.push_str("Minister of Health, Labour and Welfare of Japan\nThe mayor of Chiyoda\nDate of issue  2022-10-03\n");
    text + &health_card("Yamada", 5)
}

fn certificate() -> CertificateId {
    CertificateId::from_number(4711)
}

fn sealed(description: &str, keys: &ScrambleKeys) -> Sealed {
    seal(description.as_bytes(), &certificate(), keys).unwrap()
}

fn genuine() -> Sealed {
    sealed(&description("2021-07-22"), &keys(1))
}

fn back(sealed: &Sealed) -> Raster {
    Scan::FLATBED.of(&Sheet::of(sealed))
}

/// A front at 600 dpi. Not by poppler: the plain front embeds no typeface, and poppler's Helvetica is another one.
fn front_600(description: &str) -> Raster {
    intake::rasterise_first_page(&PlainDrawing.front(description.as_bytes()).unwrap().pdf, 600.0).unwrap()
}

fn front(description: &str) -> Raster {
    Scan::FLATBED.of_raster(&front_600(description))
}

fn inspect(pages: &[Raster], status: IssueStatus) -> Inspection {
    let keys =
        InspectionKeys { scramble: keys(1).opening(), health_card: vec![public_key(5)], barcode_signers: Vec::new() };
    Inspector { keys: &keys, drawing: &PlainDrawing, status: &|_| status }.verify(pages)
}

fn states(report: &Report) -> [FindingState; 5] {
    let Features { back, content, front, health_card, vds_nc: _, originality: _, copy_word: _, status } =
        &report.features;
    [back, content, front, health_card, status].map(|finding| finding.state)
}

const HOLDS: FindingState = FindingState::Holds;
const FAILS: FindingState = FindingState::Fails;
const NOT_CHECKED: FindingState = FindingState::NotChecked;

#[test]
fn both_sides_of_a_genuine_paper_are_genuine_in_any_order_and_any_way_up() {
    let (front, back) = (front(&description("2021-07-22")), back(&genuine()));
    for pages in [[front.clone(), back.clone()], [back.turned(2), front.turned(1)], [back.turned(3), front.turned(2)]] {
        let report = inspect(&pages, IssueStatus::Issued).report;
        assert_eq!(report.differences, []);
        assert_eq!(states(&report), [HOLDS; 5]);
        assert_eq!((report.verdict, report.certificate), (Verdict::Genuine, Some(certificate())));
    }
}

#[test]
fn a_genuine_front_stays_genuine_skewed_scaled_noisy_and_compressed() {
    let (drawn, back) = (front_600(&description("2021-07-22")), back(&genuine()));
    let scans = [
        Scan { degrees: 3.0, scale: 0.95, ..Scan::FLATBED },
        Scan { scale: 1.03, noise: 15.0, ..Scan::FLATBED },
        Scan { dpi: 150.0, ..Scan::FLATBED },
        Scan { dpi: 600.0, degrees: -0.7, ..Scan::FLATBED },
    ];
    for scan in scans {
        let front = jpeg(&scan.of_raster(&drawn), 75);
        let report = inspect(&[back.clone(), front], IssueStatus::Issued).report;
        assert_eq!(report.differences, []);
        assert_eq!(report.verdict, Verdict::Genuine, "{scan:?}");
    }
}

#[test]
fn one_changed_digit_is_found_where_it_stands() {
    for forged in ["2021-07-23", "2021-08-22", "2027-07-22"] {
        let report = inspect(&[front(&description(forged)), back(&genuine())], IssueStatus::Issued).report;
        assert_eq!(report.verdict, Verdict::Altered, "{forged}");
        assert_eq!(
            report.differences.len(),
            1,
            "{forged}: {:?}",
            report.differences.iter().map(|d| d.area).collect::<Vec<_>>()
        );
        let difference = &report.differences[0];
        assert!(difference.issued.as_ref().unwrap().starts_with("2nd dose"));
        assert!((difference.area.top_mm - (TOP_MM + 4.0 * LINE_MM)).abs() < 5.0);
        assert!(difference.area.width_mm < 12.0);
    }
}

/// A front with spots on it: left, top, width and height in dots of 1/600 inch, and the grey they are filled with; they
/// are ellipses.
fn soiled(drawn: &Raster, spots: &[(usize, usize, usize, usize, u8)]) -> Raster {
    Raster::from_pixels(drawn.width(), drawn.height(), |x, y| {
        let inside = |&&(left, top, width, height, _): &&(usize, usize, usize, usize, u8)| {
            let along = |at: usize, from: usize, length: usize| {
                (at as f64 + 0.5 - from as f64 - length as f64 / 2.0) / (length as f64 / 2.0)
            };
            along(x, left, width).hypot(along(y, top, height)) < 1.0
        };
        spots.iter().find(inside).map_or_else(|| drawn.get(x, y), |spot| spot.4)
    })
}

#[test]
fn round_specks_on_blank_paper_are_dirt_and_strokes_of_the_same_ink_are_not() {
    let (drawn, back) = (front_600(&description("2021-07-22")), back(&genuine()));
    let millimetres = |length: f64| (length * 600.0 / 25.4) as usize;
    let report = |spots: &[(usize, usize, usize, usize, u8)]| {
        inspect(&[Scan::FLATBED.of_raster(&soiled(&drawn, spots)), back.clone()], IssueStatus::Issued).report
    };
    // Between two lines, twice, and in the blank: 0.3 to 0.4 mm.
    let (x, y) = (millimetres(LEFT_MM + 20.0), millimetres(TOP_MM + 4.0 * LINE_MM));
    let specks = [(x, y, 9, 9, 20), (x + 700, y + 145, 8, 8, 20), (3500, 3000, 7, 7, 20)];
    let dirty = report(&specks);
    assert_eq!((dirty.verdict, dirty.differences.len(), dirty.dirt.len()), (Verdict::Genuine, 0, 3));
    assert!(dirty.deviation.unwrap() < 0.7, "{:?}", dirty.deviation);
    // Hardly more ink than the largest speck, as a stroke that is longer than two of them; and a larger speck.
    for spot in [(x, y, 28, 4, 20), (x, y, 4, 28, 20), (x, y, 16, 16, 20)] {
        let report = report(&[spot]);
        assert_eq!((report.verdict, report.differences.len()), (Verdict::Altered, 1), "{spot:?}");
    }
}

#[test]
fn an_added_word_is_found_where_nothing_stood() {
    let longer =
        description("2021-07-22").replace("Date of birth  1990-01-02", "Date of birth  1990-01-02      and more");
    let report = inspect(&[back(&genuine()), front(&longer)], IssueStatus::Issued).report;
    assert_eq!((report.verdict, report.differences.len()), (Verdict::Altered, 1));
}

#[test]
fn another_certificates_back_with_this_front_is_altered() {
    let other = description("2021-07-22").replace("YAMADA HANAKO", "SUZUKI JIRO").replace("1990-01-02", "1983-11-30");
    let report =
        inspect(&[front(&description("2021-07-22")), back(&sealed(&other, &keys(1)))], IssueStatus::Issued).report;
    assert_eq!(report.verdict, Verdict::Altered);
    assert!(report.differences.len() >= 2);
}

#[test]
fn a_code_of_another_person_or_another_signer_is_altered() {
    let genuine_text = description("2021-07-22");
    for (code, words) in
        [(health_card("Suzuki", 5), report::HEALTH_CARD_OTHER), (health_card("Yamada", 6), report::HEALTH_CARD_FORGED)]
    {
        let forged = genuine_text.replace(&health_card("Yamada", 5), &code);
        let report = inspect(&[front(&forged), back(&genuine())], IssueStatus::Issued).report;
        assert_eq!(report.features.health_card, Finding::fails(words));
        assert_eq!(report.verdict, Verdict::Altered);
    }
}

#[test]
fn the_back_alone_gives_the_front_that_was_issued() {
    let inspection = inspect(&[back(&genuine())], IssueStatus::Issued);
    assert_eq!(inspection.report.verdict, Verdict::Genuine);
    assert_eq!(states(&inspection.report), [HOLDS, HOLDS, NOT_CHECKED, NOT_CHECKED, HOLDS]);
    assert_eq!(inspection.front, PlainDrawing.front(description("2021-07-22").as_bytes()).map(|front| front.pdf));
}

#[test]
fn revoked_and_unknown_certificates_are_told_apart() {
    let back = [back(&genuine())];
    for (status, verdict) in [(IssueStatus::Revoked, Verdict::Revoked), (IssueStatus::Unknown, Verdict::Unknown)] {
        let report = inspect(&back, status).report;
        assert_eq!((report.verdict, states(&report)[4]), (verdict, FAILS));
    }
}

#[test]
fn pictures_not_made_by_the_centre_are_altered_or_unknown() {
    let foreign = inspect(&[back(&sealed(&description("2021-07-22"), &keys(2)))], IssueStatus::Issued).report;
    assert_eq!((foreign.verdict, states(&foreign)[1]), (Verdict::Unknown, FAILS));
    let mut flipped = genuine();
    flipped.ciphertext[40] ^= 1;
    let flipped = Scan::FLATBED.of(&Sheet::of(&flipped).without_qr());
    let report = inspect(&[flipped], IssueStatus::Issued).report;
    assert_eq!((report.verdict, states(&report)[1]), (Verdict::Altered, FAILS));
    let swapped = Sheet::of(&genuine()).with_qr_of(&sealed("another", &keys(1)));
    let report = inspect(&[Scan::FLATBED.of(&swapped)], IssueStatus::Issued).report;
    assert_eq!(report.features.content, Finding::fails(report::CONTENT_OTHER_QR));
    assert_eq!(report.verdict, Verdict::Altered);
}

#[test]
fn what_cannot_be_read_is_unreadable() {
    let white = Raster::from_pixels(1240, 1754, |_, _| 250);
    let report = inspect(&[front(&description("2021-07-22")), white.clone()], IssueStatus::Issued).report;
    assert_eq!((report.verdict, report.certificate), (Verdict::Unreadable, None));
    let report = inspect(&[back(&genuine()), white], IssueStatus::Issued).report;
    assert_eq!((report.verdict, states(&report)[2]), (Verdict::Unreadable, FindingState::Unreadable));
    assert_eq!(inspect(&[], IssueStatus::Issued).report.verdict, Verdict::Unreadable);
}

#[test]
fn the_report_is_the_json_of_the_interface() {
    let json = serde_json::to_value(inspect(&[back(&genuine())], IssueStatus::Issued).report).unwrap();
    assert_eq!(json["verdict"], "genuine");
    assert_eq!(json["certificate"], certificate().as_str());
    assert_eq!(json["features"]["front"]["state"], "not-checked");
    assert!(json["features"]["content"]["japanese"].as_str().unwrap().contains("署名"));
    assert_eq!(json["differences"], serde_json::json!([]));
}

#[test]
fn files_become_pages() {
    let pdf = PlainDrawing.front(description("2021-07-22").as_bytes()).unwrap().pdf;
    let pages = intake::pages(pdf).unwrap();
    assert_eq!((pages.len(), pages[0].width(), pages[0].height()), (1, 2480, 3507));
    let page = image::GrayImage::from_fn(40, 30, |x, _| image::Luma([x as u8]));
    for format in [image::ImageFormat::Png, image::ImageFormat::Jpeg, image::ImageFormat::Tiff] {
        let mut file = std::io::Cursor::new(Vec::new());
        page.write_to(&mut file, format).unwrap();
        let pages = intake::pages(file.into_inner()).unwrap();
        assert_eq!((pages[0].width(), pages[0].height()), (40, 30));
    }
}
