//! Design tokens: every colour, size, distance and typeface of the window, in one place.

pub mod letters;
pub mod palette;
mod typeface;

use egui::{CornerRadius, FontFamily, FontId, Rect, Stroke, Theme, Ui, Vec2, vec2};

pub use self::palette::{ON_TRAY, Palette, TRAY, TRAY_KEY, palette};
pub use self::typeface::{Typeface, TypefaceError};
use crate::comfort::{Contrast, TextSize};
use crate::text::Language;

/// Width of the simulation tray.
pub const TRAY_WIDTH: f32 = 360.0;
/// The smallest window, tray and all.
pub const SMALLEST: Vec2 = vec2(800.0, 600.0);

/// Corners of keys and cards.
pub const RADIUS: CornerRadius = CornerRadius::same(14);

/// The family of headings and keys.
pub fn bold() -> FontFamily {
    FontFamily::Name("bold".into())
}

/// Edge of a key.
pub fn edge(ui: &Ui) -> Stroke {
    Stroke::new(2.0, palette(ui).edge)
}

/// Which way the panel stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Orientation {
    /// Higher than wide.
    Portrait,
    /// Wider than high.
    Landscape,
}

/// Whether kanji carry their readings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readings {
    /// Above them.
    Shown,
    /// They do not, but lines are broken between phrases all the same.
    Hidden,
    /// The language has no kanji.
    Foreign,
}

/// Who reads, and from what.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reader {
    /// The language.
    pub language: Language,
    /// How large the text is to be.
    pub text: TextSize,
    /// The panel's diagonal: it decides how many pixels a finger needs.
    pub diagonal_inches: f32,
}

/// Sizes for one panel, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metrics {
    /// Orientation.
    pub orientation: Orientation,
    /// Whether kanji carry their readings.
    pub readings: Readings,
    /// How large the text is.
    pub text: TextSize,
    /// Headings.
    pub title: f32,
    /// The sentence under a heading.
    pub lead: f32,
    /// Everything else.
    pub body: f32,
    /// Labels of keys that lead on.
    pub button: f32,
    /// Digits and letters of keypads, amounts.
    pub figure: f32,
    /// The least side of anything that is pressed: 20 mm.
    pub touch: f32,
    /// Side of a key of a keypad.
    pub key: f32,
    /// Height of a key that leads on.
    pub action: f32,
    /// Between keys: at least 3 mm.
    pub gap: f32,
    /// To the edge of the panel.
    pub margin: f32,
    /// Height of the head.
    pub head: f32,
    /// Height of the steps under the head.
    pub steps: f32,
    /// Height of the foot.
    pub foot: f32,
}

/// Sizes as they were drawn, and the panel they were drawn for.
struct Design {
    panel: Vec2,
    metrics: Metrics,
}

const PORTRAIT: Design = Design {
    panel: vec2(1080.0, 1920.0),
    metrics: Metrics {
        orientation: Orientation::Portrait,
        readings: Readings::Foreign,
        text: TextSize::Usual,
        title: 62.0,
        lead: 40.0,
        body: 34.0,
        button: 44.0,
        figure: 60.0,
        touch: 0.0,
        key: 132.0,
        action: 136.0,
        gap: 18.0,
        margin: 56.0,
        head: 136.0,
        steps: 84.0,
        foot: 200.0,
    },
};

const LANDSCAPE: Design = Design {
    panel: vec2(1280.0, 800.0),
    metrics: Metrics {
        orientation: Orientation::Landscape,
        readings: Readings::Foreign,
        text: TextSize::Usual,
        title: 40.0,
        lead: 27.0,
        body: 24.0,
        button: 29.0,
        figure: 44.0,
        touch: 0.0,
        key: 104.0,
        action: 92.0,
        gap: 14.0,
        margin: 32.0,
        head: 85.0,
        steps: 40.0,
        foot: 116.0,
    },
};

/// What a finger needs, and the least distance to the next key, in millimetres.
const TOUCH_MILLIMETRES: f32 = 20.0;
const GAP_MILLIMETRES: f32 = 3.0;
const MILLIMETRES_AN_INCH: f32 = 25.4;

impl Metrics {
    /// The sizes for a panel: a smaller panel of the same kind gets smaller text, but never smaller keys than a finger.
    pub fn of(panel: Rect, reader: Reader) -> Self {
        let design = if panel.height() > panel.width() { PORTRAIT } else { LANDSCAPE };
        let scale = (panel.width() / design.panel.x).min(panel.height() / design.panel.y).clamp(0.5, 2.5);
        let pixels_a_millimetre = panel.size().length() / (reader.diagonal_inches.max(1.0) * MILLIMETRES_AN_INCH);
        let touch = TOUCH_MILLIMETRES * pixels_a_millimetre;
        let drawn = design.metrics;
        let text = scale * reader.text.factor();
        let room = scale * reader.text.room();
        let action = (drawn.action * room).max(touch);
        let head = (drawn.head * room).max(touch + 8.0);
        Self {
            orientation: drawn.orientation,
            readings: readings(reader.language),
            text: reader.text,
            title: drawn.title * scale * reader.text.heading_factor(),
            lead: drawn.lead * text,
            body: drawn.body * text,
            button: drawn.button * text,
            figure: drawn.figure * text,
            touch,
            key: (drawn.key * scale).max(touch),
            action,
            gap: (drawn.gap * scale).max(GAP_MILLIMETRES * pixels_a_millimetre),
            margin: drawn.margin * scale,
            head,
            steps: drawn.steps * room,
            foot: (drawn.foot - drawn.action) * scale + action,
        }
    }

