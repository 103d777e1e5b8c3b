//! The real ports: who gets through TLS, and how a centre begins and ends.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use center::config::Config;
use reqwest::blocking::Client;
use reqwest::{Certificate, Identity};
use serde_json::{Value, json};
use shared::clock::ManualClock;

use crate::bench::{NOON, WORLD, config};

fn serve(store: &Path, change: impl FnOnce(&mut Config)) -> center::Running {
    let mut config = config(store);
    config.listen.announce = Some(store.join("center.json"));
    change(&mut config);
    center::serve(&config, Arc::new(ManualClock::new(NOON.parse().unwrap()))).unwrap()
}

fn read(file: &str) -> Vec<u8> {
    std::fs::read(WORLD.path().join("pki").join(file)).unwrap()
}

/// A client that shows this certificate of the world.
pub(crate) fn client(identity: Option<&str>) -> Client {
    drop(rustls::crypto::ring::default_provider().install_default());
    let builder = Client::builder()
        .tls_certs_only([Certificate::from_pem(&read("tls-ca.pem")).unwrap()])
        .timeout(Duration::from_secs(10));
    let builder = match identity {
        Some(name) => {
            let pem = [read(&format!("{name}.key")), read(&format!("{name}.pem"))].concat();
            builder.identity(Identity::from_pem(&pem).unwrap())
        }
        None => builder,
    };
    builder.build().unwrap()
}

fn challenge(center: &center::Running, client: &Client) -> reqwest::Result<reqwest::blocking::Response> {
    let url = format!("https://localhost:{}/v1/challenges", center.kiosk().port());
    client.post(url).json(&json!({ "kind": "vaccination" })).send()
}

#[test]
fn a_terminal_gets_through_and_others_do_not() {
    let store = tempfile::tempdir().unwrap();
    let center = serve(store.path(), |_| {});
    let announced: Value = serde_json::from_slice(&std::fs::read(store.path().join("center.json")).unwrap()).unwrap();
    let addresses = [center.kiosk_url(), center.public_url(), center.console_url().unwrap(), center.app_url().unwrap()];
    let [kiosk, public, console, app] = addresses;
    assert_eq!(announced, json!({ "kiosk": kiosk, "public": public, "console": console, "app": app }));
    assert_eq!(challenge(&center, &client(Some("kiosk-0001"))).unwrap().status(), 200);
    assert_eq!(challenge(&center, &client(Some("kiosk-9002"))).unwrap().status(), 403, "known to TLS, not in service");
    assert!(challenge(&center, &client(None)).is_err(), "no certificate");
    assert!(challenge(&center, &client(Some("center-tls"))).is_err(), "a certificate of another role");
    let plain = Client::new().get(format!("http://{}/v1/challenges", center.kiosk())).send();
    assert!(plain.is_err(), "not TLS");
    let public = Client::new().get(format!("{}/health", center.public_url())).send().unwrap();
    assert_eq!(public.status(), 200);
    center.shut_down();
    assert!(!store.path().join("center.json").exists());
}

#[test]
fn a_certificate_is_checked_at_the_worlds_time() {
    let store = tempfile::tempdir().unwrap();
    let config = config(store.path());
    let late = Arc::new(ManualClock::new("2040-01-01T12:00:00+09:00".parse().unwrap()));
    let center = center::serve(&config, late).unwrap();
    assert!(challenge(&center, &client(Some("kiosk-0001"))).is_err());
    center.shut_down();
}

#[test]
fn an_open_request_is_answered_before_the_centre_ends() {
    let store = tempfile::tempdir().unwrap();
    let center = serve(store.path(), |_| {});
    let client = client(Some("kiosk-0001"));
    challenge(&center, &client).unwrap();
    // The client keeps its connection open: the centre closes it and ends at once.
    let started = std::time::Instant::now();
    center.shut_down();
    assert!(started.elapsed() < Duration::from_secs(5));
    let again = serve(store.path(), |_| {});
    assert_eq!(challenge(&again, &client).unwrap().status(), 200);
    again.shut_down();
}
