//! Finding the picture on a scan: finders by their seven equal runs, then which way round by the bars.

#![expect(clippy::indexing_slicing, reason = "numeric code on windows whose lengths are fixed")]

use crate::raster::{Raster, Sums};
use crate::scramble::geometry::{BAR_CELL, Bar, FINDER, FINDER_UNIT, Geometry};

use super::projection::Projection;

mod completion;

/// A picture that was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    /// From modules of the picture to pixels of the scan.
    pub(super) projection: Projection,
    /// Its size.
    pub(super) geometry: Geometry,
    /// How alike its bars are.
    likeness: f64,
}

/// Something that looks like a finder.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    x: f64,
    y: f64,
    unit: f64,
    likeness: f64,
}

/// Finds pictures, the likeliest first: finders stand as they must, with bars between them.
pub(super) fn find(raster: &Raster) -> Vec<Found> {
    let candidates = candidates(raster);
    let whole = |geometry| in_frames(raster, &frames(&candidates, geometry), geometry);
    let mut found: Vec<Found> = Geometry::ALL.into_iter().flat_map(whole).collect();
    if found.is_empty() {
        // Folds, stains and perspective take finders from those who look for straight runs: two lead to the others.
        let completed = |geometry| in_frames(raster, &completion::frames(raster, &candidates, geometry), geometry);
        found = Geometry::ALL.into_iter().flat_map(completed).collect();
    }
    found.sort_by(|one, other| other.likeness.total_cmp(&one.likeness));
    found.truncate(MAXIMUM_FOUND);
    found
}

/// The ways in which a picture lies in frames, where bars stand as they must.
fn in_frames(raster: &Raster, frames: &[Frame], geometry: Geometry) -> Vec<Found> {
    let ways = frames.iter().flat_map(|corners| ORDERS.map(|order| order.map(|corner| corners[corner])));
    let found = ways.filter_map(|corners| {
        let projection = Projection::between(&geometry.finder_centres(), &corners)?;
        let likeness = bar_likeness(raster, &projection, geometry);
        (likeness > LEAST_BAR_LIKENESS).then_some(Found { projection, geometry, likeness })
    });
    found.collect()
}

/// The middles of four finders in pixels, in the order in which one comes round; the first two lie along the picture's
/// width.
type Frame = [(f64, f64); 4];

/// The ways a frame can lie on the picture, its first side along the picture's width: which of its corners is the
/// picture's upper left, upper right, lower right, lower left.
const ORDERS: [[usize; 4]; 4] = [[0, 1, 2, 3], [2, 3, 0, 1], [1, 0, 3, 2], [3, 2, 1, 0]];
const LEAST_BAR_LIKENESS: f64 = 0.35;
const LEAST_FINDER_LIKENESS: f64 = 0.5;
const MAXIMUM_CANDIDATES: usize = 48;
/// Ways a picture may lie that are worth a closer look.
const MAXIMUM_FOUND: usize = 3;
/// Pixels of a finder's unit: from 100 dpi to far above what is looked at here.
const UNITS: std::ops::RangeInclusive<f64> = 2.0..=40.0;

fn candidates(raster: &Raster) -> Vec<Candidate> {
    let ink = binarise(raster);
    let mut found: Vec<Candidate> = Vec::new();
    let mut runs: Vec<usize> = Vec::new();
    for y in 0..raster.height() {
        let row = &ink[y * raster.width()..(y + 1) * raster.width()];
        runs.clear();
        runs.extend(row.chunk_by(|a, b| a == b).map(<[bool]>::len));
        let starts_with_ink = row.first().copied().unwrap_or_default();
        let mut left = 0;
        for (index, window) in runs.windows(7).enumerate() {
            if starts_with_ink == (index % 2 == 0)
                && let Some(unit) = unit_of(window)
                && let Some(candidate) = confirm(raster, &ink, (left as f64 + 3.5 * unit, y), unit)
            {
                merge(&mut found, candidate);
            }
            left += window[0];
        }
    }
    found.sort_by(|a, b| b.likeness.total_cmp(&a.likeness));
    found.truncate(MAXIMUM_CANDIDATES);
    found
}

