//! Calls that were loaded page by page, each once, with the usage figures they sum to.

use std::collections::BTreeSet;

use super::{CallRecord, UsageSummary};
use crate::period::Zone;

/// Calls in the order in which they came. A call that comes twice counts once: while pages are read,
/// new calls push others from one page to the next.
#[derive(Clone, Debug, Default)]
pub struct LoadedCalls {
    calls: Vec<CallRecord>,
    ids: BTreeSet<Box<str>>,
    summary: UsageSummary,
}

impl LoadedCalls {
    /// Before the first call: makes room for so many in all, as far as there is some: to move a million of them takes a tenth of a second.
    pub fn make_room(&mut self, total: u64) {
        /// What somebody else says is believed up to here.
        const MOST: usize = 1_000_000;
        if self.calls.is_empty() {
            // Where there is none, they are moved.
            self.calls.try_reserve_exact(usize::try_from(total).unwrap_or(MOST).min(MOST)).ok();
        }
    }

    /// Takes a call in, by the clock of a zone; false where it is there already.
    pub fn add(&mut self, call: CallRecord, zone: &Zone) -> bool {
        if !self.ids.insert(call.id.as_str().into()) {
            return false;
        }
        self.summary.add(&call.usage_facts(), zone);
        self.calls.push(call);
        true
    }

    /// The calls.
    pub fn calls(&self) -> &[CallRecord] {
        &self.calls
    }

    /// What they sum to.
    pub fn summary(&self) -> &UsageSummary {
        &self.summary
    }
}
