//! A certificate's codes as a phone keeps them: PNG, SVG, and the file of the SMART Health Card.

use std::fmt::Write as _;
use std::io::Cursor;

use image::{GrayImage, ImageFormat, Luma};
use serde_json::json;
use shared::qr::health_card;
use shared::wire::app::{AppCode, CodeKind};

use crate::certificate::PrintedCodes;
use crate::document::bit_picture::BitPicture;
use crate::document::symbol::{self, Level, QUIET_MODULES};

/// Dots of a module in a picture: a symbol of 177 modules is then still below 1,500 dots wide.
const MODULE: u32 = 8;

/// Every code, drawn; `None` where one fits no symbol.
pub(super) fn drawn(codes: &PrintedCodes<'_>) -> Option<Vec<AppCode>> {
    let level = Level::from(health_card::error_correction(codes.health_card));
    let card = code(CodeKind::SmartHealthCard, codes.health_card, level)?;
    let seal = match codes.vds_nc {
        Some(text) => Some(code(CodeKind::VdsNc, text, Level::M)?),
        None => None,
    };
    Some(std::iter::once(card).chain(seal).collect())
}

/// The `.smart-health-card` file of a card's text.
pub(super) fn file(health_card: &str) -> Option<Vec<u8>> {
    let jws = health_card::jws(health_card)?;
    serde_json::to_vec(&json!({ "verifiableCredential": [jws] })).ok()
}

fn code(kind: CodeKind, text: &str, level: Level) -> Option<AppCode> {
    let symbol = symbol::draw(text, level)?;
    let (png, svg) = (png(&symbol)?.into(), svg(&symbol).into_bytes().into());
    Some(AppCode { kind, text: text.to_owned(), png, svg })
}

fn png(symbol: &BitPicture) -> Option<Vec<u8>> {
    let side = u32::try_from(symbol.width() + 2 * QUIET_MODULES).ok()? * MODULE;
    let picture = GrayImage::from_fn(side, side, |x, y| {
        let module = |dot: u32| ((dot / MODULE) as usize).checked_sub(QUIET_MODULES);
        let ink = matches!((module(x), module(y)), (Some(x), Some(y)) if symbol.get(x, y));
        Luma([if ink { 0 } else { 255 }])
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).ok()?;
    Some(bytes.into_inner())
}

/// One path: a step of one module's height for each stretch of ink in a row.
fn svg(symbol: &BitPicture) -> String {
    let side = symbol.width() + 2 * QUIET_MODULES;
    let mut path = String::new();
    for y in 0..symbol.height() {
        let mut x = 0;
        while x < symbol.width() {
            let length = (x..symbol.width()).take_while(|x| symbol.get(*x, y)).count();
            if length > 0 {
                // Writing to a `String` cannot fail.
                _ = write!(path, "M{} {}h{length}v1h-{length}z", x + QUIET_MODULES, y + QUIET_MODULES);
            }
            x += length.max(1);
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_pictures_show_the_symbol_within_its_quiet_zone() {
        let mut symbol = BitPicture::new(21, 21);
        symbol.set(0, 0, true);
        symbol.set(1, 0, true);
        symbol.set(20, 20, true);
        let picture = image::load_from_memory(&png(&symbol).unwrap()).unwrap().into_luma8();
        let module = |x: u32, y: u32| picture.get_pixel(x * MODULE + MODULE / 2, y * MODULE + MODULE / 2).0[0] == 0;
        assert_eq!(picture.width(), 29 * MODULE);
        assert!(module(4, 4) && module(5, 4) && module(24, 24));
        assert!(!module(6, 4) && !module(3, 4) && !module(4, 3) && !module(25, 24));
        let drawn = svg(&symbol);
        assert!(drawn.contains("viewBox=\"0 0 29 29\""), "{drawn}");
        assert!(drawn.contains("d=\"M4 4h2v1h-2zM24 24h1v1h-1z\""), "{drawn}");
    }
}
