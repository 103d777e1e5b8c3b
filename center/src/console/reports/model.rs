//! A report as it is drawn up once and shown as a page, as CSV and as PDF.

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::console) struct Report {
    /// What it is.
    pub(in crate::console) title: String,
    /// What must be known to read it: period, sources, what is not counted.
    pub(in crate::console) notes: Vec<String>,
    /// The tables, each under its caption.
    pub(in crate::console) tables: Vec<Table>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::console) struct Table {
    /// What it shows.
    pub(in crate::console) caption: String,
    /// The columns' names.
    pub(in crate::console) heads: Vec<String>,
    /// The rows, each as long as the heads.
    pub(in crate::console) rows: Vec<Vec<String>>,
    /// The same as bars, where people would rather look than read.
    pub(in crate::console) bars: Vec<(String, u64)>,
}

impl Table {
    /// A table without bars.
    pub(in crate::console) fn new(caption: &str, heads: &[&str], rows: Vec<Vec<String>>) -> Self {
        let heads = heads.iter().map(|head| (*head).to_owned()).collect();
        Self { caption: caption.to_owned(), heads, rows, bars: Vec::new() }
    }

    /// The same with bars.
    #[must_use]
    pub(in crate::console) fn with_bars(self, bars: Vec<(String, u64)>) -> Self {
        Self { bars, ..self }
    }
}
