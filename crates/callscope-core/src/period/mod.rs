//! Civil dates, ranges of them, presets, and the offsets of a time zone given from outside.
//!
//! Days and hours belong to the fleet's time zone. This crate knows no zone database: the server
//! fills a [`Zone`] from its own, the browser from `Intl`, and both then cut days alike.

mod date;
mod range;
mod zone;

pub use date::{Date, Weekday};
pub use range::{DateRange, Preset};
pub(crate) use zone::DAY_SECS;
pub use zone::{ClockChange, DAY_MS, LocalTime, Transition, Zone};

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
    let mut parts = text.split('-').map(str::parse::<i32>);
    let (Some(Ok(year)), Some(Ok(month)), Some(Ok(day))) = (parts.next(), parts.next(), parts.next()) else {
        return Err(wrong());
    };
    Date::new(year, month as u8, day as u8).ok_or_else(wrong)
}

/// Writes a date as `YYYY-MM-DD`.
pub fn iso_date(date: Date) -> String {
    // Reports have hundreds of them, and a format string takes several times as long.
    let mut left = (date.year().unsigned_abs() * 100 + u32::from(date.month())) * 100 + u32::from(date.day());
    let mut text = *b"0000-00-00";
    for digit in text.iter_mut().rev().filter(|byte| **byte == b'0') {
        *digit += (left % 10) as u8;
        left /= 10;
    }
    let sign = if date.year() < 0 { "-" } else { "" };
    [sign, std::str::from_utf8(&text).unwrap_or_default()].concat()
}

/// The date a number of days later, or earlier; stays at the calendar's end where it would pass it.
pub fn add_days(date: Date, days: i32) -> Date {
    Date::from_epoch_day(date.epoch_day() + i64::from(days))
}

/// Days from the first date to the second, negative where the second is earlier.
pub fn days_between(first: Date, second: Date) -> i32 {
    (second.epoch_day() - first.epoch_day()) as i32
}
