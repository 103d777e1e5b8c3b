//! The documents that a municipality agrees to, and what it agreed to.

use serde::{Deserialize, Serialize};

/// A document with its own button and state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TermsDocument {
    /// 確認事項: electronic issue.
    Confirmation,
    /// 確認事項（追加分）: inquiries between municipalities by My Number without the person's consent.
    ConfirmationAddition,
    /// 規約: issue at terminals in stores.
    KioskTerms,
}

/// A document and the version that was agreed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// Which document.
    pub document: TermsDocument,
    /// Which version, from 1.
    pub version: u16,
}

impl TermsDocument {
    /// Every document, in the order of the page.
    pub const ALL: [Self; 3] = [Self::Confirmation, Self::ConfirmationAddition, Self::KioskTerms];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Confirmation => "confirmation",
            Self::ConfirmationAddition => "confirmation-addition",
            Self::KioskTerms => "kiosk-terms",
        }
    }

    /// From the stable name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|document| document.as_str() == text)
    }

    /// The version that is asked for today. The confirmation was renewed when terminals were added.
    pub const fn current_version(self) -> u16 {
        match self {
            Self::Confirmation => 2,
            Self::ConfirmationAddition | Self::KioskTerms => 1,
        }
    }
}