    /// The height of a key with a name and a note, of a key that leads on: in large letters it may take lines of its own.
    pub fn option(&self, share: f32) -> f32 {
        self.action * share * (self.text.factor() * 0.75).max(1.0)
    }

    /// Plain text of a size.
    pub const fn font(size: f32) -> FontId {
        FontId::new(size, FontFamily::Proportional)
    }

    /// Bold text of a size.
    pub fn bold_font(size: f32) -> FontId {
        FontId::new(size, bold())
    }
}

/// What a language needs.
const fn readings(language: Language) -> Readings {
    match language {
        Language::Japanese => Readings::Shown,
        Language::PlainJapanese => Readings::Hidden,
        Language::English | Language::Chinese | Language::Korean | Language::Portuguese | Language::Vietnamese => {
            Readings::Foreign
        }
    }
}

/// Dresses a window: typeface, colours, and nothing that a kiosk must not do.
pub fn install(ctx: &egui::Context, typeface: &Typeface) {
    ctx.set_fonts(typeface.definitions(Language::Japanese));
    set_contrast(ctx, Contrast::Usual);
    ctx.options_mut(|options| {
        options.zoom_with_keyboard = false;
        // A key that is pressed for long is pressed all the same: hands that are slow, and hands that wait for a sign.
        options.input_options.max_click_duration = f64::INFINITY;
    });
    for (theme, colours) in [(Theme::Light, palette::USUAL), (Theme::Dark, palette::HIGH)] {
        ctx.style_mut_of(theme, |style| {
            style.animation_time = 0.0;
            style.interaction.selectable_labels = false;
            style.interaction.multi_widget_text_select = false;
            style.interaction.tooltip_delay = f32::MAX;
            // Letters are large, and their shapes come out evenly without it; with it a new letter takes twice as long.
            style.visuals.text_options.font_hinting = false;
            // Nor is a quarter of a pixel between letters seen, for which each would lie in the texture up to four times.
            style.visuals.text_options.subpixel_binning = false;
            style.visuals.override_text_color = Some(colours.ink);
            style.visuals.panel_fill = colours.ground;
            style.visuals.window_fill = colours.ground;
            style.visuals.extreme_bg_color = colours.line;
            style.spacing.item_spacing = vec2(12.0, 8.0);
            style.spacing.scroll.bar_width = 20.0;
            style.spacing.scroll.floating = false;
        });
    }
}

/// How far a hand may tremble or slide on a key that it presses, as a part of the least key.
const TREMBLE: f32 = 0.4;

/// Lets a hand tremble by eight millimetres; farther, it has thought better of it, or turns what is longer than its place.
pub fn bear_trembling(ctx: &egui::Context, metrics: &Metrics) {
    ctx.options_mut(|options| options.input_options.max_click_dist = metrics.touch * TREMBLE);
}

/// Changes the colours of everything.
pub fn set_contrast(ctx: &egui::Context, contrast: Contrast) {
    ctx.set_theme(match contrast {
        Contrast::Usual => Theme::Light,
        Contrast::High => Theme::Dark,
    });
}

#[cfg(test)]
mod tests {
    use egui::Pos2;

    use super::*;

    fn metrics(width: f32, height: f32, text: TextSize, diagonal_inches: f32) -> Metrics {
        let panel = Rect::from_min_size(Pos2::ZERO, vec2(width, height));
        Metrics::of(panel, Reader { language: Language::Japanese, text, diagonal_inches })
    }

    #[test]
    fn keys_are_twenty_millimetres_and_three_apart_on_every_panel() {
        let panels = [
            (1080.0, 1920.0, 15.6),
            (1280.0, 800.0, 15.4),
            (1280.0, 800.0, 10.1),
            (920.0, 800.0, 12.1),
            (800.0, 600.0, 10.4),
        ];
        for ((width, height, inches), text) in panels.into_iter().flat_map(|p| TextSize::ALL.map(|text| (p, text))) {
            let millimetres = inches * 25.4 / f32::hypot(width, height);
            let metrics = metrics(width, height, text, inches);
            for side in [metrics.key, metrics.action, metrics.touch, metrics.head - 8.0] {
                assert!(side * millimetres >= 19.99, "{side} on {width}×{height}");
            }
            assert!(metrics.gap * millimetres >= 2.99);
            assert!(metrics.foot >= metrics.action);
        }
    }

    #[test]
    fn double_text_is_double() {
        let (usual, double) =
            (metrics(1080.0, 1920.0, TextSize::Usual, 15.6), metrics(1080.0, 1920.0, TextSize::Double, 15.6));
        for (one, two) in [(usual.lead, double.lead), (usual.body, double.body), (usual.button, double.button)] {
            assert!((two - one * 2.0).abs() < 0.01);
        }
        // Nothing is larger than a heading, which is large already.
        assert!(double.title > double.lead && double.title > usual.title * 1.4);
        // 5 mm on the upright panel.
        assert!(usual.body * 15.6 * 25.4 / f32::hypot(1080.0, 1920.0) >= 5.0);
    }
}
