//! Fuzz target `certificate`; see `fuzz::certificate`.
#![no_main]

use std::sync::OnceLock;

use fuzz::certificate::Certificates;

static CERTIFICATES: OnceLock<Certificates> = OnceLock::new();

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    CERTIFICATES.get_or_init(|| Certificates::open(fuzz::world())).enter(data);
});
