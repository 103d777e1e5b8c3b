//! A page in the making: texts set into boxes, rules, areas, codes. Lengths are millimetres, sizes points.

use super::description::{Area, Code, DOTS_PER_INCH, Item, MAXIMUM_MODULE, TextRun};
use super::symbol::{self, Level};
use super::typeface::{Faces, Font, Undrawable, clusters};

/// The smallest size at which a text is still printed.
pub const SMALLEST_SIZE: f32 = 4.5;

/// A box.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// From the left edge of the page.
    pub x: f32,
    /// From the upper edge of the page.
    pub y: f32,
    /// Its width.
    pub width: f32,
    /// Its height.
    pub height: f32,
}

/// Where a line stands in its box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// At the left.
    Left,
    /// In the middle.
    Center,
    /// At the right.
    Right,
}

/// How a text is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// The face that is tried first.
    pub font: Font,
    /// The size if there is room.
    pub size: f32,
    /// Where its lines stand.
    pub align: Align,
    /// From baseline to baseline, in sizes.
    pub leading: f32,
}

/// Why a text cannot be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// A character cannot be drawn.
    #[error(transparent)]
    Undrawable(#[from] Undrawable),
    /// It does not fit its box at the smallest size. It is never cut.
    #[error("a text does not fit its box")]
    TooLong,
    /// A code fits no symbol.
    #[error("a code fits no symbol")]
    Symbol,
}

/// A page in the making.
pub struct Sheet<'f> {
    faces: &'f Faces<'f>,
    items: Vec<Item>,
}

impl std::fmt::Debug for Sheet<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sheet(..)")
    }
}

impl Place {
    /// A box.
    pub const fn new(x: f32, y: f32, width: f32, height: f32) -> Self {
        Self { x, y, width, height }
    }

    /// The box without a margin on all sides.
    #[must_use]
    pub fn inset(self, x: f32, y: f32) -> Self {
        Self::new(self.x + x, self.y + y, self.width - 2.0 * x, self.height - 2.0 * y)
    }

    /// The part of the box between two fractions of its height.
    #[must_use]
    pub fn between(self, from: f32, to: f32) -> Self {
        Self { y: self.y + self.height * from, height: self.height * (to - from), ..self }
    }
}

impl Style {
    /// Set at the left, lines close.
    pub const fn new(font: Font, size: f32) -> Self {
        Self { font, size, align: Align::Left, leading: 1.2 }
    }

    /// The same, elsewhere in its box.
    #[must_use]
    pub const fn aligned(self, align: Align) -> Self {
        Self { align, ..self }
    }

    /// The same with other leading.
    #[must_use]
    pub const fn led(self, leading: f32) -> Self {
        Self { leading, ..self }
    }
}

impl<'f> Sheet<'f> {
    /// An empty page.
    pub const fn new(faces: &'f Faces<'f>) -> Self {
        Self { faces, items: Vec::new() }
    }

    /// What was put on it.
    pub fn into_items(self) -> Vec<Item> {
        self.items
    }

    /// An area of some per cent of black; none is white.
    pub fn area(&mut self, place: Place, tint: u8) {
        let (x, y) = (dots(place.x), dots(place.y));
        let width = dots(place.x + place.width).saturating_sub(x).max(1);
        let height = dots(place.y + place.height).saturating_sub(y).max(1);
        self.items.push(Item::Area(Area { x, y, width, height, tint }));
    }

    /// A horizontal rule whose middle is at `y`.
    pub fn horizontal(&mut self, x: f32, y: f32, length: f32, thickness: f32) {
        self.area(Place::new(x, y - thickness / 2.0, length, thickness), 100);
    }

    /// A vertical rule whose middle is at `x`.
    pub fn vertical(&mut self, x: f32, y: f32, length: f32, thickness: f32) {
        self.area(Place::new(x - thickness / 2.0, y, thickness, length), 100);
    }

