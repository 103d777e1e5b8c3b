//! Fuzz target `scriptor`; see `fuzz::entries`.
#![no_main]

use fuzz::entries::TARGETS;
use fuzz::surroundings;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    TARGETS.iter().filter(|(name, _)| *name == "scriptor").for_each(|(_, entry)| entry(surroundings(), data));
});
