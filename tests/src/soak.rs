//! Thousands of pages through the channel and back, and what may be said of the rest.
#![expect(clippy::excessive_nesting, reason = "a model of a surface is loops within loops")]

mod codes;
mod copied;
mod judged;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use center::inspection::{Comparison, Front};
use center::raster::Raster;
use center::scramble::{self, Geometry};

use crate::paper_channel::texture::Chance;
use crate::paper_channel::wear::{Damage, destroy};
use crate::paper_channel::{Class, Picture, rasteriser};
use crate::sample::{Forgery, Works, raster};

pub use self::codes::{CodeScan, Piece, codes, codes_table, codes_unread, cut};
pub use self::copied::copy_words;
pub use self::judged::{Judged, ORIGINAL, area_under_curve, engines, originality, originality_table, outermost};

/// How many pages, from which seed, on how many threads.
#[derive(Debug, Clone, Copy)]
pub struct Extent {
    /// Pages of each class.
    pub pages: usize,
    /// The first page's number; the rest follow.
    pub seed: u64,
    /// Threads.
    pub threads: usize,
}

/// What became of one page.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The page's number: its certificate and everything that happened to it.
    pub seed: u64,
    /// Why it failed; `None` if it did not.
    pub failure: Option<String>,
    /// How far it was from failing, by the measure of the run.
    pub margin: f64,
    /// A second thing that was looked at, if it came out well.
    pub beside: bool,
    /// Milliseconds that reading took.
    pub milliseconds: f64,
}

/// The greatest failure rate that so few failures among so many pages still allow, at 95 % confidence, one-sided
/// (Clopper and Pearson).
pub fn bound(failures: usize, pages: usize) -> f64 {
    if failures >= pages {
        return 1.0;
    }
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if at_most(failures, pages, middle) > 0.05 { low = middle } else { high = middle }
    }
    high
}

/// The probability of at most so many failures at this rate.
fn at_most(failures: usize, pages: usize, rate: f64) -> f64 {
    let mut logarithm = pages as f64 * (1.0 - rate).ln();
    let mut sum = logarithm.exp();
    for failure in 1..=failures {
        logarithm += ((pages - failure + 1) as f64 / failure as f64).ln() + rate.ln() - (1.0 - rate).ln();
        sum += logarithm.exp();
    }
    sum
}

/// Runs a trial for each page on all threads; results in the order of the pages.
pub fn run(extent: Extent, trial: impl Fn(u64) -> Vec<(String, Trial)> + Sync) -> Vec<(String, Trial)> {
    let mut results = each(extent, trial);
    results.sort_by_key(|(group, trial)| (group.clone(), trial.seed));
    results
}

/// Does something for each page on all threads; what was found comes in no order.
pub fn each<T: Send>(extent: Extent, work: impl Fn(u64) -> Vec<T> + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for thread in 0..extent.threads.max(1) {
            let work = || {
                loop {
                    let page = next.fetch_add(1, Ordering::SeqCst);
                    if page >= extent.pages {
                        return;
                    }
                    let found = work(extent.seed + page as u64);
                    results.lock().expect("no trial failed halfway").extend(found);
                }
            };
            std::thread::Builder::new().name(format!("soak-{thread}")).spawn_scoped(scope, work).expect("a thread");
        }
    });
    results.into_inner().expect("no trial failed halfway")
}

/// A table of the groups: pages, failures, bound, margin, the second thing, time.
pub fn table(results: &[(String, Trial)], margin: &str, beside: &str) -> String {
    let mut lines = vec![
        format!("| | pages | failures | at most (95 %) | {margin}: median, worst | {beside} | ms: median, 95 % |"),
        "|---|---|---|---|---|---|---|".to_owned(),
    ];
    let mut groups: Vec<&String> = results.iter().map(|(group, _)| group).collect();
    groups.dedup();
    for group in groups {
        let trials: Vec<&Trial> = results.iter().filter(|(of, _)| of == group).map(|(_, trial)| trial).collect();
        let failures = trials.iter().filter(|trial| trial.failure.is_some()).count();
        let well = trials.iter().filter(|trial| trial.beside).count();
        let sorted = |of: fn(&Trial) -> f64| {
            let mut values: Vec<f64> = trials.iter().map(|trial| of(trial)).filter(|value| value.is_finite()).collect();
            values.sort_by(f64::total_cmp);
            values
        };
        let (margins, times) = (sorted(|trial| trial.margin), sorted(|trial| trial.milliseconds));
        let at = |values: &[f64], part: f64| {
            values.get((values.len().saturating_sub(1) as f64 * part) as usize).copied().unwrap_or(f64::NAN)
        };
        lines.push(format!(
            "| {group} | {} | {failures} | {:.3} % | {:.2e}, {:.2e} | {well} | {:.0}, {:.0} |",
            trials.len(),
            bound(failures, trials.len()) * 100.0,
            at(&margins, 0.5),
            at(&margins, 1.0),
            at(&times, 0.5),
            at(&times, 0.95),
        ));
    }
    lines.join("\n")
}

