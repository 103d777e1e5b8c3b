//! The screens: each draws one [`View`] and says what was pressed; none changes anything.
//!
//! **Invariants**: a screen sees a view and what is being typed, never the session; every sentence comes
//! from the words of the chosen language; every key can be found by its accessible name.

#[cfg(any(test, feature = "simulation"))]
pub mod cast;
mod chrome;
mod closed;
mod comfort;
mod copies;
mod digits;
pub mod entry;
pub mod fault;
mod form;
mod halves;
mod kind;
mod languages;
mod menu;
mod municipality;
mod out_of_order;
mod panel;
mod paper;
mod passport;
mod pay;
mod pin;
mod place_card;
mod preview;
mod refused;
mod staff;
mod take_card;
mod thanks;
#[cfg(feature = "simulation")]
pub mod tray;
mod warning;
mod working;

use egui::{Rect, TextureHandle, Ui};
use jiff::Timestamp;
use shared::clock::japan;

use self::entry::{Entry, Panel, PreviewPart};
use crate::comfort::{Choice, Comfort};
use crate::session::event::Event;
use crate::session::view::View;
use crate::staff::desk::StaffEvent;
use crate::text::{Language, Speech};
use crate::theme::{self, Metrics, Reader, Readings};
use crate::widget::button::Readiness;
use crate::widget::keypad::Press;
use crate::widget::pane;

/// What a screen asks for.
#[derive(Debug)]
pub enum Command {
    /// Something for the session.
    Tell(Event),
    /// A key of a keypad.
    Press(Press),
    /// What was typed is the PIN.
    SubmitPin,
    /// What was typed is the passport number.
    SubmitPassport,
    /// What was typed is the staff's code.
    SubmitStaffCode,
    /// Something for the staff's desk.
    Staff(StaffEvent),
    /// So many copies are wanted.
    SetCopies(u8),
    /// Another part of the preview.
    Look(PreviewPart),
    /// Something over the screen, or away.
    Show(Panel),
    /// Another language.
    Speak(Language),
    /// Another way to see, hear or type.
    Prefer(Choice),
}

/// Pictures of the document's pages.
#[derive(Clone, Copy)]
pub enum Pages<'a> {
    /// Being made.
    Pending,
    /// They cannot be had.
    Missing,
    /// Front and back.
    Ready(&'a [TextureHandle]),
}

shared::hidden_debug!(Pages<'_>);

/// The end of the dialogue is near.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Warning {
    /// So many seconds are left.
    pub seconds: u64,
}

/// Whether the resident may cancel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancelling {
    /// Yes.
    Allowed,
    /// No.
    Over,
}

/// What this terminal is.
#[derive(Debug, Clone, Copy)]
pub struct Nameplate<'a> {
    /// Its number.
    pub terminal: &'a str,
    /// Whether what it prints is only a test.
    pub profile: Standing,
    /// Whether it leads to the staff's screens.
    pub entrance: Entrance,
}

/// Whether the nameplate leads to the staff's screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entrance {
    /// It does: pressed for three seconds, or as a key by keyboard and readers of the screen.
    Open,
    /// It does not: a resident is served, or there is no code.
    Shut,
}

/// Whether this is a street or a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// A street.
    Street,
    /// A test.
    Test,
}

/// What a screen is drawn from.
#[derive(Debug)]
pub struct Scene<'a> {
    /// The step.
    pub view: View<'a>,
    /// The words.
    pub speech: Speech<'a>,
    /// What is being typed.
    pub entry: &'a Entry,
    /// Pictures of the pages.
    pub pages: Pages<'a>,
    /// Shown over the screen.
    pub warning: Option<Warning>,
    /// Whether the resident may cancel.
    pub cancelling: Cancelling,
    /// Whether a sound is to be seen.
    pub beeping: Beeping,
    /// How to see, hear and type.
    pub comfort: Comfort,
    /// The panel's diagonal.
    pub diagonal_inches: f32,
    /// The terminal.
    pub nameplate: Nameplate<'a>,
}

