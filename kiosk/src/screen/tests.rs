//! Every screen from hand-made views, in each language and both orientations, found and pressed by name.

mod unruly;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use egui::accesskit::Role;
use egui::{Key, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use shared::domain::certificate::ProofProfile;
use shared::domain::fee::Yen;

use super::*;
use crate::comfort::TextSize;
use crate::screen::cast::{Cast, EVERY_SCREEN, Show};
use crate::session::{Comparison, PreviousPin};
use crate::text::tests::messages;
use crate::text::{Language, Texts};
use crate::theme::{self, Typeface};

const PORTRAIT: Vec2 = vec2(1080.0, 1920.0);
const LANDSCAPE: Vec2 = vec2(1280.0, 800.0);

static TYPEFACE: LazyLock<Typeface> = LazyLock::new(|| Typeface::read().unwrap());

const PIN: Show =
    |_| View::EnterPin { profile: ProofProfile::InputSupport, tries_left: 3, previous: PreviousPin::Untyped };
const PASSPORT: Show = |_| View::ConfirmPassport { masked: "******567", comparison: Comparison::Untyped };
const COPIES: Show = |_| View::ChooseCopies { fee_per_copy: Yen(120), maximum: 5 };
const PREVIEW: Show = |cast| View::Preview { document: &cast.document };
const FORMS: Show = |cast| View::ChooseForm { municipality: &cast.municipality, forms: &cast.forms, notice: None };

struct Board {
    cast: Cast,
    show: Show,
    entry: Entry,
    texts: Texts,
    language: Language,
    comfort: Comfort,
    warning: Option<Warning>,
    commands: Vec<Command>,
}

impl Board {
    fn apply(&mut self, command: Command) {
        match &command {
            Command::Press(press) => self.entry.press(*press),
            Command::SetCopies(copies) => self.entry.set_copies(*copies),
            Command::Look(part) => self.entry.look(*part),
            Command::Show(panel) => self.entry.show(*panel),
            Command::Prefer(choice) => self.comfort = self.comfort.with(*choice),
            Command::Speak(language) => {
                self.entry.show(Panel::Shut);
                self.language = *language;
            }
            Command::Tell(_)
            | Command::SubmitPin
            | Command::SubmitPassport
            | Command::SubmitStaffCode
            | Command::Staff(_) => {}
        }
        self.commands.push(command);
    }
}

fn board(show: Show, language: Language, size: Vec2) -> Harness<'static, Board> {
    let texts = Texts::load().unwrap();
    let board = Board {
        cast: Cast::new().unwrap(),
        show,
        entry: Entry::default(),
        texts,
        language,
        comfort: Comfort::default(),
        warning: None,
        commands: Vec::new(),
    };
    let setup = |ctx: &egui::Context| theme::install(ctx, &TYPEFACE);
    Harness::builder().with_size(size).with_context_setup(setup).build_ui_state(
        |ui, board: &mut Board| {
            let view = (board.show)(&board.cast);
            board.entry.follow(&view);
            let scene = Scene {
                view,
                speech: board.texts.speech(board.language),
                entry: &board.entry,
                pages: Pages::Pending,
                warning: board.warning,
                cancelling: Cancelling::Allowed,
                beeping: Beeping::Alarm,
                comfort: board.comfort,
                diagonal_inches: 15.6,
                nameplate: Nameplate { terminal: "0001", profile: Standing::Test, entrance: Entrance::Open },
            };
            let area = ui.ctx().content_rect();
            let commands = draw(ui, area, &scene);
            for command in commands {
                board.apply(command);
            }
        },
        board,
    )
}

/// Every accessible name on the screen.
fn names(harness: &Harness<'_, Board>) -> Vec<(Role, String)> {
    fn walk(node: egui_kittest::Node<'_>, names: &mut Vec<(Role, String)>) {
        let found = node.accesskit_node();
        names.extend([found.label(), found.value()].into_iter().flatten().map(|text| (found.role(), text)));
        for child in node.children() {
            walk(child, names);
        }
    }
    let mut names = Vec::new();
    walk(harness.root(), &mut names);
    names
}

