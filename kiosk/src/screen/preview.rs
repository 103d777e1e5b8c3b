//! Everything that will be printed, as large text and as pictures of both pages, before any money is taken.

use egui::accesskit::Role;
use egui::{Align2, Image, Rect, Sense, Stroke, StrokeKind, TextureHandle, Ui, WidgetInfo, vec2};
use shared::domain::certificate::{Content, Form, PrintedDose};

use super::entry::PreviewPart;
use super::{Command, Foot, Pages, Stage, halves, municipality};
use crate::session::bound_document::BoundDocument;
use crate::session::event::Event;
use crate::text::{Language, Speech};
use crate::theme::{self, Metrics};
use crate::widget::button::{Button, Kind, Readiness};
use crate::widget::{pane, words};

pub(super) fn draw(ui: &mut Ui, area: Rect, stage: &mut Stage<'_>, document: &BoundDocument) -> Foot {
    let metrics = stage.metrics;
    let share = pane::Share { portrait: 0.39, landscape: 0.38 };
    let words = |ui: &mut Ui, stage: &mut Stage<'_>| {
        words::title(ui, &metrics, &stage.say("preview-title"));
        words::note(ui, &metrics, &stage.say("preview-text"));
        ui.add_space(metrics.gap * 0.5);
        parts(ui, stage);
    };
    halves::draw(ui, (area, share), stage, words, |ui, stage| match (stage.entry.part(), stage.pages) {
        (PreviewPart::Items, _) => items(ui, stage, document),
        (PreviewPart::Front, pages) => page(ui, (area, stage), pages, 0),
        (PreviewPart::Back, pages) => page(ui, (area, stage), pages, 1),
    });
    let fee = document.statement().fee.0;
    let text = stage.speech.say_with("preview-ok", &[("fee", fee.into())]);
    Foot::onward(text, Command::Tell(Event::ContentConfirmed))
}

fn parts(ui: &mut Ui, stage: &mut Stage<'_>) {
    let metrics = stage.metrics;
    let texts = [
        ("preview-items", PreviewPart::Items),
        ("preview-front", PreviewPart::Front),
        ("preview-back", PreviewPart::Back),
    ]
    .map(|(key, part)| (stage.say(key), part));
    let gap = metrics.gap * 0.6;
    let height = metrics.touch.max(metrics.option(0.66));
    let size = vec2((ui.available_width() - gap * 2.0) / 3.0, height);
    let keys = |ui: &mut Ui| {
        ui.spacing_mut().item_spacing = vec2(gap, gap);
        for (text, part) in &texts {
            let chosen = stage.entry.part() == *part;
            let readiness = if chosen { Readiness::Chosen } else { Readiness::Ready };
            let key = Button::new(text, Kind::Plain, Metrics::font(metrics.lead * 0.95), size);
            if key.readiness(readiness).show(ui) {
                stage.commands.push(Command::Look(*part));
            }
        }
    };
    ui.horizontal(keys);
}

fn items(ui: &mut Ui, stage: &Stage<'_>, document: &BoundDocument) {
    let metrics = &stage.metrics;
    let speech = &stage.speech;
    let content = document.content();
    ui.spacing_mut().item_spacing.y = metrics.gap * 0.25;
    let row = |ui: &mut Ui, key: &str, value: &str| words::row(ui, metrics, &speech.say(key), value);
    row(ui, "preview-name", &content.name);
    row(ui, "preview-birth", &speech.date(content.birth_date));
    if let Some(passport) = &content.passport {
        row(ui, "preview-roman", &format!("{} {}", passport.surname, passport.given));
        row(ui, "preview-nationality", &passport.nationality);
        row(ui, "preview-passport", passport.number.as_str());
    }
    row(ui, "preview-form", &speech.say(form(content.form)));
    for dose in &content.doses {
        self::dose(ui, stage, dose);
    }
    let row = |ui: &mut Ui, key: &str, value: &str| words::row(ui, metrics, &speech.say(key), value);
    ui.add_space(metrics.gap * 0.5);
    row(ui, "preview-certificate", content.certificate.as_str());
    row(ui, "preview-issued", &speech.date(content.issued_on));
    row(ui, "preview-issuer", &issuers(speech, content));
    let copies = document.statement().copies;
    row(ui, "preview-copies", &speech.say_with("copies-count", &[("count", copies.into())]));
}

fn dose(ui: &mut Ui, stage: &Stage<'_>, dose: &PrintedDose) {
    let metrics = &stage.metrics;
    let speech = &stage.speech;
    let naming = dose.product.naming();
    let [kind, maker, product] = match speech.language() {
        Language::Japanese | Language::PlainJapanese => [naming.kind_japanese, naming.maker_japanese, naming.japanese],
        // The names of makers and products are the same in every other language.
        Language::English | Language::Chinese | Language::Korean | Language::Portuguese | Language::Vietnamese => {
            [naming.kind_english, naming.maker_english, naming.english]
        }
    };
    ui.add_space(metrics.gap * 0.5);
    words::strong(ui, metrics, &speech.say_with("preview-dose", &[("number", dose.number.into())]));
    let mut row = |key: &str, value: &str| words::row(ui, metrics, &speech.say(key), value);
    row("preview-dose-date", &speech.date(dose.date));
    row("preview-dose-vaccine", kind);
    row("preview-dose-maker", maker);
    row("preview-dose-product", product);
    row("preview-dose-lot", &dose.lot);
    row("preview-dose-country", &dose.country);
}

fn issuers(speech: &Speech<'_>, content: &Content) -> String {
    let name = municipality::name(speech, &content.municipality);
    let mayor = speech.say_with("preview-mayor", &[("name", name.into())]);
    format!("{mayor}\n{}", speech.say("preview-minister"))
}

const fn form(form: Form) -> &'static str {
    match form {
        Form::Domestic => "form-domestic",
        Form::Overseas => "form-overseas",
    }
}

fn page(ui: &mut Ui, (screen, stage): (Rect, &Stage<'_>), pages: Pages<'_>, side: usize) {
    let key = match pages {
        Pages::Ready(pictures) => match pictures.get(side) {
            Some(picture) => return picture_of(ui, (screen, stage), picture, side),
            None => "preview-picture-none",
        },
        Pages::Pending => "preview-picture-soon",
        Pages::Missing => "preview-picture-none",
    };
    words::lead(ui, &stage.metrics, &stage.say(key));
}

/// As large as the part of the screen is, or as the whole where the part is as long as it likes.
fn picture_of(ui: &mut Ui, (screen, stage): (Rect, &Stage<'_>), picture: &TextureHandle, side: usize) {
    let room = vec2(ui.available_width(), ui.available_height().max(screen.height() * 0.6));
    let full = picture.size_vec2();
    let scale = (room.x / full.x).min(room.y / full.y);
    let (area, _) = ui.allocate_exact_size(vec2(room.x, full.y * scale), Sense::hover());
    let rect = Align2::CENTER_CENTER.align_size_within_rect(full * scale, area);
    let name = stage.say(if side == 0 { "preview-front" } else { "preview-back" });
    // The key of the same text is a button; this is the picture.
    let response = ui.interact(rect, ui.scope_id().with(("page", side)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("{name} A4")));
    Image::new(picture).paint_at(ui, rect);
    let edge = Stroke::new(2.0, theme::palette(ui).line);
    ui.painter().rect_stroke(rect, 0.0, edge, StrokeKind::Outside);
}
