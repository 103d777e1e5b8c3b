//! Tests of the whole document: what stands in the file, and that it depends on the certificate alone.

use std::sync::LazyLock;

use lopdf::{Dictionary, Object, Stream};
use shared::domain::certificate::{Content, Form, PrintedDose};
use shared::domain::vaccine::Product;

use super::description::{Code, Item, PAGE, TextRun};
use super::*;
use crate::signer::tests::{content, sealed};

static PRESS: LazyLock<Press> = LazyLock::new(press);

fn press() -> Press {
    Press::new(&TypefaceFiles::default(), scramble::tests::keys(7)).unwrap()
}

fn with_doses(form: Form, count: u8) -> Content {
    let mut content = content(form);
    let model = content.doses[0].clone();
    content.doses = (1..=count)
        .map(|number| PrintedDose {
            number,
            product: Product::ALL[usize::from(number) + 3],
            date: model.date.saturating_add(jiff::Span::new().weeks(i32::from(number) * 8)),
            ..model.clone()
        })
        .collect();
    content
}

fn load(document: &Document) -> lopdf::Document {
    lopdf::Document::load_mem(document.bytes()).unwrap()
}

fn page_content(file: &lopdf::Document, page: u32) -> Vec<u8> {
    file.get_page_content(file.get_pages()[&page])
}

fn dictionary<'a>(file: &'a lopdf::Document, object: &'a Object) -> &'a Dictionary {
    file.dereference(object).unwrap().1.as_dict().unwrap()
}

#[test]
fn the_same_certificate_gives_the_same_bytes_from_any_press() {
    let sealed = sealed(&content(Form::Overseas));
    let first = PRESS.render(&sealed).unwrap();
    assert!(first.bytes() == PRESS.render(&sealed).unwrap().bytes());
    assert!(first.bytes() == press().render(&sealed).unwrap().bytes());
    assert_eq!((first.holder(), first.certificate()), (sealed.holder(), &sealed.content().certificate));
}

#[test]
fn the_file_has_what_pdf_a_2u_asks_for() {
    let file = load(&PRESS.render(&sealed(&content(Form::Overseas))).unwrap());
    assert_eq!((file.version.as_str(), file.get_pages().len()), ("1.7", 2));
    assert!(!file.trailer.has(b"Info"));
    let id = file.trailer.get(b"ID").unwrap().as_array().unwrap();
    assert!(id.len() == 2 && id[0] == id[1]);
    let catalog = file.catalog().unwrap();
    assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"ja-JP");
    let intent = dictionary(&file, &catalog.get(b"OutputIntents").unwrap().as_array().unwrap()[0]);
    assert_eq!(intent.get(b"S").unwrap().as_name().unwrap(), b"GTS_PDFA1");
    let profile = file.dereference(intent.get(b"DestOutputProfile").unwrap()).unwrap().1.as_stream().unwrap();
    assert_eq!(profile.decompressed_content().unwrap(), color_profile::office_toner());
    let metadata = file.dereference(catalog.get(b"Metadata").unwrap()).unwrap().1.as_stream().unwrap();
    let metadata = String::from_utf8(metadata.content.clone()).unwrap();
    assert!(metadata.contains("<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>"));
    for personal in ["山田", "YAMADA", "1985", "TK1234567"] {
        assert!(!metadata.contains(personal));
    }
}

#[test]
fn every_typeface_is_embedded_with_its_texts() {
    let file = load(&PRESS.render(&sealed(&content(Form::Domestic))).unwrap());
    let is_composite =
        |font: &&Dictionary| font.get(b"Subtype").and_then(Object::as_name).ok() == Some(b"Type0".as_slice());
    let fonts: Vec<&Dictionary> = file.objects.values().filter_map(|o| o.as_dict().ok()).filter(is_composite).collect();
    assert_eq!(fonts.len(), 3);
    for font in fonts {
        assert_eq!(font.get(b"BaseFont").unwrap().as_name().unwrap()[6], b'+');
        let texts = file.dereference(font.get(b"ToUnicode").unwrap()).unwrap().1.as_stream().unwrap();
        assert!(texts.decompressed_content().unwrap().windows(10).any(|part| part == b"endbfchar\n"));
        let face = dictionary(&file, &font.get(b"DescendantFonts").unwrap().as_array().unwrap()[0]);
        assert!(file.dereference(face.get(b"CIDToGIDMap").unwrap()).unwrap().1.as_stream().is_ok());
        let descriptor = dictionary(&file, face.get(b"FontDescriptor").unwrap());
        let program = file.dereference(descriptor.get(b"FontFile2").unwrap()).unwrap().1.as_stream().unwrap();
        assert!(program.content.len() < 100_000, "the typeface is reduced to the glyphs used");
    }
}

