//! The software card through the real smart-card service, driven by OpenSC, which nobody here wrote.
#![expect(clippy::expect_used, reason = "a test that cannot be set up fails with a sentence")]

use std::process::{Command, Stdio};

use tests::program;
use tests::reader::{READER, ReaderService, has_card, reader_name};
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

/// The tries left of both PINs, as OpenSC lists them.
fn tries() -> Vec<u32> {
    tries_in(&opensc("pkcs15-tool", &["--list-pins"]))
}

fn tries_in(dump: &str) -> Vec<u32> {
    let lines = dump.lines().filter(|line| line.contains("Tries left"));
    lines.map(|line| line.rsplit(':').next().and_then(|count| count.trim().parse().ok()).expect("a count")).collect()
}

/// Whether OpenSC says that the PIN of this id was right.
fn verifies(id: &str, pin: &str) -> bool {
    let arguments = ["--reader", READER, "--verify-pin", "--auth-id", id, "--pin", pin];
    program::run(Command::new("pkcs15-tool").args(arguments)).status.success()
}

/// What `opensc-tool` receives for each command: the status words, in order.
fn statuses(commands: &[&str]) -> Vec<String> {
    let arguments: Vec<&str> = commands.iter().flat_map(|command| ["--send-apdu", command]).collect();
    let said = opensc("opensc-tool", &arguments);
    let lines = said.lines().filter_map(|line| line.strip_prefix("Received (SW1=0x"));
    lines.map(|line| line.replace(", SW2=0x", "").chars().take(4).collect()).collect()
}

#[test]
fn opensc_lists_everything_it_knows_of_the_card() {
    let service = ReaderService::hold();
    let world = World::new();
    let _card = service.card(&world, "hanako");
    let certificates = opensc("pkcs15-tool", &["--list-certificates"]);
    for name in [
        "User Authentication Certificate",
        "Digital Signature Certificate",
        "User Authentication Certificate CA",
        "Digital Signature Certificate CA",
    ] {
        assert!(certificates.contains(&format!("[{name}]")), "{certificates}");
    }
    let keys = opensc("pkcs15-tool", &["--list-keys"]);
    for name in ["User Authentication Key", "Digital Signature Key"] {
        assert!(keys.contains(&format!("[{name}]")), "{keys}");
    }
    assert_eq!(keys.matches("2048").count(), 2, "{keys}");
    assert_eq!(tries(), [3, 5]);
    let objects = program::run_well(Command::new("pkcs11-tool").args(["--slot-index", "0", "--list-objects"]));
    assert!(objects.contains("O=JPKI-TEST"), "{objects}");
}

#[test]
fn opensc_counts_the_tries_down_to_a_lock_that_outlives_power_and_process() {
    let service = ReaderService::hold();
    let world = World::new();
    let card = service.card(&world, "hanako");
    assert!(verifies("01", "1234") && verifies("02", "ABC123"));
    assert!(!verifies("01", "0000"), "a wrong PIN was believed");
    assert_eq!(tries(), [2, 5]);
    assert!(verifies("01", "1234"), "a right PIN was refused");
    assert_eq!(tries(), [3, 5]);
    for left in [2, 1, 0] {
        assert!(!verifies("01", "0000"), "a wrong PIN was believed");
        assert_eq!(tries(), [left, 5]);
    }
    assert!(!verifies("01", "1234"), "a locked PIN was believed");
    assert!(!verifies("02", "WRONG1"));
    assert_eq!(tries(), [0, 4]);
    drop(card);
    let _again = service.card(&world, "hanako");
    assert_eq!(tries(), [0, 4]);
    assert!(!verifies("01", "1234"), "the lock was lost with the process");
    assert!(verifies("02", "ABC123"));
}

#[test]
fn openssl_believes_what_opensc_lets_both_keys_sign() {
    let service = ReaderService::hold();
    let world = World::new();
    let _card = service.card(&world, "hanako");
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("message"), "to be signed").expect("the message");
    let openssl = |arguments: &[&str]| {
        program::run_well(Command::new("openssl").current_dir(folder.path()).args(arguments));
    };
    openssl(&["dgst", "-sha256", "-binary", "-out", "digest", "message"]);
    let of_signature = ["--read-certificate", "02", "--verify-pin", "--auth-id", "02", "--pin", "ABC123"];
    for (key, pin, certificate) in [
        ("01", "1234", opensc("pkcs15-tool", &["--read-certificate", "01"])),
        ("02", "ABC123", opensc("pkcs15-tool", &of_signature)),
    ] {
        // OpenSC writes lines of its own before the certificate.
        let start = certificate.find("-----BEGIN").expect("a certificate");
        std::fs::write(path("certificate"), &certificate[start..]).expect("the certificate");
        openssl(&["x509", "-in", "certificate", "-pubkey", "-noout", "-out", "key"]);
        program::run_well(
            Command::new("pkcs15-crypt")
                .args(["--reader", READER, "--sign", "--key", key, "--pkcs1", "--sha-256", "--pin", pin])
                .args(["--input", "digest", "--output", "signature"])
                .current_dir(folder.path()),
        );
        openssl(&["dgst", "-sha256", "-verify", "key", "-signature", "signature", "message"]);
    }
    let openssl_on_another = Command::new("openssl")
        .current_dir(folder.path())
        .args(["dgst", "-sha256", "-verify", "key", "-signature", "signature", "digest"])
        .output()
        .expect("openssl runs");
    assert!(!openssl_on_another.status.success(), "a signature over something else was believed");
}

