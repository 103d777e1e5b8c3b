//! What surrounds every screen: name, language switch, steps, and the keys at the foot.

use std::time::Duration;

use egui::accesskit::Role;
use egui::{Align2, Key, PointerButton, Rect, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::entry::Panel;
use super::{Cancelling, Command, Entrance, Foot, Nameplate, Stage, Standing};
use crate::comfort::TextSize;
use crate::session::event::Event;
use crate::theme::{self, Metrics, Orientation};
use crate::widget::button::{Button, Kind, Readiness};
use crate::widget::words;

/// Where the parts of a screen lie.
pub(super) struct Parts {
    head: Rect,
    steps: Option<(Rect, usize)>,
    pub(super) body: Rect,
    foot: Rect,
}

const STEPS: [&str; 5] = ["step-card", "step-choice", "step-check", "step-pay", "step-paper"];

pub(super) fn parts(area: Rect, metrics: &Metrics, step: Option<usize>) -> Parts {
    let (head, rest) = area.split_top_bottom_at_y(area.top() + metrics.head);
    let (rest, foot) = rest.split_top_bottom_at_y(area.bottom() - metrics.foot);
    let steps_height = if step.is_some() { metrics.steps } else { 0.0 };
    let (steps, body) = rest.split_top_bottom_at_y(rest.top() + steps_height);
    let air = match metrics.orientation {
        Orientation::Portrait => metrics.margin * 0.75,
        Orientation::Landscape => metrics.margin * 0.5,
    };
    Parts {
        head,
        steps: step.map(|step| (steps, step)),
        body: body.shrink2(vec2(metrics.margin, air)),
        foot: foot.shrink2(vec2(metrics.margin, 0.0)),
    }
}

pub(super) fn head(ui: &mut Ui, parts: &Parts, stage: &mut Stage<'_>, nameplate: Nameplate<'_>) {
    let metrics = stage.metrics;
    let colours = theme::palette(ui);
    let rect = parts.head;
    ui.painter().rect_filled(rect, 0.0, colours.surface);
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(2.0, colours.line));
    let inside = rect.shrink2(vec2(metrics.margin, 4.0));
    let keys = head_keys(ui, inside, stage);
    let plate = inside.with_max_x(keys - metrics.gap);
    let name = stage.say("service-name");
    let terminal = stage.speech.say_with("terminal-number", &[("terminal", nameplate.terminal.into())]);
    let line = match nameplate.profile {
        Standing::Street => terminal,
        Standing::Test => format!("{terminal}　{}", stage.say("test-profile")),
    };
    let (above, below) = plate.split_top_bottom_at_fraction(if metrics.text == TextSize::Usual { 0.46 } else { 0.6 });
    let galley = words::boxed(ui, &name, &Metrics::bold_font(metrics.lead), above.size());
    let at = Align2::LEFT_BOTTOM.align_size_within_rect(galley.size(), above).min;
    ui.painter().galley_with_override_text_color(at, galley, colours.accent);
    // The number is for the staff, and stays as small as it is.
    let small = Metrics::font(metrics.body * 0.7 / metrics.text.factor());
    let galley = words::boxed(ui, &line, &small, below.size());
    let at = Align2::LEFT_TOP.align_size_within_rect(galley.size(), below).min + vec2(0.0, 4.0);
    ui.painter().galley_with_override_text_color(at, galley, colours.ink_quiet);
    self::plate(ui, plate, stage, (nameplate.entrance, format!("{name} {line}")));
    if let Some((rect, step)) = parts.steps {
        steps(ui, rect, stage, step);
    }
}

/// Pressed for so long, the nameplate leads to the staff's screens: nobody does that by chance.
const HELD_SECONDS: f64 = 3.0;

/// The nameplate is read out; where it is the staff's entrance, it is a key that no resident presses by chance.
fn plate(ui: &Ui, rect: Rect, stage: &mut Stage<'_>, (entrance, name): (Entrance, String)) {
    let id = ui.scope_id().with("nameplate");
    if entrance == Entrance::Shut {
        ui.interact(rect, id, Sense::hover()).widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
        return;
    }
    // What can only be clicked is let go after a moment, however long the finger stays.
    let response = ui.interact(rect, id, Sense::click_and_drag());
    let name = format!("{name} {}", stage.say("staff-entrance"));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    if response.has_focus() {
        let ring = Stroke::new(5.0, theme::palette(ui).focus);
        ui.painter().rect_stroke(rect, theme::RADIUS, ring, StrokeKind::Inside);
    }
    // A keyboard or a reader of the screen means what it presses; a finger must stay.
    let is_meant = response.clicked() && !response.clicked_by(PointerButton::Primary);
    let held = ui.input(|input| input.pointer.press_start_time().map(|start| input.time - start));
    let is_held = match held.filter(|_| response.is_pointer_button_down_on()) {
        Some(held) if held >= HELD_SECONDS => true,
        Some(held) => {
            ui.ctx().request_repaint_after(Duration::from_secs_f64(HELD_SECONDS - held));
            false
        }
        None => false,
    };
    if is_meant || is_held {
        stage.tell(Event::StaffCame);
    }
}