#[test]
fn nothing_but_black_and_white_is_painted_on_a_page_outside_the_latent_picture() {
    let file = load(&PRESS.render(&sealed(&content(Form::Overseas))).unwrap());
    for page in [1, 2] {
        let content = lopdf::content::Content::decode(&page_content(&file, page)).unwrap();
        for operation in content.operations {
            assert!(!["rg", "RG", "g", "G", "cs", "CS", "sc", "scn"].contains(&operation.operator.as_str()));
            if operation.operator == "k" {
                let black = operation.operands[..3].iter().all(|part| part.as_float().unwrap().abs() < f32::EPSILON);
                assert!(black, "{:?}", operation.operands);
            }
        }
    }
}

#[test]
fn the_front_is_drawn_from_its_description_alone() {
    let sealed = sealed(&content(Form::Overseas));
    let description = PageDescription::from_bytes(&PRESS.describe(&sealed).unwrap().to_bytes()).unwrap();
    let again = lopdf::Document::load_mem(&PRESS.redraw(&description, Pattern::Shown).unwrap()).unwrap();
    let issued = load(&PRESS.render(&sealed).unwrap());
    assert!(page_content(&again, 1) == page_content(&issued, 1));
    let texts: Vec<&str> = description.texts().collect();
    for text in [
        "山田　花子",
        "YAMADA HANAKO",
        "TK1234567",
        "EY2173",
        "3004667",
        "東京都千代田区長",
        "Mayor of Chiyoda-ku, Tokyo",
    ] {
        assert!(texts.contains(&text), "{text}");
    }
}

#[test]
fn the_codes_are_the_signed_ones_large_enough_and_alone() {
    for form in [Form::Domestic, Form::Overseas] {
        for doses in 1..=8 {
            let sealed = sealed(&with_doses(form, doses));
            let description = PRESS.describe(&sealed).unwrap();
            let codes: Vec<&Code> = description.codes().collect();
            let texts: Vec<&str> = codes.iter().map(|code| code.text.as_str()).collect();
            assert_eq!(texts, std::iter::once(sealed.health_card()).chain(sealed.vds_nc()).collect::<Vec<_>>());
            for code in codes {
                assert_placed(code, &description);
            }
        }
    }
}

/// The side is about a quarter of the page's width, its modules are 0.3 mm at least, the edges are 10 mm away, no fold runs
/// through it of a sheet folded into two, three or four, and nothing is drawn into the quiet zone.
fn assert_placed(code: &Code, description: &PageDescription) {
    let extent = symbol::modules(&code.text, code.level).unwrap() * usize::from(code.module);
    let dots = |millimetres: f64| millimetres * 600.0 / 25.4;
    assert!((dots(50.0)..=dots(59.0)).contains(&(extent as f64)), "{extent}");
    assert!(f64::from(code.module) >= dots(0.3), "{}", code.module);
    let quiet = f64::from(code.module) * 4.0;
    let (left, top) = (f64::from(code.x) - quiet, f64::from(code.y) - quiet);
    let (right, bottom) = (f64::from(code.x) + extent as f64 + quiet, f64::from(code.y) + extent as f64 + quiet);
    assert!(left + quiet >= dots(10.0) && top + quiet >= dots(10.0));
    assert!(right - quiet <= f64::from(PAGE.0) - dots(10.0) && bottom - quiet <= f64::from(PAGE.1) - dots(10.0));
    let (width, height) = (f64::from(PAGE.0), f64::from(PAGE.1));
    for part in [1.0 / 2.0, 1.0 / 3.0, 2.0 / 3.0, 1.0 / 4.0, 3.0 / 4.0] {
        // Nobody folds more exactly than to a millimetre.
        let fold = height * part;
        assert!(fold + dots(1.0) < top || fold - dots(1.0) > bottom, "a fold at {part} of the height");
    }
    assert!(width / 2.0 + dots(1.0) < left || width / 2.0 - dots(1.0) > right, "a fold along the page");
    let faces = PRESS.typefaces.faces().unwrap();
    for item in description.items() {
        let (x0, y0, x1, y1) = match item {
            Item::Text(run) => {
                let size = f64::from(run.size) / 100.0 / 72.0 * 600.0;
                let length = f64::from(faces.width(&run.text, run.font).unwrap()) / 1000.0 * size;
                let (x, y) = (f64::from(run.x), f64::from(run.baseline));
                (x, y - 0.88 * size, x + length, y + 0.12 * size)
            }
            Item::Area(area) if area.tint > 0 => {
                let (x, y) = (f64::from(area.x), f64::from(area.y));
                (x, y, x + f64::from(area.width), y + f64::from(area.height))
            }
            Item::Area(_) | Item::Code(_) => continue,
        };
        assert!(x1 <= left || x0 >= right || y1 <= top || y0 >= bottom, "something lies in the quiet zone");
    }
}