    /// A text in the middle of the height of its box. It shrinks to two thirds of its size, then wraps,
    /// then shrinks to [`SMALLEST_SIZE`]; it never leaves the box and never loses a character.
    pub fn text(&mut self, place: Place, style: Style, text: &str) -> Result<(), LayoutError> {
        let (size, lines) = self.fit(place, style, text)?;
        let leading = size * style.leading * MILLIMETRES_PER_POINT;
        let height = leading * (lines.len() - 1) as f32;
        let middle = place.y + place.height / 2.0;
        // Half of a kanji's body stands 0.37 of its size above the baseline's own place.
        let first = middle - height / 2.0 + 0.37 * size * MILLIMETRES_PER_POINT;
        self.lines(place, Style { size, ..style }, first, &lines)
    }

    /// A text from the upper edge of its box on, at the size given or smaller.
    pub fn paragraph(&mut self, place: Place, style: Style, text: &str) -> Result<(), LayoutError> {
        let (size, lines) = self.fit_paragraph(place, style, text)?;
        let first = place.y + 0.88 * size * MILLIMETRES_PER_POINT;
        self.lines(place, Style { size, ..style }, first, &lines)
    }

    /// A code at the upper edge of its box, as large as whole dots a module let it be there; its quiet zone is cleared
    /// around it.
    pub fn code(&mut self, place: Place, align: Align, level: Level, text: &str) -> Result<(), LayoutError> {
        let modules = symbol::modules(text, level).ok_or(LayoutError::Symbol)?;
        let module = (f32::from(dots(place.width.min(place.height))) / modules as f32)
            .floor()
            .clamp(1.0, f32::from(MAXIMUM_MODULE));
        let side = modules as f32 * module * MILLIMETRES_PER_DOT;
        let x = match align {
            Align::Left => place.x,
            Align::Center => place.x + (place.width - side) / 2.0,
            Align::Right => place.x + place.width - side,
        };
        let quiet = symbol::QUIET_MODULES as f32 * module * MILLIMETRES_PER_DOT;
        self.area(Place::new(x, place.y, side, side).inset(-quiet, -quiet), 0);
        self.items.push(Item::Code(Code {
            x: dots(x),
            y: dots(place.y),
            module: module as u8,
            level,
            text: text.to_owned(),
        }));
        Ok(())
    }

    fn lines(&mut self, place: Place, style: Style, first: f32, lines: &[&str]) -> Result<(), LayoutError> {
        for (index, line) in lines.iter().enumerate() {
            let free = || Ok::<f32, LayoutError>(place.width - self.width(line, style.font)? * style.size);
            let x = match style.align {
                Align::Left => place.x,
                Align::Center => place.x + free()? / 2.0,
                Align::Right => place.x + free()?,
            };
            let baseline = first + index as f32 * style.size * style.leading * MILLIMETRES_PER_POINT;
            self.items.push(Item::Text(TextRun {
                x: dots(x),
                baseline: dots(baseline),
                size: (style.size * 100.0) as u16,
                font: style.font,
                text: (*line).to_owned(),
            }));
        }
        Ok(())
    }

    /// The width of a text in millimetres at one point.
    fn width(&self, text: &str, font: Font) -> Result<f32, LayoutError> {
        Ok(self.faces.width(text, font)? as f32 / 1000.0 * MILLIMETRES_PER_POINT)
    }

