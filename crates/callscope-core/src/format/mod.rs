//! Figures as people read them: grouped thousands, a true minus sign, units.
//!
//! What is unknown is written as [`UNKNOWN`], never as a zero.

mod locale;

pub use locale::{DateOrder, Locale, written_in};

use crate::period::{Date, Weekday};

/// Stands where a figure is unknown.
pub const UNKNOWN: &str = "–";
const MINUS: &str = "−";

/// A number with grouped thousands and a fixed number of decimals: `33,344`, `−1.9`; as in the place that it is
/// written for.
pub fn number(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return UNKNOWN.to_owned();
    }
    let plain = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let is_zero = is_written_zero(&plain);
    let here = locale::here();
    let mut text = String::with_capacity(plain.len() + 6);
    if value < 0.0 && !is_zero {
        text.push_str(MINUS);
    }
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && here.ends_group(whole.len(), whole.len() - i) {
            text.push_str(&here.group);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push_str(&here.decimal);
        text.push_str(fraction);
    }
    text
}

/// A number with its unit, and between them a narrow space that does not break.
pub fn with_unit(number: String, unit: &str) -> String {
    number + "\u{202f}" + unit
}

/// A count with grouped thousands.
pub fn count(value: u64) -> String {
    number(value as f64, 0)
}

/// A fraction as percent with one decimal: `80.0 %`.
pub fn percent(fraction: f64) -> String {
    with_unit(number(fraction * 100.0, 1), "%")
}

/// The same number with a plus where it is above zero.
pub fn signed(value: f64, decimals: usize) -> String {
    let text = number(value, decimals);
    let is_above = value > 0.0 && !is_written_zero(&text);
    if is_above { "+".to_owned() + &text } else { text }
}

/// A difference of two fractions, in percentage points: `−1.9 pp`.
pub fn points(difference: f64) -> String {
    with_unit(signed(difference * 100.0, 1), "pp")
}

/// The two ends of an interval of a difference of fractions, in percentage points:
/// `−1.9 to −0.2 pp`. More decimals are written where one would round an end to zero that is not.
pub fn points_range(low: f64, high: f64) -> String {
    let (low, high) = (low * 100.0, high * 100.0);
    let is_lost = |value: f64, decimals| value.abs() > 0.0 && is_written_zero(&number(value, decimals));
    let decimals = (1..4).find(|&decimals| !is_lost(low, decimals) && !is_lost(high, decimals)).unwrap_or(4);
    with_unit(signed(low, decimals) + " to " + &signed(high, decimals), "pp")
}

/// Whether a written number has no digit but zeros.
fn is_written_zero(text: &str) -> bool {
    !text.bytes().any(|byte| matches!(byte, b'1'..=b'9'))
}

/// A relative change as percent, with its sign: `+6.8 %`.
pub fn change(fraction: f64) -> String {
    with_unit(signed(fraction * 100.0, 1), "%")
}

/// Seconds as minutes and seconds, or hours, minutes and seconds: `2:24`, `1:02:05`.
pub fn clock(secs: f64) -> String {
    if !secs.is_finite() || secs.abs() >= 1e15 {
        return UNKNOWN.to_owned();
    }
    let whole = secs.abs().round() as u64;
    let sign = if secs < 0.0 && whole > 0 { "−" } else { "" };
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    if hours > 0 { format!("{sign}{hours}:{minutes:02}:{seconds:02}") } else { format!("{sign}{minutes}:{seconds:02}") }
}

/// Milliseconds: `420 ms`.
pub fn millis(value: f64) -> String {
    with_unit(number(value, 0), "ms")
}

/// Seconds with one decimal: `143.7 s`.
pub fn seconds(value: f64) -> String {
    with_unit(number(value, 1), "s")
}

/// A number short enough for an axis: `1.5k`, `2M`.
pub fn compact(value: f64) -> String {
    compact_beside(value, value)
}

/// The same in the unit of another number, the largest of its axis: `7.5k` beside `10k`.
pub fn compact_beside(value: f64, largest: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let size = largest.abs();
    let (scaled, unit) = match size {
        _ if size >= 1e15 => return scientific(value),
        _ if size >= 1e12 => (value / 1e12, "T"),
        _ if size >= 1e9 => (value / 1e9, "G"),
        _ if size >= 1e6 => (value / 1e6, "M"),
        _ if size >= 1e4 => (value / 1e3, "k"),
        _ => (value, ""),
    };
    let decimals = (0..3).find(|&d| is_written_by(scaled, d)).unwrap_or(3);
    number(scaled, decimals) + unit
}

