//! Scenarios in which the clock of the world jumps: terminal and centre follow the same one, in one process.
#![expect(clippy::expect_used, reason = "a missing part fails the test where it stands")]

use std::num::NonZeroU32;

use tests::scenario::{ends, scenario};
use tests::world::World;

/// Plays a scenario with a centre on the terminal's own clock; gives how its transactions ended.
#[track_caller]
fn played(name: &str) -> Vec<String> {
    // A second time is refused and changes nothing.
    drop(rustls::crypto::ring::default_provider().install_default());
    let world = World::new();
    std::fs::create_dir_all(world.path("run")).expect("the run folder");
    let config = kiosk::config::Config::load(&world.path("kiosk.toml")).expect("the terminal's configuration");
    let clock = config.make_clock().expect("the world's clock");
    let center = center::config::Config::read(&world.path("center.toml")).expect("the centre's configuration");
    let center = center::serve::serve(&center, clock).expect("the centre");
    let mut said = Vec::new();
    let played =
        kiosk::play::perform((&scenario(name), NonZeroU32::MIN), config, None, &mut |line| said.push(line.to_owned()));
    center.shut_down();
    assert!(played.is_ok(), "{name}: {}\n{}", played.expect_err("a fault"), said.join("\n"));
    ends(&world)
}

#[test]
fn who_has_read_the_preview_still_pays_after_closing_and_nothing_new_begins() {
    assert_eq!(played("past-closing"), ["taken", "cancelled"]);
}

#[test]
fn midnight_between_preview_and_payment_takes_nothing_from_the_resident() {
    assert_eq!(played("past-midnight"), ["taken", "cancelled"]);
}
