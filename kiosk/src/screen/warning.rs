//! Shown over any screen before a time-out ends it: one touch goes on.

use egui::{Area, Frame, Id, Margin, Order, Rect, Sense, Ui, vec2};

use super::{Stage, Warning};
use crate::session::event::Event;
use crate::theme::{self, Metrics};
use crate::widget::button::{Button, Kind};
use crate::widget::words;

pub(super) fn draw(ui: &Ui, area: Rect, stage: &mut Stage<'_>, warning: Warning, text: &str) {
    let metrics = stage.metrics;
    Area::new(Id::unique("veil")).order(Order::Middle).fixed_pos(area.min).show(ui.ctx(), |ui| {
        let (rect, response) = ui.allocate_exact_size(area.size(), Sense::click());
        ui.painter().rect_filled(rect, 0.0, theme::VEIL);
        if response.clicked() {
            stage.tell(Event::Touched);
        }
    });
    let width = (area.width() * 0.8).min(820.0);
    Area::new(Id::unique("warning"))
        .order(Order::Foreground)
        .pivot(egui::Align2::CENTER_CENTER)
        .fixed_pos(area.center())
        .show(ui.ctx(), |ui| {
            let frame = Frame::new().fill(theme::GROUND).corner_radius(theme::RADIUS);
            frame.inner_margin(Margin::same((metrics.gap * 2.0) as i8)).show(ui, |ui| {
                ui.set_width(width);
                words::title(ui, &metrics, &stage.say("warning-title"));
                let text = stage.speech.say_with(text, &[("seconds", warning.seconds.into())]);
                words::notice(ui, &metrics, words::Tone::Caution, &[&text]);
                ui.add_space(metrics.gap);
                let text = stage.say("warning-extend");
                let size = vec2(ui.available_width(), metrics.action);
                if Button::new(&text, Kind::Primary, Metrics::bold_font(metrics.button), size).show(ui) {
                    stage.tell(Event::Touched);
                }
            });
        });
}
