//! Where a scenario is played without a display: the window, drawn on the processor.

use std::time::Duration;

use egui::accesskit::TreeUpdate;
use egui::{ColorImage, Context, Event as Input, Rect, Ui, UiBuilder, Vec2, pos2};

use super::hands::{Done, Hands, Keys, Missed};
use super::scenario::{Act, Step};
use crate::easel::Easel;
use crate::gallery;
use crate::window::Window;

/// How long a step may take, in looks.
const LOOKS: u32 = 3_000;
/// How long a key or an open slot is waited for, in looks.
const GRASPS: u32 = 750;
/// How long a look waits for an answer of a device.
const LOOK: Duration = Duration::from_millis(20);
/// Drawings after which nothing moves any more.
const REST: u32 = 3;
/// How long a look waits where the screen is to stay: there may be no answer.
const GLANCE: Duration = Duration::from_millis(5);

/// The window and the hands around it.
pub(super) struct Stage {
    window: Window,
    hands: Hands,
    easel: Easel,
    panel: Vec2,
    tree: Option<TreeUpdate>,
}

impl Stage {
    /// A stage before the menu has come.
    pub(super) fn new(window: Window, hands: Hands, (ctx, panel, frame, scale): (Context, Vec2, Vec2, f32)) -> Self {
        ctx.enable_accesskit();
        let easel = Easel::new(ctx, frame, scale);
        Self { window, hands, easel, panel, tree: None }
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
            self.wait(if shown == step.shows { GLANCE } else { LOOK })?;
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
        self.hands.rest();
        self.window.close();
    }

    fn shown(&mut self) -> &'static str {
        self.window.terminal().map_or("closed window", |terminal| terminal.view().name())
    }

    fn wait(&mut self, longest: Duration) -> Result<(), Missed> {
        self.window.terminal().ok_or(Missed::Closed)?.wait(longest);
        self.draw(Vec::new(), "");
        Ok(())
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
        self.rest();
        let mut last = Missed::Closed;
        for _ in 0..GRASPS {
            match self.try_to(act)? {
                Done::Now(events) => {
                    self.draw(events, "");
                    return Ok(());
                }
                Done::NotYet(missed) => last = missed,
            }
            self.wait(LOOK)?;
        }
        Err(last)
    }

    fn try_to(&mut self, act: &Act) -> Result<Done, Missed> {
        let terminal = self.window.terminal().ok_or(Missed::Closed)?;
        match self.hands.act(act, terminal)? {
            Done::Now(_) => Ok(Keys { tree: self.tree.as_ref(), speech: self.window.speech() }.strike(act)),
            not_yet @ Done::NotYet(_) => Ok(not_yet),
        }
    }
}
