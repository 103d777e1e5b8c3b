//! Puts pages, typefaces and pictures together into a PDF/A-2u file, the same bytes for the same input.

use std::fmt::Write as _;

use jiff::civil::Date;
use libdeflater::{CompressionLvl, Compressor};
use pdf_writer::types::OutputIntentSubtype;
use pdf_writer::writers::Resources;
use pdf_writer::{Chunk, Filter, Finish as _, Name, Pdf, Rect, Ref, TextStr};
use shared::proof::Digest;

use super::bit_picture::BitPicture;
use super::canvas::{FixedForm, length, points};
use super::description::PAGE;
use super::ground_pattern::{Ground, Placed};
use super::stock::{GlyphUse, Stock};
use super::typeface::{Faces, Typefaces};

/// A stream, deflated (RFC 1950) if that makes it smaller.
pub struct Packed {
    bytes: Vec<u8>,
    is_deflated: bool,
    plain_length: i32,
}

/// The file could not be put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// A typeface cannot be reduced to the glyphs used.
    #[error("a typeface cannot be embedded")]
    Typeface,
}

/// What is the same in every file, written once.
#[derive(Debug)]
pub struct Fixed {
    chunk: Chunk,
    fonts: Vec<(&'static str, Ref)>,
    next: Ref,
}

/// What a file is made of.
pub struct Parts<'a, 's> {
    /// Content of each page.
    pub pages: Vec<Vec<u8>>,
    /// Glyphs used on all pages.
    pub glyphs: &'a GlyphUse<'s>,
    /// Pictures used on all pages.
    pub pictures: &'a [BitPicture],
    /// The ground pattern.
    pub ground: &'a Ground,
    /// Names the content: the file's identifier is made from it.
    pub identity: Digest,
    /// Day of issue.
    pub date: Date,
}

shared::hidden_debug!(Packed, Parts<'_, '_>);

impl Packed {
    /// Packs bytes of one document.
    pub fn new(bytes: &[u8]) -> Self {
        // Fast and nearly as small as the best.
        Self::at(4, bytes)
    }

    /// Packs bytes that many documents share.
    pub fn tightly(bytes: &[u8]) -> Self {
        Self::at(12, bytes)
    }

    fn at(level: i32, bytes: &[u8]) -> Self {
        let level = CompressionLvl::new(level).unwrap_or_default();
        let mut compressor = Compressor::new(level);
        let mut deflated = vec![0; compressor.zlib_compress_bound(bytes.len())];
        let plain_length = length(bytes.len());
        match compressor.zlib_compress(bytes, &mut deflated) {
            Ok(size) if size < bytes.len() => {
                deflated.truncate(size);
                Self { bytes: deflated, is_deflated: true, plain_length }
            }
            Ok(_) | Err(_) => Self { bytes: bytes.to_vec(), is_deflated: false, plain_length },
        }
    }

    /// Bytes that are noise: packing them would cost time and save nothing.
    pub fn noise(bytes: &[u8]) -> Self {
        Self { bytes: bytes.to_vec(), is_deflated: false, plain_length: length(bytes.len()) }
    }

