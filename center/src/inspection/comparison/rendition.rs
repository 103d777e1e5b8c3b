//! How a printer and a scanner changed a front: thicker or thinner, and blurred.

use super::EDGE;
use crate::inspection::plane::Plane;

/// How the drawn front became the presented one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rendition {
    /// How far edges moved outwards, in half pixels.
    pub(super) gain: f32,
    /// Blur in pixels.
    pub(super) blur: f32,
}

impl Rendition {
    /// The rendition most like the presented front, judged on pieces with text on them.
    pub(super) fn fitting(edges: &Plane, presented: &Plane) -> Self {
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
    pub(super) fn of(self, edges: &Plane) -> Plane {
        self.grown(edges).halved().blurred(self.blur)
    }

    /// The same at twice the resolution.
    pub(super) fn finely(self, edges: &Plane) -> Plane {
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
