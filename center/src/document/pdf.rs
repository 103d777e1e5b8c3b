//! Puts pages, typefaces and pictures together into a PDF/A-2u file, the same bytes for the same input.

use std::collections::BTreeMap;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use jiff::civil::Date;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, dictionary};
use printpdf::{
    FontMetrics, FontType, Op, PaintMode, ParsedFont, PdfDocument, PdfFont, PdfFontMetricsStub, PdfPage,
    PdfSaveOptions, Pt, Rect, XObject, XObjectId,
};
use shared::proof::Digest;
use subsetter::GlyphRemapper;

use super::canvas::{GlyphUse, UsedGlyph, font_id, points};
use super::description::PAGE;
use super::typeface::{Faces, Font, Typefaces};

/// Deflated bytes, if they are fewer.
pub enum Deflate {
    /// Fewer bytes than before.
    Smaller(Vec<u8>),
    /// Noise: left as it is.
    Useless,
}

/// The file could not be put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// A typeface cannot be reduced to the glyphs used.
    #[error("a typeface cannot be embedded")]
    Typeface,
    /// The parts of the file do not fit together.
    #[error("the file cannot be put together")]
    Structure,
}

/// What a file is made of.
pub struct Parts<'a> {
    /// Operators of each page.
    pub pages: Vec<Vec<Op>>,
    /// Glyphs used on all pages.
    pub glyphs: &'a GlyphUse,
    /// Pictures used on all pages.
    pub pictures: BTreeMap<XObjectId, XObject>,
    /// Names the content: the file's identifier is made from it.
    pub identity: Digest,
    /// Day of issue.
    pub date: Date,
}

impl std::fmt::Debug for Deflate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Smaller(_) => "Smaller(..)",
            Self::Useless => "Useless",
        })
    }
}

impl std::fmt::Debug for Parts<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Parts(..)")
    }
}

/// Deflates (RFC 1950) at a level that is fast and nearly as small as the best.
pub fn deflate(bytes: &[u8]) -> Deflate {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::new(4));
    match encoder.write_all(bytes).and_then(|()| encoder.finish()) {
        Ok(deflated) if deflated.len() < bytes.len() => Deflate::Smaller(deflated),
        Ok(_) | Err(_) => Deflate::Useless,
    }
}

/// Writes the file. `profile` is the deflated output intent of [`output_profile`].
pub fn write(
    parts: Parts<'_>,
    typefaces: &Typefaces,
    faces: &Faces<'_>,
    profile: &Stream,
) -> Result<Vec<u8>, PdfError> {
    let mut document = PdfDocument::new("");
    let mut maps = BTreeMap::new();
    for (&font, glyphs) in parts.glyphs.by_font() {
        let subset = subset(font, glyphs, typefaces, faces)?;
        maps.insert(subset.name.clone(), subset.glyph_map);
        document.resources.fonts.map.insert(font_id(font), PdfFont::new(subset.font));
    }
    document.resources.xobjects.map = parts.pictures;
    document.pages = parts.pages.into_iter().map(page).collect();
    let options = PdfSaveOptions { optimize: false, ..PdfSaveOptions::default() };
    let mut file = printpdf::to_lopdf_doc(&document, &options, &mut Vec::new());
    finish(&mut file, &maps, profile, parts.date, &parts.identity).ok_or(PdfError::Structure)?;
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).ok().ok_or(PdfError::Structure)?;
    Ok(bytes)
}

/// The output intent's profile as it stands in every file.
pub fn output_profile(icc: &[u8]) -> Stream {
    let mut dictionary = dictionary! { "N" => 4 };
    let content = match deflate(icc) {
        Deflate::Smaller(bytes) => {
            dictionary.set("Filter", "FlateDecode");
            bytes
        }
        Deflate::Useless => icc.to_vec(),
    };
    Stream::new(dictionary, content)
}

fn page(ops: Vec<Op>) -> PdfPage {
    let area = Rect {
        x: Pt(0.0),
        y: Pt(0.0),
        width: Pt(points(i32::from(PAGE.0))),
        height: Pt(points(i32::from(PAGE.1))),
        mode: Some(PaintMode::Fill),
        winding_order: None,
    };
    PdfPage { media_box: area.clone(), trim_box: area.clone(), crop_box: area, ops }
}

/// A typeface reduced to the glyphs of a document.
struct Subset {
    name: String,
    font: ParsedFont,
    /// For each number in the document, two bytes: the number in the reduced typeface (ISO 32000-1 §9.7.4.2).
    glyph_map: Vec<u8>,
}

