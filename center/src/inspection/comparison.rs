//! The presented front against the drawn one: how it was printed and scanned is estimated first, then ink is looked
//! for where even a fatter print has none, and missing where even a thinner one has some.
//!
//! A printer thickens strokes and a scanner blurs them, more or less on each machine: the drawn front is thickened and
//! blurred until it is most like the presented one. What then lies outside the range between a thinner and a fatter
//! rendition is a difference; it counts when enough of it lies together.

use crate::raster::Raster;

use super::alignment::Aligned;
use super::plane::Plane;
use super::report::{Area, Difference};
use super::{Front, Item};

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
/// Ink out of range that is looked at.
const SEEN: f32 = 0.2;
/// Ink out of range, in pixels of full ink, that makes a difference.
const LEAST_MASS: f32 = 2.0;
/// The same on a scan of less than 190 dpi.
const LEAST_MASS_COARSE: f32 = 5.0;

/// The places where the presented front differs from the drawn one. `drawn` has twice the resolution [`DPI`].
pub(super) fn compare(drawn: &Raster, aligned: &Aligned, front: &Front) -> Vec<Difference> {
    let edges = Plane::ink(drawn).blurred(EDGE);
    let presented = aligned.laid_over_smoothly();
    let presented = normalised(&presented, &edges);
    let rendition = Rendition::fitting(&edges, &presented);
    let tolerance = if aligned.is_fine() { TOLERANCE } else { TOLERANCE_COARSE };
    let lower = Rendition { gain: rendition.gain - tolerance, ..rendition }.of(&edges);
    let upper = Rendition { gain: rendition.gain + tolerance, ..rendition }.of(&edges);
    let excess = Plane::from_pixels(presented.width(), presented.height(), |x, y| {
        let ink = presented.get(x, y);
        (ink - upper.get(x, y)).max(0.0) + (ink - lower.get(x, y)).min(0.0)
    });
    let codes: Vec<Area> = front.codes.iter().map(|code| code.area).collect();
    let least = if aligned.is_coarse() { LEAST_MASS_COARSE } else { LEAST_MASS };
    let spots = spots(&excess.blurred(0.8)).into_iter().filter(|spot| spot.mass >= least);
    let spots = spots.filter(|spot| spot.is_inside(presented.width(), presented.height()));
    let spots = spots.filter(|spot| !codes.iter().any(|code| code.overlap(&spot.area()) > 0.0));
    join(spots.collect()).iter().map(|spot| difference(spot, &front.items)).collect()
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
        // Where a blurred straight edge is moved outwards by the gain; the slope keeps edges smooth.
        let threshold = normal_distribution(-self.gain / EDGE);
        let slope = 1.6;
        edges.map(|ink| ((ink - threshold) * slope + 0.5).clamp(0.0, 1.0)).halved().blurred(self.blur)
    }
}

/// The standard normal distribution function (Bowling et al. 2009, error below 2e-4).
fn normal_distribution(x: f32) -> f32 {
    1.0 / (1.0 + (-(0.070_56 * x.powi(3) + 1.5976 * x)).exp())
}

/// Ink against the local paper and the page's black: 0 is the paper with its ground pattern, 1 is solid ink.
fn normalised(presented: &Raster, edges: &Plane) -> Plane {
    const TILE: usize = 64;
    let (columns, rows) = (presented.width().div_ceil(TILE), presented.height().div_ceil(TILE));
    let paper_of = |column: usize, row: usize| -> Option<f32> {
        let mut counts = [0_u32; 256];
        for y in row * TILE..((row + 1) * TILE).min(presented.height()) {
            let greys = presented.row(y).iter().enumerate().skip(column * TILE).take(TILE);
            greys.filter(|(x, _)| edges.get(2 * x, 2 * y) < 0.02).for_each(|(_, grey)| count(&mut counts, *grey));
        }
        median(&counts, 300)
    };
    let papers: Vec<Option<f32>> = (0..columns * rows).map(|tile| paper_of(tile % columns, tile / columns)).collect();
    let page = f32::from(presented.paper());
    let paper_near = |column: usize, row: usize| -> f32 {
        let near = |tile: &usize| (tile % columns).abs_diff(column) <= 1 && (tile / columns).abs_diff(row) <= 1;
        let known: Vec<f32> = (0..papers.len()).filter(near).filter_map(|tile| *papers.get(tile)?).collect();
        if known.is_empty() { page } else { known.iter().sum::<f32>() / known.len() as f32 }
    };
    let smooth: Vec<f32> = (0..columns * rows).map(|tile| paper_near(tile % columns, tile / columns)).collect();
    let mut solid = [0_u32; 256];
    for y in (0..presented.height()).step_by(2) {
        let greys = presented.row(y).iter().enumerate();
        greys.filter(|(x, _)| edges.get(2 * x, 2 * y) > 0.995).for_each(|(_, grey)| count(&mut solid, *grey));
    }
    let black = median(&solid, 100).unwrap_or(page * 0.25).min(page * 0.7);
    let paper_at = |x: usize, y: usize| {
        let place = |position: usize, count: usize| {
            let position = (position as f32 / TILE as f32 - 0.5).clamp(0.0, (count - 1) as f32);
            (position as usize, (position as usize + 1).min(count - 1), position.fract())
        };
        let ((left, right, across), (top, bottom, down)) = (place(x, columns), place(y, rows));
        let at = |column: usize, row: usize| smooth.get(row * columns + column).copied().unwrap_or(page);
        let upper = at(left, top) + (at(right, top) - at(left, top)) * across;
        let lower = at(left, bottom) + (at(right, bottom) - at(left, bottom)) * across;
        upper + (lower - upper) * down
    };
    Plane::from_pixels(presented.width(), presented.height(), |x, y| {
        let paper = paper_at(x, y);
        (paper - f32::from(presented.get(x, y))) / (paper - black).max(20.0)
    })
}

