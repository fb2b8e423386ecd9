//! The checked usage report. Units stand in the names; `None` is unknown, never zero.

use crate::calls::Outcome;
use crate::period::Date;
use crate::stats::Proportion;

/// The usage of one period, checked.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "typescript", derive(serde::Serialize, ts_rs::TS), serde(rename_all = "camelCase"))]
pub struct UsageReport {
    /// The figures of the whole period.
    pub totals: Totals,
    /// Calls by day; every day of the range once, in order.
    pub days: Vec<DayVolume>,
    /// Calls by hour of the day; 24, in order.
    pub hours: Vec<HourVolume>,
    /// Calls by how they ended.
    pub outcomes: Option<OutcomeCounts>,
    /// Calls by agent, as the server ordered them.
    pub agents: Vec<AgentUsage>,
    /// Quality of the models.
    pub insights: Insights,
    /// Why calls were handed over, as the server ordered them.
    pub escalation_reasons: Vec<EscalationReason>,
    /// What the server said of how the report was made; other servers than ours say nothing.
    pub context: Option<ServerContext>,
}

impl UsageReport {
    /// Whether the period is known to have no call at all, so that nothing can be compared with it.
    pub fn is_without_calls(&self) -> bool {
        self.totals.calls == Some(0)
    }
}

/// The figures of a whole period.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "typescript", derive(serde::Serialize, ts_rs::TS), serde(rename_all = "camelCase"))]
pub struct Totals {
    /// Calls that started in the period.
    pub calls: Option<u64>,
    /// How long they lasted, in minutes.
    pub minutes: Option<f64>,
    /// Resolved / all, 0–1.
    pub resolution_rate: Option<f64>,
    /// Mean duration over all calls.
    pub average_duration_secs: Option<f64>,
    /// Agents with at least one call.
    pub active_agents: Option<u64>,
    /// Mean time to the first token of the language model.
    pub response_time_ms: Option<f64>,
    /// Share of calls with positive sentiment, 0–1.
    pub positive_sentiment: Option<f64>,
    /// Transferred / all, 0–1.
    pub escalation_rate: Option<f64>,
}

/// The calls of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "typescript", derive(serde::Serialize, ts_rs::TS), serde(rename_all = "camelCase"))]
pub struct DayVolume {
    /// The local date.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub date: Date,
    /// Calls that started on it.
    pub calls: Option<u64>,
    /// Those of them that were resolved.
    pub resolved: Option<u64>,
}

/// The calls of one hour of the day.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "typescript", derive(serde::Serialize, ts_rs::TS), serde(rename_all = "camelCase"))]
pub struct HourVolume {
    /// The hour, 0–23.
    pub hour: u8,
    /// Calls that started in it.
    pub calls: Option<u64>,
    /// How long they lasted, in minutes.
    pub minutes: Option<f64>,
}

/// Calls by how they ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "typescript", derive(serde::Serialize, ts_rs::TS), serde(rename_all = "camelCase"))]
pub struct OutcomeCounts {
    /// Settled by the agent.
    pub resolved: Option<u64>,
    /// Handed to a person.
    pub transferred: Option<u64>,
    /// Given up by the caller.
    pub abandoned: Option<u64>,
    /// Anything else.
    pub other: Option<u64>,
}

impl OutcomeCounts {
    /// The calls that ended in one way.
    pub fn of(self, outcome: Outcome) -> Option<u64> {
        match outcome {
            Outcome::Resolved => self.resolved,
            Outcome::Transferred => self.transferred,
            Outcome::Abandoned => self.abandoned,
            Outcome::Other => self.other,
        }
    }

    /// All four together; unknown where one is.
    pub fn sum(self) -> Option<u64> {
        Outcome::ALL.into_iter().try_fold(0_u64, |sum, outcome| sum.checked_add(self.of(outcome)?))
    }

    /// The share of the calls that ended in one way, with its counts.
    pub fn proportion(self, outcome: Outcome) -> Option<Proportion> {
        Some(Proportion { successes: self.of(outcome)?, trials: self.sum()? })
    }
}

/// Whether an agent is in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgentStatus {
    /// In use.
    Active,
    /// Switched off.
    Inactive,
    /// Cancelled.
    Cancelled,
    /// Not in use yet.
    Pending,
    /// Gone; its calls remain.
    Deleted,
    /// A status that the documents do not name, kept as it came.
    Other(String),
    /// Not said.
    Unknown,
}

