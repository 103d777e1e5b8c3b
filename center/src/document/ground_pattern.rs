//! The ground pattern (けん制文字): the fine screen in the ground, the coarse one in the word 複写
//! ([`shared::domain::ground`]).
//!
//! How dark either prints depends on the printer's toner and age, so each terminal has a calibration of its own.
//! One tile of one bit a dot, repeated by the page: small in the file and fast in a printer. Where a tile would reach
//! beyond the page or under the scramble field, a part of it is placed instead: what nobody sees costs a printer as much
//! time as what is seen.

use shared::domain::calibration::Calibration;
use shared::domain::ground::{coarse_dot, coarse_places, fine_dot, fine_places};

use super::back;
use super::bit_picture::BitPicture;
use super::description::PAGE;
use super::outline::Outline;
use super::pdf::Packed;
use super::typeface::{Faces, Font};

/// Tile in dots, 64 mm × 38 mm; whole periods of each fine lattice.
const TILE: (usize, usize) = (1512, 888);
/// Size of a character of the word in dots: 28 mm.
const CHARACTER: usize = 661;

/// The pattern of both sides for one printer.
pub struct Ground {
    /// The tile and the parts of it that are placed.
    pub(super) pictures: Vec<(Packed, (usize, usize))>,
    /// Where the front has which picture.
    pub(super) front: Vec<Placed>,
    /// Where the back has which picture.
    pub(super) back: Vec<Placed>,
}

/// A picture's number, and the place of its lower left corner in dots from that of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) picture: usize,
    pub(super) at: (usize, usize),
}

/// A rectangle in dots from the lower left corner of the page or of the tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Piece {
    left: usize,
    bottom: usize,
    right: usize,
    top: usize,
}

shared::hidden_debug!(Ground);

impl Ground {
    /// The pattern for a printer.
    pub fn new(faces: &Faces<'_>, calibration: Calibration) -> Self {
        let tile = tile(faces, calibration);
        let mut parts: Vec<Piece> = Vec::new();
        let mut place = |piece: Piece| {
            let part = piece.within_tile();
            let picture = parts.iter().position(|known| *known == part).unwrap_or_else(|| {
                parts.push(part);
                parts.len() - 1
            });
            Placed { picture, at: (piece.left, piece.bottom) }
        };
        let front = pieces(None).into_iter().map(&mut place).collect();
        let back = pieces(Some(Piece::behind_field())).into_iter().map(&mut place).collect();
        let pictures = parts.iter().map(|part| (Packed::tightly(part.of(&tile).bytes()), part.size())).collect();
        Self { pictures, front, back }
    }
}

/// The parts into which the tiles of a page fall, those beyond its edge and in the free rectangle left out.
fn pieces(free: Option<Piece>) -> Vec<Piece> {
    let page = (usize::from(PAGE.0), usize::from(PAGE.1));
    let tiles = (0..page.1.div_ceil(TILE.1)).flat_map(|row| {
        (0..page.0.div_ceil(TILE.0)).map(move |column| {
            let (left, bottom) = (column * TILE.0, row * TILE.1);
            let (right, top) = (left + TILE.0, bottom + TILE.1);
            let whole = Piece { left, bottom, right, top };
            whole.or_less(Piece { right: right.min(page.0), top: top.min(page.1), ..whole })
        })
    });
    tiles.flat_map(|tile| free.map_or_else(|| vec![tile], |free| tile.beside(free))).collect()
}

impl Piece {
    /// Where the scramble field stands with the paper around it, which has no pattern.
    fn behind_field() -> Self {
        let (left, top, width, height) = back::cleared();
        let top = usize::from(PAGE.1).saturating_sub(top);
        Self { left, bottom: top.saturating_sub(height), right: left + width, top }
    }

    const fn size(self) -> (usize, usize) {
        (self.right - self.left, self.top - self.bottom)
    }

    /// What is placed beside a free rectangle: the whole where little of it is free, which lies under the field's white.
    fn beside(self, free: Self) -> Vec<Self> {
        let parts = self.without(free);
        let dots: usize = parts.iter().map(|part| part.dots()).sum();
        if dots * 5 < self.dots() * 4 { parts } else { vec![self] }
    }

