//! The real window, driven from outside: by accessible names alone, and by the keys of a keyboard alone.
//!
//! Cards, money and paper are moved on the simulation tray; everything else goes the way a resident would go.
#![expect(clippy::indexing_slicing, reason = "a missing part fails the test where it stands")]
#![expect(clippy::expect_used, reason = "words that cannot be read end the test with a sentence")]

use std::collections::BTreeSet;
use std::path::PathBuf;

use kiosk::text::{Language, Speech, Texts};
use tests::crowd;
use tests::terminal::journal;
use tests::window::Window;
use tests::world::{Resident, World};

/// Which certificate.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Domestic,
    Overseas,
}

/// One resident in front of one window.
struct Visit<'a> {
    world: &'a World,
    resident: &'a Resident,
    speech: Speech<'a>,
    form: Form,
}

impl Visit<'_> {
    fn say(&self, key: &str) -> String {
        self.speech.say(key)
    }

    fn kind(&self) -> String {
        format!("{} {}", self.say("kind-vaccination"), self.say("kind-pin-input-support"))
    }

    fn municipality(&self) -> String {
        self.speech.place("千代田区", "ちよだく")
    }

    /// Its key, and what it leads to.
    fn form(&self) -> [String; 2] {
        match self.form {
            Form::Domestic => [self.say("form-domestic"), self.say("copies-title")],
            Form::Overseas => [self.say("form-overseas"), self.say("passport-title")],
        }
    }

    fn passport(&self) -> &str {
        &self.resident.passport.as_ref().expect("a resident with a passport").number
    }

    fn preview_ok(&self) -> String {
        self.speech.say_with("preview-ok", &[("fee", 120.into())])
    }

    fn place_card(&self, window: &mut Window) {
        let place = self.speech.say_with("tray-place", &[("name", self.resident.id.as_str().into())]);
        window.press(&place, &self.say("kind-title"));
    }

    fn throw_coins(&self, window: &mut Window) {
        let coin = self.speech.say_with("tray-yen", &[("amount", 100.into())]);
        let rest = self.speech.say_with("pay-yen", &[("amount", 20.into())]);
        window.press(&coin, &format!("{} {rest}", self.say("pay-rest")));
        window.press(&coin, &self.say("take-paper-title"));
    }

    /// Every heading on the way was read out, in order.
    fn assert_announced(&self, window: &mut Window) {
        let heard = window.heard();
        let mut rest = heard.iter();
        for key in [
            "place-card-title",
            "kind-title",
            "pin-title",
            "take-card-title",
            "municipality-title",
            "form-title",
            "copies-title",
            "preview-title",
            "pay-title",
            "take-paper-title",
            "thanks-title",
        ] {
            let title = self.say(key);
            assert!(rest.any(|announced| *announced == title), "{title:?} was not announced: {heard:?}");
        }
    }

    /// The paper is the resident's, and nothing else was laid into the tray.
    fn assert_issued(&self, before: &BTreeSet<PathBuf>) {
        let papers: Vec<_> = papers(self.world).difference(before).cloned().collect();
        assert_eq!(papers.len(), 1, "{papers:?}");
        assert_eq!(crowd::mistakes(self.world, self.resident, &papers[0]), Vec::<String>::new());
        assert!(journal(self.world, "kiosk.toml").iter().any(|record| record["state"] == "taken"));
    }
}

/// Every certificate that lies in the world's trays.
fn papers(world: &World) -> BTreeSet<PathBuf> {
    let is_paper = |file: &PathBuf| file.display().to_string().ends_with(".certificate.pdf");
    world.files().into_iter().filter(is_paper).collect()
}

/// The digits are keys, and the tray says the PIN of its card; nothing else may say what was typed.
fn assert_nothing_typed_is_named(window: &mut Window, pin: &str) {
    let said = window.names().into_iter().filter(|(_, name)| name.contains(pin)).count();
    assert_eq!(said, 1, "besides the tray's hint, something says the PIN");
}

fn japanese(texts: &Texts) -> Speech<'_> {
    texts.speech(Language::Japanese)
}

