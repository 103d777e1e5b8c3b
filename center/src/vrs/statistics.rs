//! The national statistics: kinds of certificates, fiscal years, and what was published.

use jiff::Timestamp;
use jiff::civil::{Date, Time, date};
use shared::clock::japan_time_zone;

/// The kinds of certificates in the national statistics; the last one is issued here.
pub const KINDS: [&str; 7] = ["住民票", "住民票記載事項", "印鑑", "税", "戸籍", "附票", "接種証明書"];

/// What was published for fiscal 2021 of the kinds that are issued elsewhere, in the order of [`KINDS`].
pub const PUBLISHED_2021: [u64; 6] = [7_078_835, 96_148, 4_795_695, 976_469, 940_851, 84_913];

/// A fiscal year of Japan: April to March.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FiscalYear(i16);

/// The first year of the reports: the published statistics begin there, and the record system did.
const FIRST: i16 = 2021;

impl FiscalYear {
    /// The year that begins in April of `year`; `None` where no instant of it can be told.
    pub fn new(year: i16) -> Option<Self> {
        (1970..9_000).contains(&year).then_some(Self(year))
    }

    /// The year of a day in Japan.
    pub fn of(day: Date) -> Self {
        let year = if day.month() < 4 { day.year() - 1 } else { day.year() };
        Self(year)
    }

    /// Every year of the reports up to this one.
    pub fn since_first(self) -> impl DoubleEndedIterator<Item = Self> {
        (FIRST..=self.0).map(Self)
    }

    /// The year it begins in.
    pub const fn number(self) -> i16 {
        self.0
    }

    /// As offices write it: 令和3年度 is 2021.
    pub fn japanese(self) -> String {
        format!("令和{}年度", self.0 - 2018)
    }

    /// From the first instant until before the next year's.
    pub fn period(self) -> (Timestamp, Timestamp) {
        (start(self.0), start(self.0.saturating_add(1)))
    }
}

fn start(year: i16) -> Timestamp {
    let midnight = date(year, 4, 1).to_datetime(Time::midnight());
    // Years of four digits are within every instant's reach.
    japan_time_zone().to_timestamp(midnight).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fiscal_year_goes_from_april_to_march_in_japan() {
        let year = FiscalYear::new(2022).unwrap();
        let (from, until) = year.period();
        assert_eq!(
            (from.to_string(), until.to_string()),
            ("2022-03-31T15:00:00Z".into(), "2023-03-31T15:00:00Z".into())
        );
        assert_eq!(year.japanese(), "令和4年度");
        assert_eq!((FiscalYear::of(date(2023, 3, 31)), FiscalYear::of(date(2023, 4, 1)).number()), (year, 2023));
        assert_eq!(FiscalYear::new(9_999), None);
        assert_eq!(year.since_first().map(FiscalYear::number).collect::<Vec<_>>(), [2021, 2022]);
    }
}
