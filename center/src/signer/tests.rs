//! Tests of sealing, and sealed certificates for the tests of other modules.

use jiff::civil::date;
use ring::rand::SystemRandom;
use shared::domain::certificate::PrintedDose;
use shared::domain::identifiers::{CertificateId, MunicipalityCode};
use shared::domain::passport::PassportNumber;
use shared::domain::vaccine::Product;
use shared::proof::HolderDigest;

use super::*;
use crate::certificate::Certificate;

const FILES: KeyFiles<'_> = KeyFiles {
    issuer: "https://center.konbini.example/issuer",
    health_card_key: include_bytes!("../../testdata/health-card.key"),
    barcode_signer: include_bytes!("../../testdata/barcode-signer.pem"),
    barcode_signer_key: include_bytes!("../../testdata/barcode-signer.key"),
};

pub(crate) fn keys() -> SigningKeys {
    SigningKeys::load(&FILES, &SystemRandom::new()).unwrap()
}

/// A certificate with two doses.
pub(crate) fn content(form: Form) -> Content {
    let dose = |number: u8, product, lot: &str| PrintedDose {
        number,
        date: date(2021, 4, 20).saturating_add(jiff::Span::new().weeks(i32::from(number) * 3)),
        product,
        lot: lot.to_owned(),
        country: "JPN".to_owned(),
    };
    Content {
        form,
        name: "山田　花子".to_owned(),
        birth_date: date(1985, 4, 12),
        sex: Sex::Female,
        passport: (form == Form::Overseas).then(|| PrintedPassport {
            surname: "YAMADA".to_owned(),
            given: "HANAKO".to_owned(),
            nationality: "JPN".to_owned(),
            number: PassportNumber::parse("TK1234567").unwrap(),
        }),
        doses: vec![dose(1, Product::Comirnaty, "EY2173"), dose(2, Product::Spikevax, "3004667")],
        certificate: CertificateId::from_number(0x0012_3456_789A_BCDE),
        issued_on: date(2022, 10, 3),
        municipality: MunicipalityCode::parse("131016").unwrap(),
    }
}

/// Seals a content at the world's usual time.
pub(crate) fn sealed(content: &Content) -> SealedCertificate {
    seal(reviewed(content), &keys(), issued_at(), &SystemRandom::new()).unwrap()
}

fn reviewed(content: &Content) -> ReviewedCertificate {
    Certificate::new(content.clone(), HolderDigest([7; 32])).review(content, |_| true).unwrap()
}

fn issued_at() -> Timestamp {
    "2022-10-03T01:00:00Z".parse().unwrap()
}

#[test]
fn a_domestic_certificate_carries_one_code_and_an_overseas_one_two() {
    let domestic = sealed(&content(Form::Domestic));
    assert!(domestic.health_card().starts_with("shc:/") && domestic.vds_nc().is_none());
    let overseas = sealed(&content(Form::Overseas));
    assert!(overseas.vds_nc().unwrap().starts_with("{\"data\":{\"hdr\":{\"is\":\"JPN\""));
    assert_eq!(overseas.holder(), HolderDigest([7; 32]));
}

#[test]
fn codes_of_another_content_are_refused() {
    type Change = fn(&mut Content);
    let changes: [Change; 11] = [
        |c| c.name = "山田　華子".to_owned(),
        |c| c.birth_date = date(1985, 4, 13),
        |c| c.sex = Sex::Male,
        |c| c.doses[1].lot = "3004668".to_owned(),
        |c| c.doses[1].product = Product::SpikevaxBa1,
        |c| c.doses[0].date = date(2021, 5, 12),
        |c| c.doses.truncate(1),
        |c| c.certificate = CertificateId::from_number(1),
        |c| c.passport.as_mut().unwrap().number = PassportNumber::parse("TK7654321").unwrap(),
        |c| c.passport.as_mut().unwrap().given = "HANAE".to_owned(),
        |c| c.doses[0].country = "USA".to_owned(),
    ];
    let keys = keys();
    let own = sealed(&content(Form::Overseas));
    assert_eq!(accept(own.content(), own.health_card(), own.vds_nc(), &keys), Ok(()));
    for (index, change) in changes.into_iter().enumerate() {
        let mut other = content(Form::Overseas);
        change(&mut other);
        let refused = accept(&other, own.health_card(), own.vds_nc(), &keys);
        assert!(matches!(refused, Err(SealError::Confused(_))), "change {index}: {refused:?}");
    }
}

#[test]
fn one_code_of_another_certificate_is_refused() {
    let keys = keys();
    let own = sealed(&content(Form::Overseas));
    let mut other = content(Form::Overseas);
    other.doses[0].lot = "EY2174".to_owned();
    let other = sealed(&other);
    assert_eq!(accept(own.content(), own.health_card(), other.vds_nc(), &keys), Err(SealError::Confused("VDS-NC")));
    assert_eq!(
        accept(own.content(), other.health_card(), own.vds_nc(), &keys),
        Err(SealError::Confused("health card"))
    );
    assert_eq!(accept(own.content(), own.health_card(), None, &keys), Err(SealError::Confused("form")));
}

#[test]
fn a_form_without_its_passport_data_is_refused() {
    let mut content = content(Form::Overseas);
    content.passport = None;
    let refused = seal(reviewed(&content), &keys(), issued_at(), &SystemRandom::new());
    assert!(matches!(refused, Err(SealError::Confused("form"))));
}

#[test]
fn a_lot_that_the_seal_cannot_carry_is_refused() {
    let mut content = content(Form::Overseas);
    content.doses[0].lot = "EY2173（1）".to_owned();
    let refused = seal(reviewed(&content), &keys(), issued_at(), &SystemRandom::new());
    assert!(matches!(refused, Err(SealError::VdsNc(EncodeError::Letters("lot")))));
}

#[test]
fn an_expired_signer_seals_nothing() {
    let late: Timestamp = "2033-01-01T00:00:01Z".parse().unwrap();
    let refused = seal(reviewed(&content(Form::Overseas)), &keys(), late, &SystemRandom::new());
    assert!(matches!(refused, Err(SealError::SignerExpired)));
    assert!(seal(reviewed(&content(Form::Domestic)), &keys(), late, &SystemRandom::new()).is_ok());
}

#[test]
fn a_certificate_of_another_key_is_not_loaded() {
    let files = KeyFiles { barcode_signer_key: FILES.health_card_key, ..FILES };
    assert_eq!(SigningKeys::load(&files, &SystemRandom::new()).unwrap_err(), KeyError::Mismatch);
    let files = KeyFiles { health_card_key: b"no key", ..FILES };
    assert_eq!(SigningKeys::load(&files, &SystemRandom::new()).unwrap_err(), KeyError::Key("health card's key"));
    let files = KeyFiles { issuer: "https://center.konbini.example/issuer/", ..FILES };
    assert_eq!(SigningKeys::load(&files, &SystemRandom::new()).unwrap_err(), KeyError::Issuer);
}

#[test]
fn the_published_key_reads_the_card() {
    let sealed = sealed(&content(Form::Domestic));
    let jwks = keys().jwks();
    let published: Vec<PublicKey> = jwks.keys.iter().filter_map(PublicKey::from_jwk).collect();
    assert!(HealthCard::verify(sealed.health_card(), &published).is_ok());
}