#[test]
fn the_scramble_field_is_one_picture_module_for_module() {
    let sealed = sealed(&content(Form::Domestic));
    let description = PRESS.describe(&sealed).unwrap();
    let keys = scramble::tests::keys(7);
    let field =
        scramble::picture(&scramble::seal(&description.to_bytes(), &sealed.content().certificate, &keys).unwrap());
    let file = load(&PRESS.render(&sealed).unwrap());
    let width = i64::from(canvas::length(field.width()));
    let pictures: Vec<&Stream> = file
        .objects
        .values()
        .filter_map(|object| object.as_stream().ok())
        .filter(|stream| stream.dict.get(b"Width").and_then(Object::as_i64).ok() == Some(width))
        .collect();
    assert_eq!(pictures.len(), 1);
    let picture = pictures[0];
    assert_eq!(picture.dict.get(b"Height").unwrap().as_i64().unwrap(), i64::from(canvas::length(field.height())));
    assert!(picture.dict.get(b"ImageMask").unwrap().as_bool().unwrap());
    assert!(!picture.dict.get(b"Interpolate").unwrap().as_bool().unwrap());
    let content = picture.decompressed_content().unwrap_or_else(|_| picture.content.clone());
    assert!(content == field.bytes());
}

#[test]
fn more_doses_than_the_page_holds_are_refused() {
    let content = with_doses(Form::Domestic, 9);
    assert!(matches!(PRESS.render(&sealed(&content)), Err(DocumentError::Front(FrontError::Doses))));
}

#[test]
fn a_name_that_cannot_be_drawn_is_refused_and_a_rare_one_is_not() {
    assert!(PRESS.is_drawable("葛\u{E0100}城（旧姓髙﨑）　𠮷子"));
    assert!(!PRESS.is_drawable("山\u{E01EF}"));
    let mut content = content(Form::Domestic);
    content.name = "山\u{E01EF}田　花子".to_owned();
    let refused = PRESS.render(&sealed(&content));
    assert!(matches!(refused, Err(DocumentError::Front(FrontError::Item { item: "name", .. }))));
}

#[test]
fn every_municipality_fits_its_line() {
    let mut content = content(Form::Domestic);
    for municipality in shared::domain::municipality::all().filter(|m| m.name.chars().count() >= 6) {
        content.municipality = shared::domain::identifiers::MunicipalityCode::parse(municipality.code).unwrap();
        assert!(PRESS.describe(&sealed(&content)).is_ok(), "{}", municipality.name);
    }
}

#[test]
fn a_glyph_that_stands_for_two_texts_has_two_numbers() {
    let faces = PRESS.typefaces.faces().unwrap();
    let mut canvas = Canvas::new(&faces, &PRESS.stock);
    let sequences = ('\u{E0100}'..='\u{E0110}').map(|selector| format!("葛{selector}"));
    let plain = faces.shape("葛", Font::Names).unwrap()[0].id;
    let same = sequences
        .into_iter()
        .find(|text| faces.shape(text, Font::Names).is_ok_and(|glyphs| glyphs[0].id == plain))
        .unwrap();
    let run = |text: &str| {
        Item::Text(TextRun { x: 100, baseline: 100, size: 1000, font: Font::Names, text: text.to_owned() })
    };
    canvas.items(&[run("葛葛"), run(&same), run("葛")]).unwrap();
    let texts = canvas.glyphs.own_texts(Font::Names);
    assert_eq!(texts, ["葛", same.as_str()]);
}
