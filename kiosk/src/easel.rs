//! Draws what screens paint into pixels, on the processor alone: no display, no graphics card, the same on every machine.

mod png;
mod triangle;

use std::collections::HashMap;

use egui::accesskit::TreeUpdate;
use egui::epaint::{ClippedShape, ImageDelta, Primitive};
use egui::{Color32, ColorImage, Context, Event, ImageData, Pos2, RawInput, Rect, TextureId, TexturesDelta, Ui, Vec2};

pub use self::png::{PngError, encode};

/// Drawings of one moment, so that everything that moves when it is first laid out has come to rest.
const PASSES: u32 = 3;

/// Time from one drawing to the next, as screens see it.
const PASS_SECONDS: f64 = 0.02;

/// What is drawn on.
pub struct Easel {
    ctx: Context,
    size: Vec2,
    /// Pixels for each point of the screen.
    scale: f32,
    textures: HashMap<TextureId, ColorImage>,
    /// Textures that were let go of while they could still be seen.
    freed: Vec<TextureId>,
    shapes: Vec<ClippedShape>,
    passes: u32,
}

impl std::fmt::Debug for Easel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Easel").field("size", &self.size).field("scale", &self.scale).finish_non_exhaustive()
    }
}

impl Easel {
    /// A panel of this size in points, drawn smaller or larger by a scale.
    pub fn new(ctx: Context, size: Vec2, scale: f32) -> Self {
        Self { ctx, size, scale, textures: HashMap::new(), freed: Vec::new(), shapes: Vec::new(), passes: 0 }
    }

    /// The context that everything is drawn with.
    pub const fn ctx(&self) -> &Context {
        &self.ctx
    }

    /// Draws a screen as it looks once it has come to rest.
    pub fn draw(&mut self, mut screen: impl FnMut(&mut Ui)) -> ColorImage {
        for _ in 0..PASSES {
            self.pass(Vec::new(), &mut screen);
        }
        self.picture()
    }

    /// Lets a screen see events, and gives what readers of the screen are told.
    pub fn pass(&mut self, events: Vec<Event>, screen: impl FnMut(&mut Ui)) -> Option<TreeUpdate> {
        let screen_rect = Some(Rect::from_min_size(Pos2::ZERO, self.size));
        let time = Some(f64::from(self.passes) * PASS_SECONDS);
        let mut input = RawInput { screen_rect, time, events, ..RawInput::default() };
        if let Some(viewport) = input.viewports.get_mut(&input.viewport_id) {
            viewport.native_pixels_per_point = Some(self.scale);
        }
        let output = self.ctx.run_ui(input, screen);
        self.passes += 1;
        self.take(output.textures_delta);
        self.shapes = output.shapes;
        output.platform_output.accesskit_update
    }

    /// What was drawn last, as pixels.
    pub fn picture(&self) -> ColorImage {
        let width = (self.size.x * self.scale).round() as usize;
        let height = (self.size.y * self.scale).round() as usize;
        let mut image = ColorImage::filled([width, height], Color32::BLACK);
        for primitive in self.ctx.tessellate(self.shapes.clone(), self.scale) {
            let Primitive::Mesh(mesh) = primitive.primitive else {
                continue;
            };
            if let Some(texture) = self.textures.get(&mesh.texture_id) {
                triangle::fill(&mut image, &mesh, texture, (primitive.clip_rect, self.scale));
            }
        }
        image
    }

    #[expect(clippy::iter_over_hash_type, reason = "each texture is changed for itself")]
    fn take(&mut self, mut delta: TexturesDelta) {
        for id in std::mem::replace(&mut self.freed, delta.free.drain().collect()) {
            self.textures.remove(&id);
        }
        for (id, changes) in delta.set.drain() {
            changes.into_iter().for_each(|change| self.change(id, &change));
        }
    }

    fn change(&mut self, id: TextureId, change: &ImageDelta) {
        let ImageData::Color(part) = &change.image;
        match (change.pos, self.textures.get_mut(&id)) {
            (Some(at), Some(whole)) => paste(whole, part, at),
            (Some(_) | None, _) => drop(self.textures.insert(id, (**part).clone())),
        }
    }
}

/// Lays a picture into a larger one; what lies outside is cut off.
pub fn paste(whole: &mut ColorImage, part: &ColorImage, [left, top]: [usize; 2]) {
    let [width, height] = whole.size;
    let [part_width, _] = part.size;
    let shown = part_width.min(width.saturating_sub(left));
    for (row, pixels) in part.pixels.chunks(part_width.max(1)).enumerate().take(height.saturating_sub(top)) {
        let start = (top + row) * width + left;
        let to = whole.pixels.get_mut(start..start + shown);
        if let (Some(to), Some(from)) = (to, pixels.get(..shown)) {
            to.copy_from_slice(from);
        }
    }
}
