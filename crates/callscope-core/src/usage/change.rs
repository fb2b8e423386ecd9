//! How the figures of a period changed against the previous one.

use super::model::{OutcomeCounts, Totals, UsageReport};
use crate::calls::Outcome;
use crate::stats::{Interval, Proportion, newcombe};

/// Which way of a figure is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// Resolution, sentiment.
    Up,
    /// Response time, escalation.
    Down,
    /// Volume, duration, agents.
    Neither,
}

/// A figure now and before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// This period.
    pub now: Option<f64>,
    /// The previous period.
    pub before: Option<f64>,
    /// Which way is good.
    pub better: Better,
    /// How the difference reads.
    pub delta: Delta,
}

/// The difference of two figures; unknown where a side is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Delta {
    /// A side is unknown, or nothing is compared.
    Unknown,
    /// Now minus before, as a fraction of before; `None` where before is 0.
    Relative {
        /// Now minus before.
        absolute: f64,
        /// The same as a fraction of before.
        fraction: Option<f64>,
    },
    /// The difference of two fractions, with its 95 % interval where the counts are known and there
    /// are enough calls.
    Points {
        /// Now minus before, as a fraction.
        difference: f64,
        /// Newcombe's interval of the difference.
        interval: Option<Interval>,
        /// Whether the counts are known, but too small for an interval to mean anything.
        is_too_few: bool,
    },
}

impl Change {
    /// Whether the change is clearly for the better (`true`) or the worse (`false`). Only a
    /// difference of rates whose interval excludes zero is clear; all else is `None`.
    pub fn is_clearly_better(&self) -> Option<bool> {
        let Delta::Points { interval: Some(interval), .. } = self.delta else { return None };
        // The direction is the interval's: the printed rates may be rounded, the counts are not.
        match self.better {
            Better::Neither => None,
            _ if !interval.excludes_zero() => None,
            Better::Up => Some(interval.low > 0.0),
            Better::Down => Some(interval.high < 0.0),
        }
    }

    fn amount(now: Option<f64>, before: Option<f64>, better: Better) -> Self {
        let delta = match (now, before) {
            (Some(now), Some(before)) => {
                let fraction = (before.abs() > 0.0).then(|| (now - before) / before);
                Delta::Relative { absolute: now - before, fraction }
            }
            _ => Delta::Unknown,
        };
        Self { now, before, better, delta }
    }

    fn rate(now: Option<f64>, before: Option<f64>, better: Better, counts: Option<(Proportion, Proportion)>) -> Self {
        let delta = match (now, before) {
            (Some(now), Some(before)) => {
                let enough = counts.filter(|(was, is)| was.is_enough_with(*is));
                Delta::Points {
                    difference: now - before,
                    interval: enough.and_then(|(was, is)| newcombe(was, is)),
                    is_too_few: counts.is_some() && enough.is_none(),
                }
            }
            _ => Delta::Unknown,
        };
        Self { now, before, better, delta }
    }
}

/// The eight figures of the tiles, now and before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UsageChange {
    /// Calls.
    pub calls: Change,
    /// Minutes.
    pub minutes: Change,
    /// Resolved / all, 0–1.
    pub resolution_rate: Change,
    /// Mean duration in seconds.
    pub average_duration_secs: Change,
    /// Agents with a call.
    pub active_agents: Change,
    /// Mean time to the first token in milliseconds.
    pub response_time_ms: Change,
    /// Share of positive sentiment, 0–1.
    pub positive_sentiment: Change,
    /// Transferred / all, 0–1.
    pub escalation_rate: Change,
}

/// Compares two periods; without a previous one every delta is unknown.
pub fn compare(now: &UsageReport, before: Option<&UsageReport>) -> UsageChange {
    let was = before.map_or_else(Totals::default, |report| report.totals);
    let is = now.totals;
    let counts = |outcome| {
        let of = |outcomes: Option<OutcomeCounts>| outcomes?.proportion(outcome);
        Some((of(before?.outcomes)?, of(now.outcomes)?))
    };
    let count = |count: Option<u64>| count.map(|count| count as f64);
    UsageChange {
        calls: Change::amount(count(is.calls), count(was.calls), Better::Neither),
        minutes: Change::amount(is.minutes, was.minutes, Better::Neither),
        resolution_rate: Change::rate(is.resolution_rate, was.resolution_rate, Better::Up, counts(Outcome::Resolved)),
        average_duration_secs: Change::amount(is.average_duration_secs, was.average_duration_secs, Better::Neither),
        active_agents: Change::amount(count(is.active_agents), count(was.active_agents), Better::Neither),
        response_time_ms: Change::amount(is.response_time_ms, was.response_time_ms, Better::Down),
        // How many calls had sentiment at all is not in the answer: no interval can be given.
        positive_sentiment: Change::rate(is.positive_sentiment, was.positive_sentiment, Better::Up, None),
        escalation_rate: Change::rate(
            is.escalation_rate,
            was.escalation_rate,
            Better::Down,
            counts(Outcome::Transferred),
        ),
    }
}
