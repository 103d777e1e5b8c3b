//! Contents and keys for the tests of both codes.

use jiff::civil::date;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};

use super::public_key::PublicKey;
use super::{Signature, SigningFailed};
use crate::domain::certificate::{Content, Form, PrintedDose, PrintedPassport};
use crate::domain::identifiers::{CertificateId, MunicipalityCode};
use crate::domain::passport::PassportNumber;
use crate::domain::person::Sex;
use crate::domain::vaccine::Product;

/// A key that lives as long as its test.
pub(super) struct Key(EcdsaKeyPair);

impl Key {
    pub(super) fn generate() -> Self {
        let rng = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &rng).unwrap();
        Self(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &rng).unwrap())
    }

    pub(super) fn sign(&self, message: &[u8]) -> Result<Signature, SigningFailed> {
        let signature = self.0.sign(&SystemRandom::new(), message).map_err(|ring::error::Unspecified| SigningFailed)?;
        signature.as_ref().try_into().map_err(|std::array::TryFromSliceError { .. }| SigningFailed)
    }

    pub(super) fn public(&self) -> PublicKey {
        PublicKey::parse(self.0.public_key().as_ref()).unwrap()
    }
}

/// Hanako with `doses` doses of two products.
pub(super) fn content(form: Form, doses: u8) -> Content {
    let products = [Product::Comirnaty, Product::Comirnaty, Product::Spikevax, Product::ComirnatyBa45];
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
        doses: (1..=doses)
            .map(|number| PrintedDose {
                number,
                date: date(2021, 5, 1).saturating_add(jiff::Span::new().weeks(i32::from(number) * 13)),
                product: products[usize::from(number - 1) % products.len()],
                lot: format!("FA{}{}", u32::from(number) * 1237, number % 7),
                country: "JPN".to_owned(),
            })
            .collect(),
        certificate: CertificateId::from_number(0x0012_3456_789A_BCDE),
        issued_on: date(2022, 10, 3),
        municipality: MunicipalityCode::parse("131016").unwrap(),
    }
}
