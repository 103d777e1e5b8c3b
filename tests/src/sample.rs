//! Certificates of many kinds from a number, drawn by the centre's press: what the paper's tests print.
#![expect(clippy::cast_possible_wrap, reason = "places on a page are small")]
#![expect(clippy::match_same_arms, reason = "a table, row by row")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use center::certificate::{Certificate, SealedCertificate};
use center::document::Press;
use center::document::back::{self, BackArtwork, Laid};
use center::document::description::{Code, Item, PAGE, PageDescription};
use center::document::symbol;
use center::document::typeface::TypefaceFiles;
use center::inspection::desk::Desk;
use center::inspection::{self, Comparison, Front, FrontDrawing as _, InspectionKeys, Inspector, IssueStatus};
use center::raster::Raster;
use center::scramble::{self, Geometry, Kind, OpeningKeys, ScrambleKeys};
use center::signer::{KeyFiles, SigningKeys, seal};
use jiff::civil::date;
use ring::rand::SystemRandom;
use shared::domain::certificate::{Content, Form, PrintedDose, PrintedPassport};
use shared::domain::identifiers::{CertificateId, MunicipalityCode};
use shared::domain::passport::PassportNumber;
use shared::domain::person::Sex;
use shared::domain::vaccine::Product;
use shared::proof::HolderDigest;

use crate::paper_channel::Picture;
use crate::paper_channel::texture::Chance;

/// Keys of the centre's own tests: they open nothing else.
const KEYS: KeyFiles<'_> = KeyFiles {
    issuer: "https://center.konbini.example/issuer",
    health_card_key: include_bytes!("../../center/testdata/health-card.key"),
    barcode_signer: include_bytes!("../../center/testdata/barcode-signer.pem"),
    barcode_signer_key: include_bytes!("../../center/testdata/barcode-signer.key"),
};

const SURNAMES: [(&str, &str); 12] = [
    ("山田", "YAMADA"),
    ("髙橋", "TAKAHASHI"),
    ("佐々木", "SASAKI"),
    ("渡邊", "WATANABE"),
    ("齋藤", "SAITO"),
    ("小林", "KOBAYASHI"),
    ("大森", "OMORI"),
    ("土屋", "TSUCHIYA"),
    ("未來", "MIKI"),
    ("長谷川", "HASEGAWA"),
    ("勅使河原", "TESHIGAWARA"),
    ("林", "HAYASHI"),
];

const GIVEN: [(&str, &str); 10] = [
    ("花子", "HANAKO"),
    ("太郎", "TARO"),
    ("大介", "DAISUKE"),
    ("未央", "MIO"),
    ("凛", "RIN"),
    ("健一", "KENICHI"),
    ("さくら", "SAKURA"),
    ("龍之介", "RYUNOSUKE"),
    ("千早", "CHIHAYA"),
    ("末男", "SUEO"),
];

/// A press with its keys, and what reads its paper back.
#[derive(Debug)]
pub struct Works {
    press: Press,
    signing: SigningKeys,
    scramble: ScrambleKeys,
    opening: OpeningKeys,
    /// What inspects the paper.
    pub keys: InspectionKeys,
}

/// A drawn certificate.
#[derive(Debug)]
pub struct Sample {
    /// The two-page PDF.
    pub pdf: Vec<u8>,
    /// What the scramble picture carries.
    pub description: Vec<u8>,
    /// Its codes, front to back.
    pub codes: Vec<PrintedCode>,
}

/// What a certificate is drawn from.
#[derive(Debug)]
pub struct Drawn {
    /// The front.
    pub description: PageDescription,
    /// What the back shows besides its texts.
    pub artwork: BackArtwork,
    /// The certificate's id.
    pub certificate: CertificateId,
}

