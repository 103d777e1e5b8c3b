//! Every documented call, asked by schemathesis what nobody thought of: no error of the server, no undocumented answer.
#![expect(clippy::expect_used, reason = "a test that cannot be set up fails there")]

use std::process::Command;

use tests::world::{Center, World};
use tests::{program, shape};

/// Requests that are generated for each call and phase.
const EXAMPLES: &str = "25";

/// No error of the server; status, media type, headers and body as documented; no method beside the documented ones.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance,unsupported_method";

/// Asks all calls under a path at an address, with a client certificate of the world's folder and its key.
fn ask(world: &World, (url, paths): (&str, &str), (certificate, key): (&str, &str)) {
    let schemathesis = shape::top().join("target/oracles/venv/bin/schemathesis");
    assert!(schemathesis.exists(), "schemathesis is not there: run `make setup`");
    let output = program::run(
        Command::new(schemathesis)
            .args(["run", "openapi.json", "--url", url, "--include-path-regex", paths])
            .args(["--tls-verify", "pki/tls-ca.pem", "--request-cert", certificate, "--request-cert-key", key])
            .args(["--checks", CHECKS])
            .args(["--phases", "examples,coverage,fuzzing", "--max-examples", EXAMPLES, "--seed", "1"])
            .args(["--generation-database", "none", "--suppress-health-check", "all", "--continue-on-failure"])
            .args(["--no-color"])
            .env_remove("HTTPS_PROXY")
            .env_remove("https_proxy")
            .current_dir(world.path("")),
    );
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("passed"), "nothing was asked:\n{said}");
}

/// A world whose centre lets everybody ask as often as they like, with its description on disk.
fn described() -> (World, Center) {
    let world = World::new();
    world.configure("center.toml", "requests_per_minute = 600", "requests_per_minute = 1000000");
    let center = world.center();
    let client = program::http_client().build().expect("a client");
    let description = client.get(format!("{}/openapi.json", center.public)).send().expect("the centre answers");
    let description = description.text().expect("a description");
    std::fs::write(world.path("openapi.json"), description).expect("the description is written");
    (world, center)
}

#[test]
fn a_terminals_calls_answer_what_they_document_whatever_is_sent() {
    let (world, center) = described();
    ask(&world, (&center.kiosk, "^/v1/(?!app)"), ("pki/kiosk-0001.pem", "pki/kiosk-0001.key"));
    world.assert_audit_whole();
    center.stop();
}

#[test]
fn the_apps_calls_answer_what_they_document_whatever_is_sent() {
    let (world, center) = described();
    let address = center.app.clone().expect("the app has a port");
    // Any key will do, also a terminal's: nobody vouches for an app's.
    ask(&world, (&address, "^/v1/app"), ("pki/kiosk-0002.pem", "pki/kiosk-0002.key"));
    world.assert_audit_whole();
    center.stop();
}
