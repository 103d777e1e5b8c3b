//! Frames of which two finders were found: the others are looked for, by correlation, where those two say they must be.

use crate::raster::Raster;
use crate::scramble::geometry::{FINDER, FINDER_UNIT, Geometry};

use super::{Candidate, Frame, likeness};

/// Pairs that are followed, the likeliest first; each costs as much as looking at a hundredth of the page.
const MAXIMUM_PAIRS: usize = 12;
/// By how much the distance of a pair may differ from what the size of its finders lets expect.
const DISTANCE_TOLERANCE: f64 = 0.25;
/// How far from its place a finder is looked for, by the distance of the pair: perspective moves it.
const REACH: f64 = 0.08;
/// Correlation at which a finder is believed.
const LEAST_LIKENESS: f64 = 0.55;

/// Which part of the frame a pair is.
#[derive(Debug, Clone, Copy)]
enum Part {
    Width,
    Height,
    Diagonal,
}

/// Two finders, and which part of the frame they are.
#[derive(Clone, Copy)]
struct Pair<'a> {
    one: &'a Candidate,
    other: &'a Candidate,
    part: Part,
}

/// The frames that pairs of finders lead to, where at least one more finder stands.
pub(super) fn frames(raster: &Raster, candidates: &[Candidate], geometry: Geometry) -> Vec<Frame> {
    let mut pairs = pairs(candidates, geometry);
    pairs.sort_by(|one, other| other.likeness().total_cmp(&one.likeness()));
    let sides = sides(geometry);
    pairs
        .iter()
        .take(MAXIMUM_PAIRS)
        .flat_map(|pair| pair.rectangles(sides).map(|frame| pair.complete(raster, frame)))
        .flatten()
        .collect()
}

/// Modules between the finders across and down.
fn sides(geometry: Geometry) -> (f64, f64) {
    ((geometry.width() - FINDER) as f64, (geometry.height() - FINDER) as f64)
}

fn pairs(candidates: &[Candidate], geometry: Geometry) -> Vec<Pair<'_>> {
    let (across, down) = sides(geometry);
    let mut pairs = Vec::new();
    for (index, one) in candidates.iter().enumerate() {
        for other in candidates.iter().skip(index + 1) {
            let modules =
                (other.x - one.x).hypot(other.y - one.y) / f64::midpoint(one.unit, other.unit) * FINDER_UNIT as f64;
            let parts = [(Part::Width, across), (Part::Height, down), (Part::Diagonal, across.hypot(down))];
            let fitting = parts.into_iter().filter(|(_, length)| (modules / length - 1.0).abs() < DISTANCE_TOLERANCE);
            pairs.extend(fitting.map(|(part, _)| Pair { one, other, part }));
        }
    }
    pairs
}

impl Pair<'_> {
    fn likeness(&self) -> f64 {
        self.one.likeness + self.other.likeness
    }

    /// The two rectangles with this part; the first two corners lie along the width.
    fn rectangles(&self, (across, down): (f64, f64)) -> [Frame; 2] {
        let (from, to) = ((self.one.x, self.one.y), (self.other.x, self.other.y));
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let add = |(x, y): (f64, f64), (dx, dy): (f64, f64), part: f64| (x + dx * part, y + dy * part);
        [1.0, -1.0].map(|side| match self.part {
            Part::Width => {
                let height = (-dy * side, dx * side);
                [from, to, add(to, height, down / across), add(from, height, down / across)]
            }
            Part::Height => {
                let width = (-dy * side, dx * side);
                [from, add(from, width, across / down), add(to, width, across / down), to]
            }
            Part::Diagonal => {
                let (sine, cosine) = (down.atan2(across) * side).sin_cos();
                let width = (dx * cosine - dy * sine, dx * sine + dy * cosine);
                let corner = add(from, width, across / across.hypot(down));
                let opposite = (from.0 + to.0 - corner.0, from.1 + to.1 - corner.1);
                [from, corner, to, opposite]
            }
        })
    }

    /// The rectangle with its other corners where finders are; `None` where there is none.
    fn complete(&self, raster: &Raster, rectangle: Frame) -> Option<Frame> {
        let known = [(self.one.x, self.one.y), (self.other.x, self.other.y)];
        let [first, second, ..] = rectangle;
        let unit = f64::midpoint(self.one.unit, self.other.unit);
        let length = (second.0 - first.0).hypot(second.1 - first.1);
        let along = ((second.0 - first.0) / length * unit, (second.1 - first.1) / length * unit);
        let look = |corner: (f64, f64)| look(raster, corner, (along, length * REACH));
        let seen = rectangle.map(|corner| if known.contains(&corner) { Some(corner) } else { look(corner) });
        match seen {
            [Some(a), Some(b), Some(c), Some(d)] => Some([a, b, c, d]),
            [None, Some(b), Some(c), Some(d)] => Some([fourth(b, c, d), b, c, d]),
            [Some(a), None, Some(c), Some(d)] => Some([a, fourth(a, d, c), c, d]),
            [Some(a), Some(b), None, Some(d)] => Some([a, b, fourth(b, a, d), d]),
            [Some(a), Some(b), Some(c), None] => Some([a, b, c, fourth(a, b, c)]),
            _ => None,
        }
    }
}