/// Presses the key of this name and gives the commands that came.
fn press(harness: &mut Harness<'_, Board>, name: &str) -> Vec<String> {
    harness.get_by_role_and_label(Role::Button, name).click();
    harness.run();
    said(harness)
}

fn said(harness: &mut Harness<'_, Board>) -> Vec<String> {
    harness.state_mut().commands.drain(..).map(|command| format!("{command:?}")).collect()
}

/// What was remembered under this name since the last look.
fn remembered(harness: &Harness<'_, Board>, id: egui::Id) -> Vec<String> {
    harness.ctx.data_mut(|data| std::mem::take(data.get_temp_mut_or_default::<Vec<String>>(id)))
}

/// What found no room since the last look.
fn clipped(harness: &Harness<'_, Board>) -> Vec<String> {
    remembered(harness, crate::widget::words::clipped_id())
}

/// Twenty millimetres on the panel of 15.6 inches.
fn finger(size: Vec2) -> f32 {
    20.0 * size.length() / (15.6 * 25.4)
}

/// No key is smaller than a finger.
fn assert_a_finger_fits(harness: &Harness<'_, Board>, size: Vec2) {
    for key in harness.get_all_by_role(Role::Button) {
        let (rect, name) = (key.rect(), key.accesskit_node().label());
        assert!(rect.width().min(rect.height()) >= finger(size) - 0.5, "{name:?} is {rect} on {size}");
    }
}

/// Every key is drawn where it is pressed. The nameplate, which is the staff's entrance, is drawn as no key.
fn assert_keys_are_seen(harness: &Harness<'_, Board>, size: Vec2) {
    fn gather(shape: &egui::Shape, drawn: &mut Vec<Rect>) {
        match shape {
            egui::Shape::Vec(shapes) => shapes.iter().for_each(|shape| gather(shape, drawn)),
            egui::Shape::Rect(shape) => drawn.push(shape.rect),
            _ => {}
        }
    }
    let mut drawn = Vec::new();
    harness.output().shapes.iter().for_each(|clipped| gather(&clipped.shape, &mut drawn));
    let entrance = harness.state().texts.speech(harness.state().language).say("staff-entrance");
    for key in harness.get_all_by_role(Role::Button) {
        let (place, name) = (key.rect(), key.accesskit_node().label().unwrap_or_default());
        let is_there = |rect: &Rect| rect.min.distance(place.min) < 1.5 && rect.max.distance(place.max) < 1.5;
        assert!(name.ends_with(&entrance) || drawn.iter().any(is_there), "{name:?} is not seen at {place} of {size}");
    }
}

/// The words are words, and the keys lie beside each other on the panel.
fn assert_good(harness: &Harness<'_, Board>, sentences: &BTreeMap<String, BTreeSet<String>>, size: Vec2) {
    let names = names(harness);
    assert!(names.len() > 4, "{names:?}");
    for (_, name) in &names {
        assert!(!sentences.contains_key(name), "a key instead of words: {name}");
    }
    let panel = Rect::from_min_size(egui::Pos2::ZERO, size);
    let keys: Vec<(Rect, Option<String>)> =
        harness.get_all_by_role(Role::Button).map(|key| (key.rect(), key.accesskit_node().label())).collect();
    for (place, (one, name)) in keys.iter().enumerate() {
        assert!(panel.contains_rect(*one), "{name:?} at {one} of {size}");
        for (other, neighbour) in &keys[place + 1..] {
            assert!(!one.intersects(*other), "{name:?} lies over {neighbour:?} on {size}");
        }
    }
}

