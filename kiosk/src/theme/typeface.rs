//! What the window is set in: which font file carries which language.

use std::path::Path;
use std::sync::Arc;

use egui::epaint::text::Blob;
use egui::{FontData, FontDefinitions, FontFamily};
use fontique::{SourceCache, SourceId, SourceInfo, SourceKind};

use super::bold;
use crate::text::Language;

/// What the window is set in: BIZ UD Gothic, and Noto Sans CJK where its letters are lacking.
///
/// The files are mapped, not read: 95 megabytes of them are on the disk, and only what is drawn with comes to memory.
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
    /// Bold of the same.
    pub wide_bold: Blob,
}

impl std::fmt::Debug for Typeface {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Typeface(..)")
    }
}

/// Why there is nothing to write with.
#[derive(Debug, thiserror::Error)]
pub enum TypefaceError {
    /// It is not there.
    #[error("the font file {0} cannot be read; install the packages fonts-morisawa-bizud-gothic and fonts-noto-cjk")]
    Missing(&'static str),
    /// It is there, and is no font.
    #[error("the font file {0} is broken; install its package again")]
    Broken(&'static str),
}

const REGULAR: &str = "/usr/share/fonts/truetype/bizud-gothic/BIZUDPGothic-Regular.ttf";
const BOLD: &str = "/usr/share/fonts/truetype/bizud-gothic/BIZUDPGothic-Bold.ttf";
const EVEN: &str = "/usr/share/fonts/truetype/bizud-gothic/BIZUDGothic-Regular.ttf";
const WIDE: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";
const WIDE_BOLD: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc";
const NAMES: &str = "/usr/share/fonts/truetype/ipamj/ipamjm.ttf";

impl Typeface {
    /// Maps the font files, once.
    pub fn read() -> Result<Self, TypefaceError> {
        let names = Path::new(NAMES).exists().then(|| map(NAMES)).transpose()?;
        Ok(Self {
            regular: map(REGULAR)?,
            bold: map(BOLD)?,
            even: map(EVEN)?,
            names,
            wide: map(WIDE)?,
            wide_bold: map(WIDE_BOLD)?,
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
        [(Arc::clone(&self.wide), place), (Arc::clone(&self.wide_bold), place)]
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

fn map(path: &'static str) -> Result<Blob, TypefaceError> {
    let source = SourceInfo::new(SourceId::new(), SourceKind::Path(Arc::from(Path::new(path))));
    let mapped = SourceCache::default().get(&source).ok_or(TypefaceError::Missing(path))?;
    // The window's library ends the program where a font cannot be parsed.
    ttf_parser::Face::parse(mapped.as_ref(), 0).map_err(|_broken| TypefaceError::Broken(path))?;
    Ok(Arc::new(mapped))
}
