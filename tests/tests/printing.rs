//! Certificates through real printing software: every state of a job ends in paper, in money back, or with staff.
#![expect(clippy::indexing_slicing, reason = "a missing part fails the test where it stands")]
#![expect(clippy::expect_used, reason = "a program that gives no answer ends the test with a sentence")]

use std::process::Command;

use serde_json::Value;
use tests::printer::{Mechanism, Printer, Queue};
use tests::program;
use tests::terminal::{Answer, Application, assert_journal_whole, journal};
use tests::world::World;

/// A world whose terminal prints there, and gives up after so many seconds.
fn world(uri: &str, counts_sides: &str, print_seconds: u32) -> World {
    let world = World::new();
    let printer = format!("[printer]\nuri = \"{uri}\"\ncounts_sides = {counts_sides}");
    std::fs::copy(world.path("kiosk.toml"), world.path(PATIENT)).expect("a configuration");
    for (file, seconds) in [("kiosk.toml", print_seconds), (PATIENT, 60)] {
        world.append(file, &format!("{printer}\n[limits]\nprint_seconds = {seconds}"));
    }
    world
}

/// The same terminal, which gives a printer long enough on any machine.
const PATIENT: &str = "kiosk-patient.toml";

fn application(world: &World) -> Application {
    Application::domestic(world.resident("hanako"))
}

/// Prints, and waits as long as it takes.
#[track_caller]
fn prints(world: &World) -> Answer {
    let answer = application(world).configured_by(PATIENT).apply(world);
    assert_eq!(answer.status, 0, "{answer:?}\n{}", world.log("kiosk"));
    answer
}

/// Where the journal's last transaction stands, and what came back to the resident.
fn ending(world: &World, answer: &Answer) -> (String, i64) {
    assert_journal_whole(world, "kiosk.toml");
    let state = journal(world, "kiosk.toml").last().expect("a record")["state"].as_str().expect("a state").to_owned();
    let paid_out = answer.events.iter().filter(|event| event["event"] == "paid-out");
    (state, paid_out.filter_map(|event| event["amount"].as_i64()).sum())
}

#[test]
fn a_certificate_is_printed_on_both_sides_and_arrives_byte_for_byte() {
    let printer = Printer::start();
    let world = world(&printer.uri, "true", 60);
    let _center = world.center();
    let answer = application(&world).copies(2).coins("500").apply(&world);
    assert_eq!(answer.status, 0, "{answer:?}\n{}", world.log("kiosk"));
    let issuance = answer.last()["issuance"].as_str().expect("an issuance").to_owned();
    assert_eq!(printer.printed(), [[issuance.clone(), "two-sided-long-edge".to_owned(), "2".to_owned()]]);
    let paper = printer.paper(&issuance);
    let stored = document_digest(&world);
    assert_eq!(program::run_well(Command::new("sha256sum").arg(&paper)).split(' ').next(), Some(stored.as_str()));
    assert!(answer.events.iter().any(|event| event["event"] == "printing" && event["sides"] == 4), "{answer:?}");
    assert_eq!(ending(&world, &answer), ("taken".to_owned(), 260));
}

/// The digest of the document as the journal holds it.
fn document_digest(world: &World) -> String {
    let records = journal(world, "kiosk.toml");
    records.iter().find_map(|record| record["document"].as_str()).expect("a document").to_owned()
}

#[test]
fn every_trouble_of_a_printer_ends_in_paper_money_or_staff() {
    let printer = Printer::start();
    let world = world(&printer.uri, "true", 4);
    let _center = world.center();
    let cases = [
        (Mechanism::Slow, "printer-too-slow", "refunded"),
        (Mechanism::GivesUp, "printer-unusable", "refunded"),
        (Mechanism::OutOfPaper, "printer-out-of-paper", "refunded"),
        (Mechanism::DoorOpen, "printer-door-open", "refunded"),
        (Mechanism::OutOfToner, "printer-out-of-toner", "refunded"),
        (Mechanism::JamsBefore, "printer-jammed", "refunded"),
        (Mechanism::JamsAfterOne, "printer-unknown", "unknown"),
    ];
    for (mechanism, code, state) in cases {
        printer.behave(mechanism);
        // Only a printer that ends by itself may have all the time.
        let config = if mechanism == Mechanism::GivesUp { PATIENT } else { "kiosk.toml" };
        let answer = application(&world).configured_by(config).coins("100,50").apply(&world);
        printer.behave(Mechanism::Prints);
        assert_eq!(answer.refusal(), (14, code), "{mechanism:?}: {answer:?}\n{}", world.log("kiosk"));
        let back = if state == "refunded" { 150 } else { 30 };
        assert_eq!(ending(&world, &answer), (state.to_owned(), back), "{mechanism:?}");
        program::wait_for("an idle printer", 20, || printer.is_idle().then_some(()));
    }
    assert!(printer.printed().is_empty(), "pages came out: {:?}", printer.printed());
    // The last one is the staff's: nobody else is served until it is settled, in two steps.
    let refused = application(&world).apply(&world);
    assert_eq!(refused.refusal(), (14, "staff-needed"), "{refused:?}");
    settle_the_last(&world);
    prints(&world);
    assert_eq!(printer.printed().len(), 1);
}

