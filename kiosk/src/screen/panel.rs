//! What lies over any screen: a veil, and above it a card with keys.

use egui::{Area, Frame, Id, Margin, Order, Rect, ScrollArea, Sense, Ui};

use super::{Command, Stage};
use crate::theme;

/// How wide a card is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Width {
    /// Of the screen.
    pub(super) share: f32,
    /// At the usual text size, in pixels.
    pub(super) most: f32,
}

/// Draws a card over the screen; a touch beside it says `aside`.
pub(super) fn draw<'a>(
    ui: &Ui,
    area: Rect,
    stage: &mut Stage<'a>,
    (salt, width, aside): (&'static str, Width, Command),
    contents: impl FnOnce(&mut Ui, &mut Stage<'a>),
) {
    let metrics = stage.metrics;
    Area::new(Id::unique((salt, "veil"))).order(Order::Middle).fixed_pos(area.min).show(ui.ctx(), |ui| {
        let (rect, response) = ui.allocate_exact_size(area.size(), Sense::click());
        ui.painter().rect_filled(rect, 0.0, theme::palette(ui).veil);
        if response.clicked() {
            stage.commands.push(aside);
        }
    });
    let inner = metrics.gap * 1.6;
    let wide = (area.width() * width.share).min(width.most * metrics.text.factor());
    let wide = wide.min(area.width() - inner * 3.0);
    let colours = theme::palette(ui);
    Area::new(Id::unique(salt))
        .order(Order::Foreground)
        .pivot(egui::Align2::CENTER_CENTER)
        .fixed_pos(area.center())
        .show(ui.ctx(), |ui| {
            let frame = Frame::new().fill(colours.ground).corner_radius(theme::RADIUS);
            let frame = frame.stroke(egui::Stroke::new(colours.outline, colours.edge));
            frame.inner_margin(Margin::same(inner as i8)).show(ui, |ui| {
                ui.set_width(wide);
                let room = area.height() - inner * 3.0;
                // An area counts its room from its middle: the card may take all of it.
                ScrollArea::vertical().max_height(room).min_scrolled_height(room).show(ui, |ui| contents(ui, stage));
            });
        });
}
