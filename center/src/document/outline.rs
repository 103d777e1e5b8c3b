//! Outlines of glyphs as polygons: for patterns that are drawn dot by dot, and for paths.

mod coverage;

use ttf_parser::{Face, GlyphId, OutlineBuilder};

pub use coverage::Frame;

/// Closed rings of points in ems, y upwards.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outline {
    rings: Vec<Vec<(f32, f32)>>,
}

impl Outline {
    /// The outline of a character; `None` if the face does not have it.
    pub fn of(face: &Face<'_>, character: char) -> Option<Self> {
        Self::of_glyph(face, face.glyph_index(character)?)
    }

    /// The outline of a glyph; `None` if it has none.
    pub fn of_glyph(face: &Face<'_>, glyph: GlyphId) -> Option<Self> {
        let mut flattener = Flattener { scale: 1.0 / f32::from(face.units_per_em()), outline: Self::default() };
        face.outline_glyph(glyph, &mut flattener)?;
        Some(flattener.outline)
    }

    /// The rings.
    pub fn rings(&self) -> &[Vec<(f32, f32)>] {
        &self.rings
    }

    /// Where a horizontal line is inside, by the non-zero winding rule: from, to, from, to, in rising order.
    pub fn crossings(&self, y: f32) -> Vec<f32> {
        let edges = self.rings.iter().flat_map(|ring| ring.iter().zip(ring.iter().skip(1).chain(ring.first())));
        let mut crossings: Vec<(f32, i32)> = edges.filter_map(|(&from, &to)| crossing(from, to, y)).collect();
        crossings.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        let mut winding = 0;
        let mut ends = Vec::new();
        for (x, turn) in crossings {
            if winding == 0 || winding + turn == 0 {
                ends.push(x);
            }
            winding += turn;
        }
        ends
    }
}

/// Where an edge crosses a line, and which way: upwards 1, downwards −1.
fn crossing((x0, y0): (f32, f32), (x1, y1): (f32, f32), y: f32) -> Option<(f32, i32)> {
    let crosses = (y0 <= y) != (y1 <= y);
    crosses.then(|| ((x1 - x0).mul_add((y - y0) / (y1 - y0), x0), if y1 > y0 { 1 } else { -1 }))
}

struct Flattener {
    scale: f32,
    outline: Outline,
}

impl Flattener {
    fn push(&mut self, x: f32, y: f32) {
        if let Some(ring) = self.outline.rings.last_mut() {
            ring.push((x * self.scale, y * self.scale));
        }
    }

    fn last(&self) -> (f32, f32) {
        let last = self.outline.rings.last().and_then(|ring| ring.last()).copied().unwrap_or_default();
        (last.0 / self.scale, last.1 / self.scale)
    }
}

/// Straight pieces of a curve.
const PIECES: u8 = 6;

impl OutlineBuilder for Flattener {
    fn move_to(&mut self, x: f32, y: f32) {
        self.outline.rings.push(Vec::new());
        self.push(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.push(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (x0, y0) = self.last();
        for piece in 1..=PIECES {
            let t = f32::from(piece) / f32::from(PIECES);
            let at = |a: f32, b: f32, c: f32| (1.0 - t) * (1.0 - t) * a + 2.0 * t * (1.0 - t) * b + t * t * c;
            self.push(at(x0, x1, x), at(y0, y1, y));
        }
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (x0, y0) = self.last();
        for piece in 1..=PIECES {
            let t = f32::from(piece) / f32::from(PIECES);
            let s = 1.0 - t;
            let at = |a: f32, b: f32, c: f32, d: f32| {
                s * s * s * a + 3.0 * s * s * t * b + 3.0 * s * t * t * c + t * t * t * d
            };
            self.push(at(x0, x1, x2, x), at(y0, y1, y2, y));
        }
    }

    fn close(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::super::typeface::Font;
    use super::super::typeface::tests::TYPEFACES;
    use super::*;

    #[test]
    fn the_stroke_of_a_character_is_inside_and_its_counter_outside() {
        let faces = TYPEFACES.faces().unwrap();
        let mouth = Outline::of(faces.face(Font::Labels), '口').unwrap();
        let crossings = mouth.crossings(0.38);
        assert_eq!(crossings.len(), 4, "two strokes: {crossings:?}");
        assert!(crossings[1] < 0.5 && crossings[2] > 0.5);
        assert!(mouth.crossings(5.0).is_empty());
    }
}
