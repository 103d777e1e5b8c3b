//! Folds across a page: a shadow along them, ink cracked off, and the paper below lies a little aside.
//!
//! A fold is found by its shadow, a stripe darker than the paper on both sides of it from one edge of the page to the other.
//! The crack takes a thin stripe out of every letter and rule it crosses, which says nothing of what stood there: nothing
//! else than this stripe is left out of the comparison.

mod crack;
mod shade;

use super::line::Line;
use super::plane::Plane;
use crate::median::median;
use shade::{DarkLine, Paper};

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

/// Pixels beside a fold to which its shadow reaches: 5 mm.
const REACH: usize = 40;
/// Ink that a shadow seems to be without which a line where no ink is missing is none: less does no harm.
const LEAST_DARKNESS: f32 = 0.05;
/// Ink drawn below which paper is blank.
const BLANK: f32 = 0.02;

impl Fold {
    /// The folds along the lines of a page, from the ink that was drawn, printed alike, and the ink that is there, laid over
    /// strip by strip between them: what lies aside is not missing.
    pub(super) fn along_all(lines: &[Line], drawn: &Plane, presented: &Plane) -> Vec<Self> {
        let folds = lines.iter().map(|line| Self::along(*line, drawn, presented));
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
        self.shade.below(place)
    }

    /// Whether a place lies so near that ink may have cracked off there: 1 mm.
    pub(super) fn is_near(&self, place: (f32, f32)) -> bool {
        self.crack.below(place).abs().min(self.shade.below(place).abs()) < 8.0
    }

    /// Whether a place lies where ink cracked off.
    pub(super) fn is_cracked(&self, place: (f32, f32)) -> bool {
        self.crack.below(place).abs() < self.half_crack
    }

    /// The ink that the shadow seems to be at a place; `None` beyond its reach.
    fn shadow_at(&self, place: (f32, f32)) -> Option<f32> {
        let at = self.shade.below(place) + REACH as f32;
        let of = |index: usize| self.shadow.get(index).copied();
        let (before, after) = (of(at.max(0.0) as usize)?, of(at as usize + 1)?);
        (at >= 0.0).then_some(before + (after - before) * at.fract())
    }
}

/// The lines along which a page was folded, the darkest first, from the ink that was drawn, printed alike, and the ink that is
/// there.
pub(super) fn lines(drawn: &Plane, presented: &Plane) -> Vec<Line> {
    /// Pixels from the darkest line of a shadow within which others are its own: 2 mm.
    const SAME: f32 = 16.0;
    /// Folds of a page; on one with stripes all over there is no end of them.
    const MOST: usize = 8;
    let mut lines = Paper::of(drawn, presented).dark_lines();
    lines.sort_by(|one, other| other.darkness.total_cmp(&one.darkness));
    let mut found = Vec::new();
    // What lies close to the darkest line is the same fold.
    while let Some(darkest) = lines.first().copied().filter(|_| found.len() < MOST) {
        let is_same = |dark: &DarkLine| (dark.line.at - darkest.line.at).abs() <= SAME;
        let (same, others): (Vec<DarkLine>, Vec<DarkLine>) = lines.into_iter().partition(is_same);
        found.push(middle(darkest, &same));
        lines = others;
    }
    found
}

/// The middle of the lines of one shadow: a wide one has many that are next to as dark.
fn middle(darkest: DarkLine, lines: &[DarkLine]) -> Line {
    /// Part of the darkness of the darkest that another has at least.
    const LEAST: f32 = 0.8;
    let dark: Vec<Line> =
        lines.iter().filter(|dark| dark.darkness >= darkest.darkness * LEAST).map(|dark| dark.line).collect();
    let mean = |of: fn(&Line) -> f32| dark.iter().map(of).sum::<f32>() / dark.len() as f32;
    Line { at: mean(|line| line.at), slope: mean(|line| line.slope), ..darkest.line }
}

/// The ink that the shadows of folds seem to be: where two meet, each is as dark as both.
pub(super) fn shadow_at(folds: &[Fold], place: (f32, f32)) -> f32 {
    folds.iter().filter_map(|fold| fold.shadow_at(place)).reduce(f32::max).unwrap_or_default()
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
