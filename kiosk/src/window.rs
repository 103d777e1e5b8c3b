//! The window: drains the devices, draws the view, brings back what was pressed.
//!
//! **Invariants**: nothing here waits; the session decides everything; when a dialogue is over, what was
//! typed and drawn of it is gone from the window, the pictures from the graphics memory.

mod picture;
#[cfg(feature = "simulation")]
mod tray;

use std::sync::Arc;
use std::time::Duration;

use eframe::{App, NativeOptions};
use egui::{CentralPanel, Context, Event as Input, Frame, Ui, ViewportBuilder};
use shared::card::pin::Pin;
use shared::domain::passport::PassportNumber;

use self::picture::Pictures;
#[cfg(feature = "simulation")]
use self::tray::Desk;
use crate::card_reader::{Manner, Removal, Wait};
use crate::config::{Config, Profile};
use crate::screen::entry::{Entry, Panel};
use crate::screen::{self, Beeping, Cancelling, Command, Nameplate, Scene, Standing, Warning};
use crate::session::effect::Sound;
use crate::session::event::Event;
use crate::session::view::View;
use crate::setup::{Operation, SetupError, Source, assemble};
use crate::terminal::{Note, Terminal};
use crate::text::{Language, TextError, Texts};
use crate::theme::{self, Typeface, TypefaceMissing};

/// What the command line says of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// The simulation tray.
    pub tray: TrayWish,
    /// The window's size; full screen where it is not said and the profile is production.
    pub size: Option<WindowSize>,
}

/// A window's size, without the tray.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowSize {
    /// Pixels.
    pub width: u16,
    /// Pixels.
    pub height: u16,
}

impl std::str::FromStr for WindowSize {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let sides = text.split_once('x').and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
        let (width, height) = sides.ok_or("a size is written 1080x1920")?;
        Ok(Self { width, height })
    }
}

