//! Paper read back: does it say what the centre issued, and is it still in force?
//!
//! The procedure: take in files, read the scramble picture off one page, open it, draw the front anew from the
//! description inside, lay the presented front over it and compare it place by place, read the printed codes, judge the
//! originality patch, look up the issue. Every step that could be taken is reported, whatever the verdict.
//!
//! | verdict | when, the first that applies |
//! |---|---|
//! | altered | the picture was not made by the centre, or stands beside another one's QR; the front differs from the one inside it; a printed code is not the centre's or not this certificate's |
//! | revoked | the certificate was issued and revoked |
//! | unknown | the picture is sealed with a key not known here, or no such certificate was issued |
//! | unreadable | no picture could be read, or a front was presented that could not be laid over the one inside it |
//! | genuine | otherwise. With the back alone, the decoded front is to be compared by eye |
//!
//! Whether the paper is an original or a copy is told beside the verdict and does not change it: a copy says what was
//! issued, and the bounds come from simulated printers.

mod alignment;
mod codes;
mod comparison;
mod copy_word;
pub mod desk;
mod dirt;
mod drawing;
mod fold;
pub mod intake;
mod letters;
mod line;
mod parabola;
mod plane;
pub mod public;
pub mod report;

use serde::Serialize;
use shared::domain::identifiers::CertificateId;
use shared::qr::public_key::PublicKey;

use crate::document::ground_pattern::CopyWord;
use crate::document::outline::Outline;
use crate::document::typeface::Picture;
use crate::raster::Raster;
use crate::scramble::originality::{self, Originality, Untold};
use crate::scramble::{self, OpenError, OpeningKeys, ReadError};
use crate::signer::SigningKeys;
use alignment::Aligned;
pub use comparison::Comparison;
pub use letters::Letter;
use report::{Area, Features, Finding, Report, Verdict};

/// What the centre checks paper with.
pub struct InspectionKeys {
    scramble: OpeningKeys,
    health_card: Vec<PublicKey>,
    barcode_signers: Vec<(Vec<u8>, PublicKey)>,
}

/// What the centre knows of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssueStatus {
    /// Issued and in force.
    Issued,
    /// Issued; the terminal has not told yet how it ended.
    Pending,
    /// Issued and revoked.
    Revoked,
    /// Never issued here.
    Unknown,
}

/// Draws fronts anew. The document engine does; tests have their own.
pub trait FrontDrawing {
    /// The front of a description taken out of a picture; `None` if it is of a form that is not known.
    fn front(&self, description: &[u8]) -> Option<Front>;

    /// The shapes of the characters that look like one or like what is seen in its place; none if nothing is known of
    /// typefaces.
    fn alike(&self, letter: &Letter, seen: &Picture) -> Vec<Outline> {
        _ = (letter, seen);
        Vec::new()
    }
}

/// A front drawn anew.
pub struct Front {
    /// One page.
    pub pdf: Vec<u8>,
    /// The same page without its ground pattern, for comparison.
    pub bare_pdf: Vec<u8>,
    /// The texts on it, for telling which one differs.
    pub items: Vec<Item>,
    /// Their characters, for telling another one from dirt; none if nothing is known of typefaces.
    pub letters: Vec<Letter>,
    /// The codes on it.
    pub codes: Vec<PrintedCode>,
    /// Where the word 複写 stands in its ground, and in that of the back; `None` if there is none.
    pub copy_word: Option<CopyWord>,
}

/// A text on the front.
pub struct Item {
    /// What it says.
    pub text: String,
    /// Where it stands.
    pub area: Area,
}

/// A code on the front.
pub struct PrintedCode {
    /// Which one.
    pub kind: CodeKind,
    /// What it says.
    pub text: String,
    /// Where it stands.
    pub area: Area,
}

/// The codes a certificate carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeKind {
    /// SMART Health Card.
    HealthCard,
    /// ICAO VDS-NC.
    VdsNc,
}

/// What an inspection gives: the report, and the front as it was issued.
pub struct Inspection {
    /// The report.
    pub report: Report,
    /// The decoded front, drawn anew as a PDF of one page.
    pub front: Option<Vec<u8>>,
    /// The presented front as it lies over the decoded one, at [`COMPARISON_DPI`]; the differences are places on it.
    pub presented: Option<Raster>,
}

