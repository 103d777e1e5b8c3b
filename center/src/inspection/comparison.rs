//! The presented front against the drawn one: how it was printed and scanned is estimated first, then ink is looked
//! for where even a fatter print has none, and missing where even a thinner one has some.
//!
//! A printer thickens strokes and a scanner blurs them, more or less on each machine: the drawn front is thickened and
//! blurred until it is most like the presented one. What then lies outside the range between a thinner and a fatter
//! rendition counts when enough of it lies together, and no speck on blank paper explains it.

mod spot;
mod tone;

use crate::raster::Raster;

use super::alignment::Aligned;
use super::dirt::Neighbourhood;
use super::plane::Plane;
use super::report::{Area, Difference};
use super::{Front, Item};
use spot::{Spot, join, spots};
use tone::Tone;

/// Resolution at which fronts are compared.
pub(super) const DPI: f32 = 200.0;

/// How the drawn front became the presented one.
#[derive(Debug, Clone, Copy)]
struct Rendition {
    /// How far edges moved outwards, in half pixels.
    gain: f32,
    /// Blur in pixels.
    blur: f32,
}

/// Half pixels by which edges may lie elsewhere than in the rendition: 32 µm.
const TOLERANCE: f32 = 0.5;
/// The same on a scan of less than 220 dpi, whose noise is not averaged: 51 µm.
const TOLERANCE_COARSE: f32 = 0.8;
/// Blur of the drawn front before its edges are moved, in half pixels.
const EDGE: f32 = 1.0;
/// Blur that joins what is out of range, in pixels.
const SMOOTHING: f32 = 0.8;
/// Ink out of range that is looked at.
const SEEN: f32 = 0.2;
/// Ink out of range, in pixels of full ink, that makes a difference.
const LEAST_MASS: f32 = 2.0;
/// What a speck of dirt leaves of a spot at most.
const LEAST_REST: f32 = 0.5;
/// Ink out of range that makes a difference on a scan of less than 190 dpi.
const LEAST_MASS_COARSE: f32 = 5.0;

/// What a comparison showed.
#[derive(Debug)]
pub struct Comparison {
    /// The places where the presented front differs from the drawn one.
    pub differences: Vec<Difference>,
    /// Small round spots that were taken for dirt.
    pub dirt: Vec<Area>,
    /// The most ink out of range at one place, dirt left out, as a multiple of what makes a difference.
    pub deviation: f64,
}

/// Compares. `drawn` has twice the resolution [`DPI`].
pub(super) fn compare(drawn: &Raster, aligned: &Aligned, front: &Front) -> Comparison {
    let page = Page::new(drawn, aligned);
    let least = if aligned.is_coarse() { LEAST_MASS_COARSE } else { LEAST_MASS };
    let codes: Vec<Area> = front.codes.iter().map(|code| code.area).collect();
    let (width, height) = (page.presented.width(), page.presented.height());
    let is_compared =
        |spot: &Spot| spot.is_inside(width, height) && !codes.iter().any(|code| code.overlap(&spot.area()) > 0.0);
    let (large, small): (Vec<Spot>, Vec<Spot>) =
        spots(&page.excess()).into_iter().filter(is_compared).partition(|spot| spot.mass() >= least);
    let mut worst = small.iter().map(|spot| spot.mass() / least).fold(0.0, f32::max);
    let (mut differences, mut dirt) = (Vec::new(), Vec::new());
    for spot in join(large) {
        let deviation = (spot.mass() / least).min(page.unexplained(&spot) / LEAST_REST);
        worst = worst.max(deviation);
        if deviation < 1.0 {
            dirt.push(spot.area());
        } else {
            differences.push(difference(&spot, deviation, &front.items));
        }
    }
    Comparison { differences, dirt, deviation: f64::from(worst) }
}

/// A presented page over the drawn one, and how it was printed and scanned.
struct Page<'a> {
    aligned: &'a Aligned,
    edges: Plane,
    tone: Tone,
    presented: Plane,
    lower: Rendition,
    upper: Rendition,
}

