//! Why the terminal is to be closed, and until when.

use egui::{Rect, Ui, Vec2, vec2};
use jiff::Timestamp;

use super::super::{Command, Foot, Stage, halves};
use crate::session::closure::ClosureReason;
use crate::staff::desk::StaffEvent;
use crate::staff::view::ClosureEnd;
use crate::theme::Metrics;
use crate::widget::button::{Button, Kind, Readiness};
use crate::widget::{pane, words};

pub(super) fn draw(
    ui: &mut Ui,
    area: Rect,
    stage: &mut Stage<'_>,
    (chosen, end, next): (ClosureReason, ClosureEnd, Timestamp),
) -> Foot {
    let share = pane::Share { portrait: 0.26, landscape: 0.36 };
    let words = |ui: &mut Ui, stage: &mut Stage<'_>| {
        words::title(ui, &stage.metrics, &stage.say("staff-service-title"));
        words::lead(ui, &stage.metrics, &stage.say("staff-service-text"));
    };
    halves::draw(ui, (area, share), stage, words, |ui, stage| {
        let metrics = stage.metrics;
        words::strong(ui, &metrics, &stage.say("staff-service-reason"));
        let readiness = |is_chosen| if is_chosen { Readiness::Chosen } else { Readiness::Ready };
        let reasons = ClosureReason::ALL
            .map(|reason| (stage.say(reason_key(reason)), readiness(reason == chosen), StaffEvent::Reason(reason)));
        pairs(ui, stage, reasons);
        words::strong(ui, &metrics, &stage.say("staff-service-end"));
        let next = stage.speech.say_with("staff-service-next", &[("time", stage.moment(next).into())]);
        pairs(
            ui,
            stage,
            [
                (
                    stage.say("staff-service-by-hand"),
                    readiness(end == ClosureEnd::Staff),
                    StaffEvent::End(ClosureEnd::Staff),
                ),
                (next, readiness(end == ClosureEnd::NextOpening), StaffEvent::End(ClosureEnd::NextOpening)),
            ],
        );
    });
    Foot::onward(stage.say("staff-service-do"), Command::Staff(StaffEvent::Close))
        .with_back_by(&stage.speech, Command::Staff(StaffEvent::Back))
}

/// Keys two by two.
fn pairs<const N: usize>(ui: &mut Ui, stage: &mut Stage<'_>, keys: [(String, Readiness, StaffEvent); N]) {
    let metrics = stage.metrics;
    let gap = metrics.gap;
    ui.spacing_mut().item_spacing = vec2(gap, gap);
    let size = vec2((ui.available_width() - gap) / 2.0, metrics.option(1.0));
    let mut keys = keys.into_iter();
    while let Some(first) = keys.next() {
        ui.horizontal(|ui| {
            for key in [Some(first), keys.next()].into_iter().flatten() {
                half(ui, stage, key, size);
            }
        });
    }
}

fn half(ui: &mut Ui, stage: &mut Stage<'_>, (text, readiness, tells): (String, Readiness, StaffEvent), size: Vec2) {
    let font = Metrics::bold_font(stage.metrics.button * 0.85);
    if Button::new(&text, Kind::Plain, font, size).readiness(readiness).show(ui) {
        stage.commands.push(Command::Staff(tells));
    }
}

const fn reason_key(reason: ClosureReason) -> &'static str {
    match reason {
        ClosureReason::Supplies => "staff-service-supplies",
        ClosureReason::Maintenance => "staff-service-maintenance",
        ClosureReason::Repair => "staff-service-repair",
        ClosureReason::Shop => "staff-service-shop",
    }
}