/// A number with its power of ten: `1e18`, `2.5e16`.
fn scientific(value: f64) -> String {
    let (power, ten) = magnitude(value.abs());
    let share = value / ten;
    let decimals = (0..3).find(|&d| is_written_by(share, d)).unwrap_or(3);
    format!("{}e{power}", number(share, decimals))
}

/// The largest power of ten that is not above a number: its exponent, and itself; of zero and what is no number, those
/// of 1. Exact from 1e-22 to 1e22. (Logarithm and power would be two kilobytes in the browser.)
pub fn magnitude(value: f64) -> (i32, f64) {
    let (mut exponent, mut ten) = (0, 1.0);
    while value >= ten * 10.0 && exponent < 308 {
        ten *= 10.0;
        exponent += 1;
    }
    let mut inverse = 1.0;
    while value > 0.0 && value * inverse < 1.0 && exponent > -308 {
        inverse *= 10.0;
        exponent -= 1;
        ten = 1.0 / inverse;
    }
    (exponent, ten)
}

/// Whether that many decimals are enough to write a number.
fn is_written_by(value: f64, decimals: usize) -> bool {
    let scale = [1.0, 10.0, 100.0].get(decimals).copied().unwrap_or(1000.0);
    let scaled = value * scale;
    (scaled - scaled.round()).abs() < 1e-6 * scale.max(scaled.abs() * 1e-6)
}

/// The short name of a date's month.
pub fn month(date: Date) -> String {
    locale::here().months.get(date.month() as usize - 1).cloned().unwrap_or_default()
}

/// The short name of a weekday.
pub fn weekday(day: Weekday) -> String {
    locale::here().weekdays.get(usize::from(day.number_days_from_monday())).cloned().unwrap_or_default()
}

/// A date with its weekday: `Wed 10 Feb 1999`.
pub fn long_date(date: Date) -> String {
    let (weekday, date, is_last) = (weekday(date.weekday()), full_date(date), order() == DateOrder::YearMonthDay);
    if is_last { format!("{date} {weekday}") } else { format!("{weekday} {date}") }
}

/// A date without its year: `10 Feb`.
pub fn short_date(date: Date) -> String {
    days_of_month(date, &date.day().to_string())
}

fn order() -> DateOrder {
    locale::here().order
}

/// A day, or days, of a date's month.
fn days_of_month(date: Date, days: &str) -> String {
    let month = month(date);
    if order() == DateOrder::DayMonthYear { format!("{days} {month}") } else { format!("{month} {days}") }
}

/// Something of a date's year.
fn in_year(date: Date, days: &str) -> String {
    let year = date.year();
    match order() {
        DateOrder::DayMonthYear => format!("{days} {year}"),
        DateOrder::MonthDayYear => format!("{days}, {year}"),
        DateOrder::YearMonthDay => format!("{year} {days}"),
    }
}

fn full_date(date: Date) -> String {
    in_year(date, &short_date(date))
}

/// A range of dates, nothing said twice: `1–28 Feb 1999`, `23 Oct – 21 Nov 2026`.
pub fn date_range(first: Date, last: Date) -> String {
    if first == last {
        return long_date(first);
    }
    match (first.year() == last.year(), first.month() == last.month()) {
        (true, true) => in_year(last, &days_of_month(last, &format!("{}–{}", first.day(), last.day()))),
        (true, false) => in_year(last, &format!("{} – {}", short_date(first), short_date(last))),
        _ => format!("{} – {}", full_date(first), full_date(last)),
    }
}

