//! Fills triangles with colours and textures, each pixel once where two of them meet.

use egui::epaint::{Mesh, Vertex};
use egui::{Color32, ColorImage, Rect};

/// Fills every triangle of a mesh, inside its clip rectangle.
pub(super) fn fill(image: &mut ColorImage, mesh: &Mesh, texture: &ColorImage, (clip, scale): (Rect, f32)) {
    let [width, height] = image.size;
    let edge = |side: f32, most: usize| (side * scale).round().clamp(0.0, most as f32) as usize;
    let room = Room {
        left: edge(clip.left(), width),
        right: edge(clip.right(), width),
        top: edge(clip.top(), height),
        bottom: edge(clip.bottom(), height),
    };
    for corners in mesh.indices.chunks_exact(3) {
        let [a, b, c] = corners else { continue };
        let vertex = |at: &u32| mesh.vertices.get(*at as usize);
        if let (Some(a), Some(b), Some(c)) = (vertex(a), vertex(b), vertex(c)) {
            Triangle::new([a, b, c], scale).fill(image, texture, &room);
        }
    }
}

/// Pixels that may be touched.
struct Room {
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
}

type Point = [f32; 2];

struct Triangle<'a> {
    corners: [&'a Vertex; 3],
    places: [Point; 3],
    /// Twice the area; positive, since corners are turned where needed.
    area: f32,
}

impl<'a> Triangle<'a> {
    fn new(mut corners: [&'a Vertex; 3], scale: f32) -> Self {
        let places = |corners: [&Vertex; 3]| corners.map(|corner| [corner.pos.x * scale, corner.pos.y * scale]);
        let [a, b, c] = places(corners);
        let mut area = side(a, b, c);
        if area < 0.0 {
            corners.swap(1, 2);
            area = -area;
        }
        Self { corners, places: places(corners), area }
    }

    fn fill(&self, image: &mut ColorImage, texture: &ColorImage, room: &Room) {
        if self.area <= f32::EPSILON {
            return;
        }
        let [a, b, c] = self.places;
        let [width, _] = image.size;
        let low = |axis: fn(Point) -> f32| axis(a).min(axis(b)).min(axis(c)).floor().max(0.0) as usize;
        let high = |axis: fn(Point) -> f32| axis(a).max(axis(b)).max(axis(c)).ceil().max(0.0) as usize;
        let across = |[x, _]: Point| x;
        let down = |[_, y]: Point| y;
        let columns = low(across).max(room.left)..high(across).min(room.right);
        for y in low(down).max(room.top)..high(down).min(room.bottom) {
            let row = image.pixels.get_mut(y * width..(y + 1) * width).unwrap_or_default();
            let pixels = row.iter_mut().enumerate().take(columns.end).skip(columns.start);
            for (x, pixel) in pixels {
                self.touch(pixel, [x as f32 + 0.5, y as f32 + 0.5], texture);
            }
        }
    }

    fn touch(&self, pixel: &mut Color32, point: Point, texture: &ColorImage) {
        if let Some(shares) = self.shares(point) {
            *pixel = over(self.colour(shares, texture), *pixel);
        }
    }

    /// How much each corner counts at a point, where it lies inside. A point on an edge belongs to one side of it only.
    fn shares(&self, point: Point) -> Option<[f32; 3]> {
        let [a, b, c] = self.places;
        let edges = [(b, c), (c, a), (a, b)];
        let weights = edges.map(|(from, to)| side(from, to, point));
        let is_inside = weights
            .iter()
            .zip(edges)
            .all(|(weight, (from, to))| *weight > 0.0 || (*weight == 0.0 && is_upper_or_left(from, to)));
        is_inside.then(|| weights.map(|weight| weight / self.area))
    }

    fn colour(&self, shares: [f32; 3], texture: &ColorImage) -> [f32; 4] {
        let mut colour = [0.0; 4];
        let (mut u, mut v) = (0.0, 0.0);
        for (corner, share) in self.corners.iter().zip(shares) {
            u += corner.uv.x * share;
            v += corner.uv.y * share;
            for (sum, channel) in colour.iter_mut().zip(corner.color.to_array()) {
                *sum += f32::from(channel) * share;
            }
        }
        for (channel, texel) in colour.iter_mut().zip(sample(texture, u, v)) {
            *channel *= texel / 255.0;
        }
        colour
    }
}

/// Twice the area of the triangle, positive where the point lies to the right of the way on a screen.
fn side([ax, ay]: Point, [bx, by]: Point, [px, py]: Point) -> f32 {
    (bx - ax) * (py - ay) - (by - ay) * (px - ax)
}

fn is_upper_or_left([ax, ay]: Point, [bx, by]: Point) -> bool {
    // Level to the bit: the corner of one triangle is a corner of the next.
    by < ay || (by.to_bits() == ay.to_bits() && bx > ax)
}

/// The texture at a place, between its pixels.
fn sample(texture: &ColorImage, u: f32, v: f32) -> [f32; 4] {
    let [width, height] = texture.size;
    let (x, y) = (u * width as f32 - 0.5, v * height as f32 - 0.5);
    let (left, top) = (x.floor(), y.floor());
    let (right_share, bottom_share) = (x - left, y - top);
    let at = |x: f32, y: f32| {
        let x = x.clamp(0.0, width as f32 - 1.0) as usize;
        let y = y.clamp(0.0, height as f32 - 1.0) as usize;
        texture.pixels.get(y * width + x).copied().unwrap_or(Color32::TRANSPARENT).to_array().map(f32::from)
    };
    if right_share == 0.0 && bottom_share == 0.0 {
        return at(left, top);
    }
    let mix = |one: [f32; 4], other: [f32; 4], share: f32| {
        let mut mixed = one;
        for (channel, other) in mixed.iter_mut().zip(other) {
            *channel += (other - *channel) * share;
        }
        mixed
    };
    let above = mix(at(left, top), at(left + 1.0, top), right_share);
    let below = mix(at(left, top + 1.0), at(left + 1.0, top + 1.0), right_share);
    mix(above, below, bottom_share)
}

/// Lays a colour, its channels already multiplied by its opacity, over another.
fn over([r, g, b, a]: [f32; 4], under: Color32) -> Color32 {
    let rest = 1.0 - a / 255.0;
    let mix = |upper: f32, lower: u8| (upper + f32::from(lower) * rest).round().clamp(0.0, 255.0) as u8;
    Color32::from_rgba_premultiplied(mix(r, under.r()), mix(g, under.g()), mix(b, under.b()), mix(a, under.a()))
}

#[cfg(test)]
mod tests {
    use egui::{Pos2, TextureId, pos2};