    /// Writes it as a stream; with the length it unpacks to, as an embedded typeface must say.
    pub(super) fn write(&self, chunk: &mut Chunk, number: Ref) {
        let mut stream = chunk.stream(number, &self.bytes);
        stream.pair(Name(b"Length1"), self.plain_length);
        if self.is_deflated {
            stream.filter(Filter::FlateDecode);
        }
    }
}

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const RESOURCES: Ref = Ref::new(3);
const METADATA: Ref = Ref::new(4);
const PROFILE: Ref = Ref::new(5);
const LATENT: Ref = Ref::new(6);
const FRONT_GROUND: Ref = Ref::new(7);
const BACK_GROUND: Ref = Ref::new(8);
const FIRST_FONT: Ref = Ref::new(9);

impl Fixed {
    /// Writes stock, colour profile and latent picture.
    pub fn new(stock: &Stock, icc_profile: &[u8], latent: &str) -> Self {
        let mut chunk = Chunk::new();
        let mut next = FIRST_FONT;
        let mut fonts = Vec::new();
        for (name, font) in stock.fonts() {
            fonts.push((name.name(), next));
            next = font.write(&mut chunk, next);
        }
        let profile = Packed::tightly(icc_profile);
        let mut stream = chunk.icc_profile(PROFILE, &profile.bytes);
        stream.n(4);
        if profile.is_deflated {
            stream.filter(Filter::FlateDecode);
        }
        stream.finish();
        let latent = Packed::tightly(latent.as_bytes());
        let mut form = chunk.form_xobject(LATENT, &latent.bytes);
        form.bbox(page_area());
        form.resources();
        if latent.is_deflated {
            form.filter(Filter::FlateDecode);
        }
        form.finish();
        Self { chunk, fonts, next }
    }
}

fn page_area() -> Rect {
    Rect::new(0.0, 0.0, points(i32::from(PAGE.0)), points(i32::from(PAGE.1)))
}

/// Writes the file.
pub fn write(
    parts: &Parts<'_, '_>,
    fixed: &Fixed,
    typefaces: &Typefaces,
    faces: &Faces<'_>,
) -> Result<Vec<u8>, PdfError> {
    let mut pdf = Pdf::new();
    pdf.set_version(1, 7);
    let id: Vec<u8> = parts.identity.iter().copied().take(16).collect();
    pdf.set_file_id((id.clone(), id));
    catalog(&mut pdf, parts.date);
    pdf.extend(&fixed.chunk);
    let mut next = write_ground(&mut pdf, parts.ground, fixed.next);
    let mut fonts = fixed.fonts.clone();
    for (name, font) in parts.glyphs.embed(typefaces, faces)? {
        fonts.push((name.name(), next));
        next = font.write(&mut pdf, next);
    }
    let mut take = || {
        let number = next;
        next = Ref::new(next.get() + 1);
        number
    };
    let pictures: Vec<Ref> = parts.pictures.iter().map(|picture| write_picture(&mut pdf, take(), picture)).collect();
    write_resources(&mut pdf.indirect(RESOURCES).start::<Resources<'_>>(), &fonts, &pictures);
    let pages: Vec<Ref> = parts.pages.iter().map(|content| write_page(&mut pdf, (take(), take()), content)).collect();
    pdf.pages(PAGES).count(length(pages.len())).kids(pages);
    Ok(pdf.finish())
}

fn catalog(pdf: &mut Pdf, date: Date) {
    pdf.stream(METADATA, xmp(date).as_bytes())
        .pair(Name(b"Type"), Name(b"Metadata"))
        .pair(Name(b"Subtype"), Name(b"XML"));
    let mut catalog = pdf.catalog(CATALOG);
    catalog.pages(PAGES).lang(TextStr("ja-JP")).metadata(METADATA);
    let mut viewer = catalog.viewer_preferences();
    viewer.display_doc_title(true);
    viewer.pair(Name(b"PrintScaling"), Name(b"None")).pair(Name(b"Duplex"), Name(b"DuplexFlipLongEdge"));
    viewer.finish();
    let mut intents = catalog.output_intents();
    intents
        .push()
        .subtype(OutputIntentSubtype::PDFA)
        .output_condition_identifier(TextStr(OUTPUT_CONDITION))
        .info(TextStr(OUTPUT_CONDITION))
        .dest_output_profile(PROFILE);
}

const OUTPUT_CONDITION: &str = "Office laser printer, CMYK toner on plain paper";

/// Writes the pattern's pictures and a form for each side; gives the number after the last.
fn write_ground(pdf: &mut Pdf, ground: &Ground, first: Ref) -> Ref {
    let mut next = first;
    let pictures: Vec<Ref> = ground
        .pictures
        .iter()
        .map(|(packed, size)| {
            let number = next;
            next = Ref::new(next.get() + 1);
            let mut picture = pdf.image_xobject(number, &packed.bytes);
            mask(&mut picture, *size);
            if packed.is_deflated {
                picture.filter(Filter::FlateDecode);
            }
            number
        })
        .collect();
    for (form, places) in [(FRONT_GROUND, &ground.front), (BACK_GROUND, &ground.back)] {
        // Placed one by one: poppler takes twice as long for the same as a tiling pattern.
        let mut content = String::from("q .12 0 0 .12 0 0 cm 0 0 0 1 k\n");
        for Placed { picture, at: (x, y) } in places {
            let (width, height) = ground.pictures.get(*picture).map_or((0, 0), |(_, size)| *size);
            // Writing into memory cannot fail.
            _ = writeln!(content, "q {width} 0 0 {height} {x} {y} cm /T{picture} Do Q");
        }
        content.push_str("Q\n");
        let content = Packed::new(content.as_bytes());
        let mut form = pdf.form_xobject(form, &content.bytes);
        form.bbox(page_area());
        let mut resources = form.resources();
        let mut objects = resources.x_objects();
        for (number, picture) in pictures.iter().enumerate() {
            objects.pair(Name(format!("T{number}").as_bytes()), *picture);
        }
        objects.finish();
        resources.finish();
        if content.is_deflated {
            form.filter(Filter::FlateDecode);
        }
    }
    next
}

/// A picture that is painted with the present colour (ISO 32000-1 §8.9.6.2): one bit a module, one object.
fn write_picture(pdf: &mut Pdf, number: Ref, picture: &BitPicture) -> Ref {
    /// Bytes above which a picture is the scramble field, which is noise.
    const LARGE: usize = 20_000;
    let bytes = picture.bytes();
    let packed = if bytes.len() > LARGE { Packed::noise(bytes) } else { Packed::new(bytes) };
    let mut image = pdf.image_xobject(number, &packed.bytes);
    mask(&mut image, (picture.width(), picture.height()));
    if packed.is_deflated {
        image.filter(Filter::FlateDecode);
    }
    number
}

fn mask(image: &mut pdf_writer::writers::ImageXObject<'_>, (width, height): (usize, usize)) {
    image
        .width(length(width))
        .height(length(height))
        .image_mask(true)
        .bits_per_component(1)
        .decode([1.0, 0.0])
        .interpolate(false);
}

fn write_resources(resources: &mut Resources<'_>, fonts: &[(&'static str, Ref)], pictures: &[Ref]) {
    let mut dictionary = resources.fonts();
    for (name, font) in fonts {
        dictionary.pair(Name(name.as_bytes()), *font);
    }
    dictionary.finish();
    let mut objects = resources.x_objects();
    objects.pair(Name(FixedForm::FrontGround.name().as_bytes()), FRONT_GROUND);
    objects.pair(Name(FixedForm::BackGround.name().as_bytes()), BACK_GROUND);
    objects.pair(Name(FixedForm::Latent.name().as_bytes()), LATENT);
    for (number, picture) in pictures.iter().enumerate() {
        objects.pair(Name(format!("I{number}").as_bytes()), *picture);
    }
}

fn write_page(pdf: &mut Pdf, (page, content): (Ref, Ref), operators: &[u8]) -> Ref {
    let packed = Packed::new(operators);
    let mut stream = pdf.stream(content, &packed.bytes);
    if packed.is_deflated {
        stream.filter(Filter::FlateDecode);
    }
    stream.finish();
    let mut object = pdf.page(page);
    object.parent(PAGES).media_box(page_area()).crop_box(page_area()).trim_box(page_area()).contents(content);
    object.pair(Name(b"Resources"), RESOURCES);
    page
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
