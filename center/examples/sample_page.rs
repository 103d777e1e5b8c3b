//! Writes sample certificates: `cargo run -p center --example sample_page -- DIRECTORY`.

use std::error::Error;
use std::path::PathBuf;

use center::certificate::Certificate;
use center::document::Press;
use center::document::typeface::TypefaceFiles;
use center::scramble::ScrambleKeys;
use center::signer::{KeyFiles, SigningKeys, seal};
use jiff::civil::date;
use ring::rand::SystemRandom;
use shared::domain::certificate::{Content, Form, PrintedDose, PrintedPassport};
use shared::domain::identifiers::{CertificateId, MunicipalityCode};
use shared::domain::passport::PassportNumber;
use shared::domain::person::Sex;
use shared::domain::vaccine::Product;
use shared::proof::HolderDigest;

const KEYS: KeyFiles<'_> = KeyFiles {
    issuer: "https://center.konbini.example/issuer",
    health_card_key: include_bytes!("../testdata/health-card.key"),
    barcode_signer: include_bytes!("../testdata/barcode-signer.pem"),
    barcode_signer_key: include_bytes!("../testdata/barcode-signer.key"),
};

fn main() -> Result<(), Box<dyn Error>> {
    let directory: PathBuf = std::env::args_os().nth(1).ok_or("usage: sample_page DIRECTORY")?.into();
    let rng = SystemRandom::new();
    let keys = SigningKeys::load(&KEYS, &rng)?;
    let scramble = ScrambleKeys::new(&[7; 32], &pem::parse(KEYS.health_card_key)?.into_contents())?;
    let press = Press::new(&TypefaceFiles::default(), scramble)?;
    for (name, content) in samples()? {
        let reviewed = Certificate::new(content.clone(), HolderDigest([7; 32]))
            .review(&content, |text| press.is_drawable(text))?;
        let sealed = seal(reviewed, &keys, "2022-10-03T01:00:00Z".parse()?, &rng)?;
        std::fs::write(directory.join(format!("{name}.health-card.txt")), sealed.health_card())?;
        std::fs::write(directory.join(format!("{name}.vds-nc.txt")), sealed.vds_nc().unwrap_or_default())?;
        std::fs::write(directory.join(format!("{name}.pdf")), press.render(&sealed)?.bytes())?;
    }
    Ok(())
}

fn samples() -> Result<Vec<(&'static str, Content)>, Box<dyn Error>> {
    let usual = [Product::Comirnaty, Product::Comirnaty, Product::Spikevax, Product::ComirnatyBa45];
    let rare = "禰󠄀豆󠄀子葛󠄀城𠮷田髙﨑（旧姓齋藤）　マリアマグダレーナ薔薇子龍馬之介";
    let roman = ("WOLFESCHLEGELSTEINHAUSENBERGERDORFF", "MARIA MAGDALENA HANAKO ELISABETH");
    let child = [Product::ComirnatyBa45Infant, Product::ComirnatyChild, Product::ComirnatyBa45Child];
    Ok(vec![
        ("domestic", content(Form::Domestic, ("山田　花子", "YAMADA", "HANAKO"), &usual[..2], "131016")?),
        ("overseas", content(Form::Overseas, ("山田　花子", "YAMADA", "HANAKO"), &usual[..4], "131016")?),
        ("rare", content(Form::Overseas, (rare, roman.0, roman.1), &Product::ALL[8..13], "194301")?),
        ("eight", content(Form::Overseas, ("山田　花子", "YAMADA", "HANAKO"), &Product::ALL[5..13], "131016")?),
        ("child", content(Form::Domestic, ("佐藤　そら", "SATO", "SORA"), &child, "473081")?),
        ("full", content(Form::Domestic, (rare, roman.0, roman.1), &Product::ALL[..8], "194301")?),
    ])
}

fn content(
    form: Form,
    (name, surname, given): (&str, &str, &str),
    products: &[Product],
    municipality: &str,
) -> Result<Content, Box<dyn Error>> {
    let dose = |(number, product): (u8, &Product)| PrintedDose {
        number,
        date: date(2021, 3, 1).saturating_add(jiff::Span::new().weeks(i32::from(number) * 9)),
        product: *product,
        lot: format!("FA{}", 1237 * u32::from(number)),
        country: "JPN".to_owned(),
    };
    let passport = (form == Form::Overseas)
        .then(|| -> Result<PrintedPassport, Box<dyn Error>> {
            Ok(PrintedPassport {
                surname: surname.to_owned(),
                given: given.to_owned(),
                nationality: "JPN".to_owned(),
                number: PassportNumber::parse("TK1234567")?,
            })
        })
        .transpose()?;
    Ok(Content {
        form,
        name: name.to_owned(),
        birth_date: date(1985, 4, 12),
        sex: Sex::Female,
        passport,
        doses: (1..).zip(products).map(dose).collect(),
        certificate: CertificateId::from_number(0x0042_3456_789A_BCDE),
        issued_on: date(2022, 10, 3),
        municipality: MunicipalityCode::parse(municipality)?,
    })
}
