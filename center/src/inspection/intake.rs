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
use image::{ImageReader, Limits, RgbImage};
use lopdf::Document;

use super::report::Words;
use crate::raster::Raster;

pub mod apart;
pub mod views;

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
    /// Too few pixels to be a page.
    #[error("the picture is too small to be a page")]
    TooSmall,
    /// A PDF that asks for a password.
    #[error("the PDF is encrypted")]
    Encrypted,
    /// Not a PDF, PNG, JPEG or TIFF that can be drawn.
    #[error("the file is not a PDF, PNG, JPEG or TIFF that can be drawn")]
    Unsupported,
    /// Drawing it failed or took too long.
    #[error("the file cannot be drawn")]
    Failed,
}

impl IntakeError {
    /// A stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Read(_) => "not-readable",
            Self::TooLarge => "too-large",
            Self::TooSmall => "too-small",
            Self::Encrypted => "encrypted",
            Self::Unsupported => "unsupported",
            Self::Failed => "not-drawable",
        }
    }

    /// For people.
    pub const fn words(&self) -> Words {
        match self {
            Self::Read(_) => {
                Words { japanese: "ファイルを読み込めません。", english: "The file cannot be read." }
            }
            Self::TooLarge => Words {
                japanese: "ファイルまたは画像が大きすぎます。A4を600 dpiで読み取った大きさまで受け付けます。",
                english: "The file or its picture is too large. Up to A4 at 600 dpi is taken.",
            },
            Self::TooSmall => Words {
                japanese: "画像が小さすぎて、証明書の1ページとして読めません。150 dpi以上で読み取ってください。",
                english: "The picture is too small to be a page. Scan at 150 dpi or more.",
            },
            Self::Encrypted => Words {
                japanese: "パスワードで保護されたPDFです。保護を外すか、紙を読み取った画像を選んでください。",
                english: "The PDF is protected by a password. Remove it, or choose a scan of the paper.",
            },
            Self::Unsupported => Words {
                japanese: "PDF、PNG、JPEG、TIFFとして開けません。ファイルが壊れていないか確かめてください。",
                english: "This does not open as PDF, PNG, JPEG or TIFF. The file may be damaged.",
            },
            Self::Failed => Words {
                japanese: "ファイルを時間内に描画できませんでした。紙を読み取った画像で試してください。",
                english: "The file could not be drawn in time. Try a scan of the paper.",
            },
        }
    }
}

/// A page in its colours.
struct Colored(RgbImage);

impl Colored {
    fn grey(&self) -> Option<Raster> {
        let pixels = self.0.pixels().map(|pixel| luminance(pixel.0)).collect();
        Raster::new(self.0.width() as usize, self.0.height() as usize, pixels)
    }
}

/// The pages of a file on disk.
pub fn read(path: &Path) -> Result<Vec<Raster>, IntakeError> {
    pages(bytes(path)?)
}

/// A file on disk, and no more of it than is looked at.
pub fn bytes(path: &Path) -> Result<Vec<u8>, IntakeError> {
    let mut file = Vec::new();
    let limit = MAXIMUM_FILE_BYTES as u64 + 1;
    File::open(path).and_then(|opened| opened.take(limit).read_to_end(&mut file)).map_err(IntakeError::Read)?;
    Ok(file)
}

/// The pages of a file.
pub fn pages(file: Vec<u8>) -> Result<Vec<Raster>, IntakeError> {
    contained(move || {
        let pages = colored_pages(file)?;
        pages.iter().map(|page| page.grey().ok_or(IntakeError::Failed)).collect()
    })?
}

/// The pages of a file in colour. It may panic or never end: callers contain it.
fn colored_pages(file: Vec<u8>) -> Result<Vec<Colored>, IntakeError> {
    if file.len() > MAXIMUM_FILE_BYTES {
        return Err(IntakeError::TooLarge);
    }
    if is_pdf(&file) { draw_pdf(file, (DPI, 1), MAXIMUM_PAGES) } else { decode_picture(&file).map(|page| vec![page]) }
}

