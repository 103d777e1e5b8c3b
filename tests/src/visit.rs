//! A resident in front of the real window: the whole way, and each step by itself.
#![expect(clippy::indexing_slicing, reason = "a missing part fails the test where it stands")]

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use kiosk::text::{Language, Speech, Texts};

use crate::crowd;
use crate::terminal::journal;
use crate::window::Window;
use crate::world::{Resident, World};

/// Which certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// For use in Japan.
    Domestic,
    /// For use abroad.
    Overseas,
}

/// How somebody uses the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// By accessible names, as a reader of the screen does.
    Names,
    /// By a finger, each key by itself.
    Touch,
    /// By the keys of a keyboard, and faster than the screen where something is typed.
    Keyboard,
}

impl Means {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Names, Self::Touch, Self::Keyboard];
}

/// A tap.
const TAP: Duration = Duration::ZERO;

/// One resident in front of one window.
#[derive(Debug)]
pub struct Visit<'a> {
    world: &'a World,
    resident: &'a Resident,
    /// What the terminal speaks to the next one.
    start: Speech<'a>,
    speech: Speech<'a>,
    form: Form,
    means: Means,
}

impl<'a> Visit<'a> {
    /// A resident of the world who speaks this language and wants this certificate.
    #[track_caller]
    pub fn new(world: &'a World, id: &str, texts: &'a Texts, language: Language, form: Form) -> Self {
        let (start, speech) = (texts.speech(Language::Japanese), texts.speech(language));
        Self { world, resident: world.resident(id), start, speech, form, means: Means::Names }
    }

    /// The same, by other means.
    #[must_use]
    pub const fn by(self, means: Means) -> Self {
        Self { means, ..self }
    }

    /// From the menu to the preview.
    #[track_caller]
    pub fn come(&self, window: &mut Window) {
        let (start, say) = (self.start, |key: &str| self.say(key));
        window.wait(&start.say("menu-title"));
        if self.speech.language() != Language::Japanese {
            self.use_key(window, &start.say("language-open"), &start.say("language-title"));
            self.use_key(window, self.speech.language().own_name(), &say("menu-title"));
        }
        self.use_key(window, &say("menu-begin"), &say("place-card-title"));
        self.place_card(window);
        self.use_key(window, &self.kind(), &self.speech.say_with("pin-tries", &[("count", 3.into())]));
        self.enter_pin(window);
        window.press(&say("tray-pull"), &say("municipality-title"));
        self.use_key(window, &self.municipality(), &say("form-title"));
        let [form, next] = self.form();
        self.use_key(window, &form, &next);
        if self.form == Form::Overseas {
            self.enter_passport(window);
        }
        self.use_key(window, &say("copies-ok"), &say("preview-title"));
    }

    /// From the preview to the menu, with the paper.
    #[track_caller]
    pub fn pay_and_leave(&self, window: &mut Window) {
        let say = |key: &str| self.say(key);
        self.use_key(window, &self.preview_ok(), &say("pay-title"));
        self.throw_coins(window);
        self.use_key(window, &say("take-paper-taken"), &say("thanks-title"));
        self.assert_announced(window);
        // The next resident is spoken to in Japanese.
        self.use_key(window, &say("close"), &self.start.say("menu-begin"));
    }

    #[track_caller]
    fn use_key(&self, window: &mut Window, name: &str, brings: &str) {
        match self.means {
            Means::Names => window.press(name, brings),
            Means::Touch => window.touch(name, TAP, brings),
            Means::Keyboard => window.reach(name, brings),
        }
    }

    #[track_caller]
    fn enter_pin(&self, window: &mut Window) {
        let pin = &self.resident.pins.input_support;
        if self.means == Means::Keyboard {
            window.strike(&keys_of(pin), &self.say("take-card-title"));
            return;
        }
        for (count, digit) in (1..).zip(pin.chars()) {
            let typed = self.speech.say_with("pin-typed", &[("count", count.into())]);
            self.use_key(window, &digit.to_string(), &typed);
        }
        assert_nothing_typed_is_named(window, pin);
        self.use_key(window, &self.say("pin-ok"), &self.say("take-card-title"));
    }

