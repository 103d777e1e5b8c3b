//! What is counted for a municipality, from its records one by one.

use std::collections::BTreeMap;

use jiff::civil::Date;
use shared::domain::certificate::MAXIMUM_DOSES;
use shared::domain::identifiers::MunicipalityCode;
use shared::domain::vaccine::Product;
use shared::records::{PersonRecord, Restriction};

use crate::store::ledger::Figures;

/// Counts.
#[derive(Debug)]
pub struct Counter {
    municipality: MunicipalityCode,
    today: Date,
    residents: u64,
    held: u64,
    protected: u64,
    by_dose: [u64; MAXIMUM_DOSES],
    by_month: BTreeMap<String, u64>,
    by_product: [u64; Product::ALL.len()],
    by_age: [(u64, u64); 10],
}

impl Counter {
    /// Begins to count.
    pub fn new(municipality: &MunicipalityCode, today: Date) -> Self {
        Self {
            municipality: municipality.clone(),
            today,
            residents: 0,
            held: 0,
            protected: 0,
            by_dose: [0; MAXIMUM_DOSES],
            by_month: BTreeMap::new(),
            by_product: [0; Product::ALL.len()],
            by_age: [(0, 0); 10],
        }
    }

    /// Counts one person.
    pub fn count(&mut self, record: &PersonRecord) {
        for dose in record.doses.iter().filter(|dose| dose.municipality == self.municipality) {
            if let Some(place) = self.by_dose.get_mut(usize::from(dose.number).wrapping_sub(1)) {
                *place += 1;
            }
            *self.by_month.entry(dose.date.strftime("%Y-%m").to_string()).or_default() += 1;
            let product = Product::ALL.iter().position(|product| *product == dose.product);
            if let Some(place) = product.and_then(|place| self.by_product.get_mut(place)) {
                *place += 1;
            }
        }
        if record.residence != self.municipality {
            return;
        }
        self.residents += 1;
        self.held += u64::from(record.restrictions.contains(&Restriction::Held));
        self.protected += u64::from(record.restrictions.contains(&Restriction::Protected));
        let decade = usize::try_from(age(record.attributes.birth_date, self.today) / 10).unwrap_or(0).min(9);
        if let Some((persons, twice)) = self.by_age.get_mut(decade) {
            *persons += 1;
            *twice += u64::from(record.doses.len() >= 2);
        }
    }

    /// The result.
    pub fn figures(self) -> Figures {
        let last = self.by_dose.iter().rposition(|count| *count > 0).map_or(0, |place| place + 1);
        let group = |place: usize| match place {
            9 => "90+".to_owned(),
            decade => format!("{}-{}", decade * 10, decade * 10 + 9),
        };
        let products = Product::ALL.iter().zip(self.by_product);
        Figures {
            residents: self.residents,
            by_dose: self.by_dose.into_iter().take(last).collect(),
            by_month: self.by_month.into_iter().collect(),
            by_product: products
                .filter(|(_, count)| *count > 0)
                .map(|(product, count)| (product.naming().japanese, count))
                .collect(),
            by_age: self
                .by_age
                .into_iter()
                .enumerate()
                .map(|(place, (persons, twice))| (group(place), persons, twice))
                .collect(),
            held: self.held,
            protected: self.protected,
        }
    }
}

/// Full years, counted as everybody counts them.
fn age(birth: Date, today: Date) -> i16 {
    let had_birthday = (today.month(), today.day()) >= (birth.month(), birth.day());
    (today.year() - birth.year() - i16::from(!had_birthday)).max(0)
}
