//! Everything the front is drawn from: text runs, areas and codes, each with its place.
//!
//! The scramble picture on the back carries these bytes; whoever opens it draws the same front again and
//! compares. So the front is drawn from a description alone, and never from the certificate itself.

use serde::{Deserialize, Serialize};
use shared::domain::calibration::Calibration;

use super::symbol::Level;
use super::typeface::Font;

/// Version of this form; an older description is drawn as it was then, or not at all.
pub const VERSION: u8 = 1;

/// Dots of the grid in an inch. Every place is a whole number of dots, so that codes meet printed dots.
pub const DOTS_PER_INCH: u32 = 600;

/// The page in dots: A4, 210.02 mm × 297.01 mm.
pub const PAGE: (u16, u16) = (4961, 7016);

const MAXIMUM_ITEMS: usize = 400;
const MAXIMUM_TEXT_BYTES: usize = 4096;
const MAXIMUM_BYTES: usize = 64 * 1024;

/// A page.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageDescription {
    version: u8,
    /// The printer for which its ground pattern is drawn; earlier descriptions do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ground: Option<Calibration>,
    items: Vec<Item>,
}

/// A thing on a page. Later ones lie upon earlier ones.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Item {
    /// A line of text.
    #[serde(rename = "t")]
    Text(TextRun),
    /// A filled area; a rule is a thin one.
    #[serde(rename = "a")]
    Area(Area),
    /// A printed code.
    #[serde(rename = "c")]
    Code(Code),
}

/// A line of text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u16, u16, u16, Font, String)", into = "(u16, u16, u16, Font, String)")]
pub struct TextRun {
    /// Dots from the left edge.
    pub x: u16,
    /// Dots from the upper edge to the baseline.
    pub baseline: u16,
    /// Size in hundredths of a point.
    pub size: u16,
    /// The face that is tried first.
    pub font: Font,
    /// The text, variation selectors included.
    pub text: String,
}

/// A filled area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u16, u16, u16, u16, u8)", into = "(u16, u16, u16, u16, u8)")]
pub struct Area {
    /// Dots from the left edge.
    pub x: u16,
    /// Dots from the upper edge.
    pub y: u16,
    /// Dots.
    pub width: u16,
    /// Dots.
    pub height: u16,
    /// Per cent of black; none is white and covers what lies under it.
    pub tint: u8,
}

/// The greatest module of a printed code, in dots: 2.5 mm.
pub const MAXIMUM_MODULE: u8 = 60;

/// A printed code. Its quiet zone is kept free around it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u16, u16, u8, Level, String)", into = "(u16, u16, u8, Level, String)")]
pub struct Code {
    /// Dots from the left edge to the first module.
    pub x: u16,
    /// Dots from the upper edge to the first module.
    pub y: u16,
    /// Dots of a module.
    pub module: u8,
    /// Error correction.
    pub level: Level,
    /// What it says.
    pub text: String,
}

shared::hidden_debug!(PageDescription, Item, TextRun, Code);

/// Why bytes are not a description that can be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DescriptionError {
    /// They are no description.
    #[error("the bytes are not a page description")]
    Malformed,
    /// They are one of a version that is not known here.
    #[error("the page description has version {0}, which is not known here")]
    Version(u8),
    /// An item lies outside the page, or there are too many.
    #[error("the page description exceeds the page")]
    Bounds,
}

impl PageDescription {
    /// A page of these items.
    pub fn new(items: Vec<Item>) -> Result<Self, DescriptionError> {
        let description = Self { version: VERSION, ground: None, items };
        description.check()?;
        Ok(description)
    }

    /// The same page on the ground pattern of a printer.
    #[must_use]
    pub fn on_ground(self, calibration: Calibration) -> Self {
        Self { ground: Some(calibration), ..self }
    }

    /// The printer for which its ground pattern is drawn, if that is known.
    pub const fn ground(&self) -> Option<Calibration> {
        self.ground
    }

    /// The things on the page, from the lowest up.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The texts on the page, line by line as they stand.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.items.iter().filter_map(|item| match item {
            Item::Text(run) => Some(run.text.as_str()),
            Item::Area(_) | Item::Code(_) => None,
        })
    }

    /// The codes on the page.
    pub fn codes(&self) -> impl Iterator<Item = &Code> {
        self.items.iter().filter_map(|item| match item {
            Item::Code(code) => Some(code),
            Item::Text(_) | Item::Area(_) => None,
        })
    }

    /// The description as bytes; the same description always gives the same.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Numbers, texts and lists only: writing them cannot fail.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads a description; everything in it lies on the page.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DescriptionError> {
        if bytes.len() > MAXIMUM_BYTES {
            return Err(DescriptionError::Bounds);
        }
        let description: Self = serde_json::from_slice(bytes).ok().ok_or(DescriptionError::Malformed)?;
        description.check()?;
        Ok(description)
    }

    fn check(&self) -> Result<(), DescriptionError> {
        if self.version != VERSION {
            return Err(DescriptionError::Version(self.version));
        }
        if self.items.len() > MAXIMUM_ITEMS || !self.items.iter().all(Item::is_on_page) {
            return Err(DescriptionError::Bounds);
        }
        Ok(())
    }
}

