//! Calls of one version on one UTC day, summed so that any clock can be told from it.

use serde::{Deserialize, Serialize};

use super::tally::{Answered, Sums, VersionFacts};
use crate::calls::ByQuarter;

/// The calls of one version on one UTC day: their sums, and by quarters of an hour when they came. A comparison told
/// from such days equals one told from the calls to the last bit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionDay {
    pub(super) sums: Sums,
    clock: ByQuarter<Answered>,
}

impl VersionDay {
    /// A day without a call, by the number of days since 1 January 1970.
    pub fn new(epoch_day: i64) -> Self {
        Self { sums: Sums::default(), clock: ByQuarter::of_day(epoch_day) }
    }

    /// Takes in a call that started on the day.
    pub fn add(&mut self, call: &VersionFacts<'_>) {
        self.sums.add(call);
        self.clock.change(call.started_ms, |quarter| quarter.merge(Answered::of(call)));
    }

    /// Each quarter with a call: its start in Unix milliseconds, and its calls.
    pub(super) fn quarters(&self) -> impl Iterator<Item = (i64, Answered)> {
        self.clock.iter().map(|(start_ms, answered)| (start_ms, *answered))
    }
}
