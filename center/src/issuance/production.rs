//! The part of issuing that is the same at a terminal and at a counter: composed, reviewed, signed, drawn, and seen to
//! be what was asked for.

use jiff::Timestamp;
use shared::domain::certificate::Content;
use shared::domain::identifiers::TerminalId;
use shared::proof::HolderDigest;
use shared::records::PersonRecord;

use super::workshop::{Made, Workshop, WorkshopError};
use crate::certificate::evidence::{self, Demand};
use crate::certificate::{Certificate, ReviewError, ReviewedCertificate};

/// Why nothing was produced.
#[derive(Debug, thiserror::Error)]
pub enum ProductionError {
    /// The certificate is not what the record says, or cannot be drawn.
    #[error("the certificate did not pass its review")]
    Review(#[source] ReviewError),
    /// It could not be signed or drawn.
    #[error("the certificate could not be made")]
    Workshop(#[from] WorkshopError),
    /// The document is another certificate's or another holder's.
    #[error("the document that was drawn is not the one that was asked for")]
    Crossed,
}

impl ProductionError {
    /// Whether this content can never be printed, however often it is tried.
    pub const fn is_final(&self) -> bool {
        match self {
            Self::Review(ReviewError::Undrawable(_))
            | Self::Workshop(WorkshopError::NotEncodable(_) | WorkshopError::NotDrawable(_)) => true,
            Self::Review(ReviewError::Differs(_))
            | Self::Workshop(WorkshopError::Seal(_) | WorkshopError::Press(_))
            | Self::Crossed => false,
        }
    }
}

/// What is produced, for whom, from what.
pub struct Order<'a> {
    /// The content as the rules of eligibility drew it up.
    pub drawn_up: Content,
    /// What was decided.
    pub demand: Demand<'a>,
    /// The record it was drawn up from.
    pub record: &'a PersonRecord,
    /// Whom it is for.
    pub holder: HolderDigest,
}

shared::hidden_debug!(Order<'_>);

impl Order<'_> {
    /// Compares what was drawn up with what the record itself demands, and gives both.
    pub fn review(self, is_drawable: impl Fn(&str) -> bool) -> Result<(Content, ReviewedCertificate), ReviewError> {
        let expected = evidence::expected(self.record, &self.demand)?;
        let reviewed = Certificate::new(self.drawn_up, self.holder).review(&expected, is_drawable)?;
        Ok((expected, reviewed))
    }

    /// Reviews, signs and draws, for the printer of a terminal if it is one's; gives with the document what the record
    /// demanded that it say.
    pub fn produce(
        self,
        workshop: &dyn Workshop,
        printer: Option<&TerminalId>,
        at: Timestamp,
    ) -> Result<(Content, Made), ProductionError> {
        let holder = self.holder;
        let (expected, reviewed) = self.review(|text| workshop.is_drawable(text)).map_err(ProductionError::Review)?;
        let made = workshop.make(reviewed, printer, at)?;
        if made.holder != holder || made.certificate != expected.certificate {
            return Err(ProductionError::Crossed);
        }
        Ok((expected, made))
    }
}
