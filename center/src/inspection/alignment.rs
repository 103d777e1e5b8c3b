//! A presented front laid over the drawn one: block matching from coarse to fine, affine, outliers left out.
#![expect(clippy::many_single_char_names, reason = "the coefficients of linear equations")]

mod flow;

use crate::raster::Raster;

use super::comparison::DPI;
use super::line::Line;
use super::parabola::least_of;
use super::report::Area;
use flow::Flow;

/// A presented page with the way from the drawn front onto it.
pub(super) struct Aligned {
    presented: Raster,
    /// From pixels of the drawn front to pixels of the presented page.
    way: Affine,
    likeness: f64,
    size: (usize, usize),
    flow: Flow,
}

/// x' = a·x + b·y + c, y' = d·x + e·y + f
#[derive(Debug, Clone, Copy)]
struct Affine([f64; 6]);

/// A block of the drawn front that was found again, in pixels of the drawn front: where, how far away, how alike.
#[derive(Debug, Clone, Copy)]
struct Match {
    x: f64,
    y: f64,
    dx: f64,
    dy: f64,
    likeness: f64,
}

/// One step from coarse to fine.
#[derive(Debug, Clone, Copy)]
struct Level {
    /// Pixels of the drawn front in one of this level.
    factor: usize,
    /// Pixels of a block's side.
    block: usize,
    /// Pixels a block is looked for around its place.
    reach: usize,
    /// Pixels by which a block may miss the common way.
    tolerance: f64,
}

const LEVELS: [Level; 3] = [
    Level { factor: 5, block: 36, reach: 22, tolerance: 2.5 },
    Level { factor: 3, block: 36, reach: 8, tolerance: 1.5 },
    Level { factor: 2, block: 40, reach: 5, tolerance: 1.5 },
];
/// A block less like than this was not found.
const LEAST_LIKENESS: f64 = 0.45;
const LEAST_MATCHES: usize = 6;

/// Lays a page over the drawn front, whichever way up it is; `None` if it is another page.
pub(super) fn align(drawn: &Raster, page: &Raster) -> Option<Aligned> {
    let is_portrait = |raster: &Raster| raster.height() > raster.width();
    let turns = if is_portrait(drawn) == is_portrait(page) { [0, 2] } else { [1, 3] };
    // The coarsest look tells which way up; only that way is looked at more closely.
    let (first, finer) = LEVELS.split_first()?;
    let mut aligned = turns
        .into_iter()
        .filter_map(|quarters| Aligned::over_the_whole(drawn, &page.turned(quarters)).refined(drawn, *first))
        .max_by(|one, other| one.likeness.total_cmp(&other.likeness))?;
    for level in finer {
        aligned = aligned.refined(drawn, *level)?;
    }
    aligned.flow = Flow::between(drawn, &aligned.laid_over(), &[]);
    Some(aligned)
}

impl Aligned {
    /// As if the presented page were the whole sheet and lay straight.
    fn over_the_whole(drawn: &Raster, presented: &Raster) -> Self {
        // A scan much finer than the drawn front only adds noise.
        let presented = presented.shrunk((presented.width() / (drawn.width() * 9 / 8)).max(1));
        let across = presented.width() as f64 / drawn.width() as f64;
        let down = presented.height() as f64 / drawn.height() as f64;
        let way = Affine([across, 0.0, 0.0, 0.0, down, 0.0]);
        Self { presented, way, likeness: 0.0, size: (drawn.width(), drawn.height()), flow: Flow::default() }
    }

    /// Closer by one level; `None` if too few blocks were found again.
    fn refined(mut self, drawn: &Raster, level: Level) -> Option<Self> {
        let matches = matches(&drawn.shrunk(level.factor), &self.laid_over_coarsely(level.factor), level);
        let (correction, likeness) = common_way(&matches, level.tolerance * level.factor as f64, self.size)?;
        self.way = self.way.after(&correction);
        self.likeness = likeness;
        Some(self)
    }

    /// The same page, laid over strip by strip between its folds.
    pub(super) fn folded_along(mut self, drawn: &Raster, folds: &[Line]) -> Self {
        self.flow = Flow::default();
        self.flow = Flow::between(drawn, &self.laid_over(), folds);
        self
    }

    /// How alike the blocks are that were found again, and how many they are of all.
    pub(super) const fn likeness(&self) -> f64 {
        self.likeness
    }

    /// Whether the presented page has clearly fewer pixels than the drawn one.
    pub(super) const fn is_coarse(&self) -> bool {
        self.presented.width() * 20 < self.size.0 * 19
    }

