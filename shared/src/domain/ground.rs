//! The two screens of the ground pattern (けん制文字), which print equally dark on a calibrated printer.
//!
//! | screen | dots | lattice |
//! |---|---|---|
//! | fine, the ground | 2 × 1 | turned by 45°, 4.24 dots apart |
//! | coarse, the word 複写 | 4 × 4 without corners | turned by 45°, [`Calibration`] apart, 53 lines an inch |
//!
//! A photocopier loses the fine dots and keeps the coarse ones, and the word appears. Places are dots of 1/600 inch.

use super::calibration::Calibration;

/// Rows of fine dots lie so far apart, columns too; every second row begins this much later.
pub const FINE_STEP: usize = 3;

/// A coarse dot: four rows of four, the leftmost in the highest of the lowest four bits.
const COARSE: [u8; 4] = [0b0110, 0b1111, 0b1111, 0b0110];

/// Where fine dots stand in an area of this width and height: the left one of each pair of inked dots.
pub fn fine_places((width, height): (usize, usize)) -> impl Iterator<Item = (usize, usize)> {
    (0..height).step_by(FINE_STEP).flat_map(move |y| {
        let aside = if (y / FINE_STEP).is_multiple_of(2) { 0 } else { FINE_STEP };
        (aside..width).step_by(2 * FINE_STEP).map(move |x| (x, y))
    })
}

/// The inked dots of a fine dot.
pub fn fine_dot((x, y): (usize, usize)) -> [(usize, usize); 2] {
    [(x, y), (x + 1, y)]
}

/// Where coarse dots stand in an area of this width and height: their middles, each at the nearest whole dot.
pub fn coarse_places(
    calibration: Calibration,
    (width, height): (usize, usize),
) -> impl Iterator<Item = (usize, usize)> {
    let step = calibration.pitch_dots() / std::f64::consts::SQRT_2;
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
    use super::*;

    #[test]
    fn the_screens_ink_as_much_as_their_lattices_say() {
        // 2 of 18 dots are fine ink; 12 dots of a coarse one stand on a square of the pitch.
        let area = (1800, 1800);
        let share = |inked: usize| inked as f64 / (1800.0 * 1800.0);
        let fine = share(fine_places(area).flat_map(fine_dot).count());
        let pitch = Calibration::from_hundredths(1130).unwrap();
        let coarse = share(coarse_places(pitch, area).flat_map(coarse_dot).count());
        assert!((fine - 2.0 / 18.0).abs() < 1e-9, "{fine}");
        assert!((coarse - 12.0 / (11.3 * 11.3)).abs() < 0.002, "{coarse}");
    }

    #[test]
    fn coarse_dots_do_not_touch_and_stay_in_their_area() {
        for pitch in Calibration::RANGE.step_by(50) {
            let calibration = Calibration::from_hundredths(pitch).unwrap();
            let mut inked: Vec<_> = coarse_places(calibration, (400, 300)).flat_map(coarse_dot).collect();
            let count = inked.len();
            inked.sort_unstable();
            inked.dedup();
            assert_eq!(inked.len(), count, "{pitch}");
            assert!(inked.iter().all(|&(x, y)| x < 404 && y < 304), "{pitch}");
        }
    }
}
