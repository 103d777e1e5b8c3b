//! Draws items and pictures as PDF operators, and keeps account of the glyphs that were used.

use std::collections::BTreeMap;

use printpdf::{
    Cmyk, Codepoint, Color, DictItem, ExternalStream, ExternalXObject, FontId, Op, PaintMode, PdfFontHandle, Pt, Rect,
    TextItem, TextMatrix, XObject, XObjectId, XObjectTransform,
};

use super::bit_picture::BitPicture;
use super::description::{Area, Code, DOTS_PER_INCH, Item, PAGE, TextRun};
use super::pdf::{Deflate, deflate};
use super::sheet::{Place, dots};
use super::symbol;
use super::typeface::{Faces, Font, Glyph, Undrawable};

/// A page being drawn, with what all pages of its document share.
pub struct Canvas<'f> {
    faces: &'f Faces<'f>,
    operators: Vec<Op>,
    /// The glyphs used so far.
    pub glyphs: GlyphUse,
    /// The pictures used so far, by resource name.
    pub pictures: BTreeMap<XObjectId, XObject>,
}

/// Why an item cannot be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DrawError {
    /// A character has no glyph.
    #[error(transparent)]
    Undrawable(#[from] Undrawable),
    /// A code fits no symbol.
    #[error("a code fits no symbol")]
    Symbol,
}

/// The glyphs of a document, each with the one text it stands for: a glyph that stands for two texts is
/// numbered twice, so that both can be taken out of the document again.
#[derive(Default)]
pub struct GlyphUse {
    numbers: BTreeMap<(Font, u16, String), u16>,
    glyphs: BTreeMap<Font, Vec<UsedGlyph>>,
}

/// A glyph of a document.
pub struct UsedGlyph {
    /// Its number in the typeface.
    pub id: u16,
    /// Its width in thousandths.
    pub advance: u16,
    /// What it stands for.
    pub text: String,
}

/// The whole colour range of black toner: nothing on the front is in another colour.
pub const fn black(tint: f32) -> Color {
    Color::Cmyk(Cmyk { c: 0.0, m: 0.0, y: 0.0, k: tint, icc_profile: None })
}

/// A length that is known to be short.
pub fn length(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Dots as points.
pub fn points(dots: i32) -> f32 {
    // 72/600 of a point; rounded through f64 so that the decimal in the file is short.
    (f64::from(dots) * 72.0 / f64::from(DOTS_PER_INCH)) as f32
}

impl std::fmt::Debug for Canvas<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Canvas(..)")
    }
}

shared::hidden_debug!(GlyphUse, UsedGlyph);

impl GlyphUse {
    /// The glyphs of each face, in order of their numbers in the document, which begin with 1.
    pub const fn by_font(&self) -> &BTreeMap<Font, Vec<UsedGlyph>> {
        &self.glyphs
    }

    fn number(&mut self, glyph: &Glyph<'_>) -> u16 {
        let list = self.glyphs.entry(glyph.font).or_default();
        *self.numbers.entry((glyph.font, glyph.id, glyph.text.to_owned())).or_insert_with(|| {
            list.push(UsedGlyph { id: glyph.id, advance: glyph.advance, text: glyph.text.to_owned() });
            list.len() as u16
        })
    }
}

impl<'f> Canvas<'f> {
    /// An empty page of a new document.
    pub fn new(faces: &'f Faces<'f>) -> Self {
        Self { faces, operators: Vec::new(), glyphs: GlyphUse::default(), pictures: BTreeMap::new() }
    }

    /// Ends the page and begins the next.
    pub fn finish_page(&mut self) -> Vec<Op> {
        std::mem::take(&mut self.operators)
    }

    /// Draws items, the first lowest.
    pub fn items(&mut self, items: &[Item]) -> Result<(), DrawError> {
        self.operators.push(Op::SetFillColor { col: black(1.0) });
        for item in items {
            match item {
                Item::Text(run) => self.text(run)?,
                Item::Area(area) => self.area(area),
                Item::Code(code) => self.code(code)?,
            }
        }
        Ok(())
    }

    /// Draws a picture with `module` dots a pixel, its upper left corner at a dot.
    pub fn picture(&mut self, name: &str, picture: &BitPicture, (x, y): (u16, u16), module: u8) {
        let scaled = |modules: usize| length(modules).saturating_mul(i32::from(module));
        let (width, height) = (scaled(picture.width()), scaled(picture.height()));
        let name = XObjectId(name.to_owned());
        self.operators.push(Op::SaveGraphicsState);
        self.operators.push(Op::SetFillColor { col: black(1.0) });
        self.operators.push(Op::UseXobject {
            id: name.clone(),
            transform: XObjectTransform {
                translate_x: Some(Pt(points(i32::from(x)))),
                translate_y: Some(Pt(points(i32::from(PAGE.1) - i32::from(y) - height))),
                scale_x: Some(points(width)),
                scale_y: Some(points(height)),
                no_auto_scale: true,
                ..XObjectTransform::default()
            },
        });
        self.operators.push(Op::RestoreGraphicsState);
        self.pictures.insert(name, image_mask(picture));
    }