    /// Whether the presented page has clearly more pixels than the drawn one, so that each of these is a mean.
    pub(super) const fn is_fine(&self) -> bool {
        self.presented.width() * 10 >= self.size.0 * 11
    }

    /// The presented page, upright.
    pub(super) const fn presented(&self) -> &Raster {
        &self.presented
    }

    /// The presented page pixel by pixel where the drawn front has its own.
    pub(super) fn laid_over(&self) -> Raster {
        self.sampled(&[(0.5, 0.5)])
    }

    /// The same, each pixel the mean of four samples: a hairline keeps its weight wherever it falls.
    pub(super) fn laid_over_smoothly(&self) -> Raster {
        self.sampled(&[(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)])
    }

    fn sampled(&self, places: &[(f64, f64)]) -> Raster {
        Raster::from_rows(self.size.0, self.size.1, |y| {
            let flow = self.flow.row(y as f64 + 0.5);
            move |x| {
                let (dx, dy) = flow.at(x as f64 + 0.5);
                let (x, y) = (x as f64 + dx, y as f64 + dy);
                let there = places.iter().map(|(across, down)| self.way.apply(x + across, y + down));
                (there.map(|(u, v)| self.presented.sample(u, v)).sum::<f32>() / places.len() as f32) as u8
            }
        })
    }

    /// The presented page by its affine way alone, so many pixels of the drawn front in one.
    pub(super) fn laid_over_coarsely(&self, factor: usize) -> Raster {
        let step = factor as f64;
        // Averaged first, so that fine print does not come and go with the places that are sampled.
        let shrinking = ((step * self.way.scale()) as usize).max(1);
        let coarse = self.presented.shrunk(shrinking);
        Raster::from_pixels(self.size.0 / factor, self.size.1 / factor, |x, y| {
            let (u, v) = self.way.apply((x as f64 + 0.5) * step, (y as f64 + 0.5) * step);
            coarse.sample(u / shrinking as f64, v / shrinking as f64) as u8
        })
    }

    /// The grey of the presented page where the drawn front has this place.
    pub(super) fn grey_at(&self, x: f64, y: f64) -> f32 {
        let (dx, dy) = self.flow.at(x, y);
        let (u, v) = self.way.apply(x + dx, y + dy);
        self.presented.sample(u, v)
    }

    /// Whether a place of the drawn page lies on the presented one: a scan that is askew has no corners.
    pub(super) fn holds(&self, x: f64, y: f64) -> bool {
        let (dx, dy) = self.flow.at(x, y);
        let (u, v) = self.way.apply(x + dx, y + dy);
        let (width, height) = (self.presented.width() as f64, self.presented.height() as f64);
        (0.5..=width - 0.5).contains(&u) && (0.5..=height - 0.5).contains(&v)
    }

    /// An area of the presented page, enlarged, with a margin.
    pub(super) fn close_up(&self, area: &Area) -> Raster {
        const MARGIN_MM: f64 = 4.0;
        const FINENESS: f64 = 2.0;
        let pixels = f64::from(DPI) / 25.4;
        let (left, top) = ((area.left_mm - MARGIN_MM) * pixels, (area.top_mm - MARGIN_MM) * pixels);
        let side = |length: f64| ((length + 2.0 * MARGIN_MM) * pixels * FINENESS).clamp(1.0, 4000.0) as usize;
        Raster::from_pixels(side(area.width_mm), side(area.height_mm), |x, y| {
            let (u, v) = self.way.apply(left + (x as f64 + 0.5) / FINENESS, top + (y as f64 + 0.5) / FINENESS);
            self.presented.sample(u, v) as u8
        })
    }
}

impl Affine {
    const IDENTITY: Self = Self([1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);

    fn apply(&self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + b * y + c, d * x + e * y + f)
    }

    /// How much longer a way becomes, at the mean of all directions.
    fn scale(&self) -> f64 {
        let [a, b, _, d, e, _] = self.0;
        (a * e - b * d).abs().sqrt()
    }

    /// First the other, then this.
    fn after(&self, other: &Self) -> Self {
        let (origin, right, below) = (other.apply(0.0, 0.0), other.apply(1.0, 0.0), other.apply(0.0, 1.0));
        let [origin, right, below] = [origin, right, below].map(|(x, y)| self.apply(x, y));
        Self([right.0 - origin.0, below.0 - origin.0, origin.0, right.1 - origin.1, below.1 - origin.1, origin.1])
    }

