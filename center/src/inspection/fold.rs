//! Folds across a page: a shadow along them, ink cracked off, and the paper below lies a little aside.
//!
//! A fold is found by its shadow, a stripe darker than the paper on both sides of it from one edge of the page to the other.
//! The crack takes a thin stripe out of every letter and rule it crosses, which says nothing of what stood there: nothing
//! else than this stripe is left out of the comparison.

mod crack;
mod shade;

use super::plane::Plane;
use crate::median::median;
use shade::Paper;

/// A fold that runs across the page.
#[derive(Debug, Clone)]
pub(super) struct Fold {
    /// Where ink cracked off; the shadow's line if none did.
    crack: Line,
    /// Half of the stripe without ink, in pixels.
    half_crack: f32,
    /// Where it is darkest.
    shade: Line,
    /// The ink that the shadow seems to be, by pixels from its line, from [`REACH`] above it.
    shadow: Vec<f32>,
}

/// A line across the page, nearly level.
#[derive(Debug, Clone, Copy)]
struct Line {
    /// Pixels from the upper edge, in the middle of the page.
    at: f32,
    /// Pixels downwards for a pixel to the right.
    slope: f32,
    /// Half of the page's width in pixels.
    middle: f32,
}

/// Pixels beside a fold to which its shadow reaches: 5 mm.
const REACH: usize = 40;
/// Ink that a shadow seems to be without which a line where no ink is missing is none: less does no harm.
const LEAST_DARKNESS: f32 = 0.05;
/// Ink drawn below which paper is blank.
const BLANK: f32 = 0.02;

impl Fold {
    /// The folds of a page, from the ink that was drawn, printed alike, and the ink that is there.
    pub(super) fn find(drawn: &Plane, presented: &Plane) -> Vec<Self> {
        let mut lines = Paper::of(drawn, presented).dark_lines();
        lines.sort_by(|one, other| other.darkness.total_cmp(&one.darkness));
        // The darkest line first; what lies close to it is the same fold.
        let mut found: Vec<Line> = Vec::new();
        for dark in lines {
            if found.iter().all(|other| (other.at - dark.line.at).abs() > REACH as f32) {
                found.push(dark.line);
            }
        }
        let folds = found.into_iter().map(|shade| Self::along(shade, drawn, presented));
        folds.filter(|fold| fold.half_crack > 0.0 || fold.darkness() > LEAST_DARKNESS).collect()
    }

    fn along(shade: Line, drawn: &Plane, presented: &Plane) -> Self {
        let shadow = shadow(shade, drawn, presented);
        let (crack, half_crack) = crack::close_to(shade, drawn, presented).unwrap_or((shade, 0.0));
        Self { crack, half_crack, shade, shadow }
    }

    /// The most ink that its shadow seems to be.
    fn darkness(&self) -> f32 {
        self.shadow.iter().copied().fold(0.0, f32::max)
    }

    /// Pixels by which a place lies below the fold.
    pub(super) fn below(&self, place: (f32, f32)) -> f32 {
        self.crack.below(place)
    }

    /// Whether a place lies so near that ink may have cracked off there: 1 mm.
    pub(super) fn is_near(&self, place: (f32, f32)) -> bool {
        self.crack.below(place).abs().min(self.shade.below(place).abs()) < 8.0
    }

    /// Whether a place lies where ink cracked off.
    pub(super) fn is_cracked(&self, place: (f32, f32)) -> bool {
        self.below(place).abs() < self.half_crack
    }

    /// The ink that the shadow seems to be at a place.
    pub(super) fn shadow_at(&self, place: (f32, f32)) -> f32 {
        let at = self.shade.below(place) + REACH as f32;
        if at < 0.0 {
            return 0.0;
        }
        let of = |index: usize| self.shadow.get(index).copied().unwrap_or_default();
        let (before, after) = (of(at as usize), of(at as usize + 1));
        before + (after - before) * at.fract()
    }
}

impl Line {
    /// Pixels by which a place lies below it.
    fn below(self, (x, y): (f32, f32)) -> f32 {
        y - self.at - self.slope * (x - self.middle)
    }

    /// The row some pixels below it in a column; `None` outside the page.
    fn row(self, x: usize, below: f32, height: usize) -> Option<usize> {
        let y = self.at + below + self.slope * (x as f32 + 0.5 - self.middle);
        (y >= 0.0 && (y as usize) < height).then_some(y as usize)
    }
}

/// How dark the shadow is, row by row beside its line.
fn shadow(line: Line, drawn: &Plane, presented: &Plane) -> Vec<f32> {
    let median_at = |offset: usize| {
        let below = offset as f32 - REACH as f32;
        let rows = (0..drawn.width()).filter_map(|x| Some((x, line.row(x, below, drawn.height())?)));
        let blank = rows.filter(|(x, y)| drawn.get(*x, *y) < BLANK);
        median(blank.map(|(x, y)| f64::from(presented.get(x, y)))) as f32
    };
    let medians: Vec<f32> = (0..=2 * REACH).map(median_at).collect();
    let paper = medians.first().copied().unwrap_or_default().min(medians.last().copied().unwrap_or_default());
    medians.into_iter().map(|ink| ink - paper).collect()
}

#[cfg(test)]
mod tests;