/// Goes the whole way as somebody does who listens.
fn issue_by_names(visit: &Visit<'_>, texts: &Texts, window: &mut Window) {
    let before = papers(visit.world);
    let (start, say) = (japanese(texts), |key: &str| visit.say(key));
    window.wait(&start.say("menu-title"));
    if visit.speech.language() != Language::Japanese {
        window.press(&start.say("language-open"), &start.say("language-title"));
        window.press(visit.speech.language().own_name(), &say("menu-title"));
    }
    window.press(&say("menu-begin"), &say("place-card-title"));
    visit.place_card(window);
    window.press(&visit.kind(), &visit.speech.say_with("pin-tries", &[("count", 3.into())]));
    let pin = &visit.resident.pins.input_support;
    for (count, digit) in (1..).zip(pin.chars()) {
        window.press(&digit.to_string(), &visit.speech.say_with("pin-typed", &[("count", count.into())]));
    }
    assert_nothing_typed_is_named(window, pin);
    window.press(&say("pin-ok"), &say("take-card-title"));
    window.press(&say("tray-pull"), &say("municipality-title"));
    window.press(&visit.municipality(), &say("form-title"));
    let [form, next] = visit.form();
    window.press(&form, &next);
    if visit.form == Form::Overseas {
        // As somebody does who does not listen to every key: none is lost, and their order stays.
        let keys: Vec<String> = visit.passport().chars().map(String::from).collect();
        window.press_all(&keys, &visit.speech.say_with("passport-typed", &[("text", visit.passport().into())]));
        window.press(&say("passport-ok"), &say("copies-title"));
    }
    window.press(&say("copies-ok"), &say("preview-title"));
    window.press(&visit.preview_ok(), &say("pay-title"));
    visit.throw_coins(window);
    window.press(&say("take-paper-taken"), &say("thanks-title"));
    visit.assert_announced(window);
    // The next resident is spoken to in Japanese.
    window.press(&say("close"), &start.say("menu-begin"));
    visit.assert_issued(&before);
}

/// One resident after the other in front of one window, each in a language of their own.
fn issue(size: &str, visits: &[(&str, Language, Form)]) {
    let texts = Texts::load().expect("the words");
    let world = World::new();
    let _center = world.center();
    let mut window = Window::open(&world, size);
    for (id, language, form) in visits {
        let visit = Visit { world: &world, resident: world.resident(id), speech: texts.speech(*language), form: *form };
        issue_by_names(&visit, &texts, &mut window);
    }
}

#[test]
fn residents_issue_by_accessible_names_alone_in_plain_japanese_and_vietnamese() {
    let visits = [("taro", Language::PlainJapanese, Form::Domestic), ("hanako", Language::Vietnamese, Form::Overseas)];
    issue("1080x1920", &visits);
}

#[test]
fn residents_issue_by_accessible_names_alone_in_japanese_chinese_korean_and_portuguese() {
    let visits = [
        ("taro", Language::Japanese, Form::Domestic),
        ("hanako", Language::Chinese, Form::Overseas),
        ("taro", Language::Korean, Form::Domestic),
        ("hanako", Language::Portuguese, Form::Overseas),
    ];
    issue("1280x800", &visits);
}

#[test]
fn a_resident_issues_for_abroad_by_keyboard_alone_and_faster_than_the_screen() {
    let texts = Texts::load().expect("the words");
    let world = World::new();
    let _center = world.center();
    let speech = texts.speech(Language::English);
    let visit = Visit { world: &world, resident: world.resident("hanako"), speech, form: Form::Overseas };
    let before = papers(&world);
    let mut window = Window::open(&world, "1280x800");
    let (start, say) = (japanese(&texts), |key: &str| visit.say(key));
    window.wait(&start.say("menu-title"));
    window.reach(&start.say("language-open"), &start.say("language-title"));
    window.reach("English", &say("menu-title"));
    window.strike(&["Return"], &say("place-card-title"));
    visit.place_card(&mut window);
    window.reach(&visit.kind(), &say("pin-title"));
    // Four digits and the key that leads on, all at once.
    let pin: Vec<String> = visit.resident.pins.input_support.chars().map(String::from).collect();
    let keys: Vec<&str> = pin.iter().map(String::as_str).chain(["Return"]).collect();
    window.strike(&keys, &say("take-card-title"));
    window.press(&say("tray-pull"), &say("municipality-title"));
    window.reach(&visit.municipality(), &say("form-title"));
    let [form, next] = visit.form();
    window.reach(&form, &next);
    let number: Vec<String> = visit.passport().to_lowercase().chars().map(String::from).collect();
    let keys: Vec<&str> = number.iter().map(String::as_str).chain(["Return"]).collect();
    window.strike(&keys, &say("copies-title"));
    window.strike(&["Return"], &say("preview-title"));
    window.strike(&["Return"], &say("pay-title"));
    visit.throw_coins(&mut window);
    window.strike(&["Return"], &say("thanks-title"));
    window.strike(&["Return"], &start.say("menu-begin"));
    visit.assert_issued(&before);
}