    fn fit<'t>(&self, place: Place, style: Style, text: &'t str) -> Result<(f32, Vec<&'t str>), LayoutError> {
        let text = text.trim();
        let tallest = place.height / MILLIMETRES_PER_POINT;
        let width = self.width(text, style.font)?.max(f32::EPSILON);
        let alone = style.size.min(tallest).min(place.width / width);
        if alone >= style.size * 0.65 {
            return Ok((alone, vec![text]));
        }
        let mut best = (alone, vec![text]);
        for breaks in [Breaks::BetweenWords, Breaks::Anywhere] {
            let pieces = self.pieces(text, style.font, breaks)?;
            let candidates = (2..=MAXIMUM_LINES).filter_map(|count| {
                let most = style.size.min(tallest / (1.0 + (count - 1) as f32 * style.leading));
                largest(&pieces, text, place.width, count, most)
            });
            best = candidates.fold(best, |best, found| if found.0 > best.0 { found } else { best });
            if best.0 >= SMALLEST_SIZE {
                return Ok(best);
            }
        }
        Err(LayoutError::TooLong)
    }

    fn fit_paragraph<'t>(&self, place: Place, style: Style, text: &'t str) -> Result<(f32, Vec<&'t str>), LayoutError> {
        let pieces = self.pieces(text, style.font, Breaks::BetweenWords)?;
        let mut size = style.size;
        while size >= SMALLEST_SIZE {
            let room = ((place.height / MILLIMETRES_PER_POINT / size - 1.0) / style.leading) as usize + 1;
            if let Some(lines) = wrap(&pieces, text, place.width / size)
                && lines.len() <= room
            {
                return Ok((size, lines));
            }
            size *= 0.97;
        }
        Err(LayoutError::TooLong)
    }

    /// The parts between which a line may end: roman words with the spaces behind them, kanji one by one.
    fn pieces(&self, text: &str, font: Font, breaks: Breaks) -> Result<Vec<Piece>, LayoutError> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut end = 0;
        for cluster in clusters(text) {
            let width = self.width(cluster, font)?;
            end += cluster.len();
            let joins = breaks == Breaks::BetweenWords && pieces.last().is_some_and(|piece| piece.joins(cluster));
            match pieces.last_mut().filter(|_| joins) {
                Some(piece) => piece.add(cluster, width, end),
                None => pieces.push(Piece::new(cluster, width, end)),
            }
        }
        Ok(pieces)
    }
}

/// Where a line may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Breaks {
    BetweenWords,
    /// Inside a word too: for a word that is wider than its box.
    Anywhere,
}

/// A part of a text that stays on one line.
#[derive(Debug, Clone, Copy)]
struct Piece {
    end: usize,
    width: f32,
    /// Without the space at its end.
    inked: f32,
    kind: Kind,
}

/// What a part ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Roman,
    Kanji,
    Space,
}

impl Kind {
    fn of(cluster: &str) -> Self {
        if is_space(cluster) {
            Self::Space
        } else if is_roman(cluster) {
            Self::Roman
        } else {
            Self::Kanji
        }
    }
}

impl Piece {
    fn new(cluster: &str, width: f32, end: usize) -> Self {
        let kind = Kind::of(cluster);
        Self { end, width, inked: if kind == Kind::Space { 0.0 } else { width }, kind }
    }

    fn joins(self, cluster: &str) -> bool {
        is_space(cluster) || (self.kind == Kind::Roman && is_roman(cluster)) || is_closing(cluster)
    }

    fn add(&mut self, cluster: &str, width: f32, end: usize) {
        self.end = end;
        self.width += width;
        if is_space(cluster) {
            self.kind = Kind::Space;
        } else {
            self.inked = self.width;
        }
    }
}

fn is_space(cluster: &str) -> bool {
    matches!(cluster, " " | "\u{3000}")
}

fn is_roman(cluster: &str) -> bool {
    cluster.chars().all(|c| c.is_ascii_graphic() || ('\u{C0}'..'\u{250}').contains(&c))
}

fn is_closing(cluster: &str) -> bool {
    matches!(cluster, "、" | "。" | "）" | "」" | "ー" | "・" | "，" | "．" | "," | "." | ")")
}

/// The largest size up to `most` at which the text takes at most `count` lines.
fn largest<'t>(pieces: &[Piece], text: &'t str, width: f32, count: usize, most: f32) -> Option<(f32, Vec<&'t str>)> {
    let at = |size: f32| wrap(pieces, text, width / size).filter(|lines| lines.len() <= count);
    if let Some(lines) = at(most) {
        return Some((most, lines));
    }
    let (mut low, mut high) = (SMALLEST_SIZE, most);
    let mut found = at(low)?;
    for _ in 0..10 {
        let size = f32::midpoint(low, high);
        match at(size) {
            Some(lines) => (low, found) = (size, lines),
            None => high = size,
        }
    }
    Some((low, found))
}

