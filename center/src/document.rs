//! The paper: page description, typefaces, front, back, and the finished two-page PDF.
//!
//! ```text
//! SealedCertificate ─► front::compose ─► PageDescription ─► canvas ──────────────► pdf ─► Document
//!                                              └─► scramble::seal ─► back ────────┘
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
pub mod stock;
pub mod symbol;
pub mod typeface;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use shared::domain::calibration::Calibration;
use shared::domain::identifiers::CertificateId;
use shared::proof::{HolderDigest, digest_of_parts};

use crate::certificate::SealedCertificate;
use crate::scramble::{self, ScrambleKeys};
use back::{BackArtwork, BackError, FixedBack};
use canvas::{Canvas, DrawError, FixedForm};
use description::PageDescription;
use front::FrontError;
use ground_pattern::Ground;
use pdf::{Fixed, Parts, PdfError};
use stock::Stock;
use typeface::{Faces, Font, TypefaceError, TypefaceFiles, Typefaces, Undrawable};

/// What all documents share: typefaces, colour profile, patterns, scramble keys. Made once.
#[derive(Debug)]
pub struct Press {
    typefaces: Typefaces,
    stock: Stock,
    fixed: Fixed,
    back: FixedBack,
    grounds: Mutex<BTreeMap<Calibration, Arc<Ground>>>,
    scramble_keys: ScrambleKeys,
}

