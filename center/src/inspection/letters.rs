//! Characters of the front: which of two is seen, the issued one or another in its place.
//!
//! A speck on a letter, or ink that came off one, changes the letter as little as a reader is misled by it. A forger makes
//! another character. So each of those that look like the issued one is drawn in its place, printed and scanned by the
//! page's own rendition, and laid beside what is seen; and so is none at all. What counts are the pixels in which the two
//! characters differ: whether they speak for the one or for the other.

use crate::document::outline::{Frame, Outline};
use crate::document::typeface::{Font, Picture};

use super::comparison::{EDGE, FINE_PER_MM};
use super::dirt::{part_inside, soiled};
use super::plane::Plane;
use super::report::Area;

/// A character on the front as it was set.
pub struct Letter {
    /// Its text among those of the front.
    pub item: usize,
    /// The typeface.
    pub font: Font,
    /// Its glyph there.
    pub glyph: u16,
    /// Its first character.
    pub character: char,
    /// Its shape.
    pub outline: Outline,
    /// Where it begins on its baseline, from the upper left corner of the page.
    pub origin_mm: (f64, f64),
    /// Its size.
    pub size_mm: f64,
    /// Its width in sizes.
    pub advance: f64,
}

/// A part of the page, in pixels of half the size of those in which fronts are compared.
pub(super) struct Window {
    /// Its upper left corner on the page.
    pub(super) corner: (usize, usize),
    /// The drawn front there, its edges blurred by [`EDGE`].
    pub(super) edges: Plane,
    /// The ink that is there.
    pub(super) presented: Plane,
    /// Where that says something: 1, or 0 in the crack of a fold.
    pub(super) known: Plane,
}

/// Where a window stands between the issued letter and the best of its rivals.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stand {
    /// At the letter, −1, or at the rival, 1.
    pub(super) found: f32,
    /// Whether the rival has less ink than the letter.
    pub(super) lacks_ink: bool,
}

/// Another character, or none, in a letter's place.
struct Rival {
    /// The window with it, printed and scanned.
    rendered: Plane,
    /// By how much it differs from the window with the letter.
    apart: f32,
    lacks_ink: bool,
}

shared::hidden_debug!(Letter, Window);

/// Squared difference beyond which a pixel tells nothing more: one that is black instead of white weighs as much as four
/// that are half as wrong.
const MOST: f32 = 0.25;
/// What two characters must differ by to be told apart, in pixels that are quite different.
const LEAST: f32 = 24.0;
/// The same, as a part of how much what is seen differs from the issued letter: less is lost in what the scan adds.
const LEAST_PART: f32 = 0.1;

/// A window that stands nearer to the issued letter shows it: that the paper may lie aside is not thought of.
const SETTLED: f32 = -0.5;
/// Where a window must stand for dirt to be thought of.
const DOUBTFUL: f32 = 0.2;
/// Pixels by which a letter may lie aside from where the text around it says: what is left of the page's own way.
const NEAR: usize = 1;
/// The same of a letter on paper that a fold moved, 0.25 mm, while most of the text around lies beyond the fold.
const FAR: usize = 4;
/// What a pixel beyond [`NEAR`] costs, by which a letter laid there is less like what is seen.
const ASIDE_COST: f32 = 0.1;
/// How much nearer to the rival a window stands without dirt that was sought for: it explains some of a stroke as well.
const DIRT: f32 = 0.25;

impl Letter {
    /// The room it takes.
    pub(super) fn area(&self) -> Area {
        let (left_mm, baseline_mm) = self.origin_mm;
        Area {
            left_mm,
            top_mm: baseline_mm - self.size_mm * 0.9,
            width_mm: self.advance * self.size_mm,
            height_mm: self.size_mm * 1.15,
        }
    }

    /// Whether it is one that another could be made of: the dashes that fill a line up are rules, and as thick as a rule is
    /// printed.
    pub(super) const fn is_read(&self) -> bool {
        /// U+2015, the horizontal bar.
        const BAR: char = '―';
        self.character != BAR
    }

