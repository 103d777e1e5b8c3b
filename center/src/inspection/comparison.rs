//! The presented front against the drawn one: how it was printed and scanned is estimated first, then ink is looked
//! for where even a fatter print has none, and missing where even a thinner one has some.
//!
//! A printer thickens strokes and a scanner blurs them, more or less on each machine: the drawn front is thickened and
//! blurred until it is most like the presented one. What then lies outside the range between a thinner and a fatter
//! rendition counts when enough of it lies together, and neither specks nor ink that came off a letter explain it: that
//! is asked of each spot, with the letters on which it lies.

mod rendition;
mod rule;
mod spot;
mod tone;
mod way;
mod window;

use crate::document::ground_pattern::CopyWord;
use crate::raster::Raster;

use super::alignment::Aligned;
use super::dirt::Neighbourhood;
use super::fold::{self, Fold, shadow_at};
use super::letters::{Letter, Window};
use super::plane::Plane;
use super::report::{Area, Difference};
use super::{Front, FrontDrawing, Item};
use rendition::Rendition;
use spot::{Spot, join, spots};
use tone::Tone;
use window::is_cracked;

/// Resolution at which fronts are compared.
pub(super) const DPI: f32 = 200.0;

/// Half pixels by which edges may lie elsewhere than in the rendition: 32 µm.
const TOLERANCE: f32 = 0.5;
/// The same on a scan of less than 220 dpi, whose noise is not averaged: 51 µm.
const TOLERANCE_COARSE: f32 = 0.8;
/// Blur of the drawn front before its edges are moved, in half pixels.
pub(super) const EDGE: f32 = 1.0;
/// Half pixels in a millimetre.
pub(super) const FINE_PER_MM: f32 = 2.0 * DPI / 25.4;
/// Blur that joins what is out of range, in pixels.
const SMOOTHING: f32 = 0.8;
/// Ink out of range that is looked at.
const SEEN: f32 = 0.2;
/// Ink out of range, in pixels of full ink, that makes a difference.
const LEAST_MASS: f32 = 2.0;
/// What specks of dirt leave of a spot at most.
const LEAST_REST: f32 = 0.8;
/// What makes another letter of one: more of the pixels in which they differ speak for the other, by this part of them.
const LEAST_REPLACED: f32 = 0.33;
/// The same of a letter that a fold runs through.
const LEAST_REPLACED_ON_FOLD: f32 = 0.36;
/// The same where the other letter has less ink: a crack narrower than the blur is not seen itself, and takes a hairline away.
const LEAST_LOST_AT_FOLD: f32 = 0.75;
/// Ink out of range for which a letter is looked at more closely, and the part of what makes a difference.
const TRACE: f32 = 0.15;
/// Ink out of range that makes a difference on a scan of less than 190 dpi.
const LEAST_MASS_COARSE: f32 = 5.0;

/// Half pixels around a letter by which it is judged where the paper lies: 8 mm and 3 mm.
const AROUND: (usize, usize) = (126, 48);
/// A spot is judged by itself.
const ALONE: (usize, usize) = (0, 0);

/// What a comparison showed.
#[derive(Debug)]
pub struct Comparison {
    /// The places where the presented front differs from the drawn one.
    pub differences: Vec<Difference>,
    /// Spots that were taken for dirt or wear.
    pub dirt: Vec<Area>,
    /// How far the worst place is from what was issued, as a multiple of what makes a difference.
    pub deviation: f64,
}

