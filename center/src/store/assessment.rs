//! The impact assessment of a municipality: each judgement by which its duty changed, and the basic sheet.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared::records::AccountId;

use super::actor::{AccessError, Actor};
use crate::vrs::impact::{Duty, Figures};

/// A judgement by the threshold table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// When.
    pub at: Timestamp,
    /// Who gave the figures.
    pub by: AccountId,
    /// The figures.
    pub figures: Figures,
    /// What they ask for.
    pub duty: Duty,
}

/// A field of the basic sheet (基礎項目評価書).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SheetField {
    /// The task for which My Number is handled.
    Task,
    /// What is done in it.
    Outline,
    /// The systems it uses.
    Systems,
    /// The files with specific personal information.
    Files,
    /// The law that allows it.
    LegalBasis,
    /// Whether information is shared through the national network, and by which law.
    Sharing,
    /// The department in charge.
    Department,
    /// The office of its head.
    Head,
    /// Other bodies that assess the same task.
    Others,
    /// Where residents ask for disclosure, correction or an end of use.
    Requests,
    /// Where residents ask about the handling.
    Inquiries,
    /// As of when persons and handlers were counted.
    CountedOn,
    /// Measures against risks when information comes in.
    Acquisition,
    /// Measures against risks in its use.
    Use,
    /// Measures against risks where work is given to others.
    Entrustment,
    /// Measures against risks when it is passed on.
    Transfer,
    /// Measures against leaks and losses.
    Security,
    /// How staff are trained and audited.
    Training,
}

impl SheetField {
    /// Every field, in the order of the sheet.
    pub const ALL: [Self; 18] = [
        Self::Task,
        Self::Outline,
        Self::Systems,
        Self::Files,
        Self::LegalBasis,
        Self::Sharing,
        Self::Department,
        Self::Head,
        Self::Others,
        Self::Requests,
        Self::Inquiries,
        Self::CountedOn,
        Self::Acquisition,
        Self::Use,
        Self::Entrustment,
        Self::Transfer,
        Self::Security,
        Self::Training,
    ];
}

/// What stands in the sheet; a field that is missing is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sheet(BTreeMap<SheetField, String>);

impl Sheet {
    /// A field's text.
    pub fn text(&self, field: SheetField) -> &str {
        self.0.get(&field).map_or("", String::as_str)
    }

    /// Writes a field; one that is too long or has control characters other than line breaks is not taken.
    pub fn write(&mut self, field: SheetField, text: &str) -> Result<(), AccessError> {
        let text = text.replace("\r\n", "\n");
        let text = text.trim();
        if text.chars().count() > MAXIMUM_TEXT || text.chars().any(|c| c.is_control() && c != '\n') {
            return Err(AccessError::Invalid("a field of the sheet of up to 1000 characters is expected"));
        }
        if text.is_empty() {
            self.0.remove(&field);
        } else {
            self.0.insert(field, text.to_owned());
        }
        Ok(())
    }

    /// Fields that are still empty.
    pub fn missing(&self) -> impl Iterator<Item = SheetField> {
        SheetField::ALL.into_iter().filter(|field| self.text(*field).is_empty())
    }
}

/// A sheet as it was last saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedSheet {
    /// What stands in it.
    pub sheet: Sheet,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: AccountId,
}

/// Assessments. Judgements are made by [`super::terms::Terms::set_profile`], whenever the figures ask for something else.
pub trait Assessments: Send + Sync {
    /// The judgements of the actor's municipality, newest first.
    fn judgements(&self, actor: &Actor) -> Result<Vec<Judgement>, AccessError>;
    /// The sheet of the actor's municipality.
    fn sheet(&self, actor: &Actor) -> Result<Option<SavedSheet>, AccessError>;
    /// Replaces it.
    fn save_sheet(&self, actor: &Actor, sheet: &Sheet, at: Timestamp) -> Result<(), AccessError>;
}

/// Characters of a field.
pub const MAXIMUM_TEXT: usize = 1_000;
