//! The terminal's window on a display without a screen, driven by roles and names over AT-SPI.
#![expect(clippy::indexing_slicing, reason = "a missing part fails the test where it stands")]

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use kiosk::text::{Language, Texts};
use serde_json::{Value, json};

use crate::program::{self, Running};
use crate::world::World;

/// A window and somebody who listens to it.
#[derive(Debug)]
pub struct Window {
    /// Present once the listener listens.
    kiosk: Option<Running>,
    listener: Running,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
    _bus: Running,
    screen: Running,
    /// Where every screen is to speak one language.
    tongues: Option<Tongues>,
}

/// How often a screen is looked at until it speaks one language.
const LOOKS: usize = 50;

/// Keys and their Japanese sentences; every language has the same keys.
const KEYS: &str = include_str!("../../kiosk/text/ja.ftl");

/// What can be said in each language without values.
#[derive(Debug)]
struct Tongues {
    said: Vec<BTreeSet<String>>,
    /// Headings of every language: whoever waits for one waits for a screen.
    titles: BTreeSet<String>,
}

impl Tongues {
    fn new(texts: &Texts) -> Self {
        let keys = KEYS.lines().filter(|line| !line.starts_with(['#', ' ']) && !line.contains('$'));
        let keys: Vec<&str> = keys.filter_map(|line| line.split_once(" = ")).map(|(key, _)| key).collect();
        assert!(keys.len() > 100, "the words were not understood");
        let say = |language, key: &&str| texts.speech(language).say(key);
        let said = |language| keys.iter().map(|key| say(language, key)).collect();
        let titles = keys.iter().filter(|key| key.ends_with("-title"));
        let titles = titles.flat_map(|key| Language::ALL.map(|language| say(language, key))).collect();
        Self { said: Language::ALL.into_iter().map(said).collect(), titles }
    }

    /// Of what stands on a screen, what the language that says most of it does not say, and another does.
    fn foreign(&self, names: &[String]) -> Vec<String> {
        let foreign_to = |own: &BTreeSet<String>| -> Vec<String> {
            let others = |name: &&String| self.said.iter().any(|said| said.contains(*name));
            names.iter().filter(|name| !own.contains(*name)).filter(others).cloned().collect()
        };
        self.said.iter().map(foreign_to).min_by_key(Vec::len).unwrap_or_default()
    }
}

impl Window {
    /// Opens the window of a world's terminal, `1280x800` or so, with the simulation tray beside it.
    #[track_caller]
    pub fn open(world: &World, size: &str) -> Self {
        let (screen, display) = start_screen(world);
        let (bus, address) = start_bus(world);
        let mut command = Command::new("/usr/bin/python3");
        command.args(["-B", concat!(env!("CARGO_MANIFEST_DIR"), "/oracles/at_spi.py")]);
        command.env("DISPLAY", &display).env("DBUS_SESSION_BUS_ADDRESS", &address);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut listener = Running::start(&mut command);
        let ask = listener.child().stdin.take().expect("the listener's input");
        let answers = BufReader::new(listener.child().stdout.take().expect("the listener's output"));
        let mut window = Self { kiosk: None, listener, ask, answers, _bus: bus, screen, tongues: None };
        // Whoever needs a reader of the screen has one before the window comes.
        window.heard();
        let mut command = world.command("kiosk", &["--config", "kiosk.toml", "--size", size]);
        command.env("DISPLAY", &display).env("DBUS_SESSION_BUS_ADDRESS", &address);
        command.env("LIBGL_ALWAYS_SOFTWARE", "1").env_remove("WAYLAND_DISPLAY").stdout(Stdio::null());
        window.kiosk = Some(Running::start(&mut command));
        window
    }

    /// Takes the display away, and waits for the end that the window comes to.
    #[track_caller]
    pub fn lose_display(mut self) {
        self.screen.kill();
        self.kiosk.as_mut().expect("the window is open").wait(20);
    }

    /// The window's process.
    #[track_caller]
    pub fn process(&self) -> u32 {
        self.kiosk.as_ref().expect("the window is open").id()
    }

    /// Presses the button of this name, and waits for what that must bring: something that bears the other name.
    #[track_caller]
    pub fn press(&mut self, name: &str, brings: &str) {
        let answer = self.say(&json!({"do": "press", "name": name}));
        assert_eq!(answer["answer"], true, "no button {name:?} can be pressed; there are {}", answer["seen"]);
        self.wait(brings);
    }

    /// Lays a finger on the button of this name for so long, and waits for what that must bring.
    #[track_caller]
    pub fn touch(&mut self, name: &str, time: Duration, brings: &str) {
        let answer = self.say(&json!({"do": "touch", "name": name, "seconds": time.as_secs_f64()}));
        assert_eq!(answer["answer"], true, "no button {name:?} can be touched; there are {}", answer["seen"]);
        self.wait(brings);
    }

