//! Shown over any screen before a time-out ends it: one touch goes on.

use egui::accesskit::Live;
use egui::{Rect, Ui, vec2};

use super::{Command, Stage, Warning, panel};
use crate::session::event::Event;
use crate::theme::Metrics;
use crate::widget::button::{Button, Kind};
use crate::widget::words;

const WIDTH: panel::Width = panel::Width { share: 0.8, most: 820.0 };

/// Seconds that are read out; every one of them would drown everything else.
const SPOKEN: [u64; 3] = [20, 10, 5];

pub(super) fn draw(ui: &Ui, area: Rect, stage: &mut Stage<'_>, warning: Warning, text: &str) {
    let metrics = stage.metrics;
    panel::draw(ui, area, stage, ("warning", WIDTH, Command::Tell(Event::Touched)), |ui, stage| {
        words::title(ui, &metrics, &stage.say("warning-title"));
        let say = |seconds: u64| stage.speech.say_with(text, &[("seconds", seconds.into())]);
        let spoken = SPOKEN.into_iter().rev().find(|seconds| *seconds >= warning.seconds).unwrap_or(warning.seconds);
        words::counting(ui, &metrics, &say(warning.seconds), (&say(spoken), Live::Assertive));
        ui.add_space(metrics.gap);
        let text = stage.say("warning-extend");
        let size = vec2(ui.available_width(), metrics.action);
        if Button::new(&text, Kind::Primary, Metrics::bold_font(metrics.button), size).show(ui) {
            stage.tell(Event::Touched);
        }
    });
}