    /// Covers an area with white.
    pub fn clear(&mut self, place: Place) {
        let (x, y) = (dots(place.x), dots(place.y));
        self.area(&Area { x, y, width: dots(place.width), height: dots(place.height), tint: 0 });
    }

    /// Places a form that was drawn in the coordinates of the page.
    pub fn form(&mut self, name: &str, form: &XObject) {
        let name = XObjectId(name.to_owned());
        self.operators.push(Op::UseXobject {
            id: name.clone(),
            transform: XObjectTransform { no_auto_scale: true, ..XObjectTransform::default() },
        });
        self.pictures.insert(name, form.clone());
    }

    fn text(&mut self, run: &TextRun) -> Result<(), DrawError> {
        let glyphs = self.faces.shape(&run.text, run.font)?;
        let size = f32::from(run.size) / 100.0;
        let mut x = points(i32::from(run.x));
        let y = points(i32::from(PAGE.1) - i32::from(run.baseline));
        for part in glyphs.chunk_by(|a, b| a.font == b.font) {
            let Some(first) = part.first() else { continue };
            let codes =
                part.iter().map(|glyph| Codepoint::with_cid(self.glyphs.number(glyph), 0.0, glyph.text.to_owned()));
            let items = vec![TextItem::GlyphIds(codes.collect())];
            self.operators.extend([
                Op::StartTextSection,
                Op::SetFont { font: PdfFontHandle::External(font_id(first.font)), size: Pt(size) },
                Op::SetTextMatrix { matrix: TextMatrix::Raw([1.0, 0.0, 0.0, 1.0, x, y]) },
                Op::ShowText { items },
                Op::EndTextSection,
            ]);
            let width: u32 = part.iter().map(|glyph| u32::from(glyph.advance)).sum();
            x += width as f32 / 1000.0 * size;
        }
        Ok(())
    }

    fn area(&mut self, area: &Area) {
        let bottom = i32::from(PAGE.1) - i32::from(area.y) - i32::from(area.height);
        self.operators.extend([
            Op::SetFillColor { col: black(f32::from(area.tint) / 100.0) },
            Op::DrawRectangle {
                rectangle: Rect {
                    x: Pt(points(i32::from(area.x))),
                    y: Pt(points(bottom)),
                    width: Pt(points(i32::from(area.width))),
                    height: Pt(points(i32::from(area.height))),
                    mode: Some(PaintMode::Fill),
                    winding_order: None,
                },
            },
            Op::SetFillColor { col: black(1.0) },
        ]);
    }

    fn code(&mut self, code: &Code) -> Result<(), DrawError> {
        let picture = symbol::draw(&code.text, code.level).ok_or(DrawError::Symbol)?;
        let name = format!("Code{}", self.pictures.len());
        self.picture(&name, &picture, (code.x, code.y), code.module);
        Ok(())
    }
}

/// The resource name of a face.
pub fn font_id(font: Font) -> FontId {
    FontId(
        match font {
            Font::Names => "Names",
            Font::Text => "Text",
            Font::Labels => "Labels",
        }
        .to_owned(),
    )
}

/// A picture that is painted with the present colour (ISO 32000-1 §8.9.6.2): one bit a module, one object.
pub fn image_mask(picture: &BitPicture) -> XObject {
    let name = |text: &str| DictItem::Name(text.as_bytes().to_vec());
    let mut dict: BTreeMap<String, DictItem> = [
        ("Type", name("XObject")),
        ("Subtype", name("Image")),
        ("Width", DictItem::Int(length(picture.width()).into())),
        ("Height", DictItem::Int(length(picture.height()).into())),
        ("ImageMask", DictItem::Bool(true)),
        ("BitsPerComponent", DictItem::Int(1)),
        ("Decode", DictItem::Array(vec![DictItem::Int(1), DictItem::Int(0)])),
        ("Interpolate", DictItem::Bool(false)),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value))
    .collect();
    let content = match deflate(picture.bytes()) {
        Deflate::Smaller(bytes) => {
            dict.insert("Filter".to_owned(), name("FlateDecode"));
            bytes
        }
        Deflate::Useless => picture.bytes().to_vec(),
    };
    XObject::External(ExternalXObject {
        stream: ExternalStream { dict, content, compress: false },
        width: None,
        height: None,
        dpi: None,
    })
}
