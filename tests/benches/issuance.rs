//! How fast the whole line is, through the real programs: latency, durable throughput, start, memory, composition.
//!
//! Each figure stands beside a peer measured in the same run on the same machine, so that ratios can be compared
//! where seconds cannot. Client and centre share the machine's cores.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(
    clippy::expect_used,
    clippy::excessive_nesting,
    reason = "a benchmark that cannot be set up ends with a sentence"
)]

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use shared::domain::certificate::Form;
use tests::applicant;
use tests::caller::Caller;
use tests::figures::{milliseconds, quantile, row};
use tests::peers::{self, Peer};
use tests::sample::Works;
use tests::terminal::Application;
use tests::world::{Center, Plan, World};

const TERMINALS: u32 = 64;

/// Seconds of each sustained measurement.
const SECONDS: u64 = 10;

/// What a steady day asks for a hundred times over: requests in a second.
const STEADY_RATE: u32 = 64;

fn main() {
    let world = World::with(Plan { terminals: TERMINALS, ..Plan::default() });
    world.configure("center.toml", "requests_per_minute = 600", "requests_per_minute = 1000000");
    row("what", "measured", "aim");
    start(&world);
    let center = world.center();
    terminal(&world);
    let line = Line::new(&world, &center);
    let alone = line.alone();
    memory(&center, "centre, most memory held, one terminal", "150 MB");
    // The steady day first: what a crowd leaves to the disk is the crowd's.
    line.steady();
    line.crowd();
    memory(&center, &format!("centre, most memory held, {TERMINALS} terminals"), "");
    center.stop();
    peers(&world, alone);
}

/// From the command to the ready line, records already loaded.
fn start(world: &World) {
    world.center().stop();
    let mut times: Vec<_> = (0..10)
        .map(|_| {
            let began = Instant::now();
            let center = world.center();
            let time = began.elapsed();
            center.stop();
            time
        })
        .collect();
    row("centre ready (median of 10)", &milliseconds(quantile(&mut times, 0.5)), "1000 ms");
}

/// The whole dialogue in the terminal's process, from its start to its end.
fn terminal(world: &World) {
    let hanako = world.resident("hanako");
    let mut times: Vec<_> = (0..30)
        .map(|_| {
            let began = Instant::now();
            Application::overseas(hanako).print(world);
            began.elapsed()
        })
        .collect();
    row("kiosk issue, whole process (median of 30)", &milliseconds(quantile(&mut times, 0.5)), "60 ms");
    row("kiosk issue, whole process (p90)", &milliseconds(quantile(&mut times, 0.9)), "");
}

/// Terminals with open connections and proven holders.
struct Line {
    places: Vec<(Caller, String)>,
    municipality: String,
    count: AtomicU32,
}

impl Line {
    fn new(world: &World, center: &Center) -> Self {
        let hanako = world.resident("hanako");
        let places = (1..=TERMINALS)
            .map(|number| {
                let caller = Caller::terminal(world, center, &format!("{number:04}"));
                let session = applicant::session(world, hanako, &caller);
                (caller, session)
            })
            .collect();
        Self { places, municipality: hanako.municipality.clone(), count: AtomicU32::new(0) }
    }

    /// One issuance at one place: how long from asking to the whole answer.
    fn issue(&self, (caller, session): &(Caller, String)) -> Duration {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let request = json!({"session": session, "municipality": self.municipality, "form": "domestic", "copies": 1});
        let began = Instant::now();
        let said = applicant::issue(caller, &applicant::key(caller, count), &request);
        assert_eq!(said.status, 200, "{}", said.body.get("code").unwrap_or(&Value::Null));
        began.elapsed()
    }

    /// One terminal at a time.
    fn alone(&self) -> Duration {
        let place = self.places.first().expect("a terminal");
        let mut times: Vec<_> = (0..100).map(|_| self.issue(place)).collect();
        let median = quantile(&mut times, 0.5);
        row("one issuance, durable, one terminal (median)", &milliseconds(median), "");
        median
    }

