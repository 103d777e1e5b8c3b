//! Design tokens: every colour, size, distance and typeface of the window, in one place.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use egui::epaint::text::Blob;
use egui::{Color32, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Rect, Stroke, Vec2, vec2};

use crate::text::Language;

/// Paper the screens lie on.
pub const GROUND: Color32 = Color32::from_rgb(0xF6, 0xF3, 0xEC);
/// Cards and keys on the paper.
pub const SURFACE: Color32 = Color32::from_rgb(0xFF, 0xFF, 0xFF);
/// A surface that is pressed or selected.
pub const SURFACE_PRESSED: Color32 = Color32::from_rgb(0xE3, 0xEA, 0xF4);
/// Text.
pub const INK: Color32 = Color32::from_rgb(0x1A, 0x22, 0x33);
/// Text of less weight.
pub const INK_QUIET: Color32 = Color32::from_rgb(0x46, 0x4E, 0x5C);
/// Indigo: what leads on.
pub const INDIGO: Color32 = Color32::from_rgb(0x1F, 0x3A, 0x68);
/// Indigo, pressed.
pub const INDIGO_PRESSED: Color32 = Color32::from_rgb(0x14, 0x28, 0x4B);
/// Text on indigo.
pub const ON_INDIGO: Color32 = Color32::from_rgb(0xFF, 0xFF, 0xFF);
/// Lines between things.
pub const LINE: Color32 = Color32::from_rgb(0xC9, 0xC4, 0xB8);
/// Edges of keys.
pub const EDGE: Color32 = Color32::from_rgb(0x8A, 0x90, 0x9C);
/// Text of what cannot be pressed now.
pub const INK_CLOSED: Color32 = Color32::from_rgb(0x3F, 0x44, 0x4E);
/// Ground of what cannot be pressed now.
pub const CLOSED: Color32 = Color32::from_rgb(0xE9, 0xE6, 0xDF);
/// Ground of a caution.
pub const CAUTION: Color32 = Color32::from_rgb(0xFD, 0xF0, 0xD2);
/// Text of a caution.
pub const ON_CAUTION: Color32 = Color32::from_rgb(0x54, 0x36, 0x00);
/// Ground of a refusal.
pub const REFUSAL: Color32 = Color32::from_rgb(0xFB, 0xE9, 0xE5);
/// Text of a refusal.
pub const ON_REFUSAL: Color32 = Color32::from_rgb(0x7A, 0x1A, 0x14);
/// Ground of what went well.
pub const WELL: Color32 = Color32::from_rgb(0xE2, 0xF1, 0xE6);
/// Text of what went well.
pub const ON_WELL: Color32 = Color32::from_rgb(0x12, 0x4A, 0x2A);
/// The ring around what the keyboard is at.
pub const FOCUS: Color32 = Color32::from_rgb(0xB3, 0x5A, 0x00);
/// What lies over the screen while a warning is shown.
pub const VEIL: Color32 = Color32::from_rgba_premultiplied(0x0D, 0x11, 0x1A, 0xA8);
/// Ground of the simulation tray: plainly not part of the terminal.
pub const TRAY: Color32 = Color32::from_rgb(0x2A, 0x2E, 0x37);
/// Text on the tray.
pub const ON_TRAY: Color32 = Color32::from_rgb(0xF2, 0xF2, 0xF2);
/// Keys of the tray.
pub const TRAY_KEY: Color32 = Color32::from_rgb(0x41, 0x47, 0x54);

/// Text and the ground it stands on.
pub const PAIRS: [(Color32, Color32); 15] = [
    (INK, GROUND),
    (INK, SURFACE),
    (INK, SURFACE_PRESSED),
    (INK_QUIET, GROUND),
    (INK_QUIET, SURFACE),
    (INDIGO, GROUND),
    (INDIGO, SURFACE),
    (ON_INDIGO, INDIGO),
    (ON_INDIGO, INDIGO_PRESSED),
    (ON_CAUTION, CAUTION),
    (ON_REFUSAL, REFUSAL),
    (ON_WELL, WELL),
    (INK_CLOSED, CLOSED),
    (ON_TRAY, TRAY),
    (ON_TRAY, TRAY_KEY),
];

/// Width of the simulation tray.
pub const TRAY_WIDTH: f32 = 360.0;
/// The smallest window beside the tray.
pub const SMALLEST: Vec2 = vec2(1024.0, 720.0);

