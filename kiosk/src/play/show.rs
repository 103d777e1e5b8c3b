//! A scenario in the window, for somebody who watches: one step after another, each announced before it is done.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use eframe::App;
use egui::accesskit::TreeUpdate;
use egui::{
    Context, Event as Input, Frame, FullOutput, Label, Margin, Panel, RawInput, RichText, ScrollArea, Stroke,
    StrokeKind, Ui,
};

use super::hands::{Done, Hands, Keys, Missed};
use super::played_through;
use super::scenario::Step;
use crate::theme::{self, Metrics};
use crate::window::Window;

/// How long a step may take before it has failed.
const PATIENCE_SECONDS: f64 = 60.0;
/// Between two looks at a screen that is waited for: while somebody watches, and where nobody does.
const LOOK: Duration = Duration::from_millis(50);
const QUICK_LOOK: Duration = Duration::from_millis(5);
/// Drawings after which a screen that stays has seen what was done.
const REST: u32 = 4;
/// How much longer than a step the last screen is shown.
const EPILOGUE: f64 = 3.0;

/// How a scenario went: the step and what was missed, where it went another way.
pub(super) type Outcome = Result<(), (usize, Missed)>;

/// Where the outcome is left when the window has gone.
pub(super) type Verdict = Arc<Mutex<Option<Outcome>>>;

/// The window with its scenario beside it.
pub(super) struct Show {
    window: Window,
    hands: Hands,
    steps: Vec<Step>,
    at: usize,
    /// How often it has been played to its end, and how often it is to be.
    played: u32,
    times: NonZeroU32,
    phase: Phase,
    /// Seconds between steps.
    pace: f64,
    tree: Arc<Mutex<Option<TreeUpdate>>>,
    /// For the next drawing.
    waiting: Vec<Input>,
    verdict: Verdict,
    say: fn(&str),
}

#[derive(Debug, Clone, Copy)]
enum Phase {
    /// The next step is announced, until then.
    Announced(Option<f64>),
    /// It is tried, since then.
    Trying(f64),
    /// Its screen is waited for.
    Awaiting { since: f64, before: &'static str, drawings: u32 },
    /// It is over; the last screen stays until then.
    Over(f64),
}

/// Listens to what readers of the screen are told.
struct Listener(Arc<Mutex<Option<TreeUpdate>>>);

impl egui::Plugin for Listener {
    fn debug_name(&self) -> &'static str {
        "scenario"
    }

    fn output_hook(&mut self, _: &Context, output: &mut FullOutput) {
        if let Some(tree) = &output.platform_output.accesskit_update {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(tree.clone());
        }
    }
}

impl Show {
    /// A window before the first step.
    pub(super) fn new(
        ctx: &Context,
        (window, hands): (Window, Hands),
        (steps, pace, times): (Vec<Step>, f64, NonZeroU32),
        (verdict, say): (Verdict, fn(&str)),
    ) -> Self {
        let tree = Arc::default();
        ctx.add_plugin(Listener(Arc::clone(&tree)));
        let phase = Phase::Announced(None);
        let waiting = Vec::new();
        Self { window, hands, steps, at: 0, played: 0, times, phase, pace, tree, waiting, verdict, say }
    }

