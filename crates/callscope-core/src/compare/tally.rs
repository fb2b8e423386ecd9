//! Calls → the comparison's answer, as a tally that takes calls and days in any order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::day::VersionDay;
use super::figures::SYSTEM;
use super::wire;
use crate::calls::{Mean, update};
use crate::period::{Date, Zone, iso_date};
use crate::stats::Proportion;
use crate::wire::{Field, Number, Open};

/// What the comparison needs of one call. Borrowed, so that rows pass through without a copy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VersionFacts<'a> {
    /// When the call started, in Unix milliseconds.
    pub started_ms: i64,
    /// How long it lasted, in milliseconds.
    pub duration_ms: u64,
    /// Whether it was answered: its status is completed.
    pub is_answered: bool,
    /// Why it ended, in the documents' words.
    pub disconnection_reason: Option<&'a str>,
    /// What it cost, in credits.
    pub cost_credits: Option<f64>,
    /// Its type, in the documents' words.
    pub call_type: Option<&'a str>,
    /// Whether it was a test.
    pub is_test: bool,
}

/// Who ended a call of a disconnection reason: the user, the agent, nobody knows, or the system.
pub fn hangup_source(disconnection_reason: Option<&str>) -> &'static str {
    match disconnection_reason {
        Some("user_hangup") => "user",
        Some("agent_hangup") => "agent",
        None | Some("" | "unknown") => "unknown",
        Some(_) => SYSTEM,
    }
}

/// What is summed of calls whatever the clock shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sums {
    calls: u64,
    answered: u64,
    duration_ms: u64,
    cost: Mean,
    hangups: BTreeMap<String, u64>,
    types: BTreeMap<String, u64>,
    test_calls: u64,
    last_started_ms: Option<i64>,
}

impl Sums {
    pub(super) fn add(&mut self, call: &VersionFacts<'_>) {
        self.calls = self.calls.saturating_add(1);
        self.answered = self.answered.saturating_add(u64::from(call.is_answered));
        self.duration_ms = self.duration_ms.saturating_add(call.duration_ms);
        if let Some(cost) = call.cost_credits {
            self.cost.add(cost);
        }
        let source = hangup_source(call.disconnection_reason);
        update(&mut self.hangups, source, |count| *count = count.saturating_add(1));
        let call_type = call.call_type.unwrap_or("unknown");
        update(&mut self.types, call_type, |count| *count = count.saturating_add(1));
        self.test_calls = self.test_calls.saturating_add(u64::from(call.is_test));
        self.last_started_ms = self.last_started_ms.max(Some(call.started_ms));
    }

    fn merge(&mut self, other: &Self) {
        self.calls = self.calls.saturating_add(other.calls);
        self.answered = self.answered.saturating_add(other.answered);
        self.duration_ms = self.duration_ms.saturating_add(other.duration_ms);
        self.cost.merge(other.cost);
        for (mine, others) in [(&mut self.hangups, &other.hangups), (&mut self.types, &other.types)] {
            for (name, more) in others {
                update(mine, name, |count| *count = count.saturating_add(*more));
            }
        }
        self.test_calls = self.test_calls.saturating_add(other.test_calls);
        self.last_started_ms = self.last_started_ms.max(other.last_started_ms);
    }
}

/// Calls of some time, and those of them that were answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Answered {
    calls: u64,
    answered: u64,
}

impl Answered {
    /// What one call adds.
    pub(super) fn of(call: &VersionFacts<'_>) -> Self {
        Self { calls: 1, answered: u64::from(call.is_answered) }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.calls = self.calls.saturating_add(other.calls);
        self.answered = self.answered.saturating_add(other.answered);
    }
}

/// The calls of one version, summed: one by one, or whole days of them, in any order, to the last bit the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VersionTally {
    sums: Sums,
    days: BTreeMap<Date, Answered>,
    weekdays: [u64; 7],
    hours: [u64; 24],
}

impl VersionTally {
    /// Takes one call in, by the clock of a zone.
    pub fn add(&mut self, call: &VersionFacts<'_>, zone: &Zone) {
        self.sums.add(call);
        self.add_to_clock(call.started_ms, Answered::of(call), zone);
    }

