//! The staff's screens: a code, everything at one look, transactions to decide, out of service and back.

mod decision;
mod overview;
mod service;

use egui::{Rect, Ui, vec2};

use super::{Command, Foot, Stage, digits};
use crate::staff::code::CODE_DIGITS;
use crate::staff::desk::StaffEvent;
use crate::staff::view::{DoorNotice, Notice, StaffView};
use crate::theme::Metrics;
use crate::widget::button::{Button, Kind, Readiness};
use crate::widget::illustration::{self, Drawing};
use crate::widget::pane;
use crate::widget::words::{self, Tone};

pub(super) fn draw(ui: &mut Ui, area: Rect, stage: &mut Stage<'_>, view: StaffView<'_>) -> Foot {
    match view {
        StaffView::Door { notice } => door(ui, area, stage, notice),
        StaffView::Working => working(ui, area, stage),
        StaffView::Overview { diagnosis, notice, service } => {
            overview::draw(ui, area, stage, &overview::Overview { diagnosis, notice, service })
        }
        StaffView::Transactions { waiting, notice } => decision::transactions(ui, area, stage, (waiting, notice)),
        StaffView::Decide { account, choices } => decision::decide(ui, area, stage, (account, choices)),
        StaffView::Confirm { proposal } => decision::confirm(ui, area, stage, proposal),
        StaffView::Service { reason, end, next } => service::draw(ui, area, stage, (reason, end, next)),
    }
}

fn door(ui: &mut Ui, area: Rect, stage: &mut Stage<'_>, notice: Option<DoorNotice>) -> Foot {
    let fill = digits::draw(ui, area, stage, CODE_DIGITS, |ui, stage| {
        let metrics = stage.metrics;
        words::title(ui, &metrics, &stage.say("staff-door-title"));
        words::lead(ui, &metrics, &stage.say("staff-door-text"));
        match notice {
            None => {}
            Some(DoorNotice::Wrong) => words::notice(ui, &metrics, Tone::Refusal, &[&stage.say("staff-door-wrong")]),
            Some(DoorNotice::Wait(seconds)) => {
                let text = stage.speech.say_with("staff-door-wait", &[("seconds", seconds.into())]);
                words::notice(ui, &metrics, Tone::Refusal, &[&text]);
            }
        }
    });
    let is_ready = fill.typed == CODE_DIGITS && !matches!(notice, Some(DoorNotice::Wait(_)));
    let text = stage.say("staff-door-open");
    Foot::onward_when(Readiness::from(is_ready), text, Command::SubmitStaffCode).with_back(&stage.speech)
}

fn working(ui: &mut Ui, area: Rect, stage: &Stage<'_>) -> Foot {
    let share = pane::Share { portrait: 0.3, landscape: 0.5 };
    let [words_area, picture] = pane::beside_picture(area, &stage.metrics, share);
    pane::within(ui, words_area, "words", |ui| words::title(ui, &stage.metrics, &stage.say("staff-working")));
    illustration::draw(ui, picture, Drawing::Paper);
    Foot::default()
}

/// What became of what was done last.
fn notice(ui: &mut Ui, stage: &Stage<'_>, notice: Option<&Notice>) {
    let (tone, text) = match notice {
        None => return,
        Some(Notice::Saved(name)) => {
            (Tone::Well, stage.speech.say_with("staff-notice-saved", &[("name", name.as_str().into())]))
        }
        Some(Notice::Unsaved) => (Tone::Refusal, stage.say("staff-notice-unsaved")),
        Some(Notice::Written) => (Tone::Well, stage.say("staff-notice-written")),
        Some(Notice::Unwritten) => (Tone::Refusal, stage.say("staff-notice-unwritten")),
        Some(Notice::Unreadable) => (Tone::Refusal, stage.say("staff-notice-unreadable")),
    };
    words::notice(ui, &stage.metrics, tone, &[&text]);
}

/// A key of the staff's screens, over the whole width.
fn key(
    ui: &mut Ui,
    stage: &mut Stage<'_>,
    (text, note): (&str, Option<&str>),
    readiness: Readiness,
    tells: StaffEvent,
) {
    let metrics = stage.metrics;
    let share = if note.is_some() { 1.2 } else { 1.0 };
    let size = vec2(ui.available_width(), metrics.option(share));
    let button = Button::new(text, Kind::Plain, Metrics::bold_font(metrics.button * 0.9), size).readiness(readiness);
    let button = match note {
        Some(note) => button.note(note),
        None => button,
    };
    if button.show(ui) {
        stage.commands.push(Command::Staff(tells));
    }
}
