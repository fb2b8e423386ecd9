//! Civil dates, ranges of them, presets, and the offsets of a time zone given from outside.
//!
//! Days and hours belong to the fleet's time zone. This crate knows no zone database: the server
//! fills a [`Zone`] from its own, the browser from `Intl`, and both then cut days alike.

mod range;
mod zone;

pub use jiff::civil::{Date, Weekday};
pub use range::{DateRange, Preset};
pub use zone::{ClockChange, LocalTime, Transition, Zone};

/// Reads a date in the form `YYYY-MM-DD`, and only in that.
///
/// # Errors
/// Names the text where it is no such date.
pub fn parse_date(text: &str) -> Result<Date, crate::Error> {
    let wrong = || crate::Error::invalid(format!("'{text}' is not a date of the form YYYY-MM-DD"));
    let well_formed = text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    if !well_formed {
        return Err(wrong());
    }
    let mut parts = text.split('-').map(str::parse::<i16>);
    let (Some(Ok(year)), Some(Ok(month)), Some(Ok(day))) = (parts.next(), parts.next(), parts.next()) else {
        return Err(wrong());
    };
    Date::new(year, month as i8, day as i8).map_err(|_| wrong())
}

/// Writes a date as `YYYY-MM-DD`.
pub fn iso_date(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

/// The date a number of days later, or earlier; stays at the calendar's end where it would pass it.
pub fn add_days(date: Date, days: i32) -> Date {
    date.saturating_add(jiff::Span::new().days(days.clamp(-4_000_000, 4_000_000)))
}

/// Days from the first date to the second, negative where the second is earlier.
pub fn days_between(first: Date, second: Date) -> i32 {
    first.until(second).map_or(0, |span| span.get_days())
}

/// Days since 1970-01-01.
pub(crate) fn epoch_day(date: Date) -> i64 {
    i64::from(days_between(Date::constant(1970, 1, 1), date))
}

/// The date that many days after 1970-01-01.
pub(crate) fn from_epoch_day(day: i64) -> Date {
    add_days(Date::constant(1970, 1, 1), day.clamp(-4_000_000, 4_000_000) as i32)
}
