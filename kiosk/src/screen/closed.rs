//! Outside the hours, or stopped by the operator.

use egui::{Rect, Ui};
use jiff::Timestamp;
use shared::clock::japan;

use super::{Foot, Stage};
use crate::session::closure::ClosureReason;
use crate::widget::illustration::{self, Drawing};
use crate::widget::{pane, words};

const SHARE: pane::Share = pane::Share { portrait: 0.45, landscape: 0.55 };

pub(super) fn closed(ui: &mut Ui, area: Rect, stage: &Stage<'_>, opens: Timestamp) -> Foot {
    let sentences = [opening(stage, opens), stage.say("closed-hours")];
    show(ui, area, stage, (&stage.say("closed-title"), Drawing::Night), &sentences)
}

pub(super) fn out_of_service(
    ui: &mut Ui,
    area: Rect,
    stage: &Stage<'_>,
    reason: ClosureReason,
    opens: Option<Timestamp>,
) -> Foot {
    let reason = stage.say(match reason {
        ClosureReason::Supplies => "out-of-service-supplies",
        ClosureReason::Maintenance => "out-of-service-maintenance",
        ClosureReason::Repair => "out-of-service-repair",
        ClosureReason::Shop => "out-of-service-shop",
    });
    let until = opens.map_or_else(|| stage.say("out-of-service-staff"), |opens| opening(stage, opens));
    let sentences = [reason, until, stage.say("out-of-service-elsewhere")];
    show(ui, area, stage, (&stage.say("out-of-service-title"), Drawing::Stopped), &sentences)
}

/// When it begins next, by the clock in Japan.
fn opening(stage: &Stage<'_>, opens: Timestamp) -> String {
    let opens = japan(opens);
    let time = format!("{}:{:02}", opens.hour(), opens.minute());
    stage
        .speech
        .say_with("closed-text", &[("month", opens.month().into()), ("day", opens.day().into()), ("time", time.into())])
}

pub(super) fn stopped(ui: &mut Ui, area: Rect, stage: &Stage<'_>) -> Foot {
    show(ui, area, stage, (&stage.say("stopped-title"), Drawing::Night), &[stage.say("stopped-text")])
}

fn show(ui: &mut Ui, area: Rect, stage: &Stage<'_>, (title, drawing): (&str, Drawing), sentences: &[String]) -> Foot {
    let [words_area, picture] = pane::beside_picture(area, &stage.metrics, SHARE);
    pane::within(ui, words_area, "words", |ui| {
        words::title(ui, &stage.metrics, title);
        for sentence in sentences {
            words::lead(ui, &stage.metrics, sentence);
        }
    });
    illustration::draw(ui, picture, drawing);
    Foot::default()
}
