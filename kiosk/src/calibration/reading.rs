//! A scan of the printed step wedge, and the calibration that follows from it.

use std::f64::consts::PI;

use shared::domain::calibration::Calibration;
use shared::domain::ground::{FineScreen, Pitch};

use super::wedge::{CORNERS, MARK, PAGE, STRIP, STRIPS, UPPER_LEFT, steps};

/// Grey pixels, 0 black, row by row.
#[derive(Clone)]
pub struct Grey {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// What a wedge says.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The lightest fine screen that is dark enough, and the pitch at which both screens reflect as much light.
    pub calibration: Calibration,
    /// What was measured, the lightest fine screen first.
    pub columns: Vec<Column>,
}

/// The steps of one fine screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// What the coarse screen is compared with.
    pub screen: FineScreen,
    /// What was measured.
    pub steps: Vec<Step>,
    /// The pitch at which both screens reflect as much light, in dots, also beyond the wedge; not a number where no
    /// pitch does.
    pub equal: f64,
    /// How far the steps lie from the line through them: root of the mean square, part of the light.
    pub deviation: f64,
}

/// One step of the wedge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The pitch of its coarse screen.
    pub pitch: Pitch,
    /// Light of the coarse screen over that of the fine one, less one (Weber's contrast).
    pub contrast: f64,
}

/// Why a scan gives no calibration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReadingError {
    /// The corner marks were not found.
    #[error("no step wedge is seen: scan the whole page, flat, 150 dpi or more")]
    NoWedge,
    /// The steps do not lie on a line.
    #[error(
        "the steps contradict each other: print the wedge at 100 % without smoothing, and scan it without sharpening"
    )]
    Uneven,
    /// Even the lightest fine screen is darker than every coarse one.
    #[error("even the lightest screen prints too dark: the printer needs service")]
    TooDark,
    /// Even the densest fine screen is so light that a copy would not show the word.
    #[error("even the densest screen prints too light: the printer needs service, or saves toner")]
    TooLight,
}

shared::hidden_debug!(Grey);

/// Fewer pixels do not tell the strips apart.
const LEAST_HEIGHT: usize = 1_500;
/// Steps of a sound print and scan deviate less; a fitted or sharpened page deviates more.
const MOST_DEVIATION: f64 = 0.012;

impl Grey {
    /// From rows of pixels; `None` if their number is not that of the size.
    pub fn new(width: usize, height: usize, pixels: Vec<u8>) -> Option<Self> {
        (width > 0 && height > 0 && width.checked_mul(height) == Some(pixels.len())).then_some(Self {
            width,
            height,
            pixels,
        })
    }

    /// A pixel; white outside.
    fn get(&self, x: usize, y: usize) -> u8 {
        if x < self.width { self.pixels.get(y * self.width + x).copied().unwrap_or(u8::MAX) } else { u8::MAX }
    }

    fn at(&self, (x, y): (f64, f64)) -> f64 {
        f64::from(if x < 0.0 || y < 0.0 { u8::MAX } else { self.get(x as usize, y as usize) })
    }
}

/// The widest pitch at which the ground is dark enough, in dots: whatever the printer, the word has as much ink.
///
/// A copier can take no more than the ground away, so that the word on a copy stands out by hardly more than the ground's
/// tone. At this pitch 5.4 % of the word is ink on paper; the simulated engines' words then stand out by 5.2 % or more on
/// copies in text and mixed mode, and at 15.2 dots by 4.9 % on some (`docs/paper.md`).
const MOST_PITCH: f64 = 14.85;

/// Finds the wedge on a scan, measures its steps and derives the calibration.
pub fn read(scan: &Grey) -> Result<Reading, ReadingError> {
    let frame = Frame::find(scan).ok_or(ReadingError::NoWedge)?;
    let columns: Vec<Column> =
        FineScreen::ALL.into_iter().filter_map(|screen| Column::measured(&frame, scan, screen)).collect();
    let calibration = chosen(&columns)?;
    Ok(Reading { calibration, columns })
}

