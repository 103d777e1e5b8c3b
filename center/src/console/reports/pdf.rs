//! A report on paper: A4, tables with their heads on every page, bars, page numbers.

use std::collections::BTreeMap;
use std::path::PathBuf;

use printpdf::{
    Color, FontId, Mm, Op, PaintMode, ParsedFont, PdfDocument, PdfFontHandle, PdfPage, PdfSaveOptions, Point, Pt, Rect,
    Rgb, TextItem,
};

use subsetter::GlyphRemapper;

use super::model::{Report, Table};
use crate::console::chart::grouped;

/// Why a report was not put on paper.
#[derive(Debug, thiserror::Error)]
pub(in crate::console) enum PdfError {
    /// The typeface cannot be read.
    #[error("the typeface {} cannot be read", path.display())]
    Typeface {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is not a typeface.
    #[error("{} is not a typeface", .0.display())]
    Malformed(PathBuf),
}

/// Puts reports on paper with one typeface.
#[derive(Debug)]
pub(in crate::console) struct ReportPress {
    typeface: PathBuf,
}

/// A4.
const PAGE: (f32, f32) = (595.0, 842.0);

/// White around the text, in points.
const MARGIN: f32 = 42.0;

/// Between two columns.
const GAP: f32 = 8.0;

/// Height of a row of bars.
const BAR: f32 = 16.0;

/// Most bars of a chart on paper.
const MAXIMUM_BARS: usize = 20;

impl ReportPress {
    /// With the typeface in this file. It is read for each report: reports are few, and a fault shows there.
    pub(in crate::console) const fn new(typeface: PathBuf) -> Self {
        Self { typeface }
    }

    /// The report as PDF.
    pub(in crate::console) fn print(&self, report: &Report) -> Result<Vec<u8>, PdfError> {
        let bytes = std::fs::read(&self.typeface)
            .map_err(|source| PdfError::Typeface { path: self.typeface.clone(), source })?;
        let font = ParsedFont::from_bytes(&bytes, 0, &mut Vec::new());
        let font = font.ok_or_else(|| PdfError::Malformed(self.typeface.clone()))?;
        let font = cut_down(&bytes, &font, report).unwrap_or(font);
        let mut document = PdfDocument::new(&report.title);
        let id = document.add_font(&font);
        let mut desk = Desk { font: &font, id, pages: Vec::new(), operations: Vec::new(), top: MARGIN };
        desk.report(report);
        document.with_pages(desk.finished());
        Ok(document.save(&PdfSaveOptions::default(), &mut Vec::new()))
    }
}

/// Only the glyphs that a report uses: a whole Japanese typeface takes three megabytes.
fn cut_down(bytes: &[u8], whole: &ParsedFont, report: &Report) -> Option<ParsedFont> {
    let cells = report.tables.iter().flat_map(|table| {
        let bars = table.bars.iter().map(|(label, _)| label);
        table.rows.iter().flatten().chain(&table.heads).chain([&table.caption]).chain(bars)
    });
    let texts = cells.chain(&report.notes).chain([&report.title]);
    let mut remapper = GlyphRemapper::new();
    let mut glyphs = BTreeMap::new();
    for character in texts.flat_map(|text| text.chars()).chain("0123456789,/ ".chars()) {
        if let Some(glyph) = whole.codepoint_to_glyph.get(&u32::from(character)) {
            glyphs.insert(u32::from(character), remapper.remap(*glyph));
        }
    }
    let cut = subsetter::subset(bytes, 0, &remapper).ok()?;
    let cut = ParsedFont::from_bytes(&cut, 0, &mut Vec::new())?;
    Some(ParsedFont { codepoint_to_glyph: glyphs, ..cut })
}

/// Pages being written, from top to bottom.
struct Desk<'f> {
    font: &'f ParsedFont,
    id: FontId,
    pages: Vec<Vec<Op>>,
    operations: Vec<Op>,
    /// How far the page is full, in points from above.
    top: f32,
}