#[test]
fn every_screen_speaks_each_language_in_words_and_keeps_its_keys_apart_on_the_panel() {
    let mut crowded = Vec::new();
    for (language, size) in languages_and_panels() {
        let sentences = messages(language);
        let mut harness = board(PIN, language, size);
        harness.ctx.set_fonts(TYPEFACE.definitions(language));
        for show in EVERY_SCREEN {
            harness.state_mut().show = *show;
            harness.run();
            assert_good(&harness, &sentences, size);
            assert_a_finger_fits(&harness, size);
            assert_keys_are_seen(&harness, size);
            let turned = remembered(&harness, crate::widget::words::turned_id());
            let name = show(&harness.state().cast).name();
            // Every item of a certificate is more than any panel shows at once.
            if turned.iter().any(|part| name != "preview" || part != "keys") {
                crowded.push(format!("{language:?} {size} {name}: {:?} must be turned", turned.last()));
            }
            crowded.extend(clipped(&harness).last().map(|text| format!("{language:?} {size} {name}: {text} is cut")));
        }
    }
    assert!(crowded.is_empty(), "{}", crowded.join("\n"));
}

#[test]
fn nothing_is_cut_and_no_key_is_small_in_double_letters() {
    let mut cut = Vec::new();
    for (language, size) in languages_and_panels() {
        let mut harness = board(PIN, language, size);
        harness.state_mut().comfort.text = TextSize::Double;
        harness.ctx.set_fonts(TYPEFACE.definitions(language));
        for show in EVERY_SCREEN {
            harness.state_mut().show = *show;
            harness.run();
            assert_a_finger_fits(&harness, size);
            let name = show(&harness.state().cast).name();
            cut.extend(clipped(&harness).last().map(|text| format!("{language:?} {size} {name}: {text}")));
        }
    }
    assert!(cut.is_empty(), "{}", cut.join("\n"));
}

