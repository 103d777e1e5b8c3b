//! Files from outside to pages of grey pixels: PDF, PNG, JPEG, TIFF, each within limits.

use std::fs::File;
use std::io::{Cursor, Read as _};
use std::path::Path;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use image::{ImageReader, Limits};

use crate::raster::Raster;

/// The largest file that is looked at.
pub const MAXIMUM_FILE_BYTES: usize = 64 << 20;
/// Pages taken from one PDF.
pub const MAXIMUM_PAGES: usize = 4;
/// Pixels along a side: A4 at 1200 dpi.
const MAXIMUM_SIDE: u32 = 14_100;
/// Pixels of a page: A4 at 600 dpi and a margin.
const MAXIMUM_PIXELS: u64 = 45_000_000;
/// Points along a side of a PDF's page: twice A3.
const MAXIMUM_POINTS: f32 = 2400.0;
/// Resolution at which pages of a PDF are drawn.
const DPI: f32 = 300.0;
/// Time after which drawing a PDF is given up.
const PATIENCE: Duration = Duration::from_mins(1);
/// Deep nesting in a file must not end the process.
const STACK_BYTES: usize = 256 << 20;

/// Why a file has no pages.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// It cannot be read at all.
    #[error("the file cannot be read")]
    Read(#[source] std::io::Error),
    /// Larger than anything a page needs.
    #[error("the file or its picture is too large")]
    TooLarge,
    /// Not a PDF, PNG, JPEG or TIFF that can be drawn.
    #[error("the file is not a PDF, PNG, JPEG or TIFF that can be drawn")]
    Unsupported,
    /// Drawing it failed or took too long.
    #[error("the file cannot be drawn")]
    Failed,
}

/// The pages of a file on disk.
pub fn read(path: &Path) -> Result<Vec<Raster>, IntakeError> {
    let mut file = Vec::new();
    let limit = MAXIMUM_FILE_BYTES as u64 + 1;
    File::open(path).and_then(|opened| opened.take(limit).read_to_end(&mut file)).map_err(IntakeError::Read)?;
    pages(file)
}

/// The pages of a file.
pub fn pages(file: Vec<u8>) -> Result<Vec<Raster>, IntakeError> {
    if file.len() > MAXIMUM_FILE_BYTES {
        return Err(IntakeError::TooLarge);
    }
    let is_pdf = file.get(..1024.min(file.len())).is_some_and(|head| head.windows(5).any(|bytes| bytes == b"%PDF-"));
    contained(
        move || if is_pdf { draw_pdf(file, DPI, MAXIMUM_PAGES) } else { decode_picture(&file).map(|page| vec![page]) },
    )?
}

/// The first page of a PDF of our own.
pub(super) fn rasterise_first_page(pdf: &[u8], dpi: f32) -> Option<Raster> {
    let pdf = pdf.to_vec();
    contained(move || draw_pdf(pdf, dpi, 1)).ok()?.ok()?.into_iter().next()
}

/// Runs foreign code on a hostile file on a thread of its own, so that its panic or its endless loop is an error.
fn contained<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, IntakeError> {
    let (sender, receiver) = sync_channel(1);
    let run = move || {
        // Nobody waits any more if it took too long.
        drop(sender.send(work()));
    };
    // A panic drops the sender, and the receiver sees the end.
    std::thread::Builder::new()
        .name("intake".to_owned())
        .stack_size(STACK_BYTES)
        .spawn(run)
        .map_err(|_no_thread| IntakeError::Failed)?;
    receiver.recv_timeout(PATIENCE).map_err(|_panicked_or_late| IntakeError::Failed)
}

fn draw_pdf(file: Vec<u8>, dpi: f32, most: usize) -> Result<Vec<Raster>, IntakeError> {
    // The library's error says nothing that a reader could act on.
    let pdf = Pdf::new(file).ok().ok_or(IntakeError::Unsupported)?;
    let cache = RenderCache::new();
    let scale = dpi / 72.0;
    // Hinting would move strokes off their places.
    let drawing = RenderSettings { hinting: false, ..RenderSettings::default() };
    let mut pages = Vec::new();
    for page in pdf.pages().iter().take(most) {
        let (width, height) = page.render_dimensions();
        if !(1.0..MAXIMUM_POINTS).contains(&width) || !(1.0..MAXIMUM_POINTS).contains(&height) {
            return Err(IntakeError::TooLarge);
        }
        let settings = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
        let pixmap = render(page, &cache, &InterpreterSettings::default(), &drawing, &settings);
        let grey = pixmap.data().iter().map(|pixel| luminance(pixel.r, pixel.g, pixel.b)).collect();
        let page = Raster::new(usize::from(pixmap.width()), usize::from(pixmap.height()), grey);
        pages.push(page.ok_or(IntakeError::Failed)?);
    }
    Ok(pages)
}

/// Rec. 601, as `image` and scanners do it.
fn luminance(red: u8, green: u8, blue: u8) -> u8 {
    ((u32::from(red) * 299 + u32::from(green) * 587 + u32::from(blue) * 114 + 500) / 1000) as u8
}

fn decode_picture(file: &[u8]) -> Result<Raster, IntakeError> {
    let open = || ImageReader::new(Cursor::new(file)).with_guessed_format().ok().ok_or(IntakeError::Unsupported);
    let (width, height) = open()?.into_dimensions().ok().ok_or(IntakeError::Unsupported)?;
    if u64::from(width) * u64::from(height) > MAXIMUM_PIXELS {
        return Err(IntakeError::TooLarge);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAXIMUM_SIDE);
    limits.max_image_height = Some(MAXIMUM_SIDE);
    limits.max_alloc = Some(512 << 20);
    let mut reader = open()?;
    reader.limits(limits);
    Ok(reader.decode().ok().ok_or(IntakeError::Unsupported)?.into_luma8().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_page_is_an_error_and_never_a_panic() {
        for file in [b"".to_vec(), b"%PDF-1.7".to_vec(), b"\x89PNG\r\n\x1a\n".to_vec(), vec![0xFF, 0xD8, 0xFF]] {
            assert!(matches!(pages(file), Err(IntakeError::Unsupported)));
        }
        assert!(matches!(pages(vec![0; MAXIMUM_FILE_BYTES + 1]), Err(IntakeError::TooLarge)));
    }

    #[test]
    fn a_panic_in_foreign_code_is_an_error() {
        assert!(matches!(contained(|| -> () { panic!("foreign") }), Err(IntakeError::Failed)));
    }

    #[test]
    fn a_picture_that_claims_to_be_huge_is_refused() {
        let mut file = Vec::new();
        image::GrayImage::new(9000, 6000).write_to(&mut Cursor::new(&mut file), image::ImageFormat::Png).unwrap();
        assert!(file.len() < 1 << 20);
        assert!(matches!(pages(file), Err(IntakeError::TooLarge)));
    }
}
