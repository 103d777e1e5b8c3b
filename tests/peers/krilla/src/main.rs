//! `draw-with-krilla PAGES TARGET ROUNDS`: draws certificates with krilla and says how long that took.

use std::collections::BTreeMap;
use std::error::Error;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use krilla::Data;
use krilla::Document;
use krilla::color::cmyk;
use krilla::geom::{Path, PathBuilder, Point, Rect, Size, Transform};
use krilla::image::Image;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};
use rustix::time::{ClockId, clock_gettime};
use serde::Deserialize;

#[derive(Deserialize)]
struct Pages {
    millimetres: (f32, f32),
    faces: BTreeMap<String, Face>,
    ground: Ground,
    latent: Vec<Shape>,
    certificates: Vec<Certificate>,
}

#[derive(Deserialize)]
struct Face {
    file: String,
}

#[derive(Deserialize)]
struct Ground {
    png: String,
    millimetres: (f32, f32),
    places: Vec<(f32, f32)>,
}

#[derive(Deserialize)]
struct Certificate {
    front: Vec<Thing>,
    back: Vec<Thing>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Thing {
    Text {
        x: f32,
        baseline: f32,
        size: f32,
        face: String,
        text: String,
    },
    Area {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        tint: u8,
    },
    Picture {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        #[serde(deserialize_with = "decoded")]
        png: Vec<u8>,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Shape {
    Fill { color: [f32; 4], path: Vec<(String, Vec<f32>)> },
    Stroke { color: [f32; 4], width: f32, path: Vec<(String, Vec<f32>)> },
    Clip { path: Vec<(String, Vec<f32>)> },
}

/// What is constant: typefaces, the tile of the ground, the latent picture's paths.
struct Stock {
    size: Size,
    fonts: BTreeMap<String, Font>,
    tile: Image,
    tile_size: Size,
    places: Vec<(f32, f32)>,
    latent: Vec<Drawn>,
}

enum Drawn {
    Fill(Fill, Path),
    Stroke(Stroke, Path),
    Clip(Path),
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [source, target, rounds] = arguments.as_slice() else {
        return Err("usage: draw-with-krilla PAGES TARGET ROUNDS".into());
    };
    let pages: Pages = serde_json::from_slice(&std::fs::read(source)?)?;
    let stock = Stock::new(&pages)?;
    let (first, counted) = pages.certificates.split_first().ok_or("no certificates")?;
    let mut document = stock.draw(first)?;
    let mut times = Vec::new();
    for certificate in (0..rounds.parse::<usize>()?).flat_map(|_| counted) {
        let began = processor_time();
        document = stock.draw(certificate)?;
        times.push(processor_time().saturating_sub(began));
    }
    std::fs::write(target, &document)?;
    times.sort();
    let median = times.get(times.len() / 2).ok_or("nothing was drawn")?;
    let said = serde_json::json!({
        "version": format!("krilla {}", version().ok_or("no version")?),
        "median_ms": median.as_secs_f64() * 1e3,
        "bytes": document.len(),
        "peak_bytes": peak_bytes().ok_or("no memory")?,
    });
    println!("{said}");
    Ok(())
}

impl Stock {
    fn new(pages: &Pages) -> Result<Self, Box<dyn Error>> {
        let font = |(name, face): (&String, &Face)| {
            let data: Data = std::fs::read(&face.file)?.into();
            let font = Font::new(data, 0).ok_or("not a typeface")?;
            Ok::<_, Box<dyn Error>>((name.clone(), font))
        };
        let shape = |shape: &Shape| match shape {
            Shape::Fill { color, path } => Some(Drawn::Fill(fill(*color), outline(path)?)),
            Shape::Stroke { color, width, path } => Some(Drawn::Stroke(
                Stroke { paint: toner(*color).into(), width: *width, ..Stroke::default() },
                outline(path)?,
            )),
            Shape::Clip { path } => Some(Drawn::Clip(outline(path)?)),
        };
        Ok(Self {
            size: Size::from_wh(pages.millimetres.0, pages.millimetres.1).ok_or("no page")?,
            fonts: pages.faces.iter().map(font).collect::<Result<_, _>>()?,
            tile: Image::from_png(STANDARD.decode(&pages.ground.png)?.into(), false)?,
            tile_size: Size::from_wh(pages.ground.millimetres.0, pages.ground.millimetres.1).ok_or("no tile")?,
            places: pages.ground.places.clone(),
            latent: pages.latent.iter().map(shape).collect::<Option<_>>().ok_or("an empty shape")?,
        })
    }

    fn draw(&self, certificate: &Certificate) -> Result<Vec<u8>, Box<dyn Error>> {
        let mut document = Document::new();
        for (things, is_back) in [(&certificate.front, false), (&certificate.back, true)] {
            let (width, height) = (self.size.width() * POINTS_PER_MM, self.size.height() * POINTS_PER_MM);
            let mut page = document.start_page_with(PageSettings::from_wh(width, height).ok_or("no page")?);
            let mut surface = page.surface();
            surface.push_transform(&Transform::from_scale(POINTS_PER_MM, POINTS_PER_MM));
            for (x, y) in &self.places {
                place(&mut surface, self.tile.clone(), (*x, *y), self.tile_size);
            }
            if is_back {
                self.draw_latent(&mut surface);
            }
            for thing in things {
                self.draw_thing(&mut surface, thing)?;
            }
            surface.pop();
            surface.finish();
            page.finish();
        }
        document.finish().map_err(|error| format!("{error:?}").into())
    }

    fn draw_thing(&self, surface: &mut Surface<'_>, thing: &Thing) -> Result<(), Box<dyn Error>> {
        match thing {
            Thing::Text { x, baseline, size, face, text } => {
                let font = self.fonts.get(face).ok_or("an unknown face")?.clone();
                surface.set_fill(Some(fill([0.0, 0.0, 0.0, 1.0])));
                let start = Point::from_xy(*x, *baseline);
                surface.draw_text(start, font, size / POINTS_PER_MM, text, false, TextDirection::LeftToRight);
            }
            Thing::Area { x, y, width, height, tint } => {
                let mut path = PathBuilder::new();
                path.push_rect(Rect::from_xywh(*x, *y, *width, *height).ok_or("an empty area")?);
                surface.set_fill(Some(fill([0.0, 0.0, 0.0, f32::from(*tint) / 100.0])));
                surface.draw_path(&path.finish().ok_or("an empty area")?);
            }
            Thing::Picture { x, y, width, height, png } => {
                let size = Size::from_wh(*width, *height).ok_or("an empty picture")?;
                place(surface, Image::from_png(png.clone().into(), false)?, (*x, *y), size);
            }
        }
        Ok(())
    }

    fn draw_latent(&self, surface: &mut Surface<'_>) {
        let mut clips = 0;
        for drawn in &self.latent {
            match drawn {
                Drawn::Fill(fill, path) => {
                    surface.set_stroke(None);
                    surface.set_fill(Some(fill.clone()));
                    surface.draw_path(path);
                }
                Drawn::Stroke(stroke, path) => {
                    surface.set_fill(None);
                    surface.set_stroke(Some(stroke.clone()));
                    surface.draw_path(path);
                }
                Drawn::Clip(path) => {
                    surface.push_clip_path(path, &FillRule::NonZero);
                    clips += 1;
                }
            }
        }
        (0..clips).for_each(|_| surface.pop());
        surface.set_stroke(None);
    }
}

fn place(surface: &mut Surface<'_>, image: Image, (x, y): (f32, f32), size: Size) {
    surface.push_transform(&Transform::from_translate(x, y));
    surface.draw_image(image, size);
    surface.pop();
}

fn outline(steps: &[(String, Vec<f32>)]) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (name, points) in steps {
        match (name.as_str(), points.as_slice()) {
            ("m", [x, y]) => path.move_to(*x, *y),
            ("l", [x, y]) => path.line_to(*x, *y),
            ("c", [x1, y1, x2, y2, x, y]) => path.cubic_to(*x1, *y1, *x2, *y2, *x, *y),
            ("h", []) => path.close(),
            _ => return None,
        }
    }
    path.finish()
}

fn fill(color: [f32; 4]) -> Fill {
    Fill { paint: toner(color).into(), ..Fill::default() }
}

fn toner(color: [f32; 4]) -> cmyk::Color {
    let [cyan, magenta, yellow, black] = color.map(|part| (part * 255.0).round() as u8);
    cmyk::Color::new(cyan, magenta, yellow, black)
}

fn decoded<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Vec<u8>, D::Error> {
    STANDARD.decode(String::deserialize(value)?).map_err(serde::de::Error::custom)
}

/// krilla's version, by the lock file that it was built from.
fn version() -> Option<&'static str> {
    let (_, after) = include_str!("../Cargo.lock").split_once("name = \"krilla\"\nversion = \"")?;
    Some(after.split_once('"')?.0)
}

fn processor_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).unwrap_or_default()
}

/// The most memory that was held.
fn peak_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"))?;
    Some(kilobytes.parse::<u64>().ok()? * 1024)
}

const POINTS_PER_MM: f32 = 72.0 / 25.4;
