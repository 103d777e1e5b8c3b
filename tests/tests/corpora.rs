//! Every input that fuzzing has kept, through the same entry functions, without a fuzzer.
#![expect(clippy::expect_used, clippy::panic, reason = "an input that breaks a rule fails the test")]
#![expect(unreachable_pub, reason = "the entry functions are the fuzz targets' library as well")]

#[path = "../fuzz/src/certificate.rs"]
mod certificate;
#[path = "../fuzz/src/entries.rs"]
mod entries;
#[path = "../fuzz/src/recordings.rs"]
mod recordings;

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use certificate::Certificates;
use entries::{Surroundings, TARGETS};
use tests::shape;
use tests::world::World;

fn folder() -> PathBuf {
    shape::top().join("tests/fuzz")
}

fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let listed = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    listed.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_file()).collect()
}

/// Replays the seeds of one target.
#[track_caller]
fn replay(name: &str, entry: impl Fn(&[u8])) {
    let seeds = files(&folder().join("seeds").join(name));
    assert!(!seeds.is_empty(), "{name} has no seed");
    for seed in seeds {
        let data = fs::read(&seed).expect("a seed");
        let outcome = catch_unwind(AssertUnwindSafe(|| entry(&data)));
        assert!(outcome.is_ok(), "{} breaks a rule", seed.display());
    }
}

#[test]
fn every_kept_input_is_read_without_a_fault() {
    let world = World::new();
    let surroundings = Surroundings::open(&world.path(""));
    for (name, entry) in TARGETS {
        replay(name, |data| entry(&surroundings, data));
    }
    let certificates = Certificates::open(&world.path(""));
    replay(CERTIFICATE, |data| certificates.enter(data));
}

/// The one target that needs the centre stands apart.
const CERTIFICATE: &str = "certificate";

#[test]
fn every_entry_has_its_target_and_every_target_its_entry() {
    let targets: BTreeSet<String> = files(&folder().join("targets"))
        .iter()
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect();
    let entries = TARGETS.iter().map(|(name, _)| *name).chain([CERTIFICATE]);
    assert_eq!(targets, entries.map(str::to_owned).collect());
    let manifest = fs::read_to_string(folder().join("Cargo.toml")).expect("the manifest");
    for target in targets {
        let program = fs::read_to_string(folder().join(format!("targets/{target}.rs"))).expect("a target");
        let names_itself = program.contains(&format!("*name == \"{target}\"")) || target == CERTIFICATE;
        assert!(names_itself, "{target} runs another entry");
        assert!(manifest.contains(&format!("path = \"targets/{target}.rs\"")), "{target} is not built");
    }
}
