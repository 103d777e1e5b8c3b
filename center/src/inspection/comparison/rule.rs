//! Rules along which a fold runs: a crack that meets one at a slope of some thousandths parts it over centimetres, and the
//! paper below lies aside, so that it seems to be two.

use super::Page;
use super::spot::Spot;
use crate::inspection::plane::Plane;

/// Pixels by which a part of a rule may lie above or below where it was drawn: 0.8 mm.
const ASIDE: usize = 6;

impl Page<'_> {
    /// Whether a spot is what a fold left of a level rule: it lies along both, and no letter has room between.
    pub(super) fn is_parted_rule(&self, spot: &Spot) -> bool {
        /// Pixels of the height of such a spot: 1.3 mm.
        const HIGHEST: usize = 10;
        if spot.bottom - spot.top > HIGHEST {
            return false;
        }
        let middle = (spot.top + spot.bottom) as f32 / 2.0;
        let is_near_fold = |x: usize| self.folds.iter().any(|fold| fold.is_near((x as f32 + 0.5, middle)));
        let is_near_rule =
            |x: usize| (spot.top.saturating_sub(ASIDE)..spot.bottom + ASIDE).any(|y| is_ruled(&self.rendered, (x, y)));
        (spot.left..spot.right).all(|x| is_near_fold(x) && is_near_rule(x))
    }
}

/// Whether a level rule goes through a pixel.
fn is_ruled(drawn: &Plane, (x, y): (usize, usize)) -> bool {
    /// Pixels of a rule that is longer than any stroke of a letter: 8 mm.
    const LEAST: usize = 64;
    let is_inked = |x: &usize| drawn.get(*x, y) > 0.2;
    if y >= drawn.height() || !is_inked(&x) {
        return false;
    }
    let before = (x.saturating_sub(LEAST)..x).rev().take_while(is_inked).count();
    let behind = (x + 1..drawn.width().min(x + LEAST)).take_while(is_inked).count();
    before + behind >= LEAST
}
