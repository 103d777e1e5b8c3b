//! What happens to paper between printer and scanner: specks, voids, folds, the other side, and destruction.

use super::filter::Kernel;
use super::picture::Picture;
use super::printing::{Place, Sheet, spot};
use super::rasteriser::DOT_UM;
use super::texture::Chance;

/// How a sheet was treated.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wear {
    /// Dark specks of 50 to 400 µm on a page.
    pub specks: usize,
    /// Places of the same size where ink came off.
    pub voids: usize,
    /// Folds across the page.
    pub folds: usize,
    /// How strongly the other side shines through: part of its ink.
    pub show_through: f64,
}

/// What is done to make a page unreadable.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Damage {
    /// A corner torn off.
    Torn,
    /// A pool of ink.
    Stain,
    /// Strips cut out.
    Strips,
}

impl Wear {
    /// Wears a sheet that lies there on its page; `behind` is what stands on its other side.
    pub fn apply(&self, (sheet, place): (&mut Sheet, Place), behind: Option<&Picture>, chance: &mut Chance) {
        for _ in 0..self.specks {
            spot((&mut sheet.ink, place), chance, (50.0, 400.0), 225);
        }
        for _ in 0..self.voids {
            spot((&mut sheet.ink, place), chance, (50.0, 400.0), 0);
        }
        for _ in 0..self.folds {
            fold((sheet, place), chance);
        }
        if let Some(page) = behind
            && self.show_through > 0.0
        {
            sheet.behind = Some((reverse(page), self.show_through as f32));
        }
    }
}

/// A fold across the page, somewhere between its quarters: ink cracks off, a shadow lies beside it, and the paper
/// below lies a little aside.
fn fold((sheet, place): (&mut Sheet, Place), chance: &mut Chance) {
    let (across, height) = (place.page.0 as f64, place.page.1 as f64);
    let at = chance.between(height * 0.25, height * 0.75) - place.top as f64;
    sheet.folds.push(at);
    let slope = chance.between(-0.01, 0.01);
    let half_crack = chance.between(80.0, 250.0) / DOT_UM;
    let width = sheet.ink.width;
    for x in 0..width {
        let middle = at + slope * ((x + place.left) as f64 - across / 2.0);
        let wide = half_crack * chance.between(0.2, 1.0);
        for y in (middle - wide).max(0.0) as usize..((middle + wide).max(0.0) as usize).min(sheet.ink.height) {
            if let Some(pixel) = sheet.ink.pixels.get_mut(y * width + x) {
                *pixel /= 5;
            }
        }
    }
    let aside = ((chance.normal() * 0.15) as f32, (chance.normal() * 0.2) as f32);
    let shadow = chance.between(0.05, 0.2);
    let reach_mm = chance.between(0.6, 2.0);
    for (y, (shift, dark)) in sheet.shifts.iter_mut().zip(&mut sheet.shadows).enumerate() {
        let distance_mm = (y as f64 - at) * DOT_UM / 1000.0;
        if distance_mm > 0.0 {
            shift.0 += aside.0;
            shift.1 += aside.1;
        }
        *dark += (shadow * (-(distance_mm / reach_mm).powi(2)).exp()) as f32;
    }
}

/// The other side as it looks from here: mirrored, blurred by the paper, at an eighth of the resolution.
fn reverse(page: &Picture) -> Picture {
    const FACTOR: usize = 8;
    let (width, height) = (page.width / FACTOR, page.height / FACTOR);
    let coarse = Picture::from_pixels(width, height, |x, y| {
        let left = page.width - (x + 1) * FACTOR;
        255 - page.mean(left, y * FACTOR, FACTOR, FACTOR) as u8
    });
    Kernel::new(1.0, 0.0).apply(&coarse)
}

