//! Originals and their copies, and how well the patch of the back tells one from the other.
#![expect(clippy::indexing_slicing, reason = "a missing part fails the test where it stands")]

use center::raster::Raster;
use center::scramble;
use center::scramble::originality::{self, Originality};

use super::{Extent, each, sides};
use crate::paper_channel::copying::{COPIES, Copier};
use crate::paper_channel::scanning::Scanner;
use crate::paper_channel::texture::Chance;
use crate::paper_channel::{Class, Picture, Printer, Sheet};
use crate::sample::{Works, raster};

/// A back, and what its patch says.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The class of its print and of its scan.
    pub class: &'static str,
    /// What it is: an original, or how it was copied.
    pub made: String,
    /// The page's number.
    pub seed: u64,
    /// What was said of it.
    pub said: Option<Originality>,
}

/// Originals of each class and copies of them, read as in that class.
pub fn originality(works: &Works, classes: &[Class], extent: Extent) -> Vec<Judged> {
    let mut judged = each(extent, |seed| {
        let [_, back] = sides(&works.sample(seed).pdf);
        classes.iter().flat_map(|class| generations(works, *class, &back, seed)).collect()
    });
    judged.sort_by_key(|judged| (judged.class, judged.made.clone(), judged.seed));
    judged
}

fn generations(works: &Works, class: Class, back: &Picture, seed: u64) -> Vec<Judged> {
    let judge = |made: &str, sheet: &Sheet, seed_of_scan: u64| {
        let said = said(works, &raster(&class.read(sheet, seed_of_scan)));
        Judged { class: class.name(), made: made.to_owned(), seed, said }
    };
    let original = class.sheet(back, None, seed);
    let mut judged = vec![judge(ORIGINAL, &original, seed)];
    judged.extend(COPIES.iter().map(|(made, mode, dpi)| {
        let copy = Copier::store(*dpi, *mode).copy(&original, seed);
        judge(made, &copy, seed ^ 0xC0_97)
    }));
    judged
}

/// Originals of print engines drawn at random, and a copy of each by others as random, all read by flatbeds as random.
pub fn engines(works: &Works, extent: Extent) -> Vec<Judged> {
    let mut judged = each(extent, |seed| {
        let [_, back] = sides(&works.sample(seed).pdf);
        let chance = &mut Chance::new(seed, 97);
        let original = engine(chance).print(&back, seed);
        let (name, mode, dpi) = COPIES[chance.below(COPIES.len())];
        let copier = Copier { scanner: flatbed(dpi, chance), mode, printer: engine(chance) };
        let copy = copier.copy(&original, seed ^ 0xC0_99);
        let judge = |made: &str, sheet: &Sheet, scanner: Scanner| {
            let said = said(works, &raster(&scanner.scan(sheet, seed ^ 0xC0_9A)));
            Judged { class: "any", made: made.to_owned(), seed, said }
        };
        vec![judge(ORIGINAL, &original, askew(chance)), judge(name, &copy, askew(chance))]
    });
    judged.sort_by_key(|judged| (judged.made.clone(), judged.seed));
    judged
}

/// A print engine of any kind: from a new one to a worn one, each of its faults by itself.
fn engine(chance: &mut Chance) -> Printer {
    Printer {
        edge_gain_um: chance.between(3.0, 28.0),
        raggedness_um: chance.between(6.0, 22.0),
        raggedness_length_um: chance.between(40.0, 80.0),
        mottle: chance.between(0.02, 0.08),
        banding: chance.between(0.01, 0.06),
        satellites: chance.below(900),
        ..Printer::GOOD
    }
}

/// A scanner of any kind, in which the sheet lies straight.
fn flatbed(dpi: f64, chance: &mut Chance) -> Scanner {
    Scanner {
        dpi: (dpi, dpi),
        blur_um: chance.between(30.0, 60.0),
        wobble_mm: chance.between(0.02, 0.12),
        greys: (chance.between(226.0, 243.0), chance.between(28.0, 55.0)),
        gamma: chance.between(0.75, 1.35),
        noise: chance.between(2.0, 8.0),
        ..Scanner::FLATBED
    }
}

/// The same, in which it lies somehow.
fn askew(chance: &mut Chance) -> Scanner {
    Scanner {
        skew_degrees: chance.between(-3.0, 3.0),
        scale: chance.between(0.94, 1.03),
        offset_mm: (chance.between(-1.5, 1.5), chance.between(-1.5, 1.5)),
        ..flatbed(300.0, chance)
    }
}

