//! The window: drains the devices, draws the view, brings back what was pressed.
//!
//! **Invariants**: nothing here waits; the session decides everything; when a dialogue is over, what was
//! typed and drawn of it is gone from the window, the pictures from the graphics memory.

mod opening;
pub mod picture;
mod presence;
mod presses;
#[cfg(feature = "simulation")]
mod tray;

use std::sync::Arc;
use std::time::Duration;

use eframe::App;
use egui::{CentralPanel, Context, Frame, RawInput, Ui};
use shared::card::pin::Pin;
use shared::domain::passport::PassportNumber;

pub(crate) use self::opening::Seat;
#[cfg(feature = "simulation")]
pub(crate) use self::opening::run_as;
pub use self::opening::{TrayWish, WindowError, WindowSize, Wish, run};
use self::picture::Pictures;
use self::presence::{Presence, is_touch, presence};
use self::presses::{Presses, Rest};
#[cfg(feature = "simulation")]
use self::tray::Desk;
use crate::card_reader::{Manner, Removal, Wait};
use crate::comfort::{Choice, Comfort, KeyOrder, Pace, UNHURRIED_TIMES};
use crate::config::{Config, Profile};
use crate::message::Wake;
use crate::screen::entry::{Entry, Panel};
use crate::screen::{self, Beeping, Cancelling, Command, Entrance, Nameplate, Scene, Standing, Warning};
use crate::session::Random;
use crate::session::effect::Sound;
use crate::session::event::Event;
use crate::setup::{Operation, assemble, system_random};
use crate::sound::{Loudspeaker, Player, Silence, Sounds, Tone};
use crate::staff::code::StaffCode;
use crate::staff::desk::StaffEvent;
use crate::terminal::{Note, Terminal};
#[cfg(feature = "simulation")]
use crate::text::Speech;
use crate::text::{Language, Texts};
use crate::theme::letters::{self, Moment};
use crate::theme::{self, Typeface};

/// How long the visual twin of an alarm stays.
const BEEP_SECONDS: f64 = 4.0;

/// What sounds are played on.
fn loudspeaker(config: &Config) -> Box<dyn Loudspeaker> {
    match &config.sound.player {
        Some(command) => Box::new(Player { command: command.clone() }),
        None => Box::new(Silence),
    }
}

/// The window: what is on the screen, and the terminal behind it.
pub(crate) struct Window {
    /// Present until the window is closed.
    terminal: Option<Terminal>,
    texts: Texts,
    language: Language,
    comfort: Comfort,
    /// How often an unhurried dialogue went on by itself since somebody last did something.
    waits: u32,
    entry: Entry,
    presses: Presses,
    pictures: Pictures,
    sounds: Sounds,
    random: Random,
    /// The screen that was last drawn.
    shown: &'static str,
    diagonal_inches: f32,
    beep_until: f64,
    presence: Presence,
    typeface: Typeface,
    number: String,
    standing: Standing,
    #[cfg(feature = "simulation")]
    desk: Option<Desk>,
}

impl App for Window {
    fn raw_input_hook(&mut self, ctx: &Context, input: &mut RawInput) {
        if let Some(panel) = input.screen_rect {
            let viewport = input.viewports.get(&input.viewport_id);
            let scale = viewport.and_then(|viewport| viewport.native_pixels_per_point).unwrap_or(1.0);
            let most = letters::texture_side(panel.size() * scale);
            input.max_texture_side = input.max_texture_side.map(|side| side.min(most));
        }
        if self.presses.sift(&mut input.events) == Rest::Waits {
            ctx.request_repaint();
        }
    }