impl<'a> Page<'a> {
    fn new(drawn: &Raster, aligned: &'a Aligned) -> Self {
        let edges = Plane::ink(drawn).blurred(EDGE);
        let greys = aligned.laid_over_smoothly();
        let tone = Tone::of(&greys, &edges);
        let presented = Plane::from_pixels(greys.width(), greys.height(), |x, y| {
            tone.ink((x as f32 + 0.5, y as f32 + 0.5), f32::from(greys.get(x, y)))
        });
        let rendition = Rendition::fitting(&edges, &presented);
        let tolerance = if aligned.is_fine() { TOLERANCE } else { TOLERANCE_COARSE };
        let lower = Rendition { gain: rendition.gain - tolerance, ..rendition };
        let upper = Rendition { gain: rendition.gain + tolerance, ..rendition };
        Self { aligned, edges, tone, presented, lower, upper }
    }

    /// Ink out of range: too much above 0, too little below.
    fn excess(&self) -> Plane {
        let (lower, upper) = (self.lower.of(&self.edges), self.upper.of(&self.edges));
        let excess = Plane::from_pixels(self.presented.width(), self.presented.height(), |x, y| {
            least_and_most(self.presented.get(x, y), lower.get(x, y), upper.get(x, y))
        });
        excess.blurred(SMOOTHING)
    }

    /// What of a spot no dirt explains, in pixels of full ink; without bound for what is too long, lacks ink
    /// or lies beside issued ink.
    fn unexplained(&self, spot: &Spot) -> f32 {
        /// Pixels around a spot that are looked at with it.
        const MARGIN: usize = 4;
        /// Ink that blank paper may seem to have.
        const BLANK: f32 = 0.1;
        /// What is longer is no dirt: 1 mm.
        const LONGEST: usize = 8;
        let size = (spot.right - spot.left, spot.bottom - spot.top);
        if spot.lack > 0.0 || size.0.max(size.1) > LONGEST {
            return f32::INFINITY;
        }
        let corner = ((spot.left - MARGIN) * 2, (spot.top - MARGIN) * 2);
        let size = ((size.0 + 2 * MARGIN) * 2, (size.1 + 2 * MARGIN) * 2);
        let edges = self.edges.part(corner, size);
        if (0..size.1).flat_map(|y| edges.row(y)).any(|ink| *ink > BLANK) {
            return f32::INFINITY;
        }
        let presented = Plane::from_pixels(size.0, size.1, |x, y| {
            let place = ((corner.0 + x) as f32 / 2.0 + 0.25, (corner.1 + y) as f32 / 2.0 + 0.25);
            self.tone.ink(place, self.aligned.grey_at(f64::from(place.0), f64::from(place.1)))
        });
        let neighbourhood = Neighbourhood {
            lower: self.lower.finely(&edges),
            upper: self.upper.finely(&edges),
            presented,
            blur: self.lower.blur * 2.0,
        };
        neighbourhood.unexplained()
    }
}

/// How far ink lies above the most or below the least.
pub(super) fn least_and_most(ink: f32, least: f32, most: f32) -> f32 {
    (ink - most).max(0.0) + (ink - least).min(0.0)
}

/// Ink out of range, as far as it is looked at, in pixels of [`DPI`]; of a plane with `fineness` pixels along each.
pub(super) fn seen_mass(excess: &Plane, fineness: f32) -> f32 {
    let smooth = excess.blurred(SMOOTHING * fineness);
    let seen = (0..smooth.height()).flat_map(|y| smooth.row(y)).filter(|value| value.abs() >= SEEN);
    seen.map(|value| value.abs()).sum::<f32>() / (fineness * fineness)
}

