//! Scripted scenarios through the real screens, without a display: `kiosk play` with a real centre behind it.
#![expect(clippy::expect_used, reason = "a missing part fails the test where it stands")]

use std::fs;

use tests::program;
use tests::scenario::{choose_staff_code, ends, scenario};
use tests::terminal::journal;
use tests::world::World;

/// Plays a scenario to its end; gives the last standing of each of its transactions, in order.
#[track_caller]
fn played(name: &str) -> Vec<String> {
    ends(&world_of(name))
}

/// Plays a scenario to its end; gives its world.
#[track_caller]
fn world_of(name: &str) -> World {
    whole(name, World::new())
}

/// Plays a scenario to its end in this world.
#[track_caller]
fn whole(name: &str, world: World) -> World {
    let (status, said) = play(&scenario(name), &world);
    assert_eq!(status, 0, "{name}: {said}");
    let sheet = fs::read(world.path("sheet.png")).expect("the contact sheet");
    assert!(sheet.starts_with(b"\x89PNG") && sheet.len() > 20_000, "{name}: {} bytes", sheet.len());
    world
}

/// Plays a scenario: exit status, and what was said.
fn play(file: &std::path::Path, world: &World) -> (i32, String) {
    let _center = world.center();
    let mut command = world.command("kiosk", &["play", "--config", "kiosk.toml", "--contact-sheet", "sheet.png"]);
    let output = program::run(command.arg(file));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = format!("{said}{}", world.log("kiosk"));
    (output.status.code().unwrap_or(-1), said)
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
    let (status, said) = play(&file, &World::new());
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("step 3: no key \\\"Esperanto\\\" can be pressed"), "{said}");
}

#[test]
fn change_that_a_halted_thread_keeps_is_owed_and_staff_is_called() {
    let world = world_of("money-stalls");
    assert_eq!(ends(&world), ["taken"]);
    let records = journal(&world, "kiosk.toml");
    assert!(records.iter().any(|record| record["owed"] == 380), "{records:?}");
}

#[test]
fn a_halted_thread_of_the_centre_freezes_nobody() {
    assert_eq!(played("centre-stalls"), Vec::<String>::new());
}

#[test]
fn after_a_crash_while_printing_staff_decides_what_became_of_the_paper() {
    let world = world_of("printer-crashes");
    assert_eq!(ends(&world), ["refunded"]);
    let records = journal(&world, "kiosk.toml");
    let decisions: Vec<_> = records.iter().filter(|record| !record["resolution"].is_null()).collect();
    assert_eq!(decisions.len(), 1, "{records:?}");
    assert_eq!(decisions[0]["resolution"]["reason"], "no-paper-found");
    // The centre heard of it while the terminal ran.
    assert!(
        records.iter().any(|record| record["state"] == "refunded" && record["acknowledged"] == true),
        "{records:?}"
    );
}

#[test]
fn staff_looks_closes_and_opens_and_its_report_names_nobody() {
    let world = World::new();
    choose_staff_code(&world);
    let world = whole("staff", world);
    let is_report = |file: &std::path::PathBuf| file.display().to_string().contains("kiosk-0001.reports/");
    let reports: Vec<_> = world.files().into_iter().filter(is_report).collect();
    assert_eq!(reports.len(), 1, "{reports:?}");
    let report = fs::read_to_string(&reports[0]).expect("the report");
    for about in ["reader", "printer", "center", "clock", "disk", "journal", "hopper", "version"] {
        assert!(report.contains(&format!("\"about\": \"{about}\"")), "{about}: {report}");
    }
    for resident in world.residents() {
        assert!(!report.contains(&resident.names.kanji) && !report.contains(&resident.my_number), "{report}");
    }
    assert!(!world.files().iter().any(|file| file.ends_with("run/kiosk-0001.closed.json")), "it was opened again");
}

#[test]
fn a_terminal_whose_clock_is_wrong_says_so_and_serves_when_it_is_right() {
    assert_eq!(played("clock-wrong"), Vec::<String>::new());
}