    /// Takes in a whole UTC day. The zone's offsets must be whole quarters of an hour on it.
    pub fn add_day(&mut self, day: &VersionDay, zone: &Zone) {
        self.sums.merge(&day.sums);
        for (start_ms, answered) in day.quarters() {
            self.add_to_clock(start_ms, answered, zone);
        }
    }

    fn add_to_clock(&mut self, at_ms: i64, answered: Answered, zone: &Zone) {
        let local = zone.local(at_ms);
        self.days.entry(local.date).or_default().merge(answered);
        let weekday = usize::from(local.date.weekday().number_days_from_monday());
        let slots = [self.weekdays.get_mut(weekday), self.hours.get_mut(usize::from(local.hour))];
        for slot in slots.into_iter().flatten() {
            *slot = slot.saturating_add(answered.calls);
        }
    }

    /// When the last call started, in Unix milliseconds.
    pub fn last_started_ms(&self) -> Option<i64> {
        self.sums.last_started_ms
    }

    /// Mean duration over all calls, in milliseconds; unknown without a call.
    fn average_duration_ms(&self) -> Option<f64> {
        (self.sums.calls > 0).then(|| self.sums.duration_ms as f64 / self.sums.calls as f64)
    }

    fn completion_rate(&self) -> Option<f64> {
        Proportion { successes: self.sums.answered, trials: self.sums.calls }.rate()
    }

    /// The cost of all calls; unknown where that of a single one is, since a sum of the others would
    /// look like a low cost.
    fn cost_credits(&self) -> Option<f64> {
        let is_whole = self.sums.cost.count() == self.sums.calls && self.sums.calls > 0;
        if is_whole { Some(self.sums.cost.sum()) } else { None }
    }

    /// The figures in the documents' shape; whose they are, and of when, is left to the caller.
    pub fn metrics(&self) -> wire::VersionMetrics {
        let hangups = self.sums.hangups.iter().map(|(source, count)| (source.clone(), Number::from(*count)));
        wire::VersionMetrics {
            total_calls: self.sums.calls.into(),
            answered_calls: self.sums.answered.into(),
            avg_duration_ms: self.average_duration_ms().into(),
            completion_rate: self.completion_rate().into(),
            total_cost: self.cost_credits().into(),
            hangup_source_distribution: Field::Value(Open(hangups.collect())),
            ..wire::VersionMetrics::default()
        }
    }

    /// How the version ran; its label and when it went live are left to the caller.
    pub fn run(&self) -> wire::Run {
        let numbers = |counts: &[u64]| counts.iter().map(|count| *count as f64).collect::<Vec<_>>();
        let day = |(date, Answered { calls, answered }): (&Date, &Answered)| wire::RunDay {
            date: iso_date(*date).into(),
            calls: (*calls).into(),
            answered: (*answered).into(),
        };
        let types = self.sums.types.iter().map(|(name, count)| (name.clone(), Number::from(*count)));
        wire::Run {
            days: self.days.iter().map(day).collect::<Vec<_>>().into(),
            weekdays: numbers(&self.weekdays).into(),
            hours: numbers(&self.hours).into(),
            types: Field::Value(Open(types.collect())),
            test_calls: self.sums.test_calls.into(),
            ..wire::Run::default()
        }
    }
}

/// B minus A in the documents' shape; null where a side is.
pub fn deltas(a: &VersionTally, b: &VersionTally) -> wire::Deltas {
    let difference = |a: Option<f64>, b: Option<f64>| Number::from(a.zip(b).map(|(a, b)| b - a));
    wire::Deltas {
        total_calls: Number::from(b.sums.calls as f64 - a.sums.calls as f64),
        answered_calls: Number::from(b.sums.answered as f64 - a.sums.answered as f64),
        avg_duration_ms: difference(a.average_duration_ms(), b.average_duration_ms()),
        completion_rate: difference(a.completion_rate(), b.completion_rate()),
        total_cost: difference(a.cost_credits(), b.cost_credits()),
    }
}
