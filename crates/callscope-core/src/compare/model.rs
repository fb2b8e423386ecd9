//! The checked comparison of two versions. Units stand in the names; `None` is unknown, never zero.

use crate::diff::ConfigDiff;
use crate::period::{Date, DateRange};
use crate::stats::Proportion;

/// Two versions of one agent over one range of days, checked.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "typescript", derive(serde::Serialize, ts_rs::TS), serde(rename_all = "camelCase"))]
pub struct Comparison {
    /// The version that is compared with.
    pub a: VersionFigures,
    /// The version that is compared.
    pub b: VersionFigures,
    /// The deltas as the server printed them.
    pub printed: PrintedDeltas,
    /// What changed in the configuration; unknown where the answer does not say.
    pub config: Option<ConfigDiff>,
    /// What the server said of how the two ran; other servers than ours say nothing.
    pub context: Option<ComparisonContext>,
}

/// The figures of one version.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "typescript", derive(serde::Serialize, ts_rs::TS), serde(rename_all = "camelCase"))]
pub struct VersionFigures {
    /// The version's id.
    pub version_id: Option<String>,
    /// Calls that it took.
    pub calls: Option<u64>,
    /// Those of them that were answered.
    pub answered: Option<u64>,
    /// Mean duration over all its calls.
    pub average_duration_secs: Option<f64>,
    /// Answered / all, 0–1, as printed; see [`VersionFigures::completion_rate`].
    pub printed_completion_rate: Option<f64>,
    /// Cost of all its calls, in credits.
    pub cost_credits: Option<f64>,
    /// Calls by who ended them: `user`, `agent`, `system`, `unknown` and any other name, in the
    /// order of the names. Unknown where the answer does not say.
    pub hangups: Option<Vec<(String, u64)>>,
    /// The days that the figures are of, as the server understood them.
    #[cfg_attr(feature = "typescript", ts(type = "{ first: string, last: string } | null"))]
    pub period: Option<DateRange>,
}

impl VersionFigures {
    /// Answered calls among all, where both counts are known and can be.
    pub fn completion(&self) -> Option<Proportion> {
        let (successes, trials) = (self.answered?, self.calls?);
        (successes <= trials).then_some(Proportion { successes, trials })
    }

    /// Answered / all, 0–1: from the counts where they are there, else as printed.
    pub fn completion_rate(&self) -> Option<f64> {
        match self.completion() {
            Some(counts) => counts.rate(),
            None => self.printed_completion_rate,
        }
    }

    /// The calls that a source ended, among those whose hangup is counted; a source that is not listed ended none.
    pub fn ended_by(&self, source: &str) -> Option<Proportion> {
        let hangups = self.hangups.as_ref()?;
        let trials = hangups.iter().try_fold(0_u64, |sum, (_, count)| sum.checked_add(*count))?;
        let successes = hangups.iter().find(|(name, _)| name == source).map_or(0, |(_, count)| *count);
        Some(Proportion { successes, trials })
    }

    /// Cost of a call, in credits.
    pub fn cost_per_call(&self) -> Option<f64> {
        ratio(self.cost_credits?, self.calls? as f64)
    }

    /// Cost of an answered call, in credits.
    pub fn cost_per_answered_call(&self) -> Option<f64> {
        // More answered calls than calls cannot be, and nothing may be computed from it.
        let answered = self.answered.filter(|answered| self.calls.is_none_or(|calls| *answered <= calls));
        ratio(self.cost_credits?, answered? as f64)
    }

    /// Cost of a minute, in credits: cost / (average duration × calls / 60).
    pub fn cost_per_minute(&self) -> Option<f64> {
        ratio(self.cost_credits?, self.average_duration_secs? * self.calls? as f64 / 60.0)
    }
}

/// A ratio that is unknown where its denominator is zero.
fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// The deltas that a server printed, B minus A, in the documents' units.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "typescript", derive(serde::Serialize, ts_rs::TS), serde(rename_all = "camelCase"))]
pub struct PrintedDeltas {
    /// Of the calls.
    pub calls: Option<f64>,
    /// Of the answered calls.
    pub answered: Option<f64>,
    /// Of the mean duration, in milliseconds.
    pub average_duration_ms: Option<f64>,
    /// Of the completion rate, as a fraction.
    pub completion_rate: Option<f64>,
    /// Of the cost, in credits.
    pub cost_credits: Option<f64>,
}

/// How the two versions ran.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "typescript", derive(serde::Serialize, ts_rs::TS), serde(rename_all = "camelCase"))]
pub struct ComparisonContext {
    /// The zone by which days and hours were cut.
    pub time_zone: Option<String>,
    /// When the last call counted started, RFC 3339 in UTC.
    pub calls_through: Option<String>,
    /// How the version that is compared with ran.
    pub a: VersionRun,
    /// How the version that is compared ran.
    pub b: VersionRun,
}

/// When and on what a version ran, over the days of the comparison.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "typescript", derive(serde::Serialize, ts_rs::TS), serde(rename_all = "camelCase"))]
pub struct VersionRun {
    /// What people call it: its number, and its label where it has one.
    pub label: Option<String>,
    /// The local day on which it went live, as the server says it.
    #[cfg_attr(feature = "typescript", ts(type = "string | null"))]
    pub activated: Option<Date>,
    /// Whether it takes the agent's calls now.
    pub is_live: Option<bool>,
    /// Its calls by local day, in order; days without a call may be left out.
    pub days: Vec<RunDay>,
    /// Its calls by weekday, Monday first.
    #[cfg_attr(feature = "typescript", ts(type = "Array<number> | null"))]
    pub weekdays: Option<[u64; 7]>,
    /// Its calls by local hour of the day.
    #[cfg_attr(feature = "typescript", ts(type = "Array<number> | null"))]
    pub hours: Option<[u64; 24]>,
    /// Its calls by type: `telephony_inbound`, `webcall` and any other name.
    pub types: Vec<(String, u64)>,
    /// Its test calls.
    pub test_calls: Option<u64>,
}

/// The calls of a version on one local day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "typescript", derive(serde::Serialize, ts_rs::TS), serde(rename_all = "camelCase"))]
pub struct RunDay {
    /// The day.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub date: Date,
    /// Calls that started on it.
    pub calls: u64,
    /// Those of them that were answered.
    pub answered: u64,
}

impl VersionRun {
    /// The first and the last day on which it took a call.
    pub fn ran(&self) -> Option<DateRange> {
        let mut days = self.days.iter().filter(|day| day.calls > 0).map(|day| day.date);
        let first = days.next()?;
        DateRange::new(first, days.next_back().unwrap_or(first)).ok()
    }
}
