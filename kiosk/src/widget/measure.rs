//! How much room a text would take, from the widths of its letters alone.
//!
//! Laying a text out draws its letters, also those of a size that is then given up. Whoever tries sizes asks here first,
//! and lays out what can fit.

use egui::{FontId, Ui};

/// By how much of their widths letters may stand closer when they are laid out, in the shortest words.
const CLOSER: f32 = 0.9;

/// The width of a text in one line.
pub fn width(ui: &Ui, text: &str, font: &FontId) -> f32 {
    ui.fonts_mut(|fonts| text.chars().map(|letter| fonts.glyph_width(font, letter)).sum())
}

/// Whether a text in one line may fit into a width, and must be laid out to know.
pub fn may_fit(ui: &Ui, text: &str, font: &FontId, room: f32) -> bool {
    width(ui, text, font) * CLOSER <= room
}

/// The least height of a text that is broken into lines of a width.
pub fn least_height(ui: &Ui, text: &str, font: &FontId, room: f32) -> f32 {
    let lines = (width(ui, text, font) * CLOSER / room.max(1.0)).ceil().max(1.0);
    lines * ui.fonts_mut(|fonts| fonts.row_height(font))
}

#[cfg(test)]
mod tests {
    use egui::{Color32, Context, Pos2, RawInput, Rect, vec2};

    use super::*;
    use crate::text::Language;
    use crate::text::Texts;
    use crate::text::tests::messages;
    use crate::theme::{self, Metrics, Typeface};

    /// Every sentence of a language in usual and bold letters, measured and laid out.
    fn compare(language: Language, mut each: impl FnMut(&Ui, &str, &FontId)) {
        let (typeface, texts) = (Typeface::read().unwrap(), Texts::load().unwrap());
        let ctx = Context::default();
        theme::install(&ctx, &typeface);
        ctx.set_fonts(typeface.definitions(language));
        let screen_rect = Some(Rect::from_min_size(Pos2::ZERO, vec2(1080.0, 1920.0)));
        let keys = messages(language).into_keys().filter(|key| !key.contains('.'));
        let said: Vec<String> = keys.map(|key| texts.speech(language).say(&key).replace('\n', "")).collect();
        let fonts = [Metrics::font(24.0), Metrics::bold_font(29.0)];
        let mut output = ctx.run_ui(RawInput { screen_rect, ..RawInput::default() }, |ui| {
            said.iter().flat_map(|text| fonts.each_ref().map(|font| (text, font))).for_each(|(text, font)| {
                each(ui, text, font);
            });
        });
        output.textures_delta.clear();
    }

    fn assert_not_lower(ui: &Ui, text: &str, font: &FontId, room: f32) {
        let laid = ui.painter().layout(text.to_owned(), font.clone(), Color32::BLACK, room).size().y;
        let least = least_height(ui, text, font, room);
        assert!(least <= laid + 1.0, "{text:?} in {room}: {least}, {laid}");
    }

    #[test]
    fn no_text_is_lower_than_its_least_height() {
        for language in Language::ALL {
            compare(language, |ui, text, font| {
                assert_not_lower(ui, text, font, 150.0);
                assert_not_lower(ui, text, font, 400.0);
            });
        }
    }

    #[test]
    fn measuring_draws_no_letter() {
        let typeface = Typeface::read().unwrap();
        let ctx = Context::default();
        theme::install(&ctx, &typeface);
        let mut output = ctx.run_ui(RawInput::default(), |ui| {
            let image = || ui.ctx().fonts(|fonts| fonts.image().pixels);
            let before = image();
            assert!(width(ui, "証明書", &Metrics::font(34.0)) > 34.0);
            assert!(least_height(ui, "証明書", &Metrics::font(34.0), 40.0) > 68.0);
            assert_eq!(image(), before);
        });
        output.textures_delta.clear();
    }
}
