//! How a page looks to the eye, to an infrared camera, and on a copy.

use image::codecs::jpeg::JpegEncoder;
use image::imageops;
use image::{ExtendedColorType, RgbImage};
use lopdf::content::Content;
use lopdf::{Document, Object, ObjectId};
use serde::{Deserialize, Serialize};

use super::{Colored, DPI, MAXIMUM_PAGES, draw_pdf};
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

shared::hidden_debug!(PageView);

/// Pixels across a view: A4 at about 150 dpi.
const WIDTH: u32 = 1240;
/// Pixels across what a copier scans: A4 at 300 dpi.
const COPIER_WIDTH: u32 = 2480;
/// Quality of the files.
const QUALITY: u8 = 80;
/// A copier set to text makes black what is darker than this after sharpening, and white what is lighter.
const COPY_THRESHOLD: i16 = 128;

impl PageView {
    fn of(view: View, picture: &RgbImage) -> Option<Self> {
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, QUALITY)
            .encode(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::Rgb8)
            .ok()?;
        Some(Self { view, jpeg })
    }
}

/// The page to the eye.
pub(super) fn visible(page: &Colored) -> Option<PageView> {
    PageView::of(View::Visible, &fitted(&page.0))
}

/// The page on a copy: sharpened, black or white, and then as fine as it can be shown.
pub(super) fn copy(page: &Colored) -> Option<PageView> {
    let grey = imageops::grayscale(&no_wider_than(&page.0, COPIER_WIDTH));
    let soft = imageops::fast_blur(&grey, 1.5);
    let copied = RgbImage::from_fn(grey.width(), grey.height(), |x, y| {
        let [[sharp], [soft]] = [grey.get_pixel(x, y).0, soft.get_pixel(x, y).0].map(|pixel| pixel.map(i16::from));
        let level = if sharp * 2 - soft < COPY_THRESHOLD { 0 } else { u8::MAX };
        image::Rgb([level; 3])
    });
    PageView::of(View::Copy, &fitted(&copied))
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
pub(super) fn infrared(document: &mut Document) -> Vec<PageView> {
    let streams: Vec<ObjectId> = content_streams(document);
    for id in streams {
        keep_black(document, id);
    }
    let mut file = Vec::new();
    if document.save_to(&mut file).is_err() {
        return Vec::new();
    }
    let pages = draw_pdf(file, DPI / 2.0, MAXIMUM_PAGES).unwrap_or_default();
    pages.iter().filter_map(|page| PageView::of(View::Infrared, &fitted(&page.0))).collect()
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
    let pages = super::contained(move || draw_pdf(pdf, DPI, 1)).ok()?.ok()?;
    visible(pages.first()?).map(|view| view.jpeg)
}

/// Grey pixels as a JPEG file.
pub fn picture_of(page: &Raster) -> Option<Vec<u8>> {
    let colored = RgbImage::from_fn(page.width() as u32, page.height() as u32, |x, y| {
        image::Rgb([page.get(x as usize, y as usize); 3])
    });
    visible(&Colored(colored)).map(|view| view.jpeg)
}
