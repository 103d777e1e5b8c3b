//! The ground pattern (けん制文字), first form: fine dots in the ground, coarse dots of the same tint in the
//! word 複写. A photocopier loses the fine dots and keeps the coarse ones, and the word appears.
//!
//! One tile of one bit a dot, repeated by the page: small in the file and fast in a printer.

use std::collections::BTreeMap;

use printpdf::{DictItem, ExternalStream, ExternalXObject, XObject};

use super::bit_picture::BitPicture;
use super::canvas::{image_mask, length, points};
use super::description::PAGE;
use super::outline::Outline;
use super::typeface::{Faces, Font};

/// Tile in dots, 64 mm × 37.9 mm; whole pitches of both screens.
const TILE: (usize, usize) = (1512, 896);
/// Pitch of the fine dots, 2 × 2: a tint of 6.2 per cent.
const FINE_PITCH: usize = 8;
/// Pitch of the coarse dots, 4 × 4 without corners: 6.1 per cent.
const COARSE_PITCH: usize = 14;
/// Size of a character of the word in dots: 28 mm.
const CHARACTER: usize = 661;

/// The pattern as a form that covers the page.
pub fn form(faces: &Faces<'_>) -> XObject {
    let tile = tile(faces);
    let (width, height) = (points(length(TILE.0)), points(length(TILE.1)));
    let pattern = stream(
        [
            ("Type", name("Pattern")),
            ("PatternType", DictItem::Int(1)),
            ("PaintType", DictItem::Int(1)),
            ("TilingType", DictItem::Int(1)),
            ("BBox", rectangle(width, height)),
            ("XStep", DictItem::Real(width)),
            ("YStep", DictItem::Real(height)),
            ("Resources", resource("XObject", "Tile", DictItem::Stream { stream: external(image_mask(&tile)) })),
        ],
        format!("0 0 0 1 k q {width} 0 0 {height} 0 0 cm /Tile Do Q"),
    );
    let page = (points(i32::from(PAGE.0)), points(i32::from(PAGE.1)));
    let form = stream(
        [
            ("Type", name("XObject")),
            ("Subtype", name("Form")),
            ("BBox", rectangle(page.0, page.1)),
            ("Resources", resource("Pattern", "Ground", DictItem::Stream { stream: pattern })),
        ],
        format!("/Pattern cs /Ground scn 0 0 {} {} re f", page.0, page.1),
    );
    XObject::External(ExternalXObject { stream: form, width: None, height: None, dpi: None })
}

fn tile(faces: &Faces<'_>) -> BitPicture {
    let outline = |character| Outline::of(faces.face(Font::Labels), character).unwrap_or_default();
    let word = [outline('複'), outline('写')];
    let left = (TILE.0 - CHARACTER * word.len()) / 2;
    let baseline = usize::midpoint(TILE.1, CHARACTER) - CHARACTER * 12 / 100;
    let is_word = |x: usize, y: usize| {
        word.iter().enumerate().any(|(index, outline)| {
            let em = |dots: usize, origin: usize| (dots as f32 - origin as f32) / CHARACTER as f32;
            outline.contains(em(x, left + index * CHARACTER), -em(y, baseline))
        })
    };
    let mut tile = BitPicture::new(TILE.0, TILE.1);
    lattice(FINE_PITCH).filter(|&(x, y)| !is_word(x, y)).for_each(|at| dot(&mut tile, at, &FINE));
    lattice(COARSE_PITCH).filter(|&(x, y)| is_word(x, y)).for_each(|at| dot(&mut tile, at, &COARSE));
    tile
}

fn lattice(pitch: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..TILE.1)
        .step_by(pitch)
        .flat_map(move |y| (0..TILE.0).step_by(pitch).map(move |x| (x + pitch / 2, y + pitch / 2)))
}

const FINE: [u8; 2] = [0b11, 0b11];
const COARSE: [u8; 4] = [0b0110, 0b1111, 0b1111, 0b0110];

fn dot(tile: &mut BitPicture, (x, y): (usize, usize), shape: &[u8]) {
    let half = shape.len() / 2;
    for (row, bits) in shape.iter().enumerate() {
        for column in (0..shape.len()).filter(|column| bits >> column & 1 == 1) {
            tile.set(x + column - half, y + row - half, true);
        }
    }
}

fn name(text: &str) -> DictItem {
    DictItem::Name(text.as_bytes().to_vec())
}

fn rectangle(width: f32, height: f32) -> DictItem {
    DictItem::Array([0.0, 0.0, width, height].map(DictItem::Real).to_vec())
}

fn resource(kind: &str, key: &str, item: DictItem) -> DictItem {
    let inner = DictItem::Dict { map: BTreeMap::from([(key.to_owned(), item)]) };
    DictItem::Dict { map: BTreeMap::from([(kind.to_owned(), inner)]) }
}

fn stream<const N: usize>(entries: [(&str, DictItem); N], content: String) -> ExternalStream {
    let dict = entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    ExternalStream { dict, content: content.into_bytes(), compress: false }
}

fn external(object: XObject) -> ExternalStream {
    match object {
        XObject::External(external) => external.stream,
        XObject::Image(_) | XObject::Form(_) => ExternalStream::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::typeface::tests::TYPEFACES;
    use super::*;

    #[test]
    fn word_and_ground_have_the_same_tint() {
        let tile = tile(&TYPEFACES.faces().unwrap());
        let tint = tile.ink() as f64 / (TILE.0 * TILE.1) as f64;
        assert!((0.057..0.066).contains(&tint), "{tint}");
        let (fine, coarse) = (4.0 / (FINE_PITCH * FINE_PITCH) as f64, 12.0 / (COARSE_PITCH * COARSE_PITCH) as f64);
        assert!((fine - coarse).abs() < 0.002);
        assert!(
            TILE.0.is_multiple_of(FINE_PITCH * COARSE_PITCH / 2)
                && TILE.1.is_multiple_of(FINE_PITCH * COARSE_PITCH / 2)
        );
    }

    #[test]
    fn the_word_stands_in_the_tile_in_coarse_dots() {
        let tile = tile(&TYPEFACES.faces().unwrap());
        let coarse = |x: usize, y: usize| (0..4).all(|n| tile.get(x + n, y + 1));
        let found = (0..TILE.1).flat_map(|y| (0..TILE.0).map(move |x| (x, y))).filter(|&(x, y)| coarse(x, y)).count();
        assert!(found > 400, "{found}");
    }
}
