//! Fronts drawn anew by the document engine.

use crate::document::description::{Code, Item as DescribedItem, PageDescription, TextRun};
use crate::document::{Pattern, Press, symbol};

use super::report::Area;
use super::{CodeKind, Front, FrontDrawing, Item, PrintedCode};

impl FrontDrawing for Press {
    fn front(&self, description: &[u8]) -> Option<Front> {
        let description = PageDescription::from_bytes(description).ok()?;
        let pdf = self.redraw(&description, Pattern::Shown).ok()?;
        let bare_pdf = self.redraw(&description, Pattern::Left).ok()?;
        let (mut items, mut codes) = (Vec::new(), Vec::new());
        for item in description.items() {
            match item {
                DescribedItem::Text(run) => items.push(text_item(run)),
                DescribedItem::Code(code) => codes.extend(printed_code(code)),
                DescribedItem::Area(_) => {}
            }
        }
        Some(Front { pdf, bare_pdf, items, codes })
    }
}

fn millimetres(dots: f64) -> f64 {
    (dots * 254.0 / 600.0).round() / 10.0
}

/// A run with the room it takes: full-width characters as wide as high, others half as wide.
fn text_item(run: &TextRun) -> Item {
    let height = f64::from(run.size) / 100.0 / 72.0 * 600.0;
    let width: f64 = run.text.chars().map(|character| if character.is_ascii() { 0.55 } else { 1.0 }).sum();
    Item {
        text: run.text.clone(),
        area: Area {
            left_mm: millimetres(f64::from(run.x)),
            top_mm: millimetres(f64::from(run.baseline) - height * 0.9),
            width_mm: millimetres(width * height),
            height_mm: millimetres(height * 1.15),
        },
    }
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