/// A code on a page. Lengths are dots of 1/600 inch.
#[derive(Debug, Clone)]
pub struct PrintedCode {
    /// What kind of code it is.
    pub name: &'static str,
    /// Whether it stands on the back.
    pub is_behind: bool,
    /// From the page's left and upper edges to its first module.
    pub corner: (usize, usize),
    /// Its side without the quiet zone.
    pub side: usize,
    /// Of a module.
    pub module: usize,
    /// What it says.
    pub text: String,
}

/// A character replaced on a front.
#[derive(Debug)]
pub struct Forgery {
    /// The text in which it stood.
    pub text: String,
    /// What stood there.
    pub from: char,
    /// What stands there now.
    pub to: char,
}

impl Works {
    /// With the test keys.
    #[track_caller]
    pub fn new() -> Self {
        let signing = SigningKeys::load(&KEYS, &SystemRandom::new()).expect("the test keys");
        let scramble = || ScrambleKeys::new(&[7; 32], &der(KEYS.health_card_key)).expect("the test keys");
        let press = Press::new(&TypefaceFiles::default(), scramble()).expect("the typefaces: run `make setup`");
        let keys = InspectionKeys::new(scramble().opening(), &signing);
        Self { press, opening: scramble().opening(), keys, signing, scramble: scramble() }
    }

    /// The keys that open its scramble pictures.
    pub const fn opening(&self) -> &OpeningKeys {
        &self.opening
    }

    /// The certificate of a number.
    #[track_caller]
    pub fn sample(&self, number: u64) -> Sample {
        let sealed = self.seal(number);
        let Drawn { description, artwork, .. } = self.drawn_of(&sealed);
        let of_front = |(code, name): (&Code, &'static str)| PrintedCode {
            name,
            is_behind: false,
            corner: (code.x.into(), code.y.into()),
            side: symbol::modules(&code.text, code.level).expect("a symbol") * usize::from(code.module),
            module: code.module.into(),
            text: code.text.clone(),
        };
        let mut codes: Vec<PrintedCode> = description.codes().zip(["health card", "VDS-NC"]).map(of_front).collect();
        codes.push(inquiry(artwork));
        let pdf = self.press.render(&sealed).expect("a document").into_bytes();
        Sample { pdf, description: description.to_bytes(), codes }
    }

    /// What the certificate of a number is drawn from.
    #[track_caller]
    pub fn drawn(&self, number: u64) -> Drawn {
        self.drawn_of(&self.seal(number))
    }

    fn drawn_of(&self, sealed: &SealedCertificate) -> Drawn {
        let description = self.press.describe(sealed).expect("a front");
        let certificate = sealed.content().certificate.clone();
        let picture = scramble::seal(&description.to_bytes(), &certificate, &self.scramble).expect("it fits");
        Drawn { description, artwork: BackArtwork::new(&picture, &certificate, &self.scramble), certificate }
    }

    /// Composes the signed certificate of a number, anew each time.
    #[track_caller]
    pub fn composition(&self, number: u64) -> impl Fn() -> Vec<u8> {
        let sealed = self.seal(number);
        move || self.press.render(&sealed).expect("a document").into_bytes()
    }

    /// The numbers of all certificates of a form.
    pub fn numbers(form: Form) -> impl Iterator<Item = u64> {
        (1..).filter(move |number| content(*number).form == form)
    }

    /// A page with nothing on it but a scramble picture of a geometry, which carries these bytes.
    #[track_caller]
    pub fn dense_page(&self, geometry: Geometry, plain: &[u8], number: u64) -> Picture {
        let certificate = CertificateId::from_number(number);
        let content = (Kind::BilevelImage, plain);
        let sealed = scramble::seal_into(geometry, content, &certificate, &self.scramble).expect("it fits");
        let (modules, dots) = (scramble::picture(&sealed), geometry.module_pixels());
        let (width, height) = (usize::from(PAGE.0), usize::from(PAGE.1));
        let (left, top) = ((width - modules.width() * dots) / 2, (height - modules.height() * dots) / 2);
        Picture::from_pixels(width, height, |x, y| {
            let is_ink = x >= left && y >= top && modules.get((x - left) / dots, (y - top) / dots);
            u8::from(!is_ink) * u8::MAX
        })
    }

