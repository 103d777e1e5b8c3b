//! One terminal that serves one resident after the other, by a real centre: does its memory grow?
//!
//! `ENDURANCE=10000` says how many residents come to a terminal without a display; a tenth as many come to the window.
#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up ends with a sentence")]

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Instant;

use tests::figures::{milliseconds, resident_bytes, row};
use tests::program::Running;
use tests::scenario::scenario;
use tests::visit::papers;
use tests::window;
use tests::world::World;

/// Where nobody says how many.
const FEW: usize = 200;

/// A part of the residents, at the beginning and at the end, whose memory is compared. The first part of all is left out:
/// what every session needs comes to memory there. The least of a part is what the terminal holds at rest: a preview that
/// somebody has passed may still be drawn when the next resident comes, and takes twenty megabytes meanwhile.
const PART: usize = 10;

/// Where the residents come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// To the screens of a scenario, drawn by the program itself.
    NoDisplay,
    /// To the real window.
    Window,
}

fn main() {
    let wished = std::env::var_os("ENDURANCE").and_then(|text| text.to_str()?.parse().ok());
    let residents = wished.unwrap_or(FEW).max(2 * PART);
    row("what", "measured", "aim");
    serve(residents, Place::NoDisplay);
    serve((residents / 10).max(2 * PART), Place::Window);
}

/// Lets so many residents come, one after the other, and prints what became of the terminal's memory.
fn serve(residents: usize, place: Place) {
    let world = World::new();
    let screen = (place == Place::Window).then(|| window::start_screen(&world));
    world.configure("center.toml", "requests_per_minute = 600", "requests_per_minute = 1000000");
    let center = world.center();
    let mut command = world.command("kiosk", &["play", "--config", "kiosk.toml", "--repeat"]);
    command.arg(residents.to_string()).arg(exact_money(&world)).stdout(Stdio::piped());
    if let Some((_, display)) = &screen {
        command.args(["--window", "--pace", "0"]);
        command.env("DISPLAY", display).env("LIBGL_ALWAYS_SOFTWARE", "1").env_remove("WAYLAND_DISPLAY");
    }
    let began = Instant::now();
    let mut kiosk = Running::start(&mut command);
    let said = BufReader::new(kiosk.child().stdout.take().expect("what it says"));
    let mut memory = Vec::new();
    for line in said.lines().map_while(Result::ok) {
        if line.starts_with("played ") {
            memory.push(resident_bytes(kiosk.id()));
            for paper in papers(&world) {
                std::fs::remove_file(paper).expect("the resident takes the paper along");
            }
        }
    }
    assert_eq!(memory.len(), residents, "the terminal stopped: {}", world.log("kiosk"));
    let took = began.elapsed() / residents as u32;
    let part = residents / PART;
    let [early, late] = [part, residents - part].map(|from| memory.iter().skip(from).take(part));
    let growth = |early: u64, late: u64| format!("{:+.2} %", (late as f64 / early as f64 - 1.0) * 100.0);
    let place = match place {
        Place::NoDisplay => "without a display",
        Place::Window => "in the window",
    };
    row(&format!("{residents} residents {place}, each"), &milliseconds(took), "");
    let [early_rest, late_rest] = [early.clone(), late.clone()].map(|memory| memory.copied().min().unwrap_or_default());
    row("  memory at rest near the beginning", &format!("{:.1} MB", early_rest as f64 / 1e6), "");
    row("  growth to the end", &growth(early_rest, late_rest), "2 %");
    let [early_most, late_most] = [early, late].map(|memory| memory.copied().max().unwrap_or_default());
    row("  the most near the beginning", &format!("{:.1} MB", early_most as f64 / 1e6), "");
    row("  growth to the end", &growth(early_most, late_most), "");
    center.stop();
}

/// The scenario of two copies for abroad, paid to the yen: thousands of residents must not run the hopper out of change.
fn exact_money(world: &World) -> PathBuf {
    let text = std::fs::read_to_string(scenario("overseas")).expect("the scenario");
    let coin = |worth: u32, shows: &str| format!("[[step]]\ndo = {{ coin = {worth} }}\nshows = \"{shows}\"\n\n");
    let paid = coin(500, "take-paper");
    assert!(text.contains(paid.trim()), "the scenario pays otherwise");
    let coins = [100, 100, 10, 10, 10].map(|worth| coin(worth, "pay")).concat() + &coin(10, "take-paper");
    let path = world.path("exact-money.toml");
    std::fs::write(&path, text.replace(paid.trim(), coins.trim())).expect("the scenario is written");
    path
}
