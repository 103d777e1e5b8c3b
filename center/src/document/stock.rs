//! Glyphs of a document: most come from subsets made once for all documents, the rest from small ones of its own.
//!
//! Labels, headings, digits and Latin letters are on every page. Reducing a typeface to them and deflating it costs
//! more than all the rest of a document, so it is done when the press is set up. A name brings glyphs of its own.

use std::collections::{BTreeMap, HashMap};

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Chunk, Finish as _, Name, Rect, Ref, Str};
use subsetter::GlyphRemapper;

use super::pdf::{Packed, PdfError};
use super::typeface::{Faces, Font, Glyph, Typefaces};

/// The typefaces reduced to the glyphs that every document may need.
#[derive(Debug)]
pub struct Stock {
    glyphs: BTreeMap<Font, Glyphs>,
    fonts: BTreeMap<Font, EmbeddedFont>,
}

/// The glyphs a document uses, each with the one text it stands for: a glyph that stands for two texts is numbered
/// twice, so that both can be taken out of the document again.
#[derive(Debug)]
pub struct GlyphUse<'s> {
    stock: &'s Stock,
    own: BTreeMap<Font, Glyphs>,
}

/// The name of a font among a page's resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FontName {
    /// From the stock.
    Stock(Font),
    /// The document's own.
    Own(Font),
}

/// A typeface reduced to some glyphs, ready to be written into a file.
pub struct EmbeddedFont {
    name: String,
    program: Packed,
    to_unicode: Packed,
    /// For each number, two bytes: the number in the reduced typeface (ISO 32000-1 §9.7.4.2).
    glyph_map: Packed,
    widths: Vec<f32>,
    metrics: Metrics,
}

/// In thousandths of the size.
#[derive(Debug, Clone, Copy)]
struct Metrics {
    bounds: Rect,
    ascent: f32,
    descent: f32,
}

/// Numbered glyphs of one typeface; the first is 1.
#[derive(Default)]
struct Glyphs {
    numbers: HashMap<u16, Vec<(Box<str>, u16)>>,
    list: Vec<(u16, u16, Box<str>)>,
}

shared::hidden_debug!(EmbeddedFont, Glyphs);

impl Stock {
    /// The glyphs of specimen texts, each in the face it is set in.
    pub fn new<'t>(
        texts: impl Iterator<Item = (Font, &'t str)>,
        typefaces: &Typefaces,
        faces: &Faces<'_>,
    ) -> Result<Self, PdfError> {
        let mut glyphs: BTreeMap<Font, Glyphs> = BTreeMap::new();
        for (font, text) in texts {
            for glyph in faces.shape(text, font).ok().ok_or(PdfError::Typeface)? {
                glyphs.entry(glyph.font).or_default().number(&glyph);
            }
        }
        let embed = |(font, glyphs): (&Font, &Glyphs)| Ok((*font, EmbeddedFont::new(*font, glyphs, typefaces, faces)?));
        let fonts = glyphs.iter().map(embed).collect::<Result<_, PdfError>>()?;
        Ok(Self { glyphs, fonts })
    }

    /// The fonts, in the order of their names.
    pub fn fonts(&self) -> impl Iterator<Item = (FontName, &EmbeddedFont)> {
        self.fonts.iter().map(|(font, embedded)| (FontName::Stock(*font), embedded))
    }
}

impl<'s> GlyphUse<'s> {
    pub(super) const fn new(stock: &'s Stock) -> Self {
        Self { stock, own: BTreeMap::new() }
    }

    /// The font and the number of a glyph in this document.
    pub fn number(&mut self, glyph: &Glyph<'_>) -> (FontName, u16) {
        match self.stock.glyphs.get(&glyph.font).and_then(|glyphs| glyphs.find(glyph)) {
            Some(number) => (FontName::Stock(glyph.font), number),
            None => (FontName::Own(glyph.font), self.own.entry(glyph.font).or_default().number(glyph)),
        }
    }

    /// The document's own fonts.
    pub(super) fn embed(
        &self,
        typefaces: &Typefaces,
        faces: &Faces<'_>,
    ) -> Result<Vec<(FontName, EmbeddedFont)>, PdfError> {
        let embed = |(font, glyphs): (&Font, &Glyphs)| {
            Ok((FontName::Own(*font), EmbeddedFont::new(*font, glyphs, typefaces, faces)?))
        };
        self.own.iter().map(embed).collect()
    }

    /// The texts of the document's own glyphs, in the order of their numbers.
    #[cfg(test)]
    pub(super) fn own_texts(&self, font: Font) -> Vec<&str> {
        self.own.get(&font).map_or_else(Vec::new, |glyphs| glyphs.list.iter().map(|(.., text)| &**text).collect())
    }
}

