//! What the command line says of the window, and the native window it becomes.

use std::sync::Arc;

use eframe::{App, NativeOptions};
use egui::{Context, Vec2, ViewportBuilder};

use super::Window;
#[cfg(feature = "simulation")]
use super::tray::Desk;
use crate::coins::acceptor::Simulated;
use crate::config::{Config, Profile};
use crate::setup::{SetupError, Source};
use crate::text::TextError;
use crate::theme::{self, Typeface, TypefaceError};

/// What the command line says of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// The simulation tray.
    pub tray: TrayWish,
    /// The window's size; full screen where it is not said and the profile is production.
    pub size: Option<WindowSize>,
}

/// A window's size, without the tray.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowSize {
    /// Pixels.
    pub width: u16,
    /// Pixels.
    pub height: u16,
}

impl std::str::FromStr for WindowSize {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let sides = text.split_once('x').and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
        let (width, height) = sides.ok_or("a size is written 1080x1920")?;
        Ok(Self { width, height })
    }
}

/// Whether the simulation tray is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrayWish {
    /// In a test world without a reader.
    WhereNoReader,
    /// In a test world in any case.
    Always,
}

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// The terminal does not start.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// A font is missing.
    #[error(transparent)]
    Typeface(#[from] TypefaceError),
    /// The words cannot be read.
    #[error(transparent)]
    Words(#[from] TextError),
    /// A thread of the window cannot start.
    #[error("a thread of the window cannot be started")]
    Thread(#[source] std::io::Error),
    /// There is no display, or it cannot be drawn on.
    #[error("the window cannot be opened; is there a display (DISPLAY), and is libgl1-mesa-dri installed?")]
    Display(#[source] eframe::Error),
}

/// The size of a window on a desk.
const DESK: WindowSize = WindowSize { width: 1280, height: 800 };

/// What stands before the terminal: a reader, a slot for money, and beside them the tray.
pub(crate) struct Seat {
    /// Where cards come from.
    pub(crate) source: Source,
    /// What takes money.
    pub(crate) money: Simulated,
    /// The tray, where it is shown.
    #[cfg(feature = "simulation")]
    pub(super) desk: Option<Desk>,
}

impl Seat {
    /// A reader and a slot without a tray beside them.
    #[cfg(feature = "simulation")]
    pub(crate) const fn without_tray(source: Source, money: Simulated) -> Self {
        Self { source, money, desk: None }
    }
}

/// Opens the window and stays until it is closed.
pub fn run(config: &Config, wish: Wish) -> Result<(), WindowError> {
    let seat = Seat {
        source: Source::Reader(None),
        money: Simulated::default(),
        #[cfg(feature = "simulation")]
        desk: None,
    };
    let beside = 0.0;
    #[cfg(feature = "simulation")]
    let (seat, beside) = match Desk::of(config, wish.tray) {
        Some(desk) => {
            let (source, money) = (Source::Tray(desk.place().clone()), desk.money().clone());
            (Seat { source, money, desk: Some(desk) }, theme::TRAY_WIDTH)
        }
        None => (seat, beside),
    };
    let size = size(config, wish.size).map(|size| size + egui::vec2(beside, 0.0));
    run_as(config, seat, size, |_, window| Box::new(window))
}

/// Opens the window as a part of something else; without a size, it fills the panel.
pub(crate) fn run_as(
    config: &Config,
    seat: Seat,
    size: Option<Vec2>,
    dress: impl FnOnce(&Context, Window) -> Box<dyn App>,
) -> Result<(), WindowError> {
    let typeface = Typeface::read()?;
    let ctx = Context::default();
    theme::install(&ctx, &typeface);
    let waking = ctx.clone();
    let window = Window::new(config, typeface, seat, Arc::new(move || waking.request_repaint()))?;
    let app = dress(&ctx, window);
    eframe::run_native_ext("konbini-kiosk", options(size), Some(ctx), Box::new(|_| Ok(app)))
        .map_err(WindowError::Display)
}

/// The window's size without what is beside it; none in a street, where it fills the panel.
fn size(config: &Config, wish: Option<WindowSize>) -> Option<Vec2> {
    match (config.profile, wish) {
        (Profile::Production, None) => None,
        (Profile::Production | Profile::Test, wish) => {
            let WindowSize { width, height } = wish.unwrap_or(DESK);
            Some(egui::vec2(f32::from(width), f32::from(height)))
        }
    }
}

fn options(size: Option<Vec2>) -> NativeOptions {
    let viewport = ViewportBuilder::default().with_title("Konbini certificate terminal").with_app_id("konbini-kiosk");
    let viewport = match size {
        None => viewport.with_fullscreen(true).with_decorations(false),
        Some(size) => viewport.with_inner_size(size).with_min_inner_size(theme::SMALLEST.min(size)),
    };
    NativeOptions { viewport, system_font_fallback: false, clipboard_shortcuts: false, ..NativeOptions::default() }
}