/// Dark against the mean of its surroundings of some 15 mm on an A4 page.
fn binarise(raster: &Raster) -> Vec<bool> {
    let sums = Sums::of(raster);
    let half = (raster.width().max(raster.height()) / 40).max(8);
    let mut ink = Vec::with_capacity(raster.width() * raster.height());
    for y in 0..raster.height() {
        let row = raster.row(y).iter().enumerate();
        ink.extend(row.map(|(x, &pixel)| u32::from(pixel) * 100 < sums.mean(x, y, half) * 92));
    }
    ink
}

/// The unit of a finder's seven runs, ink and paper by turns.
///
/// Toner spreads: every run of ink may be longer by as much as every run of paper is shorter. The core, which it closes
/// from all sides, may be shorter still.
fn unit_of(runs: &[usize]) -> Option<f64> {
    let unit = runs.iter().sum::<usize>() as f64 / 7.0;
    if !UNITS.contains(&unit) {
        return None;
    }
    let length = |place: usize| runs[place] as f64;
    let (ink, paper, core) = ([0, 2, 4, 6].map(length), [1, 5].map(length), length(3));
    let (long, short) = (ink.iter().sum::<f64>() / 4.0, paper.iter().sum::<f64>() / 2.0);
    let tolerance = (unit * 0.4).max(1.3);
    let is_even = |runs: &[f64], mean: f64| runs.iter().all(|run| (run - mean).abs() <= tolerance);
    let is_toner = (long - short).abs() <= unit && core <= short.max(unit) + tolerance;
    (is_toner && is_even(&ink, long) && is_even(&paper, short)).then_some(unit)
}

/// Checks the column through a row's middle, then the row again, then the rings.
fn confirm(raster: &Raster, ink: &[bool], (x, y): (f64, usize), unit: f64) -> Option<Candidate> {
    let (width, height) = (raster.width(), raster.height());
    let column = x as usize;
    let is_ink_below = |step: isize| {
        let y = y.checked_add_signed(step).filter(|&y| y < height)?;
        ink.get(y * width + column).copied()
    };
    let (up, unit_down) = through(is_ink_below, unit)?;
    let y = y as f64 + 0.5 + up;
    let row = y as usize;
    let is_ink_beside = |step: isize| {
        let x = column.checked_add_signed(step).filter(|&x| x < width)?;
        ink.get(row * width + x).copied()
    };
    let (aside, unit_across) = through(is_ink_beside, unit)?;
    let x = column as f64 + 0.5 + aside;
    let unit = f64::midpoint(unit_down, unit_across);
    let likeness = finder_likeness(raster, (x, y), unit);
    (likeness > LEAST_FINDER_LIKENESS).then_some(Candidate { x, y, unit, likeness })
}

/// Walks both ways from the core: the middle relative to the start and the unit, if all seven runs are equal.
fn through(is_ink: impl Fn(isize) -> Option<bool>, unit: f64) -> Option<(f64, f64)> {
    let walk = |direction: isize| {
        let mut runs = [0_usize; 4];
        let mut step = 0;
        let longest = (1.7 * unit + 1.5) as usize;
        for (ring, run) in runs.iter_mut().enumerate() {
            while *run <= longest && is_ink(step * direction) == Some(ring % 2 == 1) {
                *run += 1;
                step += 1;
            }
        }
        runs.iter().all(|run| *run <= longest).then_some(runs)
    };
    let (forward, backward) = (walk(1)?, walk(-1)?);
    if forward[0] == 0 {
        return None;
    }
    // Both walks counted the starting pixel.
    let core = forward[0] + backward[0] - 1;
    let runs = [backward[3], backward[2], backward[1], core, forward[1], forward[2], forward[3]];
    let unit = unit_of(&runs)?;
    let (ahead, behind) = (forward.iter().sum::<usize>() as f64 - 0.5, backward.iter().sum::<usize>() as f64 - 0.5);
    Some(((ahead - behind) / 2.0, unit))
}

/// Correlation of the scan with a finder, one sample a unit.
fn finder_likeness(raster: &Raster, (x, y): (f64, f64), unit: f64) -> f64 {
    let samples = (0..49_usize).map(|cell| {
        let (column, row) = (cell % 7, cell / 7);
        let grey = raster.sample(x + (column as f64 - 3.0) * unit, y + (row as f64 - 3.0) * unit);
        let is_ink = Geometry::finder(column * FINDER_UNIT, row * FINDER_UNIT);
        (f64::from(grey), is_ink)
    });
    likeness(samples)
}

