//! QR symbols as pictures of one bit a module, with the mask chosen on whole rows at once.
//!
//! The `qrcode` crate segments the text, adds the error correction and places the modules; its own choice
//! of the mask looks at each module through a closure and costs ten times all the rest. What all symbols of a version have
//! in common, and the masks, are drawn once.

use std::sync::{LazyLock, OnceLock};

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
    let (data, correction) = ec::construct_codewords(&bits.into_bytes(), version, level).ok()?;
    let unmasked = Frame::of(version)?.filled(&data, &correction);
    (0..8).map(|mask| unmasked.masked(mask, level)).min_by_key(Masked::penalty).map(|best| best.picture())
}

/// What every symbol of a version has.
struct Frame {
    /// With its finders, timing and alignment patterns.
    canvas: Canvas,
    maskable: Sides,
}

impl Frame {
    /// The frame of a version; `None` of a micro symbol.
    fn of(version: Version) -> Option<&'static Self> {
        const VERSIONS: usize = 40;
        static FRAMES: [OnceLock<Frame>; VERSIONS] = [const { OnceLock::new() }; VERSIONS];
        let Version::Normal(number) = version else { return None };
        let frame = FRAMES.get(usize::try_from(number).ok()?.checked_sub(1)?)?;
        Some(frame.get_or_init(|| Self::new(version)))
    }

    fn new(version: Version) -> Self {
        // The level changes nothing before the mask is applied.
        let mut canvas = Canvas::new(version, EcLevel::L);
        canvas.draw_all_functional_patterns();
        let width = version.width();
        let places = (0..width).flat_map(|y| (0..width).map(move |x| (x, y)));
        // Places that hold no pattern yet take data.
        let free = places.map(|(x, y)| matches!(canvas.get(x, y), Module::Empty));
        let maskable = Sides::of(usize::try_from(width).unwrap_or_default(), free);
        Self { canvas, maskable }
    }

    fn filled(&self, data: &[u8], correction: &[u8]) -> Unmasked<'_> {
        let mut canvas = self.canvas.clone();
        canvas.draw_data(data, correction);
        let dark = canvas.into_colors().into_iter().map(|color| color == Color::Dark);
        Unmasked { dark: Sides::of(self.maskable.width(), dark), maskable: &self.maskable }
    }
}

/// A row or column; the module at place n is bit n. The widest symbol has 177 modules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Line([u64; 3]);

impl Line {
    const fn and(self, Self([one, two, three]): Self) -> Self {
        let [a, b, c] = self.0;
        Self([a & one, b & two, c & three])
    }

    const fn or(self, Self([one, two, three]): Self) -> Self {
        let [a, b, c] = self.0;
        Self([a | one, b | two, c | three])
    }

    const fn xor(self, Self([one, two, three]): Self) -> Self {
        let [a, b, c] = self.0;
        Self([a ^ one, b ^ two, c ^ three])
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

    fn set(&mut self, place: usize, dark: Color) {
        if let Some(word) = self.0.get_mut(place / 64) {
            let bit = 1 << (place % 64);
            if dark == Color::Dark { *word |= bit } else { *word &= !bit }
        }
    }
}

/// The same modules by rows and by columns.
struct Sides {
    rows: Vec<Line>,
    columns: Vec<Line>,
}

impl Sides {
    /// From modules row by row.
    fn of(width: usize, modules: impl Iterator<Item = bool>) -> Self {
        let mut sides = Self { rows: vec![Line::default(); width], columns: vec![Line::default(); width] };
        for (place, _) in modules.enumerate().filter(|(_, is_set)| *is_set) {
            sides.set(place % width, place / width, Color::Dark);
        }
        sides
    }

    const fn width(&self) -> usize {
        self.rows.len()
    }

    fn set(&mut self, x: usize, y: usize, color: Color) {
        if let (Some(row), Some(column)) = (self.rows.get_mut(y), self.columns.get_mut(x)) {
            row.set(x, color);
            column.set(y, color);
        }
    }
}

/// A symbol before masking.
struct Unmasked<'f> {
    dark: Sides,
    maskable: &'f Sides,
}

