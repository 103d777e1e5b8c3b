//! A population that `fixtures` wrote, loaded by the real `center`, and read back from its store.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use center::config::Config;
use center::secrets::Pseudonyms;
use center::store::Persons as _;
use center::store::sqlite::{Opening, Purpose, SqliteStore};
use shared::domain::identifiers::MyNumber;
use shared::records::{PersonRecord, Record};

use crate::program;

/// A world with a long record file; its folder goes when it is dropped.
#[derive(Debug)]
pub struct Population {
    folder: tempfile::TempDir,
}

impl Population {
    /// Writes so many persons beside the world's own.
    pub fn write(persons: u64) -> Self {
        Self::write_in(&std::env::temp_dir(), persons)
    }

    /// The same below a folder of the caller's.
    pub fn write_in(folder: &Path, persons: u64) -> Self {
        let folder = tempfile::Builder::new().prefix("population-").tempdir_in(folder).expect("a temporary folder");
        let mut command = Command::new(program::built("fixtures"));
        command.arg("population").arg(folder.path().join("world")).args(["--persons", &persons.to_string()]);
        program::run_well(&mut command);
        Self { folder }
    }

    /// A path inside.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("world").join(name)
    }

    /// A command of `center` on this world, its log going to `center.log`.
    pub fn center(&self, arguments: &[&str]) -> Command {
        let log = File::options().create(true).append(true).open(self.path("center.log")).expect("a log file");
        let mut command = Command::new(program::built("center"));
        command.args(arguments).arg("--config").arg(self.path("center.toml")).stderr(log);
        command
    }

    /// The command that loads the file.
    pub fn load(&self) -> Command {
        let mut command = self.center(&["load"]);
        command.arg(self.path("population.jsonl"));
        command
    }

    /// What the commands have logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.path("center.log")).unwrap_or_default()
    }

    /// How many rows a table of the store has.
    pub fn count(&self, table: &str) -> u64 {
        self.query(&format!("SELECT count(*) FROM {table}"))
    }

    /// The number that a query of the store's database gives.
    pub fn query(&self, query: &str) -> u64 {
        let database = rusqlite::Connection::open(self.path("run/center.sqlite")).expect("the database");
        let number: i64 = database.query_row(query, [], |row| row.get(0)).expect("a number");
        number.cast_unsigned()
    }

    /// The persons of the file, in its order.
    pub fn persons(&self) -> impl Iterator<Item = PersonRecord> {
        let file = File::open(self.path("population.jsonl")).expect("population.jsonl");
        BufReader::new(file).lines().filter_map(|line| {
            match Record::parse(line.expect("a line").as_bytes()).expect("a record a line") {
                Record::Person(person) => Some(*person),
                Record::Chain(_) | Record::Terminal(_) | Record::Municipality(_) | Record::Account(_) => None,
            }
        })
    }

    /// The store as a command opens it, and what makes keys of My Numbers.
    pub fn store(&self) -> (Arc<SqliteStore>, Pseudonyms) {
        let config = Config::read(&self.path("center.toml")).expect("the configuration");
        let opening = Opening::from_config(&config.store).expect("the store's keys");
        let pseudonyms = Pseudonyms::read(&config.store.person_key).expect("the person key");
        let now = config.clock().expect("the world's clock").now();
        (SqliteStore::open(opening, Purpose::Command, now).expect("the store"), pseudonyms)
    }

    /// Asserts that the store holds every person of the file as the file has them, and says how many there are.
    #[track_caller]
    pub fn assert_stored(&self) -> u64 {
        let (store, pseudonyms) = self.store();
        let mut count = 0;
        for expected in self.persons() {
            count += 1;
            let number = MyNumber::parse(&expected.my_number).expect("a number");
            let found = store.person(&pseudonyms.person(&number)).expect("the store answers");
            assert!(found.is_some_and(|found| found == expected), "person {count} is not as in the file");
        }
        count
    }
}