#[test]
fn the_key_to_the_languages_is_never_broken_inside_a_word() {
    let mut broken = BTreeSet::new();
    let panels = [PORTRAIT, LANDSCAPE, vec2(920.0, 800.0), vec2(600.0, 800.0), vec2(800.0, 600.0)];
    for (language, size) in Language::ALL.into_iter().flat_map(|language| panels.map(|size| (language, size))) {
        for text in TextSize::ALL {
            let mut harness = board(COPIES, language, size);
            harness.state_mut().comfort.text = text;
            harness.ctx.set_fonts(TYPEFACE.definitions(language));
            harness.run();
            let key = harness.state().texts.speech(language).say("language-open");
            let found = remembered(&harness, crate::widget::words::broken_id());
            broken.extend(found.into_iter().filter(|found| *found == key).map(|key| format!("{size} {text:?}: {key}")));
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

fn languages_and_panels() -> impl Iterator<Item = (Language, Vec2)> {
    Language::ALL.into_iter().flat_map(|language| [(language, PORTRAIT), (language, LANDSCAPE)])
}

#[test]
fn what_does_not_fit_is_turned_to_by_a_key_to_the_end_and_back() {
    let mut harness = board(PREVIEW, Language::English, LANDSCAPE);
    harness.run();
    let bottom = |harness: &Harness<'_, Board>| harness.get_by_label("Copies 2 copies").rect().bottom();
    let first = bottom(&harness);
    let is_open = |harness: &Harness<'_, Board>, name: &str| !harness.get_by_label(name).accesskit_node().is_disabled();
    assert!(first > LANDSCAPE.y && !is_open(&harness, "Further up"));
    for (name, ends) in [("Further down", false), ("Further up", true)] {
        for _ in 0..20 {
            if is_open(&harness, name) {
                press(&mut harness, name);
            }
        }
        assert!(!is_open(&harness, name));
        assert_eq!((bottom(&harness) - first).abs() < 1.0, ends);
        assert!(ends || bottom(&harness) < LANDSCAPE.y);
    }
}

#[test]
fn every_way_to_see_hear_and_type_is_chosen_by_name_and_the_step_stays() {
    for size in [PORTRAIT, LANDSCAPE] {
        for (name, command) in [
            ("Text size: Double", "Prefer(Text(Double))"),
            ("Colours: High contrast", "Prefer(Contrast(High))"),
            ("Volume: Off", "Prefer(Volume(Off))"),
            ("Number keys: Shuffled", "Prefer(Keypad(Shuffled))"),
            ("Time to wait: Longer", "Prefer(Pace(Unhurried))"),
        ] {
            let mut harness = board(PIN, Language::English, size);
            harness.run();
            press(&mut harness, "7");
            assert_eq!(press(&mut harness, "Display & sound"), ["Show(Comfort)"]);
            assert_eq!(press(&mut harness, name), [command]);
            harness.get_by_label(name);
            assert_eq!(press(&mut harness, "Done"), ["Show(Shut)"]);
            harness.get_by_label("1 digit entered");
        }
    }
}

#[test]
fn each_key_says_its_own_thing_in_each_language() {
    let told: [(Show, [&str; 2], &str); 14] = [
        (|_| View::Menu { fee_per_copy: Yen(120) }, ["はじめる", "Start"], "Tell(Begun)"),
        (
            |_| View::ConfirmLastTry { profile: ProofProfile::InputSupport, previous: PreviousPin::Untyped },
            ["それでも入れる", "Enter it anyway"],
            "Tell(LastTryConfirmed)",
        ),
        (|_| View::PlaceCard, ["やめる", "Cancel"], "Tell(Cancelled)"),
        (FORMS, ["国内用", "For use in Japan"], "Tell(FormChosen(Domestic))"),
        (FORMS, ["ひとつ戻る", "Back"], "Tell(Back)"),
        (COPIES, ["この通数で作る", "Make these copies"], "Tell(CopiesChosen(1))"),
        (COPIES, ["1通ふやす", "One more copy"], "SetCopies(2)"),
        (PREVIEW, ["内容は正しい・240 円を支払う", "It is correct: pay 240 yen"], "Tell(ContentConfirmed)"),
        (PREVIEW, ["うら面", "Back page"], "Look(Back)"),
        (|cast| View::TakePaper { receipt: &cast.receipt }, ["取りました", "I have taken them"], "Tell(PaperTaken)"),
        (
            |cast| View::Thanks { certificate: &cast.certificate, receipt: &cast.receipt },
            ["画面を閉じる", "Close this screen"],
            "Tell(Acknowledged)",
        ),
        (
            |cast| View::ChooseKind { offers: &cast.offers },
            [
                "新型コロナの接種証明書 券面事項入力補助用の暗証番号を使います",
                "COVID-19 vaccination certificate Uses the PIN for text input support",
            ],
            "Tell(KindChosen(Vaccination))",
        ),
        (
            |cast| View::ChooseMunicipality { offers: &cast.municipalities },
            ["横浜市", "Yokohama-shi"],
            "Tell(MunicipalityChosen(MunicipalityCode(141003)))",
        ),
        (
            |cast| View::PaperLeft { issuance: &cast.issuance },
            ["店員用：紙を取り除いた", "Staff: the paper is removed"],
            "Tell(PaperTaken)",
        ),
    ];
    for size in [PORTRAIT, LANDSCAPE] {
        let mut harness = board(PIN, Language::Japanese, size);
        let said = told.iter().flat_map(|(show, names, command)| {
            [Language::Japanese, Language::English]
                .into_iter()
                .zip(names)
                .map(move |(language, name)| (*show, language, *name, *command))
        });
        for (show, language, name, command) in said {
            harness.state_mut().show = show;
            harness.state_mut().language = language;
            harness.state_mut().entry = Entry::default();
            harness.run();
            assert_eq!(press(&mut harness, name), [command], "{name}");
        }
    }
}

#[test]
fn every_language_is_chosen_by_its_own_name_on_every_screen_and_the_step_stays() {
    for size in [PORTRAIT, LANDSCAPE] {
        let mut harness = board(PIN, Language::Japanese, size);
        for show in EVERY_SCREEN.iter().copied() {
            for language in Language::ALL {
                harness.state_mut().show = show;
                harness.state_mut().language = Language::English;
                harness.run();
                assert_eq!(press(&mut harness, "Language"), ["Show(Languages)"]);
                let speak = format!("Speak({language:?})");
                assert_eq!(press(&mut harness, language.own_name()), [speak]);
            }
        }
    }
}

#[test]
fn what_is_typed_stays_when_the_language_changes() {
    let mut harness = board(PASSPORT, Language::English, PORTRAIT);
    harness.run();
    press(&mut harness, "T");
    press(&mut harness, "Language");
    press(&mut harness, "한국어");
    assert_eq!(harness.state().entry.typed(), "T");
    assert_eq!(harness.state().entry.panel(), Panel::Shut);
}

#[test]
fn a_pin_is_masked_counted_and_taken_only_when_it_is_four_digits() {
    let mut harness = board(PIN, Language::English, PORTRAIT);
    harness.run();
    assert!(harness.get_by_role_and_label(Role::Button, "OK").accesskit_node().is_disabled());
    harness.get_by_label("3 tries left");
    for (digit, count) in
        [("7", "1 digit entered"), ("3", "2 digits entered"), ("9", "3 digits entered"), ("1", "4 digits entered")]
    {
        press(&mut harness, digit);
        harness.get_by_label(count);
    }
    for (_, name) in names(&harness) {
        assert!(!name.contains("73"), "{name}");
    }
    assert!(harness.get_by_role_and_label(Role::Button, "5").accesskit_node().is_disabled());
    assert_eq!(press(&mut harness, "OK"), ["SubmitPin"]);
}

#[test]
fn a_pin_can_be_typed_on_a_keyboard() {
    let mut harness = board(PIN, Language::Japanese, LANDSCAPE);
    harness.key_press(Key::Enter);
    harness.run();
    assert!(said(&mut harness).is_empty(), "three digits and fewer are no PIN");
    for digit in ["1", "2", "x", "5", "3", "4"] {
        harness.event(egui::Event::Text(digit.to_owned()));
        harness.run();
        if digit == "5" {
            harness.key_press(Key::Backspace);
            harness.run();
        }
    }
    assert_eq!(harness.state().entry.typed(), "1234");
    said(&mut harness);
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(said(&mut harness), ["SubmitPin"]);
    harness.key_press(Key::Escape);
    harness.run();
    assert_eq!(said(&mut harness), ["Tell(Cancelled)"]);
}

#[test]
fn a_fast_typist_loses_no_character() {
    let mut harness = board(PASSPORT, Language::Japanese, PORTRAIT);
    harness.run();
    for character in ["t", "k", "1", "2", "3", "4", "5"] {
        harness.event(egui::Event::Text(character.to_owned()));
    }
    harness.run();
    assert_eq!(harness.state().entry.typed(), "TK12345");
}

#[test]
fn tab_reaches_a_key_and_enter_presses_it_alone() {
    let mut harness = board(COPIES, Language::English, LANDSCAPE);
    for _ in 0..24 {
        harness.key_press(Key::Tab);
        harness.run();
        if harness.get_by_role_and_label(Role::Button, "One more copy").is_focused() {
            harness.key_press(Key::Enter);
            harness.run();
            assert_eq!(said(&mut harness), ["SetCopies(2)"]);
            return;
        }
    }
    panic!("the keyboard never came to the key");
}

#[test]
fn a_passport_number_is_typed_in_capitals_and_digits() {
    let mut harness = board(PASSPORT, Language::English, LANDSCAPE);
    for key in ["T", "K", "1", "2", "3", "4"] {
        assert!(harness.state().entry.typed().len() < 6);
        press(&mut harness, key);
    }
    harness.get_by_label("Passport number: TK1234");
    assert_eq!(press(&mut harness, "Use this number"), ["SubmitPassport"]);
}

#[test]
fn a_form_that_cannot_be_had_says_why_and_what_to_do() {
    let mut harness = board(FORMS, Language::English, PORTRAIT);
    harness.run();
    assert!(harness.get_by_role_and_label(Role::Button, "For use abroad and in Japan").accesskit_node().is_disabled());
    harness.get_by_label("No passport is registered.");
    harness.get_by_label_contains("2022-07-21");
}

#[test]
fn a_form_that_needs_the_passport_shows_the_masked_number() {
    let show: Show =
        |cast| View::ChooseForm { municipality: &cast.municipality, forms: &cast.passport_forms, notice: None };
    let mut harness = board(show, Language::English, PORTRAIT);
    assert_eq!(press(&mut harness, "For use abroad and in Japan"), ["Tell(FormChosen(Overseas))"]);
}

#[test]
fn the_preview_reads_out_every_printed_item() {
    for size in [PORTRAIT, LANDSCAPE] {
        let mut harness = board(PREVIEW, Language::English, size);
        harness.run();
        let said: Vec<String> = names(&harness).into_iter().map(|(_, name)| name).collect();
        for item in [
            "Name 見本　花子",
            "Date of birth 1980-02-03",
            "Name in roman letters MIHON HANAKO",
            "Nationality/region JPN",
            "Passport number TK1234567",
            "Product COMIRNATY",
            "Maker Pfizer",
            "Vaccine mRNA vaccine",
            "Lot number EY0003",
            "Date 2021-12-04",
            "Date of issue 2022-10-03",
            "Copies 2 copies",
        ] {
            assert!(said.iter().any(|name| name == item), "{item} is missing of {said:?}");
        }
    }
}

#[test]
fn a_warning_is_over_the_screen_and_one_touch_goes_on() {
    let mut harness = board(COPIES, Language::English, LANDSCAPE);
    harness.state_mut().warning = Some(Warning { seconds: 12 });
    harness.run();
    // Read out at 20, 10 and 5 seconds, shown at every one.
    harness.get_by_label("In 20 seconds this goes back to the start.");
    harness.get_by_value("In 12 seconds this goes back to the start.");
    assert_eq!(press(&mut harness, "I need more time"), ["Tell(Touched)"]);
    let mut harness =
        board(|_| View::Pay { fee: Yen(120), inserted: Yen(100), notice: None }, Language::English, PORTRAIT);
    harness.state_mut().warning = Some(Warning { seconds: 3 });
    harness.run();
    harness.get_by_label_contains("money you inserted comes back");
}

#[test]
fn money_is_shown_as_fee_inserted_and_rest() {
    let show: Show = |_| View::Pay { fee: Yen(240), inserted: Yen(100), notice: None };
    let mut harness = board(show, Language::English, LANDSCAPE);
    harness.run();
    for amount in ["Fee 240 yen", "Inserted 100 yen", "Still to pay 140 yen"] {
        harness.get_by_label(amount);
    }
}

#[cfg(feature = "simulation")]
#[test]
fn each_key_of_the_tray_says_its_own_thing() {
    use super::tray::{BadCoin, TrayCard, TrayCommand, TrayScene};
    use crate::coins::Denomination;
    use crate::config::Jump;

    let texts = Texts::load().unwrap();
    let cards = [TrayCard { id: "hanako".to_owned(), pin: "1234".to_owned(), passport: None }];
    let mut harness = Harness::builder()
        .with_size(vec2(theme::TRAY_WIDTH, 1000.0))
        .with_context_setup(|ctx| theme::install(ctx, &TYPEFACE))
        .build_ui_state(
            move |ui, pressed: &mut Vec<TrayCommand>| {
                let scene = TrayScene {
                    speech: texts.speech(Language::English),
                    cards: &cards,
                    placed: Some(0),
                    returned: Yen(260),
                    bad_coin: BadCoin::GivenBack,
                    time: jiff::civil::date(2022, 10, 3).at(10, 5, 0, 0),
                };
                pressed.extend(tray::draw(ui, &scene));
            },
            Vec::new(),
        );
    for (name, command) in [
        ("Take the card", TrayCommand::Pull),
        ("100 yen", TrayCommand::Insert(Denomination::Hundred)),
        ("Insert a bad coin", TrayCommand::InsertBad),
        ("Place the card of hanako", TrayCommand::Place(0)),
        ("Take the paper", TrayCommand::TakePaper),
        ("+2 min", TrayCommand::JumpClock(Jump::By(120))),
    ] {
        harness.get_by_role_and_label(Role::Button, name).click();
        harness.run();
        assert_eq!(harness.state_mut().drain(..).collect::<Vec<_>>(), [command]);
    }
}