impl Item {
    fn is_on_page(&self) -> bool {
        match self {
            Self::Text(run) => {
                run.x < PAGE.0
                    && run.baseline < PAGE.1
                    && (100..=10_000).contains(&run.size)
                    && run.text.len() <= MAXIMUM_TEXT_BYTES
            }
            Self::Area(area) => {
                u32::from(area.x) + u32::from(area.width) <= u32::from(PAGE.0)
                    && u32::from(area.y) + u32::from(area.height) <= u32::from(PAGE.1)
                    && area.tint <= 100
            }
            Self::Code(code) => {
                code.x < PAGE.0
                    && code.y < PAGE.1
                    && (1..=MAXIMUM_MODULE).contains(&code.module)
                    && code.text.len() <= MAXIMUM_TEXT_BYTES
            }
        }
    }
}

impl From<(u16, u16, u16, Font, String)> for TextRun {
    fn from((x, baseline, size, font, text): (u16, u16, u16, Font, String)) -> Self {
        Self { x, baseline, size, font, text }
    }
}

impl From<TextRun> for (u16, u16, u16, Font, String) {
    fn from(run: TextRun) -> Self {
        (run.x, run.baseline, run.size, run.font, run.text)
    }
}

impl From<(u16, u16, u16, u16, u8)> for Area {
    fn from((x, y, width, height, tint): (u16, u16, u16, u16, u8)) -> Self {
        Self { x, y, width, height, tint }
    }
}

impl From<Area> for (u16, u16, u16, u16, u8) {
    fn from(area: Area) -> Self {
        (area.x, area.y, area.width, area.height, area.tint)
    }
}

impl From<(u16, u16, u8, Level, String)> for Code {
    fn from((x, y, module, level, text): (u16, u16, u8, Level, String)) -> Self {
        Self { x, y, module, level, text }
    }
}

impl From<Code> for (u16, u16, u8, Level, String) {
    fn from(code: Code) -> Self {
        (code.x, code.y, code.module, code.level, code.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> PageDescription {
        PageDescription::new(vec![
            Item::Area(Area { x: 10, y: 20, width: 300, height: 4, tint: 100 }),
            Item::Text(TextRun { x: 10, baseline: 90, size: 1050, font: Font::Names, text: "葛󠄀城".to_owned() }),
            Item::Code(Code { x: 500, y: 500, module: 9, level: Level::M, text: "shc:/5676".to_owned() }),
        ])
        .unwrap()
    }

    #[test]
    fn a_description_is_read_back_from_its_bytes() {
        let bytes = page().to_bytes();
        assert!(PageDescription::from_bytes(&bytes).unwrap() == page());
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "{\"version\":1,\"items\":[{\"a\":[10,20,300,4,100]},{\"t\":[10,90,1050,\"n\",\"葛󠄀城\"]},\
             {\"c\":[500,500,9,\"M\",\"shc:/5676\"]}]}"
        );
    }

    #[test]
    fn a_description_says_on_which_ground_it_was_printed_and_an_earlier_one_does_not() {
        let calibration: Calibration = "12/1460".parse().unwrap();
        let bytes = page().on_ground(calibration).to_bytes();
        assert!(bytes.starts_with(br#"{"version":1,"ground":"12/1460","items":["#));
        assert_eq!(PageDescription::from_bytes(&bytes).unwrap().ground(), Some(calibration));
        assert_eq!(PageDescription::from_bytes(&page().to_bytes()).unwrap().ground(), None);
        let unknown = br#"{"version":1,"ground":"12/99","items":[]}"#;
        assert_eq!(PageDescription::from_bytes(unknown).unwrap_err(), DescriptionError::Malformed);
    }

    #[test]
    fn what_lies_outside_the_page_is_refused() {
        for bytes in [
            &br#"{"version":1,"items":[{"a":[4900,20,62,4,100]}]}"#[..],
            br#"{"version":1,"items":[{"t":[10,7016,1050,"n","x"]}]}"#,
            br#"{"version":1,"items":[{"t":[10,90,99,"n","x"]}]}"#,
            br#"{"version":1,"items":[{"c":[10,90,0,"M","x"]}]}"#,
        ] {
            assert_eq!(PageDescription::from_bytes(bytes).unwrap_err(), DescriptionError::Bounds);
        }
        let many = format!(r#"{{"version":1,"items":[{}]}}"#, vec![r#"{"a":[0,0,1,1,0]}"#; 401].join(","));
        assert_eq!(PageDescription::from_bytes(many.as_bytes()).unwrap_err(), DescriptionError::Bounds);
    }

    #[test]
    fn another_version_is_refused() {
        let refused = PageDescription::from_bytes(br#"{"version":2,"items":[]}"#);
        assert_eq!(refused.unwrap_err(), DescriptionError::Version(2));
        assert_eq!(PageDescription::from_bytes(b"[]").unwrap_err(), DescriptionError::Malformed);
    }
}