    fn shown(&mut self) -> &'static str {
        self.window.terminal().map_or("closed window", |terminal| terminal.view().name())
    }

    /// What has to be done now.
    fn step(&mut self, ctx: &Context) {
        let now = ctx.input(|input| input.time);
        match self.phase {
            Phase::Announced(None) => self.phase = Phase::Announced(Some(now + self.pace)),
            Phase::Announced(Some(until)) if now >= until => self.phase = Phase::Trying(now),
            Phase::Trying(since) => self.try_it(since, now),
            Phase::Awaiting { since, before, drawings } => self.wait_for_it((since, now), before, drawings),
            Phase::Over(until) if now >= until => ctx.send_viewport_cmd(egui::ViewportCommand::Close),
            Phase::Announced(Some(_)) | Phase::Over(_) => {}
        }
        ctx.request_repaint_after(if self.pace > 0.0 { LOOK } else { QUICK_LOOK });
    }

    fn try_it(&mut self, since: f64, now: f64) {
        let before = self.shown();
        let Some(step) = self.steps.get(self.at) else {
            return self.end(Ok(()), now);
        };
        let tree = self.tree.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let done = match self.window.terminal() {
            Some(terminal) => self.hands.act(&step.act, terminal),
            None => Err(Missed::Closed),
        };
        let done = done.map(|done| match done {
            Done::Now(_) => Keys { tree: tree.as_ref(), speech: self.window.speech() }.strike(&step.act),
            not_yet @ Done::NotYet(_) => not_yet,
        });
        match done {
            Ok(Done::Now(events)) => {
                self.waiting.extend(events);
                self.phase = Phase::Awaiting { since: now, before, drawings: 0 };
            }
            Ok(Done::NotYet(missed)) if now - since > PATIENCE_SECONDS => self.end(Err((self.at + 1, missed)), now),
            Ok(Done::NotYet(_)) => {}
            Err(missed) => self.end(Err((self.at + 1, missed)), now),
        }
    }

    fn wait_for_it(&mut self, (since, now): (f64, f64), before: &'static str, drawings: u32) {
        let shown = self.shown();
        let Some(step) = self.steps.get(self.at) else { return };
        if shown == step.shows && (shown != before || drawings >= REST) {
            self.at += 1;
            (self.say)(&step.done(self.at));
            self.phase = Phase::Announced(None);
            if self.at == self.steps.len() {
                self.end_round(now);
            }
        } else if now - since > PATIENCE_SECONDS {
            let missed = Missed::Screen { wanted: step.shows.clone(), shown };
            self.end(Err((self.at + 1, missed)), now);
        } else {
            self.phase = Phase::Awaiting { since, before, drawings: drawings + 1 };
        }
    }

    fn end_round(&mut self, now: f64) {
        self.played += 1;
        (self.say)(&played_through(self.played));
        if self.played < self.times.get() {
            self.at = 0;
        } else {
            self.end(Ok(()), now);
        }
    }

    fn end(&mut self, outcome: Outcome, now: f64) {
        *self.verdict.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
        self.phase = Phase::Over(now + self.pace * EPILOGUE);
    }

    /// The steps beside the window, the present one marked.
    fn script(&self, ui: &mut Ui) {
        let frame = Frame::new().fill(theme::TRAY).inner_margin(Margin::same(16));
        Panel::right("script").resizable(false).exact_size(theme::TRAY_WIDTH).frame(frame).show(ui, |ui| {
            ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                self.steps.iter().enumerate().for_each(|(place, step)| self.line(ui, place, step));
            });
        });
    }

    fn line(&self, ui: &mut Ui, place: usize, step: &Step) {
        let is_now = place == self.at;
        let (sign, font) = if is_now { ("▶", Metrics::bold_font(20.0)) } else { ("　", Metrics::font(16.0)) };
        let text = format!("{sign} {:>2} {} → {}", place + 1, step.act.name(), step.shows);
        let line = ui.add(Label::new(RichText::new(text).font(font).color(theme::ON_TRAY)).wrap());
        if is_now {
            line.scroll_to_me(Some(egui::Align::Center));
        }
    }

    /// A ring around the key that is pressed next.
    fn point(&self, ui: &Ui) {
        let Some(step) = self.steps.get(self.at).filter(|_| matches!(self.phase, Phase::Announced(_))) else {
            return;
        };
        let tree = self.tree.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = Keys { tree: tree.as_ref(), speech: self.window.speech() };
        if let Some(place) = keys.place_of(&step.act) {
            let layer = egui::LayerId::new(egui::Order::Tooltip, egui::Id::unique("pointing hand"));
            let ring = Stroke::new(8.0, theme::palette(ui).focus);
            ui.ctx().layer_painter(layer).rect_stroke(place.expand(10.0), theme::RADIUS, ring, StrokeKind::Outside);
        }
    }
}

impl App for Show {
    fn raw_input_hook(&mut self, ctx: &Context, input: &mut RawInput) {
        input.events.append(&mut self.waiting);
        self.window.raw_input_hook(ctx, input);
    }

    fn logic(&mut self, ctx: &Context, _: &mut eframe::Frame) {
        // A window without a reader of the screen tells nobody its keys by itself.
        ctx.enable_accesskit();
        self.window.advance(ctx);
        self.step(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _: &mut eframe::Frame) {
        self.script(ui);
        self.window.show(ui);
        self.point(ui);
    }

    fn on_exit(&mut self, _: Option<&eframe::glow::Context>) {
        self.hands.rest();
        self.window.close();
    }
}
