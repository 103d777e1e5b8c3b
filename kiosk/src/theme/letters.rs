//! The texture that letters are drawn into: how large it may be, and when it is begun anew.
//!
//! It begins small and doubles in height whenever a letter finds no room; each doubling copies the whole of it, and what
//! is new of it must come from the system. Kept small, it costs next to nothing; grown for a whole dialogue, it costs far
//! more than every letter in it.

use egui::epaint::FontsView;
use egui::{Context, Vec2};

use crate::session::view::View;

/// The least side of it, in pixels. A page's picture finds room in it too.
const LEAST_SIDE: usize = 2048;
/// The greatest, for panels beyond it.
const GREATEST_SIDE: usize = 8192;

/// What comes next on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A device works: few words, and nobody can press anything.
    Working,
    /// Anything else.
    Open,
}

impl Moment {
    /// The moment of a screen.
    pub const fn of(view: &View<'_>) -> Self {
        if matches!(view, View::Working(_)) { Self::Working } else { Self::Open }
    }

    /// How full the texture is when its screen begins a new one, of what it may hold at most.
    ///
    /// The letters of one screen take up to a third of it in double size, and far less in the usual one: together they stay
    /// well below the whole. A screen of few words begins a new one earlier, so that the one of many words after it need not.
    const fn full(self) -> f32 {
        match self {
            Self::Working => 0.0625,
            Self::Open => 0.125,
        }
    }
}

/// The longest side of a texture on a panel, in pixels: a screen has no more letters than it has room for.
pub fn texture_side(panel: Vec2) -> usize {
    (panel.max_elem().ceil() as usize).next_power_of_two().clamp(LEAST_SIDE, GREATEST_SIDE)
}

/// Makes room for the letters of another screen, so that the texture does not grow while it is drawn.
pub fn make_room(ctx: &Context, moment: Moment) {
    // Before the first drawing there is no texture, and nothing that could be asked for one.
    if ctx.cumulative_pass_nr() > 0 && ctx.fonts(fill) > moment.full() {
        forget(ctx);
    }
}

/// How full the texture is, of what it may hold at most.
fn fill(fonts: &FontsView<'_>) -> f32 {
    fonts.font_atlas_fill_ratio()
}

/// Gives back every drawn letter and every shaped text. What is drawn next begins a new texture.
///
/// Setting the same typeface again would not do it: egui compares the definitions, and keeps everything where they are
/// the same. It begins anew wherever the list of rasterizers is set, even to none.
pub fn forget(ctx: &Context) {
    ctx.set_glyph_rasterizers(Vec::new());
}

#[cfg(test)]
mod tests {
    use egui::{Align2, Color32, Pos2, RawInput, Rect, vec2};

    use super::*;
    use crate::text::Language;
    use crate::theme::{self, Metrics, Typeface};

    const PANEL: Vec2 = vec2(1080.0, 1920.0);

    fn frame(ctx: &Context, text: &str, size: f32) {
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, PANEL)),
            max_texture_side: Some(texture_side(PANEL)),
            ..RawInput::default()
        };
        let mut output = ctx.run_ui(input, |ui| {
            ui.painter().text(Pos2::ZERO, Align2::LEFT_TOP, text, Metrics::font(size), Color32::BLACK);
        });
        output.textures_delta.clear();
    }

    fn window() -> (Context, Typeface) {
        let (ctx, typeface) = (Context::default(), Typeface::read().unwrap());
        theme::install(&ctx, &typeface);
        frame(&ctx, "", 34.0);
        (ctx, typeface)
    }

    /// Pixels of the texture that something is drawn on.
    fn drawn(ctx: &Context) -> usize {
        let is_drawn = |pixel: &&Color32| **pixel != Color32::TRANSPARENT;
        ctx.fonts(|fonts| fonts.image().pixels.iter().filter(is_drawn).count())
    }

    #[test]
    fn letters_of_a_name_are_gone_though_the_language_stays() {
        let (ctx, typeface) = window();
        let before = drawn(&ctx);
        frame(&ctx, "見本花子", 40.0);
        assert!(drawn(&ctx) > before, "nothing was drawn");
        ctx.set_fonts(typeface.definitions(Language::Japanese));
        forget(&ctx);
        frame(&ctx, "", 34.0);
        assert_eq!(drawn(&ctx), before);
    }

    #[test]
    fn a_new_texture_is_begun_between_screens_only_where_the_present_one_is_full() {
        let (ctx, _) = window();
        frame(&ctx, "発行", 40.0);
        let little = drawn(&ctx);
        let many = |letters: usize| ('一'..).take(letters).collect::<String>();
        // So many letters of this size, and whether a screen after them begins anew: one of work, another.
        for (letters, begins) in [(20, [false, false]), (75, [true, false]), (400, [true, true])] {
            for (moment, begins) in [Moment::Working, Moment::Open].into_iter().zip(begins) {
                forget(&ctx);
                frame(&ctx, &many(letters), 68.0);
                let before = drawn(&ctx);
                make_room(&ctx, moment);
                frame(&ctx, "発行", 40.0);
                assert_eq!(drawn(&ctx) == little, begins, "{moment:?} after {letters} letters");
                assert!(begins || drawn(&ctx) >= before, "letters that find room are kept");
            }
        }
    }

    #[test]
    fn before_the_first_drawing_there_is_nothing_to_make_room_in() {
        make_room(&Context::default(), Moment::Open);
    }

    #[test]
    fn a_panel_of_more_pixels_has_room_for_more_letters() {
        let sides = [vec2(800.0, 600.0), PANEL, vec2(2160.0, 3840.0), vec2(20_000.0, 1.0)].map(texture_side);
        assert_eq!(sides, [2048, 2048, 4096, 8192]);
    }
}
