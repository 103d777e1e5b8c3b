//! The simulation tray's side of the window: whose cards there are, and what its keys do.

use std::path::{Path, PathBuf};

use egui::{Frame, Margin, Panel, Ui};
use serde::Deserialize;
use shared::domain::fee::Yen;

use super::TrayWish;
use crate::card_reader::tray::CardPlace;
use crate::coins::acceptor::{Simulated, Thrown};
use crate::config::{ClockHand, Config, Profile};
use crate::screen::tray::{self, BadCoin, TrayCard, TrayCommand, TrayScene};
use crate::session::event::Event;
use crate::terminal::{Note, Terminal};
use crate::text::Speech;
use crate::theme;

/// Whether something was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pressed {
    Something,
    Nothing,
}

/// The tray.
pub(super) struct Desk {
    place: CardPlace,
    money: Simulated,
    cards: Vec<TrayCard>,
    files: Vec<PathBuf>,
    placed: Option<usize>,
    returned: Yen,
    bad_coin: BadCoin,
    clock: Option<ClockHand>,
}

impl Desk {
    /// A tray where one is wanted: never outside a test world.
    pub(super) fn of(config: &Config, wish: TrayWish) -> Option<Self> {
        let is_wanted = match wish {
            TrayWish::Always => true,
            TrayWish::WhereNoReader => config.reader.name.is_none(),
        };
        if !is_wanted || config.profile != Profile::Test {
            return None;
        }
        let world = config.clock.as_ref().map(|clock| clock.anchor.clone());
        let residents = world.as_deref().map(residents).unwrap_or_default();
        let (cards, files) = residents.into_iter().unzip();
        Some(Self {
            place: CardPlace::default(),
            money: Simulated::default(),
            cards,
            files,
            placed: None,
            returned: Yen(0),
            bad_coin: BadCoin::Unseen,
            clock: config.clock.as_ref().map(|clock| clock.hand.clone()),
        })
    }

    /// Where cards are put.
    pub(super) const fn place(&self) -> &CardPlace {
        &self.place
    }

    /// Where money is thrown in.
    pub(super) const fn money(&self) -> &Simulated {
        &self.money
    }

    /// Money that came back lies in the tray.
    pub(super) fn note(&mut self, note: &Note) {
        if let Note::PaidOut { amount, .. } = note {
            self.returned = self.returned.plus(*amount).unwrap_or(*amount);
        }
    }

    /// Draws the tray and does what was pressed.
    pub(super) fn show(&mut self, ui: &mut Ui, speech: Speech<'_>, terminal: &mut Terminal) -> Pressed {
        let scene = TrayScene {
            speech,
            cards: &self.cards,
            placed: self.placed,
            returned: self.returned,
            bad_coin: self.bad_coin,
            time: terminal.clock().japan(),
        };
        let frame = Frame::new().fill(theme::TRAY).inner_margin(Margin::same(16));
        let panel = Panel::right("tray").resizable(false).exact_size(theme::TRAY_WIDTH).frame(frame);
        let Some(command) = panel.show(ui, |ui| tray::draw(ui, &scene)).inner else {
            return Pressed::Nothing;
        };
        self.bad_coin = BadCoin::Unseen;
        match command {
            TrayCommand::Place(place) => self.put(place),
            TrayCommand::Pull => {
                self.place.pull();
                self.placed = None;
            }
            TrayCommand::Insert(denomination) => self.insert(denomination.worth().0),
            // No coin is worth one yen here: the acceptor lets it fall through.
            TrayCommand::InsertBad => self.insert(1),
            TrayCommand::JumpClock(jump) => self.clock.iter().for_each(|hand| jump.make(hand, terminal.clock())),
            TrayCommand::TakePaper => terminal.handle(Event::PaperTaken),
        }
        Pressed::Something
    }

    fn insert(&mut self, worth: u32) {
        if self.money.insert(worth) != Thrown::Taken {
            self.bad_coin = BadCoin::GivenBack;
        }
    }

    fn put(&mut self, place: usize) {
        if let Some(file) = self.files.get(place) {
            self.place.put(file);
            self.placed = Some(place);
        }
    }
}

/// `world.json`, as far as the tray needs it.
#[derive(Deserialize)]
struct World {
    residents: Vec<Resident>,
}

#[derive(Deserialize)]
struct Resident {
    id: String,
    card: PathBuf,
    pins: Pins,
    passport: Option<Passport>,
}

#[derive(Deserialize)]
struct Pins {
    input_support: String,
}

#[derive(Deserialize)]
struct Passport {
    number: String,
}

/// The residents of a world with their card files; none where the file is no world's.
fn residents(world: &Path) -> Vec<(TrayCard, PathBuf)> {
    let read = std::fs::read(world).ok().and_then(|bytes| serde_json::from_slice::<World>(&bytes).ok());
    let Some(World { residents }) = read else {
        tracing::warn!("the world's residents cannot be read: the tray has no cards");
        return Vec::new();
    };
    let folder = world.parent().unwrap_or_else(|| Path::new(""));
    let card = |resident: Resident| {
        let card = TrayCard {
            id: resident.id,
            pin: resident.pins.input_support,
            passport: resident.passport.map(|passport| passport.number),
        };
        (card, folder.join(resident.card))
    };
    residents.into_iter().map(card).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worlds_residents_are_the_trays_cards() {
        let folder = tempfile::tempdir().unwrap();
        let world = folder.path().join("world.json");
        let text = r#"{"seed":7,"now":"2022-10-03T10:00:00+09:00","residents":[{"id":"hanako","card":"cards/hanako.card.json",
            "names":{"kanji":"x","roman":"X"},"pins":{"input_support":"1234","authentication":"4321","signature":"ABC123"},
            "my_number":"1","passport":{"number":"TK1234567","expires":"2030-01-01"},"municipality":"131016","special":""}]}"#;
        std::fs::write(&world, text).unwrap();
        let residents = residents(&world);
        assert_eq!(residents[0].0.pin, "1234");
        assert_eq!(residents[0].0.passport.as_deref(), Some("TK1234567"));
        assert_eq!(residents[0].1, folder.path().join("cards/hanako.card.json"));
    }

    #[test]
    fn what_is_no_world_has_no_cards() {
        assert!(residents(Path::new("no-such-world.json")).is_empty());
    }
}
