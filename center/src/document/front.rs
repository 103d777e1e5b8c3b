//! The front of the vaccination certificate, both forms, set out as a page description.

use jiff::civil::Date;
use shared::domain::certificate::{Content, Form, MAXIMUM_DOSES, PrintedDose, PrintedPassport};
use shared::domain::identifiers::{CertificateId, MunicipalityCode};
use shared::domain::municipality::{self, Municipality};
use shared::domain::passport::PassportNumber;
use shared::domain::person::Sex;
use shared::domain::vaccine::Product;
use shared::qr::health_card;

use super::description::PageDescription;
use super::romanization;
use super::sheet::{Align, LayoutError, Place, Sheet, Style};
use super::symbol::Level;
use super::typeface::{Faces, Font};
use crate::certificate::PrintedCodes;

/// Why a certificate cannot be set out. Names the item, not its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrontError {
    /// An item cannot be set.
    #[error("the item {item} cannot be set")]
    Item {
        /// Which.
        item: &'static str,
        /// Why.
        #[source]
        source: LayoutError,
    },
    /// More doses than the page holds.
    #[error("more doses than the page holds")]
    Doses,
    /// No municipality has the code.
    #[error("no municipality has the code")]
    Municipality,
    /// The description exceeds the page.
    #[error("the description exceeds the page")]
    Description,
}

/// Sets out the front.
pub fn compose(content: &Content, codes: PrintedCodes<'_>, faces: &Faces<'_>) -> Result<PageDescription, FrontError> {
    if content.doses.is_empty() || content.doses.len() > MAXIMUM_DOSES {
        return Err(FrontError::Doses);
    }
    let municipality = municipality::find(&content.municipality).ok_or(FrontError::Municipality)?;
    let mut sheet = Sheet::new(faces);
    heading(&mut sheet, content).map_err(item("heading"))?;
    let below = person(&mut sheet, content)?;
    doses(&mut sheet, content, below + 4.0)?;
    issuers(&mut sheet, content, municipality).map_err(item("issuers"))?;
    draw_codes(&mut sheet, codes)?;
    PageDescription::new(sheet.into_items()).ok().ok_or(FrontError::Description)
}

/// Contents that between them show every fixed text and every product; what they say of a person means nothing.
pub fn specimens() -> Vec<(Content, PrintedCodes<'static>)> {
    let day = Date::constant(2022, 10, 3);
    let of = |form: Form, products: &[Product]| -> Option<(Content, PrintedCodes<'static>)> {
        let doses = (1..).zip(products).map(|(number, product)| PrintedDose {
            number,
            date: day,
            product: *product,
            lot: String::from("0"),
            country: String::from("JPN"),
        });
        let passport = PrintedPassport {
            surname: String::from("A"),
            given: String::from("A"),
            nationality: String::from("JPN"),
            number: PassportNumber::parse("TK1234567").ok()?,
        };
        let content = Content {
            form,
            name: String::new(),
            birth_date: day,
            sex: Sex::Female,
            passport: (form == Form::Overseas).then_some(passport),
            doses: doses.collect(),
            certificate: CertificateId::from_number(0),
            issued_on: day,
            municipality: MunicipalityCode::parse("131016").ok()?,
        };
        let vds_nc = if form == Form::Overseas { Some("{}") } else { None };
        Some((content, PrintedCodes { health_card: "shc:/0", vds_nc }))
    };
    [Form::Domestic, Form::Overseas]
        .into_iter()
        .flat_map(|form| Product::ALL.chunks(MAXIMUM_DOSES).filter_map(move |products| of(form, products)))
        .collect()
}

fn item(item: &'static str) -> impl Fn(LayoutError) -> FrontError {
    move |source| FrontError::Item { item, source }
}

const LEFT: f32 = 16.0;
const WIDTH: f32 = 178.0;
const HAIRLINE: f32 = 0.12;
const LINE: f32 = 0.3;

const LABEL: Style = Style::new(Font::Labels, 8.0);
const SMALL: Style = Style::new(Font::Labels, 6.5);
const VALUE: Style = Style::new(Font::Text, 11.0);
const CELL: Style = Style::new(Font::Text, 9.0).aligned(Align::Center);
const CELL_ENGLISH: Style = Style::new(Font::Text, 7.5).aligned(Align::Center);

