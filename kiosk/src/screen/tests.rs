//! Every screen from hand-made views, in each language and both orientations, found and pressed by name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use egui::accesskit::Role;
use egui::{Key, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use jiff::civil::date;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use shared::binding::{Binding, Expectation, Statement, content_digest, encode_digest};
use shared::domain::certificate::{CertificateKind, Content, Form, PrintedDose, PrintedPassport, ProofProfile};
use shared::domain::fee::Yen;
use shared::domain::identifiers::{
    CertificateId, IdempotencyKey, IssuanceId, MunicipalityCode, TerminalId, TransactionId,
};
use shared::domain::passport::PassportNumber;
use shared::domain::person::Sex;
use shared::domain::vaccine::Product;
use shared::hidden::Bytes;
use shared::proof::{HolderDigest, sha256};
use shared::wire::holder::{Availability, FormOffer, MunicipalityOffer};
use shared::wire::issuance::IssuanceAnswer;
use shared::wire::problem::ProblemCode;
use shared::wire::terminal::CertificateOffer;

use super::*;
use crate::session::bound_document::{BoundDocument, CardIdentity, Check};
use crate::session::effect::Receipt;
use crate::session::event::PrintProgress;
use crate::session::fault::{CardFault, CenterTrouble, Fault, PaymentFault, PinFault, PrinterFault};
use crate::session::view::{CardReminder, Work};
use crate::session::{Comparison, PreviousPin};
use crate::text::tests::messages;
use crate::text::{Language, Texts};
use crate::theme::{self, Typeface};

const PORTRAIT: Vec2 = vec2(1080.0, 1920.0);
const LANDSCAPE: Vec2 = vec2(1280.0, 800.0);

static TYPEFACE: LazyLock<Typeface> = LazyLock::new(|| Typeface::read().unwrap());

/// What views refer to.
struct Cast {
    offers: Vec<CertificateOffer>,
    municipalities: Vec<MunicipalityOffer>,
    document: BoundDocument,
    receipt: Receipt,
    certificate: CertificateId,
    issuance: IssuanceId,
}

impl Cast {
    fn new() -> Self {
        let issuance = IssuanceId::from_random([7; 16]);
        let transaction = TransactionId::from_random([8; 16]);
        let receipt = Receipt {
            terminal: TerminalId::parse("0001").unwrap(),
            transaction: transaction.clone(),
            issuance: issuance.clone(),
            at: "2022-10-03T01:00:00Z".parse().unwrap(),
            copies: 2,
            fee: Yen(240),
            inserted: Yen(500),
            change: Yen(260),
        };
        let forms = vec![
            FormOffer { form: Form::Domestic, availability: Availability::Open },
            FormOffer {
                form: Form::Overseas,
                availability: Availability::Refused { code: ProblemCode::PassportNotRegistered },
            },
        ];
        let municipality =
            |code| MunicipalityOffer { municipality: MunicipalityCode::parse(code).unwrap(), forms: forms.clone() };
        Self {
            offers: vec![CertificateOffer { kind: CertificateKind::Vaccination, profile: ProofProfile::InputSupport }],
            municipalities: vec![municipality("011002"), municipality("131016"), municipality("141003")],
            document: document(&transaction, &issuance),
            receipt,
            certificate: CertificateId::from_number(12_345),
            issuance,
        }
    }

    fn passport_forms() -> Vec<FormOffer> {
        vec![FormOffer {
            form: Form::Overseas,
            availability: Availability::PassportNeeded { masked: "******567".to_owned() },
        }]
    }
}

fn content() -> Content {
    let dose = |number, month| PrintedDose {
        number,
        date: date(2021, month, 4),
        product: Product::Comirnaty,
        lot: format!("EY000{number}"),
        country: "JPN".to_owned(),
    };
    Content {
        form: Form::Overseas,
        name: "見本　花子".to_owned(),
        birth_date: date(1980, 2, 3),
        sex: Sex::Female,
        passport: Some(PrintedPassport {
            surname: "MIHON".to_owned(),
            given: "HANAKO".to_owned(),
            nationality: "JPN".to_owned(),
            number: PassportNumber::parse("TK1234567").unwrap(),
        }),
        doses: vec![dose(1, 6), dose(2, 7), dose(3, 12)],
        certificate: CertificateId::from_number(12_345),
        issued_on: date(2022, 10, 3),
        municipality: MunicipalityCode::parse("131016").unwrap(),
    }
}

/// A document as a session accepts it: bound by a key made here.
fn document(transaction: &TransactionId, issuance: &IssuanceId) -> BoundDocument {
    let content = content();
    let (terminal, key) = (TerminalId::parse("0001").unwrap(), IdempotencyKey::from_random([9; 16]));
    let holder = HolderDigest(sha256(b"holder"));
    let statement = Statement {
        terminal: terminal.clone(),
        idempotency_key: key.clone(),
        issuance: issuance.clone(),
        certificate: content.certificate.clone(),
        form: content.form,
        municipality: content.municipality.clone(),
        copies: 2,
        fee: Yen(240),
        holder: encode_digest(&holder.0),
        content: encode_digest(&content_digest(&content)),
        document: encode_digest(&sha256(b"%PDF-")),
    };
    let random = SystemRandom::new();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).unwrap();
    let signature = Bytes::from(pair.sign(&random, &statement.digest()).unwrap().as_ref());
    let identity = CardIdentity::Named { name: content.name.clone(), birth_date: content.birth_date };
    let municipality = content.municipality.clone();
    let answer = IssuanceAnswer {
        content,
        document: Bytes::from(b"%PDF-".as_slice()),
        binding: Binding { statement, signature },
    };
    let check = Check {
        transaction,
        binding_key: pair.public_key().as_ref(),
        expected: Expectation {
            terminal: &terminal,
            idempotency_key: &key,
            form: Form::Overseas,
            municipality: &municipality,
            copies: 2,
            holder,
        },
        identity: &identity,
        fee_per_copy: Yen(120),
    };
    BoundDocument::verify(answer, check).unwrap()
}

