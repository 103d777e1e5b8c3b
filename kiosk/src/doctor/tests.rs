//! The doctor's findings from service, readers and software cards in every condition.

use fixtures::software_card::{Application, CardFile, ChangeCommand, File, FileId, Hex, SecretForm, SoftwareCard};
use rand_core::OsRng;

use super::*;

fn secret(id: u16, tries_left: u8) -> File {
    File::Secret { id: FileId(id), form: SecretForm::FourDigits, value: "4711".to_owned(), tries: 3, tries_left }
}

fn card(name: &[u8; 10], tries_left: u8) -> SoftwareCard {
    let application = Application {
        name: "an application".to_owned(),
        aid: Hex(name.to_vec()),
        default_key: None,
        change: ChangeCommand::default(),
        files: vec![secret(0x0011, tries_left)],
    };
    SoftwareCard::in_memory(CardFile::new(vec![0x3B, 0x00], vec![application], Vec::new()), OsRng).unwrap()
}

fn examined(name: &str, card: Result<SoftwareCard, CardFault>) -> Examined {
    let answer_to_reset = (card.as_ref().err() != Some(&CardFault::CardMissing)).then(|| vec![0x3B, 0x00]);
    let card = card.map(|card| application::examine(&mut Channel::new(card)));
    let (contactless, use_by_others) = (Contactless::Unknown, UseByOthers::None);
    Examined { name: name.to_owned(), contactless, use_by_others, answer_to_reset, card }
}

fn report(readers: Vec<Examined>) -> Report {
    conclude(&[Driver { name: "ifd-ccid".to_owned(), version: None }], Ok(readers))
}

const INPUT_SUPPORT: [u8; 10] = shared::card::input_support::APPLICATION;

#[test]
fn each_condition_of_a_card_has_its_advice() {
    let cases = [
        (Ok(card(&INPUT_SUPPORT, 3)), "All is well", "問題ありません", Verdict::Ready),
        (Ok(card(&INPUT_SUPPORT, 1)), "One try is left", "あと1回", Verdict::Ready),
        (Ok(card(&INPUT_SUPPORT, 0)), "is locked", "ロックされています", Verdict::NotReady),
        (Ok(card(b"some other", 3)), "not a My Number card", "マイナンバーカードではありません", Verdict::NotReady),
        (Err(CardFault::CardMissing), "Place a card", "置いてください", Verdict::NotReady),
        (Err(CardFault::Occupied), "Another program", "ほかのプログラム", Verdict::NotReady),
        (Err(CardFault::Unreadable), "which side is up", "向きを確かめ", Verdict::NotReady),
    ];
    for (card, english, japanese, verdict) in cases {
        let report = report(vec![examined("Reader", card)]);
        let [.., in_japanese, in_english] = report.text.as_slice() else { panic!("{:?}", report.text) };
        assert!(in_english.contains(english) && in_japanese.contains(japanese), "{in_english} {in_japanese}");
        assert_eq!(report.json["advice"], *in_english);
        assert_eq!(report.verdict, verdict, "{english}");
    }
}

#[test]
fn service_and_drivers_come_before_readers() {
    let advice = |report: &Report| report.json["advice"].as_str().unwrap().to_owned();
    let stopped = conclude(&[], Err(CardFault::ServiceStopped));
    assert!(stopped.json["service"] == "stopped" && advice(&stopped).contains("pcscd"));
    let silent = conclude(&[], Err(CardFault::Silent));
    assert!(silent.json["service"] == "silent" && advice(&silent).contains("restart pcscd"));
    assert!(advice(&conclude(&[], Ok(Vec::new()))).contains("driver"));
    assert_eq!(advice(&report(Vec::new())), "Connect a card reader.");
}

#[test]
fn of_two_readers_the_one_with_a_usable_card_decides() {
    let empty = || examined("Empty", Err(CardFault::CardMissing));
    let good = report(vec![empty(), examined("Good", Ok(card(&INPUT_SUPPORT, 3)))]);
    assert_eq!(good.verdict, Verdict::Ready);
    let locked = report(vec![empty(), examined("Locked", Ok(card(&INPUT_SUPPORT, 0)))]);
    assert!(locked.json["advice"].as_str().unwrap().contains("locked"));
    assert_eq!(locked.json["readers"][0]["card"], "absent");
    let pin = &locked.json["readers"][1]["applications"][0];
    assert_eq!((&pin["status_word"], &pin["tries_left"]), (&json!("9000"), &json!(0)));
    assert_eq!(pin["secrets"][0]["status_word"], "63C0");
}

#[test]
fn asking_spends_no_try() {
    let mut card = card(&INPUT_SUPPORT, 2);
    for _ in 0..5 {
        let examination = application::examine(&mut Channel::new(&mut card));
        assert_eq!(examination.pin, Finding::Usable);
    }
    let examination = application::examine(&mut Channel::new(&mut card));
    assert_eq!(examination.applications[0].json()["tries_left"], 2);
}

#[test]
fn the_kept_report_names_no_device_and_hostile_names_stay_on_their_line() {
    let report = report(vec![examined("Reader (0123456)\u{1b}[2J\n\u{202e}", Ok(card(&INPUT_SUPPORT, 3)))]);
    assert!(report.json.to_string().contains("0123456"));
    assert!(!report.kept.to_string().contains("0123456"));
    for line in &report.text {
        assert!(line.chars().all(|c| !c.is_control() && c != '\u{202e}'), "{line:?}");
    }
    assert!(!format!("{:#}", report.kept).contains('\u{1b}'));
}

#[test]
fn a_contactless_card_shows_in_its_answer_to_reset_or_the_readers_name() {
    let made_by_reader = [0x3B, 0x88, 0x80, 0x01, 0x00];
    assert_eq!(contactless("Reader", &made_by_reader), Contactless::Yes);
    assert_eq!(contactless("ACS ACR1252 1S CL Reader PICC 0", &[]), Contactless::Yes);
    assert_eq!(contactless("Reader", &[0x3B, 0xE0, 0x00, 0xFF]), Contactless::Unknown);
}
