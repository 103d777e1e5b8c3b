//! The inspection desk of a configured centre: its keys, its press, its records.

use shared::domain::identifiers::CertificateId;

use crate::config::Config;
use crate::document::description::{Code, Item as DescribedItem, PageDescription, TextRun};
use crate::document::typeface::TypefaceError;
use crate::document::{Press, symbol};
use crate::raster::Raster;
use crate::scramble::ScrambleKeys;
use crate::secrets::KeyError;
use crate::signer::{self, SigningKeys};
use crate::store::{CertificateStatus, Issuances, StoreError};

use super::report::Area;
use super::{CodeKind, Front, FrontDrawing, Inspection, InspectionKeys, Inspector, IssueStatus, Item, PrintedCode};

/// Everything paper is inspected with. Made once.
#[derive(Debug)]
pub struct Desk {
    keys: InspectionKeys,
    press: Press,
}

/// Why no paper can be inspected.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// A key file.
    #[error("a key cannot be read")]
    Key(#[from] KeyError),
    /// The keys of the printed codes.
    #[error("the keys of the printed codes cannot be used")]
    Codes(#[from] signer::ReadError),
    /// A typeface.
    #[error("a typeface cannot be read")]
    Typeface(#[from] TypefaceError),
}

impl Desk {
    /// Reads keys and typefaces.
    pub fn open(config: &Config) -> Result<Self, DeskError> {
        let signing = &config.signing;
        let codes = SigningKeys::read(signing)?;
        let scramble = ScrambleKeys::read(&signing.scramble_key, &signing.scramble_signer_key)?;
        let keys = InspectionKeys::new(scramble.opening(), &codes);
        Ok(Self { keys, press: Press::new(&config.fonts, scramble)? })
    }

    /// With a press and keys at hand.
    pub const fn new(keys: InspectionKeys, press: Press) -> Self {
        Self { keys, press }
    }

    /// Inspects the pages of one paper by the records of a store.
    pub fn inspect(&self, pages: &[Raster], records: &(impl Issuances + ?Sized)) -> Result<Inspection, StoreError> {
        let failure = std::cell::Cell::new(None);
        let status = |certificate: &CertificateId| match records.certificate_status(certificate) {
            Ok(status) => issue_status(status),
            Err(error) => {
                failure.set(Some(error));
                IssueStatus::Unknown
            }
        };
        let inspection = Inspector { keys: &self.keys, drawing: &self.press, status: &status }.verify(pages);
        failure.into_inner().map_or(Ok(inspection), Err)
    }
}

const fn issue_status(status: Option<CertificateStatus>) -> IssueStatus {
    match status {
        Some(CertificateStatus::InForce) => IssueStatus::Issued,
        Some(CertificateStatus::Pending) => IssueStatus::Pending,
        Some(CertificateStatus::Revoked) => IssueStatus::Revoked,
        None => IssueStatus::Unknown,
    }
}

impl FrontDrawing for Press {
    fn front(&self, description: &[u8]) -> Option<Front> {
        let description = PageDescription::from_bytes(description).ok()?;
        let pdf = self.redraw(&description).ok()?;
        let (mut items, mut codes) = (Vec::new(), Vec::new());
        for item in description.items() {
            match item {
                DescribedItem::Text(run) => items.push(text_item(run)),
                DescribedItem::Code(code) => codes.extend(printed_code(code)),
                DescribedItem::Area(_) => {}
            }
        }
        Some(Front { pdf, items, codes })
    }
}

fn millimetres(dots: f64) -> f64 {
    (dots * 254.0 / 600.0).round() / 10.0
}

/// A run with the room it takes: full-width characters as wide as high, others half as wide.
fn text_item(run: &TextRun) -> Item {
    let height = f64::from(run.size) / 100.0 / 72.0 * 600.0;
    let width: f64 = run.text.chars().map(|character| if character.is_ascii() { 0.55 } else { 1.0 }).sum();
    Item {
        text: run.text.clone(),
        area: Area {
            left_mm: millimetres(f64::from(run.x)),
            top_mm: millimetres(f64::from(run.baseline) - height * 0.9),
            width_mm: millimetres(width * height),
            height_mm: millimetres(height * 1.15),
        },
    }
}

fn printed_code(code: &Code) -> Option<PrintedCode> {
    let kind = if code.text.starts_with("shc:/") { CodeKind::HealthCard } else { CodeKind::VdsNc };
    let modules = symbol::modules(&code.text, code.level)?;
    let side = millimetres(modules as f64 * f64::from(code.module));
    let area = Area {
        left_mm: millimetres(f64::from(code.x)),
        top_mm: millimetres(f64::from(code.y)),
        width_mm: side,
        height_mm: side,
    };
    Some(PrintedCode { kind, text: code.text.clone(), area })
}

#[cfg(test)]
mod tests;