type Show = for<'a> fn(&'a Cast) -> View<'a>;

const PIN: Show =
    |_| View::EnterPin { profile: ProofProfile::InputSupport, tries_left: 3, previous: PreviousPin::Untyped };
const PASSPORT: Show = |_| View::ConfirmPassport { masked: "******567", comparison: Comparison::Untyped };
const COPIES: Show = |_| View::ChooseCopies { fee_per_copy: Yen(120), maximum: 5 };
const PREVIEW: Show = |cast| View::Preview { document: &cast.document };
const FORMS: Show = |cast| View::ChooseForm {
    municipality: &cast.municipalities[1].municipality,
    forms: &cast.municipalities[1].forms,
    notice: None,
};

/// Every screen at least once.
fn every_screen() -> Vec<Show> {
    vec![
        |_| View::Starting,
        |_| View::Unavailable { fault: Fault::Center(CenterTrouble::Unreachable) },
        |_| View::Closed { opens: "2022-10-03T21:30:00Z".parse().unwrap() },
        |_| View::Stopped,
        |_| View::Menu { fee_per_copy: Yen(120) },
        |_| View::PlaceCard,
        |cast| View::ChooseKind { offers: &cast.offers },
        |_| View::Working(Work::ReadingTries),
        |_| View::Working(Work::ProvingHolder),
        |_| View::Working(Work::AskingRecords),
        |_| View::Working(Work::ComparingPassport),
        |_| View::Working(Work::MakingCertificate),
        |_| View::Working(Work::Printing(PrintProgress::default())),
        |_| {
            let trouble = Some(PrinterFault::OutOfPaper);
            View::Working(Work::Printing(PrintProgress { sides_done: 1, sides: 4, trouble }))
        },
        |_| View::Working(Work::CancellingPrint),
        |_| View::ConfirmLastTry { profile: ProofProfile::InputSupport, previous: PreviousPin::Wrong },
        PIN,
        |_| View::EnterPin {
            profile: ProofProfile::AuthenticationCertificate,
            tries_left: 2,
            previous: PreviousPin::Wrong,
        },
        |_| View::TakeCard,
        |cast| View::ChooseMunicipality { offers: &cast.municipalities },
        FORMS,
        PASSPORT,
        |_| View::ConfirmPassport { masked: "******567", comparison: Comparison::Differed(Some(2)) },
        COPIES,
        PREVIEW,
        |_| View::Pay { fee: Yen(240), inserted: Yen(100), notice: Some(PaymentFault::NoChange) },
        |cast| View::TakePaper { receipt: &cast.receipt },
        |cast| View::PaperLeft { issuance: &cast.issuance },
        |cast| View::Thanks { certificate: &cast.certificate, receipt: &cast.receipt },
        |_| View::Refused {
            fault: Fault::Refused(ProblemCode::NoRecord),
            returned: Yen(100),
            card: CardReminder::Take,
        },
        |_| View::Refused { fault: Fault::Pin(PinFault::Locked), returned: Yen(0), card: CardReminder::Unneeded },
        |_| View::Refused { fault: Fault::Card(CardFault::Removed), returned: Yen(0), card: CardReminder::Unneeded },
        |_| View::CardLeft,
        |_| View::OutOfOrder { fault: Fault::Printer(PrinterFault::Jammed) },
    ]
}

