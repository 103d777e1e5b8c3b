//! The typefaces: files read once, shaping by cmap and variation sequences, fallback, widths.
//!
//! Horizontal Japanese needs no shaper: each character, with its variation selector if it has one, is one
//! glyph. A character or sequence that no face has is an error and never drawn as something else.

mod looks;

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use ttf_parser::{Face, GlyphId};

use looks::Looks;
pub use looks::Picture;

/// A face by what it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Font {
    /// Names of persons: `IPAmjMincho`, which has the characters and sequences of the resident register.
    #[serde(rename = "n")]
    Names,
    /// Running text and values: `IPAexMincho`.
    #[serde(rename = "t")]
    Text,
    /// Labels: BIZ UD Gothic.
    #[serde(rename = "l")]
    Labels,
}

/// Where the faces lie; by default where Debian puts them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TypefaceFiles {
    /// `IPAmjMincho` (`fonts-ipamj-mincho`).
    pub names: PathBuf,
    /// `IPAexMincho` (`fonts-ipaexfont-mincho`).
    pub text: PathBuf,
    /// BIZ UD Gothic, proportional (`fonts-morisawa-bizud-gothic`).
    pub labels: PathBuf,
}

/// The files in memory.
pub struct Typefaces {
    files: [Vec<u8>; 3],
    /// The glyph of each character of the first plane, and its width in thousandths; 0 for none. Looking one up in
    /// the file takes twenty times as long.
    plain: [Vec<(u16, u16)>; 3],
    /// What the characters of each face look like, once that was asked.
    looks: [OnceLock<Looks>; 3],
}

/// The faces, parsed for one page.
pub struct Faces<'a> {
    parsed: [Face<'a>; 3],
    plain: &'a [Vec<(u16, u16)>; 3],
    looks: &'a [OnceLock<Looks>; 3],
}

/// Why the typefaces cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TypefaceError {
    /// A file cannot be read.
    #[error("the typeface {path} cannot be read")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file is not a typeface.
    #[error("{0} is not a typeface")]
    Malformed(PathBuf),
    /// What every certificate has printed on it cannot be set in them: a character is missing, or a text has no room.
    #[error(
        "{0} cannot be set in these typefaces; leave [fonts] out of the configuration, or name faces with all characters"
    )]
    Unfit(&'static str),
}

/// A character or sequence that no face can draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a character cannot be drawn")]
pub struct Undrawable;

/// A glyph of a shaped text.
#[derive(Clone, PartialEq, Eq)]
pub struct Glyph<'t> {
    /// The face that has it.
    pub font: Font,
    /// Its number in the face.
    pub id: u16,
    /// Its width in thousandths of the size, rounded down as the PDF's table of widths has it.
    pub advance: u16,
    /// The text it stands for, a variation selector included.
    pub text: &'t str,
}

impl Font {
    /// Every face.
    pub const ALL: [Self; 3] = [Self::Names, Self::Text, Self::Labels];

    const fn fallbacks(self) -> [Self; 3] {
        match self {
            Self::Names => [Self::Names, Self::Text, Self::Labels],
            Self::Text => [Self::Text, Self::Names, Self::Labels],
            Self::Labels => [Self::Labels, Self::Text, Self::Names],
        }
    }
}

impl Default for TypefaceFiles {
    fn default() -> Self {
        Self {
            names: "/usr/share/fonts/truetype/ipamj/ipamjm.ttf".into(),
            text: "/usr/share/fonts/opentype/ipaexfont-mincho/ipaexm.ttf".into(),
            labels: "/usr/share/fonts/truetype/bizud-gothic/BIZUDPGothic-Regular.ttf".into(),
        }
    }
}

impl Typefaces {
    /// Reads the files; about 60 MB that stay for the life of the process.
    pub fn read(files: &TypefaceFiles) -> Result<Self, TypefaceError> {
        let read = |path: &PathBuf| {
            let mut bytes = fs::read(path).map_err(|source| TypefaceError::Read { path: path.clone(), source })?;
            // What is not found is left as it is.
            _ = drop_glyph_names(&mut bytes);
            Face::parse(&bytes, 0).ok().ok_or_else(|| TypefaceError::Malformed(path.clone()))?;
            Ok(bytes)
        };
        let files = [read(&files.names)?, read(&files.text)?, read(&files.labels)?];
        let plain = std::array::from_fn(|font| files.get(font).map(|file| first_plane(file)).unwrap_or_default());
        Ok(Self { files, plain, looks: Default::default() })
    }

