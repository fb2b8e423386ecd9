//! Days in order, with what drawing them asks for each time.

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
        let (mut sum, mut most) = (0_u64, None);
        for day in &days {
            let Some(calls) = day.calls else { continue };
            sum = sum.saturating_add(calls);
            if most.is_none_or(|(largest, _)| calls > largest) {
                most = Some((calls, day.date));
            }
        }
        let (calls, resolved) = (values(&days, |day| day.calls), values(&days, |day| day.resolved));
        Self(Arc::new(Inner { days, calls, resolved, sum, most }))
    }
}

fn values(days: &[DayVolume], of: fn(&DayVolume) -> Option<u64>) -> Values {
    Values::of(days.iter().map(|day| of(day).map_or(f64::NAN, |count| count as f64)).collect())
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