/// Whether a front that is drawn again has its ground pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// As it was printed.
    Shown,
    /// For comparison: the pattern depends on the printer.
    Left,
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
    /// The back cannot be made.
    #[error("the back cannot be made")]
    Back(#[from] BackError),
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

/// Ground patterns kept for other documents; a pattern takes some 40 kB.
const MAXIMUM_GROUNDS: usize = 600;

impl Press {
    /// Reads the typefaces and prepares what every document shares.
    pub fn new(files: &TypefaceFiles, scramble_keys: ScrambleKeys) -> Result<Self, TypefaceError> {
        let typefaces = Typefaces::read(files)?;
        let unfit = |what| move || TypefaceError::Unfit(what);
        let faces = typefaces.faces().map_err(|Undrawable| TypefaceError::Unfit("any text"))?;
        let specimens = specimens(&typefaces).ok_or_else(unfit("the front of a specimen"))?;
        let texts = specimens.iter().map(|(font, text)| (*font, text.as_str()));
        let stock = Stock::new(texts, &typefaces, &faces).ok().ok_or_else(unfit("the front's own words"))?;
        let fixed = Fixed::new(&stock, &color_profile::office_toner(), &latent_picture::form(&faces));
        let back = FixedBack::new(&faces, &stock).ok().ok_or_else(unfit("the back's own words"))?;
        Ok(Self { typefaces, stock, fixed, back, grounds: Mutex::default(), scramble_keys })
    }

    /// Whether every character of a text has a glyph, variation sequences included.
    pub fn is_drawable(&self, text: &str) -> bool {
        self.typefaces.faces().is_ok_and(|faces| faces.shape(text, Font::Names).is_ok())
    }

    /// Its typefaces.
    pub(crate) fn faces(&self) -> Result<Faces<'_>, Undrawable> {
        self.typefaces.faces()
    }

    /// Sets out the front of a certificate, for a typical printer.
    pub fn describe(&self, certificate: &SealedCertificate) -> Result<PageDescription, DocumentError> {
        self.describe_for(certificate, Calibration::default())
    }

    fn describe_for(
        &self,
        certificate: &SealedCertificate,
        calibration: Calibration,
    ) -> Result<PageDescription, DocumentError> {
        let front = front::compose(certificate.content(), certificate.codes(), &self.typefaces.faces()?)?;
        Ok(front.on_ground(calibration))
    }

    /// Makes the document of a certificate, for a typical printer.
    pub fn render(&self, certificate: &SealedCertificate) -> Result<Document, DocumentError> {
        self.render_for(certificate, Calibration::default())
    }

    /// Makes the document of a certificate, its ground pattern drawn for one printer.
    pub fn render_for(
        &self,
        certificate: &SealedCertificate,
        calibration: Calibration,
    ) -> Result<Document, DocumentError> {
        let faces = self.typefaces.faces()?;
        let content = certificate.content();
        let description = self.describe_for(certificate, calibration)?;
        let description_bytes = description.to_bytes();
        let sealed = scramble::seal(&description_bytes, &content.certificate, &self.scramble_keys)?;
        let artwork = BackArtwork::new(&sealed, &content.certificate, &self.scramble_keys);
        let identity = digest_of_parts(b"konbini-certificate document v5", &[&description_bytes, &sealed.ciphertext]);

        let mut canvas = Canvas::new(&faces, &self.stock);
        canvas.form(FixedForm::FrontGround);
        canvas.items(description.items())?;
        let front = canvas.finish_page();
        canvas.form(FixedForm::BackGround);
        canvas.form(FixedForm::Latent);
        self.back.draw(&mut canvas, (content.certificate.as_str(), artwork), &faces)?;
        let back = canvas.finish_page();
        let parts = Parts {
            pages: vec![front, back],
            glyphs: &canvas.glyphs,
            pictures: &canvas.pictures,
            ground: &*self.ground(calibration)?,
            identity,
            date: content.issued_on,
        };
        let bytes = pdf::write(&parts, &self.fixed, &self.typefaces, &faces)?;
        Ok(Document { bytes, holder: certificate.holder(), certificate: content.certificate.clone() })
    }

    /// Draws a front again from its description, as a page of its own: what was issued, for comparison.
    pub fn redraw(&self, description: &PageDescription, pattern: Pattern) -> Result<Vec<u8>, DocumentError> {
        let faces = self.typefaces.faces()?;
        let mut canvas = Canvas::new(&faces, &self.stock);
        if pattern == Pattern::Shown {
            canvas.form(FixedForm::FrontGround);
        }
        canvas.items(description.items())?;
        let parts = Parts {
            pages: vec![canvas.finish_page()],
            glyphs: &canvas.glyphs,
            pictures: &canvas.pictures,
            ground: &*self.ground(description.ground().unwrap_or_default())?,
            identity: digest_of_parts(b"konbini-certificate front v2", &[&description.to_bytes()]),
            date: jiff::civil::date(2022, 1, 1),
        };
        Ok(pdf::write(&parts, &self.fixed, &self.typefaces, &faces)?)
    }

    /// The ground pattern for a printer, made at its first document.
    fn ground(&self, calibration: Calibration) -> Result<Arc<Ground>, Undrawable> {
        // A panic while the map was held left it as it was.
        let known = self.grounds.lock().unwrap_or_else(PoisonError::into_inner).get(&calibration).map(Arc::clone);
        if let Some(ground) = known {
            return Ok(ground);
        }
        let ground = Arc::new(Ground::new(&self.typefaces.faces()?, calibration));
        let mut grounds = self.grounds.lock().unwrap_or_else(PoisonError::into_inner);
        if grounds.len() < MAXIMUM_GROUNDS {
            grounds.insert(calibration, Arc::clone(&ground));
        }
        drop(grounds);
        Ok(ground)
    }
}

/// Every text that many documents have in common, in the face it is set in.
fn specimens(typefaces: &Typefaces) -> Option<Vec<(Font, String)>> {
    /// What values are made of.
    const VALUES: &str =
        " !#&'()+,-./0123456789:<>ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz年月日長都道府県市区町村";
    let faces = typefaces.faces().ok()?;
    let mut texts = vec![(Font::Text, VALUES.to_owned()), (Font::Labels, VALUES.to_owned())];
    let mut take = |items: &[description::Item]| {
        texts.extend(items.iter().filter_map(|item| match item {
            description::Item::Text(run) if run.font != Font::Names => Some((run.font, run.text.clone())),
            description::Item::Text(_) | description::Item::Area(_) | description::Item::Code(_) => None,
        }));
    };
    for (content, codes) in front::specimens() {
        take(front::compose(&content, codes, &faces).ok()?.items());
    }
    take(&back::items("000000000000", &faces).ok()?);
    Some(texts)
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
