//! What each frame of every screen takes on the processor: laying out, drawing new letters, painting into shapes, turning
//! shapes into triangles. Beside it a frame of egui with one word on it, in the same run. No display is needed.
//!
//! The time is the processor's in this thread: whatever else the machine does is not counted. Residents come one after
//! the other to one window, in the order in which screens come to them; one looks at each screen for a while, another
//! presses as soon as it is there. After each, everything drawn is given back, as the window does it.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up ends with a sentence")]

use std::alloc::System;
use std::hint::black_box;
use std::time::Duration;

use egui::{Context, RawInput, Rect, Ui, Vec2, pos2, vec2};
use kiosk::comfort::{Comfort, TextSize};
use kiosk::screen::cast::{Cast, EVERY_SCREEN, Show};
use kiosk::screen::entry::{Entry, Panel};
use kiosk::screen::{self, Beeping, Cancelling, Entrance, Nameplate, Pages, Scene, Standing};
use kiosk::text::{Language, Texts};
use kiosk::theme::{self, Typeface, letters};
use rustix::time::{ClockId, clock_gettime};
use zeroizing_alloc::ZeroAlloc;

/// As in the terminal: what is given back is overwritten, and that takes its time.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

/// Frames before one at rest is measured.
const WARMING: usize = 4;

/// Frames of a measurement.
const FRAMES: usize = 41;

/// Side of a texture that holds every letter of every screen, in pixels.
const GREATEST_TEXTURE: usize = 8192;

/// Residents that come one after the other.
const RESIDENTS: usize = 3;

const PORTRAIT: Vec2 = vec2(1080.0, 1920.0);
const LANDSCAPE: Vec2 = vec2(1280.0, 800.0);

/// Languages with the most letters in the atlas and with the most marks on them, and text of both sizes.
const MANNERS: [Manner; 6] = [
    Manner { language: Language::Japanese, panel: PORTRAIT, text: TextSize::Usual },
    Manner { language: Language::Chinese, panel: PORTRAIT, text: TextSize::Usual },
    Manner { language: Language::English, panel: LANDSCAPE, text: TextSize::Usual },
    Manner { language: Language::Japanese, panel: LANDSCAPE, text: TextSize::Double },
    Manner { language: Language::Japanese, panel: PORTRAIT, text: TextSize::Double },
    Manner { language: Language::Vietnamese, panel: PORTRAIT, text: TextSize::Double },
];

/// Screens as they come to a resident who wants a certificate for use abroad, after the menu.
const WAY: [&str; 18] = [
    "place-card",
    "choose-kind",
    "reading-tries",
    "enter-pin",
    "proving-holder",
    "take-card",
    "asking-records",
    "choose-municipality",
    "choose-form",
    "confirm-passport",
    "comparing-passport",
    "choose-copies",
    "making-certificate",
    "preview",
    "pay",
    "printing",
    "take-paper",
    "thanks",
];

/// How somebody reads.
#[derive(Debug, Clone, Copy)]
struct Manner {
    language: Language,
    panel: Vec2,
    text: TextSize,
}

/// As it is before anybody has chosen.
const fn usual(panel: Vec2) -> Manner {
    Manner { language: Language::Japanese, panel, text: TextSize::Usual }
}

/// What everything is drawn from.
struct Studio {
    typeface: Typeface,
    texts: Texts,
    cast: Cast,
}

/// One frame, and what it showed.
#[derive(Debug, Clone)]
struct Frame {
    shown: String,
    time: Duration,
}

