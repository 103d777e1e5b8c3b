//! Power cuts at every named point and at random moments: one certificate or the money back, never both.

use std::time::Duration;

use tests::promises::{assert_nobody_lost, endings, is_honest_after_power_cut};
use tests::terminal::{Answer, Application, journal};
use tests::world::World;

/// Points at which the centre can be told to stop itself, between two steps of an issuance.
const CENTER_POINTS: [&str; 4] = ["after-intent", "after-render", "after-outcome-stored", "before-answer"];

/// Points at which the terminal can be told to stop itself, and how its money and paper must end then.
const TERMINAL_POINTS: [(&str, Option<&str>); 8] = [
    ("before-request", None),
    ("after-requested", Some("cancelled")),
    ("after-received", Some("cancelled")),
    ("after-paid", Some("refunded")),
    ("during-printing", Some("refunded")),
    ("after-printing", Some("taken")),
    ("after-presented", Some("taken")),
    ("before-outcome", Some("taken")),
];

/// A domestic certificate for hanako.
fn application(world: &World) -> Application {
    Application::domestic(world.resident("hanako"))
}

#[test]
fn the_centre_may_die_between_any_two_steps_of_an_issuance() {
    for point in CENTER_POINTS {
        let world = World::new();
        world.append("center.toml", &format!("[fault]\nstop_at = \"{point}\""));
        let mut center = world.center();
        let mut terminal = application(&world).start(&world, "crash.events");
        assert_ne!(center.process.wait(30), 0, "the centre did not stop {point}");
        let center = world.center();
        let status = terminal.wait(120);
        let answer = Answer::read(status, &std::fs::read(world.path("run/crash.events")).expect("events"));
        assert!([0, 13].contains(&status), "{point}: {answer:?}\n{}", world.log("kiosk"));
        // The next resident is served as if nothing had been, and gets a certificate of their own.
        let next = application(&world).print(&world);
        if let Some(printed) = answer.printed(&world) {
            assert_ne!(printed.certificate, next.certificate, "{point}");
        }
        assert_nobody_lost(&world);
        center.stop();
        world.assert_audit_whole();
    }
}

#[test]
fn the_centre_may_die_at_any_moment() {
    for milliseconds in [5, 40, 80, 120, 160, 200, 260, 340] {
        let world = World::new();
        let mut center = world.center();
        let mut terminal = application(&world).start(&world, "crash.events");
        std::thread::sleep(Duration::from_millis(milliseconds));
        center.process.kill();
        let center = world.center();
        let answer = Answer::read(terminal.wait(120), &std::fs::read(world.path("run/crash.events")).expect("events"));
        assert!(is_honest_after_power_cut(&answer), "after {milliseconds} ms: {answer:?}\n{}", world.log("kiosk"));
        application(&world).print(&world);
        assert_nobody_lost(&world);
        center.stop();
        world.assert_audit_whole();
    }
}

#[test]
fn the_terminal_may_die_between_any_two_acts() {
    for (point, end) in TERMINAL_POINTS {
        let world = World::new();
        let center = world.center();
        std::fs::copy(world.path("kiosk.toml"), world.path("kiosk-fault.toml")).expect("a configuration");
        world.append("kiosk-fault.toml", &format!("[fault]\nstop_at = \"{point}\""));
        let answer = application(&world).configured_by("kiosk-fault.toml").apply(&world);
        assert_eq!(answer.status, -1, "the terminal did not stop {point}: {answer:?}");
        let found = endings(&journal(&world, "kiosk.toml"));
        let next = application(&world).print(&world);
        assert_nobody_lost(&world);
        let endings = endings(&journal(&world, "kiosk.toml"));
        let of_crashed = found.first().and_then(|(crashed, _)| endings.iter().find(|(known, _)| known == crashed));
        let last = of_crashed.and_then(|(_, states)| states.last()).map(String::as_str);
        assert_eq!(last, end, "{point}");
        assert!(!next.certificate.is_empty());
        center.stop();
        world.assert_audit_whole();
    }
}

#[test]
fn the_terminal_may_die_at_any_moment() {
    let world = World::new();
    let center = world.center();
    for milliseconds in [5, 30, 60, 90, 120, 150, 180, 210, 240, 280, 320, 400] {
        let mut terminal = application(&world).start(&world, "crash.events");
        std::thread::sleep(Duration::from_millis(milliseconds));
        terminal.kill();
        // The next start brings every open transaction to an end before it serves.
        application(&world).print(&world);
        assert_nobody_lost(&world);
    }
    center.stop();
    world.assert_audit_whole();
}