impl Desk<'_> {
    fn report(&mut self, report: &Report) {
        self.paragraph(&report.title, 15.0);
        for note in &report.notes {
            self.paragraph(note, 8.5);
        }
        for table in &report.tables {
            self.top += 10.0;
            self.paragraph(&table.caption, 11.0);
            self.bars(table);
            self.table(table);
        }
    }

    fn finished(mut self) -> Vec<PdfPage> {
        self.turn();
        let count = self.pages.len();
        let mut finished = Vec::with_capacity(count);
        for (number, operations) in std::mem::take(&mut self.pages).into_iter().enumerate() {
            self.operations = operations;
            self.text(&format!("{} / {count}", number + 1), 8.0, (PAGE.0 / 2.0 - 10.0, PAGE.1 - MARGIN / 2.0));
            let operations = std::mem::take(&mut self.operations);
            finished.push(PdfPage::new(Mm(210.0), Mm(297.0), operations));
        }
        finished
    }

    fn turn(&mut self) {
        self.pages.push(std::mem::take(&mut self.operations));
        self.top = MARGIN;
    }

    /// Turns the page where `height` does not fit any more; whether it did.
    fn make_room(&mut self, height: f32) -> bool {
        let full = self.top + height > PAGE.1 - MARGIN && self.top > MARGIN;
        if full {
            self.turn();
        }
        full
    }

    fn paragraph(&mut self, text: &str, size: f32) {
        for line in self.lines(text, size, PAGE.0 - 2.0 * MARGIN) {
            self.make_room(size * 1.5);
            self.top += size * 1.5;
            self.text(&line, size, (MARGIN, self.top - size * 0.4));
        }
    }

    fn bars(&mut self, table: &Table) {
        let most = table.bars.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
        for (label, count) in table.bars.iter().take(MAXIMUM_BARS) {
            self.make_room(BAR);
            let base = self.top + BAR * 0.7;
            self.text(label, 8.0, (MARGIN, base));
            let length = (*count as f64 / most as f64) as f32 * 280.0;
            self.fill((MARGIN + 130.0, self.top + 3.0), (length.max(0.5), BAR - 6.0), (0.18, 0.43, 0.65));
            self.text(&grouped(*count), 8.0, (MARGIN + 136.0 + length, base));
            self.top += BAR;
        }
    }

    fn table(&mut self, table: &Table) {
        let widths = self.widths(table);
        self.head(&table.heads, &widths);
        for row in &table.rows {
            let height = self.height(row, &widths);
            if self.make_room(height) {
                self.head(&table.heads, &widths);
            }
            self.row(row, &widths);
        }
    }

    /// Each column as wide as its longest cell, all together as wide as the page at most.
    fn widths(&self, table: &Table) -> Vec<f32> {
        let room = PAGE.0 - 2.0 * MARGIN - GAP * table.heads.len().saturating_sub(1) as f32;
        let longest: Vec<f32> = table
            .heads
            .iter()
            .enumerate()
            .map(|(column, head)| {
                let cells = table.rows.iter().filter_map(|row| row.get(column));
                cells.chain([head]).map(|cell| self.width(cell, CELL)).fold(20.0, f32::max)
            })
            .collect();
        let wanted: f32 = longest.iter().sum();
        let scale = (room / wanted.max(1.0)).min(1.0);
        longest.into_iter().map(|width| width * scale).collect()
    }

    fn height(&self, row: &[String], widths: &[f32]) -> f32 {
        let lines = row.iter().zip(widths).map(|(cell, width)| self.lines(cell, CELL, *width).len()).max();
        lines.unwrap_or(1).max(1) as f32 * LEADING + 4.0
    }

    fn head(&mut self, heads: &[String], widths: &[f32]) {
        let height = self.height(heads, widths);
        self.fill((MARGIN - 3.0, self.top), (PAGE.0 - 2.0 * MARGIN + 6.0, height), (0.93, 0.95, 0.96));
        self.row(heads, widths);
    }

    fn row(&mut self, row: &[String], widths: &[f32]) {
        let height = self.height(row, widths);
        let mut left = MARGIN;
        for (cell, width) in row.iter().zip(widths) {
            for (number, line) in self.lines(cell, CELL, *width).into_iter().enumerate() {
                self.text(&line, CELL, (left, self.top + LEADING * (number as f32 + 0.85)));
            }
            left += width + GAP;
        }
        self.top += height;
    }

    /// The text in lines that are not wider than `width`; Japanese breaks between any two characters.
    fn lines(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = vec![String::new()];
        let mut used = 0.0;
        for character in text.chars() {
            let advance = self.advance(character, size);
            if character == '\n' || used + advance > width + 0.1 && used > 0.0 {
                lines.push(String::new());
                used = 0.0;
            }
            if character != '\n' {
                lines.last_mut().into_iter().for_each(|line| line.push(character));
                used += advance;
            }
        }
        lines
    }

    fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|character| self.advance(character, size)).sum()
    }

    fn advance(&self, character: char, size: f32) -> f32 {
        let glyph = self.font.codepoint_to_glyph.get(&u32::from(character));
        let units = glyph.and_then(|glyph| self.font.glyph_widths.get(glyph)).copied();
        let units = units.unwrap_or(self.font.units_per_em);
        f32::from(units) / f32::from(self.font.units_per_em.max(1)) * size
    }

    /// Writes at a place in points from the upper left corner.
    fn text(&mut self, text: &str, size: f32, (left, base): (f32, f32)) {
        let pos = Point { x: Pt(left), y: Pt(PAGE.1 - base) };
        self.operations.extend([
            Op::SetFillColor { col: color((0.1, 0.15, 0.2)) },
            Op::StartTextSection,
            Op::SetTextCursor { pos },
            Op::SetFont { font: PdfFontHandle::External(self.id.clone()), size: Pt(size) },
            Op::ShowText { items: vec![TextItem::Text(text.to_owned())] },
            Op::EndTextSection,
        ]);
    }

    fn fill(&mut self, (left, top): (f32, f32), (width, height): (f32, f32), ink: (f32, f32, f32)) {
        let rectangle = Rect {
            x: Pt(left),
            y: Pt(PAGE.1 - top - height),
            width: Pt(width),
            height: Pt(height),
            mode: Some(PaintMode::Fill),
            winding_order: None,
        };
        self.operations.extend([Op::SetFillColor { col: color(ink) }, Op::DrawRectangle { rectangle }]);
    }
}

/// Size of a cell's text.
const CELL: f32 = 8.0;

/// From line to line in a cell.
const LEADING: f32 = 12.0;

fn color((r, g, b): (f32, f32, f32)) -> Color {
    Color::Rgb(Rgb { r, g, b, icc_profile: None })
}
