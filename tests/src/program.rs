//! The programs under test and those that judge them: where they are, how they are run.

use std::io::{self, BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Output};
use std::time::{Duration, Instant};

/// The built program of this name, beside the test that runs.
pub fn built(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a test knows where it lies");
    let folder = test.ancestors().nth(2).expect("tests lie in target/PROFILE/deps");
    let program = folder.join(name);
    assert!(program.is_file(), "{} is missing: run `cargo build --workspace` first, or `make test`", program.display());
    program
}

/// The folder of build products, `target/PROFILE`.
pub fn build_folder() -> PathBuf {
    built("fixtures").parent().expect("a program lies in a folder").to_owned()
}

/// Runs an outside program to its end.
#[track_caller]
pub fn run(command: &mut Command) -> Output {
    match command.output() {
        Ok(output) => output,
        Err(error) => panic!("{} does not start ({error}): run `make setup`", command.get_program().display()),
    }
}

/// Runs an outside program that must succeed, and gives its standard output.
#[track_caller]
pub fn run_well(command: &mut Command) -> String {
    let output = run(command);
    assert!(
        output.status.success(),
        "{command:?} ended with {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Begins an HTTP client that uses no proxy; the library must be told its cryptography once in a process.
pub fn http_client() -> reqwest::blocking::ClientBuilder {
    // A second time is refused and changes nothing.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::blocking::Client::builder().no_proxy()
}

/// Asks again and again until there is an answer, for so many seconds of a machine with nothing else to do. A busy one
/// gets several times as long: what is waited for here is an event, not a speed.
#[track_caller]
pub fn wait_for<T>(what: &str, seconds: u64, mut ask: impl FnMut() -> Option<T>) -> T {
    let seconds = seconds.saturating_mul(BUSY);
    let deadline = Instant::now() + Duration::from_secs(seconds);
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < deadline, "{what}: nothing after {seconds} s");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// How much slower than an idle machine one may be.
const BUSY: u64 = 4;

/// A started program; killed when dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    name: String,
}

impl Running {
    /// Starts it.
    #[track_caller]
    pub fn start(command: &mut Command) -> Self {
        let name = command.get_program().display().to_string();
        match command.spawn() {
            Ok(child) => Self { child, name },
            Err(error) => panic!("{name} does not start ({error}): run `make setup`"),
        }
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The child itself, for its pipes.
    pub const fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// The first line that it says, to its end: that it is ready, or why not. Its standard output must be a pipe.
    pub fn first_line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if let Some(output) = self.child.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        Ok(line)
    }

    /// Its exit status, once it has ended.
    pub fn ended(&mut self) -> Option<i32> {
        let status = self.child.try_wait().expect("a child can be asked")?;
        Some(status.code().unwrap_or(-1))
    }

    /// Waits for its end; -1 when a signal ended it.
    #[track_caller]
    pub fn wait(&mut self, seconds: u64) -> i32 {
        let what = format!("the end of {}", self.name);
        wait_for(&what, seconds, || self.ended())
    }

    /// Ends it at once (SIGKILL): nothing of it gets to run any more.
    pub fn kill(&mut self) {
        // It may have ended by itself; both are an end.
        drop(self.child.kill());
        drop(self.child.wait());
    }

    /// Asks it to end (SIGTERM).
    pub fn terminate(&self) {
        signal("TERM", self.id());
    }
}

/// Sends a signal to one process.
pub fn signal(name: &str, process: u32) {
    run(Command::new("sh").args(["-c", &format!("kill -{name} {process}")]));
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}
