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

impl From<bool> for Incident {
    fn from(happened: bool) -> Self {
        if happened { Self::Happened } else { Self::None }
    }
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

/// A row of the threshold table: from so many persons until before so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The least number of persons.
    pub from: u64,
    /// The first number that is too many; `None` for the last row.
    pub until: Option<u64>,
    /// Whether there must be many handlers or an incident; `None` where it does not matter.
    pub aggravated: Option<bool>,
    /// What is due.
    pub duty: Duty,
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

/// The table of the commission, as it is shown and as it is judged by.
pub const TABLE: [Row; 7] = {
    const fn row(from: u64, until: u64, aggravated: Option<bool>, duty: Duty) -> Row {
        Row { from, until: Some(until), aggravated, duty }
    }
    [
        row(0, 1_000, None, Duty::Voluntary),
        row(1_000, 10_000, None, Duty::Basic),
        row(10_000, 100_000, Some(false), Duty::Basic),
        row(10_000, 100_000, Some(true), Duty::Focused),
        row(100_000, 300_000, Some(false), Duty::Focused),
        row(100_000, 300_000, Some(true), Duty::Full),
        Row { from: 300_000, until: None, aggravated: None, duty: Duty::Full },
    ]
};

/// Judges by the table.
pub fn judge(figures: &Figures) -> Duty {
    // The rows leave no gap; where one did, the heaviest duty would be the safe answer.
    TABLE.iter().find(|row| row.applies(figures)).map_or(Duty::Full, |row| row.duty)
}

impl Row {
    /// Whether these figures fall into the row.
    pub fn applies(&self, figures: &Figures) -> bool {
        let aggravated = figures.handlers >= MANY_HANDLERS || figures.incident == Incident::Happened;
        figures.subjects >= self.from
            && self.until.is_none_or(|until| figures.subjects < until)
            && self.aggravated.is_none_or(|wanted| wanted == aggravated)
    }
}

impl Duty {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Voluntary => "voluntary",
            Self::Basic => "basic",
            Self::Focused => "focused",
            Self::Full => "full",
        }
    }

    /// From the stable name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Voluntary, Self::Basic, Self::Focused, Self::Full].into_iter().find(|duty| duty.as_str() == text)
    }

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
        Self { subjects: profile.subjects, handlers: profile.handlers, incident: profile.incident.into() }
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
