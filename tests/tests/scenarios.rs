//! Scripted scenarios through the real screens, without a display: `kiosk play` with a real centre behind it.
#![expect(clippy::indexing_slicing, reason = "a missing part fails the test where it stands")]
#![expect(clippy::expect_used, reason = "a missing part fails the test where it stands")]

use std::fs;
use std::path::PathBuf;

use tests::program;
use tests::shape;
use tests::terminal::journal;
use tests::world::World;

fn scenario(name: &str) -> PathBuf {
    shape::top().join(format!("tests/scenarios/{name}.toml"))
}

/// Plays a scenario in a world of its own: exit status, what was said, and the world.
fn play(file: &std::path::Path) -> (i32, String, World) {
    let world = World::new();
    let _center = world.center();
    let mut command = world.command("kiosk", &["play", "--config", "kiosk.toml", "--contact-sheet", "sheet.png"]);
    let output = program::run(command.arg(file));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = format!("{said}{}", world.log("kiosk"));
    (output.status.code().unwrap_or(-1), said, world)
}

/// Plays a scenario to its end; gives the last standing of each of its transactions, in order.
#[track_caller]
fn played(name: &str) -> Vec<String> {
    let (status, said, world) = play(&scenario(name));
    assert_eq!(status, 0, "{name}: {said}");
    let sheet = fs::read(world.path("sheet.png")).expect("the contact sheet");
    assert!(sheet.starts_with(b"\x89PNG") && sheet.len() > 20_000, "{name}: {} bytes", sheet.len());
    let mut ends: Vec<(String, String)> = Vec::new();
    for record in journal(&world, "kiosk.toml") {
        let [transaction, state] =
            ["transaction", "state"].map(|key| record[key].as_str().unwrap_or_default().to_owned());
        ends.retain(|(other, _)| *other != transaction);
        ends.push((transaction, state));
    }
    ends.into_iter().map(|(_, state)| state).collect()
}

#[test]
fn two_copies_for_abroad_are_paid_and_taken() {
    assert_eq!(played("overseas"), ["taken"]);
}

#[test]
fn double_letters_in_high_contrast_lead_to_paper_as_well() {
    assert_eq!(played("large-letters"), ["taken"]);
}

#[test]
fn a_printer_that_is_gone_gives_the_money_back_and_serves_again() {
    assert_eq!(played("printer-gone"), ["refunded", "taken"]);
}

#[test]
fn a_cut_line_ends_the_dialogue_and_the_menu_comes_back() {
    assert_eq!(played("line-cut"), ["cancelled"]);
}

#[test]
fn who_walks_away_gets_the_money_back() {
    assert_eq!(played("left-alone"), ["cancelled"]);
}

#[test]
fn a_scenario_that_goes_another_way_fails_and_names_the_step() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("wrong.toml");
    let text = fs::read_to_string(scenario("overseas")).expect("the scenario");
    fs::write(&file, text.replace("press = \"English\"", "press = \"Esperanto\"")).expect("a wrong scenario");
    let (status, said, _) = play(&file);
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("step 3: no key \\\"Esperanto\\\" can be pressed"), "{said}");
}
