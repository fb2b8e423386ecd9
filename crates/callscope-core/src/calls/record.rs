//! One call, as the lists of calls hold it.

use super::{AgentId, Outcome, UsageFacts};
use crate::compare::VersionFacts;

/// A call of a list. `None` is unknown, never zero.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CallRecord {
    /// Its id.
    pub id: String,
    /// When it started, in Unix milliseconds.
    pub started_ms: i64,
    /// How long it lasted, in milliseconds.
    pub duration_ms: Option<u64>,
    /// Its status, in the documents' words or any other.
    pub status: Option<String>,
    /// Its type, in the documents' words or any other.
    pub call_type: Option<String>,
    /// The number or name that called.
    pub from: Option<String>,
    /// The number or name that was called.
    pub to: Option<String>,
    /// The agent that handled it.
    pub agent_id: Option<String>,
    /// The campaign that it belongs to.
    pub campaign_id: Option<String>,
    /// The version of the agent that handled it.
    pub version_id: Option<String>,
    /// That version's number.
    pub version_number: Option<u64>,
    /// Why it ended, in the documents' words or any other.
    pub disconnection_reason: Option<String>,
    /// Whether it was a test.
    pub is_test: bool,
    /// What it cost, in credits.
    pub cost_credits: Option<f64>,
    /// Mean time from the end of the caller's turns to the agent's answers, in milliseconds.
    pub average_latency_ms: Option<f64>,
    /// What was found out about it after it ended.
    pub answers: Vec<MetricAnswer>,
    /// What a server of ours says beyond the documents; other servers say nothing.
    pub telemetry: Option<Telemetry>,
}

/// The answer to one question that is asked after a call.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MetricAnswer {
    /// The question's name.
    pub identifier: String,
    /// The answer as text.
    pub value: Option<String>,
    /// How sure the model is of it, 0–1.
    pub confidence: Option<f64>,
}

/// What the usage figures need of a call and the documents' call logs do not hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Telemetry {
    /// How it ended for the person who called.
    pub outcome: Option<Outcome>,
    /// Mean time to the first token of the language model, in milliseconds.
    pub response_ms: Option<f64>,
    /// Whether the caller's sentiment was positive.
    pub positive_sentiment: Option<bool>,
    /// How often the caller had to correct the agent.
    pub corrections: Option<u32>,
    /// Tokens read from the cache, and all tokens.
    pub tokens: Option<(u64, u64)>,
    /// Mean confidence of the transcript, 0–1.
    pub transcript_confidence: Option<f64>,
    /// Tool calls, and those of them that failed.
    pub tool_calls: Option<(u64, u64)>,
    /// Why the call was handed over.
    pub escalation_reason: Option<String>,
}

/// The status of a call that was answered.
pub const COMPLETED: &str = "completed";
const COMPLETED_BYTES: &[u8] = COMPLETED.as_bytes();

impl Outcome {
    /// The outcome that status and reason suggest, where nobody says it: a completed call counts as
    /// resolved unless it was passed on, one that nobody took or that was given up as abandoned.
    pub fn suggested_by(status: Option<&str>, disconnection_reason: Option<&str>) -> Self {
        let [status, reason] = [status, disconnection_reason].map(Option::unwrap_or_default);
        Self::suggested_by_bytes(status.as_bytes(), reason.as_bytes())
    }

    /// As [`Self::suggested_by`] says, of texts that stand in a page of calls; one that is unknown is empty.
    pub(super) fn suggested_by_bytes(status: &[u8], disconnection_reason: &[u8]) -> Self {
        match (status, disconnection_reason) {
            (COMPLETED_BYTES, b"transfer_complete") => Self::Transferred,
            (COMPLETED_BYTES, _) => Self::Resolved,
            (b"no_answer" | b"cancelled" | b"busy", _) => Self::Abandoned,
            _ => Self::Other,
        }
    }
}

impl CallRecord {
    /// How it ended: as the server says it, else as status and reason suggest.
    pub fn outcome(&self) -> Outcome {
        let said = self.telemetry.as_ref().and_then(|telemetry| telemetry.outcome);
        said.unwrap_or_else(|| Outcome::suggested_by(self.status.as_deref(), self.disconnection_reason.as_deref()))
    }

    /// Whether the server said how it ended.
    pub fn has_outcome(&self) -> bool {
        self.telemetry.as_ref().is_some_and(|telemetry| telemetry.outcome.is_some())
    }

    /// What it contributes to the usage figures. A length that is not known counts as none.
    pub fn usage_facts(&self) -> UsageFacts<'_> {
        let bare = UsageFacts {
            agent_id: self.agent_id.as_deref().map(AgentId::from),
            ..UsageFacts::bare(self.started_ms, self.duration_ms.unwrap_or(0), self.outcome())
        };
        let Some(telemetry) = &self.telemetry else { return bare };
        UsageFacts {
            response_ms: telemetry.response_ms,
            positive_sentiment: telemetry.positive_sentiment,
            corrections: telemetry.corrections,
            tokens: telemetry.tokens,
            transcript_confidence: telemetry.transcript_confidence,
            tool_calls: telemetry.tool_calls,
            escalation_reason: telemetry.escalation_reason.as_deref(),
            ..bare
        }
    }

    /// What it contributes to the comparison of versions.
    pub fn version_facts(&self) -> VersionFacts<'_> {
        VersionFacts {
            started_ms: self.started_ms,
            duration_ms: self.duration_ms.unwrap_or(0),
            is_answered: self.status.as_deref() == Some(COMPLETED),
            disconnection_reason: self.disconnection_reason.as_deref(),
            cost_credits: self.cost_credits,
            call_type: self.call_type.as_deref(),
            is_test: self.is_test,
        }
    }
}