    /// Every terminal as fast as it can.
    fn crowd(&self) {
        let deadline = Instant::now() + Duration::from_secs(SECONDS);
        let mut times: Vec<Duration> = std::thread::scope(|scope| {
            let running: Vec<_> = self
                .places
                .iter()
                .map(|place| {
                    scope.spawn(move || {
                        let mut times = Vec::new();
                        while Instant::now() < deadline {
                            times.push(self.issue(place));
                        }
                        times
                    })
                })
                .collect();
            running.into_iter().flat_map(|thread| thread.join().expect("a terminal")).collect()
        });
        let rate = times.len() as f64 / SECONDS as f64;
        row(&format!("durable issuances, {TERMINALS} terminals"), &format!("{rate:.0}/s"), "200/s");
        row("  p99 under that load", &milliseconds(quantile(&mut times, 0.99)), "");
    }

    /// Requests that come at their own pace, measured from when they should have begun.
    fn steady(&self) {
        let began = Instant::now();
        let apart = Duration::from_secs(1) / STEADY_RATE;
        let total = STEADY_RATE * SECONDS as u32;
        let mut times: Vec<Duration> = std::thread::scope(|scope| {
            let running: Vec<_> = (0..)
                .zip(&self.places)
                .map(|(first, place)| {
                    scope.spawn(move || {
                        (first..total)
                            .step_by(self.places.len())
                            .map(|number| {
                                let due = began + apart * number;
                                std::thread::sleep(due.saturating_duration_since(Instant::now()));
                                self.issue(place);
                                due.elapsed()
                            })
                            .collect::<Vec<_>>()
                    })
                })
                .collect();
            running.into_iter().flat_map(|thread| thread.join().expect("a terminal")).collect()
        });
        let median = milliseconds(quantile(&mut times, 0.5));
        row(&format!("at {STEADY_RATE}/s: p50"), &median, "80 ms");
        row(&format!("at {STEADY_RATE}/s: p99"), &milliseconds(quantile(&mut times, 0.99)), "150 ms");
        row(&format!("at {STEADY_RATE}/s: longest"), &milliseconds(quantile(&mut times, 1.0)), "1000 ms");
    }
}

/// The most memory the centre has held.
fn memory(center: &Center, what: &str, aim: &str) {
    let status = std::fs::read_to_string(format!("/proc/{}/status", center.process.id())).unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    let megabytes = peak.and_then(|text| text.parse::<f64>().ok()).expect("the centre's memory") * 1024.0 / 1e6;
    row(what, &format!("{megabytes:.0} MB"), aim);
}

/// The same work by others: a certificate drawn by reportlab, a durable commit by SQLite, a signature by OpenSSL.
fn peers(world: &World, alone: Duration) {
    println!();
    let page = reportlab(world);
    row("peer: reportlab, the same form (CPU, median)", &milliseconds(page), "");
    let ratio = page.as_secs_f64() / alone.as_secs_f64();
    row("  a whole issuance takes, of that", &format!("1/{ratio:.1}"), "");
    let commit = sqlite(world);
    row("peer: SQLite, one durable commit of 90 kB", &milliseconds(commit), "");
    row(
        "  a whole issuance alone takes, in commits",
        &format!("{:.1}", alone.as_secs_f64() / commit.as_secs_f64()),
        "",
    );
}

fn reportlab(world: &World) -> Duration {
    let pages = world.path("run/pages.json");
    std::fs::write(&pages, peers::pages(&Works::new(), Form::Domestic).to_json()).expect("the pages");
    let drawing = Peer::Reportlab.draw(&pages, &world.path("run/peer.pdf"));
    Duration::from_secs_f64(drawing.median_ms / 1e3)
}

/// The median of single commits with the document's size, on the same disk.
fn sqlite(world: &World) -> Duration {
    let database = rusqlite::Connection::open(world.path("run/peer.sqlite")).expect("a database");
    database
        .execute_batch("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE document (bytes BLOB)")
        .expect("a table");
    let document = vec![0xA5_u8; 90_000];
    let mut times: Vec<_> = (0..100)
        .map(|_| {
            let began = Instant::now();
            database.execute("INSERT INTO document VALUES (?1)", [&document]).expect("a commit");
            began.elapsed()
        })
        .collect();
    quantile(&mut times, 0.5)
}
