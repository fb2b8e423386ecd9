//! A day of the calendar.

use std::fmt;

pub use time::Weekday;

/// A civil date: a day of the calendar, without a zone. From the year -9999 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(time::Date);

#[cfg(feature = "typescript")]
impl serde::Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::iso_date(*self))
    }
}

/// The Julian day of 1970-01-01.
const EPOCH_JULIAN_DAY: i64 = 2_440_588;

impl Date {
    /// A date, with the month 1–12; none where there is no such day.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let month = time::Month::try_from(month).ok()?;
        time::Date::from_calendar_date(year, month, day).ok().map(Self)
    }

    /// A date written in the code.
    ///
    /// # Panics
    /// While compiling, where there is no such day.
    #[expect(clippy::panic, clippy::indexing_slicing, reason = "dates in the code are checked where they stand")]
    pub const fn constant(year: i32, month: u8, day: u8) -> Self {
        const MONTHS: [time::Month; 12] = [
            time::Month::January,
            time::Month::February,
            time::Month::March,
            time::Month::April,
            time::Month::May,
            time::Month::June,
            time::Month::July,
            time::Month::August,
            time::Month::September,
            time::Month::October,
            time::Month::November,
            time::Month::December,
        ];
        assert!(month >= 1 && month <= 12, "there is no such month");
        match time::Date::from_calendar_date(year, MONTHS[month as usize - 1], day) {
            Ok(date) => Self(date),
            Err(_) => panic!("there is no such day"),
        }
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// The month, 1–12.
    pub fn month(self) -> u8 {
        self.0.month() as u8
    }

    /// The day of the month, 1–31.
    pub fn day(self) -> u8 {
        self.0.day()
    }

    /// The day of the week.
    pub fn weekday(self) -> Weekday {
        self.0.weekday()
    }

    /// The first day of the same month.
    #[must_use]
    pub fn first_of_month(self) -> Self {
        Self::from_epoch_day(self.epoch_day() - i64::from(self.day()) + 1)
    }

    /// Days since 1970-01-01.
    pub(crate) fn epoch_day(self) -> i64 {
        i64::from(self.0.to_julian_day()) - EPOCH_JULIAN_DAY
    }

    /// The date that many days after 1970-01-01; the calendar's end where it would lie behind it.
    pub(crate) fn from_epoch_day(day: i64) -> Self {
        let julian = day.saturating_add(EPOCH_JULIAN_DAY);
        let end = if julian < 0 { time::Date::MIN } else { time::Date::MAX };
        let date = i32::try_from(julian).ok().and_then(|julian| time::Date::from_julian_day(julian).ok());
        Self(date.unwrap_or(end))
    }
}

/// As `YYYY-MM-DD`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&super::iso_date(*self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(Date::constant(1970, 1, 1).epoch_day(), 0);
        assert_eq!(Date::constant(2000, 2, 28), Date::new(2000, 2, 28).unwrap());
        assert_eq!(Date::constant(1, 1, 1), Date::new(1, 1, 1).unwrap());
        assert_eq!(Date::from_epoch_day(19_782).to_string(), "2024-02-29");
        assert_eq!(Date::from_epoch_day(19_782).first_of_month().to_string(), "2024-02-01");
        assert_eq!(Date::new(2023, 2, 29), None);
        assert_eq!(Date::from_epoch_day(i64::MIN).year(), -9999);
        assert_eq!(Date::from_epoch_day(i64::MAX).year(), 9999);
    }
}