/// The visual twin of a sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beeping {
    /// Silence.
    Silent,
    /// An alarm sounds.
    Alarm,
}

/// The key that leads on from a screen.
#[derive(Debug)]
struct Action {
    text: String,
    command: Command,
    readiness: Readiness,
}

/// Keys at the foot of a screen.
#[derive(Debug, Default)]
struct Foot {
    onward: Option<Action>,
    back: Option<Action>,
}

impl Foot {
    const fn onward(text: String, command: Command) -> Self {
        Self::onward_when(Readiness::Ready, text, command)
    }

    const fn onward_when(readiness: Readiness, text: String, command: Command) -> Self {
        Self { onward: Some(Action { text, command, readiness }), back: None }
    }

    fn with_back(self, speech: &Speech<'_>) -> Self {
        self.with_back_by(speech, Command::Tell(Event::Back))
    }

    fn with_back_by(self, speech: &Speech<'_>, command: Command) -> Self {
        let text = speech.say("back");
        Self { back: Some(Action { text, command, readiness: Readiness::Ready }), ..self }
    }
}

/// What one drawing of a screen needs and gathers.
struct Stage<'a> {
    speech: Speech<'a>,
    metrics: Metrics,
    comfort: Comfort,
    entry: &'a Entry,
    pages: Pages<'a>,
    beeping: Beeping,
    commands: Vec<Command>,
}

impl Stage<'_> {
    fn tell(&mut self, event: Event) {
        self.commands.push(Command::Tell(event));
    }

    fn say(&self, key: &str) -> String {
        self.speech.say(key)
    }

    /// A moment: day and time in Japan.
    fn moment(&self, at: Timestamp) -> String {
        let here = japan(at);
        format!("{} {}:{:02}", self.speech.date(here.date()), here.hour(), here.minute())
    }
}

/// Draws a screen into an area and says what was pressed.
///
/// Every control of a screen has the screen in its id: a press that was meant for the screen before finds nothing.
pub fn draw(ui: &mut Ui, area: Rect, scene: &Scene<'_>) -> Vec<Command> {
    ui.push_id(scene.view.name(), |ui| draw_screen(ui, area, scene)).inner
}

fn draw_screen(ui: &mut Ui, area: Rect, scene: &Scene<'_>) -> Vec<Command> {
    let (language, text) = (scene.speech.language(), scene.comfort.text);
    let reader = Reader { language, text, diagonal_inches: scene.diagonal_inches };
    let mut stage = Stage {
        speech: scene.speech,
        metrics: metrics_for(area, reader, &scene.view),
        comfort: scene.comfort,
        entry: scene.entry,
        pages: scene.pages,
        beeping: scene.beeping,
        commands: Vec::new(),
    };
    theme::bear_trembling(ui.ctx(), &stage.metrics);
    let side = stage.metrics.touch;
    pane::turn_with(ui, pane::Turning { up: stage.say("turn-up"), down: stage.say("turn-down"), side });
    let parts = chrome::parts(area, &stage.metrics, step_of(&scene.view));
    chrome::head(ui, &parts, &mut stage, scene.nameplate);
    let foot = body(ui, parts.body, &mut stage, &scene.view);
    chrome::foot(ui, &parts, &mut stage, foot, scene.cancelling);
    if scene.beeping == Beeping::Alarm {
        chrome::alarm(ui, area);
    }
    match (scene.warning, stage.entry.panel()) {
        (Some(warning), _) => {
            let has_money = matches!(scene.view, View::Pay { inserted, .. } if inserted.0 > 0);
            let text = if has_money { "warning-text-money" } else { "warning-text" };
            warning::draw(ui, area, &mut stage, warning, text);
        }
        (None, Panel::Languages) => languages::draw(ui, area, &mut stage),
        (None, Panel::Comfort) => comfort::draw(ui, area, &mut stage),
        (None, Panel::Shut) => {}
    }
    stage.commands
}

