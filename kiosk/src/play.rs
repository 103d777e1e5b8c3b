//! `kiosk play`: a scripted scenario through the real screens, without a display.
//!
//! Every step names the screen it must bring, and waits for nothing else: the same scenario ends the same way on every
//! machine. What a resident presses is found by its accessible name; card, money, paper, line and printer are moved by hand.

mod line;
mod scenario;
mod stage;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use egui::{Context, Vec2};

use self::line::Line;
use self::scenario::{Scenario, ScenarioError};
use self::stage::{Missed, Stage};
use crate::card_reader::tray::CardPlace;
use crate::center_client::announced_address;
use crate::coins::acceptor::Simulated;
use crate::config::{Config, ConfigError};
use crate::gallery::{self, GalleryError, Wall};
use crate::setup::Source;
use crate::theme::{self, Typeface, TypefaceMissing};
use crate::window::{Seat, Window, WindowError};

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
    Typeface(#[from] TypefaceMissing),
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
pub fn run(arguments: &PlayArguments, say: &mut dyn FnMut(&str)) -> Result<(), PlayError> {
    let scenario = Scenario::load(&arguments.scenario)?;
    let mut config = Config::load(&arguments.config)?;
    let line = lay_line(&mut config).ok_or(PlayError::Line)?;
    let typeface = Typeface::read()?;
    let ctx = Context::default();
    theme::install(&ctx, &typeface);
    let (place, money) = (CardPlace::default(), Simulated::default());
    let seat = Seat::without_tray(Source::Tray(place.clone()), money.clone());
    let window = Window::new(&config, typeface, seat, Arc::new(|| {}))?;
    let panel: Vec2 = scenario.panel;
    let mut wall = Wall::new(panel, COLUMNS);
    let mut stage = Stage::new(&config, window, (ctx, panel, wall.frame, SCALE), (place, money, line));
    let mut played = Ok(());
    for (number, step) in (1..).zip(&scenario.steps) {
        let done = stage.play(step);
        if arguments.contact_sheet.is_some() {
            wall.hang(&stage.picture(&format!("{number} {}", step.act.name())));
        }
        if let Err(missed) = done {
            played = Err(PlayError::Step { number, missed });
            break;
        }
        say(&format!("{number:>2} {:<12} {}", step.act.name(), step.shows));
    }
    stage.close();
    // The picture of where it went wrong is worth most.
    if let Some(path) = &arguments.contact_sheet {
        gallery::write(path, &wall.into_picture())?;
    }
    played
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
