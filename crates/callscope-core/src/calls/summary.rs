//! Calls → usage report, as a summary that can be merged.
//!
//! Pages of calls, shards of a database and threads may each fill a summary and merge them in any
//! order: merging is associative and commutative, since every field is a count, an integer sum that
//! stays at its largest value rather than overflow, or a map of those.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use hashbrown::hash_map::EntryRef;
use serde::{Deserialize, Serialize};

use super::agent::KeptId;
use super::rollup::{AgentQuarters, QuarterClock, WholeDay};
use super::{AgentId, Mean, Outcome, UsageFacts};
use crate::period::{DAY_SECS, Date, Zone};

/// Calls by how they ended, in the order of [`Outcome::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct OutcomeTally([u64; 4]);

impl OutcomeTally {
    #[inline]
    fn add(&mut self, outcome: Outcome) {
        if let Some(count) = self.0.get_mut(outcome as usize) {
            *count = count.saturating_add(1);
        }
    }

    fn merge(&mut self, other: Self) {
        for (count, more) in self.0.iter_mut().zip(other.0) {
            *count = count.saturating_add(more);
        }
    }

    fn of(self, outcome: Outcome) -> u64 {
        self.0.get(outcome as usize).copied().unwrap_or(0)
    }
}

/// The calls of one local day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayTally {
    /// Calls that started on it.
    pub calls: u64,
    /// Those of them that were resolved.
    pub resolved: u64,
}

/// The calls of one local hour of the day, over all days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HourTally {
    /// Calls that started in it.
    pub calls: u64,
    /// How long those calls lasted, in milliseconds, wherever they ended.
    pub duration_ms: u64,
}

/// The calls of one agent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentTally {
    outcomes: OutcomeTally,
    /// Calls it handled.
    pub calls: u64,
    /// How long they lasted, in milliseconds.
    pub duration_ms: u64,
    sentiment: Share,
}

impl AgentTally {
    #[inline]
    pub(super) fn add(&mut self, call: &UsageFacts<'_>) {
        self.calls = self.calls.saturating_add(1);
        self.duration_ms = self.duration_ms.saturating_add(call.duration_ms);
        self.outcomes.add(call.outcome);
        if let Some(is_positive) = call.positive_sentiment {
            self.sentiment.add(u64::from(is_positive), 1);
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.calls = self.calls.saturating_add(other.calls);
        self.duration_ms = self.duration_ms.saturating_add(other.duration_ms);
        self.outcomes.merge(other.outcomes);
        self.sentiment.add(other.sentiment.part, other.sentiment.whole);
    }

    /// Its calls that ended in one way.
    pub fn ended(&self, outcome: Outcome) -> u64 {
        self.outcomes.of(outcome)
    }

    /// The share of its calls with positive sentiment, 0–1, among those with sentiment at all.
    pub fn positive_sentiment(&self) -> Option<f64> {
        self.sentiment.value()
    }
}

/// The calls handed over for one reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonTally {
    /// How many calls.
    pub calls: u64,
    /// How long they lasted before, in milliseconds.
    pub duration_ms: u64,
}

/// Some of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Share {
    part: u64,
    whole: u64,
}

impl Share {
    fn add(&mut self, part: u64, whole: u64) {
        self.part = self.part.saturating_add(part);
        self.whole = self.whole.saturating_add(whole);
    }

    fn value(self) -> Option<f64> {
        (self.whole > 0).then(|| self.part as f64 / self.whole as f64)
    }
}

/// What is summed of calls whatever the clock shows and whoever handled them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Figures {
    all: AgentTally,
    reasons: BTreeMap<String, ReasonTally>,
    response_ms: Mean,
    cached_tokens: Mean,
    transcript_confidence: Mean,
    tool_success: Share,
    uncorrected: Share,
    last_started_ms: Option<i64>,
}

impl Figures {
    #[inline]
    pub(super) fn add(&mut self, call: &UsageFacts<'_>) {
        self.all.add(call);
        self.add_telemetry(call);
        self.last_started_ms = self.last_started_ms.max(Some(call.started_ms));
        if let (Outcome::Transferred, Some(reason)) = (call.outcome, call.escalation_reason) {
            update(&mut self.reasons, reason, |tally| {
                tally.calls = tally.calls.saturating_add(1);
                tally.duration_ms = tally.duration_ms.saturating_add(call.duration_ms);
            });
        }
    }