    /// The faces, parsed; that takes some microseconds.
    pub fn faces(&self) -> Result<Faces<'_>, Undrawable> {
        let face = |file| Face::parse(file, 0).ok().ok_or(Undrawable);
        let [names, text, labels] = &self.files;
        Ok(Faces { parsed: [face(names)?, face(text)?, face(labels)?], plain: &self.plain, looks: &self.looks })
    }

    /// The file of a face.
    pub fn file(&self, font: Font) -> &[u8] {
        let [names, text, labels] = &self.files;
        match font {
            Font::Names => names,
            Font::Text => text,
            Font::Labels => labels,
        }
    }
}

impl std::fmt::Debug for Typefaces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Typefaces")
    }
}

impl std::fmt::Debug for Faces<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Faces")
    }
}

impl std::fmt::Debug for Glyph<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Glyph(..)")
    }
}

impl<'a> Faces<'a> {
    /// A face.
    pub const fn face(&self, font: Font) -> &Face<'a> {
        let [names, text, labels] = &self.parsed;
        match font {
            Font::Names => names,
            Font::Text => text,
            Font::Labels => labels,
        }
    }

    /// The glyphs of a text, from the first face that has each.
    pub fn shape<'t>(&self, text: &'t str, font: Font) -> Result<Vec<Glyph<'t>>, Undrawable> {
        clusters(text).map(|cluster| self.glyph(cluster, font)).collect()
    }

    /// The width of a text in thousandths of its size.
    pub fn width(&self, text: &str, font: Font) -> Result<u32, Undrawable> {
        clusters(text).map(|cluster| self.glyph(cluster, font).map(|glyph| u32::from(glyph.advance))).sum()
    }

    fn looks(&self, font: Font) -> &'a Looks {
        let [names, text, labels] = self.looks;
        let looks = match font {
            Font::Names => names,
            Font::Text => text,
            Font::Labels => labels,
        };
        looks.get_or_init(|| Looks::of(self.face(font), self.face(Font::Text)))
    }

    fn glyph<'t>(&self, cluster: &'t str, font: Font) -> Result<Glyph<'t>, Undrawable> {
        let mut characters = cluster.chars();
        let base = characters.next().filter(|&c| !is_combining(c)).ok_or(Undrawable)?;
        let selector = characters.next();
        let found = font.fallbacks().into_iter().find_map(|font| match selector {
            Some(selector) => {
                let id = self.face(font).glyph_variation_index(base, selector).filter(|id| id.0 != 0)?;
                Some((font, id.0, advance(self.face(font), id)))
            }
            None => self.plain_glyph(base, font).map(|(id, advance)| (font, id, advance)),
        });
        let (font, id, advance) = found.ok_or(Undrawable)?;
        Ok(Glyph { font, id, advance, text: cluster })
    }

    fn plain_glyph(&self, character: char, font: Font) -> Option<(u16, u16)> {
        let [names, text, labels] = self.plain;
        let table = match font {
            Font::Names => names,
            Font::Text => text,
            Font::Labels => labels,
        };
        if let Some(glyph) = table.get(character as usize) {
            return Some(*glyph).filter(|(id, _)| *id != 0);
        }
        let id = self.face(font).glyph_index(character).filter(|id| id.0 != 0)?;
        Some((id.0, advance(self.face(font), id)))
    }
}

/// Makes the table `post` one without names of glyphs, where it can be found (ISO/IEC 14496-22 §5.2.9): no PDF of ours
/// needs them, and those of all 60,000 glyphs would be gone through whenever a typeface is reduced for a document.
fn drop_glyph_names(file: &mut [u8]) -> Option<()> {
    /// Bytes of the table without names.
    const LENGTH: u32 = 32;
    const VERSION: u32 = 0x0003_0000;
    // After twelve bytes of header a record for each table: tag, checksum, offset, length.
    let tables = usize::from(u16::from_be_bytes(*file.get(4..)?.first_chunk()?));
    let mut records = file.get_mut(12..)?.as_chunks_mut::<16>().0.iter_mut().take(tables);
    let record = records.find(|record| record.starts_with(b"post"))?;
    let [.., a, b, c, d, _, _, _, _] = *record;
    *record.last_chunk_mut()? = LENGTH.to_be_bytes();
    let table = file.get_mut(u32::from_be_bytes([a, b, c, d]) as usize..)?;
    *table.first_chunk_mut()? = VERSION.to_be_bytes();
    Some(())
}

