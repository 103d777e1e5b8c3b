//! The configuration refuses what it does not know, and says where and what would be right.

use super::*;

const COMPLETE: &str = include_str!("complete.toml");

#[expect(clippy::unwrap_in_result, reason = "a test that cannot write its file fails there")]
fn read(text: &str) -> Result<Config, ConfigError> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    Config::read(file.path())
}

fn message(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

#[test]
fn a_complete_file_is_read_and_its_paths_joined() {
    let config = read(COMPLETE).unwrap();
    assert!(config.store.path.is_absolute());
    assert!(config.store.path.ends_with("run/center.sqlite"));
    assert_eq!(config.service.opens, jiff::civil::time(6, 30, 0, 0));
    assert_eq!(config.limits.requests_per_minute.get(), 600);
}

#[test]
fn an_unknown_key_is_refused_with_its_line_and_the_keys_that_would_be_right() {
    let message = message(&COMPLETE.replace("witness =", "wittness ="));
    assert!(message.contains("line 15"), "{message}");
    assert!(message.contains("wittness") && message.contains("`witness`"), "{message}");
}

#[test]
fn a_bad_value_is_refused_with_its_line() {
    let message = message(&COMPLETE.replace("\"0.1.0\"", "\"one\""));
    assert!(message.contains("a version like 0.1.0") && message.contains("line"), "{message}");
}

#[test]
fn the_production_profile_refuses_a_fixed_clock() {
    let message = message(&COMPLETE.replace("\"test\"", "\"production\""));
    assert!(message.contains("line 9: stands_at"), "{message}");
}

#[test]
fn the_production_profile_refuses_a_test_policy() {
    let text = COMPLETE
        .replace("\"test\"", "\"production\"")
        .replace("[clock]\nstands_at = \"2022-10-03T10:00:00+09:00\"\nanchor = \"world.json\"\n", "");
    assert!(message(&text).contains("authentication_policy"));
}

#[test]
fn an_issuer_without_https_is_refused() {
    let message = message(&COMPLETE.replace("https://center", "http://center"));
    assert!(message.contains("issuer"), "{message}");
}

#[test]
fn builds_are_ordered_by_number() {
    assert!(Build::parse("0.10.0") > Build::parse("0.9.9"));
    for wrong in ["", "1", "1.2", "1.2.3.4", "1.2.x"] {
        assert_eq!(Build::parse(wrong), None);
    }
}
