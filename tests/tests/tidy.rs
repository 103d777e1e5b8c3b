//! The shape of the sources, held by ordinary tests; each rule is also shown a planted fault.

use tests::shape::{self, SourceFile};

/// Asserts that a rule finds nothing in the sources, and finds exactly one fault in the planted file.
#[track_caller]
fn holds(rule: impl Fn(&[SourceFile]) -> Vec<String>, planted: &SourceFile) {
    let found = rule(&shape::sources());
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    assert_eq!(rule(std::slice::from_ref(planted)).len(), 1, "the rule is blind to {}", planted.path);
}

#[test]
fn every_file_says_what_it_is() {
    holds(shape::without_opening_sentence, &SourceFile::planted("center/src/x.rs", "use std::fmt;\n"));
}

#[test]
fn there_is_no_drawer_that_everything_falls_into() {
    holds(shape::badly_named, &SourceFile::planted("kiosk/src/screen/utils.rs", "//! Things.\n"));
}

#[test]
fn there_is_one_module_style() {
    holds(shape::badly_named, &SourceFile::planted("kiosk/src/screen/mod.rs", "//! Screens.\n"));
}

#[test]
fn a_long_file_has_a_reason() {
    let long = SourceFile::planted("center/src/long.rs", &"//! Long.\n".repeat(shape::MAXIMUM_LINES + 1));
    holds(|files| shape::too_long(files, shape::LONGER_WITH_REASON), &long);
    assert!(shape::needless_reasons(&shape::sources(), shape::LONGER_WITH_REASON).is_empty());
    assert_eq!(shape::needless_reasons(&[], &[("gone.rs", "was long")]).len(), 1);
}

#[test]
fn the_session_waits_for_nothing_and_only_its_store_knows_sql() {
    let rule = |files: &[SourceFile]| shape::crossings(files, shape::BORDERS);
    holds(rule, &SourceFile::planted("kiosk/src/session/step.rs", "//! A step.\nuse std::thread;\n"));
    holds(rule, &SourceFile::planted("center/src/issuance.rs", "//! Issuing.\nuse rusqlite::Connection;\n"));
    holds(rule, &SourceFile::planted("center/src/vrs.rs", "//! Records.\nuse axum::Json;\n"));
    holds(rule, &SourceFile::planted("kiosk/src/journal.rs", "//! The journal.\nuse center::audit;\n"));
}

#[test]
fn crates_depend_in_one_direction() {
    let found = shape::against_the_direction(&shape::cargo_metadata());
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    let planted = serde_json::json!({"packages": [{"name": "kiosk", "dependencies": [{"name": "center"}]}]});
    assert_eq!(shape::against_the_direction(&planted), ["kiosk depends on center"]);
}

#[test]
fn no_test_is_switched_off() {
    let ignored = ["#[test]\n#[igno", "re]\nfn x() {}\n"].concat();
    holds(shape::weak_tests, &SourceFile::planted("center/src/x.rs", &ignored));
}

#[test]
fn nothing_is_committed_that_belongs_to_one_machine() {
    let path = ["see /wo", "rk/main\n"].concat();
    holds(shape::unfit_to_publish, &SourceFile::planted("docs/x.md", &path));
    let key = ["-----BEGIN PRIVATE", " KEY-----\n"].concat();
    holds(shape::unfit_to_publish, &SourceFile::planted("x.pem", &key));
}
