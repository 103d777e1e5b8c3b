//! How much the word 複写 stands out on whole fronts: originals, and copies of them.

use super::{Extent, each, sides};
use crate::paper_channel::copying::{COPIES, Copier};
use crate::paper_channel::{Class, Sheet};
use crate::sample::{Works, raster};

/// The contrast of the word in per cent on fronts of each class and on copies of them, sorted by what they are.
///
/// Every front has the pattern for a typical printer, whatever printed it. A page on which nothing was measured counts
/// as not a number.
pub fn copy_words(works: &Works, classes: &[Class], extent: Extent) -> Vec<(String, f64)> {
    let mut found = each(extent, |seed| classes.iter().flat_map(|class| generations(works, *class, seed)).collect());
    found.sort_by(|one: &(String, f64), other| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)));
    found
}

fn generations(works: &Works, class: Class, seed: u64) -> Vec<(String, f64)> {
    let sample = works.sample(seed);
    let [front, back] = sides(&sample.pdf);
    let issued = works.front(&sample);
    let measure = |made: &str, sheet: &Sheet, seed_of_scan: u64| {
        let contrast = works.copy_word(&issued, &raster(&class.read(sheet, seed_of_scan)));
        (format!("{} {made}", class.name()), contrast.unwrap_or(f64::NAN) * 100.0)
    };
    let original = class.sheet(&front, Some(&back), seed);
    let mut found = vec![measure("original", &original, seed)];
    found.extend(COPIES.iter().map(|(made, mode, dpi)| {
        let copy = Copier::store(*dpi, *mode).copy(&original, seed);
        measure(&format!("copy {made}"), &copy, seed ^ 0xC0_97)
    }));
    found
}
