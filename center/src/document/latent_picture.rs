//! The latent picture, first form: a cherry blossom whose middle shows 証 to an infrared camera.
//!
//! Black toner absorbs infrared light; cyan, magenta and yellow do not. The blossom is printed without
//! black, the character in the same colours made of black. Each pair of colours is the same to the eye by the model of
//! [`super::color_profile`], where sixteen overprints mix by the areas they cover; a printer whose toner differs shows
//! a faint edge, which the veins hide. **Invariant**: `DeviceCMYK` to the printer; one step through RGB destroys it.

use std::f32::consts::TAU;
use std::fmt::Write as _;

use super::canvas::points;
use super::description::PAGE;
use super::outline::Outline;
use super::typeface::{Faces, Font};

/// A colour as parts of full toner: cyan, magenta, yellow, black.
type Toner = [f32; 4];

/// The blossom and its veins, in a pair of colours that look like another pair.
#[derive(Debug, Clone, Copy)]
struct Colors {
    petals: Toner,
    /// Lines that run over blossom and character alike and hide the edges between them.
    veins: Toner,
}

/// The blossom: no black, so that infrared light does not see it.
const OPEN: Colors = Colors { petals: [0.73, 0.83, 0.70, 0.0], veins: [0.73, 0.72, 0.63, 0.0] };
/// The character: the same to the eye, its grey made of black.
const HIDDEN: Colors = Colors { petals: [0.0, 0.40, 0.10, 0.66], veins: [0.0, 0.20, 0.05, 0.66] };

/// Middle of the blossom, millimetres from the left and upper edges.
const CENTER: (f32, f32) = (38.0, 254.0);
const RADIUS: f32 = 20.5;
/// Side of the character in millimetres.
const CHARACTER: f32 = 15.0;

/// The picture as a form in the coordinates of the page.
pub fn form(faces: &Faces<'_>) -> String {
    let mut content = String::new();
    blossom(&mut content, &OPEN);
    content.push_str("q ");
    character(&mut content, faces);
    blossom(&mut content, &HIDDEN);
    content.push_str("Q\n");
    content
}

fn blossom(content: &mut String, colors: &Colors) {
    write(content, format_args!("{} k\n", operands(colors.petals)));
    for petal in 0..5_u8 {
        petal_path(content, f32::from(petal) / 5.0 * TAU);
    }
    circle(content, RADIUS * 0.5);
    content.push_str("f\n");
    veins(content, colors.veins);
}

fn operands([cyan, magenta, yellow, black]: Toner) -> String {
    format!("{cyan} {magenta} {yellow} {black}")
}

/// A petal that grows upwards from the middle, turned by an angle; its tip is notched.
fn petal_path(content: &mut String, angle: f32) {
    let at = |x: f32, y: f32| place(rotate((x * RADIUS, y * RADIUS), angle));
    let curve = |content: &mut String, points: [(f32, f32); 3]| {
        for (x, y) in points {
            let (x, y) = at(x, y);
            write(content, format_args!("{x:.2} {y:.2} "));
        }
        content.push_str("c ");
    };
    let (x, y) = at(0.0, 0.1);
    write(content, format_args!("{x:.2} {y:.2} m "));
    curve(content, [(-0.3, 0.25), (-0.52, 0.62), (-0.2, 1.0)]);
    curve(content, [(-0.12, 0.97), (-0.05, 0.93), (0.0, 0.84)]);
    curve(content, [(0.05, 0.93), (0.12, 0.97), (0.2, 1.0)]);
    curve(content, [(0.52, 0.62), (0.3, 0.25), (0.0, 0.1)]);
    content.push_str("h f\n");
}

fn circle(content: &mut String, radius: f32) {
    const STEPS: u8 = 60;
    for step in 0..STEPS {
        let (x, y) = place(rotate((0.0, radius), f32::from(step) / f32::from(STEPS) * TAU));
        write(content, format_args!("{x:.2} {y:.2} {} ", if step == 0 { 'm' } else { 'l' }));
    }
    content.push_str("h ");
}

/// What is drawn from here on shows within the character only.
fn character(content: &mut String, faces: &Faces<'_>) {
    let outline = Outline::of(faces.face(Font::Labels), '証').unwrap_or_default();
    for ring in outline.rings() {
        for (index, (x, y)) in ring.iter().enumerate() {
            let (x, y) = place(((x - 0.5) * CHARACTER, (y - 0.38) * CHARACTER));
            write(content, format_args!("{x:.2} {y:.2} {} ", if index == 0 { 'm' } else { 'l' }));
        }
        content.push_str("h ");
    }
    content.push_str("W n\n");
}

/// Rings and rays across the whole blossom.
fn veins(content: &mut String, color: Toner) {
    write(content, format_args!("{} K 0.28 w\n", operands(color)));
    for ray in 0..75_u8 {
        let fifth = f32::from(ray % 15) / 15.0 - 0.5;
        let angle = (f32::from(ray / 15) + fifth * 0.66) / 5.0 * TAU;
        let length =
            RADIUS * (0.97 - 0.55 * (fifth.abs() * 2.0 - 0.25).max(0.0) - if fifth.abs() < 0.04 { 0.14 } else { 0.0 });
        let ((x0, y0), (x1, y1)) = (place(rotate((0.0, 1.2), angle)), place(rotate((0.0, length * 0.93), angle)));
        write(content, format_args!("{x0:.2} {y0:.2} m {x1:.2} {y1:.2} l S\n"));
    }
    for ring in 1..14_u8 {
        circle(content, f32::from(ring) * 0.74);
        content.push_str("S\n");
    }
}

fn rotate((x, y): (f32, f32), angle: f32) -> (f32, f32) {
    let (sine, cosine) = angle.sin_cos();
    (x * cosine - y * sine, x * sine + y * cosine)
}

/// Millimetres from the middle of the blossom, y upwards, as points on the page.
fn place((x, y): (f32, f32)) -> (f32, f32) {
    let scale = 72.0 / 25.4;
    ((CENTER.0 + x) * scale, points(i32::from(PAGE.1)) + (y - CENTER.1) * scale)
}

fn write(content: &mut String, part: std::fmt::Arguments<'_>) {
    // Writing to a `String` cannot fail.
    _ = content.write_fmt(part);
}

#[cfg(test)]
mod tests {
    use super::super::color_profile::lab;
    use super::*;

    #[test]
    fn both_colors_of_a_pair_look_alike_and_only_one_is_seen_in_infrared() {
        // Toner black reflects some 5 % of infrared light; the other toners let it pass to the paper and back.
        let infrared = |toner: Toner| 1.0 - 0.95 * toner[3];
        for (open, hidden) in [(OPEN.petals, HIDDEN.petals), (OPEN.veins, HIDDEN.veins)] {
            let squares = lab(open).into_iter().zip(lab(hidden)).map(|(one, other)| (one - other).powi(2));
            let difference = squares.sum::<f32>().sqrt();
            assert!(difference <= 1.0, "{difference} between {open:?} and {hidden:?}");
            let contrast = infrared(hidden) / infrared(open) - 1.0;
            assert!(contrast <= -0.6, "{contrast}");
            // As much toner as an office printer fuses.
            assert!(open.iter().sum::<f32>() <= 2.4 && hidden.iter().sum::<f32>() <= 2.4);
        }
        let texture = lab(OPEN.petals).into_iter().zip(lab(OPEN.veins)).map(|(one, other)| (one - other).powi(2));
        assert!(texture.sum::<f32>().sqrt() > 4.0, "the veins are not seen");
    }
}
