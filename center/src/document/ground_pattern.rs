//! The ground pattern (けん制文字): fine dots in the ground, coarse dots of the same tint in the word 複写. A
//! photocopier loses the fine dots and keeps the coarse ones, and the word appears.
//!
//! | part | dots | lattice |
//! |---|---|---|
//! | ground | 2 × 1 | turned by 45°, 4.24 dots apart |
//! | word | 4 × 4 without corners | turned by 45°, [`Calibration`] apart, 53 lines an inch |
//!
//! How dark either prints depends on the printer's toner and age, so each terminal has a calibration value of its own.
//! One tile of one bit a dot, repeated by the page: small in the file and fast in a printer.

use shared::domain::calibration::Calibration;

use super::bit_picture::BitPicture;
use super::outline::Outline;
use super::pdf::Packed;
use super::typeface::{Faces, Font};

/// Tile in dots, 64 mm × 38 mm; whole periods of the fine lattice.
const TILE: (usize, usize) = (1512, 894);
/// Rows of fine dots lie so far apart, columns too; every second row begins this much later.
const FINE_STEP: usize = 3;
/// Size of a character of the word in dots: 28 mm.
const CHARACTER: usize = 661;

/// The pattern's tile.
pub struct Ground {
    pub(super) tile: Packed,
    pub(super) size: (usize, usize),
}

shared::hidden_debug!(Ground);

impl Ground {
    /// The pattern for a printer.
    pub fn new(faces: &Faces<'_>, calibration: Calibration) -> Self {
        Self { tile: Packed::new(tile(faces, calibration).bytes()), size: TILE }
    }
}

fn tile(faces: &Faces<'_>, calibration: Calibration) -> BitPicture {
    let is_word = word(faces);
    let mut tile = BitPicture::new(TILE.0, TILE.1);
    for y in (0..TILE.1).step_by(FINE_STEP) {
        let aside = if (y / FINE_STEP).is_multiple_of(2) { 0 } else { FINE_STEP };
        for x in (aside..TILE.0).step_by(2 * FINE_STEP).filter(|&x| !is_word.get(x / GRAIN, y / GRAIN)) {
            tile.set(x, y, true);
            tile.set(x + 1, y, true);
        }
    }
    for (x, y) in coarse_lattice(calibration, TILE).filter(|&(x, y)| is_word.get(x / GRAIN, y / GRAIN)) {
        dot(&mut tile, (x, y));
    }
    tile
}

/// Dots of one cell of the mask that says where the word is.
const GRAIN: usize = 2;

/// Where the word is: the outlines of its two characters, looked at once a cell.
fn word(faces: &Faces<'_>) -> BitPicture {
    let outline = |character| Outline::of(faces.face(Font::Labels), character).unwrap_or_default();
    let left = (TILE.0 - CHARACTER * 2) / 2;
    let baseline = usize::midpoint(TILE.1, CHARACTER) - CHARACTER * 12 / 100;
    let mut mask = BitPicture::new(TILE.0.div_ceil(GRAIN), TILE.1.div_ceil(GRAIN));
    for (index, outline) in [outline('複'), outline('写')].into_iter().enumerate() {
        let em = |dots: usize, origin: usize| (dots as f32 - origin as f32) / CHARACTER as f32;
        for y in 0..mask.height() {
            for x in outline.crossings(-em(y * GRAIN, baseline)).as_chunks::<2>().0.iter().flat_map(|[from, to]| {
                let place = |em: f32| (em * CHARACTER as f32) as usize + left + index * CHARACTER;
                place(*from).div_ceil(GRAIN)..place(*to).div_ceil(GRAIN)
            }) {
                mask.set(x, y, true);
            }
        }
    }
    mask
}

/// The middles of coarse dots, each at the nearest whole dot.
pub(super) fn coarse_lattice(
    calibration: Calibration,
    (width, height): (usize, usize),
) -> impl Iterator<Item = (usize, usize)> {
    let step = calibration.pitch_dots() / std::f64::consts::SQRT_2;
    let rows = (height as f64 / step) as usize;
    (0..rows).flat_map(move |row| {
        let y = ((row as f64 + 0.5) * step).round() as usize;
        let first = if row.is_multiple_of(2) { 0.5 } else { 1.5 };
        let columns = (width as f64 / step / 2.0) as usize;
        (0..columns).map(move |column| (((column as f64 * 2.0 + first) * step).round() as usize, y))
    })
}

const COARSE: [u8; 4] = [0b0110, 0b1111, 0b1111, 0b0110];

pub(super) fn dot(picture: &mut BitPicture, (x, y): (usize, usize)) {
    let half = COARSE.len() / 2;
    for (row, bits) in COARSE.iter().enumerate() {
        for column in (0..COARSE.len()).filter(|column| bits >> column & 1 == 1) {
            if let (Some(x), Some(y)) = ((x + column).checked_sub(half), (y + row).checked_sub(half)) {
                picture.set(x, y, true);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::typeface::tests::TYPEFACES;
    use super::*;

    fn of(calibration: Calibration) -> BitPicture {
        tile(&TYPEFACES.faces().unwrap(), calibration)
    }

    #[test]
    fn the_ground_is_even_and_the_tile_repeats_without_a_seam() {
        let tile = of(Calibration::default());
        let ink = |left: usize, top: usize| {
            (0..60).flat_map(|y| (0..60).map(move |x| (x, y))).filter(|(x, y)| tile.get(left + x, top + y)).count()
        };
        // The corners of the tile are ground: two of eighteen dots.
        for corner in [(0, 0), (TILE.0 - 60, 0), (0, TILE.1 - 60)] {
            assert_eq!(ink(corner.0, corner.1), 60 * 60 * 2 / 18);
        }
        assert!(TILE.0.is_multiple_of(2 * FINE_STEP) && TILE.1.is_multiple_of(2 * FINE_STEP));
    }

    #[test]
    fn the_word_stands_in_the_tile_in_coarse_dots_and_a_wider_pitch_makes_them_fewer() {
        let dots = |calibration| {
            let tile = of(calibration);
            let coarse = |x: usize, y: usize| (0..4).all(|n| tile.get(x + n, y) && tile.get(x + n, y + 1));
            (0..TILE.1).flat_map(|y| (0..TILE.0).map(move |x| (x, y))).filter(|&(x, y)| coarse(x, y)).count()
        };
        let [narrow, usual, wide] = [1001, 1130, 1200].map(|pitch| dots(Calibration::from_hundredths(pitch).unwrap()));
        assert!(narrow > usual * 11 / 10 && usual > wide && wide > 1000, "{narrow} {usual} {wide}");
    }
}
