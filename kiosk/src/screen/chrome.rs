//! What surrounds every screen: name, language switch, steps, and the keys at the foot.

use egui::accesskit::Role;
use egui::{Align2, Key, Rect, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::entry::Panel;
use super::{Cancelling, Command, Foot, Nameplate, Stage, Standing};
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
    let rect = parts.head;
    ui.painter().rect_filled(rect, 0.0, theme::SURFACE);
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(2.0, theme::LINE));
    let left = pos2(rect.left() + metrics.margin, rect.center().y - metrics.body * 0.66);
    let name = stage.say("service-name");
    let painted = ui.painter().text(left, Align2::LEFT_CENTER, &name, Metrics::bold_font(metrics.lead), theme::INDIGO);
    let below = pos2(left.x, rect.center().y + metrics.body * 0.7);
    let terminal = stage.speech.say_with("terminal-number", &[("terminal", nameplate.terminal.into())]);
    let line = match nameplate.profile {
        Standing::Street => terminal,
        Standing::Test => format!("{terminal}　{}", stage.say("test-profile")),
    };
    let room = rect.width() - language_width(&metrics) - metrics.margin * 2.0 - metrics.gap * 2.0;
    let galley = ui.painter().layout(line.clone(), Metrics::font(metrics.body * 0.68), theme::INK_QUIET, room);
    let spoken = Rect::from_min_max(painted.min, pos2(left.x + room, rect.bottom()));
    ui.painter().galley(below - vec2(0.0, galley.size().y / 2.0), galley, theme::INK_QUIET);
    let id = ui.scope_id().with("nameplate");
    ui.interact(spoken, id, Sense::hover())
        .widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{name} {line}")));
    languages(ui, rect, stage);
    if let Some((rect, step)) = parts.steps {
        steps(ui, rect, stage, step);
    }
}

fn language_width(metrics: &Metrics) -> f32 {
    metrics.body * 9.0
}

/// One key for all languages; each is offered by its own name.
fn languages(ui: &mut Ui, head: Rect, stage: &mut Stage<'_>) {
    let metrics = stage.metrics;
    let size = vec2(language_width(&metrics), metrics.head * 0.68);
    let right = head.right() - metrics.margin;
    let rect = Rect::from_min_size(pos2(right - size.x, head.center().y - size.y / 2.0), size);
    let text = stage.say("language-open");
    let key = Button::new(&text, Kind::Plain, Metrics::font(metrics.body), size);
    let builder = UiBuilder::new().max_rect(rect).id_salt("language");
    if ui.scope_builder(builder, |ui| key.show(ui)).inner {
        stage.commands.push(Command::ShowLanguages(Panel::Open));
    }
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
    let painter = ui.painter();
    for (place, key) in STEPS.iter().enumerate() {
        let segment =
            Rect::from_min_size(pos2(room.left() + width * place as f32, rect.top()), vec2(width, rect.height()));
        let (ink, font) = if place == present {
            (theme::INDIGO, Metrics::bold_font(metrics.body * 0.84))
        } else {
            (theme::INK_QUIET, Metrics::font(metrics.body * 0.84))
        };
        let text = format!("{}　{}", place + 1, stage.say(key));
        let galley = words::fitted(ui, &text, &font, segment.width() - 12.0);
        let at = Align2::CENTER_CENTER.align_size_within_rect(galley.size(), segment).min;
        painter.galley_with_override_text_color(at, galley, ink);
        let (thickness, colour) = match place.cmp(&present) {
            std::cmp::Ordering::Equal => (8.0, theme::INDIGO),
            std::cmp::Ordering::Less => (3.0, theme::INDIGO),
            std::cmp::Ordering::Greater => (2.0, theme::LINE),
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
    let side = match metrics.orientation {
        Orientation::Portrait => rect.width() * 0.25,
        Orientation::Landscape => rect.width() * 0.17,
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
