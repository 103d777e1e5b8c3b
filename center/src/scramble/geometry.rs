//! Where everything stands in the picture, in modules: field, marks, finders, bars, data.

use super::sequence::Sequence;

/// Modules from one mark to the next.
pub(super) const PITCH: usize = 36;
/// Modules of a mark's side.
pub(super) const MARK: usize = 7;
/// Modules between the picture's edge and its field; finders and bars stand there.
pub(super) const BORDER: usize = 24;
/// Modules of a finder's unit; a finder has seven.
pub(super) const FINDER_UNIT: usize = 3;
/// Modules of a finder's side.
pub(super) const FINDER: usize = 7 * FINDER_UNIT;
/// Modules of the side of one cell of a bar.
pub(super) const BAR_CELL: usize = 6;
/// Modules from the picture's edge to a bar.
pub(super) const BAR_OFFSET: usize = 9;

/// The size of a field as intervals between marks; it is written into the QR.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Geometry {
    columns: u8,
    rows: u8,
}

/// One of the two orientation bars: a known pseudo-random row of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bar {
    /// Between the upper finders.
    Top,
    /// Between the left finders.
    Left,
}

impl Geometry {
    /// The geometry of a certificate's back: 583 × 727 modules of field.
    pub const STANDARD: Self = Self { columns: 16, rows: 20 };

    /// From intervals between marks; `None` where no page could carry it.
    pub const fn new(columns: u8, rows: u8) -> Option<Self> {
        if columns < 3 || rows < 3 || columns > 40 || rows > 40 { None } else { Some(Self { columns, rows }) }
    }

    /// Intervals between marks across.
    pub const fn columns(self) -> usize {
        self.columns as usize
    }

    /// Intervals between marks down.
    pub const fn rows(self) -> usize {
        self.rows as usize
    }

    /// Modules of the field across.
    pub const fn field_width(self) -> usize {
        self.columns() * PITCH + MARK
    }

    /// Modules of the field down.
    pub const fn field_height(self) -> usize {
        self.rows() * PITCH + MARK
    }

    /// Modules of the picture across.
    pub const fn width(self) -> usize {
        self.field_width() + 2 * BORDER
    }

    /// Modules of the picture down.
    pub const fn height(self) -> usize {
        self.field_height() + 2 * BORDER
    }

    /// Modules that carry data.
    pub const fn capacity(self) -> usize {
        self.field_width() * self.field_height() - (self.columns() + 1) * (self.rows() + 1) * MARK * MARK
    }

    /// Whether a module of the field belongs to a mark.
    pub(super) const fn is_mark(x: usize, y: usize) -> bool {
        x % PITCH < MARK && y % PITCH < MARK
    }

    /// The data modules as indices `y · field width + x`, in the interleaver's order.
    pub(super) fn interleaved(self) -> Vec<u32> {
        let width = self.field_width();
        let mut places: Vec<u32> = (0..self.field_height())
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .filter(|&(x, y)| !Self::is_mark(x, y))
            .map(|(x, y)| (y * width + x) as u32)
            .collect();
        Sequence::new(INTERLEAVER_SEED).shuffle(&mut places);
        places
    }

    /// The mark in a column and row: half of its modules, chosen pseudo-randomly, are ink.
    pub(super) fn mark(column: usize, row: usize) -> [bool; MARK * MARK] {
        let mut modules = std::array::from_fn(|place| place % 2 == 1);
        Sequence::new(MARK_SEED ^ (column as u64) << 8 ^ row as u64).shuffle(&mut modules);
        modules
    }

    /// Whether a module of a finder is ink: rings of one unit, the outermost of ink, the core without.
    pub(super) fn finder(x: usize, y: usize) -> bool {
        let ring = x.min(y).min(FINDER - 1 - x).min(FINDER - 1 - y) / FINDER_UNIT;
        ring.is_multiple_of(2)
    }

    /// The centres of the finders in modules of the picture: upper left, upper right, lower right, lower left.
    pub(super) fn finder_centres(self) -> [(f64, f64); 4] {
        let half = FINDER as f64 / 2.0;
        let (right, bottom) = (self.width() as f64 - half, self.height() as f64 - half);
        [(half, half), (right, half), (right, bottom), (half, bottom)]
    }

    /// The cells of a bar: upper left corner in modules of the picture, and whether it is ink.
    pub(super) fn bar(self, bar: Bar) -> impl Iterator<Item = (usize, usize, bool)> {
        let (cells, seed) = match bar {
            Bar::Top => (self.field_width() / BAR_CELL, TOP_SEED),
            Bar::Left => (self.field_height() / BAR_CELL, LEFT_SEED),
        };
        Sequence::new(seed).bits().take(cells).enumerate().map(move |(cell, ink)| {
            let along = BORDER + cell * BAR_CELL;
            match bar {
                Bar::Top => (along, BAR_OFFSET, ink),
                Bar::Left => (BAR_OFFSET, along, ink),
            }
        })
    }
}

const INTERLEAVER_SEED: u64 = 0x4B53_0001_0000_0001;
const MARK_SEED: u64 = 0x4B53_0001_0001_0000;
const TOP_SEED: u64 = 0x4B53_0001_0000_0003;
const LEFT_SEED: u64 = 0x4B53_0001_0000_0004;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_picture_leaves_room_on_a4() {
        let geometry = Geometry::STANDARD;
        assert_eq!((geometry.field_width(), geometry.field_height()), (583, 727));
        assert_eq!((geometry.width(), geometry.height()), (631, 775));
        assert_eq!(geometry.interleaved().len(), geometry.capacity());
        // A dense page as a JBIG2 picture takes 17 to 20 kB.
        assert!(geometry.capacity() / 2 / 8 > 25_000);
    }

    #[test]
    fn no_two_marks_are_alike() {
        let marks: std::collections::BTreeSet<_> =
            (0..=16).flat_map(|column| (0..=20).map(move |row| Geometry::mark(column, row))).collect();
        assert_eq!(marks.len(), 17 * 21);
        assert!(marks.iter().all(|mark| mark.iter().filter(|&&ink| ink).count() == 24));
    }

    #[test]
    fn a_finder_reads_as_seven_equal_runs_through_its_centre() {
        let row: Vec<bool> = (0..FINDER).map(|x| Geometry::finder(x, FINDER / 2)).collect();
        let runs: Vec<usize> = row.chunk_by(|a, b| a == b).map(<[bool]>::len).collect();
        assert!(row[0]);
        assert_eq!(runs, [3; 7]);
    }
}
