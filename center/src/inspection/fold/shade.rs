//! Where a page is darker along a line than on both sides of it.

use super::BLANK;
use crate::inspection::line::Line;
use crate::inspection::plane::Plane;
use crate::median::median;

/// Blank paper: its ink and its pixels, block after block of a row.
pub(super) struct Paper {
    blocks: usize,
    rows: usize,
    sums: Vec<Sum>,
}

/// A line that is darker than the paper beside it.
#[derive(Debug, Clone, Copy)]
pub(super) struct DarkLine {
    pub(super) line: Line,
    /// By how much ink, in the middle one of the page's parts.
    pub(super) darkness: f32,
}

#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    ink: f32,
    pixels: f32,
}

/// Ink there above which a speck lies on blank paper.
const SPECK: f32 = 0.35;
/// Rows above and below drawn ink that are not looked at.
const MARGIN: usize = 3;
/// Pixels of a block.
const BLOCK: usize = 16;
/// Parts of the page's width, all but one of which must be darker along a line.
const PARTS: usize = 8;
/// By how much ink they are darker at least, and how much the middle one of them is.
const LEAST: f32 = 0.015;
const LEAST_MEDIAN: f32 = 0.025;

impl Paper {
    /// Of what lies blank, from the ink that was drawn and the ink that is there.
    pub(super) fn of(drawn: &Plane, presented: &Plane) -> Self {
        let (blocks, rows) = (drawn.width() / BLOCK, drawn.height());
        let mut sums = Vec::with_capacity(blocks * rows);
        let mut most = vec![0.0_f32; drawn.width()];
        for y in 0..rows {
            most.fill(0.0);
            // A rule's ragged edge is no shadow.
            for beside in y.saturating_sub(MARGIN)..=y + MARGIN {
                most.iter_mut().zip(drawn.row(beside)).for_each(|(most, ink)| *most = most.max(*ink));
            }
            let inks = most.chunks_exact(BLOCK).zip(presented.row(y).chunks_exact(BLOCK));
            sums.extend(inks.map(|(drawn, presented)| Sum::of_blank(drawn, presented)));
        }
        Self { blocks, rows, sums }
    }

    /// Lines along which the paper is darker than on both sides.
    pub(super) fn dark_lines(&self) -> Vec<DarkLine> {
        /// Slopes that are tried to each side, in thousandths.
        const SLOPES: i16 = 11;
        let slopes = (-SLOPES..=SLOPES).map(|slope| f32::from(slope) / 1000.0);
        slopes.flat_map(|slope| self.dark_lines_of(slope)).collect()
    }

    fn dark_lines_of(&self, slope: f32) -> Vec<DarkLine> {
        let parts: Vec<Vec<f32>> = (0..PARTS).map(|part| self.contrasts(part, slope)).collect();
        let middle = (self.blocks * BLOCK) as f32 / 2.0;
        // All parts but one are at least as dark as the first says, half of them as the second.
        let contrasts = |row: usize| {
            let mut contrasts: Vec<f32> = parts.iter().filter_map(|part| part.get(row).copied()).collect();
            contrasts.sort_by(f32::total_cmp);
            (contrasts.get(1).copied().unwrap_or_default(), contrasts.get(PARTS / 2).copied().unwrap_or_default())
        };
        let rows: Vec<(f32, f32)> = (0..self.rows).map(contrasts).collect();
        // Where a scanner makes stripes of the ground pattern, many lines are somewhat dark.
        let usual = median(rows.iter().map(|(_, darkness)| f64::from(darkness.abs()))) as f32;
        let dark = |(row, (least, darkness)): (usize, &(f32, f32))| {
            let line = Line { at: row as f32 + 0.5, slope, middle };
            let darkness = *darkness;
            (*least > LEAST && darkness > LEAST_MEDIAN.max(usual * 5.0)).then_some(DarkLine { line, darkness })
        };
        rows.iter().enumerate().filter_map(dark).collect()
    }

    /// By how much a part of each sloping row is darker than those above and below.
    fn contrasts(&self, part: usize, slope: f32) -> Vec<f32> {
        /// Rows of the line itself to each side.
        const LINE: usize = 2;
        /// Rows to the paper beside it: none of the widest shadow's middle, or none of a narrow one that lies beside another.
        const BESIDE: [std::ops::Range<usize>; 2] = [20..36, 9..17];
        let blocks = part * self.blocks / PARTS..(part + 1) * self.blocks / PARTS;
        // Of all rows before each.
        let mut before = vec![Sum::default()];
        for row in 0..self.rows {
            let of_row = blocks.clone().map(|block| self.below(block, row, slope));
            before.push(of_row.fold(before.last().copied().unwrap_or_default(), Sum::and));
        }
        let mean = |from: usize, to: usize| before.get(to.min(self.rows))?.without(*before.get(from)?).mean();
        let contrast = |row: usize, beside: std::ops::Range<usize>| {
            let above = mean(row.checked_sub(beside.end)?, row - beside.start)?;
            let below = mean(row + beside.start, row + beside.end)?;
            Some(mean(row - LINE, row + LINE + 1)? - above.max(below))
        };
        let most = |row: usize| BESIDE.into_iter().filter_map(|beside| contrast(row, beside)).reduce(f32::max);
        (0..self.rows).map(|row| most(row).unwrap_or(0.0)).collect()
    }

    /// The block of a column where a line of this slope passes that has this row in the middle of the page.
    fn below(&self, block: usize, row: usize, slope: f32) -> Sum {
        let aside = slope * ((block as f32 + 0.5) * BLOCK as f32 - (self.blocks * BLOCK) as f32 / 2.0);
        let y = row as f32 + 0.5 + aside;
        if y < 0.0 {
            Sum::default()
        } else {
            self.sums.get(y as usize * self.blocks + block).copied().unwrap_or_default()
        }
    }
}

impl Sum {
    fn of_blank(drawn: &[f32], presented: &[f32]) -> Self {
        let blank = drawn.iter().zip(presented).filter(|(ink, there)| **ink < BLANK && **there < SPECK);
        blank.fold(Self::default(), |sum, (_, ink)| sum.and(Self { ink: *ink, pixels: 1.0 }))
    }

    fn and(self, other: Self) -> Self {
        Self { ink: self.ink + other.ink, pixels: self.pixels + other.pixels }
    }

    fn without(self, other: Self) -> Self {
        Self { ink: self.ink - other.ink, pixels: self.pixels - other.pixels }
    }

    fn mean(self) -> Option<f32> {
        (self.pixels > 0.0).then(|| self.ink / self.pixels)
    }
}