impl Unmasked<'_> {
    fn masked(&self, mask: usize, level: EcLevel) -> Masked {
        static PATTERNS: LazyLock<[Pattern; 8]> = LazyLock::new(|| std::array::from_fn(Pattern::new));
        let apply = |lines: &[Line], maskable: &[Line], pattern: &[Line; PERIOD]| -> Vec<Line> {
            let masks = maskable.iter().zip(pattern.iter().cycle()).map(|(maskable, pattern)| maskable.and(*pattern));
            lines.iter().zip(masks).map(|(line, mask)| line.xor(mask)).collect()
        };
        let Pattern { rows, columns } = PATTERNS.get(mask).unwrap_or(&Pattern::NONE);
        let mut masked = Masked(Sides {
            rows: apply(&self.dark.rows, &self.maskable.rows, rows),
            columns: apply(&self.dark.columns, &self.maskable.columns, columns),
        });
        masked.draw_format(format_bits(mask, level));
        masked
    }
}

/// Modules after which every mask repeats, both ways.
const PERIOD: usize = 12;

/// A mask (ISO/IEC 18004 §7.8.2), for the widest symbol.
struct Pattern {
    rows: [Line; PERIOD],
    columns: [Line; PERIOD],
}

impl Pattern {
    const NONE: Self = Self { rows: [Line([0; 3]); PERIOD], columns: [Line([0; 3]); PERIOD] };

    fn new(mask: usize) -> Self {
        const WIDEST: usize = 177;
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
            for place in (0..WIDEST).filter(|&place| f(place)) {
                line.set(place, Color::Dark);
            }
            line
        };
        Self {
            rows: std::array::from_fn(|y| line(&|x| inverts(x, y))),
            columns: std::array::from_fn(|x| line(&|y| inverts(x, y))),
        }
    }
}

/// The fifteen format bits (ISO/IEC 18004 §7.9.1): level and mask, their BCH remainder, masked.
fn format_bits(mask: usize, level: EcLevel) -> u16 {
    let level: u16 = match level {
        EcLevel::L => 1,
        EcLevel::M => 0,
        EcLevel::Q => 3,
        EcLevel::H => 2,
    };
    let data = level << 3 | mask as u16;
    let remainder =
        (0..5).rev().fold(data << 10, |rest, bit| if rest >> (bit + 10) & 1 == 1 { rest ^ 0x537 << bit } else { rest });
    (data << 10 | remainder) ^ 0x5412
}

/// A finished symbol.
struct Masked(Sides);

impl Masked {
    /// Both copies of the format bits (ISO/IEC 18004 figure 25), the highest bit first.
    fn draw_format(&mut self, bits: u16) {
        let width = self.0.width();
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
            self.0.set(x, y, color);
            let (x, y) = if index < 7 { (8, width - 1 - index) } else { (width - 15 + index, 8) };
            self.0.set(x, y, color);
        }
    }

    /// ISO/IEC 18004 §7.8.3, in the reading of the `qrcode` crate.
    fn penalty(&self) -> u32 {
        let Sides { rows, columns } = &self.0;
        let width = rows.len();
        let lines = rows.iter().chain(columns);
        let lines: u32 = lines.map(|line| run_penalty(*line, width) + finder_penalty(*line, width)).sum();
        let pairs = rows.iter().zip(rows.iter().skip(1));
        let blocks: u32 = pairs.map(|(upper, lower)| block_penalty(*upper, *lower, width)).sum();
        let dark: u32 = rows.iter().map(|line| line.count()).sum();
        let ratio = dark * 200 / (width * width) as u32;
        lines + blocks + ratio.abs_diff(100)
    }

    fn picture(&self) -> BitPicture {
        let width = self.0.width();
        let bytes = |line: &Line| line.0.map(|word| word.reverse_bits().to_be_bytes());
        let rows = self.0.rows.iter().map(bytes);
        let packed = rows.flat_map(|words| words.into_iter().flatten().take(width.div_ceil(8))).collect();
        BitPicture::from_bytes(width, width, packed).unwrap_or_else(|| BitPicture::new(width, width))
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
    let dark_and_second = line.and(line.ahead(2));
    let next_light = line.ahead(1).not();
    let pattern = dark_and_second
        .and(dark_and_second.ahead(4))
        .and(line.ahead(3))
        .and(next_light.and(next_light.ahead(4)))
        .and(Line::first(width - 6));
    if pattern == Line::default() {
        return 0;
    }
    // Whether any of four modules is dark, by way of two.
    let two_behind = line.or(line.back(1));
    let two_ahead = line.or(line.ahead(1));
    let before = two_behind.or(two_behind.back(2)).back(1).not();
    let behind = two_ahead.or(two_ahead.ahead(2)).ahead(7).not();
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
