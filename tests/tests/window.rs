//! The real window, driven from outside: by accessible names alone, and by the keys of a keyboard alone.
//!
//! Cards, money and paper are moved on the simulation tray; everything else goes the way a resident would go.
#![expect(clippy::expect_used, reason = "words that cannot be read end the test with a sentence")]

use kiosk::text::{Language, Texts};
use tests::visit::{Form, Visit, papers};
use tests::window::Window;
use tests::world::World;

/// One resident after the other in front of one window, each in a language of their own.
fn issue(size: &str, visits: &[(&str, Language, Form)]) {
    let texts = Texts::load().expect("the words");
    let world = World::new();
    let _center = world.center();
    let mut window = Window::open(&world, size);
    for (id, language, form) in visits {
        let visit = Visit::new(&world, id, &texts, *language, *form);
        let before = papers(&world);
        visit.come(&mut window);
        visit.pay_and_leave(&mut window);
        visit.assert_issued(&before);
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
    let visit = Visit::new(&world, "hanako", &texts, Language::English, Form::Overseas);
    let before = papers(&world);
    let mut window = Window::open(&world, "1280x800");
    let (start, say) = (texts.speech(Language::Japanese), |key: &str| visit.say(key));
    window.wait(&start.say("menu-title"));
    window.reach(&start.say("language-open"), &start.say("language-title"));
    window.reach("English", &say("menu-title"));
    window.strike(&["Return"], &say("place-card-title"));
    visit.place_card(&mut window);
    window.reach(&visit.kind(), &say("pin-title"));
    // Four digits and the key that leads on, all at once.
    let pin: Vec<String> = world.resident("hanako").pins.input_support.chars().map(String::from).collect();
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
