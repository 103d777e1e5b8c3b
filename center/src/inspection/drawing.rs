//! Fronts drawn anew by the document engine.

use ttf_parser::GlyphId;

use crate::document::description::{Code, Item as DescribedItem, PageDescription, TextRun};
use crate::document::ground_pattern::CopyWord;
use crate::document::outline::Outline;
use crate::document::typeface::{Faces, Picture, Undrawable};
use crate::document::{Pattern, Press, symbol};

use super::report::Area;
use super::{CodeKind, Front, FrontDrawing, Item, Letter, PrintedCode};

impl FrontDrawing for Press {
    fn front(&self, description: &[u8]) -> Option<Front> {
        let description = PageDescription::from_bytes(description).ok()?;
        let pdf = self.redraw(&description, Pattern::Shown).ok()?;
        let bare_pdf = self.redraw(&description, Pattern::Left).ok()?;
        let faces = self.faces().ok()?;
        let (mut items, mut letters, mut codes) = (Vec::new(), Vec::new(), Vec::new());
        for item in description.items() {
            match item {
                DescribedItem::Text(run) => {
                    letters.extend(letters_of(run, items.len(), &faces).ok()?);
                    items.push(text_item(run, &faces).ok()?);
                }
                DescribedItem::Code(code) => codes.extend(printed_code(code)),
                DescribedItem::Area(_) => {}
            }
        }
        let copy_word = Some(CopyWord::of(&faces, description.ground()));
        Some(Front { pdf, bare_pdf, items, letters, codes, copy_word })
    }

    fn alike(&self, letter: &Letter, seen: &Picture) -> Vec<Outline> {
        let Ok(faces) = self.faces() else { return Vec::new() };
        let alike = faces.alike(letter.character, GlyphId(letter.glyph), letter.font, seen);
        alike.into_iter().filter_map(|glyph| Outline::of_glyph(faces.face(letter.font), glyph)).collect()
    }
}

/// The characters of a run where the page has them.
fn letters_of(run: &TextRun, item: usize, faces: &Faces<'_>) -> Result<Vec<Letter>, Undrawable> {
    let millimetres = |dots: u16| f64::from(dots) * 25.4 / 600.0;
    let size_mm = f64::from(run.size) / 100.0 / 72.0 * 25.4;
    let baseline_mm = millimetres(run.baseline);
    let mut left_mm = millimetres(run.x);
    let glyphs = faces.shape(&run.text, run.font)?;
    let letters = glyphs.into_iter().filter_map(|glyph| {
        let advance = f64::from(glyph.advance) / 1000.0;
        let origin_mm = (left_mm, baseline_mm);
        left_mm += advance * size_mm;
        // A space has no outline.
        let outline = Outline::of_glyph(faces.face(glyph.font), GlyphId(glyph.id))?;
        let character = glyph.text.chars().next()?;
        Some(Letter { item, font: glyph.font, glyph: glyph.id, character, outline, origin_mm, size_mm, advance })
    });
    Ok(letters.collect())
}

fn millimetres(dots: f64) -> f64 {
    (dots * 254.0 / 600.0).round() / 10.0
}

/// A run with the room it takes.
fn text_item(run: &TextRun, faces: &Faces<'_>) -> Result<Item, Undrawable> {
    let height = f64::from(run.size) / 100.0 / 72.0 * 600.0;
    let width = f64::from(faces.width(&run.text, run.font)?) / 1000.0 * height;
    let area = Area {
        left_mm: millimetres(f64::from(run.x)),
        top_mm: millimetres(f64::from(run.baseline) - height * 0.9),
        width_mm: millimetres(width),
        height_mm: millimetres(height * 1.15),
    };
    Ok(Item { text: run.text.clone(), area })
}

fn printed_code(code: &Code) -> Option<PrintedCode> {
    let kind = if code.text.starts_with("shc:/") { CodeKind::HealthCard } else { CodeKind::VdsNc };
    let modules = symbol::modules(&code.text, code.level)?;
    let side = millimetres(modules as f64 * f64::from(code.module));
    let area = Area {
        left_mm: millimetres(f64::from(code.x)),
        top_mm: millimetres(f64::from(code.y)),
        width_mm: side,
        height_mm: side,
    };
    Some(PrintedCode { kind, text: code.text.clone(), area })
}
