//! The real window on a display without a screen, drawn by software: start, idleness, touch, memory.
//!
//! What the display shows is read from its frame buffer; nobody asks the program. The peer is a program of others that
//! opens a window on the same display.
#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up ends with a sentence")]

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tests::figures::{milliseconds, quantile, resident_bytes, row};
use tests::program::{self, Running};
use tests::window;
use tests::world::World;

/// Starts of the window.
const STARTS: usize = 9;

/// A screen that has not changed for so long is at rest.
const REST: Duration = Duration::from_millis(700);

/// How long the idle window is watched.
const IDLE: Duration = Duration::from_secs(20);

/// Processor time is told in hundredths of a second (`sysconf(_SC_CLK_TCK)` on Linux).
const TICKS_PER_SECOND: f64 = 100.0;

/// Keys on the menu: each moves the keyboard on.
const KEYS: [&str; 24] = ["Tab"; 24];

fn main() {
    let world = World::new();
    let center = world.center();
    let (_screen, display) = window::start_screen(&world);
    let screen = Screen::of(&world);
    row("what", "measured", "aim");
    let (mut first, mut ready) = (Vec::new(), Vec::new());
    let mut kiosk = None;
    for _ in 0..STARTS {
        // One at a time: the one before is gone when the next comes.
        drop(kiosk.take());
        let (started, times) = start(&world, &display, &screen);
        first.push(times.0);
        ready.push(times.1);
        kiosk = Some(started);
    }
    let kiosk = kiosk.expect("a window");
    row("first frame after the start (median)", &milliseconds(quantile(&mut first, 0.5)), "300 ms");
    row("the menu, at rest (median)", &milliseconds(quantile(&mut ready, 0.5)), "1000 ms");
    let before = processor_seconds(&kiosk);
    std::thread::sleep(IDLE);
    let share = (processor_seconds(&kiosk) - before) / IDLE.as_secs_f64();
    row("idle, of one core", &format!("{:.2} %", share * 100.0), "0.3 %");
    latency(&world, &display);
    row("memory, resident", &format!("{} MB", resident_bytes(kiosk.id()) / 1_000_000), "140 MB");
    drop(kiosk);
    peer(&display, &screen);
    center.stop();
}

/// What the display shows: some lines of its frame buffer.
struct Screen(File);

impl Screen {
    fn of(world: &World) -> Self {
        Self(File::open(world.path("run/Xvfb_screen0")).expect("the display's frame buffer"))
    }

    /// A line in every forty: whatever changes on a screen of this program covers one.
    fn look(&self) -> Vec<u8> {
        let bytes = self.0.metadata().expect("the frame buffer").len();
        let line = window::SCREEN_WIDTH * 4;
        (0..bytes / line).step_by(40).fold(Vec::new(), |mut lines, number| {
            let mut pixels = vec![0; line as usize];
            self.0.read_exact_at(&mut pixels, number * line).expect("a line of the frame buffer");
            lines.extend(pixels);
            lines
        })
    }

    /// When it first changed, and when for the last time before it came to rest.
    fn changes(&self, began: Instant) -> (Duration, Duration) {
        let mut seen = self.look();
        let (mut first, mut last) = (None, began.elapsed());
        while first.is_none() || began.elapsed() < last + REST {
            let now = self.look();
            if now != seen {
                seen = now;
                last = began.elapsed();
                first = first.or(Some(last));
            }
            assert!(began.elapsed() < Duration::from_mins(1), "nothing is drawn");
            std::thread::sleep(Duration::from_millis(1));
        }
        (first.unwrap_or(last), last)
    }
}

fn start(world: &World, display: &str, screen: &Screen) -> (Running, (Duration, Duration)) {
    let mut command = world.command("kiosk", &["--config", "kiosk.toml", "--size", "1280x800"]);
    command.env("DISPLAY", display).env("LIBGL_ALWAYS_SOFTWARE", "1").env_remove("WAYLAND_DISPLAY");
    command.stdout(Stdio::null());
    let began = Instant::now();
    let kiosk = Running::start(&mut command);
    let times = screen.changes(began);
    (kiosk, times)
}

/// User and system time of a process so far.
fn processor_seconds(process: &Running) -> f64 {
    let line = std::fs::read_to_string(format!("/proc/{}/stat", process.id())).expect("the process lives");
    // After the name, which may hold blanks: state, then eleven other fields, then the two times.
    let after = line.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: f64 = after.split_whitespace().skip(11).take(2).filter_map(|text| text.parse::<f64>().ok()).sum();
    ticks / TICKS_PER_SECOND
}

/// From a key to a changed screen, as the frame buffer shows it.
fn latency(world: &World, display: &str) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/oracles/latency.py");
    let mut command = Command::new("/usr/bin/python3");
    command.args(["-B", script]).arg(world.path("run/Xvfb_screen0")).args(KEYS).env("DISPLAY", display);
    let said = program::run_well(&mut command);
    let mut times: Vec<Duration> = said
        .lines()
        .filter_map(|line| line.split_once(' ')?.1.parse::<f64>().ok())
        .map(|time| Duration::from_secs_f64(time / 1e3))
        .collect();
    assert_eq!(times.len(), KEYS.len(), "every key was answered: {said}");
    row("key to changed screen (longest)", &milliseconds(quantile(&mut times, 1.0)), "");
    row("key to changed screen (median)", &milliseconds(quantile(&mut times, 0.5)), "50 ms");
}

/// A window of others on the same display: how long until its first pixel.
fn peer(display: &str, screen: &Screen) {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let mut command = Command::new("/usr/bin/python3");
        command.args(["-B", concat!(env!("CARGO_MANIFEST_DIR"), "/oracles/peer_window.py")]).env("DISPLAY", display);
        let began = Instant::now();
        let _window = Running::start(&mut command);
        times.push(screen.changes(began).0);
    }
    row("peer: Xlib in Python, a window with one word", &milliseconds(quantile(&mut times, 0.5)), "");
}
