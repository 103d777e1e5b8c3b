//! Outside the hours, or stopped by the operator.

use egui::{Rect, Ui};
use jiff::Timestamp;
use shared::clock::japan;

use super::{Foot, Stage};
use crate::widget::illustration::{self, Drawing};
use crate::widget::{pane, words};

const SHARE: pane::Share = pane::Share { portrait: 0.45, landscape: 0.55 };

pub(super) fn closed(ui: &mut Ui, area: Rect, stage: &Stage<'_>, opens: Timestamp) -> Foot {
    let opens = japan(opens);
    let time = format!("{}:{:02}", opens.hour(), opens.minute());
    let text = stage.speech.say_with(
        "closed-text",
        &[("month", opens.month().into()), ("day", opens.day().into()), ("time", time.into())],
    );
    let sentences = [text, stage.say("closed-hours")];
    show(ui, area, stage, &stage.say("closed-title"), &sentences)
}

pub(super) fn stopped(ui: &mut Ui, area: Rect, stage: &Stage<'_>) -> Foot {
    show(ui, area, stage, &stage.say("stopped-title"), &[stage.say("stopped-text")])
}

fn show(ui: &mut Ui, area: Rect, stage: &Stage<'_>, title: &str, sentences: &[String]) -> Foot {
    let [words_area, picture] = pane::beside_picture(area, &stage.metrics, SHARE);
    pane::within(ui, words_area, "words", |ui| {
        words::title(ui, &stage.metrics, title);
        for sentence in sentences {
            words::lead(ui, &stage.metrics, sentence);
        }
    });
    illustration::draw(ui, picture, Drawing::Night);
    Foot::default()
}
