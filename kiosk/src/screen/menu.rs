//! The menu: what can be had, what it costs, what is needed.

use egui::{Frame, Margin, Rect, Ui};
use shared::domain::fee::Yen;

use super::{Command, Foot, Stage};
use crate::session::event::Event;
use crate::theme;
use crate::widget::illustration::{self, Drawing};
use crate::widget::{pane, words};

const SHARE: pane::Share = pane::Share { portrait: 0.56, landscape: 0.56 };

pub(super) fn draw(ui: &mut Ui, area: Rect, stage: &Stage<'_>, fee: Yen) -> Foot {
    let metrics = &stage.metrics;
    let [words_area, picture] = pane::beside_picture(area, metrics, SHARE);
    pane::within(ui, words_area, "words", |ui| {
        words::title(ui, metrics, &stage.say("menu-title"));
        words::note(ui, metrics, &stage.say("menu-subtitle"));
        ui.add_space(metrics.gap);
        let card = Frame::new().fill(theme::palette(ui).surface).corner_radius(theme::RADIUS);
        card.inner_margin(Margin::same((metrics.gap) as i8)).show(ui, |ui| {
            ui.set_width(ui.available_width());
            words::strong(ui, metrics, &stage.say("menu-need-title"));
            for key in ["menu-need-card", "menu-need-pin", "menu-need-money"] {
                words::lead(ui, metrics, &format!("・{}", stage.say(key)));
            }
        });
        ui.add_space(metrics.gap * 0.5);
        words::strong(ui, metrics, &stage.speech.say_with("menu-fee", &[("fee", fee.0.into())]));
        words::note(ui, metrics, &stage.say("menu-note"));
    });
    illustration::draw(ui, picture, Drawing::Paper);
    Foot::onward(stage.say("menu-begin"), Command::Tell(Event::Begun))
}
