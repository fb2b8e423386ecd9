//! Calls of one UTC day, summed by quarters of an hour.
//!
//! Offsets of zones in use are whole quarters of an hour, so the calls of any zone's days and hours
//! are whole quarters: a database that keeps these sums need not read the calls for a report. What is
//! told from them equals what is told from the calls to the last bit, since nothing but integers is added.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::summary::{AgentTally, Figures, update};
use super::{Outcome, UsageFacts};
use crate::compare::{VersionDay, VersionFacts};
use crate::period::DAY_MS;

/// A quarter of an hour, in milliseconds.
pub const QUARTER_MS: i64 = 15 * 60 * 1000;

/// What a quarter of an hour adds to days and to hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct QuarterClock {
    pub(super) calls: u64,
    pub(super) resolved: u64,
    pub(super) duration_ms: u64,
}

impl QuarterClock {
    /// What one call adds.
    pub(super) fn of(call: &UsageFacts<'_>) -> Self {
        Self { calls: 1, resolved: u64::from(call.outcome == Outcome::Resolved), duration_ms: call.duration_ms }
    }

    fn merge(&mut self, other: Self) {
        self.calls = self.calls.saturating_add(other.calls);
        self.resolved = self.resolved.saturating_add(other.resolved);
        self.duration_ms = self.duration_ms.saturating_add(other.duration_ms);
    }
}

/// Something for each quarter of an hour of a UTC day in which there was a call, by its number, 0–95.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ByQuarter<T> {
    start_ms: i64,
    quarters: Vec<(u8, T)>,
}

impl<T: Default> ByQuarter<T> {
    /// A day without a call, by the number of days since 1 January 1970.
    pub(crate) fn of_day(epoch_day: i64) -> Self {
        Self { start_ms: epoch_day.saturating_mul(DAY_MS), quarters: Vec::new() }
    }

    /// Changes what there is for the quarter of an instant of the day, in Unix milliseconds. Calls mostly come in order,
    /// so it is looked for from the end.
    pub(crate) fn change(&mut self, at_ms: i64, change: impl FnOnce(&mut T)) {
        let quarter = (at_ms.saturating_sub(self.start_ms) / QUARTER_MS) as u8;
        let after = self.quarters.iter().rposition(|(of, _)| *of <= quarter).map_or(0, |last| last + 1);
        let last = after.checked_sub(1).and_then(|last| self.quarters.get_mut(last));
        if let Some((_, there)) = last.filter(|(of, _)| *of == quarter) {
            change(there);
        } else {
            let mut new = T::default();
            change(&mut new);
            self.quarters.insert(after, (quarter, new));
        }
    }
}

impl<T> ByQuarter<T> {
    /// Each with the start of its quarter, in Unix milliseconds.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (i64, &T)> {
        let starting = |quarter: u8| self.start_ms.saturating_add(i64::from(quarter) * QUARTER_MS);
        self.quarters.iter().map(move |(quarter, of)| (starting(*quarter), of))
    }
}

/// Everything that a report of a whole UTC day is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WholeDay {
    clock: ByQuarter<QuarterClock>,
    pub(super) figures: Figures,
    pub(super) agents: BTreeMap<String, AgentTally>,
}

impl WholeDay {
    /// Each quarter with a call: its start in Unix milliseconds, and what it adds.
    pub(super) fn quarters(&self) -> impl Iterator<Item = (i64, QuarterClock)> {
        self.clock.iter().map(|(at_ms, clock)| (at_ms, *clock))
    }
}

/// The calls of one agent on one UTC day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentQuarters(ByQuarter<Figures>);

impl AgentQuarters {
    /// Each quarter with a call: its start in Unix milliseconds, and the sums of its calls.
    pub(super) fn iter(&self) -> impl Iterator<Item = (i64, &Figures)> {
        self.0.iter()
    }
}

/// The calls of one UTC day: as a whole, each agent as a report needs it, and each version as a comparison does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayRollup {
    epoch_day: i64,
    whole: WholeDay,
    agents: BTreeMap<Option<String>, AgentQuarters>,
    versions: BTreeMap<String, VersionDay>,
}

impl DayRollup {
    /// A day without a call, by the number of days since 1 January 1970.
    pub fn new(epoch_day: i64) -> Self {
        let whole = WholeDay { clock: ByQuarter::of_day(epoch_day), ..WholeDay::default() };
        Self { epoch_day, whole, ..Self::default() }
    }

    /// Takes in a call that started on the day: what a report needs of it, the version that handled it, and what a
    /// comparison of versions needs.
    pub fn add(&mut self, call: &UsageFacts<'_>, version_id: Option<&str>, of_version: &VersionFacts<'_>) {
        let day = self.epoch_day;
        self.whole.clock.change(call.started_ms, |clock| clock.merge(QuarterClock::of(call)));
        self.whole.figures.add(call);
        if let Some(id) = call.agent_id {
            update(&mut self.whole.agents, id.as_str(), |agent| agent.add(call));
        }
        let agent_id = call.agent_id.map(|id| id.as_str().to_owned());
        let of_agent = self.agents.entry(agent_id).or_insert_with(|| AgentQuarters(ByQuarter::of_day(day)));
        of_agent.0.change(call.started_ms, |figures| figures.add(call));
        if let Some(id) = version_id {
            self.versions.entry(id.to_owned()).or_insert_with(|| VersionDay::new(day)).add(of_version);
        }
    }

    /// Whether there was no call.
    pub fn is_empty(&self) -> bool {
        self.agents.is_empty()
    }

    /// The day as a whole.
    pub fn whole(&self) -> &WholeDay {
        &self.whole
    }

    /// The agents that handled a call, by their ids; none of calls whose agent is unknown.
    pub fn agents(&self) -> &BTreeMap<Option<String>, AgentQuarters> {
        &self.agents
    }

    /// The versions that handled a call, by their ids.
    pub fn versions(&self) -> &BTreeMap<String, VersionDay> {
        &self.versions
    }
}