fn main() {
    let studio = Studio {
        typeface: Typeface::read().expect("the fonts: run `make setup`"),
        texts: Texts::load().expect("the words"),
        cast: Cast::new().expect("random numbers"),
    };
    println!("{:<78} {:>12} {:>10}", "what", "measured", "aim");
    let peer = median(plain(&studio));
    for manner in MANNERS {
        let Manner { language, panel, text } = manner;
        println!("{} {}x{} {text:?}", language.short(), panel.x, panel.y);
        let mut rests: Vec<Frame> = EVERY_SCREEN.iter().map(|show| rest(&studio, manner, *show)).collect();
        rests.sort_by_key(|frame| frame.time);
        if let Some(usual) = rests.get(rests.len() / 2) {
            row(&format!("  a frame at rest, median of {} screens", rests.len()), usual.time, "");
        }
        greatest("  a frame at rest, slowest screen", &rests);
        for (who, looks) in [("who looks at each screen", FRAMES), ("who presses at once", 1)] {
            let frames = residents(&studio, manner, looks);
            greatest(&format!("  every frame of {RESIDENTS} residents {who}: slowest"), &frames);
            if looks == 1 {
                row("    median", median(frames.into_iter().map(|frame| frame.time).collect()), "");
            }
        }
        greatest("  every screen there is, one after the other: slowest", &all_screens(&studio, manner));
        greatest("  the same, each letter drawn before: slowest", &screens_of_known_letters(&studio, manner));
    }
    row("peer: egui, a frame with one word", peer, "");
}

fn row(what: &str, time: Duration, aim: &str) {
    println!("{what:<78} {:>9.2} ms {aim:>10}", time.as_secs_f64() * 1e3);
}

fn greatest(what: &str, frames: &[Frame]) {
    if let Some(slowest) = frames.iter().max_by_key(|frame| frame.time) {
        row(&format!("{what}, {}", slowest.shown), slowest.time, "4 ms");
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn plain(studio: &Studio) -> Vec<Duration> {
    let rehearsal = Rehearsal::new(studio, usual(PORTRAIT));
    (0..FRAMES)
        .map(|_| {
            rehearsal.frame(|ui| {
                ui.label("120");
            })
        })
        .skip(WARMING)
        .collect()
}

/// A frame of one screen after its letters have come to rest.
fn rest(studio: &Studio, manner: Manner, show: Show) -> Frame {
    let mut rehearsal = Rehearsal::new(studio, manner);
    rehearsal.come(show, Panel::Shut, WARMING);
    let already = rehearsal.frames.len();
    rehearsal.come(show, Panel::Shut, FRAMES);
    let times = rehearsal.frames.iter().skip(already).map(|frame| frame.time).collect();
    Frame { shown: show(&studio.cast).name().to_owned(), time: median(times) }
}

/// Residents one after the other; each sees the menu in Japanese, chooses a language and a size, and goes the whole way.
fn residents(studio: &Studio, manner: Manner, looks: usize) -> Vec<Frame> {
    let mut rehearsal = Rehearsal::new(studio, usual(manner.panel));
    let named = |name: &str| EVERY_SCREEN.iter().find(|show| show(&studio.cast).name() == name);
    let menu = named("menu").expect("a menu");
    for resident in 1..=RESIDENTS {
        rehearsal.resident = resident;
        rehearsal.come(*menu, Panel::Shut, looks);
        if manner.language != Language::Japanese {
            rehearsal.come(*menu, Panel::Languages, looks);
            rehearsal.speak(manner.language);
            rehearsal.come(*menu, Panel::Shut, looks);
        }
        if manner.text != TextSize::Usual {
            rehearsal.come(*menu, Panel::Comfort, looks);
            rehearsal.set(manner.text);
            rehearsal.come(*menu, Panel::Comfort, looks);
            rehearsal.come(*menu, Panel::Shut, looks);
        }
        for name in WAY {
            rehearsal.come(*named(name).expect("a screen of this name"), Panel::Shut, looks);
        }
        rehearsal.forget();
    }
    rehearsal.frames
}

/// Residents', faults' and the staff's.
fn all_screens(studio: &Studio, manner: Manner) -> Vec<Frame> {
    let mut rehearsal = Rehearsal::new(studio, manner);
    for show in EVERY_SCREEN {
        rehearsal.come(*show, Panel::Shut, WARMING);
    }
    rehearsal.frames
}

/// The same once more in a texture that holds every letter of them: what is left is laying out and painting.
fn screens_of_known_letters(studio: &Studio, manner: Manner) -> Vec<Frame> {
    let mut rehearsal = Rehearsal { room: Room::ForEverything, ..Rehearsal::new(studio, manner) };
    // A list that is shown again may begin at another line: the second time still brings some letters.
    for _ in 0..3 {
        rehearsal.frames.clear();
        for show in EVERY_SCREEN {
            rehearsal.come(*show, Panel::Shut, 1);
        }
    }
    rehearsal.frames
}

/// Room for letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    /// As much as the terminal gives them.
    AsInUse,
    /// So much that none is ever given back.
    ForEverything,
}

/// A window without a display.
struct Rehearsal<'a> {
    studio: &'a Studio,
    ctx: Context,
    manner: Manner,
    shown: &'static str,
    /// Which resident stands before it; none where screens come by themselves.
    resident: usize,
    room: Room,
    frames: Vec<Frame>,
}

