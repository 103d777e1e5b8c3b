//! SIGKILL at the entry of every call by which a program changes something outside itself, one after the other.
//!
//! `strace` counts the calls and strikes: the first write of a file in one run, the second in the next, until a run ends
//! unharmed. Named points (`crashes.rs`) say what must become of each step; here no step is named and none is left out.
#![expect(clippy::expect_used, reason = "a test that cannot be set up fails with a sentence")]

use std::process::{Command, Stdio};

use tests::program::{self, Running};
use tests::promises::{assert_nobody_lost, is_honest_after_power_cut};
use tests::terminal::{Answer, Application};
use tests::world::{Center, World};

/// Calls of the terminal: records of the journal, paper, messages.
const TERMINAL_CALLS: [(&str, usize); 5] = [
    ("fsync,fdatasync", 1),
    ("rename,renameat,renameat2", 1),
    ("unlink,unlinkat", 1),
    ("sendto,writev", 1),
    ("write", 1),
];

/// Calls of the centre: the store's pages, their flushing, messages.
const CENTER_CALLS: [(&str, usize); 3] = [("fsync,fdatasync", 1), ("sendto,writev", 1), ("pwrite64", 16)];

/// More calls of one kind than an issuance makes; a run that never ends unharmed is a mistake of the test.
const MAXIMUM_CALLS: usize = 400;

/// Every call (`make soak`), or each so many where a kind has hundreds.
fn stride(usual: usize) -> usize {
    if std::env::var_os("EVERY_CALL").is_some() { 1 } else { usual }
}

/// A terminal's command line under `strace`, which strikes at this call.
fn under_strace(command: &Command, calls: &str, number: usize) -> Command {
    let mut traced = Command::new("strace");
    traced.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={calls}")]);
    traced.args(["-e", &format!("inject={calls}:signal=KILL:when={number}")]);
    traced.arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        traced.current_dir(folder);
    }
    traced.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    traced
}

#[test]
fn the_terminal_may_die_at_every_call() {
    let world = World::new();
    world.configure("center.toml", "requests_per_minute = 600", "requests_per_minute = 60000");
    let center = world.center();
    let application = Application::domestic(world.resident("hanako"));
    let mut struck = 0;
    for (calls, usual) in TERMINAL_CALLS {
        let mut number = 1;
        loop {
            assert!(number < MAXIMUM_CALLS, "{calls}: no run ended unharmed");
            let status = program::run(&mut under_strace(&application.command(&world), calls, number)).status;
            if status.success() {
                break;
            }
            struck += 1;
            application.print(&world);
            assert_nobody_lost(&world);
            number += stride(usual);
        }
        assert!(number > 1, "{calls}: the terminal makes no such call");
    }
    assert!(struck > 20, "only {struck} calls were struck");
    center.stop();
    world.assert_audit_whole();
}

/// A tracer on every thread of a running centre, which strikes at this call.
fn strike(world: &World, center: &Center, calls: &str, number: usize) -> Running {
    let log = world.path("run/strace.log");
    let output = std::fs::File::create(&log).expect("a log file");
    let tracer = Running::start(
        Command::new("strace")
            .args(["-f", "-o", "/dev/null", "-e", &format!("trace={calls}")])
            .args(["-e", &format!("inject={calls}:signal=KILL:when={number}"), "-p", &center.process.id().to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(output),
    );
    program::wait_for("the tracer", 10, || {
        let said = std::fs::read_to_string(&log).unwrap_or_default();
        said.contains("attached").then_some(())
    });
    tracer
}

/// Whether the centre still answers; once the tracer has gone nothing strikes it any more.
fn is_alive(center: &Center) -> bool {
    let client = program::http_client().build().expect("a client");
    client.get(format!("{}/issuer/.well-known/jwks.json", center.public)).send().is_ok()
}

#[test]
fn the_centre_may_die_at_every_call() {
    let world = World::new();
    world.configure("center.toml", "requests_per_minute = 600", "requests_per_minute = 60000");
    let application = Application::domestic(world.resident("hanako"));
    let mut struck = 0;
    for (calls, usual) in CENTER_CALLS {
        let mut number = 1;
        loop {
            assert!(number < MAXIMUM_CALLS, "{calls}: no run ended unharmed");
            let mut center = world.center();
            let tracer = strike(&world, &center, calls, number);
            let mut terminal = application.start(&world, "cut.events");
            let died = program::wait_for("the end of centre or terminal", 60, || match center.process.ended() {
                Some(_) => Some(true),
                None => terminal.ended().map(|_| false),
            });
            drop(tracer);
            // The store's keeper works on after the answer, and may be struck only then.
            let died = died || !is_alive(&center);
            // The witness of a centre that ended is its successor.
            let center = if died { world.center() } else { center };
            let status = terminal.wait(120);
            let answer = Answer::read(status, &std::fs::read(world.path("run/cut.events")).expect("events"));
            assert!(is_honest_after_power_cut(&answer), "{calls} {number}: {answer:?}\n{}", world.log("kiosk"));
            if died {
                struck += 1;
                application.print(&world);
            }
            assert_nobody_lost(&world);
            center.stop();
            world.assert_audit_whole();
            if !died {
                assert_eq!(status, 0, "{calls} {number}: nothing died, and nothing was printed: {answer:?}");
                break;
            }
            number += stride(usual);
        }
        assert!(number > 1, "{calls}: the centre makes no such call");
    }
    assert!(struck > 10, "only {struck} calls were struck");
}