/// Destroys this part of a rectangle of the page (600-dpi dots: left, top, width, height).
pub fn destroy(sheet: &mut Sheet, damage: Damage, part: f64, field: (usize, usize, usize, usize), chance: &mut Chance) {
    let (left, top, width, height) = field;
    let strips = 6;
    let aside = chance.unit();
    let is_gone = |x: f64, y: f64| -> bool {
        match damage {
            // x + y < s cuts off s²/2 of the unit square.
            Damage::Torn => x + y < (2.0 * part).sqrt(),
            Damage::Stain => {
                let radius = (part / std::f64::consts::PI).sqrt();
                let (cx, cy) = (0.3 + 0.4 * aside, 0.7 - 0.4 * aside);
                // A circle that sticks out is smaller than asked; it is kept inside by its middle.
                ((x - cx.clamp(radius.min(0.5), 1.0 - radius.min(0.5)))
                    .hypot(y - cy.clamp(radius.min(0.5), 1.0 - radius.min(0.5))))
                    < radius
            }
            Damage::Strips => (y * f64::from(strips) + aside).fract() < part,
        }
    };
    let level = if damage == Damage::Stain { 235 } else { 0 };
    for row in top..(top + height).min(sheet.ink.height) {
        for column in left..(left + width).min(sheet.ink.width) {
            let (x, y) = ((column - left) as f64 / width as f64, (row - top) as f64 / height as f64);
            if is_gone(x, y)
                && let Some(pixel) = sheet.ink.pixels.get_mut(row * sheet.ink.width + column)
            {
                *pixel = level;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_much_is_destroyed_as_was_asked() {
        for damage in [Damage::Torn, Damage::Stain, Damage::Strips] {
            for seed in 0..4 {
                // All ink, so that a stain of ink is measured on a blank sheet and a loss on a full one.
                let grey = u8::from(damage == Damage::Stain) * 255;
                let mut sheet = Sheet::ideal(&Picture::plain(400, 500, grey));
                let before = sheet.ink.clone();
                destroy(&mut sheet, damage, 0.4, (0, 0, 400, 500), &mut Chance::new(seed, 0));
                let gone = before.pixels.iter().zip(&sheet.ink.pixels).filter(|(was, is)| was != is).count();
                let part = gone as f64 / before.pixels.len() as f64;
                assert!((part - 0.4).abs() < 0.01, "{damage:?} {seed}: {part}");
            }
        }
    }

    #[test]
    fn a_fold_shifts_what_lies_below_it_and_casts_a_shadow() {
        let mut sheet = Sheet::ideal(&Picture::plain(200, 3000, 0));
        let place = Place::whole(&sheet.ink);
        Wear { folds: 1, ..Wear::default() }.apply((&mut sheet, place), None, &mut Chance::new(3, 0));
        assert_eq!(sheet.shifts[0], (0.0, 0.0));
        assert_ne!(sheet.shifts[2999], (0.0, 0.0));
        let darkest = sheet.shadows.iter().copied().fold(0.0, f32::max);
        assert!(darkest > 0.04 && sheet.shadows[0] < 0.01);
        assert!(sheet.ink.pixels.iter().any(|&ink| ink < 60), "no ink cracked off");
    }

    #[test]
    fn a_piece_has_its_share_of_a_page_s_specks_and_the_folds_that_cross_it() {
        const PAGE: (usize, usize) = (1000, 1600);
        let piece = |(top, grey): (usize, u8), wear: Wear, seed: u64| {
            let mut sheet = Sheet::ideal(&Picture::plain(500, 400, grey));
            wear.apply((&mut sheet, Place { left: 250, top, page: PAGE }), None, &mut Chance::new(seed, 0));
            sheet
        };
        let inked = |sheet: &Sheet| sheet.ink.pixels.iter().filter(|&&ink| ink > 0).count() as f64;
        let specks = Wear { specks: 800, ..Wear::default() };
        let mut page = Sheet::ideal(&Picture::plain(PAGE.0, PAGE.1, 255));
        specks.apply((&mut page, Place { left: 0, top: 0, page: PAGE }), None, &mut Chance::new(1, 0));
        let on_pieces: f64 = (2..10).map(|seed| inked(&piece((600, 255), specks, seed))).sum::<f64>() / 8.0;
        let share = on_pieces / inked(&page);
        assert!((share - 1.0 / 8.0).abs() < 0.02, "{share}");
        // Folds lie between the page's quarters: half of them in a piece that takes half of these, none far above; ink
        // cracks off along those that cross it alone.
        for (top, part) in [(600, 0.5), (0, 0.0)] {
            let folded = (0..400).map(|seed| piece((top, 0), Wear { folds: 1, ..Wear::default() }, seed));
            let crossed = |sheet: &Sheet| sheet.folds.iter().any(|row| (10.0..390.0).contains(row));
            let cracked = |sheet: &Sheet| sheet.ink.pixels.iter().any(|&ink| ink < 255);
            let sheets: Vec<Sheet> = folded.collect();
            let share = sheets.iter().filter(|sheet| crossed(sheet)).count() as f64 / 400.0;
            assert!((share - part).abs() < 0.1, "{top}: {share}");
            assert!(sheets.iter().filter(|sheet| crossed(sheet)).all(cracked), "{top}");
            let far = |sheet: &&Sheet| sheet.folds.iter().all(|row| *row < -20.0 || *row > 420.0);
            assert!(!sheets.iter().filter(far).any(cracked), "{top}");
        }
    }

    #[test]
    fn the_other_side_shines_through_in_a_mirror() {
        let left_half = Picture::from_pixels(800, 800, |x, _| if x < 400 { 0 } else { 255 });
        let behind = reverse(&left_half);
        assert!(behind.get(20, 50) < 10 && behind.get(80, 50) > 245);
    }
}
