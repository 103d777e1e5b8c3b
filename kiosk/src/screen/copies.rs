//! How many copies, and what they cost.

use egui::accesskit::{Live, Role};
use egui::{Align2, Rect, Sense, StrokeKind, Ui, WidgetInfo, vec2};
use shared::domain::fee::Yen;

use super::{Command, Foot, Stage, halves};
use crate::session::event::Event;
use crate::theme::{self, Metrics};
use crate::widget::button::{Button, Kind, Readiness};
use crate::widget::{pane, words};

pub(super) fn draw(ui: &mut Ui, area: Rect, stage: &mut Stage<'_>, fee: Yen, maximum: u8) -> Foot {
    let metrics = stage.metrics;
    let copies = stage.entry.copies();
    let share = pane::Share { portrait: 0.24, landscape: 0.42 };
    let words = |ui: &mut Ui, stage: &mut Stage<'_>| {
        words::title(ui, &metrics, &stage.say("copies-title"));
        words::lead(ui, &metrics, &stage.speech.say_with("copies-each", &[("fee", fee.0.into())]));
        words::note(ui, &metrics, &stage.speech.say_with("copies-maximum", &[("maximum", maximum.into())]));
    };
    halves::draw(ui, (area, share), stage, words, |ui, stage| {
        ui.add_space(metrics.gap);
        stepper(ui, stage, maximum);
        ui.add_space(metrics.gap);
        let total = fee.times(copies).map_or(0, |total| total.0);
        let text = stage.speech.say_with("copies-fee", &[("copies", copies.into()), ("fee", total.into())]);
        words::notice(ui, &metrics, words::Tone::Plain, &[&text]);
    });
    Foot::onward(stage.say("copies-ok"), Command::Tell(Event::CopiesChosen(copies))).with_back(&stage.speech)
}

fn stepper(ui: &mut Ui, stage: &mut Stage<'_>, maximum: u8) {
    let metrics = stage.metrics;
    let copies = stage.entry.copies();
    let key = vec2(metrics.key * 1.2, metrics.key * 1.1);
    let name = stage.speech.say_with("copies-count", &[("count", copies.into())]);
    let (less, more) = (stage.say("copies-less"), stage.say("copies-more"));
    ui.horizontal(|ui| {
        let font = Metrics::bold_font(metrics.figure);
        let minus = Button::new("−", Kind::Plain, font.clone(), key).named(&less);
        if minus.readiness(Readiness::from(copies > 1)).show(ui) {
            stage.commands.push(Command::SetCopies(copies - 1));
        }
        let size = vec2(ui.available_width() - key.x - ui.spacing().item_spacing.x, key.y);
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Status, true, &name));
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(Live::Polite));
        let colours = theme::palette(ui);
        ui.painter().rect(rect, theme::RADIUS, colours.surface, theme::edge(ui), StrokeKind::Inside);
        let galley = words::fitted(ui, &name, &font, rect.width() - metrics.gap);
        let at = Align2::CENTER_CENTER.align_size_within_rect(galley.size(), rect).min;
        ui.painter().galley(at, galley, colours.ink);
        let plus = Button::new("＋", Kind::Plain, font, key).named(&more);
        if plus.readiness(Readiness::from(copies < maximum)).show(ui) {
            stage.commands.push(Command::SetCopies(copies + 1));
        }
    });
}
