//! How the benchmarks of the whole line print their figures, and what they make of many times.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::time::Duration;

/// Prints a figure beside its aim, which may be empty.
pub fn row(what: &str, measured: &str, aim: &str) {
    println!("{what:<58} {measured:>14} {aim:>14}");
}

/// `1.5 ms`.
pub fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

/// `1.5 us`.
pub fn microseconds(time: Duration) -> String {
    format!("{:.1} us", time.as_secs_f64() * 1e6)
}

/// The value below which `part` of all lie; sorts them.
pub fn quantile(times: &mut [Duration], part: f64) -> Duration {
    times.sort_unstable();
    let place = (times.len() as f64 * part) as usize;
    times.get(place.min(times.len().saturating_sub(1))).copied().unwrap_or_default()
}

/// What a process holds of the machine's memory, in bytes.
#[track_caller]
pub fn resident_bytes(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("the process lives");
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB"));
    kilobytes.and_then(|text| text.parse::<u64>().ok()).expect("its memory") * 1024
}
