//! `kiosk play`: a scripted scenario through the real screens, without a display or in the window for somebody to watch.
//!
//! Every step names the screen it must bring, and waits for nothing else: the same scenario ends the same way on every
//! machine. What a resident presses is found by its accessible name; card, money, paper, line and printer are moved by hand.

mod hands;
mod line;
mod scenario;
mod show;
mod stage;

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};

use clap::Args;
use egui::{Context, Vec2};

use self::hands::Hands;
pub use self::hands::Missed;
use self::line::Line;
use self::scenario::Scenario;
pub use self::scenario::ScenarioError;
use self::show::{Show, Verdict};
use self::stage::Stage;
use crate::center_client::announced_address;
use crate::config::{Config, ConfigError};
use crate::gallery::{self, GalleryError, Wall};
use crate::setup::Source;
use crate::theme::{self, Typeface, TypefaceError};
use crate::window::{self, Seat, Window, WindowError};

/// The command's arguments.
#[derive(Debug, Args)]
pub struct PlayArguments {
    /// The scenario.
    scenario: PathBuf,
    /// The terminal's configuration, of a test world.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Write a picture of every step into this file.
    #[arg(long, value_name = "FILE")]
    contact_sheet: Option<PathBuf>,
    /// Play it in the window, for somebody who watches.
    #[arg(long, conflicts_with = "contact_sheet")]
    window: bool,
    /// Seconds from step to step in the window.
    #[arg(long, value_name = "SECONDS", default_value_t = 1.5, requires = "window")]
    pace: f64,
    /// Play it so many times, one after the other, on the same terminal; its last screen must be its first.
    #[arg(long, value_name = "TIMES", default_value = "1", conflicts_with = "contact_sheet")]
    repeat: NonZeroU32,
}

/// Why a scenario did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// The scenario's file.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A font is missing.
    #[error(transparent)]
    Typeface(#[from] TypefaceError),
    /// The terminal does not start.
    #[error(transparent)]
    Window(#[from] WindowError),
    /// The contact sheet.
    #[error(transparent)]
    Sheet(#[from] GalleryError),
    /// The centre is not there.
    #[error("the centre does not run, or its address is no number: start it before the scenario")]
    Line,
    /// Something else came than what the scenario says.
    #[error("step {number}: {missed}")]
    Step {
        /// The step, from 1.
        number: usize,
        /// What was missed.
        missed: Missed,
    },
}

impl PlayError {
    /// 2 where the scenario cannot be played, 1 where it went another way.
    pub const fn exit_status(&self) -> u8 {
        match self {
            Self::Step { .. } => 1,
            Self::Scenario(_) | Self::Config(_) | Self::Line | Self::Typeface(_) | Self::Window(_) | Self::Sheet(_) => {
                2
            }
        }
    }
}

/// Pictures in a row of the contact sheet, and how small they are.
const COLUMNS: usize = 7;
const SCALE: f32 = 0.25;

/// Plays a scenario; says every step that went as it should.
pub fn run(arguments: &PlayArguments, say: fn(&str)) -> Result<(), PlayError> {
    let config = Config::load(&arguments.config)?;
    if arguments.window {
        return watch(arguments, config, say);
    }
    let play = (arguments.scenario.as_path(), arguments.repeat);
    perform(play, config, arguments.contact_sheet.as_deref(), &mut |line| say(line))
}

/// Plays a scenario so many times without a display.
pub fn perform(
    (scenario, times): (&Path, NonZeroU32),
    mut config: Config,
    contact_sheet: Option<&Path>,
    say: &mut dyn FnMut(&str),
) -> Result<(), PlayError> {
    let scenario = Scenario::load(scenario)?;
    let line = lay_line(&mut config).ok_or(PlayError::Line)?;
    let typeface = Typeface::read()?;
    let ctx = Context::default();
    theme::install(&ctx, &typeface);
    let hands = Hands::new(&config, line);
    let seat = Seat::without_tray(Source::Tray(hands.place.clone()), hands.money.clone());
    let window = Window::new(&config, typeface, seat, Arc::new(|| {}))?;
    let panel: Vec2 = scenario.panel;
    let mut wall = Wall::new(panel, COLUMNS);
    let mut stage = Stage::new(window, hands, (ctx, panel, wall.frame, SCALE));
    let mut played = Ok(());
    let rounds = 1..=times.get();
    let steps = rounds.flat_map(|round| (1..).zip(&scenario.steps).map(move |(number, step)| (round, number, step)));
    for (round, number, step) in steps {
        let done = stage.play(step);
        if contact_sheet.is_some() {
            wall.hang(&stage.picture(&format!("{number} {}", step.act.name())));
        }
        if let Err(missed) = done {
            played = Err(PlayError::Step { number, missed });
            break;
        }
        say(&step.done(number));
        if number == scenario.steps.len() {
            say(&played_through(round));
        }
    }
    stage.close();
    // The picture of where it went wrong is worth most.
    if let Some(path) = contact_sheet {
        gallery::write(path, &wall.into_picture())?;
    }
    played
}

/// Plays a scenario in the window.
fn watch(arguments: &PlayArguments, mut config: Config, say: fn(&str)) -> Result<(), PlayError> {
    let scenario = Scenario::load(&arguments.scenario)?;
    let (pace, times) = (arguments.pace, arguments.repeat);
    let line = lay_line(&mut config).ok_or(PlayError::Line)?;
    let hands = Hands::new(&config, line);
    let seat = Seat::without_tray(Source::Tray(hands.place.clone()), hands.money.clone());
    let verdict = Verdict::default();
    let left = Arc::clone(&verdict);
    let script = move |ctx: &Context, window: Window| {
        Box::new(Show::new(ctx, (window, hands), (scenario.steps, pace, times), (left, say))) as Box<dyn eframe::App>
    };
    window::run_as(&config, seat, (scenario.panel + egui::vec2(theme::TRAY_WIDTH, 0.0)).into(), script)?;
    let outcome = verdict.lock().unwrap_or_else(PoisonError::into_inner).take();
    match outcome {
        Some(Ok(())) => Ok(()),
        Some(Err((number, missed))) => Err(PlayError::Step { number, missed }),
        // Somebody closed the window.
        None => Err(PlayError::Step { number: 0, missed: Missed::Closed }),
    }
}

/// What is said when a scenario has been played for the `round`th time.
fn played_through(round: u32) -> String {
    format!("played {round}")
}

/// Lays a line that can be cut between the terminal and the centre.
fn lay_line(config: &mut Config) -> Option<Line> {
    let announced = config.center.announced.take().and_then(|file| announced_address(&file));
    let url = reqwest::Url::parse(&announced.or_else(|| config.center.url.take())?).ok()?;
    let host: IpAddr = url.host_str()?.trim_matches(['[', ']']).parse().ok()?;
    let (line, begins) = Line::start(SocketAddr::new(host, url.port_or_known_default()?)).ok()?;
    config.center.url = Some(format!("https://{begins}"));
    Some(line)
}