/// An hour of the day as the documents write it: `09:00`.
pub fn hour(hour: u8) -> String {
    format!("{hour:02}:00")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::period::parse_date;

    #[test]
    fn numbers_are_grouped_and_signed() {
        assert_eq!(number(33_344.0, 0), "33,344");
        assert_eq!(number(-1234.56, 1), "−1,234.6");
        assert_eq!(number(-0.04, 1), "0.0");
        assert_eq!(number(999.0, 0), "999");
        assert_eq!(number(f64::NAN, 1), UNKNOWN);
        assert_eq!(points(0.0129), "+1.3\u{202f}pp");
        assert_eq!(points_range(-0.0143, -0.0002), "−1.43 to −0.02\u{202f}pp");
        assert_eq!(points_range(-0.019, 0.002), "−1.9 to +0.2\u{202f}pp");
        assert_eq!(points_range(0.0, 1e-9), "0.0000 to 0.0000\u{202f}pp");
        assert_eq!(points(-0.0001), "0.0\u{202f}pp");
        assert_eq!(percent(0.799_874), "80.0\u{202f}%");
    }

    #[test]
    fn durations_read_like_a_clock() {
        assert_eq!(clock(143.657), "2:24");
        assert_eq!(clock(59.6), "1:00");
        assert_eq!(clock(3725.0), "1:02:05");
        assert_eq!(clock(-4.0), "−0:04");
        assert_eq!(clock(f64::INFINITY), UNKNOWN);
    }

    #[test]
    fn axis_numbers_are_short() {
        for (value, text) in [
            (0.0, "0"),
            (1500.0, "1,500"),
            (25_000.0, "25k"),
            (2.5e6, "2.5M"),
            (0.25, "0.25"),
            (1e18, "1e18"),
            (-2.5e16, "−2.5e16"),
        ] {
            assert_eq!(compact(value), text);
        }
    }

    #[test]
    fn numbers_and_dates_are_written_as_in_a_place() {
        let english = Locale::default();
        let (date, later) = (parse_date("1999-02-10").unwrap(), parse_date("1999-02-28").unwrap());
        let written = |locale: Locale| {
            written_in(&Arc::new(locale), || {
                [number(1_234_567.8, 1), count(1234), short_date(date), long_date(date), date_range(date, later)]
            })
        };
        // As CLDR has them for de, en-IN, es, en-US and ja.
        let german = Locale { decimal: ",".to_owned(), group: ".".to_owned(), ..english.clone() };
        assert_eq!(written(german)[..2], ["1.234.567,8", "1.234"]);
        let indian = Locale { groups: (3, 2), ..english.clone() };
        assert_eq!(written(indian)[..2], ["12,34,567.8", "1,234"]);
        let spanish = Locale { grouped_from: 5, ..english.clone() };
        assert_eq!(written(spanish)[..2], ["1,234,567.8", "1234"]);
        let american = Locale { order: DateOrder::MonthDayYear, ..english.clone() };
        assert_eq!(written(american)[2..], ["Feb 10", "Wed Feb 10, 1999", "Feb 10–28, 1999"]);
        let japanese = Locale { order: DateOrder::YearMonthDay, ..english };
        assert_eq!(written(japanese)[2..], ["Feb 10", "1999 Feb 10 Wed", "1999 Feb 10–28"]);
        // Nothing of it stays.
        assert_eq!(number(1_234_567.8, 1), "1,234,567.8");
    }

    #[test]
    fn magnitudes_are_powers_of_ten() {
        for (value, exponent, ten) in [
            (1.0, 0, 1.0),
            (9.99, 0, 1.0),
            (10.0, 1, 10.0),
            (2.5e16, 16, 1e16),
            (1e22, 22, 1e22),
            (0.1, -1, 0.1),
            (0.0625, -2, 0.01),
            (3e-12, -12, 1e-12),
            (0.0, 0, 1.0),
        ] {
            assert_eq!(magnitude(value), (exponent, ten), "{value}");
        }
        for value in [f64::MAX, f64::MIN_POSITIVE, f64::INFINITY, f64::NAN, -1.0] {
            assert!(magnitude(value).1 > 0.0, "{value}");
        }
    }

    #[test]
    fn ranges_say_nothing_twice() {
        let range = |a, b| date_range(parse_date(a).unwrap(), parse_date(b).unwrap());
        assert_eq!(range("1999-02-01", "1999-02-28"), "1–28 Feb 1999");
        assert_eq!(range("2026-10-23", "2026-11-21"), "23 Oct – 21 Nov 2026");
        assert_eq!(range("2025-12-30", "2026-01-02"), "30 Dec 2025 – 2 Jan 2026");
        assert_eq!(range("1999-02-10", "1999-02-10"), "Wed 10 Feb 1999");
    }
}