    #[inline]
    fn add_telemetry(&mut self, call: &UsageFacts<'_>) {
        if let Some(response_ms) = call.response_ms {
            self.response_ms.add(response_ms);
        }
        if let Some((cached, all @ 1..)) = call.tokens {
            self.cached_tokens.add(cached.min(all) as f64 / all as f64);
        }
        if let Some(confidence) = call.transcript_confidence {
            // A share, by its definition; what lies outside is a mistake of the sender.
            self.transcript_confidence.add(confidence.clamp(0.0, 1.0));
        }
        if let Some((made, failed)) = call.tool_calls {
            self.tool_success.add(made.saturating_sub(failed), made);
        }
        if let Some(corrections) = call.corrections {
            self.uncorrected.add(u64::from(corrections == 0), 1);
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.all.merge(&other.all);
        for (reason, tally) in &other.reasons {
            update(&mut self.reasons, reason, |mine| {
                mine.calls = mine.calls.saturating_add(tally.calls);
                mine.duration_ms = mine.duration_ms.saturating_add(tally.duration_ms);
            });
        }
        self.response_ms.merge(other.response_ms);
        self.cached_tokens.merge(other.cached_tokens);
        self.transcript_confidence.merge(other.transcript_confidence);
        self.tool_success.add(other.tool_success.part, other.tool_success.whole);
        self.uncorrected.add(other.uncorrected.part, other.uncorrected.whole);
        self.last_started_ms = self.last_started_ms.max(other.last_started_ms);
    }

    fn clock(&self) -> QuarterClock {
        let AgentTally { calls, duration_ms, .. } = self.all;
        QuarterClock { calls, resolved: self.all.ended(Outcome::Resolved), duration_ms }
    }
}

/// Everything a usage report is made of, summed over calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageSummary {
    figures: Figures,
    /// By days since 1970-01-01.
    days: HashMap<i64, DayTally>,
    hours: [HourTally; 24],
    agents: HashMap<KeptId, AgentTally>,
}

impl UsageSummary {
    /// Takes one call in, by the clock of the fleet's zone.
    #[inline]
    pub fn add(&mut self, call: &UsageFacts<'_>, zone: &Zone) {
        self.figures.add(call);
        self.add_to_clock(call.started_ms, QuarterClock::of(call), zone);
        if let Some(id) = call.agent_id {
            self.agent(id).add(call);
        }
    }

    /// Takes in a whole UTC day. The zone's offsets must be whole quarters of an hour on it.
    pub fn add_day(&mut self, day: &WholeDay, zone: &Zone) {
        self.figures.merge(&day.figures);
        for (start_ms, clock) in day.quarters() {
            self.add_to_clock(start_ms, clock, zone);
        }
        for (id, tally) in &day.agents {
            self.agent(id.as_str().into()).merge(tally);
        }
    }

    /// Takes in the quarters of an hour of an agent (none: of calls without one) whose starts, in Unix
    /// milliseconds, are wanted. The zone's offsets must be whole quarters of an hour.
    pub fn add_quarters(
        &mut self,
        agent_id: Option<AgentId<'_>>,
        quarters: &AgentQuarters,
        zone: &Zone,
        is_wanted: impl Fn(i64) -> bool,
    ) {
        let mut of_agent = AgentTally::default();
        for (start_ms, figures) in quarters.iter().filter(|(start_ms, _)| is_wanted(*start_ms)) {
            self.figures.merge(figures);
            self.add_to_clock(start_ms, figures.clock(), zone);
            of_agent.merge(&figures.all);
        }
        if let Some(id) = agent_id.filter(|_| of_agent.calls > 0) {
            self.agent(id).merge(&of_agent);
        }
    }

    /// The calls of an agent, whose id is copied only where it is new.
    #[inline]
    fn agent(&mut self, id: AgentId<'_>) -> &mut AgentTally {
        match self.agents.entry_ref(&id) {
            EntryRef::Occupied(known) => known.into_mut(),
            EntryRef::Vacant(new) => new.insert_with_key(KeptId::from(&id), AgentTally::default()),
        }
    }

