//! The certificate on its way: composed, reviewed, sealed. Each step consumes the one before.

use shared::domain::certificate::Content;
use shared::proof::HolderDigest;

/// Composed from the records of one verified person; not yet compared with them.
pub struct Certificate {
    content: Content,
    holder: HolderDigest,
}

/// Every printed item was compared with the record, and every character can be drawn.
pub struct ReviewedCertificate {
    content: Content,
    holder: HolderDigest,
}

/// The signed codes were made.
#[derive(Clone)]
pub struct SealedCertificate {
    content: Content,
    holder: HolderDigest,
    health_card: String,
    vds_nc: Option<String>,
}

/// The texts of a certificate's printed codes.
#[derive(Clone, Copy)]
pub struct PrintedCodes<'a> {
    /// The SMART Health Card, `shc:/…`.
    pub health_card: &'a str,
    /// The VDS-NC, on the overseas form.
    pub vds_nc: Option<&'a str>,
}

/// Why a composed certificate must not be issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReviewError {
    /// An item differs from the record. Names the item, not its value.
    #[error("the item {0} differs from the record")]
    Differs(&'static str),
    /// A character of an item has no glyph.
    #[error("a character of the item {0} cannot be drawn")]
    Undrawable(&'static str),
}

impl Certificate {
    /// Composes a certificate for the holder who was verified.
    pub const fn new(content: Content, holder: HolderDigest) -> Self {
        Self { content, holder }
    }

    /// What it will say.
    pub const fn content(&self) -> &Content {
        &self.content
    }

    /// Compares it with what the record says it must be, drawn up independently, and asks for each text
    /// whether every character can be drawn.
    pub fn review(
        self,
        expected: &Content,
        is_drawable: impl Fn(&str) -> bool,
    ) -> Result<ReviewedCertificate, ReviewError> {
        let (actual, record) = (&self.content, expected);
        let items = [
            ("form", actual.form == record.form),
            ("name", actual.name == record.name),
            ("birth date", actual.birth_date == record.birth_date),
            ("sex", actual.sex == record.sex),
            ("passport", actual.passport == record.passport),
            ("doses", actual.doses == record.doses),
            ("certificate id", actual.certificate == record.certificate),
            ("date of issue", actual.issued_on == record.issued_on),
            ("municipality", actual.municipality == record.municipality),
        ];
        if let Some((item, _)) = items.into_iter().find(|(_, same)| !same) {
            return Err(ReviewError::Differs(item));
        }
        if !is_drawable(&actual.name) {
            return Err(ReviewError::Undrawable("name"));
        }
        if !actual.doses.iter().all(|dose| is_drawable(&dose.lot)) {
            return Err(ReviewError::Undrawable("lot"));
        }
        Ok(ReviewedCertificate { content: self.content, holder: self.holder })
    }
}

impl ReviewedCertificate {
    /// What it says.
    pub const fn content(&self) -> &Content {
        &self.content
    }

    /// Whom it is for.
    pub const fn holder(&self) -> HolderDigest {
        self.holder
    }

    /// Adds the signed codes. `health_card` is the `shc:/…` text, `vds_nc` the canonical JSON; only
    /// [`crate::signer`] makes them.
    pub(crate) fn seal(self, health_card: String, vds_nc: Option<String>) -> SealedCertificate {
        SealedCertificate { content: self.content, holder: self.holder, health_card, vds_nc }
    }
}

impl SealedCertificate {
    /// What it says.
    pub const fn content(&self) -> &Content {
        &self.content
    }

    /// Whom it is for.
    pub const fn holder(&self) -> HolderDigest {
        self.holder
    }

    /// The texts of the printed codes.
    pub fn codes(&self) -> PrintedCodes<'_> {
        PrintedCodes { health_card: &self.health_card, vds_nc: self.vds_nc.as_deref() }
    }

    /// The SMART Health Card, `shc:/…`.
    pub fn health_card(&self) -> &str {
        &self.health_card
    }

    /// The VDS-NC, on the overseas form.
    pub fn vds_nc(&self) -> Option<&str> {
        self.vds_nc.as_deref()
    }
}

shared::hidden_debug!(Certificate, ReviewedCertificate, SealedCertificate, PrintedCodes<'_>);