/// Which pages failed and why, to be run again by their numbers.
pub fn failures(results: &[(String, Trial)]) -> Vec<String> {
    let failed = results.iter().filter_map(|(group, trial)| Some((group, trial.seed, trial.failure.as_ref()?)));
    failed.map(|(group, seed, why)| format!("{group} {seed}: {why}")).collect()
}

/// Backs of each class, read and opened. Margin: wrong modules; beside: the QR.
pub fn decode(works: &Works, classes: &[Class], extent: Extent) -> Vec<(String, Trial)> {
    run(extent, |seed| {
        let sample = works.sample(seed);
        let [front, back] = sides(&sample.pdf);
        let read = |class: &Class| {
            let scan = class.page(&back, Some(&front), seed);
            (class.name().to_owned(), read_back(works, &scan, &sample.description, seed))
        };
        classes.iter().map(read).collect()
    })
}

/// Backs of typical print with this part of the field destroyed in three ways.
pub fn destroyed(works: &Works, part: f64, extent: Extent) -> Vec<(String, Trial)> {
    run(extent, |seed| {
        let sample = works.sample(seed);
        let [_, back] = sides(&sample.pdf);
        let field = field(&back);
        let damages = [Damage::Torn, Damage::Stain, Damage::Strips];
        let damage = *damages.get(seed as usize % damages.len()).expect("one of three");
        let mut sheet = Class::Typical.sheet(&back, None, seed);
        destroy(&mut sheet, damage, part, field, &mut Chance::new(seed, 95));
        let scan = Class::Typical.read(&sheet, seed);
        vec![(format!("{damage:?}"), read_back(works, &scan, &sample.description, seed))]
    })
}

/// What a dense page is: its name, its modules, the bytes that it carries at least, and how it is scanned.
const DENSE: [(&str, Geometry, usize, f64); 2] =
    [("0.169 mm at 300", Geometry::DENSE, 138_000, 300.0), ("0.127 mm at 600", Geometry::DENSEST, 295_000, 600.0)];

/// Pages full of fine modules, of the classes that are scanned in grey at any resolution. Margin: wrong modules; beside:
/// what was carried came out whole.
pub fn dense(works: &Works, classes: &[Class], extent: Extent) -> Vec<(String, Trial)> {
    run(extent, |seed| {
        let read = |class: &Class, (name, geometry, bytes, dpi): (&str, Geometry, usize, f64)| {
            let mut chance = Chance::new(seed, 97);
            let carried: Vec<u8> = (0..bytes).map(|_| chance.below(256) as u8).collect();
            let sheet = class.sheet(&works.dense_page(geometry, &carried, seed), None, seed);
            let trial = read_back(works, &class.read_at(dpi, &sheet, seed), &carried, seed);
            (format!("{} {name}", class.name()), Trial { beside: trial.failure.is_none(), ..trial })
        };
        let scanned = classes.iter().filter(|class| !matches!(class, Class::Fax | Class::Phone | Class::Coarse));
        scanned.flat_map(|class| DENSE.map(|page| read(class, page))).collect()
    })
}

/// Genuine fronts laid over what was issued. Margin: the deviation, of which 1 would be a false alarm.
pub fn genuine(works: &Works, class: Class, extent: Extent) -> Vec<(String, Trial)> {
    run(extent, |seed| {
        let sample = works.sample(seed);
        let [front, back] = sides(&sample.pdf);
        let scan = raster(&class.page(&front, Some(&back), seed));
        vec![of_genuine(class, seed, compare(works, &works.front(&sample), &scan))]
    })
}

