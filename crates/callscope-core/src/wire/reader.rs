//! Wire fields → checked values; what cannot be used becomes a finding.

use super::{Field, List, Number, Text};
use crate::period::{Date, parse_date};
use crate::{Finding, FindingCode};

/// Takes fields out of an answer and keeps what was found wrong with them.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    /// What was found.
    pub(crate) findings: Vec<Finding>,
}

impl Reader {
    #[inline(never)]
    pub(crate) fn warn(&mut self, code: FindingCode, sentence: String) {
        self.findings.push(Finding::warning(code, sentence));
    }

    // What is said stands apart from what is taken, which is compiled anew for every type.
    #[inline(never)]
    fn say_wrong(&mut self, what: &str, place: &str) {
        self.warn(FindingCode::WrongType, format!("{place} is {what} where another type belongs; it was left out."));
    }

    #[inline(never)]
    fn say_needed(&mut self, what: &str, place: &str) {
        self.warn(FindingCode::WrongType, format!("{what} of {place} is null or absent; it was left out."));
    }

    pub(crate) fn take<T>(&mut self, field: Field<T>, place: &str) -> Option<T> {
        if let Field::Wrong(what) = field {
            self.say_wrong(what, place);
        }
        field.into_value()
    }

    pub(crate) fn list<T>(&mut self, list: List<T>, place: &str) -> Vec<T> {
        let items = self.take(list, place).unwrap_or_default();
        items.into_iter().filter_map(|item| self.needed(item, place, "An entry")).collect()
    }

    /// A value without which an entry of a list means nothing.
    pub(crate) fn needed<T>(&mut self, field: Field<T>, place: &str, what: &str) -> Option<T> {
        if matches!(field, Field::Missing | Field::Null) {
            self.say_needed(what, place);
        }
        self.take(field, place)
    }

    #[inline(never)]
    pub(crate) fn text(&mut self, text: Text, place: &str) -> Option<String> {
        self.take(text, place)
    }

    /// The number of a field.
    fn number(&mut self, number: &Number, place: &str) -> Option<f64> {
        self.take(number.clone(), place)
    }

    pub(crate) fn count(&mut self, number: &Number, place: &str) -> Option<u64> {
        const MOST: f64 = 9_007_199_254_740_992.0;
        let number = self.number(number, place)?;
        if (0.0..MOST).contains(&number) && number.fract() == 0.0 {
            return Some(number as u64);
        }
        self.warn(FindingCode::NotACount, format!("{place} is {number}, which is no count; it was left out."));
        None
    }

    pub(crate) fn amount(&mut self, number: &Number, place: &str) -> Option<f64> {
        let number = self.number(number, place)?;
        if number >= 0.0 {
            return Some(number);
        }
        self.warn(FindingCode::OutOfBounds, format!("{place} is {number}, below zero; it was left out."));
        None
    }

    /// A percentage 0–100 as a fraction 0–1.
    pub(crate) fn fraction(&mut self, number: &Number, place: &str) -> Option<f64> {
        let number = self.number(number, place)?;
        if (0.0..=100.0).contains(&number) {
            return Some(number / 100.0);
        }
        self.warn(FindingCode::OutOfBounds, format!("{place} is {number} %, outside 0–100; it was left out."));
        None
    }

    pub(crate) fn date(&mut self, text: Text, place: &str) -> Option<Date> {
        let text = self.needed(text, place, "A date")?;
        // Some servers send a whole timestamp; its date part is meant.
        let date = parse_date(text.split('T').next().unwrap_or(&text));
        if date.is_err() {
            self.warn(
                FindingCode::BadDate,
                format!("{place} has an entry dated '{}', which is no date.", shortened(&text)),
            );
        }
        date.ok()
    }
}

/// A text from outside, short enough for a sentence.
pub(crate) fn shortened(text: &str) -> String {
    const MOST: usize = 40;
    if text.chars().count() <= MOST { text.to_owned() } else { text.chars().take(MOST).chain(['…']).collect() }
}
