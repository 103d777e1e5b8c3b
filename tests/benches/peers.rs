//! How long a document takes here and by others: typst, reportlab, weasyprint and krilla draw the same certificates in the
//! same run. `cargo bench --workspace --bench peers`.
//!
//! A peer draws what is given to it: letters with their places, codes and scramble picture as modules. Our time holds all
//! that comes before as well, from the signed content on: setting the texts, making the codes, sealing and coding the
//! scramble picture.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up ends with a sentence")]

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use shared::domain::certificate::Form;
use tests::peers::{DOCUMENTS, Drawing, Peer, differences, pages};
use tests::sample::Works;
use tests::shape;

/// How often we draw all certificates.
const ROUNDS: usize = 9;

fn main() {
    let works = Works::new();
    let folder = tempfile::tempdir().expect("a folder");
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("Processor time of one document, median of {}; load before: {load}", DOCUMENTS - 1);
    for (name, form) in [("domestic", Form::Domestic), ("overseas", Form::Overseas)] {
        let ours = ours(&works, form);
        line(name, &ours, &ours);
        let pages = pages(&works, form);
        let file = folder.path().join("pages.json");
        std::fs::write(&file, pages.to_json()).expect("the pages");
        for peer in Peer::ALL {
            // Kept, for people to look at.
            let document = shape::top().join(format!("target/peers/{peer:?}-{name}.pdf").to_lowercase());
            let drawing = peer.draw(&file, &document);
            let differences = differences(&document, &pages);
            assert!(differences.is_empty(), "{} shows something else: {differences:?}", drawing.version);
            line(name, &drawing, &ours);
        }
    }
}

/// The whole document, by the press alone.
fn ours(works: &Works, form: Form) -> Drawing {
    let presses: Vec<_> = Works::numbers(form).take(DOCUMENTS).map(|number| works.composition(number)).collect();
    let mut bytes = presses.first().map_or(0, |press| press().len());
    let mut times = Vec::new();
    for press in (0..ROUNDS).flat_map(|_| presses.iter().skip(1)) {
        let began = processor_time();
        bytes = press().len();
        times.push(processor_time().saturating_sub(began));
    }
    let median_ms = tests::figures::quantile(&mut times, 0.5).as_secs_f64() * 1e3;
    Drawing {
        version: "ours, with codes and scramble picture".into(),
        median_ms,
        bytes: bytes as u64,
        peak_bytes: None,
    }
}

fn processor_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).unwrap_or_default()
}

fn line(form: &str, drawing: &Drawing, ours: &Drawing) {
    let Drawing { version, median_ms, bytes, peak_bytes } = drawing;
    let memory = peak_bytes.map_or_else(String::new, |bytes| format!("{:.0} MB", bytes as f64 / 1e6));
    let ratio = median_ms / ours.median_ms;
    println!("{form:9} {version:40} {median_ms:9.2} ms {bytes:8} bytes {ratio:7.1} times ours {memory:>8}");
}
