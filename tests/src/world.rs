//! A complete fictitious world in a temporary folder, with its centre and its terminals as real processes.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;
use shared::records::{PersonRecord, Record};

use crate::program::{self, Running};

/// What is asked of `fixtures world`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Seed: the same gives the same world.
    pub seed: u32,
    /// Residents without a story beside the named ones; `None` for what `fixtures` does by itself.
    pub residents: Option<u32>,
    /// Terminals.
    pub terminals: u32,
}

impl Default for Plan {
    fn default() -> Self {
        Self { seed: 7, residents: None, terminals: 2 }
    }
}

/// A world; its folder goes when it is dropped.
#[derive(Debug)]
pub struct World {
    folder: tempfile::TempDir,
    description: Description,
}

/// `world.json`.
#[derive(Debug, Clone, Deserialize)]
pub struct Description {
    /// Everybody.
    pub residents: Vec<Resident>,
}

/// A resident of a world. All of them are invented.
#[derive(Debug, Clone, Deserialize)]
pub struct Resident {
    /// Short name.
    pub id: String,
    /// The card's file.
    pub card: String,
    /// Names.
    pub names: Names,
    /// PINs.
    pub pins: Pins,
    /// Twelve digits.
    pub my_number: String,
    /// The passport of an earlier issue.
    pub passport: Option<Passport>,
    /// The municipality of residence.
    pub municipality: String,
}

/// Names of a resident.
#[derive(Debug, Clone, Deserialize)]
pub struct Names {
    /// As the card gives it.
    pub kanji: String,
    /// As in the passport.
    #[serde(default)]
    pub roman: Option<String>,
}

/// PINs of a resident's card.
#[derive(Debug, Clone, Deserialize)]
pub struct Pins {
    /// 券面事項入力補助.
    pub input_support: String,
    /// 利用者証明用.
    pub authentication: String,
}

/// A passport.
#[derive(Debug, Clone, Deserialize)]
pub struct Passport {
    /// Number.
    pub number: String,
}

impl World {
    /// A world of the usual plan, its clock at ten in the morning.
    pub fn new() -> Self {
        Self::with(Plan::default())
    }

    /// A world of this plan. Making keys takes seconds, so that worlds are copied from one that was made once.
    pub fn with(plan: Plan) -> Self {
        let folder = tempfile::Builder::new().prefix("world-").tempdir().expect("a temporary folder");
        copy(&template(plan), folder.path());
        let world = fs::read(folder.path().join("world.json")).expect("world.json");
        let description = serde_json::from_slice(&world).expect("world.json is as agreed");
        Self { folder, description }
    }

