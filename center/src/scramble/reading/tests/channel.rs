//! A page printed and scanned, simply: a sheet of 600-dpi pixels, blur, turn, scale, noise, JPEG.

use image::codecs::jpeg::JpegEncoder;
use qrcode::{Color, EcLevel, QrCode};
use rand_core::{RngCore as _, SeedableRng as _};

use crate::document::bit_picture::BitPicture;
use crate::raster::Raster;
use crate::scramble::{MODULE_PIXELS, QR_MODULE_PIXELS, Sealed, picture};

/// Rows of A4 at 600 dpi.
const HEIGHT: usize = 7016;
const PICTURE_AT: (usize, usize) = (600, 700);
const QR_AT: (usize, usize) = (700, 5900);

/// A back: picture and QR, each with its place.
pub(super) struct Sheet {
    picture: BitPicture,
    qr: Option<BitPicture>,
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
    pub(super) fn of(sealed: &Sealed) -> Self {
        Self { picture: picture(sealed), qr: Some(qr(&sealed.qr_text)) }
    }

    pub(super) fn without_qr(self) -> Self {
        Self { qr: None, ..self }
    }

    pub(super) fn with_qr_of(self, other: &Sealed) -> Self {
        Self { qr: Some(qr(&other.qr_text)), ..self }
    }

    fn ink(&self, x: usize, y: usize) -> bool {
        let of = |picture: &BitPicture, at: (usize, usize), pixels: usize| {
            x >= at.0 && y >= at.1 && picture.get((x - at.0) / pixels, (y - at.1) / pixels)
        };
        of(&self.picture, PICTURE_AT, MODULE_PIXELS)
            || self.qr.as_ref().is_some_and(|qr| of(qr, QR_AT, QR_MODULE_PIXELS))
    }

    /// The sheet as a PDF of one page with two image masks on the 1/600-inch grid.
    pub(super) fn pdf(&self) -> Vec<u8> {
        let mut content = b"q 0.12 0 0 0.12 0 0 cm 0 g\n".to_vec();
        let qr = self.qr.as_ref().map(|qr| (qr, QR_AT, QR_MODULE_PIXELS));
        for (picture, (left, top), pixels) in [(&self.picture, PICTURE_AT, MODULE_PIXELS)].into_iter().chain(qr) {
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
        let objects: [Vec<u8>; 4] = [
            b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595.2 841.92]/Resources<<>>/Contents 4 0 R>>".to_vec(),
            [format!("<</Length {}>>stream\n", content.len()).as_bytes(), &content, b"endstream"].concat(),
        ];
        let mut pdf = b"%PDF-1.7\n".to_vec();
        let mut places = Vec::new();
        for (number, object) in objects.iter().enumerate() {
            places.push(pdf.len());
            pdf.extend(format!("{} 0 obj\n", number + 1).bytes());
            pdf.extend_from_slice(object);
            pdf.extend(b"\nendobj\n");
        }
        let table = pdf.len();
        pdf.extend(b"xref\n0 5\n0000000000 65535 f \n");
        for place in places {
            pdf.extend(format!("{place:010} 00000 n \n").bytes());
        }
        pdf.extend(format!("trailer<</Root 1 0 R/Size 5>>\nstartxref\n{table}\n%%EOF").bytes());
        pdf
    }
}

/// How many modules of a 600-dpi raster differ from the sheet's picture in their middle.
pub(super) fn modules_that_differ(sheet: &Sheet, raster: &Raster) -> usize {
    (0..sheet.picture.height())
        .flat_map(|y| (0..sheet.picture.width()).map(move |x| (x, y)))
        .filter(|&(x, y)| {
            let middle = (PICTURE_AT.0 + x * MODULE_PIXELS + 3, PICTURE_AT.1 + y * MODULE_PIXELS + 3);
            (raster.get(middle.0, middle.1) < 128) != sheet.picture.get(x, y)
        })
        .count()
}

/// How a sheet is scanned.
#[derive(Clone, Copy)]
pub(super) struct Scan {
    pub(super) dpi: f64,
    pub(super) degrees: f64,
    pub(super) scale: f64,
    /// Standard deviation in greys.
    pub(super) noise: f64,
}

impl Scan {
    pub(super) const FLATBED: Self = Self { dpi: 300.0, degrees: 0.4, scale: 1.0, noise: 6.0 };

    pub(super) fn of(self, sheet: &Sheet) -> Raster {
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
            let (a, b) = (u * cosine - v * sine + 2480.0, u * sine + v * cosine + 3508.0);
            let ink = a >= 0.0 && b >= 0.0 && sheet.ink(a as usize, b as usize);
            if ink { 40.0 } else { 238.0 }
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
pub(super) fn jpeg(raster: &Raster, quality: u8) -> Raster {
    let pixels: Vec<u8> = (0..raster.height()).flat_map(|y| raster.row(y).iter().copied()).collect();
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, quality)
        .encode(&pixels, raster.width() as u32, raster.height() as u32, image::ExtendedColorType::L8)
        .unwrap();
    image::load_from_memory(&file).unwrap().into_luma8().into()
}
