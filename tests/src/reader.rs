//! The real smart-card service with its virtual reader, once on a machine, and software cards put on it.

use std::fs::File;
use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::program::{self, Running};
use crate::world::World;

/// The first slot of the virtual reader.
pub const READER: &str = "Virtual PCD 00 00";

/// Where the first slot listens; the second is the next port.
pub const FIRST_PORT: u16 = 35_963;

/// The reader's name of a slot.
pub fn reader_name(slot: u16) -> String {
    format!("Virtual PCD 00 {slot:02}")
}

/// The service, held by this test alone; what it started it ends.
#[derive(Debug)]
pub struct ReaderService {
    // Dropped in this order: the service ends before another process may have the lock.
    started: Option<Running>,
    _lock: File,
}

impl ReaderService {
    /// Waits until nobody else uses the reader; starts the service where none runs.
    #[track_caller]
    pub fn hold() -> Self {
        let lock = std::env::temp_dir().join("konbini-certificate-reader.lock");
        let lock = File::options().create(true).append(true).open(lock).expect("the reader's lock file");
        lock.lock().expect("the reader's lock");
        let started = if names_readers() { None } else { Some(start()) };
        Self { started, _lock: lock }
    }

    /// Puts a resident's card on the reader.
    #[track_caller]
    pub fn card(&self, world: &World, resident: &str) -> CardOnReader {
        self.card_with(world, resident, &[])
    }

    /// Puts a resident's card on the reader, with faults or latency as `fixtures card` takes them.
    #[track_caller]
    pub fn card_with(&self, world: &World, resident: &str, arguments: &[&str]) -> CardOnReader {
        self.card_in(0, world, resident, arguments)
    }

    /// The same in another slot of the reader, 0 or 1.
    #[track_caller]
    pub fn card_in(&self, slot: u16, world: &World, resident: &str, arguments: &[&str]) -> CardOnReader {
        let card = world.resident(resident).card.clone();
        let state = format!("run/{resident}.card.state");
        let command = world.command("fixtures", &["card", &card, "--state", &state]);
        self.put(slot, command, arguments)
    }

    /// Puts what a program serves into a slot; it takes `--vpcd`, and `remove` and `insert` on standard input.
    #[track_caller]
    pub fn put(&self, slot: u16, mut command: Command, arguments: &[&str]) -> CardOnReader {
        let address = format!("127.0.0.1:{}", FIRST_PORT + slot);
        command.args(["--vpcd", &address]).args(arguments).stdin(Stdio::piped()).stdout(Stdio::null());
        let mut process = Running::start(&mut command);
        let input = process.child().stdin.take();
        program::wait_for("the card on the reader", 10, || has_card(slot).then_some(()));
        CardOnReader { process, input, slot }
    }

    /// Ends the service at once, as a crash does.
    #[track_caller]
    pub fn crash(&mut self) {
        let service = self.started.as_mut().expect("the service was started by this test, so that it may end it");
        service.kill();
    }

    /// Starts the service that crashed.
    #[track_caller]
    pub fn start_again(&mut self) {
        self.started = Some(start());
    }

    /// Whether this test started the service (and may stop it).
    pub const fn service(&mut self) -> Option<&mut Running> {
        self.started.as_mut()
    }
}

/// A card on the reader; taken off when dropped.
#[derive(Debug)]
pub struct CardOnReader {
    process: Running,
    input: Option<std::process::ChildStdin>,
    slot: u16,
}

impl CardOnReader {
    /// Tells the card's process `remove` or `insert`.
    #[track_caller]
    pub fn tell(&mut self, word: &str) {
        let input = self.input.as_mut().expect("the card listens");
        writeln!(input, "{word}").and_then(|()| input.flush()).expect("the card hears");
    }
}

impl Drop for CardOnReader {
    fn drop(&mut self) {
        self.input = None;
        self.process.kill();
        program::wait_for("the reader to be empty", 10, || (!has_card(self.slot)).then_some(()));
    }
}

fn start() -> Running {
    std::fs::create_dir_all("/run/pcscd").expect("root is needed to start the smart-card service");
    let mut command = Command::new("pcscd");
    command.arg("--foreground").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let service = Running::start(&mut command);
    program::wait_for("the smart-card service", 10, || names_readers().then_some(()));
    service
}

/// Asks OpenSC, which nobody here wrote.
fn readers() -> String {
    let output = program::run(Command::new("opensc-tool").arg("--list-readers"));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn names_readers() -> bool {
    readers().contains(READER)
}

/// Whether the service sees a card in a slot.
pub fn has_card(slot: u16) -> bool {
    let name = reader_name(slot);
    readers().lines().any(|line| line.contains(&name) && line.contains("Yes"))
}