/// Compares, and lays the presented page over more closely where it was folded. `drawn` has twice the resolution [`DPI`].
pub(super) fn compare(
    drawn: &Raster,
    aligned: Aligned,
    front: &Front,
    drawing: &dyn FrontDrawing,
) -> (Comparison, Aligned) {
    let page = Page::new(drawn, aligned, front.copy_word.as_ref());
    let least = if page.aligned.is_coarse() { LEAST_MASS_COARSE } else { LEAST_MASS };
    let codes: Vec<Area> = front.codes.iter().map(|code| code.area).collect();
    let is_compared = |spot: &Spot| page.shows(spot) && !codes.iter().any(|code| code.overlap(&spot.area()) > 0.0);
    let traces = spots(&page.excess, TRACE).into_iter().filter(|spot| spot.mass() >= least * TRACE);
    let traces: Vec<Area> = traces.map(|spot| spot.area()).collect();
    let letters = front.letters.iter().filter(|letter| letter.is_read()).filter(|letter| {
        let area = letter.area();
        traces.iter().any(|trace| trace.overlap(&area) > 0.0)
    });
    let letters = letters.map(|letter| Spot::at(&letter.area(), letter.item, page.replaced(letter, drawing)));
    let large = spots(&page.excess, page.seen).into_iter().filter(|spot| is_compared(spot) && spot.mass() >= least);
    let judged: Vec<Spot> =
        large.map(|spot| spot.judged(page.deviation(&spot, least, &front.letters))).chain(letters).collect();
    let worst = judged.iter().map(|spot| spot.deviation).fold(0.0, f32::max);
    let (different, others): (Vec<Spot>, Vec<Spot>) = judged.into_iter().partition(|spot| spot.deviation >= 1.0);
    let dirty = others.into_iter().filter(|spot| spot.mass() >= least).collect();
    let comparison = Comparison {
        differences: join(different).iter().map(|spot| difference(spot, &front.items)).collect(),
        dirt: join(dirty).iter().map(Spot::area).collect(),
        deviation: f64::from(worst),
    };
    (comparison, page.aligned)
}

/// A presented page over the drawn one, and how it was printed and scanned.
struct Page<'a> {
    aligned: Aligned,
    /// The word in the ground.
    word: Option<&'a CopyWord>,
    edges: Plane,
    tone: Tone,
    presented: Plane,
    /// The drawn front, printed and scanned alike.
    rendered: Plane,
    folds: Vec<Fold>,
    rendition: Rendition,
    lower: Rendition,
    upper: Rendition,
    /// Ink out of range, smoothed: too much above 0, too little below.
    excess: Plane,
    /// Ink out of range that is looked at: more than the dots of the ground pattern make.
    seen: f32,
}

impl<'a> Page<'a> {
    fn new(drawn: &Raster, aligned: Aligned, word: Option<&'a CopyWord>) -> Self {
        let edges = Plane::ink(drawn).blurred(EDGE);
        let (tone, presented) = inked(&aligned, &edges);
        let rendition = Rendition::fitting(&edges, &presented);
        let rendered = rendition.of(&edges);
        // Below a fold the paper lies elsewhere at once.
        let lines = fold::lines(&rendered, &presented);
        let (aligned, tone, presented) = if lines.is_empty() {
            (aligned, tone, presented)
        } else {
            let aligned = aligned.folded_along(&drawn.shrunk(2), &lines);
            let (tone, presented) = inked(&aligned, &edges);
            (aligned, tone, presented)
        };
        let folds = Fold::along_all(&lines, &rendered, &presented);
        let presented = Plane::from_pixels(presented.width(), presented.height(), |x, y| {
            presented.get(x, y) - shadow_at(&folds, (x as f32 + 0.5, y as f32 + 0.5))
        });
        let tolerance = if aligned.is_fine() { TOLERANCE } else { TOLERANCE_COARSE };
        let lower = Rendition { gain: rendition.gain - tolerance, ..rendition };
        let upper = Rendition { gain: rendition.gain + tolerance, ..rendition };
        let excess = excess((&lower.of(&edges), &presented, &upper.of(&edges)), &folds);
        let seen = seen(&excess, &edges);
        Self { aligned, word, edges, tone, presented, rendered, folds, rendition, lower, upper, excess, seen }
    }

    /// Whether a spot lies where something of the page is seen. Close to the edge that is the lid of a scanner or, where the
    /// page lay askew, nothing; what the certificate says stands further inside, and is looked for there in any case.
    fn shows(&self, spot: &Spot) -> bool {
        /// Pixels from the edge in which there are the lid and the paper's edge: 7 mm.
        const LID: usize = 56;
        /// Pixels from the edge in which nothing is printed but the ground and codes: 12 mm.
        const GROUND: usize = 94;
        let size = (self.presented.width(), self.presented.height());
        let mut corners =
            [(spot.left, spot.top), (spot.right, spot.top), (spot.left, spot.bottom), (spot.right, spot.bottom)]
                .into_iter()
                .map(|(x, y)| (x as f64, y as f64));
        spot.is_inside(size, GROUND) || (spot.is_inside(size, LID) && corners.all(|(x, y)| self.aligned.holds(x, y)))
    }

