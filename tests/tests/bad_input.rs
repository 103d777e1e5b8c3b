//! What must be refused, and how it is said: on the wire, in files, at start.

use serde_json::json;
use shared::wire::MAXIMUM_REQUEST_BYTES;
use tests::caller::{Caller, heard};
use tests::program;
use tests::terminal::Application;
use tests::world::World;

const CHALLENGES: &str = "/v1/challenges";

#[test]
fn requests_that_are_not_well_formed_are_refused_one_by_one() {
    let world = World::new();
    let center = world.center();
    let caller = Caller::terminal(&world, &center, "0001");
    let deep = "[".repeat(20_000);
    for body in [
        "",
        "{",
        "null",
        "[]",
        "\u{feff}{}",
        "{\"kind\":\"vaccination\"",
        "{\"kind\":\"vaccination\",\"kind\":\"vaccination\"}",
        "{\"kind\":\"vaccination\",\"more\":1}",
        "{\"kind\":7}",
        "{\"kind\":\"residence\"}",
        "{\"kind\":1e999}",
        "{\"kind\":\"\\ud800\"}",
        deep.as_str(),
    ] {
        let said = caller.post_raw(CHALLENGES, body);
        assert_eq!(said.problem(), (400, "malformed-request"), "{body:.60}");
    }
    assert_eq!(caller.post_raw(CHALLENGES, vec![0xff, 0xfe]).problem(), (400, "malformed-request"));
    assert_eq!(caller.post(CHALLENGES, &json!({"kind": "vaccination"})).status, 200);
}

#[test]
fn the_edges_of_http_answer_with_problems_too() {
    let world = World::new();
    let center = world.center();
    let caller = Caller::terminal(&world, &center, "0001");
    let large = vec![b' '; MAXIMUM_REQUEST_BYTES + 1];
    assert_eq!(caller.post_raw(CHALLENGES, large).problem(), (413, "request-too-large"));
    assert_eq!(heard(caller.request("GET", CHALLENGES)).problem(), (405, "method-not-allowed"));
    assert_eq!(heard(caller.request("POST", "/v1/nothing")).problem(), (404, "not-found"));
    let text = caller.request("POST", CHALLENGES).header("content-type", "text/plain").body("{}");
    assert_eq!(heard(text).problem(), (415, "unsupported-media-type"));
}

#[test]
fn a_problem_never_repeats_what_was_sent() {
    let world = World::new();
    let center = world.center();
    let caller = Caller::terminal(&world, &center, "0001");
    let said = caller.post_raw(CHALLENGES, "{\"kind\":\"SECRET-123456789018\"}");
    assert!(!said.body.to_string().contains("SECRET"), "{said:?}");
    assert!(!world.log("center").contains("SECRET"));
}

#[test]
fn nobody_is_heard_without_a_certificate_of_a_terminal() {
    let world = World::new();
    let center = world.center();
    let anonymous = Caller::anonymous(&world, &center);
    let refused = anonymous.request("POST", CHALLENGES).json(&json!({"kind": "vaccination"})).send();
    assert!(refused.is_err(), "a caller without certificate was answered: {refused:?}");
    // The centre's own certificate is of the same authority, and for another purpose.
    let center_itself = Caller::with_certificate(&world, &center, "center-tls");
    let refused = center_itself.request("POST", CHALLENGES).json(&json!({"kind": "vaccination"})).send();
    assert!(refused.is_err(), "the centre's certificate was taken for a terminal's: {refused:?}");
}

#[test]
fn a_terminal_out_of_service_is_unknown_and_one_of_another_chain_is_told_so() {
    let world = World::new();
    let center = world.center();
    let unknown = Caller::with_certificate(&world, &center, "kiosk-9002");
    assert_eq!(unknown.post(CHALLENGES, &json!({"kind": "vaccination"})).problem(), (403, "terminal-unknown"));
    let foreign = Caller::with_certificate(&world, &center, "kiosk-9001");
    assert_eq!(foreign.post(CHALLENGES, &json!({"kind": "vaccination"})).problem(), (403, "chain-not-participating"));
}

#[test]
fn a_terminal_that_asks_too_often_is_slowed_down_alone() {
    let world = World::new();
    world.append("center.toml", "");
    world.configure("center.toml", "requests_per_minute = 600", "requests_per_minute = 5");
    let center = world.center();
    let (first, second) = (Caller::terminal(&world, &center, "0001"), Caller::terminal(&world, &center, "0002"));
    let ask = |caller: &Caller| caller.post(CHALLENGES, &json!({"kind": "vaccination"}));
    let refused = (0..30).map(|_| ask(&first)).find(|said| said.status != 200).expect("a limit");
    assert_eq!(refused.problem(), (429, "rate-limited"));
    assert!(refused.body["retry_after_seconds"].as_u64().is_some_and(|seconds| seconds > 0), "{refused:?}");
    assert_eq!(ask(&second).status, 200, "one terminal's haste slows another");
}

#[test]
fn outside_the_hours_nothing_begins() {
    for (shows, open) in [
        ("2022-10-03T23:00:00+09:00", false),
        ("2022-10-04T03:00:00+09:00", false),
        ("2022-10-04T06:29:00+09:00", false),
        ("2022-10-04T06:30:00+09:00", true),
        ("2022-10-03T22:50:00+09:00", true),
    ] {
        let world = World::new();
        world.set_clock(shows);
        let _center = world.center();
        let answer = Application::domestic(world.resident("hanako")).apply(&world);
        let expected = if open { 0 } else { 15 };
        assert_eq!(answer.status, expected, "at {shows}: {answer:?}");
    }
}