    /// Where the window stands between this letter, −1, and the best of others, or none, in its place, 1.
    ///
    /// `render` prints and scans what was drawn, with what else is printed there; `blur` is its blur in pixels of the window.
    pub(super) fn replaced(
        &self,
        others: &[Outline],
        window: &Window,
        render: impl Fn(&Plane) -> Plane,
        blur: f32,
    ) -> Stand {
        let frame = self.frame(window);
        let issued = coverage(&self.outline, frame);
        let rendered = render(&window.edges);
        let ink: f32 = rendered.values().sum();
        let all_known = window.known.map(|_| 1.0);
        let blank = Outline::default();
        let rivals = others.iter().chain([&blank]).filter_map(|other| {
            let instead = window.edges.zip(&issued, |all, own| all - own);
            let instead = instead.zip(&coverage(other, frame), |rest, own| (rest + own).clamp(0.0, 1.0));
            let rival = render(&instead);
            let apart_where = |known: &Plane| differences(rendered.numbers(), rival.numbers(), known.numbers());
            let (apart, whole) = (apart_where(&window.known), apart_where(&all_known));
            let lacks_ink = rival.values().sum::<f32>() < ink;
            // What a crack took is not there to tell them apart.
            (apart >= LEAST * MOST && apart * 2.0 >= whole).then_some(Rival { rendered: rival, apart, lacks_ink })
        });
        let rivals: Vec<Rival> = rivals.collect();
        // Both are laid where they fit best, so that paper that lies aside speaks for neither.
        let best_within = |reach: usize| {
            let (error, _) = window.error(&rendered, reach);
            let told = rivals.iter().filter(|rival| rival.apart >= error * LEAST_PART);
            let found = told.map(|rival| {
                let found = (error - window.error(&rival.rendered, reach).0) / rival.apart;
                (Stand { found, lacks_ink: rival.lacks_ink }, rival.apart)
            });
            found.max_by(|(one, _), (other, _)| one.found.total_cmp(&other.found))
        };
        let Some((near, _)) = best_within(NEAR) else { return Stand { found: -1.0, lacks_ink: false } };
        if near.found < SETTLED {
            return near;
        }
        let Some((far, apart)) = best_within(FAR) else { return near };
        if far.found < DOUBTFUL {
            return far;
        }
        // A speck or a void is laid on the issued letter where it fits best: it may explain as much as the rival does.
        let without_dirt = far.found - window.explained_by_dirt(&rendered, blur) / apart + DIRT;
        Stand { found: far.found.min(without_dirt), ..far }
    }

    /// What is seen in its place, from afar.
    pub(super) fn seen(&self, window: &Window) -> Picture {
        let frame = self.frame(window);
        let pixels = frame.em / Picture::EM;
        let within = |from: f32| (from.max(0.0) as usize)..((from + pixels).max(1.0).ceil() as usize);
        Picture::from_pixels(|x, y| {
            let ems = (x as f32 + 0.5 - Picture::ORIGIN.0) / Picture::EM;
            if ems < 0.0 || ems > self.advance as f32 {
                // The letter beside it.
                return 0.0;
            }
            let left = frame.origin.0 + (x as f32 - Picture::ORIGIN.0) * pixels;
            let top = frame.origin.1 + (y as f32 - Picture::ORIGIN.1) * pixels;
            let places = within(top).flat_map(|y| within(left).map(move |x| (x, y)));
            let (ink, count) = places.fold((0.0, 0.0), |(ink, count), (x, y)| {
                (ink + window.presented.get(x, y).clamp(0.0, 1.0), count + 1.0)
            });
            ink / f32::max(count, 1.0)
        })
    }

    fn frame(&self, window: &Window) -> Frame {
        let pixels = |millimetres: f64, corner: usize| millimetres as f32 * FINE_PER_MM - corner as f32;
        Frame {
            size: (window.edges.width(), window.edges.height()),
            origin: (pixels(self.origin_mm.0, window.corner.0), pixels(self.origin_mm.1, window.corner.1)),
            em: self.size_mm as f32 * FINE_PER_MM,
        }
    }
}

impl Window {
    /// How much of what is seen differs from a drawing, laid where it fits best within so many pixels around, and where
    /// that is.
    fn error(&self, drawing: &Plane, reach: usize) -> (f32, (usize, usize)) {
        let places = (0..=2 * reach).flat_map(|dy| (0..=2 * reach).map(move |dx| (dx, dy)));
        let cost = |(dx, dy): (usize, usize)| {
            let aside = dx.abs_diff(reach).max(dy.abs_diff(reach)).saturating_sub(NEAR);
            1.0 + ASIDE_COST * aside as f32
        };
        let errors = places.map(|way| (self.error_at(drawing, reach, way) * cost(way), way));
        errors.min_by(|(one, _), (other, _)| one.total_cmp(other)).unwrap_or_default()
    }

