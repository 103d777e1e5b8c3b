//! Impact assessment of specific personal information: which one the threshold asks for, and what follows.

use crate::store::terms::Profile;

/// What the threshold looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Persons whose information is handled.
    pub subjects: u64,
    /// Persons who handle it.
    pub handlers: u64,
    /// Whether a serious incident happened within a year.
    pub incident: Incident,
}

/// Whether a serious incident happened within a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incident {
    /// One did.
    Happened,
    /// None did.
    None,
}

/// Which assessment is due, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Duty {
    /// None; it may be made freely.
    Voluntary,
    /// 基礎項目評価
    Basic,
    /// 基礎項目評価 and 重点項目評価
    Focused,
    /// 基礎項目評価 and 全項目評価
    Full,
}

/// What a duty asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// The basic sheet is submitted to the commission.
    SubmitBasic,
    /// The focused sheet is submitted to the commission.
    SubmitFocused,
    /// Residents are asked for their opinions.
    AskResidents,
    /// A third party checks.
    ThirdPartyCheck,
    /// The sheets are published.
    Publish,
}

/// The number of handlers from which more is asked.
const MANY_HANDLERS: u64 = 500;

/// Judges by the table of the commission.
pub const fn judge(figures: &Figures) -> Duty {
    let aggravated = figures.handlers >= MANY_HANDLERS || matches!(figures.incident, Incident::Happened);
    match (figures.subjects, aggravated) {
        (..1_000, _) => Duty::Voluntary,
        (1_000..10_000, _) | (10_000..100_000, false) => Duty::Basic,
        (10_000..100_000, true) | (100_000..300_000, false) => Duty::Focused,
        (100_000..300_000, true) | (300_000.., _) => Duty::Full,
    }
}

impl Duty {
    /// Whether anything must be done.
    pub const fn is_binding(self) -> bool {
        !matches!(self, Self::Voluntary)
    }

    /// What must be done.
    pub const fn tasks(self) -> &'static [Task] {
        match self {
            Self::Voluntary => &[],
            Self::Basic => &[Task::SubmitBasic, Task::Publish],
            Self::Focused => &[Task::SubmitBasic, Task::SubmitFocused, Task::Publish],
            Self::Full => &[Task::SubmitBasic, Task::AskResidents, Task::ThirdPartyCheck, Task::Publish],
        }
    }
}

impl From<&Profile> for Figures {
    fn from(profile: &Profile) -> Self {
        let incident = if profile.incident { Incident::Happened } else { Incident::None };
        Self { subjects: profile.subjects, handlers: profile.handlers, incident }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_table_with_both_sides_of_every_boundary() {
        const QUIET: [(u64, Incident); 2] = [(0, Incident::None), (499, Incident::None)];
        const AGGRAVATED: [(u64, Incident); 3] =
            [(500, Incident::None), (0, Incident::Happened), (500, Incident::Happened)];
        // Persons; the duty when quiet; the duty when aggravated.
        let table = [
            (0, Duty::Voluntary, Duty::Voluntary),
            (999, Duty::Voluntary, Duty::Voluntary),
            (1_000, Duty::Basic, Duty::Basic),
            (9_999, Duty::Basic, Duty::Basic),
            (10_000, Duty::Basic, Duty::Focused),
            (99_999, Duty::Basic, Duty::Focused),
            (100_000, Duty::Focused, Duty::Full),
            (299_999, Duty::Focused, Duty::Full),
            (300_000, Duty::Full, Duty::Full),
            (u64::MAX, Duty::Full, Duty::Full),
        ];
        for (subjects, quiet, aggravated) in table {
            for (handlers, incident) in QUIET {
                assert_eq!(judge(&Figures { subjects, handlers, incident }), quiet, "{subjects} {handlers}");
            }
            for (handlers, incident) in AGGRAVATED {
                assert_eq!(judge(&Figures { subjects, handlers, incident }), aggravated, "{subjects} {handlers}");
            }
        }
    }

    #[test]
    fn residents_are_asked_only_before_a_full_assessment() {
        for duty in [Duty::Voluntary, Duty::Basic, Duty::Focused, Duty::Full] {
            assert_eq!(duty.tasks().contains(&Task::AskResidents), duty == Duty::Full);
            assert_eq!(duty.tasks().contains(&Task::Publish), duty.is_binding());
        }
    }
}