    fn logic(&mut self, ctx: &Context, _: &mut eframe::Frame) {
        self.advance(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _: &mut eframe::Frame) {
        self.show(ui);
    }

    fn on_exit(&mut self, _: Option<&eframe::glow::Context>) {
        self.close();
    }
}

/// How often a countdown counts.
const COUNTDOWN_STEP: Duration = Duration::from_secs(1);

impl Window {
    /// Puts a terminal together and a window before it.
    pub(crate) fn new(config: &Config, typeface: Typeface, seat: Seat, wake: Wake) -> Result<Self, WindowError> {
        let pictures = Pictures::start(Arc::clone(&wake)).map_err(WindowError::Thread)?;
        let operation = Operation {
            source: seat.source,
            manner: Manner { removal: Removal::Watched, wait: Wait::Endless },
            tray: config.paper_folder(),
            money: seat.money,
        };
        let assembled = assemble(config, operation, wake)?;
        for recovered in &assembled.recovered {
            tracing::info!(found = ?recovered.found, outcome = ?recovered.outcome, "an unsettled transaction was ended");
        }
        let mut terminal = assembled.terminal;
        terminal.start();
        Ok(Self {
            terminal: Some(terminal),
            texts: Texts::load()?,
            language: Language::Japanese,
            comfort: Comfort::default(),
            waits: 0,
            entry: Entry::default(),
            presses: Presses::default(),
            pictures,
            sounds: Sounds::start(loudspeaker(config)).map_err(WindowError::Thread)?,
            random: system_random(),
            shown: "",
            diagonal_inches: config.screen.diagonal_inches,
            beep_until: 0.0,
            presence: Presence::Nobody,
            typeface,
            number: config.terminal.id.as_str().to_owned(),
            standing: match config.profile {
                Profile::Production => Standing::Street,
                Profile::Test => Standing::Test,
            },
            #[cfg(feature = "simulation")]
            desk: seat.desk,
        })
    }

    /// Takes in what the devices said and what time has done.
    pub(crate) fn advance(&mut self, ctx: &Context) {
        let Some(terminal) = &mut self.terminal else {
            return;
        };
        // Looks and does not wait, but makes durable what was recorded since.
        terminal.wait(Duration::ZERO);
        let is_patient = self.comfort.pace == Pace::Unhurried && self.waits < UNHURRIED_TIMES;
        if is_patient && terminal.session().warning_seconds().is_some() {
            self.waits += 1;
            terminal.handle(Event::Touched);
        }
        let is_warned = terminal.session().warning_seconds().is_some();
        let now = ctx.input(|input| input.time);
        for note in terminal.take_notes() {
            match note {
                Note::Sound(Sound::Alarm) => {
                    self.beep_until = now + BEEP_SECONDS;
                    self.sounds.play(Tone::Alarm, self.comfort.volume);
                }
                Note::Sound(Sound::Warning) if is_warned => self.sounds.play(Tone::Warning, self.comfort.volume),
                _ => {}
            }
            #[cfg(feature = "simulation")]
            if let Some(desk) = &mut self.desk {
                desk.note(&note);
            }
        }
        let view = terminal.view();
        self.entry.follow(&view);
        match self.comfort.keypad {
            KeyOrder::Telephone => self.entry.unshuffle(),
            KeyOrder::Shuffled => self.entry.shuffle(&mut self.random),
        }
        self.pictures.follow(&view, ctx);
        if self.shown != view.name() {
            self.shown = view.name();
            letters::make_room(ctx, Moment::of(&view));
            if let Some(tone) = Tone::of_screen(&view) {
                self.sounds.play(tone, self.comfort.volume);
            }
        }
        let presence = presence(&view);
        // Nothing is drawn anew where no timer runs; and a countdown, each second, only before somebody who sees it.
        let until_timer = terminal.until_timer().map(|until| match presence {
            Presence::Somebody => until.min(COUNTDOWN_STEP),
            Presence::Nobody => until,
        });
        if let Some(next) = until_timer.into_iter().chain(terminal.until_look()).min() {
            ctx.request_repaint_after(next.max(Duration::from_millis(20)));
        }
        if self.presence == Presence::Somebody && presence == Presence::Nobody {
            self.forget(ctx);
        }
        self.presence = presence;
    }