    /// The way that brings every match nearest to where it was found (least squares).
    fn fit(matches: &[&Match]) -> Option<Self> {
        let mut sums = [[0.0; 5]; 3];
        for found in matches {
            let row = [found.x, found.y, 1.0];
            let columns = [found.x, found.y, 1.0, found.x + found.dx, found.y + found.dy];
            for (sums, factor) in sums.iter_mut().zip(row) {
                sums.iter_mut().zip(columns).for_each(|(sum, value)| *sum += factor * value);
            }
        }
        let [a, b, c] = solve_3(sums, 3)?;
        let [d, e, f] = solve_3(sums, 4)?;
        let way = Self([a, b, c, d, e, f]);
        way.is_plausible().then_some(way)
    }

    /// A scan turns and scales a little, and hardly shears.
    fn is_plausible(&self) -> bool {
        let [a, b, _, d, e, _] = self.0;
        (0.85..1.18).contains(&a) && (0.85..1.18).contains(&e) && b.abs() < 0.1 && d.abs() < 0.1 && (b + d).abs() < 0.03
    }

    fn misses(&self, found: &Match) -> f64 {
        let (x, y) = self.apply(found.x, found.y);
        (x - found.x - found.dx).hypot(y - found.y - found.dy)
    }
}

/// Cramer's rule on three unknowns.
fn solve_3(rows: [[f64; 5]; 3], side: usize) -> Option<[f64; 3]> {
    let [p, q, r] = rows;
    let side = [*p.get(side)?, *q.get(side)?, *r.get(side)?];
    let columns = [[p[0], q[0], r[0]], [p[1], q[1], r[1]], [p[2], q[2], r[2]]];
    let determinant = |[u, v, w]: [[f64; 3]; 3]| {
        u[0] * (v[1] * w[2] - v[2] * w[1]) - u[1] * (v[0] * w[2] - v[2] * w[0]) + u[2] * (v[0] * w[1] - v[1] * w[0])
    };
    let [a, b, c] = columns;
    let whole = determinant([a, b, c]);
    let solution = [determinant([side, b, c]), determinant([a, side, c]), determinant([a, b, side])];
    (whole.abs() > 1e-6).then(|| solution.map(|part| part / whole))
}

/// Looks for every block with something on it.
fn matches(drawn: &Raster, presented: &Raster, level: Level) -> Vec<Match> {
    /// Enough for three unknowns twice over, even if half of them are wrong.
    const MOST: usize = 160;
    let block = level.block;
    let step = block * 2 / 3;
    let places = (0..drawn.height().saturating_sub(block))
        .step_by(step)
        .flat_map(|top| (0..drawn.width().saturating_sub(block)).step_by(step).map(move |left| (left, top)));
    let patterns: Vec<Pattern> = places.filter_map(|corner| Pattern::of(drawn, corner, (block, block))).collect();
    let every = patterns.len().div_ceil(MOST).max(1);
    patterns.iter().step_by(every).filter_map(|pattern| block_match(pattern, presented, level)).collect()
}

fn block_match(pattern: &Pattern, presented: &Raster, level: Level) -> Option<Match> {
    let (left, top) = pattern.corner;
    let (dx, dy, likeness) = pattern.search(presented, level.reach);
    let factor = level.factor as f64;
    let half = level.block as f64 / 2.0;
    (likeness > LEAST_LIKENESS).then_some(Match {
        x: (left as f64 + half) * factor,
        y: (top as f64 + half) * factor,
        dx: dx as f64 * factor,
        dy: dy as f64 * factor,
        likeness,
    })
}

/// A rectangle of a page without its mean, to be found on another.
pub(super) struct Pattern {
    corner: (usize, usize),
    size: (usize, usize),
    /// Greys less their rounded mean: sums of whole numbers are taken many at a time.
    values: Vec<i16>,
    sum: i32,
    energy: f32,
}

impl Pattern {
    /// Takes a rectangle; `None` if next to nothing stands on it.
    pub(super) fn of(raster: &Raster, corner: (usize, usize), size: (usize, usize)) -> Option<Self> {
        /// Mean square of greys below which a rectangle counts as blank.
        const BLANK: f32 = 500.0;
        let mut values: Vec<i16> = Vec::with_capacity(size.0 * size.1);
        for y in corner.1..corner.1 + size.1 {
            let row = raster.row(y).get(corner.0..corner.0 + size.0)?;
            values.extend(row.iter().map(|&pixel| i16::from(pixel)));
        }
        let sum_of = |values: &[i16]| values.iter().map(|value| i32::from(*value)).sum::<i32>();
        let mean = sum_of(&values) / i32::try_from(values.len()).unwrap_or(i32::MAX).max(1);
        for value in &mut values {
            *value -= mean as i16;
        }
        let sum = sum_of(&values);
        let squares: i32 = values.iter().map(|value| i32::from(*value) * i32::from(*value)).sum();
        let energy = squares as f32 - (sum as f32).powi(2) / values.len() as f32;
        (energy > BLANK * values.len() as f32).then_some(Self { corner, size, values, sum, energy })
    }

