//! How numbers and dates are written in a place.
//!
//! Who shows something to people of a place says so around what computes its texts; everything else is written as in
//! English. It is said around and not handed on, as nearly every function that makes a text would have to.

use std::cell::RefCell;
use std::sync::Arc;

/// In which order a date names its parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateOrder {
    /// `10 Feb 1999`
    #[default]
    DayMonthYear,
    /// `Feb 10, 1999`
    MonthDayYear,
    /// `1999 Feb 10`
    YearMonthDay,
}

/// How numbers and dates are written in a place. Digits are Latin ones everywhere, so that figures stand in columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locale {
    /// Between whole and fraction.
    pub decimal: String,
    /// Between groups of digits.
    pub group: String,
    /// How many digits the groups have: the one before the fraction, and the others.
    pub groups: (usize, usize),
    /// How many digits a whole number has at least for its groups to be kept apart.
    pub grouped_from: usize,
    /// The short names of the months, January first.
    pub months: [String; 12],
    /// The short names of the days of the week, Monday first.
    pub weekdays: [String; 7],
    /// The order of dates.
    pub order: DateOrder,
}

impl Default for Locale {
    /// As in English, with the day before the month.
    fn default() -> Self {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        Self {
            decimal: ".".to_owned(),
            group: ",".to_owned(),
            groups: (3, 3),
            grouped_from: 4,
            months: months.map(str::to_owned),
            weekdays: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].map(str::to_owned),
            order: DateOrder::default(),
        }
    }
}

impl Locale {
    /// Whether a group ends after a digit that has so many to its right.
    pub(super) fn ends_group(&self, digits: usize, to_the_right: usize) -> bool {
        let (first, other) = self.groups;
        digits >= self.grouped_from
            && (to_the_right == first || to_the_right > first && (to_the_right - first).is_multiple_of(other.max(1)))
    }
}

thread_local! {
    static HERE: RefCell<Arc<Locale>> = RefCell::default();
}

/// What is written now.
pub(super) fn here() -> Arc<Locale> {
    HERE.with_borrow(Arc::clone)
}

/// Has everything that is written meanwhile be written as in a place.
pub fn written_in<T>(locale: &Arc<Locale>, act: impl FnOnce() -> T) -> T {
    let back = Back(HERE.replace(Arc::clone(locale)));
    let done = act();
    drop(back);
    done
}

/// Puts back what was before, also where what is done meanwhile ends early.
struct Back(Arc<Locale>);

impl Drop for Back {
    fn drop(&mut self) {
        HERE.set(Arc::clone(&self.0));
    }
}
