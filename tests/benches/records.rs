//! Records at scale, through the real programs: loading, looking up, console pages, the ledger as a file.
//!
//! `RECORDS_PERSONS` persons, and for the ratio of the look-ups a store of `RECORDS_FEWER`; the peer is SQLite itself
//! with rows of the same size, in the same run. `RECORDS_FOLDER` is where the stores are kept: a population of ten
//! million takes about 20 GB there, of which the record file is the larger part.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up ends with a sentence")]
#![expect(clippy::disallowed_methods, reason = "the sizes of a benchmark come from its caller")]

use std::io::Read as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use center::store::Persons as _;
use shared::domain::identifiers::MyNumber;
use tests::clerk::Clerk;
use tests::figures::{microseconds, milliseconds, quantile, row};
use tests::population::Population;
use tests::program;
use tests::world::Center;

/// Look-ups of one measurement.
const LOOKUPS: usize = 20_000;

/// Times that each page is opened.
const OPENED: usize = 41;

/// The largest municipality of every population.
const LARGEST: &str = "141003";

fn main() {
    let persons = size("RECORDS_PERSONS", 1_000_000);
    let fewer = size("RECORDS_FEWER", persons / 5);
    row("what", "measured", "aim");
    let small = Store::load(fewer);
    let [_, small_p99] = small.look_up();
    drop(small);
    let store = Store::load(persons);
    let [_, p99] = store.look_up();
    let ratio = p99.as_secs_f64() / small_p99.as_secs_f64();
    row(&format!("  p99 of {persons} in p99 of {fewer}"), &format!("{ratio:.2}"), "1.5");
    store.pages();
    store.peers();
}

fn size(name: &str, otherwise: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.map_or(otherwise, |text| text.replace('_', "").parse().expect("a number of persons"))
}

fn per_second(count: u64, time: Duration) -> String {
    format!("{:.0}/s", count as f64 / time.as_secs_f64())
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let done = work();
    (done, began.elapsed())
}

/// A loaded population.
struct Store {
    population: Population,
    persons: u64,
    /// Numbers of persons all over the file, and one that nobody has.
    numbers: Vec<String>,
    loading: Duration,
}

