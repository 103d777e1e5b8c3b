//! For tests: a page printed and scanned, simply: a sheet of 600-dpi pixels, blur, turn, scale, noise, JPEG.

use std::process::Command;

use image::codecs::jpeg::JpegEncoder;
use pdf_writer::{Finish as _, Name, Pdf, Rect, Ref};
use qrcode::{Color, EcLevel, QrCode};
use rand_core::{RngCore as _, SeedableRng as _};

use crate::document::bit_picture::BitPicture;
use crate::raster::Raster;
use crate::scramble::originality::Strip;
use crate::scramble::{MODULE_PIXELS, QR_MODULE_PIXELS, Sealed, picture};

/// Rows of A4 at 600 dpi.
const HEIGHT: usize = 7016;
const PICTURE_AT: (usize, usize) = (600, 700);
const QR_AT: (usize, usize) = (700, 5900);

/// A back: picture, QR and originality patch, each with its place.
pub(crate) struct Sheet {
    picture: BitPicture,
    qr: Option<BitPicture>,
    strips: Vec<Strip>,
}

fn qr(text: &str) -> BitPicture {
    let code = QrCode::with_error_correction_level(text, EcLevel::Q).unwrap();
    let width = code.width();
    let mut picture = BitPicture::new(width, width);
    for (index, color) in code.to_colors().into_iter().enumerate() {
        picture.set(index % width, index / width, color == Color::Dark);
    }
    picture
}

impl Sheet {
    pub(crate) fn of(sealed: &Sealed) -> Self {
        Self { picture: picture(sealed), qr: Some(qr(&sealed.qr_text)), strips: Vec::new() }
    }

    pub(crate) fn without_qr(self) -> Self {
        Self { qr: None, ..self }
    }

    pub(crate) fn with_qr_of(self, other: &Sealed) -> Self {
        Self { qr: Some(qr(&other.qr_text)), ..self }
    }

    pub(crate) fn with_strips(self, strips: impl Into<Vec<Strip>>) -> Self {
        Self { strips: strips.into(), ..self }
    }

    /// What stands on it, where, and how many pixels a module has.
    fn parts(&self) -> impl Iterator<Item = (&BitPicture, (usize, usize), usize)> {
        let strips = self.strips.iter().map(|Strip { modules, module, corner }| {
            (modules, (PICTURE_AT.0 + corner.0, PICTURE_AT.1 + corner.1), *module)
        });
        let qr = self.qr.as_ref().map(|qr| (qr, QR_AT, QR_MODULE_PIXELS));
        [(&self.picture, PICTURE_AT, MODULE_PIXELS)].into_iter().chain(qr).chain(strips)
    }

    fn ink(&self, x: usize, y: usize) -> bool {
        self.parts().any(|(picture, at, pixels)| {
            x >= at.0 && y >= at.1 && picture.get((x - at.0) / pixels, (y - at.1) / pixels)
        })
    }

    /// The sheet as a PDF of one page with image masks on the 1/600-inch grid.
    pub(crate) fn pdf(&self) -> Vec<u8> {
        let mut content = b"q 0.12 0 0 0.12 0 0 cm 0 g\n".to_vec();
        for (picture, (left, top), pixels) in self.parts() {
            let (width, height) = (picture.width() * pixels, picture.height() * pixels);
            let bottom = HEIGHT - top - height;
            content.extend(
                format!(
                    "q {width} 0 0 {height} {left} {bottom} cm BI /W {} /H {} /IM true /BPC 1 /D [1 0] ID ",
                    picture.width(),
                    picture.height()
                )
                .bytes(),
            );
            content.extend_from_slice(picture.bytes());
            content.extend(b"\nEI Q\n");
        }
        content.extend(b"Q\n");
        page_pdf(&content, None)
    }
}

/// A PDF of one A4 page with the given content, and perhaps a standard typeface that it calls `F`.
pub(crate) fn page_pdf(content: &[u8], typeface: Option<Name<'_>>) -> Vec<u8> {
    let [catalog, pages, page, stream, font] = [1, 2, 3, 4, 5].map(Ref::new);
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(pages);
    pdf.pages(pages).count(1).kids([page]);
    let mut object = pdf.page(page);
    object.parent(pages).media_box(Rect::new(0.0, 0.0, 595.2, 841.92)).contents(stream);
    let mut resources = object.resources();
    if typeface.is_some() {
        resources.fonts().pair(Name(b"F"), font);
    }
    resources.finish();
    object.finish();
    if let Some(name) = typeface {
        pdf.type1_font(font).base_font(name);
    }
    pdf.stream(stream, content);
    pdf.finish()
}

