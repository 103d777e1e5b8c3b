//! The 47 prefectures and 1,741 municipalities of Japan.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::identifiers::MunicipalityCode;

/// The table as text; its head names the source.
const TABLE: &str = include_str!("municipalities.tsv");

static MUNICIPALITIES: LazyLock<BTreeMap<&'static str, Municipality>> = LazyLock::new(|| {
    rows()
        .filter(|(code, ..)| !is_prefecture(code))
        .map(|(code, name, reading)| (code, Municipality { code, name, reading }))
        .collect()
});

static PREFECTURES: LazyLock<Vec<Prefecture>> = LazyLock::new(|| {
    rows()
        .filter(|(code, ..)| is_prefecture(code))
        .map(|(code, name, reading)| Prefecture { code, name, reading })
        .collect()
});

/// A municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Municipality {
    /// Six digits.
    pub code: &'static str,
    /// Name, kanji.
    pub name: &'static str,
    /// Reading, hiragana.
    pub reading: &'static str,
}

/// A prefecture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prefecture {
    /// Six digits, `130001`.
    pub code: &'static str,
    /// Name, kanji.
    pub name: &'static str,
    /// Reading, hiragana.
    pub reading: &'static str,
}

impl Municipality {
    /// The prefecture it lies in.
    pub fn prefecture(&self) -> Option<&'static Prefecture> {
        let number: usize = self.code.get(..2)?.parse().ok()?;
        prefectures().get(number.checked_sub(1)?)
    }
}

/// The municipality with this code; `None` for a code that no municipality has.
pub fn find(code: &MunicipalityCode) -> Option<&'static Municipality> {
    MUNICIPALITIES.get(code.as_str())
}

/// All municipalities in order of their codes.
pub fn all() -> impl Iterator<Item = &'static Municipality> {
    MUNICIPALITIES.values()
}

/// The prefectures in order of their numbers.
pub fn prefectures() -> &'static [Prefecture] {
    &PREFECTURES
}

fn rows() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut fields = line.split('\t');
        Some((fields.next()?, fields.next()?, fields.next()?))
    })
}

fn is_prefecture(code: &str) -> bool {
    code.get(2..5) == Some("000")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_table_carries_its_check_digit() {
        assert_eq!(all().count(), 1741);
        assert_eq!(prefectures().len(), 47);
        for municipality in all() {
            let code = MunicipalityCode::parse(municipality.code).unwrap();
            assert_eq!(find(&code), Some(municipality));
            assert!(municipality.prefecture().is_some());
        }
    }
}
