//! The software card through the real smart-card service, read by the crate `myna-card`, whose author measured real
//! cards and nobody here wrote.
#![expect(clippy::cognitive_complexity, reason = "a list of facts, one after the other")]
#![expect(clippy::expect_used, reason = "a test that cannot be set up fails with a sentence")]
#![expect(clippy::indexing_slicing, reason = "a missing part fails the test where it stands")]
#![expect(clippy::unused_self, reason = "one form for all questions")]

use myna_card::ap::common::CommonAp;
use myna_card::ap::jpki::{JpkiAp, SignatureScheme, TokenType};
use myna_card::ap::juki::JukiAp;
use myna_card::ap::surface::SurfaceAp;
use myna_card::ap::text::{self, TextAp};
use myna_card::card::ShortEfId;
use myna_card::data::{CardVerifiableCertificate, Date, ImageFormat, RsaPublicKey, Sex, sha256, verification_code_b};
use myna_card::mf::{MasterFile, tag};
use myna_card::transport::pcsc::{PcscTransport, Sharing, connect};
use myna_card::{Card, Error, Pin, Retries};
use tests::reader::{CardOnReader, READER, ReaderService};
use tests::world::{Resident, World};

/// The service, a world, and a resident's card on the reader.
struct Counter {
    resident: Resident,
    world: World,
    _card: CardOnReader,
    _service: ReaderService,
}

impl Counter {
    fn with(resident: &str) -> Self {
        let service = ReaderService::hold();
        let world = World::new();
        let card = service.card(&world, resident);
        Self { resident: world.resident(resident).clone(), world, _card: card, _service: service }
    }

    fn connect(&self) -> Card<PcscTransport> {
        connect(READER, Sharing::Exclusive).expect("the card is connected")
    }

    /// 照合番号B as it is printed, by the card file that only this test opens.
    fn code_b(&self, birth: Date) -> Pin {
        let file = std::fs::read(self.world.path(&self.resident.card)).expect("the card file");
        let file: serde_json::Value = serde_json::from_slice(&file).expect("JSON");
        let files = file["applications"].as_array().into_iter().flatten().filter_map(|app| app["files"].as_array());
        let mut values = files.flatten().filter_map(|file| file["value"].as_str()).filter(|value| value.len() == 14);
        let printed = values.next().expect("a printed secret");
        let year = printed[6..10].parse().expect("a year");
        let code = verification_code_b(birth, year, &printed.as_bytes()[10..]).expect("a code");
        assert_eq!(code.as_bytes(), printed.as_bytes());
        code
    }
}

const BIRTH: Date = Date { year: 1985, month: 4, day: 12 };

fn numeric(digits: &str) -> Pin {
    Pin::numeric(digits).expect("digits")
}

fn public_key(world: &World, file: &str) -> RsaPublicKey {
    let pem = std::fs::read_to_string(world.path(file)).expect("a public key");
    let digits: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, digits).expect("base64");
    // SubjectPublicKeyInfo of RSA-2048: the modulus is followed by 02 03 010001.
    let (modulus, exponent) = der[der.len() - 261..].split_at(256);
    assert_eq!(exponent, [0x02, 0x03, 0x01, 0x00, 0x01]);
    RsaPublicKey { modulus: modulus.to_vec(), exponent: exponent[2..].to_vec() }
}

#[test]
fn it_reads_the_authentication_application_and_both_keys_sign_in_all_six_ways() {
    let counter = Counter::with("hanako");
    let mut card = counter.connect();
    let mut jpki = JpkiAp::select(&mut card).expect("the application");
    assert_eq!(jpki.read_token_type().expect("the token"), TokenType::Card);
    let token = jpki.read_token_info().expect("160 bytes");
    assert_eq!((token.max_pin_len, token.min_pin_len, token.flags), (16, 6, 0x040D));
    assert!(token.manufacturer_id.contains("TEST"), "{}", token.manufacturer_id);
    let present = jpki.read_certificate_availability().expect("EF 0008");
    assert!(present.has_auth_certificate() && present.has_sign_certificate());
    let authority = jpki.read_auth_ca_certificate().expect("an authority");
    let authentication = jpki.read_auth_certificate().expect("free to read");
    authentication.verify_signature(&authority).expect("issued by it");
    assert!(matches!(jpki.read_sign_certificate_der(), Err(Error::Status(status)) if status.value() == 0x6982));

    assert!(jpki.sign_with_auth_key(SignatureScheme::Sha256DigestInfo, b"message").is_err());
    jpki.verify_auth_pin(&numeric(&counter.resident.pins.authentication)).expect("the PIN");
    jpki.verify_sign_pin(&Pin::new("ABC123").expect("a password")).expect("the password");
    let signing = jpki.read_sign_certificate().expect("open now");
    signing.verify_signature(&jpki.read_sign_ca_certificate().expect("an authority")).expect("issued by it");
    let digest = sha256(b"message");
    for (scheme, data) in [
        (SignatureScheme::Verbatim, &digest[..]),
        (SignatureScheme::Sha256Bare, b"message"),
        (SignatureScheme::PreHashedDigestInfo, &digest),
        (SignatureScheme::Sha256DigestInfo, b"message"),
        (SignatureScheme::PreHashedPss, &digest),
        (SignatureScheme::Sha256Pss, b"message"),
    ] {
        jpki.sign_with_auth_key_checked(scheme, data).expect("signed and checked");
        jpki.sign_with_sign_key_checked(scheme, data).expect("signed and checked");
    }
}