/// The lightest screen whose ground is dark enough.
fn chosen(columns: &[Column]) -> Result<Calibration, ReadingError> {
    for Column { screen, equal, deviation, .. } in columns {
        if !equal.is_finite() || *deviation > MOST_DEVIATION {
            return Err(ReadingError::Uneven);
        }
        if *equal <= MOST_PITCH {
            let pitch = Pitch::from_hundredths((equal * 100.0).round() as u16).ok_or(ReadingError::TooDark)?;
            return Ok(Calibration { screen: *screen, pitch });
        }
    }
    Err(ReadingError::TooLight)
}

impl Column {
    fn measured(frame: &Frame, scan: &Grey, screen: FineScreen) -> Option<Self> {
        let steps: Vec<Step> = steps(screen)
            .map(|(calibration, place)| Step { pitch: calibration.pitch, contrast: frame.contrast(scan, place) })
            .collect();
        // The coarse dots' ink is proportional to their number, and that to the inverse square of the pitch.
        let line = Line::through(steps.iter().map(|step| (step.pitch.dots().powi(-2), step.contrast)))?;
        let equal = if line.slope < 0.0 { (-line.start / line.slope).powf(-0.5) } else { f64::NAN };
        Some(Self { screen, steps, equal, deviation: line.deviation })
    }
}

/// A straight line through points, by least squares.
struct Line {
    start: f64,
    slope: f64,
    /// Root of the mean square of the points' distances.
    deviation: f64,
}

impl Line {
    fn through(points: impl Iterator<Item = (f64, f64)> + Clone) -> Option<Self> {
        let count = points.clone().count() as f64;
        let mean = |of: fn((f64, f64)) -> f64| points.clone().map(of).sum::<f64>() / count;
        let (x, y) = (mean(|point| point.0), mean(|point| point.1));
        let (mut squares, mut products) = (0.0, 0.0);
        for point in points.clone() {
            squares += (point.0 - x).powi(2);
            products += (point.0 - x) * (point.1 - y);
        }
        let slope = products / squares;
        let start = y - slope * x;
        let misses = points.map(|point| (start + slope * point.0 - point.1).powi(2)).sum::<f64>();
        slope.is_finite().then(|| Self { start, slope, deviation: (misses / count).sqrt() })
    }
}

/// Where the wedge lies on a scan.
struct Frame {
    /// Middles of the corner marks in pixels: upper left, upper right, lower right, lower left of the wedge.
    corners: [(f64, f64); 4],
    /// Grey of solid ink.
    black: f64,
}

impl Frame {
    /// Finds the corner marks, whichever way up the page lies.
    fn find(scan: &Grey) -> Option<Self> {
        if scan.height.max(scan.width) < LEAST_HEIGHT {
            return None;
        }
        let corners = outermost(&solid_squares(scan))?;
        let mut turned = (0..4).filter_map(|turn| {
            let mut corners = corners;
            corners.rotate_left(turn);
            let frame = Self { corners, black: 0.0 };
            let black = corners.iter().map(|&corner| scan.at(corner)).sum::<f64>() / 4.0;
            let tells = scan.at(frame.place((UPPER_LEFT.0 as f64, UPPER_LEFT.1 as f64)));
            (tells < black + 0.3 * (255.0 - black)).then_some(Self { black, ..frame })
        });
        let upright = |frame: &Self| {
            let [(x, y), (right, across), _, (left, below)] = frame.corners;
            let (width, height) = ((right - x).hypot(across - y), (left - x).hypot(below - y));
            ((height / width) / ((CORNERS[3].1 - CORNERS[0].1) as f64 / (CORNERS[1].0 - CORNERS[0].0) as f64) - 1.0)
                .abs()
                < 0.1
        };
        turned.find(upright)
    }

    /// Where a dot of the wedge lies on the scan: between the corner marks.
    fn place(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let [first, second, third, fourth] = self.corners;
        let (left, right) = (CORNERS[0].0 as f64, CORNERS[1].0 as f64);
        let (top, bottom) = (CORNERS[0].1 as f64, CORNERS[3].1 as f64);
        let (across, down) = ((x - left) / (right - left), (y - top) / (bottom - top));
        let between = |from: (f64, f64), to: (f64, f64), part: f64| {
            (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part)
        };
        between(between(first, second, across), between(fourth, third, across), down)
    }

