//! Tests of the health card against the framework's own example and against itself.

use proptest::prelude::*;

use super::*;
use crate::domain::certificate::Form;
use crate::qr::samples::{Key, content};

const ISSUER: &str = "https://center.konbini.example/issuer";

fn issued_at() -> Timestamp {
    "2022-10-03T01:02:03.456Z".parse().unwrap()
}

fn card(form: Form, doses: u8) -> HealthCard {
    HealthCard::compose(&content(form, doses), ISSUER, issued_at())
}

#[test]
fn the_payload_is_minified_in_the_order_of_the_framework() {
    let payload = String::from_utf8(json(&card(Form::Domestic, 1).claims()).unwrap()).unwrap();
    assert_eq!(
        payload,
        concat!(
            r#"{"iss":"https://center.konbini.example/issuer","nbf":1664758923,"#,
            r#""vc":{"type":["https://smarthealth.cards#health-card"],"#,
            r#""credentialSubject":{"fhirVersion":"4.0.1","fhirBundle":{"resourceType":"Bundle","#,
            r#""type":"collection","entry":[{"fullUrl":"resource:0","resource":{"resourceType":"Patient","#,
            r#""name":[{"use":"usual","family":"山田","given":["花子"]}],"birthDate":"1985-04-12"}},"#,
            r#"{"fullUrl":"resource:1","resource":{"resourceType":"Immunization","status":"completed","#,
            r#""vaccineCode":{"coding":[{"system":"http://hl7.org/fhir/sid/cvx","code":"208"}]},"#,
            r#""patient":{"reference":"resource:0"},"occurrenceDateTime":"2021-07-31","lotNumber":"FA12371","#,
            r#""performer":[{"actor":{"display":"MHLW_Gov_of_Japan"}}]}}]}}}}"#
        )
    );
}

#[test]
fn the_overseas_card_adds_the_roman_name() {
    let card = card(Form::Overseas, 2);
    let names: Vec<(&str, Vec<&str>)> =
        card.names.iter().map(|n| (n.family.as_str(), n.given.iter().map(String::as_str).collect())).collect();
    assert_eq!(names, [("山田", vec!["花子"]), ("YAMADA", vec!["HANAKO"])]);
}

#[test]
fn a_name_that_cannot_be_divided_is_a_family_name() {
    let mut content = content(Form::Domestic, 1);
    content.name = "SMITH JOHN".to_owned();
    let card = HealthCard::compose(&content, ISSUER, issued_at());
    assert!(card.names[0].family == "SMITH JOHN" && card.names[0].given.is_empty());
}

#[test]
fn each_character_is_two_digits_less_forty_five() {
    // SMART Health Cards, "Encoding QRs": the first characters of the framework's example, `eyJ`.
    assert_eq!(numeric("eyJ"), "shc:/567629");
    assert_eq!(characters("shc:/567629").unwrap(), "eyJ");
    for wrong in ["shc:/56762", "shc:/5676 9", "SHC:/567629", "567629", "shc:/１２"] {
        assert!(characters(wrong).is_none(), "{wrong}");
    }
}

#[test]
fn what_was_signed_is_read_back() {
    let key = Key::generate();
    for doses in 1..=8 {
        for form in [Form::Domestic, Form::Overseas] {
            let card = card(form, doses);
            let text = card.encode(&key.public().thumbprint(), |message| key.sign(message)).unwrap();
            assert!(HealthCard::verify(&text, &[Key::generate().public(), key.public()]).unwrap() == card);
            assert!(text.len() <= PREFIX.len() + 2 * MAXIMUM_JWS);
        }
    }
}

#[test]
fn up_to_five_doses_are_printed_at_level_m() {
    let key = Key::generate();
    for form in [Form::Domestic, Form::Overseas] {
        let text = card(form, 5).encode(&key.public().thumbprint(), |message| key.sign(message)).unwrap();
        assert_eq!(error_correction(&text), ErrorCorrection::M, "{}", text.len() / 2);
    }
}

#[test]
fn a_card_of_a_foreign_key_is_refused() {
    let (key, other) = (Key::generate(), Key::generate());
    let text = card(Form::Domestic, 2).encode(&key.public().thumbprint(), |message| key.sign(message)).unwrap();
    assert_eq!(HealthCard::verify(&text, &[other.public()]), Err(DecodeError::Signer));
    // The foreign signer claims our key's id.
    let forged = card(Form::Domestic, 2).encode(&key.public().thumbprint(), |message| other.sign(message)).unwrap();
    assert_eq!(HealthCard::verify(&forged, &[key.public()]), Err(DecodeError::Signature));
}

#[test]
fn a_card_that_does_not_fit_is_refused_before_it_is_signed() {
    let mut content = content(Form::Domestic, 8);
    content.name = (0..400).filter_map(|n| char::from_u32(0x4e00 + n * 37)).collect();
    let card = HealthCard::compose(&content, ISSUER, issued_at());
    let refused = card.encode("kid", |_| panic!("signed what does not fit"));
    assert_eq!(refused, Err(EncodeError::Size));
}

#[test]
fn a_deflate_bomb_is_refused() {
    let bomb = deflate(&vec![b' '; 1 << 20]).unwrap();
    assert_eq!(inflate(&bomb), Err(DecodeError::Malformed));
}

#[test]
fn the_issuer_is_https_without_a_trailing_slash() {
    for wrong in ["http://center.konbini.example/issuer", "https://center.konbini.example/issuer/"] {
        let card = HealthCard::compose(&content(Form::Domestic, 1), wrong, issued_at());
        assert!(card.encode("kid", |_| Ok([0; 64])).is_err());
    }
}

proptest! {
    #[test]
    fn any_name_and_lot_is_read_back(family in "\\PC{1,40}", given in "\\PC{0,20}", lot in "[0-9A-Z-]{1,20}") {
        let key = Key::generate();
        let mut content = content(Form::Overseas, 3);
        content.name = format!("{}\u{3000}{given}", family.replace('\u{3000}', "x"));
        content.doses[1].lot = lot;
        let card = HealthCard::compose(&content, ISSUER, issued_at());
        let text = card.encode(&key.public().thumbprint(), |message| key.sign(message)).unwrap();
        prop_assert!(HealthCard::verify(&text, &[key.public()]).unwrap() == card);
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,200}", digits in "[0-9]{0,400}") {
        let keys = [Key::generate().public()];
        prop_assert!(HealthCard::verify(&text, &keys).is_err());
        let numeric = format!("shc:/{digits}");
        prop_assert!(HealthCard::verify(&numeric, &keys).is_err());
    }

    #[test]
    fn any_changed_digit_is_found(place in 5..1500_usize, by in 1..10_u8) {
        let key = Key::generate();
        let text = card(Form::Domestic, 2).encode(&key.public().thumbprint(), |message| key.sign(message)).unwrap();
        let mut changed = text.clone().into_bytes();
        let place = 5 + (place - 5) % (text.len() - 5);
        changed[place] = b'0' + (changed[place] - b'0' + by) % 10;
        let read = HealthCard::verify(&String::from_utf8(changed).unwrap(), &[key.public()]);
        prop_assert!(read.is_err());
    }
}