fn subset(font: Font, glyphs: &[UsedGlyph], typefaces: &Typefaces, faces: &Faces<'_>) -> Result<Subset, PdfError> {
    let mut remapper = GlyphRemapper::new();
    let mut glyph_map = vec![0, 0];
    let mut widths = BTreeMap::new();
    let face = faces.face(font);
    for (number, glyph) in (1_u16..).zip(glyphs) {
        glyph_map.extend(remapper.remap(glyph.id).to_be_bytes());
        widths.insert(number, face.glyph_hor_advance(ttf_parser::GlyphId(glyph.id)).unwrap_or_default());
    }
    let program = subsetter::subset(typefaces.file(font), 0, &remapper).ok().ok_or(PdfError::Typeface)?;
    let name = format!("{}+{}", tag(&program), postscript_name(font));
    let bounds = face.global_bounding_box();
    let font = ParsedFont {
        original_bytes: program,
        font_index: 0,
        font_name: Some(name.clone()),
        codepoint_to_glyph: BTreeMap::new(),
        glyph_widths: widths,
        units_per_em: face.units_per_em(),
        font_metrics: FontMetrics { ascent: face.ascender(), descent: face.descender() },
        font_type: FontType::TrueType,
        pdf_font_metrics: PdfFontMetricsStub {
            units_per_em: face.units_per_em(),
            x_min: bounds.x_min,
            y_min: bounds.y_min,
            x_max: bounds.x_max,
            y_max: bounds.y_max,
            us_weight_class: face.weight().to_number(),
            ..PdfFontMetricsStub::default()
        },
    };
    Ok(Subset { name, font, glyph_map })
}

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

/// Turns what printpdf wrote into PDF/A-2u. `None` if it is not built as expected.
fn finish(
    file: &mut Document,
    glyph_maps: &BTreeMap<String, Vec<u8>>,
    profile: &Stream,
    date: Date,
    identity: &Digest,
) -> Option<()> {
    "1.7".clone_into(&mut file.version);
    if let Ok(Object::Reference(info)) = file.trailer.get(b"Info").cloned() {
        file.objects.remove(&info);
    }
    file.trailer.remove(b"Info");
    let id = Object::String(identity.iter().copied().take(16).collect(), StringFormat::Hexadecimal);
    file.trailer.set("ID", vec![id.clone(), id]);
    for (name, glyph_map) in glyph_maps {
        let map = file.add_object(Stream::new(Dictionary::new(), glyph_map.clone()));
        set_glyph_map(file, name, map)?;
    }
    for object in file.objects.values_mut() {
        if let Ok(dictionary) = object.as_dict_mut()
            && dictionary.has_type(b"Page")
        {
            dictionary.remove(b"Annots");
        }
        if let Ok(stream) = object.as_stream_mut() {
            compress(stream);
        }
    }
    let profile = file.add_object(profile.clone());
    let metadata =
        file.add_object(Stream::new(dictionary! { "Type" => "Metadata", "Subtype" => "XML" }, xmp(date).into_bytes()));
    let catalog = file.catalog_mut().ok()?;
    catalog.remove(b"PageLayout");
    catalog.remove(b"PageMode");
    catalog.set("Lang", Object::string_literal("ja-JP"));
    catalog.set(
        "ViewerPreferences",
        dictionary! { "DisplayDocTitle" => true, "PrintScaling" => "None", "Duplex" => "DuplexFlipLongEdge" },
    );
    catalog.set("Metadata", metadata);
    catalog.set(
        "OutputIntents",
        vec![Object::Dictionary(dictionary! {
            "Type" => "OutputIntent",
            "S" => "GTS_PDFA1",
            "OutputConditionIdentifier" => Object::string_literal(OUTPUT_CONDITION),
            "Info" => Object::string_literal(OUTPUT_CONDITION),
            "DestOutputProfile" => profile,
        })],
    );
    Some(())
}

const OUTPUT_CONDITION: &str = "Office laser printer, CMYK toner on plain paper";

/// Sets the map from the document's glyph numbers to those of the embedded typeface.
fn set_glyph_map(file: &mut Document, name: &str, map: ObjectId) -> Option<()> {
    let is_named = |object: &Object| {
        object.as_dict().and_then(|font| font.get(b"BaseFont")?.as_name()).is_ok_and(|found| found == name.as_bytes())
    };
    let font = file.objects.values_mut().find(|object| is_named(object))?;
    let descendants = font.as_dict_mut().ok()?.get_mut(b"DescendantFonts").ok()?.as_array_mut().ok()?;
    descendants.first_mut()?.as_dict_mut().ok()?.set("CIDToGIDMap", map);
    Some(())
}

fn compress(stream: &mut Stream) {
    if !stream.dict.has(b"Filter")
        && !stream.dict.has(b"ImageMask")
        && let Deflate::Smaller(deflated) = deflate(&stream.content)
    {
        stream.dict.set("Filter", "FlateDecode");
        stream.set_content(deflated);
    }
}

/// XMP metadata: what the file is, and nothing of the person.
fn xmp(date: Date) -> String {
    format!(
        "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\
         <pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>\
         <dc:format>application/pdf</dc:format>\
         <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">Vaccination Certificate of COVID-19</rdf:li>\
         <rdf:li xml:lang=\"ja-JP\">新型コロナウイルス感染症予防接種証明書</rdf:li></rdf:Alt></dc:title>\
         <xmp:CreateDate>{date}T00:00:00+09:00</xmp:CreateDate><xmp:ModifyDate>{date}T00:00:00+09:00</xmp:ModifyDate>\
         </rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>"
    )
}
