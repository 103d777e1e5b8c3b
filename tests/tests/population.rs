//! A population is written by `fixtures`, loaded by `center`, which is killed on the way, and is whole afterwards.

use std::path::Path;
use std::process::Stdio;

use tests::population::Population;
use tests::program::{self, Running, wait_for};

/// Enough for several transactions of the loading.
const PERSONS: u64 = 40_000;

/// How much larger the database is each time the loading is killed: more than one transaction adds, so that it gets on.
const KILLED_EVERY: u64 = 6_500_000;

fn size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |metadata| metadata.len())
}

#[test]
fn a_load_that_is_killed_again_and_again_ends_with_every_person_once() {
    let population = Population::write(PERSONS);
    let mut kills = 0;
    loop {
        let before = size(&population.path("run/center.sqlite"));
        let mut loading = Running::start(population.load().stdout(Stdio::null()));
        let ended = wait_for("growth or an end", 120, || match loading.ended() {
            Some(status) => Some(Some(status)),
            None if size(&population.path("run/center.sqlite")) > before + KILLED_EVERY => Some(None),
            None => None,
        });
        if let Some(status) = ended {
            assert_eq!(status, 0);
            break;
        }
        loading.kill();
        kills += 1;
    }
    assert!(kills >= 2, "the loading was killed {kills} times only");
    let log = population.log();
    assert!(log.contains("going on with a file that was half loaded"), "{log}");
    let persons = population.assert_stored();
    assert!(persons > PERSONS);
    assert_eq!(population.count("person"), persons);
    assert_eq!(population.count("revision"), 0);

    // Once more changes nothing but the audit chain.
    let said = program::run_well(&mut population.load());
    assert!(said.contains(r#""problems":0"#), "{said}");
    assert_eq!(population.count("person"), persons);
    assert_eq!(population.count("revision"), 0);
    assert_eq!(population.assert_stored(), persons);
    program::run_well(&mut population.center(&["audit", "verify"]));
}