#[test]
fn it_addresses_files_by_short_ids_and_counts_tries() {
    let counter = Counter::with("hanako");
    let mut card = counter.connect();
    card.select_df(&myna_card::ap::jpki::DF).expect("the application");
    let short = |id| ShortEfId::from_ef_id(id).expect("a short id");
    assert_eq!(card.read_binary_chunk_sfi(short(0x0008), 0, 256).expect("read"), [0x8F, 0x8F, 0x00]);
    assert_eq!(card.read_binary_chunk_sfi(short(0x000A), 0, 2).expect("read"), [0x30, 0x82]);
    assert_eq!(card.pin_retries_sfi(short(0x0018)).expect("asked"), Retries::Remaining(3));
    for left in [2, 1] {
        let refused = card.verify_sfi(short(0x0018), &numeric("0000"));
        assert!(matches!(refused, Err(Error::PinIncorrect { retries: Some(count) }) if count == left), "{refused:?}");
    }
    card.verify_sfi(short(0x0018), &numeric("1234")).expect("the PIN");
    assert_eq!(card.pin_retries_sfi(short(0x0018)).expect("asked"), Retries::Remaining(3));
    for _ in 0..3 {
        assert!(card.verify_sfi(short(0x0018), &numeric("0000")).is_err());
    }
    assert_eq!(card.pin_retries_sfi(short(0x0018)).expect("asked"), Retries::Blocked);
    assert!(matches!(card.verify_sfi(short(0x0018), &numeric("1234")), Err(Error::PinBlocked)));
    assert_eq!(card.get_challenge(256).expect("random").len(), 256);
    assert_ne!(card.get_challenge(16).expect("random"), card.get_challenge(16).expect("random"));
}

#[test]
fn it_reads_number_and_attributes_and_checks_what_covers_them() {
    let counter = Counter::with("hanako");
    let mut card = counter.connect();
    let mut text = TextAp::select(&mut card).expect("the application");
    assert_eq!(text.retries(text::ef::BLOCKED_0012).expect("asked"), Retries::Blocked);
    assert!(text.read_my_number().is_err());
    text.verify_pin(&numeric(&counter.resident.pins.input_support)).expect("the PIN");
    let number = text.read_my_number().expect("the number");
    assert_eq!(number.as_str(), counter.resident.my_number);
    // The crate checks the table of offsets as it reads.
    let attributes = text.read_attributes().expect("the attributes");
    assert_eq!(attributes.name, counter.resident.names.kanji);
    assert_eq!((attributes.birth_date, attributes.sex), (BIRTH, Sex::Female));
    assert!(attributes.split_name().is_some());
    let record = text.read_integrity_record().expect("the digests");
    let file = text.read_my_number_file().expect("physical bytes");
    assert_eq!(file.len(), 17);
    assert!(record.matches_my_number_file(&file));
    let file = text.read_ef(text::ef::ATTRIBUTES).expect("the file");
    assert!(record.matches_attributes_file(&file).expect("offsets first"));
    let certificate = text.read_certificate().expect("a CV certificate");
    certificate.verify_with(&public_key(&counter.world, "pki/card-authority.pub.pem")).expect("signed");
    assert!(matches!(certificate.verify(), Err(Error::UnknownCertificateAuthority(_))), "never a real authority");
    assert_eq!(text.read_ap_basic_data().expect("EF 0005").digest().map(<[u8]>::len), Some(32));
    assert_eq!(text.read_session_key_public_key().expect("EF 0006").public_key.bits(), 2048);
    // The card's own key answers, and it is the one in EF 0007.
    let own = text.read_signed_public_key().expect("EF 0007").public_key;
    let signature = text.sign(b"challenge").expect("signed without a PIN");
    own.verify_pkcs1_sha256(b"challenge", &signature).expect("its own key");
    text.change_pin(&numeric("1234"), &numeric("4321")).expect("changed");
    assert!(text.verify_pin(&numeric("1234")).is_err());
    text.verify_pin(&numeric("4321")).expect("the new one");
    // Printed numbers open one file each.
    drop(card);
    let mut card = counter.connect();
    card.transport_mut().power_cycle().expect("power off and on");
    let mut text = TextAp::select(&mut card).expect("the application");
    text.verify_code_a(&number.as_verification_code_a().expect("a code")).expect("A");
    assert!(text.read_my_number().is_ok() && text.read_attributes().is_err());
    text.verify_code_b(&counter.code_b(BIRTH)).expect("B");
    assert!(text.read_attributes().is_ok());
}

