//! Ranges of civil dates and their presets.

use super::{Date, Zone, add_days, days_between};
use crate::Error;

/// Whole days from `first` to `last`, both inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "typescript", derive(serde::Serialize))]
pub struct DateRange {
    first: Date,
    last: Date,
}

impl DateRange {
    /// The most days a range may have: ten years of daily points are still drawn and read well.
    pub const MOST_DAYS: i32 = 3_660;

    /// A range of days.
    ///
    /// # Errors
    /// Where it ends before it begins, or is longer than [`Self::MOST_DAYS`].
    pub fn new(first: Date, last: Date) -> Result<Self, Error> {
        let range = Self { first, last };
        if last < first {
            return Err(Error::invalid(format!("the range ends ({last}) before it begins ({first})")));
        }
        if range.len_days() > Self::MOST_DAYS {
            return Err(Error::invalid(format!(
                "the range has {} days; at most {} can be shown",
                range.len_days(),
                Self::MOST_DAYS
            )));
        }
        Ok(range)
    }

    /// The range of so many days that are at hand, also more of them than may be asked for; at least one.
    pub fn of_days(first: Date, count: usize) -> Self {
        let last = add_days(first, i32::try_from(count.saturating_sub(1)).unwrap_or(i32::MAX));
        Self { first, last }
    }

    /// The range of one day.
    pub fn day(date: Date) -> Self {
        Self { first: date, last: date }
    }

    /// The first day.
    pub fn first(self) -> Date {
        self.first
    }

    /// The last day, inside the range.
    pub fn last(self) -> Date {
        self.last
    }

    /// How many days the range has: at least 1.
    pub fn len_days(self) -> i32 {
        days_between(self.first, self.last) + 1
    }

    /// Whether a date lies in the range.
    pub fn contains(self, date: Date) -> bool {
        self.first <= date && date <= self.last
    }

    /// Every day of the range, in order.
    pub fn days(self) -> impl Iterator<Item = Date> {
        (0..self.len_days()).map(move |offset| add_days(self.first, offset))
    }

    /// By how many days the previous period lies earlier: the smallest whole number of weeks that
    /// keeps the two apart, so that a Monday is compared with a Monday.
    pub fn weeks_back_days(self) -> i32 {
        (self.len_days() + 6) / 7 * 7
    }

    /// The previous period of the same length on the same weekdays.
    #[must_use]
    pub fn previous(self) -> Self {
        let back = self.weeks_back_days();
        Self { first: add_days(self.first, -back), last: add_days(self.last, -back) }
    }

    /// The first instant of the range and the first one after it, in Unix milliseconds.
    pub fn instants_ms(self, zone: &Zone) -> (i64, i64) {
        let next = add_days(self.last, 1);
        let last = zone.start_of_day_ms(self.last);
        // The calendar ends with the year 9999: no day follows its last one.
        let end = if next > self.last { zone.start_of_day_ms(next) } else { last + 86_400_000 };
        (zone.start_of_day_ms(self.first), end)
    }
}

/// The ranges that a page offers by name, each ending today.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Preset {
    /// Seven days, today among them.
    Days7,
    /// Thirty days.
    #[default]
    Days30,
    /// Ninety days.
    Days90,
    /// From the first of this month.
    MonthToDate,
}

impl Preset {
    /// All presets, in the order a page shows them.
    pub const ALL: [Self; 4] = [Self::Days7, Self::Days30, Self::Days90, Self::MonthToDate];

    /// The range of this preset, given today's date in the fleet's zone.
    pub fn range(self, today: Date) -> DateRange {
        let first = match self {
            Self::Days7 => add_days(today, -6),
            Self::Days30 => add_days(today, -29),
            Self::Days90 => add_days(today, -89),
            Self::MonthToDate => today.first_of_month(),
        };
        DateRange { first, last: today }
    }

    /// The short name that stands in an address: `7d`, `30d`, `90d`, `mtd`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Days7 => "7d",
            Self::Days30 => "30d",
            Self::Days90 => "90d",
            Self::MonthToDate => "mtd",
        }
    }

    /// The preset of a short name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.key() == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::period::parse_date;

    #[track_caller]
    fn range(first: &str, last: &str) -> DateRange {
        DateRange::new(parse_date(first).unwrap(), parse_date(last).unwrap()).unwrap()
    }

    #[track_caller]
    fn check_previous(first: &str, last: &str, expected: (&str, &str)) {
        let range = range(first, last);
        let previous = range.previous();
        assert_eq!((previous.first().to_string().as_str(), previous.last().to_string().as_str()), expected);
        assert_eq!(previous.first().weekday(), range.first().weekday());
        assert!(previous.last() < range.first());
    }

    #[test]
    fn the_last_day_of_the_calendar_has_an_end() {
        let (from, end) = range("9999-12-31", "9999-12-31").instants_ms(&Zone::utc());
        assert_eq!(end - from, 86_400_000);
    }

    #[test]
    fn previous_period_keeps_weekdays() {
        check_previous("1999-02-01", "1999-02-28", ("1999-01-04", "1999-01-31"));
        check_previous("2026-11-15", "2026-11-21", ("2026-11-08", "2026-11-14"));
        check_previous("2026-10-23", "2026-11-21", ("2026-09-18", "2026-10-17"));
        check_previous("2024-03-01", "2024-03-01", ("2024-02-23", "2024-02-23"));
    }

    #[test]
    fn ranges_refuse_what_cannot_be() {
        let day = |text| parse_date(text).unwrap();
        let error = DateRange::new(day("2024-05-02"), day("2024-05-01")).unwrap_err();
        assert_eq!(error.to_string(), "the range ends (2024-05-01) before it begins (2024-05-02)");
        assert!(DateRange::new(day("2000-01-01"), day("2024-05-01")).is_err());
    }

    #[test]
    fn presets_end_today() {
        let today = parse_date("2024-03-31").unwrap();
        assert_eq!(Preset::Days7.range(today), range("2024-03-25", "2024-03-31"));
        assert_eq!(Preset::Days30.range(today), range("2024-03-02", "2024-03-31"));
        assert_eq!(Preset::Days90.range(today).len_days(), 90);
        assert_eq!(Preset::MonthToDate.range(today), range("2024-03-01", "2024-03-31"));
        for preset in Preset::ALL {
            assert_eq!(Preset::from_key(preset.key()), Some(preset));
        }
    }

    #[test]
    fn dates_are_read_strictly() {
        for bad in [
            "",
            "2024-1-01",
            "2024-02-30",
            "2024-13-01",
            "24-01-01",
            "2024/01/01",
            "2024-01-01 ",
            "２024-01-1",
            "-024-01-01",
        ] {
            assert!(parse_date(bad).is_err(), "{bad}");
        }
        assert_eq!(super::super::iso_date(parse_date("0099-01-02").unwrap()), "0099-01-02");
    }
}
