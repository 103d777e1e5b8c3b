//! `kiosk gallery`: every screen with fictitious contents, on one picture for each language.

use std::path::{Path, PathBuf};

use clap::Args;
use egui::{Align2, Color32, ColorImage, Context, Rect, Ui, Vec2, pos2, vec2};

use crate::comfort::{Comfort, Contrast, TextSize};
use crate::easel::{self, Easel, PngError, paste};
use crate::screen::cast::{Cast, EVERY_SCREEN, Show};
use crate::screen::entry::Entry;
use crate::screen::{self, Beeping, Cancelling, Entrance, Nameplate, Pages, Scene, Standing};
use crate::session::view::View;
use crate::text::{Language, TextError, Texts};
use crate::theme::{self, Metrics, Typeface, TypefaceError};

/// The command's arguments.
#[derive(Debug, Args)]
pub struct GalleryArguments {
    /// The folder.
    folder: PathBuf,
    /// Only the sheet of this name.
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Only screens of this name.
    #[arg(long, value_name = "NAME")]
    screen: Option<String>,
    /// Pixels for each pixel of the panel, instead of what keeps the files small.
    #[arg(long, value_name = "SCALE")]
    scale: Option<f32>,
}

/// Why a picture is missing.
#[derive(Debug, thiserror::Error)]
pub enum GalleryError {
    /// A font is missing.
    #[error(transparent)]
    Typeface(#[from] TypefaceError),
    /// The words cannot be read.
    #[error(transparent)]
    Words(#[from] TextError),
    /// The fictitious contents cannot be made.
    #[error("the system draws no random numbers: the specimen document cannot be signed")]
    Cast,
    /// The picture.
    #[error(transparent)]
    Picture(#[from] PngError),
    /// The file cannot be written.
    #[error("{}: the picture cannot be written", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// There is no such sheet.
    #[error("there is no sheet {0}; --help and an empty folder show which there are")]
    Unknown(String),
}

/// One picture.
struct Sheet {
    name: String,
    language: Language,
    panel: Vec2,
    comfort: Comfort,
}

const PORTRAIT: Vec2 = vec2(1080.0, 1920.0);
const LANDSCAPE: Vec2 = vec2(1280.0, 800.0);

/// The staff's screens are written in these.
const STAFFS_LANGUAGES: [Language; 2] = [Language::Japanese, Language::English];

/// Every language upright, and what else a resident can have.
fn sheets() -> Vec<Sheet> {
    let usual = Comfort::default();
    let sheet = |name: &str, language: Language, panel, comfort| {
        let name = format!("screens-{}{name}", language.short());
        Sheet { name, language, panel, comfort }
    };
    let double = Comfort { text: TextSize::Double, ..usual };
    let contrast = Comfort { contrast: Contrast::High, ..usual };
    let mut sheets: Vec<Sheet> =
        Language::ALL.into_iter().map(|language| sheet("", language, PORTRAIT, usual)).collect();
    sheets.extend([
        sheet("-landscape", Language::Japanese, LANDSCAPE, usual),
        sheet("-landscape", Language::English, LANDSCAPE, usual),
        sheet("-landscape", Language::Vietnamese, LANDSCAPE, usual),
        sheet("-double", Language::Japanese, PORTRAIT, double),
        sheet("-double-landscape", Language::Portuguese, LANDSCAPE, double),
        sheet("-contrast", Language::Japanese, PORTRAIT, contrast),
    ]);
    sheets
}

/// Writes the pictures; says the name of each.
pub fn run(arguments: &GalleryArguments, say: &mut dyn FnMut(&str)) -> Result<(), GalleryError> {
    let typeface = Typeface::read()?;
    let texts = Texts::load()?;
    let cast = Cast::new().ok_or(GalleryError::Cast)?;
    let wanted: Vec<Sheet> =
        sheets().into_iter().filter(|sheet| arguments.only.as_ref().is_none_or(|only| *only == sheet.name)).collect();
    if let (true, Some(only)) = (wanted.is_empty(), &arguments.only) {
        return Err(GalleryError::Unknown(only.clone()));
    }
    for sheet in wanted {
        let picture = draw(&sheet, (&typeface, &texts), &cast, arguments);
        let path = arguments.folder.join(format!("{}.png", sheet.name));
        write(&path, &picture)?;
        say(&path.display().to_string());
    }
    Ok(())
}

/// Writes a picture.
pub(crate) fn write(path: &Path, picture: &ColorImage) -> Result<(), GalleryError> {
    let file = easel::encode(picture)?;
    std::fs::write(path, file).map_err(|source| GalleryError::File { path: path.to_owned(), source })
}

fn draw(sheet: &Sheet, (typeface, texts): (&Typeface, &Texts), cast: &Cast, wish: &GalleryArguments) -> ColorImage {
    let ctx = Context::default();
    theme::install(&ctx, typeface);
    ctx.set_fonts(typeface.definitions(sheet.language));
    theme::set_contrast(&ctx, sheet.comfort.contrast);
    let (columns, usual_scale) = if sheet.panel == PORTRAIT { (9, 0.195) } else { (6, 0.25) };
    let scale = wish.scale.unwrap_or(usual_scale);
    let mut wall = Wall::new(sheet.panel, columns);
    let mut easel = Easel::new(ctx, wall.frame, scale);
    let mut entry = Entry::default();
    let mut show_one = |show: &Show| {
        entry.follow(&show(cast));
        easel.draw(|ui| {
            let view = show(cast);
            caption(ui, sheet.panel, view.name());
            let scene = Scene {
                view,
                speech: texts.speech(sheet.language),
                entry: &entry,
                pages: Pages::Pending,
                warning: None,
                cancelling: Cancelling::Allowed,
                beeping: Beeping::Silent,
                comfort: sheet.comfort,
                diagonal_inches: 15.6,
                nameplate: Nameplate { terminal: "0001", profile: Standing::Test, entrance: Entrance::Shut },
            };
            drop(screen::draw(ui, Rect::from_min_size(pos2(0.0, 0.0), sheet.panel), &scene));
        })
    };
    // The staff's screens have no words of their own in other languages.
    let is_spoken = |view: &View<'_>| !matches!(view, View::Staff(_)) || STAFFS_LANGUAGES.contains(&sheet.language);
    let is_wanted = |show: &&Show| {
        let view = show(cast);
        is_spoken(&view) && wish.screen.as_ref().is_none_or(|name| *name == view.name())
    };
    for show in EVERY_SCREEN.iter().filter(is_wanted) {
        wall.hang(&show_one(show));
    }
    wall.into_picture()
}

/// Below a picture, what it shows.
pub(crate) fn caption(ui: &Ui, panel: Vec2, text: &str) {
    let size = caption_height(panel) * 0.5;
    let below = Rect::from_min_size(pos2(0.0, panel.y), vec2(panel.x, caption_height(panel)));
    ui.painter().rect_filled(Rect::from_min_size(pos2(0.0, 0.0), panel), 0.0, theme::palette(ui).ground);
    ui.painter().rect_filled(below, 0.0, WALL);
    ui.painter().text(below.center(), Align2::CENTER_CENTER, text, Metrics::font(size), theme::ON_TRAY);
}

fn caption_height(panel: Vec2) -> f32 {
    panel.length() * 0.05
}

const WALL: Color32 = theme::TRAY;

/// Pictures side by side, in the order in which they are hung.
pub(crate) struct Wall {
    /// A picture with its caption, in pixels of the panel.
    pub(crate) frame: Vec2,
    columns: usize,
    hung: usize,
    picture: ColorImage,
}

/// Between pictures.
const MARGIN: usize = 8;

impl Wall {
    /// A wall for pictures of a panel.
    pub(crate) fn new(panel: Vec2, columns: usize) -> Self {
        let frame = vec2(panel.x, panel.y + caption_height(panel));
        Self { frame, columns, hung: 0, picture: ColorImage::filled([0, 0], WALL) }
    }

    /// Hangs the next one; the wall grows by a row where that is needed.
    pub(crate) fn hang(&mut self, picture: &ColorImage) {
        let [width, height] = picture.size.map(|side| side + MARGIN);
        let (row, column) = (self.hung / self.columns, self.hung % self.columns);
        if column == 0 {
            let size = [self.columns * width + MARGIN, (row + 1) * height + MARGIN];
            let before = std::mem::replace(&mut self.picture, ColorImage::filled(size, WALL));
            paste(&mut self.picture, &before, [0, 0]);
        }
        paste(&mut self.picture, picture, [column * width + MARGIN, row * height + MARGIN]);
        self.hung += 1;
    }

    /// The whole wall.
    pub(crate) fn into_picture(self) -> ColorImage {
        self.picture
    }
}