#[test]
fn it_reads_the_face_and_believes_its_signatures() {
    let counter = Counter::with("hanako");
    let mut card = counter.connect();
    let mut surface = SurfaceAp::select(&mut card).expect("the application");
    let issuer = surface.read_certificate().expect("a CV certificate");
    issuer.verify_with(&public_key(&counter.world, "pki/card-authority.pub.pem")).expect("signed");
    let basic = surface.read_ap_basic_data().expect("EF 0003");
    assert_eq!(basic.municipality_code, "13101");
    surface.verify_birth_date(&numeric("600412")).expect("昭和60年4月12日");
    let age = surface.read_age_record().expect("the age");
    age.verify(&issuer.public_key).expect("signed");
    assert!(surface.read_card_face().is_err());
    surface.verify_code_b(&counter.code_b(BIRTH)).expect("B");
    let face = surface.read_card_face().expect("the face");
    face.verify(&issuer.public_key).expect("signed in three groups");
    assert_eq!((face.birth_date, face.sex, face.expiry.to_string().as_str()), (BIRTH, Sex::Female, "2030-04-12"));
    for picture in [&face.name_image, &face.address_image, &face.security_code_image] {
        assert_eq!(picture.format, ImageFormat::Png);
    }
    assert_eq!(face.photo.format, ImageFormat::Jpeg2000);
    assert!(surface.read_my_number_image().is_err());
    surface.verify_code_a(&numeric(&counter.resident.my_number)).expect("A");
    let number = surface.read_my_number_image().expect("the number's picture");
    number.verify(&issuer.public_key).expect("signed");
    assert!(age.public_key == face.public_key && face.public_key == number.public_key);
    let signature = surface.sign(b"challenge").expect("signed without a secret");
    face.public_key.verify_pkcs1_sha256(b"challenge", &signature).expect("the key on the face");
}

#[test]
fn it_reads_the_registry_applications_and_the_issuer() {
    let counter = Counter::with("hanako");
    let mut card = counter.connect();
    card.transport_mut().power_cycle().expect("power off and on");
    let atr = card.contact_atr().expect("the contact side's answer to reset");
    assert_eq!(atr, [0x3B, 0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x14]);
    let mut issuer = MasterFile::new(&mut card);
    assert_eq!(issuer.data_object(tag::MUNICIPALITY_CODE).expect("the municipality"), b"13101");
    assert_eq!(issuer.data_object(tag::EXPIRY).expect("the expiry"), b"20300412");
    let chain = issuer.certificate_chain().expect("the chain");
    let [upper, lower] = chain.as_slice() else { panic!("{} certificates", chain.len()) };
    upper.verify_with(&public_key(&counter.world, "pki/card-authority.pub.pem")).expect("signed");
    lower.verify_with(&upper.public_key).expect("signed by the key above");
    assert_eq!(lower.issuer_key_id, upper.subject_key_id);
    assert!(CardVerifiableCertificate::verify_chain(&chain).is_err(), "never a real authority");

    let mut common = CommonAp::select(&mut card).expect("the application");
    let info = common.read_card_info().expect("the card's record");
    assert_eq!((info.municipality_code.as_str(), info.expiry.to_string().as_str()), ("13101", "2030-04-12"));
    let reference = common.read_record(0x0002, 1).expect("a key reference");
    assert!(common.read_record(0x0001, 2).is_err());
    let signature = common.internal_authenticate(b"challenge").expect("authenticated");
    let key = public_key(&counter.world, "pki/card-authentication.pub.pem");
    key.verify_pkcs1_sha256(b"challenge", &signature).expect("the shared key");
    assert_eq!(key, lower.public_key);
    common.change_pin(&numeric("1234"), &numeric("4321")).expect("changed by CHANGE KEY");
    common.verify_pin(&numeric("4321")).expect("the new one");
    let mut registry = JukiAp::select(&mut card).expect("the application");
    assert_eq!(registry.read_record(0x0002, 1).expect("a key reference"), reference);
    registry.verify_pin(&numeric("1234")).expect("its own PIN is another");
    assert_eq!(registry.pin_retries().expect("asked"), Retries::Remaining(3));
    // Back at the issuer's, which tells again what it told at power-on.
    assert_eq!(
        MasterFile::select(&mut card).and_then(|mut issuer| issuer.data_object(tag::EXPIRY)).expect("told"),
        b"20300412"
    );
}

#[test]
fn it_finds_no_signature_certificate_on_a_childs_card() {
    let counter = Counter::with("sora");
    let mut card = counter.connect();
    let mut jpki = JpkiAp::select(&mut card).expect("the application");
    let present = jpki.read_certificate_availability().expect("EF 0008");
    assert!(present.has_auth_certificate() && !present.has_sign_certificate());
    assert!(matches!(jpki.read_sign_certificate_der(), Err(Error::Status(status)) if status.value() == 0x6A82));
}