impl AgentStatus {
    /// The status of its name on the wire.
    pub fn from_key(key: &str) -> Self {
        match key {
            "active" => Self::Active,
            "inactive" => Self::Inactive,
            "cancelled" => Self::Cancelled,
            "pending" => Self::Pending,
            "deleted" => Self::Deleted,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The status in a word.
    pub fn label(&self) -> &str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Cancelled => "cancelled",
            Self::Pending => "pending",
            Self::Deleted => "deleted",
            Self::Other(other) => other,
            Self::Unknown => "unknown",
        }
    }
}

#[cfg(feature = "typescript")]
impl serde::Serialize for AgentStatus {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.label())
    }
}

/// The calls of one agent.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "typescript", derive(serde::Serialize, ts_rs::TS), serde(rename_all = "camelCase"))]
pub struct AgentUsage {
    /// The agent's id.
    pub id: String,
    /// The agent's name, or its id where it has none.
    pub name: String,
    /// Whether it is in use.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub status: AgentStatus,
    /// Calls it handled.
    pub calls: Option<u64>,
    /// Its calls by how they ended.
    pub outcomes: OutcomeCounts,
    /// Mean duration of its calls.
    pub average_duration_secs: Option<f64>,
    /// Share of its calls with positive sentiment, 0–1.
    pub positive_sentiment: Option<f64>,
}

impl AgentUsage {
    /// The share of its calls that ended in one way, 0–1.
    pub fn share(&self, outcome: Outcome) -> Option<f64> {
        Proportion { successes: self.outcomes.of(outcome)?, trials: self.calls? }.rate()
    }
}

/// Quality of the models, under names that say what they are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "typescript", derive(serde::Serialize, ts_rs::TS), serde(rename_all = "camelCase"))]
pub struct Insights {
    /// Share of calls without a correction by the caller, 0–1 (`intentAccuracy`).
    pub uncorrected_calls: Option<f64>,
    /// Mean share of tokens read from the cache, 0–1 (`contextRetention`).
    pub cached_token_share: Option<f64>,
    /// Mean confidence of the transcripts, 0–1 (`speechRecognition`).
    pub transcript_confidence: Option<f64>,
    /// Share of tool calls without an error, 0–1 (`entityExtraction`).
    pub tool_call_success: Option<f64>,
    /// Mean time to the first token (`responseLatency`).
    pub response_latency_ms: Option<f64>,
    /// Number of sessions in the period (`trainingSessions`).
    pub sessions: Option<u64>,
}

/// One reason for handing calls over.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "typescript", derive(serde::Serialize, ts_rs::TS), serde(rename_all = "camelCase"))]
pub struct EscalationReason {
    /// The reason in words.
    pub reason: String,
    /// Calls with this reason.
    pub calls: Option<u64>,
    /// Mean time before the hand-over.
    pub average_secs_before: Option<f64>,
    /// Calls with this reason among all that were handed over, 0–1.
    pub share: Option<f64>,
}

impl EscalationReason {
    /// Minutes spent before handing over, over all calls with this reason.
    pub fn minutes_before(&self) -> Option<f64> {
        Some(self.calls? as f64 * self.average_secs_before? / 60.0)
    }
}

/// To what a report may be narrowed besides its dates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "typescript", derive(serde::Serialize, ts_rs::TS), serde(rename_all = "camelCase"))]
pub struct Narrowing {
    /// Only the calls of this agent.
    pub agent_id: Option<String>,
    /// Only calls that started in this hour of the day, 0–23.
    pub hour: Option<u8>,
}

/// What this project's server says of how a report was made.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "typescript", derive(serde::Serialize, ts_rs::TS), serde(rename_all = "camelCase"))]
pub struct ServerContext {
    /// The zone by which days and hours were cut.
    pub time_zone: Option<String>,
    /// When the last call counted started, RFC 3339 in UTC.
    pub calls_through: Option<String>,
    /// To what the server narrowed the report.
    pub narrowing: Narrowing,
    /// Versions that went live in the period.
    pub releases: Vec<Release>,
}

/// A version that went live.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "typescript", derive(serde::Serialize, ts_rs::TS), serde(rename_all = "camelCase"))]
pub struct Release {
    /// The local date.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub date: Date,
    /// The agent's name.
    pub agent_name: String,
    /// The version's label.
    pub label: String,
}
