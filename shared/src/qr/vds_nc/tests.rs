//! Tests of the seal: the published examples of names, the limits of every field, and its way back.

use proptest::prelude::*;

use super::*;
use crate::domain::certificate::Form;
use crate::domain::vaccine::Product;
use crate::qr::samples::{Key, content};

/// Stands for a signer certificate of the usual size.
const CERTIFICATE: [u8; 420] = [0x30; 420];

fn seal_of(content: &Content) -> Result<Seal, EncodeError> {
    Seal::compose(content, content.passport.as_ref().unwrap())
}

fn seal(doses: u8) -> Seal {
    seal_of(&content(Form::Overseas, doses)).unwrap()
}

fn sealed(key: &Key, doses: u8) -> String {
    seal(doses).encode(&CERTIFICATE, |message| key.sign(message)).unwrap()
}

fn verify(text: &str, key: &Key) -> Result<Seal, DecodeError> {
    Seal::verify(text, &[Signer { certificate: &CERTIFICATE, key: key.public() }])
}

#[test]
fn the_signed_part_is_canonical_and_doses_of_one_product_share_an_entry() {
    let mut signed = Vec::new();
    let text = seal(3)
        .encode(b"\xfb\xff", |message| {
            signed = message.to_vec();
            Ok([0xFF; 64])
        })
        .unwrap();
    let data = concat!(
        r#"{"hdr":{"is":"JPN","t":"icao.vacc","v":1},"msg":{"#,
        r#""pid":{"dob":"1985-04-12","i":"TK1234567","n":"YAMADA  HANAKO","sex":"F"},"uvci":"01Q49FRD85BIK","#,
        r#""ve":[{"des":"XM8NQ0","dis":"RA01.0","nam":"COMIRNATY","vd":["#,
        r#"{"adm":"MHLW_Gov_of_Japan","ctr":"JPN","dvc":"2021-07-31","lot":"FA12371","seq":1},"#,
        r#"{"adm":"MHLW_Gov_of_Japan","ctr":"JPN","dvc":"2021-10-30","lot":"FA24742","seq":2}]},"#,
        r#"{"des":"XM3DT5","dis":"RA01.0","nam":"Spikevax","vd":["#,
        r#"{"adm":"MHLW_Gov_of_Japan","ctr":"JPN","dvc":"2022-01-29","lot":"FA37113","seq":3}]}]}}"#
    );
    let data = data.replace("01Q49FRD85BIK", content(Form::Overseas, 1).certificate.as_str());
    assert_eq!(String::from_utf8(signed).unwrap(), data);
    // base64url with padding.
    let signature = "_".repeat(85) + "w==";
    assert_eq!(text, format!(r#"{{"data":{data},"sig":{{"alg":"ES256","cer":"-_8=","sigvl":"{signature}"}}}}"#));
}

#[test]
fn what_was_signed_is_read_back() {
    let key = Key::generate();
    for doses in 1..=8 {
        assert!(verify(&sealed(&key, doses), &key).unwrap() == seal(doses));
    }
}

#[test]
fn a_seal_of_a_foreign_signer_is_refused() {
    let (key, other) = (Key::generate(), Key::generate());
    assert_eq!(verify(&sealed(&other, 2), &key), Err(DecodeError::Signature));
    let foreign = Signer { certificate: &[1, 2, 3], key: key.public() };
    assert_eq!(Seal::verify(&sealed(&key, 2), &[foreign]), Err(DecodeError::Signer));
}

#[test]
fn names_are_shortened_as_in_the_examples_of_doc_9303() {
    let examples = [
        ("VAN DER MUELLEN", "MARTIN", "VAN DER MUELLEN  MARTIN"),
        ("SMITH-JONES", "SUSIE MARGARET", "SMITH JONES  SUSIE MARGARET"),
        ("O'CONNOR", "ENYA SIOBHAN", "OCONNOR  ENYA SIOBHAN"),
        ("ARKFREITH", "", "ARKFREITH"),
        ("NILAVADHANANANDA", "CHAYAPA DEJTHAMRONG KRASUANG", "NILAVADHANANANDA  CHAYAPA DEJTHAMRONG K"),
        ("NILAVADHANANANDA", "ARNPOL PETCH CHARONGUANG", "NILAVADHANANANDA  ARNPOL PETCH CHARONGU"),
        ("BENNELONG WOOLOOMOOLOO WARRANDYTE WARNAMBOOL", "DINGO POTOROO", "BENNELONG WOOLOOMOOLOO WARRANDYTE W  DI"),
        ("PAPANDROPOULOUS", "JONATHON WARREN TREVOR", "PAPANDROPOULOUS  JONATHON WARREN TREVOR"),
    ];
    for (surname, given, name) in examples {
        assert_eq!(machine_readable_name(surname, given).unwrap(), name);
    }
}

#[test]
fn a_letter_outside_the_alphabet_is_refused() {
    for (item, lot) in [("lot", "FA(1)"), ("lot", "ﾛｯﾄ"), ("lot", "FA\"1")] {
        let mut content = content(Form::Overseas, 2);
        content.doses[1].lot = lot.to_owned();
        assert_eq!(seal_of(&content), Err(EncodeError::Letters(item)));
    }
    let mut content = content(Form::Overseas, 2);
    content.passport.as_mut().unwrap().surname = "山田".to_owned();
    assert_eq!(seal_of(&content), Err(EncodeError::Letters("name")));
}

#[test]
fn a_field_that_is_too_long_is_refused_and_never_cut() {
    let mut content = content(Form::Overseas, 2);
    content.doses[0].lot = "A".repeat(21);
    assert_eq!(seal_of(&content), Err(EncodeError::Length("lot")));
    content.doses[0].lot = "A".repeat(20);
    assert!(seal_of(&content).is_ok());
}

#[test]
fn a_seal_that_does_not_fit_is_refused_before_it_is_signed() {
    let refused = seal(8).encode(&[0x30; 1200], |_| panic!("signed what does not fit"));
    assert_eq!(refused, Err(EncodeError::Size));
}

#[test]
fn eight_doses_of_eight_products_fit() {
    let mut content = content(Form::Overseas, 8);
    for (dose, product) in content.doses.iter_mut().zip(Product::ALL) {
        dose.product = product;
        dose.lot = "A".repeat(20);
    }
    let key = Key::generate();
    let text = seal_of(&content).unwrap().encode(&CERTIFICATE, |message| key.sign(message)).unwrap();
    assert!(text.len() <= MAXIMUM_BYTES, "{}", text.len());
}

#[test]
fn dose_numbers_are_distinct() {
    let mut content = content(Form::Overseas, 2);
    content.doses[1].number = 1;
    assert_eq!(seal_of(&content), Err(EncodeError::Length("dose number")));
}

#[test]
fn a_member_given_twice_is_refused() {
    let key = Key::generate();
    let text = sealed(&key, 1).replace("\"v\":1", "\"v\":1,\"v\":1");
    assert_eq!(verify(&text, &key), Err(DecodeError::Malformed));
}

proptest! {
    #[test]
    fn a_name_fits_and_keeps_its_first_letters(
        surname in "[A-Z]{1,20}( [A-Z]{1,20}){0,5}",
        given in "([A-Z]{1,20}( [A-Z]{1,20}){0,5})?",
    ) {
        let name = machine_readable_name(&surname, &given).unwrap();
        let whole = if given.is_empty() { surname.clone() } else { format!("{surname}  {given}") };
        prop_assert!(name.len() <= MAXIMUM_NAME);
        prop_assert!(!name.ends_with(' '));
        prop_assert_eq!(name == whole, whole.len() <= MAXIMUM_NAME);
        prop_assert_eq!(name.get(..1), surname.get(..1));
        if !given.is_empty() {
            let (_, secondary) = name.split_once("  ").unwrap();
            prop_assert_eq!(secondary.get(..1), given.get(..1));
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,300}") {
        prop_assert!(verify(&text, &Key::generate()).is_err());
    }

    #[test]
    fn any_changed_byte_is_found(place in any::<prop::sample::Index>(), other in 0x20..0x7F_u8) {
        let key = Key::generate();
        let text = sealed(&key, 2);
        let mut changed = text.clone().into_bytes();
        let place = place.index(changed.len());
        prop_assume!(changed[place] != other);
        changed[place] = other;
        prop_assert!(verify(std::str::from_utf8(&changed).unwrap(), &key).is_err());
    }
}