/// Genuine fronts, and fronts on which one character of some texts is replaced by one alike, laid over what was issued.
///
/// Each character replaced is a trial. Margin: the deviation of a genuine front, the inverse of a forged character's: below
/// 1 is right, and the greatest is the worst. Beside: judged rightly.
pub fn forgeries(works: &Works, class: Class, extent: Extent) -> Vec<(String, Trial)> {
    run(extent, |seed| {
        let sample = works.sample(seed);
        let [genuine, back] = sides(&sample.pdf);
        let issued = works.front(&sample);
        let (forged, forgeries) = works.forge(&sample, FORGERIES, &mut Chance::new(seed, 96));
        let compared = |front: &Picture| compare(works, &issued, &raster(&class.page(front, Some(&back), seed)));
        let mut trials = vec![of_genuine(class, seed, compared(&genuine))];
        let (forged, milliseconds) = compared(&rasteriser::pages(&forged).remove(0));
        for Forgery { text, from, to } in forgeries {
            let found = forged.iter().flat_map(|compared| &compared.differences);
            let found = found.filter(|difference| difference.issued.as_ref() == Some(&text));
            let deviation = found.map(|difference| difference.deviation).fold(0.0, f64::max);
            let failure = (deviation < 1.0).then(|| format!("{from} made {to} in {text} was not found"));
            let (beside, margin) = (failure.is_none(), deviation.recip());
            trials.push((format!("{} forged", class.name()), Trial { seed, failure, margin, beside, milliseconds }));
        }
        trials
    })
}

/// A front laid over what was issued, and the milliseconds that took.
fn compare(works: &Works, issued: &Front, scan: &Raster) -> (Option<Comparison>, f64) {
    let began = Instant::now();
    let compared = works.compare(issued, scan);
    (compared, began.elapsed().as_secs_f64() * 1000.0)
}

fn of_genuine(class: Class, seed: u64, (compared, milliseconds): (Option<Comparison>, f64)) -> (String, Trial) {
    let failure = compared.as_ref().map_or_else(|| Some("not aligned".to_owned()), false_alarms);
    let margin = compared.map_or(f64::NAN, |compared| compared.deviation);
    let beside = failure.is_none();
    (format!("{} genuine", class.name()), Trial { seed, failure, margin, beside, milliseconds })
}

/// Characters that are replaced on a front.
const FORGERIES: usize = 8;

/// Where a genuine front is said to differ.
fn false_alarms(compared: &Comparison) -> Option<String> {
    let places = compared.differences.iter().map(|difference| {
        let (area, deviation) = (difference.area, difference.deviation);
        format!("{:.0}×{:.0} mm at {:.0}, {:.0}: {deviation}", area.width_mm, area.height_mm, area.left_mm, area.top_mm)
    });
    let places: Vec<String> = places.collect();
    (!places.is_empty()).then(|| places.join("; "))
}

fn sides(pdf: &[u8]) -> [Picture; 2] {
    rasteriser::pages(pdf).try_into().expect("two pages")
}

fn read_back(works: &Works, scan: &Picture, description: &[u8], seed: u64) -> Trial {
    let page = raster(scan);
    let began = Instant::now();
    let read = scramble::read(&page);
    let milliseconds = began.elapsed().as_secs_f64() * 1000.0;
    let (failure, margin, beside) = match &read {
        Err(error) => (Some(error.to_string()), f64::NAN, false),
        Ok(reading) => {
            let failure = match scramble::open(reading, works.opening()) {
                Ok(opened) if *opened.plain == description => None,
                Ok(_) => Some("another content".to_owned()),
                Err(error) => Some(error.to_string()),
            };
            (failure, reading.wrong_modules, reading.qr.is_some())
        }
    };
    Trial { seed, failure, margin, beside, milliseconds }
}

/// Where the scramble picture stands on a back: left, top, width, height. Half of it is ink; so is the originality patch
/// below it, which is narrower.
pub fn field(back: &Picture) -> (usize, usize, usize, usize) {
    const CELL: usize = 72;
    let columns = back.width / CELL;
    let is_half_ink = |x: &usize, y: usize| (90.0..165.0).contains(&back.mean(x * CELL, y * CELL, CELL, CELL));
    let mut bounds: Option<(usize, usize, usize, usize)> = None;
    for y in 0..back.height / CELL {
        let inked: Vec<usize> = (0..columns).filter(|x| is_half_ink(x, y)).collect();
        if let (Some(first), Some(last)) = (inked.first(), inked.last())
            && inked.len() > columns / 2
        {
            let (left, top, right, _) = bounds.unwrap_or((*first, y, *last, y));
            bounds = Some((left.min(*first), top, right.max(*last), y));
        }
    }
    let (left, top, right, bottom) = bounds.expect("a scramble picture");
    (left * CELL, top * CELL, (right + 1 - left) * CELL, (bottom + 1 - top) * CELL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_those_of_the_tables() {
        // The rule of three, and a value of the tables for 2 of 100.
        assert!((bound(0, 3000) - 0.000_998).abs() < 1e-5, "{}", bound(0, 3000));
        assert!((bound(2, 100) - 0.0616).abs() < 2e-4, "{}", bound(2, 100));
        assert!((bound(5, 5) - 1.0).abs() < 1e-9);
    }
}
