//! The back: what it is for, the scramble picture with its QR, the latent picture.

use super::bit_picture::BitPicture;
use super::canvas::{Canvas, DrawError};
use super::description::Item;
use super::sheet::{Align, LayoutError, Place, Sheet, Style, dots};
use super::symbol::{self, Level, QUIET_MODULES};
use super::typeface::{Faces, Font};
use crate::scramble::{MODULE_PIXELS, PICTURE_MODULES, QR_MODULE_PIXELS, QUIET_MODULES as FIELD_QUIET};

/// What the back is drawn from, besides its fixed texts.
pub struct BackArtwork {
    /// The scramble picture, one bit a module.
    pub field: BitPicture,
    /// The text of the QR beside it.
    pub qr_text: String,
}

shared::hidden_debug!(BackArtwork);

const PAGE_WIDTH: f32 = 210.0;
const FIELD_TOP: f32 = 26.0;
const BOTTOM: f32 = 232.0;
const QR_RIGHT: f32 = 190.0;

/// The fixed texts and cleared areas.
pub fn compose(certificate_id: &str, faces: &Faces<'_>) -> Result<Vec<Item>, LayoutError> {
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
    let middle = Place::new(66.0, BOTTOM, 88.0, 48.0);
    let heading = Style::new(Font::Labels, 9.0);
    let body = Style::new(Font::Labels, 7.5).led(1.45);
    sheet.text(Place { height: 5.0, ..middle }, heading, "この面の読み取り方 / How to check this sheet")?;
    sheet.paragraph(Place { y: BOTTOM + 6.0, height: 18.5, ..middle }, body, JAPANESE)?;
    sheet.paragraph(Place { y: BOTTOM + 24.5, height: 18.0, ..middle }, body, ENGLISH)?;
    let id = format!("証明書ID / Certificate ID  {certificate_id}");
    sheet.text(Place { y: BOTTOM + 43.5, height: 4.0, ..middle }, Style::new(Font::Labels, 7.5), &id)?;
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

/// Left, top, width and height in dots of where the scramble picture stands with the paper that it needs around it: the
/// ground pattern leaves it out.
pub(super) fn cleared() -> (usize, usize, usize, usize) {
    let (x, y) = field_place();
    let quiet = FIELD_QUIET * MODULE_PIXELS;
    let side = |modules: usize| modules * MODULE_PIXELS + 2 * quiet;
    let start = |millimetres: f32| usize::from(dots(millimetres)).saturating_sub(quiet);
    (start(x), start(y), side(PICTURE_MODULES.0), side(PICTURE_MODULES.1))
}

/// Draws texts, scramble picture and QR.
pub fn draw(canvas: &mut Canvas<'_>, items: &[Item], artwork: BackArtwork) -> Result<(), DrawError> {
    canvas.items(items)?;
    let (x, y) = field_place();
    let BackArtwork { field, qr_text } = artwork;
    canvas.picture(field, (dots(x), dots(y)), MODULE_PIXELS as u8);
    let qr = symbol::draw(&qr_text, Level::Q).ok_or(DrawError::Symbol)?;
    let side = (qr.width() * QR_MODULE_PIXELS) as f32 * 25.4 / 600.0;
    let quiet = (QUIET_MODULES * QR_MODULE_PIXELS) as f32 * 25.4 / 600.0;
    let place = Place::new(QR_RIGHT - side, BOTTOM + 2.0, side, side);
    canvas.clear(place.inset(-quiet, -quiet));
    canvas.picture(qr, (dots(place.x), dots(place.y)), QR_MODULE_PIXELS as u8);
    Ok(())
}