    /// The same of all pixels but the outermost `reach`, the drawing as much less than this to the left and up.
    fn error_at(&self, drawing: &Plane, reach: usize, (dx, dy): (usize, usize)) -> f32 {
        let width = drawing.width().saturating_sub(2 * reach);
        let rows = 0..drawing.height().saturating_sub(2 * reach);
        let error = |y: usize| {
            let seen = self.presented.stretch((dx, y + dy), width);
            let known = self.known.stretch((reach, y + reach), width);
            differences(drawing.stretch((reach, y + reach), width), seen, known)
        };
        rows.map(error).sum()
    }

    /// By how much each pixel but the outermost [`FAR`] differs, the drawing laid so.
    fn errors(&self, drawing: &Plane, (dx, dy): (usize, usize)) -> Plane {
        let size = (drawing.width().saturating_sub(2 * FAR), drawing.height().saturating_sub(2 * FAR));
        Plane::from_pixels(size.0, size.1, |x, y| {
            difference(drawing.get(x + FAR, y + FAR), self.presented.get(x + dx, y + dy))
                * self.known.get(x + FAR, y + FAR)
        })
    }

    /// How much less what is seen differs from a drawing with one speck or void on it, where and of the size that fits best.
    fn explained_by_dirt(&self, drawing: &Plane, blur: f32) -> f32 {
        let (_, way) = self.error(drawing, FAR);
        let errors = self.errors(drawing, way);
        let discs = RADII.map(|radius| disc(radius, blur));
        let places = discs.iter().flat_map(|disc| {
            let corners = (errors.width().saturating_sub(disc.width()), errors.height().saturating_sub(disc.height()));
            (0..corners.1).flat_map(move |y| (0..corners.0).map(move |x| (disc, (x, y))))
        });
        places.map(|(disc, corner)| self.explained_by(disc, corner, (drawing, &errors, way))).fold(0.0, f32::max)
    }

    /// The same with a disc in one place.
    fn explained_by(&self, disc: &Plane, corner: (usize, usize), seen: (&Plane, &Plane, (usize, usize))) -> f32 {
        let (drawing, errors, (dx, dy)) = seen;
        let pixels =
            (0..disc.height()).flat_map(|y| disc.row(y).iter().enumerate().map(move |(x, cover)| (x, y, cover)));
        let (speck, void) = pixels.fold((0.0, 0.0), |(speck, void), (x, y, cover)| {
            let (x, y) = (corner.0 + x, corner.1 + y);
            let (ink, there) = (drawing.get(x + FAR, y + FAR), self.presented.get(x + dx, y + dy));
            let (before, known) = (errors.get(x, y), self.known.get(x + FAR, y + FAR));
            let better = |ink: f32| before - difference(ink, there) * known;
            (speck + better(soiled(ink, *cover)), void + better(ink * (1.0 - cover)))
        });
        f32::max(speck, void)
    }
}

/// Radii of specks and voids in pixels: up to 0.45 mm across.
const RADII: [f32; 4] = [1.2, 1.9, 2.7, 3.5];

/// A blurred disc: which part of each pixel it covers.
fn disc(radius: f32, blur: f32) -> Plane {
    let reach = (radius + 1.5 * blur).ceil();
    let side = 2 * reach as usize + 1;
    Plane::from_pixels(side, side, |x, y| part_inside(radius - (x as f32 - reach).hypot(y as f32 - reach), blur))
}

/// By how much a row of pixels differs, each weighted: the sum, taken many at a time.
pub(super) fn differences(one: &[f32], other: &[f32], weights: &[f32]) -> f32 {
    let (one, other, weights) = (one.as_chunks::<8>(), other.as_chunks::<8>(), weights.as_chunks::<8>());
    let mut sums = [0.0_f32; 8];
    for ((one, other), weights) in one.0.iter().zip(other.0).zip(weights.0) {
        let pixels = sums.iter_mut().zip(one).zip(other).zip(weights);
        pixels.for_each(|(((sum, one), other), weight)| *sum += difference(*one, *other) * weight);
    }
    let rest = one.1.iter().zip(other.1).zip(weights.1);
    sums.iter().sum::<f32>() + rest.map(|((one, other), weight)| difference(*one, *other) * weight).sum::<f32>()
}

/// By how much the ink of a pixel differs.
fn difference(one: f32, other: f32) -> f32 {
    (one - other).powi(2).min(MOST)
}

fn coverage(outline: &Outline, frame: Frame) -> Plane {
    Plane::of_values(frame.size, outline.coverage(frame)).blurred(EDGE)
}

#[cfg(test)]
mod tests;