    /// A part of this where it leaves out much; each other part is one more picture in the file.
    const fn or_less(self, part: Self) -> Self {
        let right = if part.size().0 * 5 < self.size().0 * 4 { part.right } else { self.right };
        let top = if part.size().1 * 5 < self.size().1 * 4 { part.top } else { self.top };
        Self { right, top, ..self }
    }

    const fn dots(self) -> usize {
        self.size().0 * self.size().1
    }

    /// What is left beside a free rectangle: at most a part below, one above, one at the left and one at the right.
    fn without(self, free: Self) -> Vec<Self> {
        let bottom = free.bottom.clamp(self.bottom, self.top);
        let top = free.top.clamp(self.bottom, self.top);
        let (left, right) = (free.left.clamp(self.left, self.right), free.right.clamp(self.left, self.right));
        let parts = [
            Self { top: bottom, ..self },
            Self { bottom: top, ..self },
            Self { bottom, top, right: left, ..self },
            Self { bottom, top, left: right, ..self },
        ];
        parts.into_iter().filter(|part| part.left < part.right && part.bottom < part.top).collect()
    }

    /// The same place in the tile that lies here.
    const fn within_tile(self) -> Self {
        let (left, bottom) = (self.left % TILE.0, self.bottom % TILE.1);
        let (width, height) = self.size();
        Self { left, bottom, right: left + width, top: bottom + height }
    }

    /// This part of the tile.
    fn of(self, tile: &BitPicture) -> BitPicture {
        let (width, height) = self.size();
        let first = tile.height() - self.top;
        let mut part = BitPicture::new(width, height);
        for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
            part.set(x, y, tile.get(self.left + x, first + y));
        }
        part
    }
}

/// The tile of a printer's pattern, one bit a dot; it repeats from the lower left corner of the page.
pub fn tile(faces: &Faces<'_>, calibration: Calibration) -> BitPicture {
    let is_word = word(faces);
    let mut tile = BitPicture::new(TILE.0, TILE.1);
    let is_in_word = |&(x, y): &(usize, usize)| is_word.get(x / GRAIN, y / GRAIN);
    let fine = fine_places(calibration.screen, TILE).filter(|place| !is_in_word(place)).flat_map(fine_dot);
    for (x, y) in fine.chain(coarse_ink(calibration, &is_word)) {
        tile.set(x, y, true);
    }
    tile
}

/// Where the word 複写 stands in the ground of a page.
#[derive(Debug, Clone)]
pub struct CopyWord {
    /// A cell of [`GRAIN`] dots a pixel.
    mask: BitPicture,
    /// The coarse dots of a tile, if it is known for which printer it was drawn.
    dots: Option<BitPicture>,
}

impl CopyWord {
    /// In the typeface of the pattern.
    pub(crate) fn of(faces: &Faces<'_>, calibration: Option<Calibration>) -> Self {
        let mask = word(faces);
        let dots = calibration.map(|calibration| {
            let mut dots = BitPicture::new(TILE.0, TILE.1);
            coarse_ink(calibration, &mask).for_each(|(x, y)| dots.set(x, y, true));
            dots
        });
        Self { mask, dots }
    }

    /// Whether the word covers a place, in dots from the upper left corner of the page.
    pub(crate) fn covers(&self, x: usize, y: usize) -> bool {
        let (x, y) = within_tile(x, y);
        self.mask.get(x / GRAIN, y / GRAIN)
    }

    /// Whether a dot of the page is ink of the word; none is if it is not known for which printer it was drawn.
    pub(crate) fn has_ink(&self, x: usize, y: usize) -> bool {
        let (x, y) = within_tile(x, y);
        self.dots.as_ref().is_some_and(|dots| dots.get(x, y))
    }
}

/// Where a dot, from the upper left corner of the page, lies in the tile.
fn within_tile(x: usize, y: usize) -> (usize, usize) {
    let from_below = (usize::from(PAGE.1) - 1).saturating_sub(y);
    (x % TILE.0, TILE.1 - 1 - from_below % TILE.1)
}