impl<'a> Rehearsal<'a> {
    fn new(studio: &'a Studio, manner: Manner) -> Self {
        let ctx = Context::default();
        theme::install(&ctx, &studio.typeface);
        ctx.set_fonts(studio.typeface.definitions(manner.language));
        Self { studio, ctx, manner, shown: "", resident: 0, room: Room::AsInUse, frames: Vec::new() }
    }

    /// Shows a screen for so many frames.
    fn come(&mut self, show: Show, panel: Panel, looks: usize) {
        let view = show(&self.studio.cast);
        if self.room == Room::AsInUse && (self.shown != view.name() || panel != Panel::Shut) {
            letters::make_room(&self.ctx, letters::Moment::of(&view));
        }
        self.shown = view.name();
        let over = if panel == Panel::Shut { String::new() } else { format!(" under {panel:?}") };
        let who = if self.resident == 0 { String::new() } else { format!(" of resident {}", self.resident) };
        for _ in 0..looks {
            let (studio, manner) = (self.studio, self.manner);
            let time = self.frame(|ui| scene(ui, show, (studio, manner), panel));
            self.frames.push(Frame { shown: format!("{}{over}{who}", self.shown), time });
        }
    }

    fn speak(&mut self, language: Language) {
        self.manner.language = language;
        self.ctx.set_fonts(self.studio.typeface.definitions(language));
    }

    fn set(&mut self, text: TextSize) {
        self.manner.text = text;
        letters::forget(&self.ctx);
    }

    /// The resident has gone.
    fn forget(&mut self) {
        self.manner = usual(self.manner.panel);
        self.speak(self.manner.language);
        letters::forget(&self.ctx);
    }

    /// Draws one frame; gives the time it took on the processor.
    fn frame(&self, draw: impl FnMut(&mut Ui)) -> Duration {
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), self.manner.panel)),
            time: Some(self.frames.len() as f64 / 60.0),
            max_texture_side: Some(match self.room {
                Room::AsInUse => letters::texture_side(self.manner.panel),
                Room::ForEverything => GREATEST_TEXTURE,
            }),
            ..RawInput::default()
        };
        let began = processor_time();
        let mut output = self.ctx.run_ui(input, draw);
        black_box(self.ctx.tessellate(output.shapes, 1.0));
        let took = processor_time().saturating_sub(began);
        // There is no graphics memory that they could go to.
        output.textures_delta.clear();
        took
    }
}

/// What this thread has had of the processor so far.
fn processor_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}

fn scene(ui: &mut Ui, show: Show, (studio, manner): (&Studio, Manner), panel: Panel) {
    let view = show(&studio.cast);
    let mut entry = Entry::default();
    entry.follow(&view);
    entry.show(panel);
    let scene = Scene {
        view,
        speech: studio.texts.speech(manner.language),
        entry: &entry,
        pages: Pages::Pending,
        warning: None,
        cancelling: Cancelling::Allowed,
        beeping: Beeping::Silent,
        comfort: Comfort { text: manner.text, ..Comfort::default() },
        diagonal_inches: 15.6,
        nameplate: Nameplate { terminal: "0001", profile: Standing::Test, entrance: Entrance::Open },
    };
    drop(screen::draw(ui, Rect::from_min_size(pos2(0.0, 0.0), manner.panel), &scene));
}
