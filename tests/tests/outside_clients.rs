//! The software card through the real smart-card service, driven by OpenSC, which nobody here wrote.

use std::process::Command;

use tests::program;
use tests::reader::{READER, ReaderService};
use tests::world::World;

fn opensc(tool: &str, arguments: &[&str]) -> String {
    program::run_well(Command::new(tool).args(["--reader", READER]).args(arguments))
}

#[test]
fn opensc_knows_the_card_by_name_and_reads_its_certificate() {
    let service = ReaderService::hold();
    let world = World::new();
    let _card = service.card(&world, "hanako");
    assert!(opensc("opensc-tool", &["--name"]).contains("jpki"));
    let certificate = opensc("pkcs15-tool", &["--read-certificate", "01"]);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("read.pem");
    std::fs::write(&file, &certificate).expect("the certificate");
    // OpenSSL believes it by the world's authority, at the world's time.
    program::run_well(
        Command::new("openssl")
            .args(["verify", "-attime", "1664758800", "-CAfile"])
            .arg(world.path("pki/jpki-authentication-ca.pem"))
            .arg(&file),
    );
}

#[test]
fn opensc_counts_the_tries_as_the_card_does() {
    let service = ReaderService::hold();
    let world = World::new();
    let _card = service.card(&world, "hanako");
    let wrong = program::run(Command::new("pkcs15-tool").args([
        "--reader",
        READER,
        "--verify-pin",
        "--auth-id",
        "01",
        "--pin",
        "0000",
    ]));
    assert!(!wrong.status.success(), "a wrong PIN was believed");
    let dump = opensc("pkcs15-tool", &["--list-pins"]);
    assert!(dump.contains("Tries left"), "{dump}");
    let tries = |text: &str| -> Vec<u32> {
        text.lines()
            .filter(|line| line.contains("Tries left"))
            .filter_map(|line| line.rsplit(':').next()?.trim().parse().ok())
            .collect()
    };
    assert!(tries(&dump).contains(&2), "{dump}");
}

#[test]
fn a_card_taken_off_is_gone_and_comes_back() {
    let service = ReaderService::hold();
    let world = World::new();
    let mut card = service.card(&world, "hanako");
    let is_there = || program::run(Command::new("opensc-tool").args(["--reader", READER, "--atr"])).status.success();
    assert!(is_there());
    card.tell("remove");
    program::wait_for("the card to be gone", 10, || (!is_there()).then_some(()));
    card.tell("insert");
    program::wait_for("the card to be back", 10, || is_there().then_some(()));
}
