//! What both pages of some certificates show, as data: the file from which every peer draws.

use std::collections::BTreeMap;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use center::document::back::{self, Laid};
use center::document::bit_picture::BitPicture;
use center::document::description::{Area, Code, DOTS_PER_INCH, Item, PAGE, TextRun};
use center::document::typeface::{Faces, Font, TypefaceFiles, Typefaces};
use center::document::{ground_pattern, latent_picture, symbol};
use serde::Serialize;
use shared::domain::calibration::Calibration;
use shared::domain::certificate::Form;

use super::DOCUMENTS;
use crate::sample::Works;

/// Some certificates of one form. Lengths are millimetres from the left and upper edges, sizes of letters points.
#[derive(Serialize)]
pub struct Pages {
    millimetres: (f64, f64),
    faces: BTreeMap<&'static str, Face>,
    ground: Ground,
    latent: Vec<Shape>,
    certificates: Vec<Certificate>,
}

shared::hidden_debug!(Pages);

/// A typeface.
#[derive(Serialize)]
struct Face {
    file: PathBuf,
    family: &'static str,
}

/// The picture that is repeated under both pages, and where its upper left corner comes to stand.
#[derive(Serialize)]
struct Ground {
    png: String,
    millimetres: (f64, f64),
    places: Vec<(f64, f64)>,
}

/// Both sides of a certificate, what is lowest first.
#[derive(Serialize)]
struct Certificate {
    front: Vec<Thing>,
    back: Vec<Thing>,
    /// What the codes of the front say; for the check, not for drawing.
    front_codes: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Thing {
    /// A run of black letters, all in one face.
    Text { x: f64, baseline: f64, size: f64, face: &'static str, text: String },
    /// A filled rectangle, in per cent of black.
    Area { x: f64, y: f64, width: f64, height: f64, tint: u8 },
    /// A picture of one bit a module, as a PNG file in base 64.
    Picture { x: f64, y: f64, width: f64, height: f64, png: String },
}

/// A part of the latent picture; colours are cyan, magenta, yellow, black from 0 to 1.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Shape {
    Fill {
        color: Vec<f64>,
        path: Vec<Step>,
    },
    Stroke {
        color: Vec<f64>,
        width: f64,
        path: Vec<Step>,
    },
    /// What follows shows within the path alone.
    Clip {
        path: Vec<Step>,
    },
}

/// An operator of a path (`m`, `l`, `c` or `h` as in ISO 32000-1 §8.5.2) and its points.
#[derive(Serialize)]
struct Step(&'static str, Vec<f64>);

/// The first certificates of a form.
#[track_caller]
pub fn pages(works: &Works, form: Form) -> Pages {
    let files = TypefaceFiles::default();
    let typefaces = Typefaces::read(&files).expect("the typefaces: run `make setup`");
    let faces = typefaces.faces().expect("the typefaces");
    let named = [
        (Font::Names, files.names, "IPAmjMincho"),
        (Font::Text, files.text, "IPAexMincho"),
        (Font::Labels, files.labels, "BIZ UDPGothic"),
    ];
    let named = named.map(|(font, file, family)| (name(font), Face { file, family }));
    Pages {
        millimetres: (mm(PAGE.0), mm(PAGE.1)),
        faces: named.into(),
        ground: Ground::new(&faces),
        latent: shapes(&latent_picture::form(&faces)),
        certificates: Works::numbers(form).take(DOCUMENTS).map(|number| certificate(works, number, &faces)).collect(),
    }
}

impl Pages {
    /// As a file.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("numbers and texts")
    }

    /// The texts on the front of the last certificate, run by run.
    pub fn front_texts(&self) -> Vec<&String> {
        let things = self.certificates.last().into_iter().flat_map(|certificate| &certificate.front);
        things.filter_map(|thing| if let Thing::Text { text, .. } = thing { Some(text) } else { None }).collect()
    }

    /// What the codes on the front of the last certificate say.
    pub fn front_codes(&self) -> &[String] {
        self.certificates.last().map_or(&[], |certificate| &certificate.front_codes)
    }
}

impl Ground {
    fn new(faces: &Faces<'_>) -> Self {
        let tile = ground_pattern::tile(faces, Calibration::default());
        let (page, size) = ((usize::from(PAGE.0), usize::from(PAGE.1)), (tile.width(), tile.height()));
        // From the lower left corner on; the uppermost and rightmost reach beyond the page.
        let place =
            |row: usize, column: usize| (mm((column * size.0) as f64), mm(page.1 as f64 - ((row + 1) * size.1) as f64));
        let rows = 0..page.1.div_ceil(size.1);
        let places = rows.flat_map(|row| (0..page.0.div_ceil(size.0)).map(move |column| place(row, column)));
        Self { png: png(&tile), millimetres: (mm(size.0 as f64), mm(size.1 as f64)), places: places.collect() }
    }
}

fn certificate(works: &Works, number: u64, faces: &Faces<'_>) -> Certificate {
    let drawn = works.drawn(number);
    let things = |items: &[Item]| items.iter().flat_map(|item| of_item(item, faces)).collect::<Vec<Thing>>();
    let mut back = things(&back::items(drawn.certificate.as_str(), faces).expect("a back"));
    back.extend(back::laid(drawn.artwork).expect("a back").into_iter().map(|part| match part {
        Laid::Cover(area) => of_area(area),
        Laid::Picture { modules, corner, module } => of_picture(&modules, corner, module),
    }));
    let front_codes = drawn.description.codes().map(|code| code.text.clone()).collect();
    Certificate { front: things(drawn.description.items()), back, front_codes }
}

fn of_item(item: &Item, faces: &Faces<'_>) -> Vec<Thing> {
    match item {
        Item::Text(run) => of_text(run, faces),
        Item::Area(area) => vec![of_area(*area)],
        Item::Code(Code { x, y, module, level, text }) => {
            vec![of_picture(&symbol::draw(text, *level).expect("a symbol"), (*x, *y), *module)]
        }
    }
}

/// A text in parts of one face each: no peer falls back as we do.
fn of_text(run: &TextRun, faces: &Faces<'_>) -> Vec<Thing> {
    let size = f64::from(run.size) / 100.0;
    let mut x = mm(run.x);
    let glyphs = faces.shape(&run.text, run.font).expect("a text that was reviewed");
    let parts = glyphs.chunk_by(|one, other| one.font == other.font).filter_map(|part| {
        let face = name(part.first()?.font);
        let thousandths: f64 = part.iter().map(|glyph| f64::from(glyph.advance)).sum();
        let text = part.iter().map(|glyph| glyph.text).collect();
        let thing = Thing::Text { x, baseline: mm(run.baseline), size, face, text };
        x += thousandths / 1000.0 * size * MM_PER_POINT;
        Some(thing)
    });
    parts.collect()
}

fn of_area(Area { x, y, width, height, tint }: Area) -> Thing {
    Thing::Area { x: mm(x), y: mm(y), width: mm(width), height: mm(height), tint }
}

fn of_picture(modules: &BitPicture, corner: (u16, u16), module: u8) -> Thing {
    let side = |count: usize| mm(count as f64 * f64::from(module));
    let (width, height) = (side(modules.width()), side(modules.height()));
    Thing::Picture { x: mm(corner.0), y: mm(corner.1), width, height, png: png(modules) }
}

/// A picture as a PNG file of one bit a pixel, in base 64.
fn png(picture: &BitPicture) -> String {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, picture.width() as u32, picture.height() as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header().expect("a picture in memory");
    // Ink is a one here and black a zero there.
    let greys: Vec<u8> = picture.bytes().iter().map(|ink| !ink).collect();
    writer.write_image_data(&greys).expect("a picture in memory");
    writer.finish().expect("a picture in memory");
    STANDARD.encode(file)
}

/// The shapes that operators of a content stream draw; their places are points from the lower left corner.
fn shapes(operators: &str) -> Vec<Shape> {
    let page_height = mm(PAGE.1);
    let (mut numbers, mut path, mut shapes) = (Vec::new(), Vec::new(), Vec::new());
    let (mut fill, mut stroke, mut width) = (Vec::new(), Vec::new(), 0.0);
    for word in operators.split_whitespace() {
        if let Ok(number) = word.parse::<f64>() {
            numbers.push(number);
            continue;
        }
        let operands = std::mem::take(&mut numbers);
        match word {
            "k" => fill = operands,
            "K" => stroke = operands,
            "w" => width = operands.first().map_or(0.0, |points| points * MM_PER_POINT),
            "f" => shapes.push(Shape::Fill { color: fill.clone(), path: std::mem::take(&mut path) }),
            "S" => shapes.push(Shape::Stroke { color: stroke.clone(), width, path: std::mem::take(&mut path) }),
            "W" => shapes.push(Shape::Clip { path: std::mem::take(&mut path) }),
            // The clip ends with the picture; nothing is drawn after it.
            "q" | "Q" | "n" => {}
            _ => {
                let step = ["m", "l", "c", "h"].into_iter().find(|step| *step == word);
                let step = step.expect("the latent picture has no other operators");
                let points = operands.as_chunks::<2>().0.iter();
                let points = points.flat_map(|[x, y]| [x * MM_PER_POINT, page_height - y * MM_PER_POINT]);
                path.push(Step(step, points.collect()));
            }
        }
    }
    shapes
}

const fn name(font: Font) -> &'static str {
    match font {
        Font::Names => "names",
        Font::Text => "text",
        Font::Labels => "labels",
    }
}