/// Dots an inch at which fronts are compared.
pub const COMPARISON_DPI: f32 = comparison::DPI;

/// Compares a page with a front drawn anew; `None` if it is another page.
pub fn compare(front: &Front, page: &Raster, drawing: &dyn FrontDrawing) -> Option<Comparison> {
    let fine = finely_drawn(front)?;
    let aligned = alignment::align(&fine.shrunk(2), page)?;
    Some(comparison::compare(&fine, aligned, front, drawing).0)
}

/// Light of the word 複写 over that of the ground around it on a presented front, less one (Weber).
///
/// `None` if it is another page, or too little of the ground is seen.
pub fn copy_word(front: &Front, page: &Raster) -> Option<f64> {
    let aligned = alignment::align(&finely_drawn(front)?.shrunk(2), page)?;
    copy_word::on_front(front.copy_word.as_ref()?, &aligned)
}

/// A front at twice the resolution at which fronts are compared.
fn finely_drawn(front: &Front) -> Option<Raster> {
    intake::rasterise_first_page(&front.bare_pdf, comparison::DPI * 2.0)
}

/// Everything an inspection asks of the rest of the centre.
#[derive(Clone, Copy)]
pub struct Inspector<'a> {
    /// Keys.
    pub keys: &'a InspectionKeys,
    /// Draws fronts.
    pub drawing: &'a dyn FrontDrawing,
    /// Knows what was issued.
    pub status: &'a dyn Fn(&CertificateId) -> IssueStatus,
}

shared::hidden_debug!(InspectionKeys, Front, Item, PrintedCode, Inspection, Inspector<'_>);

impl InspectionKeys {
    /// From the keys of the pictures and of the printed codes.
    pub fn new(scramble: OpeningKeys, codes: &SigningKeys) -> Self {
        let signer = codes.barcode_signer();
        Self {
            scramble,
            health_card: vec![codes.health_card_key()],
            barcode_signers: vec![(signer.certificate.to_vec(), signer.key)],
        }
    }
}

impl Inspector<'_> {
    /// Inspects the pages of one paper: one or both sides, in any order, any way up.
    pub fn verify(&self, pages: &[Raster]) -> Inspection {
        let mut features = Features::default();
        let (back, reading) = match read_back(pages) {
            Ok(found) => found,
            Err(error) => {
                features.back = Finding::unreadable(back_words(error));
                return Inspection::without_front(Report::new(Verdict::Unreadable, None, features));
            }
        };
        features.back = Finding::holds(report::BACK_READ);
        let certificate = reading.label.certificate().clone();
        let opened = match scramble::open(&reading, &self.keys.scramble) {
            Ok(opened) => opened,
            Err(error) => {
                let (verdict, words) = content_words(error);
                features.content = Finding::fails(words);
                return Inspection::without_front(Report::new(verdict, Some(certificate), features));
            }
        };
        features.content = Finding::holds(report::CONTENT_SIGNED);
        let originality = pages.get(back).map(|page| originality::judge(page, &reading, &self.keys.scramble));
        features.originality = originality.map_or(features.originality, originality_finding);
        let is_scan = !originality.is_some_and(Originality::is_of_no_greys);
        let drawn = self.drawing.front(&opened.plain);
        let others = pages.iter().enumerate().filter(|(page, _)| *page != back).map(|(_, page)| page);
        let mut report = Report::new(Verdict::Genuine, Some(certificate.clone()), features);
        report.originality = originality.and_then(Originality::score);
        let presented = drawn.as_ref().and_then(|front| self.compare_front(front, others, &mut report));
        if report.copy_word.is_none()
            && let (Some(word), Some(page)) =
                (drawn.as_ref().and_then(|front| front.copy_word.as_ref()), pages.get(back))
        {
            report.copy_word = copy_word::on_back(word, (page, &reading));
        }
        report.features.copy_word = copy_word::finding(report.copy_word.filter(|_| is_scan));
        report.features.status = status_finding((self.status)(&certificate));
        report.settle();
        Inspection { report, front: drawn.map(|front| front.pdf), presented }
    }

    /// Lays the presented front over the drawn one, fills in what that shows, and gives it as it lies.
    fn compare_front<'a>(
        &self,
        front: &Front,
        others: impl Iterator<Item = &'a Raster>,
        report: &mut Report,
    ) -> Option<Raster> {
        let fine = finely_drawn(front)?;
        let drawn = fine.shrunk(2);
        let mut is_presented = false;
        let mut best: Option<Aligned> = None;
        for page in others {
            is_presented = true;
            let aligned = alignment::align(&drawn, page);
            if aligned.as_ref().map(Aligned::likeness) > best.as_ref().map(Aligned::likeness) {
                best = aligned;
            }
        }
        let Some(aligned) = best else {
            if is_presented {
                report.features.front = Finding::unreadable(report::FRONT_NOT_ALIGNED);
            }
            return None;
        };
        let (compared, aligned) = comparison::compare(&fine, aligned, front, self.drawing);
        report.differences = compared.differences;
        report.dirt = compared.dirt;
        report.deviation = Some(compared.deviation);
        report.copy_word = front.copy_word.as_ref().and_then(|word| copy_word::on_front(word, &aligned));
        report.features.front = if !report.differences.is_empty() {
            Finding::fails(report::FRONT_DIFFERS)
        } else if aligned.is_coarse() {
            Finding::holds(report::FRONT_SAME_COARSELY)
        } else {
            Finding::holds(report::FRONT_SAME)
        };
        for code in &front.codes {
            let finding = codes::check(code, &aligned, self.keys);
            match code.kind {
                CodeKind::HealthCard => report.features.health_card = finding,
                CodeKind::VdsNc => report.features.vds_nc = finding,
            }
        }
        Some(aligned.laid_over())
    }
}

