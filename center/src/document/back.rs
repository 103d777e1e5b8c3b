//! The back: what it is for, the scramble picture with its QR, the latent picture.

use shared::domain::identifiers::CertificateId;

use super::bit_picture::BitPicture;
use super::canvas::{Canvas, DrawError};
use super::description::{Area, Item};
use super::sheet::{Align, LayoutError, Place, Sheet, Style, dots};
use super::stock::Stock;
use super::symbol::{self, Level, QUIET_MODULES};
use super::typeface::{Faces, Font};
use crate::scramble::originality::{self, Strip};
use crate::scramble::{self, ScrambleKeys, Sealed};
use crate::scramble::{MODULE_PIXELS, PICTURE_MODULES, QR_MODULE_PIXELS, QUIET_MODULES as FIELD_QUIET};

/// What the back is drawn from, besides its fixed texts.
pub struct BackArtwork {
    /// The scramble picture, one bit a module.
    pub field: BitPicture,
    /// The text of the QR beside it.
    pub qr_text: String,
    /// The originality patch below it.
    pub strips: Vec<Strip>,
}

/// A part of a back that lies over its texts.
#[derive(Debug)]
pub enum Laid {
    /// Paper kept free of the ground pattern.
    Cover(Area),
    /// A picture of one bit a module.
    Picture {
        /// Its modules.
        modules: BitPicture,
        /// Dots from the page's left and upper edges to its upper left corner.
        corner: (u16, u16),
        /// Dots of a module.
        module: u8,
    },
}

shared::hidden_debug!(BackArtwork);

const PAGE_WIDTH: f32 = 210.0;
const FIELD_TOP: f32 = 26.0;
const BOTTOM: f32 = 232.0;
const QR_RIGHT: f32 = 190.0;
/// Dots without ink around the originality patch.
const STRIP_QUIET: usize = 12;

/// What stands on every back, drawn once.
#[derive(Debug)]
pub struct FixedBack {
    /// What lies below the line that names the certificate, as operators, and what lies above it.
    operators: (Vec<u8>, Vec<u8>),
}

impl BackArtwork {
    /// What is drawn of a sealed description.
    pub fn new(sealed: &Sealed, certificate: &CertificateId, keys: &ScrambleKeys) -> Self {
        Self {
            field: scramble::picture(sealed),
            qr_text: sealed.qr_text.clone(),
            strips: originality::strips(certificate, keys).into(),
        }
    }
}

impl FixedBack {
    /// Sets out and draws what every back has.
    pub fn new(faces: &Faces<'_>, stock: &Stock) -> Result<Self, BackError> {
        let draw = |items: Vec<Item>| {
            let mut canvas = Canvas::new(faces, stock);
            canvas.place_items(&items)?;
            Ok::<_, DrawError>(canvas.finish_page())
        };
        Ok(Self { operators: (draw(lower(faces)?)?, draw(upper(faces)?)?) })
    }

    /// Draws the back of a certificate.
    pub fn draw(
        &self,
        canvas: &mut Canvas<'_>,
        (certificate_id, artwork): (&str, BackArtwork),
        faces: &Faces<'_>,
    ) -> Result<(), BackError> {
        let line = certificate_line(certificate_id, faces)?;
        canvas.in_dots(|canvas| {
            canvas.operators(&self.operators.0);
            canvas.place_items(&line)?;
            canvas.operators(&self.operators.1);
            Ok(())
        })?;
        for part in laid(artwork)? {
            match part {
                Laid::Cover(area) => canvas.cover(&area),
                Laid::Picture { modules, corner, module } => canvas.picture(modules, corner, module),
            }
        }
        Ok(())
    }
}

/// Why a back cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BackError {
    /// It cannot be set out.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// It cannot be drawn.
    #[error(transparent)]
    Draw(#[from] DrawError),
}

/// The texts of a back and the white of its field, the lowest first.
pub fn items(certificate_id: &str, faces: &Faces<'_>) -> Result<Vec<Item>, LayoutError> {
    Ok([lower(faces)?, certificate_line(certificate_id, faces)?, upper(faces)?].concat())
}

const MIDDLE: Place = Place::new(66.0, BOTTOM, 88.0, 48.0);

/// Title, the field's white, how to read the sheet.
fn lower(faces: &Faces<'_>) -> Result<Vec<Item>, LayoutError> {
    let mut sheet = Sheet::new(faces);
    let center = |size| Style::new(Font::Labels, size).aligned(Align::Center);
    let width = PAGE_WIDTH - 40.0;
    sheet.text(Place::new(20.0, 10.5, width, 6.0), center(13.0), "改ざん防止用スクランブル画像")?;
    let subtitle = "Scrambled picture of the front, against alteration";
    sheet.text(Place::new(20.0, 16.6, width, 4.2), center(8.0), subtitle)?;
    let (x, y) = field_place();
    let quiet = FIELD_QUIET as f32 * MODULE_PIXELS as f32 * 25.4 / 600.0;
    let side = |modules: usize| (modules * MODULE_PIXELS) as f32 * 25.4 / 600.0;
    sheet.area(Place::new(x, y, side(PICTURE_MODULES.0), side(PICTURE_MODULES.1)).inset(-quiet, -quiet), 0);
    let heading = Style::new(Font::Labels, 9.0);
    let body = Style::new(Font::Labels, 7.5).led(1.45);
    sheet.text(Place { height: 5.0, ..MIDDLE }, heading, "この面の読み取り方 / How to check this sheet")?;
    sheet.paragraph(Place { y: BOTTOM + 6.0, height: 18.5, ..MIDDLE }, body, JAPANESE)?;
    sheet.paragraph(Place { y: BOTTOM + 24.5, height: 18.0, ..MIDDLE }, body, ENGLISH)?;
    Ok(sheet.into_items())
}