fn heading(sheet: &mut Sheet<'_>, content: &Content) -> Result<(), LayoutError> {
    let (japanese, english) = match content.form {
        Form::Domestic => ("日本国内用", "For use in Japan"),
        Form::Overseas => ("海外用及び日本国内用", "For use abroad and in Japan"),
    };
    sheet.text(Place::new(LEFT, 13.0, 70.0, 4.5), LABEL.aligned(Align::Left), japanese)?;
    sheet.text(Place::new(LEFT, 17.0, 70.0, 4.0), SMALL, english)?;
    let id = spaced(content.certificate.as_str());
    sheet.text(Place::new(LEFT + 88.0, 13.0, 50.0, 4.5), LABEL.aligned(Align::Right), "証明書ID")?;
    sheet.text(Place::new(LEFT + 88.0, 17.0, 50.0, 4.0), SMALL.aligned(Align::Right), "Certificate ID")?;
    sheet.text(Place::new(LEFT + 140.0, 13.0, 38.0, 8.0), VALUE.aligned(Align::Right), &id)?;
    let title = Style::new(Font::Text, 21.0).aligned(Align::Center);
    sheet.text(Place::new(LEFT, 24.5, WIDTH, 10.0), title, "新型コロナウイルス感染症予防接種証明書")?;
    let title = Style::new(Font::Text, 14.0).aligned(Align::Center);
    sheet.text(Place::new(LEFT, 34.0, WIDTH, 7.0), title, "Vaccination Certificate of COVID-19")?;
    sheet.horizontal(LEFT + 34.0, 42.6, WIDTH - 68.0, HAIRLINE * 2.0);
    Ok(())
}