impl Glyphs {
    fn find(&self, glyph: &Glyph<'_>) -> Option<u16> {
        let known = self.numbers.get(&glyph.id)?;
        known.iter().find(|(text, _)| **text == *glyph.text).map(|(_, number)| *number)
    }

    fn number(&mut self, glyph: &Glyph<'_>) -> u16 {
        if let Some(number) = self.find(glyph) {
            return number;
        }
        self.list.push((glyph.id, glyph.advance, glyph.text.into()));
        let number = self.list.len() as u16;
        self.numbers.entry(glyph.id).or_default().push((glyph.text.into(), number));
        number
    }
}

impl FontName {
    /// The name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stock(Font::Names) => "Fn",
            Self::Stock(Font::Text) => "Ft",
            Self::Stock(Font::Labels) => "Fl",
            Self::Own(Font::Names) => "On",
            Self::Own(Font::Text) => "Ot",
            Self::Own(Font::Labels) => "Ol",
        }
    }
}

/// Objects of a font.
const OBJECTS: i32 = 6;

impl EmbeddedFont {
    fn new(font: Font, glyphs: &Glyphs, typefaces: &Typefaces, faces: &Faces<'_>) -> Result<Self, PdfError> {
        let mut remapper = GlyphRemapper::new();
        let mut glyph_map = vec![0, 0];
        let mut to_unicode: UnicodeCmap<u16> = UnicodeCmap::new(Name(b"Texts"), SYSTEM);
        for (number, (id, _, text)) in (1_u16..).zip(&glyphs.list) {
            glyph_map.extend(remapper.remap(*id).to_be_bytes());
            to_unicode.pair_with_multiple(number, text.chars());
        }
        let program = subsetter::subset(typefaces.file(font), 0, &remapper).ok().ok_or(PdfError::Typeface)?;
        let face = faces.face(font);
        let scale = |units: i16| f32::from(units) * 1000.0 / f32::from(face.units_per_em().max(1));
        let bounds = face.global_bounding_box();
        Ok(Self {
            name: format!("{}+{}", tag(&program), postscript_name(font)),
            program: Packed::new(&program),
            to_unicode: Packed::new(&to_unicode.finish()),
            glyph_map: Packed::new(&glyph_map),
            widths: glyphs.list.iter().map(|(_, advance, _)| f32::from(*advance)).collect(),
            metrics: Metrics {
                bounds: Rect::new(scale(bounds.x_min), scale(bounds.y_min), scale(bounds.x_max), scale(bounds.y_max)),
                ascent: scale(face.ascender()),
                descent: scale(face.descender()),
            },
        })
    }

    /// Writes the font's objects, the font itself first; gives the number after the last.
    pub(super) fn write(&self, chunk: &mut Chunk, first: Ref) -> Ref {
        let [font, descendant, descriptor, program, to_unicode, glyph_map] =
            [0, 1, 2, 3, 4, 5].map(|object| Ref::new(first.get() + object));
        let name = Name(self.name.as_bytes());
        chunk
            .type0_font(font)
            .base_font(name)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(descendant)
            .to_unicode(to_unicode);
        let mut face = chunk.cid_font(descendant);
        face.subtype(CidFontType::Type2).base_font(name).system_info(SYSTEM).font_descriptor(descriptor);
        face.default_width(1000.0).cid_to_gid_map_stream(glyph_map);
        face.widths().consecutive(1, self.widths.iter().copied());
        face.finish();
        chunk
            .font_descriptor(descriptor)
            .name(name)
            .flags(FontFlags::SYMBOLIC)
            .bbox(self.metrics.bounds)
            .italic_angle(0.0)
            .ascent(self.metrics.ascent)
            .descent(self.metrics.descent)
            .cap_height(self.metrics.ascent)
            .stem_v(80.0)
            .font_file2(program);
        self.program.write(chunk, program);
        self.to_unicode.write(chunk, to_unicode);
        self.glyph_map.write(chunk, glyph_map);
        Ref::new(first.get() + OBJECTS)
    }
}

const SYSTEM: SystemInfo<'_> = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

const fn postscript_name(font: Font) -> &'static str {
    match font {
        Font::Names => "IPAmjMincho",
        Font::Text => "IPAexMincho",
        Font::Labels => "BIZUDPGothic-Regular",
    }
}

/// Six capitals that name the subset (ISO 32000-1 §9.6.4), from its content.
fn tag(program: &[u8]) -> String {
    shared::proof::sha256(program).iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect()
}
