//! The machine-readable zone of a passport (ICAO Doc 9303-4, TD3): two lines of 44 characters with five check digits.

use jiff::civil::Date;
use shared::domain::passport::{Passport, PassportNumber, TravelDocument};

/// What the zone says.
#[derive(Clone, PartialEq, Eq)]
pub struct Zone {
    /// Passport data.
    pub passport: Passport,
    /// The holder's birth date.
    pub birth_date: Date,
}

/// Why two lines are not a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ZoneError {
    /// Not two lines of 44 characters.
    #[error("two lines of 44 characters are expected")]
    Length,
    /// Another character than A–Z, 0–9 and `<`.
    #[error("only A-Z, 0-9 and < are allowed")]
    Character,
    /// Another document than a passport.
    #[error("the document is not a passport")]
    Document,
    /// A check digit does not hold.
    #[error("the check digit of {0} does not hold")]
    Check(Field),
    /// A date does not exist.
    #[error("a date does not exist")]
    Date,
    /// The number or the name is empty or malformed.
    #[error("the number or the name is malformed")]
    Content,
}

/// A part of the second line that carries a check digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Document number.
    Number,
    /// Date of birth.
    Birth,
    /// Last day of validity.
    Expiry,
    /// Optional data.
    Optional,
    /// The whole line.
    Line,
}

impl std::fmt::Display for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Number => "the document number",
            Self::Birth => "the date of birth",
            Self::Expiry => "the date of expiry",
            Self::Optional => "the optional data",
            Self::Line => "the whole line",
        })
    }
}

shared::hidden_debug!(Zone);

/// Characters of a line.
const LENGTH: usize = 44;

impl Zone {
    /// Reads a zone as a scanner or a clerk types it: full-width characters and small letters are read alike.
    pub fn parse(text: &str, today: Date) -> Result<Self, ZoneError> {
        let lines: Vec<String> = text
            .lines()
            .map(|line| line.chars().filter(|c| !c.is_whitespace()).map(narrow).collect())
            .filter(|line: &String| !line.is_empty())
            .collect();
        let [first, second] = lines.as_slice() else { return Err(ZoneError::Length) };
        if [first, second].iter().any(|line| line.chars().count() != LENGTH) {
            return Err(ZoneError::Length);
        }
        let allowed = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '<';
        if !first.chars().chain(second.chars()).all(allowed) {
            return Err(ZoneError::Character);
        }
        if !first.starts_with('P') {
            return Err(ZoneError::Document);
        }
        check_digits(second)?;
        let part = |line: &'_ str, from: usize, to: usize| line.get(from..to).unwrap_or_default().to_owned();
        let (surname, given) = names(&part(first, 5, LENGTH));
        let number = PassportNumber::parse(part(second, 0, 9).trim_end_matches('<')).ok().ok_or(ZoneError::Content)?;
        let nationality = part(second, 10, 13).trim_end_matches('<').to_owned();
        if surname.is_empty() || nationality.is_empty() || !nationality.chars().all(|c| c.is_ascii_uppercase()) {
            return Err(ZoneError::Content);
        }
        let birth = date(&part(second, 13, 19), today.year())?;
        // A passport is valid for ten years at most.
        let expires = date(&part(second, 21, 27), today.year() + 15)?;
        let kind = TravelDocument::Passport;
        Ok(Self { passport: Passport { kind, number, nationality, surname, given, expires }, birth_date: birth })
    }
}

fn narrow(c: char) -> char {
    let c = match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '«' => '<',
        _ => c,
    };
    c.to_ascii_uppercase()
}

fn check_digits(line: &str) -> Result<(), ZoneError> {
    let part = |from: usize, to: usize| line.get(from..to).unwrap_or_default();
    let fields = [(Field::Number, 0, 9), (Field::Birth, 13, 19), (Field::Expiry, 21, 27)];
    for (field, from, to) in fields {
        if part(to, to + 1) != check_digit(part(from, to)) {
            return Err(ZoneError::Check(field));
        }
    }
    let optional = part(28, 42);
    let empty = optional.bytes().all(|b| b == b'<') && part(42, 43) == "<";
    if !empty && part(42, 43) != check_digit(optional) {
        return Err(ZoneError::Check(Field::Optional));
    }
    let whole = [part(0, 10), part(13, 20), part(21, 43)].concat();
    if part(43, 44) == check_digit(&whole) { Ok(()) } else { Err(ZoneError::Check(Field::Line)) }
}