/// Corners of keys and cards.
pub const RADIUS: CornerRadius = CornerRadius::same(14);

/// The family of headings and keys.
pub fn bold() -> FontFamily {
    FontFamily::Name("bold".into())
}

/// Edge of a key.
pub fn edge() -> Stroke {
    Stroke::new(2.0, EDGE)
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
    /// They do not.
    Hidden,
}

/// Sizes for one orientation, in pixels. On a 15.6-inch panel of 1080×1920 a pixel is 0.18 mm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metrics {
    /// Orientation.
    pub orientation: Orientation,
    /// Whether kanji carry their readings.
    pub readings: Readings,
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
    /// Side of a key of a keypad: 20 mm.
    pub key: f32,
    /// Height of a key that leads on.
    pub action: f32,
    /// Between keys: 3 mm.
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

const PORTRAIT: Metrics = Metrics {
    orientation: Orientation::Portrait,
    readings: Readings::Hidden,
    title: 58.0,
    lead: 36.0,
    body: 31.0,
    button: 40.0,
    figure: 60.0,
    key: 132.0,
    action: 136.0,
    gap: 18.0,
    margin: 56.0,
    head: 132.0,
    steps: 84.0,
    foot: 200.0,
};

const LANDSCAPE: Metrics = Metrics {
    orientation: Orientation::Landscape,
    readings: Readings::Hidden,
    title: 40.0,
    lead: 27.0,
    body: 24.0,
    button: 29.0,
    figure: 44.0,
    key: 112.0,
    action: 92.0,
    gap: 16.0,
    margin: 32.0,
    head: 76.0,
    steps: 48.0,
    foot: 116.0,
};

impl Metrics {
    /// The sizes for an area.
    pub fn of(area: Rect) -> Self {
        if area.height() > area.width() { PORTRAIT } else { LANDSCAPE }
    }

    /// With the readings that a language needs.
    #[must_use]
    pub const fn read_by(self, language: Language) -> Self {
        let readings = match language {
            Language::Japanese => Readings::Shown,
            Language::PlainJapanese
            | Language::English
            | Language::Chinese
            | Language::Korean
            | Language::Portuguese
            | Language::Vietnamese => Readings::Hidden,
        };
        Self { readings, ..self }
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

/// What the window is set in: BIZ UD Gothic, and Noto Sans CJK where its letters are lacking.
#[derive(Clone)]
pub struct Typeface {
    /// Regular.
    pub regular: Blob,
    /// Bold.
    pub bold: Blob,
    /// Regular with equal widths.
    pub even: Blob,
    /// For characters of names that the others lack.
    pub names: Option<Blob>,
    /// Regular, for Chinese, Korean, Vietnamese and the names of languages.
    pub wide: Blob,
    /// Bold of the same, read when one of them is first spoken.
    wide_bold: OnceLock<Blob>,
}

impl std::fmt::Debug for Typeface {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Typeface(..)")
    }
}

/// Why there is nothing to write with.
#[derive(Debug, thiserror::Error)]
#[error("the font file {path} cannot be read; install the packages fonts-morisawa-bizud-gothic and fonts-noto-cjk")]
pub struct TypefaceMissing {
    path: &'static str,
    #[source]
    cause: std::io::Error,
}

const REGULAR: &str = "/usr/share/fonts/truetype/bizud-gothic/BIZUDPGothic-Regular.ttf";
const BOLD: &str = "/usr/share/fonts/truetype/bizud-gothic/BIZUDPGothic-Bold.ttf";
const EVEN: &str = "/usr/share/fonts/truetype/bizud-gothic/BIZUDGothic-Regular.ttf";
const WIDE: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";
const WIDE_BOLD: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc";
const NAMES: &str = "/usr/share/fonts/truetype/ipamj/ipamjm.ttf";

impl Typeface {
    /// Reads the font files, once.
    pub fn read() -> Result<Self, TypefaceMissing> {
        let names = Path::new(NAMES).exists().then(|| read(NAMES)).transpose()?;
        Ok(Self {
            regular: read(REGULAR)?,
            bold: read(BOLD)?,
            even: read(EVEN)?,
            names,
            wide: read(WIDE)?,
            wide_bold: OnceLock::new(),
        })
    }