struct Board {
    cast: Cast,
    show: Show,
    entry: Entry,
    texts: Texts,
    language: Language,
    warning: Option<Warning>,
    commands: Vec<Command>,
}

impl Board {
    fn apply(&mut self, command: Command) {
        match &command {
            Command::Press(press) => self.entry.press(*press),
            Command::SetCopies(copies) => self.entry.set_copies(*copies),
            Command::Look(part) => self.entry.look(*part),
            Command::ShowLanguages(panel) => self.entry.show_languages(*panel),
            Command::Speak(language) => {
                self.entry.show_languages(Panel::Shut);
                self.language = *language;
            }
            Command::Tell(_) | Command::SubmitPin | Command::SubmitPassport => {}
        }
        self.commands.push(command);
    }
}

fn board(show: Show, language: Language, size: Vec2) -> Harness<'static, Board> {
    let texts = Texts::load().unwrap();
    let board = Board {
        cast: Cast::new(),
        show,
        entry: Entry::default(),
        texts,
        language,
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
                nameplate: Nameplate { terminal: "0001", profile: Standing::Test },
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

/// What found no room since the last look.
fn clipped(harness: &Harness<'_, Board>) -> Vec<String> {
    let id = crate::widget::words::clipped_id();
    harness.ctx.data_mut(|data| std::mem::take(data.get_temp_mut_or_default::<Vec<String>>(id)))
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
    for language in Language::ALL {
        let sentences = messages(language);
        for size in [PORTRAIT, LANDSCAPE] {
            let mut harness = board(PIN, language, size);
            harness.ctx.set_fonts(TYPEFACE.definitions(language));
            for show in every_screen() {
                harness.state_mut().show = show;
                harness.run();
                assert_good(&harness, &sentences, size);
                let clipped = clipped(&harness);
                assert!(clipped.is_empty(), "{language:?} {size}: {clipped:?}");
            }
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
        for show in every_screen() {
            for language in Language::ALL {
                harness.state_mut().show = show;
                harness.state_mut().language = Language::English;
                harness.run();
                assert_eq!(press(&mut harness, "Language"), ["ShowLanguages(Open)"]);
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
    assert_eq!(harness.state().entry.languages(), Panel::Shut);
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
    let show: Show = |cast| View::ChooseForm {
        municipality: &cast.municipalities[0].municipality,
        forms: Box::leak(Box::new(Cast::passport_forms())),
        notice: None,
    };
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
    harness.get_by_label("In 12 seconds this goes back to the start.");
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
    ] {
        harness.get_by_role_and_label(Role::Button, name).click();
        harness.run();
        assert_eq!(harness.state_mut().drain(..).collect::<Vec<_>>(), [command]);
    }
}