/// Weights 7, 3, 1; digits as themselves, letters from 10, filler 0 (Doc 9303-3 §4.9).
fn check_digit(text: &str) -> String {
    let value = |b: u8| match b {
        b'0'..=b'9' => u32::from(b - b'0'),
        b'A'..=b'Z' => u32::from(b - b'A') + 10,
        _ => 0,
    };
    let sum: u32 = text.bytes().zip([7, 3, 1].into_iter().cycle()).map(|(b, weight)| value(b) * weight).sum();
    (sum % 10).to_string()
}

fn names(field: &str) -> (String, String) {
    let plain = |text: &str| text.replace('<', " ").trim().to_owned();
    let (surname, given) = field.split_once("<<").unwrap_or((field, ""));
    (plain(surname), plain(given))
}

/// Two digits of a year: the latest that is not after `last`.
fn date(text: &str, last: i16) -> Result<Date, ZoneError> {
    let number = |from: usize| text.get(from..from + 2).and_then(|digits| digits.parse::<i16>().ok());
    let (Some(year), Some(month), Some(day)) = (number(0), number(2), number(4)) else { return Err(ZoneError::Date) };
    let century = last - last.rem_euclid(100);
    let year = if century + year > last { century + year - 100 } else { century + year };
    let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else { return Err(ZoneError::Date) };
    Date::new(year, month, day).ok().ok_or(ZoneError::Date)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2022, 10, 3);

    /// The specimen of Doc 9303-4 Appendix A, its expiry in the century of its issue aside.
    const SPECIMEN: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";

    #[test]
    fn the_specimen_of_the_standard_is_read() {
        let zone = Zone::parse(SPECIMEN, TODAY).unwrap();
        let passport = &zone.passport;
        assert_eq!((passport.surname.as_str(), passport.given.as_str()), ("ERIKSSON", "ANNA MARIA"));
        assert_eq!((passport.number.as_str(), passport.nationality.as_str()), ("L898902C3", "UTO"));
        assert_eq!((passport.expires, zone.birth_date), (date(2012, 4, 15), date(1974, 8, 12)));
    }

    #[test]
    fn it_is_read_as_clerks_type_it() {
        let typed: String = SPECIMEN.to_lowercase().replace('<', "＜").replace('\n', "\r\n\r\n");
        assert!(Zone::parse(&typed, TODAY).is_ok());
    }

    #[test]
    fn each_wrong_check_digit_is_named() {
        let cases =
            [(9, Field::Number), (19, Field::Birth), (27, Field::Expiry), (42, Field::Optional), (43, Field::Line)];
        for (place, field) in cases {
            let (first, second) = SPECIMEN.split_once('\n').unwrap();
            let mut second = second.to_owned();
            let digit = second.as_bytes()[place] - b'0';
            second.replace_range(place..=place, &((digit + 1) % 10).to_string());
            assert_eq!(Zone::parse(&format!("{first}\n{second}"), TODAY).err(), Some(ZoneError::Check(field)));
        }
    }

    #[test]
    fn what_is_no_zone_says_why() {
        let error = |text: &str| Zone::parse(text, TODAY).err().unwrap();
        assert_eq!(error(""), ZoneError::Length);
        assert_eq!(error("P<UTO"), ZoneError::Length);
        assert_eq!(error(&SPECIMEN.replace("ANNA", "AN\u{200b}A")), ZoneError::Character);
        assert_eq!(error(&SPECIMEN.replacen('P', "V", 1)), ZoneError::Document);
        assert_eq!(error(&SPECIMEN.replace("ANNA", "ÄNNA")), ZoneError::Character);
    }
}