/// The inked dots of a tile's word.
fn coarse_ink(calibration: Calibration, word: &BitPicture) -> impl Iterator<Item = (usize, usize)> {
    let middles = coarse_places(calibration.pitch, TILE).filter(|(x, y)| word.get(x / GRAIN, y / GRAIN));
    middles.flat_map(coarse_dot)
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

#[cfg(test)]
mod tests {
    use shared::domain::ground::{FineScreen, Pitch};

    use super::super::typeface::tests::TYPEFACES;
    use super::*;

    fn of(calibration: Calibration) -> BitPicture {
        tile(&TYPEFACES.faces().unwrap(), calibration)
    }

    #[test]
    fn the_ground_is_even_and_the_tile_repeats_without_a_seam() {
        /// Whole periods of each screen, and ground all around where four corners of the tile meet.
        const SIDE: usize = 72;
        for screen in FineScreen::ALL {
            let tile = of(Calibration { screen, ..Calibration::default() });
            // From one tile into the next, across and down.
            let inked = |x: usize, y: usize| tile.get(x % TILE.0, y % TILE.1);
            let places =
                || (0..SIDE).flat_map(|y| (0..SIDE).map(move |x| (TILE.0 - SIDE / 2 + x, TILE.1 - SIDE / 2 + y)));
            let count = places().filter(|&(x, y)| inked(x, y)).count();
            assert_eq!(count, SIDE * SIDE * 2 / screen.cell(), "{screen:?}");
            let (across, down) = screen.period();
            let repeats = |x: usize, y: usize| [inked(x + across, y), inked(x, y + down)] == [inked(x, y); 2];
            assert!(places().all(|(x, y)| repeats(x, y)), "{screen:?}");
        }
    }

    #[test]
    fn pieces_cover_the_page_but_the_field_and_show_the_tile_where_it_lies() {
        let tile = of(Calibration::default());
        // A few dots of each piece, among them two corners.
        let assert_shows = |piece: &Piece| {
            let part = piece.within_tile().of(&tile);
            let (width, height) = piece.size();
            for (x, y) in [(0, 0), (width - 1, height - 1), (width / 2, height / 3), (width / 3, 0)] {
                let from_below = piece.top - 1 - y;
                let expected = tile.get((piece.left + x) % TILE.0, TILE.1 - 1 - from_below % TILE.1);
                assert_eq!(part.get(x, y), expected, "{piece:?}");
            }
        };
        let field = Piece::behind_field();
        for free in [None, Some(field)] {
            let pieces = pieces(free);
            pieces.iter().for_each(assert_shows);
            let lies_in = |piece: &Piece, x: usize, y: usize| {
                (piece.left..piece.right).contains(&x) && (piece.bottom..piece.top).contains(&y)
            };
            let places = (0..PAGE.1).step_by(19).flat_map(|y| (0..PAGE.0).step_by(23).map(move |x| (x, y)));
            for (x, y) in places.map(|(x, y)| (usize::from(x), usize::from(y))) {
                let count = pieces.iter().filter(|piece| lies_in(piece, x, y)).count();
                let is_free = free.is_some_and(|free| lies_in(&free, x, y));
                assert!(count == 1 || (is_free && count == 0), "{count} pieces at {x}, {y}");
            }
        }
        assert!(pieces(Some(field)).iter().map(|piece| piece.dots()).sum::<usize>() < field.dots());
    }

    #[test]
    fn the_word_stands_in_the_tile_in_coarse_dots_and_a_wider_pitch_makes_them_fewer() {
        let dots = |calibration| {
            let tile = of(calibration);
            let coarse = |x: usize, y: usize| (0..4).all(|n| tile.get(x + n, y) && tile.get(x + n, y + 1));
            (0..TILE.1).flat_map(|y| (0..TILE.0).map(move |x| (x, y))).filter(|&(x, y)| coarse(x, y)).count()
        };
        let with = |pitch| Calibration { pitch: Pitch::from_hundredths(pitch).unwrap(), ..Calibration::default() };
        let [narrow, usual, wide] = [1001, 1130, 1200].map(|pitch| dots(with(pitch)));
        assert!(narrow > usual * 11 / 10 && usual > wide && wide > 1000, "{narrow} {usual} {wide}");
    }
}