/// One key for how to see and hear, one for all languages; gives where they begin.
fn head_keys(ui: &mut Ui, head: Rect, stage: &mut Stage<'_>) -> f32 {
    let metrics = stage.metrics;
    let size = vec2((head.width() * 0.22).max(metrics.touch), (head.height() - 8.0).max(metrics.touch));
    let mut right = head.right();
    for (key, panel) in [("language-open", Panel::Languages), ("comfort-open", Panel::Comfort)] {
        let rect = Rect::from_min_size(pos2(right - size.x, head.center().y - size.y / 2.0), size);
        let text = stage.say(key);
        let button = Button::new(&text, Kind::Plain, Metrics::font(metrics.body), size);
        if self::key(ui, rect, &button) {
            stage.commands.push(Command::Show(panel));
        }
        right -= size.x + metrics.gap;
    }
    right + metrics.gap
}

/// The visual twin of a sound that calls somebody: a frame around everything.
pub(super) fn alarm(ui: &Ui, area: Rect) {
    let thick = 12.0;
    let stroke = Stroke::new(thick, theme::palette(ui).focus);
    ui.painter().rect_stroke(area, 0.0, stroke, StrokeKind::Inside);
}

fn steps(ui: &mut Ui, rect: Rect, stage: &Stage<'_>, present: usize) {
    let metrics = stage.metrics;
    let room = rect.shrink2(vec2(metrics.margin, 0.0));
    let width = room.width() / STEPS.len() as f32;
    let present_name = stage.say(STEPS.get(present).copied().unwrap_or_default());
    let spoken = stage.speech.say_with(
        "step-of",
        &[("number", (present + 1).into()), ("total", STEPS.len().into()), ("name", present_name.into())],
    );
    ui.interact(room, ui.scope_id().with("steps"), Sense::hover())
        .widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    let colours = theme::palette(ui);
    if metrics.text != TextSize::Usual {
        // Five names find no room in large letters: the present one does.
        let galley = words::boxed(ui, &spoken, &Metrics::bold_font(metrics.body * 0.84), room.size());
        let at = Align2::LEFT_CENTER.align_size_within_rect(galley.size(), room).min;
        ui.painter().galley_with_override_text_color(at, galley, colours.accent);
        return;
    }
    let painter = ui.painter();
    for (place, key) in STEPS.iter().enumerate() {
        let segment =
            Rect::from_min_size(pos2(room.left() + width * place as f32, rect.top()), vec2(width, rect.height()));
        let (ink, font) = if place == present {
            (colours.accent, Metrics::bold_font(metrics.body * 0.84))
        } else {
            (colours.ink_quiet, Metrics::font(metrics.body * 0.84))
        };
        let text = format!("{}　{}", place + 1, stage.say(key));
        let galley = words::fitted(ui, &text, &font, segment.width() - 12.0);
        let at = Align2::CENTER_CENTER.align_size_within_rect(galley.size(), segment).min;
        painter.galley_with_override_text_color(at, galley, ink);
        let (thickness, colour) = match place.cmp(&present) {
            std::cmp::Ordering::Equal => (8.0, colours.accent),
            std::cmp::Ordering::Less => (3.0, colours.accent),
            std::cmp::Ordering::Greater => (2.0, colours.line),
        };
        let line = segment.shrink2(vec2(6.0, 0.0));
        painter.hline(line.x_range(), segment.bottom() - 4.0, Stroke::new(thickness, colour));
    }
}

/// The keys at the foot; Enter leads on and Escape leads out, wherever the keyboard is not at a key.
pub(super) fn foot(ui: &mut Ui, parts: &Parts, stage: &mut Stage<'_>, foot: Foot, cancelling: Cancelling) {
    let metrics = stage.metrics;
    let height = metrics.action;
    let rect = Rect::from_center_size(parts.foot.center(), vec2(parts.foot.width(), height));
    let side = match (metrics.orientation, metrics.text) {
        (Orientation::Portrait, _) => rect.width() * 0.25,
        (Orientation::Landscape, TextSize::Usual) => rect.width() * 0.17,
        (Orientation::Landscape, TextSize::Large | TextSize::Double) => rect.width() * 0.22,
    };
    let mut left = rect.left();
    let (enter, escape) = shortcuts(ui);
    if cancelling == Cancelling::Allowed {
        let text = stage.say("cancel");
        let place = Rect::from_min_size(pos2(left, rect.top()), vec2(side, height));
        if key(ui, place, &Button::new(&text, Kind::Quiet, Metrics::font(metrics.button * 0.85), place.size()))
            || escape
        {
            stage.tell(Event::Cancelled);
        }
        left += side + metrics.gap;
    }
    if let Some(back) = foot.back {
        let place = Rect::from_min_size(pos2(left, rect.top()), vec2(side, height));
        if key(ui, place, &Button::new(&back.text, Kind::Quiet, Metrics::font(metrics.button * 0.85), place.size())) {
            stage.commands.push(back.command);
        }
        left += side + metrics.gap;
    }
    if let Some(onward) = foot.onward {
        let place = Rect::from_min_max(pos2(left, rect.top()), rect.max);
        let button = Button::new(&onward.text, Kind::Primary, Metrics::bold_font(metrics.button), place.size());
        let ready = onward.readiness == Readiness::Ready;
        if key(ui, place, &button.readiness(onward.readiness)) || (ready && enter) {
            stage.commands.push(onward.command);
        }
    }
}

fn key(ui: &mut Ui, place: Rect, button: &Button<'_>) -> bool {
    ui.scope_builder(UiBuilder::new().max_rect(place), |ui| button.clone().show(ui)).inner
}

fn shortcuts(ui: &Ui) -> (bool, bool) {
    let is_at_a_key = ui.memory(|memory| memory.focused().is_some());
    ui.input(|input| (!is_at_a_key && input.key_pressed(Key::Enter), input.key_pressed(Key::Escape)))
}
