//! How a page looks to the eye, to an infrared camera, and on a copy.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops;
use image::{ExtendedColorType, ImageFormat, RgbImage};
use lopdf::content::Content;
use lopdf::{Document, Object, ObjectId};
use serde::{Deserialize, Serialize};

use super::{Colored, DPI, IntakeError, MAXIMUM_PAGES, colored_pages, contained, draw_pdf, structure};
use crate::raster::Raster;

/// Which way a page is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum View {
    /// As the eye sees it.
    Visible,
    /// As an infrared camera sees it: black toner absorbs, coloured toner does not.
    Infrared,
    /// As a copier set to text makes it.
    Copy,
}

/// A page seen in one way, as a JPEG file.
#[derive(Clone, PartialEq, Eq)]
pub struct PageView {
    /// Which way.
    pub view: View,
    /// The file.
    pub jpeg: Vec<u8>,
}

/// A page seen in one way, as pixels.
pub struct Look {
    /// Which way.
    pub view: View,
    picture: RgbImage,
}

shared::hidden_debug!(PageView, Look);

/// Pixels across a view: A4 at about 150 dpi.
const WIDTH: u32 = 1240;
/// Pixels across what a copier scans: A4 at 300 dpi.
const COPIER_WIDTH: u32 = 2480;
/// Blur of a copier's optics in pixels of its scan: 50 µm.
const COPIER_OPTICS: f32 = 0.6;
/// Quality of the files.
const QUALITY: u8 = 80;
/// A copier set to text makes black what is darker than this after sharpening, and white what is lighter.
const COPY_THRESHOLD: i16 = 128;

impl View {
    /// Its name in files and on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Visible => "visible",
            Self::Infrared => "infrared",
            Self::Copy => "copy",
        }
    }
}

impl Look {
    const fn new(view: View, picture: RgbImage) -> Self {
        Self { view, picture }
    }

    /// As a JPEG file; `None` if it cannot be encoded.
    pub(super) fn jpeg(&self) -> Option<PageView> {
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, QUALITY)
            .encode(self.picture.as_raw(), self.picture.width(), self.picture.height(), ExtendedColorType::Rgb8)
            .ok()?;
        Some(PageView { view: self.view, jpeg })
    }

    /// As a PNG file; `None` if it cannot be encoded.
    pub fn png(&self) -> Option<Vec<u8>> {
        let mut png = Cursor::new(Vec::new());
        self.picture.write_to(&mut png, ImageFormat::Png).ok()?;
        Some(png.into_inner())
    }
}

/// The pages of a file, each in every way in which it can be seen.
pub fn of_file(file: Vec<u8>) -> Result<Vec<Vec<Look>>, IntakeError> {
    contained(move || {
        let document = structure(&file)?;
        // A copy depends on dots finer than the pixels of a scan: where the dots are known, they are drawn first.
        let finely = document.as_ref().and_then(|_| draw_pdf(file.clone(), (DPI, 2), MAXIMUM_PAGES).ok());
        Ok(looks(&finely.map_or_else(|| colored_pages(file), Ok)?, document))
    })?
}

/// Drawn pages, each in every way in which it can be seen. `document` is the PDF that they were drawn from.
pub(super) fn looks(pages: &[Colored], document: Option<Document>) -> Vec<Vec<Look>> {
    let mut infrared = document.map(infrared).unwrap_or_default().into_iter();
    let of_page = |page| [Some(visible(page)), infrared.next(), Some(copy(page))].into_iter().flatten().collect();
    pages.iter().map(of_page).collect()
}

/// The page to the eye.
fn visible(page: &Colored) -> Look {
    Look::new(View::Visible, fitted(&page.0))
}

/// The page on a copy: seen through the optics, sharpened, black or white, and then as fine as it can be shown.
fn copy(page: &Colored) -> Look {
    let grey = imageops::blur(&imageops::grayscale(&no_wider_than(&page.0, COPIER_WIDTH)), COPIER_OPTICS);
    let soft = imageops::fast_blur(&grey, 1.5);
    let copied = RgbImage::from_fn(grey.width(), grey.height(), |x, y| {
        let [[sharp], [soft]] = [grey.get_pixel(x, y).0, soft.get_pixel(x, y).0].map(|pixel| pixel.map(i16::from));
        let level = if sharp * 2 - soft < COPY_THRESHOLD { 0 } else { u8::MAX };
        image::Rgb([level; 3])
    });
    Look::new(View::Copy, fitted(&copied))
}

