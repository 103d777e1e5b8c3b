//! The paper: page description, typefaces, front, back, and the finished two-page PDF.
//!
//! ```text
//! SealedCertificate ─► front::compose ─► PageDescription ─► canvas ──────────────► pdf ─► Document
//!                                              └─► scramble::seal ─► back::draw ──┘
//! ```
//!
//! **Invariant**: the same sealed certificate under the same scramble keys gives the same bytes, in any process.

pub mod back;
pub mod bit_picture;
pub mod canvas;
pub mod color_profile;
pub mod description;
pub mod front;
pub mod ground_pattern;
pub mod latent_picture;
pub mod outline;
pub mod pdf;
pub mod romanization;
pub mod sheet;
pub mod symbol;
pub mod typeface;

use lopdf::Stream;
use printpdf::XObject;
use shared::domain::identifiers::CertificateId;
use shared::proof::{HolderDigest, digest_of_parts};

use crate::certificate::SealedCertificate;
use crate::scramble::{self, ScrambleKeys};
use back::BackArtwork;
use canvas::{Canvas, DrawError};
use description::PageDescription;
use front::FrontError;
use pdf::{Parts, PdfError};
use sheet::LayoutError;
use typeface::{Font, TypefaceError, TypefaceFiles, Typefaces, Undrawable};

/// What all documents share: typefaces, colour profile, scramble keys. Made once.
#[derive(Debug)]
pub struct Press {
    typefaces: Typefaces,
    profile: Stream,
    ground: XObject,
    latent: XObject,
    scramble_keys: ScrambleKeys,
}

/// A finished two-page PDF, and whom and what it is for.
#[derive(Clone)]
pub struct Document {
    bytes: Vec<u8>,
    holder: HolderDigest,
    certificate: CertificateId,
}

shared::hidden_debug!(Document);

/// Why a document could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// The front cannot be set out.
    #[error("the front cannot be set out")]
    Front(#[from] FrontError),
    /// The back cannot be set out.
    #[error("the back cannot be set out")]
    Back(#[from] LayoutError),
    /// An item cannot be drawn.
    #[error("an item cannot be drawn")]
    Draw(#[from] DrawError),
    /// A typeface lacks a character.
    #[error("a character has no glyph")]
    Typeface(#[from] Undrawable),
    /// The scramble picture cannot be made.
    #[error("the scramble picture cannot be made")]
    Scramble(#[from] scramble::SealError),
    /// The file cannot be put together.
    #[error("the file cannot be put together")]
    Pdf(#[from] PdfError),
}

impl Press {
    /// Reads the typefaces and prepares what every document shares.
    pub fn new(files: &TypefaceFiles, scramble_keys: ScrambleKeys) -> Result<Self, TypefaceError> {
        let typefaces = Typefaces::read(files)?;
        let (ground, latent) = {
            let faces = typefaces.faces().map_err(|Undrawable| TypefaceError::Malformed(files.labels.clone()))?;
            (ground_pattern::form(&faces), latent_picture::form(&faces))
        };
        let profile = pdf::output_profile(&color_profile::office_toner());
        Ok(Self { typefaces, profile, ground: deflated(ground), latent: deflated(latent), scramble_keys })
    }

    /// Whether every character of a text has a glyph, variation sequences included.
    pub fn is_drawable(&self, text: &str) -> bool {
        self.typefaces.faces().is_ok_and(|faces| faces.shape(text, Font::Names).is_ok())
    }

    /// Sets out the front of a certificate.
    pub fn describe(&self, certificate: &SealedCertificate) -> Result<PageDescription, DocumentError> {
        Ok(front::compose(certificate, &self.typefaces.faces()?)?)
    }

    /// Makes the document of a certificate.
    pub fn render(&self, certificate: &SealedCertificate) -> Result<Document, DocumentError> {
        let faces = self.typefaces.faces()?;
        let content = certificate.content();
        let description = front::compose(certificate, &faces)?;
        let description_bytes = description.to_bytes();
        let sealed = scramble::seal(&description_bytes, &content.certificate, &self.scramble_keys)?;
        let artwork = BackArtwork { field: scramble::picture(&sealed), qr_text: sealed.qr_text.clone() };

        let mut canvas = Canvas::new(&faces);
        canvas.form("Ground", &self.ground);
        canvas.items(description.items())?;
        let front = canvas.finish_page();
        let back_items = back::compose(content.certificate.as_str(), &faces)?;
        canvas.form("Ground", &self.ground);
        canvas.form("Latent", &self.latent);
        back::draw(&mut canvas, &back_items, &artwork)?;
        let back = canvas.finish_page();
        let parts = Parts {
            pages: vec![front, back],
            glyphs: &canvas.glyphs,
            pictures: std::mem::take(&mut canvas.pictures),
            identity: digest_of_parts(b"konbini-certificate document v1", &[&description_bytes, artwork.field.bytes()]),
            date: content.issued_on,
        };
        let bytes = pdf::write(parts, &self.typefaces, &faces, &self.profile)?;
        Ok(Document { bytes, holder: certificate.holder(), certificate: content.certificate.clone() })
    }

    /// Draws a front again from its description, as a page of its own: what was issued, for comparison.
    pub fn redraw(&self, description: &PageDescription) -> Result<Vec<u8>, DocumentError> {
        let faces = self.typefaces.faces()?;
        let mut canvas = Canvas::new(&faces);
        canvas.form("Ground", &self.ground);
        canvas.items(description.items())?;
        let parts = Parts {
            pages: vec![canvas.finish_page()],
            glyphs: &canvas.glyphs,
            pictures: std::mem::take(&mut canvas.pictures),
            identity: digest_of_parts(b"konbini-certificate front v1", &[&description.to_bytes()]),
            date: jiff::civil::date(2022, 1, 1),
        };
        Ok(pdf::write(parts, &self.typefaces, &faces, &self.profile)?)
    }
}

/// Deflates a form once for all documents.
fn deflated(mut form: XObject) -> XObject {
    if let XObject::External(external) = &mut form
        && let pdf::Deflate::Smaller(bytes) = pdf::deflate(&external.stream.content)
    {
        external.stream.content = bytes;
        external.stream.dict.insert("Filter".to_owned(), printpdf::DictItem::Name(b"FlateDecode".to_vec()));
    }
    form
}

impl Document {
    /// The PDF.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The PDF, taken out.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Whom it is for.
    pub const fn holder(&self) -> HolderDigest {
        self.holder
    }

    /// The certificate's id.
    pub const fn certificate(&self) -> &CertificateId {
        &self.certificate
    }
}

#[cfg(test)]
mod tests;
