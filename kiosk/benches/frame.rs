//! What one frame of every screen takes on the processor: laying out, painting into shapes, turning shapes into
//! triangles. Beside it a frame of egui with one word on it, in the same run. No display is needed.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up ends with a sentence")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use egui::{Context, RawInput, Rect, Ui, Vec2, pos2, vec2};
use kiosk::comfort::{Comfort, TextSize};
use kiosk::screen::cast::{Cast, EVERY_SCREEN, Show};
use kiosk::screen::entry::Entry;
use kiosk::screen::{self, Beeping, Cancelling, Entrance, Nameplate, Pages, Scene, Standing};
use kiosk::text::{Language, Texts};
use kiosk::theme::{self, Typeface};

/// Frames before one is measured: letters are drawn into the atlas once.
const WARMING: usize = 4;

/// Frames of a measurement.
const FRAMES: usize = 41;

const PORTRAIT: Vec2 = vec2(1080.0, 1920.0);
const LANDSCAPE: Vec2 = vec2(1280.0, 800.0);

/// Languages with the most letters in the atlas and with the most marks on them, and text of both sizes.
const MANNERS: [(Language, Vec2, TextSize); 4] = [
    (Language::Japanese, PORTRAIT, TextSize::Usual),
    (Language::Japanese, LANDSCAPE, TextSize::Double),
    (Language::English, LANDSCAPE, TextSize::Usual),
    (Language::Vietnamese, PORTRAIT, TextSize::Double),
];

/// Frames of one screen.
struct Measured {
    screen: &'static str,
    median: Duration,
    /// The first frame, with every letter new.
    first: Duration,
}

fn main() {
    let typeface = Typeface::read().expect("the fonts: run `make setup`");
    let texts = Texts::load().expect("the words");
    let cast = Cast::new().expect("random numbers");
    println!("{:<58} {:>12} {:>10}", "what", "measured", "aim");
    let peer = median(plain(&typeface));
    for (language, panel, text) in MANNERS {
        let mut measured: Vec<Measured> = EVERY_SCREEN
            .iter()
            .map(|show| {
                let (first, times) = frames(&typeface, language, panel, |ui| {
                    scene(ui, *show, &cast, &texts, (language, panel, text));
                });
                Measured { screen: show(&cast).name(), median: median(times), first }
            })
            .collect();
        measured.sort_by_key(|screen| screen.median);
        let (Some(usual), Some(slowest)) = (measured.get(measured.len() / 2), measured.last()) else { return };
        let first = measured.iter().map(|screen| screen.first).max().unwrap_or_default();
        let manner = format!("{} {}x{} {text:?}", language.short(), panel.x, panel.y);
        row(&format!("{manner}: a frame, median of {} screens", measured.len()), usual.median, "");
        row(&format!("  slowest, {}", slowest.screen), slowest.median, "4 ms");
        row("  the first of a screen, every letter new, slowest", first, "");
        let walked = walk(&typeface, language, panel, |ui, show| {
            scene(ui, show, &cast, &texts, (language, panel, text));
        });
        let slowest = walked.iter().max().copied().unwrap_or_default();
        row("  the first of a screen after the others, slowest", slowest, "");
        row("  the first of a screen after the others, median", median(walked), "4 ms");
    }
    row("peer: egui, a frame with one word", peer, "");
}

fn row(what: &str, time: Duration, aim: &str) {
    println!("{what:<58} {:>9.2} ms {aim:>10}", time.as_secs_f64() * 1e3);
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn plain(typeface: &Typeface) -> Vec<Duration> {
    frames(typeface, Language::Japanese, PORTRAIT, |ui| {
        ui.label("120");
    })
    .1
}

/// The first frame, and some after the letters have come to rest.
fn frames(
    typeface: &Typeface,
    language: Language,
    panel: Vec2,
    mut draw: impl FnMut(&mut Ui),
) -> (Duration, Vec<Duration>) {
    let mut rehearsal = Rehearsal::new(typeface, language, panel);
    let first = (0..WARMING).map(|_| rehearsal.frame(&mut draw)).max().unwrap_or_default();
    (first, (0..FRAMES).map(|_| rehearsal.frame(&mut draw)).collect())
}

/// A window without a display.
struct Rehearsal {
    ctx: Context,
    panel: Vec2,
    frames: u32,
}

impl Rehearsal {
    fn new(typeface: &Typeface, language: Language, panel: Vec2) -> Self {
        let ctx = Context::default();
        theme::install(&ctx, typeface);
        ctx.set_fonts(typeface.definitions(language));
        Self { ctx, panel, frames: 0 }
    }

    /// Draws one frame; gives the time it took.
    fn frame(&mut self, draw: impl FnMut(&mut Ui)) -> Duration {
        let screen_rect = Some(Rect::from_min_size(pos2(0.0, 0.0), self.panel));
        let time = Some(f64::from(self.frames) / 60.0);
        let max_texture_side = Some(theme::TEXTURE_SIDE);
        let input = RawInput { screen_rect, time, max_texture_side, ..RawInput::default() };
        self.frames += 1;
        let began = Instant::now();
        let mut output = self.ctx.run_ui(input, draw);
        black_box(self.ctx.tessellate(output.shapes, 1.0));
        let took = began.elapsed();
        // There is no graphics memory that they could go to.
        output.textures_delta.clear();
        took
    }
}

/// The first frame of each screen but the first, one after the other in one window, as they come to a resident and to staff.
fn walk(typeface: &Typeface, language: Language, panel: Vec2, draw: impl Fn(&mut Ui, Show)) -> Vec<Duration> {
    let mut rehearsal = Rehearsal::new(typeface, language, panel);
    let first = |show: &Show| {
        let took = rehearsal.frame(|ui| draw(ui, *show));
        for _ in 0..WARMING {
            rehearsal.frame(|ui| draw(ui, *show));
        }
        took
    };
    EVERY_SCREEN.iter().map(first).skip(1).collect()
}

fn scene(ui: &mut Ui, show: Show, cast: &Cast, texts: &Texts, (language, panel, text): (Language, Vec2, TextSize)) {
    let view = show(cast);
    let mut entry = Entry::default();
    entry.follow(&view);
    let scene = Scene {
        view,
        speech: texts.speech(language),
        entry: &entry,
        pages: Pages::Pending,
        warning: None,
        cancelling: Cancelling::Allowed,
        beeping: Beeping::Silent,
        comfort: Comfort { text, ..Comfort::default() },
        diagonal_inches: 15.6,
        nameplate: Nameplate { terminal: "0001", profile: Standing::Test, entrance: Entrance::Open },
    };
    drop(screen::draw(ui, Rect::from_min_size(pos2(0.0, 0.0), panel), &scene));
}