    /// Presses buttons of the present screen without a pause, and waits for what that must bring.
    #[track_caller]
    pub fn press_all(&mut self, names: &[String], brings: &str) {
        let answer = self.say(&json!({"do": "press_all", "names": names}));
        assert_eq!(answer["answer"], true, "{names:?} cannot be pressed; there are {}", answer["seen"]);
        self.wait(brings);
    }

    /// Waits until something bears this name.
    #[track_caller]
    pub fn wait(&mut self, name: &str) {
        let answer = self.say(&json!({"do": "wait", "name": name}));
        assert_eq!(answer["answer"], true, "nothing says {name:?}; there are {}", answer["seen"]);
        self.assert_one_language(name);
    }

    /// From now on, whenever a heading was waited for, everything on its screen must be said in one language.
    #[must_use]
    pub fn in_one_language(self, texts: &Texts) -> Self {
        Self { tongues: Some(Tongues::new(texts)), ..self }
    }

    #[track_caller]
    fn assert_one_language(&mut self, title: &str) {
        if self.tongues.as_ref().is_none_or(|tongues| !tongues.titles.contains(title)) {
            return;
        }
        let mut foreign = Vec::new();
        // A screen that is just coming may say words of two.
        for _ in 0..LOOKS {
            let names: Vec<String> = self.names().into_iter().map(|(_, name)| name).collect();
            foreign = self.tongues.as_ref().map(|tongues| tongues.foreign(&names)).unwrap_or_default();
            if foreign.is_empty() {
                return;
            }
        }
        panic!("under {title:?} stands what is said in another language: {foreign:?}");
    }

    /// Every role, by its number, and name.
    #[track_caller]
    pub fn names(&mut self) -> Vec<(u32, String)> {
        serde_json::from_value(self.say(&json!({"do": "names"}))["answer"].take()).expect("roles and names")
    }

    /// What was announced since this was last asked.
    #[track_caller]
    pub fn heard(&mut self) -> Vec<String> {
        serde_json::from_value(self.say(&json!({"do": "heard"}))["answer"].take()).expect("announcements")
    }

    /// Presses keys of a keyboard as fast as the display takes them, and waits for what that must bring.
    #[track_caller]
    pub fn strike(&mut self, keys: &[String], brings: &str) {
        self.say(&json!({"do": "type", "keys": keys}));
        self.wait(brings);
    }

    /// Moves the keyboard to the control of this name, presses it, and waits for what that must bring.
    #[track_caller]
    pub fn reach(&mut self, name: &str, brings: &str) {
        let answer = self.say(&json!({"do": "reach", "name": name}));
        assert_eq!(answer["answer"], true, "the keyboard does not come to {name:?}; there are {}", answer["seen"]);
        self.strike(&["Return".to_owned()], brings);
    }

    #[track_caller]
    fn say(&mut self, request: &Value) -> Value {
        writeln!(self.ask, "{request}").expect("the listener listens");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("the listener answers");
        if let (true, Some(status)) = (line.is_empty(), self.listener.ended()) {
            panic!("the listener ended with {status}: are python3-gi and python3-xlib there? run `make setup`");
        }
        serde_json::from_str(&line).expect("an answer a line")
    }
}

/// Pixels of a line of the display.
pub const SCREEN_WIDTH: u64 = 1700;

/// A display that nobody sees; the server itself chooses a free one. What it shows is in `run/Xvfb_screen0`.
#[track_caller]
pub fn start_screen(world: &World) -> (Running, String) {
    let number = world.path("run/display");
    let file = std::fs::File::create(&number).expect("a file for the display's number");
    let log = std::fs::File::create(world.path("run/display.log")).expect("a log file");
    let mut command = Command::new("sh");
    // The number comes through a descriptor of its own.
    command.args(["-c", &format!("exec Xvfb -displayfd 1 -screen 0 {SCREEN_WIDTH}x1940x24 -fbdir . -nolisten tcp")]);
    command.current_dir(world.path("run"));
    let screen = Running::start(command.stdin(Stdio::null()).stdout(file).stderr(log));
    let display = program::wait_for("the display (Xvfb)", 20, || {
        let text = std::fs::read_to_string(&number).unwrap_or_default();
        text.ends_with('\n').then(|| format!(":{}", text.trim()))
    });
    (screen, display)
}

/// A session bus with the accessibility bus behind it. That one's socket lies in the run-time folder, which must be the
/// session's own: where two sessions share it, each hears the windows of the other, or nothing.
fn start_bus(world: &World) -> (Running, String) {
    let address = format!("unix:path={}", world.path("run/bus").display());
    let log = std::fs::File::create(world.path("run/bus.log")).expect("a log file");
    let mut command = Command::new("dbus-daemon");
    command.args(["--session", "--nofork", "--address", &address]);
    command.env("XDG_RUNTIME_DIR", world.path("run")).env_remove("AT_SPI_BUS_ADDRESS").env_remove("DISPLAY");
    let bus = Running::start(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log));
    program::wait_for("the bus", 10, || world.path("run/bus").exists().then_some(()));
    (bus, address)
}