/// Whether a file says that it is a PDF, within its first kilobyte as readers allow.
fn is_pdf(file: &[u8]) -> bool {
    file.get(..1024.min(file.len())).is_some_and(|head| head.windows(5).any(|bytes| bytes == b"%PDF-"))
}

/// What a PDF is made of; `None` of any other file, and of a PDF too broken to say.
fn structure(file: &[u8]) -> Result<Option<Document>, IntakeError> {
    let document = if is_pdf(file) { Document::load_mem(file).ok() } else { None };
    match document {
        Some(document) if document.trailer.has(b"Encrypt") => Err(IntakeError::Encrypted),
        document => Ok(document),
    }
}

/// The first page of a PDF of our own.
pub(super) fn rasterise_first_page(pdf: &[u8], dpi: f32) -> Option<Raster> {
    let pdf = pdf.to_vec();
    let pages = contained(move || draw_pdf(pdf, (dpi, 1), 1)).ok()?.ok()?;
    pages.first()?.grey()
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

/// Draws a PDF at so many dots an inch, so many times finer first and then averaged.
fn draw_pdf(file: Vec<u8>, (dpi, fineness): (f32, u16), most: usize) -> Result<Vec<Colored>, IntakeError> {
    // The library's error says nothing that a reader could act on.
    let pdf = Pdf::new(file).ok().ok_or(IntakeError::Unsupported)?;
    let cache = RenderCache::new();
    // Hinting would move strokes off their places.
    let drawing = RenderSettings { hinting: false, ..RenderSettings::default() };
    let mut pages = Vec::new();
    for page in pdf.pages().iter().take(most) {
        let (width, height) = page.render_dimensions();
        let is_page = (1.0..MAXIMUM_POINTS).contains(&width) && (1.0..MAXIMUM_POINTS).contains(&height);
        let scale = dpi / 72.0 * f32::from(fineness);
        if !is_page || f64::from(width * scale) * f64::from(height * scale) > MAXIMUM_PIXELS as f64 {
            return Err(IntakeError::TooLarge);
        }
        let settings = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
        let pixmap = render(page, &cache, &InterpreterSettings::default(), &drawing, &settings);
        let colors: Vec<[u8; 3]> = pixmap.data().iter().map(|pixel| [pixel.r, pixel.g, pixel.b]).collect();
        pages.push(averaged(&colors, usize::from(pixmap.width()), usize::from(fineness)).ok_or(IntakeError::Failed)?);
    }
    Ok(pages)
}

/// Every `factor` × `factor` pixels as one: patterns as fine as the dots of a printer become the grey that a scanner sees.
fn averaged(colors: &[[u8; 3]], width: usize, factor: usize) -> Option<Colored> {
    let (across, down) = (width / factor, colors.len() / width.max(1) / factor);
    let count = (factor * factor) as u32;
    let mut pixels = Vec::with_capacity(across * down * 3);
    for rows in colors.chunks_exact(width * factor).take(down) {
        for x in 0..across {
            let square = rows.chunks_exact(width).flat_map(|row| row.iter().skip(x * factor).take(factor));
            let sums = square.fold([0_u32; 3], |[r, g, b], [red, green, blue]| {
                [r + u32::from(*red), g + u32::from(*green), b + u32::from(*blue)]
            });
            pixels.extend(sums.map(|sum| ((sum + count / 2) / count) as u8));
        }
    }
    RgbImage::from_raw(across as u32, down as u32, pixels).map(Colored)
}

/// Rec. 601, as `image` and scanners do it.
fn luminance([red, green, blue]: [u8; 3]) -> u8 {
    ((u32::from(red) * 299 + u32::from(green) * 587 + u32::from(blue) * 114 + 500) / 1000) as u8
}

fn decode_picture(file: &[u8]) -> Result<Colored, IntakeError> {
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
    Ok(Colored(reader.decode().ok().ok_or(IntakeError::Unsupported)?.into_rgb8()))
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