    /// The contrast of the step whose first strip has this upper left corner.
    fn contrast(&self, scan: &Grey, (left, top): (usize, usize)) -> f64 {
        let light = |strip: usize| self.light(scan, (left + strip * STRIP.0, top)) - self.black;
        let [left, coarse, right]: [f64; STRIPS] = std::array::from_fn(light);
        // Light that falls evenly off to one side cancels out.
        coarse / f64::midpoint(left, right) - 1.0
    }

    /// The mean grey of a strip without its edges.
    ///
    /// Towards the edges pixels weigh ever less (a Hann window), so that it makes no difference whether an edge runs
    /// through a row of dots or beside it.
    fn light(&self, scan: &Grey, (left, top): (usize, usize)) -> f64 {
        /// Dots from a strip's edge that may already be blurred with its neighbour: 1 mm.
        const EDGE: usize = 24;
        let weights = |length: usize| {
            let inner = length - 2 * EDGE;
            let weight = move |at: usize| (PI * (at as f64 + 0.5) / inner as f64).sin().powi(2);
            (0..inner).map(move |at| ((EDGE + at) as f64 + 0.5, weight(at)))
        };
        let (mut sum, mut total) = (0.0, 0.0);
        for (y, of_row) in weights(STRIP.1) {
            for (x, of_column) in weights(STRIP.0) {
                let weight = of_row * of_column;
                sum += weight * scan.at(self.place((left as f64 + x, top as f64 + y)));
                total += weight;
            }
        }
        sum / total
    }
}

/// Middles of dark squares of a mark's size.
fn solid_squares(scan: &Grey) -> Vec<(f64, f64)> {
    let coarse = Coarse::of(scan);
    let side = MARK as f64 / PAGE.1 as f64 * coarse.height.max(coarse.width) as f64;
    let mut seen = vec![false; coarse.dark.len()];
    let mut found = Vec::new();
    for start in 0..coarse.dark.len() {
        let blot = coarse.blot(start, &mut seen);
        let (width, height) = blot.size();
        let is_square = [width, height].iter().all(|&length| (0.75 * side..1.45 * side).contains(&length));
        if is_square && blot.count > 0.6 * width * height {
            let middle = |sum: f64| (sum / blot.count + 0.5) * coarse.factor as f64;
            found.push((middle(blot.sums.0), middle(blot.sums.1)));
        }
    }
    found
}

/// The corners of the largest frame: upper left, upper right, lower right, lower left of the scan.
fn outermost(places: &[(f64, f64)]) -> Option<[(f64, f64); 4]> {
    let most = |towards: fn(&(f64, f64)) -> f64| {
        places.iter().copied().max_by(|one, other| towards(one).total_cmp(&towards(other)))
    };
    let corners = [most(|p| -p.0 - p.1)?, most(|p| p.0 - p.1)?, most(|p| p.0 + p.1)?, most(|p| p.1 - p.0)?];
    let are_apart = (0..4).all(|one| (0..one).all(|other| corners.get(one) != corners.get(other)));
    are_apart.then_some(corners)
}

/// A scan made small: which of its pixels are as dark as solid ink.
struct Coarse {
    factor: usize,
    width: usize,
    height: usize,
    dark: Vec<bool>,
}

/// Dark pixels that touch each other.
#[derive(Default)]
struct Blot {
    count: f64,
    sums: (f64, f64),
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

impl Coarse {
    /// Pixels along the longer side, at least: a mark then has some twenty.
    const SIDE: usize = 750;

    fn of(scan: &Grey) -> Self {
        let factor = (scan.width.max(scan.height) / Self::SIDE).max(1);
        let (width, height) = (scan.width / factor, scan.height / factor);
        let mean = |place: usize| {
            let (x, y) = (place % width * factor, place / width * factor);
            let pixels = (0..factor * factor).map(|at| u32::from(scan.get(x + at % factor, y + at / factor)));
            pixels.sum::<u32>() / (factor * factor) as u32
        };
        let greys: Vec<u32> = (0..width * height).map(mean).collect();
        let paper = greys.iter().copied().max().unwrap_or_default();
        Self { factor, width, height, dark: greys.iter().map(|grey| grey * 2 < paper).collect() }
    }