    /// How far another letter in place of one is from what is seen, as a multiple of what makes a difference.
    fn replaced(&self, letter: &Letter, drawing: &dyn FrontDrawing) -> f32 {
        let window = self.window_of(letter);
        let dots = self.dots(&window);
        let found = letter.replaced(
            &drawing.alike(letter, &letter.seen(&window)),
            &window,
            |edges| self.rendition.finely(&edges.zip(&dots, f32::max)),
            self.rendition.blur * 2.0,
        );
        let least = if found.lacks_ink && self.is_near_fold(letter) {
            LEAST_LOST_AT_FOLD
        } else if window.known.values().all(|known| known > 0.0) {
            LEAST_REPLACED
        } else {
            LEAST_REPLACED_ON_FOLD
        };
        (1.0 + found.found) / (1.0 + least)
    }

    /// How far a spot is from dirt, wear and chance: below 1 it is one of them.
    ///
    /// Paper that was folded lies a little aside, and a rule along a fold is parted; dirt is round, small and adds ink. Where
    /// ink came off, and where dirt lies on a letter, it is asked which letter it is.
    fn deviation(&self, spot: &Spot, least: f32, letters: &[Letter]) -> f32 {
        /// How many times as much ink is a stroke over letters, whatever letters they are.
        const OVER: f32 = 4.0;
        let still = self.mass_when_moved(spot).min(spot.mass()) / least;
        if still < 1.0 || (!letters.is_empty() && spot.lack > 0.0) || self.is_parted_rule(spot) {
            return still.min(0.99);
        }
        if spot.lack > 0.0 {
            still
        } else if letters.iter().any(|letter| letter.area().contains(spot.middle_mm())) {
            still / OVER
        } else {
            still.min(self.unexplained(spot) / LEAST_REST)
        }
    }

    /// The ink out of range of a spot if the paper lies a little aside here, in pixels of full ink.
    fn mass_when_moved(&self, spot: &Spot) -> f32 {
        /// Pixels of a piece's side: each may lie elsewhere.
        const SIDE: usize = 24;
        let pieces = (spot.top..spot.bottom).step_by(SIDE).flat_map(|top| {
            (spot.left..spot.right)
                .step_by(SIDE)
                .map(move |left| ((left, top), ((spot.right - left).min(SIDE), (spot.bottom - top).min(SIDE))))
        });
        let is_like = |excess: f32| (excess > 0.0) == (spot.surplus > 0.0);
        pieces.map(|(corner, size)| self.mass(corner, size, is_like)).sum()
    }

    /// The ink out of range of a piece, as far as it is like that of the spot: too much or too little.
    fn mass(&self, corner: (usize, usize), size: (usize, usize), is_like: impl Fn(f32) -> bool) -> f32 {
        /// Half pixels around a piece that are looked at with it.
        const MARGIN: usize = 8;
        let start = |at: usize| (2 * at).saturating_sub(MARGIN);
        let size = (2 * (size.0 + MARGIN), 2 * (size.1 + MARGIN));
        let Window { edges, presented, known, .. } = self.window((start(corner.0), start(corner.1)), size, ALONE);
        let (lower, upper) = (self.lower.finely(&edges), self.upper.finely(&edges));
        let excess = Plane::from_pixels(size.0, size.1, |x, y| {
            let excess = least_and_most(presented.get(x, y), lower.get(x, y), upper.get(x, y));
            if is_like(excess) { excess * known.get(x, y) } else { 0.0 }
        });
        seen_mass(&excess, 2.0, self.seen)
    }

