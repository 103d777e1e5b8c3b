//! QR symbols as pictures of one bit a module, with the mask chosen on whole rows at once.
//!
//! The `qrcode` crate segments the text, adds the error correction and places the modules; its own choice
//! of the mask looks at each module through a closure and costs ten times all the rest.

use qrcode::bits::{self, Bits};
use qrcode::canvas::{Canvas, Module};
use qrcode::ec;
use qrcode::types::{Color, EcLevel, Version};
use serde::{Deserialize, Serialize};
use shared::qr::ErrorCorrection;

use super::bit_picture::BitPicture;

/// Modules around a symbol that stay free of ink (ISO/IEC 18004 §5.3.8).
pub const QUIET_MODULES: usize = 4;

/// Error correction of a printed symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Level {
    /// Seven per cent.
    L,
    /// Fifteen per cent.
    M,
    /// Twenty-five per cent.
    Q,
}

impl From<ErrorCorrection> for Level {
    fn from(level: ErrorCorrection) -> Self {
        match level {
            ErrorCorrection::L => Self::L,
            ErrorCorrection::M => Self::M,
        }
    }
}

impl From<Level> for EcLevel {
    fn from(level: Level) -> Self {
        match level {
            Level::L => Self::L,
            Level::M => Self::M,
            Level::Q => Self::Q,
        }
    }
}

/// The smallest symbol that holds a text, without its quiet zone; `None` if none does.
pub fn draw(text: &str, level: Level) -> Option<BitPicture> {
    let level = EcLevel::from(level);
    let bits = bits::encode_auto(text.as_bytes(), level).ok()?;
    draw_bits(bits, level)
}

/// Modules across the smallest symbol that holds a text.
pub fn modules(text: &str, level: Level) -> Option<usize> {
    let bits = bits::encode_auto(text.as_bytes(), level.into()).ok()?;
    usize::try_from(bits.version().width()).ok()
}

fn draw_bits(bits: Bits, level: EcLevel) -> Option<BitPicture> {
    let version = bits.version();
    let Version::Normal(number) = version else { return None };
    let (data, correction) = ec::construct_codewords(&bits.into_bytes(), version, level).ok()?;
    let mut canvas = Canvas::new(version, level);
    canvas.draw_all_functional_patterns();
    canvas.draw_data(&data, &correction);
    let unmasked = Unmasked::new(&canvas, usize::try_from(17 + 4 * number).ok()?);
    (0..8).map(|mask| unmasked.masked(mask, level)).min_by_key(Masked::penalty).map(|best| best.picture())
}

/// A row or column; the module at place n is bit n. The widest symbol has 177 modules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Line([u64; 3]);

impl Line {
    fn zip(self, other: Self, f: impl Fn(u64, u64) -> u64) -> Self {
        let mut words = self.0;
        for (word, other) in words.iter_mut().zip(other.0) {
            *word = f(*word, other);
        }
        Self(words)
    }

    fn and(self, other: Self) -> Self {
        self.zip(other, |a, b| a & b)
    }

    fn or(self, other: Self) -> Self {
        self.zip(other, |a, b| a | b)
    }

    fn xor(self, other: Self) -> Self {
        self.zip(other, |a, b| a ^ b)
    }

    const fn not(self) -> Self {
        let [a, b, c] = self.0;
        Self([!a, !b, !c])
    }

    /// The module `by` places further on, in each place; light beyond the end. `by` is 1 to 63.
    const fn ahead(self, by: u32) -> Self {
        let [a, b, c] = self.0;
        Self([a >> by | b << (64 - by), b >> by | c << (64 - by), c >> by])
    }

    /// The module `by` places back, in each place; light before the start. `by` is 1 to 63.
    const fn back(self, by: u32) -> Self {
        let [a, b, c] = self.0;
        Self([a << by, b << by | a >> (64 - by), c << by | b >> (64 - by)])
    }