/// How many modules of a 600-dpi raster differ from the sheet's picture in their middle.
pub(crate) fn modules_that_differ(sheet: &Sheet, raster: &Raster) -> usize {
    (0..sheet.picture.height())
        .flat_map(|y| (0..sheet.picture.width()).map(move |x| (x, y)))
        .filter(|&(x, y)| {
            let middle = (PICTURE_AT.0 + x * MODULE_PIXELS + 3, PICTURE_AT.1 + y * MODULE_PIXELS + 3);
            (raster.get(middle.0, middle.1) < 128) != sheet.picture.get(x, y)
        })
        .count()
}

/// How a sheet is scanned.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scan {
    pub(crate) dpi: f64,
    pub(crate) degrees: f64,
    pub(crate) scale: f64,
    /// Standard deviation in greys.
    pub(crate) noise: f64,
}

impl Scan {
    pub(crate) const FLATBED: Self = Self { dpi: 300.0, degrees: 0.4, scale: 1.0, noise: 6.0 };

    /// Scans a sheet.
    pub(crate) fn of(self, sheet: &Sheet) -> Raster {
        self.of_page(|x, y| {
            let ink = x >= 0.0 && y >= 0.0 && sheet.ink(x as usize, y as usize);
            if ink { 40.0 } else { 238.0 }
        })
    }

    /// Scans a page given as a raster at 600 dpi.
    pub(crate) fn of_raster(self, page: &Raster) -> Raster {
        self.of_page(|x, y| {
            let grey = if x >= 0.0 && y >= 0.0 { page.get(x as usize, y as usize) } else { u8::MAX };
            40.0 + f64::from(grey) / 255.0 * 198.0
        })
    }

    fn of_page(self, light_at: impl Fn(f64, f64) -> f64) -> Raster {
        let (width, height) = ((8.27 * self.dpi) as usize, (11.69 * self.dpi) as usize);
        let (sine, cosine) = self.degrees.to_radians().sin_cos();
        let pixel = 600.0 / self.dpi / self.scale;
        let (center_x, center_y) = (width as f64 / 2.0, height as f64 / 2.0);
        let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(11);
        // Four samples over an aperture a little wider than the pixel.
        let aperture = [(-0.35, -0.35), (0.35, -0.35), (-0.35, 0.35), (0.35, 0.35)];
        let light = |x: usize, y: usize, (across, down): (f64, f64)| {
            let u = (x as f64 - center_x + 0.5 + across) * pixel;
            let v = (y as f64 - center_y + 0.5 + down) * pixel;
            light_at(u * cosine - v * sine + 2480.0, u * sine + v * cosine + 3508.0)
        };
        Raster::from_pixels(width, height, |x, y| {
            let light = aperture.iter().map(|&aside| light(x, y, aside)).sum::<f64>() / 4.0;
            // The sum of four uniform numbers is near enough to a normal one; its deviation is 1/sqrt(3).
            let uniform = random.next_u64();
            let sum: f64 = (0..4).map(|part| f64::from((uniform >> (part * 16)) as u16) / 65_536.0 - 0.5).sum();
            (light + sum * 3.0_f64.sqrt() * self.noise).clamp(0.0, 255.0) as u8
        })
    }
}

/// Through a JPEG file and back.
pub(crate) fn jpeg(raster: &Raster, quality: u8) -> Raster {
    let pixels: Vec<u8> = (0..raster.height()).flat_map(|y| raster.row(y).iter().copied()).collect();
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, quality)
        .encode(&pixels, raster.width() as u32, raster.height() as u32, image::ExtendedColorType::L8)
        .unwrap();
    image::load_from_memory(&file).unwrap().into_luma8().into()
}

/// Poppler's raster of a file's first page, which knows nothing of ours.
pub(crate) fn poppler(pdf: &[u8], dpi: u32) -> Raster {
    poppler_pages(pdf, dpi).remove(0)
}

/// Poppler's rasters of a file's pages.
pub(crate) fn poppler_pages(pdf: &[u8], dpi: u32) -> Vec<Raster> {
    let folder = tempfile::tempdir().unwrap();
    let (file, page) = (folder.path().join("page.pdf"), folder.path().join("page"));
    std::fs::write(&file, pdf).unwrap();
    let status = Command::new("pdftoppm")
        .args(["-r", &dpi.to_string(), "-gray", "-png"])
        .args([&file, &page])
        .status()
        .expect("this test needs pdftoppm (Debian package poppler-utils)");
    assert!(status.success());
    let mut pages: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| *path != file)
        .collect();
    pages.sort();
    pages.iter().map(|page| image::open(page).unwrap().into_luma8().into()).collect()
}