    /// What of a spot no specks explain, in pixels of full ink; without bound for what is too long.
    fn unexplained(&self, spot: &Spot) -> f32 {
        /// Pixels around a spot that are looked at with it.
        const MARGIN: usize = 4;
        if !spot.is_small() {
            return f32::INFINITY;
        }
        let size = (spot.right - spot.left, spot.bottom - spot.top);
        let corner = ((spot.left - MARGIN) * 2, (spot.top - MARGIN) * 2);
        let size = ((size.0 + 2 * MARGIN) * 2, (size.1 + 2 * MARGIN) * 2);
        let Window { edges, presented: moved, .. } = self.window(corner, size, ALONE);
        // Blank paper has no place of its own: there the way that was found is chance.
        let rest = [self.presented_at(corner, size), moved].map(|presented| {
            let (lower, upper) = (self.lower.finely(&edges), self.upper.finely(&edges));
            Neighbourhood { lower, upper, presented, blur: self.lower.blur * 2.0 }.unexplained(self.seen)
        });
        let [still, moved] = rest;
        still.min(moved)
    }
}

/// The greys of a page that is laid over the drawn one, and its ink.
fn inked(aligned: &Aligned, edges: &Plane) -> (Tone, Plane) {
    let greys = aligned.laid_over_smoothly();
    let tone = Tone::of(&greys, edges);
    let ink = Plane::from_pixels(greys.width(), greys.height(), |x, y| {
        tone.ink((x as f32 + 0.5, y as f32 + 0.5), f32::from(greys.get(x, y)))
    });
    (tone, ink)
}

/// Ink out of range, smoothed, where no ink cracked off.
fn excess((lower, presented, upper): (&Plane, &Plane, &Plane), folds: &[Fold]) -> Plane {
    let excess = Plane::from_pixels(presented.width(), presented.height(), |x, y| {
        let place = (x as f32 + 0.5, y as f32 + 0.5);
        if is_cracked(folds, place) {
            0.0
        } else {
            least_and_most(presented.get(x, y), lower.get(x, y), upper.get(x, y))
        }
    });
    excess.blurred(SMOOTHING)
}

/// Ink out of range that is looked at, of what was drawn with these edges.
fn seen(excess: &Plane, edges: &Plane) -> f32 {
    /// Part of the blank paper on which there may be dirt.
    const DIRTY: f32 = 0.001;
    let blank = (0..excess.height()).step_by(3).flat_map(|y| {
        let pixels = excess.row(y).iter().enumerate();
        pixels.filter(move |(x, _)| edges.get(2 * x, 2 * y) < 0.02).map(|(_, ink)| *ink)
    });
    let mut inks: Vec<f32> = blank.collect();
    let place = (inks.len() as f32 * (1.0 - DIRTY)) as usize;
    let most = if place < inks.len() { *inks.select_nth_unstable_by(place, f32::total_cmp).1 } else { 0.0 };
    SEEN.max(most * 1.2)
}

/// How far ink lies above the most or below the least.
pub(super) fn least_and_most(ink: f32, least: f32, most: f32) -> f32 {
    (ink - most).max(0.0) + (ink - least).min(0.0)
}

/// Ink out of range, as far as it is looked at, in pixels of [`DPI`]; of a plane with `fineness` pixels along each.
pub(super) fn seen_mass(excess: &Plane, fineness: f32, seen_from: f32) -> f32 {
    let smooth = excess.blurred(SMOOTHING * fineness);
    let seen = (0..smooth.height()).flat_map(|y| smooth.row(y)).filter(|value| value.abs() >= seen_from);
    seen.map(|value| value.abs()).sum::<f32>() / (fineness * fineness)
}

/// Names the text in which a letter was replaced, or else the one that covers most of a spot.
fn difference(spot: &Spot, items: &[Item]) -> Difference {
    let area = spot.area();
    let covered = items.iter().map(|item| (item.area.overlap(&area), item)).filter(|(overlap, _)| *overlap > 0.0);
    let covered = covered.max_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, item)| item);
    let issued = spot.item.map_or(covered, |item| items.get(item)).map(|item| item.text.clone());
    Difference { area, issued, deviation: f64::from((spot.deviation * 100.0).round()) / 100.0 }
}
