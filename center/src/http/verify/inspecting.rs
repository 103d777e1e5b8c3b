//! Who looks at the pages of an upload: the centre's desk, which knows everything, or public keys, which know the codes.

use std::sync::{Arc, OnceLock};

use serde::Serialize;
use shared::wire::problem::ProblemCode;

use crate::config::Config;
use crate::http::refusal::{Answer, Refusal};
use crate::inspection::Inspection;
use crate::inspection::desk::Desk;
use crate::inspection::public::{CodesReport, PublicKeys};
use crate::inspection::report::{Report, Words};
use crate::raster::Raster;
use crate::store::Store;

/// Looks at the pages of an upload.
pub(in crate::http) trait Inspecting: std::fmt::Debug + Send + Sync + 'static {
    /// What it says of them.
    type Report: Serialize + Send + 'static;

    /// What the page is told of it, an attribute: which of its sentences are meant.
    const READS: &'static str;

    /// Looks at the pages of one paper.
    fn inspect(&self, pages: &[Raster]) -> Answer<Inspected<Self::Report>>;
}

/// What was seen.
pub(in crate::http) struct Inspected<R> {
    /// What the answer says.
    pub(super) report: R,
    /// The verdict in a sentence.
    pub(super) summary: Words,
    /// The front as it was issued, PDF.
    pub(super) front: Option<Vec<u8>>,
    /// The presented front, laid over the issued one.
    pub(super) presented: Option<Raster>,
}

/// The desk of a centre, with its keys and its records.
#[derive(Debug)]
pub struct CenterDesk {
    config: Config,
    store: Arc<dyn Store>,
    /// Opened by the first upload: a centre to which nobody uploads does not need it.
    desk: OnceLock<Desk>,
}

impl CenterDesk {
    /// Of a centre of this configuration and these records.
    pub fn new(config: &Config, store: Arc<dyn Store>) -> Self {
        Self { config: config.clone(), store, desk: OnceLock::new() }
    }

    /// Its desk. It is made of the keys and typefaces that the workshop was made of at start.
    fn desk(&self) -> Answer<&Desk> {
        if let Some(desk) = self.desk.get() {
            return Ok(desk);
        }
        let opened = Desk::open(&self.config).map_err(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "the inspection desk cannot be opened");
            Refusal::from(ProblemCode::Internal)
        })?;
        Ok(self.desk.get_or_init(|| opened))
    }
}

impl Inspecting for CenterDesk {
    type Report = Report;

    const READS: &'static str = super::READS_EVERYTHING;

    fn inspect(&self, pages: &[Raster]) -> Answer<Inspected<Report>> {
        let Inspection { report, front, presented } = self.desk()?.inspect(pages, self.store.as_ref())?;
        Ok(Inspected { summary: report.summary(), report, front, presented })
    }
}

impl Inspecting for PublicKeys {
    type Report = CodesReport;

    const READS: &'static str = "data-reads=\"codes\"";

    fn inspect(&self, pages: &[Raster]) -> Answer<Inspected<CodesReport>> {
        let report = self.verify(pages);
        Ok(Inspected { summary: report.summary(), report, front: None, presented: None })
    }
}