    fn seal(&self, number: u64) -> SealedCertificate {
        let content = content(number);
        let reviewed = Certificate::new(content.clone(), HolderDigest([7; 32]))
            .review(&content, |text| self.press.is_drawable(text))
            .expect("a certificate that passes its review");
        let at = "2022-10-03T01:00:00Z".parse().expect("a time");
        seal(reviewed, &self.signing, at, &SystemRandom::new()).expect("a signed certificate")
    }

    /// The front of a sample with one character of each of several texts replaced by one that looks like it; the codes
    /// stay. Also says what was replaced by what. Texts that the front has twice are left alone.
    #[track_caller]
    pub fn forge(&self, sample: &Sample, most: usize, chance: &mut Chance) -> (Vec<u8>, Vec<Forgery>) {
        let description = PageDescription::from_bytes(&sample.description).expect("a description");
        let mut items = description.items().to_vec();
        let mut forgeries = Vec::new();
        let mut places = replaceable(&items);
        while forgeries.len() < most && !places.is_empty() {
            let (item, letter, from) = *places.get(chance.below(places.len())).expect("something to forge");
            places.retain(|(other, ..)| *other != item);
            let others = alike(from);
            let to = others.chars().nth(chance.below(others.chars().count())).expect("a character alike");
            if let Some(Item::Text(run)) = items.get_mut(item) {
                let text = std::mem::take(&mut run.text);
                let (before, after) = (text.chars().take(letter), text.chars().skip(letter + 1));
                run.text = before.chain([to]).chain(after).collect();
                forgeries.push(Forgery { text, from, to });
            }
        }
        let forged = PageDescription::new(items).expect("a description");
        let front = self.press.front(&forged.to_bytes()).expect("the forged front");
        (front.pdf, forgeries)
    }

    /// The front of a sample, drawn anew from its description.
    #[track_caller]
    pub fn front(&self, sample: &Sample) -> Front {
        self.press.front(&sample.description).expect("a front")
    }

    /// Lays a page over a front that was issued; `None` if it is another page.
    pub fn compare(&self, issued: &Front, page: &Raster) -> Option<Comparison> {
        inspection::compare(issued, page, &self.press)
    }

    /// How much the word 複写 stands out on a presented front; `None` if it is another page.
    pub fn copy_word(&self, issued: &Front, page: &Raster) -> Option<f64> {
        inspection::copy_word(issued, page)
    }

    /// Inspects pages by a record that says they were issued.
    pub fn inspect(&self, pages: &[Raster]) -> inspection::report::Report {
        let status = |_: &CertificateId| IssueStatus::Issued;
        Inspector { keys: &self.keys, drawing: &self.press, status: &status }.verify(pages).report
    }

    /// A desk of the same keys.
    pub fn desk(self) -> Desk {
        Desk::new(self.keys, self.press)
    }
}

impl Default for Works {
    fn default() -> Self {
        Self::new()
    }
}

/// The QR beside the scramble picture, which is laid upon the back last.
fn inquiry(artwork: BackArtwork) -> PrintedCode {
    let text = artwork.qr_text.clone();
    let Some(Laid::Picture { modules, corner, module }) = back::laid(artwork).expect("a back").pop() else {
        panic!("the last thing on a back is its QR")
    };
    let (corner, module) = ((corner.0.into(), corner.1.into()), usize::from(module));
    PrintedCode { name: "inquiry", is_behind: true, corner, side: modules.width() * module, module, text }
}

/// A channel's picture as the centre takes pages.
#[track_caller]
pub fn raster(picture: &Picture) -> Raster {
    Raster::new(picture.width, picture.height, picture.pixels.clone()).expect("a picture has as many pixels as it says")
}

