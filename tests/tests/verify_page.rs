//! The public page in a real browser: paper in, verdict, marks and pictures out; by keyboard, narrow, and for screen readers.
#![expect(clippy::expect_used, reason = "a test that cannot be set up fails with a sentence")]
#![expect(clippy::indexing_slicing, reason = "a missing part fails the test where it stands")]

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use shared::wire::issuance::IssuanceAnswer;
use tests::applicant;
use tests::browser::key;
use tests::caller::{Caller, heard};
use tests::paper;
use tests::terminal::{Application, Printed};
use tests::verifying::{assert_accessible, open, picture, result, verify};
use tests::world::{Center, World};

/// Resolution of the pictures that stand for print-quality scans: that of the print engine.
const RESOLUTION: u32 = 600;

/// A printed certificate and its two sides as picture files.
struct Paper {
    printed: Printed,
    front: PathBuf,
    back: PathBuf,
}

fn paper(world: &World) -> Paper {
    let printed = Application::overseas(world.resident("hanako")).print(world);
    let [front, back] = [1, 2].map(|page| paper::picture(&printed.pdf, page, RESOLUTION));
    Paper { printed, front, back }
}

/// The same picture with the last digit of the second lot replaced by that of the first, as a forger would paste it;
/// also how far down the page it stands, in millimetres.
fn with_one_digit_changed(world: &World, paper: &Paper) -> (PathBuf, f64) {
    let record = world.record("hanako");
    let [from, to] = [0, 1].map(|dose| word(&paper.printed.pdf, &record.doses[dose].lot));
    let dots = |points: f64| (points * f64::from(RESOLUTION) / 72.0).round() as u32;
    let mut page = image::open(&paper.front).expect("the front").into_luma8();
    // The last digit takes a little more than half of the height, and ends where the word does.
    let digit = |(left, top, width, height): (f64, f64, f64, f64)| (dots(left + width - height * 0.6), dots(top));
    let ((from_x, from_y), (to_x, to_y)) = (digit(from), digit(to));
    let (width, height) = (dots(from.3 * 0.64), dots(from.3));
    let pasted = image::imageops::crop_imm(&page, from_x, from_y, width, height).to_image();
    let before = page.clone();
    image::imageops::replace(&mut page, &pasted, to_x.into(), to_y.into());
    assert!(page != before, "the two digits are the same");
    let file = paper.front.with_extension("edited.png");
    page.save(&file).expect("the edited front");
    (file, to.1 * 25.4 / 72.0)
}

/// Where a word stands on the first page: left, top, width, height in points, by poppler.
fn word(pdf: &Path, wanted: &str) -> (f64, f64, f64, f64) {
    let listing =
        tests::program::run_well(std::process::Command::new("pdftotext").args(["-bbox", "-l", "1"]).arg(pdf).arg("-"));
    let line = listing.lines().find(|line| line.contains(&format!(">{wanted}<"))).expect("the word is on the page");
    let number = |name: &str| -> f64 {
        let (_, rest) = line.split_once(&format!("{name}=\"")).expect("a place");
        rest.split_once('"').expect("a number").0.parse().expect("a number")
    };
    let (left, top) = (number("xMin"), number("yMin"));
    (left, top, number("xMax") - left, number("yMax") - top)
}

#[test]
fn a_strangers_path_from_a_genuine_paper_to_one_changed_digit() {
    let world = World::new();
    let center = world.center();
    let paper = paper(&world);
    let browser = open(&center.public, "ja");
    assert_eq!(verify(&browser, &[&paper.front, &paper.back]), "真正です");
    assert_eq!(browser.focus(), "verdict", "a screen reader is taken to the verdict");
    assert_eq!(browser.run("return document.querySelectorAll('.mark').length"), 0);
    assert!(browser.text("certificate").contains(&paper.printed.certificate));
    browser.picture(&picture("genuine.png"));
    assert_accessible(&browser, "a genuine paper");

    browser.go(&format!("{}/verify", center.public));
    let (edited, top_mm) = with_one_digit_changed(&world, &paper);
    assert_eq!(verify(&browser, &[&edited, &paper.back]), "改ざんの疑い");
    let marks = browser.run(
        "return [...document.querySelectorAll('#front-figures .mark')].map((mark) => Number(mark.getAttribute('y')))",
    );
    let marks: Vec<f64> = marks.as_array().expect("marks").iter().filter_map(Value::as_f64).collect();
    assert_eq!(marks.len(), 1, "one digit is one mark: {marks:?}");
    assert!((marks[0] - top_mm).abs() < 5.0, "the mark is at {} mm, the digit at {top_mm} mm", marks[0]);
    browser.picture(&picture("edited.png"));
    assert_accessible(&browser, "an altered paper");
    browser.resize(320, 700);
    assert_eq!(browser.run("return document.documentElement.scrollWidth <= 320"), true, "it scrolls sideways");
    browser.picture(&picture("edited-narrow.png"));
    assert_eq!(browser.errors(), Vec::<String>::new());
}

#[test]
fn the_back_alone_or_a_file_says_what_was_not_checked_in_english() {
    let world = World::new();
    let center = world.center();
    let paper = paper(&world);
    let browser = open(&center.public, "en");
    assert_eq!(verify(&browser, &[&paper.back]), "Back genuine, front not checked");
    browser.go(&format!("{}/verify", center.public));
    assert_eq!(verify(&browser, &[&paper.printed.pdf]), "Genuine");
    // A PDF has a black plate: all three views of both pages.
    for view in ["visible", "infrared", "copy"] {
        browser.run(&format!("document.querySelector('input[value={view}]').click()"));
        browser.wait_until(
            "pictures",
            "return [...document.querySelectorAll('#view-figures img')].every((img) => img.naturalWidth > 500)",
        );
        assert_eq!(browser.run("return document.querySelectorAll('#view-figures img').length"), 2, "{view}");
        browser.picture(&picture(&format!("view-{view}.png")));
    }
    assert_eq!(browser.errors(), Vec::<String>::new());
}

