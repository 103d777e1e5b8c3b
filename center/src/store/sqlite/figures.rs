//! Figures that were counted before, kept until anything about a municipality's persons changes or the day does.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::civil::Date;
use shared::domain::identifiers::MunicipalityCode;

use crate::store::ledger::Figures;

/// At most one entry a municipality.
#[derive(Default)]
pub(super) struct KnownFigures(Mutex<BTreeMap<MunicipalityCode, (Moment, Figures)>>);

/// The municipality's stamp, and the day that ages were counted on.
type Moment = (i64, Date);

impl KnownFigures {
    /// The figures of this moment, if they were counted.
    pub(super) fn known(&self, municipality: &MunicipalityCode, moment: Moment) -> Option<Figures> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(municipality).filter(|(counted, _)| *counted == moment).map(|(_, figures)| figures.clone())
    }

    /// Keeps figures, and gives them back.
    pub(super) fn keep(&self, municipality: &MunicipalityCode, moment: Moment, figures: Figures) -> Figures {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(municipality.clone(), (moment, figures.clone()));
        figures
    }
}