impl Inspection {
    const fn without_front(report: Report) -> Self {
        Self { report, front: None, presented: None }
    }
}

/// The first page with a picture; else the error of the page that came furthest.
fn read_back(pages: &[Raster]) -> Result<(usize, scramble::Reading), ReadError> {
    let mut furthest = ReadError::NoPicture;
    for (index, page) in pages.iter().enumerate() {
        match scramble::read(page) {
            Ok(reading) => return Ok((index, reading)),
            Err(ReadError::NoPicture) => {}
            Err(error) => furthest = error,
        }
    }
    Err(furthest)
}

const fn back_words(error: ReadError) -> report::Words {
    match error {
        ReadError::NoPicture => report::BACK_ABSENT,
        ReadError::NotAligned | ReadError::Undecodable => report::BACK_UNREADABLE,
    }
}

const fn content_words(error: OpenError) -> (Verdict, report::Words) {
    match error {
        OpenError::UnknownKey => (Verdict::Unknown, report::CONTENT_UNKNOWN_KEY),
        OpenError::OtherQr => (Verdict::Altered, report::CONTENT_OTHER_QR),
        OpenError::Forged | OpenError::Signature => (Verdict::Altered, report::CONTENT_FORGED),
        OpenError::Malformed => (Verdict::Unreadable, report::CONTENT_UNKNOWN_FORM),
    }
}

const fn originality_finding(originality: Originality) -> Finding {
    match originality {
        Originality::Original(_) => Finding::holds(report::ORIGINAL),
        Originality::Copy(_) => Finding::fails(report::COPY),
        Originality::Between(_) => Finding::unreadable(report::ORIGINAL_OR_COPY),
        Originality::Untold(untold) => Finding::unreadable(match untold {
            Untold::NotFound => report::PATCH_ABSENT,
            Untold::NotPaper => report::PATCH_DRAWN,
            Untold::TooCoarse => report::PATCH_TOO_COARSE,
            Untold::BlackAndWhite => report::PATCH_BLACK_AND_WHITE,
            Untold::TooSmeared => report::PATCH_SMEARED,
        }),
    }
}

const fn status_finding(status: IssueStatus) -> Finding {
    match status {
        IssueStatus::Issued => Finding::holds(report::STATUS_ISSUED),
        IssueStatus::Pending => Finding::holds(report::STATUS_PENDING),
        IssueStatus::Revoked => Finding::fails(report::STATUS_REVOKED),
        IssueStatus::Unknown => Finding::fails(report::STATUS_UNKNOWN),
    }
}

#[cfg(test)]
mod tests;
