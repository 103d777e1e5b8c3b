//! Originals and their copies, and how well the patch of the back tells one from the other.
#![expect(clippy::indexing_slicing, reason = "a missing part fails the test where it stands")]

use center::scramble;
use center::scramble::originality::{self, Originality};

use super::{Extent, each, sides};
use crate::paper_channel::copying::{COPIES, Copier};
use crate::paper_channel::{Class, Picture, Sheet};
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
        let page = raster(&class.read(sheet, seed_of_scan));
        let reading = scramble::read(&page).ok();
        let said = reading.map(|reading| originality::judge(&page, &reading, works.opening()));
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

/// What an original is called among the judged.
pub const ORIGINAL: &str = "original";

/// How often an original scores higher than a copy, ties counted half; not a number without scores of both.
pub fn area_under_curve(judged: &[Judged]) -> f64 {
    let scores = |is_original: bool| {
        let of = judged.iter().filter(move |judged| (judged.made == ORIGINAL) == is_original);
        of.filter_map(|judged| judged.said?.score()).collect::<Vec<f64>>()
    };
    let (originals, copies) = (scores(true), scores(false));
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