    #[track_caller]
    fn enter_passport(&self, window: &mut Window) {
        let (number, next) = (self.passport(), self.say("copies-title"));
        let keys: Vec<String> = number.chars().map(String::from).collect();
        let typed = |text: &str| self.speech.say_with("passport-typed", &[("text", text.to_owned().into())]);
        match self.means {
            Means::Keyboard => return window.strike(&keys_of(&number.to_lowercase()), &next),
            // As somebody does who does not listen to every key: none is lost, and their order stays.
            Means::Names => window.press_all(&keys, &typed(number)),
            Means::Touch => {
                for (place, key) in keys.iter().enumerate() {
                    self.use_key(window, key, &typed(&number[..=place]));
                }
            }
        }
        self.use_key(window, &self.say("passport-ok"), &next);
    }

    /// What a sentence is in the resident's language.
    pub fn say(&self, key: &str) -> String {
        self.speech.say(key)
    }

    /// The key of the certificate.
    pub fn kind(&self) -> String {
        format!("{} {}", self.say("kind-vaccination"), self.say("kind-pin-input-support"))
    }

    /// The key of the municipality.
    pub fn municipality(&self) -> String {
        self.speech.place("千代田区", "ちよだく")
    }

    /// Its key, and what it leads to.
    pub fn form(&self) -> [String; 2] {
        match self.form {
            Form::Domestic => [self.say("form-domestic"), self.say("copies-title")],
            Form::Overseas => [self.say("form-overseas"), self.say("passport-title")],
        }
    }

    /// The passport's number.
    pub fn passport(&self) -> &str {
        &self.resident.passport.as_ref().expect("a resident with a passport").number
    }

    /// The key that leads on to the money.
    pub fn preview_ok(&self) -> String {
        self.speech.say_with("preview-ok", &[("fee", 120.into())])
    }

    /// Puts the card on the reader.
    pub fn place_card(&self, window: &mut Window) {
        let place = self.speech.say_with("tray-place", &[("name", self.resident.id.as_str().into())]);
        window.press(&place, &self.say("kind-title"));
    }

    /// Pays with two coins.
    pub fn throw_coins(&self, window: &mut Window) {
        self.throw_first_coin(window);
        window.press(&self.coin(), &self.say("take-paper-title"));
    }

    /// Throws in the first of two coins.
    pub fn throw_first_coin(&self, window: &mut Window) {
        let rest = self.speech.say_with("pay-yen", &[("amount", 20.into())]);
        window.press(&self.coin(), &format!("{} {rest}", self.say("pay-rest")));
    }

    fn coin(&self) -> String {
        self.speech.say_with("tray-yen", &[("amount", 100.into())])
    }

    /// Every heading on the way was read out, in order.
    pub fn assert_announced(&self, window: &mut Window) {
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
    pub fn assert_issued(&self, before: &BTreeSet<PathBuf>) {
        let papers: Vec<_> = papers(self.world).difference(before).cloned().collect();
        assert_eq!(papers.len(), 1, "{papers:?}");
        assert_eq!(crowd::mistakes(self.world, self.resident, &papers[0]), Vec::<String>::new());
        assert!(journal(self.world, "kiosk.toml").iter().any(|record| record["state"] == "taken"));
    }
}

/// Every certificate that lies in the world's trays.
pub fn papers(world: &World) -> BTreeSet<PathBuf> {
    let is_paper = |file: &PathBuf| file.display().to_string().ends_with(".certificate.pdf");
    world.files().into_iter().filter(is_paper).collect()
}

/// Characters as keys of a keyboard, and the one that leads on.
fn keys_of(text: &str) -> Vec<String> {
    text.chars().map(String::from).chain(["Return".to_owned()]).collect()
}

/// The digits are keys, and the tray says the PIN of its card; nothing else may say what was typed.
fn assert_nothing_typed_is_named(window: &mut Window, pin: &str) {
    let said = window.names().into_iter().filter(|(_, name)| name.contains(pin)).count();
    assert_eq!(said, 1, "besides the tray's hint, something says the PIN");
}
