//! Where ink cracked off along a fold.

use crate::inspection::line::Line;
use crate::inspection::plane::Plane;

/// Pixels by which a crack may lie beside the shadow.
const ASIDE: i16 = 12;
/// What a pixel beside the shadow, or a thousandth of another slope, takes from what speaks for a crack.
const ASIDE_COST: f32 = 0.015;
/// Slopes of a crack that are tried to each side of the shadow's, in thousandths.
const SLOPES: i16 = 12;
/// Half of the widest crack, in pixels: 0.4 mm.
const WIDEST: u8 = 3;
/// Ink that was drawn, no less.
const INKED: f32 = 0.4;

/// The line of a crack close to that of a shadow, and half of its width in pixels; `None` if no ink is missing.
pub(super) fn close_to(shade: Line, drawn: &Plane, presented: &Plane) -> Option<(Line, f32)> {
    // Below a fold strokes lie higher or lower than drawn: a wide crack is found without being misled by them, and only
    // where there is none a thin one is looked for.
    [2, 1, 0].into_iter().find_map(|tolerance| Strip::along(shade, drawn, presented, tolerance).crack(shade))
}

/// The ink that was drawn where a crack may be, rules left out.
struct Strip {
    pixels: Vec<Pixel>,
    /// Pixels by which a stroke that lies above or below where it was drawn is there all the same.
    tolerance: u8,
}

struct Pixel {
    /// Its middle.
    place: (f32, f32),
    drawn: f32,
    missing: f32,
}

impl Strip {
    fn along(shade: Line, drawn: &Plane, presented: &Plane, tolerance: u8) -> Self {
        let reach = f32::from(ASIDE) + f32::from(SLOPES) / 1000.0 * shade.middle;
        let rows = |x: usize| {
            let end = |below: f32| shade.row(x, below, drawn.height()).unwrap_or(0);
            end(-reach)..end(reach)
        };
        let places = (0..drawn.width()).flat_map(|x| rows(x).map(move |y| (x, y)));
        let inked = places.filter(|place| is_amid_ink(drawn, *place) && !is_on_rule(drawn, *place));
        let pixels = inked.map(|(x, y)| {
            let ink = drawn.get(x, y);
            let there = most_around(presented, (x, y), usize::from(tolerance));
            let place = (x as f32 + 0.5, y as f32 + 0.5);
            Pixel { place, drawn: ink, missing: (ink - there).clamp(0.0, 1.0) }
        });
        Self { pixels: pixels.collect(), tolerance }
    }

    /// The crack that explains most of what is missing.
    fn crack(&self, shade: Line) -> Option<(Line, f32)> {
        /// Part of the ink of a line that is missing at least.
        const LEAST_PART: f32 = 0.3;
        /// Pixels of ink that are missing beyond that part at least.
        const LEAST: f32 = 4.0;
        let lines = (-ASIDE..=ASIDE).flat_map(|aside| (-SLOPES..=SLOPES).map(move |slope| (aside, slope)));
        let lines = lines.map(|(aside, slope)| Line {
            at: shade.at + f32::from(aside),
            slope: shade.slope + f32::from(slope) / 1000.0,
            ..shade
        });
        // What is missing speaks for a line, what is there against it, and so does lying far from the shadow.
        let evidence = |line: Line| {
            let (drawn, missing) = self.ink(line, (-1.0, 1.0));
            let aside = (line.at - shade.at).abs() + (line.slope - shade.slope).abs() * 1000.0;
            (missing - drawn * LEAST_PART) * (1.0 - aside * ASIDE_COST)
        };
        let lines = lines.map(|line| (evidence(line), line));
        let (found, line) = lines.max_by(|(one, _), (other, _)| one.total_cmp(other))?;
        let is_cracked = |below: f32| {
            let (drawn, missing) = self.ink(line, (below - 0.5, below + 0.5));
            missing > drawn * 0.2
        };
        let steps = (0..=WIDEST).map(f32::from);
        let half = steps.take_while(|half| is_cracked(-half) || is_cracked(*half)).count();
        (found > LEAST).then(|| (line, half as f32 + f32::from(self.tolerance)))
    }

    /// The ink of a stripe along a line, and how much of it is missing.
    fn ink(&self, line: Line, (from, to): (f32, f32)) -> (f32, f32) {
        let there = self.pixels.iter().filter(|pixel| (from..to).contains(&line.below(pixel.place)));
        there.fold((0.0, 0.0), |(drawn, missing), pixel| (drawn + pixel.drawn, missing + pixel.missing))
    }
}

/// Whether a stroke goes on above and below a pixel: where one ends, ink may be missing because it lies elsewhere.
fn is_amid_ink(drawn: &Plane, (x, y): (usize, usize)) -> bool {
    /// Pixels above and below.
    const BEYOND: usize = 2;
    [y.saturating_sub(BEYOND), y, y + BEYOND].iter().all(|y| drawn.get(x, *y) >= INKED)
}

/// Whether a pixel lies on a horizontal rule, which a line nearly level misses or hits as a whole.
fn is_on_rule(drawn: &Plane, (x, y): (usize, usize)) -> bool {
    [x.wrapping_sub(64), x.wrapping_sub(24), x + 24, x + 64].iter().all(|x| drawn.get(*x, y) > 0.3)
}

/// The most ink within a pixel to the left or right, and so many above or below.
fn most_around(presented: &Plane, (x, y): (usize, usize), tolerance: usize) -> f32 {
    let rows = y.saturating_sub(tolerance)..=y + tolerance;
    let around = rows.flat_map(|y| (x.saturating_sub(1)..=x + 1).map(move |x| (x, y)));
    around.map(|(x, y)| presented.get(x, y)).fold(0.0, f32::max)
}
