//! Scenarios of `kiosk play`: where they lie, a terminal with a staff code of its own, and how a terminal's transactions ended.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::Stdio;

use serde_json::Value;

use crate::shape;
use crate::terminal::journal;
use crate::world::World;

/// The staff's code in scenarios, and of every test world.
const CODE: &str = "40917263";

/// The scenario of this name.
pub fn scenario(name: &str) -> PathBuf {
    shape::top().join(format!("tests/scenarios/{name}.toml"))
}

/// Puts what the program prints for the staff's code in the place of what the world's first terminal came with.
#[track_caller]
pub fn choose_staff_code(world: &World) {
    let mut command = world.command("kiosk", &["staff-code"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("kiosk starts");
    let mut typing = child.stdin.take().expect("its input");
    writeln!(typing, "{CODE}").expect("the code is typed");
    drop(typing);
    let output = child.wait_with_output().expect("kiosk ends");
    assert!(output.status.success(), "no code: {}", world.log("kiosk"));
    let section = String::from_utf8(output.stdout).expect("text");
    assert!(section.contains("$argon2id$") && !section.contains(CODE), "{section}");
    let text = std::fs::read_to_string(world.path("kiosk.toml")).expect("a configuration file");
    let (_, first) = text.split_once("[staff]").expect("a code of the world's own");
    world.configure("kiosk.toml", &format!("[staff]{first}"), &section);
}

/// The last standing of each transaction of the first terminal, in order.
pub fn ends(world: &World) -> Vec<String> {
    let mut ends: Vec<(String, String)> = Vec::new();
    for record in journal(world, "kiosk.toml") {
        let text = |key| record.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (transaction, state) = (text("transaction"), text("state"));
        ends.retain(|(other, _)| *other != transaction);
        ends.push((transaction, state));
    }
    ends.into_iter().map(|(_, state)| state).collect()
}