#[test]
fn opensc_finds_no_other_card_in_this_one() {
    let service = ReaderService::hold();
    let world = World::new();
    let _card = service.card(&world, "hanako");
    // OpenPGP, PIV, the electronic passport, an unknown one: every other driver lets go.
    let others = [
        "00:A4:04:00:06:D2:76:00:01:24:01",
        "00:A4:04:00:05:A0:00:00:03:08",
        "00:A4:04:0C:07:A0:00:00:02:47:10:01",
        "00:A4:04:0C:05:F0:01:02:03:04",
    ];
    assert_eq!(statuses(&others), ["6A82"; 4]);
    assert!(opensc("opensc-tool", &["--name"]).contains("jpki"));
}

#[test]
fn what_was_unlocked_is_locked_again_without_power() {
    let service = ReaderService::hold();
    let world = World::new();
    let mut card = service.card(&world, "hanako");
    let select = "00:A4:04:0C:0A:D3:92:10:00:31:00:01:01:04:08";
    let read = ["00:A4:02:0C:02:00:01", "00:B0:00:00:11"];
    let verify = "00:20:00:91:04:31:32:33:34";
    assert_eq!(statuses(&[select, verify, read[0], read[1]]), ["9000"; 4]);
    let is_there = || program::run(Command::new("opensc-tool").args(["--reader", READER, "--atr"])).status.success();
    card.tell("remove");
    program::wait_for("the card to be gone", 10, || (!is_there()).then_some(()));
    card.tell("insert");
    program::wait_for("the card to be back", 10, || is_there().then_some(()));
    assert_eq!(statuses(&[select, read[0], read[1]]), ["9000", "9000", "6982"]);
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

/// OpenSC with a configuration of its own: as it comes, or with the driver of this card alone.
struct OpenSc {
    configuration: tempfile::NamedTempFile,
}

impl OpenSc {
    fn with(configuration: &str) -> Self {
        let file = tempfile::NamedTempFile::new().expect("a configuration file");
        std::fs::write(file.path(), configuration).expect("the configuration");
        Self { configuration: file }
    }

    fn command(&self, slot: u16, tool: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(tool);
        command.env("OPENSC_CONF", self.configuration.path()).args(["--reader", &reader_name(slot)]).args(arguments);
        command
    }

    fn say(&self, slot: u16, tool: &str, arguments: &[&str]) -> String {
        program::run_well(&mut self.command(slot, tool, arguments))
    }

    /// The tries left of both PINs.
    fn tries(&self, slot: u16) -> Vec<u32> {
        tries_in(&self.say(slot, "pkcs15-tool", &["--list-pins"]))
    }

    fn verifies(&self, slot: u16, id: &str, pin: &str) -> bool {
        let arguments = ["--verify-pin", "--auth-id", id, "--pin", pin];
        program::run(&mut self.command(slot, "pkcs15-tool", &arguments)).status.success()
    }
}

/// The same command on both readers, both at work at the same time.
fn on_both(opensc: &OpenSc, tool: &str, arguments: &[&str]) -> [String; 2] {
    let started = [0, 1].map(|slot| {
        let mut command = opensc.command(slot, tool, arguments);
        command.stdout(Stdio::piped()).spawn().expect("OpenSC starts")
    });
    started.map(|child| {
        let output = child.wait_with_output().expect("OpenSC ends");
        assert!(output.status.success(), "{tool} {arguments:?} ended with {}", output.status);
        String::from_utf8_lossy(&output.stdout).into_owned()
    })
}

#[test]
fn opensc_works_with_two_readers_at_once_whatever_other_drivers_it_has() {
    let mut service = ReaderService::hold();
    let world = World::new();
    let put = |service: &ReaderService, slot, resident| service.card_in(slot, &world, resident, &[]);
    let mut cards = [put(&service, 0, "hanako"), put(&service, 1, "taro")];
    let all_drivers = OpenSc::with("app default {\n}\n");
    let one_driver = OpenSc::with("app default {\n  card_drivers = jpki;\n}\n");
    for opensc in [&all_drivers, &one_driver] {
        let names = on_both(opensc, "opensc-tool", &["--name"]);
        assert!(names.iter().all(|name| name.contains("jpki")), "{names:?}");
        let [first, second] = on_both(opensc, "pkcs15-tool", &["--read-certificate", "01"]);
        assert!(first.contains("BEGIN CERTIFICATE") && second.contains("BEGIN CERTIFICATE") && first != second);
        assert_eq!(first, opensc.say(0, "pkcs15-tool", &["--read-certificate", "01"]));
        let keys = on_both(opensc, "pkcs15-tool", &["--list-keys"]);
        assert!(keys.iter().all(|keys| keys.matches("2048").count() == 2), "{keys:?}");
    }
    // A wrong PIN in one reader is nothing to the card in the other.
    assert!(all_drivers.verifies(0, "01", "1234") && !all_drivers.verifies(1, "01", "0000"));
    assert_eq!((one_driver.tries(0), one_driver.tries(1)), (vec![3, 5], vec![2, 5]));
    assert!(!one_driver.verifies(1, "01", "0000") && !one_driver.verifies(1, "01", "0000"));
    let locked = |when: &str| {
        assert_eq!((one_driver.tries(0), one_driver.tries(1)), (vec![3, 5], vec![0, 5]), "{when}");
        assert!(!all_drivers.verifies(1, "01", "1234"), "a locked PIN was believed {when}");
    };
    locked("at once");
    cards[1].tell("remove");
    program::wait_for("the card to be gone", 10, || (!has_card(1)).then_some(()));
    cards[1].tell("insert");
    program::wait_for("the card to be back", 10, || has_card(1).then_some(()));
    locked("after power-off");
    service.crash();
    service.start_again();
    program::wait_for("both cards to be back", 10, || (has_card(0) && has_card(1)).then_some(()));
    locked("after a restart of the service");
    drop(cards);
    let _cards = [put(&service, 0, "hanako"), put(&service, 1, "taro")];
    locked("after a restart of the card");
}
