//! The hours of the service, by the clock in Japan.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use shared::clock::{japan, japan_time_zone};

/// From opening to closing, every day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// The first moment that is open.
    pub opens: Time,
    /// The first moment that is closed again.
    pub closes: Time,
}

/// Whether the service is open, and when that changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// Open until.
    Open(Timestamp),
    /// Closed until.
    Closed(Timestamp),
}

impl Hours {
    /// What holds at an instant.
    pub fn at(&self, now: Timestamp) -> Opening {
        let here = japan(now);
        let (day, time) = (here.date(), here.time());
        if time < self.opens {
            Opening::Closed(instant(day, self.opens))
        } else if time < self.closes {
            Opening::Open(instant(day, self.closes))
        } else {
            Opening::Closed(instant(day.tomorrow().unwrap_or(day), self.opens))
        }
    }

    /// Whether it is open.
    pub fn is_open(&self, now: Timestamp) -> bool {
        matches!(self.at(now), Opening::Open(_))
    }
}

fn instant(day: Date, time: Time) -> Timestamp {
    japan_time_zone().to_timestamp(day.to_datetime(time)).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOURS: Hours = Hours { opens: jiff::civil::time(6, 30, 0, 0), closes: jiff::civil::time(23, 0, 0, 0) };

    fn at(text: &str) -> Opening {
        HOURS.at(text.parse().unwrap())
    }

    fn instant(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_service_is_open_from_half_past_six_until_eleven() {
        let open = Opening::Open(instant("2022-10-03T23:00:00+09:00"));
        assert_eq!(at("2022-10-03T06:29:59.999+09:00"), Opening::Closed(instant("2022-10-03T06:30:00+09:00")));
        assert_eq!(at("2022-10-03T06:30:00+09:00"), open);
        assert_eq!(at("2022-10-03T22:59:59.999+09:00"), open);
        assert_eq!(at("2022-10-03T23:00:00+09:00"), Opening::Closed(instant("2022-10-04T06:30:00+09:00")));
    }

    #[test]
    fn the_day_is_that_of_japan() {
        assert_eq!(at("2024-02-28T21:30:00Z"), Opening::Open(instant("2024-02-29T23:00:00+09:00")));
    }
}