    /// The displacement within reach where the pattern is most like, and how like: 1 for the same.
    pub(super) fn search(&self, raster: &Raster, reach: usize) -> (isize, isize, f64) {
        let reach = isize::try_from(reach).unwrap_or(isize::MAX);
        let mut best = (0, 0, -1.0);
        for (dx, dy) in (-reach..=reach).flat_map(|dy| (-reach..=reach).map(move |dx| (dx, dy))) {
            let likeness = self.likeness(raster, dx, dy);
            if likeness > best.2 {
                best = (dx, dy, likeness);
            }
        }
        best
    }

    /// The same to a fraction of a pixel, by a parabola through the neighbours of the best; `None` if it lies as well
    /// elsewhere along a stroke.
    fn search_finely(&self, raster: &Raster, reach: usize) -> Option<(f64, f64, f64)> {
        /// By how much less like it is two pixels aside, to each side.
        const LEAST_FALL: f64 = 0.03;
        let (dx, dy, best) = self.search(raster, reach);
        let at = |across: isize, down: isize| self.likeness(raster, dx + across, dy + down);
        let aside = [at(-2, 0), at(2, 0), at(0, -2), at(0, 2)];
        let peak = |before: f64, after: f64| least_of(-before, -best, -after);
        let (across, down) = (peak(at(-1, 0), at(1, 0)), peak(at(0, -1), at(0, 1)));
        let is_certain = aside.into_iter().all(|likeness| best - likeness > LEAST_FALL);
        is_certain.then_some((dx as f64 + across, dy as f64 + down, best))
    }

    fn likeness(&self, raster: &Raster, dx: isize, dy: isize) -> f64 {
        let (Some(left), Some(top)) = (self.corner.0.checked_add_signed(dx), self.corner.1.checked_add_signed(dy))
        else {
            return -1.0;
        };
        let (mut sum, mut squares, mut product) = (0_i32, 0_i32, 0_i32);
        for (y, row) in self.values.chunks_exact(self.size.0).enumerate() {
            let Some(pixels) = raster.row(top + y).get(left..left + self.size.0) else { return -1.0 };
            for (value, pixel) in row.iter().zip(pixels) {
                let pixel = i32::from(*pixel);
                sum += pixel;
                squares += pixel * pixel;
                product += i32::from(*value) * pixel;
            }
        }
        let (sum, count) = (sum as f32, self.values.len() as f32);
        let energy = squares as f32 - sum * sum / count;
        let product = product as f32 - sum * self.sum as f32 / count;
        // A blank place is unlike every pattern.
        if energy < count { 0.0 } else { f64::from(product / (energy * self.energy).sqrt()) }
    }
}

/// The affine way most matches agree on, and how many of them, each by its likeness.
fn common_way(matches: &[Match], tolerance: f64, size: (usize, usize)) -> Option<(Affine, f64)> {
    if matches.len() < LEAST_MATCHES {
        return None;
    }
    let agreeing = |way: &Affine| matches.iter().filter(|found| way.misses(found) < tolerance).collect::<Vec<_>>();
    let votes = |way: &Affine| agreeing(way).iter().map(|found| found.likeness).sum::<f64>();
    let start = (votes(&Affine::IDENTITY), Affine::IDENTITY);
    let (_, best) = triples(matches, size)
        .filter_map(|triple| Affine::fit(&triple))
        .map(|way| (votes(&way), way))
        .fold(start, |best, next| if next.0 > best.0 { next } else { best });
    let mut way = best;
    for _ in 0..3 {
        let agreed = agreeing(&way);
        if agreed.len() < LEAST_MATCHES {
            return None;
        }
        way = Affine::fit(&agreed)?;
    }
    Some((way, votes(&way) / matches.len() as f64))
}

/// Triples of matches that lie well apart, the same ones every time.
fn triples(matches: &[Match], size: (usize, usize)) -> impl Iterator<Item = [&Match; 3]> {
    /// Enough to hit three right ones even if half of the matches are wrong.
    const TRIES: usize = 400;
    let least = (size.0 * size.1) as f64 / 40.0;
    let count = matches.len();
    // A linear congruential walk over the matches (Knuth's MMIX constants).
    let mut state = 1_u64;
    let mut pick = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % count
    };
    (0..TRIES)
        .filter_map(move |_| Some([matches.get(pick())?, matches.get(pick())?, matches.get(pick())?]))
        .filter(move |[a, b, c]| ((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y)).abs() > least)
}
