//! How a screen's area is divided: side by side where it is wide, one above the other where it is high.

use egui::scroll_area::{ScrollAreaOutput, ScrollBarVisibility};
use egui::{Align, Id, Layout, Rect, ScrollArea, Ui, UiBuilder, pos2, vec2};

use super::button::{Button, Kind, Readiness};
use super::words;
use crate::comfort::TextSize;
use crate::theme::{Metrics, Orientation};

/// How much of the area the first part takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Of the height, upright.
    pub portrait: f32,
    /// Of the width, lying.
    pub landscape: f32,
}

/// Nearly half for the words.
pub const WORDS_AND_KEYS: Share = Share { portrait: 0.46, landscape: 0.46 };

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

/// Words beside a picture: in large letters the words need the picture's place.
pub fn beside_picture(area: Rect, metrics: &Metrics, share: Share) -> [Rect; 2] {
    match metrics.text {
        TextSize::Usual => divide(area, metrics, share),
        TextSize::Large | TextSize::Double => [area, Rect::NOTHING],
    }
}

/// The keys that turn to what does not fit: their names and their size.
#[derive(Debug, Clone, Default)]
pub struct Turning {
    /// Towards the top.
    pub up: String,
    /// Towards the bottom.
    pub down: String,
    /// The side of a key, in pixels.
    pub side: f32,
}

/// Says once a drawing how every part names its keys.
pub fn turn_with(ui: &Ui, turning: Turning) {
    ui.data_mut(|data| data.insert_temp(turning_id(), turning));
}

fn turning_id() -> Id {
    Id::unique("turning keys")
}

/// Draws into a part. What does not fit can be dragged, and turned to by keys beside it: not everybody can drag.
pub fn within<R>(ui: &mut Ui, part: Rect, salt: &str, draw: impl FnOnce(&mut Ui) -> R) -> R {
    let builder = UiBuilder::new().max_rect(part).id_salt(salt).layout(Layout::top_down(Align::Min));
    ui.scope_builder(builder, |ui| {
        let (overflowing, turned) = (ui.scope_id().with("overflowing"), ui.scope_id().with("turned"));
        let overflows = ui.data(|data| data.get_temp::<bool>(overflowing)).unwrap_or(false);
        let turning = ui.data(|data| data.get_temp::<Turning>(turning_id())).unwrap_or_default();
        let keys = turning.beside(part);
        let text = if overflows { part.with_max_x(keys.left() - GAP) } else { part };
        let bar = ScrollBarVisibility::AlwaysHidden;
        let mut area = ScrollArea::vertical().id_salt(salt).auto_shrink(false).scroll_bar_visibility(bar);
        if let Some(offset) = ui.data_mut(|data| data.remove_temp::<f32>(turned)) {
            area = area.vertical_scroll_offset(offset);
        }
        let builder = UiBuilder::new().max_rect(text).id_salt("text");
        let shown = ui.scope_builder(builder, |ui| {
            ui.set_clip_rect(text.expand(8.0));
            area.show(ui, draw)
        });
        let shown = shown.inner;
        let overflows_now = shown.content_size.y > shown.inner_rect.height() + 1.0;
        if overflows_now {
            words::note_turned(ui, salt);
        }
        if overflows_now != overflows {
            ui.data_mut(|data| data.insert_temp(overflowing, overflows_now));
            ui.ctx().request_repaint();
        }
        let offset = if overflows { turn(ui, keys, &turning, &shown) } else { None };
        if let Some(offset) = offset {
            ui.data_mut(|data| data.insert_temp(turned, offset));
            ui.ctx().request_repaint();
        }
        shown.inner
    })
    .inner
}

/// Between text and its keys.
const GAP: f32 = 12.0;

impl Turning {
    /// Where the keys lie: one above the other, or side by side where the part is low.
    fn beside(&self, part: Rect) -> Rect {
        let is_low = part.height() < self.side * 2.0 + GAP;
        let width = if is_low { self.side * 2.0 + GAP } else { self.side };
        Rect::from_min_max(pos2(part.right() - width, part.top()), part.max)
    }
}

/// The two keys; gives where to turn to.
fn turn<R>(ui: &mut Ui, keys: Rect, turning: &Turning, shown: &ScrollAreaOutput<R>) -> Option<f32> {
    let most = shown.content_size.y - shown.inner_rect.height();
    let offset = shown.state.clamped_offset().y;
    let size = vec2(turning.side, turning.side.min(keys.height()));
    let above = Rect::from_min_size(keys.min, size);
    let below = Rect::from_min_size(keys.max - size, size);
    let mut turned = None;
    for (place, sign, name, way) in [(above, "▲", &turning.up, -1.0), (below, "▼", &turning.down, 1.0)] {
        let has_more = if way < 0.0 { offset > 1.0 } else { offset < most - 1.0 };
        let key = Button::new(sign, Kind::Quiet, Metrics::bold_font(turning.side * 0.4), size).named(name);
        let key = key.readiness(Readiness::from(has_more));
        if ui.scope_builder(UiBuilder::new().max_rect(place).id_salt(sign), |ui| key.show(ui)).inner {
            // A little of what was read stays in sight.
            turned = Some((offset + way * shown.inner_rect.height() * 0.8).clamp(0.0, most));
        }
    }
    turned
}

/// Draws into a part, in its middle from left to right.
pub fn centred<R>(ui: &mut Ui, part: Rect, width: f32, draw: impl FnOnce(&mut Ui) -> R) -> R {
    let column = Rect::from_center_size(part.center(), vec2(width.min(part.width()), part.height()));
    ui.scope_builder(UiBuilder::new().max_rect(column).layout(Layout::top_down(Align::Min)), draw).inner
}