    /// Regular and bold for a language, each with its place in its file: the form of a Han character is the language's.
    pub fn faces(&self, language: Language) -> [(Blob, u32); 2] {
        let place = match language {
            Language::Japanese | Language::PlainJapanese | Language::English | Language::Portuguese => {
                return [(Arc::clone(&self.regular), 0), (Arc::clone(&self.bold), 0)];
            }
            Language::Vietnamese => 0,
            Language::Korean => 1,
            Language::Chinese => 2,
        };
        [(Arc::clone(&self.wide), place), (self.wide_bold(), place)]
    }

    /// Regular in its place where the bold file is gone.
    fn wide_bold(&self) -> Blob {
        let bold = self.wide_bold.get_or_init(|| {
            read(WIDE_BOLD).unwrap_or_else(|missing| {
                tracing::error!(%missing, "headings are set in regular");
                Arc::clone(&self.wide)
            })
        });
        Arc::clone(bold)
    }

    /// Hands the files to the window, as a language needs them.
    pub fn definitions(&self, language: Language) -> FontDefinitions {
        let mut fonts = FontDefinitions::empty();
        let mut add = |name: &str, blob: &Blob, place: u32| {
            fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_blob(Arc::clone(blob), place)));
        };
        let [(regular, place), (bold_face, bold_place)] = self.faces(language);
        add("regular", &regular, place);
        add("bold", &bold_face, bold_place);
        add("even", &self.even, 0);
        let mut fallback = Vec::new();
        // What is printed is Japanese in every language: its own forms come first.
        let others = [Some(("japanese", &self.regular)), self.names.as_ref().map(|names| ("names", names))];
        for (name, blob) in others.into_iter().flatten().chain([("wide", &self.wide)]) {
            add(name, blob, 0);
            fallback.push(name.to_owned());
        }
        let families = [(FontFamily::Proportional, "regular"), (FontFamily::Monospace, "even"), (bold(), "bold")];
        for (family, first) in families {
            let faces = std::iter::once(first.to_owned()).chain(fallback.iter().cloned()).collect();
            fonts.families.insert(family, faces);
        }
        fonts
    }
}

fn read(path: &'static str) -> Result<Blob, TypefaceMissing> {
    let bytes = std::fs::read(path).map_err(|cause| TypefaceMissing { path, cause })?;
    Ok(Arc::new(bytes))
}

/// Dresses a window: typeface, colours, and nothing that a kiosk must not do.
pub fn install(ctx: &egui::Context, typeface: &Typeface) {
    ctx.set_fonts(typeface.definitions(Language::Japanese));
    ctx.set_theme(egui::Theme::Light);
    ctx.options_mut(|options| options.zoom_with_keyboard = false);
    ctx.all_styles_mut(|style| {
        style.animation_time = 0.0;
        style.interaction.selectable_labels = false;
        style.interaction.multi_widget_text_select = false;
        style.interaction.tooltip_delay = f32::MAX;
        style.visuals.override_text_color = Some(INK);
        style.visuals.panel_fill = GROUND;
        style.visuals.window_fill = GROUND;
        style.spacing.item_spacing = vec2(12.0, 12.0);
        style.spacing.scroll.bar_width = 20.0;
        style.spacing.scroll.floating = false;
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance (WCAG 2.2).
    fn luminance(colour: Color32) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(colour.r()) + 0.7152 * linear(colour.g()) + 0.0722 * linear(colour.b())
    }

    #[test]
    fn every_text_stands_out_from_its_ground_seven_to_one() {
        for (text, ground) in PAIRS {
            let (a, b) = (luminance(text), luminance(ground));
            let ratio = (a.max(b) + 0.05) / (a.min(b) + 0.05);
            assert!(ratio >= 7.0, "{text:?} on {ground:?}: {ratio:.2}");
        }
    }

    #[test]
    fn keys_are_twenty_millimetres_and_three_apart_on_the_panel() {
        // 15.6 inches over 1080×1920.
        let millimetres = 15.6 * 25.4 / f32::hypot(1080.0, 1920.0);
        assert!(PORTRAIT.key * millimetres >= 20.0);
        assert!(PORTRAIT.gap * millimetres >= 3.0);
        assert!(PORTRAIT.body * millimetres >= 5.0);
        let lying = Metrics::of(Rect::from_min_size(egui::Pos2::ZERO, vec2(1280.0, 800.0)));
        assert!(lying.key >= 112.0);
    }
}