/// The corner that makes a parallelogram of three in the order in which one comes round.
fn fourth(before: (f64, f64), opposite: (f64, f64), behind: (f64, f64)) -> (f64, f64) {
    (before.0 + behind.0 - opposite.0, before.1 + behind.1 - opposite.1)
}

/// Where within reach of a place a finder stands, whose unit along the picture's width is about this long.
fn look(raster: &Raster, corner: (f64, f64), (along, reach): ((f64, f64), f64)) -> Option<(f64, f64)> {
    let seen = SIZES.map(|size| Finder { raster, along: (along.0 * size, along.1 * size) }.near(corner, reach));
    let best = seen.into_iter().max_by(|one, other| one.2.total_cmp(&other.2))?;
    (best.2 > LEAST_LIKENESS).then_some((best.0, best.1))
}

/// Sizes of a finder, by that of the pair: in a photograph the far ones are the smaller.
const SIZES: [f64; 3] = [0.88, 1.0, 1.13];

/// A finder as it must look: its direction and unit.
struct Finder<'a> {
    raster: &'a Raster,
    /// One unit along the picture's width, in pixels.
    along: (f64, f64),
}

impl Finder<'_> {
    /// The place within reach of another that is most like a finder, and how like.
    fn near(&self, (x, y): (f64, f64), reach: f64) -> (f64, f64, f64) {
        let unit = self.along.0.hypot(self.along.1);
        let mut best = (x, y, -1.0_f64);
        // Half a unit apart, a finder is still much like itself; then closer round the best.
        for (step, reach) in [(unit / 2.0, reach), (unit / 6.0, unit / 2.0)] {
            let (middle, count) = (best, (reach / step).ceil() as i32);
            let steps = move || (-count..=count).map(move |place| f64::from(place) * step);
            let places = steps().flat_map(|down| steps().map(move |across| (middle.0 + across, middle.1 + down)));
            let seen = places.map(|place| (place.0, place.1, self.likeness(place)));
            best = seen.fold(best, |best, next| if next.2 > best.2 { next } else { best });
        }
        best
    }

    fn likeness(&self, (x, y): (f64, f64)) -> f64 {
        let (ax, ay) = self.along;
        let is_on_page = x >= 0.0 && y >= 0.0 && x < self.raster.width() as f64 && y < self.raster.height() as f64;
        if !is_on_page {
            return -1.0;
        }
        likeness((0..49_usize).map(|cell| {
            let (column, row) = (cell % 7, cell / 7);
            let (across, down) = (column as f64 - 3.0, row as f64 - 3.0);
            let grey = self.raster.sample(x + ax * across - ay * down, y + ay * across + ax * down);
            (f64::from(grey), Geometry::finder(column * FINDER_UNIT, row * FINDER_UNIT))
        }))
    }
}