#[test]
fn everything_is_reached_by_keyboard_alone() {
    let world = World::new();
    let center = world.center();
    let paper = paper(&world);
    let browser = open(&center.public, "en");
    let to = |id: &str| {
        for _ in 0..20 {
            browser.press(key::TAB);
            if browser.focus() == id {
                return;
            }
        }
        panic!("{id} is not reached by the tabulator; it is at {}", browser.focus());
    };
    to("language-ja");
    browser.press(key::RETURN);
    assert_eq!(browser.run("return document.documentElement.lang"), "ja");
    to("files");
    // The system's own dialogue opens here; WebDriver fills it in.
    browser.choose("files", &[&paper.front, &paper.back]);
    to("submit");
    browser.press(key::RETURN);
    assert_eq!(result(&browser), "真正です");
    to("visible");
    browser.press(key::RIGHT);
    assert_eq!(browser.focus(), "infrared");
    assert!(browser.text("view-words").contains("黒トナー"));
    assert_accessible(&browser, "views");
}

#[test]
fn what_is_no_paper_is_told_in_words_and_nothing_is_asked_elsewhere() {
    let world = World::new();
    let center = world.center();
    let browser = open(&center.public, "en");
    assert_accessible(&browser, "the empty page");
    browser.run("document.getElementById('submit').click()");
    assert_eq!(browser.text("alert"), "Choose a file first.");
    let text = world.path("not-a-picture.png");
    std::fs::write(&text, "this is not a picture").expect("a file");
    assert_eq!(verify(&browser, &[&text]), "Unreadable");
    assert!(browser.text("file-notes").contains("does not open as PDF"), "{}", browser.text("file-notes"));
    let others = browser.run(
        "return performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => !name.startsWith(location.origin) && !name.startsWith('blob:'))",
    );
    assert_eq!(others, serde_json::json!([]));
    browser.picture(&picture("unreadable.png"));
    browser.go(&format!("{}/verify", center.public));
    browser.resize(320, 900);
    assert_eq!(browser.run("return document.documentElement.scrollWidth <= 320"), true, "it scrolls sideways");
    browser.picture(&picture("empty-narrow.png"));
    browser.resize(1100, 900);
    browser.picture(&picture("empty.png"));
}

/// A domestic certificate whose fee was given back two days after it was issued, as a file; the centre of the second day.
fn refunded(world: &World) -> (PathBuf, Center) {
    let center = world.center();
    let hanako = world.resident("hanako");
    let caller = Caller::terminal(world, &center, "0001");
    let (session, key) = (applicant::session(world, hanako, &caller), applicant::key(&caller, 1));
    let wish = json!({"session": session, "municipality": hanako.municipality, "form": "domestic", "copies": 1});
    let said = applicant::issue(&caller, &key, &wish);
    let answer: IssuanceAnswer = serde_json::from_value(said.body).expect("a certificate");
    let file = world.path("refunded.pdf");
    std::fs::write(&file, answer.document.as_slice()).expect("the file is written");
    assert_eq!(days(world, "center.toml", &file), ("genuine".to_owned(), json!([ISSUED_ON, null, null])));
    center.stop();
    world.set_clock("2022-10-05T10:00:00+09:00");
    let center = world.center();
    let caller = Caller::terminal(world, &center, "0001");
    let told = caller.request("PUT", &format!("/v1/issuances/{}/outcome", key.as_str()));
    assert_eq!(heard(told.json(&json!({"outcome": "refunded"}))).status, 204);
    (file, center)
}

/// The day on which a world's clock begins.
const ISSUED_ON: &str = "2022-10-03";

/// What `center verify` says of a file: the verdict, and the days of issue, revocation and reissue.
#[track_caller]
fn days(world: &World, config: &str, file: &Path) -> (String, Value) {
    let (_, said) = world.center_command(&["verify", "--config", config, "--json", &file.display().to_string()]);
    let report: Value = serde_json::from_str(&said).expect("one JSON object");
    let verdict = report["verdict"].as_str().expect("a verdict").to_owned();
    assert!(report["certificate"].is_string(), "{report}");
    match &report["days"] {
        Value::Null => (verdict, Value::Null),
        days => (verdict, json!([days["issued"], days["revoked"], days["reissued"]])),
    }
}

#[test]
fn the_day_of_revocation_is_told_to_whoever_holds_the_paper() {
    let world = World::new();
    let (file, center) = refunded(&world);
    let browser = open(&center.public, "ja");
    assert_eq!(verify(&browser, &[&file]), "失効しています");
    let certificate = browser.text("certificate");
    assert!(certificate.ends_with("発行日: 2022-10-03 ／ 失効日: 2022-10-05"), "{certificate}");
}

#[test]
fn a_picture_that_does_not_open_tells_no_days() {
    let world = World::new();
    let (file, _center) = refunded(&world);
    assert_eq!(days(&world, "center.toml", &file), ("revoked".to_owned(), json!([ISSUED_ON, "2022-10-05", null])));
    let config = std::fs::read_to_string(world.path("center.toml")).expect("the configuration");
    let other_key = config.replace("pki/scramble.key", "pki/person-hmac.key");
    assert!(other_key != config, "the key stands elsewhere");
    std::fs::write(world.path("other-key.toml"), other_key).expect("another configuration");
    assert_eq!(days(&world, "other-key.toml", &file), ("unknown".to_owned(), Value::Null));
}