fn fitted(picture: &RgbImage) -> RgbImage {
    no_wider_than(picture, WIDTH)
}

fn no_wider_than(picture: &RgbImage, width: u32) -> RgbImage {
    if picture.width() <= width {
        return picture.clone();
    }
    let height = (u64::from(picture.height()) * u64::from(width) / u64::from(picture.width())).max(1);
    imageops::thumbnail(picture, width, height as u32)
}

/// The pages of a PDF to an infrared camera: every colour's black alone; empty if the file cannot be rewritten.
///
/// A scan holds no black plate, so that this can be told from a PDF only.
fn infrared(mut document: Document) -> Vec<Look> {
    let streams: Vec<ObjectId> = content_streams(&document);
    for id in streams {
        keep_black(&mut document, id);
    }
    let mut file = Vec::new();
    if document.save_to(&mut file).is_err() {
        return Vec::new();
    }
    let pages = draw_pdf(file, (DPI / 2.0, 2), MAXIMUM_PAGES).unwrap_or_default();
    pages.iter().map(|page| Look::new(View::Infrared, fitted(&page.0))).collect()
}

/// Every stream that draws: the pages' contents, forms and patterns.
fn content_streams(document: &Document) -> Vec<ObjectId> {
    let mut found: Vec<ObjectId> = document
        .get_pages()
        .into_values()
        .take(MAXIMUM_PAGES)
        .flat_map(|page| document.get_page_contents(page))
        .collect();
    let draws = |object: &Object| {
        let Ok(stream) = object.as_stream() else { return false };
        let named =
            |key: &[u8], value: &[u8]| stream.dict.get(key).and_then(Object::as_name).is_ok_and(|is| is == value);
        named(b"Subtype", b"Form") || stream.dict.has(b"PatternType")
    };
    found.extend(document.objects.iter().filter(|(_, object)| draws(object)).map(|(id, _)| *id));
    found
}

/// Replaces every colour of a stream by its black.
fn keep_black(document: &mut Document, id: ObjectId) {
    let Some(Object::Stream(stream)) = document.objects.get_mut(&id) else { return };
    let plain = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
    let Ok(mut content) = Content::decode(&plain) else { return };
    for operation in &mut content.operations {
        let strokes = operation.operator.chars().all(|letter| letter.is_ascii_uppercase());
        let numbers: Vec<f32> = operation.operands.iter().filter_map(|operand| operand.as_float().ok()).collect();
        let black = match (operation.operator.as_str(), numbers.as_slice()) {
            ("k" | "K" | "sc" | "SC" | "scn" | "SCN", [_, _, _, black]) => *black,
            // A printer makes grey of black toner, and as much of a colour as all three channels lack.
            ("g" | "G", [grey]) => 1.0 - grey,
            ("rg" | "RG", [red, green, blue]) => 1.0 - red.max(*green).max(*blue),
            _ => continue,
        };
        if !operation.operator.to_ascii_lowercase().starts_with('s') {
            if strokes { "K" } else { "k" }.clone_into(&mut operation.operator);
        }
        operation.operands = [0.0, 0.0, 0.0, black].map(Object::Real).to_vec();
    }
    if let Ok(encoded) = content.encode() {
        stream.dict.remove(b"Filter");
        stream.dict.remove(b"DecodeParms");
        stream.set_content(encoded);
    }
}

/// The first page of a PDF of our own as a JPEG file.
pub fn picture_of_first_page(pdf: &[u8]) -> Option<Vec<u8>> {
    let pdf = pdf.to_vec();
    let pages = contained(move || draw_pdf(pdf, (DPI, 1), 1)).ok()?.ok()?;
    visible(pages.first()?).jpeg().map(|view| view.jpeg)
}

/// Grey pixels as a JPEG file.
pub fn picture_of(page: &Raster) -> Option<Vec<u8>> {
    let colored = RgbImage::from_fn(page.width() as u32, page.height() as u32, |x, y| {
        image::Rgb([page.get(x as usize, y as usize); 3])
    });
    visible(&Colored(colored)).jpeg().map(|view| view.jpeg)
}
