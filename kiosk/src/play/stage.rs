//! Where a scenario is played: the window without a display, and the hands around it.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

use egui::accesskit::{Action, ActionRequest, Node, NodeId, Role, TreeId, TreeUpdate};
use egui::{ColorImage, Context, Event as Input, Key, Modifiers, Rect, Ui, UiBuilder, Vec2, pos2};

use super::line::Line;
use super::scenario::{Act, Condition, Step};
use crate::card_reader::tray::CardPlace;
use crate::coins::acceptor::{Simulated, Thrown};
use crate::config::Config;
use crate::easel::Easel;
use crate::gallery;
use crate::session::event::Event;
use crate::window::Window;

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

/// How long a step may take, in looks.
const LOOKS: u32 = 3_000;
/// How long a key or an open slot is waited for, in looks.
const GRASPS: u32 = 750;
/// How long a look waits for an answer of a device.
const LOOK: Duration = Duration::from_millis(20);
/// Drawings after which nothing moves any more.
const REST: u32 = 3;

/// The window and what is around it.
pub(super) struct Stage {
    window: Window,
    easel: Easel,
    panel: Vec2,
    tree: Option<TreeUpdate>,
    place: CardPlace,
    money: Simulated,
    cards: PathBuf,
    tray: PathBuf,
    line: Line,
}

impl Stage {
    /// A stage before the menu has come.
    pub(super) fn new(
        config: &Config,
        window: Window,
        (ctx, panel, frame, scale): (Context, Vec2, Vec2, f32),
        (place, money, line): (CardPlace, Simulated, Line),
    ) -> Self {
        ctx.enable_accesskit();
        let world = config.clock.as_ref().and_then(|clock| clock.anchor.parent()).unwrap_or_else(|| Path::new(""));
        let (cards, tray) = (world.join("cards"), config.paper_folder());
        let easel = Easel::new(ctx, frame, scale);
        Self { window, easel, panel, tree: None, place, money, cards, tray, line }
    }

    /// Does one thing, and waits for the screen it must bring.
    pub(super) fn play(&mut self, step: &Step) -> Result<(), Missed> {
        let before = self.shown();
        self.act(&step.act)?;
        for look in 0..LOOKS {
            let shown = self.shown();
            // Where the screen stays, what was done must have been drawn.
            if shown == step.shows && (shown != before || look >= REST) {
                self.rest();
                return Ok(());
            }
            if shown == "refused" && before != "refused" && step.shows != "refused" {
                break;
            }
            self.window.terminal().ok_or(Missed::Closed)?.wait(LOOK);
            self.draw(Vec::new(), "");
        }
        Err(Missed::Screen { wanted: step.shows.clone(), shown: self.shown() })
    }

    /// A picture of the present moment.
    pub(super) fn picture(&mut self, caption: &str) -> ColorImage {
        let caption = format!("{caption} · {}", self.shown());
        self.draw(Vec::new(), &caption);
        self.easel.picture()
    }

    /// Puts everything back, and lets the terminal finish.
    pub(super) fn close(mut self) {
        self.line.set(Condition::Whole);
        let (broken, _) = self.printer();
        if broken.exists()
            && let Err(error) = self.move_printer(Condition::Whole)
        {
            tracing::warn!(%error, "the printer's folder cannot be put back");
        }
        self.window.close();
    }

    fn shown(&mut self) -> &'static str {
        self.window.terminal().map_or("closed window", |terminal| terminal.view().name())
    }

    fn rest(&mut self) {
        for _ in 0..REST {
            self.draw(Vec::new(), "");
        }
    }

    fn draw(&mut self, events: Vec<Input>, caption: &str) {
        let (window, panel) = (&mut self.window, self.panel);
        window.advance(self.easel.ctx());
        let tree = self.easel.pass(events, |ui: &mut Ui| {
            gallery::caption(ui, panel, caption);
            let builder = UiBuilder::new().max_rect(Rect::from_min_size(pos2(0.0, 0.0), panel));
            ui.scope_builder(builder, |ui| window.show(ui));
        });
        self.tree = tree.or_else(|| self.tree.take());
    }

    fn act(&mut self, act: &Act) -> Result<(), Missed> {
        match act {
            Act::Look => {}
            Act::Press(name) => self.press(name)?,
            Act::Enter => self.draw(vec![key(Key::Enter)], ""),
            Act::Escape => self.draw(vec![key(Key::Escape)], ""),
            Act::Type(text) => self.draw(vec![Input::Text(text.clone())], ""),
            Act::Card(name) => self.place.put(&self.cards.join(format!("{name}.card.json"))),
            Act::PullCard => self.place.pull(),
            Act::Coin(worth) => self.throw(*worth)?,
            Act::TakePaper => self.window.terminal().ok_or(Missed::Closed)?.handle(Event::PaperTaken),
            Act::Line(condition) => self.line.set(*condition),
            Act::Printer(condition) => self.move_printer(*condition).map_err(Missed::Printer)?,
            Act::Wait(seconds) => {
                self.window.terminal().ok_or(Missed::Closed)?.elapse(Duration::from_secs(*seconds));
            }
        }
        Ok(())
    }

    /// Presses the one key of this name, as a reader of the screen does.
    fn press(&mut self, name: &str) -> Result<(), Missed> {
        self.rest();
        let said = self.window.speech().say(name);
        let is_it = |node: &Node| {
            let label = node.label().unwrap_or_default();
            let has_name = label == said || label.strip_prefix(&said).is_some_and(|note| note.starts_with(' '));
            node.role() == Role::Button && !node.is_disabled() && has_name
        };
        let nodes = self.tree.as_ref().map(|tree| tree.nodes.as_slice()).unwrap_or_default();
        let found: Option<NodeId> = nodes.iter().find(|(_, node)| is_it(node)).map(|(id, _)| *id);
        let target_node = found.ok_or_else(|| Missed::Key(said.clone()))?;
        let request = ActionRequest { action: Action::Click, target_tree: TreeId::ROOT, target_node, data: None };
        self.draw(vec![Input::AccessKitActionRequest(request)], "");
        Ok(())
    }

    /// The slot opens a moment after its screen has come.
    fn throw(&mut self, worth: u32) -> Result<(), Missed> {
        for _ in 0..LOOKS {
            match self.money.insert(worth) {
                Thrown::Taken | Thrown::NotMoney => return Ok(()),
                Thrown::Shut => self.window.terminal().ok_or(Missed::Closed)?.wait(LOOK),
            };
        }
        Err(Missed::Coin)
    }

    /// A folder whose place is taken by a file prints nothing.
    fn move_printer(&self, condition: Condition) -> io::Result<()> {
        let (broken, whole) = self.printer();
        match condition {
            Condition::Broken => {
                fs::rename(&whole, &broken)?;
                fs::write(&whole, "")
            }
            Condition::Whole => {
                fs::remove_file(&whole)?;
                fs::rename(&broken, &whole)
            }
        }
    }

    /// Where the folder lies that stands for the printer: hidden, and in its place.
    fn printer(&self) -> (PathBuf, PathBuf) {
        (self.tray.with_extension("hidden"), self.tray.clone())
    }
}

fn key(key: Key) -> Input {
    Input::Key { key, physical_key: None, pressed: true, repeat: false, modifiers: Modifiers::NONE }
}