/// Fills lines one after the other; `None` if a piece alone is wider than a line.
fn wrap<'t>(pieces: &[Piece], text: &'t str, width: f32) -> Option<Vec<&'t str>> {
    let mut lines = Vec::new();
    let (mut start, mut end, mut used) = (0, 0, 0.0);
    for piece in pieces {
        if piece.inked > width {
            return None;
        }
        if used + piece.inked > width {
            lines.push(text.get(start..end)?.trim_end());
            (start, used) = (end, 0.0);
        }
        end = piece.end;
        used += piece.width;
    }
    lines.push(text.get(start..end)?.trim_end());
    Some(lines)
}

/// Millimetres as whole dots.
pub fn dots(millimetres: f32) -> u16 {
    (millimetres / MILLIMETRES_PER_DOT).round() as u16
}

const MILLIMETRES_PER_DOT: f32 = 25.4 / DOTS_PER_INCH as f32;
const MILLIMETRES_PER_POINT: f32 = 25.4 / 72.0;
const MAXIMUM_LINES: usize = 5;

#[cfg(test)]
mod tests {
    use super::super::typeface::tests::TYPEFACES;
    use super::*;

    const PLACE: Place = Place::new(20.0, 20.0, 60.0, 9.0);
    const STYLE: Style = Style::new(Font::Names, 14.0);

    fn set(text: &str) -> Result<Vec<(f32, f32, String)>, LayoutError> {
        let faces = TYPEFACES.faces()?;
        let mut sheet = Sheet::new(&faces);
        sheet.text(PLACE, STYLE, text)?;
        let runs = sheet.into_items().into_iter().filter_map(|item| match item {
            Item::Text(run) => Some(run),
            Item::Area(_) | Item::Code(_) => None,
        });
        Ok(runs
            .map(|run| {
                let size = f32::from(run.size) / 100.0;
                let ems = faces.width(&run.text, run.font).map_or(f32::INFINITY, |width| width as f32 / 1000.0);
                let right = f32::from(run.x) * MILLIMETRES_PER_DOT + ems * size * MILLIMETRES_PER_POINT;
                (size, right, run.text)
            })
            .collect())
    }

    #[test]
    fn a_short_name_is_set_at_full_size_in_one_line() {
        assert_eq!(set("山田　花子").unwrap().len(), 1);
        assert!((set("山田　花子").unwrap()[0].0 - 14.0).abs() < 0.01);
    }

    #[test]
    fn a_longer_name_shrinks_and_a_very_long_one_wraps() {
        let fourteen = set(&"薔".repeat(14)).unwrap();
        assert!(fourteen.len() == 1 && fourteen[0].0 < 14.0);
        let thirty = set(&"薇".repeat(30)).unwrap();
        assert_eq!(thirty.len(), 2);
    }

    #[test]
    fn a_name_of_any_length_stays_in_its_box_with_every_character_or_is_refused() {
        let units = ["髙", "葛\u{E0100}", "WOLFESCHLEGEL ", "ab"];
        for name in (1..120).flat_map(|length| units.map(|unit| unit.repeat(length))) {
            let Ok(lines) = set(&name) else {
                assert!(set(&name) == Err(LayoutError::TooLong) && name.chars().count() > 140, "{name}");
                continue;
            };
            assert!(lines.iter().all(|(size, right, _)| *size >= 4.4 && *right <= 80.1), "{name}");
            let text: String = lines.iter().map(|(_, _, text)| text.replace(' ', "")).collect();
            assert_eq!(text, name.replace(' ', ""));
            let height: f32 = lines.iter().map(|(size, ..)| size * MILLIMETRES_PER_POINT).sum();
            assert!(height <= 9.1, "{name}: {height}");
        }
    }

    #[test]
    fn a_roman_name_is_divided_between_words() {
        let lines = set("WOLFESCHLEGELSTEIN HAUSENBERGERDORFF MARIA-MAGDALENA").unwrap();
        let texts: Vec<&str> = lines.iter().map(|(_, _, text)| text.as_str()).collect();
        assert_eq!(texts, ["WOLFESCHLEGELSTEIN", "HAUSENBERGERDORFF", "MARIA-MAGDALENA"].as_slice());
    }

    #[test]
    fn a_character_that_cannot_be_drawn_is_reported() {
        assert_eq!(set("山\u{E01EF}").unwrap_err(), LayoutError::Undrawable(Undrawable));
    }
}