/// Dots as millimetres.
fn mm(dots: impl Into<f64>) -> f64 {
    dots.into() * 25.4 / f64::from(DOTS_PER_INCH)
}

const MM_PER_POINT: f64 = 25.4 / 72.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_become_shapes_from_the_upper_left_corner() {
        let shapes = shapes("0 .1 0 .5 k 0 0 m 72 72 l h f\nq 0 0 m h W n 1 0 0 0 K 7.2 w 72 0 m 0 0 1 1 2 2 c S Q");
        let said = serde_json::to_value(shapes).expect("numbers");
        assert_eq!(said[0]["fill"]["color"], serde_json::json!([0.0, 0.1, 0.0, 0.5]));
        let line = &said[0]["fill"]["path"][1];
        assert_eq!(line[0], "l");
        let points: Vec<f64> = serde_json::from_value(line[1].clone()).expect("a point");
        assert!((points[0] - 25.4).abs() < 1e-9 && (points[1] - (mm(PAGE.1) - 25.4)).abs() < 1e-9, "{points:?}");
        assert!(said[1].get("clip").is_some());
        assert!((said[2]["stroke"]["width"].as_f64().expect("a width") - 2.54).abs() < 1e-9);
        assert_eq!(said[2]["stroke"]["path"].as_array().map(Vec::len), Some(2));
    }

    #[test]
    fn a_picture_s_ink_is_black_in_its_file() {
        let mut picture = BitPicture::new(10, 2);
        picture.set(9, 1, true);
        let file = STANDARD.decode(png(&picture)).expect("base 64");
        let read = crate::paper_channel::Picture::decode(&file);
        assert_eq!((read.width, read.height), (10, 2));
        assert_eq!((read.get(9, 1), read.get(8, 1), read.get(9, 0)), (0, 255, 255));
    }
}