/// Correlation of greys with where ink must be; 1 is perfect.
pub(super) fn likeness(samples: impl Iterator<Item = (f64, bool)>) -> f64 {
    let (mut count, mut grey, mut square, mut ink, mut product) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (value, is_ink) in samples {
        count += 1.0;
        grey += value;
        square += value * value;
        if is_ink {
            ink += 1.0;
            product += value;
        }
    }
    let variance = (square - grey * grey / count) * (ink - ink * ink / count);
    // Below a spread of about three greys there is nothing to correlate with.
    if variance < count * count { 0.0 } else { (grey * ink / count - product) / variance.sqrt() }
}

fn merge(found: &mut Vec<Candidate>, candidate: Candidate) {
    let near = |other: &&mut Candidate| (other.x - candidate.x).hypot(other.y - candidate.y) < 2.0 * candidate.unit;
    match found.iter_mut().find(near) {
        Some(other) if other.likeness < candidate.likeness => *other = candidate,
        Some(_) => {}
        None => found.push(candidate),
    }
}

/// Frames of four corners whose first side has the picture's width: three finders at a right angle, seen perhaps
/// from aside, the fourth where a finder is, or else where it must be.
fn frames(candidates: &[Candidate], geometry: Geometry) -> Vec<Frame> {
    let (across, down) = ((geometry.width() - FINDER) as f64, (geometry.height() - FINDER) as f64);
    let mut frames = Vec::new();
    for corner in candidates {
        let at_distance = |modules: f64| {
            candidates.iter().filter(move |other| {
                let distance = (other.x - corner.x).hypot(other.y - corner.y);
                let unit = f64::midpoint(other.unit, corner.unit);
                (distance / modules * FINDER_UNIT as f64 / unit - 1.0).abs() < 0.25
            })
        };
        for right in at_distance(across) {
            for below in at_distance(down) {
                frames.extend(frame(candidates, [corner, right, below], down / across));
            }
        }
    }
    frames
}

fn frame(candidates: &[Candidate], [corner, right, below]: [&Candidate; 3], aspect: f64) -> Option<Frame> {
    let (ax, ay) = (right.x - corner.x, right.y - corner.y);
    let (bx, by) = (below.x - corner.x, below.y - corner.y);
    let (a, b) = (ax.hypot(ay), bx.hypot(by));
    let is_rectangular = ((ax * bx + ay * by) / (a * b)).abs() < 0.26 && (b / a / aspect - 1.0).abs() < 0.2;
    if !is_rectangular {
        return None;
    }
    let (x, y) = (right.x + bx, right.y + by);
    let distance = |candidate: &&Candidate| (candidate.x - x).hypot(candidate.y - y);
    let fourth = candidates
        .iter()
        .filter(|candidate| distance(candidate) < 0.15 * b)
        .min_by(|one, other| distance(one).total_cmp(&distance(other)))
        .map_or((x, y), |candidate| (candidate.x, candidate.y));
    Some([(corner.x, corner.y), (right.x, right.y), fourth, (below.x, below.y)])
}

fn bar_likeness(raster: &Raster, projection: &Projection, geometry: Geometry) -> f64 {
    let cells = geometry.bar(Bar::Top).chain(geometry.bar(Bar::Left));
    likeness(cells.map(|(x, y, ink)| {
        let half = BAR_CELL as f64 / 2.0;
        let (x, y) = projection.apply(x as f64 + half, y as f64 + half);
        (f64::from(raster.sample(x, y)), ink)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_a_finders_where_toner_has_spread_and_nearly_closed_the_core() {
        let units = [
            ("as drawn", [4; 7], Some(4.0)),
            ("spread", [5, 2, 5, 2, 4, 2, 5], Some(25.0 / 7.0)),
            ("core nearly closed", [5, 2, 5, 1, 5, 2, 5], Some(25.0 / 7.0)),
            ("thin", [3, 4, 3, 4, 3, 4, 3], Some(24.0 / 7.0)),
            ("one ring too wide", [5, 2, 9, 2, 5, 2, 5], None),
            ("a wide core", [4, 4, 4, 8, 4, 4, 4], None),
            ("ink without gaps", [9, 1, 9, 1, 9, 1, 9], None),
        ];
        for (what, runs, unit) in units {
            assert_eq!(unit_of(&runs), unit, "{what}");
        }
    }
}