impl Rendition {
    /// The rendition most like the presented front, judged on pieces with text on them.
    fn fitting(edges: &Plane, presented: &Plane) -> Self {
        /// Side of a piece in pixels.
        const SIDE: usize = 96;
        const MOST: usize = 24;
        let places =
            (0..presented.height() / SIDE).flat_map(|row| (0..presented.width() / SIDE).map(move |c| (c, row)));
        let mut pieces: Vec<(f32, Plane, Plane)> = places
            .map(|(column, row)| {
                let corner = (column * SIDE, row * SIDE);
                let drawn = edges.part((corner.0 * 2, corner.1 * 2), (SIDE * 2, SIDE * 2));
                let ink = (0..SIDE * 2).flat_map(|y| drawn.row(y)).sum::<f32>();
                (ink, drawn, presented.part(corner, (SIDE, SIDE)))
            })
            .collect();
        pieces.retain(|(ink, ..)| *ink > 200.0);
        // The most inked are codes and headings; the middle ones are text.
        pieces.sort_by(|(one, ..), (other, ..)| one.total_cmp(other));
        let every = pieces.len().div_ceil(MOST).max(1);
        let pieces: Vec<_> = pieces.into_iter().step_by(every).collect();
        let error = |rendition: Self| -> f32 {
            let differences = pieces.iter().map(|(_, drawn, presented)| {
                let rendered = rendition.of(drawn);
                let rows = (0..SIDE).flat_map(|y| rendered.row(y).iter().zip(presented.row(y)));
                // Saturated, so that a forged word does not sway the estimate.
                rows.map(|(a, b)| (a - b).powi(2).min(0.1)).sum::<f32>()
            });
            differences.sum()
        };
        let mut best = Self { gain: 0.0, blur: 0.8 };
        let mut least = error(best);
        // Four steps of each size are enough to cross the range; a step that does not help is followed by smaller ones.
        let steps = [(0.6, 0.4), (0.3, 0.2), (0.15, 0.1)].into_iter().flat_map(|step| std::iter::repeat_n(step, 4));
        for (gain_step, blur_step) in steps {
            let around = [(gain_step, 0.0), (-gain_step, 0.0), (0.0, blur_step), (0.0, -blur_step)];
            let tried = around.map(|(gain, blur)| Self {
                gain: (best.gain + gain).clamp(-1.2, 2.4),
                blur: (best.blur + blur).clamp(0.3, 3.0),
            });
            let tried = tried.map(|rendition| (error(rendition), rendition)).into_iter();
            let better = tried.filter(|(found, _)| *found < least).min_by(|one, other| one.0.total_cmp(&other.0));
            (least, best) = better.unwrap_or((least, best));
        }
        best
    }

    /// The drawn front as it would be printed and scanned.
    fn of(self, edges: &Plane) -> Plane {
        self.grown(edges).halved().blurred(self.blur)
    }

    /// The same at twice the resolution.
    fn finely(self, edges: &Plane) -> Plane {
        self.grown(edges).blurred(self.blur * 2.0)
    }

    fn grown(self, edges: &Plane) -> Plane {
        // Where a blurred straight edge is moved outwards by the gain; the slope keeps edges smooth.
        let threshold = normal_distribution(-self.gain / EDGE);
        let slope = 1.6;
        edges.map(|ink| ((ink - threshold) * slope + 0.5).clamp(0.0, 1.0))
    }
}

/// The standard normal distribution function (Bowling et al. 2009, error below 2e-4).
fn normal_distribution(x: f32) -> f32 {
    1.0 / (1.0 + (-(0.070_56 * x.powi(3) + 1.5976 * x)).exp())
}

/// Names the text that covers most of a spot.
fn difference(spot: &Spot, deviation: f32, items: &[Item]) -> Difference {
    let area = spot.area();
    let issued = items
        .iter()
        .map(|item| (item.area.overlap(&area), item))
        .filter(|(overlap, _)| *overlap > 0.0)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, item)| item.text.clone());
    Difference { area, issued, deviation: f64::from((deviation * 100.0).round()) / 100.0 }
}