/// Staff destroys what was found and gives the money back by hand.
fn settle_the_last(world: &World) {
    let records = journal(world, "kiosk.toml");
    let open = records.iter().rev().find(|record| record["state"] == "unknown").expect("an open transaction");
    let transaction = open["transaction"].as_str().expect("a transaction");
    let arguments = ["journal", "resolve", "--config", "kiosk.toml", transaction, "--as", "refunded", "--reason"];
    let decide = |more: &[&str]| {
        let mut command = world.command("kiosk", &arguments);
        let output = program::run(command.arg("paper-destroyed").args(more));
        (output.status.code(), serde_json::from_slice::<Value>(&output.stdout).unwrap_or_default())
    };
    let (status, proposed) = decide(&[]);
    assert_eq!(status, Some(0), "{proposed}");
    let code = proposed["confirm_with"].as_str().expect("a code").to_owned();
    assert_eq!(journal(world, "kiosk.toml").len(), records.len(), "a proposal writes nothing");
    assert_eq!(decide(&["--confirm", "00000000"]).0, Some(2));
    assert_eq!(decide(&["--confirm", &code]).0, Some(0));
    let last = journal(world, "kiosk.toml").pop().expect("a record");
    assert_eq!((&last["state"], &last["resolution"]["reason"]), (&"refunded".into(), &"paper-destroyed".into()));
}

#[test]
fn paper_that_is_filled_in_time_is_printed() {
    let printer = Printer::start();
    let world = world(&printer.uri, "true", 60);
    let _center = world.center();
    printer.behave(Mechanism::OutOfPaper);
    let mut terminal = application(&world).start(&world, "paper.events");
    program::wait_for("the trouble on the screen", 30, || {
        let events = std::fs::read_to_string(world.path("run/paper.events")).unwrap_or_default();
        events.contains("printer-out-of-paper").then_some(())
    });
    printer.behave(Mechanism::Prints);
    assert_eq!(terminal.wait(60), 0, "{}", world.log("kiosk"));
    assert_eq!(printer.printed().len(), 1);
}

#[test]
fn a_printer_that_goes_away_in_the_middle_is_the_staffs() {
    let mut printer = Printer::start();
    let world = world(&printer.uri, "true", 2);
    let _center = world.center();
    printer.behave(Mechanism::Slow);
    let mut terminal = application(&world).start(&world, "gone.events");
    program::wait_for("the print", 30, || {
        let events = std::fs::read_to_string(world.path("run/gone.events")).unwrap_or_default();
        events.contains("\"event\":\"printing\"").then_some(())
    });
    printer.switch_off();
    let status = terminal.wait(60);
    let answer = Answer::read(status, &std::fs::read(world.path("run/gone.events")).expect("events"));
    assert_eq!(answer.refusal(), (14, "printer-unknown"), "{answer:?}");
    assert_eq!(ending(&world, &answer).0, "unknown");
    // And one that is not there at all costs nothing but the time to ask.
    settle_the_last(&world);
    let absent = application(&world).apply(&world);
    assert_eq!(absent.refusal(), (14, "printer-unusable"), "{absent:?}");
    assert_eq!(ending(&world, &absent), ("refunded".to_owned(), 150));
}

#[test]
fn a_terminal_that_dies_while_it_prints_asks_the_printer_what_became_of_it() {
    let printer = Printer::start();
    let world = world(&printer.uri, "true", 60);
    let _center = world.center();
    std::fs::copy(world.path("kiosk.toml"), world.path("kiosk-fault.toml")).expect("a configuration");
    for (point, state) in [("during-printing", "taken"), ("after-printing", "taken")] {
        let fault = format!("[fault]\nstop_at = \"{point}\"");
        std::fs::copy(world.path("kiosk.toml"), world.path("kiosk-fault.toml")).expect("a configuration");
        world.append("kiosk-fault.toml", &fault);
        let answer = application(&world).configured_by("kiosk-fault.toml").apply(&world);
        assert_eq!(answer.status, -1, "the terminal did not stop {point}: {answer:?}");
        program::wait_for("the end of the print", 20, || printer.is_idle().then_some(()));
        let next = prints(&world);
        let recovered = next.events.iter().find(|event| event["event"] == "recovered").expect("a recovery");
        assert_eq!(recovered["outcome"], state, "{point}");
    }
    assert_eq!(printer.printed().len(), 4);
}

#[test]
fn a_queue_that_is_stopped_or_cancelled_pays_back_and_prints_nothing_later() {
    let printer = Printer::start();
    let queue = Queue::before(&printer);
    // Behind a queue no count of sides is believed.
    let world = world(&queue.uri, "false", 4);
    let _center = world.center();
    prints(&world);
    assert_eq!(printer.printed().len(), 1);
    // Stopped before: refused without a job. Stopped after the job came: the wait ends it.
    queue.stop();
    let stopped = application(&world).apply(&world);
    assert_eq!(stopped.refusal(), (14, "printer-held"), "{stopped:?}");
    assert_eq!(ending(&world, &stopped), ("refunded".to_owned(), 150));
    assert_eq!(queue.waiting(), 0);
    queue.go_on();
    printer.behave(Mechanism::Slow);
    let mut terminal = application(&world).start(&world, "cancel.events");
    program::wait_for("the job", 30, || (queue.waiting() > 0).then_some(()));
    queue.cancel_all();
    let status = terminal.wait(60);
    let answer = Answer::read(status, &std::fs::read(world.path("run/cancel.events")).expect("events"));
    printer.behave(Mechanism::Prints);
    // It had gone to the printer: whether a side came out is not known here.
    assert_eq!(answer.refusal(), (14, "printer-unknown"), "{answer:?}\n{}", world.log("kiosk"));
    settle_the_last(&world);
    program::wait_for("an idle printer and queue", 30, || (printer.is_idle() && queue.is_idle()).then_some(()));
    prints(&world);
    assert_eq!(printer.printed().len(), 2, "{:?}", printer.printed());
    assert!(queue.spooled().is_empty(), "the queue keeps {:?}", queue.spooled());
}