    /// Draws the screen and does what was pressed.
    pub(crate) fn show(&mut self, ui: &mut Ui) {
        #[cfg(feature = "simulation")]
        self.tray(ui);
        let touched = ui.input(|input| input.events.iter().any(is_touch));
        if touched && let Some(terminal) = &mut self.terminal {
            self.waits = 0;
            terminal.handle(Event::Touched);
        }
        let commands = CentralPanel::default()
            .frame(Frame::new().fill(theme::palette(ui).ground))
            .show(ui, |ui| self.screen(ui))
            .inner;
        if !commands.is_empty() || touched {
            ui.ctx().request_repaint();
        }
        if !commands.is_empty() {
            self.sounds.play(Tone::Key, self.comfort.volume);
        }
        for command in commands {
            self.apply(command, ui.ctx());
        }
    }

    /// Lets the devices finish.
    pub(crate) fn close(&mut self) {
        if let Some(terminal) = self.terminal.take() {
            let _notes = terminal.shut_down();
        }
    }

    /// The terminal behind it, until the window is closed.
    #[cfg(feature = "simulation")]
    pub(crate) const fn terminal(&mut self) -> Option<&mut Terminal> {
        self.terminal.as_mut()
    }

    /// The words in the language that is spoken now.
    #[cfg(feature = "simulation")]
    pub(crate) const fn speech(&self) -> Speech<'_> {
        self.texts.speech(self.language)
    }

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
        let view = terminal.view();
        let entrance = match presence(&view) {
            Presence::Nobody if terminal.is_attended() => Entrance::Open,
            Presence::Nobody | Presence::Somebody => Entrance::Shut,
        };
        let area = ui.max_rect();
        let scene = Scene {
            view,
            speech: self.texts.speech(self.language),
            entry: &self.entry,
            pages: self.pictures.pages(),
            warning,
            cancelling,
            beeping,
            comfort: self.comfort,
            diagonal_inches: self.diagonal_inches,
            nameplate: Nameplate { terminal: &self.number, profile: self.standing, entrance },
        };
        screen::draw(ui, area, &scene)
    }

    /// Another language in the middle of a step: only words and letters change.
    fn speak(&mut self, language: Language, ctx: &Context) {
        self.entry.show(Panel::Shut);
        self.language = language;
        ctx.set_fonts(self.typeface.definitions(language));
    }

    /// Seen or heard at once; the step stays.
    fn prefer(&mut self, choice: Choice, ctx: &Context) {
        let before = self.comfort;
        self.comfort = before.with(choice);
        theme::set_contrast(ctx, self.comfort.contrast);
        if before.text != self.comfort.text {
            // None of the letters so far is drawn again.
            letters::forget(ctx);
        }
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
            Command::SubmitStaffCode => {
                let code = StaffCode::parse(&self.entry.take());
                if let (Some(code), Some(terminal)) = (code, &mut self.terminal) {
                    terminal.knock(code);
                }
            }
            Command::Staff(event) => self.attend(event),
            Command::SetCopies(copies) => self.entry.set_copies(copies),
            Command::Look(part) => self.entry.look(part),
            Command::Show(panel) => {
                letters::make_room(ctx, Moment::Open);
                self.entry.show(panel);
            }
            Command::Speak(language) => self.speak(language, ctx),
            Command::Prefer(choice) => self.prefer(choice, ctx),
        }
    }

    fn tell(&mut self, event: Event) {
        if let Some(terminal) = &mut self.terminal {
            terminal.handle(event);
        }
    }

    fn attend(&mut self, event: StaffEvent) {
        if let Some(terminal) = &mut self.terminal {
            terminal.handle_staff(event);
        }
    }

    /// Leaves nothing of the last resident: what was typed, pictures, shaped text, the language, how it was seen.
    fn forget(&mut self, ctx: &Context) {
        self.entry = Entry::default();
        self.presses.forget();
        self.pictures.forget();
        self.language = Language::Japanese;
        self.comfort = Comfort::default();
        theme::set_contrast(ctx, self.comfort.contrast);
        ctx.memory_mut(|memory| memory.data.clear());
        ctx.set_fonts(self.typeface.definitions(self.language));
        letters::forget(ctx);
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