    /// The dark pixels around one that were not seen yet.
    fn blot(&self, start: usize, seen: &mut [bool]) -> Blot {
        let mut blot = Blot { left: usize::MAX, top: usize::MAX, ..Blot::default() };
        let mut waiting = vec![start];
        while let Some(place) = waiting.pop() {
            let is_dark = self.dark.get(place).copied().unwrap_or_default();
            let Some(seen) = seen.get_mut(place).filter(|seen| is_dark && !**seen) else { continue };
            *seen = true;
            let (x, y) = (place % self.width, place / self.width);
            blot.add(x, y);
            let beside = [(x > 0).then(|| place - 1), (x + 1 < self.width).then_some(place + 1)];
            waiting.extend(beside.into_iter().flatten().chain(place.checked_sub(self.width)));
            waiting.push(place + self.width);
        }
        blot
    }
}

impl Blot {
    fn add(&mut self, x: usize, y: usize) {
        self.count += 1.0;
        self.sums = (self.sums.0 + x as f64, self.sums.1 + y as f64);
        (self.left, self.right) = (self.left.min(x), self.right.max(x + 1));
        (self.top, self.bottom) = (self.top.min(y), self.bottom.max(y + 1));
    }

    fn size(&self) -> (f64, f64) {
        (self.right.saturating_sub(self.left) as f64, self.bottom.saturating_sub(self.top) as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_without_a_wedge_gives_no_calibration() {
        for grey in [0, 128, 255] {
            let blank = Grey::new(1240, 1754, vec![grey; 1240 * 1754]).unwrap();
            assert_eq!(read(&blank), Err(ReadingError::NoWedge));
        }
        assert_eq!(read(&Grey::new(1, 1, vec![0]).unwrap()), Err(ReadingError::NoWedge));
        assert!(Grey::new(2, 2, vec![0; 3]).is_none());
    }

    #[test]
    fn a_line_is_found_through_points_beside_it() {
        let line = Line::through([(0.0, 1.0), (1.0, 3.1), (2.0, 4.9), (3.0, 7.0)].into_iter()).unwrap();
        assert!((line.slope - 1.98).abs() < 1e-9 && (line.start - 1.03).abs() < 1e-9);
        assert!(line.deviation > 0.05 && line.deviation < 0.1);
    }

    /// Columns of screens that are equal at these pitches.
    fn columns(equal: [f64; 4]) -> Vec<Column> {
        let column = |(screen, equal)| Column { screen, steps: Vec::new(), equal, deviation: 0.001 };
        FineScreen::ALL.into_iter().zip(equal).map(column).collect()
    }

    #[test]
    fn the_lightest_screen_that_is_dark_enough_is_chosen() {
        let chosen = |equal| chosen(&columns(equal)).map(|calibration| calibration.to_string());
        assert_eq!(chosen([10.8, 10.2, 8.2, 6.1]).unwrap(), "18/1080");
        assert_eq!(chosen([15.2, 14.333, 11.3, 7.4]).unwrap(), "16/1433");
        assert_eq!(chosen([18.6, 17.6, 14.6, 9.0]).unwrap(), "12/1460");
        assert_eq!(chosen([21.4, 20.2, 16.9, 10.4]).unwrap(), "8/1040");
        assert_eq!(chosen([8.9, 8.3, 7.0, 5.0]), Err(ReadingError::TooDark));
        assert_eq!(chosen([27.0, 26.0, 22.0, 14.9]), Err(ReadingError::TooLight));
        assert_eq!(chosen([f64::NAN, 14.3, 11.3, 7.4]), Err(ReadingError::Uneven));
    }

    #[test]
    fn a_column_whose_steps_lie_on_no_line_is_not_passed_over() {
        let mut columns = columns([15.2, 14.3, 11.3, 7.4]);
        columns[0].deviation = 2.0 * MOST_DEVIATION;
        assert_eq!(chosen(&columns), Err(ReadingError::Uneven));
    }
}
