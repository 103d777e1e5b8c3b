//! The simulation tray beside the window: cards, coins and paper of a test world.

use egui::{Label, RichText, ScrollArea, Ui, vec2};

use jiff::civil::{DateTime, Time};

use crate::coins::Denomination;
use crate::config::Jump;
use crate::text::Speech;
use crate::theme::{self, Metrics};
use crate::widget::button::{Button, Kind, Readiness};

/// A card that can be placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrayCard {
    /// The resident's short name.
    pub id: String,
    /// The PIN to type.
    pub pin: String,
    /// The passport number to type.
    pub passport: Option<String>,
}

/// What is pressed on the tray.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrayCommand {
    /// Place the card at this position of the list.
    Place(usize),
    /// Take the card.
    Pull,
    /// Insert a coin or note.
    Insert(Denomination),
    /// Insert something that is no coin.
    InsertBad,
    /// Take the paper.
    TakePaper,
    /// Jump the clock.
    JumpClock(Jump),
}

/// What the tray shows.
#[derive(Debug, Clone, Copy)]
pub struct TrayScene<'a> {
    /// The words.
    pub speech: Speech<'a>,
    /// Every card.
    pub cards: &'a [TrayCard],
    /// The position of the card that lies on the reader.
    pub placed: Option<usize>,
    /// Money that came back so far.
    pub returned: shared::domain::fee::Yen,
    /// What became of a bad coin.
    pub bad_coin: BadCoin,
    /// What the terminal's clock shows, in Japan.
    pub time: DateTime,
}

/// What became of a bad coin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadCoin {
    /// None was inserted.
    Unseen,
    /// It fell through.
    GivenBack,
}

const TITLE: f32 = 26.0;
const BODY: f32 = 18.0;
const KEY_HEIGHT: f32 = 50.0;

/// Draws the tray and says what was pressed.
pub fn draw(ui: &mut Ui, scene: &TrayScene<'_>) -> Option<TrayCommand> {
    let speech = &scene.speech;
    let mut pressed = None;
    ui.spacing_mut().item_spacing = vec2(8.0, 8.0);
    text(ui, Metrics::bold_font(TITLE), &speech.say("tray-title"));
    text(ui, Metrics::font(BODY * 0.9), &speech.say("tray-note"));
    let placed = scene.placed.and_then(|place| scene.cards.get(place));
    let on = match placed {
        Some(card) => speech.say_with("tray-card-on", &[("name", card.id.as_str().into())]),
        None => speech.say("tray-card-off"),
    };
    text(ui, Metrics::bold_font(BODY), &on);
    let pin = placed.map(|card| speech.say_with("tray-pin", &[("pin", card.pin.as_str().into())]));
    let passport = placed.and_then(|card| card.passport.as_deref());
    let passport = passport.map(|number| speech.say_with("tray-passport", &[("number", number.into())]));
    // The lines stay where they are, so that the keys below do.
    text(ui, Metrics::font(BODY), pin.as_deref().unwrap_or("—"));
    text(ui, Metrics::font(BODY), passport.as_deref().unwrap_or("—"));
    let pull = key(ui, &speech.say("tray-pull"), "tray-pull", Readiness::from(placed.is_some()));
    pressed = pull.then_some(TrayCommand::Pull).or(pressed);
    if key(ui, &speech.say("tray-paper"), "tray-paper", Readiness::Ready) {
        pressed = Some(TrayCommand::TakePaper);
    }
    ui.separator();
    pressed = money(ui, scene).or(pressed);
    ui.separator();
    pressed = clock(ui, scene).or(pressed);
    ui.separator();
    cards(ui, scene).or(pressed)
}

fn money(ui: &mut Ui, scene: &TrayScene<'_>) -> Option<TrayCommand> {
    let speech = &scene.speech;
    let mut pressed = None;
    text(ui, Metrics::bold_font(BODY), &speech.say("tray-money"));
    let size = vec2((ui.available_width() - 16.0) / 3.0, KEY_HEIGHT);
    ui.horizontal_wrapped(|ui| {
        for denomination in Denomination::DESCENDING {
            let label = speech.say_with("tray-yen", &[("amount", denomination.worth().0.into())]);
            if Button::new(&label, Kind::Tray, Metrics::font(BODY), size).show(ui) {
                pressed = Some(TrayCommand::Insert(denomination));
            }
        }
    });
    if key(ui, &speech.say("tray-reject"), "tray-reject", Readiness::Ready) {
        pressed = Some(TrayCommand::InsertBad);
    }
    if scene.bad_coin == BadCoin::GivenBack {
        text(ui, Metrics::font(BODY), &speech.say("tray-rejected"));
    }
    let returned = speech.say_with("tray-returned", &[("amount", scene.returned.0.into())]);
    text(ui, Metrics::font(BODY), &returned);
    pressed
}

/// The clock of the terminal alone: the centre keeps its own.
fn clock(ui: &mut Ui, scene: &TrayScene<'_>) -> Option<TrayCommand> {
    let speech = &scene.speech;
    let time = scene.time.strftime("%Y-%m-%d %H:%M").to_string();
    text(ui, Metrics::bold_font(BODY), &speech.say_with("tray-clock", &[("time", time.into())]));
    let size = vec2((ui.available_width() - 16.0) / 3.0, KEY_HEIGHT);
    let keys = [
        ("tray-clock-minutes", Jump::By(120)),
        ("tray-clock-hour", Jump::By(3_600)),
        ("tray-clock-night", Jump::To(NIGHT)),
    ];
    let pressed = ui.horizontal(|ui| {
        keys.map(|(key, jump)| {
            let text = speech.say(key);
            Button::new(&text, Kind::Tray, Metrics::font(BODY), size).show(ui).then_some(jump)
        })
    });
    pressed.inner.into_iter().flatten().next().map(TrayCommand::JumpClock)
}

/// Shortly after the service has closed.
const NIGHT: Time = Time::constant(23, 5, 0, 0);

fn cards(ui: &mut Ui, scene: &TrayScene<'_>) -> Option<TrayCommand> {
    let mut pressed = None;
    ScrollArea::vertical().id_salt("cards").auto_shrink(false).show(ui, |ui| {
        for (place, card) in scene.cards.iter().enumerate() {
            let name = scene.speech.say_with("tray-place", &[("name", card.id.as_str().into())]);
            let readiness = if scene.placed == Some(place) { Readiness::Chosen } else { Readiness::Ready };
            let size = vec2(ui.available_width(), KEY_HEIGHT);
            let button = Button::new(&card.id, Kind::Tray, Metrics::font(BODY), size).named(&name);
            if button.readiness(readiness).show(ui) {
                pressed = Some(TrayCommand::Place(place));
            }
        }
    });
    pressed
}

fn key(ui: &mut Ui, text: &str, salt: &str, readiness: Readiness) -> bool {
    let size = vec2(ui.available_width(), KEY_HEIGHT);
    ui.push_id(salt, |ui| Button::new(text, Kind::Tray, Metrics::font(BODY), size).readiness(readiness).show(ui)).inner
}

fn text(ui: &mut Ui, font: egui::FontId, text: &str) {
    ui.add(Label::new(RichText::new(text).font(font).color(theme::ON_TRAY)).wrap());
}