fn advance(face: &Face<'_>, id: GlyphId) -> u16 {
    let advance = u32::from(face.glyph_hor_advance(id).unwrap_or_default());
    (advance * 1000 / u32::from(face.units_per_em().max(1))) as u16
}

/// Glyphs and widths of the characters up to U+FFFF.
fn first_plane(file: &[u8]) -> Vec<(u16, u16)> {
    let Ok(face) = Face::parse(file, 0) else { return Vec::new() };
    let glyph = |code: u32| {
        let id = char::from_u32(code).and_then(|character| face.glyph_index(character))?;
        Some((id.0, advance(&face, id)))
    };
    (0..0x1_0000).map(|code| glyph(code).unwrap_or_default()).collect()
}

/// Divides a text into characters, each with the variation selectors behind it.
pub fn clusters(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut ends = rest.char_indices().skip(1).filter(|(_, c)| !is_variation_selector(*c)).map(|(at, _)| at);
        let (cluster, behind) = rest.split_at_checked(ends.next().unwrap_or(rest.len()))?;
        rest = behind;
        (!cluster.is_empty()).then_some(cluster)
    })
}

const fn is_variation_selector(character: char) -> bool {
    matches!(character, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// A mark that must be placed upon the letter before it: that needs a shaper, and no register writes so.
const fn is_combining(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36F}' | '\u{3099}' | '\u{309A}' | '\u{20D0}'..='\u{20FF}')
        || character.is_ascii_control()
        || is_variation_selector(character)
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::LazyLock;

    use super::*;

    pub(crate) static TYPEFACES: LazyLock<Typefaces> =
        LazyLock::new(|| Typefaces::read(&TypefaceFiles::default()).unwrap());

    #[test]
    fn a_selector_belongs_to_the_character_before_it() {
        let found: Vec<&str> = clusters("葛\u{E0100}城\u{E0101}市a").collect();
        assert_eq!(found, ["葛\u{E0100}", "城\u{E0101}", "市", "a"]);
        assert_eq!(clusters("").count(), 0);
    }

    #[test]
    fn a_variation_sequence_is_another_glyph() {
        let faces = TYPEFACES.faces().unwrap();
        // 辻 of the Moji_Joho collection with one dot and with two.
        let plain = faces.shape("辻", Font::Names).unwrap();
        let variants: Vec<u16> = ["辻\u{E0102}", "辻\u{E0103}"]
            .iter()
            .filter_map(|text| faces.shape(text, Font::Names).ok())
            .map(|glyphs| glyphs[0].id)
            .collect();
        assert!(variants.iter().any(|&id| id != plain[0].id), "{variants:?}");
    }

    #[test]
    fn a_selector_that_no_face_knows_is_reported() {
        let faces = TYPEFACES.faces().unwrap();
        for text in ["山\u{E01EF}", "か\u{3099}", "\u{E0100}", "a\nb", "\u{F8FF}\u{FFFFD}"] {
            assert_eq!(faces.shape(text, Font::Names), Err(Undrawable), "{text:?}");
        }
    }

    #[test]
    fn a_character_comes_from_the_first_face_that_has_it() {
        let faces = TYPEFACES.faces().unwrap();
        // The extensions C and D are in the register's face only, or nearly so.
        let rare = ('\u{2A700}'..'\u{2B820}')
            .find(|&c| {
                faces.face(Font::Names).glyph_index(c).is_some() && faces.face(Font::Text).glyph_index(c).is_none()
            })
            .unwrap();
        let text = format!("山{rare}");
        let glyphs = faces.shape(&text, Font::Text).unwrap();
        assert_eq!([glyphs[0].font, glyphs[1].font], [Font::Text, Font::Names]);
    }

    #[test]
    fn a_kanji_is_as_wide_as_high() {
        let faces = TYPEFACES.faces().unwrap();
        assert_eq!(faces.width("山田\u{3000}花子", Font::Names), Ok(5000));
    }
}