    use super::*;

    /// A square of two triangles that meet in the middles of pixels.
    fn square(colour: Color32) -> Mesh {
        let mut mesh = Mesh::with_texture(TextureId::default());
        mesh.add_colored_rect(Rect::from_min_max(pos2(1.0, 1.0), pos2(5.0, 5.0)), colour);
        mesh
    }

    #[test]
    fn two_triangles_that_meet_touch_every_pixel_once() {
        let white = ColorImage::filled([1, 1], Color32::WHITE);
        let mut image = ColorImage::filled([6, 6], Color32::BLACK);
        let colour = Color32::from_rgba_premultiplied(100, 0, 0, 128);
        let whole = Rect::from_min_max(Pos2::ZERO, pos2(6.0, 6.0));
        fill(&mut image, &square(colour), &white, (whole, 1.0));
        for (at, pixel) in image.pixels.iter().enumerate() {
            let inside = (1..5).contains(&(at % 6)) && (1..5).contains(&(at / 6));
            assert_eq!(pixel.r(), if inside { 100 } else { 0 }, "{} {}", at % 6, at / 6);
        }
    }

    #[test]
    fn nothing_is_drawn_outside_the_clip_rectangle() {
        let white = ColorImage::filled([1, 1], Color32::WHITE);
        let mut image = ColorImage::filled([6, 6], Color32::BLACK);
        let clip = Rect::from_min_max(pos2(0.0, 0.0), pos2(2.0, 2.0));
        fill(&mut image, &square(Color32::RED), &white, (clip, 1.0));
        assert_eq!(image.pixels.iter().filter(|pixel| **pixel == Color32::RED).count(), 1);
    }
}
