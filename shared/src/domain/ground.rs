//! The two screens of the ground pattern (けん制文字), which print equally dark on a calibrated printer.
//!
//! | screen | dots | lattice |
//! |---|---|---|
//! | fine, the ground | 2 × 1 | one of [`FineScreen`] |
//! | coarse, the word 複写 | 4 × 4 without corners | turned by 45°, a [`Pitch`] apart |
//!
//! A photocopier loses the fine dots and keeps the coarse ones, and the word appears. Places are dots of 1/600 inch.

/// The screens of fine dots from light to dense, each named by the dots of its cell, of which two are ink.
///
/// A light screen leaves text the most readable; but where a printer's fine dots come out faint there is too little
/// that a copier could lose, and it needs a denser one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FineScreen {
    /// 11 % of ink.
    Of18,
    /// 12.5 % of ink.
    Of16,
    /// 17 % of ink.
    Of12,
    /// 25 % of ink.
    Of8,
}

impl FineScreen {
    /// All of them, the lightest first.
    pub const ALL: [Self; 4] = [Self::Of18, Self::Of16, Self::Of12, Self::Of8];

    /// The screen whose cell has so many dots.
    pub fn with_cell(dots: usize) -> Option<Self> {
        Self::ALL.into_iter().find(|screen| screen.cell() == dots)
    }

    /// Dots of the cell of one fine dot.
    pub const fn cell(self) -> usize {
        let (across, down) = self.steps();
        2 * across * down
    }

    /// How far across and down the next row's dots lie; in a row they lie twice as far apart.
    const fn steps(self) -> (usize, usize) {
        match self {
            Self::Of18 => (3, 3),
            Self::Of16 => (4, 2),
            Self::Of12 => (3, 2),
            Self::Of8 => (2, 2),
        }
    }

    /// Width and height after which the lattice repeats.
    pub const fn period(self) -> (usize, usize) {
        let (across, down) = self.steps();
        (2 * across, 2 * down)
    }
}

/// How far apart the coarse dots lie, in hundredths of 1/600 inch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pitch(u16);

impl Pitch {
    /// The least and the greatest one that a step wedge shows.
    pub const RANGE: std::ops::RangeInclusive<u16> = 900..=1600;

    /// As dark as [`FineScreen::Of18`] on a typical printer: the default calibration's.
    pub(super) const TYPICAL: Self = Self(1520);

    /// From hundredths of 1/600 inch; `None` outside the range.
    pub fn from_hundredths(hundredths: u16) -> Option<Self> {
        Self::RANGE.contains(&hundredths).then_some(Self(hundredths))
    }

    /// In hundredths of 1/600 inch.
    pub const fn hundredths(self) -> u16 {
        self.0
    }

    /// In 1/600 inch.
    pub fn dots(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

/// A coarse dot: four rows of four, the leftmost in the highest of the lowest four bits.
const COARSE: [u8; 4] = [0b0110, 0b1111, 0b1111, 0b0110];

/// Where fine dots stand in an area of this width and height: the left one of each pair of inked dots.
pub fn fine_places(screen: FineScreen, (width, height): (usize, usize)) -> impl Iterator<Item = (usize, usize)> {
    let (across, down) = screen.steps();
    (0..height).step_by(down).flat_map(move |y| {
        let aside = if (y / down).is_multiple_of(2) { 0 } else { across };
        (aside..width).step_by(2 * across).map(move |x| (x, y))
    })
}

/// The inked dots of a fine dot.
pub fn fine_dot((x, y): (usize, usize)) -> [(usize, usize); 2] {
    [(x, y), (x + 1, y)]
}

/// Where coarse dots stand in an area of this width and height: their middles, each at the nearest whole dot.
pub fn coarse_places(pitch: Pitch, (width, height): (usize, usize)) -> impl Iterator<Item = (usize, usize)> {
    let step = pitch.dots() / std::f64::consts::SQRT_2;
    let rows = (height as f64 / step) as usize;
    let columns = (width as f64 / step / 2.0) as usize;
    (0..rows).flat_map(move |row| {
        let y = ((row as f64 + 0.5) * step).round() as usize;
        let first = if row.is_multiple_of(2) { 0.5 } else { 1.5 };
        (0..columns).map(move |column| (((column as f64 * 2.0 + first) * step).round() as usize, y))
    })
}

/// The inked dots of a coarse dot; those beyond the left and upper edges are left out.
pub fn coarse_dot((x, y): (usize, usize)) -> impl Iterator<Item = (usize, usize)> {
    let half = COARSE.len() / 2;
    COARSE.into_iter().enumerate().flat_map(move |(row, bits)| {
        let inked = (0..COARSE.len()).filter(move |column| bits >> column & 1 == 1);
        inked.filter_map(move |column| Some(((x + column).checked_sub(half)?, (y + row).checked_sub(half)?)))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_screens_ink_as_much_as_their_lattices_say() {
        let area = (1800, 1800);
        let share = |inked: usize| inked as f64 / (1800.0 * 1800.0);
        for screen in FineScreen::ALL {
            let fine = share(fine_places(screen, area).flat_map(fine_dot).count());
            assert!((fine - 2.0 / screen.cell() as f64).abs() < 1e-9, "{screen:?} {fine}");
        }
        // 12 dots of a coarse one stand on a square of the pitch.
        let coarse = share(coarse_places(Pitch::from_hundredths(1130).unwrap(), area).flat_map(coarse_dot).count());
        assert!((coarse - 12.0 / (11.3 * 11.3)).abs() < 0.002, "{coarse}");
    }

    #[test]
    fn the_screens_grow_denser_and_none_of_their_dots_touch() {
        assert!(FineScreen::ALL.is_sorted_by_key(|screen| std::cmp::Reverse(screen.cell())));
        for screen in FineScreen::ALL {
            let inked: HashSet<_> = fine_places(screen, (60, 60)).flat_map(fine_dot).collect();
            for (x, y) in fine_places(screen, (60, 60)) {
                // Neither beside nor above nor below, nor over a corner.
                let around =
                    (x.saturating_sub(1)..=x + 2).flat_map(|x| (y.saturating_sub(1)..=y + 1).map(move |y| (x, y)));
                assert_eq!(around.filter(|dot| inked.contains(dot)).count(), 2, "{screen:?} at {x}, {y}");
            }
        }
    }

    #[test]
    fn coarse_dots_do_not_touch_and_stay_in_their_area() {
        for pitch in Pitch::RANGE.step_by(50).filter_map(Pitch::from_hundredths) {
            let mut inked: Vec<_> = coarse_places(pitch, (400, 300)).flat_map(coarse_dot).collect();
            let count = inked.len();
            inked.sort_unstable();
            inked.dedup();
            assert_eq!(inked.len(), count, "{pitch:?}");
            assert!(inked.iter().all(|&(x, y)| x < 404 && y < 304), "{pitch:?}");
        }
    }
}
