//! The real window, driven from outside: by accessible names alone, by touch alone, and by the keys of a keyboard alone.
//!
//! Cards, money and paper are moved on the simulation tray; everything else goes the way a resident would go.
#![expect(clippy::expect_used, reason = "words that cannot be read end the test with a sentence")]

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use kiosk::text::{Language, Texts};
use tests::paper;
use tests::promises::assert_nobody_lost_at;
use tests::scenario::ends;
use tests::terminal::journal;
use tests::visit::{Form, Means, Visit, papers};
use tests::window::Window;
use tests::world::World;

/// In front of one window, in each language: one resident for use in Japan, another for use abroad.
#[track_caller]
fn issue_both_forms_in_every_language(size: &str, means: Means) {
    let texts = Texts::load().expect("the words");
    let world = World::new();
    let _center = world.center();
    let mut window = Window::open(&world, size);
    if means == Means::Names {
        window = window.in_one_language(&texts);
    }
    for language in Language::ALL {
        for (id, form) in [("taro", Form::Domestic), ("hanako", Form::Overseas)] {
            let visit = Visit::new(&world, id, &texts, language, form).by(means);
            let before = papers(&world);
            visit.come(&mut window);
            visit.pay_and_leave(&mut window);
            visit.assert_issued(&before);
            assert_form(&world, &before, form);
        }
    }
}

/// The paper that came is of this form, as it says itself.
#[track_caller]
fn assert_form(world: &World, before: &BTreeSet<PathBuf>, form: Form) {
    for page in papers(world).difference(before) {
        let front = paper::run_together(&paper::text(page, 1));
        let [own, other] = match form {
            Form::Domestic => ["ForuseinJapan", "Foruseabroad"],
            Form::Overseas => ["ForuseabroadandinJapan", "ForuseinJapan"],
        };
        assert!(front.contains(own) && !front.contains(other), "{form:?}: {front}");
    }
}

#[test]
fn residents_issue_by_accessible_names_alone() {
    issue_both_forms_in_every_language("1080x1920", Means::Names);
}

#[test]
fn residents_issue_by_touch_alone() {
    issue_both_forms_in_every_language("1280x800", Means::Touch);
}

#[test]
fn residents_issue_by_keyboard_alone() {
    issue_both_forms_in_every_language("1280x800", Means::Keyboard);
}

#[test]
fn staff_comes_by_a_finger_that_stays_on_the_nameplate_and_nobody_by_a_tap() {
    let texts = Texts::load().expect("the words");
    let say = |key: &str| texts.speech(Language::Japanese).say(key);
    let world = World::new();
    let _center = world.center();
    let mut window = Window::open(&world, "1280x800");
    window.wait(&say("menu-title"));
    let names = window.names();
    let plate = names.iter().map(|(_, name)| name).find(|name| name.ends_with(&say("staff-entrance")));
    let plate = plate.expect("a nameplate that is the staff's entrance");
    for tap in [Duration::ZERO, Duration::from_millis(1_500)] {
        window.touch(plate, tap, &say("menu-title"));
        // It is the menu still, and serves.
        window.press(&say("language-open"), &say("language-title"));
        window.press(Language::Japanese.own_name(), &say("menu-title"));
    }
    // Much longer than it must stay: a busy machine sees a finger late.
    window.touch(plate, Duration::from_secs(8), &say("staff-door-title"));
}

#[test]
fn money_in_a_terminal_that_loses_its_display_comes_back_at_the_next_start() {
    let texts = Texts::load().expect("the words");
    let world = World::new();
    let center = world.center();
    let visit = Visit::new(&world, "hanako", &texts, Language::Japanese, Form::Overseas);
    let mut window = Window::open(&world, "1280x800");
    visit.come(&mut window);
    window.press(&visit.preview_ok(), &visit.say("pay-title"));
    visit.throw_first_coin(&mut window);
    window.lose_display();
    let mut next = Window::open(&world, "1280x800");
    next.wait(&visit.say("menu-title"));
    assert_nobody_lost_at(&world, &["kiosk.toml"]);
    assert_eq!(ends(&world), ["cancelled"]);
    assert!(journal(&world, "kiosk.toml").iter().any(|record| record["returned"] == 100), "the coin stayed inside");
    center.stop();
}
