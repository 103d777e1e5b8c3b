//! What municipalities agreed to, who of them and when, and what the console knows of a municipality besides.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared::domain::identifiers::MunicipalityCode;
use shared::records::{Agreement, TermsDocument};

use super::actor::{AccessError, Actor, Changer};
use super::{StoreError, SwitchPosition};

/// A consent as it stands in the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// To what.
    pub agreement: Agreement,
    /// Who agreed.
    pub by: Changer,
    /// When.
    pub at: Timestamp,
}

/// What is in force for a municipality now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Agreements {
    /// The newest version of each document that was agreed to.
    pub documents: Vec<Agreement>,
    /// Whether issue at terminals is suspended.
    pub suspended: bool,
}

impl Agreements {
    /// Whether the version of a document that is asked for today was agreed to.
    pub fn cover(&self, document: TermsDocument) -> bool {
        self.documents.iter().any(|agreed| agreed.document == document && agreed.version >= document.current_version())
    }
}

/// What a municipality says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Department and telephone that residents are referred to; at most [`MAXIMUM_CONTACT`] characters.
    pub contact: String,
    /// Persons whose specific personal information is handled.
    pub subjects: u64,
    /// Persons who handle it.
    pub handlers: u64,
    /// Whether a serious incident happened within a year.
    pub incident: bool,
    /// How far the impact assessment is.
    pub assessment: Assessment,
}

/// How far a municipality is with its impact assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Assessment {
    /// Nothing was done.
    #[default]
    None,
    /// Some of it.
    Partly,
    /// All that the threshold asks for.
    Done,
}

/// Characters of a contact.
pub const MAXIMUM_CONTACT: usize = 100;

/// Terms and profiles.
pub trait Terms: Send + Sync {
    /// What is in force for a municipality; one that is not known agreed to nothing.
    fn agreements(&self, municipality: &MunicipalityCode) -> Result<Agreements, StoreError>;
    /// What is in force for each municipality that agreed to the addition, by its code.
    fn with_addition(&self) -> Result<BTreeMap<String, Agreements>, StoreError>;
    /// Every consent of the actor's municipality, newest first.
    fn consents(&self, actor: &Actor) -> Result<Vec<Consent>, AccessError>;
    /// Agrees to the present version of a document.
    fn agree(&self, actor: &Actor, agreement: Agreement, at: Timestamp) -> Result<(), AccessError>;
    /// Suspends issue at terminals for the actor's municipality, or lets it go on.
    fn suspend(&self, actor: &Actor, to: SwitchPosition, at: Timestamp) -> Result<(), AccessError>;
    /// What a municipality says of itself.
    fn profile(&self, municipality: &MunicipalityCode) -> Result<Profile, StoreError>;
    /// Replaces what the actor's municipality says of itself, and judges its figures anew: an assessment that was done
    /// for less is then done in part only.
    fn set_profile(&self, actor: &Actor, profile: Profile, at: Timestamp) -> Result<(), AccessError>;
}
