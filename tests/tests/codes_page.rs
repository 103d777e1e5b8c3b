//! The page that anybody can host: served by public keys alone, in a folder that holds nothing else, in a real browser.
#![expect(clippy::expect_used, reason = "a test that cannot be set up fails with a sentence")]
#![expect(clippy::indexing_slicing, reason = "a missing part fails the test where it stands")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::paper;
use tests::program::{self, Running};
use tests::terminal::Application;
use tests::verifying::{assert_accessible, open, picture, verify};
use tests::world::{Plan, World};

/// The page, hosted by somebody who has the public keys and nothing else.
struct Host {
    process: Running,
    address: String,
    _folder: TempDir,
}

impl Host {
    #[track_caller]
    fn of(world: &World) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for public in ["jwks.json", "barcode-signer.pem"] {
            fs::copy(world.path("pki").join(public), folder.path().join(public)).expect("a public file");
        }
        let mut command = Command::new(program::built("center"));
        command.args(["verify", "--jwks", "jwks.json", "--signer", "barcode-signer.pem", "--listen", "127.0.0.1:0"]);
        command.current_dir(folder.path()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = Running::start(&mut command);
        let line = process.first_line().expect("a line");
        let ready: Value = serde_json::from_str(&line).expect("one JSON object");
        assert_eq!(ready["event"], "ready");
        let page = ready["page"].as_str().expect("where the page is");
        let address = page.strip_suffix("/verify").expect("the page").to_owned();
        Self { process, address, _folder: folder }
    }
}

/// Hanako's overseas certificate, its front as a scan of 300 dpi; and what stands on it.
fn front(world: &World) -> (PathBuf, [String; 2]) {
    let hanako = world.resident("hanako");
    let printed = Application::overseas(hanako).print(world);
    let lot = world.record("hanako").doses[0].lot.clone();
    (paper::picture(&printed.pdf, 1, 300), [hanako.names.kanji.replace('\u{3000}', " "), lot])
}

#[test]
fn whoever_has_public_keys_alone_hosts_a_page_that_says_what_was_signed() {
    let world = World::new();
    let (file, says) = {
        let _center = world.center();
        front(&world)
    };
    // The centre is gone; nothing of it is asked.
    let mut host = Host::of(&world);
    let browser = open(&host.address, "en");
    assert_accessible(&browser, "the empty page");
    assert_eq!(browser.unreached_by_keyboard(), Vec::<String>::new());
    browser.go(&format!("{}/", host.address));
    assert_eq!(verify(&browser, &[&file]), "Signed by the issuer");
    assert_eq!(browser.focus(), "verdict", "a screen reader is taken to the verdict");
    assert_eq!(browser.run("return document.querySelectorAll('#code-list > li').length"), 2);
    let codes = browser.text("code-list");
    for words in &says {
        assert!(codes.contains(words), "a code does not say what stands beside it");
    }
    assert!(browser.text("limits").contains("Whether it was revoked"));
    assert_accessible(&browser, "signed codes");
    browser.picture(&picture("codes-signed.png"));
    browser.run("document.getElementById('language-ja').click()");
    assert_eq!(browser.text("verdict"), "署名は正しいものです");
    browser.resize(320, 700);
    assert_eq!(browser.run("return document.documentElement.scrollWidth <= 320"), true, "it scrolls sideways");
    browser.picture(&picture("codes-signed-narrow.png"));
    let others = browser.run(
        "return performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => !name.startsWith(location.origin) && !name.startsWith('blob:'))",
    );
    assert_eq!(others, json!([]));
    assert_eq!(browser.errors(), Vec::<String>::new());
    drop(browser);
    host.process.terminate();
    assert_eq!(host.process.wait(20), 0, "it did not end well");
}

#[test]
fn a_code_of_another_issuer_is_not_signed_and_says_nothing() {
    let (world, other) = (World::new(), World::with(Plan { seed: 8, ..Plan::default() }));
    let (file, says) = {
        let _center = other.center();
        front(&other)
    };
    let host = Host::of(&world);
    let browser = open(&host.address, "ja");
    assert_eq!(verify(&browser, &[&file]), "署名が正しくありません");
    let shown = browser.text("result");
    for words in &says {
        assert!(!shown.contains(words), "what was not signed is told");
    }
    assert_accessible(&browser, "codes that are not signed");
    browser.picture(&picture("codes-forged.png"));

    browser.go(&format!("{}/verify", host.address));
    let blank = world.path("blank.png");
    image::GrayImage::from_pixel(2480, 3508, image::Luma([255])).save(&blank).expect("a blank page");
    assert_eq!(verify(&browser, &[&blank]), "読み取れません");
    assert_eq!(browser.errors(), Vec::<String>::new());
}

#[test]
fn a_command_that_lacks_its_keys_says_which() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(program::built("center"));
        let said = program::run(command.arg("verify").args(arguments).current_dir(folder.path()));
        (said.status.code(), String::from_utf8_lossy(&said.stderr).into_owned())
    };
    let (status, said) = run(&["--listen", "127.0.0.1:0"]);
    assert!(status == Some(2) && said.contains("--jwks"), "{status:?} {said}");
    let (status, said) = run(&["--jwks", "jwks.json", "--listen", "127.0.0.1:0"]);
    assert!(status == Some(1) && said.contains("jwks.json cannot be read"), "{status:?} {said}");
    fs::write(folder.path().join("jwks.json"), r#"{"keys":[]}"#).expect("a key set");
    let (status, said) = run(&["--jwks", "jwks.json", "--listen", "192.0.2.1:1"]);
    assert!(status == Some(1) && said.contains("binding the page's port"), "{status:?} {said}");
}