/// The bytes in a PEM file of one block.
fn der(pem: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(pem);
    let body: String = text.lines().filter(|line| !line.starts_with("-----")).collect();
    STANDARD.decode(body).expect("a PEM file")
}

/// Characters of the front that have others like them: the item's place, the character's, and the character.
fn replaceable(items: &[Item]) -> Vec<(usize, usize, char)> {
    let texts = || items.iter().filter_map(|item| if let Item::Text(run) = item { Some(&run.text) } else { None });
    let mut found = Vec::new();
    for (item, run) in items.iter().enumerate() {
        if let Item::Text(run) = run
            && texts().filter(|text| **text == run.text).count() == 1
        {
            let letters = run.text.chars().enumerate().filter(|(_, letter)| !alike(*letter).is_empty());
            found.extend(letters.map(|(at, letter)| (item, at, letter)));
        }
    }
    found
}

/// Characters that a forger would put in place of one, because they look like it.
const fn alike(letter: char) -> &'static str {
    match letter {
        '0' => "689",
        '1' => "74",
        '2' => "7",
        '3' => "8",
        '4' => "19",
        '5' => "6",
        '6' => "850",
        '7' => "1",
        '8' => "3069",
        '9' => "80",
        'A' => "R",
        'B' => "R",
        'E' => "F",
        'F' => "E",
        'O' => "QC",
        'C' => "G",
        'G' => "C",
        'K' => "R",
        'T' => "I",
        'I' => "T",
        '山' => "出",
        '田' => "由申",
        '大' => "太犬",
        '太' => "大犬",
        '木' => "本",
        '未' => "末",
        '末' => "未",
        '土' => "士",
        '千' => "干",
        '早' => "旱",
        '子' => "了",
        '林' => "杯",
        '日' => "目白",
        '月' => "目",
        '年' => "午",
        _ => "",
    }
}

/// One of several.
fn pick<T: Copy>(chance: &mut Chance, from: &[T]) -> T {
    *from.get(chance.below(from.len())).expect("there is one")
}

fn content(number: u64) -> Content {
    let chance = &mut Chance::new(number, 90);
    let form = if chance.happens(0.6) { Form::Overseas } else { Form::Domestic };
    let (surname, roman_surname) = pick(chance, &SURNAMES);
    let (given, roman_given) = pick(chance, &GIVEN);
    let products = [Product::Comirnaty, Product::Spikevax, Product::ComirnatyBa45];
    let doses = 1 + chance.below(5) as u8;
    let start = date(2021, 3, 1).saturating_add(jiff::Span::new().days(chance.below(200) as i64));
    let dose = |number: u8, chance: &mut Chance| PrintedDose {
        number,
        date: start.saturating_add(jiff::Span::new().days(i64::from(number) * 60 + chance.below(40) as i64)),
        product: pick(chance, &products),
        lot: format!("F{}{:04}", char::from(b'A' + chance.below(26) as u8), chance.below(10_000)),
        country: "JPN".to_owned(),
    };
    let doses = (1..=doses).map(|number| dose(number, chance)).collect();
    let passport = (form == Form::Overseas).then(|| PrintedPassport {
        surname: roman_surname.to_owned(),
        given: roman_given.to_owned(),
        nationality: "JPN".to_owned(),
        number: PassportNumber::parse(&format!("TK{:07}", chance.below(10_000_000))).expect("a passport number"),
    });
    Content {
        form,
        name: format!("{surname}\u{3000}{given}"),
        birth_date: date(1940, 1, 1).saturating_add(jiff::Span::new().days(chance.below(25_000) as i64)),
        sex: if chance.happens(0.5) { Sex::Female } else { Sex::Male },
        passport,
        doses,
        certificate: CertificateId::from_number(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 4),
        issued_on: date(2022, 10, 3),
        municipality: MunicipalityCode::parse("131016").expect("a municipality"),
    }
}
