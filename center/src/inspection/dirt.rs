//! Dirt told from writing: a round speck on blank paper is not a stroke.
//!
//! Paper has specks on it, as heavy as the stroke by which one character differs from another: how much ink is out of
//! range does not separate them, its shape does. Discs are laid over each small spot, wherever and however large they fit
//! best; what they do not explain is what is left to be judged. Whether a disc on a letter makes another character of it is
//! asked in [`super::letters`].

use super::comparison::{DPI, least_and_most, seen_mass};
use super::plane::Plane;

/// What lies around a difference, in pixels of half the size of [`DPI`]'s.
pub(super) struct Neighbourhood {
    /// The least ink that the drawn front may have here.
    pub(super) lower: Plane,
    /// The most.
    pub(super) upper: Plane,
    /// The ink that is there.
    pub(super) presented: Plane,
    /// Blur of the presented page, in these pixels.
    pub(super) blur: f32,
}

/// Pixels around a spot that help to find a disc, and are not judged.
const MARGIN: usize = 6;

/// A round spot of dirt, in pixels of the neighbourhood.
#[derive(Debug, Clone, Copy)]
struct Disc {
    x: f32,
    y: f32,
    radius: f32,
    /// How much of the ink or of the paper it covers.
    cover: f32,
}

shared::hidden_debug!(Neighbourhood);

/// Pixels of a neighbourhood in a millimetre.
const PER_MM: f32 = 2.0 * DPI / 25.4;
/// The largest spot that is taken for dirt; what is larger is left to a person.
const LARGEST_MM: f32 = 0.45;
const SMALLEST_MM: f32 = 0.05;

impl Neighbourhood {
    /// The ink out of range that no disc or two explain, in pixels of solid ink at [`DPI`]; what is less is not looked at.
    pub(super) fn unexplained(self, seen_from: f32) -> f32 {
        /// Specks that lie so close to each other that they are one spot.
        const SPECKS: usize = 2;
        let mut here = self;
        for _ in 0..SPECKS {
            let disc = here.likeliest_disc();
            here = here.soiled(disc);
        }
        let rest = here.out_of_range(|_, _| 0.0);
        // What lies at the margin is not what is asked about.
        let inner = |side: usize| side.saturating_sub(2 * MARGIN);
        seen_mass(&rest.part((MARGIN, MARGIN), (inner(rest.width()), inner(rest.height()))), 2.0, seen_from)
    }

    fn likeliest_disc(&self) -> Disc {
        let whole = self.out_of_range(|_, _| 0.0);
        let mut best = Disc::guessed(&whole);
        let mut least = self.residue(best);
        let steps = [1.0, 0.5, 0.25, 0.12].into_iter().flat_map(|step| std::iter::repeat_n(step, 4));
        for step in steps {
            let around = best.neighbours(step).map(|disc| (self.residue(disc), disc));
            let better = around.into_iter().filter(|(found, _)| *found < least);
            (least, best) = better.min_by(|one, other| one.0.total_cmp(&other.0)).unwrap_or((least, best));
        }
        best
    }

    /// The same with a disc on the drawn front, if that explains anything.
    fn soiled(self, disc: Disc) -> Self {
        if self.residue(disc) >= self.out_of_range(|_, _| 0.0).values().map(f32::abs).sum() {
            return self;
        }
        let with = |plane: &Plane| {
            Plane::from_pixels(plane.width(), plane.height(), |x, y| {
                soiled(plane.get(x, y), disc.cover_at(x as f32 + 0.5, y as f32 + 0.5, self.blur))
            })
        };
        Self { lower: with(&self.lower), upper: with(&self.upper), ..self }
    }

    /// The sum of ink out of range once the range is that of a page with this disc on it.
    fn residue(&self, disc: Disc) -> f32 {
        let rest = self.out_of_range(|x, y| disc.cover_at(x, y, self.blur));
        rest.values().map(f32::abs).sum()
    }

    fn out_of_range(&self, cover: impl Fn(f32, f32) -> f32) -> Plane {
        Plane::from_pixels(self.presented.width(), self.presented.height(), |x, y| {
            let cover = cover(x as f32 + 0.5, y as f32 + 0.5);
            let (least, most) = (self.lower.get(x, y), self.upper.get(x, y));
            least_and_most(self.presented.get(x, y), soiled(least, cover), soiled(most, cover))
        })
    }
}

impl Disc {
    /// A disc in the middle of what is out of range, and as large.
    fn guessed(whole: &Plane) -> Self {
        let (mut mass, mut x_sum, mut y_sum) = (0.0, 0.0, 0.0);
        for y in 0..whole.height() {
            for (x, value) in whole.row(y).iter().enumerate() {
                let ink = value.abs();
                mass += ink;
                x_sum += ink * (x as f32 + 0.5);
                y_sum += ink * (y as f32 + 0.5);
            }
        }
        let mass = f32::max(mass, 1e-3);
        Self { x: x_sum / mass, y: y_sum / mass, radius: (mass / std::f32::consts::PI).sqrt(), cover: 0.9 }.possible()
    }

    /// The part of a pixel that the disc covers, blurred: the edge is that of a half-plane, its slope the blur's.
    fn cover_at(self, x: f32, y: f32, blur: f32) -> f32 {
        self.cover * part_inside(self.radius - (x - self.x).hypot(y - self.y), blur)
    }

    /// The discs that differ in one respect.
    fn neighbours(self, step: f32) -> [Self; 8] {
        let each = |x: f32, y: f32, radius: f32, cover: f32| {
            Self { x: self.x + x, y: self.y + y, radius: self.radius + radius, cover: self.cover + cover }.possible()
        };
        [
            each(step, 0.0, 0.0, 0.0),
            each(-step, 0.0, 0.0, 0.0),
            each(0.0, step, 0.0, 0.0),
            each(0.0, -step, 0.0, 0.0),
            each(0.0, 0.0, step, 0.0),
            each(0.0, 0.0, -step, 0.0),
            each(0.0, 0.0, 0.0, step * 0.2),
            each(0.0, 0.0, 0.0, step * -0.2),
        ]
    }

    fn possible(self) -> Self {
        let radius = self.radius.clamp(SMALLEST_MM * PER_MM / 2.0, LARGEST_MM * PER_MM / 2.0);
        Self { radius, cover: self.cover.clamp(0.5, 1.0), ..self }
    }
}

/// The part of a pixel on the inner side of a blurred edge that is so many pixels away.
pub(super) fn part_inside(inside: f32, blur: f32) -> f32 {
    // The logistic function that comes nearest to the normal distribution's.
    1.0 / (1.0 + (-1.702 * inside / blur.max(0.3)).exp())
}

/// Ink with dirt on it that covers this part of it.
pub(super) fn soiled(ink: f32, cover: f32) -> f32 {
    1.0 - (1.0 - ink) * (1.0 - cover)
}
