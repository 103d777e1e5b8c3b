//! The hands around a terminal: card, money, paper, printer, line, clock and its threads, moved as a scenario says.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

use egui::accesskit::{Action, ActionRequest, Node, Role, TreeId, TreeUpdate};
use egui::{Event as Input, Key, Modifiers, Rect, pos2};

use super::line::Line;
use super::scenario::{Act, Condition};
use crate::card_reader::tray::CardPlace;
use crate::coins::acceptor::{Simulated, Thrown};
use crate::config::{ClockHand, Config};
use crate::pulse::Plant;
use crate::session::event::Event;
use crate::terminal::Terminal;
use crate::text::Speech;

/// What did not come.
#[derive(Debug, thiserror::Error)]
pub enum Missed {
    /// Another screen is there.
    #[error("{wanted} was to be shown, and {shown} is")]
    Screen {
        /// What was to come.
        wanted: String,
        /// What is there.
        shown: &'static str,
    },
    /// No key of this name can be pressed.
    #[error("no key {0:?} can be pressed")]
    Key(String),
    /// The slot took it not.
    #[error("the slot is shut")]
    Coin,
    /// The printer's folder cannot be moved.
    #[error("the folder that stands for the printer cannot be moved")]
    Printer(#[source] io::Error),
    /// The window is closed.
    #[error("the window is closed")]
    Closed,
}

/// Whether a hand has done what it was to do.
#[derive(Debug)]
pub(super) enum Done {
    /// It has; these go to the window.
    Now(Vec<Input>),
    /// Not yet: there is nothing to lay hands on. It is tried again, and in the end it is missed.
    NotYet(Missed),
}

/// The hands, and what they move.
pub(super) struct Hands {
    pub(super) place: CardPlace,
    pub(super) money: Simulated,
    line: Line,
    clock: Option<ClockHand>,
    cards: PathBuf,
    tray: PathBuf,
}

/// What can be pressed on the screen, and in which words.
pub(super) struct Keys<'a> {
    pub(super) tree: Option<&'a TreeUpdate>,
    pub(super) speech: Speech<'a>,
}

impl Hands {
    /// Hands in a world, at the line that was laid to its centre.
    pub(super) fn new(config: &Config, line: Line) -> Self {
        let clock = config.clock.as_ref();
        let world = clock.and_then(|clock| clock.anchor.parent()).unwrap_or_else(|| Path::new(""));
        Self {
            place: CardPlace::default(),
            money: Simulated::default(),
            line,
            clock: clock.map(|clock| clock.hand.clone()),
            cards: world.join("cards"),
            tray: config.paper_folder(),
        }
    }

    /// Does one thing; what is pressed or typed comes back, for the window.
    pub(super) fn act(&self, act: &Act, terminal: &mut Terminal) -> Result<Done, Missed> {
        match act {
            Act::Look | Act::Press(_) | Act::Enter | Act::Escape | Act::Type(_) => {}
            Act::Card(name) => self.place.put(&self.cards.join(format!("{name}.card.json"))),
            Act::PullCard => self.place.pull(),
            // The slot opens a moment after its screen has come.
            Act::Coin(worth) => match self.money.insert(*worth) {
                Thrown::Taken | Thrown::NotMoney => {}
                Thrown::Shut => return Ok(Done::NotYet(Missed::Coin)),
            },
            Act::TakePaper => terminal.handle(Event::PaperTaken),
            Act::Line(condition) => self.line.set(*condition),
            Act::Printer(condition) => self.move_printer(*condition).map_err(Missed::Printer)?,
            Act::Clock(jump) => self.clock.iter().for_each(|hand| jump.make(hand, terminal.clock())),
            Act::Halt(worker) => terminal.plant(*worker, Some(Plant::Halt)),
            Act::Crash(worker) => terminal.plant(*worker, Some(Plant::Crash)),
            Act::Release(worker) => terminal.plant(*worker, None),
            Act::Wait(seconds) => terminal.elapse(Duration::from_secs(*seconds)),
        }
        Ok(Done::Now(Vec::new()))
    }

    /// Puts everything back.
    pub(super) fn rest(&self) {
        self.line.set(Condition::Whole);
        if self.hidden().exists()
            && let Err(error) = self.move_printer(Condition::Whole)
        {
            tracing::warn!(%error, "the printer's folder cannot be put back");
        }
    }

    /// A folder whose place is taken by a file prints nothing.
    fn move_printer(&self, condition: Condition) -> io::Result<()> {
        match condition {
            Condition::Broken => {
                fs::rename(&self.tray, self.hidden())?;
                fs::write(&self.tray, "")
            }
            Condition::Whole => {
                fs::remove_file(&self.tray)?;
                fs::rename(self.hidden(), &self.tray)
            }
        }
    }

    /// Where the folder lies that stands for the printer, while it is broken.
    fn hidden(&self) -> PathBuf {
        self.tray.with_extension("hidden")
    }
}

impl Keys<'_> {
    /// What the window is to see of an act.
    pub(super) fn strike(&self, act: &Act) -> Done {
        Done::Now(match act {
            Act::Enter => vec![key(Key::Enter)],
            Act::Escape => vec![key(Key::Escape)],
            Act::Type(text) => vec![Input::Text(text.clone())],
            Act::Press(name) => match self.find(name) {
                // As a reader of the screen presses it.
                Some((target_node, _)) => {
                    let (action, target_tree) = (Action::Click, TreeId::ROOT);
                    vec![Input::AccessKitActionRequest(ActionRequest { action, target_tree, target_node, data: None })]
                }
                None => return Done::NotYet(Missed::Key(self.speech.say(name))),
            },
            _ => Vec::new(),
        })
    }

    /// Where the key of an act lies, where there is one.
    pub(super) fn place_of(&self, act: &Act) -> Option<Rect> {
        let Act::Press(name) = act else { return None };
        let bounds = self.find(name)?.1.bounds()?;
        let corner = |x: f64, y: f64| pos2(x as f32, y as f32);
        Some(Rect::from_min_max(corner(bounds.x0, bounds.y0), corner(bounds.x1, bounds.y1)))
    }

    /// The key that is called so, or whose name has it among its words; of several the first.
    fn find(&self, name: &str) -> Option<(egui::accesskit::NodeId, &Node)> {
        let said = self.speech.say(name);
        let nodes = self.tree.map(|tree| tree.nodes.as_slice()).unwrap_or_default();
        let keys = || nodes.iter().filter(|(_, node)| node.role() == Role::Button && !node.is_disabled());
        let exact = keys().find(|(_, node)| node.label() == Some(said.as_str()));
        let among = || keys().find(|(_, node)| node.label().is_some_and(|label| has_words(label, &said)));
        exact.or_else(among).map(|(id, node)| (*id, node))
    }
}

/// Whether words stand in a name, from one space to another.
fn has_words(name: &str, words: &str) -> bool {
    format!(" {name} ").contains(&format!(" {words} "))
}

fn key(key: Key) -> Input {
    Input::Key { key, physical_key: None, pressed: true, repeat: false, modifiers: Modifiers::NONE }
}