/// What the patch of a page says; `None` if the page is not read.
fn said(works: &Works, page: &Raster) -> Option<Originality> {
    let reading = scramble::read(page).ok()?;
    Some(originality::judge(page, &reading, works.opening()))
}

/// What an original is called among the judged.
pub const ORIGINAL: &str = "original";

/// The scores of originals and those of copies, the least first.
fn scores(judged: &[Judged]) -> [Vec<f64>; 2] {
    let of_kind = |is_kind: fn(&&Judged) -> bool| {
        let mut scores: Vec<f64> = judged.iter().filter(is_kind).filter_map(|judged| judged.said?.score()).collect();
        scores.sort_by(f64::total_cmp);
        scores
    };
    [of_kind(|judged| judged.made == ORIGINAL), of_kind(|judged| judged.made != ORIGINAL)]
}

/// The score below which this part of the originals lies, and the one above which as many copies do; not numbers without
/// scores of both.
pub fn outermost(judged: &[Judged], part: f64) -> (f64, f64) {
    let [originals, copies] = scores(judged);
    let place = |count: usize| (count as f64 * part) as usize;
    let original = originals.get(place(originals.len())).copied();
    let copy = copies.iter().nth_back(place(copies.len())).copied();
    (original.unwrap_or(f64::NAN), copy.unwrap_or(f64::NAN))
}

/// How often an original scores higher than a copy, ties counted half; not a number without scores of both.
pub fn area_under_curve(judged: &[Judged]) -> f64 {
    let [originals, copies] = scores(judged);
    let pairs = originals.iter().flat_map(|one| copies.iter().map(move |other| one.total_cmp(other)));
    let wins: f64 = pairs.map(|order| [0.0, 0.5, 1.0].get((order as i8 + 1) as usize).copied().unwrap_or(0.5)).sum();
    wins / (originals.len() * copies.len()) as f64
}

/// A table of the judged: how many of each kind, what was said, least, middle and greatest score.
pub fn originality_table(judged: &[Judged]) -> String {
    let mut lines = vec![
        "| | N | original | copy | between | cannot be told | score: least, median, greatest |".to_owned(),
        "|---|---|---|---|---|---|---|".to_owned(),
    ];
    for row in judged.chunk_by(|one, other| (one.class, &one.made) == (other.class, &other.made)) {
        let count = |is: fn(&Option<Originality>) -> bool| row.iter().filter(|judged| is(&judged.said)).count();
        let mut scores: Vec<f64> = row.iter().filter_map(|judged| judged.said?.score()).collect();
        scores.sort_by(f64::total_cmp);
        let at = |place: usize| scores.get(place).copied().unwrap_or(f64::NAN);
        lines.push(format!(
            "| {} {} | {} | {} | {} | {} | {} | {:.2}, {:.2}, {:.2} |",
            row[0].class,
            row[0].made,
            row.len(),
            count(|said| matches!(said, Some(Originality::Original(_)))),
            count(|said| matches!(said, Some(Originality::Copy(_)))),
            count(|said| matches!(said, Some(Originality::Between(_)))),
            count(|said| matches!(said, Some(Originality::Untold(_)) | None)),
            at(0),
            at(scores.len() / 2),
            at(scores.len().saturating_sub(1)),
        ));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Originals of these scores, and copies.
    fn judged(originals: &[f64], copies: &[f64]) -> Vec<Judged> {
        let of = |made: &'static str, scores: &[f64]| {
            let judged = |score: &f64| Judged {
                class: "any",
                made: made.to_owned(),
                seed: 1,
                said: Some(Originality::Between(*score)),
            };
            scores.iter().map(judged).collect::<Vec<Judged>>()
        };
        [of(ORIGINAL, originals), of("text 300", copies)].concat()
    }

    #[test]
    fn pairs_are_counted_and_ties_half() {
        let area = area_under_curve(&judged(&[3.0, 1.0], &[0.0, 1.0]));
        assert!((area - 0.875).abs() < 1e-9, "{area}");
        assert!(area_under_curve(&judged(&[1.0], &[])).is_nan());
    }

    #[test]
    fn the_outermost_part_lies_towards_the_other_kind() {
        let originals: Vec<f64> = (0..40).map(|score| f64::from(score) + 10.0).collect();
        let copies: Vec<f64> = (0..40).map(|score| f64::from(score) - 20.0).collect();
        assert_eq!(outermost(&judged(&originals, &copies), 0.05), (12.0, 17.0));
        assert!(outermost(&judged(&originals, &[]), 0.05).1.is_nan());
    }
}