fn count(counts: &mut [u32; 256], grey: u8) {
    if let Some(count) = counts.get_mut(usize::from(grey)) {
        *count += 1;
    }
}

/// The median grey of a histogram; `None` of too few pixels.
fn median(counts: &[u32; 256], least: u32) -> Option<f32> {
    let total: u32 = counts.iter().sum();
    let mut left = total / 2;
    let found = (0_u8..=u8::MAX).zip(counts).find(|(_, count)| {
        let is_here = **count > left;
        left = left.saturating_sub(**count);
        is_here
    });
    found.filter(|_| total >= least).map(|(grey, _)| f32::from(grey))
}

/// Ink out of range that lies together, in pixels.
#[derive(Debug, Clone, Copy)]
struct Spot {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
    /// Pixels of full ink, too much or too little.
    mass: f32,
}

impl Spot {
    const fn joined(self, other: Self) -> Self {
        const fn min(a: usize, b: usize) -> usize {
            if a < b { a } else { b }
        }
        const fn max(a: usize, b: usize) -> usize {
            if a > b { a } else { b }
        }
        Self {
            left: min(self.left, other.left),
            top: min(self.top, other.top),
            right: max(self.right, other.right),
            bottom: max(self.bottom, other.bottom),
            mass: self.mass + other.mass,
        }
    }

    /// Whether it lies where printers print: the outer 5 mm show the lid and the paper's edge.
    const fn is_inside(&self, width: usize, height: usize) -> bool {
        const EDGE: usize = 40;
        self.left >= EDGE && self.top >= EDGE && self.right + EDGE <= width && self.bottom + EDGE <= height
    }

    fn area(&self) -> Area {
        /// Pixels around a spot that are marked with it.
        const MARGIN: usize = 4;
        let millimetres = |pixels: usize| (pixels as f64 * 254.0 / f64::from(DPI)).round() / 10.0;
        let (left, top) = (self.left.saturating_sub(MARGIN), self.top.saturating_sub(MARGIN));
        Area {
            left_mm: millimetres(left),
            top_mm: millimetres(top),
            width_mm: millimetres(self.right + MARGIN - left),
            height_mm: millimetres(self.bottom + MARGIN - top),
        }
    }
}

/// Pixels out of range that touch each other, with the same sign.
fn spots(excess: &Plane) -> Vec<Spot> {
    let (width, height) = (excess.width(), excess.height());
    let mut seen = vec![false; width * height];
    let mut spots = Vec::new();
    let mut waiting = Vec::new();
    for start in 0..width * height {
        let value = excess.get(start % width, start / width);
        if value.abs() < SEEN || seen.get(start).copied().unwrap_or(true) {
            continue;
        }
        let mut spot = Spot { left: width, top: height, right: 0, bottom: 0, mass: 0.0 };
        waiting.push(start);
        while let Some(place) = waiting.pop() {
            let (x, y) = (place % width, place / width);
            let here = excess.get(x, y);
            let Some(is_seen) = seen.get_mut(place).filter(|seen| !**seen) else { continue };
            if here.abs() < SEEN || here.signum() != value.signum() {
                continue;
            }
            *is_seen = true;
            spot = spot.joined(Spot { left: x, top: y, right: x + 1, bottom: y + 1, mass: here.abs() });
            let around = [(x.wrapping_sub(1), y), (x + 1, y), (x, y.wrapping_sub(1)), (x, y + 1)];
            waiting.extend(around.into_iter().filter(|&(x, y)| x < width && y < height).map(|(x, y)| y * width + x));
        }
        spots.push(spot);
    }
    spots
}

/// Spots that lie within a character of each other, as one.
fn join(spots: Vec<Spot>) -> Vec<Spot> {
    const APART: usize = 14;
    let mut joined: Vec<Spot> = Vec::new();
    for spot in spots {
        let mut whole = spot;
        loop {
            let is_near = |other: &Spot| {
                other.left <= whole.right + APART
                    && whole.left <= other.right + APART
                    && other.top <= whole.bottom + APART / 2
                    && whole.top <= other.bottom + APART / 2
            };
            let Some(index) = joined.iter().position(is_near) else { break };
            whole = whole.joined(joined.swap_remove(index));
        }
        joined.push(whole);
    }
    joined.sort_by_key(|spot| (spot.top, spot.left));
    joined
}

/// Names the text that covers most of a spot.
fn difference(spot: &Spot, items: &[Item]) -> Difference {
    let area = spot.area();
    let issued = items
        .iter()
        .map(|item| (item.area.overlap(&area), item))
        .filter(|(overlap, _)| *overlap > 0.0)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, item)| item.text.clone());
    Difference { area, issued, mass: f64::from((spot.mass * 10.0).round()) / 10.0 }
}