/// Staff reads kanji without their readings.
fn metrics_for(area: Rect, reader: Reader, view: &View<'_>) -> Metrics {
    let metrics = Metrics::of(area, reader);
    match (view, metrics.readings) {
        (View::Staff(_), Readings::Shown) => Metrics { readings: Readings::Hidden, ..metrics },
        _ => metrics,
    }
}

fn body(ui: &mut Ui, area: Rect, stage: &mut Stage<'_>, view: &View<'_>) -> Foot {
    match *view {
        View::Starting => working::starting(ui, area, stage),
        View::Unavailable { fault } => out_of_order::unavailable(ui, area, stage, fault),
        View::Closed { opens } => closed::closed(ui, area, stage, opens),
        View::Stopped => closed::stopped(ui, area, stage),
        View::Menu { fee_per_copy } => menu::draw(ui, area, stage, fee_per_copy),
        View::PlaceCard => place_card::draw(ui, area, stage),
        View::ChooseKind { offers } => kind::draw(ui, area, stage, offers),
        View::Working(work) => working::draw(ui, area, stage, work),
        View::ConfirmLastTry { profile, previous } => pin::last_try(ui, area, stage, (profile, previous)),
        View::EnterPin { profile, tries_left, previous } => {
            pin::draw(ui, area, stage, &pin::Asked { profile, tries_left, previous })
        }
        View::TakeCard => take_card::draw(ui, area, stage, "take-card-text"),
        View::ChooseMunicipality { offers } => municipality::draw(ui, area, stage, offers),
        View::ChooseForm { municipality, forms, notice } => {
            form::draw(ui, area, stage, &form::Choice { municipality, forms, notice })
        }
        View::ConfirmPassport { masked, comparison } => passport::draw(ui, area, stage, masked, comparison),
        View::ChooseCopies { fee_per_copy, maximum } => copies::draw(ui, area, stage, fee_per_copy, maximum),
        View::Preview { document } => preview::draw(ui, area, stage, document),
        View::Pay { fee, inserted, notice } => pay::draw(ui, area, stage, &pay::Till { fee, inserted, notice }),
        View::TakePaper { receipt } => paper::take(ui, area, stage, receipt),
        View::PaperLeft { issuance } => paper::left(ui, area, stage, issuance),
        View::Thanks { certificate, receipt } => thanks::draw(ui, area, stage, certificate, receipt),
        View::Refused { fault, returned, card } => {
            refused::draw(ui, area, stage, &refused::Refusal { fault, returned, card })
        }
        View::CardLeft => take_card::draw(ui, area, stage, "card-left-text"),
        View::OutOfOrder { fault } => out_of_order::draw(ui, area, stage, fault),
        View::OutOfService { reason, opens } => closed::out_of_service(ui, area, stage, reason, opens),
        View::Staff(view) => staff::draw(ui, area, stage, view),
    }
}

/// Which of the five steps a view belongs to, where it belongs to one.
const fn step_of(view: &View<'_>) -> Option<usize> {
    use crate::session::view::Work;
    match view {
        View::PlaceCard
        | View::ChooseKind { .. }
        | View::ConfirmLastTry { .. }
        | View::EnterPin { .. }
        | View::TakeCard
        | View::Working(Work::ReadingTries | Work::ProvingHolder) => Some(0),
        View::ChooseMunicipality { .. }
        | View::ChooseForm { .. }
        | View::ConfirmPassport { .. }
        | View::ChooseCopies { .. }
        | View::Working(Work::AskingRecords | Work::ComparingPassport) => Some(1),
        View::Preview { .. } | View::Working(Work::MakingCertificate) => Some(2),
        View::Pay { .. } => Some(3),
        View::Working(Work::Printing(_) | Work::CancellingPrint) | View::TakePaper { .. } => Some(4),
        View::Starting
        | View::Unavailable { .. }
        | View::Closed { .. }
        | View::Stopped
        | View::Menu { .. }
        | View::PaperLeft { .. }
        | View::Thanks { .. }
        | View::Refused { .. }
        | View::CardLeft
        | View::OutOfOrder { .. }
        | View::OutOfService { .. }
        | View::Staff(_) => None,
    }
}

#[cfg(test)]
mod tests;