    /// A path inside.
    pub fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(relative)
    }

    /// The resident of this name.
    #[track_caller]
    pub fn resident(&self, id: &str) -> &Resident {
        match self.residents().iter().find(|resident| resident.id == id) {
            Some(resident) => resident,
            None => panic!("the world has no resident {id}"),
        }
    }

    /// Everybody.
    pub fn residents(&self) -> &[Resident] {
        &self.description.residents
    }

    /// What the record file holds of a resident.
    #[track_caller]
    pub fn record(&self, id: &str) -> PersonRecord {
        let number = &self.resident(id).my_number;
        let records = fs::read_to_string(self.path("records.jsonl")).expect("records.jsonl");
        let persons = records.lines().filter_map(|line| match serde_json::from_str(line).expect("a record a line") {
            Record::Person(person) => Some(*person),
            Record::Chain(_) | Record::Terminal(_) | Record::Municipality(_) | Record::Account(_) => None,
        });
        match persons.into_iter().find(|person| person.my_number == *number) {
            Some(person) => person,
            None => panic!("the record file knows no {id}"),
        }
    }

    /// Replaces text in a configuration file; it must stand there.
    #[track_caller]
    pub fn configure(&self, file: &str, from: &str, to: &str) {
        let path = self.path(file);
        let text = fs::read_to_string(&path).expect("a configuration file");
        assert!(text.contains(from), "{file} has no {from:?}:\n{text}");
        fs::write(path, text.replace(from, to)).expect("the configuration is written");
    }

    /// Adds text at the end of a configuration file.
    #[track_caller]
    pub fn append(&self, file: &str, text: &str) {
        let path = self.path(file);
        let before = fs::read_to_string(&path).expect("a configuration file");
        fs::write(path, format!("{before}\n{text}\n")).expect("the configuration is written");
    }

    /// Sets what the world's clock shows now, `2022-10-03T10:00:00+09:00`.
    pub fn set_clock(&self, shows: &str) {
        for entry in fs::read_dir(self.folder.path()).expect("the world's folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                self.configure(&path.display().to_string(), "2022-10-03T10:00:00+09:00", shows);
            }
        }
        File::options()
            .append(true)
            .open(self.path("world.json"))
            .and_then(|file| file.set_modified(now()))
            .expect("the anchor is moved");
    }

    /// Every file that lies in the world's folder now.
    pub fn files(&self) -> BTreeSet<PathBuf> {
        let mut found = BTreeSet::new();
        collect_files(self.folder.path(), &mut found);
        found
    }

    /// A command line of one of the world's programs, its log going to `run/PROGRAM.log`.
    pub fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let log = self.path(format!("run/{program}.log"));
        fs::create_dir_all(self.path("run")).expect("the run folder");
        let log = File::options().create(true).append(true).open(log).expect("a log file");
        let mut command = Command::new(program::built(program));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null()).stderr(log);
        command
    }

    /// What a program has logged so far.
    pub fn log(&self, program: &str) -> String {
        fs::read_to_string(self.path(format!("run/{program}.log"))).unwrap_or_default()
    }

    /// Starts the centre and waits until it is ready.
    #[track_caller]
    pub fn center(&self) -> Center {
        self.center_with("center.toml")
    }

    /// Starts a centre on another configuration file.
    #[track_caller]
    pub fn center_with(&self, config: &str) -> Center {
        self.ready(&mut self.command("center", &["serve", "--config", config]))
    }

    /// Starts the centre through other programs, which end by becoming it.
    #[track_caller]
    pub fn center_started_by(&self, starter: &[&str]) -> Center {
        let center = self.command("center", &["serve", "--config", "center.toml"]);
        let (program, arguments) = starter.split_first().expect("a starter");
        let log = File::options().append(true).open(self.path("run/center.log")).expect("the log file");
        let mut command = Command::new(program);
        command.args(arguments).arg(center.get_program()).args(center.get_args());
        self.ready(command.current_dir(self.folder.path()).stdin(Stdio::null()).stderr(log))
    }

    #[track_caller]
    fn ready(&self, command: &mut Command) -> Center {
        match Center::start(command) {
            Ok(center) => center,
            Err(said) => panic!("the centre is not ready: {said:?}\n{}", self.log("center")),
        }
    }

    /// Runs `center` with these arguments to its end: exit status and standard output.
    pub fn center_command(&self, arguments: &[&str]) -> (i32, String) {
        let output = program::run(&mut self.command("center", arguments));
        (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Asserts that the audit chain is whole.
    #[track_caller]
    pub fn assert_audit_whole(&self) {
        let (status, said) = self.center_command(&["audit", "verify", "--config", "center.toml"]);
        assert_eq!(status, 0, "the audit chain is broken: {said}\n{}", self.log("center"));
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

fn collect_files(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect_files(&path, found);
        } else {
            found.insert(path);
        }
    }
}

#[derive(Deserialize)]
struct Ready {
    kiosk: String,
    public: String,
    #[serde(default)]
    console: Option<String>,
    #[serde(default)]
    app: Option<String>,
}

/// A running centre; killed when dropped.
#[derive(Debug)]
pub struct Center {
    /// The process.
    pub process: Running,
    /// `https://127.0.0.1:PORT` for terminals.
    pub kiosk: String,
    /// `http://127.0.0.1:PORT` for everybody.
    pub public: String,
    /// `http://127.0.0.1:PORT` for municipalities.
    pub console: Option<String>,
    /// `https://127.0.0.1:PORT` for the phone app.
    pub app: Option<String>,
}

impl Center {
    /// Starts a centre by its command, and waits until it is ready; otherwise gives what it said.
    pub fn start(command: &mut Command) -> Result<Self, String> {
        let mut process = Running::start(command.stdout(Stdio::piped()));
        let line = process.first_line().map_err(|error| error.to_string())?;
        match serde_json::from_str::<Ready>(&line) {
            Ok(Ready { kiosk, public, console, app }) => Ok(Self { process, kiosk, public, console, app }),
            Err(_) => Err(line),
        }
    }

    /// Asks it to end and waits; it must end well.
    #[track_caller]
    pub fn stop(mut self) {
        self.process.terminate();
        assert_eq!(self.process.wait(20), 0, "the centre did not end well");
    }
}

/// A world of this plan that stays for later tests, made by this build of `fixtures`.
fn template(plan: Plan) -> PathBuf {
    let program = program::built("fixtures");
    let made = fs::metadata(&program).expect("fixtures is built");
    let stamp = made.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    let key = format!(
        "{}-{}-{}-{:x}",
        plan.seed,
        plan.residents.unwrap_or(0),
        plan.terminals,
        stamp.map_or(0, |stamp| stamp.as_nanos())
    );
    let folder = program::build_folder().join("test-worlds");
    fs::create_dir_all(&folder).expect("a folder for worlds");
    let lock = File::create(folder.join(format!("{key}.lock"))).expect("a lock file");
    lock.lock().expect("the lock");
    let world = folder.join(&key);
    if !world.join("complete").exists() {
        if world.exists() {
            fs::remove_dir_all(&world).expect("a world half made is removed");
        }
        let mut command = Command::new(program);
        command.arg("world").arg(&world).args(["--seed", &plan.seed.to_string()]);
        command.args(["--terminals", &plan.terminals.to_string()]);
        if let Some(residents) = plan.residents {
            command.args(["--residents", &residents.to_string()]);
        }
        program::run_well(&mut command);
        File::create(world.join("complete")).expect("the mark of a complete world");
    }
    world
}

/// Copies a folder; the copies are new, which sets the world's clock to its start.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder to copy") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a file type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file is copied");
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the anchor of a world's clock is a time of the machine")]
fn now() -> std::time::SystemTime {
    std::time::SystemTime::now()
}
