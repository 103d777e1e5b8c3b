//! The phone app's reference client through real TLS: an issue in the app opens the overseas form at the terminal.
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up fails there")]

use std::path::Path;

use fixtures::passport_zone::FictitiousPassport;
use serde_json::Value;
use tests::reader::{READER, ReaderService};
use tests::terminal::Application;
use tests::world::{Center, Resident, World};
use tests::{caller, paper, program};

/// What the client answered: exit status and last event.
struct Answer {
    status: i32,
    event: Value,
}

/// Runs the client with its own key in the world's folder.
fn app(world: &World, center: &Center, arguments: &[&str]) -> Answer {
    let center = center.app.clone().expect("the app has a port");
    let (command, rest) = arguments.split_first().expect("a command");
    let line = [command, "--center", &center, "--authority", "pki/tls-ca.pem", "--identity", "run/app.pem"];
    let output = program::run(&mut world.command("app", &[&line[..], rest].concat()));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let event = serde_json::from_str(text.trim()).unwrap_or_else(|error| panic!("no event ({error}): {text:?}"));
    Answer { status: output.status.code().expect("an exit status"), event }
}

fn issue(world: &World, center: &Center, resident: &Resident, more: &[&str]) -> Answer {
    let pin = resident.pins.input_support.as_str();
    app(world, center, &[&["issue", "--card", &resident.card, "--pin", pin, "--out", "codes", "--json"], more].concat())
}

/// Writes the zone of a passport of this resident into the world's folder.
fn passport(world: &World, resident: &str, number: &str) {
    let birth_date = world.record(resident).attributes.birth_date;
    let expires = jiff::civil::date(2031, 1, 1);
    let passport = FictitiousPassport { surname: "TEST", given: "TARO", number, birth_date, expires };
    std::fs::write(world.path("zone.txt"), passport.zone()).expect("the zone is written");
}

#[test]
fn an_issue_in_the_app_opens_the_overseas_form_at_the_terminal_minutes_later() {
    let world = World::new();
    let center = world.center();
    let taro = world.resident("taro").clone();
    let before = Application::overseas(&taro).passport("TK7654321").apply(&world);
    assert_eq!(before.status, 12, "{:?}", before.events);
    assert_eq!(before.events.last().expect("an event")["code"], "passport-not-registered");

    let without = issue(&world, &center, &taro, &["--form", "overseas"]);
    assert_eq!((without.status, &without.event["code"]), (2, &Value::from("zone-needed")));
    passport(&world, "taro", "TK7654321");
    let issued = issue(&world, &center, &taro, &["--form", "overseas", "--zone", "zone.txt"]);
    assert_eq!(issued.status, 0, "{}\n{}", issued.event, world.log("center"));

    // The codes as a camera reads them from the pictures, believed by public keys alone.
    let certificate = issued.event["certificate"].as_str().expect("a certificate");
    let file = |end: &str| world.path(format!("codes/{certificate}.{end}"));
    let read = |end: &str| paper::codes(Path::new(&file(end)));
    let codes = [read("smart-health-card.png"), read("vds-nc.png")].concat();
    assert_eq!(codes.len(), 2, "{codes:?}");
    let verified = paper::verify_codes(&world, &codes);
    assert!(verified.holds, "{}", verified.reasons);
    assert_eq!(verified.found[1]["data"]["msg"]["uvci"], certificate);
    let wallet: Value =
        serde_json::from_slice(&std::fs::read(file("smart-health-card")).expect("the file")).expect("JSON");
    assert_eq!(wallet["verifiableCredential"].as_array().map(Vec::len), Some(1));

    let after = Application::overseas(&taro).passport("TK7654321").apply(&world);
    assert_eq!(after.status, 0, "{:?}", after.events);
    world.assert_audit_whole();
    center.stop();
}

#[test]
fn the_client_shows_versions_and_tells_each_refusal_by_its_status() {
    let world = World::new();
    let center = world.center();
    let shown = app(&world, &center, &["show", "--municipality", "131016"]);
    assert_eq!((shown.status, &shown.event["center"]["service"]), (0, &Value::from("open")), "{}", shown.event);
    assert_eq!(shown.event["municipality"]["open"], true);
    let domestic = ["--form", "domestic"];
    let told = |who: &str, more: &[&str]| {
        let answer = issue(&world, &center, world.resident(who), &[&domestic[..], more].concat());
        (answer.status, answer.event["code"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(told("umi", &[]), (12, "person-protected".to_owned()));
    assert_eq!(told("kai", &[]), (12, "municipality-not-participating".to_owned()));
    assert_eq!(told("nao", &[]), (11, "pin-locked".to_owned()));
    assert_eq!(told("aoi", &[]), (2, "municipality-needed".to_owned()));
    assert_eq!(told("hanako", &[]), (0, String::new()));
    let nobody = caller::Caller::anonymous(&world, &center);
    let address = format!("{}/v1/app", center.app.clone().expect("the app has a port"));
    assert!(nobody.reaches(&address).is_err(), "without a key of its own nobody is heard");
    center.stop();
    let gone = Center { app: Some("https://127.0.0.1:9".to_owned()), ..world.center() };
    let unreachable = app(&world, &gone, &["show"]);
    assert_eq!((unreachable.status, &unreachable.event["code"]), (13, &Value::from("center-unreachable")));
}

#[test]
fn the_card_lies_on_a_real_reader() {
    let service = ReaderService::hold();
    let world = World::new();
    let center = world.center();
    let _card = service.card(&world, "hanako");
    let pin = world.resident("hanako").pins.input_support.clone();
    let arguments = ["issue", "--reader", READER, "--pin", &pin, "--form", "domestic", "--out", "codes", "--json"];
    let issued = app(&world, &center, &arguments);
    assert_eq!(issued.status, 0, "{}", issued.event);
    center.stop();
}