impl Store {
    fn load(persons: u64) -> Self {
        let folder = std::env::var_os("RECORDS_FOLDER").map_or_else(std::env::temp_dir, PathBuf::from);
        let (population, writing) = timed(|| Population::write_in(&folder, persons));
        row(&format!("population of {persons} written"), &per_second(persons, writing), "");
        let (said, loading) = timed(|| program::run_well(&mut population.load()));
        assert!(said.contains(r#""problems":0"#), "{said}");
        row(&format!("{persons} persons loaded"), &per_second(persons, loading), "50000/s");
        let bytes = std::fs::metadata(population.path("run/center.sqlite")).map_or(0, |store| store.len());
        row("  the store, a person", &format!("{} bytes", bytes / persons), "");
        let stride = usize::try_from(persons / LOOKUPS as u64).unwrap_or(1).max(1);
        let numbers = population.persons().step_by(stride).map(|person| person.my_number).collect();
        Self { population, persons, numbers, loading }
    }

    /// Looks persons up by My Number in the store itself: p50 and p99.
    fn look_up(&self) -> [Duration; 2] {
        let (store, pseudonyms) = self.population.store();
        let look_up = |number: &String| {
            let number = MyNumber::parse(number).expect("a number");
            let (found, time) = timed(|| store.person(&pseudonyms.person(&number)).expect("the store answers"));
            assert!(found.is_some(), "the person is stored");
            time
        };
        // Once through, so that both sizes are measured with what a running centre has in memory.
        let warm: Duration = self.numbers.iter().map(look_up).sum();
        row(
            &format!("look-up by My Number among {}, the first (mean)", self.persons),
            &microseconds(warm / LOOKUPS as u32),
            "",
        );
        let mut times: Vec<Duration> = scattered(&self.numbers).map(look_up).collect();
        let [median, p99] = [0.5, 0.99].map(|part| quantile(&mut times, part));
        row(&format!("look-up by My Number among {} (p50)", self.persons), &microseconds(median), "");
        row(&format!("look-up by My Number among {} (p99)", self.persons), &microseconds(p99), "1000 us");
        [median, p99]
    }

    fn pages(&self) {
        let center = Center::start(&mut self.population.center(&["serve"])).expect("the centre is ready");
        let console = center.console.clone().expect("the console has a port");
        let clerk = Clerk::at(&console, &format!("clerk-{LARGEST}"));
        let supervisor = Clerk::at(&console, &format!("supervisor-{LARGEST}"));
        let (_, first) = timed(|| clerk.get("/status"));
        row("status page after a change, counted anew", &milliseconds(first), "");
        let mut all = Vec::new();
        for path in center::console::menu_paths() {
            let mut times = opened(|| supervisor.get(path).status);
            all.extend_from_slice(&times);
            row(&format!("page {path} (median)"), &milliseconds(quantile(&mut times, 0.5)), "20 ms");
        }
        row("all pages (median)", &milliseconds(quantile(&mut all, 0.5)), "20 ms");
        self.finding(&clerk);
        let time = ledger(&clerk, &supervisor);
        row("ledger of the largest municipality as CSV", &milliseconds(time.0), "");
        row("  a municipality of 100000 at that rate", &milliseconds(time.0 * 100_000 / time.1.max(1)), "2000 ms");
        center.stop();
    }

    /// What a clerk waits for, whoever it is that was asked about: no answer may tell these apart.
    fn finding(&self, clerk: &Clerk) {
        let nobody = "123456789018";
        let elsewhere = self.population.persons().find(|person| {
            person.residence.as_str() != LARGEST
                && person.doses.iter().all(|dose| dose.municipality.as_str() != LARGEST)
        });
        let elsewhere = elsewhere.expect("somebody lives elsewhere").my_number;
        let own = self.population.persons().find(|person| person.residence.as_str() == LARGEST);
        let own = own.expect("somebody lives there").my_number;
        for (whose, number) in [("of nobody", nobody), ("without right", &elsewhere), ("with right", &own)] {
            let fields = [("my_number", number), ("reason", "application")];
            let mut times = opened(|| clerk.post("/records/find", &fields).status);
            row(&format!("asked about a number {whose} (median)"), &milliseconds(quantile(&mut times, 0.5)), "");
        }
    }

    /// The same bytes by SQLite alone: rows put in and looked up by a key, without encryption or other indexes.
    fn peers(&self) {
        println!();
        let path = self.population.path("run/peer.sqlite");
        let mut database = rusqlite::Connection::open(&path).expect("a database");
        database
            .execute_batch(
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
                 CREATE TABLE person (key BLOB PRIMARY KEY, record BLOB NOT NULL)",
            )
            .expect("a table");
        let count = self.persons.min(200_000);
        let bytes = self.population.query("SELECT CAST(avg(length(record)) AS INTEGER) FROM person");
        let record = vec![0xA5_u8; usize::try_from(bytes).expect("a length")];
        let rows: Vec<u64> = (0..count).collect();
        let ((), putting) = timed(|| rows.chunks(10_000).for_each(|part| put(&mut database, (part, &record))));
        row(&format!("peer: SQLite alone, {count} rows put in"), &per_second(count, putting), "");
        let ours = self.persons as f64 / self.loading.as_secs_f64();
        let theirs = count as f64 / putting.as_secs_f64();
        row("  loading does, of that", &format!("{:.2}", ours / theirs), "");
        let mut times: Vec<Duration> = (0..count)
            .step_by(10)
            .map(|number| {
                let key = key(number * 7 % count);
                timed(|| {
                    let mut statement =
                        database.prepare_cached("SELECT record FROM person WHERE key = ?1").expect("a statement");
                    statement.query_row([key], |row| row.get::<_, Vec<u8>>(0)).expect("a row")
                })
                .1
            })
            .collect();
        row("peer: SQLite alone, a row by its key (p50)", &microseconds(quantile(&mut times, 0.5)), "");
        row("peer: SQLite alone, a row by its key (p99)", &microseconds(quantile(&mut times, 0.99)), "");
    }
}

fn put(database: &mut rusqlite::Connection, (numbers, record): (&[u64], &[u8])) {
    let transaction = database.transaction().expect("a transaction");
    for number in numbers {
        let mut statement = transaction.prepare_cached("INSERT INTO person VALUES (?1, ?2)").expect("a statement");
        statement.execute(rusqlite::params![key(*number), record]).expect("a row");
    }
    transaction.commit().expect("a commit");
}

fn key(number: u64) -> [u8; 32] {
    shared::proof::sha256(&number.to_be_bytes())
}

/// Every entry once, far from the one before.
fn scattered<T>(list: &[T]) -> impl Iterator<Item = &T> {
    let step = (list.len() * 5 / 13).max(1) | 1;
    (0..list.len()).filter_map(move |place| list.get(place * step % list.len()))
}

fn opened(open: impl Fn() -> u16) -> Vec<Duration> {
    (0..OPENED)
        .map(|_| {
            let (status, time) = timed(&open);
            assert!(status == 200 || status == 403, "{status}");
            time
        })
        .collect()
}

/// Asks for the ledger, has it approved, and reads it to its end: how long the file took, and its persons.
fn ledger(clerk: &Clerk, supervisor: &Clerk) -> (Duration, u32) {
    assert_eq!(clerk.post("/export/request", &[("reason", "ledger")]).status, 303);
    let approval = supervisor.get("/approvals").value_of("approval");
    let granted = supervisor.post("/approvals/decide", &[("approval", &approval), ("decision", "grant")]);
    assert_eq!(granted.status, 303);
    let form = clerk.form("/approvals/use", &[("approval", &approval), ("decision", "use")]);
    let (lines, time) = timed(|| {
        let mut response = form.send().expect("an answer");
        assert_eq!(response.status().as_u16(), 200);
        let (mut lines, mut buffer) = (0, vec![0; 1 << 16]);
        loop {
            match response.read(&mut buffer).expect("the file") {
                0 => break lines,
                read => lines += buffer.iter().take(read).map(|&byte| u32::from(byte == b'\n')).sum::<u32>(),
            }
        }
    });
    (time, lines.saturating_sub(1))
}