    fn first(count: usize) -> Self {
        let word = |from: usize| match count.saturating_sub(from) {
            64.. => u64::MAX,
            bits => (1 << bits) - 1,
        };
        Self([word(0), word(64), word(128)])
    }

    fn count(self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    fn get(self, place: usize) -> bool {
        self.0.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    fn set(&mut self, place: usize, dark: Color) {
        if let Some(word) = self.0.get_mut(place / 64) {
            let bit = 1 << (place % 64);
            if dark == Color::Dark { *word |= bit } else { *word &= !bit }
        }
    }
}

/// A symbol before masking, by rows and by columns.
struct Unmasked {
    width: usize,
    rows: Vec<Line>,
    columns: Vec<Line>,
    maskable_rows: Vec<Line>,
    maskable_columns: Vec<Line>,
}

impl Unmasked {
    fn new(canvas: &Canvas, width: usize) -> Self {
        let empty = vec![Line::default(); width];
        let mut this = Self {
            width,
            rows: empty.clone(),
            columns: empty.clone(),
            maskable_rows: empty.clone(),
            maskable_columns: empty,
        };
        for (x, y) in (0..width).flat_map(|y| (0..width).map(move |x| (x, y))) {
            let (Ok(column), Ok(row)) = (i16::try_from(x), i16::try_from(y)) else { continue };
            let module = canvas.get(column, row);
            if module.is_dark() {
                mark(&mut this.rows, &mut this.columns, (x, y));
            }
            if !matches!(module, Module::Masked(_)) {
                mark(&mut this.maskable_rows, &mut this.maskable_columns, (x, y));
            }
        }
        this
    }

    fn masked(&self, mask: u8, level: EcLevel) -> Masked {
        let apply = |line: &Line, maskable: &Line, pattern: Line| line.xor(pattern.and(*maskable));
        let pattern = Pattern::new(mask, self.width);
        let rows = self.rows.iter().zip(&self.maskable_rows).enumerate();
        let columns = self.columns.iter().zip(&self.maskable_columns).enumerate();
        let mut masked = Masked {
            width: self.width,
            rows: rows.map(|(y, (line, maskable))| apply(line, maskable, pattern.row(y))).collect(),
            columns: columns.map(|(x, (line, maskable))| apply(line, maskable, pattern.column(x))).collect(),
        };
        masked.draw_format(format_bits(mask, level));
        masked
    }
}

/// Sets a module in its row and in its column.
fn mark(rows: &mut [Line], columns: &mut [Line], (x, y): (usize, usize)) {
    if let (Some(row), Some(column)) = (rows.get_mut(y), columns.get_mut(x)) {
        row.set(x, Color::Dark);
        column.set(y, Color::Dark);
    }
}

/// A mask (ISO/IEC 18004 §7.8.2). All repeat after twelve modules both ways.
struct Pattern {
    rows: [Line; 12],
    columns: [Line; 12],
}

impl Pattern {
    fn new(mask: u8, width: usize) -> Self {
        let inverts = |x: usize, y: usize| match mask {
            0 => (x + y).is_multiple_of(2),
            1 => y.is_multiple_of(2),
            2 => x.is_multiple_of(3),
            3 => (x + y).is_multiple_of(3),
            4 => (y / 2 + x / 3).is_multiple_of(2),
            5 => (x * y) % 2 + (x * y) % 3 == 0,
            6 => ((x * y) % 2 + (x * y) % 3).is_multiple_of(2),
            _ => ((x + y) % 2 + (x * y) % 3).is_multiple_of(2),
        };
        let line = |f: &dyn Fn(usize) -> bool| {
            let mut line = Line::default();
            for place in (0..width).filter(|&place| f(place)) {
                line.set(place, Color::Dark);
            }
            line
        };
        Self {
            rows: std::array::from_fn(|y| line(&|x| inverts(x, y))),
            columns: std::array::from_fn(|x| line(&|y| inverts(x, y))),
        }
    }

    fn row(&self, y: usize) -> Line {
        self.rows.get(y % 12).copied().unwrap_or_default()
    }

    fn column(&self, x: usize) -> Line {
        self.columns.get(x % 12).copied().unwrap_or_default()
    }
}

/// The fifteen format bits (ISO/IEC 18004 §7.9.1): level and mask, their BCH remainder, masked.
fn format_bits(mask: u8, level: EcLevel) -> u16 {
    let level: u16 = match level {
        EcLevel::L => 1,
        EcLevel::M => 0,
        EcLevel::Q => 3,
        EcLevel::H => 2,
    };
    let data = level << 3 | u16::from(mask);
    let remainder =
        (0..5).rev().fold(data << 10, |rest, bit| if rest >> (bit + 10) & 1 == 1 { rest ^ 0x537 << bit } else { rest });
    (data << 10 | remainder) ^ 0x5412
}

/// A finished symbol, by rows and by columns.
struct Masked {
    width: usize,
    rows: Vec<Line>,
    columns: Vec<Line>,
}

impl Masked {
    fn set(&mut self, x: usize, y: usize, color: Color) {
        if let (Some(row), Some(column)) = (self.rows.get_mut(y), self.columns.get_mut(x)) {
            row.set(x, color);
            column.set(y, color);
        }
    }

    /// Both copies of the format bits (ISO/IEC 18004 figure 25), the highest bit first.
    fn draw_format(&mut self, bits: u16) {
        let width = self.width;
        let around_corner: [(usize, usize); 15] = [
            (0, 8),
            (1, 8),
            (2, 8),
            (3, 8),
            (4, 8),
            (5, 8),
            (7, 8),
            (8, 8),
            (8, 7),
            (8, 5),
            (8, 4),
            (8, 3),
            (8, 2),
            (8, 1),
            (8, 0),
        ];
        for (index, (x, y)) in around_corner.into_iter().enumerate() {
            let color = if bits >> (14 - index) & 1 == 1 { Color::Dark } else { Color::Light };
            self.set(x, y, color);
            let (x, y) = if index < 7 { (8, width - 1 - index) } else { (width - 15 + index, 8) };
            self.set(x, y, color);
        }
    }

    /// ISO/IEC 18004 §7.8.3, in the reading of the `qrcode` crate.
    fn penalty(&self) -> u32 {
        let lines = || self.rows.iter().chain(&self.columns);
        let runs: u32 = lines().map(|line| run_penalty(*line, self.width)).sum();
        let finders: u32 = lines().map(|line| finder_penalty(*line, self.width)).sum();
        let blocks: u32 = self
            .rows
            .iter()
            .zip(self.rows.iter().skip(1))
            .map(|(upper, lower)| block_penalty(*upper, *lower, self.width))
            .sum();
        let dark: u32 = self.rows.iter().map(|line| line.count()).sum();
        let ratio = dark * 200 / (self.width * self.width) as u32;
        runs + blocks + finders + ratio.abs_diff(100)
    }

    fn picture(&self) -> BitPicture {
        let mut picture = BitPicture::new(self.width, self.width);
        for (y, row) in self.rows.iter().enumerate() {
            for x in (0..self.width).filter(|&x| row.get(x)) {
                picture.set(x, y, true);
            }
        }
        picture
    }
}

/// Three points for each run of five, one more for each further module.
fn run_penalty(line: Line, width: usize) -> u32 {
    let same = line.xor(line.ahead(1)).not().and(Line::first(width - 1));
    let pairs = same.and(same.ahead(1));
    let fives = pairs.and(pairs.ahead(2));
    let starts = fives.and(fives.back(1).not());
    fives.count() + 2 * starts.count()
}

/// Three points for each square of four modules of one colour.
fn block_penalty(upper: Line, lower: Line, width: usize) -> u32 {
    let same = |a: Line, b: Line| a.xor(b).not();
    let vertical = same(upper, lower);
    let squares = vertical.and(vertical.ahead(1)).and(same(upper, upper.ahead(1))).and(Line::first(width - 1));
    3 * squares.count()
}

/// Forty points for each `#.###.#` with four light modules before or behind it.
fn finder_penalty(line: Line, width: usize) -> u32 {
    let dark = |by| line.ahead(by);
    let pattern = line
        .and(dark(1).not())
        .and(dark(2))
        .and(dark(3))
        .and(dark(4))
        .and(dark(5).not())
        .and(dark(6))
        .and(Line::first(width - 6));
    let before = line.back(1).or(line.back(2)).or(line.back(3)).or(line.back(4)).not();
    let behind = dark(7).or(dark(8)).or(dark(9)).or(dark(10)).not();
    40 * pattern.and(before.or(behind)).count()
}

#[cfg(test)]
mod tests {
    use qrcode::QrCode;

    use super::*;

    fn of_the_crate(text: &str, level: EcLevel) -> BitPicture {
        let code = QrCode::with_error_correction_level(text, level).unwrap();
        let mut picture = BitPicture::new(code.width(), code.width());
        for (index, color) in code.to_colors().into_iter().enumerate() {
            picture.set(index % code.width(), index / code.width(), color == Color::Dark);
        }
        picture
    }

    fn text(seed: usize, length: usize) -> String {
        (0..length).map(|n| char::from(b'!' + ((n * 7919 + seed * 104_729) % 97 % 90) as u8)).collect()
    }

    #[test]
    fn symbol_and_mask_are_those_of_the_crate() {
        let lengths = [10, 100, 333, 700, 1200, 1600];
        let levels = [Level::L, Level::M, Level::Q];
        for (length, level) in lengths.into_iter().flat_map(|length| levels.map(|level| (length, level))) {
            let text = text(length, length);
            let expected = of_the_crate(&text, level.into());
            assert!(draw(&text, level).unwrap() == expected, "{length} {level:?}");
            assert_eq!(modules(&text, level), Some(expected.width()));
        }
    }

    #[test]
    fn the_mask_is_that_of_the_crate_for_many_texts() {
        for seed in 0..60 {
            let text = format!("shc:/{}", text(seed, 60));
            assert!(draw(&text, Level::M).unwrap() == of_the_crate(&text, EcLevel::M), "{seed}");
        }
    }

    #[test]
    fn digits_of_a_health_card_are_packed_as_digits() {
        // ISO/IEC 18004 table 7: 1,195 characters are 2,390 digits, the most that fit version 22 at level L.
        let digits = format!("shc:/{}", "5".repeat(2390));
        assert_eq!(modules(&digits, Level::L), Some(17 + 4 * 22));
        let digits = format!("shc:/{}", "5".repeat(1854));
        assert_eq!(modules(&digits, Level::M), Some(17 + 4 * 22));
    }

    #[test]
    fn another_program_reads_what_was_drawn() {
        for (text, level) in [(format!("shc:/{}", "5676297".repeat(230)), Level::M), (text(3, 1300), Level::M)] {
            let symbol = draw(&text, level).unwrap();
            let side = (symbol.width() + 2 * QUIET_MODULES) * 4;
            let ink = |x: usize, y: usize| {
                let module = |dots: usize| (dots / 4).checked_sub(QUIET_MODULES);
                module(x).zip(module(y)).is_some_and(|(x, y)| symbol.get(x, y))
            };
            let mut image =
                rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| if ink(x, y) { 0 } else { 255 });
            let grids = image.detect_grids();
            assert_eq!(grids[0].decode().unwrap().1, text);
        }
    }

    #[test]
    fn what_fits_no_symbol_is_refused() {
        assert!(draw(&"x".repeat(2332), Level::M).is_none());
        assert!(draw(&"x".repeat(2331), Level::M).is_some());
    }
}