fn certificate_line(certificate_id: &str, faces: &Faces<'_>) -> Result<Vec<Item>, LayoutError> {
    let mut sheet = Sheet::new(faces);
    let id = format!("証明書ID / Certificate ID  {certificate_id}");
    sheet.text(Place { y: BOTTOM + 43.5, height: 4.0, ..MIDDLE }, Style::new(Font::Labels, 7.5), &id)?;
    Ok(sheet.into_items())
}

/// What the two small pictures are.
fn upper(faces: &Faces<'_>) -> Result<Vec<Item>, LayoutError> {
    let mut sheet = Sheet::new(faces);
    let caption = Style::new(Font::Labels, 6.5).aligned(Align::Center);
    sheet.text(Place::new(16.0, BOTTOM + 44.0, 44.0, 3.6), caption, "偽造防止検出画像 / Latent picture")?;
    sheet.text(Place::new(160.0, BOTTOM + 30.5, 34.0, 3.6), caption, "照会用 / Inquiry")?;
    Ok(sheet.into_items())
}

const JAPANESE: &str = "この面をスキャナー（300dpi以上）で読み取り、右の二次元コードの照会先へ送ると、発行時の表面が画面に現れます。\
    手元の表面と見比べてください。左の桜の図柄は、赤外線カメラで見ると「証」の文字が浮かび上がります。\
    複写すると、地紋に「複写」の文字が現れます。";
const ENGLISH: &str = "Scan this side at 300 dpi or more and send it to the address in the code at the right: the front as it was \
    issued appears for comparison. An infrared camera shows a character in the cherry blossom at the left. \
    A photocopy shows the word 複写 (copy) in the background.";

/// Left and upper edge of the scramble picture in millimetres.
fn field_place() -> (f32, f32) {
    let width = (PICTURE_MODULES.0 * MODULE_PIXELS) as f32 * 25.4 / 600.0;
    ((PAGE_WIDTH - width) / 2.0, FIELD_TOP)
}

/// Left and upper edge of the scramble picture in dots.
pub(crate) fn field_corner() -> (u16, u16) {
    let (x, y) = field_place();
    (dots(x), dots(y))
}

/// Left, top, width and height in dots of where the scramble picture stands with the paper that it needs around it: the
/// ground pattern leaves it out.
pub(super) fn cleared() -> (usize, usize, usize, usize) {
    let (x, y) = field_corner();
    let quiet = FIELD_QUIET * MODULE_PIXELS;
    let side = |modules: usize| modules * MODULE_PIXELS + 2 * quiet;
    let start = |dots: u16| usize::from(dots).saturating_sub(quiet);
    (start(x), start(y), side(PICTURE_MODULES.0), side(PICTURE_MODULES.1))
}

/// Scramble picture, originality patch and QR, the lowest first; the QR is the last.
pub fn laid(artwork: BackArtwork) -> Result<Vec<Laid>, DrawError> {
    let BackArtwork { field, qr_text, strips } = artwork;
    let corner = field_corner();
    let mut laid = vec![Laid::Picture { modules: field, corner, module: MODULE_PIXELS as u8 }];
    let on_page = |(left, top): (usize, usize)| (corner.0 + left as u16, corner.1 + top as u16);
    let (left, top, width, height) = originality::area();
    let (x, y) = on_page((left - STRIP_QUIET, top - STRIP_QUIET));
    let (width, height) = ((width + 2 * STRIP_QUIET) as u16, (height + 2 * STRIP_QUIET) as u16);
    laid.push(Laid::Cover(Area { x, y, width, height, tint: 0 }));
    laid.extend(strips.into_iter().map(|strip| Laid::Picture {
        corner: on_page(strip.corner),
        module: strip.module as u8,
        modules: strip.modules,
    }));
    let qr = symbol::draw(&qr_text, Level::Q).ok_or(DrawError::Symbol)?;
    let side = (qr.width() * QR_MODULE_PIXELS) as f32 * 25.4 / 600.0;
    let quiet = (QUIET_MODULES * QR_MODULE_PIXELS) as f32 * 25.4 / 600.0;
    let place = Place::new(QR_RIGHT - side, BOTTOM + 2.0, side, side);
    let around = place.inset(-quiet, -quiet);
    laid.push(Laid::Cover(Area {
        x: dots(around.x),
        y: dots(around.y),
        width: dots(around.width),
        height: dots(around.height),
        tint: 0,
    }));
    let corner = (dots(place.x), dots(place.y));
    laid.push(Laid::Picture { modules: qr, corner, module: QR_MODULE_PIXELS as u8 });
    Ok(laid)
}