    #[inline]
    fn add_to_clock(&mut self, at_ms: i64, clock: QuarterClock, zone: &Zone) {
        let local_secs = zone.local_secs(at_ms);
        let day = self.days.entry(local_secs.div_euclid(DAY_SECS)).or_default();
        day.calls = day.calls.saturating_add(clock.calls);
        day.resolved = day.resolved.saturating_add(clock.resolved);
        let hour = local_secs.rem_euclid(DAY_SECS) / 3600;
        if let Some(hour) = self.hours.get_mut(hour as usize) {
            hour.calls = hour.calls.saturating_add(clock.calls);
            hour.duration_ms = hour.duration_ms.saturating_add(clock.duration_ms);
        }
    }

    /// Takes in everything that another summary holds.
    pub fn merge(&mut self, other: &Self) {
        self.figures.merge(&other.figures);
        for (epoch_day, day) in &other.days {
            let mine = self.days.entry(*epoch_day).or_default();
            mine.calls = mine.calls.saturating_add(day.calls);
            mine.resolved = mine.resolved.saturating_add(day.resolved);
        }
        for (mine, hour) in self.hours.iter_mut().zip(&other.hours) {
            mine.calls = mine.calls.saturating_add(hour.calls);
            mine.duration_ms = mine.duration_ms.saturating_add(hour.duration_ms);
        }
        for (id, agent) in &other.agents {
            self.agent(id.into()).merge(agent);
        }
    }

    /// All calls.
    pub fn calls(&self) -> u64 {
        self.figures.all.calls
    }

    /// How long all calls lasted, in milliseconds.
    pub fn duration_ms(&self) -> u64 {
        self.figures.all.duration_ms
    }

    /// Calls that ended in one way.
    pub fn ended(&self, outcome: Outcome) -> u64 {
        self.figures.all.ended(outcome)
    }

    /// The calls of a local day; none where it had none.
    pub fn day(&self, date: Date) -> DayTally {
        self.days.get(&date.epoch_day()).copied().unwrap_or_default()
    }

    /// From the first day with a call to the last one; none where there was no call.
    pub fn days(&self) -> Option<(Date, Date)> {
        let days = self.days.keys().copied();
        Some((Date::from_epoch_day(days.clone().min()?), Date::from_epoch_day(days.max()?)))
    }

    /// The 24 hours of the day.
    pub fn hours(&self) -> &[HourTally; 24] {
        &self.hours
    }

    /// How many agents handled a call.
    pub fn active_agents(&self) -> u64 {
        self.agents.len() as u64
    }

    /// The agents that handled a call, in the order of their ids.
    pub fn agents(&self) -> BTreeMap<&str, &AgentTally> {
        self.agents.iter().map(|(id, tally)| (AgentId::from(id).as_str(), tally)).collect()
    }

    /// The calls of an agent, where it handled any.
    pub fn of_agent(&self, id: &str) -> Option<&AgentTally> {
        self.agents.get(&AgentId::from(id))
    }

    /// The reasons for handing over, by their text.
    pub fn reasons(&self) -> &BTreeMap<String, ReasonTally> {
        &self.figures.reasons
    }

    /// Share of calls with positive sentiment, 0–1, among those with sentiment at all.
    pub fn positive_sentiment(&self) -> Option<f64> {
        self.figures.all.positive_sentiment()
    }

    /// Mean time to the first token, in milliseconds.
    pub fn response_ms(&self) -> Option<f64> {
        self.figures.response_ms.value()
    }

    /// Mean over calls of the share of tokens read from the cache, 0–1.
    pub fn cached_token_share(&self) -> Option<f64> {
        self.figures.cached_tokens.value()
    }

    /// Mean confidence of the transcripts, 0–1.
    pub fn transcript_confidence(&self) -> Option<f64> {
        self.figures.transcript_confidence.value()
    }

    /// Share of tool calls without an error, 0–1.
    pub fn tool_success(&self) -> Option<f64> {
        self.figures.tool_success.value()
    }

    /// Share of calls without a correction by the caller, 0–1, among those with correction data.
    pub fn uncorrected(&self) -> Option<f64> {
        self.figures.uncorrected.value()
    }

    /// When the last call started, in Unix milliseconds.
    pub fn last_started_ms(&self) -> Option<i64> {
        self.figures.last_started_ms
    }
}

/// Changes the value of a key, which is copied only where it is not there yet.
pub(crate) fn update<V: Default>(map: &mut BTreeMap<String, V>, key: &str, change: impl FnOnce(&mut V)) {
    match map.get_mut(key) {
        Some(value) => change(value),
        None => change(map.entry(key.to_owned()).or_default()),
    }
}