#[test]
fn a_stopped_centre_issues_nothing_until_it_is_resumed() {
    let world = World::new();
    let _center = world.center();
    let hanako = Application::domestic(world.resident("hanako"));
    let switch = |word| world.center_command(&[word, "--config", "center.toml", "--reason", "exercise"]).0;
    assert_eq!(switch("stop"), 0);
    let answer = hanako.apply(&world);
    assert_eq!(answer.refusal(), (13, "service-stopped"), "{answer:?}");
    assert_eq!(switch("resume"), 0);
    hanako.print(&world);
}

#[test]
fn an_unreachable_centre_is_told_as_such_and_not_as_no_record() {
    let world = World::new();
    let mut center = world.center();
    center.process.kill();
    let answer = Application::domestic(world.resident("hanako")).apply(&world);
    assert_eq!(answer.status, 13, "{answer:?}");
    assert_ne!(answer.code(), Some("no-record"));
}

/// Runs a program that must refuse its configuration; gives what it says on standard error.
#[track_caller]
fn refusal_at_start(world: &World, program: &str, arguments: &[&str]) -> String {
    let mut process = program::Running::start(world.command(program, arguments).stdout(std::process::Stdio::null()));
    let status = process.wait(20);
    assert!(status > 0, "{program} {arguments:?} ended with {status}");
    world.log(program)
}

const SERVE: [&str; 3] = ["serve", "--config", "center.toml"];
const READERS: [&str; 4] = ["journal", "verify", "--config", "kiosk.toml"];

#[test]
fn a_mistake_in_a_configuration_file_is_named_with_its_line() {
    for (program, file, arguments) in
        [("center", "center.toml", SERVE.as_slice()), ("kiosk", "kiosk.toml", READERS.as_slice())]
    {
        let world = World::new();
        let text = std::fs::read_to_string(world.path(file)).expect("a configuration");
        let line = 1 + text.lines().position(|line| line.starts_with("profile")).expect("a profile");
        world.configure(file, "profile = \"test\"", "profile = \"tset\"");
        let said = refusal_at_start(&world, program, arguments);
        assert!(said.contains(file) && said.contains(&line.to_string()) && said.contains("test"), "{said}");

        let world = World::new();
        world.append(file, "[surprise]\nkey = 1");
        let said = refusal_at_start(&world, program, arguments);
        assert!(said.contains(file) && said.contains("surprise"), "{said}");

        let world = World::new();
        std::fs::write(world.path(file), [0xff, 0x00, 0x5b]).expect("a broken file");
        refusal_at_start(&world, program, arguments);
    }
}

#[test]
fn production_refuses_everything_fictitious() {
    let world = World::new();
    world.configure("center.toml", "profile = \"test\"", "profile = \"production\"");
    let said = refusal_at_start(&world, "center", &SERVE);
    assert!(said.contains("production"), "{said}");
    // Even without the world's clock, the test authority is recognised.
    let text = std::fs::read_to_string(world.path("center.toml")).expect("a configuration");
    let clock = text.split_once("[clock]").expect("a clock").1;
    let clock = clock.split_once("\n[").map_or(clock, |(section, _)| section);
    world.configure("center.toml", &format!("[clock]{clock}"), "");
    refusal_at_start(&world, "center", &SERVE);
}

#[test]
fn a_database_that_vanished_is_not_quietly_made_anew() {
    let world = World::new();
    world.center().stop();
    for entry in std::fs::read_dir(world.path("run")).expect("the run folder") {
        let path = entry.expect("an entry").path();
        if path.display().to_string().contains("center.sqlite") {
            std::fs::remove_file(path).expect("removed");
        }
    }
    refusal_at_start(&world, "center", &SERVE);
}

#[test]
fn a_database_of_a_newer_program_is_refused() {
    let world = World::new();
    world.center().stop();
    let database = rusqlite::Connection::open(world.path("run/center.sqlite")).expect("the database");
    database.pragma_update(None, "user_version", 9999).expect("a version");
    drop(database);
    let said = refusal_at_start(&world, "center", &SERVE);
    assert!(said.contains("newer") || said.contains("schema") || said.contains("version"), "{said}");
}

#[test]
fn a_database_that_is_none_or_cannot_be_written_is_refused() {
    let world = World::new();
    std::fs::write(world.path("run/center.sqlite"), b"this is not a database, and long enough to be read as one")
        .expect("a file");
    refusal_at_start(&world, "center", &SERVE);
    let world = World::new();
    world.configure("center.toml", "run/center.sqlite", "/proc/center.sqlite");
    refusal_at_start(&world, "center", &SERVE);
}

#[test]
fn yesterdays_database_put_back_is_refused() {
    let world = World::new();
    world.center().stop();
    let (database, backup) = (world.path("run/center.sqlite"), world.path("run/backup.sqlite"));
    std::fs::copy(&database, &backup).expect("a backup");
    let center = world.center();
    Application::domestic(world.resident("hanako")).print(&world);
    center.stop();
    for suffix in ["-wal", "-shm"] {
        let beside = world.path(format!("run/center.sqlite{suffix}"));
        if beside.exists() {
            std::fs::remove_file(beside).expect("removed");
        }
    }
    std::fs::copy(&backup, &database).expect("restored");
    assert_ne!(world.center_command(&["audit", "verify", "--config", "center.toml"]).0, 0);
    refusal_at_start(&world, "center", &SERVE);
}
