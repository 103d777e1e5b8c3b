//! The picture made and read back in memory; through paper in `reading/tests`.

use super::*;
use shared::domain::identifiers::CertificateId;

use super::code;
use super::envelope::parse_frame;

/// Keys that are nobody's, made from a fixed number.
pub(crate) fn keys(number: u8) -> ScrambleKeys {
    use p256::pkcs8::EncodePrivateKey as _;
    let mut scalar = [number; 32];
    scalar[0] = 0;
    let signer = p256::SecretKey::from_slice(&scalar).unwrap().to_pkcs8_der().unwrap();
    ScrambleKeys::new(&[number; 32], signer.as_bytes()).unwrap()
}

/// Text that compresses about as well as a page description.
pub(crate) fn description(bytes: usize) -> Vec<u8> {
    let mut sequence = sequence::Sequence::new(5);
    (0..bytes).map(|_| b"0123456789abcdef"[sequence.below(16)]).collect()
}

fn certificate() -> CertificateId {
    CertificateId::from_number(0x1234_5678)
}

fn reading_of(sealed: &Sealed) -> Reading {
    Reading {
        label: sealed.label().clone(),
        qr: label::QrText::parse(&sealed.qr_text),
        ciphertext: sealed.ciphertext.clone(),
        wrong_modules: 0.0,
        place: reading::Place::dot_by_dot(),
    }
}

#[test]
fn a_sealed_description_opens_to_itself() {
    let sealed = seal(&description(5000), &certificate(), &keys(1)).unwrap();
    let opened = open(&reading_of(&sealed), &keys(1).opening()).unwrap();
    assert_eq!(*opened.plain, description(5000));
    assert_eq!((opened.certificate, opened.kind), (certificate(), Kind::PageDescription));
}

#[test]
fn the_same_description_gives_the_same_picture() {
    let once = seal(&description(900), &certificate(), &keys(1)).unwrap();
    assert_eq!(once, seal(&description(900), &certificate(), &keys(1)).unwrap());
    assert_eq!(picture(&once), picture(&once.clone()));
    assert_ne!(once.ciphertext[..12], seal(&description(901), &certificate(), &keys(1)).unwrap().ciphertext[..12]);
}

#[test]
fn the_picture_is_half_ink_and_its_modules_decode_to_the_frame() {
    let sealed = seal(&description(3000), &certificate(), &keys(1)).unwrap();
    let picture = picture(&sealed);
    assert_eq!((picture.width(), picture.height()), PICTURE_MODULES);
    let share = picture.ink() as f64 / (picture.width() * picture.height()) as f64;
    assert!((0.4..0.5).contains(&share), "{share}");
    let ratios = Geometry::STANDARD
        .stretches()
        .flat_map(|(x, y, length)| (x..x + length).map(move |x| (x + geometry::BORDER, y + geometry::BORDER)))
        .map(|(x, y)| if picture.get(x, y) { 1.0 } else { -1.0 })
        .collect();
    let decoded = code::Heard::new(ratios).decode(sealed.label().layout()).unwrap();
    assert_eq!(parse_frame(&decoded.frame), Some((sealed.label().clone(), sealed.ciphertext)));
}

#[test]
fn one_flipped_bit_of_the_ciphertext_does_not_open() {
    let sealed = seal(&description(300), &certificate(), &keys(1)).unwrap();
    for place in [0, 11, 12, 100, sealed.ciphertext.len() - 1] {
        let mut reading = Reading { qr: None, ..reading_of(&sealed) };
        reading.ciphertext[place] ^= 4;
        assert_eq!(open(&reading, &keys(1).opening()).err(), Some(OpenError::Forged));
    }
}

#[test]
fn a_swapped_qr_or_label_does_not_open() {
    let sealed = seal(&description(300), &certificate(), &keys(1)).unwrap();
    let other = seal(&description(301), &CertificateId::from_number(9), &keys(1)).unwrap();
    let swapped = Reading { qr: reading_of(&other).qr, ..reading_of(&sealed) };
    assert_eq!(open(&swapped, &keys(1).opening()).err(), Some(OpenError::OtherQr));
    let relabelled = Reading { qr: None, label: other.label().clone(), ..reading_of(&sealed) };
    assert_eq!(open(&relabelled, &keys(1).opening()).err(), Some(OpenError::Forged));
    let twin = seal(&description(301), &certificate(), &keys(1)).unwrap();
    let twin = Reading { qr: reading_of(&twin).qr, ..reading_of(&sealed) };
    assert_eq!(open(&twin, &keys(1).opening()).err(), Some(OpenError::OtherQr));
}

#[test]
fn other_keys_do_not_open() {
    let sealed = seal(&description(300), &certificate(), &keys(1)).unwrap();
    assert_eq!(open(&reading_of(&sealed), &keys(2).opening()).err(), Some(OpenError::UnknownKey));
    let foreign_signer = OpeningKeys::new([&[1; 32]], [vec![4; 65]]);
    assert_eq!(open(&reading_of(&sealed), &foreign_signer).err(), Some(OpenError::Signature));
}

#[test]
fn what_cannot_fit_is_refused() {
    let noise: Vec<u8> = sequence::Sequence::new(1).bits().take(50_000).map(u8::from).collect();
    assert!(seal(&noise, &certificate(), &keys(1)).is_ok());
    assert_eq!(seal(&description(100_000), &certificate(), &keys(1)).err(), Some(SealError::TooLong));
}

#[test]
fn a_finished_page_is_sealed_as_a_picture_and_a_dense_page_holds_what_it_promises() {
    let noise = |bytes: usize| -> Vec<u8> {
        let mut sequence = sequence::Sequence::new(1);
        (0..bytes).map(|_| sequence.below(256) as u8).collect()
    };
    for (geometry, bytes) in [(Geometry::STANDARD, 33_000), (Geometry::DENSE, 138_000), (Geometry::DENSEST, 295_000)] {
        let plain = noise(bytes);
        let sealed = seal_into(geometry, (Kind::BilevelImage, &plain), &certificate(), &keys(1)).unwrap();
        assert_eq!(picture(&sealed).width(), geometry.width());
        let opened = open(&reading_of(&sealed), &keys(1).opening()).unwrap();
        assert!(*opened.plain == plain && opened.kind == Kind::BilevelImage);
    }
}
