//! The page that reads paper back, as somebody uses it in a browser.

use std::path::{Path, PathBuf};

use crate::browser::Browser;
use crate::shape;

/// Opens the page of a server (`http://127.0.0.1:PORT`) in a language.
#[track_caller]
pub fn open(server: &str, language: &str) -> Browser {
    let browser = Browser::open(1100, 900, language);
    browser.go(&format!("{server}/verify"));
    browser
}

/// Chooses files, asks for the verdict, and gives its words.
#[track_caller]
pub fn verify(browser: &Browser, files: &[&Path]) -> String {
    browser.choose("files", files);
    browser.run("document.getElementById('submit').click()");
    result(browser)
}

/// The words of the verdict, as soon as there is one.
#[track_caller]
pub fn result(browser: &Browser) -> String {
    let shown = "return !document.getElementById('result').hidden || !document.getElementById('alert').hidden";
    browser.wait_until("an answer on the page", shown);
    assert_eq!(browser.text("alert"), "");
    browser.text("verdict")
}

/// Asserts that axe-core finds nothing on the page as it is.
#[track_caller]
pub fn assert_accessible(browser: &Browser, state: &str) {
    assert_eq!(browser.violations(), Vec::<String>::new(), "{state}");
}

/// Where screenshots are kept, for people to look at.
pub fn picture(name: &str) -> PathBuf {
    let folder = shape::top().join("target/verify-page");
    std::fs::create_dir_all(&folder).expect("a folder for pictures");
    folder.join(name)
}
