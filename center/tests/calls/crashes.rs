//! The program itself, stopped as by a power cut between two steps of an issuance, and started again.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use reqwest::blocking::Client;
use serde_json::{Value, json};

use crate::bench::{WORLD, key, kiosk, proof, request, wish};
use crate::tls::client;

/// A running centre of its own; ended when dropped.
struct Program {
    child: Child,
    kiosk: String,
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended itself: then there is nothing to end.
        drop(self.child.kill());
        self.child.wait().unwrap();
    }
}

fn program(config: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_center"));
    command.arg("serve").arg("--config").arg(config).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

fn start(config: &Path) -> Program {
    let mut child = program(config).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(ready["event"], "ready");
    let kiosk = ready["kiosk"].as_str().unwrap().replace("127.0.0.1", "localhost");
    Program { child, kiosk }
}

/// The world's configuration with a store of its own and a fault.
fn configuration(store: &Path, point: &str) -> PathBuf {
    let text = std::fs::read_to_string(WORLD.path().join("center.toml")).unwrap();
    let text = text.replace("\"run/", &format!("\"{}/", store.display()));
    let name = store.file_name().unwrap().display();
    let path = WORLD.path().join(format!("center-{name}.toml"));
    std::fs::write(&path, format!("{text}\n[fault]\nstop_at = \"{point}\"\n")).unwrap();
    path
}

fn post(client: &Client, program: &Program, path: &str, body: &Value) -> reqwest::Result<reqwest::blocking::Response> {
    client.post(format!("{}{path}", program.kiosk)).header("idempotency-key", key(1)).json(body).send()
}

fn prepared(client: &Client, program: &Program) -> Value {
    let challenge: Value =
        post(client, program, "/v1/challenges", &json!({ "kind": "vaccination" })).unwrap().json().unwrap();
    let proof = proof(&kiosk("0001"), "hanako", &challenge);
    let holder: Value = post(client, program, "/v1/holders", &request(&challenge, &proof)).unwrap().json().unwrap();
    wish(&holder, "domestic")
}

fn command(config: &Path, arguments: &[&str]) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_center"));
    let output = command.args(arguments).arg("--config").arg(config).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_crash_between_any_two_steps_loses_nothing_and_makes_nothing_twice() {
    for point in ["after-intent", "after-render", "after-outcome-stored", "before-answer"] {
        let store = tempfile::tempdir().unwrap();
        let config = configuration(store.path(), point);
        let client = client(Some("kiosk-0001"));
        let mut crashing = start(&config);
        let wish = prepared(&client, &crashing);
        assert!(post(&client, &crashing, "/v1/issuances", &wish).is_err(), "{point}: the answer is lost");
        assert!(!crashing.child.wait().unwrap().success());
        drop(crashing);

        let program = start(&config);
        let answer = post(&client, &program, "/v1/issuances", &wish).unwrap();
        assert_eq!(answer.status(), 200, "{point}");
        let answer = answer.bytes().unwrap();
        assert_eq!(answer, post(&client, &program, "/v1/issuances", &wish).unwrap().bytes().unwrap(), "{point}");

        let report = command(&config, &["report", "issuances", "--fiscal-year", "2022"]);
        assert_eq!(report["issuances"][0]["issuances"], 1, "{point}");
        assert_eq!(report["issuances"].as_array().unwrap().len(), 1, "{point}");
        assert_eq!(command(&config, &["audit", "verify"])["verdict"], "intact", "{point}");
    }
}

#[test]
fn a_centre_that_is_told_to_end_ends_well() {
    let store = tempfile::tempdir().unwrap();
    let config = configuration(store.path(), "after-intent");
    let mut program = start(&config);
    let id = program.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert_eq!(program.child.wait().unwrap().code(), Some(0));
}

#[test]
fn the_switch_of_another_process_stops_a_running_centre() {
    let store = tempfile::tempdir().unwrap();
    let config = configuration(store.path(), "before-answer");
    let program = start(&config);
    let client = client(Some("kiosk-0001"));
    let challenge = || post(&client, &program, "/v1/challenges", &json!({ "kind": "vaccination" })).unwrap().status();
    assert_eq!(challenge(), 200);
    command(&config, &["stop", "--reason", "drill"]);
    assert_eq!(challenge(), 503);
    command(&config, &["resume", "--reason", "drill over"]);
    assert_eq!(challenge(), 200);
    assert_eq!(command(&config, &["audit", "verify"])["verdict"], "intact");
}

#[test]
fn a_second_centre_on_the_same_store_ends_with_an_error() {
    let store = tempfile::tempdir().unwrap();
    let config = configuration(store.path(), "after-render");
    let _first = start(&config);
    let second = program(&config).stderr(Stdio::piped()).output().unwrap();
    assert!(!second.status.success());
    assert!(String::from_utf8_lossy(&second.stderr).contains("another centre is running on this store"));
}
