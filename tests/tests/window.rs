//! The real window, driven by accessible names alone: a whole issue, from the language to the closed screen.
#![expect(clippy::indexing_slicing, reason = "a missing part fails the test where it stands")]
#![expect(clippy::expect_used, reason = "words that cannot be read end the test with a sentence")]

use kiosk::text::{Language, Speech, Texts};
use tests::crowd;
use tests::terminal::journal;
use tests::window::Window;
use tests::world::World;

/// Goes the whole way in one language and gives the paper.
fn issue(world: &World, speech: Speech<'_>, size: &str) {
    let hanako = world.resident("hanako");
    let mut window = Window::open(world, size);
    let japanese = Texts::load().expect("the words");
    let japanese = japanese.speech(Language::Japanese);
    if speech.language() != Language::Japanese {
        window.press(&japanese.say("language-open"));
        window.press(speech.language().own_name());
    }
    window.press(&speech.say("menu-begin"));
    window.wait(&speech.say("place-card-title"));
    window.press(&speech.say_with("tray-place", &[("name", "hanako".into())]));
    window.press(&format!("{} {}", speech.say("kind-vaccination"), speech.say("kind-pin-input-support")));
    window.wait(&speech.say_with("pin-tries", &[("count", 3.into())]));
    // As somebody who listens does: the next key after the count was said.
    for (count, digit) in (1..).zip(hanako.pins.input_support.chars()) {
        window.press(&digit.to_string());
        window.wait(&speech.say_with("pin-typed", &[("count", count.into())]));
    }
    assert_nothing_typed_is_named(&mut window, &hanako.pins.input_support);
    window.press(&speech.say("pin-ok"));
    window.wait(&speech.say("take-card-title"));
    window.press(&speech.say("tray-pull"));
    window.press(&speech.place("千代田区", "ちよだく"));
    window.press(&speech.say("form-domestic"));
    window.press(&speech.say("copies-ok"));
    window.press(&speech.say_with("preview-ok", &[("fee", 120.into())]));
    window.wait(&speech.say("pay-title"));
    for _ in 0..2 {
        window.press(&speech.say_with("tray-yen", &[("amount", 100.into())]));
    }
    window.press(&speech.say("take-paper-taken"));
    window.wait(&speech.say("thanks-title"));
    window.press(&speech.say("close"));
    // The next resident is spoken to in Japanese.
    window.wait(&japanese.say("menu-begin"));
    let papers: Vec<_> =
        world.files().into_iter().filter(|file| file.display().to_string().ends_with(".certificate.pdf")).collect();
    assert_eq!(papers.len(), 1, "{papers:?}");
    assert_eq!(crowd::mistakes(world, hanako, &papers[0]), Vec::<String>::new());
    assert!(journal(world, "kiosk.toml").iter().any(|record| record["state"] == "taken"));
}

/// The digits are keys, and the tray says the PIN of its card; nothing else may say what was typed.
fn assert_nothing_typed_is_named(window: &mut Window, pin: &str) {
    let said = window.names().into_iter().filter(|(_, name)| name.contains(pin)).count();
    assert_eq!(said, 1, "besides the tray's hint, something says the PIN");
}

#[test]
fn a_resident_issues_by_accessible_names_alone() {
    let texts = Texts::load().expect("the words");
    for (language, size) in [(Language::Japanese, "1280x800"), (Language::Vietnamese, "1080x1920")] {
        let world = World::new();
        let _center = world.center();
        issue(&world, texts.speech(language), size);
    }
}
