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
///
/// How large a module is printed follows from it: the more intervals, the finer ([`Geometry::module_pixels`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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

    /// A whole page of modules of 0.169 mm, for scans of 300 dpi: 148 kB at rate 4/5.
    ///
    /// Its edge stays on a scan of A4 that is askew by 3° and enlarged by 3 %, so it cannot be larger.
    pub const DENSE: Self = Self { columns: 28, rows: 42 };

    /// A whole page of modules of 0.127 mm, for scans of 600 dpi: 296 kB at rate 4/5.
    ///
    /// 10 mm remain on each side of A4: askew by 2.3° and enlarged by 3 % it is still scanned whole.
    pub const DENSEST: Self = Self { columns: 40, rows: 59 };

    /// Every geometry that is looked for on a page.
    pub const ALL: [Self; 3] = [Self::STANDARD, Self::DENSE, Self::DENSEST];

    /// From intervals between marks; `None` where no page could carry it.
    pub const fn new(columns: u8, rows: u8) -> Option<Self> {
        if columns < 3 || rows < 3 || columns > 64 || rows > 64 { None } else { Some(Self { columns, rows }) }
    }

    /// Pixels of a module on the 1/600-inch grid of the page: as many as let the picture fit A4.
    pub const fn module_pixels(self) -> usize {
        match self.columns {
            0..=22 => 6,
            23..=34 => 4,
            _ => 3,
        }
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

    /// The stretches of data modules between marks, row by row from the left: place in the field and length.
    pub(super) fn stretches(self) -> impl Iterator<Item = (usize, usize, usize)> {
        let width = self.field_width();
        (0..self.field_height()).flat_map(move |y| {
            let crosses_marks = y % PITCH < MARK;
            let count = if crosses_marks { self.columns() } else { 1 };
            let (first, length) = if crosses_marks { (MARK, PITCH - MARK) } else { (0, width) };
            (0..count).map(move |interval| (first + interval * PITCH, y, length))
        })
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

const MARK_SEED: u64 = 0x4B53_0002_0001_0000;
const TOP_SEED: u64 = 0x4B53_0002_0000_0003;
const LEFT_SEED: u64 = 0x4B53_0002_0000_0004;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_picture_leaves_room_on_a4() {
        let geometry = Geometry::STANDARD;
        assert_eq!((geometry.field_width(), geometry.field_height()), (583, 727));
        assert_eq!((geometry.width(), geometry.height()), (631, 775));
        // A dense page as a bilevel picture takes up to 33 kB: it fits at the rate 2/3.
        assert!(geometry.capacity() * 2 / 3 / 8 > 33_700);
    }

    #[test]
    fn stretches_and_marks_fill_the_field_without_overlap() {
        for geometry in Geometry::ALL {
            let mut taken = vec![false; geometry.field_width() * geometry.field_height()];
            for (x, y, length) in geometry.stretches() {
                let stretch = &mut taken[y * geometry.field_width() + x..][..length];
                assert!(!stretch.contains(&true));
                stretch.fill(true);
            }
            assert_eq!(taken.iter().filter(|taken| **taken).count(), geometry.capacity());
            let is_mark = |index: usize| {
                index % geometry.field_width() % PITCH < MARK && index / geometry.field_width() % PITCH < MARK
            };
            assert!(taken.iter().enumerate().all(|(index, taken)| *taken != is_mark(index)));
        }
    }

    #[test]
    fn a_picture_stays_on_a_scan_of_a4_that_is_askew_and_enlarged() {
        let millimetres =
            |modules: usize, geometry: Geometry| (modules * geometry.module_pixels()) as f64 * 25.4 / 600.0;
        for (geometry, degrees) in [(Geometry::STANDARD, 3.0), (Geometry::DENSE, 3.0), (Geometry::DENSEST, 2.3_f64)] {
            let (across, down) = (millimetres(geometry.width(), geometry), millimetres(geometry.height(), geometry));
            let (sine, cosine) = degrees.to_radians().sin_cos();
            // A scanner's stop is off by 1.5 mm at most.
            let reach = |along: f64, other: f64| (along * cosine + other * sine) * 1.03 + 2.0 * 1.5;
            assert!(reach(across, down) <= 210.0 && reach(down, across) <= 297.0, "{geometry:?}");
        }
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
