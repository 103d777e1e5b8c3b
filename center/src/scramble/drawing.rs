//! The picture of a sealed description: finders, bars, marks and data as modules.

use std::sync::OnceLock;

use crate::document::bit_picture::BitPicture;

use super::code;
use super::envelope::Sealed;
use super::geometry::{BAR_CELL, BORDER, Bar, FINDER, Geometry, MARK, PITCH};

/// Draws a sealed description, one bit a module.
pub fn picture(sealed: &Sealed) -> BitPicture {
    let layout = sealed.label().layout();
    let modules = code::encode(&sealed.frame(), layout);
    let mut picture = frame_of(layout.geometry);
    let mut at = 0;
    for (x, y, length) in layout.geometry.stretches() {
        modules.draw((at, length), &mut picture, (BORDER + x, BORDER + y));
        at += length;
    }
    picture
}

/// Everything but the data: the same for every picture of a geometry.
fn frame_of(geometry: Geometry) -> BitPicture {
    static STANDARD: OnceLock<BitPicture> = OnceLock::new();
    if geometry == Geometry::STANDARD { STANDARD.get_or_init(|| frame(geometry)).clone() } else { frame(geometry) }
}

fn frame(geometry: Geometry) -> BitPicture {
    let mut picture = BitPicture::new(geometry.width(), geometry.height());
    draw_marks(&mut picture, geometry);
    draw_finders(&mut picture, geometry);
    for (x, y, ink) in geometry.bar(Bar::Top).chain(geometry.bar(Bar::Left)) {
        fill(&mut picture, (x, y), BAR_CELL, |_, _| ink);
    }
    picture
}

fn draw_marks(picture: &mut BitPicture, geometry: Geometry) {
    for row in 0..=geometry.rows() {
        for column in 0..=geometry.columns() {
            let mark = Geometry::mark(column, row);
            let corner = (BORDER + column * PITCH, BORDER + row * PITCH);
            fill(picture, corner, MARK, |x, y| mark.get(y * MARK + x).copied().unwrap_or_default());
        }
    }
}

fn draw_finders(picture: &mut BitPicture, geometry: Geometry) {
    let (right, bottom) = (geometry.width() - FINDER, geometry.height() - FINDER);
    for corner in [(0, 0), (right, 0), (right, bottom), (0, bottom)] {
        fill(picture, corner, FINDER, Geometry::finder);
    }
}

fn fill(picture: &mut BitPicture, (left, top): (usize, usize), side: usize, ink: impl Fn(usize, usize) -> bool) {
    for y in 0..side {
        for x in 0..side {
            picture.set(left + x, top + y, ink(x, y));
        }
    }
}
