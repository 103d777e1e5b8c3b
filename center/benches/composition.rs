//! How long a document takes: `cargo bench --workspace --bench composition [-- WORD…]`. Prints medians of one thread, of
//! what is named by all the words alone if there are any.
#![expect(clippy::print_stdout, reason = "the report of a bench")]

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use center::certificate::{Certificate, SealedCertificate};
use center::document::Press;
use center::document::symbol::{self, Level};
use center::document::typeface::TypefaceFiles;
use center::scramble::{self, ScrambleKeys, originality};
use center::signer::{KeyFiles, SigningKeys, seal};
use jiff::civil::date;
use ring::rand::SystemRandom;
use shared::domain::certificate::{Content, Form, PrintedDose, PrintedPassport};
use shared::domain::identifiers::{CertificateId, MunicipalityCode};
use shared::domain::passport::PassportNumber;
use shared::domain::person::Sex;
use shared::domain::vaccine::Product;
use shared::proof::HolderDigest;

const RUNS: usize = 101;

const KEYS: KeyFiles<'_> = KeyFiles {
    issuer: "https://center.konbini.example/issuer",
    health_card_key: include_bytes!("../testdata/health-card.key"),
    barcode_signer: include_bytes!("../testdata/barcode-signer.pem"),
    barcode_signer_key: include_bytes!("../testdata/barcode-signer.key"),
};

fn main() -> Result<(), Box<dyn Error>> {
    let signer = pem::parse(KEYS.health_card_key)?.into_contents();
    let scramble_keys = ScrambleKeys::new(&[7; 32], &signer)?;
    let press = Press::new(&TypefaceFiles::default(), ScrambleKeys::new(&[7; 32], &signer)?)?;
    for (name, form) in [("domestic", Form::Domestic), ("overseas", Form::Overseas)] {
        let sealed = sealed(form)?;
        let description = press.describe(&sealed)?.to_bytes();
        let certificate = &sealed.content().certificate;
        report(name, "seal (sign both codes, check them)", || {
            black_box(self::sealed(form).is_ok());
        });
        report(name, "describe the front", || {
            black_box(press.describe(&sealed).is_ok());
        });
        report(name, "symbol of the health card", || {
            black_box(symbol::draw(sealed.health_card(), Level::M));
        });
        report(name, "seal the description", || {
            black_box(scramble::seal(&description, certificate, &scramble_keys).is_ok());
        });
        let sealed_description = scramble::seal(&description, certificate, &scramble_keys)?;
        report(name, "scramble picture", || {
            black_box(scramble::picture(&sealed_description));
        });
        report(name, "originality patch", || {
            black_box(originality::strips(certificate, &scramble_keys));
        });
        report(name, "whole document", || {
            black_box(press.render(&sealed).is_ok());
        });
        println!("{name:9} {:36} {:8} bytes", "size", press.render(&sealed)?.bytes().len());
    }
    Ok(())
}

fn report(name: &str, what: &str, mut run: impl FnMut()) {
    // `cargo bench` adds an option of its own.
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with("--"));
    if !words.all(|word| name == word || what.contains(&word)) {
        return;
    }
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort();
    let median = times.get(RUNS / 2).copied().unwrap_or_default();
    println!("{name:9} {what:36} {:8.2} ms", median.as_secs_f64() * 1000.0);
}

fn sealed(form: Form) -> Result<SealedCertificate, Box<dyn Error>> {
    let rng = SystemRandom::new();
    let keys = SigningKeys::load(&KEYS, &rng)?;
    let content = content(form)?;
    let reviewed = Certificate::new(content.clone(), HolderDigest([7; 32])).review(&content, |_| true)?;
    Ok(seal(reviewed, &keys, "2022-10-03T01:00:00Z".parse()?, &rng)?)
}

fn content(form: Form) -> Result<Content, Box<dyn Error>> {
    let products = [Product::Comirnaty, Product::Comirnaty, Product::Spikevax, Product::ComirnatyBa45];
    let dose = |(number, product): (u8, Product)| PrintedDose {
        number,
        date: date(2021, 3, 1).saturating_add(jiff::Span::new().weeks(i32::from(number) * 13)),
        product,
        lot: format!("FA{}", 1237 * u32::from(number)),
        country: "JPN".to_owned(),
    };
    let passport = PrintedPassport {
        surname: "YAMADA".to_owned(),
        given: "HANAKO".to_owned(),
        nationality: "JPN".to_owned(),
        number: PassportNumber::parse("TK1234567")?,
    };
    Ok(Content {
        form,
        name: "山田　花子".to_owned(),
        birth_date: date(1985, 4, 12),
        sex: Sex::Female,
        passport: (form == Form::Overseas).then_some(passport),
        doses: (1..).zip(products).map(dose).collect(),
        certificate: CertificateId::from_number(0x0042_3456_789A_BCDE),
        issued_on: date(2022, 10, 3),
        municipality: MunicipalityCode::parse("131016")?,
    })
}