/// Draws the table of the person; gives the place below it.
fn person(sheet: &mut Sheet<'_>, content: &Content) -> Result<f32, FrontError> {
    let mut rows: Vec<(&'static str, (&str, &str), String, Font)> =
        vec![("name", ("氏名", "Name"), content.name.clone(), Font::Names)];
    if let Some(passport) = &content.passport {
        let roman = [passport.surname.as_str(), passport.given.as_str()].join(" ");
        rows.push(("roman name", ("ローマ字氏名", "Name in roman letters"), roman, Font::Text));
    }
    rows.push(("birth date", ("生年月日", "Date of birth"), date(content.birth_date), Font::Text));
    if let Some(passport) = &content.passport {
        rows.push(("nationality", ("国籍・地域", "Nationality / Region"), country(&passport.nationality), Font::Text));
        rows.push((
            "passport number",
            ("旅券番号", "Passport number"),
            passport.number.as_str().to_owned(),
            Font::Text,
        ));
    }
    let height = if rows.len() == 2 { 10.0 } else { 8.2 };
    let top = 47.0;
    let whole = Place::new(LEFT, top, WIDTH, height * rows.len() as f32);
    for (index, (name, (japanese, english), value, font)) in rows.iter().enumerate() {
        let row = Place { y: top + height * index as f32, height, ..whole };
        let label = Place { width: 48.0, ..row }.inset(3.0, 0.0);
        sheet.text(label.between(0.08, 0.56), LABEL, japanese).map_err(item("label"))?;
        sheet.text(label.between(0.54, 0.94), SMALL, english).map_err(item("label"))?;
        let size = if *font == Font::Names { 14.0 } else { VALUE.size };
        let value_place = Place { x: LEFT + 48.0, width: WIDTH - 48.0, ..row }.inset(4.0, 1.0);
        sheet.text(value_place, Style { font: *font, size, ..VALUE }, value).map_err(item(name))?;
        if index > 0 {
            sheet.horizontal(LEFT, row.y, WIDTH, HAIRLINE);
        }
    }
    sheet.vertical(LEFT + 48.0, top, whole.height, HAIRLINE);
    frame(sheet, whole);
    Ok(top + whole.height)
}

/// Columns of the doses: their heads, and their widths together [`WIDTH`].
const COLUMNS: [((&str, &str), f32); 7] = [
    (("回数", "Dose"), 10.0),
    (("接種年月日", "Date of vaccination"), 26.0),
    (("ワクチンの種類", "Type of vaccine"), 32.0),
    (("メーカー", "Manufacturer"), 31.0),
    (("製品名", "Product"), 44.0),
    (("製造番号", "Lot number"), 21.0),
    (("接種国", "Country"), 14.0),
];

fn doses(sheet: &mut Sheet<'_>, content: &Content, top: f32) -> Result<(), FrontError> {
    let statement = Place::new(LEFT, top, WIDTH, 8.0);
    let japanese = "上記の者が、次のとおり新型コロナウイルス感染症の予防接種を受けたことを証明する。";
    let english = "This is to certify that the person named above has been vaccinated against COVID-19 as follows.";
    sheet.text(statement.between(0.0, 0.55), Style { size: 9.0, ..VALUE }, japanese).map_err(item("statement"))?;
    sheet.text(statement.between(0.52, 1.0), Style { size: 8.0, ..VALUE }, english).map_err(item("statement"))?;
    let count = content.doses.len();
    let height = if count > 5 { 8.6 } else { 10.0 };
    let head = Place::new(LEFT, top + 10.0, WIDTH, 8.6);
    let whole = Place { height: head.height + height * count as f32, ..head };
    let mut x = LEFT;
    for ((japanese, english), width) in COLUMNS {
        let cell = Place { x, width, ..head }.inset(0.8, 0.0);
        sheet.text(cell.between(0.08, 0.58), LABEL.aligned(Align::Center), japanese).map_err(item("label"))?;
        sheet.text(cell.between(0.54, 0.94), SMALL.aligned(Align::Center), english).map_err(item("label"))?;
        if x > LEFT {
            sheet.vertical(x, head.y, whole.height, HAIRLINE);
        }
        x += width;
    }
    for (index, dose) in content.doses.iter().enumerate() {
        let row = Place { y: head.y + head.height + height * index as f32, height, ..head };
        sheet.horizontal(LEFT, row.y, WIDTH, HAIRLINE);
        dose_row(sheet, row, dose)?;
    }
    frame(sheet, whole);
    let end = Place::new(LEFT, whole.y + whole.height + 1.2, WIDTH, 3.6);
    sheet.text(end, SMALL.aligned(Align::Center), "―――  以下余白  End of record  ―――").map_err(item("end"))
}

fn dose_row(sheet: &mut Sheet<'_>, row: Place, dose: &PrintedDose) -> Result<(), FrontError> {
    let naming = dose.product.naming();
    let number = dose.number.to_string();
    let cells: [(&'static str, String, String); 7] = [
        ("dose number", number, String::new()),
        ("dose date", japanese_date(dose.date), dose.date.to_string()),
        ("kind", naming.kind_japanese.to_owned(), naming.kind_english.to_owned()),
        ("maker", naming.maker_japanese.to_owned(), naming.maker_english.to_owned()),
        ("product", naming.japanese.to_owned(), naming.english.to_owned()),
        ("lot", dose.lot.clone(), String::new()),
        ("country", japanese_country(&dose.country).to_owned(), dose.country.clone()),
    ];
    let mut x = LEFT;
    for ((name, japanese, english), (_, width)) in cells.iter().zip(COLUMNS) {
        let cell = Place { x, width, ..row }.inset(0.8, 0.3);
        x += width;
        if english.is_empty() || japanese.is_empty() {
            let only = if english.is_empty() { japanese } else { english };
            sheet.text(cell, CELL, only).map_err(item(name))?;
        } else {
            sheet.text(cell.between(0.04, 0.54), CELL, japanese).map_err(item(name))?;
            sheet.text(cell.between(0.54, 0.98), CELL_ENGLISH, english).map_err(item(name))?;
        }
    }
    Ok(())
}

/// Below every fold of a sheet that is folded across once, into three or into four (222.75 mm): along a fold ink cracks
/// off, and the two halves of a code no longer lie on one grid.
const CODES_TOP: f32 = 227.0;
/// The room of the codes, beside the middle of the page: a sheet folded once along its length is not folded there either.
/// They fill it, because the larger a module is, the less a printer that thickens every edge changes it.
const FIRST_CODE: Place = Place::new(LEFT + 2.0, CODES_TOP, 56.0, 59.0);
const SECOND_CODE: Place = Place::new(LEFT + 117.0, CODES_TOP, 59.0, 59.0);
/// The column between the codes; their quiet zones and 2 mm lie beside it.
const BETWEEN_CODES: Place = Place::new(LEFT + 62.0, CODES_TOP, 51.0, 56.0);

fn draw_codes(sheet: &mut Sheet<'_>, codes: PrintedCodes<'_>) -> Result<(), FrontError> {
    let level = Level::from(health_card::error_correction(codes.health_card));
    sheet.code(FIRST_CODE, Align::Left, level, codes.health_card).map_err(item("health card"))?;
    let beside = Place { height: 8.0, ..BETWEEN_CODES };
    caption(sheet, beside, Align::Left, ("日本国内・海外用", "SMART Health Card"))?;
    if let Some(text) = codes.vds_nc {
        sheet.code(SECOND_CODE, Align::Right, Level::M, text).map_err(item("VDS-NC"))?;
        let beside = Place { y: beside.y + 10.0, ..beside };
        caption(sheet, beside, Align::Right, ("海外渡航用", "ICAO VDS-NC"))?;
    }
    let room = if codes.vds_nc.is_some() { BETWEEN_CODES.width } else { LEFT + WIDTH - BETWEEN_CODES.x };
    remarks(sheet, Place { width: room, ..BETWEEN_CODES }.between(0.42, 1.0)).map_err(item("remarks"))
}

fn caption(
    sheet: &mut Sheet<'_>,
    place: Place,
    align: Align,
    (japanese, english): (&str, &str),
) -> Result<(), FrontError> {
    sheet.text(place.between(0.0, 0.5), LABEL.aligned(align), japanese).map_err(item("caption"))?;
    sheet.text(place.between(0.5, 1.0), SMALL.aligned(align), english).map_err(item("caption"))
}

fn remarks(sheet: &mut Sheet<'_>, place: Place) -> Result<(), LayoutError> {
    sheet.horizontal(place.x, place.y, place.width, HAIRLINE);
    let below = place.inset(0.0, 2.0);
    let japanese = "この証明書に有効期限はありません。裏面のスクランブル画像と二次元コードにより、記載内容が改ざんされていないことを確認できます。";
    let english = "This certificate does not expire. The scrambled picture on the back and the codes show whether its content was altered.";
    sheet.paragraph(below.between(0.0, 0.48), SMALL.led(1.35), japanese)?;
    sheet.paragraph(below.between(0.52, 1.0), SMALL.led(1.35), english)
}

/// Below the last line of eight doses, above the codes.
const ISSUERS_TOP: f32 = 187.5;

fn issuers(sheet: &mut Sheet<'_>, content: &Content, municipality: &Municipality) -> Result<(), LayoutError> {
    let left = Place::new(LEFT, ISSUERS_TOP, 62.0, 32.0);
    let right = Place { x: LEFT + 70.0, width: WIDTH - 70.0, ..left };
    let row = |column: Place, from: f32, height: f32| Place { y: column.y + from, height, ..column };
    sheet.text(row(left, 0.0, 4.5), LABEL, "発行年月日")?;
    sheet.text(row(left, 4.0, 3.6), SMALL, "Date of issue")?;
    sheet.text(row(left, 8.4, 6.4), VALUE, &date(content.issued_on))?;
    sheet.text(row(right, 0.0, 4.5), LABEL, "発行者")?;
    sheet.text(row(right, 4.0, 3.6), SMALL, "Issued by")?;
    let prefecture = municipality.prefecture();
    let mayor = format!("{}{}長", prefecture.map_or("", |p| p.name), municipality.name);
    let english = match prefecture {
        Some(prefecture) => {
            let name = romanization::municipality(municipality);
            format!("Mayor of {name}, {}", romanization::prefecture(prefecture))
        }
        None => format!("Mayor of {}", romanization::municipality(municipality)),
    };
    sheet.text(row(right, 8.4, 6.4), Style { size: 13.0, ..VALUE }, &mayor)?;
    sheet.text(row(right, 14.6, 4.4), Style { size: 8.5, ..VALUE }, &english)?;
    sheet.text(row(right, 21.4, 6.4), Style { size: 13.0, ..VALUE }, "厚生労働大臣")?;
    sheet.text(row(right, 27.6, 4.4), Style { size: 8.5, ..VALUE }, "Minister of Health, Labour and Welfare of Japan")
}

fn frame(sheet: &mut Sheet<'_>, place: Place) {
    for y in [place.y, place.y + place.height] {
        sheet.horizontal(place.x - LINE / 2.0, y, place.width + LINE, LINE);
    }
    for x in [place.x, place.x + place.width] {
        sheet.vertical(x, place.y, place.height, LINE);
    }
}

/// `2022年10月3日 (2022-10-03)`
fn date(date: Date) -> String {
    format!("{} ({date})", japanese_date(date))
}

fn japanese_date(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

fn country(code: &str) -> String {
    match japanese_country(code) {
        "" => code.to_owned(),
        japanese => format!("{japanese} ({code})"),
    }
}

fn japanese_country(code: &str) -> &'static str {
    if code == "JPN" { "日本" } else { "" }
}

/// The id in groups of four.
fn spaced(id: &str) -> String {
    let mut text = String::new();
    for (index, character) in id.chars().enumerate() {
        if index > 0 && index % 4 == 0 {
            text.push(' ');
        }
        text.push(character);
    }
    text
}
