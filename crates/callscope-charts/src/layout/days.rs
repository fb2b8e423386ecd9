//! Days in order, with what drawing them asks for each time.

use std::cmp::Reverse;
use std::fmt;
use std::sync::Arc;

use callscope_core::period::Date;
use callscope_core::usage::DayVolume;

use crate::values::Values;

/// The volume of days that follow each other, made once and drawn often; copies share it.
#[derive(Clone)]
pub struct DaySeries(Arc<Inner>);

struct Inner {
    days: Vec<DayVolume>,
    calls: Values,
    resolved: Values,
    sum: u64,
    most: Option<(u64, Date)>,
}

impl DaySeries {
    /// A day as it was given; none behind the last one.
    pub fn get(&self, at: usize) -> Option<DayVolume> {
        self.0.days.get(at).copied()
    }

    /// How many days there are.
    pub fn len(&self) -> usize {
        self.0.days.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.days.is_empty()
    }

    /// The calls of each day.
    pub(super) fn calls(&self) -> &Values {
        &self.0.calls
    }

    /// The resolved calls of each day.
    pub(super) fn resolved(&self) -> &Values {
        &self.0.resolved
    }

    /// All known calls.
    pub(super) fn sum(&self) -> u64 {
        self.0.sum
    }

    /// The most calls of a day, and the first day that had so many; none where no day is known.
    pub(super) fn most(&self) -> Option<(u64, Date)> {
        self.0.most
    }
}

impl From<Vec<DayVolume>> for DaySeries {
    fn from(days: Vec<DayVolume>) -> Self {
        let known = || days.iter().filter_map(|day| Some((day.calls?, day.date)));
        let sum = known().fold(0, |sum: u64, (calls, _)| sum.saturating_add(calls));
        let most = known().max_by_key(|(calls, date)| (*calls, Reverse(*date)));
        let calls = Values::of(days.iter().map(|day| day.calls));
        let resolved = Values::of(days.iter().map(|day| day.resolved));
        Self(Arc::new(Inner { days, calls, resolved, sum, most }))
    }
}

impl Default for DaySeries {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl fmt::Debug for DaySeries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.days.fmt(f)
    }
}
