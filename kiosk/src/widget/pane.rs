//! How a screen's area is divided: side by side where it is wide, one above the other where it is high.

use egui::{Layout, Rect, ScrollArea, Ui, UiBuilder};

use crate::theme::{Metrics, Orientation};

/// How much of the area the first part takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Of the height, upright.
    pub portrait: f32,
    /// Of the width, lying.
    pub landscape: f32,
}

/// Half and half when lying; a third for the words when upright.
pub const WORDS_AND_KEYS: Share = Share { portrait: 0.36, landscape: 0.44 };

/// The two parts of an area.
pub fn divide(area: Rect, metrics: &Metrics, share: Share) -> [Rect; 2] {
    let gap = metrics.gap;
    match metrics.orientation {
        Orientation::Portrait => {
            let (first, second) = area.split_top_bottom_at_fraction(share.portrait);
            [first.with_max_y(first.bottom() - gap), second.with_min_y(second.top() + gap)]
        }
        Orientation::Landscape => {
            let (first, second) = area.split_left_right_at_fraction(share.landscape);
            [first.with_max_x(first.right() - gap * 1.5), second.with_min_x(second.left() + gap * 1.5)]
        }
    }
}

/// Draws into a part; what does not fit can be scrolled to.
pub fn within<R>(ui: &mut Ui, part: Rect, salt: &str, draw: impl FnOnce(&mut Ui) -> R) -> R {
    let builder = UiBuilder::new().max_rect(part).id_salt(salt).layout(Layout::top_down(egui::Align::Min));
    ui.scope_builder(builder, |ui| {
        ui.set_clip_rect(part.expand(8.0));
        ScrollArea::vertical().id_salt(salt).auto_shrink(false).show(ui, draw).inner
    })
    .inner
}

/// Draws into a part, in its middle from left to right.
pub fn centred<R>(ui: &mut Ui, part: Rect, width: f32, draw: impl FnOnce(&mut Ui) -> R) -> R {
    let column = Rect::from_center_size(part.center(), egui::vec2(width.min(part.width()), part.height()));
    ui.scope_builder(UiBuilder::new().max_rect(column).layout(Layout::top_down(egui::Align::Min)), draw).inner
}