/// Whether the simulation tray is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrayWish {
    /// In a test world without a reader.
    WhereNoReader,
    /// In a test world in any case.
    Always,
}

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// The terminal does not start.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// A font is missing.
    #[error(transparent)]
    Typeface(#[from] TypefaceMissing),
    /// The words cannot be read.
    #[error(transparent)]
    Words(#[from] TextError),
    /// The thread that draws pages cannot start.
    #[error("the thread that draws pages cannot be started")]
    Picture(#[source] std::io::Error),
    /// There is no display, or it cannot be drawn on.
    #[error("the window cannot be opened; is there a display (DISPLAY), and is libgl1-mesa-dri installed?")]
    Display(#[source] eframe::Error),
}

/// The size of a window on a desk.
const DESK: WindowSize = WindowSize { width: 1280, height: 800 };

/// How long the visual twin of an alarm stays.
const BEEP_SECONDS: f64 = 4.0;

/// Opens the window and stays until it is closed.
pub fn run(config: &Config, wish: Wish) -> Result<(), WindowError> {
    let typeface = Typeface::read()?;
    let texts = Texts::load()?;
    let ctx = Context::default();
    theme::install(&ctx, &typeface);
    let waking = ctx.clone();
    let wake: crate::message::Wake = Arc::new(move || waking.request_repaint());
    let pictures = Pictures::start(Arc::clone(&wake)).map_err(WindowError::Picture)?;
    #[cfg(feature = "simulation")]
    let desk = Desk::of(config, wish.tray);
    let operation = Operation {
        #[cfg(feature = "simulation")]
        source: desk.as_ref().map_or(Source::Reader(None), |desk| Source::Tray(desk.place().clone())),
        #[cfg(not(feature = "simulation"))]
        source: Source::Reader(None),
        manner: Manner { removal: Removal::Watched, wait: Wait::Endless },
        tray: config.paper_folder(),
        #[cfg(feature = "simulation")]
        money: desk.as_ref().map(|desk| desk.money().clone()).unwrap_or_default(),
        #[cfg(not(feature = "simulation"))]
        money: crate::coins::acceptor::Simulated::default(),
    };
    #[cfg(feature = "simulation")]
    let options = options(config, wish.size, if desk.is_some() { theme::TRAY_WIDTH } else { 0.0 });
    #[cfg(not(feature = "simulation"))]
    let options = options(config, wish.size, 0.0);
    let assembled = assemble(config, operation, wake)?;
    for recovered in &assembled.recovered {
        tracing::info!(found = ?recovered.found, outcome = ?recovered.outcome, "an unsettled transaction was ended");
    }
    let mut terminal = assembled.terminal;
    terminal.start();
    let window = Window {
        terminal: Some(terminal),
        texts,
        language: Language::Japanese,
        entry: Entry::default(),
        pictures,
        beep_until: 0.0,
        presence: Presence::Nobody,
        typeface,
        number: config.terminal.id.as_str().to_owned(),
        standing: match config.profile {
            Profile::Production => Standing::Street,
            Profile::Test => Standing::Test,
        },
        #[cfg(feature = "simulation")]
        desk,
    };
    eframe::run_native_ext("konbini-kiosk", options, Some(ctx), Box::new(|_| Ok(Box::new(window))))
        .map_err(WindowError::Display)
}

fn options(config: &Config, size: Option<WindowSize>, beside: f32) -> NativeOptions {
    let viewport = ViewportBuilder::default().with_title("Konbini certificate terminal").with_app_id("konbini-kiosk");
    let viewport = match (config.profile, size) {
        (Profile::Production, None) => viewport.with_fullscreen(true).with_decorations(false),
        (Profile::Production | Profile::Test, size) => {
            let size = size.unwrap_or(DESK);
            let size = egui::vec2(f32::from(size.width) + beside, f32::from(size.height));
            viewport.with_inner_size(size).with_min_inner_size(theme::SMALLEST.min(size))
        }
    };
    NativeOptions { viewport, system_font_fallback: false, clipboard_shortcuts: false, ..NativeOptions::default() }
}

/// Whether somebody is in the middle of a dialogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Nobody,
    Somebody,
}

struct Window {
    /// Present until the window is closed.
    terminal: Option<Terminal>,
    texts: Texts,
    language: Language,
    entry: Entry,
    pictures: Pictures,
    beep_until: f64,
    presence: Presence,
    typeface: Typeface,
    number: String,
    standing: Standing,
    #[cfg(feature = "simulation")]
    desk: Option<Desk>,
}

impl App for Window {
    fn logic(&mut self, ctx: &Context, _: &mut eframe::Frame) {
        let Some(terminal) = &mut self.terminal else {
            return;
        };
        // Looks and does not wait, but makes durable what was recorded since.
        terminal.wait(Duration::ZERO);
        let now = ctx.input(|input| input.time);
        for note in terminal.take_notes() {
            if note == Note::Sound(Sound::Alarm) {
                self.beep_until = now + BEEP_SECONDS;
            }
            #[cfg(feature = "simulation")]
            if let Some(desk) = &mut self.desk {
                desk.note(&note);
            }
        }
        let view = terminal.view();
        self.entry.follow(&view);
        self.pictures.follow(&view, ctx);
        let presence = presence(&view);
        // At most a second, so that a countdown counts; nothing at all where no timer runs.
        let next = terminal.until_timer().map(|until| until.min(Duration::from_secs(1)));
        if let Some(next) = next {
            ctx.request_repaint_after(next.max(Duration::from_millis(20)));
        }
        if self.presence == Presence::Somebody && presence == Presence::Nobody {
            self.forget(ctx);
        }
        self.presence = presence;
    }

    fn ui(&mut self, ui: &mut Ui, _: &mut eframe::Frame) {
        #[cfg(feature = "simulation")]
        self.tray(ui);
        let touched = ui.input(|input| input.events.iter().any(is_touch));
        if touched && let Some(terminal) = &mut self.terminal {
            terminal.handle(Event::Touched);
        }
        let commands =
            CentralPanel::default().frame(Frame::new().fill(theme::GROUND)).show(ui, |ui| self.screen(ui)).inner;
        if !commands.is_empty() || touched {
            ui.ctx().request_repaint();
        }
        for command in commands {
            self.apply(command, ui.ctx());
        }
    }

    fn on_exit(&mut self, _: Option<&eframe::glow::Context>) {
        if let Some(terminal) = self.terminal.take() {
            let _notes = terminal.shut_down();
        }
    }
}

impl Window {
    fn screen(&self, ui: &mut Ui) -> Vec<Command> {
        let Some(terminal) = &self.terminal else {
            return Vec::new();
        };
        let session = terminal.session();
        let warning = session.warning_seconds().map(|limit| Warning {
            seconds: terminal.until_timer().map_or(limit, |until| until.as_secs_f64().ceil() as u64),
        });
        let cancelling = if session.can_be_cancelled() { Cancelling::Allowed } else { Cancelling::Over };
        let beeping = if ui.input(|input| input.time) < self.beep_until { Beeping::Alarm } else { Beeping::Silent };
        let area = ui.max_rect();
        let scene = Scene {
            view: terminal.view(),
            speech: self.texts.speech(self.language),
            entry: &self.entry,
            pages: self.pictures.pages(),
            warning,
            cancelling,
            beeping,
            nameplate: Nameplate { terminal: &self.number, profile: self.standing },
        };
        screen::draw(ui, area, &scene)
    }

    /// Another language in the middle of a step: only words and letters change.
    fn speak(&mut self, language: Language, ctx: &Context) {
        self.entry.show_languages(Panel::Shut);
        self.language = language;
        ctx.set_fonts(self.typeface.definitions(language));
    }

    fn apply(&mut self, command: Command, ctx: &Context) {
        match command {
            Command::Tell(event) => self.tell(event),
            Command::Press(press) => self.entry.press(press),
            Command::SubmitPin => {
                if let Some(pin) = Pin::parse(&self.entry.take()) {
                    self.tell(Event::PinEntered(pin));
                }
            }
            Command::SubmitPassport => match PassportNumber::parse(&self.entry.take()) {
                Ok(number) => self.tell(Event::PassportTyped(number)),
                Err(error) => tracing::warn!(%error, "the pad let through what is no number"),
            },
            Command::SetCopies(copies) => self.entry.set_copies(copies),
            Command::Look(part) => self.entry.look(part),
            Command::ShowLanguages(panel) => self.entry.show_languages(panel),
            Command::Speak(language) => self.speak(language, ctx),
        }
    }

    fn tell(&mut self, event: Event) {
        if let Some(terminal) = &mut self.terminal {
            terminal.handle(event);
        }
    }

    /// Leaves nothing of the last resident: what was typed, pictures, shaped text, the language.
    fn forget(&mut self, ctx: &Context) {
        self.entry = Entry::default();
        self.pictures.forget();
        self.language = Language::Japanese;
        ctx.memory_mut(|memory| memory.data.clear());
        // New fonts throw away every shaped text and every drawn letter.
        ctx.set_fonts(self.typeface.definitions(self.language));
    }

    #[cfg(feature = "simulation")]
    fn tray(&mut self, ui: &mut Ui) {
        let (Some(desk), Some(terminal)) = (&mut self.desk, &mut self.terminal) else {
            return;
        };
        if desk.show(ui, self.texts.speech(self.language), terminal) == tray::Pressed::Something {
            ui.ctx().request_repaint();
        }
    }
}

/// A finger, a click or a key: somebody is there.
const fn is_touch(input: &Input) -> bool {
    matches!(input, Input::PointerButton { pressed: true, .. } | Input::Key { pressed: true, .. } | Input::Touch { .. })
}

const fn presence(view: &View<'_>) -> Presence {
    match view {
        View::Starting
        | View::Unavailable { .. }
        | View::Closed { .. }
        | View::Stopped
        | View::Menu { .. }
        | View::OutOfOrder { .. } => Presence::Nobody,
        View::PlaceCard
        | View::ChooseKind { .. }
        | View::Working(_)
        | View::ConfirmLastTry { .. }
        | View::EnterPin { .. }
        | View::TakeCard
        | View::ChooseMunicipality { .. }
        | View::ChooseForm { .. }
        | View::ConfirmPassport { .. }
        | View::ChooseCopies { .. }
        | View::Preview { .. }
        | View::Pay { .. }
        | View::TakePaper { .. }
        | View::PaperLeft { .. }
        | View::Thanks { .. }
        | View::Refused { .. }
        | View::CardLeft => Presence::Somebody,
    }
}
