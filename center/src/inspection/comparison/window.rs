//! Parts of a presented page, laid over the drawn one more closely than the page as a whole.

use super::way::way;
use super::{AROUND, EDGE, FINE_PER_MM, Page};
use crate::inspection::fold::{Fold, shadow_at};
use crate::inspection::letters::{Letter, Window};
use crate::inspection::plane::Plane;
use crate::inspection::report::Area;

impl Page<'_> {
    /// A letter with a margin.
    pub(super) fn window_of(&self, letter: &Letter) -> Window {
        /// Half pixels around a letter that are looked at with it.
        const MARGIN: f64 = 6.0;
        let area = letter.area();
        let place = |millimetres: f64| millimetres * f64::from(FINE_PER_MM);
        let start = |millimetres: f64| (place(millimetres) - MARGIN).max(0.0) as usize;
        let length = |millimetres: f64| (place(millimetres) + 2.0 * MARGIN).clamp(1.0, 2000.0) as usize;
        self.window((start(area.left_mm), start(area.top_mm)), (length(area.width_mm), length(area.height_mm)), AROUND)
    }

    /// Whether a fold runs close to a letter or through it.
    pub(super) fn is_near_fold(&self, letter: &Letter) -> bool {
        let Area { left_mm, top_mm, width_mm, height_mm } = letter.area();
        let pixels = |millimetres: f64| millimetres as f32 * FINE_PER_MM / 2.0;
        let middle = pixels(left_mm + width_mm / 2.0);
        let mut rows = pixels(top_mm) as usize..=pixels(top_mm + height_mm) as usize;
        rows.any(|y| self.folds.iter().any(|fold| fold.is_near((middle, y as f32))))
    }

    /// A part of the page in half pixels; by what lies so far `around` it is judged where the paper lies.
    ///
    /// The presented page is moved to where that is most like the drawn front.
    pub(super) fn window(&self, corner: (usize, usize), size: (usize, usize), around: (usize, usize)) -> Window {
        let edges = self.edges.part(corner, size);
        // On each side of a fold the paper lies elsewhere.
        let folds_above = |x: usize, y: usize| self.folds_above(place_of((corner.0 + x, corner.1 + y)));
        let fewest = folds_above(0, 0).min(folds_above(size.0, 0));
        let most = folds_above(0, size.1).max(folds_above(size.0, size.1));
        let ways: Vec<(f32, f32)> = (fewest..=most).map(|part| self.way(corner, size, around, part)).collect();
        let ink_at = |x: usize, y: usize| {
            let part = self.folds_above(place_of((x, y))).saturating_sub(fewest);
            let (across, down) = ways.get(part).copied().unwrap_or_default();
            let (x, y) = place_of((x, y));
            self.ink_at((x + across, y + down))
        };
        let presented = Plane::from_pixels(size.0, size.1, |x, y| ink_at(corner.0 + x, corner.1 + y));
        let columns = corner.0.saturating_sub(around.0)..corner.0 + size.0 + around.0;
        let rows = corner.1..corner.1 + size.1;
        let lost: Vec<bool> = rows.map(|y| self.is_lost(columns.clone(), y, ink_at)).collect();
        let known = Plane::from_pixels(size.0, size.1, |x, y| {
            let is_lost = lost.get(y).is_some_and(|is_lost| *is_lost);
            f32::from(u8::from(!is_lost && !self.is_cracked(place_of((corner.0 + x, corner.1 + y)))))
        });
        Window { corner, edges, presented, known }
    }

    /// The dots of the word in the ground in a window, their edges blurred as those of the drawn front are.
    ///
    /// They lie under whatever letter stands there.
    pub(super) fn dots(&self, window: &Window) -> Plane {
        /// Half pixels are three times as wide as half dots.
        const HALF_DOTS: usize = 3;
        /// How much more ink a dot has than its blurred edges say: it is smaller than the blur is wide.
        const GAIN: f32 = 1.4;
        let (corner, size) = (window.corner, (window.edges.width(), window.edges.height()));
        let Some(word) = self.word else { return Plane::from_pixels(size.0, size.1, |_, _| 0.0) };
        let ink = |x: usize, y: usize| {
            let half_dots = (0..HALF_DOTS * HALF_DOTS).map(|at| (at % HALF_DOTS, at / HALF_DOTS));
            let inked =
                half_dots.filter(|(dx, dy)| word.has_ink((x * HALF_DOTS + dx) / 2, (y * HALF_DOTS + dy) / 2)).count();
            inked as f32 / (HALF_DOTS * HALF_DOTS) as f32
        };
        let edges = Plane::from_pixels(size.0, size.1, |x, y| ink(corner.0 + x, corner.1 + y)).blurred(EDGE);
        edges.map(|ink| (ink * GAIN).min(1.0))
    }

    /// Whether close to a fold a row of half pixels has lost its ink, all along and not in one letter alone.
    fn is_lost(&self, columns: std::ops::Range<usize>, y: usize, ink_at: impl Fn(usize, usize) -> f32) -> bool {
        /// Half pixels of ink that a row must have had.
        const LEAST: f32 = 10.0;
        let is_near = |x: usize| self.folds.iter().any(|fold| fold.is_near(place_of((x, y))));
        let inks = columns.filter(|x| is_near(*x)).map(|x| (x, self.edges.get(x, y))).filter(|(_, ink)| *ink > 0.4);
        let (drawn, gone) = inks.fold((0.0, 0.0), |sum, (x, ink)| {
            let there = (y.saturating_sub(2)..=y + 2).map(|y| ink_at(x, y)).fold(0.0, f32::max);
            (sum.0 + ink, sum.1 + (ink - there).clamp(0.0, 1.0))
        });
        drawn > LEAST && gone > drawn * 0.35
    }

    /// How far the paper around a part of the page lies aside in pixels, where so many folds lie above.
    ///
    /// Judged by what lies around: a letter that was replaced is not to be laid over the one it replaced.
    fn way(&self, corner: (usize, usize), size: (usize, usize), around: (usize, usize), folds: usize) -> (f32, f32) {
        let pixels = |start: usize, length: usize, around: usize| {
            start.saturating_sub(around) / 2..(start + length + around) / 2
        };
        let part = (pixels(corner.0, size.0, around.0), pixels(corner.1, size.1, around.1));
        way((&self.rendered, &self.presented), part, |x, y| {
            let place = (x as f32 + 0.5, y as f32 + 0.5);
            f32::from(u8::from(!self.is_cracked(place) && self.folds_above(place) == folds))
        })
    }

    fn ink_at(&self, place: (f32, f32)) -> f32 {
        self.tone.ink(place, self.aligned.grey_at(f64::from(place.0), f64::from(place.1)))
            - shadow_at(&self.folds, place)
    }

    /// The ink of a part of the presented page in half pixels.
    pub(super) fn presented_at(&self, corner: (usize, usize), size: (usize, usize)) -> Plane {
        Plane::from_pixels(size.0, size.1, |x, y| self.ink_at(place_of((corner.0 + x, corner.1 + y))))
    }

    /// Whether ink cracked off here along a fold.
    pub(super) fn is_cracked(&self, place: (f32, f32)) -> bool {
        is_cracked(&self.folds, place)
    }

    /// How many folds lie above a place.
    fn folds_above(&self, place: (f32, f32)) -> usize {
        self.folds.iter().filter(|fold| fold.below(place) > 0.0).count()
    }
}

/// The middle of a half pixel in pixels.
fn place_of((x, y): (usize, usize)) -> (f32, f32) {
    (x as f32 / 2.0 + 0.25, y as f32 / 2.0 + 0.25)
}

/// Whether ink cracked off at a place along one of the folds.
pub(super) fn is_cracked(folds: &[Fold], place: (f32, f32)) -> bool {
    folds.iter().any(|fold| fold.is_cracked(place))
}
