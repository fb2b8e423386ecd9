//! How numbers and dates are written in a place, as the browser knows it.

use callscope_core::format::{DateOrder, Locale};
use js_sys::Date;
use wasm_bindgen::JsValue;

use crate::browser::{call, intl_object};

/// Noon of 1 February 2003, whose parts all differ.
const DAY_MS: f64 = 1_044_100_800_000.0;
/// Noon of Monday 1 January 2024.
const MONDAY_MS: f64 = 1_704_110_400_000.0;
const DAY: f64 = 86_400_000.0;

/// The locale of a BCP 47 tag; none where the browser says that it is no tag.
pub fn locale(tag: &str) -> Option<Locale> {
    let numbers = intl_object("NumberFormat", tag, &[("numberingSystem", "latn"), ("minimumFractionDigits", "1")])?;
    let written = |number: f64| call(&numbers, "format", &[number.into()])?.as_string();
    let (large, small) = (written(1_234_567.5)?, written(1234.5)?);
    let names = |part: &'static str, at: &dyn Fn(usize) -> f64| -> Option<Vec<String>> {
        let format = dates(tag, &[(part, "short")])?;
        (0..12).map(|i| dated(&format, at(i))).collect()
    };
    // The middle of each month; months are a little longer than thirty days.
    let months = names("month", &|i| MONDAY_MS + (14.0 + 30.5 * i as f64) * DAY)?;
    let weekdays = names("weekday", &|i| MONDAY_MS + i as f64 * DAY)?;
    let numeric = dates(tag, &[("year", "numeric"), ("month", "numeric"), ("day", "numeric")])?;
    let mut locale = Locale { order: order_of(&dated(&numeric, DAY_MS)?), ..Locale::default() };
    separate(&large, &small, &mut locale);
    for (to, from) in locale.months.iter_mut().zip(months).chain(locale.weekdays.iter_mut().zip(weekdays)) {
        *to = kept_in_place(from);
    }
    Some(locale)
}

/// A name that runs from right to left, between marks of the other direction: without them the numbers around it would
/// change places.
fn kept_in_place(name: String) -> String {
    let is_leftward = name.chars().any(|c| matches!(c, '\u{590}'..='\u{8ff}'));
    if is_leftward { format!("\u{200e}{name}\u{200e}") } else { name }
}

fn dates(tag: &str, parts: &[(&'static str, &'static str)]) -> Option<JsValue> {
    let fixed = [("timeZone", "UTC"), ("calendar", "gregory"), ("numberingSystem", "latn")];
    intl_object("DateTimeFormat", tag, &[&fixed, parts].concat())
}

fn dated(format: &JsValue, at_ms: f64) -> Option<String> {
    call(format, "format", &[Date::new(&at_ms.into()).into()])?.as_string()
}

/// The runs of digits of a text, and what stands between them.
fn runs(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut digits, mut between) = (Vec::<String>::new(), Vec::<String>::new());
    let mut was_digit = false;
    for c in text.trim_matches(|c: char| !c.is_ascii_digit()).chars() {
        let is_digit = c.is_ascii_digit();
        let runs = if is_digit { &mut digits } else { &mut between };
        if is_digit != was_digit || runs.is_empty() {
            runs.push(String::new());
        }
        if let Some(run) = runs.last_mut() {
            run.push(c);
        }
        was_digit = is_digit;
    }
    (digits, between)
}

/// Reads the separators off `1234567.5` and `1234.5`.
fn separate(large: &str, small: &str, locale: &mut Locale) {
    let (groups, between) = runs(large);
    let Some((decimal, between)) = between.split_last() else { return };
    locale.decimal.clone_from(decimal);
    locale.group = between.first().cloned().unwrap_or_default();
    let length = |from_the_right: usize| groups.iter().rev().nth(from_the_right).map_or(3, String::len);
    locale.groups = (length(1), length(2));
    // Without groups in the large number there are none at all.
    locale.grouped_from = match (between.is_empty(), runs(small).0.len()) {
        (true, _) => usize::MAX,
        (false, 2) => 5,
        _ => 4,
    };
}

/// The order of 1 February 2003.
fn order_of(written: &str) -> DateOrder {
    match runs(written).0.first().map(String::as_str) {
        Some("2003") => DateOrder::YearMonthDay,
        Some("2" | "02") => DateOrder::MonthDayYear,
        _ => DateOrder::DayMonthYear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_read() {
        #[track_caller]
        fn check(large: &str, small: &str, separators: [&str; 2], groups: (usize, usize), grouped_from: usize) {
            let mut locale = Locale::default();
            separate(large, small, &mut locale);
            assert_eq!([locale.decimal, locale.group], separators);
            assert_eq!((locale.groups, locale.grouped_from), (groups, grouped_from));
        }
        check("1.234.567,5", "1.234,5", [",", "."], (3, 3), 4);
        check("12,34,567.5", "1,234.5", [".", ","], (3, 2), 4);
        check("1.234.567,5", "1234,5", [",", "."], (3, 3), 5);
        check("1\u{202f}234\u{202f}567,5", "1\u{202f}234,5", [",", "\u{202f}"], (3, 3), 4);
        check("\u{200e}1٬234٬567٫5", "\u{200e}1٬234٫5", ["٫", "٬"], (3, 3), 4);
        check("1234567.5", "1234.5", [".", ""], (7, 3), usize::MAX);
    }

    #[test]
    fn orders_of_dates_are_read() {
        for (written, order) in [
            ("1.2.2003", DateOrder::DayMonthYear),
            ("01/02/2003", DateOrder::DayMonthYear),
            ("2/1/2003", DateOrder::MonthDayYear),
            ("2003. 2. 1.", DateOrder::YearMonthDay),
        ] {
            assert_eq!(order_of(written), order, "{written}");
        }
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod browser_tests {
    use callscope_core::format::DateOrder;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::locale;

    #[wasm_bindgen_test]
    fn the_browser_knows_how_numbers_and_dates_are_written() {
        let german = locale("de").unwrap();
        assert_eq!((german.decimal.as_str(), german.group.as_str()), (",", "."));
        assert_eq!((german.weekdays[2].as_str(), german.order), ("Mi", DateOrder::DayMonthYear));
        assert_eq!(locale("en-IN").unwrap().groups, (3, 2));
        let american = locale("en-US").unwrap();
        assert_eq!((american.order, american.months[1].as_str()), (DateOrder::MonthDayYear, "Feb"));
        assert_eq!(american.months[11], "Dec");
        // Digits are Latin ones, years those of the other pages.
        let persian = locale("fa").unwrap();
        assert!(!persian.group.is_empty() && persian.groups == (3, 3));
        for tag in ["", "de DE", "not a tag", "<b>"] {
            assert_eq!(locale(tag), None, "{tag}");
        }
    }
}
