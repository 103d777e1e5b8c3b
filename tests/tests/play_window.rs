//! A scenario played in the window, for somebody who watches.

use tests::program;
use tests::scenario::{ends, scenario};
use tests::window::start_screen;
use tests::world::World;

#[test]
fn a_scenario_is_played_in_the_window_to_its_end() {
    let world = World::new();
    let _center = world.center();
    let (_screen, display) = start_screen(&world);
    let mut command = world.command("kiosk", &["play", "--config", "kiosk.toml", "--window", "--pace", "0"]);
    command.arg(scenario("overseas")).env("DISPLAY", &display);
    command.env("LIBGL_ALWAYS_SOFTWARE", "1").env_remove("WAYLAND_DISPLAY");
    let output = program::run(&mut command);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", world.log("kiosk"));
    assert!(said.contains("take-paper") && said.contains("menu"), "{said}");
    assert_eq!(ends(&world), ["taken"]);
}
